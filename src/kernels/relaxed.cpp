#include "kernels/relaxed.h"

#include <cstring>

#include "kernels/gemm_simd.h"
#include "kernels/matvec_simd.h"
#include "kernels/simd128.h"

namespace aftersense {
namespace {

void matvec_i8_i32_relaxed(std::span<const std::uint8_t> weights, std::span<const std::int8_t> x, std::span<std::int32_t> out) {
  matvec_rows(weights, x, out, [](v128_t x_i8x16, v128_t w_u7x16, v128_t sum_i32x4) {
    return wasm_i32x4_relaxed_dot_i8x16_i7x16_add(x_i8x16, w_u7x16, sum_i32x4);
  });
}

/// Four inputs a step.
struct RelaxedDot {
  static constexpr std::size_t kDepth = 4;
  static constexpr std::size_t kPanelBytes = kPanelRows * kDepth;

  static void lay_out(std::span<const std::int8_t> q, std::uint8_t* slot) {
    for (std::size_t i = 0; i < q.size(); i += kDepth, slot += kStepBytes) std::memcpy(slot, &q[i], kDepth);
  }
  static std::int32_t start(std::span<const std::int8_t> q) { return -kWeightZeroPoint * sum_i8(q); }
  static void load(const std::uint8_t* panel, v128_t& low_u7x16, v128_t& high_u7x16) {
    low_u7x16 = wasm_v128_load(panel);
    high_u7x16 = wasm_v128_load(panel + 16);
  }
  static v128_t add(v128_t token_i8x16, v128_t weights_u7x16, v128_t sum_i32x4) {
    return wasm_i32x4_relaxed_dot_i8x16_i7x16_add(token_i8x16, weights_u7x16, sum_i32x4);
  }
};

/// The same in its parts, for machines without an instruction for the whole.
struct RelaxedPairsDot : RelaxedDot {
  static v128_t add(v128_t token_i8x16, v128_t weights_u7x16, v128_t sum_i32x4) {
    const v128_t pairs_i16x8 = wasm_i16x8_relaxed_dot_i8x16_i7x16(token_i8x16, weights_u7x16);
    return wasm_i32x4_add(sum_i32x4, wasm_i32x4_dot_i16x8(pairs_i16x8, wasm_i16x8_splat(1)));
  }
};

/// [depth / 4][row][4], the weights with their zero point.
void pack_panel_relaxed(std::span<const std::int8_t> rows, std::size_t depth, std::span<std::uint8_t> panel) {
  constexpr std::size_t kStep = RelaxedDot::kPanelBytes;
  for (std::size_t r = 0; r < kPanelRows; ++r) {
    for (std::size_t i = 0; i < depth; i += 16) {
      const v128_t w_u7x16 = wasm_i8x16_add(wasm_v128_load(&rows[r * depth + i]), wasm_i8x16_splat(kWeightZeroPoint));
      std::uint8_t* quads = &panel[i * kPanelRows + r * RelaxedDot::kDepth];
      wasm_v128_store32_lane(quads, w_u7x16, 0);
      wasm_v128_store32_lane(quads + kStep, w_u7x16, 1);
      wasm_v128_store32_lane(quads + 2 * kStep, w_u7x16, 2);
      wasm_v128_store32_lane(quads + 3 * kStep, w_u7x16, 3);
    }
  }
}

/// Whether the engine makes the relaxed dot product of pmaddubsw, pmaddwd and an addition, as it must on x86 without AVX-VNNI: the first of
/// them saturates, 2 · 127 · 255 to 32,767, where an eighth bit is used. A dot-product instruction gives 129,540 or, with signs, −508.
/// Spelt out, pmaddwd's constant stays in a register, which is a quarter faster in V8.
bool adds_saturated_pairs() {
  const volatile std::int8_t x = 127;
  const volatile std::int8_t eight_bits = -1;
  const v128_t sum_i32x4 = wasm_i32x4_relaxed_dot_i8x16_i7x16_add(wasm_i8x16_splat(x), wasm_i8x16_splat(eight_bits), wasm_i32x4_splat(0));
  return wasm_i32x4_extract_lane(sum_i32x4, 0) == 2 * 32'767;
}

void linear_i8_f32_relaxed(std::span<const std::int8_t> q, std::span<const float> scales, const PackedLinear& linear, Activation activation,
                           std::span<float> out) {
  const auto multiply = adds_saturated_pairs() ? linear_i8_f32_relaxed_pairs : linear_i8_f32_relaxed_dot;
  multiply(q, scales, linear, activation, out);
}

}  // namespace

void linear_i8_f32_relaxed_dot(std::span<const std::int8_t> q, std::span<const float> scales, const PackedLinear& linear,
                               Activation activation, std::span<float> out) {
  linear_rows<RelaxedDot>(q, scales, linear, activation, out);
}

void linear_i8_f32_relaxed_pairs(std::span<const std::int8_t> q, std::span<const float> scales, const PackedLinear& linear,
                                 Activation activation, std::span<float> out) {
  linear_rows<RelaxedPairsDot>(q, scales, linear, activation, out);
}

const Kernels kRelaxedKernels = {
    .name = "relaxed",
    .matvec_i8_i32 = matvec_i8_i32_relaxed,
    .max_i32 = max_i32_simd128,
    .requantize_relu_i32_i8 = requantize_relu_i32_i8_simd128,
    .pack_panel = pack_panel_relaxed,
    .quantize_f32_i8 = quantize_f32_i8_simd128,
    .linear_i8_f32 = linear_i8_f32_relaxed,
    .add_norm_f32 = add_norm_f32_simd128,
    .attend_f32 = attend_f32_simd128,
    .lane_sum_f32 = lane_sum_f32_simd128,
};

}  // namespace aftersense
