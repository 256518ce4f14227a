#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch_amalgamated.hpp"
#include "model_pack_generated.h"
#include "nn/tiny_pack.h"
#include "support.h"
#include "text/tokenizer.h"

namespace aftersense::test {

/// A matrix of whole numbers in [−1, 1], which it holds exactly.
inline std::unique_ptr<schema::MatrixT> whole_matrix(std::size_t rows, std::size_t columns,
                                                     const std::function<int(std::size_t, std::size_t)>& value) {
  // (±126 · 127 + 128) >> 8 is ±63, and ±63 / 63 is ±1.
  auto matrix = std::make_unique<schema::MatrixT>();
  matrix->rows = static_cast<std::uint32_t>(rows);
  matrix->columns = static_cast<std::uint32_t>(columns);
  matrix->bits = 8;
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) matrix->codes.push_back(static_cast<std::uint8_t>(128 + 126 * value(r, c)));
  }
  matrix->block_scales.assign(rows * columns / 32, 127);
  matrix->row_scales.assign(rows, 1.0F / 63);
  return matrix;
}

/// A layer that gives `outputs` whatever its inputs are.
inline std::unique_ptr<schema::LinearT> constant_linear(std::size_t inputs, std::vector<float> outputs) {
  auto linear = std::make_unique<schema::LinearT>();
  linear->weights = whole_matrix(outputs.size(), inputs, [](std::size_t, std::size_t) { return 0; });
  linear->bias = std::move(outputs);
  return linear;
}

inline schema::EncoderHeadT& head_of(schema::ModelPackT& pack, std::string_view task) {
  const auto head = std::ranges::find(pack.encoder_heads, task, [](const auto& h) { return std::string_view(h->task); });
  REQUIRE(head != pack.encoder_heads.end());
  return **head;
}

/// Inputs of a head.
inline std::size_t inputs_of(const schema::ModelPackT& pack, schema::HeadKind kind) {
  return (kind == schema::HeadKind::TokenMarks ? 1 : pack.encoder->pooled.size()) * pack.encoder->hidden;
}

/// Makes a head give these logits for every text.
inline void set_logits(schema::ModelPackT& pack, std::string_view task, std::vector<float> logits) {
  schema::EncoderHeadT& head = head_of(pack, task);
  head.linear = constant_linear(inputs_of(pack, head.kind), std::move(logits));
}

inline void add_head(schema::ModelPackT& pack, std::string_view task, schema::HeadKind kind, std::vector<std::string> labels,
                     std::vector<float> logits) {
  auto head = std::make_unique<schema::EncoderHeadT>();
  head->task = task;
  head->kind = kind;
  head->group = kind == schema::HeadKind::Choice ? static_cast<std::uint16_t>(labels.size()) : std::uint16_t{0};
  head->labels = std::move(labels);
  head->linear = constant_linear(inputs_of(pack, kind), std::move(logits));
  pack.encoder_heads.push_back(std::move(head));
}

inline void calibrate_head(schema::ModelPackT& pack, std::string_view task, std::string_view language, float temperature,
                           std::vector<float> bias, float lite_factor = 0) {
  auto calibration = std::make_unique<schema::CalibrationT>();
  calibration->task = task;
  calibration->language = language;
  calibration->temperature = temperature;
  calibration->bias = std::move(bias);
  calibration->lite_factor = lite_factor;
  pack.calibrations.push_back(std::move(calibration));
}

/// tests/golden/tiny_encoder.aspack without its calibrations, and with the heads that it lacks. Its aspects are logistics and price.
inline schema::ModelPackT tiny_base() {
  const AlignedBuffer file = to_buffer(read_text("tests/golden/tiny_encoder.aspack"));
  schema::ModelPackT pack;
  schema::GetModelPack(file.bytes().data())->UnPackTo(&pack);
  pack.calibrations.clear();
  add_head(pack, "emotions", schema::HeadKind::Marks, {"joy", "anger", "sadness", "none"}, {0.5F, -0.01F, 2, 0});
  add_head(pack, "intent", schema::HeadKind::Choice, {"complaint", "praise", "other"}, {0, 2, 1});
  add_head(pack, "detail", schema::HeadKind::Choice, {"get_refund", "review"}, {-1, 0});
  add_head(pack, "urgency", schema::HeadKind::Choice, {"P1", "P2", "P3", "P4"}, {-1, 0, 3, 1});
  add_head(pack, "escalate", schema::HeadKind::Marks, {"escalate"}, {-2});
  return pack;
}

/// Makes the encoder read nothing but whether a piece is one of `marked`, and lets the evidence for logistics, whose logit is then 64 for
/// those and −64 for all others, say so. Both aspects are spoken of; nothing is evidence for price.
inline void mark_pieces(schema::ModelPackT& pack, const std::vector<std::string>& marked) {
  AlignedBuffer bytes = to_buffer({reinterpret_cast<const char*>(pack.tokenizer.data()), pack.tokenizer.size()});
  const Result<Tokenizer> tokenizer = Tokenizer::load(bytes.bytes());
  REQUIRE(tokenizer);
  schema::TransformerEncoderT& encoder = *pack.encoder;
  const std::size_t hidden = encoder.hidden;
  const auto sign = [](std::size_t column) { return column % 2 == 0 ? 1 : -1; };  // mean 0 and variance 1, so that norms leave it alone
  std::vector<int> is_marked;
  for (std::size_t id = 0; id < tokenizer->vocabulary_size(); ++id) {
    is_marked.push_back(static_cast<int>(std::ranges::count(marked, tokenizer->piece(static_cast<std::int32_t>(id)))));
  }
  REQUIRE(std::ranges::count(is_marked, 1) == std::ssize(marked));
  encoder.tokens = whole_matrix(is_marked.size(), hidden, [&](std::size_t id, std::size_t d) { return (2 * is_marked[id] - 1) * sign(d); });
  encoder.positions = whole_matrix(encoder.positions->rows, hidden, [](std::size_t, std::size_t) { return 0; });
  const auto set_norm = [=](schema::LayerNormT& norm) {
    norm.gain.assign(hidden, 1);
    norm.bias.assign(hidden, 0);
  };
  set_norm(*encoder.embedding_norm);
  for (const auto& layer : encoder.layers) {
    layer->attention_output = constant_linear(hidden, std::vector<float>(hidden));
    layer->feed_forward_down = constant_linear(encoder.feed_forward, std::vector<float>(hidden));
    set_norm(*layer->attention_norm);
    set_norm(*layer->output_norm);
  }
  schema::LinearT& evidence = *head_of(pack, "evidence").linear;
  evidence.weights = whole_matrix(2, hidden, [&](std::size_t label, std::size_t d) { return label == 0 ? sign(d) : 0; });
  evidence.bias = {0, -1};
  set_logits(pack, "aspects", {1, 1});
}

}  // namespace aftersense::test
