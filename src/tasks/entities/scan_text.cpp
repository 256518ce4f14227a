#include "tasks/entities/scan_text.h"

#include <algorithm>

#include "core/utf8.h"
#include "text/characters.h"

namespace aftersense {
namespace {

constexpr char32_t kKeycap = 0x20E3;  // encloses the digit before it

bool is_dash(char32_t c) {
  return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFE58 || c == 0xFE63;
}

/// As fold(), which looks ASCII up in tables too.
char32_t fold_fast(char32_t c) {
  if (c >= U'A' && c <= U'Z') return c + 32;
  if (c >= U' ' && c < 0x7F) return c;
  if (c == kKeycap) return kDropped;
  return is_dash(c) ? U'-' : fold(c);
}

bool ends_sentence(const ScanText& text, std::size_t at) {
  const char32_t c = text[at];
  return c == U'。' || c == U'!' || c == U'\n' || (c == U'.' && text.is_space(at + 1) && !text.has_word_before(at, U"no"));
}

}  // namespace

ScanText::ScanText(std::string_view original) : original_(original) {
  characters_.reserve(original.size());
  for (std::size_t at = 0; at < original.size();) {
    const CodePoint point = decode_utf8(original.substr(at));
    const char32_t value = fold_fast(point.value);
    if (value != kDropped) characters_.push_back({value, static_cast<std::uint32_t>(at)});
    at += point.size_bytes;
  }
}

bool ScanText::is_upper(std::size_t at) const {
  if (at >= size()) return false;
  const char32_t value = decode_utf8(original_.substr(characters_[at].begin)).value;
  return (value >= U'A' && value <= U'Z') || (value >= U'Ａ' && value <= U'Ｚ') || (value >= U'À' && value <= U'Þ' && value != U'×');
}

bool ScanText::is_han(std::size_t at) const {
  return aftersense::is_han((*this)[at]);
}

bool ScanText::has_word(std::size_t at, std::u32string_view word) const {
  if (at + word.size() > size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (characters_[at + i].value != word[i]) return false;
  }
  const auto joins = [&](char32_t own, std::size_t neighbour) { return is_ascii_letter(own) && is_letter(neighbour); };
  return !joins(word.front(), at - 1) && !joins(word.back(), at + word.size());
}

bool ScanText::has_word_before(std::size_t end, std::u32string_view word) const {
  return end >= word.size() && has_word(end - word.size(), word);
}

std::size_t ScanText::skip_word(std::size_t at, Words words) const {
  if (!words.first->may_have((*this)[at])) return at;
  std::size_t longest = 0;
  for (const std::u32string_view word : words.list) {
    if (word.size() > longest && has_word(at, word)) longest = word.size();
  }
  return at + longest;
}

std::size_t ScanText::skip_word_back(std::size_t end, Words words) const {
  if (!words.last->may_have((*this)[end - 1])) return end;
  std::size_t longest = 0;
  for (const std::u32string_view word : words.list) {
    if (word.size() > longest && has_word_before(end, word)) longest = word.size();
  }
  return end - longest;
}

bool ScanText::is_announced(std::size_t at, Words words, std::size_t reach) const {
  for (std::size_t end = at; end > 0 && at - end <= reach; --end) {
    if (skip_word_back(end, words) != end) return true;
    if (ends_sentence(*this, end - 1)) return false;
  }
  return false;
}

std::size_t ScanText::skip_spaces(std::size_t at) const {
  while (is_space(at)) ++at;
  return at;
}

std::size_t ScanText::skip_digits(std::size_t at) const {
  while (is_digit(at)) ++at;
  return at;
}

std::size_t ScanText::skip_letters(std::size_t at) const {
  while (is_letter(at)) ++at;
  return at;
}

bool ScanText::is_one_of(std::size_t at, std::u32string_view characters) const {
  return at < size() && characters.find(characters_[at].value) != std::u32string_view::npos;
}

ByteSpan ScanText::to_bytes(std::size_t begin, std::size_t end) const {
  const std::size_t last = characters_[end - 1].begin;
  return {characters_[begin].begin, static_cast<std::uint32_t>(last + decode_utf8(original_.substr(last)).size_bytes)};
}

DigitGroups::DigitGroups(const ScanText& text, std::size_t begin) {
  for (std::size_t at = begin; count < kMax && text.is_digit(at);) {
    std::size_t end = at;
    while (text.is_digit(end) && end - at <= kMax) ++end;
    const std::size_t size = end - at;
    if (count + size > kMax) break;
    for (; at < end; ++at, ++count) {
      digits[count] = static_cast<char>(text[at]);
      positions[count] = at;
    }
    sizes[groups++] = size;
    while (at - end < 2 && text.is_one_of(at, U" -.()")) ++at;
    if (at == end) break;
  }
}

std::size_t DigitGroups::groups_of(std::size_t n) const {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < groups && sum < n; ++i) {
    sum += sizes[i];
    if (sum == n) return i + 1;
  }
  return 0;
}

bool DigitGroups::has_sizes(std::initializer_list<std::size_t> expected) const {
  return groups >= expected.size() && std::equal(expected.begin(), expected.end(), sizes.begin());
}

}  // namespace aftersense
