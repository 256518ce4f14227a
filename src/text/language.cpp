#include "text/language.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/utf8.h"
#include "text/characters.h"

namespace aftersense {
namespace {

// Function words, sorted for binary search. Words that English shares with another list's language (no, me, is, die, war, plus …)
// are in neither, since they tell nothing.
constexpr auto kEnglishWords = std::to_array<std::string_view>({
    "about", "after", "all",  "and", "are",  "be",   "been", "but",   "by",    "can",  "can't", "could", "did",   "didn't",
    "does",  "don't", "even", "for", "from", "had",  "has",  "have",  "how",   "i'm",  "if",    "it",    "it's",  "its",
    "just",  "my",    "not",  "of",  "only", "our",  "she",  "that",  "the",   "them", "then",  "there", "these", "they",
    "this",  "to",    "very", "we",  "were", "what", "when", "where", "which", "with", "would", "you",   "your",
});

// French, German, Spanish, Portuguese, Italian, Dutch, and the commonest of Polish, Turkish, Indonesian and Swedish.
constexpr auto kForeignWords = std::to_array<std::string_view>({
    "aber",  "ale",   "auch",    "av",    "avec",   "bagus", "bardzo", "bien",    "bir",      "buena", "bueno", "che", "com",
    "como",  "con",   "cu",      "da",    "dan",    "dans",  "das",    "dat",     "de",       "del",   "della", "den", "der",
    "des",   "det",   "di",      "dos",   "du",     "een",   "ein",    "eine",    "el",       "elle",  "em",    "en",  "er",
    "es",    "esta",  "este",    "et",    "för",    "für",   "goed",   "gracias", "gusta",    "het",   "ich",   "il",  "ini",
    "inte",  "je",    "jest",    "la",    "las",    "le",    "les",    "los",     "maar",     "mais",  "mas",   "mit", "molto",
    "mucho", "muito", "muy",     "na",    "nicht",  "nie",   "niet",   "não",     "och",      "para",  "pas",   "per", "pero",
    "por",   "pour",  "produit", "que",   "questo", "qui",   "sangat", "saya",    "schlecht", "sehr",  "sich",  "sie", "sono",
    "sont",  "sur",   "tak",     "tidak", "todo",   "très",  "um",     "uma",     "un",       "una",   "und",   "une", "van",
    "ve",    "voor",  "vous",    "wie",   "wir",    "yang",  "zeer",   "zu",      "zum",      "çok",   "è",
});

static_assert(std::ranges::is_sorted(kEnglishWords));
static_assert(std::ranges::is_sorted(kForeignWords));

bool is_kana(char32_t c) {
  return (c >= 0x3041 && c <= 0x30FF) || (c >= 0x31F0 && c <= 0x31FF) || (c >= 0xFF66 && c <= 0xFF9F);
}

bool is_hangul(char32_t c) {
  return (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0x1100 && c <= 0x11FF) || (c >= 0x3130 && c <= 0x318F);
}

/// Letters beyond ASCII that Latin script uses, and combining accents.
bool is_accented_latin(char32_t c) {
  return is_letter_or_digit(c) && ((c >= 0xC0 && c <= 0x24F) || (c >= 0x300 && c <= 0x36F) || (c >= 0x1E00 && c <= 0x1EFF));
}

struct Counts {
  std::size_t han = 0;
  std::size_t kana = 0;
  std::size_t hangul = 0;
  std::size_t latin_words = 0;
  std::size_t foreign_words = 0;  ///< in other alphabets
  std::size_t english_evidence = 0;
  std::size_t not_english_evidence = 0;
};

/// Counts one run of letters outside Chinese, Japanese and Korean.
void count_word(std::string_view word, Counts& counts) {
  bool has_letter = false;
  bool has_accent = false;
  for (std::size_t at = 0; at < word.size();) {
    const CodePoint point = decode_utf8(word.substr(at));
    at += point.size_bytes;
    if (is_accented_latin(point.value)) has_accent = true;
    if (is_ascii_letter(point.value) || is_accented_latin(point.value)) {
      has_letter = true;
    } else if (point.value >= 0xC0) {
      ++counts.foreign_words;
      return;
    }
  }
  if (!has_letter) return;
  ++counts.latin_words;
  if (std::ranges::binary_search(kEnglishWords, word)) ++counts.english_evidence;
  if (has_accent || std::ranges::binary_search(kForeignWords, word)) ++counts.not_english_evidence;
}

Counts count(std::string_view cleaned) {
  Counts counts;
  std::size_t word_begin = 0;
  std::size_t at = 0;
  const auto end_word = [&] {
    if (word_begin < at) count_word(cleaned.substr(word_begin, at - word_begin), counts);
  };
  while (at < cleaned.size()) {
    const CodePoint point = decode_utf8(cleaned.substr(at));
    const char32_t c = point.value;
    const bool is_east_asian = is_han(c) || is_kana(c) || is_hangul(c);
    if (is_east_asian || !(is_letter_or_digit(c) || c == U'\'')) {
      end_word();
      word_begin = at + point.size_bytes;
    }
    counts.han += is_han(c);
    counts.kana += is_kana(c);
    counts.hangul += is_hangul(c);
    at += point.size_bytes;
  }
  end_word();
  return counts;
}

}  // namespace

std::string_view language_name(Language language) {
  constexpr std::array<std::string_view, 3> kNames = {"zh", "en", "other"};
  return kNames[static_cast<std::size_t>(language)];
}

Language detect_language(std::string_view cleaned) {
  const Counts counts = count(cleaned);
  // Chinese writers sprinkle a の; in Japanese, kana are at least a third.
  const bool is_japanese = counts.kana > 0 && counts.kana * 5 > counts.han;
  // Two characters make a word, and product names are Latin in Chinese reviews as well: weigh a character as two words.
  const std::size_t chinese = is_japanese ? 0 : 2 * counts.han;
  const std::size_t other = counts.foreign_words + 2 * (counts.hangul + counts.kana + (is_japanese ? counts.han : 0));
  if (chinese > counts.latin_words && chinese > other) return Language::zh;
  if (counts.latin_words <= other) return Language::other;
  return counts.not_english_evidence > counts.english_evidence ? Language::other : Language::en;
}

}  // namespace aftersense
