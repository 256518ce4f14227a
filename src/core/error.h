#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace aftersense {

/// Everything that can go wrong inside the library. Names and meanings are the public contract:
/// they reach JavaScript unchanged (`AftersenseError.code`); a test holds this list against web/errors.ts.
enum class ErrorCode : std::uint8_t {
  invalid_argument,    ///< A value outside its documented range.
  text_too_long,       ///< A text over kMaxTextBytes.
  pack_truncated,      ///< A file shorter than its own structure says.
  pack_wrong_type,     ///< Not a file of the expected kind (file identifier).
  pack_wrong_version,  ///< A format version this build does not read.
  pack_corrupt,        ///< A file whose contents contradict each other.
  model_missing,       ///< A call that needs a model before one was loaded.
  catalog_missing,     ///< A call that needs a catalogue before one was loaded.
  duplicate_product,   ///< Two products with one id.
  unknown_product,     ///< A product id that the catalogue does not have.
  empty_catalog,       ///< No product with any text.
  out_of_memory,       ///< The device gives no more memory.
};

inline constexpr std::array<std::string_view, 12> kErrorNames = {
    "invalid_argument", "text_too_long",   "pack_truncated",    "pack_wrong_type", "pack_wrong_version", "pack_corrupt",
    "model_missing",    "catalog_missing", "duplicate_product", "unknown_product", "empty_catalog",      "out_of_memory",
};

[[nodiscard]] constexpr std::string_view error_name(ErrorCode code) {
  return kErrorNames[static_cast<std::size_t>(code)];
}

}  // namespace aftersense
