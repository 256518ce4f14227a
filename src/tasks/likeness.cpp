#include "tasks/likeness.h"

#include <compare>

namespace aftersense {
namespace {

/// A row as the merge below reads it.
struct RowCursor {
  explicit RowCursor(CatalogSet::Place place)
      : index(place.catalog->index()), cell(index.row_offsets()->Get(place.product)), end(index.row_offsets()->Get(place.product + 1)) {}
  [[nodiscard]] std::uint32_t number() const { return index.row_terms()->Get(cell); }
  [[nodiscard]] std::string_view term() const { return index.terms()->Get(number())->string_view(); }
  [[nodiscard]] double weight() const { return static_cast<double>(index.row_weights()->Get(cell)); }

  const schema::TfidfIndex& index;
  std::uint32_t cell;
  std::uint32_t end;
};

}  // namespace

double cosine_of_rows(CatalogSet::Place a, CatalogSet::Place b) {
  RowCursor left(a);
  RowCursor right(b);
  const bool same = a.catalog == b.catalog;
  double sum = 0;
  while (left.cell < left.end && right.cell < right.end) {
    const std::strong_ordering order = same ? left.number() <=> right.number() : left.term() <=> right.term();
    if (order == std::strong_ordering::equal) sum += left.weight() * right.weight();
    if (order <= 0) ++left.cell;
    if (order >= 0) ++right.cell;
  }
  return sum;
}

std::vector<float> vector_of(CatalogSet::Place place) {
  const NeighbourIndex* rows = place.catalog->neighbours();
  if (rows == nullptr) return {};
  std::vector<float> vector(rows->dimensions());
  rows->add_row(place.product, vector);
  return vector;
}

bool same_space(const Catalog& a, const Catalog& b) {
  return a.neighbours() != nullptr && b.neighbours() != nullptr && a.neighbours()->dimensions() == b.neighbours()->dimensions() &&
         a.embedding_model() == b.embedding_model();
}

}  // namespace aftersense
