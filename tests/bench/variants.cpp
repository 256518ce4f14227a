#include "variants.h"

#include <algorithm>
#include <array>

#include "kernels/kernels.h"
#include "kernels/relaxed.h"
#include "kernels/scalar.h"
#include "kernels/simd128.h"

// In the module that ships, the kernels are fixed when it is compiled (src/kernels/kernels.cpp). Here these two functions take the place of
// that file, which the linker then leaves in its archive, so that one program runs every variant.

namespace aftersense {
namespace {

constexpr std::array kCompiled = {
    &kScalarKernels,
    &kSimd128Kernels,
#ifdef __wasm_relaxed_simd__
    &kRelaxedKernels,
#endif
};

const Kernels* active = kCompiled.back();

}  // namespace

std::span<const Kernels* const> compiled_kernels() {
  return kCompiled;
}

const Kernels& active_kernels() {
  return *active;
}

bool bench::use_variant(std::string_view variant) {
  const auto found = std::ranges::find(kCompiled, variant, [](const Kernels* kernels) { return kernels->name; });
  if (found == kCompiled.end()) return false;
  active = *found;
  return true;
}

}  // namespace aftersense
