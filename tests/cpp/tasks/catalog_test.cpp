#include "tasks/catalog.h"

#include <cmath>
#include <cstring>
#include <functional>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "tasks/catalog_files.h"

using namespace aftersense;
using namespace aftersense::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;

namespace {

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
  std::vector<std::uint8_t> counts{3, 2, 1};
  std::optional<schema::CorpusT> corpus;

  [[nodiscard]] File file() const {
    flatbuffers::FlatBufferBuilder builder;
    std::vector<flatbuffers::Offset<schema::Product>> products;
    for (const std::string& id : ids) products.push_back(schema::CreateProductDirect(builder, id.c_str()));
    const auto index = schema::CreateTfidfIndex(
        builder, builder.CreateVectorOfStrings(terms), builder.CreateVector(idf), builder.CreateVector(posting_offsets),
        builder.CreateVectorOfStructs(postings), builder.CreateVector(row_offsets), builder.CreateVector(row_terms),
        builder.CreateVector(row_weights), builder.CreateVector(counts), corpus ? schema::Corpus::Pack(builder, &*corpus) : 0);
    schema::FinishCatalogBuffer(builder, schema::CreateCatalog(builder, version, builder.CreateVector(products), index));
    return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
  }
};

schema::CorpusT corpus_of(std::uint32_t products, float mean_length, std::vector<std::uint32_t> frequencies) {
  schema::CorpusT corpus;
  corpus.products = products;
  corpus.mean_length = mean_length;
  corpus.document_frequencies = std::move(frequencies);
  return corpus;
}

/// The file with its tables changed.
File change(const File& file, const std::function<void(schema::CatalogT&)>& damage) {
  const std::unique_ptr<schema::CatalogT> catalog(schema::GetCatalog(file.data())->UnPack());
  damage(*catalog);
  flatbuffers::FlatBufferBuilder builder;
  schema::FinishCatalogBuffer(builder, schema::Catalog::Pack(builder, catalog.get()));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

/// Reads all of a catalogue that an answer may be made of, by the indices that it gives; what is wrong is found by the sanitizers.
/// Returns the sum of all numbers, which is finite.
double read_all(const Catalog& catalog) {
  double sum = catalog.mean_length();
  const auto add_row = [&](const auto& rows, std::size_t size, std::uint32_t product) {
    for (std::size_t i = 0; i < size; ++i) sum += static_cast<double>(rows.Get(static_cast<flatbuffers::uoffset_t>(product * size + i)));
  };
  for (std::uint32_t i = 0; i < catalog.size(); ++i) {
    const schema::Product& product = catalog.product(i);
    for (const auto* text : {product.id(), product.title(), product.description(), product.category(), product.brand(), product.group()}) {
      if (text != nullptr) sum += std::accumulate(text->begin(), text->end(), 0.0);
    }
    REQUIRE(*catalog.find(catalog.id(i)) == i);
    sum += catalog.document_length(i);
    for (std::uint32_t cell = catalog.index().row_offsets()->Get(i); cell < catalog.index().row_offsets()->Get(i + 1); ++cell) {
      sum += catalog.document_frequency(catalog.index().row_terms()->Get(cell)) / static_cast<double>(catalog.document_count());
    }
    if (const schema::Interactions* learnt = catalog.interactions()) {
      sum += learnt->popularity()->Get(i);
      add_row(*learnt->factors()->rows(), learnt->factors()->size(), i);
      for (std::uint32_t at = learnt->neighbour_offsets()->Get(i); at < learnt->neighbour_offsets()->Get(i + 1); ++at) {
        sum += static_cast<double>(catalog.id(learnt->neighbours()->Get(at)->product()).size()) * learnt->neighbours()->Get(at)->weight();
      }
      for (std::uint32_t at = learnt->rule_offsets()->Get(i); at < learnt->rule_offsets()->Get(i + 1); ++at) {
        const schema::Rule& rule = *learnt->rules()->Get(at);
        sum += rule.confidence() * static_cast<double>(catalog.id(rule.also()).size());
        for (std::uint32_t other = 0; other < rule.other_count(); ++other) {
          sum += static_cast<double>(catalog.id(learnt->rule_others()->Get(rule.others() + other)).size());
        }
      }
      if (learnt->ratings() != nullptr) add_row(*learnt->ratings()->rows(), learnt->ratings()->size(), i);
    }
  }
  if (const NeighbourIndex* neighbours = catalog.neighbours()) {
    const std::vector<float> query(neighbours->dimensions(), 0.1F);
    for (const Scored& found : neighbours->search(query, 3)) sum += static_cast<double>(found.score);
  }
  if (catalog.articles() != nullptr) sum += read_all(*catalog.articles());
  return sum;
}

/// Loads a file that may be damaged and, if that works, reads all of it. Returns whether it loaded.
bool use_whatever_loads(const File& file) {
  const Result<Catalog> catalog = Catalog::load(file);
  if (!catalog) return false;
  REQUIRE(std::isfinite(read_all(*catalog)));
  return true;
}

}  // namespace

TEST_CASE("loading tells short, foreign, later and misaligned files apart", "[catalog]") {
  File file = RawCatalog{}.file();
  REQUIRE(Catalog::load(file));
  CHECK(Catalog::load({}).error().code == ErrorCode::pack_truncated);
  CHECK(Catalog::load(std::span(file).first(7)).error().code == ErrorCode::pack_truncated);
  CHECK(Catalog::load(std::span(file).first(8)).error().code == ErrorCode::pack_truncated);
  const std::string text = "id,title,description\n";
  CHECK(Catalog::load({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}).error().code == ErrorCode::pack_wrong_type);
  CHECK(Catalog::load(RawCatalog{.version = 1}.file()).error().code == ErrorCode::pack_wrong_version);
  CHECK_THAT(Catalog::load(RawCatalog{.version = 1}.file()).error().message,
             ContainsSubstring("version 1") && ContainsSubstring("Build it again"));
  CHECK_THAT(Catalog::load(RawCatalog{.version = 3}.file()).error().message, ContainsSubstring("version 3") && !ContainsSubstring("again"));
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
              .row_weights = {},
              .counts = {}};
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
      {[](RawCatalog& c) { c.counts.pop_back(); }, "not one count a posting"},
      {[](RawCatalog& c) { c.counts[1] = 0; }, "posting 1 counts no term"},
      {[](RawCatalog& c) { c.corpus = corpus_of(1, 4, {2, 1}); }, "its corpus is smaller than itself"},
      {[](RawCatalog& c) { c.corpus = corpus_of(2, 4, {2}); }, "its corpus is smaller than itself"},
      {[](RawCatalog& c) { c.corpus = corpus_of(2, 0, {2, 1}); }, "its corpus has no mean length"},
      {[](RawCatalog& c) { c.corpus = corpus_of(2, NAN, {2, 1}); }, "its corpus has no mean length"},
      {[](RawCatalog& c) { c.corpus = corpus_of(2, 4, {2, 0}); }, "term 1 is in more products than its corpus says"},
      {[](RawCatalog& c) { c.corpus = corpus_of(2, 4, {2, 3}); }, "or than there are"},
      {[](RawCatalog& c) { c.corpus = corpus_of(9, 4, {2, 1}); }, "term 0 has an idf"},
      {[](RawCatalog& c) { c.row_weights[2] = 2, c.postings[1] = {1, 2.0f}; }, "row 1 has not unit length"},
  }));
  RawCatalog raw;
  damage(raw);
  const Result<Catalog> catalog = Catalog::load(raw.file());
  REQUIRE_FALSE(catalog);
  CHECK(catalog.error().code == ErrorCode::pack_corrupt);
  CHECK_THAT(catalog.error().message, ContainsSubstring(message));
}

TEST_CASE("a full catalogue loads with its vectors, orders, offers and articles", "[catalog]") {
  const Result<BuiltCatalog> built = build_full();
  REQUIRE(built);
  const Result<Catalog> catalog = Catalog::load(built->file);
  REQUIRE(catalog);
  CHECK(catalog->size() == 3);
  REQUIRE(catalog->interactions() != nullptr);
  CHECK(catalog->interactions()->customers() == 40);
  REQUIRE(catalog->offers() != nullptr);
  CHECK(catalog->offers()->Get(1)->id()->string_view() == "ship");
  REQUIRE(catalog->articles() != nullptr);
  CHECK(catalog->articles()->id(1) == "bulb");
  CHECK(catalog->articles()->neighbours()->dimensions() == kTestDimensions);
  CHECK(catalog->articles()->interactions() == nullptr);
  CHECK(std::isfinite(read_all(*catalog)));
}

TEST_CASE("loading names what contradicts in what orders taught, offers and articles", "[catalog]") {
  using Damage = std::function<void(schema::CatalogT&)>;
  const auto learnt = [](auto damage) { return Damage([damage](schema::CatalogT& c) { damage(*c.interactions); }); };
  const auto offer = [](auto damage) { return Damage([damage](schema::CatalogT& c) { damage(*c.offers[1]); }); };
  const auto product = [](auto damage) { return Damage([damage](schema::CatalogT& c) { damage(*c.products[2]); }); };
  using Learnt = schema::InteractionsT;
  using Offer = schema::OfferT;
  using Product = schema::ProductT;
  const auto cases = std::vector<std::pair<Damage, std::string>>{
      {learnt([](Learnt& l) { l.popularity.pop_back(); }), "popularity"},
      {learnt([](Learnt& l) { l.popularity[1] = 1.5F; }), "popularity"},
      {learnt([](Learnt& l) { l.popularity[1] = NAN; }), "popularity"},
      {learnt([](Learnt& l) { l.repeat_days[1] = 0; }), "days to the next purchase"},
      {learnt([](Learnt& l) { l.repeat_days[1] = INFINITY; }), "days to the next purchase"},
      {learnt([](Learnt& l) { l.repeat_days.push_back(1); }), "days to the next purchase"},
      {learnt([](Learnt& l) { l.neighbour_offsets.back() += 1; }), "offsets of neighbours"},
      {learnt([](Learnt& l) { l.neighbour_offsets[0] = 1; }), "offsets of neighbours"},
      {learnt([](Learnt& l) { std::swap(l.neighbour_offsets[1], l.neighbour_offsets[2]), l.neighbour_offsets[1] += 9; }),
       "offsets of neighbours"},
      {learnt([](Learnt& l) { l.neighbours[0] = {3, 0.5F}; }), "neighbour 0 is no product"},
      {learnt([](Learnt& l) { l.neighbours[1] = {0, 0.0F}; }), "neighbour 1 has a weight"},
      {learnt([](Learnt& l) { l.neighbours[1] = {0, NAN}; }), "neighbour 1 has a weight"},
      {learnt([](Learnt& l) { l.rule_offsets = {0, 2, 2, 2}; }), "offsets of rules"},
      {learnt([](Learnt& l) { l.rules[0] = {3, 0.1F, 0.5F, 2, 0, 1}; }), "rule 0 is to no product"},
      {learnt([](Learnt& l) { l.rules[0] = {2, 0.1F, 1.5F, 2, 0, 1}; }), "rule 0 has a support or confidence"},
      {learnt([](Learnt& l) { l.rules[0] = {2, 0.1F, 0.5F, INFINITY, 0, 1}; }), "rule 0 has a lift"},
      {learnt([](Learnt& l) { l.rules[0] = {2, 0.1F, 0.5F, 2, 1, 1}; }), "rule 0 does not begin"},
      {learnt([](Learnt& l) { l.rules[0] = {2, 0.1F, 0.5F, 2, 0, 0xFFFFFFFF}; }), "the rules do not end"},
      {learnt([](Learnt& l) { l.rule_others[0] = 3; }), "a rule is of something that is no product"},
      {learnt([](Learnt& l) { l.theme_count = 65; }), "more than 64 themes"},
      {learnt([](Learnt& l) { l.theme_offsets.clear(); }), "offsets of themes"},
      {learnt([](Learnt& l) { l.theme_count = 1; }), "is none of the themes"},
      {learnt([](Learnt& l) { l.themes[0] = {0, 2}; }), "theme 0 has a strength"},
      {learnt([](Learnt& l) { l.factors->size = 65; }), "factors have more than 64"},
      {learnt([](Learnt& l) { l.factors->size = 0; }), "factors are not as many"},
      {learnt([](Learnt& l) { l.factors->gram.pop_back(); }), "factors are not as many"},
      {learnt([](Learnt& l) { l.factors->rows.pop_back(); }), "factors are not as many"},
      {learnt([](Learnt& l) { l.factors->gram[1] = NAN; }), "factors have numbers"},
      {learnt([](Learnt& l) { l.factors->rows[1] = 2e9F; }), "factors have numbers"},
      {learnt([](Learnt& l) { l.factors->regularisation = 0; }), "factors have a regularisation"},
      {learnt([](Learnt& l) { l.factors->alpha = -1; }), "factors have a regularisation or alpha"},
      {learnt([](Learnt& l) { l.ratings->size = 65; }), "ratings have more than 64"},
      {learnt([](Learnt& l) { l.ratings->mean = NAN; }), "ratings have a mean"},
      {learnt([](Learnt& l) { l.ratings->bias_regularisation = 0; }), "ratings have a mean or regularisation"},
      {learnt([](Learnt& l) { l.ratings->biases.pop_back(); }), "ratings are not as many"},
      {learnt([](Learnt& l) { l.ratings->biases[0] = INFINITY; }), "ratings have numbers"},
      {learnt([](Learnt& l) { l.ratings->rows[0] = NAN; }), "ratings have numbers"},
      {learnt([](Learnt& l) { l.ranker->rules = -1; }), "the ranker"},
      {learnt([](Learnt& l) { l.ranker->content = NAN; }), "the ranker"},
      {learnt([](Learnt& l) { l.ranker->sharpness = INFINITY; }), "the ranker"},
      {offer([](Offer& o) { o.id = ""; }), "offer 2 has an id"},
      {offer([](Offer& o) { o.id = "tea10"; }), "two offers have the id \"tea10\""},
      {offer([](Offer& o) { o.kind = static_cast<schema::OfferKind>(9); }), "offer 2 is of no known kind"},
      {offer([](Offer& o) { o.value = INFINITY; }), "offer 2 has a value that is not finite"},
      {offer([](Offer& o) { o.least_spend = -1; }), "offer 2 has a negative value"},
      {offer([](Offer& o) { o.kind = schema::OfferKind::percent, o.value = 101; }), "offer 2 is of more than 100"},
      {offer([](Offer& o) { o.starts = -1; }), "offer 2 has a date before 1970"},
      {offer([](Offer& o) { o.starts = 9, o.ends = 8; }), "offer 2 ends before it starts"},
      {product([](Product& p) { p.availability = static_cast<schema::Availability>(4); }), "product 2 has an availability"},
      {product([](Product& p) { p.role = static_cast<schema::Role>(200); }), "product 2 has an availability or role"},
      {product([](Product& p) { p.price = INFINITY; }), "product 2 has a price"},
      {product([](Product& p) { p.lasts_days = 0; }), "product 2 lasts"},
      {[](schema::CatalogT& c) { c.embeddings->text_hashes.pop_back(); }, "not one vector a product"},
      {[](schema::CatalogT& c) { c.embeddings->scales.pop_back(); }, "not one vector a product"},
      {[](schema::CatalogT& c) { c.articles = {1, 2, 3}; }, "of its articles, the catalogue ends"},
      {[](schema::CatalogT& c) { c.articles.erase(c.articles.end() - 8, c.articles.end()); }, "of its articles"},
      {[](schema::CatalogT& c) { c.articles = build_full()->file; }, "its articles have orders, offers or articles"},
  };
  const File whole = build_full()->file;
  REQUIRE(Catalog::load(change(whole, [](schema::CatalogT&) {})));
  for (const auto& [damage, message] : cases) {
    const Result<Catalog> catalog = Catalog::load(change(whole, damage));
    CAPTURE(message);
    REQUIRE_FALSE(catalog);
    CHECK(catalog.error().code == ErrorCode::pack_corrupt);
    CHECK_THAT(catalog.error().message, ContainsSubstring(message));
  }
}

TEST_CASE("articles within articles within articles are refused without reading them", "[catalog]") {
  File file = build_catalog(guides())->file;
  for (int depth = 0; depth < 400; ++depth) {
    file = change(RawCatalog{}.file(), [&](schema::CatalogT& c) { c.articles = file; });
  }
  CHECK_THAT(Catalog::load(file).error().message, ContainsSubstring("its articles have orders, offers or articles"));
}

TEST_CASE("a catalogue cut short at any length is refused", "[catalog]") {
  const File whole = build_full()->file;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const File cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const Result<Catalog> catalog = Catalog::load(cut);
    CAPTURE(size);
    REQUIRE_FALSE(catalog);
    REQUIRE((catalog.error().code == ErrorCode::pack_truncated || catalog.error().code == ErrorCode::pack_corrupt));
  }
}

TEST_CASE("a full catalogue with any one bit flipped is refused or safe to use", "[catalog]") {
  File file = build_full()->file;
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

TEST_CASE("a full catalogue with any one word replaced by an extreme number is refused or safe to use", "[catalog]") {
  const File whole = build_full()->file;
  std::size_t refused = 0;
  for (const std::uint32_t value : {0u, 1u, 4u, 0x7F7FFFFFu, 0x7FC00000u, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFCu, 0xFFFFFFFFu}) {
    for (std::size_t at = 0; at + sizeof(value) <= whole.size(); at += sizeof(value)) {
      File file = whole;
      std::memcpy(file.data() + at, &value, sizeof(value));
      refused += use_whatever_loads(file) ? 0 : 1;
    }
  }
  CHECK(refused > whole.size() / 2);  // of 9 trials for every four bytes
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
  const auto no_counts = builder.CreateVector(std::vector<std::uint8_t>());
  const auto no_postings = builder.CreateVectorOfStructs(std::vector<schema::Posting>());
  const auto index =
      schema::CreateTfidfIndex(builder, no_strings, no_floats, no_numbers, no_postings, no_numbers, no_numbers, no_floats, no_counts);
  schema::FinishCatalogBuffer(builder, schema::CreateCatalog(builder, kCatalogVersion, builder.CreateVector(products), index));
  const Result<Catalog> catalog = Catalog::load({builder.GetBufferPointer(), builder.GetSize()});
  REQUIRE_FALSE(catalog);
  CHECK_THAT(catalog.error().message, ContainsSubstring("more tags or text than fit the file"));
}

TEST_CASE("a hostile catalogue whose products share one long text or tag is refused, before it is copied again and again", "[catalog]") {
  const bool as_tag = GENERATE(false, true);
  constexpr std::uint32_t kCount = 1000;
  flatbuffers::FlatBufferBuilder builder;
  const auto text = builder.CreateString(std::string(1 << 20, 'x'));
  std::vector<flatbuffers::Offset<schema::Product>> products;
  for (std::uint32_t i = 0; i < kCount; ++i) {
    const auto id = builder.CreateString(std::to_string(i));
    const auto tags = builder.CreateVector(&text, 1);
    products.push_back(as_tag ? schema::CreateProduct(builder, id, 0, 0, 0, 0, tags) : schema::CreateProduct(builder, id, 0, text));
  }
  schema::TfidfIndexT empty;
  const auto index = schema::TfidfIndex::Pack(builder, &empty);
  schema::FinishCatalogBuffer(builder, schema::CreateCatalog(builder, kCatalogVersion, builder.CreateVector(products), index));
  const Result<Catalog> catalog = Catalog::load({builder.GetBufferPointer(), builder.GetSize()});
  REQUIRE_FALSE(catalog);
  CHECK_THAT(catalog.error().message, ContainsSubstring("product 1 has more tags or text than fit the file"));
}
