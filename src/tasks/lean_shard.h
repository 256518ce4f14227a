#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/result.h"

namespace aftersense {

/// File identifier of a shard without its weights.
inline constexpr const char* kLeanIdentifier = "ASCS";

/// Takes idf and the weights of terms out of a file of build_catalog() with a corpus: they follow from the counts, and are the half of it
/// that hardly packs.
void strip_weights(std::span<std::uint8_t> file);

/// Puts them back, bit for bit, into a file that strip_weights() left; any other is left as it is. What is wrong besides, Catalog::load()
/// finds. Errors: pack_corrupt.
[[nodiscard]] std::optional<Error> restore_weights(std::span<std::uint8_t> file);

}  // namespace aftersense
