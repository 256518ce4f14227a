#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

// Elementary functions in float32 with one fixed order of operations, so that every variant and Python give the same bits.
// Where a comparison meets NaN, the bound is taken, so that no conversion to an integer is ever out of range.

namespace aftersense {

/// Coefficients, highest power first. They are defined out of line because V8 loads a constant in one instruction from memory, but builds a
/// v128.const in three.
struct FloatConstants {
  // exp, by Cephes's expf: log 2 in two parts, and (exp(r) − 1 − r) / r².
  float exp_low;
  float log2_e;
  float log2_high;
  float log2_low;
  float exp[6];
  // erf(z) = z · P(z²) / Q(z²) for |z| ≤ erf_top, by Eigen.
  float erf_top;
  float erf_p[7];
  float erf_q[5];
  float sqrt_half;
  float half;
  float one;
  float shifter;  ///< 1.5 · 2²³: adding it rounds to an integer, ties to even, and leaves that in the low bits
};
extern const FloatConstants kFloat;

/// Horner's scheme.
template <std::size_t kTerms>
float polynomial(const float (&coefficients)[kTerms], float x) {
  float sum = coefficients[0];
  for (std::size_t i = 1; i < kTerms; ++i) sum = sum * x + coefficients[i];
  return sum;
}

/// exp(x) for x ≤ 0; below −87 it stays exp(−87).
inline float exp_nonpositive(float x) {
  x = kFloat.exp_low < x ? x : kFloat.exp_low;
  const float n = std::nearbyint(x * kFloat.log2_e);
  const float r = (x - n * kFloat.log2_high) - n * kFloat.log2_low;
  const float p = (polynomial(kFloat.exp, r) * (r * r) + r) + 1.0F;
  return p * std::bit_cast<float>((static_cast<std::int32_t>(n) + 127) << 23);
}

/// x · Φ(x), Φ the distribution function of the standard normal distribution.
inline float gelu(float x) {
  const float scaled = x * kFloat.sqrt_half;
  const float above = -kFloat.erf_top < scaled ? scaled : -kFloat.erf_top;
  const float z = above < kFloat.erf_top ? above : kFloat.erf_top;
  const float t = z * z;
  const float erf = z * polynomial(kFloat.erf_p, t) / polynomial(kFloat.erf_q, t);
  return x * (0.5F * (1.0F + erf));
}

}  // namespace aftersense
