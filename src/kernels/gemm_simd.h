#pragma once

#include <wasm_simd128.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/float_simd.h"
#include "kernels/kernels.h"
#include "kernels/simd128.h"

// The matrix product that simd128 and relaxed share. A register block is four tokens × eight outputs: eight accumulators of four lanes, and
// in each step two vectors of weights and, token by token, four bytes of activations spread over all lanes. More accumulators would spill.
//
// Tokens are laid out in blocks of four, step by step: 4 tokens × 4 bytes. A chunk of blocks stays in the cache while the panels pass by,
// each read once for all of the chunk.
//
// `Dot` is what differs:
//     kDepth                       inputs of a step
//     kPanelBytes                  bytes of a panel in a step
//     lay_out(q, slot)             writes a token: four bytes a step, kStepBytes apart
//     start(q)                     what a token's sums begin with
//     load(panel, low, high)       a step's weights of rows 0–3 and 4–7
//     add(token, weights, sum)     sum plus a step's products, one row a lane

namespace aftersense {

inline constexpr std::size_t kBlockTokens = 4;
inline constexpr std::size_t kSlotBytes = 4;
inline constexpr std::size_t kStepBytes = kBlockTokens * kSlotBytes;

/// Tokens as the register blocks read them.
template <typename Dot>
class Chunk {
 public:
  explicit Chunk(std::size_t depth) : token_bytes_(depth / Dot::kDepth * kSlotBytes) {}

  /// Tokens that fit, a multiple of kBlockTokens.
  [[nodiscard]] std::size_t capacity() const { return std::min(kMaxTokens, kMaxBytes / (kBlockTokens * token_bytes_) * kBlockTokens); }

  void lay_out(std::span<const std::int8_t> q, std::size_t depth) {
    for (std::size_t t = 0; t * depth < q.size(); ++t) {
      const auto token = q.subspan(t * depth, depth);
      const std::size_t slot = t % kBlockTokens;
      starts_[t] = Dot::start(token);
      Dot::lay_out(token, bytes_ + (t - slot) * token_bytes_ + slot * kSlotBytes);
    }
  }

  /// The block that begins with `token`, and what its sums begin with.
  [[nodiscard]] const std::uint8_t* block(std::size_t token) const { return bytes_ + token * token_bytes_; }
  [[nodiscard]] const std::int32_t* starts(std::size_t token) const { return starts_ + token; }

 private:
  static constexpr std::size_t kMaxTokens = 32;
  static constexpr std::size_t kMaxBytes = 24 * 1024;
  static_assert(kMaxBytes >= kMaxLinearDepth / Dot::kDepth * kStepBytes);

  std::size_t token_bytes_;
  std::int32_t starts_[kMaxTokens];
  alignas(16) std::uint8_t bytes_[kMaxBytes];
};

/// Integer sums of kTokens tokens with the rows of a panel. Few tokens are few accumulators, each waiting for its last sum: one or two
/// tokens therefore keep the sums of four or two steps apart. depth is a multiple of kLinearDepth, hence `steps` one of eight.
template <typename Dot, std::size_t kTokens>
void multiply_block(const std::uint8_t* block, const std::int32_t* starts, const std::uint8_t* panel, std::size_t steps,
                    std::int32_t (&out)[kBlockTokens][kPanelRows]) {
  constexpr std::size_t kPhases = kBlockTokens / kTokens;
  constexpr std::size_t kUnrolled = std::max<std::size_t>(2, kPhases);
  v128_t low_i32x4[kPhases][kTokens];
  v128_t high_i32x4[kPhases][kTokens];
  for (std::size_t t = 0; t < kTokens; ++t) {
    for (std::size_t i = 0; i < kPhases; ++i) low_i32x4[i][t] = high_i32x4[i][t] = wasm_i32x4_splat(i == 0 ? starts[t] : 0);
  }
  for (std::size_t step = 0; step < steps; step += kUnrolled) {
    for (std::size_t i = 0; i < kUnrolled; ++i) {
      v128_t weights_low;
      v128_t weights_high;
      Dot::load(panel + i * Dot::kPanelBytes, weights_low, weights_high);
      for (std::size_t t = 0; t < kTokens; ++t) {
        v128_t& low = low_i32x4[i % kPhases][t];
        v128_t& high = high_i32x4[i % kPhases][t];
        const v128_t token = wasm_v128_load32_splat(block + i * kStepBytes + 4 * t);
        low = Dot::add(token, weights_low, low);
        high = Dot::add(token, weights_high, high);
      }
    }
    panel += kUnrolled * Dot::kPanelBytes;
    block += kUnrolled * kStepBytes;
  }
  for (std::size_t t = 0; t < kTokens; ++t) {
    for (std::size_t i = 1; i < kPhases; ++i) {
      low_i32x4[0][t] = wasm_i32x4_add(low_i32x4[0][t], low_i32x4[i][t]);
      high_i32x4[0][t] = wasm_i32x4_add(high_i32x4[0][t], high_i32x4[i][t]);
    }
    wasm_v128_store(&out[t][0], low_i32x4[0][t]);
    wasm_v128_store(&out[t][4], high_i32x4[0][t]);
  }
}

/// Scales and bias of a panel's rows, zeros where it is filled up.
struct PanelOutputs {
  alignas(16) float scales[kPanelRows] = {};
  alignas(16) float bias[kPanelRows] = {};
  std::size_t rows;

  PanelOutputs(const PackedLinear& linear, std::size_t first) : rows(std::min(kPanelRows, linear.rows - first)) {
    std::ranges::copy(linear.row_scales.subspan(first, rows), scales);
    std::ranges::copy(linear.bias.subspan(first, rows), bias);
  }
};

/// Four sums to reals.
inline v128_t to_reals(v128_t sums_i32x4, v128_t scale_f32x4, const float* row_scales, const float* bias) {
  const v128_t factor_f32x4 = wasm_f32x4_mul(scale_f32x4, wasm_v128_load(row_scales));
  return wasm_f32x4_add(wasm_f32x4_mul(wasm_f32x4_convert_i32x4(sums_i32x4), factor_f32x4), wasm_v128_load(bias));
}

/// Sums of a token to reals. out: the panel's rows.
inline void finish_token(const std::int32_t (&sums)[kPanelRows], float scale, const PanelOutputs& panel, float* out) {
  const v128_t low_f32x4 = to_reals(wasm_v128_load(&sums[0]), splat(scale), &panel.scales[0], &panel.bias[0]);
  const v128_t high_f32x4 = to_reals(wasm_v128_load(&sums[4]), splat(scale), &panel.scales[4], &panel.bias[4]);
  if (panel.rows == kPanelRows) {
    wasm_v128_store(out, low_f32x4);
    wasm_v128_store(out + 4, high_f32x4);
    return;
  }
  float reals[kPanelRows];
  wasm_v128_store(&reals[0], low_f32x4);
  wasm_v128_store(&reals[4], high_f32x4);
  std::copy_n(reals, panel.rows, out);
}

/// All tokens of a chunk with one panel. out: the panel's rows of the first token, those of the next one `stride` floats further.
template <typename Dot>
void multiply_panel(const Chunk<Dot>& chunk, std::span<const float> scales, const std::uint8_t* panel, std::size_t steps,
                    const PanelOutputs& outputs, float* out, std::size_t stride) {
  for (std::size_t t = 0; t < scales.size(); t += kBlockTokens) {
    alignas(16) std::int32_t sums[kBlockTokens][kPanelRows];
    const std::size_t tokens = std::min(kBlockTokens, scales.size() - t);
    switch (tokens) {
      case 1:
        multiply_block<Dot, 1>(chunk.block(t), chunk.starts(t), panel, steps, sums);
        break;
      case 2:
        multiply_block<Dot, 2>(chunk.block(t), chunk.starts(t), panel, steps, sums);
        break;
      case 3:
        multiply_block<Dot, 3>(chunk.block(t), chunk.starts(t), panel, steps, sums);
        break;
      default:
        multiply_block<Dot, 4>(chunk.block(t), chunk.starts(t), panel, steps, sums);
    }
    for (std::size_t i = 0; i < tokens; ++i) finish_token(sums[i], scales[t + i], outputs, out + (t + i) * stride);
  }
}

template <typename Dot>
void linear_rows(std::span<const std::int8_t> q, std::span<const float> scales, const PackedLinear& linear, Activation activation,
                 std::span<float> out) {
  const std::size_t depth = linear.depth;
  Chunk<Dot> chunk(depth);
  for (std::size_t begin = 0; begin < scales.size(); begin += chunk.capacity()) {
    const auto chunk_scales = scales.subspan(begin, std::min(chunk.capacity(), scales.size() - begin));
    const auto chunk_out = out.subspan(begin * linear.rows, chunk_scales.size() * linear.rows);
    chunk.lay_out(q.subspan(begin * depth, chunk_scales.size() * depth), depth);
    for (std::size_t row = 0; row < linear.rows; row += kPanelRows) {
      multiply_panel<Dot>(chunk, chunk_scales, &linear.panels[row * depth], depth / Dot::kDepth, PanelOutputs(linear, row), &chunk_out[row],
                          linear.rows);
    }
    if (activation == Activation::kGelu) gelu_f32_simd128(chunk_out);
  }
}

}  // namespace aftersense
