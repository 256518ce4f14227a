#pragma once

// Catalogues that answer as one: the one of an ordinary shop, or the loaded shards of a large one. Products are numbered through as rows,
// catalogue after catalogue.
//
//     const CatalogSet among({&first_shard, &second_shard});
//     if (const auto row = among.find("kettle-1")) show(among.product(*row));

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "tasks/catalog.h"

namespace aftersense {

class CatalogSet {
 public:
  /// One of the catalogues, and its first row.
  struct Part {
    const Catalog* catalog;
    std::uint32_t first_row;
    [[nodiscard]] std::uint32_t end_row() const { return first_row + catalog->size(); }
  };
  /// A product in its own catalogue.
  struct Place {
    const Catalog* catalog;
    std::uint32_t product;
  };

  /// The catalogues must outlive the set.
  explicit CatalogSet(std::span<const Catalog* const> catalogs);

  /// Rows of all.
  [[nodiscard]] std::uint32_t size() const { return parts_.empty() ? 0 : parts_.back().end_row(); }
  [[nodiscard]] std::span<const Part> parts() const { return parts_; }
  /// row < size(), here and below.
  [[nodiscard]] const Part& part_of(std::uint32_t row) const;
  [[nodiscard]] Place place(std::uint32_t row) const;
  [[nodiscard]] const schema::Product& product(std::uint32_t row) const;
  [[nodiscard]] std::string_view id(std::uint32_t row) const { return product(row).id()->string_view(); }
  /// The first with the id.
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view id) const;
  /// Nothing where the place is in none of these catalogues.
  [[nodiscard]] std::optional<std::uint32_t> row_of(Place place) const;

  /// Numbers of a vector, and the model that made it: those of the first catalogue that has vectors; 0 and empty without.
  [[nodiscard]] std::size_t dimensions() const;
  [[nodiscard]] std::string_view embedding_model() const;

 private:
  std::vector<Part> parts_;
};

/// The text, empty where there is none.
[[nodiscard]] inline std::string_view text_of(const flatbuffers::String* text) {
  return text == nullptr ? std::string_view{} : text->string_view();
}

}  // namespace aftersense
