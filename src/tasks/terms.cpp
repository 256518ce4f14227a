#include "tasks/terms.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/utf8.h"
#include "text/characters.h"
#include "text/clean.h"

namespace aftersense {
namespace {

// Sorted by bytes (a static_assert below holds them to it), for binary search. The English list is Lucene's default one with the
// commonest pronouns and verbs of questions to a shop.
constexpr auto kStopWords = std::to_array<std::string_view>({
    "a",    "am",   "an",   "and", "any", "are",  "as",   "at",    "be",    "but",   "by",   "could", "do",    "does",
    "for",  "from", "have", "i",   "if",  "in",   "into", "is",    "it",    "its",   "me",   "my",    "no",    "not",
    "of",   "on",   "or",   "our", "so",  "some", "such", "that",  "the",   "their", "them", "then",  "there", "these",
    "they", "this", "to",   "was", "we",  "what", "when", "where", "which", "will",  "with", "would", "you",   "your",
});

// Function words of one or two characters. A character listed here is dropped as a term of its own; its pairs stay.
constexpr auto kHanStopWords = std::to_array<std::string_view>({
    "一",   "一个", "一些", "一款", "上",   "不",   "与", "个",   "中",   "也",   "什么", "从",   "他", "以",
    "会",   "你",   "你们", "其",   "到",   "及",   "可", "可以", "和",   "在",   "对",   "将",   "就", "并",
    "很",   "怎么", "想要", "我",   "我们", "我想", "或", "所",   "把",   "是",   "有",   "有没", "来", "款",
    "没有", "用",   "由",   "而",   "能",   "被",   "让", "这",   "这个", "这款", "那",   "那个", "都", "需要",
});

// Particles that hardly ever stand inside a noun: they end a run, so that they form no pairs either.
constexpr auto kHanBreaks = std::to_array<char32_t>({U'的', U'了', U'吗', U'呢'});

// Units that are joined to a number before them.
constexpr auto kUnits = std::to_array<std::string_view>({
    "cl", "cm", "ft", "g", "gb", "hz", "inch", "kg", "kw", "l", "lb", "m", "mah", "mg", "ml", "mm", "oz", "tb", "v", "w", "wh",
});

static_assert(std::ranges::is_sorted(kStopWords));
static_assert(std::ranges::is_sorted(kHanStopWords));
static_assert(std::ranges::is_sorted(kUnits));

bool is_ascii_word(std::string_view word) {
  return std::ranges::all_of(word, [](char c) { return is_ascii_letter(static_cast<unsigned char>(c)); });
}

bool is_number(std::string_view word) {
  return std::ranges::all_of(word, [](char c) { return is_digit(static_cast<unsigned char>(c)) || c == '.'; });
}

/// An English word without its plural ending; other words as they are.
std::string stem_plural(std::string_view word) {
  const auto without = [&](std::size_t bytes) { return std::string(word.substr(0, word.size() - bytes)); };
  const auto ends_in = [&](auto... endings) { return (word.ends_with(endings) || ...); };
  if (word.size() <= 3 || !is_ascii_word(word)) return without(0);
  if (ends_in("sses", "xes", "ches", "shes")) return without(2);
  if (ends_in("ies") && !ends_in("eies", "aies")) return without(3) + "y";
  if (ends_in("es") && !ends_in("aes", "ees", "oes")) return without(1);
  if (ends_in("s") && !ends_in("us", "ss")) return without(1);
  return without(0);
}

/// Reads a cleaned text from left to right and collects its terms.
class TermReader {
 public:
  explicit TermReader(std::string_view cleaned) : text_(cleaned) {}

  std::vector<std::string> read() && {
    while (at_ < text_.size()) {
      const CodePoint point = decode_utf8(text_.substr(at_));
      if (is_han(point.value)) {
        read_han();
      } else if (is_letter_or_digit(point.value)) {
        read_word();
      } else {
        at_ += point.size_bytes;
      }
    }
    return std::move(terms_);
  }

 private:
  /// The code point at byte `at`, or U+0000 at the end.
  [[nodiscard]] CodePoint peek(std::size_t at) const { return at < text_.size() ? decode_utf8(text_.substr(at)) : CodePoint{0, 0}; }

  /// A maximal run of Han characters: each of them, and each pair of neighbours.
  void read_han() {
    std::size_t previous = at_;
    bool paired = false;
    for (CodePoint point = peek(at_); is_han(point.value); point = peek(at_)) {
      const std::size_t start = at_;
      at_ += point.size_bytes;
      if (std::ranges::find(kHanBreaks, point.value) != kHanBreaks.end()) {
        paired = false;
        continue;
      }
      if (paired) add_han(text_.substr(previous, at_ - previous));
      add_han(text_.substr(start, at_ - start));
      previous = start;
      paired = true;
    }
  }

  void add_han(std::string_view term) {
    if (!std::ranges::binary_search(kHanStopWords, term)) terms_.emplace_back(term);
  }

  /// Whether the mark at `at` stands inside a word: an apostrophe between letters, a point between digits.
  [[nodiscard]] bool joins(char32_t before, std::size_t at) const {
    const char32_t after = peek(at + 1).value;
    if (text_[at] == '\'') return is_letter_or_digit(before) && is_letter_or_digit(after) && !is_digit(before) && !is_digit(after);
    return text_[at] == '.' && is_digit(before) && is_digit(after);
  }

  void read_word() {
    const std::size_t start = at_;
    for (char32_t before = 0; at_ < text_.size();) {
      const CodePoint point = peek(at_);
      if (!is_letter_or_digit(point.value) && !joins(before, at_)) break;
      before = point.value;
      at_ += point.size_bytes;
    }
    add_word(start, text_.substr(start, at_ - start));
  }

  void add_word(std::size_t start, std::string_view word) {
    if (word.ends_with("'s")) word.remove_suffix(2);
    if (word.size() > kMaxTermBytes) return;
    const bool follows_number = number_end_ != 0 && start == number_end_ + 1 && text_[number_end_] == ' ';
    if (follows_number && std::ranges::binary_search(kUnits, word) && terms_.back().size() + word.size() <= kMaxTermBytes) {
      terms_.back() += word;
    } else if (is_number(word)) {
      terms_.emplace_back(word);
      number_end_ = at_;
    } else if (!std::ranges::binary_search(kStopWords, word)) {
      terms_.push_back(stem_plural(word));
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t number_end_ = 0;  ///< end of the last plain number, which is then the last term if a unit follows it; 0 = none
  std::vector<std::string> terms_;
};

}  // namespace

std::vector<std::string> split_terms(std::string_view text) {
  return TermReader(clean(text).text).read();
}

}  // namespace aftersense
