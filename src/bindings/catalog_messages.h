#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "messages_generated.h"
#include "tasks/catalog_build.h"
#include "tasks/catalog_set.h"

namespace aftersense {

/// A request to build a catalogue as build_catalog() takes it. Views of the message, which must outlive it.
class BuildInput {
 public:
  /// `previous` may be nullptr.
  BuildInput(const schema::BuildCatalogRequest& message, const Catalog* previous);
  BuildInput(const BuildInput&) = delete;
  BuildInput& operator=(const BuildInput&) = delete;

  [[nodiscard]] std::span<const ProductRecord> products() const { return products_; }
  [[nodiscard]] CatalogOptions& options() { return options_; }

 private:
  std::vector<ProductRecord> products_;
  std::vector<ProductRecord> articles_;
  CatalogOptions options_;
};

/// The previous catalogue of a request; nothing where it has none.
Result<std::optional<Catalog>> open_previous(const schema::BuildCatalogRequest& message);

flatbuffers::Offset<schema::BuildCatalogReply> pack_built(flatbuffers::FlatBufferBuilder& builder, const BuiltCatalog& built,
                                                          const CatalogOptions& options);

/// Of what is loaded, all files together.
flatbuffers::Offset<schema::CatalogInfo> pack_info(flatbuffers::FlatBufferBuilder& builder, const CatalogSet& catalogs,
                                                   std::size_t file_bytes);

}  // namespace aftersense
