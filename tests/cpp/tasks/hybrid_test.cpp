#include "tasks/hybrid.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <tuple>

#include "catch_amalgamated.hpp"
#include "tasks/catalog_files.h"
#include "tasks/fold_in.h"
#include "tasks/interactions.h"
#include "tasks/shop.h"

// The golden histories of tests/golden/interactions.json are held against this in tests/web/recommend/.

using namespace aftersense;
using namespace aftersense::test;
using Catch::Matchers::WithinAbs;

namespace {

std::vector<ProductRecord> furniture() {
  return {{.id = "lamp", .title = "desk lamp"},
          {.id = "bulb", .title = "bulb for a lamp"},
          {.id = "desk", .title = "oak desk"},
          {.id = "chair", .title = "oak chair"},
          {.id = "rug", .title = "rug"}};
}

/// lamp → bulb by a rule and as neighbours; chair and desk → lamp; themes 0 (light) and 1 (wood); nobody bought the rug.
schema::InteractionsT furniture_orders() {
  schema::InteractionsT learnt;
  learnt.popularity = {1.0F, 0.5F, 0.25F, 0.1F, 0.0F};
  learnt.neighbour_offsets = {0, 1, 2, 3, 3, 3};
  learnt.neighbours = {{1, 0.5F}, {0, 0.5F}, {1, 0.2F}};
  learnt.rule_offsets = {0, 1, 1, 1, 2, 2};
  learnt.rules = {{1, 0.1F, 0.6F, 2, 0, 0}, {0, 0.05F, 0.9F, 4, 0, 1}};
  learnt.rule_others = {2};
  learnt.theme_count = 2;
  learnt.theme_offsets = {0, 0, 1, 3, 3, 3};
  learnt.themes = {{0, 1.0F}, {0, 0.6F}, {1, 0.8F}};
  learnt.factors = std::make_unique<schema::FactorsT>();
  learnt.factors->size = 2;
  learnt.factors->regularisation = 1;
  learnt.factors->alpha = 2;
  learnt.factors->gram = {2, 1, 1, 2};
  learnt.factors->rows = {1, 0, 1, 1, 0, 1, 0, 0, 0, 0};
  learnt.ratings = std::make_unique<schema::RatingsT>();
  learnt.ratings->mean = 3;
  learnt.ratings->size = 1;
  learnt.ratings->regularisation = 1;
  learnt.ratings->bias_regularisation = 1;
  learnt.ratings->biases = {NAN, 0.5F, -0.5F, NAN, NAN};
  learnt.ratings->rows = {0, 1, 2, 0, 0};
  learnt.repeat_days.assign(5, NAN);
  learnt.ranker = std::make_unique<schema::RankerT>();
  learnt.ranker->sharpness = 10;
  learnt.ranker->popularity = 1;
  learnt.ranker->neighbours = 2;
  learnt.ranker->rules = 3;
  learnt.ranker->themes = 0.5;
  return learnt;
}

/// The furniture, with what its orders taught.
struct OrderedShop {
  explicit OrderedShop(const schema::InteractionsT& learnt = furniture_orders())
      : extras(learnt, {}), shop(furniture(), {.interactions = extras.interactions()}) {}
  Extras extras;
  Shop shop;

  [[nodiscard]] std::vector<float> scores(ReasonKind method, const std::vector<WeightedRow>& history) const {
    const OrderScores orders(shop.products, history);
    const std::span<const float> scores = orders.scores(method);
    return {scores.begin(), scores.end()};
  }
  [[nodiscard]] Result<std::vector<Recommended>> for_history(const std::vector<HistoryItem>& history, const RecommendOptions& options = {},
                                                             const std::vector<WeightedText>& searches = {}) const {
    return recommend_by_history(shop.products, history, searches, options);
  }
};

}  // namespace

TEST_CASE("a positive definite system is solved, another is refused", "[recommend]") {
  const auto size = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{17}, std::size_t{64});
  std::mt19937 random(static_cast<unsigned>(size));
  std::normal_distribution<double> normal;
  std::vector<double> a(size * size);
  std::vector<double> x(size);
  for (double& value : x) value = normal(random);
  for (std::size_t n = 0; n < 2 * size; ++n) {
    std::vector<double> v(size);
    for (double& value : v) value = normal(random);
    for (std::size_t i = 0; i < size * size; ++i) a[i] += v[i / size] * v[i % size];
  }
  for (std::size_t i = 0; i < size; ++i) a[i * size + i] += 0.5;
  std::vector<double> b(size);
  for (std::size_t i = 0; i < size * size; ++i) b[i / size] += a[i] * x[i % size];
  const auto found = solve(a, b);
  REQUIRE(found);
  for (std::size_t i = 0; i < size; ++i) CHECK_THAT((*found)[i], WithinAbs(x[i], 1e-8));

  CHECK_FALSE(solve({-1}, {1}));
  CHECK_FALSE(solve({1, 2, 2, 1}, {1, 1}));
  CHECK_FALSE(solve({std::numeric_limits<double>::quiet_NaN()}, {1}));
  CHECK_FALSE(solve({1}, {std::numeric_limits<double>::infinity()}));
}

TEST_CASE("a history folds in as it does by hand", "[recommend]") {
  const OrderedShop ordered;
  // A = [[2, 1], [1, 2]] + I + (2 · 1 − 1) [1, 0]ᵀ[1, 0] = [[4, 1], [1, 3]]; b = 2 [1, 0]; x = [6, −2] / 11.
  const std::vector<float> scores = ordered.scores(ReasonKind::kFactors, {{0, 1.0}});
  CHECK_THAT(scores[0], WithinAbs(6.0 / 11, 1e-6));
  CHECK_THAT(scores[1], WithinAbs(4.0 / 11, 1e-6));
  CHECK(scores[2] == 0);  // less than nothing counts as nothing
  CHECK(scores[4] == 0);
  // The rug has no factors.
  for (const float score : ordered.scores(ReasonKind::kFactors, {{4, 1.0}})) CHECK(score == 0);
}

TEST_CASE("factors that cannot be solved say nothing", "[recommend]") {
  schema::InteractionsT learnt = furniture_orders();
  learnt.factors->gram = {-5, 0, 0, -5};
  const OrderedShop ordered(learnt);
  for (const float score : ordered.scores(ReasonKind::kFactors, {{0, 1.0}})) CHECK(score == 0);
}

TEST_CASE("weights of neighbours add up, and the best rule counts all of whose products the history has", "[recommend]") {
  const OrderedShop ordered;
  CHECK_THAT(ordered.scores(ReasonKind::kNeighbours, {{0, 2.0}, {2, 0.5}})[1], WithinAbs(2 * 0.5 + 0.5 * 0.2, 1e-6));
  CHECK(ordered.scores(ReasonKind::kRules, {{0, 2.0}, {2, 0.5}}) == std::vector<float>{0, 0.6F, 0, 0, 0});
  CHECK(ordered.scores(ReasonKind::kRules, {{3, 1.0}})[0] == 0);
  CHECK(ordered.scores(ReasonKind::kRules, {{2, 1.0}, {3, 1.0}})[0] == 0.9F);
}

TEST_CASE("themes count by their shares in the history, and by their size in what is found", "[recommend]") {
  const OrderedShop ordered;
  // The desk is 3/7 light and 4/7 wood, the bulb all light: (1 · 1 + 3 · 3/7) / 4 = 4/7 light, 3/7 wood.
  const std::vector<float> scores = ordered.scores(ReasonKind::kThemes, {{1, 1.0}, {2, 3.0}});
  CHECK_THAT(scores[1], WithinAbs(4.0 / 7, 1e-6));
  CHECK_THAT(scores[2], WithinAbs(0.6 * 4 / 7 + 0.8 * 3 / 7, 1e-6));
}

TEST_CASE("the rank is the sum of what the methods add, each told with what it comes from", "[recommend]") {
  const OrderedShop ordered;
  const auto found = ordered.for_history({{"lamp", 1}});
  REQUIRE_FALSE(found->empty());
  const Recommended& first = found->front();
  CHECK(ordered.shop.products.id(first.row) == "bulb");
  REQUIRE(first.why.reasons.size() == 3);
  const auto [rules, neighbours, popularity] = std::tie(first.why.reasons[0], first.why.reasons[1], first.why.reasons[2]);
  CHECK(rules.kind == ReasonKind::kRules);
  CHECK_THAT(rules.measure, WithinAbs(0.6, 1e-7));
  CHECK_THAT(rules.score, WithinAbs(3 * std::log1p(10), 1e-12));
  CHECK(rules.because == Ids{"lamp"});
  CHECK(neighbours.kind == ReasonKind::kNeighbours);
  CHECK_THAT(neighbours.score, WithinAbs(2 * std::log1p(10), 1e-12));
  CHECK(neighbours.because == Ids{"lamp"});
  CHECK(popularity.kind == ReasonKind::kPopularity);
  CHECK_THAT(popularity.score, WithinAbs(std::log1p(10), 1e-12));  // the lamp's, which is higher, is in the history
  CHECK(first.why.score == rules.score + neighbours.score + popularity.score);
}

TEST_CASE("ranks in floats are those that the reasons add up to", "[recommend]") {
  const auto sharpness = GENERATE(0.5, 10.0, 1e6);
  schema::InteractionsT learnt = furniture_orders();
  learnt.ranker->sharpness = sharpness;
  learnt.ranker->factors = 0.7;
  learnt.ranker->content = 1.3;
  const OrderedShop ordered(learnt);
  const CatalogSet& products = ordered.shop.products;
  for (std::uint32_t row = 0; row < products.size(); ++row) {
    const std::vector<WeightedRow> history{{row, 0.3}};
    const std::vector<Source> sources{{products.place(row), 0.3}};
    const HybridScores hybrid(products, history, sources, want_like(products, history, {}));
    for (std::uint32_t other = 0; other < products.size(); ++other) {
      const double exact = hybrid.explain(other).score;
      CHECK_THAT(hybrid.scores()[other], WithinAbs(exact, 1e-6 * (1 + exact)));
    }
  }
}

TEST_CASE("an empty history, or one of unknown products, gets what is popular, and nothing that nobody bought", "[recommend]") {
  const auto weight = GENERATE(1.0, 0.0);  // without the ranker's weight, too
  schema::InteractionsT learnt = furniture_orders();
  learnt.ranker->popularity = weight;
  const OrderedShop ordered(learnt);
  CHECK(ordered.shop.ids_of(ordered.for_history({})) == Ids{"lamp", "bulb", "desk", "chair"});
  CHECK(ordered.shop.ids_of(ordered.for_history({{"of another shop", 1}})) == Ids{"lamp", "bulb", "desk", "chair"});
}

TEST_CASE("searches alone are answered by content, even where the ranker gives it no weight", "[recommend]") {
  schema::InteractionsT learnt = furniture_orders();
  learnt.ranker->content = 0;
  const OrderedShop ordered(learnt);
  const auto found = ordered.for_history({}, {}, {{"oak", 1, {}}});
  REQUIRE_FALSE(found->empty());
  CHECK(added_by(found->front(), ReasonKind::kSharedTerms) > 0);
}

TEST_CASE("content counts in a history as the ranker says, told as terms", "[recommend]") {
  schema::InteractionsT learnt = furniture_orders();
  learnt.ranker->popularity = learnt.ranker->neighbours = learnt.ranker->rules = learnt.ranker->themes = 0;
  learnt.ranker->content = 2;
  const OrderedShop ordered(learnt);
  const auto found = ordered.for_history({{"desk", 1}});
  CHECK(ordered.shop.ids_of(found).size() == 2);  // the chair is of oak, the lamp for desks; the rug shares nothing
  CHECK_THAT(found->front().why.score, WithinAbs(2 * std::log1p(10), 1e-6));
  for (const Recommended& each : *found) {
    REQUIRE(each.why.reasons.size() == 1);
    CHECK(each.why.reasons[0].kind == ReasonKind::kSharedTerms);
    CHECK(each.why.reasons[0].because == Ids{"desk"});
    double terms = 0;
    for (const TermContribution& term : each.why.terms) terms += term.score;
    CHECK_THAT(terms, WithinAbs(each.why.score, 1e-12));
  }
  // A search says as much as a product would.
  const auto searched = ordered.for_history({}, {}, {{"a rug", 1, {}}});
  CHECK(ordered.shop.ids_of(searched) == Ids{"rug"});
  CHECK(searched->front().why.reasons[0].because.empty());
}

TEST_CASE("without orders content says the rank of a history", "[recommend]") {
  const Shop shop(furniture());
  const std::vector<HistoryItem> history{{"desk", 1}};
  const auto found = recommend_by_history(shop.products, history, {}, {});
  CHECK(shop.ids_of(found) == shop.like({"desk"}));
  CHECK_THAT(found->front().why.score, WithinAbs((*shop.recommend_like({"desk"}))[0].why.score, 1e-12));
  CHECK(recommend_by_history(shop.products, {}, {}, {})->empty());
}

TEST_CASE("what was bought is left out, unless it is kept", "[recommend]") {
  const OrderedShop ordered;
  const std::vector<HistoryItem> history{{"lamp", 0.5}, {"lamp", 0.5}};
  const Ids others = ordered.shop.ids_of(ordered.for_history(history));
  CHECK(std::ranges::find(others, "lamp") == others.end());
  const auto kept = ordered.for_history(history, {.keep_history = true});
  CHECK(ordered.shop.ids_of(kept).size() == others.size() + 1);
}

TEST_CASE("weights of a history must be above 0 and finite", "[recommend]") {
  const OrderedShop ordered;
  const double weight = GENERATE(0.0, -1.0, 2e6, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity());
  CHECK(ordered.for_history({{"lamp", weight}}).error().code == ErrorCode::invalid_argument);
  CHECK(ordered.for_history({}, {}, {{"lamp", weight, {}}}).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("stars are expected by mean, bias, and the shopper's own ratings", "[recommend]") {
  const OrderedShop ordered;
  const auto expected = [&](const std::vector<GivenRating>& ratings) {
    std::map<std::string_view, double> stars;
    const RecommendOptions options{.ratings = ratings};
    const auto found = ordered.for_history({}, options);
    for (const Recommended& each : *found) stars[ordered.shop.products.id(each.row)] = each.expected_rating;
    return stars;
  };
  auto stars = expected({});
  CHECK_THAT(stars["bulb"], WithinAbs(3.5, 1e-12));
  CHECK_THAT(stars["desk"], WithinAbs(2.5, 1e-12));
  CHECK(std::isnan(stars["lamp"]));
  // Of one rating 5 of the bulb: residual 1.5, column [1, 1], so x = 1.5 / 3 in both.
  CHECK_THAT(expected({{"bulb", 5}})["desk"], WithinAbs(2.5 + 0.5 + 0.5 * 2, 1e-12));
  CHECK(expected({{"bulb", 5}, {"desk", 5}})["desk"] <= 5);
  const double star = GENERATE(0.0, 5.5, std::numeric_limits<double>::quiet_NaN());
  const std::vector<GivenRating> wrong{{"bulb", star}};
  CHECK(ordered.for_history({}, {.ratings = wrong}).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("products of a catalogue without orders rank beside those of one with", "[recommend]") {
  const OrderedShop ordered;
  const std::vector<ProductRecord> others{{.id = "stool", .title = "oak stool for a desk"}};
  const Shop without(others);
  const CatalogSet both(std::vector<const Catalog*>{&without.catalog, &ordered.shop.catalog});
  const std::vector<HistoryItem> history{{"lamp", 1}};
  const auto found = recommend_by_history(both, history, {}, {});
  CHECK(both.id(found->front().row) == "bulb");
  CHECK(found->front().why.score == ordered.for_history(history)->front().why.score);
}
