#pragma once

// What orders taught (models/shop), held against a shopper's history: one score a method and product. models/shop/recommender.py is the
// specification. Products that the catalogues do not know tell nothing.
//
//     const OrderScores orders(among, history);
//     for (const float confidence : orders.scores(ReasonKind::kRules)) …
//     const ExpectedRatings ratings(among, rated);
//     if (const double stars = ratings.of(row); !std::isnan(stars)) …

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "tasks/catalog_set.h"
#include "tasks/reason.h"

namespace aftersense {

/// The methods of OrderScores.
inline constexpr std::array kOrderMethods = {ReasonKind::kPopularity, ReasonKind::kNeighbours, ReasonKind::kRules, ReasonKind::kFactors,
                                             ReasonKind::kThemes};

class OrderScores {
 public:
  /// `history`: rows ascending, distinct. Both must outlive this.
  OrderScores(const CatalogSet& among, std::span<const WeightedRow> history);

  /// How much each method counts, of the first catalogue that says; nullptr where none was built with orders.
  [[nodiscard]] const schema::Ranker* ranker() const { return header_ == nullptr ? nullptr : header_->ranker(); }
  /// By row, at least 0. One of kOrderMethods, here and below.
  [[nodiscard]] std::span<const float> scores(ReasonKind method) const { return scores_[place_of(method)]; }
  /// Ids of products of the history that the score of the row comes from: the neighbour that adds most, the left side of the rule.
  [[nodiscard]] std::vector<std::string_view> because(ReasonKind method, std::uint32_t row) const;

 private:
  static std::size_t place_of(ReasonKind method) {
    return static_cast<std::size_t>(method) - static_cast<std::size_t>(ReasonKind::kPopularity);
  }
  std::vector<float>& of(ReasonKind method) { return scores_[place_of(method)]; }
  [[nodiscard]] bool in_history(std::uint32_t row) const;
  void score_popularity();
  void score_neighbours();
  void score_rules();
  void score_factors();
  void score_themes();
  /// Calls `use(part, interactions, product, weight)` for each product of the history of which orders taught something.
  template <typename Use>
  void for_history(const Use& use) const;
  /// Calls `use(part, rule)` for each rule that stands under the product and whose left side the history has.
  template <typename Use>
  void for_rules(const CatalogSet::Part& part, const schema::Interactions& learnt, std::uint32_t product, const Use& use) const;

  const CatalogSet& among_;
  std::span<const WeightedRow> history_;
  const schema::Interactions* header_ = nullptr;
  std::array<std::vector<float>, kOrderMethods.size()> scores_;
};

/// What a shopper gave a product, in stars from 1 to 5.
struct RatedRow {
  std::uint32_t row;
  double stars;
};

/// The stars that a shopper would give, by matrix factors and biases.
class ExpectedRatings {
 public:
  /// The set must outlive this.
  ExpectedRatings(const CatalogSet& among, std::span<const RatedRow> rated);

  /// From 1 to 5; NaN where too few customers rated the product.
  [[nodiscard]] double of(std::uint32_t row) const;

 private:
  struct Known {
    double bias;
    std::span<const float> factors;
  };
  [[nodiscard]] std::optional<Known> known(std::uint32_t row) const;

  const CatalogSet& among_;
  const schema::Ratings* header_ = nullptr;  ///< nullptr where no catalogue has ratings
  std::vector<double> mine_;                 ///< the shopper's bias, then factors
};

}  // namespace aftersense
