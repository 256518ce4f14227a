#pragma once

namespace aftersense {

/// A Chinese character, as models/FORMAT.md ("Units") defines it.
[[nodiscard]] constexpr bool is_han(char32_t c) {
  return (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3134F);
}

[[nodiscard]] constexpr bool is_white_space(char32_t c) {
  return c == U' ' || (c >= 0x09 && c <= 0x0D) || c == 0xA0 || c == 0x3000;
}

[[nodiscard]] constexpr bool is_digit(char32_t c) {
  return c >= U'0' && c <= U'9';
}

[[nodiscard]] constexpr bool is_ascii_letter(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}

/// "Other letters and digits" of models/FORMAT.md: everything that words are made of, save Chinese characters and `'`.
[[nodiscard]] constexpr bool is_letter_or_digit(char32_t c) {
  if (c < 0xC0) return is_digit(c) || is_ascii_letter(c);
  const bool symbol = c == 0xD7 || c == 0xF7 || (c >= 0x2000 && c <= 0x2BFF) || (c >= 0x3000 && c <= 0x303F) ||
                      (c >= 0xE000 && c <= 0xF8FF) || (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xFF00 && c <= 0xFFEF) ||
                      (c >= 0x1F000 && c <= 0x1FAFF);
  return !symbol && !is_han(c);
}

/// What fold() gives for characters without a meaning of their own.
inline constexpr char32_t kDropped = 0;

/// The form of a code point in cleaned text: lower case, half width, straight quotes; `' '` for any space, `'\n'` for any line
/// break; kDropped for control characters, zero-width and bidirectional marks, variation selectors, U+FFFD and noncharacters.
/// fold(fold(c)) == fold(c).
[[nodiscard]] char32_t fold(char32_t c);

}  // namespace aftersense
