// Catalogue files: of what is taken, every product can be found, read and recommended for.
#include "tasks/catalog.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "support.h"
#include "tasks/recommend.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace aftersense;
  constexpr std::uint32_t kMostProducts = 20;
  const AlignedBuffer file = fuzz::to_file({data, size});
  const Result<Catalog> catalog = Catalog::load(file.bytes());
  if (!catalog) return 0;
  const RecommendOptions options{.k = 5, .exclude = {}};
  for (std::uint32_t i = 0; i < std::min(catalog->size(), kMostProducts); ++i) {
    const std::array<std::string_view, 1> ids = {catalog->id(i)};
    fuzz::require(static_cast<bool>(catalog->find(ids[0])));
    (void)recommend_like(*catalog, ids, options);
  }
  (void)recommend_for_query(*catalog, "green tea mug 绿茶杯", options);
  return 0;
}
