#include "kernels/simd128.h"

#include <algorithm>

#include "kernels/gemm_simd.h"
#include "kernels/matvec_simd.h"
#include "kernels/scalar.h"

namespace aftersense {
namespace {

constexpr std::size_t kLanes = 4;

void matvec_i8_i32_simd128(std::span<const std::uint8_t> weights, std::span<const std::int8_t> x, std::span<std::int32_t> out) {
  matvec_rows(weights, x, out, [](v128_t x_i8x16, v128_t w_i8x16, v128_t sum_i32x4) {
    // Two products fit 16 bits: 2 · 128 · 127 = 32,512.
    const v128_t pairs_i16x8 =
        wasm_i16x8_add(wasm_i16x8_extmul_low_i8x16(x_i8x16, w_i8x16), wasm_i16x8_extmul_high_i8x16(x_i8x16, w_i8x16));
    return wasm_i32x4_add(sum_i32x4, wasm_i32x4_extadd_pairwise_i16x8(pairs_i16x8));
  });
}

/// Two inputs a step, widened to 16 bits: the tokens when they are laid out, the weights as they are loaded.
struct WidenedDot {
  static constexpr std::size_t kDepth = 2;
  static constexpr std::size_t kPanelBytes = kPanelRows * kDepth;

  static void lay_out(std::span<const std::int8_t> q, std::uint8_t* slot) {
    for (std::size_t i = 0; i < q.size(); i += 8, slot += 4 * kStepBytes) {
      const v128_t q_i16x8 = wasm_i16x8_load8x8(&q[i]);
      wasm_v128_store32_lane(slot, q_i16x8, 0);
      wasm_v128_store32_lane(slot + kStepBytes, q_i16x8, 1);
      wasm_v128_store32_lane(slot + 2 * kStepBytes, q_i16x8, 2);
      wasm_v128_store32_lane(slot + 3 * kStepBytes, q_i16x8, 3);
    }
  }
  static std::int32_t start(std::span<const std::int8_t>) { return 0; }
  static void load(const std::uint8_t* panel, v128_t& low_i16x8, v128_t& high_i16x8) {
    low_i16x8 = wasm_i16x8_load8x8(panel);
    high_i16x8 = wasm_i16x8_load8x8(panel + 8);
  }
  static v128_t add(v128_t token_i16x8, v128_t weights_i16x8, v128_t sum_i32x4) {
    return wasm_i32x4_add(sum_i32x4, wasm_i32x4_dot_i16x8(token_i16x8, weights_i16x8));
  }
};

/// [depth / 2][row][2], the weights as they are.
void pack_panel_simd128(std::span<const std::int8_t> rows, std::size_t depth, std::span<std::uint8_t> panel) {
  constexpr std::size_t kStep = WidenedDot::kPanelBytes;
  for (std::size_t r = 0; r < kPanelRows; ++r) {
    for (std::size_t i = 0; i < depth; i += 16) {
      const v128_t w_i8x16 = wasm_v128_load(&rows[r * depth + i]);
      std::uint8_t* pairs = &panel[i * kPanelRows + r * WidenedDot::kDepth];
      wasm_v128_store16_lane(pairs, w_i8x16, 0);
      wasm_v128_store16_lane(pairs + kStep, w_i8x16, 1);
      wasm_v128_store16_lane(pairs + 2 * kStep, w_i8x16, 2);
      wasm_v128_store16_lane(pairs + 3 * kStep, w_i8x16, 3);
      wasm_v128_store16_lane(pairs + 4 * kStep, w_i8x16, 4);
      wasm_v128_store16_lane(pairs + 5 * kStep, w_i8x16, 5);
      wasm_v128_store16_lane(pairs + 6 * kStep, w_i8x16, 6);
      wasm_v128_store16_lane(pairs + 7 * kStep, w_i8x16, 7);
    }
  }
}

}  // namespace

void max_i32_simd128(std::span<const std::int32_t> values, std::int32_t position, std::span<std::int32_t> best,
                     std::span<std::int32_t> at) {
  const v128_t position_i32x4 = wasm_i32x4_splat(position);
  std::size_t i = 0;
  for (; i + kLanes <= values.size(); i += kLanes) {
    const v128_t value_i32x4 = wasm_v128_load(&values[i]);
    const v128_t best_i32x4 = wasm_v128_load(&best[i]);
    const v128_t grew_i32x4 = wasm_i32x4_gt(value_i32x4, best_i32x4);
    wasm_v128_store(&best[i], wasm_i32x4_max(value_i32x4, best_i32x4));
    wasm_v128_store(&at[i], wasm_v128_bitselect(position_i32x4, wasm_v128_load(&at[i]), grew_i32x4));
  }
  kScalarKernels.max_i32(values.subspan(i), position, best.subspan(i), at.subspan(i));
}

void requantize_relu_i32_i8_simd128(std::span<const std::int32_t> acc, std::span<const float> multiplier, std::span<std::int8_t> out) {
  const v128_t zero_i32x4 = wasm_i32x4_splat(0);
  const v128_t top_f32x4 = wasm_f32x4_splat(127.0F);
  std::size_t i = 0;
  for (; i + kLanes <= acc.size(); i += kLanes) {
    const v128_t positive_i32x4 = wasm_i32x4_max(wasm_v128_load(&acc[i]), zero_i32x4);
    const v128_t real_f32x4 = wasm_f32x4_mul(wasm_f32x4_convert_i32x4(positive_i32x4), wasm_v128_load(&multiplier[i]));
    const v128_t rounded_i32x4 = wasm_i32x4_trunc_sat_f32x4(wasm_f32x4_pmin(top_f32x4, wasm_f32x4_nearest(real_f32x4)));
    const v128_t narrow_i16x8 = wasm_i16x8_narrow_i32x4(rounded_i32x4, rounded_i32x4);
    wasm_v128_store32_lane(&out[i], wasm_i8x16_narrow_i16x8(narrow_i16x8, narrow_i16x8), 0);
  }
  kScalarKernels.requantize_relu_i32_i8(acc.subspan(i), multiplier.subspan(i), out.subspan(i));
}

const Kernels kSimd128Kernels = {
    .name = "simd128",
    .matvec_i8_i32 = matvec_i8_i32_simd128,
    .max_i32 = max_i32_simd128,
    .requantize_relu_i32_i8 = requantize_relu_i32_i8_simd128,
    .pack_panel = pack_panel_simd128,
    .quantize_f32_i8 = quantize_f32_i8_simd128,
    .linear_i8_f32 = linear_rows<WidenedDot>,
    .add_norm_f32 = add_norm_f32_simd128,
    .attend_f32 = attend_f32_simd128,
    .lane_sum_f32 = lane_sum_f32_simd128,
};

}  // namespace aftersense
