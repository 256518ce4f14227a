#include "tasks/recommend.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "tasks/shop.h"
#include "tasks/terms.h"

using namespace aftersense;
using namespace aftersense::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;

namespace {

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

/// The definitions, in dictionaries and double precision: what the index must agree with.
struct Oracle {
  explicit Oracle(std::span<const ProductRecord> products) {
    for (const ProductRecord& product : products) {
      Vector of_product;
      const auto add = [&](std::string_view text, double count) {
        for (const std::string& term : split_terms(text)) of_product[term] += count;
      };
      add(product.title, 3), add(product.category, 2), add(product.brand, 2), add(product.description, 1);
      for (const std::string_view tag : product.tags) add(tag, 2);
      for (const auto& [term, count] : of_product) ++products_with[term], length += count;
      counts.push_back(of_product);
    }
    for (const Vector& row : counts) rows.push_back(weigh(row));
  }

  [[nodiscard]] Vector weigh(const Vector& row) const {
    Vector weights;
    for (const auto& [term, count] : row) {
      const double n = static_cast<double>(counts.size());
      weights[term] = (1 + std::log(count)) * (std::log((1 + n) / (1 + products_with.at(term))) + 1);
    }
    scale_to_unit(weights);
    return weights;
  }

  /// The mean of the cosines of a product with each of the others.
  [[nodiscard]] double mean_cosine(std::size_t product, const std::vector<std::size_t>& others) const {
    double sum = 0;
    for (const std::size_t other : others) sum += dot(rows[product], rows[other]);
    return sum / static_cast<double>(others.size());
  }

  /// Robertson and Zaragoza 2009, divided by what no product reaches.
  [[nodiscard]] double bm25(std::size_t product, const std::vector<std::string>& query) const {
    const double n = static_cast<double>(counts.size());
    double own_length = 0;
    for (const auto& [term, count] : counts[product]) own_length += count;
    double sum = 0;
    double greatest = 0;
    for (const std::string& term : query) {
      if (!products_with.contains(term)) continue;
      const double idf = std::log(1 + (n - products_with.at(term) + 0.5) / (products_with.at(term) + 0.5));
      greatest += idf * (1.2 + 1);
      if (!counts[product].contains(term)) continue;
      const double tf = counts[product].at(term);
      sum += idf * tf * (1.2 + 1) / (tf + 1.2 * (1 - 0.75 + 0.75 * own_length / (length / n)));
    }
    return greatest > 0 ? sum / greatest : 0;
  }

  std::map<std::string, double> products_with;
  double length = 0;  ///< of all products
  std::vector<Vector> counts;
  std::vector<Vector> rows;
};

/// Results must be the best k of the oracle's scores: each score right, scores descending, and none left out that is better than the last.
void check_against(std::vector<double> scores, const std::set<std::size_t>& excluded, std::size_t k,
                   const std::vector<Recommended>& results) {
  constexpr double kTolerance = 1e-5;  // float sums of at most a hundred terms of a unit vector
  for (const std::size_t i : excluded) scores[i] = 0;
  const auto eligible = static_cast<std::size_t>(std::ranges::count_if(scores, [](double score) { return score > 0; }));
  REQUIRE(results.size() == std::min(k, eligible));
  for (std::size_t i = 0; i < results.size(); ++i) {
    REQUIRE_THAT(results[i].why.score, WithinAbs(scores[results[i].row], kTolerance));
    if (i > 0) {
      const bool ordered = results[i - 1].why.score > results[i].why.score ||
                           (results[i - 1].why.score == results[i].why.score && results[i - 1].row < results[i].row);
      REQUIRE(ordered);
    }
    scores[results[i].row] = 0;
  }
  if (!results.empty()) REQUIRE(*std::ranges::max_element(scores) <= results.back().why.score + kTolerance);
}

}  // namespace

// Three products, four terms, n = 3. All terms stand in titles and count 3, "cup" of C counts 6.
// idf: red, cup (2 products) ln(4/3) + 1 = 1.287682; blue, lamp (1 product) ln(4/2) + 1 = 1.693147.
// A = (red, cup) = (0.707107, 0.707107); equal weights.
// B = (red, lamp) = (1.287682, 1.693147) / 2.127175 = (0.605349, 0.795961); the factor 1 + ln 3 cancels.
// C = (cup, blue) = ((1 + ln 6) · 1.287682, (1 + ln 3) · 1.693147) / 5.054597 = (0.711214, 0.702976).
TEST_CASE("similar products have the cosine computed by hand", "[recommend]") {
  const Shop shop(three_products());
  const auto results = shop.recommend_like({"A"});
  REQUIRE(shop.ids_of(results) == Ids{"C", "B"});
  CHECK_THAT((*results)[0].why.score, WithinAbs(0.502904, 1e-6));  // 0.707107 · 0.711214
  CHECK_THAT((*results)[1].why.score, WithinAbs(0.428046, 1e-6));  // 0.707107 · 0.605349
  REQUIRE((*results)[0].why.reasons.size() == 1);
  CHECK((*results)[0].why.reasons[0].kind == ReasonKind::kSharedTerms);
  CHECK((*results)[0].why.reasons[0].because == Ids{"A"});
  REQUIRE((*results)[0].why.terms.size() == 1);
  CHECK((*results)[0].why.terms[0].term == "cup");
  CHECK_THAT((*results)[0].why.terms[0].score, WithinAbs(0.502904, 1e-6));
}

TEST_CASE("products like several have the mean of the cosines with each", "[recommend]") {
  const Shop shop(three_products());
  const auto results = shop.recommend_like({"B", "C"});
  REQUIRE(shop.ids_of(results) == Ids{"A"});
  CHECK_THAT((*results)[0].why.score, WithinAbs((0.428046 + 0.502904) / 2, 1e-6));
  REQUIRE((*results)[0].why.terms.size() == 2);
  CHECK((*results)[0].why.terms[0].term == "cup");
  CHECK((*results)[0].why.terms[1].term == "red");
  CHECK((*results)[0].why.reasons[0].because == Ids{"C"});  // what it owes most to
  CHECK(shop.like({"C", "B"}) == shop.like({"B", "C"}));
  CHECK_THAT((*shop.recommend_like({"B", "C", "C"}))[0].why.score, WithinAbs((0.428046 + 2 * 0.502904) / 3, 1e-6));
}

// Lengths: A 6, B 6, C 9 (blue 3, cup 6), mean 7. idf of red and cup: ln(1 + 1.5 / 2.5) = 0.470004, of lamp ln(1 + 2.5 / 1.5) = 0.980829.
TEST_CASE("a query has the BM25 computed by hand, as a share of the greatest", "[recommend]") {
  const Shop shop(three_products());
  const auto results = shop.recommend_for_query("Red sofa, red CUPS");  // "sofa" is unknown; red counts twice
  REQUIRE(shop.ids_of(results) == Ids{"A", "B", "C"});
  // Saturation of 3 in 6 of 7: 3 / (3 + 1.2 (0.25 + 0.75 · 6 / 7)) = 0.736842; of 6 in 9 of 7: 6 / (6 + 1.2 (0.25 + 0.75 · 9 / 7)) =
  // 0.804598.
  CHECK_THAT((*results)[0].why.score, WithinAbs(0.736842, 1e-6));
  CHECK_THAT((*results)[1].why.score, WithinAbs(0.736842 * 2 / 3, 1e-6));
  CHECK_THAT((*results)[2].why.score, WithinAbs(0.804598 / 3, 1e-6));
  CHECK((*results)[0].why.reasons[0].because.empty());
  const auto rare = shop.recommend_for_query("red lamp");
  CHECK_THAT((*rare)[1].why.score, WithinAbs(0.736842 * 0.470004 / (0.470004 + 0.980829), 1e-6));
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
  const auto scores_of = [&](const auto& score) {
    std::vector<double> scores;
    for (std::size_t i = 0; i < ids.size(); ++i) scores.push_back(score(i));
    return scores;
  };
  for (int trial = 0; trial < 20; ++trial) {
    const std::uint32_t k = 1 + random() % 12;
    std::set<std::size_t> excluded;
    Ids excluded_ids{"not in the catalogue"};
    for (std::size_t n = random() % 4; n > 0; --n) excluded_ids.push_back(ids[*excluded.insert(random() % ids.size()).first]);
    const SelectionOptions options{.k = k, .exclude = excluded_ids};

    const std::string& query = texts[random() % texts.size()];
    check_against(scores_of([&](std::size_t i) { return oracle.bm25(i, split_terms(query)); }), excluded, k,
                  *shop.recommend_for_query(query, options));

    std::vector<std::size_t> sources;
    Ids source_ids;
    for (std::size_t n = 1 + random() % 3; n > 0; --n) {
      sources.push_back(random() % ids.size());
      source_ids.push_back(ids[sources.back()]);
    }
    excluded.insert(sources.begin(), sources.end());
    check_against(scores_of([&](std::size_t i) { return oracle.mean_cosine(i, sources); }), excluded, k,
                  *shop.recommend_like(source_ids, options));
  }
}

TEST_CASE("the contributions of all shared terms add up to the score", "[recommend]") {
  std::mt19937 random(7);
  const std::vector<std::string> ids = numbered_ids(50);
  std::vector<std::string> texts;
  const Shop shop(random_products(random, ids, texts));
  const auto results = shop.recommend_for_query("red steel kettle lamp", {.k = 50});  // four terms, so that none goes unlisted
  REQUIRE(results->size() > 20);
  for (const Recommended& result : *results) {
    double sum = 0;
    for (const TermContribution& term : result.why.terms) {
      CHECK(term.score > 0);
      sum += term.score;
    }
    CHECK(std::ranges::is_sorted(result.why.terms, std::ranges::greater{}, &TermContribution::score));
    CHECK_THAT(sum, WithinAbs(result.why.score, 1e-12));
  }
}

TEST_CASE("at most five terms are listed, the strongest", "[recommend]") {
  const std::vector<ProductRecord> products{{.id = "a", .title = "one two", .description = "three four five six seven"},
                                            {.id = "b", .title = "one two", .description = "three four five six seven"}};
  const Shop shop(products);
  const auto results = shop.recommend_like({"a"});
  REQUIRE(results->size() == 1);
  const auto& terms = (*results)[0].why.terms;
  REQUIRE(terms.size() == 5);
  CHECK(terms[0].term == "one");
  CHECK(terms[1].term == "two");
  CHECK(terms[2].term == "five");  // equal contributions follow in the order of the terms
  CHECK((*results)[0].why.score <= 1);
  CHECK_THAT((*results)[0].why.score, WithinAbs(1, 1e-6));
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
    const auto results = shop.recommend_like({id});
    CHECK((*results)[0].why.score <= 1);
    CHECK_THAT((*results)[0].why.score, WithinAbs(1, 1e-6));  // its twin, or another of the same text
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
  CHECK(shop.recommend_like(known, {.k = k}).error().code == ErrorCode::invalid_argument);
  CHECK(shop.recommend_for_query("cup", {.k = k}).error().code == ErrorCode::invalid_argument);
  CHECK(shop.recommend_like({}).error().code == ErrorCode::invalid_argument);
  CHECK(shop.recommend_like(unknown).error().code == ErrorCode::unknown_product);
  CHECK_THAT(shop.recommend_like(unknown).error().message, ContainsSubstring("\"D\""));
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
  const auto by_id = [](const Shop& of, const Result<std::vector<Recommended>>& results) {
    std::map<std::string_view, double> scores;
    for (const Recommended& result : *results) scores[of.products.id(result.row)] = result.why.score;
    return scores;
  };
  for (const std::string& id : ids) {
    CHECK(by_id(shop, shop.recommend_like({id}, {.k = 40})) == by_id(shuffled, shuffled.recommend_like({id}, {.k = 40})));
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
    CHECK(shop.products.id(results[i].row) == hit[0]);
    CHECK_THAT(results[i].why.score, WithinAbs(std::strtod(hit[1].c_str(), nullptr), 2e-6));  // written with six decimals
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
    check_golden(shop, *shop.recommend_like(Ids(ids.begin(), ids.end())), line[2]);
  }
  for (const std::vector<std::string>& line : golden_lines("query\t")) {
    CAPTURE(line[1]);
    check_golden(shop, *shop.recommend_for_query(line[1]), line[2]);
  }
}

namespace {

constexpr std::size_t kDimensions = 32;

/// Unit vectors that have the cosines 1, 0.9, 0.6 and 0.3 with the first one.
std::vector<float> four_vectors() {
  std::vector<float> values(4 * kDimensions);
  const float cosines[] = {1.0F, 0.9F, 0.6F, 0.3F};
  for (std::size_t i = 0; i < 4; ++i) {
    values[i * kDimensions] = cosines[i];
    values[i * kDimensions + 1 + i] = std::sqrt(1 - cosines[i] * cosines[i]);
  }
  return values;
}

/// Four products with those vectors.
struct MeaningShop {
  static std::vector<ProductRecord> records() {
    return {{.id = "flask", .title = "steel flask", .category = "kitchen", .brand = "A", .price = 20},
            {.id = "cup", .title = "保温杯", .category = "kitchen", .brand = "B", .price = 30},
            {.id = "pot", .title = "teapot", .category = "tea", .brand = "A"},
            {.id = "rail", .title = "steel rail", .category = "tools", .brand = "C", .price = 5}};
  }
  std::vector<float> values = four_vectors();
  Shop shop{records(), {.vectors = {.model = "base 1", .dimensions = kDimensions, .values = values}}};
};

}  // namespace

TEST_CASE("likeness of meaning adds to shared terms, and both add up to the score", "[recommend]") {
  const MeaningShop meaning;
  const auto results = meaning.shop.recommend_like({"flask"});
  REQUIRE(results->size() == 3);
  for (const Recommended& result : *results) {
    const std::string_view id = meaning.shop.products.id(result.row);
    CAPTURE(id);
    const double cosine = id == "cup" ? 0.9 : id == "pot" ? 0.6 : 0.3;
    CHECK_THAT(added_by(result, ReasonKind::kSimilarMeaning), WithinAbs(kMeaningWeight * cosine, 0.003));
    const double shared = added_by(result, ReasonKind::kSharedTerms);
    CHECK_THAT(result.why.score, WithinAbs(shared + added_by(result, ReasonKind::kSimilarMeaning), 0));
    double terms = 0;
    for (const TermContribution& term : result.why.terms) terms += term.score;
    CHECK_THAT(shared, WithinAbs(terms, 1e-6));
    CHECK((shared > 0) == (id != "pot"));  // "kitchen" of the cup, "steel" of the rail
  }
}

TEST_CASE("a query finds what it shares no word with by its meaning, where that is known and alike", "[recommend]") {
  const MeaningShop meaning;
  const Shop& shop = meaning.shop;
  const std::span<const float> wanted = std::span(meaning.values).first(kDimensions);
  CHECK(shop.query("thermos").empty());
  const auto found = shop.recommend_for_query("thermos", {}, wanted);
  CHECK(shop.ids_of(found) == Ids{"flask", "cup", "pot"});  // the rail's cosine, 0.3, is no reason
  CHECK_THAT((*found)[0].why.score, WithinAbs(kMeaningWeight, 0.003));
  CHECK((*found)[0].why.terms.empty());
  // Longer vectors, as the model makes them, are cut; shorter ones and such that are none are refused.
  std::vector<float> longer(wanted.begin(), wanted.end());
  longer.resize(384);
  CHECK(shop.ids_of(shop.recommend_for_query("thermos", {}, longer)) == Ids{"flask", "cup", "pot"});
  CHECK(shop.recommend_for_query("x", {}, wanted.first(16)).error().code == ErrorCode::invalid_argument);
  longer[0] = NAN;
  CHECK(shop.recommend_for_query("x", {}, longer).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("a query without a meaning is answered by its terms, with their whole weight", "[recommend]") {
  const MeaningShop with;
  const Shop without(MeaningShop::records());
  const auto scores = [](const Result<std::vector<Recommended>>& results) {
    std::vector<double> all;
    for (const Recommended& result : *results) all.push_back(result.why.score);
    return all;
  };
  REQUIRE_FALSE(scores(without.recommend_for_query("steel rail kitchen")).empty());
  CHECK(scores(with.shop.recommend_for_query("steel rail kitchen")) == scores(without.recommend_for_query("steel rail kitchen")));
}

TEST_CASE("exclusion holds for meanings too", "[recommend]") {
  const MeaningShop meaning;
  const Ids excluded{"cup", "rail"};
  CHECK(meaning.shop.like({"flask"}, {.exclude = excluded}) == Ids{"pot"});
}

namespace {

/// The products of a shop in several files, as shards are, their terms counted over all.
struct ShardedShop {
  ShardedShop(std::span<const ProductRecord> products, std::size_t shards) {
    CorpusStatistics corpus;
    for (const ProductRecord& product : products) corpus.add(product);
    std::vector<const Catalog*> catalogs;
    const std::size_t size = (products.size() + shards - 1) / shards;
    for (std::size_t begin = 0; begin < products.size(); begin += size) {
      const auto part = products.subspan(begin, std::min(size, products.size() - begin));
      parts.push_back(std::make_unique<Shop>(part, CatalogOptions{.corpus = &corpus}));
      catalogs.push_back(&parts.back()->catalog);
    }
    set.emplace(catalogs);
  }
  std::vector<std::unique_ptr<Shop>> parts;
  std::optional<CatalogSet> set;
};

/// Ids and scores, equal within rounding.
void check_same(const CatalogSet& a, const Result<std::vector<Recommended>>& left, const CatalogSet& b,
                const Result<std::vector<Recommended>>& right) {
  REQUIRE(left->size() == right->size());
  for (std::size_t i = 0; i < left->size(); ++i) {
    CHECK(a.id((*left)[i].row) == b.id((*right)[i].row));
    CHECK_THAT((*left)[i].why.score, WithinAbs((*right)[i].why.score, 1e-6));
  }
}

}  // namespace

TEST_CASE("several catalogues recommend as one of all their products does", "[recommend]") {
  const auto seed = GENERATE(range(1u, 6u));
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::vector<std::string> ids = numbered_ids(60);
  std::vector<std::string> texts;
  const std::vector<ProductRecord> products = random_products(random, ids, texts);
  const Shop whole(products);
  const ShardedShop sharded(products, 4);
  REQUIRE(sharded.set->size() == whole.products.size());
  for (std::size_t i = 0; i < 20; ++i) {
    const Ids sources{ids[i], ids[59 - i]};
    const RecommendOptions options{.selection = {.k = 10}};
    check_same(whole.products, whole.recommend_like(sources, {.k = 10}), *sharded.set, recommend_like(*sharded.set, sources, options));
    check_same(whole.products, whole.recommend_for_query(texts[i * 5], {.k = 10}), *sharded.set,
               recommend_for_query(*sharded.set, {texts[i * 5], 1, {}}, options));
  }
}

TEST_CASE("a catalogue that is not there recommends nothing", "[recommend]") {
  const CatalogSet none(std::span<const Catalog* const>{});
  CHECK(recommend_for_query(none, {"cup", 1, {}}, {})->empty());
  CHECK(recommend_by_history(none, {}, {}, {})->empty());
}
