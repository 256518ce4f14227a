#include "tasks/urgency_cues.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <string>

#include "core/utf8.h"
#include "tasks/urgency_phrases.h"
#include "text/characters.h"

namespace aftersense {
namespace {

struct Cue {
  std::string_view words;
  UrgencyKind kind;
};

/// All cues by their bytes.
const std::vector<Cue>& sorted_cues() {
  static const std::vector<Cue> sorted = [] {
    std::vector<Cue> cues;
    const auto add = [&](std::span<const std::string_view> list, UrgencyKind kind) {
      for (const std::string_view words : list) cues.push_back({words, kind});
    };
    add(kSafety, UrgencyKind::safety);
    add(kMoney, UrgencyKind::money);
    add(kDeadline, UrgencyKind::deadline);
    add(kRepeatedContact, UrgencyKind::repeated_contact);
    add(kLegal, UrgencyKind::legal);
    std::ranges::sort(cues, {}, &Cue::words);
    return cues;
  }();
  return sorted;
}

char32_t code_point_before(std::string_view text, std::size_t at) {
  return at == 0 ? U' ' : decode_utf8(text.substr(floor_code_point(text, at - 1))).value;
}

char32_t code_point_at(std::string_view text, std::size_t at) {
  return at >= text.size() ? U' ' : decode_utf8(text.substr(at)).value;
}

/// Whether words [begin, end) have no letter or digit beside theirs.
bool stands_alone(std::string_view text, std::size_t begin, std::size_t end) {
  const auto splits = [&](std::size_t at) {
    return is_letter_or_digit(code_point_before(text, at)) && is_letter_or_digit(code_point_at(text, at));
  };
  return !splits(begin) && !splits(end);
}

/// The longest cue that begins at `at` and stands alone.
std::optional<Cue> cue_at(std::string_view text, std::size_t at) {
  const std::vector<Cue>& cues = sorted_cues();
  const std::string_view rest = text.substr(at);
  const std::size_t first_bytes = decode_utf8(rest).size_bytes;
  const auto first = [&](const Cue& cue) { return cue.words.substr(0, first_bytes); };
  std::optional<Cue> longest;
  for (const Cue& cue : std::ranges::equal_range(cues, rest.substr(0, first_bytes), {}, first)) {
    const bool is_longer = !longest || cue.words.size() > longest->words.size();
    if (is_longer && rest.starts_with(cue.words) && stands_alone(text, at, at + cue.words.size())) longest = cue;
  }
  return longest;
}

bool is_english_denial(std::string_view word) {
  constexpr std::string_view kDenials[] = {"no", "not", "without", "never", "neither", "nor", "zero", "cannot"};
  return word.ends_with("n't") || std::ranges::find(kDenials, word) != std::end(kDenials);
}

/// Whether one of the three words before `at`, in the same clause, denies: "no", "isn't", save in "not only".
bool is_denied_in_english(std::string_view text, std::size_t at) {
  constexpr std::size_t kWords = 3;
  std::string_view after;
  for (std::size_t words = 0; words < kWords; ++words) {
    while (at > 0 && text[at - 1] == ' ') --at;
    std::size_t begin = at;
    while (begin > 0 && (is_ascii_letter(static_cast<unsigned char>(text[begin - 1])) || text[begin - 1] == '\'')) --begin;
    const std::string_view word = text.substr(begin, at - begin);
    if (word.empty() || word == "but") return false;
    if (is_english_denial(word)) return after != "only" && after != "just";
    after = word;
    at = begin;
  }
  return false;
}

/// Whether 没, 不, 无 … stands before `at` with nothing but fillers between: 没有漏电, 不会起火; not in a question of two ways: 有没有,
/// 会不会.
bool is_denied_in_chinese(std::string_view text, std::size_t at) {
  constexpr std::u32string_view kDenials = U"没沒无無不未非零防";
  constexpr std::u32string_view kFillers = U"有会會被再出现發发生闻到见任何用必过要是";
  constexpr std::size_t kMostFillers = 4;
  for (std::size_t fillers = 0; at > 0 && fillers <= kMostFillers; ++fillers) {
    const std::size_t begin = floor_code_point(text, at - 1);
    const char32_t c = code_point_at(text, begin);
    if (kDenials.find(c) != kDenials.npos) return code_point_before(text, begin) != code_point_at(text, at);
    if (kFillers.find(c) == kFillers.npos) return false;
    at = begin;
  }
  return false;
}

bool is_denied(std::string_view text, std::size_t at) {
  return is_denied_in_english(text, at) || is_denied_in_chinese(text, at);
}

bool has_words(std::string_view text, std::string_view words) {
  for (std::size_t at = text.find(words); at != std::string_view::npos; at = text.find(words, at + 1)) {
    if (stands_alone(text, at, at + words.size())) return true;
  }
  return false;
}

}  // namespace

std::vector<UrgencyCue> find_urgency_cues(std::string_view cleaned) {
  std::vector<UrgencyCue> found;
  for (std::size_t at = 0; at < cleaned.size();) {
    const std::optional<Cue> cue = cue_at(cleaned, at);
    if (!cue) {
      at += decode_utf8(cleaned.substr(at)).size_bytes;
      continue;
    }
    const std::size_t end = at + cue->words.size();
    if (!is_denied(cleaned, at)) found.push_back({cue->kind, {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)}});
    at = end;
  }
  return found;
}

ScoredLabel judge_urgency(std::string_view cleaned, const std::vector<UrgencyCue>& cues, const Sentiment& sentiment) {
  constexpr std::size_t kNegative = 0;
  constexpr std::size_t kPositive = 2;
  const auto speaks_of = [&](UrgencyKind kind) { return std::ranges::find(cues, kind, &UrgencyCue::kind) != cues.end(); };
  const auto asks = [&] { return std::ranges::any_of(kAsks, [&](std::string_view words) { return has_words(cleaned, words); }); };
  const auto level = [&]() -> std::size_t {
    if (sentiment.label() != kPositive) {
      if (speaks_of(UrgencyKind::safety) || speaks_of(UrgencyKind::legal) || speaks_of(UrgencyKind::deadline)) return 0;
      if (!cues.empty()) return 1;
      if (sentiment.label() == kNegative) return 2;
    }
    return asks() ? 2 : 3;
  }();
  return {.label = std::string(kLevels[level]), .score = kPrecision[level]};
}

}  // namespace aftersense
