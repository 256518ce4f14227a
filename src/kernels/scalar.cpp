#include "kernels/scalar.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/float_scalar.h"

namespace aftersense {
namespace {

void matvec_i8_i32_scalar(std::span<const std::uint8_t> weights, std::span<const std::int8_t> x, std::span<std::int32_t> out) {
  for (std::size_t row = 0; row < out.size(); ++row) {
    std::int64_t sum = 0;
    for (std::size_t d = 0; d < x.size(); ++d) sum += x[d] * (weights[row * x.size() + d] - kWeightZeroPoint);
    out[row] = static_cast<std::int32_t>(sum);
  }
}

void max_i32_scalar(std::span<const std::int32_t> values, std::int32_t position, std::span<std::int32_t> best, std::span<std::int32_t> at) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] <= best[i]) continue;
    best[i] = values[i];
    at[i] = position;
  }
}

void requantize_relu_i32_i8_scalar(std::span<const std::int32_t> acc, std::span<const float> multiplier, std::span<std::int8_t> out) {
  for (std::size_t i = 0; i < acc.size(); ++i) {
    const float real = static_cast<float>(std::max(acc[i], 0)) * multiplier[i];
    out[i] = static_cast<std::int8_t>(std::min(std::nearbyint(real), 127.0F));
  }
}

/// Row by row, as given.
void pack_panel_scalar(std::span<const std::int8_t> rows, std::size_t depth, std::span<std::uint8_t> panel) {
  for (std::size_t i = 0; i < kPanelRows * depth; ++i) panel[i] = static_cast<std::uint8_t>(rows[i]);
}

void quantize_f32_i8_scalar(std::span<const float> x, std::size_t depth, std::span<std::int8_t> q, std::span<float> scales) {
  for (std::size_t t = 0; t < scales.size(); ++t) {
    const auto token = x.subspan(t * depth, depth);
    float greatest = 0.0F;
    for (const float value : token) greatest = std::max(greatest, std::abs(value));
    const float multiplier = std::min(127.0F / greatest, std::numeric_limits<float>::max());
    for (std::size_t i = 0; i < depth; ++i) {
      const float rounded = std::nearbyint(token[i] * multiplier);
      q[t * depth + i] = std::isnan(rounded) ? std::int8_t{0} : static_cast<std::int8_t>(rounded);
    }
    scales[t] = greatest / 127.0F;
  }
}

void linear_i8_f32_scalar(std::span<const std::int8_t> q, std::span<const float> scales, const PackedLinear& linear, Activation activation,
                          std::span<float> out) {
  const std::size_t depth = linear.depth;
  for (std::size_t t = 0; t < scales.size(); ++t) {
    for (std::size_t r = 0; r < linear.rows; ++r) {
      std::int32_t sum = 0;
      for (std::size_t i = 0; i < depth; ++i) sum += q[t * depth + i] * static_cast<std::int8_t>(linear.panels[r * depth + i]);
      const float real = static_cast<float>(sum) * (scales[t] * linear.row_scales[r]) + linear.bias[r];
      out[t * linear.rows + r] = activation == Activation::kGelu ? gelu(real) : real;
    }
  }
}

float lane_sum_f32_scalar(std::span<const float> x) {
  float lanes[4] = {};
  for (std::size_t i = 0; i < x.size(); ++i) lanes[i % 4] += x[i];
  return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
}

void add_norm_f32_scalar(std::span<float> x, std::span<const float> residual, std::span<const float> gain, std::span<const float> bias,
                         float epsilon) {
  const std::size_t n = gain.size();
  const auto count = static_cast<float>(n);
  for (std::size_t begin = 0; begin < x.size(); begin += n) {
    const auto token = x.subspan(begin, n);
    for (std::size_t i = 0; i < n && !residual.empty(); ++i) token[i] += residual[begin + i];
    const float mean = lane_sum_f32_scalar(token) / count;
    float squares[4] = {};
    for (std::size_t i = 0; i < n; ++i) {
      token[i] -= mean;
      squares[i % 4] += token[i] * token[i];
    }
    const float variance = ((squares[0] + squares[1]) + (squares[2] + squares[3])) / count;
    const float reciprocal = 1.0F / std::sqrt(variance + epsilon);
    for (std::size_t i = 0; i < n; ++i) token[i] = (token[i] * reciprocal) * gain[i] + bias[i];
  }
}

/// One query over the keys and values of its head, each `stride` floats after the one before. weights: one float a key.
void attend_query(std::span<const float> query, std::span<const float> keys, std::span<const float> values, std::size_t stride,
                  std::span<float> weights, std::span<float> out) {
  float greatest = -std::numeric_limits<float>::max();
  for (std::size_t t = 0; t < weights.size(); ++t) {
    float score = 0.0F;
    for (std::size_t d = 0; d < query.size(); ++d) score += query[d] * keys[t * stride + d];
    weights[t] = score;
    greatest = std::max(greatest, score);
  }
  for (float& weight : weights) weight = exp_nonpositive(weight - greatest);
  const float reciprocal = 1.0F / lane_sum_f32_scalar(weights);
  std::ranges::fill(out, 0.0F);
  for (std::size_t t = 0; t < weights.size(); ++t) {
    const float weight = weights[t] * reciprocal;
    for (std::size_t d = 0; d < out.size(); ++d) out[d] += weight * values[t * stride + d];
  }
}

void attend_f32_scalar(std::span<const float> qkv, std::size_t hidden, std::size_t heads, std::span<float> out, std::span<float> scratch) {
  const std::size_t tokens = out.size() / hidden;
  const std::size_t dimensions = hidden / heads;
  for (std::size_t t = 0; t < tokens; ++t) {
    for (std::size_t begin = 0; begin < hidden; begin += dimensions) {
      attend_query(qkv.subspan(t * 3 * hidden + begin, dimensions), qkv.subspan(hidden + begin), qkv.subspan(2 * hidden + begin),
                   3 * hidden, scratch.first(tokens), out.subspan(t * hidden + begin, dimensions));
    }
  }
}

}  // namespace

const Kernels kScalarKernels = {
    .name = "scalar",
    .matvec_i8_i32 = matvec_i8_i32_scalar,
    .max_i32 = max_i32_scalar,
    .requantize_relu_i32_i8 = requantize_relu_i32_i8_scalar,
    .pack_panel = pack_panel_scalar,
    .quantize_f32_i8 = quantize_f32_i8_scalar,
    .linear_i8_f32 = linear_i8_f32_scalar,
    .add_norm_f32 = add_norm_f32_scalar,
    .attend_f32 = attend_f32_scalar,
    .lane_sum_f32 = lane_sum_f32_scalar,
};

}  // namespace aftersense
