#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/span.h"

namespace aftersense {

/// A text as the models read it, and where each of its bytes came from.
///
/// Guarantees: `text` is well-formed UTF-8 without control characters other than single line feeds, tags, known character references, URLs,
/// runs of white space, or runs of more than three equal characters other than digits; it neither starts nor ends with white
/// space; `clean(clean(t).text).text == clean(t).text`. Time and memory are linear in the text.
///
///     CleanText cleaned = clean("Ｇｏｏｄ!!!!!! <b>:)</b>");
///     // cleaned.text == "good!!! 😊"
///     ByteSpan words = cleaned.to_source({0, 4});   // bytes 0..12 of the original
struct CleanText {
  std::string text;
  std::vector<ByteSpan> source;  ///< per byte of `text`, the bytes of the original that its code point stands for; both ends ascend

  /// Bytes of the original that `span` of the cleaned text stands for; empty spans map to an empty span.
  [[nodiscard]] ByteSpan to_source(ByteSpan span) const;
};

/// Cleans UTF-8 text of at most 4 GiB; bytes that are not UTF-8 are noise and dropped.
///
/// White space runs become one space, or one line feed where they hold a line break or a block-level tag. Emoji, `:)` and `[哈哈]`
/// become 😊, 😠 or 😐. Character references are decoded until none is left, since cleaning twice must change nothing.
[[nodiscard]] CleanText clean(std::string_view original);

}  // namespace aftersense
