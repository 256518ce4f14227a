#pragma once

// Content-based recommendation: TF-IDF with sublinear term frequency, cosine, exact over the inverted index (Salton and Buckley 1988),
// and where the catalogue has vectors, the cosine of the meanings, exact too. Deterministic: ties go to the product that stands first
// in the catalogue.
//
//     std::string_view kettle = "kettle-1";
//     Result<std::vector<Recommended>> similar = recommend_like(catalog, {&kettle, 1}, {.k = 3});
//     if (!similar) return similar.error();
//     for (const Recommended& r : *similar) show(catalog.product(r.product), r.score);

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "tasks/catalog.h"

namespace aftersense {

/// A term that query and product share, and what it adds to the score.
struct TermContribution {
  std::string_view term;  ///< of the catalogue
  float score;
};

/// Where both meanings are known, how much their cosine counts beside that of the terms; and the cosine from which it alone, without a
/// shared term, is reason enough. Measured on product pairs, categories and queries (README.md).
inline constexpr float kMeaningWeight = 0.2F;
inline constexpr float kAlikeCosine = 0.4F;

/// `score` is the sum of both contributions, in (0, 1].
struct Recommended {
  std::uint32_t product;  ///< index in the catalogue
  float score;
  float shared_terms;                   ///< cosine of the terms, times 1 − kMeaningWeight where meanings count
  float similar_meaning;                ///< kMeaningWeight · the cosine of the meanings, at least 0; 0 where none is known
  std::vector<TermContribution> terms;  ///< the strongest shared terms, best first, at most 5; all together add up to shared_terms
};

/// What a product must be, each of those that are set. Texts are compared as they are written.
struct ProductFilter {
  double least_price = std::numeric_limits<double>::quiet_NaN();     ///< NaN: none. A product without a price does not pass either bound
  double greatest_price = std::numeric_limits<double>::quiet_NaN();  ///< likewise
  std::span<const std::string_view> categories;                      ///< one of these; empty: any
  std::span<const std::string_view> brands;                          ///< likewise
};

struct RecommendOptions {
  std::uint32_t k = 5;                        ///< 1 to 1000; fewer are returned where fewer share a term or a meaning
  std::span<const std::string_view> exclude;  ///< product ids never to return; unknown ones are ignored
  ProductFilter filter;
  /// Of a query: its vector by the model of the catalogue's vectors, as embed() makes it; empty where none is known.
  std::span<const float> meaning;
};

/// Products most like those of `product_ids` (one: similar products; several: the mean of their vectors), never themselves.
/// An id given twice counts twice. Meanings count where the catalogue has vectors.
/// Errors: unknown_product, invalid_argument.
[[nodiscard]] Result<std::vector<Recommended>> recommend_like(const Catalog& catalog, std::span<const std::string_view> product_ids,
                                                              const RecommendOptions& options);

/// Products that answer a free-text query. Errors: invalid_argument. A query without a known term or meaning finds nothing;
/// one over kMaxFieldBytes is cut there. A meaning that is not finite, or has fewer dimensions than the catalogue's, is an
/// invalid_argument.
[[nodiscard]] Result<std::vector<Recommended>> recommend_for_query(const Catalog& catalog, std::string_view query,
                                                                   const RecommendOptions& options);

}  // namespace aftersense
