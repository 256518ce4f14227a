#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aftersense {

/// Stands for bytes that are not UTF-8.
inline constexpr char32_t kReplacement = 0xFFFD;

/// One code point of a text and the bytes it took.
struct CodePoint {
  char32_t value;
  std::size_t size_bytes;
};

/// Decodes the code point at the start of `text`, which must not be empty. An ill-formed sequence gives
/// kReplacement for its maximal ill-formed prefix (Unicode 16, section 3.9, as the WHATWG decoder does).
[[nodiscard]] CodePoint decode_utf8(std::string_view text);

/// Appends the UTF-8 form of `value`.
void append_utf8(char32_t value, std::string& out);

/// The largest offset ≤ `at` that does not split a code point of `text`.
[[nodiscard]] std::size_t floor_code_point(std::string_view text, std::size_t at);

/// Maps byte offsets of a UTF-8 text to UTF-16 units. Ill-formed sequences count one unit each, as after
/// `new TextDecoder().decode(bytes)`. Building costs one pass and eight bytes a block of 64 bytes. The text must outlive the map.
class Utf16Map {
 public:
  explicit Utf16Map(std::string_view text);
  /// UTF-16 units before byte `at`; `at` ≤ text size.
  [[nodiscard]] std::uint32_t to_utf16(std::size_t at) const;

 private:
  std::string_view text_;
  std::vector<std::uint32_t> units_before_block_;
  std::vector<std::uint32_t> block_start_;
};

}  // namespace aftersense
