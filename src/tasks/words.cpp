#include "tasks/words.h"

namespace aftersense {

std::vector<ByteSpan> join_words(const std::vector<Piece>& pieces, const std::vector<ByteSpan>& units) {
  std::vector<ByteSpan> words;
  auto unit = units.begin();
  for (const Piece& piece : pieces) {
    if (piece.span.size() == 0) continue;
    while (unit != units.end() && unit->end <= piece.span.begin) ++unit;
    const bool splits_unit = unit != units.end() && unit->begin < piece.span.begin && !words.empty();
    if (splits_unit) {
      words.back().end = piece.span.end;
    } else {
      words.push_back(piece.span);
    }
  }
  return words;
}

}  // namespace aftersense
