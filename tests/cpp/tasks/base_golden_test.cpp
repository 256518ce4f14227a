// The shipped base model against the Python reference, bit for bit: tests/golden/base.tsv, written by models/base/golden.py.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "catch_amalgamated.hpp"
#include "nn/encoder_model.h"
#include "nn/hex.h"
#include "support.h"
#include "tasks/judged_text.h"
#include "text/tokenizer.h"

namespace aftersense {
namespace {

using test::hex_of;

constexpr std::size_t kFirst = 8;      // values of a long vector that stand for it
constexpr std::size_t kLeading = 128;  // dimensions of an embedding that serve alone

/// Pieces of the longest text that goes through the encoder. The native build, plain loops under sanitizers, takes tens of times as
/// long as the WebAssembly ones, which run all texts; its arithmetic over windows is held by the tiny encoder's golden file.
#ifdef __wasm_simd128__
constexpr std::size_t kMostPieces = std::numeric_limits<std::size_t>::max();
#else
constexpr std::size_t kMostPieces = 4;
#endif

struct Golden {
  std::vector<std::string> names;               ///< of the columns
  std::vector<std::vector<std::string>> texts;  ///< cells
};

Golden read_golden() {
  Golden golden;
  std::istringstream file(test::read_text("tests/golden/base.tsv"));
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::vector<std::string> cells = test::split(line, '\t');
    if (golden.names.empty()) {
      golden.names = std::move(cells);
    } else {
      REQUIRE(cells.size() == golden.names.size());
      golden.texts.push_back(std::move(cells));
    }
  }
  return golden;
}

std::vector<float> first(std::vector<float> values, std::size_t count) {
  values.resize(count);
  return values;
}

/// What the model gives for a column of the file, in the form of hex_of().
std::string found(const EncoderModel& model, const EncodedText& text, const std::string& column) {
  if (column == "pooled") return hex_of(first(text.pooled, kFirst));
  const bool is_leading = column == "leading";
  const schema::EncoderHead* head = model.find_head(is_leading ? "embedding" : column);
  REQUIRE(head != nullptr);
  if (head->kind() == schema::HeadKind::TokenMarks) {
    const std::vector<float> logits = model.run_token_head(*head, text);
    if (logits.empty()) return {};
    const std::size_t labels = head->labels()->size();
    return hex_of(std::span(logits).first(labels)) + hex_of(std::span(logits).last(labels));
  }
  std::vector<float> values = model.run_head(*head, text);
  if (is_leading) {
    values.resize(kLeading);
    make_unit(values);
  }
  return hex_of(head->kind() == schema::HeadKind::Vector ? first(values, kFirst) : values);
}

TEST_CASE("the shipped base model gives the reference's pieces and bits for every text and head") {
  INFO("to regenerate after a deliberate change: python -m base.golden, in models/");
  Result<EncoderModel> model = EncoderModel::load(test::to_buffer(test::read_text("models/base/aftersense-base.aspack")));
  REQUIRE(model);
  const Result<Tokenizer> tokenizer = Tokenizer::load(model->tokenizer_bytes());
  REQUIRE(tokenizer);
  const Golden golden = read_golden();
  const auto column = [&](std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(golden.names, name) - golden.names.begin());
  };
  for (const schema::EncoderHead* head : *model->pack().encoder_heads()) REQUIRE(column(head->task()->string_view()) < golden.names.size());
  const std::size_t answers = column("pieces") + 1;
  std::size_t encoded = 0;
  for (const std::vector<std::string>& cells : golden.texts) {
    CAPTURE(cells[column("text")].substr(0, 200));
    const CleanText cleaned{.text = cells[column("text")], .source = {}};
    const JudgedText judged(cleaned, model->pack().max_bytes());
    std::vector<std::int32_t> ids;
    std::string pieces;
    for (const Piece& piece : tokenizer->encode(judged.text())) {
      ids.push_back(piece.id);
      pieces += (pieces.empty() ? "" : " ") + std::to_string(piece.id);
    }
    REQUIRE(pieces == cells[column("pieces")]);
    if (ids.size() > kMostPieces) continue;
    const EncodedText text = model->encode(ids);
    for (std::size_t i = answers; i < cells.size(); ++i) {
      CAPTURE(golden.names[i]);
      CHECK(found(*model, text, golden.names[i]) == test::joined(cells[i]));
    }
    ++encoded;
  }
  CHECK(encoded > 10);
}

}  // namespace
}  // namespace aftersense
