#include "catch_amalgamated.hpp"
#include "tasks/shop.h"

// What answers a complaint, and articles about products: `fits` beside content.

using namespace aftersense;
using namespace aftersense::test;
using Catch::Matchers::WithinAbs;

namespace {

std::vector<ProductRecord> kettles() {
  return {
      {.id = "kettle-red", .title = "steel kettle", .category = "kettles", .price = 100, .sale_price = 50, .group = "kettle"},
      {.id = "kettle-blue", .title = "steel kettle", .category = "kettles", .price = 100, .group = "kettle"},
      {.id = "same-line-lid", .title = "kettle lid", .group = "kettle", .role = schema::Role::spare_part, .fits = {"kettle"}},
      {.id = "lid", .title = "lid", .role = schema::Role::spare_part, .fits = {"kettle-red"}},
      {.id = "element", .title = "heating element for a steel kettle", .role = schema::Role::spare_part, .fits = {"kettle"}},
      {.id = "other-lid", .title = "lid", .role = schema::Role::spare_part, .fits = {"pan"}},
      {.id = "glass", .title = "glass kettle", .category = "kettles", .price = 125},
      {.id = "copper", .title = "copper kettle", .category = "kettles", .price = 126},
      {.id = "unpriced", .title = "kettle", .description = "made to order", .category = "kettles"},
      {.id = "gone", .title = "kettle", .category = "kettles", .price = 90, .availability = schema::Availability::out_of_stock},
      {.id = "pan", .title = "steel pan", .category = "pans", .price = 60},
      {.id = "descaler", .title = "descaler", .role = schema::Role::accessory, .fits = {"x", "kettle"}},
  };
}

Ids after_complaint(const Shop& shop, std::string_view id, const std::vector<schema::Role>& roles = {}) {
  return shop.ids_of(recommend_after_complaint(shop.products, id, {.selection = {.k = 20, .filter = {.roles = roles}}}));
}

}  // namespace

TEST_CASE("a complaint is answered by spare parts, exchanges, accessories, never by the faulty line", "[recommend]") {
  const Shop shop(kettles());
  CHECK(after_complaint(shop, "kettle-red") == Ids{"element", "lid", "unpriced", "glass", "descaler"});
  CHECK(after_complaint(shop, "kettle-red", {schema::Role::spare_part}) == Ids{"element", "lid"});
  CHECK(after_complaint(shop, "kettle-blue", {schema::Role::spare_part}) == Ids{"element"});
  CHECK(after_complaint(shop, "kettle-red", {schema::Role::product}) == Ids{"unpriced", "glass"});
  CHECK(after_complaint(shop, "kettle-red", {schema::Role::accessory}) == Ids{"descaler"});
  CHECK(after_complaint(shop, "descaler").empty());
}

TEST_CASE("what fits says so, and why, beside what content adds", "[recommend]") {
  const Shop shop(kettles());
  const auto found = recommend_after_complaint(shop.products, "kettle-red", {});
  const Recommended& element = found->front();
  CHECK_THAT(added_by(element, ReasonKind::kFits), WithinAbs(1, 0));
  CHECK(element.why.reasons[0].because == Ids{"kettle-red"});
  CHECK(added_by(element, ReasonKind::kSharedTerms) > 0);
  CHECK(element.why.score == added_by(element, ReasonKind::kFits) + added_by(element, ReasonKind::kSharedTerms));
  CHECK_THAT(added_by(found->back(), ReasonKind::kFits), WithinAbs(0.25, 0));
}

TEST_CASE("products like a product are of its role", "[recommend]") {
  const Shop shop(kettles());
  for (const std::string_view id : shop.like({"kettle-red"}, {.k = 20}))
    CHECK(shop.catalog.product(*shop.catalog.find(id)).role() == schema::Role::product);
  CHECK(shop.like({"lid"}, {.k = 20}) == Ids{"other-lid", "same-line-lid"});
}

TEST_CASE("a complaint about an unknown product is an error", "[recommend]") {
  const Shop shop(kettles());
  CHECK(recommend_after_complaint(shop.products, "nothing", {}).error().code == ErrorCode::unknown_product);
  CHECK(recommend_after_complaint(shop.products, "pan", {.selection = {.k = 0}}).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("articles about a product come before those that are like it", "[recommend]") {
  const std::vector<ProductRecord> guides{{.id = "lime", .title = "Lime, and how to get rid of it", .fits = {"kettle"}},
                                          {.id = "steel", .title = "How to clean a steel kettle"},
                                          {.id = "pans", .title = "Seasoning", .fits = {"pan"}},
                                          {.id = "tea", .title = "Tea ceremonies"}};
  const Shop shop(kettles(), {.articles = guides});
  REQUIRE(shop.catalog.articles() != nullptr);
  const CatalogSet articles(std::vector<const Catalog*>{shop.catalog.articles()});
  const RecommendOptions options{.articles = &articles};
  const auto ids_of = [&](const Result<std::vector<Recommended>>& found) {
    Ids ids;
    for (const Recommended& each : *found) ids.push_back(articles.id(each.row));
    return ids;
  };
  const Ids red{"kettle-red"};
  const auto about = recommend_like(shop.products, red, options);
  CHECK(ids_of(about) == Ids{"lime", "steel"});
  CHECK(about->front().why.reasons[0].kind == ReasonKind::kFits);
  CHECK(about->front().why.reasons[0].because == red);
  CHECK(ids_of(recommend_for_query(shop.products, {"tea", 1, {}}, options)) == Ids{"tea"});
  const std::vector<HistoryItem> history{{"pan", 2}, {"kettle-blue", 1}};
  const auto for_history = recommend_by_history(shop.products, history, {}, options);
  CHECK(ids_of(for_history) == Ids{"pans", "lime", "steel"});
  CHECK_THAT(added_by((*for_history)[1], ReasonKind::kFits), WithinAbs(0.5, 0));
}
