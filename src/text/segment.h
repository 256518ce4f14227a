#pragma once

#include <string_view>
#include <vector>

#include "core/span.h"

namespace aftersense {

/// Sentences of a cleaned text, in order, without surrounding white space; together they hold every other byte.
[[nodiscard]] std::vector<ByteSpan> split_sentences(std::string_view cleaned);

/// Clauses (parts of sentences between commas, semicolons, colons and contrasting conjunctions), likewise.
[[nodiscard]] std::vector<ByteSpan> split_clauses(std::string_view cleaned);

}  // namespace aftersense
