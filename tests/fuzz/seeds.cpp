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
#include "tasks/catalog_build.h"
#include "tasks/catalog_files.h"

namespace {

using namespace aftersense;
namespace fs = std::filesystem;

constexpr std::size_t kProducts = 12;
const std::vector<std::string> kTexts = {"The <b>battery</b> died :( Refund me!", "物流太慢，盒子都破了 😡", ""};

/// The methods of Engine as messages.cpp numbers them.
enum Method : char {
  kAnalyze,
  kEmbed,
  kBuildCatalog,
  kLoadCatalog,
  kListProducts,
  kRecommend,
  kLoadShard,
  kDropShards,
  kLookUp,
  kListOffers,
  kCountProducts,
  kPlanShards,
  kWriteTermBucket,
  kRoute,
};

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

std::unique_ptr<schema::VectorsGivenT> vectors_of(std::size_t products) {
  auto given = std::make_unique<schema::VectorsGivenT>();
  given->model = "base 1";
  given->dimensions = test::kTestDimensions;
  given->values = test::axes(products);
  given->text_hashes.assign(products, 7);
  return given;
}

/// A request to build all that a catalogue can have.
schema::BuildCatalogRequestT build_request(const std::vector<schema::ProductT>& products) {
  schema::BuildCatalogRequestT build;
  for (std::size_t i = 0; i < 4; ++i) build.products.push_back(std::make_unique<schema::ProductT>(products[i]));
  build.products[2]->role = schema::Role::spare_part;
  build.products[2]->fits = {products[0].id};
  build.products[3]->seller = "another";
  build.vectors = vectors_of(build.products.size());
  build.interactions = std::make_unique<schema::InteractionsT>(test::lessons());
  for (const schema::OfferT& offer : test::discounts()) build.offers.push_back(std::make_unique<schema::OfferT>(offer));
  build.articles.push_back(std::make_unique<schema::ProductT>(products[5]));
  build.article_vectors = vectors_of(1);
  return build;
}

schema::RecommendRequestT history_request(const std::vector<schema::ProductT>& products) {
  schema::RecommendRequestT recommend;
  recommend.ask = schema::Ask::history;
  recommend.history.push_back(std::make_unique<schema::HistoryItemT>());
  recommend.history[0]->product = products.front().id;
  recommend.history[0]->weight = 1;
  recommend.searches.push_back(std::make_unique<schema::HistoryQueryT>());
  recommend.searches[0]->text = "coffee mug";
  recommend.searches[0]->weight = 0.5;
  recommend.diversity = 0.2;
  recommend.fairness = 1;
  recommend.exposed_sellers = {"another"};
  recommend.exposed = {{0, 1.5}};
  return recommend;
}

void write_recommend_messages(const fs::path& folder, const std::vector<schema::ProductT>& products) {
  schema::RecommendRequestT recommend;
  recommend.ask = schema::Ask::query;
  recommend.query = "coffee mug";
  recommend.exclude = {products.front().id};
  write(folder / "query", request<schema::RecommendRequest>(kRecommend, recommend));
  recommend.ask = schema::Ask::similar;
  recommend.product_ids = {products.front().id};
  recommend.articles = true;
  write(folder / "similar", request<schema::RecommendRequest>(kRecommend, recommend));
  recommend.ask = schema::Ask::complaint;
  recommend.articles = false;
  recommend.roles = {schema::Role::spare_part, schema::Role::product};
  write(folder / "complaint", request<schema::RecommendRequest>(kRecommend, recommend));
  write(folder / "history", request<schema::RecommendRequest>(kRecommend, history_request(products)));
  schema::LookupRequestT lookup;
  lookup.ids = {products.front().id, "unknown"};
  write(folder / "lookup", request<schema::LookupRequest>(kLookUp, lookup));
  write(folder / "offers", std::string(1, kListOffers));
}

void write_shard_messages(const fs::path& folder, const std::vector<schema::ProductT>& products, std::string_view catalog) {
  schema::BuildCatalogRequestT build = build_request(products);
  write(folder / "count", request<schema::BuildCatalogRequest>(kCountProducts, build));
  schema::PlanShardsRequestT plan;
  plan.shards = 2;
  plan.term_buckets = 2;
  write(folder / "plan", request<schema::PlanShardsRequest>(kPlanShards, plan));
  write(folder / "term_bucket", request<schema::TermBucketRequest>(kWriteTermBucket, schema::TermBucketRequestT()));
  build.shard = true;
  write(folder / "build_shard", request<schema::BuildCatalogRequest>(kBuildCatalog, build));
  write(folder / "load_shard", std::string(1, kLoadShard) + std::string(catalog));
  schema::DropShardsRequestT drop;
  drop.places = {0};
  write(folder / "drop_shards", request<schema::DropShardsRequest>(kDropShards, drop));
  schema::RouteRequestT route;
  route.queries.push_back(std::make_unique<schema::HistoryQueryT>());
  route.queries[0]->text = "coffee mug";
  route.queries[0]->weight = 1;
  write(folder / "route", request<schema::RouteRequest>(kRoute, route));
}

void write_messages(const fs::path& folder, const std::vector<schema::ProductT>& products, std::string_view catalog) {
  schema::AnalyzeRequestT analyze;
  analyze.texts = kTexts;
  analyze.explain = true;
  write(folder / "analyze", request<schema::AnalyzeRequest>(kAnalyze, analyze));
  schema::EmbedRequestT embed;
  embed.texts = kTexts;
  write(folder / "embed", request<schema::EmbedRequest>(kEmbed, embed));
  schema::BuildCatalogRequestT build = build_request(products);
  write(folder / "build", request<schema::BuildCatalogRequest>(kBuildCatalog, build));
  build.previous.assign(catalog.begin(), catalog.end());
  write(folder / "build_upon", request<schema::BuildCatalogRequest>(kBuildCatalog, build));
  write(folder / "load", std::string(1, kLoadCatalog) + std::string(catalog));
  schema::ListRequestT list;
  list.limit = 10;
  write(folder / "list", request<schema::ListRequest>(kListProducts, list));
  write_recommend_messages(folder, products);
  write_shard_messages(folder, products, catalog);
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
  const Result<BuiltCatalog> full = test::build_full();
  write(folder / "catalog/products", text_of(catalog->file));
  write(folder / "catalog/full", text_of(full->file));
  write(folder / "pack/lite", text_of(test::serialize(test::tiny_pack(1)).bytes()));
  write_messages(folder / "messages", products, text_of(full->file));
  return 0;
}
