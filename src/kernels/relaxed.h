#pragma once

#include "kernels/kernels.h"

namespace aftersense {

extern const Kernels kRelaxedKernels;

// The two ways of its linear_i8_f32: with the relaxed dot product, and with that spelt out for machines without an instruction for it.
void linear_i8_f32_relaxed_dot(std::span<const std::int8_t> q, std::span<const float> scales, const PackedLinear& linear,
                               Activation activation, std::span<float> out);
void linear_i8_f32_relaxed_pairs(std::span<const std::int8_t> q, std::span<const float> scales, const PackedLinear& linear,
                                 Activation activation, std::span<float> out);

}  // namespace aftersense
