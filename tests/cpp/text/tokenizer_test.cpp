#include "text/tokenizer.h"

#include <algorithm>
#include <array>
#include <random>
#include <string>

#include "catch_amalgamated.hpp"
#include "sentencepiece_lite_generated.h"
#include "support.h"

using namespace aftersense;

namespace {

namespace lite = sentencepiece::lite;

constexpr std::string_view kHowToRegenerate = "If the file is missing or old: python tests/golden/make_tiny_tokenizer.py";

AlignedBuffer tiny_model() {
  return test::to_buffer(test::read_text("tests/golden/tiny_tokenizer.spm.fb"));
}

struct Case {
  std::string_view text;
  std::vector<std::int32_t> ids;
  std::vector<std::string_view> spans;
};

/// A text that a damaged model may meet: its own pieces, characters that it does not know, runs of one character.
constexpr std::string_view kProbe = "the battery broke 质量很好,物流很快! 😊 aaaaaaaaaaaaaaaaaaaaaaaa zzz   很很很很 \n é";

/// Loads a damaged model; whatever it loads must be safe to use.
bool is_safe(const AlignedBuffer& model) {
  const Result<Tokenizer> tokenizer = Tokenizer::load(model.bytes());
  if (!tokenizer) return !tokenizer.error().message.empty();
  for (const Piece& piece : tokenizer->encode(kProbe)) {
    const bool is_known = piece.id >= 0 && static_cast<std::size_t>(piece.id) < tokenizer->vocabulary_size();
    if (!is_known || piece.span.begin > piece.span.end || piece.span.end > kProbe.size()) return false;
    if (tokenizer->piece(piece.id).size() > 256 || !(tokenizer->score(piece.id) <= 0)) return false;
  }
  return true;
}

/// The tiny model with one field changed.
template <typename Change>
AlignedBuffer changed_model(Change change) {
  const AlignedBuffer original = tiny_model();
  std::unique_ptr<lite::ModelProtoT> model(lite::GetModelProto(original.bytes().data())->UnPack());
  change(*model);
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(lite::ModelProto::Pack(builder, model.get()));
  return test::to_buffer({reinterpret_cast<const char*>(builder.GetBufferPointer()), builder.GetSize()});
}

}  // namespace

TEST_CASE("The tokeniser gives the ids that Python gives, and the bytes each stands for", "[text][tokenizer]") {
  INFO(kHowToRegenerate);
  const AlignedBuffer model = tiny_model();
  const Result<Tokenizer> tokenizer = Tokenizer::load(model.bytes());
  REQUIRE(tokenizer);
  CHECK(tokenizer->vocabulary_size() == 126);
  // Ids as printed by make_tiny_tokenizer.py.
  const auto [text, ids, spans] = GENERATE(values<Case>({
      {"", {}, {}},
      {"the battery is great", {7, 6, 23, 5, 5, 40, 11, 8, 30}, {"t", "he", "ba", "t", "t", "ery", "i", "s", "great"}},
      {"质量很好,物流很快!", {4, 76, 0, 60, 59, 57, 58, 0}, {"", "质量很好", ",", "物", "流", "很", "快", "!"}},
      {"great 电池 😊", {30, 75, 4, 1}, {"great", "电池", "", "😊"}},
      {"great\n电池  😊 ", {30, 75, 4, 1}, {"great", "电池", "", "😊"}},
      {"zzz", {4, 0}, {"", "zzz"}},
  }));
  CAPTURE(text);
  std::vector<std::int32_t> found_ids;
  std::vector<std::string_view> found_spans;
  for (const Piece& piece : tokenizer->encode(text)) {
    found_ids.push_back(piece.id);
    found_spans.push_back(piece.span.of(text));
  }
  CHECK(found_ids == ids);
  CHECK(found_spans == spans);
}

TEST_CASE("Pieces cover every byte save white space and U+2581, in order", "[text][tokenizer]") {
  const AlignedBuffer model = tiny_model();
  const Result<Tokenizer> tokenizer = Tokenizer::load(model.bytes());
  REQUIRE(tokenizer);
  static constexpr auto kParts = std::to_array<std::string_view>(
      {"the ", "battery", " ", "\n", "质量", "很好", "物流", "😊", "😠", "é", "𠮷", "▁", "!", "refund", "bad quality ", "zq", "'"});
  const std::uint32_t seed = GENERATE(range(0U, 300U));
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::string text;
  for (auto parts = random() % 30; parts > 0; --parts) text += kParts[random() % kParts.size()];
  CAPTURE(text);
  std::string left_out;
  std::uint32_t end = 0;
  for (const Piece& piece : tokenizer->encode(text)) {
    REQUIRE(piece.span.begin >= end);
    left_out += ByteSpan{end, piece.span.begin}.of(text);
    end = piece.span.end;
  }
  left_out += std::string_view(text).substr(end);
  CHECK(left_out.find_first_not_of(" \n▁") == std::string::npos);
}

TEST_CASE("Scores are log probabilities; the unknown piece and emoji have none", "[text][tokenizer]") {
  const AlignedBuffer model = tiny_model();
  const Result<Tokenizer> tokenizer = Tokenizer::load(model.bytes());
  REQUIRE(tokenizer);
  CHECK(tokenizer->piece(0) == "<unk>");
  CHECK(tokenizer->score(0) == 0.0F);
  CHECK(tokenizer->piece(1) == "😊");
  CHECK(tokenizer->score(1) == 0.0F);
  CHECK(tokenizer->score(76) < 0);
}

TEST_CASE("A tokeniser model that is no such model is an error", "[text][tokenizer]") {
  struct Damage {
    const char* what;
    void (*apply)(lite::ModelProtoT&);
  };
  const auto [what, apply] = GENERATE(values<Damage>({
      {"BPE", [](lite::ModelProtoT& m) { m.model_type = lite::ModelType_BPE; }},
      {"no unknown piece", [](lite::ModelProtoT& m) { m.unk_id = -1; }},
      {"unknown piece outside", [](lite::ModelProtoT& m) { m.unk_id = 126; }},
      {"no normaliser", [](lite::ModelProtoT& m) { m.normalizer_spec.reset(); }},
      {"another normaliser", [](lite::ModelProtoT& m) { m.normalizer_spec->precompiled_charsmap.assign(2048, 0); }},
      {"no dummy prefix", [](lite::ModelProtoT& m) { m.normalizer_spec->add_dummy_prefix = false; }},
      {"white space kept", [](lite::ModelProtoT& m) { m.normalizer_spec->remove_extra_whitespaces = false; }},
      {"white space not escaped", [](lite::ModelProtoT& m) { m.normalizer_spec->escape_whitespaces = false; }},
      {"white space as suffix", [](lite::ModelProtoT& m) { m.normalizer_spec->treat_whitespace_as_suffix = true; }},
      {"one score too few", [](lite::ModelProtoT& m) { m.scores.pop_back(); }},
      {"no scores", [](lite::ModelProtoT& m) { m.scores.clear(); }},
      {"one type too many", [](lite::ModelProtoT& m) { m.types.push_back(lite::PieceType_NORMAL); }},
      {"a positive score", [](lite::ModelProtoT& m) { m.scores[9] = 0.5F; }},
      {"a score below any", [](lite::ModelProtoT& m) { m.scores[9] = -2000; }},
      {"a score that is no number", [](lite::ModelProtoT& m) { m.scores[9] = std::numeric_limits<float>::quiet_NaN(); }},
      {"a score of minus infinity", [](lite::ModelProtoT& m) { m.scores[9] = -std::numeric_limits<float>::infinity(); }},
      {"an empty piece", [](lite::ModelProtoT& m) { m.pieces[9].clear(); }},
      {"an endless piece", [](lite::ModelProtoT& m) { m.pieces[9].assign(257, 'a'); }},
      {"a piece that the trie has not", [](lite::ModelProtoT& m) { m.pieces[9] = "unheard of"; }},
      {"no trie", [](lite::ModelProtoT& m) { m.pieces_trie_blob.clear(); }},
      {"half a trie unit", [](lite::ModelProtoT& m) { m.pieces_trie_blob.pop_back(); }},
      {"a shortened trie", [](lite::ModelProtoT& m) { m.pieces_trie_blob.resize(1024); }},
      {"a trie of noise", [](lite::ModelProtoT& m) { std::ranges::fill(m.pieces_trie_blob, std::uint8_t{0xA5}); }},
      {"no pieces", [](lite::ModelProtoT& m) { m.pieces.clear(); }},
  }));
  CAPTURE(what);
  const AlignedBuffer model = changed_model(apply);
  const Result<Tokenizer> tokenizer = Tokenizer::load(model.bytes());
  REQUIRE_FALSE(tokenizer);
  CHECK(tokenizer.error().code == ErrorCode::pack_corrupt);
}

TEST_CASE("A tokeniser model whose trie is no tree is an error", "[text][tokenizer]") {
  // Where a node has no child by `Z` and no other uses the unit, a child that leads back to itself breaks no other rule:
  // it stays within bounds, and every piece is found.
  AlignedBuffer model = tiny_model();
  const auto* blob = lite::GetModelProto(model.bytes().data())->pieces_trie_blob();
  const auto offset = static_cast<std::size_t>(blob->data() - model.bytes().data());
  std::uint8_t* const units = model.bytes().data() + offset;
  bool is_detected = false;
  for (std::uint32_t node = 0; node < blob->size() / 4 && !is_detected; ++node) {
    const std::uint32_t child = node ^ (flatbuffers::ReadScalar<std::uint32_t>(units + node * 4) >> 10) ^ 'Z';
    if (child >= blob->size() / 4) continue;
    const auto before = flatbuffers::ReadScalar<std::uint32_t>(units + child * 4);
    flatbuffers::WriteScalar<std::uint32_t>(units + child * 4, 'Z' << 10 | 'Z');  // child ^ offset ^ 'Z' == child
    const Result<Tokenizer> tokenizer = Tokenizer::load(model.bytes());
    is_detected = !tokenizer && tokenizer.error().message.find("no tree") != std::string::npos;
    flatbuffers::WriteScalar<std::uint32_t>(units + child * 4, before);
  }
  CHECK(is_detected);
}

TEST_CASE("An unchanged tokeniser model loads after a round trip", "[text][tokenizer]") {
  CHECK(Tokenizer::load(changed_model([](lite::ModelProtoT&) {}).bytes()));
}

TEST_CASE("A truncated or misaligned tokeniser model is an error", "[text][tokenizer]") {
  const std::string bytes = test::read_text("tests/golden/tiny_tokenizer.spm.fb");
  const auto size = GENERATE(0U, 1U, 7U, 8U, 100U, 1024U, 5000U);
  const AlignedBuffer cut = test::to_buffer(std::string_view(bytes).substr(0, size));
  const Result<Tokenizer> tokenizer = Tokenizer::load(cut.bytes());
  REQUIRE_FALSE(tokenizer);
  CHECK(tokenizer.error().code == (size < 8 ? ErrorCode::pack_truncated : ErrorCode::pack_corrupt));
  const AlignedBuffer shifted = test::to_buffer("x" + bytes);
  CHECK_FALSE(Tokenizer::load(shifted.bytes().subspan(1)));
}

TEST_CASE("No flipped bit in a tokeniser model makes it unsafe", "[text][tokenizer]") {
  AlignedBuffer model = tiny_model();
  const int bit = GENERATE(range(0, 8));
  CAPTURE(bit);
  for (std::size_t at = 0; at < model.bytes().size(); ++at) {
    const auto mask = static_cast<std::uint8_t>(1U << bit);
    model.bytes()[at] ^= mask;
    const bool safe = is_safe(model);
    model.bytes()[at] ^= mask;
    CAPTURE(at);
    REQUIRE(safe);
  }
}

TEST_CASE("No overwritten words in a tokeniser model make it unsafe", "[text][tokenizer]") {
  const std::string original = test::read_text("tests/golden/tiny_tokenizer.spm.fb");
  const std::uint32_t seed = GENERATE(range(0U, 10U));
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 1000; ++round) {
    AlignedBuffer model = test::to_buffer(original);
    for (auto writes = 1 + random() % 4; writes > 0; --writes) {
      const std::size_t at = random() % (original.size() / 4) * 4;
      // Small numbers and other words of the file pass more checks than noise does.
      const std::size_t from = random() % (original.size() / 4) * 4;
      const auto noise = static_cast<std::uint32_t>(random());
      if (random() % 2 == 0) {
        std::copy_n(original.begin() + static_cast<std::ptrdiff_t>(from), 4, model.bytes().begin() + static_cast<std::ptrdiff_t>(at));
      } else {
        for (std::size_t byte = 0; byte < 4; ++byte)
          model.bytes()[at + byte] = static_cast<std::uint8_t>(noise >> (8 * byte) >> (random() % 24));
      }
    }
    CAPTURE(round);
    REQUIRE(is_safe(model));
  }
}
