#pragma once

// Which of the ranked products are shown, and in what order: filters, one variant of each product, diversity, fairness between sellers.
//
//     for (const std::uint32_t row : select_rows(among, scores, {}, {.k = 10, .diversity = 0.2})) …

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "tasks/catalog_set.h"

namespace aftersense {

inline constexpr std::uint32_t kMaxK = 1000;

/// What a product must be, each of those that are set. Texts are compared as they are written. What a product costs is its sale price where
/// it has one.
struct ProductFilter {
  double least_price = std::numeric_limits<double>::quiet_NaN();     ///< NaN: none. A product without a price does not pass either bound
  double greatest_price = std::numeric_limits<double>::quiet_NaN();  ///< likewise
  std::span<const std::string_view> categories;                      ///< one of these; empty: any
  std::span<const std::string_view> brands;                          ///< likewise
  std::span<const std::string_view> sellers;                         ///< likewise
  std::span<const schema::Role> roles;                               ///< likewise
  bool sold_out = false;                                             ///< those too that cannot be bought now
};

/// How much of a seller was shown before: the sum of 1 / log2(1 + place) of its products, places from 1.
struct SellerExposure {
  std::string_view seller;
  double exposure;  ///< finite, at least 0
};

struct SelectionOptions {
  std::uint32_t k = 5;                        ///< 1 to kMaxK; fewer are returned where fewer have a score and pass
  std::span<const std::string_view> exclude;  ///< product ids never to return; unknown ones are ignored
  ProductFilter filter;
  /// From 0, by score alone, to 1: maximal marginal relevance (Carbonell and Goldstein 1998). Each next product has the greatest
  /// (1 − diversity) · score / best − diversity · likeness to the nearest that is chosen; likeness is the cosine of the vectors where both
  /// have one, else of the TF-IDF rows.
  double diversity = 0;
  /// From 0 to 1. Each seller has a share of the scores of the candidates, its merit (Singh and Joachims 2018), and a share of what was
  /// shown of them, here and before. To what diversity maximises, fairness · (merit − exposure) of the product's seller is added, a
  /// proportional controller (Morik et al. 2020). Products without a seller have one together.
  double fairness = 0;
  std::span<const SellerExposure> exposed;
};

/// What never returns beside the excluded ids.
struct LeftOut {
  std::vector<std::uint32_t> rows;       ///< ascending
  std::vector<std::string_view> groups;  ///< not empty
};

/// What a product costs now; NaN where it has no price.
[[nodiscard]] double current_price(const schema::Product& product);

/// At most k rows with a score above 0 that pass, in the order in which they are shown, no two of one group. With neither diversity nor
/// fairness that is the order of the scores, ties in the order of the rows; with either, of the 5 k best. `scores`: by row, finite.
[[nodiscard]] std::vector<std::uint32_t> select_rows(const CatalogSet& among, std::span<const float> scores, const LeftOut& left_out,
                                                     const SelectionOptions& options);

}  // namespace aftersense
