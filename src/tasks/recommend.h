#pragma once

// Recommendation over one catalogue or several that answer as one. Deterministic: ties go to the product that stands first.
//
//     const CatalogSet products(catalogs);
//     std::string_view kettle = "kettle-1";
//     Result<std::vector<Recommended>> similar = recommend_like(products, {&kettle, 1}, {.selection = {.k = 3}});
//     if (!similar) return similar.error();
//     for (const Recommended& r : *similar) show(products.product(r.row), r.why.score);

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "tasks/catalog_set.h"
#include "tasks/content.h"
#include "tasks/reason.h"
#include "tasks/selection.h"

namespace aftersense {

/// A product that was bought or viewed. 1 is a purchase of today; less for a view, or for what is long ago.
struct HistoryItem {
  std::string_view product;
  double weight;  ///< above 0, at most kMaxHistoryWeight
};

/// Stars that the shopper gave, from 1 to 5.
struct GivenRating {
  std::string_view product;
  double stars;
};

inline constexpr double kMaxHistoryWeight = 1e6;

struct RecommendOptions {
  SelectionOptions selection;
  const CatalogSet* articles = nullptr;  ///< what is recommended instead of products; nullptr: products
  bool keep_history = false;             ///< recommend_by_history: those too that are in the history
  std::span<const GivenRating> ratings;  ///< of which expected_rating is worked out; unknown products are passed over
};

struct Recommended {
  std::uint32_t row;  ///< in the set that was recommended from
  Explained why;
  double expected_rating;  ///< stars from 1 to 5; NaN where the catalogue knows too few
};

// Errors of all: invalid_argument, for what is outside the ranges above and in selection.h; and where it says so unknown_product.

/// Products most like those of `product_ids`, of their roles, never themselves nor their variants: the mean of the cosines with each, of
/// terms and of meanings. An id given twice counts twice. Of articles, those that name one of them in `fits` come first. Error:
/// unknown_product.
[[nodiscard]] Result<std::vector<Recommended>> recommend_like(const CatalogSet& products, std::span<const std::string_view> product_ids,
                                                              const RecommendOptions& options);

/// Products that answer a free-text query, by BM25 and meaning (content.h). A query without a known term or meaning finds nothing; one over
/// kMaxFieldBytes is cut there. A meaning that is not finite, or has fewer dimensions than the catalogue's, is an invalid_argument.
[[nodiscard]] Result<std::vector<Recommended>> recommend_for_query(const CatalogSet& products, const WeightedText& query,
                                                                   const RecommendOptions& options);

/// What goes with a history, by all methods (hybrid.h). Unknown products are passed over. Of articles: what recommend_like says, by weight.
[[nodiscard]] Result<std::vector<Recommended>> recommend_by_history(const CatalogSet& products, std::span<const HistoryItem> history,
                                                                    std::span<const WeightedText> searches,
                                                                    const RecommendOptions& options);

/// After a complaint about a product, never that product, nor its variants: spare parts that fit it, then what it can be exchanged for,
/// products of its category that cost at most a quarter more, then accessories that fit it; the filter's roles say which of these.
/// Error: unknown_product.
[[nodiscard]] Result<std::vector<Recommended>> recommend_after_complaint(const CatalogSet& products, std::string_view product_id,
                                                                         const RecommendOptions& options);

}  // namespace aftersense
