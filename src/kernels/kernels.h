#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace aftersense {

/// Depth of the inner products is a multiple of this.
inline constexpr std::size_t kPaddedDepth = 16;

/// Weights w in [-63, 63] are stored as w + 64, in 7 bits, so that `i32x4.relaxed_dot_i8x16_i7x16_add` is exact on every machine:
///
///     Σ x·w = Σ x·(w + 64) − 64·Σ x
inline constexpr int kWeightZeroPoint = 64;

/// Depth of a packed linear layer is a multiple of the first and at most the second: 127 · 63 · 2,080 < 2²⁴, so that every sum is
/// exact as a float.
inline constexpr std::size_t kLinearDepth = 32;
inline constexpr std::size_t kMaxLinearDepth = 2080;

/// Outputs that a packed panel holds; the last panel of a layer is filled up with rows of zeros.
inline constexpr std::size_t kPanelRows = 8;

/// Bytes of a layer's panels, one after another.
[[nodiscard]] constexpr std::size_t packed_bytes(std::size_t rows, std::size_t depth) {
  return (rows + kPanelRows - 1) / kPanelRows * kPanelRows * depth;
}

/// A linear layer ready to multiply. Panel p holds the rows from p · kPanelRows, as pack_panel of the same variant wrote it.
struct PackedLinear {
  std::size_t rows;                      ///< outputs, at least 1
  std::size_t depth;                     ///< inputs
  std::span<const std::uint8_t> panels;  ///< packed_bytes(rows, depth), on a 16-byte boundary
  std::span<const float> row_scales;     ///< [rows], real weight = weight · row_scale
  std::span<const float> bias;           ///< [rows]
};

enum class Activation : std::uint8_t { kNone, kGelu };

/// The dimensions of an attention head are a multiple of this.
inline constexpr std::size_t kHeadDimensions = 8;

/// Floats that attend_f32 needs as scratch: keys and values of one head, and the scores of four queries.
[[nodiscard]] constexpr std::size_t attend_scratch_size(std::size_t tokens, std::size_t hidden, std::size_t heads) {
  const std::size_t padded_tokens = (tokens + 7) / 8 * 8;
  return padded_tokens * (2 * (hidden / heads) + 4);
}

/// The kernels of one instruction set. All variants give the same bits, floats too; the scalar one is the specification. The
/// arithmetic of the float kernels, with its order, is fixed in models/FORMAT.md, "The base tier's encoder". No aliasing.
struct Kernels {
  std::string_view name;  ///< "scalar", "simd128" or "relaxed"

  /// out[r] = Σ_d x[d] · (weights[r·depth + d] − 64), depth = x.size(), a multiple of kPaddedDepth; rows = out.size().
  /// weights in [1, 127]; no alignment needed; no aliasing. Exact for depth ≤ 65,536.
  void (*matvec_i8_i32)(std::span<const std::uint8_t> weights, std::span<const std::int8_t> x, std::span<std::int32_t> out);

  /// best[i] = max(best[i], values[i]); where it grew, at[i] = position. Equal values keep the earlier position.
  void (*max_i32)(std::span<const std::int32_t> values, std::int32_t position, std::span<std::int32_t> best, std::span<std::int32_t> at);

  /// out[i] = min(127, nearbyint(float(max(0, acc[i])) · multiplier[i])), ties to even. multiplier ≥ 0 and finite.
  void (*requantize_relu_i32_i8)(std::span<const std::int32_t> acc, std::span<const float> multiplier, std::span<std::int8_t> out);

  /// Writes a panel of a linear layer, in an order of bytes private to the variant. rows: [kPanelRows][depth], each in [-63, 63];
  /// panel: kPanelRows · depth bytes.
  void (*pack_panel)(std::span<const std::int8_t> rows, std::size_t depth, std::span<std::uint8_t> panel);

  /// q[t][i] = nearbyint(x[t][i] · (127 / m)), ties to even, and scales[t] = m / 127, where m = max |x[t]|; zeros where m = 0.
  /// Tokens = scales.size(), x and q: [tokens][depth], depth a multiple of kLinearDepth. 127 / m is at most the greatest float.
  /// Infinities and NaN give codes and scales of no meaning.
  void (*quantize_f32_i8)(std::span<const float> x, std::size_t depth, std::span<std::int8_t> q, std::span<float> scales);

  /// out[t][r] = activation(float(Σ_i weights[r][i] · q[t][i]) · (scales[t] · row_scales[r]) + bias[r]), out: [tokens][rows].
  /// q in [-127, 127].
  void (*linear_i8_f32)(std::span<const std::int8_t> q, std::span<const float> scales, const PackedLinear& linear, Activation activation,
                        std::span<float> out);

  /// x[t] = layer norm of x[t] + residual[t], n = gain.size(), a multiple of 4; x: [tokens][n]; residual: the same, or empty for none.
  void (*add_norm_f32)(std::span<float> x, std::span<const float> residual, std::span<const float> gain, std::span<const float> bias,
                       float epsilon);

  /// Self-attention of all heads over all tokens. qkv: [tokens][3 · hidden], the queries scaled already; out: [tokens][hidden];
  /// scratch: attend_scratch_size(tokens, hidden, heads) floats. hidden / heads is a multiple of kHeadDimensions.
  void (*attend_f32)(std::span<const float> qkv, std::size_t hidden, std::size_t heads, std::span<float> out, std::span<float> scratch);

  /// (s₀ + s₁) + (s₂ + s₃), where s_j = x_j + x_{j+4} + x_{j+8} + …, from left to right beginning with 0. Any size.
  float (*lane_sum_f32)(std::span<const float> x);
};

/// The variants in this build, the scalar one first.
[[nodiscard]] std::span<const Kernels* const> compiled_kernels();

/// The variant that the library runs on, fixed when it was compiled: the best of compiled_kernels(), which is its last.
[[nodiscard]] const Kernels& active_kernels();

}  // namespace aftersense
