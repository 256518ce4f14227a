#include <wasm_simd128.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "kernels/float_simd.h"
#include "kernels/simd128.h"

namespace aftersense {
namespace {

constexpr std::size_t kLanes = 4;

/// Four lanes that hold the greatest |x|. count is a multiple of 16.
v128_t greatest_magnitude(const float* x, std::size_t count) {
  v128_t greatest_f32x4[4] = {splat(0.0F), splat(0.0F), splat(0.0F), splat(0.0F)};
  for (std::size_t i = 0; i < count; i += 4 * kLanes) {
    for (std::size_t j = 0; j < 4; ++j) {
      greatest_f32x4[j] = wasm_f32x4_pmax(greatest_f32x4[j], wasm_f32x4_abs(wasm_v128_load(x + i + j * kLanes)));
    }
  }
  return spread_greatest(
      wasm_f32x4_pmax(wasm_f32x4_pmax(greatest_f32x4[0], greatest_f32x4[1]), wasm_f32x4_pmax(greatest_f32x4[2], greatest_f32x4[3])));
}

/// Layer norm of kTokens tokens at once, since the sums of one are a single long chain of additions.
template <std::size_t kTokens>
void norm_tokens(float* x, const float* residual, std::span<const float> gain, std::span<const float> bias, float epsilon) {
  const std::size_t n = gain.size();
  const auto count = static_cast<float>(n);
  v128_t sums_f32x4[kTokens];
  for (v128_t& sum_f32x4 : sums_f32x4) sum_f32x4 = splat(0.0F);
  for (std::size_t i = 0; i < n; i += kLanes) {
    for (std::size_t t = 0; t < kTokens; ++t) {
      v128_t x_f32x4 = wasm_v128_load(x + t * n + i);
      if (residual != nullptr) {
        x_f32x4 = wasm_f32x4_add(x_f32x4, wasm_v128_load(residual + t * n + i));
        wasm_v128_store(x + t * n + i, x_f32x4);
      }
      sums_f32x4[t] = wasm_f32x4_add(sums_f32x4[t], x_f32x4);
    }
  }
  v128_t means_f32x4[kTokens];
  v128_t squares_f32x4[kTokens];
  for (std::size_t t = 0; t < kTokens; ++t) {
    means_f32x4[t] = splat(join_lanes(sums_f32x4[t]) / count);
    squares_f32x4[t] = splat(0.0F);
  }
  for (std::size_t i = 0; i < n; i += kLanes) {
    for (std::size_t t = 0; t < kTokens; ++t) {
      const v128_t d_f32x4 = wasm_f32x4_sub(wasm_v128_load(x + t * n + i), means_f32x4[t]);
      squares_f32x4[t] = wasm_f32x4_add(squares_f32x4[t], wasm_f32x4_mul(d_f32x4, d_f32x4));
    }
  }
  for (std::size_t t = 0; t < kTokens; ++t) {
    const v128_t reciprocal_f32x4 = splat(1.0F / std::sqrt(join_lanes(squares_f32x4[t]) / count + epsilon));
    for (std::size_t i = 0; i < n; i += kLanes) {
      const v128_t d_f32x4 = wasm_f32x4_sub(wasm_v128_load(x + t * n + i), means_f32x4[t]);
      const v128_t scaled_f32x4 = wasm_f32x4_mul(wasm_f32x4_mul(d_f32x4, reciprocal_f32x4), wasm_v128_load(&gain[i]));
      wasm_v128_store(x + t * n + i, wasm_f32x4_add(scaled_f32x4, wasm_v128_load(&bias[i])));
    }
  }
}

}  // namespace

void quantize_f32_i8_simd128(std::span<const float> x, std::size_t depth, std::span<std::int8_t> q, std::span<float> scales) {
  for (std::size_t t = 0; t < scales.size(); ++t) {
    const float* token = &x[t * depth];
    const float greatest = wasm_f32x4_extract_lane(greatest_magnitude(token, depth), 0);
    const v128_t multiplier_f32x4 = splat(std::min(127.0F / greatest, std::numeric_limits<float>::max()));
    scales[t] = greatest / 127.0F;
    const v128_t shifter_f32x4 = constant(kFloat.shifter);
    const auto round = [&](std::size_t i) {
      const v128_t scaled_f32x4 = wasm_f32x4_mul(wasm_v128_load(token + i), multiplier_f32x4);
      return wasm_i32x4_sub(wasm_f32x4_add(scaled_f32x4, shifter_f32x4), shifter_f32x4);
    };
    for (std::size_t i = 0; i < depth; i += 4 * kLanes) {
      const v128_t low_i16x8 = wasm_i16x8_narrow_i32x4(round(i), round(i + kLanes));
      const v128_t high_i16x8 = wasm_i16x8_narrow_i32x4(round(i + 2 * kLanes), round(i + 3 * kLanes));
      wasm_v128_store(&q[t * depth + i], wasm_i8x16_narrow_i16x8(low_i16x8, high_i16x8));
    }
  }
}

void add_norm_f32_simd128(std::span<float> x, std::span<const float> residual, std::span<const float> gain, std::span<const float> bias,
                          float epsilon) {
  const std::size_t n = gain.size();
  const float* added = residual.empty() ? nullptr : residual.data();
  std::size_t begin = 0;
  for (; begin + 4 * n <= x.size(); begin += 4 * n) norm_tokens<4>(&x[begin], added ? added + begin : nullptr, gain, bias, epsilon);
  for (; begin < x.size(); begin += n) norm_tokens<1>(&x[begin], added ? added + begin : nullptr, gain, bias, epsilon);
}

void gelu_f32_simd128(std::span<float> x) {
  constexpr std::size_t kVectors = 4;
  constexpr std::size_t kStep = kVectors * kLanes;
  const auto gelu_step = [](float* values) {
    v128_t x_f32x4[kVectors];
    for (std::size_t j = 0; j < kVectors; ++j) x_f32x4[j] = wasm_v128_load(values + j * kLanes);
    gelu(x_f32x4);
    for (std::size_t j = 0; j < kVectors; ++j) wasm_v128_store(values + j * kLanes, x_f32x4[j]);
  };
  std::size_t i = 0;
  for (; i + kStep <= x.size(); i += kStep) gelu_step(&x[i]);
  if (i == x.size()) return;
  float rest[kStep] = {};
  std::ranges::copy(x.subspan(i), rest);
  gelu_step(rest);
  std::copy_n(rest, x.size() - i, x.begin() + static_cast<std::ptrdiff_t>(i));
}

float lane_sum_f32_simd128(std::span<const float> x) {
  v128_t sum_f32x4 = splat(0.0F);
  const std::size_t whole = x.size() / kLanes * kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes) sum_f32x4 = wasm_f32x4_add(sum_f32x4, wasm_v128_load(&x[i]));
  alignas(16) float rest[kLanes] = {};
  for (std::size_t i = whole; i < x.size(); ++i) rest[i - whole] = x[i];
  return join_lanes(wasm_f32x4_add(sum_f32x4, wasm_v128_load(rest)));
}

}  // namespace aftersense
