#include "nn/encoder_model_check.h"

#include <algorithm>
#include <functional>
#include <string>

#include "kernels/kernels.h"
#include "nn/matrix.h"
#include "nn/pack_file.h"

namespace aftersense {
namespace {

constexpr std::size_t kMaxWindow = 1024;  // bounds the arena
constexpr std::size_t kMinWindow = 3;     // begin, one piece, end

// Real parameters are at most kMaxReal = 2¹⁰ in size. A norm's results are then below √2080 · 2¹⁰ + 2¹⁰ < 2¹⁶, queries, keys and values
// below 2080 · 63 · 2¹⁰ · 2¹⁶ + 2¹⁰ < 2⁴⁴, attention scores below 2080 · 2⁸⁸ < 2¹⁰⁰ and a layer's last sums below
// 2¹⁷ · 2¹⁰ · 2⁴⁴ + 2¹⁶ < 2⁷²: nothing but the variance of a norm can overflow, and that makes its results the bias.

std::optional<Error> check_reals(const flatbuffers::Vector<float>& values, std::size_t size, const std::string& where) {
  if (values.size() != size) return corrupt_pack(where, "has the wrong size");
  if (!all_real(&values)) return corrupt_pack(where, kOutOfReals);
  return std::nullopt;
}

/// Its number of rows is whatever it says it is.
std::optional<Error> check_matrix(const schema::Matrix& matrix, std::size_t columns, const std::string& where) {
  const std::uint64_t rows = matrix.rows();
  const unsigned bits = matrix.bits();
  if (rows == 0) return corrupt_pack(where + ".rows", "is 0");
  if (matrix.columns() % kMatrixBlock != 0) return corrupt_pack(where + ".columns", "is not a multiple of 32");
  if (matrix.columns() != columns) return corrupt_pack(where + ".columns", "is not the number of inputs");
  if (bits != 4 && bits != 5 && bits != 6 && bits != 8) return corrupt_pack(where + ".bits", "is not 4, 5, 6 or 8");
  if (matrix.codes()->size() != matrix_codes_size(rows, columns, bits)) return corrupt_pack(where + ".codes", "has the wrong size");
  if (matrix.block_scales()->size() != rows * (columns / kMatrixBlock)) {
    return corrupt_pack(where + ".block_scales", "has the wrong size");
  }
  if (matrix.row_scales()->size() != rows) return corrupt_pack(where + ".row_scales", "has the wrong size");
  if (!all_scales(matrix.row_scales())) return corrupt_pack(where + ".row_scales", kOutOfScales);
  return std::nullopt;
}

std::optional<Error> check_linear(const schema::Linear& linear, std::size_t outputs, std::size_t inputs, const std::string& where) {
  if (auto error = check_matrix(*linear.weights(), inputs, where + ".weights")) return error;
  if (linear.weights()->rows() != outputs) return corrupt_pack(where + ".weights.rows", "is not the number of outputs");
  return check_reals(*linear.bias(), outputs, where + ".bias");
}

std::optional<Error> check_norm(const schema::LayerNorm& norm, std::size_t size, const std::string& where) {
  if (auto error = check_reals(*norm.gain(), size, where + ".gain")) return error;
  return check_reals(*norm.bias(), size, where + ".bias");
}

std::optional<Error> check_layer(const schema::TransformerLayer& layer, std::size_t hidden, std::size_t feed_forward,
                                 const std::string& where) {
  if (auto error = check_linear(*layer.query_key_value(), 3 * hidden, hidden, where + ".query_key_value")) return error;
  if (auto error = check_linear(*layer.attention_output(), hidden, hidden, where + ".attention_output")) return error;
  if (auto error = check_norm(*layer.attention_norm(), hidden, where + ".attention_norm")) return error;
  if (auto error = check_linear(*layer.feed_forward_up(), feed_forward, hidden, where + ".feed_forward_up")) return error;
  if (auto error = check_linear(*layer.feed_forward_down(), hidden, feed_forward, where + ".feed_forward_down")) return error;
  return check_norm(*layer.output_norm(), hidden, where + ".output_norm");
}

bool is_depth(std::size_t value) {
  return value > 0 && value % kLinearDepth == 0 && value <= kMaxLinearDepth;
}

std::optional<Error> check_shape(const schema::TransformerEncoder& encoder) {
  const std::size_t hidden = encoder.hidden();
  const std::size_t heads = encoder.attention_heads();
  if (!is_depth(hidden)) return corrupt_pack("encoder.hidden", "is not a multiple of 32 in [32, 2080]");
  if (!is_depth(encoder.feed_forward())) return corrupt_pack("encoder.feed_forward", "is not a multiple of 32 in [32, 2080]");
  if (heads == 0 || hidden % (heads * kHeadDimensions) != 0) {
    return corrupt_pack("encoder.attention_heads", "does not give heads of a multiple of 8 dimensions");
  }
  if (!(encoder.epsilon() > 0 && encoder.epsilon() <= 1)) return corrupt_pack("encoder.epsilon", "leaves (0, 1]");
  if (encoder.window() < kMinWindow || encoder.window() > kMaxWindow) return corrupt_pack("encoder.window", "leaves [3, 1024]");
  if (encoder.window() > encoder.positions()->rows()) return corrupt_pack("encoder.window", "has more tokens than there are positions");
  if (encoder.overlap() + 2 >= encoder.window()) return corrupt_pack("encoder.overlap", "leaves no piece for the next window");
  const std::uint32_t vocabulary = encoder.tokens()->rows();
  if (encoder.begin_id() >= vocabulary) return corrupt_pack("encoder.begin_id", "is not in the vocabulary");
  if (encoder.end_id() >= vocabulary) return corrupt_pack("encoder.end_id", "is not in the vocabulary");
  if (encoder.unknown_id() >= vocabulary) return corrupt_pack("encoder.unknown_id", "is not in the vocabulary");
  return std::nullopt;
}

std::optional<Error> check_pooled(const schema::TransformerEncoder& encoder) {
  const auto& pooled = *encoder.pooled();
  if (pooled.size() == 0) return corrupt_pack("encoder.pooled", "is empty");
  if (pooled.Get(0) == 0) return corrupt_pack("encoder.pooled", "counts from 1");
  if (std::ranges::adjacent_find(pooled, std::ranges::greater_equal()) != pooled.end()) {
    return corrupt_pack("encoder.pooled", "does not ascend");
  }
  if (pooled.Get(pooled.size() - 1) != encoder.layers()->size()) return corrupt_pack("encoder.pooled", "does not end with the last layer");
  if (pooled.size() * encoder.hidden() > kMaxLinearDepth) return corrupt_pack("encoder.pooled", "has more than 2080 numbers of state");
  return std::nullopt;
}

std::optional<Error> check_encoder(const schema::TransformerEncoder& encoder) {
  const std::size_t hidden = encoder.hidden();
  if (auto error = check_shape(encoder)) return error;
  if (auto error = check_matrix(*encoder.tokens(), hidden, "encoder.tokens")) return error;
  if (auto error = check_matrix(*encoder.positions(), hidden, "encoder.positions")) return error;
  if (auto error = check_norm(*encoder.embedding_norm(), hidden, "encoder.embedding_norm")) return error;
  if (encoder.layers()->size() == 0) return corrupt_pack("encoder.layers", "is empty");
  for (flatbuffers::uoffset_t i = 0; i < encoder.layers()->size(); ++i) {
    const std::string where = "encoder.layers[" + std::to_string(i) + "]";
    if (auto error = check_layer(*encoder.layers()->Get(i), hidden, encoder.feed_forward(), where)) return error;
  }
  return check_pooled(encoder);
}

std::optional<Error> check_head(const schema::EncoderHead& head, const schema::TransformerEncoder& encoder) {
  const std::string where = "encoder_heads." + head.task()->str();
  const std::size_t labels = size_of(head.labels());
  const std::size_t outputs = head.linear()->weights()->rows();
  if (head.kind() > schema::HeadKind::MAX) return corrupt_pack(where + ".kind", "is unknown");
  if (head.kind() == schema::HeadKind::Vector) {
    if (labels != 0) return corrupt_pack(where + ".labels", "are given to a vector");
  } else if (labels == 0 || labels != outputs) {
    return corrupt_pack(where + ".labels", "are not as many as the outputs");
  }
  if (head.kind() == schema::HeadKind::Choice && (head.group() == 0 || labels % head.group() != 0)) {
    return corrupt_pack(where + ".group", "does not divide the number of labels");
  }
  const std::size_t inputs = (head.kind() == schema::HeadKind::TokenMarks ? 1 : encoder.pooled()->size()) * encoder.hidden();
  return check_linear(*head.linear(), outputs, inputs, where + ".linear");
}

}  // namespace

std::optional<Error> check_encoder_pack(const schema::ModelPack& pack) {
  if (pack.encoder() == nullptr) return corrupt_pack("encoder", "is missing");
  if (auto error = check_encoder(*pack.encoder())) return error;
  if (size_of(pack.encoder_heads()) == 0) return corrupt_pack("encoder_heads", "is empty");
  for (const schema::EncoderHead* head : *pack.encoder_heads()) {
    if (auto error = check_head(*head, *pack.encoder())) return error;
  }
  if (auto error = check_tasks(*pack.encoder_heads())) return error;
  return check_calibrations(pack, *pack.encoder_heads());
}

}  // namespace aftersense
