#include "tasks/catalog.h"

#include <cmath>
#include <cstring>
#include <functional>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "tasks/recommend.h"

using namespace aftersense;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using File = std::vector<std::uint8_t>;

namespace {

std::vector<ProductRecord> shelf() {
  return {
      {.id = "kettle",
       .title = "Steel kettle",
       .description = "boils fast",
       .category = "kitchen",
       .brand = "Ember",
       .tags = {"tea"},
       .price = 239,
       .currency = "CNY"},
      {.id = "lamp", .title = "台灯", .description = "护眼", .category = "照明", .image = "lamp.webp", .url = "/lamp"},
      {.id = "pot", .title = "Tea pot", .category = "kitchen", .tags = {"tea", "steel"}},
  };
}

/// The arrays of a catalogue file, to be damaged one at a time before they are written.
struct RawCatalog {
  std::uint32_t version = kCatalogVersion;
  std::vector<std::string> ids{"a", "b"};
  std::vector<std::string> terms{"cup", "red"};  // a: cup, red; b: cup
  std::vector<float> idf{1.0f, std::log(1.5f) + 1.0f};
  std::vector<std::uint32_t> posting_offsets{0, 2, 3};
  std::vector<schema::Posting> postings{{0, 0.6f}, {1, 1.0f}, {0, 0.8f}};
  std::vector<std::uint32_t> row_offsets{0, 2, 3};
  std::vector<std::uint32_t> row_terms{0, 1, 0};
  std::vector<float> row_weights{0.6f, 0.8f, 1.0f};

  [[nodiscard]] File file() const {
    flatbuffers::FlatBufferBuilder builder;
    std::vector<flatbuffers::Offset<schema::Product>> products;
    for (const std::string& id : ids) products.push_back(schema::CreateProductDirect(builder, id.c_str()));
    const auto index =
        schema::CreateTfidfIndex(builder, builder.CreateVectorOfStrings(terms), builder.CreateVector(idf),
                                 builder.CreateVector(posting_offsets), builder.CreateVectorOfStructs(postings),
                                 builder.CreateVector(row_offsets), builder.CreateVector(row_terms), builder.CreateVector(row_weights));
    schema::FinishCatalogBuffer(builder, schema::CreateCatalog(builder, version, builder.CreateVector(products), index));
    return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
  }
};

/// Loads a file that may be damaged and, if that works, reads all that a shop would read. Returns whether it loaded.
bool use_whatever_loads(const File& file) {
  const Result<Catalog> catalog = Catalog::load(file);
  if (!catalog) return false;
  std::size_t bytes = 0;
  for (std::uint32_t i = 0; i < catalog->size(); ++i) {
    const schema::Product& product = catalog->product(i);
    for (const auto* text : {product.id(), product.title(), product.description(), product.category(), product.brand(), product.image()}) {
      if (text != nullptr) bytes += std::accumulate(text->begin(), text->end(), std::size_t{0});
    }
    const std::string_view id = catalog->id(i);
    REQUIRE(*catalog->find(id) == i);
    REQUIRE(recommend_like(*catalog, {&id, 1}, {}));
  }
  const auto found = recommend_for_query(*catalog, "steel tea kettle 台灯", {});
  REQUIRE(found);
  for (const Recommended& recommended : *found) {
    REQUIRE(recommended.product < catalog->size());
    REQUIRE((recommended.score > 0 && recommended.score <= 1));
  }
  return bytes > 0;
}

}  // namespace

TEST_CASE("a built catalogue loads with its products in the order given", "[catalog]") {
  const Result<BuiltCatalog> built = build_catalog(shelf());
  REQUIRE(built);
  const Result<Catalog> catalog = Catalog::load(built->file);
  REQUIRE(catalog);
  REQUIRE(catalog->size() == 3);
  CHECK(catalog->term_count() == built->terms);
  CHECK(catalog->id(0) == "kettle");
  CHECK(catalog->product(0).title()->string_view() == "Steel kettle");
  CHECK(catalog->product(0).tags()->Get(0)->string_view() == "tea");
  CHECK_THAT(catalog->product(0).price(), WithinAbs(239, 0));
  CHECK(catalog->product(0).image() == nullptr);
  CHECK(std::isnan(catalog->product(1).price()));
  CHECK(catalog->product(1).image()->string_view() == "lamp.webp");
  CHECK(*catalog->find("pot") == 2);
  CHECK(built->skipped_ids.empty());
}

TEST_CASE("the same products give the same catalogue bytes", "[catalog]") {
  CHECK(build_catalog(shelf())->file == build_catalog(shelf())->file);
}

TEST_CASE("a catalogue's weights follow from field counts, sublinear tf, smoothed idf and unit length", "[catalog]") {
  // Counts: p has "mug" 3 (title) + 1 (description) = 4, "tea" 2 (tag), "blue" 1 (description); q has "mug" 2 (brand).
  const std::vector<ProductRecord> products{{.id = "p", .title = "mug", .description = "blue mug", .tags = {"tea"}},
                                            {.id = "q", .brand = "Mugs"}};
  const Result<BuiltCatalog> built = build_catalog(products);
  const Result<Catalog> catalog = Catalog::load(built->file);
  REQUIRE(catalog);
  const schema::TfidfIndex& index = catalog->index();
  REQUIRE(index.terms()->size() == 3);
  CHECK(index.terms()->Get(0)->string_view() == "blue");
  CHECK(index.terms()->Get(1)->string_view() == "mug");
  CHECK(index.terms()->Get(2)->string_view() == "tea");
  // idf = ln(3/2) + 1 for one product of two, ln(3/3) + 1 for both.
  CHECK_THAT(index.idf()->Get(0), WithinAbs(1.405465, 1e-6));
  CHECK_THAT(index.idf()->Get(1), WithinAbs(1, 1e-6));
  // Row p before scaling: blue 1 · 1.405465, mug (1 + ln 4) · 1 = 2.386294, tea (1 + ln 2) · 1.405465 = 2.379659; length 3.651371.
  CHECK_THAT(index.row_weights()->Get(0), WithinAbs(0.384914, 1e-6));
  CHECK_THAT(index.row_weights()->Get(1), WithinAbs(0.653534, 1e-6));
  CHECK_THAT(index.row_weights()->Get(2), WithinAbs(0.651717, 1e-6));
  CHECK_THAT(index.row_weights()->Get(3), WithinAbs(1, 1e-6));
}

TEST_CASE("products without a term are skipped and reported", "[catalog]") {
  const std::vector<ProductRecord> products{
      {.id = "blank"}, {.id = "cup", .title = "cup"}, {.id = "stop", .title = "the of", .description = "!!!"}};
  const Result<BuiltCatalog> built = build_catalog(products);
  REQUIRE(built);
  CHECK(built->skipped_ids == std::vector<std::string>{"blank", "stop"});
  const Result<Catalog> catalog = Catalog::load(built->file);
  CHECK(catalog->size() == 1);
  CHECK(catalog->find("blank").error().code == ErrorCode::unknown_product);
}

TEST_CASE("building refuses bad ids and empty catalogues", "[catalog]") {
  const std::string long_id(kMaxIdBytes + 1, 'x');
  const std::vector<ProductRecord> same{{.id = "a", .title = "cup"}, {.id = "b", .title = "cup"}, {.id = "a"}};
  const std::vector<ProductRecord> empty{{.id = "a", .title = "cup"}, {.title = "lamp"}};
  const std::vector<ProductRecord> too_long{{.id = long_id, .title = "cup"}};
  const std::vector<ProductRecord> blank{{.id = "a", .title = "…"}};
  CHECK(build_catalog(same).error().code == ErrorCode::duplicate_product);
  CHECK_THAT(build_catalog(same).error().message, ContainsSubstring("product 3 of 3") && ContainsSubstring("\"a\""));
  CHECK(build_catalog(empty).error().code == ErrorCode::invalid_argument);
  CHECK_THAT(build_catalog(empty).error().message, ContainsSubstring("product 2 of 2"));
  CHECK(build_catalog(too_long).error().code == ErrorCode::invalid_argument);
  CHECK(build_catalog(blank).error().code == ErrorCode::empty_catalog);
  CHECK(build_catalog({}).error().code == ErrorCode::empty_catalog);
}

TEST_CASE("an unknown id is named, shortened where it is long", "[catalog]") {
  const Result<BuiltCatalog> built = build_catalog(shelf());
  const Result<Catalog> catalog = Catalog::load(built->file);
  CHECK(catalog->find("cup").error().code == ErrorCode::unknown_product);
  CHECK_THAT(catalog->find("cup").error().message, ContainsSubstring("\"cup\""));
  CHECK(catalog->find(std::string(1 << 20, 'x')).error().message.size() < 200);
  CHECK_FALSE(catalog->find(""));
}

TEST_CASE("a field is cut at the documented length, between code points", "[catalog]") {
  std::string description = "start ";
  while (description.size() < 10'000'000) description += "杯 ";
  const std::string late = description + "late";
  const std::vector<ProductRecord> products{{.id = "a", .description = late}};
  const Result<BuiltCatalog> built = build_catalog(products);
  REQUIRE(built);
  CHECK(built->terms == 2);
  const Result<Catalog> catalog = Catalog::load(built->file);
  const std::string_view stored = catalog->product(0).description()->string_view();
  CHECK(stored.size() <= kMaxFieldBytes);
  CHECK(stored.size() > kMaxFieldBytes - 4);
  CHECK(late.starts_with(stored));
  CHECK((stored.ends_with("杯") || stored.ends_with(" ")));
}

TEST_CASE("loading tells short, foreign, later and misaligned files apart", "[catalog]") {
  File file = RawCatalog{}.file();
  REQUIRE(Catalog::load(file));
  CHECK(Catalog::load({}).error().code == ErrorCode::pack_truncated);
  CHECK(Catalog::load(std::span(file).first(7)).error().code == ErrorCode::pack_truncated);
  CHECK(Catalog::load(std::span(file).first(8)).error().code == ErrorCode::pack_truncated);
  const std::string text = "id,title,description\n";
  CHECK(Catalog::load({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}).error().code == ErrorCode::pack_wrong_type);
  CHECK(Catalog::load(RawCatalog{.version = 0}.file()).error().code == ErrorCode::pack_wrong_version);
  CHECK_THAT(Catalog::load(RawCatalog{.version = 2}.file()).error().message, ContainsSubstring("version 2"));
  file.insert(file.begin(), 0);
  CHECK(Catalog::load(std::span(file).subspan(1)).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("loading names what contradicts in a damaged catalogue", "[catalog]") {
  using Damage = std::function<void(RawCatalog&)>;
  const auto [damage, message] = GENERATE(table<Damage, std::string>({
      {[](RawCatalog& c) {
         c = {.ids = {},
              .terms = {},
              .idf = {},
              .posting_offsets = {0},
              .postings = {},
              .row_offsets = {0},
              .row_terms = {},
              .row_weights = {}};
       },
       "0 products"},
      {[](RawCatalog& c) { c.ids[1] = "a"; }, "two products have the id \"a\""},
      {[](RawCatalog& c) { c.ids[1] = ""; }, "product 1 has an id that is empty"},
      {[](RawCatalog& c) { c.ids[0] = std::string(kMaxIdBytes + 1, 'x'); }, "product 0 has an id that is empty or too long"},
      {[](RawCatalog& c) { c.ids.emplace_back("c"); }, "row offsets"},
      {[](RawCatalog& c) { c.terms = {"red", "cup"}; }, "term 1 is out of order"},
      {[](RawCatalog& c) { c.terms[1] = "cup"; }, "term 1 is out of order"},
      {[](RawCatalog& c) { c.terms[0] = ""; }, "term 0 is empty"},
      {[](RawCatalog& c) { c.idf.pop_back(); }, "idf"},
      {[](RawCatalog& c) { c.idf[1] = 1; }, "term 1 has an idf"},
      {[](RawCatalog& c) { c.idf[1] = NAN; }, "term 1 has an idf"},
      {[](RawCatalog& c) { c.posting_offsets = {0, 2}; }, "posting offsets"},
      {[](RawCatalog& c) { c.posting_offsets = {0, 2, 4}; }, "posting offsets"},
      {[](RawCatalog& c) { c.posting_offsets = {1, 2, 3}; }, "posting offsets"},
      {[](RawCatalog& c) { c.posting_offsets = {0, 0xFFFFFFFF, 3}; }, "posting offsets"},
      {[](RawCatalog& c) { c.row_offsets = {0, 3, 3}; }, "row offsets"},
      {[](RawCatalog& c) { c.row_offsets = {}; }, "row offsets"},
      {[](RawCatalog& c) { c.postings[1] = {2, 1.0f}; }, "posting 1 refers to no product"},
      {[](RawCatalog& c) { c.postings[1] = {0, 1.0f}; }, "posting 1 is not in the row"},
      {[](RawCatalog& c) { std::swap(c.postings[0], c.postings[2]); }, "posting 0 is not in the row"},
      {[](RawCatalog& c) { c.postings[2] = {1, 0.8f}; }, "posting 2 is not in the row"},
      {[](RawCatalog& c) { c.postings[2] = {0, 0.0f}; }, "posting 2 has a weight"},
      {[](RawCatalog& c) { c.postings[2] = {0, -0.8f}; }, "posting 2 has a weight"},
      {[](RawCatalog& c) { c.postings[2] = {0, INFINITY}; }, "posting 2 has a weight"},
      {[](RawCatalog& c) { c.row_terms = {1, 0, 0}; }, "is not in the row"},
      {[](RawCatalog& c) { c.row_terms = {0, 7, 0}; }, "posting 2 is not in the row"},
      {[](RawCatalog& c) { c.row_weights[2] = 0.5f; }, "posting 1 is not in the row"},
      {[](RawCatalog& c) { c.row_weights.pop_back(); }, "rows and postings differ"},
      {[](RawCatalog& c) { c.row_weights[2] = 2, c.postings[1] = {1, 2.0f}; }, "row 1 has not unit length"},
  }));
  RawCatalog raw;
  damage(raw);
  const Result<Catalog> catalog = Catalog::load(raw.file());
  REQUIRE_FALSE(catalog);
  CHECK(catalog.error().code == ErrorCode::pack_corrupt);
  CHECK_THAT(catalog.error().message, ContainsSubstring(message));
}

TEST_CASE("a catalogue cut short at any length is refused", "[catalog]") {
  const File whole = build_catalog(shelf())->file;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const File cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const Result<Catalog> catalog = Catalog::load(cut);
    CAPTURE(size);
    REQUIRE_FALSE(catalog);
    REQUIRE((catalog.error().code == ErrorCode::pack_truncated || catalog.error().code == ErrorCode::pack_corrupt));
  }
}

TEST_CASE("a catalogue with any one bit flipped is refused or safe to use", "[catalog]") {
  File file = build_catalog(shelf())->file;
  std::size_t loaded = 0;
  for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
    const auto mask = static_cast<std::uint8_t>(1u << (bit % 8));
    file[bit / 8] ^= mask;
    loaded += use_whatever_loads(file) ? 1 : 0;
    file[bit / 8] ^= mask;
  }
  CHECK(loaded > 0);  // flips in texts are harmless
  CHECK(loaded < file.size() * 8);
  CHECK(use_whatever_loads(file));
}

TEST_CASE("a catalogue with any one word replaced by an extreme number is refused or safe to use", "[catalog]") {
  const File whole = build_catalog(shelf())->file;
  std::size_t refused = 0;
  for (const std::uint32_t value : {0u, 1u, 4u, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFCu, 0xFFFFFFFFu}) {
    for (std::size_t at = 0; at + sizeof(value) <= whole.size(); at += sizeof(value)) {
      File file = whole;
      std::memcpy(file.data() + at, &value, sizeof(value));
      refused += use_whatever_loads(file) ? 0 : 1;
    }
  }
  CHECK(refused > whole.size());  // of 7 trials for every four bytes
}

TEST_CASE("a hostile catalogue whose products share one long tag list is refused, not walked again and again", "[catalog]") {
  constexpr std::uint32_t kCount = 200'000;  // walking every reference would take 4e10 steps
  flatbuffers::FlatBufferBuilder builder;
  const std::vector<flatbuffers::Offset<flatbuffers::String>> tags(kCount, builder.CreateString("t"));
  const auto tag_list = builder.CreateVector(tags);
  const auto id = builder.CreateString("a");
  const std::vector<flatbuffers::Offset<schema::Product>> products(kCount, schema::CreateProduct(builder, id, 0, 0, 0, 0, tag_list));
  const auto no_strings = builder.CreateVectorOfStrings(std::vector<std::string>());
  const auto no_numbers = builder.CreateVector(std::vector<std::uint32_t>());
  const auto no_floats = builder.CreateVector(std::vector<float>());
  const auto no_postings = builder.CreateVectorOfStructs(std::vector<schema::Posting>());
  const auto index = schema::CreateTfidfIndex(builder, no_strings, no_floats, no_numbers, no_postings, no_numbers, no_numbers, no_floats);
  schema::FinishCatalogBuffer(builder, schema::CreateCatalog(builder, kCatalogVersion, builder.CreateVector(products), index));
  const Result<Catalog> catalog = Catalog::load({builder.GetBufferPointer(), builder.GetSize()});
  REQUIRE_FALSE(catalog);
  CHECK_THAT(catalog.error().message, ContainsSubstring("more tags than fit the file"));
}

namespace {

/// Unit vectors along one axis each, 160 dimensions: those past the first 128 are cut.
std::vector<float> axes(std::size_t products) {
  std::vector<float> values(products * 160);
  for (std::size_t i = 0; i < products; ++i) values[i * 160 + i] = 1;
  return values;
}

Result<BuiltCatalog> build_with(const std::vector<float>& values, std::size_t dimensions) {
  return build_catalog(shelf(), {.model = "base 1", .dimensions = dimensions, .values = values});
}

}  // namespace

TEST_CASE("a catalogue keeps the first 128 numbers of its products' vectors", "[catalog]") {
  const std::vector<float> values = axes(3);
  const Result<BuiltCatalog> built = build_with(values, 160);
  CHECK(built->dimensions == 128);
  const Result<Catalog> catalog = Catalog::load(built->file);
  REQUIRE(catalog);
  CHECK(catalog->embedding_model() == "base 1");
  REQUIRE(catalog->neighbours() != nullptr);
  CHECK(catalog->neighbours()->size() == 3);
  const auto nearest = catalog->neighbours()->search(std::span(values).subspan(160, 128), 1);
  CHECK(nearest[0].row == 1);
  CHECK_THAT(nearest[0].score, WithinAbs(1, 1e-5));
}

TEST_CASE("a catalogue without vectors has none", "[catalog]") {
  const Result<BuiltCatalog> built = build_catalog(shelf());
  const Result<Catalog> catalog = Catalog::load(built->file);
  CHECK(built->dimensions == 0);
  CHECK(catalog->neighbours() == nullptr);
  CHECK(catalog->embedding_model().empty());
}

TEST_CASE("products that are left out leave their vectors out", "[catalog]") {
  std::vector<ProductRecord> products = shelf();
  products.insert(products.begin() + 1, ProductRecord{.id = "blank"});
  const std::vector<float> values = axes(4);
  const Result<BuiltCatalog> built = build_catalog(products, {.model = "base 1", .dimensions = 160, .values = values});
  const Result<Catalog> catalog = Catalog::load(built->file);
  REQUIRE(catalog->neighbours()->size() == 3);
  CHECK(catalog->neighbours()->search(std::span(values).subspan(std::size_t{2} * 160, 128), 1)[0].row == 1);
}

TEST_CASE("vectors that do not fit the products are refused", "[catalog]") {
  std::vector<float> values = axes(3);
  const std::vector<float> two(values.begin(), values.begin() + 320);
  for (const auto& [given, dimensions] :
       std::vector<std::pair<std::vector<float>, std::size_t>>{{two, 160}, {values, 120}, {values, 0}, {values, 100}, {{}, 32}}) {
    CAPTURE(given.size(), dimensions);
    const Result<BuiltCatalog> built = build_with(given, dimensions);
    REQUIRE_FALSE(built);
    CHECK(built.error().code == ErrorCode::invalid_argument);
  }
  values[7] = NAN;
  CHECK_THAT(build_with(values, 160).error().message, ContainsSubstring("not finite"));
}

TEST_CASE("a catalogue with vectors, any one bit flipped, is refused or safe to use", "[catalog]") {
  const std::vector<float> values = axes(3);
  File file = build_with(values, 160)->file;
  std::size_t loaded = 0;
  for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
    const auto mask = static_cast<std::uint8_t>(1u << (bit % 8));
    file[bit / 8] ^= mask;
    loaded += use_whatever_loads(file) ? 1 : 0;
    file[bit / 8] ^= mask;
  }
  CHECK(loaded > 0);
  CHECK(loaded < file.size() * 8);
}
