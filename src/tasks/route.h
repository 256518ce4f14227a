#pragma once

#include <span>
#include <string>
#include <vector>

#include "tasks/content.h"

namespace aftersense {

/// More of a product's terms say hardly more about where products like it are (web/shards/README.md).
inline constexpr std::size_t kRouteTerms = 12;

/// What to look for in the shards of a catalogue that are not loaded.
///
///     const Route route = find_route(loaded, {{kettle, 1.0}}, {});
///     for (const Wanted::Term& term : route.product_terms) …  // which shards have it?
struct Route {
  /// The heaviest terms of the mean of the products' rows that products have elsewhere, heaviest first; at most kRouteTerms.
  std::vector<Wanted::Term> product_terms;
  std::vector<Wanted::Term> query_terms;  ///< of the texts, distinct, and how often each counts, by weight
  std::vector<float> meaning;             ///< as want_like() has it
};

[[nodiscard]] Route find_route(const CatalogSet& loaded, std::span<const WeightedRow> products, std::span<const WeightedText> texts);

}  // namespace aftersense
