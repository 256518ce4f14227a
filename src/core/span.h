#pragma once

#include <cstdint>
#include <string_view>

namespace aftersense {

/// A half-open range of bytes of a text.
struct ByteSpan {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  [[nodiscard]] std::uint32_t size() const { return end - begin; }
  [[nodiscard]] std::string_view of(std::string_view text) const { return text.substr(begin, size()); }
  friend bool operator==(const ByteSpan&, const ByteSpan&) = default;
};

}  // namespace aftersense
