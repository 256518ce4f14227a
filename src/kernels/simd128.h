#pragma once

#include "kernels/kernels.h"

namespace aftersense {

extern const Kernels kSimd128Kernels;

// What the relaxed variant shares.
void max_i32_simd128(std::span<const std::int32_t> values, std::int32_t position, std::span<std::int32_t> best, std::span<std::int32_t> at);
void requantize_relu_i32_i8_simd128(std::span<const std::int32_t> acc, std::span<const float> multiplier, std::span<std::int8_t> out);
void quantize_f32_i8_simd128(std::span<const float> x, std::size_t depth, std::span<std::int8_t> q, std::span<float> scales);
void add_norm_f32_simd128(std::span<float> x, std::span<const float> residual, std::span<const float> gain, std::span<const float> bias,
                          float epsilon);
void attend_f32_simd128(std::span<const float> qkv, std::size_t hidden, std::size_t heads, std::span<float> out, std::span<float> scratch);
float lane_sum_f32_simd128(std::span<const float> x);

/// x[i] = gelu(x[i]).
void gelu_f32_simd128(std::span<float> x);

}  // namespace aftersense
