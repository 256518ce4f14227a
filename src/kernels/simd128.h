#pragma once

#include "kernels/kernels.h"

namespace aftersense {

extern const Kernels kSimd128Kernels;

void max_i32_simd128(std::span<const std::int32_t> values, std::int32_t position, std::span<std::int32_t> best, std::span<std::int32_t> at);
void requantize_relu_i32_i8_simd128(std::span<const std::int32_t> acc, std::span<const float> multiplier, std::span<std::int8_t> out);

}  // namespace aftersense
