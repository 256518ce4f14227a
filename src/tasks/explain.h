#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/span.h"
#include "tasks/sentiment.h"
#include "tasks/understand.h"
#include "text/language.h"
#include "text/tokenizer.h"

namespace aftersense {

/// How many variants of a text are read to explain it, and about how many bytes of them together, of long texts.
inline constexpr std::size_t kMaxOccluded = 32;
inline constexpr std::size_t kMaxOccludedBytes = std::size_t{16} << 10;
inline constexpr std::size_t kMinOccluded = 8;  ///< however long the text is

/// The words behind one verdict of the base tier.
struct Explanation {
  std::string verdict;  ///< the task of the head
  std::string label;
  /// What the verdict's margin (BaseReader::margin()) loses without the words, most first; below 0, at the end, where they speak against
  /// it.
  std::vector<Contribution> words;
};

/// The parts of a cleaned text that are left out, one at a time: its words; where they are too many, runs of as few words as will do within
/// a clause; where the clauses are too many, runs of clauses. Parts without a letter, a digit or an emoji are none.
[[nodiscard]] std::vector<ByteSpan> find_occluded_parts(std::string_view cleaned, const std::vector<Piece>& pieces);

/// Explains each verdict of base by occlusion (Zeiler and Fergus 2014): the text is read again without each part. A word whose absence
/// alone changes a verdict stands before every word whose absence does not. `whole` is the reading of `cleaned`.
[[nodiscard]] std::vector<Explanation> explain_by_occlusion(std::string_view cleaned, const BaseReader::Reading& whole, BaseReader& base,
                                                            const SentimentJudge& lite, Language language);

}  // namespace aftersense
