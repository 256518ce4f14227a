#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace aftersense {

/// Depth of the inner products is a multiple of this.
inline constexpr std::size_t kPaddedDepth = 16;

/// Weights w in [-63, 63] are stored as w + 64, in 7 bits, so that `i32x4.relaxed_dot_i8x16_i7x16_add` is exact on every machine:
///
///     Σ x·w = Σ x·(w + 64) − 64·Σ x
inline constexpr int kWeightZeroPoint = 64;

/// The integer kernels of one instruction set. All variants give the same bits; the scalar one is the specification.
struct Kernels {
  std::string_view name;  ///< "scalar", "simd128" or "relaxed"

  /// out[r] = Σ_d x[d] · (weights[r·depth + d] − 64), depth = x.size(), a multiple of kPaddedDepth; rows = out.size().
  /// weights in [1, 127]; no alignment needed; no aliasing. Exact for depth ≤ 65,536.
  void (*matvec_i8_i32)(std::span<const std::uint8_t> weights, std::span<const std::int8_t> x, std::span<std::int32_t> out);

  /// best[i] = max(best[i], values[i]); where it grew, at[i] = position. Equal values keep the earlier position.
  void (*max_i32)(std::span<const std::int32_t> values, std::int32_t position, std::span<std::int32_t> best, std::span<std::int32_t> at);

  /// out[i] = min(127, nearbyint(float(max(0, acc[i])) · multiplier[i])), ties to even. multiplier ≥ 0 and finite.
  void (*requantize_relu_i32_i8)(std::span<const std::int32_t> acc, std::span<const float> multiplier, std::span<std::int8_t> out);
};

/// The variants in this build, the scalar one first.
[[nodiscard]] std::span<const Kernels* const> compiled_kernels();

/// The variant that the library runs on, fixed when it was compiled: the best of compiled_kernels(), which is its last.
[[nodiscard]] const Kernels& active_kernels();

}  // namespace aftersense
