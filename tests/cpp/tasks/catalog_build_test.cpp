#include "tasks/catalog_build.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "tasks/catalog_files.h"
#include "tasks/terms.h"

using namespace aftersense;
using namespace aftersense::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;

namespace {

Result<BuiltCatalog> build_with(const std::vector<float>& values, std::size_t dimensions) {
  return build_catalog(shelf(), {.vectors = {.model = "base 1", .dimensions = dimensions, .values = values}});
}

template <typename Numbers>
auto to_vector(const Numbers& numbers) {
  return std::vector<typename Numbers::return_type>(numbers.begin(), numbers.end());
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
  CHECK(catalog->product(0).availability() == schema::Availability::out_of_stock);
  CHECK_THAT(catalog->product(0).sale_price(), WithinAbs(199, 0));
  CHECK(catalog->product(0).group()->string_view() == "kettles");
  CHECK(catalog->product(0).seller()->string_view() == "Ember direct");
  CHECK(catalog->product(2).role() == schema::Role::accessory);
  CHECK(catalog->product(2).fits()->Get(1)->string_view() == "kettles");
  CHECK_THAT(catalog->product(2).lasts_days(), WithinAbs(365, 0));
  CHECK(catalog->product(1).availability() == schema::Availability::in_stock);
  CHECK(std::isnan(catalog->product(1).sale_price()));
  CHECK(std::isnan(catalog->product(1).lasts_days()));
  CHECK(std::isnan(catalog->product(1).price()));
  CHECK(catalog->product(1).image()->string_view() == "lamp.webp");
  CHECK(*catalog->find("pot") == 2);
  CHECK(built->skipped_ids.empty());
}

TEST_CASE("the same products give the same catalogue bytes", "[catalog]") {
  CHECK(build_catalog(shelf())->file == build_catalog(shelf())->file);
  CHECK(build_full()->file == build_full()->file);
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

TEST_CASE("a catalogue keeps the first 128 numbers of its products' vectors", "[catalog]") {
  const std::vector<float> values = axes(3, 0, 160);
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
  const std::vector<ProductRecord> products = shelf_with_blank();
  const std::vector<float> values = axes(4, 0, 160);
  const Result<BuiltCatalog> built = build_catalog(products, {.vectors = {.model = "base 1", .dimensions = 160, .values = values}});
  const Result<Catalog> catalog = Catalog::load(built->file);
  REQUIRE(catalog->neighbours()->size() == 3);
  CHECK(catalog->neighbours()->search(std::span(values).subspan(std::size_t{2} * 160, 128), 1)[0].row == 1);
}

TEST_CASE("vectors that do not fit the products are refused", "[catalog]") {
  std::vector<float> values = axes(3, 0, 160);
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

TEST_CASE("lengths and frequencies for BM25 follow from the counts", "[catalog]") {
  // p: mug 3 + 1, tea 2, blue 1 = 7; q: mug 2; r: mug, so often that it counts as the most.
  std::string often;
  for (int i = 0; i < 400; ++i) often += "mug ";
  const std::vector<ProductRecord> products{{.id = "p", .title = "mug", .description = "blue mug", .tags = {"tea"}},
                                            {.id = "q", .brand = "Mugs"},
                                            {.id = "r", .description = often}};
  const Result<BuiltCatalog> built = build_catalog(products);
  const Result<Catalog> catalog = Catalog::load(built->file);
  REQUIRE(catalog);
  CHECK(catalog->document_count() == 3);
  CHECK(catalog->document_length(0) == 7);
  CHECK(catalog->document_length(1) == 2);
  CHECK(catalog->document_length(2) == kMaxTermCount);
  CHECK_THAT(catalog->mean_length(), WithinAbs((7 + 2 + 255) / 3.0, 1e-4));
  CHECK(catalog->document_frequency(0) == 1);
  CHECK(catalog->document_frequency(1) == 3);
  CHECK(to_vector(*catalog->index().counts()) == std::vector<std::uint8_t>{1, 4, 2, 255, 2});
}

TEST_CASE("shards have the idf, lengths and vectors' order of the whole", "[catalog]") {
  const std::vector<ProductRecord> all = shelf();
  CorpusStatistics corpus;
  for (const ProductRecord& product : all) CHECK(corpus.add(product));
  CHECK_FALSE(corpus.add({.id = "blank"}));
  const Result<BuiltCatalog> whole_file = build_catalog(all);
  const Result<Catalog> whole = Catalog::load(whole_file->file);
  std::size_t compared = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Result<BuiltCatalog> built = build_catalog({&all[i], 1}, {.corpus = &corpus});
    REQUIRE(built);
    const Result<Catalog> shard = Catalog::load(built->file);
    REQUIRE(shard);
    CHECK(shard->size() == 1);
    CHECK(shard->document_count() == 3);
    CHECK_THAT(shard->mean_length(), WithinAbs(whole->mean_length(), 0));
    CHECK(shard->document_length(0) == whole->document_length(static_cast<std::uint32_t>(i)));
    const std::uint32_t row = whole->index().row_offsets()->Get(static_cast<flatbuffers::uoffset_t>(i));
    for (std::uint32_t t = 0; t < shard->term_count(); ++t, ++compared) {
      const std::uint32_t term = whole->index().row_terms()->Get(row + t);
      CHECK(shard->index().terms()->Get(t)->string_view() == whole->index().terms()->Get(term)->string_view());
      CHECK_THAT(shard->index().idf()->Get(t), WithinAbs(whole->index().idf()->Get(term), 0));
      CHECK_THAT(shard->index().row_weights()->Get(t), WithinAbs(whole->index().row_weights()->Get(row + t), 0));
      CHECK(shard->document_frequency(t) == whole->document_frequency(term));
    }
  }
  CHECK(compared > 8);
  CorpusStatistics other;
  other.add(all[0]);
  CHECK_THAT(build_catalog(all, {.corpus = &other}).error().message, ContainsSubstring("the corpus lacks products"));
}

TEST_CASE("what orders taught keeps to the products that stay", "[catalog]") {
  const Result<BuiltCatalog> built = build_full();
  const Result<Catalog> catalog = Catalog::load(built->file);
  const schema::Interactions& learnt = *catalog->interactions();
  // Places: kettle 0, lamp 1, pot 2; blank, 1 before, is gone with what named it.
  CHECK(to_vector(*learnt.popularity()) == std::vector<float>{1.0F, 0.5F, 0.25F});
  CHECK(to_vector(*learnt.neighbour_offsets()) == std::vector<std::uint32_t>{0, 1, 2, 4});
  CHECK(learnt.neighbours()->Get(0)->product() == 2);
  CHECK_THAT(learnt.neighbours()->Get(0)->weight(), WithinAbs(0.9, 1e-6));
  CHECK(learnt.neighbours()->Get(1)->product() == 2);
  CHECK(learnt.neighbours()->Get(2)->product() == 0);
  CHECK(learnt.neighbours()->Get(3)->product() == 1);
  CHECK(to_vector(*learnt.rule_offsets()) == std::vector<std::uint32_t>{0, 1, 1, 1});
  const schema::Rule& rule = *learnt.rules()->Get(0);
  CHECK(rule.also() == 2);
  CHECK(rule.other_count() == 1);
  CHECK(learnt.rule_others()->Get(rule.others()) == 1);
  CHECK_THAT(rule.lift(), WithinAbs(2, 0));
  CHECK(to_vector(*learnt.theme_offsets()) == std::vector<std::uint32_t>{0, 1, 2, 4});
  CHECK(to_vector(*learnt.factors()->rows()) == std::vector<float>{1, 2, 5, 6, 7, 8});
  CHECK(to_vector(*learnt.factors()->gram()) == std::vector<double>{5, 1, 1, 6});
  CHECK(std::isnan(learnt.ratings()->biases()->Get(1)));
  CHECK_THAT(learnt.ratings()->biases()->Get(2), WithinAbs(0.25, 0));
  CHECK(to_vector(*learnt.ratings()->rows()) == std::vector<float>{0.1F, 0.0F, 0.4F});
  CHECK_THAT(learnt.repeat_days()->Get(1), WithinAbs(60, 0));
  CHECK_THAT(learnt.ranker()->rules(), WithinAbs(2, 0));
  CHECK(learnt.built()->string_view() == "2026-11-22");
}

TEST_CASE("offers are copied as they are", "[catalog]") {
  const Result<BuiltCatalog> built = build_full();
  CHECK(built->offers == 2);
  const Result<Catalog> catalog = Catalog::load(built->file);
  const schema::Offer& offer = *catalog->offers()->Get(0);
  CHECK(offer.kind() == schema::OfferKind::percent);
  CHECK_THAT(offer.value(), WithinAbs(10, 0));
  CHECK(offer.products()->Get(1)->string_view() == "of another shop");
  CHECK(offer.ends() == 1'800'000'000'000);
  CHECK(std::isnan(catalog->offers()->Get(1)->value()));
}

TEST_CASE("building refuses orders and offers that do not fit", "[catalog]") {
  const std::vector<ProductRecord> products = shelf();  // one fewer than lessons() is of
  const Extras extras;
  const Result<BuiltCatalog> learnt = build_catalog(products, {.interactions = extras.interactions()});
  CHECK(learnt.error().code == ErrorCode::invalid_argument);
  CHECK_THAT(learnt.error().message, ContainsSubstring("of what orders taught, popularity"));
  const Extras twice(lessons(), {make_offer("a", schema::OfferKind::gift, NAN), make_offer("a", schema::OfferKind::gift, NAN)});
  const Result<BuiltCatalog> offers = build_catalog(products, {.offers = twice.offers()});
  CHECK(offers.error().code == ErrorCode::invalid_argument);
  CHECK_THAT(offers.error().message, ContainsSubstring("two offers have the id \"a\""));
}

TEST_CASE("articles are a catalogue of their own, with its own errors", "[catalog]") {
  std::vector<ProductRecord> articles = guides();
  articles.push_back({.id = "empty"});
  const Result<BuiltCatalog> built = build_catalog(shelf(), {.articles = articles});
  REQUIRE(built);
  CHECK(built->articles == 2);
  CHECK(built->skipped_ids.empty());
  CHECK(built->skipped_article_ids == std::vector<std::string>{"empty"});
  const Result<Catalog> catalog = Catalog::load(built->file);
  REQUIRE(catalog);
  CHECK(catalog->find("bulb").error().code == ErrorCode::unknown_product);
  CHECK(catalog->articles()->product(0).fits()->Get(0)->string_view() == "kettle");
  CHECK(catalog->articles()->product(1).language()->string_view() == "zh");
  articles.push_back({.id = "bulb"});
  const Error twice = build_catalog(shelf(), {.articles = articles}).error();
  CHECK(twice.code == ErrorCode::duplicate_product);
  CHECK_THAT(twice.message, ContainsSubstring("article 4 of 4 has the id of article 2"));
  const std::vector<ProductRecord> blank{{.id = "a"}};
  const Error empty = build_catalog(shelf(), {.articles = blank}).error();
  CHECK(empty.code == ErrorCode::empty_catalog);
  CHECK_THAT(empty.message, ContainsSubstring("no article has any text"));
}

TEST_CASE("building refuses numbers and kinds that cannot be", "[catalog]") {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  const auto message_of = [](ProductRecord product) {
    product.id = "a";
    product.title = "cup";
    const Result<BuiltCatalog> built = build_catalog({&product, 1});
    CHECK(built.error().code == ErrorCode::invalid_argument);
    return built ? std::string() : built.error().message;
  };
  CHECK_THAT(message_of({.price = kInfinite}), ContainsSubstring("product 1 of 1 has a price that is not finite"));
  CHECK_THAT(message_of({.role = static_cast<schema::Role>(3)}), ContainsSubstring("a role that is unknown"));
  CHECK_THAT(message_of({.price = 5, .sale_price = 6}), ContainsSubstring("costs more in the sale"));
  CHECK_THAT(message_of({.lasts_days = 0}), ContainsSubstring("lasts a number of days"));
  CHECK_THAT(message_of({.lasts_days = std::numeric_limits<float>::infinity()}), ContainsSubstring("lasts a number of days"));
}

TEST_CASE("a build upon a previous catalogue gives the bytes of a full one", "[catalog]") {
  const Result<BuiltCatalog> full = build_full();
  const Result<Catalog> previous = Catalog::load(full->file);
  const std::vector<ProductRecord> products = shelf_with_blank();
  const std::vector<ProductRecord> articles = guides();
  const Extras extras;
  std::vector<std::uint64_t> hashes{11, 12, 13, 14};
  const std::vector<std::uint64_t> article_hashes{21, 22};
  CatalogOptions options{.vectors = {.model = "base 1", .text_hashes = hashes},
                         .previous = &*previous,
                         .interactions = extras.interactions(),
                         .offers = extras.offers(),
                         .articles = articles,
                         .article_vectors = {.model = "base 1", .text_hashes = article_hashes}};
  const Result<BuiltCatalog> again = build_catalog(products, options);
  REQUIRE(again);
  CHECK(again->missing_vectors.empty());
  CHECK(again->missing_article_vectors.empty());
  CHECK(again->reused_vectors == 5);
  CHECK(again->file == full->file);

  // The lamp's text has changed: its vector alone is wanted, and the rest stays.
  hashes[2] = 99;
  const Result<BuiltCatalog> asked = build_catalog(products, options);
  CHECK(asked->missing_vectors == std::vector<std::uint32_t>{2});
  CHECK(asked->dimensions == 0);
  CHECK(Catalog::load(asked->file)->neighbours() == nullptr);
  const std::vector<float> lamp = axes(1, 20);
  const std::vector<std::uint32_t> rows{2};
  options.vectors = {.model = "base 1", .dimensions = kTestDimensions, .values = lamp, .rows = rows, .text_hashes = hashes};
  const Result<BuiltCatalog> upon = build_catalog(products, options);
  REQUIRE(upon);
  CHECK(upon->reused_vectors == 4);
  std::vector<float> all = axes(4);
  std::copy(lamp.begin(), lamp.end(), all.begin() + std::ptrdiff_t{2} * kTestDimensions);
  const std::vector<float> article_values = axes(2, 8);
  options.previous = nullptr;
  options.vectors = {.model = "base 1", .dimensions = kTestDimensions, .values = all, .text_hashes = hashes};
  options.article_vectors.dimensions = kTestDimensions;
  options.article_vectors.values = article_values;
  const Result<BuiltCatalog> anew = build_catalog(products, options);
  REQUIRE(anew);
  CHECK(anew->reused_vectors == 0);
  CHECK(upon->file == anew->file);
}

TEST_CASE("vectors of another model, or of texts without a hash, are not taken over", "[catalog]") {
  const std::vector<float> values = axes(3);
  const std::vector<std::uint64_t> hashes{1, 2, 3};
  const std::vector<std::uint64_t> unknown{1, 0, 3};
  const ProductVectors vectors{.model = "base 1", .dimensions = kTestDimensions, .values = values, .text_hashes = hashes};
  const Result<BuiltCatalog> built = build_catalog(shelf(), {.vectors = vectors});
  const Result<Catalog> previous = Catalog::load(built->file);
  const auto missing = [&](const ProductVectors& wanted) {
    return build_catalog(shelf(), {.vectors = wanted, .previous = &*previous})->missing_vectors.size();
  };
  CHECK(missing({.model = "base 1", .text_hashes = hashes}) == 0);
  CHECK(missing({.model = "base 2", .text_hashes = hashes}) == 3);
  CHECK(missing({.model = "base 1", .text_hashes = unknown}) == 1);
  CHECK(missing({.model = "base 1"}) == 3);
  CHECK(missing({}) == 0);  // no model: no vectors are wanted
}

TEST_CASE("rows of vectors that do not fit are refused", "[catalog]") {
  const std::vector<float> one = axes(1);
  const std::vector<float> two = axes(2);
  const std::vector<float> one_wide = axes(1, 0, 64);
  const std::vector<float> three = axes(3);
  const std::vector<std::uint64_t> hashes{1, 2, 3};
  const std::vector<std::uint64_t> few{1, 2};
  const std::vector<std::uint64_t> changed{1, 2, 4};
  const Result<BuiltCatalog> built =
      build_catalog(shelf(), {.vectors = {.model = "m", .dimensions = kTestDimensions, .values = three, .text_hashes = hashes}});
  const Result<Catalog> previous = Catalog::load(built->file);
  const std::vector<std::uint32_t> first{0}, last{2}, beyond{3}, disorder{1, 0};
  const auto message_of = [&](const ProductVectors& vectors) {
    const Result<BuiltCatalog> refused = build_catalog(shelf(), {.vectors = vectors, .previous = &*previous});
    CHECK_FALSE(refused);
    return refused ? std::string() : refused.error().message;
  };
  constexpr std::size_t kSize = kTestDimensions;
  CHECK_THAT(message_of({.model = "m", .dimensions = kSize, .values = one, .rows = beyond, .text_hashes = hashes}),
             ContainsSubstring("not of products"));
  CHECK_THAT(message_of({.model = "m", .dimensions = kSize, .values = two, .rows = disorder, .text_hashes = hashes}),
             ContainsSubstring("not of products"));
  CHECK_THAT(message_of({.model = "m", .dimensions = kSize, .values = two, .rows = first, .text_hashes = hashes}),
             ContainsSubstring("64 numbers for 1"));
  CHECK_THAT(message_of({.model = "m", .dimensions = kSize, .values = three, .text_hashes = few}),
             ContainsSubstring("2 text hashes for 3"));
  CHECK_THAT(message_of({.dimensions = kSize, .values = three}), ContainsSubstring("of no model"));
  CHECK_THAT(message_of({.model = "m", .dimensions = kSize, .values = one, .rows = first, .text_hashes = changed}),
             ContainsSubstring("lack that of product 3"));
  CHECK_THAT(message_of({.model = "m", .dimensions = 64, .values = one_wide, .rows = last, .text_hashes = changed}),
             ContainsSubstring("of the previous catalogue 32"));
}
