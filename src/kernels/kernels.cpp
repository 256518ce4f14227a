#include "kernels/kernels.h"

#include <array>

#include "kernels/relaxed.h"
#include "kernels/scalar.h"
#include "kernels/simd128.h"

namespace aftersense {
namespace {

constexpr std::array kCompiled = {
    &kScalarKernels,
#ifdef __wasm_simd128__
    &kSimd128Kernels,
#endif
#ifdef __wasm_relaxed_simd__
    &kRelaxedKernels,
#endif
};

}  // namespace

std::span<const Kernels* const> compiled_kernels() {
  return kCompiled;
}

const Kernels& active_kernels() {
  return *kCompiled.back();
}

}  // namespace aftersense
