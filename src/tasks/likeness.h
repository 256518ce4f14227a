#pragma once

#include <optional>

#include "tasks/catalog_set.h"

namespace aftersense {

/// Cosine of the TF-IDF rows of two products, by the bytes of their terms where they are in different catalogues. In [0, 1] but for
/// rounding.
[[nodiscard]] double cosine_of_rows(CatalogSet::Place a, CatalogSet::Place b);

/// The product's vector in floats, of unit length but for its quantisation; empty where there is none.
[[nodiscard]] std::vector<float> vector_of(CatalogSet::Place place);

/// Whether vectors of both, where they have any, may be compared: of one model, and as long.
[[nodiscard]] bool same_space(const Catalog& a, const Catalog& b);

}  // namespace aftersense
