#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <span>
#include <vector>

#include "catch_amalgamated.hpp"
#include "kernels/float_scalar.h"
#include "kernels/kernels.h"
#include "kernels/support.h"
#ifdef __wasm_simd128__
#include "kernels/float_simd.h"
#endif

namespace aftersense {
namespace {

using namespace test;

/// From low to high in `steps` equal steps.
std::vector<float> sweep(float low, float high, int steps) {
  std::vector<float> values;
  for (int i = 0; i <= steps; ++i) values.push_back(low + (high - low) * static_cast<float>(i) / static_cast<float>(steps));
  return values;
}

TEST_CASE("exp_nonpositive is within 2e-7 of exp, relative") {
  for (const float x : sweep(-87.0F, 0.0F, 20'000)) {
    CAPTURE(x);
    CHECK_THAT(exp_nonpositive(x), Catch::Matchers::WithinRel(std::exp(static_cast<double>(x)), 2e-7));
  }
  CHECK(exp_nonpositive(0.0F) == 1.0F);
  CHECK(exp_nonpositive(-0.0F) == 1.0F);
  CHECK(exp_nonpositive(-1e30F) == exp_nonpositive(-87.0F));
}

TEST_CASE("gelu is within 1e-6 of its definition, absolute near zero and relative further out") {
  for (const float x : sweep(-12.0F, 12.0F, 20'000)) {
    CAPTURE(x);
    const double exact = 0.5 * x * (1 + std::erf(x / std::sqrt(2.0)));
    CHECK_THAT(gelu(x), Catch::Matchers::WithinAbs(exact, 1e-6 * std::max(1.0, std::abs(exact))));
  }
  CHECK(gelu(0.0F) == 0.0F);
  CHECK_THAT(gelu(1e30F), Catch::Matchers::WithinRel(1e30F, 1e-6F));
}

#ifdef __wasm_simd128__
TEST_CASE("exp and gelu in four lanes give the scalar ones' bits") {
  std::vector<float> inputs = sweep(-90.0F, 0.0F, 19'999);
  for (const float x : {-0.0F, -1e30F, -std::numeric_limits<float>::max(), -std::numeric_limits<float>::denorm_min()}) inputs.push_back(x);
  const std::vector<float> wide = sweep(-12.0F, 12.0F, 19'995);
  inputs.insert(inputs.end(), wide.begin(), wide.end());
  REQUIRE(inputs.size() % 8 == 0);
  for (std::size_t i = 0; i < inputs.size(); i += 8) {
    v128_t x[2] = {wasm_v128_load(&inputs[i]), wasm_v128_load(&inputs[i + 4])};
    std::vector<float> expected;
    std::vector<float> actual(8);
    const bool exponent = *std::max_element(&inputs[i], &inputs[i] + 8) <= 0.0F;
    for (std::size_t j = i; j < i + 8; ++j) expected.push_back(exponent ? exp_nonpositive(inputs[j]) : gelu(inputs[j]));
    exponent ? exp_nonpositive(x) : gelu(x);
    wasm_v128_store(&actual[0], x[0]);
    wasm_v128_store(&actual[4], x[1]);
    CHECK(bits(actual) == bits(expected));
  }
}
#endif

TEST_CASE("lane_sum_f32 adds in four lanes from left to right") {
  for (const Kernels* kernels : compiled_kernels()) {
    CAPTURE(kernels->name);
    // Lane 0 loses its 1 beside 1e8; lane 1 would keep it.
    CHECK(kernels->lane_sum_f32(std::vector<float>{1e8F, 1.0F, 0.0F, 0.0F, 1.0F, 2.0F, 0.0F, 0.0F, -1e8F}) == 3.0F);
    CHECK(kernels->lane_sum_f32(std::vector<float>{1.0F, 2.0F, 3.0F}) == 6.0F);
    CHECK(bits(std::vector<float>{kernels->lane_sum_f32({})}) == bits(std::vector<float>{0.0F}));
  }
}

TEST_CASE("every variant of lane_sum_f32 gives the scalar one's bits at any size and alignment") {
  std::mt19937 random(kSeed);
  CAPTURE(kSeed);
  for (std::size_t size = 0; size <= 40; ++size) {
    const std::vector<float> x = normal(random, size + 1, 100.0F);
    const auto view = std::span(x).subspan(1);
    double exact = 0;
    double magnitude = 1e-30;
    for (const float value : view) {
      exact += value;
      magnitude += std::abs(value);
    }
    for (const Kernels* kernels : compiled_kernels()) {
      CAPTURE(kernels->name, size);
      const float sum = kernels->lane_sum_f32(view);
      CHECK(std::abs(sum - exact) <= 1e-6 * magnitude);
      CHECK(sum == scalar().lane_sum_f32(view));
    }
  }
}

std::vector<float> norm(const Kernels& kernels, std::span<const float> x, std::span<const float> residual, std::span<const float> gain,
                        std::span<const float> bias) {
  std::vector<float> out(x.begin(), x.end());
  out.push_back(99.0F);
  kernels.add_norm_f32(std::span(out).first(x.size()), residual, gain, bias, 1e-5F);
  CHECK(out.back() == 99.0F);
  out.pop_back();
  return out;
}

TEST_CASE("add_norm_f32 is the layer norm of the sum, on every variant the same bits") {
  std::mt19937 random(kSeed);
  CAPTURE(kSeed);
  const std::size_t n = GENERATE(as<std::size_t>{}, 4, 8, 12, 32, 384);
  const std::size_t tokens = GENERATE(as<std::size_t>{}, 1, 2, 3, 4, 5, 8, 11);
  const bool with_residual = GENERATE(false, true);
  const std::vector<float> x = normal(random, tokens * n);
  const std::vector<float> residual = normal(random, with_residual ? tokens * n : 0, 2.0F);
  const std::vector<float> gain = normal(random, n);
  const std::vector<float> bias = normal(random, n);
  const std::vector<float> expected = norm(scalar(), x, residual, gain, bias);
  for (std::size_t t = 0; t < tokens; ++t) {
    const auto sum = [&](std::size_t i) { return with_residual ? double{x[t * n + i]} + residual[t * n + i] : double{x[t * n + i]}; };
    double mean = 0;
    double variance = 0;
    for (std::size_t i = 0; i < n; ++i) mean += sum(i) / static_cast<double>(n);
    for (std::size_t i = 0; i < n; ++i) variance += (sum(i) - mean) * (sum(i) - mean) / static_cast<double>(n);
    for (std::size_t i = 0; i < n; ++i) {
      const double exact = (sum(i) - mean) / std::sqrt(variance + 1e-5) * gain[i] + bias[i];
      CHECK_THAT(expected[t * n + i], Catch::Matchers::WithinAbs(exact, 1e-5));
    }
  }
  for (const Kernels* kernels : compiled_kernels().subspan(1)) {
    CAPTURE(kernels->name, n, tokens, with_residual);
    CHECK(bits(norm(*kernels, x, residual, gain, bias)) == bits(expected));
  }
}

TEST_CASE("add_norm_f32 of equal values is the bias") {
  const std::vector<float> x(32, 7.0F);
  const std::vector<float> gain(32, 3.0F);
  std::vector<float> bias = sweep(-1.0F, 1.0F, 31);
  for (const Kernels* kernels : compiled_kernels()) {
    CAPTURE(kernels->name);
    CHECK(norm(*kernels, x, {}, gain, bias) == bias);
  }
}

}  // namespace
}  // namespace aftersense
