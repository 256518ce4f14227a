#include "tasks/catalog_set.h"

#include <algorithm>

namespace aftersense {

CatalogSet::CatalogSet(std::span<const Catalog* const> catalogs) {
  for (const Catalog* catalog : catalogs) parts_.push_back({catalog, size()});
}

const CatalogSet::Part& CatalogSet::part_of(std::uint32_t row) const {
  return *std::prev(std::ranges::upper_bound(parts_, row, {}, &Part::first_row));
}

CatalogSet::Place CatalogSet::place(std::uint32_t row) const {
  const Part& part = part_of(row);
  return {part.catalog, row - part.first_row};
}

const schema::Product& CatalogSet::product(std::uint32_t row) const {
  const auto [catalog, product] = place(row);
  return catalog->product(product);
}

std::optional<std::uint32_t> CatalogSet::find(std::string_view id) const {
  for (const Part& part : parts_) {
    if (const Result<std::uint32_t> product = part.catalog->find(id)) return part.first_row + *product;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> CatalogSet::row_of(Place place) const {
  const auto part = std::ranges::find(parts_, place.catalog, &Part::catalog);
  return part == parts_.end() ? std::nullopt : std::optional(part->first_row + place.product);
}

std::size_t CatalogSet::dimensions() const {
  const auto part = std::ranges::find_if(parts_, [](const Part& each) { return each.catalog->neighbours() != nullptr; });
  return part == parts_.end() ? 0 : part->catalog->neighbours()->dimensions();
}

std::string_view CatalogSet::embedding_model() const {
  const auto part = std::ranges::find_if(parts_, [](const Part& each) { return each.catalog->neighbours() != nullptr; });
  return part == parts_.end() ? std::string_view{} : part->catalog->embedding_model();
}

}  // namespace aftersense
