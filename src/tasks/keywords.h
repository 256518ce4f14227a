#pragma once

#include <string_view>
#include <vector>

#include "core/span.h"
#include "text/language.h"
#include "text/tokenizer.h"

namespace aftersense {

/// A span of the cleaned text and its weight in (0, 1]; the first of a list has 1.
struct Keyword {
  ByteSpan span;
  float score;
};

/// The words that say most about a cleaned text, best first, each distinct word once (where it stands first). A word's weight is
/// its frequency times its information, −log₂ of its probability under the tokeniser's unigram language model (at most 16 bits).
/// Ties stand in the order of the text. Texts in other languages give none, since their function words are not known.
///
///     find_keywords("the earphones broke, bad earphones", Language::en, tokenizer, 1)   // "earphones", score 1
[[nodiscard]] std::vector<Keyword> find_keywords(std::string_view cleaned, Language language, const Tokenizer& tokenizer,
                                                 std::size_t limit);

}  // namespace aftersense
