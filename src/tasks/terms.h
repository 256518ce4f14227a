#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aftersense {

/// No index term is longer; longer runs of letters are no words and are dropped.
inline constexpr std::size_t kMaxTermBytes = 64;

/// Index terms of Chinese and English product text or of a query, in order, repeats kept. The text is cleaned first.
///
/// - Words (letters and digits, with `'` between letters and `.` between digits) are lower-cased; a number keeps the unit
///   behind it, written with or without a space. English plurals are stripped: rules 1–3 of the S-stemmer (Harman 1991,
///   "How effective is suffixing?"), and before them one of our own, -es after ss, x, ch and sh, which shops need.
/// - Runs of Han characters have no word boundaries: every character and every pair of neighbours is a term, as in Lucene's
///   CJKBigramFilter with outputUnigrams, so that a query of one character finds its compounds.
/// - Stop words of both languages are dropped; punctuation, symbols and emoji are no terms.
///
///     split_terms("Glass jars, 500 ml")  // glass, jar, 500ml
///     split_terms("保温杯")               // 保, 保温, 温, 温杯, 杯
[[nodiscard]] std::vector<std::string> split_terms(std::string_view text);

}  // namespace aftersense
