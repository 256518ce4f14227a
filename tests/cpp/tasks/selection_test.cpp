#include "tasks/selection.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <random>
#include <string>

#include "catch_amalgamated.hpp"
#include "tasks/shop.h"

using namespace aftersense;
using namespace aftersense::test;
using Catch::Matchers::WithinAbs;

namespace {

Ids select(const Shop& shop, const std::vector<float>& scores, const SelectionOptions& options, const LeftOut& left_out = {}) {
  Ids ids;
  for (const std::uint32_t row : select_rows(shop.products, scores, left_out, options)) ids.push_back(shop.products.id(row));
  return ids;
}

std::vector<ProductRecord> cups() {
  return {{.id = "a1", .title = "red cup", .category = "cups", .brand = "A", .price = 20, .group = "red", .seller = "x"},
          {.id = "a2", .title = "red cup", .category = "cups", .brand = "A", .price = 30, .sale_price = 10, .group = "red", .seller = "y"},
          {.id = "b", .title = "red cup", .category = "mugs", .brand = "B", .price = 5, .availability = schema::Availability::out_of_stock},
          {.id = "c", .title = "oak desk", .category = "desks", .brand = "A", .seller = "x"},
          {.id = "d", .title = "lamp", .category = "lamps", .price = 40, .availability = schema::Availability::preorder}};
}

const std::vector<float> kFalling = {5, 4, 3, 2, 1};

}  // namespace

TEST_CASE("selection keeps what filters allow", "[recommend]") {
  const Shop shop(cups());
  const auto found = [&](const ProductFilter& filter) { return select(shop, kFalling, {.filter = filter}); };
  const Ids cups_and_desks{"cups", "desks"};
  const Ids brand_b{"B"};
  const Ids seller_x{"x"};
  const Ids seller_y{"y"};
  const Ids nothing{"nothing"};
  CHECK(found({}) == Ids{"a1", "c", "d"});
  CHECK(found({.sold_out = true}) == Ids{"a1", "b", "c", "d"});
  CHECK(found({.categories = cups_and_desks}) == Ids{"a1", "c"});
  CHECK(found({.brands = brand_b}).empty());
  CHECK(found({.brands = brand_b, .sold_out = true}) == Ids{"b"});
  CHECK(found({.sellers = seller_x}) == Ids{"a1", "c"});
  CHECK(found({.sellers = seller_y}) == Ids{"a2"});   // the other variant may not be shown
  CHECK(found({.greatest_price = 15}) == Ids{"a2"});  // what it costs now
  CHECK(found({.least_price = 20, .greatest_price = 40}) == Ids{"a1", "d"});
  CHECK(found({.least_price = 0}) == Ids{"a1", "d"});  // what has no price passes no bound
  CHECK(found({.categories = nothing}).empty());
}

TEST_CASE("one variant of a group is shown, the best, and the list is filled from the others", "[recommend]") {
  std::vector<ProductRecord> products;
  std::vector<std::string> ids;
  for (int i = 0; i < 50; ++i) ids.push_back("v" + std::to_string(i));
  for (const std::string& id : ids) products.push_back({.id = id, .title = "shirt", .group = "shirt"});
  products.push_back({.id = "hat", .title = "hat"});
  products.push_back({.id = "sock", .title = "sock", .group = "sock"});
  const Shop shop(products);
  std::vector<float> scores(52);
  std::iota(scores.rbegin(), scores.rend(), 1.0F);
  CHECK(select(shop, scores, {.k = 3}) == Ids{"v0", "hat", "sock"});
  CHECK(select(shop, scores, {.k = 2}) == Ids{"v0", "hat"});
  CHECK(select(shop, scores, {.k = 3}, {.rows = {50}, .groups = {"shirt"}}) == Ids{"sock"});
}

TEST_CASE("what scores nothing is never shown", "[recommend]") {
  const Shop shop(cups());
  CHECK(select(shop, {0, 0, 0, 0, 0}, {.diversity = 1}).empty());
  CHECK(select(shop, {0, 0, 0, 0, 0.5F}, {.k = 1000, .diversity = 0.5, .fairness = 0.5}) == Ids{"d"});
}

TEST_CASE("diversity takes what is unlike before what is alike", "[recommend]") {
  std::vector<ProductRecord> products = cups();
  for (ProductRecord& product : products) product.group = "", product.availability = schema::Availability::in_stock;
  const Shop shop(products);
  CHECK(select(shop, kFalling, {}) == Ids{"a1", "a2", "b", "c", "d"});
  const Ids diverse = select(shop, kFalling, {.diversity = 0.5});
  CHECK(Ids(diverse.begin(), diverse.begin() + 3) == Ids{"a1", "c", "d"});
  CHECK(diverse.size() == 5);
  CHECK(select(shop, kFalling, {.k = 2, .diversity = 0.01}) == Ids{"a1", "a2"});
}

TEST_CASE("likeness is of meanings where products have them", "[recommend]") {
  // a and c mean the same, though they share no word; a and b share their words.
  const std::vector<ProductRecord> products{{.id = "a", .title = "red cup"}, {.id = "b", .title = "red cup"}, {.id = "c", .title = "杯子"}};
  std::vector<float> values(3 * 32);
  values[0] = values[2 * 32] = 1;
  values[32 + 1] = 1;
  const Shop shop(products, {.vectors = {.model = "base 1", .dimensions = 32, .values = values}});
  CHECK(select(shop, {3, 2, 2.5F}, {.diversity = 0.5}) == Ids{"a", "b", "c"});
}

TEST_CASE("selection refuses what is out of range", "[recommend]") {
  const Shop shop(cups());
  const double bad = GENERATE(-0.1, 1.1, std::numeric_limits<double>::quiet_NaN());
  CHECK(shop.recommend_like({"a1"}, {.diversity = bad}).error().code == ErrorCode::invalid_argument);
  CHECK(shop.recommend_like({"a1"}, {.fairness = bad}).error().code == ErrorCode::invalid_argument);
  const std::vector<SellerExposure> exposed{{"x", std::numeric_limits<double>::infinity()}};
  CHECK(shop.recommend_like({"a1"}, {.exposed = exposed}).error().code == ErrorCode::invalid_argument);
}

namespace {

/// Twenty products of two sellers, "big" and "small", which are nearly as relevant.
Shop market(std::vector<std::string>& ids) {
  for (int i = 0; i < 20; ++i) ids.push_back("m" + std::to_string(i));
  std::vector<ProductRecord> products;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    products.push_back({.id = ids[i], .title = "cup", .seller = i % 2 == 0 ? "big" : "small"});
  }
  return Shop(products);
}

struct Outcome {
  double disparity;  ///< how far the exposure of one seller is from its share of the relevance, at the end
  double ndcg;       ///< mean over the sessions
};

double discounted(std::span<const float> relevance) {
  double sum = 0;
  for (std::size_t i = 0; i < relevance.size(); ++i) sum += static_cast<double>(relevance[i]) / std::log2(2.0 + static_cast<double>(i));
  return sum;
}

/// 200 lists of five, whose relevances are drawn anew for each; the big seller's are a little higher.
Outcome simulate(const Shop& shop, double fairness) {
  std::mt19937 random(11);
  std::uniform_real_distribution<float> noise(0.9F, 1.0F);
  std::map<std::string_view, double> shown{{"big", 0}, {"small", 0}};
  std::map<std::string_view, double> merit = shown;
  double ndcg = 0;
  for (int session = 0; session < 200; ++session) {
    std::vector<float> scores(20);
    for (std::size_t i = 0; i < scores.size(); ++i) scores[i] = noise(random) * (i % 2 == 0 ? 1.0F : 0.95F);
    const std::vector<SellerExposure> before{{"big", shown["big"]}, {"small", shown["small"]}};
    const auto rows = select_rows(shop.products, scores, {}, {.k = 5, .fairness = fairness, .exposed = before});
    std::vector<float> relevance;
    for (std::size_t place = 0; place < rows.size(); ++place) {
      relevance.push_back(scores[rows[place]]);
      shown[text_of(shop.products.product(rows[place]).seller())] += 1 / std::log2(2.0 + static_cast<double>(place));
    }
    for (std::size_t i = 0; i < scores.size(); ++i) merit[i % 2 == 0 ? "big" : "small"] += static_cast<double>(scores[i]);
    std::ranges::sort(scores, std::ranges::greater{});
    ndcg += discounted(relevance) / discounted(std::span(scores).first(5)) / 200;
  }
  const auto share = [](std::map<std::string_view, double>& of) { return of["small"] / (of["small"] + of["big"]); };
  return {share(merit) - share(shown), ndcg};
}

}  // namespace

TEST_CASE("over many lists fairness draws sellers' exposure towards their merit, at little cost", "[recommend][fairness]") {
  std::vector<std::string> ids;
  const Shop shop = market(ids);
  const Outcome unfair = simulate(shop, 0);
  CHECK(unfair.disparity > 0.4);
  CHECK_THAT(unfair.ndcg, WithinAbs(1, 1e-6));
  // The figures of README.md: aftersense_tests "[fairness]" -s
  const Outcome a_little = simulate(shop, 0.1);
  CHECK(a_little.disparity < 0.2);
  CHECK(a_little.ndcg > 0.99);
  const Outcome fair = simulate(shop, 0.5);
  CHECK(fair.disparity < 0.06);
  CHECK(fair.ndcg > 0.98);
}
