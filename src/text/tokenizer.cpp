#include "text/tokenizer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "sentencepiece_lite.h"
#include "sentencepiece_lite_generated.h"

namespace aftersense {
namespace {

namespace lite = sentencepiece::lite;

/// Bounds of what training writes (10 characters, log probabilities above −30) with room to spare. The runtime's search is linear in
/// the text only for bounded pieces, and stable only for bounded scores.
constexpr std::size_t kMaxPieceBytes = 256;
constexpr float kMinScore = -1000;

Error corrupt(std::string_view reason) {
  return {ErrorCode::pack_corrupt, "The tokeniser " + std::string(reason) + "; download the model again."};
}

/// What FORMAT.md asks of a model beyond what the runtime itself checks (structure, sizes, tries).
Result<const lite::ModelProto*> open_model(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < 2 * sizeof(flatbuffers::uoffset_t))
    return Error{ErrorCode::pack_truncated, "The tokeniser has hardly any bytes; download the model again."};
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(flatbuffers::uoffset_t) != 0) return corrupt("is not aligned to 4 bytes");
  flatbuffers::Verifier verifier(bytes.data(), bytes.size());
  if (!lite::VerifyModelProtoBuffer(verifier)) return corrupt("is truncated or damaged");
  const lite::ModelProto* model = lite::GetModelProto(bytes.data());
  const lite::NormalizerSpec* normalizer = model->normalizer_spec();
  if (model->model_type() != lite::ModelType_UNIGRAM) return corrupt("is not a unigram model");
  if (model->unk_id() < 0) return corrupt("has no unknown piece");
  const bool is_identity =
      normalizer != nullptr && (normalizer->precompiled_charsmap() == nullptr || normalizer->precompiled_charsmap()->empty());
  if (!is_identity || !normalizer->add_dummy_prefix() || !normalizer->remove_extra_whitespaces() || !normalizer->escape_whitespaces() ||
      normalizer->treat_whitespace_as_suffix()) {
    return corrupt("normalises in a way that this build does not know");
  }
  if (model->pieces() == nullptr || model->scores() == nullptr) return corrupt("has no pieces");
  for (const flatbuffers::String* piece : *model->pieces()) {
    if (piece->size() == 0 || piece->size() > kMaxPieceBytes) return corrupt("has a piece of impossible length");
  }
  const bool scores_are_bounded = std::ranges::all_of(*model->scores(), [](float score) { return score >= kMinScore && score <= 0; });
  if (!scores_are_bounded) return corrupt("has a score that is no log probability");
  return model;
}

}  // namespace

Tokenizer::Tokenizer(std::unique_ptr<lite::SentencePieceLiteProcessor> processor) : processor_(std::move(processor)) {}
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;
Tokenizer::~Tokenizer() = default;

Result<Tokenizer> Tokenizer::load(std::span<const std::uint8_t> model) {
  const Result<const lite::ModelProto*> opened = open_model(model);
  if (!opened) return opened.error();
  auto processor =
      std::make_unique<lite::SentencePieceLiteProcessor>(std::string_view(reinterpret_cast<const char*>(model.data()), model.size()));
  if (processor->status() != lite::StatusCode::kOk) return corrupt("contradicts itself");
  return Tokenizer(std::move(processor));
}

std::vector<Piece> Tokenizer::encode(std::string_view cleaned) const {
  // The identity normaliser knows one kind of white space only.
  std::string line(cleaned);
  std::ranges::replace(line, '\n', ' ');
  std::string normalized;
  std::vector<std::size_t> offsets;
  std::vector<int> ids;
  std::vector<std::string_view> views;
  if (processor_->Normalize(line, &normalized, &offsets) != lite::StatusCode::kOk) return {};
  if (processor_->EncodeNormalized(normalized, &ids, &views) != lite::StatusCode::kOk) return {};
  std::vector<Piece> pieces;
  pieces.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto begin = static_cast<std::size_t>(views[i].data() - normalized.data());
    ByteSpan span{static_cast<std::uint32_t>(offsets[begin]), static_cast<std::uint32_t>(offsets[begin + views[i].size()])};
    while (span.begin < span.end && line[span.begin] == ' ') ++span.begin;
    while (span.begin < span.end && line[span.end - 1] == ' ') --span.end;
    pieces.push_back({ids[i], span});
  }
  return pieces;
}

std::size_t Tokenizer::vocabulary_size() const {
  return processor_->vocab_size();
}

std::string_view Tokenizer::piece(std::int32_t id) const {
  return processor_->IdToPiece(id);
}

float Tokenizer::score(std::int32_t id) const {
  return processor_->GetScore(id);
}

}  // namespace aftersense
