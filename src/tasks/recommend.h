#pragma once

// Content-based recommendation: TF-IDF with sublinear term frequency, cosine, exact top k over the inverted index
// (Salton and Buckley 1988). Deterministic: ties go to the product that stands first in the catalogue.
//
//     std::string_view kettle = "kettle-1";
//     Result<std::vector<Recommended>> similar = recommend_like(catalog, {&kettle, 1}, {.k = 3});
//     if (!similar) return similar.error();
//     for (const Recommended& r : *similar) show(catalog.product(r.product), r.score);

#include <cstdint>
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

struct Recommended {
  std::uint32_t product;                ///< index in the catalogue
  float score;                          ///< cosine similarity in (0, 1]; the sum of all shared terms' contributions
  std::vector<TermContribution> terms;  ///< the strongest shared terms, best first, at most 5
};

struct RecommendOptions {
  std::uint32_t k = 5;                        ///< 1 to 1000; fewer are returned where fewer share a term
  std::span<const std::string_view> exclude;  ///< product ids never to return; unknown ones are ignored
};

/// Products most like those of `product_ids` (one: similar products; several: the mean of their vectors), never themselves.
/// An id given twice counts twice.
/// Errors: unknown_product, invalid_argument.
[[nodiscard]] Result<std::vector<Recommended>> recommend_like(const Catalog& catalog, std::span<const std::string_view> product_ids,
                                                              const RecommendOptions& options);

/// Products that answer a free-text query. Errors: invalid_argument. A query without a known term finds nothing;
/// one over kMaxFieldBytes is cut there.
[[nodiscard]] Result<std::vector<Recommended>> recommend_for_query(const Catalog& catalog, std::string_view query,
                                                                   const RecommendOptions& options);

}  // namespace aftersense
