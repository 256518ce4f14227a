#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/span.h"

namespace aftersense {

/// Characters by the low bits of their code, so that most are refused at once.
class CharacterFilter {
 public:
  constexpr void add(char32_t c) { bits_[(c / 64) % 8] |= std::uint64_t{1} << (c % 64); }
  [[nodiscard]] constexpr bool may_have(char32_t c) const { return (bits_[(c / 64) % 8] >> (c % 64) & 1) != 0; }

 private:
  std::array<std::uint64_t, 8> bits_ = {};
};

/// Words in lower case, with what they begin and end with.
template <std::size_t kCount>
struct WordTable {
  std::array<std::u32string_view, kCount> words = {};
  CharacterFilter first;
  CharacterFilter last;
};

template <std::size_t kCount>
consteval WordTable<kCount> make_words(const std::u32string_view (&words)[kCount]) {
  WordTable<kCount> table;
  for (std::size_t i = 0; i < kCount; ++i) {
    table.words[i] = words[i];
    table.first.add(words[i].front());
    table.last.add(words[i].back());
  }
  return table;
}

/// A view of a WordTable.
struct Words {
  template <std::size_t kCount>
  constexpr Words(const WordTable<kCount>& table) : list(table.words), first(&table.first), last(&table.last) {}

  std::span<const std::u32string_view> list;
  const CharacterFilter* first;
  const CharacterFilter* last;
};

/// A text as the scanners of entities read it: by code points, folded (text/characters.h), all dashes `-`, and without what folding
/// drops. Positions beyond either end, such as `0 - 1`, are allowed and read as 0.
class ScanText {
 public:
  explicit ScanText(std::string_view original);

  [[nodiscard]] std::size_t size() const { return characters_.size(); }
  [[nodiscard]] char32_t operator[](std::size_t at) const { return at < size() ? characters_[at].value : U'\0'; }
  [[nodiscard]] bool is_upper(std::size_t at) const;
  [[nodiscard]] bool is_digit(std::size_t at) const { return (*this)[at] >= U'0' && (*this)[at] <= U'9'; }
  [[nodiscard]] bool is_letter(std::size_t at) const { return (*this)[at] >= U'a' && (*this)[at] <= U'z'; }
  [[nodiscard]] bool is_word(std::size_t at) const { return is_digit(at) || is_letter(at); }
  [[nodiscard]] bool is_space(std::size_t at) const { return (*this)[at] == U' '; }
  [[nodiscard]] bool is_han(std::size_t at) const;

  /// Whether `word`, in lower case, stands at `at`. One that begins or ends with a Latin letter has no letter beside it there.
  [[nodiscard]] bool has_word(std::size_t at, std::u32string_view word) const;
  [[nodiscard]] bool has_word_before(std::size_t end, std::u32string_view word) const;
  /// The end of the longest of `words` at `at`; none is `at`.
  [[nodiscard]] std::size_t skip_word(std::size_t at, Words words) const;
  /// The begin of the longest of `words` that ends at `end`; none is `end`.
  [[nodiscard]] std::size_t skip_word_back(std::size_t end, Words words) const;
  /// Whether one of `words` ends within `reach` characters before `at`, in the same sentence.
  [[nodiscard]] bool is_announced(std::size_t at, Words words, std::size_t reach) const;

  [[nodiscard]] std::size_t skip_spaces(std::size_t at) const;
  [[nodiscard]] std::size_t skip_digits(std::size_t at) const;
  [[nodiscard]] std::size_t skip_letters(std::size_t at) const;
  [[nodiscard]] bool is_one_of(std::size_t at, std::u32string_view characters) const;

  /// `begin` < `end` ≤ size().
  [[nodiscard]] ByteSpan to_bytes(std::size_t begin, std::size_t end) const;

 private:
  struct Character {
    char32_t value;
    std::uint32_t begin;  // in bytes of the original
  };
  std::string_view original_;
  std::vector<Character> characters_;
};

/// Digits from a position on, in groups with at most two spaces, or one space, dash, dot or bracket on either side of a gap, between.
struct DigitGroups {
  static constexpr std::size_t kMax = 24;

  DigitGroups(const ScanText& text, std::size_t begin);

  std::array<char, kMax> digits = {};
  std::array<std::size_t, kMax> positions = {};
  std::array<std::size_t, kMax> sizes = {};  ///< of the groups
  std::size_t count = 0;                     ///< of the digits; 0 where one group alone has more than kMax
  std::size_t groups = 0;

  [[nodiscard]] std::string_view first(std::size_t n) const { return {digits.data(), n}; }
  [[nodiscard]] std::size_t end_of(std::size_t n) const { return positions[n - 1] + 1; }
  /// How many groups make up exactly the first `n` digits; 0 where `n` ends inside a group.
  [[nodiscard]] std::size_t groups_of(std::size_t n) const;
  [[nodiscard]] bool has_sizes(std::initializer_list<std::size_t> expected) const;
};

}  // namespace aftersense
