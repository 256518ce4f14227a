#pragma once

#include <wasm_simd128.h>

#include <cstdint>
#include <span>

#include "kernels/kernels.h"

namespace aftersense {

/// Sum of the four lanes.
inline std::int32_t sum_lanes(v128_t v_i32x4) {
  const v128_t swapped_i32x4 = wasm_i32x4_add(v_i32x4, wasm_i32x4_shuffle(v_i32x4, v_i32x4, 2, 3, 0, 1));
  return wasm_i32x4_extract_lane(swapped_i32x4, 0) + wasm_i32x4_extract_lane(swapped_i32x4, 1);
}

/// The sums of the lanes of four vectors.
inline v128_t sum_lanes(v128_t a_i32x4, v128_t b_i32x4, v128_t c_i32x4, v128_t d_i32x4) {
  const v128_t ab_i32x4 =
      wasm_i32x4_add(wasm_i32x4_shuffle(a_i32x4, b_i32x4, 0, 4, 1, 5), wasm_i32x4_shuffle(a_i32x4, b_i32x4, 2, 6, 3, 7));
  const v128_t cd_i32x4 =
      wasm_i32x4_add(wasm_i32x4_shuffle(c_i32x4, d_i32x4, 0, 4, 1, 5), wasm_i32x4_shuffle(c_i32x4, d_i32x4, 2, 6, 3, 7));
  return wasm_i32x4_add(wasm_i32x4_shuffle(ab_i32x4, cd_i32x4, 0, 1, 4, 5), wasm_i32x4_shuffle(ab_i32x4, cd_i32x4, 2, 3, 6, 7));
}

/// Σ x[d], depth a multiple of 16.
inline std::int32_t sum_i8(std::span<const std::int8_t> x) {
  v128_t sum_i32x4 = wasm_i32x4_splat(0);
  for (std::size_t d = 0; d < x.size(); d += kPaddedDepth) {
    sum_i32x4 = wasm_i32x4_add(sum_i32x4, wasm_i32x4_extadd_pairwise_i16x8(wasm_i16x8_extadd_pairwise_i8x16(wasm_v128_load(&x[d]))));
  }
  return sum_lanes(sum_i32x4);
}

/// The loop that simd128 and relaxed share: four rows at a time, so that each load of x serves four products.
/// `dot_add(x, w, sum)` adds to the four lanes of sum the products of 16 activations and 16 stored weights.
template <typename DotAdd>
void matvec_rows(std::span<const std::uint8_t> weights, std::span<const std::int8_t> x, std::span<std::int32_t> out, DotAdd dot_add) {
  const std::size_t depth = x.size();
  const std::int32_t offset = kWeightZeroPoint * sum_i8(x);
  std::size_t row = 0;
  for (; row + 4 <= out.size(); row += 4) {
    const std::uint8_t* w = weights.data() + row * depth;
    v128_t sum0_i32x4 = wasm_i32x4_splat(0);
    v128_t sum1_i32x4 = sum0_i32x4;
    v128_t sum2_i32x4 = sum0_i32x4;
    v128_t sum3_i32x4 = sum0_i32x4;
    for (std::size_t d = 0; d < depth; d += kPaddedDepth) {
      const v128_t x_i8x16 = wasm_v128_load(&x[d]);
      sum0_i32x4 = dot_add(x_i8x16, wasm_v128_load(w + d), sum0_i32x4);
      sum1_i32x4 = dot_add(x_i8x16, wasm_v128_load(w + depth + d), sum1_i32x4);
      sum2_i32x4 = dot_add(x_i8x16, wasm_v128_load(w + 2 * depth + d), sum2_i32x4);
      sum3_i32x4 = dot_add(x_i8x16, wasm_v128_load(w + 3 * depth + d), sum3_i32x4);
    }
    const v128_t sums_i32x4 = sum_lanes(sum0_i32x4, sum1_i32x4, sum2_i32x4, sum3_i32x4);
    wasm_v128_store(&out[row], wasm_i32x4_sub(sums_i32x4, wasm_i32x4_splat(offset)));
  }
  for (; row < out.size(); ++row) {
    v128_t sum_i32x4 = wasm_i32x4_splat(0);
    for (std::size_t d = 0; d < depth; d += kPaddedDepth) {
      sum_i32x4 = dot_add(wasm_v128_load(&x[d]), wasm_v128_load(weights.data() + row * depth + d), sum_i32x4);
    }
    out[row] = sum_lanes(sum_i32x4) - offset;
  }
}

}  // namespace aftersense
