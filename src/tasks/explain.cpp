#include "tasks/explain.h"

#include <algorithm>
#include <functional>

#include "core/utf8.h"
#include "tasks/words.h"
#include "text/characters.h"
#include "text/ngrams.h"
#include "text/segment.h"

namespace aftersense {
namespace {

constexpr char32_t kFirstEmoji = 0x1F000;

bool says_something(std::string_view words) {
  for (std::size_t at = 0; at < words.size();) {
    const CodePoint point = decode_utf8(words.substr(at));
    if (is_han(point.value) || is_letter_or_digit(point.value) || point.value >= kFirstEmoji) return true;
    at += point.size_bytes;
  }
  return false;
}

/// How many parts the encoder can be asked about within its time.
std::size_t most_parts(std::size_t size_bytes) {
  return std::clamp(kMaxOccludedBytes / std::max<std::size_t>(size_bytes, 1), kMinOccluded, kMaxOccluded);
}

/// Runs of at most `length` neighbours that `border` does not part.
std::vector<ByteSpan> join_runs(const std::vector<ByteSpan>& parts, std::size_t length,
                                const std::function<bool(ByteSpan before, ByteSpan next)>& border) {
  std::vector<ByteSpan> runs;
  std::size_t in_run = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool starts = i == 0 || in_run == length || border(parts[i - 1], parts[i]);
    if (starts) {
      runs.push_back(parts[i]);
      in_run = 0;
    } else {
      runs.back().end = parts[i].end;
    }
    ++in_run;
  }
  return runs;
}

std::string without(std::string_view text, ByteSpan part) {
  return std::string(text.substr(0, part.begin)) + std::string(text.substr(part.end));
}

}  // namespace

std::vector<ByteSpan> find_occluded_parts(std::string_view cleaned, const std::vector<Piece>& pieces) {
  std::vector<ByteSpan> words = join_words(pieces, split_units(cleaned));
  std::erase_if(words, [&](ByteSpan word) { return !says_something(word.of(cleaned)); });
  const std::size_t most = most_parts(cleaned.size());
  if (words.size() <= most) return words;

  const std::vector<ByteSpan> clauses = split_clauses(cleaned);
  if (clauses.size() > most) {
    return join_runs(clauses, (clauses.size() + most - 1) / most, [](ByteSpan, ByteSpan) { return false; });
  }
  const auto parts_clauses = [&](ByteSpan before, ByteSpan next) {
    const auto clause = std::ranges::upper_bound(clauses, before.begin, {}, &ByteSpan::end);
    return clause != clauses.end() && next.begin >= clause->end;
  };
  for (std::size_t length = 2;; ++length) {
    std::vector<ByteSpan> runs = join_runs(words, length, parts_clauses);
    // Words may reach over a clause's border, and a clause hold none: the count of clauses is near, not a bound.
    if (runs.size() <= most) return runs;
    if (length == words.size()) return join_runs(words, (words.size() + most - 1) / most, [](ByteSpan, ByteSpan) { return false; });
  }
}

std::vector<Explanation> explain_by_occlusion(std::string_view cleaned, const BaseReader::Reading& whole, BaseReader& base,
                                              const SentimentJudge& lite, Language language) {
  const std::vector<ByteSpan> parts = find_occluded_parts(cleaned, whole.pieces);
  std::vector<std::string> variants;
  for (const ByteSpan part : parts) variants.push_back(without(cleaned, part));
  const std::vector<std::string_view> views(variants.begin(), variants.end());
  const std::vector<BaseReader::Reading> readings = base.read(views);
  const SentimentLogits lite_whole = lite.read(cleaned).logits;
  std::vector<SentimentLogits> lite_logits;
  for (const std::string_view variant : views) lite_logits.push_back(lite.read(variant).logits);

  std::vector<Explanation> explanations;
  for (const BaseReader::Verdict& verdict : base.find_verdicts(whole, lite_whole, language)) {
    Explanation explanation{.verdict = std::string(verdict.task()), .label = std::string(verdict.name()), .words = {}};
    const float margin = base.margin(verdict, whole, lite_whole, language);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      explanation.words.push_back({parts[i], margin - base.margin(verdict, readings[i], lite_logits[i], language)});
    }
    std::ranges::stable_sort(explanation.words, std::ranges::greater{}, &Contribution::score);
    explanations.push_back(std::move(explanation));
  }
  return explanations;
}

}  // namespace aftersense
