#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "tasks/catalog_build.h"

namespace aftersense {

/// The vectors of a catalogue's products as its file has them.
struct ShelfVectors {
  std::size_t dimensions = 0;          ///< 0: the catalogue has none
  QuantisedRows rows;                  ///< of the kept products
  std::vector<std::uint64_t> hashes;   ///< of their texts
  std::uint32_t reused = 0;            ///< from the previous catalogue
  std::vector<std::uint32_t> missing;  ///< places, among all, of kept products that have none, where no values are given
};

/// Vectors of the products at `kept` of `products`: those given, cut to kCatalogDimensions and quantised, else those that `previous` (may
/// be nullptr) has for the same text by the same model. The messages of its errors go on after "the products' vectors".
[[nodiscard]] Result<ShelfVectors> collect_vectors(const ProductVectors& given, std::size_t products, std::span<const std::size_t> kept,
                                                   const Catalog* previous);

/// No offset, which leaves the field out, where there are none.
flatbuffers::Offset<schema::Embeddings> write_vectors(flatbuffers::FlatBufferBuilder& builder, const ShelfVectors& vectors,
                                                      std::string_view model);

}  // namespace aftersense
