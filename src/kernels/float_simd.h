#pragma once

#include <wasm_simd128.h>

#include <cstddef>

#include "kernels/float_scalar.h"

// The functions of float_scalar.h, four lanes at a time, operation for operation. Minima and maxima are pmin(a, b) = b < a ? b : a and
// pmax(a, b) = a < b ? b : a: one instruction each on x86, and NaN in b gives a.

namespace aftersense {

inline v128_t splat(float x) {
  return wasm_f32x4_splat(x);
}

/// Of kFloat's fields.
inline v128_t constant(const float& value) {
  return wasm_v128_load32_splat(&value);
}

/// Horner's scheme for several vectors at once: the loop is kept, since one vector after another would be a chain of waiting additions.
template <std::size_t kTerms, std::size_t kVectors>
void polynomial(const float (&coefficients)[kTerms], const v128_t (&x_f32x4)[kVectors], v128_t (&sums_f32x4)[kVectors]) {
  for (v128_t& sum_f32x4 : sums_f32x4) sum_f32x4 = constant(coefficients[0]);
#pragma clang loop unroll(disable)
  for (std::size_t i = 1; i < kTerms; ++i) {
    const v128_t coefficient_f32x4 = constant(coefficients[i]);
    for (std::size_t j = 0; j < kVectors; ++j) {
      sums_f32x4[j] = wasm_f32x4_add(wasm_f32x4_mul(sums_f32x4[j], x_f32x4[j]), coefficient_f32x4);
    }
  }
}

/// exp_nonpositive of several vectors, in place.
template <std::size_t kVectors>
void exp_nonpositive(v128_t (&x_f32x4)[kVectors]) {
  const v128_t shifter_f32x4 = constant(kFloat.shifter);
  const v128_t one_f32x4 = constant(kFloat.one);
  v128_t shifted_f32x4[kVectors];
  v128_t r_f32x4[kVectors];
  v128_t sums_f32x4[kVectors];
  for (std::size_t j = 0; j < kVectors; ++j) {
    const v128_t x = wasm_f32x4_pmax(constant(kFloat.exp_low), x_f32x4[j]);
    shifted_f32x4[j] = wasm_f32x4_add(wasm_f32x4_mul(x, constant(kFloat.log2_e)), shifter_f32x4);
    const v128_t n = wasm_f32x4_sub(shifted_f32x4[j], shifter_f32x4);
    const v128_t high = wasm_f32x4_sub(x, wasm_f32x4_mul(n, constant(kFloat.log2_high)));
    r_f32x4[j] = wasm_f32x4_sub(high, wasm_f32x4_mul(n, constant(kFloat.log2_low)));
  }
  polynomial(kFloat.exp, r_f32x4, sums_f32x4);
  for (std::size_t j = 0; j < kVectors; ++j) {
    const v128_t square = wasm_f32x4_mul(r_f32x4[j], r_f32x4[j]);
    const v128_t p = wasm_f32x4_add(wasm_f32x4_add(wasm_f32x4_mul(sums_f32x4[j], square), r_f32x4[j]), one_f32x4);
    const v128_t power = wasm_i32x4_add(wasm_i32x4_shl(shifted_f32x4[j], 23), one_f32x4);  // 2ⁿ: n added to the exponent of 1
    x_f32x4[j] = wasm_f32x4_mul(p, power);
  }
}

/// gelu of several vectors, in place.
template <std::size_t kVectors>
void gelu(v128_t (&x_f32x4)[kVectors]) {
  const v128_t top_f32x4 = constant(kFloat.erf_top);
  const v128_t bottom_f32x4 = wasm_f32x4_neg(top_f32x4);
  v128_t z_f32x4[kVectors];
  v128_t t_f32x4[kVectors];
  v128_t numerators_f32x4[kVectors];
  v128_t denominators_f32x4[kVectors];
  for (std::size_t j = 0; j < kVectors; ++j) {
    const v128_t scaled = wasm_f32x4_mul(x_f32x4[j], constant(kFloat.sqrt_half));
    z_f32x4[j] = wasm_f32x4_pmin(top_f32x4, wasm_f32x4_pmax(bottom_f32x4, scaled));
    t_f32x4[j] = wasm_f32x4_mul(z_f32x4[j], z_f32x4[j]);
  }
  polynomial(kFloat.erf_p, t_f32x4, numerators_f32x4);
  polynomial(kFloat.erf_q, t_f32x4, denominators_f32x4);
  for (std::size_t j = 0; j < kVectors; ++j) {
    const v128_t erf = wasm_f32x4_div(wasm_f32x4_mul(z_f32x4[j], numerators_f32x4[j]), denominators_f32x4[j]);
    x_f32x4[j] = wasm_f32x4_mul(x_f32x4[j], wasm_f32x4_mul(constant(kFloat.half), wasm_f32x4_add(constant(kFloat.one), erf)));
  }
}

/// (s₀ + s₁) + (s₂ + s₃), as a lane sum ends.
inline float join_lanes(v128_t s_f32x4) {
  return (wasm_f32x4_extract_lane(s_f32x4, 0) + wasm_f32x4_extract_lane(s_f32x4, 1)) +
         (wasm_f32x4_extract_lane(s_f32x4, 2) + wasm_f32x4_extract_lane(s_f32x4, 3));
}

/// The greatest of the four lanes, in all of them.
inline v128_t spread_greatest(v128_t x_f32x4) {
  x_f32x4 = wasm_f32x4_pmax(x_f32x4, wasm_i32x4_shuffle(x_f32x4, x_f32x4, 2, 3, 0, 1));
  return wasm_f32x4_pmax(x_f32x4, wasm_i32x4_shuffle(x_f32x4, x_f32x4, 1, 0, 3, 2));
}

}  // namespace aftersense
