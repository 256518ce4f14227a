// Requests as they cross from JavaScript: the first byte says which method gets the rest. Each answers with a Response that verifies, and
// the models go on answering.
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "bindings/engine.h"
#include "support.h"

namespace aftersense {
namespace {

AlignedBuffer read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return fuzz::to_file({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

Engine& engine() {
  static Engine loaded = [] {
    Engine fresh;
    (void)fresh.load_model(read_file(AFTERSENSE_ROOT "/models/lite/aftersense-lite.aspack"));
    return fresh;
  }();
  return loaded;
}

std::span<const std::uint8_t> call(std::uint8_t method, AlignedBuffer request) {
  switch (method % 14) {
    case 0:
      return engine().analyze(request);
    case 1:
      return engine().embed(request);
    case 2:
      return engine().build_catalog(request);
    case 3:
      return engine().load_catalog(std::move(request));
    case 4:
      return engine().list_products(request);
    case 5:
      return engine().recommend(request);
    case 6:
      return engine().load_shard(std::move(request));
    case 7:
      return engine().drop_shards(request);
    case 8:
      return engine().lookup(request);
    case 9:
      return engine().list_offers(request);
    case 10:
      return engine().count_products(request);
    case 11:
      return engine().plan_shards(request);
    case 12:
      return engine().write_term_bucket(request);
    default:
      return engine().route(request);
  }
}

/// Whatever is built can be loaded.
void load_what_was_built(const schema::Response& response) {
  const auto* built = response.reply_as_BuildCatalogReply();
  if (built == nullptr) return;
  const std::span<const std::uint8_t> loaded = engine().load_catalog(fuzz::to_file({built->file()->data(), built->file()->size()}));
  fuzz::require(schema::GetResponse(loaded.data())->reply_as_CatalogInfo() != nullptr);
}

}  // namespace
}  // namespace aftersense

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace aftersense;
  if (size == 0) return 0;
  const std::span<const std::uint8_t> reply = call(data[0], fuzz::to_file({data + 1, size - 1}));
  flatbuffers::Verifier verifier(reply.data(), reply.size());
  fuzz::require(schema::VerifyResponseBuffer(verifier));
  load_what_was_built(*schema::GetResponse(reply.data()));
  return 0;
}
