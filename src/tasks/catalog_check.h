#pragma once

// What a catalogue may hold beside products and their terms: the same rules where it is built and where it is loaded.

#include <cstddef>
#include <optional>
#include <string>

#include "catalog_generated.h"

namespace aftersense {

using OfferList = flatbuffers::Vector<flatbuffers::Offset<schema::Offer>>;

/// What is wrong, if anything, with tables that the FlatBuffers verifier has passed: after it no index can lead out of them, and no
/// number is infinite, or NaN where catalog.fbs does not say so. In time linear in their size.
[[nodiscard]] std::optional<std::string> find_fault(const schema::Interactions& interactions, std::size_t products);

/// The same of offers.
[[nodiscard]] std::optional<std::string> find_fault(const OfferList& offers);

/// The same of what a product has besides its texts.
[[nodiscard]] std::optional<std::string> find_fault(const schema::Product& product);

}  // namespace aftersense
