#include "tasks/catalog_check.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_set>

#include "tasks/catalog.h"

namespace aftersense {
namespace {

namespace fb = flatbuffers;
using Fault = std::optional<std::string>;

bool is_within(double value, double least, double greatest) {
  return value >= least && value <= greatest;
}

bool is_share(double value) {
  return is_within(value, 0, 1);
}

/// Positive, at most 1.
bool is_weight(double value) {
  return value > 0 && value <= 1;
}

bool is_learnt(double value) {
  return is_within(value, -kMaxLearnt, kMaxLearnt);
}

/// One that a matrix is regularised by.
bool is_ridge(double value) {
  return value > 0 && value <= kMaxLearnt;
}

bool is_missing_or_finite(double value) {
  return std::isnan(value) || std::isfinite(value);
}

bool is_missing_or_positive(double value) {
  return std::isnan(value) || (value > 0 && std::isfinite(value));
}

template <typename Numbers, typename Rule>
bool are_all(const Numbers& numbers, Rule is_right) {
  return std::all_of(numbers.begin(), numbers.end(), is_right);
}

/// n + 1 offsets from 0 to `end` that do not descend.
bool are_list_offsets(const fb::Vector<std::uint32_t>& offsets, std::size_t n, std::size_t end) {
  if (offsets.size() != n + 1 || offsets.Get(0) != 0 || offsets.Get(static_cast<fb::uoffset_t>(n)) != end) return false;
  return std::is_sorted(offsets.begin(), offsets.end());
}

Fault find_neighbour_fault(const schema::Interactions& learnt, std::size_t products) {
  const auto& neighbours = *learnt.neighbours();
  if (!are_list_offsets(*learnt.neighbour_offsets(), products, neighbours.size()))
    return "the offsets of neighbours do not ascend to their number";
  for (fb::uoffset_t i = 0; i < neighbours.size(); ++i) {
    if (neighbours.Get(i)->product() >= products) return "neighbour " + std::to_string(i) + " is no product";
    if (!is_weight(neighbours.Get(i)->weight())) return "neighbour " + std::to_string(i) + " has a weight outside (0, 1]";
  }
  return std::nullopt;
}

/// The others of the rules follow one another, so that no number is read twice.
Fault find_rule_fault(const schema::Interactions& learnt, std::size_t products) {
  const auto& rules = *learnt.rules();
  const auto& others = *learnt.rule_others();
  if (!are_list_offsets(*learnt.rule_offsets(), products, rules.size())) return "the offsets of rules do not ascend to their number";
  std::uint64_t next = 0;
  for (fb::uoffset_t i = 0; i < rules.size(); ++i) {
    const schema::Rule& rule = *rules.Get(i);
    const auto wrong = [i](const char* what) { return "rule " + std::to_string(i) + what; };
    if (rule.also() >= products) return wrong(" is to no product");
    if (!is_share(rule.support()) || !is_share(rule.confidence())) return wrong(" has a support or confidence outside [0, 1]");
    if (!is_within(rule.lift(), 0, kMaxLearnt)) return wrong(" has a lift that is negative or too great");
    if (rule.others() != next) return wrong(" does not begin where the one before ends");
    next += rule.other_count();
  }
  if (next != others.size()) return "the rules do not end with their products";
  const bool known = are_all(others, [&](std::uint32_t product) { return product < products; });
  return known ? std::nullopt : Fault("a rule is of something that is no product");
}

Fault find_theme_fault(const schema::Interactions& learnt, std::size_t products) {
  const auto& themes = *learnt.themes();
  if (learnt.theme_count() > kMaxFactors) return "there are more than " + std::to_string(kMaxFactors) + " themes";
  if (!are_list_offsets(*learnt.theme_offsets(), products, themes.size())) return "the offsets of themes do not ascend to their number";
  for (fb::uoffset_t i = 0; i < themes.size(); ++i) {
    if (themes.Get(i)->theme() >= learnt.theme_count()) return "theme " + std::to_string(i) + " is none of the themes";
    if (!is_weight(themes.Get(i)->strength())) return "theme " + std::to_string(i) + " has a strength outside (0, 1]";
  }
  return std::nullopt;
}

Fault find_factor_fault(const schema::Factors& factors, std::size_t products) {
  const std::size_t size = factors.size();
  if (size > kMaxFactors) return "factors have more than " + std::to_string(kMaxFactors) + " numbers";
  if (!is_ridge(factors.regularisation()) || !is_within(factors.alpha(), 0, kMaxLearnt))
    return "factors have a regularisation or alpha that cannot be";
  if (factors.gram()->size() != size * size || factors.rows()->size() != products * size) return "factors are not as many as they say";
  if (!are_all(*factors.gram(), is_learnt) || !are_all(*factors.rows(), is_learnt))
    return "factors have numbers that are not finite or too great";
  return std::nullopt;
}

Fault find_rating_fault(const schema::Ratings& ratings, std::size_t products) {
  const std::size_t size = ratings.size();
  if (size > kMaxFactors) return "ratings have more than " + std::to_string(kMaxFactors) + " numbers";
  if (!is_learnt(ratings.mean()) || !is_ridge(ratings.regularisation()) || !is_ridge(ratings.bias_regularisation())) {
    return "ratings have a mean or regularisation that cannot be";
  }
  if (ratings.biases()->size() != products || ratings.rows()->size() != products * size) return "ratings are not as many as they say";
  if (!are_all(*ratings.biases(), [](float bias) { return std::isnan(bias) || is_learnt(bias); }) || !are_all(*ratings.rows(), is_learnt)) {
    return "ratings have numbers that are not finite or too great";
  }
  return std::nullopt;
}

Fault find_ranker_fault(const schema::Ranker& ranker) {
  const auto numbers = {ranker.sharpness(), ranker.popularity(), ranker.neighbours(), ranker.rules(),
                        ranker.factors(),   ranker.themes(),     ranker.content()};
  const bool right = std::ranges::all_of(numbers, [](double weight) { return is_within(weight, 0, kMaxLearnt); });
  return right ? std::nullopt : Fault("the ranker has a weight that is negative, too great or no number");
}

Fault find_offer_fault(const schema::Offer& offer) {
  if (offer.id()->size() == 0 || offer.id()->size() > kMaxIdBytes) return "has an id that is empty or too long";
  if (offer.kind() > schema::OfferKind::MAX) return "is of no known kind";
  if (!is_missing_or_finite(offer.value()) || !is_missing_or_finite(offer.least_spend())) return "has a value that is not finite";
  if (offer.value() < 0 || offer.least_spend() < 0) return "has a negative value";
  if (offer.kind() == schema::OfferKind::percent && offer.value() > 100) return "is of more than 100 per cent";
  if (offer.starts() < 0 || offer.ends() < 0) return "has a date before 1970";
  if (offer.ends() != 0 && offer.ends() < offer.starts()) return "ends before it starts";
  return std::nullopt;
}

}  // namespace

Fault find_fault(const schema::Interactions& learnt, std::size_t products) {
  if (learnt.popularity()->size() != products || !are_all(*learnt.popularity(), is_share)) {
    return "popularity is not one number in [0, 1] a product";
  }
  if (learnt.repeat_days()->size() != products || !are_all(*learnt.repeat_days(), is_missing_or_positive)) {
    return "days to the next purchase are not one positive number a product";
  }
  if (auto fault = find_neighbour_fault(learnt, products)) return fault;
  if (auto fault = find_rule_fault(learnt, products)) return fault;
  if (auto fault = find_theme_fault(learnt, products)) return fault;
  if (auto fault = find_factor_fault(*learnt.factors(), products)) return fault;
  if (learnt.ratings() != nullptr) {
    if (auto fault = find_rating_fault(*learnt.ratings(), products)) return fault;
  }
  return find_ranker_fault(*learnt.ranker());
}

Fault find_fault(const OfferList& offers) {
  std::unordered_set<std::string_view> ids;
  for (fb::uoffset_t i = 0; i < offers.size(); ++i) {
    const schema::Offer& offer = *offers.Get(i);
    const auto fault = find_offer_fault(offer);
    if (fault) return "offer " + std::to_string(i + 1) + ' ' + *fault;
    if (!ids.insert(offer.id()->string_view()).second) return "two offers have the id " + quoted(offer.id()->string_view());
  }
  return std::nullopt;
}

Fault find_fault(const schema::Product& product) {
  if (product.id()->size() == 0 || product.id()->size() > kMaxIdBytes) return "has an id that is empty or too long";
  if (product.availability() > schema::Availability::MAX || product.role() > schema::Role::MAX)
    return "has an availability or role that is unknown";
  if (!is_missing_or_finite(product.price()) || !is_missing_or_finite(product.sale_price())) return "has a price that is not finite";
  if (!is_missing_or_positive(product.lasts_days())) return "lasts a number of days that is not positive";
  return std::nullopt;
}

}  // namespace aftersense
