#include "peak.h"

#include <wasm_simd128.h>

#include <cstddef>

namespace aftersense::bench {
namespace {

// Each chain feeds itself, so that no step can be left out or moved out of the loop.

struct DotI16 {
  static constexpr double kOperations = 16;
  static v128_t step(v128_t chain, v128_t weights) { return wasm_i32x4_add(chain, wasm_i32x4_dot_i16x8(chain, weights)); }
};

#ifdef __wasm_relaxed_simd__
struct RelaxedDot {
  static constexpr double kOperations = 32;
  static v128_t step(v128_t chain, v128_t weights) { return wasm_i32x4_relaxed_dot_i8x16_i7x16_add(weights, weights, chain); }
};

struct RelaxedPairs {
  static constexpr double kOperations = 32;
  static v128_t step(v128_t chain, v128_t weights) {
    const v128_t pairs_i16x8 = wasm_i16x8_relaxed_dot_i8x16_i7x16(chain, weights);
    return wasm_i32x4_add(chain, wasm_i32x4_dot_i16x8(pairs_i16x8, wasm_i16x8_splat(1)));
  }
};
#endif

volatile std::int32_t sink;

template <typename Instruction, std::size_t kChains>
double run_chains(std::uint32_t rounds) {
  constexpr std::size_t kStepsPerRound = 4;
  const v128_t weights = wasm_i8x16_splat(static_cast<std::int8_t>(rounds % 64));
  v128_t chains[kChains];
  for (std::size_t c = 0; c < kChains; ++c) chains[c] = wasm_i32x4_splat(static_cast<std::int32_t>(c));
  for (std::uint32_t round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < kStepsPerRound; ++i) {
      for (v128_t& chain : chains) chain = Instruction::step(chain, weights);
    }
  }
  v128_t sum = chains[0];
  for (std::size_t c = 1; c < kChains; ++c) sum = wasm_i32x4_add(sum, chains[c]);
  sink = wasm_i32x4_extract_lane(sum, 0);
  return static_cast<double>(rounds) * kStepsPerRound * kChains * Instruction::kOperations;
}

template <typename Instruction>
double run(const PeakLoop& loop) {
  switch (loop.chains) {
    case 8:
      return run_chains<Instruction, 8>(loop.rounds);
    case 10:
      return run_chains<Instruction, 10>(loop.rounds);
    case 12:
      return run_chains<Instruction, 12>(loop.rounds);
    default:
      return 0;
  }
}

}  // namespace

double run_peak_loop(std::string_view instruction, const PeakLoop& loop) {
  if (instruction == "dot_i16x8") return run<DotI16>(loop);
#ifdef __wasm_relaxed_simd__
  if (instruction == "relaxed_dot") return run<RelaxedDot>(loop);
  if (instruction == "relaxed_pairs") return run<RelaxedPairs>(loop);
#endif
  return 0;
}

}  // namespace aftersense::bench
