#pragma once

// The rank of products for a history by all methods: Σ weight · ln(1 + sharpness · score / best), where best is the method's highest score
// of a product that is not in the history. models/shop learns the weights; models/shop/recommender.py is the specification.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tasks/interactions.h"
#include "tasks/reason.h"

namespace aftersense {

class HybridScores {
 public:
  /// `history`: rows ascending, distinct; `sources` are its products, for reasons. All must outlive this. Where no catalogue was built with
  /// orders, content says the rank as it is; where nothing is known of the shopper, popularity alone does, and where nothing but searches
  /// is, content counts whatever was learnt. What has no weight is not worked out.
  HybridScores(const CatalogSet& among, std::span<const WeightedRow> history, std::span<const Source> sources, const Wanted& wanted);

  /// By row, as near as floats are; 0 where nothing speaks for a product.
  [[nodiscard]] std::span<const float> scores() const { return scores_; }
  [[nodiscard]] Explained explain(std::uint32_t row) const;

 private:
  struct Method {
    double weight;
    double best;
  };
  [[nodiscard]] double contribution(const Method& method, double score) const;
  /// Adds what a method says of every row, at least 0, to the scores.
  Method add(double weight, std::span<const float> said);

  const CatalogSet& among_;
  std::span<const WeightedRow> history_;
  std::span<const Source> sources_;
  OrderScores orders_;
  std::optional<ContentScores> content_;  ///< where it counts
  double sharpness_ = 0;
  std::array<Method, kOrderMethods.size()> methods_{};
  Method content_method_{};
  std::vector<float> scores_;
};

}  // namespace aftersense
