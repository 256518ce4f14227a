#include "tasks/recommend.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "tasks/terms.h"

using namespace aftersense;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Ids = std::vector<std::string_view>;

namespace {

/// A catalogue together with the bytes it lies in.
struct Shop {
  explicit Shop(std::span<const ProductRecord> products) : file(build_catalog(products)->file), catalog(*Catalog::load(file)) {}
  std::vector<std::uint8_t> file;
  Catalog catalog;

  [[nodiscard]] Ids ids_of(const std::vector<Recommended>& results) const {
    Ids ids;
    for (const Recommended& result : results) ids.push_back(catalog.id(result.product));
    return ids;
  }
  [[nodiscard]] Ids like(const Ids& ids, const RecommendOptions& options = {}) const {
    return ids_of(*recommend_like(catalog, ids, options));
  }
  [[nodiscard]] Ids query(std::string_view text, const RecommendOptions& options = {}) const {
    return ids_of(*recommend_for_query(catalog, text, options));
  }
};

std::vector<ProductRecord> three_products() {
  return {{.id = "A", .title = "red cup"}, {.id = "B", .title = "red lamp"}, {.id = "C", .title = "blue cup cup"}};
}

/// A random shop of short zh and en texts over few words, so that many products share terms.
std::vector<ProductRecord> random_products(std::mt19937& random, const std::vector<std::string>& ids, std::vector<std::string>& texts) {
  static const std::vector<std::string> kWords = {"kettle", "lamps", "cup",  "steel",  "red", "blue", "500 ml", "保温杯",
                                                  "台灯",   "茶壶",  "茶杯", "不锈钢", "灯",  "gift", "boxes"};
  const auto text = [&](std::size_t max_words) {
    std::string words;
    for (std::size_t n = random() % (max_words + 1); n > 0; --n)
      words += kWords[random() % kWords.size()] + (random() % 2 == 0 ? " " : "，");
    return words;
  };
  texts.clear();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    for (const std::size_t max_words : {3, 12, 1, 1, 1}) texts.push_back(text(max_words));
    if (texts[texts.size() - 5].empty()) texts[texts.size() - 5] = "cup";
  }
  std::vector<ProductRecord> products;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::string* t = &texts[i * 5];
    products.push_back({.id = ids[i], .title = t[0], .description = t[1], .category = t[2], .brand = t[3], .tags = {t[4]}});
  }
  return products;
}

std::vector<std::string> numbered_ids(std::size_t count) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < count; ++i) ids.push_back("p" + std::to_string(i));
  return ids;
}

using Vector = std::map<std::string, double>;

double dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (const auto& [term, weight] : a) sum += b.contains(term) ? weight * b.at(term) : 0.0;
  return sum;
}

void scale_to_unit(Vector& vector) {
  const double length = std::sqrt(dot(vector, vector));
  for (auto& [term, weight] : vector) weight /= length;
}

/// The definition, in dictionaries and double precision: what the index must agree with.
struct Oracle {
  explicit Oracle(std::span<const ProductRecord> products) {
    for (const ProductRecord& product : products) {
      Vector counts;
      const auto add = [&](std::string_view text, double count) {
        for (const std::string& term : split_terms(text)) counts[term] += count;
      };
      add(product.title, 3), add(product.category, 2), add(product.brand, 2), add(product.description, 1);
      for (const std::string_view tag : product.tags) add(tag, 2);
      for (const auto& [term, count] : counts) ++products_with[term];
      rows.push_back(counts);
    }
    for (Vector& row : rows) row = weigh(row);
  }

  [[nodiscard]] Vector weigh(const Vector& counts) const {
    Vector weights;
    for (const auto& [term, count] : counts) {
      if (!products_with.contains(term)) continue;
      const double n = static_cast<double>(rows.size());
      weights[term] = (1 + std::log(count)) * (std::log((1 + n) / (1 + products_with.at(term))) + 1);
    }
    scale_to_unit(weights);
    return weights;
  }

  [[nodiscard]] Vector mean(const std::vector<std::size_t>& products) const {
    Vector sum;
    for (const std::size_t i : products) {
      for (const auto& [term, weight] : rows[i]) sum[term] += weight;
    }
    scale_to_unit(sum);
    return sum;
  }

  std::map<std::string, double> products_with;
  std::vector<Vector> rows;
};

/// Results must be the oracle's best k: each score right, scores descending, and none left out that is better than the last.
void check_against(const Oracle& oracle, const Vector& query, const std::set<std::size_t>& excluded, std::size_t k,
                   const std::vector<Recommended>& results) {
  constexpr double kTolerance = 1e-5;  // float sums of at most a hundred terms of a unit vector
  std::vector<double> scores(oracle.rows.size());
  std::size_t eligible = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    scores[i] = excluded.contains(i) ? 0 : dot(query, oracle.rows[i]);
    eligible += scores[i] > 0 ? 1 : 0;
  }
  REQUIRE(results.size() == std::min(k, eligible));
  for (std::size_t i = 0; i < results.size(); ++i) {
    REQUIRE_THAT(results[i].score, WithinAbs(scores[results[i].product], kTolerance));
    if (i > 0) {
      const bool ordered = results[i - 1].score > results[i].score ||
                           (results[i - 1].score == results[i].score && results[i - 1].product < results[i].product);
      REQUIRE(ordered);
    }
    scores[results[i].product] = 0;
  }
  if (!results.empty()) REQUIRE(*std::ranges::max_element(scores) <= static_cast<double>(results.back().score) + kTolerance);
}

}  // namespace

// Three products, four terms, n = 3. All terms stand in titles and count 3, "cup" of C counts 6.
// idf: red, cup (2 products) ln(4/3) + 1 = 1.287682; blue, lamp (1 product) ln(4/2) + 1 = 1.693147.
// A = (red, cup) = (0.707107, 0.707107); equal weights.
// B = (red, lamp) = (1.287682, 1.693147) / 2.127175 = (0.605349, 0.795961); the factor 1 + ln 3 cancels.
// C = (cup, blue) = ((1 + ln 6) · 1.287682, (1 + ln 3) · 1.693147) / 5.054597 = (0.711214, 0.702976).
TEST_CASE("similar products have the cosine computed by hand", "[recommend]") {
  const Shop shop(three_products());
  const std::string_view a = "A";
  const auto results = recommend_like(shop.catalog, {&a, 1}, {});
  REQUIRE(shop.ids_of(*results) == Ids{"C", "B"});
  CHECK_THAT((*results)[0].score, WithinAbs(0.502904, 1e-6));  // 0.707107 · 0.711214
  CHECK_THAT((*results)[1].score, WithinAbs(0.428046, 1e-6));  // 0.707107 · 0.605349
  REQUIRE((*results)[0].terms.size() == 1);
  CHECK((*results)[0].terms[0].term == "cup");
  CHECK_THAT((*results)[0].terms[0].score, WithinAbs(0.502904, 1e-6));
}

TEST_CASE("products like several have the cosine with the mean of their vectors", "[recommend]") {
  const Shop shop(three_products());
  // B + C = (red 0.605349, lamp 0.795961, cup 0.711214, blue 0.702977), length √2 since B and C share nothing.
  const auto results = recommend_like(shop.catalog, Ids{"B", "C"}, {});
  REQUIRE(shop.ids_of(*results) == Ids{"A"});
  CHECK_THAT((*results)[0].score, WithinAbs((0.605349 + 0.711214) / 2, 1e-6));
  REQUIRE((*results)[0].terms.size() == 2);
  CHECK((*results)[0].terms[0].term == "cup");
  CHECK((*results)[0].terms[1].term == "red");
  CHECK(shop.like({"C", "B"}) == shop.like({"B", "C"}));
}

TEST_CASE("a query is weighed as a product is, over the terms that the catalogue knows", "[recommend]") {
  const Shop shop(three_products());
  // red counts 2, cup 1: (1.693147, 1) / 1.966405 = (0.861037, 0.508542) once their equal idf cancels; "sofa" is unknown.
  const auto results = recommend_for_query(shop.catalog, "Red sofa, red CUPS", {});
  REQUIRE(shop.ids_of(*results) == Ids{"A", "B", "C"});
  CHECK_THAT((*results)[0].score, WithinAbs(0.968439, 1e-6));  // (0.861037 + 0.508542) · 0.707107
  CHECK_THAT((*results)[1].score, WithinAbs(0.521227, 1e-6));  // 0.861037 · 0.605349
  CHECK_THAT((*results)[2].score, WithinAbs(0.361682, 1e-6));  // 0.508542 · 0.711214
  CHECK(shop.query("").empty());
  CHECK(shop.query("sofa").empty());
}

TEST_CASE("recommendation equals brute force on random shops", "[recommend]") {
  const auto seed = GENERATE(range(1u, 21u));
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::vector<std::string> ids = numbered_ids(1 + random() % 60);
  std::vector<std::string> texts;
  const std::vector<ProductRecord> products = random_products(random, ids, texts);
  const Shop shop(products);
  const Oracle oracle(products);
  for (int trial = 0; trial < 20; ++trial) {
    const std::uint32_t k = 1 + random() % 12;
    std::set<std::size_t> excluded;
    Ids excluded_ids{"not in the catalogue"};
    for (std::size_t n = random() % 4; n > 0; --n) excluded_ids.push_back(ids[*excluded.insert(random() % ids.size()).first]);
    const RecommendOptions options{.k = k, .exclude = excluded_ids};

    const std::string& query = texts[random() % texts.size()];
    Vector counts;
    for (const std::string& term : split_terms(query)) ++counts[term];
    check_against(oracle, oracle.weigh(counts), excluded, k, *recommend_for_query(shop.catalog, query, options));

    std::vector<std::size_t> sources;
    Ids source_ids;
    for (std::size_t n = 1 + random() % 3; n > 0; --n) {
      sources.push_back(random() % ids.size());
      source_ids.push_back(ids[sources.back()]);
    }
    excluded.insert(sources.begin(), sources.end());
    check_against(oracle, oracle.mean(sources), excluded, k, *recommend_like(shop.catalog, source_ids, options));
  }
}

TEST_CASE("the contributions of all shared terms add up to the score", "[recommend]") {
  std::mt19937 random(7);
  const std::vector<std::string> ids = numbered_ids(50);
  std::vector<std::string> texts;
  const Shop shop(random_products(random, ids, texts));
  const auto results = recommend_for_query(shop.catalog, "red steel kettle lamp", {.k = 50});  // four terms, so that none goes unlisted
  REQUIRE(results->size() > 20);
  for (const Recommended& result : *results) {
    float sum = 0;
    for (const TermContribution& term : result.terms) {
      CHECK(term.score > 0);
      sum += term.score;
    }
    CHECK(std::ranges::is_sorted(result.terms, std::ranges::greater{}, &TermContribution::score));
    CHECK_THAT(sum, WithinAbs(result.score, 1e-6));
  }
}

TEST_CASE("at most five terms are listed, the strongest", "[recommend]") {
  const std::vector<ProductRecord> products{{.id = "a", .title = "one two", .description = "three four five six seven"},
                                            {.id = "b", .title = "one two", .description = "three four five six seven"}};
  const Shop shop(products);
  const std::string_view a = "a";
  const auto results = recommend_like(shop.catalog, {&a, 1}, {});
  REQUIRE(results->size() == 1);
  const auto& terms = (*results)[0].terms;
  REQUIRE(terms.size() == 5);
  CHECK(terms[0].term == "one");
  CHECK(terms[1].term == "two");
  CHECK(terms[2].term == "five");  // equal contributions follow in the order of the terms
  CHECK((*results)[0].score <= 1);
  CHECK_THAT((*results)[0].score, WithinAbs(1, 1e-6));
}

TEST_CASE("rounding never carries a score past 1", "[recommend]") {
  std::mt19937 random(3);
  const std::vector<std::string> ids = numbered_ids(200);
  std::vector<std::string> texts;
  std::vector<ProductRecord> products = random_products(random, ids, texts);
  for (std::size_t i = 0; i < products.size(); i += 2)
    products[i + 1].title = products[i].title, products[i + 1].description = products[i].description;
  for (ProductRecord& product : products) product.category = product.brand = "", product.tags.clear();
  const Shop shop(products);
  for (const std::string_view id : ids) {
    const auto results = recommend_like(shop.catalog, {&id, 1}, {});
    CHECK((*results)[0].score <= 1);
    CHECK_THAT((*results)[0].score, WithinAbs(1, 1e-6));  // its twin, or another of the same text
  }
}

TEST_CASE("ties go to the product that stands first in the catalogue", "[recommend]") {
  const std::vector<ProductRecord> products{{.id = "z", .title = "cup"},
                                            {.id = "y", .title = "cup"},
                                            {.id = "lamp", .title = "lamp"},
                                            {.id = "x", .title = "cup"},
                                            {.id = "a", .title = "cup"}};
  const Shop shop(products);
  CHECK(shop.query("cup") == Ids{"z", "y", "x", "a"});
  CHECK(shop.query("cup", {.k = 2}) == Ids{"z", "y"});
  CHECK(shop.like({"x"}) == Ids{"z", "y", "a"});
}

TEST_CASE("sources and excluded products never return", "[recommend]") {
  const Shop shop(three_products());
  const Ids excluded{"C", "nowhere", ""};
  CHECK(shop.like({"A"}, {.exclude = excluded}) == Ids{"B"});
  CHECK(shop.query("cup", {.exclude = excluded}) == Ids{"A"});
  CHECK(shop.like({"A", "B", "C"}).empty());
  CHECK(shop.like({"A", "A"}) == shop.like({"A"}));
}

TEST_CASE("five products are returned unless k says otherwise", "[recommend]") {
  std::vector<ProductRecord> products;
  const std::vector<std::string> ids = numbered_ids(1200);
  for (const std::string& id : ids) products.push_back({.id = id, .title = "cup"});
  const Shop shop(products);
  CHECK(shop.query("cup").size() == 5);
  CHECK(shop.query("cup", {.k = 1}).size() == 1);
  CHECK(shop.query("cup", {.k = 1000}).size() == 1000);
}

TEST_CASE("recommendation refuses bad arguments", "[recommend]") {
  const Shop shop(three_products());
  const Ids known{"A"};
  const Ids unknown{"A", "D"};
  const std::uint32_t k = GENERATE(0u, 1001u, 0xFFFFFFFFu);
  CHECK(recommend_like(shop.catalog, known, {.k = k}).error().code == ErrorCode::invalid_argument);
  CHECK(recommend_for_query(shop.catalog, "cup", {.k = k}).error().code == ErrorCode::invalid_argument);
  CHECK(recommend_like(shop.catalog, {}, {}).error().code == ErrorCode::invalid_argument);
  CHECK(recommend_like(shop.catalog, unknown, {}).error().code == ErrorCode::unknown_product);
  CHECK_THAT(recommend_like(shop.catalog, unknown, {}).error().message, ContainsSubstring("\"D\""));
}

TEST_CASE("Chinese and English queries find their products", "[recommend]") {
  const std::vector<ProductRecord> products{
      {.id = "flask", .title = "不锈钢保温杯 500ml", .description = "真空双层，保温十二小时", .category = "杯壶"},
      {.id = "teapot", .title = "紫砂茶壶", .description = "手工制作，适合泡乌龙茶", .category = "茶具"},
      {.id = "lamp", .title = "护眼台灯", .description = "无频闪，适合学习", .category = "照明"},
      {.id = "kettle", .title = "Gooseneck kettle, 800 ml", .description = "for pour-over coffee", .category = "kitchen"},
      {.id = "dresses", .title = "Linen dresses", .description = "light, for the summer", .category = "clothes"},
  };
  const Shop shop(products);
  const auto [query, best] = GENERATE(table<std::string, std::string>({
      {"保温的杯子", "flask"},
      {"茶", "teapot"},
      {"想要一个学习用的灯", "lamp"},
      {"800ml", "kettle"},
      {"COFFEE kettles", "kettle"},
      {"a dress for summer", "dresses"},
      {"５００ＭＬ", "flask"},
  }));
  CAPTURE(query);
  REQUIRE_FALSE(shop.query(query).empty());
  CHECK(shop.query(query)[0] == best);
}

TEST_CASE("permuting a catalogue permutes its recommendations", "[recommend]") {
  const auto seed = GENERATE(range(1u, 6u));
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::vector<std::string> ids = numbered_ids(40);
  std::vector<std::string> texts;
  std::vector<ProductRecord> products = random_products(random, ids, texts);
  const Shop shop(products);
  std::ranges::shuffle(products, random);
  const Shop shuffled(products);
  const auto by_id = [](const Shop& of, const std::vector<Recommended>& results) {
    std::map<std::string_view, float> scores;
    for (const Recommended& result : results) scores[of.catalog.id(result.product)] = result.score;
    return scores;
  };
  for (const std::string& id : ids) {
    const std::string_view source = id;
    const RecommendOptions all{.k = 40};
    CHECK(by_id(shop, *recommend_like(shop.catalog, {&source, 1}, all)) ==
          by_id(shuffled, *recommend_like(shuffled.catalog, {&source, 1}, all)));
  }
}

namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) c == separator ? parts.emplace_back() : parts.back() += c;
  return parts;
}

/// The lines of tests/golden/recommend.tsv of one kind, cut at tabs.
std::vector<std::vector<std::string>> golden_lines(std::string_view kind) {
  std::ifstream file(AFTERSENSE_ROOT "/tests/golden/recommend.tsv");
  std::vector<std::vector<std::string>> lines;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(kind)) lines.push_back(split(line, '\t'));
  }
  REQUIRE_FALSE(lines.empty());
  return lines;
}

/// Expected results are "id:score id:score ...".
void check_golden(const Shop& shop, const std::vector<Recommended>& results, const std::string& expected) {
  const std::vector<std::string> hits = expected.empty() ? std::vector<std::string>() : split(expected, ' ');
  REQUIRE(results.size() == hits.size());
  for (std::size_t i = 0; i < hits.size(); ++i) {
    const std::vector<std::string> hit = split(hits[i], ':');
    CHECK(shop.catalog.id(results[i].product) == hit[0]);
    CHECK_THAT(results[i].score, WithinAbs(std::strtod(hit[1].c_str(), nullptr), 2e-6));  // written with six decimals
  }
}

}  // namespace

TEST_CASE("recommendation equals the numpy reference", "[recommend][golden]") {
  INFO("to rewrite the golden file: python tests/golden/recommend.py");
  const auto lines = golden_lines("product\t");
  std::vector<ProductRecord> products;
  for (const std::vector<std::string>& line : lines) {
    REQUIRE(line.size() == 7);
    products.push_back({.id = line[1], .title = line[2], .description = line[3], .category = line[4], .brand = line[5]});
    for (std::size_t begin = 0; begin < line[6].size();) {
      const std::size_t end = std::min(line[6].find('|', begin), line[6].size());
      products.back().tags.push_back(std::string_view(line[6]).substr(begin, end - begin));
      begin = end + 1;
    }
  }
  const Shop shop(products);
  for (const std::vector<std::string>& line : golden_lines("like\t")) {
    CAPTURE(line[1]);
    const std::vector<std::string> ids = split(line[1], ',');
    check_golden(shop, *recommend_like(shop.catalog, Ids(ids.begin(), ids.end()), {}), line[2]);
  }
  for (const std::vector<std::string>& line : golden_lines("query\t")) {
    CAPTURE(line[1]);
    check_golden(shop, *recommend_for_query(shop.catalog, line[1], {}), line[2]);
  }
}

namespace {

/// Four products whose vectors have the cosines 1, 0.9, 0.6 and 0.3 with the first one's.
struct MeaningShop {
  MeaningShop() {
    values.resize(std::size_t{4} * kDimensions);
    const float cosines[] = {1.0F, 0.9F, 0.6F, 0.3F};
    for (std::size_t i = 0; i < 4; ++i) {
      values[i * kDimensions] = cosines[i];
      values[i * kDimensions + 1 + i] = std::sqrt(1 - cosines[i] * cosines[i]);
    }
    const std::vector<ProductRecord> products{{.id = "flask", .title = "steel flask", .category = "kitchen", .brand = "A", .price = 20},
                                              {.id = "cup", .title = "保温杯", .category = "kitchen", .brand = "B", .price = 30},
                                              {.id = "pot", .title = "teapot", .category = "tea", .brand = "A"},
                                              {.id = "rail", .title = "steel rail", .category = "tools", .brand = "C", .price = 5}};
    file = build_catalog(products, {.model = "base 1", .dimensions = kDimensions, .values = values})->file;
    catalog.emplace(*Catalog::load(file));
  }
  [[nodiscard]] Ids ids_of(const Result<std::vector<Recommended>>& results) const {
    Ids ids;
    for (const Recommended& result : *results) ids.push_back(catalog->id(result.product));
    return ids;
  }

  static constexpr std::size_t kDimensions = 32;
  std::vector<float> values;
  std::vector<std::uint8_t> file;
  std::optional<Catalog> catalog;
};

}  // namespace

TEST_CASE("likeness of meaning adds to shared terms, and both add up to the score", "[recommend]") {
  const MeaningShop shop;
  const auto results = recommend_like(*shop.catalog, Ids{"flask"}, {});
  REQUIRE(results->size() == 3);
  for (const Recommended& result : *results) {
    const std::string_view id = shop.catalog->id(result.product);
    CAPTURE(id);
    const double cosine = id == "cup" ? 0.9 : id == "pot" ? 0.6 : 0.3;
    CHECK_THAT(result.similar_meaning, WithinAbs(kMeaningWeight * cosine, 0.003));
    CHECK_THAT(result.score, WithinAbs(result.shared_terms + result.similar_meaning, 0));
    double terms = 0;
    for (const TermContribution& term : result.terms) terms += term.score;
    CHECK_THAT(result.shared_terms, WithinAbs(terms, 1e-6));
    CHECK((result.shared_terms > 0) == (id != "pot"));  // "kitchen" of the cup, "steel" of the rail
  }
}

TEST_CASE("a query finds what it shares no word with by its meaning, where that is known and alike", "[recommend]") {
  const MeaningShop shop;
  const std::span<const float> meaning = std::span(shop.values).first(MeaningShop::kDimensions);
  CHECK(shop.ids_of(recommend_for_query(*shop.catalog, "thermos", {})).empty());
  const auto found = recommend_for_query(*shop.catalog, "thermos", {.meaning = meaning});
  CHECK(shop.ids_of(found) == Ids{"flask", "cup", "pot"});  // the rail's cosine, 0.3, is no reason
  CHECK_THAT((*found)[0].score, WithinAbs(kMeaningWeight, 0.003));
  CHECK((*found)[0].terms.empty());
  // Longer vectors, as the model makes them, are cut; shorter ones and such that are none are refused.
  std::vector<float> longer(meaning.begin(), meaning.end());
  longer.resize(384);
  CHECK(shop.ids_of(recommend_for_query(*shop.catalog, "thermos", {.meaning = longer})) == Ids{"flask", "cup", "pot"});
  CHECK(recommend_for_query(*shop.catalog, "x", {.meaning = meaning.first(16)}).error().code == ErrorCode::invalid_argument);
  longer[0] = NAN;
  CHECK(recommend_for_query(*shop.catalog, "x", {.meaning = longer}).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("a query without a meaning is answered by its terms, with their whole weight", "[recommend]") {
  const MeaningShop shop;
  const auto found = recommend_for_query(*shop.catalog, "steel steel steel rail rail rail tools tools c c", {});
  CHECK_THAT((*found)[0].score, WithinAbs(1, 1e-5));
}

TEST_CASE("exclusion holds for meanings too", "[recommend]") {
  const MeaningShop shop;
  const Ids excluded{"cup", "rail"};
  CHECK(shop.ids_of(recommend_like(*shop.catalog, Ids{"flask"}, {.exclude = excluded})) == Ids{"pot"});
}

TEST_CASE("filters keep what they allow, and fill k from it", "[recommend]") {
  const MeaningShop shop;
  const auto like_flask = [&](const ProductFilter& filter, std::uint32_t k = 5) {
    Ids ids = shop.ids_of(recommend_like(*shop.catalog, Ids{"flask"}, {.k = k, .filter = filter}));
    std::ranges::sort(ids);
    return ids;
  };
  const Ids kitchen_and_tea{"tea", "kitchen"};
  const Ids brand_b{"B"};
  const Ids brand_c{"C"};
  const Ids nowhere{"nowhere"};
  CHECK(like_flask({.categories = kitchen_and_tea}) == Ids{"cup", "pot"});
  CHECK(like_flask({.brands = brand_b}, 1) == Ids{"cup"});
  CHECK(like_flask({.brands = brand_c}, 1) == Ids{"rail"});
  CHECK(like_flask({.categories = nowhere}).empty());
  CHECK(like_flask({.greatest_price = 29.99}) == Ids{"rail"});  // what has no price does not pass
  CHECK(like_flask({.least_price = 5, .greatest_price = 30}) == Ids{"cup", "rail"});
  CHECK(like_flask({.least_price = 31}).empty());
  CHECK(like_flask({.least_price = 5, .categories = kitchen_and_tea, .brands = brand_c}).empty());
}
