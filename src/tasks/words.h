#pragma once

#include <vector>

#include "core/span.h"
#include "text/tokenizer.h"

namespace aftersense {

/// The words of a text as explanations name them: neighbours of `pieces` joined wherever one of `units` (split_units() of the text) reaches
/// over their border, so that words split neither pieces nor units.
[[nodiscard]] std::vector<ByteSpan> join_words(const std::vector<Piece>& pieces, const std::vector<ByteSpan>& units);

}  // namespace aftersense
