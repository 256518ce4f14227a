#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/span.h"

namespace sentencepiece::lite {
class SentencePieceLiteProcessor;
}

namespace aftersense {

/// A SentencePiece id and the bytes of the encoded text that it stands for.
struct Piece {
  std::int32_t id;
  ByteSpan span;
};

/// SentencePiece tokeniser over the official Lite runtime (Kudo and Richardson 2018). The model bytes are read in place:
/// they must outlive the tokeniser. What the runtime trusts is checked once, in load(): no model can make a later call read
/// outside the model.
///
///     Result<Tokenizer> tokenizer = Tokenizer::load(pack_bytes);
///     std::vector<Piece> pieces = tokenizer->encode("质量很好");
class Tokenizer {
 public:
  /// Takes unigram models with the normaliser that models/FORMAT.md asks for: identity, dummy prefix, extra white space removed.
  /// `model` starts on a 4-byte boundary. Errors: pack_truncated, pack_corrupt.
  static Result<Tokenizer> load(std::span<const std::uint8_t> model);
  Tokenizer(Tokenizer&&) noexcept;
  Tokenizer& operator=(Tokenizer&&) noexcept;
  ~Tokenizer();

  /// Pieces of a cleaned text, in order; line feeds count as spaces. Spans ascend and cover every byte save white space and
  /// U+2581 (SentencePiece's own sign for a space); a piece that stands for nothing but a space has an empty span.
  [[nodiscard]] std::vector<Piece> encode(std::string_view cleaned) const;
  [[nodiscard]] std::size_t vocabulary_size() const;
  [[nodiscard]] std::string_view piece(std::int32_t id) const;
  /// Natural logarithm of a piece's probability under the unigram language model; 0 for the unknown piece and user-defined ones.
  [[nodiscard]] float score(std::int32_t id) const;

 private:
  explicit Tokenizer(std::unique_ptr<sentencepiece::lite::SentencePieceLiteProcessor> processor);
  std::unique_ptr<sentencepiece::lite::SentencePieceLiteProcessor> processor_;
};

}  // namespace aftersense
