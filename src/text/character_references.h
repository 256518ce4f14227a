#pragma once

#include <optional>
#include <string_view>

namespace aftersense {

/// Longest reference that decode_character_reference() knows, without `&` and `;`.
inline constexpr std::size_t kMaxReferenceLength = 10;

/// The code point of an HTML character reference, given without `&` and `;`, in lower case: `amp`, `#38`, `#x26`.
/// Numbers follow the HTML standard (13.2.5.80): windows-1252 for 128–159, U+FFFD for what is no code point.
[[nodiscard]] std::optional<char32_t> decode_character_reference(std::u32string_view reference);

}  // namespace aftersense
