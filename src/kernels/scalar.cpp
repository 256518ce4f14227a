#include "kernels/scalar.h"

#include <algorithm>
#include <cmath>

namespace aftersense {
namespace {

void matvec_i8_i32_scalar(std::span<const std::uint8_t> weights, std::span<const std::int8_t> x, std::span<std::int32_t> out) {
  for (std::size_t row = 0; row < out.size(); ++row) {
    std::int64_t sum = 0;
    for (std::size_t d = 0; d < x.size(); ++d) sum += x[d] * (weights[row * x.size() + d] - kWeightZeroPoint);
    out[row] = static_cast<std::int32_t>(sum);
  }
}

void max_i32_scalar(std::span<const std::int32_t> values, std::int32_t position, std::span<std::int32_t> best, std::span<std::int32_t> at) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] <= best[i]) continue;
    best[i] = values[i];
    at[i] = position;
  }
}

void requantize_relu_i32_i8_scalar(std::span<const std::int32_t> acc, std::span<const float> multiplier, std::span<std::int8_t> out) {
  for (std::size_t i = 0; i < acc.size(); ++i) {
    const float real = static_cast<float>(std::max(acc[i], 0)) * multiplier[i];
    out[i] = static_cast<std::int8_t>(std::min(std::nearbyint(real), 127.0F));
  }
}

}  // namespace

const Kernels kScalarKernels = {"scalar", matvec_i8_i32_scalar, max_i32_scalar, requantize_relu_i32_i8_scalar};

}  // namespace aftersense
