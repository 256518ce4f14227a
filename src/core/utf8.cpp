#include "core/utf8.h"

#include <algorithm>

namespace aftersense {
namespace {

constexpr std::size_t kBlockBytes = 64;

/// Bytes that the lead byte promises, with the allowed range of the second byte; 0 for a byte that cannot lead.
struct Lead {
  std::size_t size_bytes;
  unsigned char second_min;
  unsigned char second_max;
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {1, 0, 0};
  if (byte >= 0xC2 && byte <= 0xDF) return {2, 0x80, 0xBF};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte >= 0xE1 && byte <= 0xEF) return {3, 0x80, 0xBF};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte >= 0xF1 && byte <= 0xF3) return {4, 0x80, 0xBF};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

std::uint32_t utf16_units(char32_t value) {
  return value >= 0x10000 ? 2 : 1;
}

}  // namespace

CodePoint decode_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const Lead lead = lead_of(byte(0));
  if (lead.size_bytes == 1) return {byte(0), 1};
  if (lead.size_bytes == 0) return {kReplacement, 1};
  char32_t value = byte(0) & (0xFFu >> (lead.size_bytes + 1));
  for (std::size_t i = 1; i < lead.size_bytes; ++i) {
    const unsigned char low = i == 1 ? lead.second_min : 0x80;
    const unsigned char high = i == 1 ? lead.second_max : 0xBF;
    if (i >= text.size() || byte(i) < low || byte(i) > high) return {kReplacement, i};
    value = (value << 6) | (byte(i) & 0x3Fu);
  }
  return {value, lead.size_bytes};
}

void append_utf8(char32_t value, std::string& out) {
  const auto push = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (value < 0x80) {
    push(value);
  } else if (value < 0x800) {
    push(0xC0 | (value >> 6));
    push(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    push(0xE0 | (value >> 12));
    push(0x80 | ((value >> 6) & 0x3F));
    push(0x80 | (value & 0x3F));
  } else {
    push(0xF0 | (value >> 18));
    push(0x80 | ((value >> 12) & 0x3F));
    push(0x80 | ((value >> 6) & 0x3F));
    push(0x80 | (value & 0x3F));
  }
}

std::size_t floor_code_point(std::string_view text, std::size_t at) {
  if (at >= text.size()) return text.size();
  const std::size_t lowest = at > 3 ? at - 3 : 0;
  for (std::size_t start = at;; --start) {
    if ((static_cast<unsigned char>(text[start]) & 0xC0) != 0x80) {
      return start + decode_utf8(text.substr(start)).size_bytes > at ? start : at;
    }
    if (start == lowest) return at;
  }
}

Utf16Map::Utf16Map(std::string_view text) : text_(text) {
  std::uint32_t units = 0;
  std::size_t at = 0;
  for (std::size_t block = 0; block * kBlockBytes <= text.size(); ++block) {
    while (at < block * kBlockBytes && at < text.size()) {
      const CodePoint point = decode_utf8(text.substr(at));
      units += utf16_units(point.value);
      at += point.size_bytes;
    }
    units_before_block_.push_back(units);
    block_start_.push_back(static_cast<std::uint32_t>(at));
  }
}

std::uint32_t Utf16Map::to_utf16(std::size_t at) const {
  std::size_t block = std::min(at / kBlockBytes, block_start_.size() - 1);
  if (block_start_[block] > at) --block;
  std::size_t position = block_start_[block];
  std::uint32_t units = units_before_block_[block];
  while (position < at) {
    const CodePoint point = decode_utf8(text_.substr(position));
    if (position + point.size_bytes > at) break;
    units += utf16_units(point.value);
    position += point.size_bytes;
  }
  return units;
}

}  // namespace aftersense
