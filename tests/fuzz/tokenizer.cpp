// Tokeniser models: what is taken cuts any text into pieces of the vocabulary, whose spans ascend within the text.
#include "text/tokenizer.h"

#include <string_view>

#include "support.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace aftersense;
  constexpr std::string_view kText = "the battery died 电池坏了，客服不回复 😡\nVery disappointed 300 \xE6\x9C";
  const AlignedBuffer file = fuzz::to_file({data, size});
  const Result<Tokenizer> tokenizer = Tokenizer::load(file.bytes());
  if (!tokenizer) return 0;
  std::uint32_t end = 0;
  for (const Piece& piece : tokenizer->encode(kText)) {
    fuzz::require(piece.id >= 0 && static_cast<std::size_t>(piece.id) < tokenizer->vocabulary_size());
    fuzz::require(end <= piece.span.begin && piece.span.begin <= piece.span.end && piece.span.end <= kText.size());
    end = piece.span.end;
    (void)tokenizer->piece(piece.id);
    (void)tokenizer->score(piece.id);
  }
  return 0;
}
