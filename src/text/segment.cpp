#include "text/segment.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/utf8.h"
#include "text/characters.h"

namespace aftersense {
namespace {

struct Glyph {
  char32_t value;
  ByteSpan span;
};

using Glyphs = std::vector<Glyph>;

// Abbreviations whose period ends no sentence; those with a period inside ("e.g.") need no entry.
constexpr auto kAbbreviations = std::to_array<std::u32string_view>({U"approx", U"dr", U"mr", U"mrs", U"ms", U"prof", U"st", U"vs"});

constexpr auto kEnglishContrasts = std::to_array<std::u32string_view>({U"although", U"but", U"except", U"however", U"though", U"whereas"});
constexpr auto kChineseContrasts = std::to_array<std::u32string_view>({U"不过", U"但", U"却", U"只是", U"可是", U"然而"});
// Words that a contrast is only a part of.
constexpr auto kNoContrasts = std::to_array<std::u32string_view>(
    {U"不但", U"非但", U"但愿", U"冷却", U"忘却", U"了却", U"不只是", U"好不过", U"只不过", U"不过敏", U"不过期", U"不过分", U"但凡"});

Glyphs to_glyphs(std::string_view text) {
  Glyphs glyphs;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text.substr(at));
    const std::size_t end = at + point.size_bytes;
    glyphs.push_back({point.value, {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)}});
    at = end;
  }
  return glyphs;
}

bool is_any_of(char32_t c, std::u32string_view set) {
  return set.find(c) != std::u32string_view::npos;
}
bool is_end_mark(char32_t c) {
  return is_any_of(c, U".!?。…");
}
bool is_closing(char32_t c) {
  return is_any_of(c, U"\"')]」』》】");
}
bool is_emoji(char32_t c) {
  return is_any_of(c, U"😊😠😐");
}
bool is_clause_mark(char32_t c) {
  return is_any_of(c, U",;:");
}

char32_t value_at(const Glyphs& glyphs, std::size_t at) {
  return at < glyphs.size() ? glyphs[at].value : U'\n';
}
char32_t value_before(const Glyphs& glyphs, std::size_t at) {
  return at == 0 ? U'\n' : glyphs[at - 1].value;
}

bool matches(const Glyphs& glyphs, std::size_t at, std::u32string_view word) {
  if (word.size() > glyphs.size() - std::min(at, glyphs.size())) return false;
  return std::equal(word.begin(), word.end(), glyphs.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char32_t c, const Glyph& g) { return c == g.value; });
}

/// Whether the single period at `at` ends a sentence that began at `first`: not in 3.5, 1. (a list), e.g., mr. or a.com.
bool ends_sentence(const Glyphs& glyphs, std::size_t first, std::size_t at) {
  const char32_t next = value_at(glyphs, at + 1);
  if (!is_white_space(next) && !is_closing(next) && !is_emoji(next) && !is_han(next)) return false;
  std::size_t word = at;
  while (word > first && (is_letter_or_digit(glyphs[word - 1].value) || glyphs[word - 1].value == U'.') && !is_han(glyphs[word - 1].value))
    --word;
  const auto begin = glyphs.begin() + static_cast<std::ptrdiff_t>(word);
  const auto end = glyphs.begin() + static_cast<std::ptrdiff_t>(at);
  const bool is_number = std::all_of(begin, end, [](const Glyph& g) { return is_digit(g.value); });
  if (word == first && word < at && is_number) return false;
  const bool is_dotted = std::any_of(begin, end, [](const Glyph& g) { return g.value == U'.'; });
  if (is_dotted && std::none_of(begin, end, [](const Glyph& g) { return is_digit(g.value); })) return false;
  return std::ranges::none_of(kAbbreviations, [&](std::u32string_view a) { return a.size() == at - word && matches(glyphs, word, a); });
}

/// The end of the sentence that starts at `first`, after its marks, closing quotes and emoji.
std::size_t sentence_end(const Glyphs& glyphs, std::size_t first) {
  for (std::size_t at = first; at < glyphs.size(); ++at) {
    if (glyphs[at].value == U'\n') return at;
    if (!is_end_mark(glyphs[at].value)) continue;
    std::size_t end = at + 1;
    while (is_end_mark(value_at(glyphs, end))) ++end;
    if (glyphs[at].value == U'.' && end == at + 1 && !ends_sentence(glyphs, first, at)) continue;
    while (is_closing(value_at(glyphs, end))) ++end;
    if (value_at(glyphs, end) == U' ' && is_emoji(value_at(glyphs, end + 1))) ++end;
    while (is_emoji(value_at(glyphs, end))) ++end;
    return end;
  }
  return glyphs.size();
}

bool starts_contrast(const Glyphs& glyphs, std::size_t at) {
  const auto matches_here = [&](std::u32string_view word) { return matches(glyphs, at, word); };
  if (is_white_space(value_before(glyphs, at))) {
    return std::ranges::any_of(kEnglishContrasts, [&](std::u32string_view word) {
      const char32_t after = value_at(glyphs, at + word.size());
      return matches_here(word) && !is_letter_or_digit(after) && after != U'\'';
    });
  }
  if (std::ranges::none_of(kChineseContrasts, matches_here)) return false;
  return std::ranges::none_of(kNoContrasts, [&](std::u32string_view word) {
    for (std::size_t back = 0; back < word.size() && back <= at; ++back) {
      if (matches(glyphs, at - back, word)) return true;
    }
    return false;
  });
}

/// The end of the clause that starts at `first`, at most `limit`.
std::size_t clause_end(const Glyphs& glyphs, std::size_t first, std::size_t limit) {
  for (std::size_t at = first; at < limit; ++at) {
    const char32_t c = glyphs[at].value;
    if (at > first && starts_contrast(glyphs, at)) return at;
    const bool in_number = is_digit(value_before(glyphs, at)) && is_digit(value_at(glyphs, at + 1));
    const bool ends_emoji = is_emoji(c) && at + 1 < limit && !is_emoji(value_at(glyphs, at + 1)) && !is_end_mark(value_at(glyphs, at + 1));
    if ((is_clause_mark(c) && !in_number) || ends_emoji) {
      std::size_t end = at + 1;
      while (end < limit && (is_clause_mark(glyphs[end].value) || is_closing(glyphs[end].value) || is_emoji(glyphs[end].value))) ++end;
      return end;
    }
  }
  return limit;
}

/// Adds glyphs [begin, end) without white space around them, if anything remains.
void add_trimmed(const Glyphs& glyphs, std::size_t begin, std::size_t end, std::vector<ByteSpan>& spans) {
  while (begin < end && is_white_space(glyphs[begin].value)) ++begin;
  while (begin < end && is_white_space(glyphs[end - 1].value)) --end;
  if (begin < end) spans.push_back({glyphs[begin].span.begin, glyphs[end - 1].span.end});
}

std::size_t skip_white_space(const Glyphs& glyphs, std::size_t at) {
  while (at < glyphs.size() && is_white_space(glyphs[at].value)) ++at;
  return at;
}

}  // namespace

std::vector<ByteSpan> split_sentences(std::string_view cleaned) {
  const Glyphs glyphs = to_glyphs(cleaned);
  std::vector<ByteSpan> sentences;
  for (std::size_t at = skip_white_space(glyphs, 0); at < glyphs.size(); at = skip_white_space(glyphs, at)) {
    const std::size_t end = sentence_end(glyphs, at);
    add_trimmed(glyphs, at, end, sentences);
    at = end;
  }
  return sentences;
}

std::vector<ByteSpan> split_clauses(std::string_view cleaned) {
  const Glyphs glyphs = to_glyphs(cleaned);
  std::vector<ByteSpan> clauses;
  for (std::size_t at = skip_white_space(glyphs, 0); at < glyphs.size(); at = skip_white_space(glyphs, at)) {
    const std::size_t end = sentence_end(glyphs, at);
    while (at < end) {
      const std::size_t stop = clause_end(glyphs, at, end);
      add_trimmed(glyphs, at, stop, clauses);
      at = stop;
    }
  }
  return clauses;
}

}  // namespace aftersense
