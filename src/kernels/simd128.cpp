#include "kernels/simd128.h"

#include <algorithm>

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

const Kernels kSimd128Kernels = {"simd128", matvec_i8_i32_simd128, max_i32_simd128, requantize_relu_i32_i8_simd128};

}  // namespace aftersense
