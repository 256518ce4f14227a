#pragma once

#include <cstdint>
#include <string_view>

namespace aftersense::bench {

/// How often a register-only loop takes each of its steps, and in how many chains that do not wait for each other.
struct PeakLoop {
  std::uint32_t rounds;
  std::uint32_t chains;
};

/// Runs nothing but the instruction that a product's inner loop is made of, its operands in registers: "dot_i16x8" (simd128),
/// "relaxed_dot" or "relaxed_pairs" (relaxed). Returns the operations done, a multiplication and an addition counting one each; 0 where
/// this build has no such loop. Chains: 8, 10 or 12.
[[nodiscard]] double run_peak_loop(std::string_view instruction, const PeakLoop& loop);

}  // namespace aftersense::bench
