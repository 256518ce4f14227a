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

/// One unit of the runtime's double array (DoubleArrayUnit in sentencepiece_lite.cc, from Yata's darts-clone).
struct TrieUnit {
  std::uint32_t bits;

  [[nodiscard]] std::uint32_t label() const { return bits & 0x800000FFU; }
  [[nodiscard]] std::uint32_t offset() const { return (bits & 0x200U) != 0 ? (bits >> 2) & ~0xFFU : bits >> 10; }
};

/// Whether a trie, whose bounds the runtime has checked, is a tree no deeper than a piece may be long. In any other graph
/// the search for pieces could walk to the end of the text from each of its bytes.
bool is_shallow_tree(const flatbuffers::Vector<std::uint8_t>* blob) {
  if (blob == nullptr || blob->empty()) return true;
  const auto unit = [&](std::uint32_t node) {
    return TrieUnit{flatbuffers::ReadScalar<std::uint32_t>(blob->data() + std::size_t{node} * 4)};
  };
  std::vector<bool> is_visited(blob->size() / 4);
  std::vector<std::uint32_t> level = {0};
  is_visited[0] = true;
  for (std::size_t depth = 0; !level.empty(); ++depth) {
    if (depth > kMaxPieceBytes) return false;
    std::vector<std::uint32_t> next_level;
    for (const std::uint32_t node : level) {
      const std::uint32_t children = node ^ unit(node).offset();
      for (std::uint32_t byte = 0; byte <= 0xFF; ++byte) {
        const std::uint32_t child = children ^ byte;
        if (unit(child).label() != byte) continue;
        if (is_visited[child]) return false;
        is_visited[child] = true;
        next_level.push_back(child);
      }
    }
    level = std::move(next_level);
  }
  return true;
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
  if (!is_shallow_tree((*opened)->pieces_trie_blob()) || !is_shallow_tree((*opened)->prefix_matcher_trie_blob())) {
    return corrupt("has a trie that is no tree");
  }
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
