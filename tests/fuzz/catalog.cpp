// Catalogue files: of what is taken, every product can be found, read and recommended for, by every way to ask.
#include "tasks/catalog.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "support.h"
#include "tasks/recommend.h"

namespace aftersense {
namespace {

constexpr std::uint32_t kMostProducts = 20;

void ask(const CatalogSet& products, std::string_view id, const RecommendOptions& options) {
  const std::array<std::string_view, 1> ids = {id};
  const std::array<HistoryItem, 1> history = {HistoryItem{id, 1}};
  const std::array<WeightedText, 1> searches = {WeightedText{"green tea mug 绿茶杯", 0.5, {}}};
  const std::array<GivenRating, 1> ratings = {GivenRating{id, 4}};
  RecommendOptions rated = options;
  rated.ratings = ratings;
  (void)recommend_like(products, ids, options);
  (void)recommend_by_history(products, history, searches, rated);
  (void)recommend_after_complaint(products, id, options);
}

}  // namespace
}  // namespace aftersense

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace aftersense;
  const AlignedBuffer file = fuzz::to_file({data, size});
  const Result<Catalog> catalog = Catalog::load(file.bytes());
  if (!catalog) return 0;
  const std::array<const Catalog*, 1> all = {&*catalog};
  const CatalogSet products(all);
  for (std::uint32_t i = 0; i < std::min(catalog->size(), kMostProducts); ++i) {
    fuzz::require(static_cast<bool>(catalog->find(catalog->id(i))));
    ask(products, catalog->id(i), {});
  }
  (void)recommend_for_query(products, {"green tea mug 绿茶杯", 1, {}}, {});
  if (catalog->articles() == nullptr) return 0;
  const std::array<const Catalog*, 1> articles = {catalog->articles()};
  const CatalogSet readings(articles);
  RecommendOptions of_articles;
  of_articles.articles = &readings;
  ask(products, catalog->id(0), of_articles);
  return 0;
}
