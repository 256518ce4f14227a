#include "kernels/relaxed.h"

#include "kernels/matvec_simd.h"
#include "kernels/simd128.h"

namespace aftersense {
namespace {

void matvec_i8_i32_relaxed(std::span<const std::uint8_t> weights, std::span<const std::int8_t> x, std::span<std::int32_t> out) {
  matvec_rows(weights, x, out, [](v128_t x_i8x16, v128_t w_u7x16, v128_t sum_i32x4) {
    return wasm_i32x4_relaxed_dot_i8x16_i7x16_add(x_i8x16, w_u7x16, sum_i32x4);
  });
}

}  // namespace

const Kernels kRelaxedKernels = {"relaxed", matvec_i8_i32_relaxed, max_i32_simd128, requantize_relu_i32_i8_simd128};

}  // namespace aftersense
