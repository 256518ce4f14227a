#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>
#include <span>
#include <vector>

#include "catch_amalgamated.hpp"
#include "kernels/kernels.h"
#include "kernels/support.h"

namespace aftersense {
namespace {

using namespace test;

/// What a variant makes of [tokens][3 · hidden]; what lies behind the result and the scratch is checked.
std::vector<float> run(const Kernels& kernels, std::span<const float> qkv, std::size_t hidden, std::size_t heads) {
  constexpr float kUntouched = -12345.0F;
  const std::size_t tokens = qkv.size() / (3 * hidden);
  const std::size_t scratch_size = attend_scratch_size(tokens, hidden, heads);
  std::vector<float> out(tokens * hidden + 1, kUntouched);
  std::vector<float> scratch(scratch_size + 1, kUntouched);
  kernels.attend_f32(qkv, hidden, heads, std::span(out).first(tokens * hidden), std::span(scratch).first(scratch_size));
  CHECK(out.back() == kUntouched);
  CHECK(scratch.back() == kUntouched);
  out.pop_back();
  return out;
}

/// Attention by its definition, in double precision.
std::vector<double> attend(std::span<const float> qkv, std::size_t hidden, std::size_t heads) {
  const std::size_t tokens = qkv.size() / (3 * hidden);
  const std::size_t dimensions = hidden / heads;
  std::vector<double> out(tokens * hidden);
  for (std::size_t query = 0; query < tokens; ++query) {
    for (std::size_t begin = 0; begin < hidden; begin += dimensions) {
      std::vector<double> weights(tokens);
      for (std::size_t t = 0; t < tokens; ++t) {
        for (std::size_t d = begin; d < begin + dimensions; ++d) {
          weights[t] += double{qkv[query * 3 * hidden + d]} * qkv[t * 3 * hidden + hidden + d];
        }
      }
      const double greatest = *std::ranges::max_element(weights);
      double sum = 0;
      for (double& weight : weights) sum += weight = std::exp(weight - greatest);
      for (std::size_t t = 0; t < tokens; ++t) {
        for (std::size_t d = begin; d < begin + dimensions; ++d) {
          out[query * hidden + d] += weights[t] / sum * qkv[t * 3 * hidden + 2 * hidden + d];
        }
      }
    }
  }
  return out;
}

void check_shape(std::mt19937& random, std::size_t tokens, std::size_t hidden, std::size_t heads, float deviation) {
  CAPTURE(tokens, hidden, heads, deviation, kSeed);
  const std::vector<float> storage = normal(random, tokens * 3 * hidden + 1, deviation);
  const auto qkv = std::span(storage).subspan(1);
  const std::vector<float> expected = run(scalar(), qkv, hidden, heads);
  const std::vector<double> exact = attend(qkv, hidden, heads);
  // A score errs by its size times float32's precision, and a weight by as much again, relative.
  const double tolerance = 1e-5 * deviation * std::max(1.0F, deviation * deviation);
  double error = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) error = std::max(error, std::abs(expected[i] - exact[i]));
  CHECK(error < tolerance);
  for (const Kernels* kernels : compiled_kernels().subspan(1)) {
    CAPTURE(kernels->name);
    CHECK(bits(run(*kernels, qkv, hidden, heads)) == bits(expected));
  }
}

TEST_CASE("attend_f32 is attention, on every variant the same bits, for any number of tokens") {
  std::mt19937 random(kSeed);
  for (std::size_t tokens = 1; tokens <= 70; ++tokens) check_shape(random, tokens, 32, 2, 0.7F);
}

TEST_CASE("attend_f32 is attention, on every variant the same bits, for heads of any size") {
  std::mt19937 random(kSeed);
  const std::size_t heads = GENERATE(as<std::size_t>{}, 1, 2, 4, 8);
  for (const std::size_t tokens : {1U, 6U, 9U, 16U}) check_shape(random, tokens, 64, heads, 0.7F);
}

TEST_CASE("attend_f32 is attention, on every variant the same bits, in the shape of the base model") {
  std::mt19937 random(kSeed);
  check_shape(random, 37, 384, 12, 0.5F);
}

TEST_CASE("attend_f32 is attention, on every variant the same bits, where one score outweighs the rest") {
  std::mt19937 random(kSeed);
  check_shape(random, 13, 32, 2, 6.0F);
}

TEST_CASE("attend_f32 gives the mean of the values where all keys are equal") {
  const std::size_t tokens = GENERATE(as<std::size_t>{}, 1, 2, 4, 8, 16);
  std::vector<float> qkv(tokens * 24, 0.5F);
  for (std::size_t t = 0; t < tokens; ++t) std::fill_n(qkv.begin() + static_cast<std::ptrdiff_t>(t * 24 + 16), 8, static_cast<float>(t));
  for (const Kernels* kernels : compiled_kernels()) {
    CAPTURE(kernels->name, tokens);
    CHECK(run(*kernels, qkv, 8, 1) == std::vector<float>(tokens * 8, static_cast<float>(tokens - 1) / 2));
  }
}

}  // namespace
}  // namespace aftersense
