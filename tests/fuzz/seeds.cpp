// Writes what the fuzzers begin with and the golden files do not hold: `fuzz_seeds ROOT FOLDER`, one folder a fuzzer.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "messages_generated.h"
#include "nn/tiny_pack.h"
#include "tasks/catalog.h"

namespace {

using namespace aftersense;
namespace fs = std::filesystem;

constexpr std::size_t kProducts = 12;
const std::vector<std::string> kTexts = {"The <b>battery</b> died :( Refund me!", "物流太慢，盒子都破了 😡", ""};

/// The methods of Engine as messages.cpp numbers them.
enum Method : char { kAnalyze, kEmbed, kBuildCatalog, kLoadCatalog, kListProducts, kRecommend };

std::string_view text_of(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void write(const fs::path& file, std::string_view bytes) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

std::vector<std::string> split(const std::string& line, char separator) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, separator);) cells.push_back(cell);
  return cells;
}

/// Products of the golden file of recommendations: id, title, description, category, brand, tags.
std::vector<schema::ProductT> read_products(const fs::path& root) {
  std::vector<schema::ProductT> products;
  std::ifstream file(root / "tests/golden/recommend.tsv");
  for (std::string line; products.size() < kProducts && std::getline(file, line);) {
    const std::vector<std::string> cells = split(line, '\t');
    if (cells.size() < 7 || cells[0] != "product") continue;
    schema::ProductT& product = products.emplace_back();
    product.id = cells[1];
    product.title = cells[2];
    product.description = cells[3];
    product.category = cells[4];
    product.brand = cells[5];
    product.tags = split(cells[6], '|');
  }
  return products;
}

/// A message with its method before it.
template <typename Message>
std::string request(Method method, const typename Message::NativeTableType& message) {
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(Message::Pack(builder, &message));
  return std::string(1, method) + std::string(text_of({builder.GetBufferPointer(), builder.GetSize()}));
}

void write_messages(const fs::path& folder, const std::vector<schema::ProductT>& products, std::string_view catalog) {
  schema::AnalyzeRequestT analyze;
  analyze.texts = kTexts;
  analyze.explain = true;
  write(folder / "analyze", request<schema::AnalyzeRequest>(kAnalyze, analyze));
  schema::EmbedRequestT embed;
  embed.texts = kTexts;
  write(folder / "embed", request<schema::EmbedRequest>(kEmbed, embed));
  schema::BuildCatalogRequestT build;
  for (const schema::ProductT& product : products) build.products.push_back(std::make_unique<schema::ProductT>(product));
  write(folder / "build", request<schema::BuildCatalogRequest>(kBuildCatalog, build));
  write(folder / "load", std::string(1, kLoadCatalog) + std::string(catalog));
  schema::ListRequestT list;
  list.limit = 10;
  write(folder / "list", request<schema::ListRequest>(kListProducts, list));
  schema::RecommendRequestT recommend;
  recommend.query = "coffee mug";
  recommend.exclude = {products.front().id};
  write(folder / "recommend", request<schema::RecommendRequest>(kRecommend, recommend));
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::cerr << "fuzz_seeds ROOT FOLDER\n";
    return 2;
  }
  const fs::path folder = arguments[2];
  const std::vector<schema::ProductT> products = read_products(arguments[1]);
  std::vector<ProductRecord> records;
  for (const schema::ProductT& product : products) {
    records.push_back({.id = product.id,
                       .title = product.title,
                       .description = product.description,
                       .category = product.category,
                       .brand = product.brand,
                       .tags = {product.tags.begin(), product.tags.end()}});
  }
  const Result<BuiltCatalog> catalog = build_catalog(records);
  if (!catalog) {
    std::cerr << catalog.error().message << '\n';
    return 1;
  }
  write(folder / "catalog/products", text_of(catalog->file));
  write(folder / "pack/lite", text_of(test::serialize(test::tiny_pack(1)).bytes()));
  write_messages(folder / "messages", products, text_of(catalog->file));
  return 0;
}
