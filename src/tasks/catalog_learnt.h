#pragma once

#include <cstdint>
#include <span>

#include "tasks/catalog_check.h"

namespace aftersense {

/// Copies what orders taught about the products at `kept` of `products`, in that order. Neighbours that are not kept, and rules that name
/// a product that is not, go. No offset where there is nothing (nullptr). It must have no find_fault().
flatbuffers::Offset<schema::Interactions> write_interactions(flatbuffers::FlatBufferBuilder& builder, const schema::Interactions* learnt,
                                                             std::size_t products, std::span<const std::size_t> kept);

/// Copies offers; no offset where there are none (nullptr, or an empty list).
flatbuffers::Offset<OfferList> write_offers(flatbuffers::FlatBufferBuilder& builder, const OfferList* offers);

/// Upper bounds of what the copies take.
[[nodiscard]] std::uint64_t size_bound_bytes(const schema::Interactions* learnt);
[[nodiscard]] std::uint64_t size_bound_bytes(const OfferList* offers);

}  // namespace aftersense
