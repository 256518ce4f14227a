#include "kernels/kernels.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <vector>

#include "catch_amalgamated.hpp"
#include "kernels/support.h"

namespace aftersense {
namespace {

using namespace test;

TEST_CASE("the active kernels are the best that this build holds") {
#if defined(__wasm_relaxed_simd__)
  CHECK(active_kernels().name == "relaxed");
  CHECK(compiled_kernels().size() == 3);
#elif defined(__wasm_simd128__)
  CHECK(active_kernels().name == "simd128");
  CHECK(compiled_kernels().size() == 2);
#else
  CHECK(active_kernels().name == "scalar");
#endif
}

TEST_CASE("matvec_i8_i32 computes inner products with weights around 64") {
  const std::vector<std::int8_t> x = {1, -2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 127};
  std::vector<std::uint8_t> weights(32, 64);
  weights[0] = 65;       // 1 · 1
  weights[1] = 1;        // -2 · -63
  weights[15] = 127;     // 127 · 63
  weights[16 + 2] = 61;  // 3 · -3
  for (const Kernels* kernels : compiled_kernels()) {
    CAPTURE(kernels->name);
    std::vector<std::int32_t> out(2);
    kernels->matvec_i8_i32(weights, x, out);
    CHECK(out == std::vector<std::int32_t>{1 + 126 + 8001, -9});
  }
}

TEST_CASE("every variant of matvec_i8_i32 gives the scalar one's bits at any shape and alignment") {
  std::mt19937 random(kSeed);
  CAPTURE(kSeed);
  const std::size_t depth = 16 * GENERATE(as<std::size_t>{}, 0, 1, 2, 3, 5, 20, 67);
  const std::size_t rows = GENERATE(as<std::size_t>{}, 0, 1, 3, 4, 5, 7, 8, 19);
  const std::size_t shift = GENERATE(as<std::size_t>{}, 0, 1, 7);
  const Shifted<std::uint8_t> weights(random, rows * depth, 1, 127, shift);
  const Shifted<std::int8_t> x(random, depth, -128, 127, shift);
  std::vector<std::int32_t> expected(rows);
  scalar().matvec_i8_i32(weights.view(), x.view(), expected);
  for (const Kernels* kernels : compiled_kernels()) {
    CAPTURE(kernels->name, depth, rows, shift);
    std::vector<std::int32_t> out(rows, -1);
    kernels->matvec_i8_i32(weights.view(), x.view(), out);
    CHECK(out == expected);
  }
}

TEST_CASE("matvec_i8_i32 is exact at the ends of its ranges") {
  const std::size_t depth = 65'536;
  const auto [x_value, w_value] = GENERATE(table<int, int>({{-128, 127}, {-128, 1}, {127, 127}, {127, 1}}));
  const std::vector<std::int8_t> x(depth, static_cast<std::int8_t>(x_value));
  const std::vector<std::uint8_t> weights(depth, static_cast<std::uint8_t>(w_value));
  for (const Kernels* kernels : compiled_kernels()) {
    CAPTURE(kernels->name);
    std::vector<std::int32_t> out(1);
    kernels->matvec_i8_i32(weights, x, out);
    CHECK(out[0] == x_value * (w_value - 64) * static_cast<int>(depth));
  }
}

TEST_CASE("max_i32 keeps the first position of the greatest value") {
  std::mt19937 random(kSeed);
  const std::size_t count = GENERATE(as<std::size_t>{}, 0, 1, 3, 4, 5, 19);
  for (const Kernels* kernels : compiled_kernels()) {
    CAPTURE(kernels->name, count, kSeed);
    std::vector<std::int32_t> best(count, std::numeric_limits<std::int32_t>::min());
    std::vector<std::int32_t> at(count, -1);
    std::vector<std::vector<std::int32_t>> rows;
    for (int position = 0; position < 9; ++position) {
      const Shifted<std::int32_t> values(random, count, -3, 3, 0);
      rows.emplace_back(values.view().begin(), values.view().end());
      kernels->max_i32(rows.back(), position, best, at);
    }
    for (std::size_t i = 0; i < count; ++i) {
      std::size_t first = 0;
      for (std::size_t position = 1; position < rows.size(); ++position) {
        if (rows[position][i] > rows[first][i]) first = position;
      }
      CHECK(best[i] == rows[first][i]);
      CHECK(at[i] == static_cast<std::int32_t>(first));
    }
  }
}

TEST_CASE("requantize_relu_i32_i8 rounds half to even, and saturates") {
  const std::vector<std::int32_t> acc = {-5, 0, 1, 3, 5, 254, 255, 100'000'000, std::numeric_limits<std::int32_t>::max()};
  const std::vector<float> multiplier(acc.size(), 0.5F);
  for (const Kernels* kernels : compiled_kernels()) {
    CAPTURE(kernels->name);
    std::vector<std::int8_t> out(acc.size(), -1);
    kernels->requantize_relu_i32_i8(acc, multiplier, out);
    CHECK(out == std::vector<std::int8_t>{0, 0, 0, 2, 2, 127, 127, 127, 127});
  }
}

TEST_CASE("every variant of requantize_relu_i32_i8 gives the scalar one's bits") {
  std::mt19937 random(kSeed);
  CAPTURE(kSeed);
  const std::size_t count = GENERATE(as<std::size_t>{}, 1, 3, 4, 5, 200);
  const Shifted<std::int32_t> acc(random, count, -200'000, 200'000, 1);
  std::vector<float> multiplier(count);
  std::uniform_real_distribution<float> draw(0.0F, 0.002F);
  for (float& value : multiplier) value = draw(random);
  std::vector<std::int8_t> expected(count);
  scalar().requantize_relu_i32_i8(acc.view(), multiplier, expected);
  for (const Kernels* kernels : compiled_kernels()) {
    CAPTURE(kernels->name);
    std::vector<std::int8_t> out(count, -1);
    kernels->requantize_relu_i32_i8(acc.view(), multiplier, out);
    CHECK(out == expected);
  }
}

}  // namespace
}  // namespace aftersense
