#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <vector>

#include "catch_amalgamated.hpp"
#include "core/aligned_buffer.h"
#include "kernels/kernels.h"
#include "kernels/support.h"
#ifdef __wasm_relaxed_simd__
#include "kernels/relaxed.h"
#endif

namespace aftersense {
namespace {

using namespace test;

/// The variants but the scalar one; relaxed in both its ways, whichever this machine takes.
std::vector<Kernels> other_variants() {
  std::vector<Kernels> variants;
  for (const Kernels* kernels : compiled_kernels().subspan(1)) variants.push_back(*kernels);
#ifdef __wasm_relaxed_simd__
  Kernels& relaxed = variants.back();
  Kernels pairs = relaxed;
  relaxed.name = "relaxed, dot";
  relaxed.linear_i8_f32 = linear_i8_f32_relaxed_dot;
  pairs.name = "relaxed, pairs";
  pairs.linear_i8_f32 = linear_i8_f32_relaxed_pairs;
  variants.push_back(pairs);
#endif
  return variants;
}

/// Weights and what goes with them, before any variant packs them.
struct Layer {
  std::size_t rows;
  std::size_t depth;
  std::vector<std::int8_t> weights;
  std::vector<float> row_scales;
  std::vector<float> bias;
};

/// Tokens as quantize_f32_i8 gives them.
struct Tokens {
  std::vector<std::int8_t> q;
  std::vector<float> scales;
};

Layer random_layer(std::mt19937& random, std::size_t rows, std::size_t depth) {
  Layer layer{rows, depth, Shifted<std::int8_t>(random, rows * depth, -63, 63, 0).storage, normal(random, rows, 0.001F),
              normal(random, rows)};
  for (float& scale : layer.row_scales) scale = std::abs(scale);
  return layer;
}

Tokens random_tokens(std::mt19937& random, std::size_t count, std::size_t depth) {
  Tokens tokens{Shifted<std::int8_t>(random, count * depth, -127, 127, 0).storage, normal(random, count, 0.01F)};
  for (float& scale : tokens.scales) scale = std::abs(scale);
  return tokens;
}

AlignedBuffer pack(const Kernels& kernels, const Layer& layer) {
  AlignedBuffer panels(packed_bytes(layer.rows, layer.depth));
  const std::size_t panel_bytes = kPanelRows * layer.depth;
  for (std::size_t row = 0; row < layer.rows; row += kPanelRows) {
    std::vector<std::int8_t> rows(panel_bytes);
    const std::size_t count = std::min(kPanelRows, layer.rows - row) * layer.depth;
    std::copy_n(layer.weights.begin() + static_cast<std::ptrdiff_t>(row * layer.depth), count, rows.begin());
    kernels.pack_panel(rows, layer.depth, panels.bytes().subspan(row * layer.depth, panel_bytes));
  }
  return panels;
}

/// What a variant makes of a layer. Everything but the panels starts off alignment, and what lies around the result is checked.
std::vector<float> run(const Kernels& kernels, const Layer& layer, const Tokens& tokens, Activation activation) {
  constexpr float kUntouched = -12345.0F;
  const AlignedBuffer panels = pack(kernels, layer);
  const auto shifted = [](const auto& values) {
    auto result = values;
    result.insert(result.begin(), typename std::decay_t<decltype(values)>::value_type{});
    return result;
  };
  const auto q = shifted(tokens.q);
  const auto scales = shifted(tokens.scales);
  const auto row_scales = shifted(layer.row_scales);
  const auto bias = shifted(layer.bias);
  const std::size_t count = tokens.scales.size() * layer.rows;
  std::vector<float> out(count + 2, kUntouched);
  const PackedLinear linear{layer.rows, layer.depth, panels.bytes(), std::span(row_scales).subspan(1), std::span(bias).subspan(1)};
  kernels.linear_i8_f32(std::span(q).subspan(1), std::span(scales).subspan(1), linear, activation, std::span(out).subspan(1, count));
  CHECK(out.front() == kUntouched);
  CHECK(out.back() == kUntouched);
  return {out.begin() + 1, out.end() - 1};
}

/// The greatest error of an output without activation, in units of what float32 can lose in its three roundings.
double greatest_error(const Layer& layer, const Tokens& tokens, std::span<const float> out) {
  double greatest = 0;
  for (std::size_t t = 0; t < tokens.scales.size(); ++t) {
    for (std::size_t r = 0; r < layer.rows; ++r) {
      int sum = 0;
      for (std::size_t i = 0; i < layer.depth; ++i) sum += layer.weights[r * layer.depth + i] * tokens.q[t * layer.depth + i];
      const double product = static_cast<double>(sum) * tokens.scales[t] * layer.row_scales[r];
      const double unit = (std::abs(product) + std::abs(layer.bias[r])) * std::numeric_limits<float>::epsilon();
      greatest = std::max(greatest, std::abs(out[t * layer.rows + r] - (product + layer.bias[r])) / unit);
    }
  }
  return greatest;
}

void check_shape(std::mt19937& random, std::size_t count, std::size_t rows, std::size_t depth) {
  const Layer layer = random_layer(random, rows, depth);
  const Tokens tokens = random_tokens(random, count, depth);
  CAPTURE(count, rows, depth, kSeed);
  const std::vector<float> expected = run(scalar(), layer, tokens, Activation::kNone);
  CHECK(greatest_error(layer, tokens, expected) < 2.0);
  for (const Kernels& kernels : other_variants()) {
    CAPTURE(kernels.name);
    CHECK(bits(run(kernels, layer, tokens, Activation::kNone)) == bits(expected));
  }
}

TEST_CASE("linear_i8_f32 is the product that it says, on every variant the same bits, for any number of tokens") {
  std::mt19937 random(kSeed);
  for (std::size_t count = 1; count <= 70; ++count) check_shape(random, count, 9, 64);
}

TEST_CASE("linear_i8_f32 is the product that it says, on every variant the same bits, for any number of rows") {
  std::mt19937 random(kSeed);
  for (std::size_t rows = 1; rows <= 50; ++rows) check_shape(random, 1 + rows % 6, rows, 96);
  check_shape(random, 7, 384, 384);
}

TEST_CASE("linear_i8_f32 is the product that it says, on every variant the same bits, for any depth") {
  std::mt19937 random(kSeed);
  for (std::size_t depth = kLinearDepth; depth <= kMaxLinearDepth; depth += kLinearDepth)
    check_shape(random, 1 + depth / 32 % 5, 10, depth);
  check_shape(random, 37, 11, 1536);
}

TEST_CASE("linear_i8_f32 with GELU gives the GELU of the product, on every variant the same bits") {
  std::mt19937 random(kSeed);
  CAPTURE(kSeed);
  const auto [count, rows] = GENERATE(table<std::size_t, std::size_t>({{1, 1}, {3, 7}, {5, 16}, {8, 33}, {66, 12}}));
  const Layer layer = random_layer(random, rows, 64);
  const Tokens tokens = random_tokens(random, count, 64);
  const std::vector<float> reals = run(scalar(), layer, tokens, Activation::kNone);
  const std::vector<float> expected = run(scalar(), layer, tokens, Activation::kGelu);
  for (std::size_t i = 0; i < reals.size(); ++i) {
    const double x = reals[i];
    CHECK_THAT(expected[i], Catch::Matchers::WithinAbs(x * 0.5 * (1 + std::erf(x / std::sqrt(2.0))), 2e-6));
  }
  for (const Kernels& kernels : other_variants()) {
    CAPTURE(kernels.name, count, rows);
    CHECK(bits(run(kernels, layer, tokens, Activation::kGelu)) == bits(expected));
  }
}

TEST_CASE("linear_i8_f32 is exact at the ends of its ranges") {
  const auto [q, weight] = GENERATE(table<int, int>({{127, 63}, {127, -63}, {-127, 63}, {-127, -63}, {0, 63}, {127, 0}}));
  const std::size_t depth = kMaxLinearDepth;
  const Layer layer{9, depth, std::vector<std::int8_t>(9 * depth, static_cast<std::int8_t>(weight)), std::vector<float>(9, 1.0F),
                    std::vector<float>(9, 0.0F)};
  const Tokens tokens{std::vector<std::int8_t>(5 * depth, static_cast<std::int8_t>(q)), std::vector<float>(5, 1.0F)};
  const std::vector<float> expected(5 * 9, static_cast<float>(q * weight * static_cast<int>(depth)));
  CAPTURE(q, weight);
  CHECK(run(scalar(), layer, tokens, Activation::kNone) == expected);
  for (const Kernels& kernels : other_variants()) {
    CAPTURE(kernels.name);
    CHECK(run(kernels, layer, tokens, Activation::kNone) == expected);
  }
}

TEST_CASE("a layer's panels take its rows rounded up, and no more") {
  CHECK(packed_bytes(1, 32) == kPanelRows * 32);
  CHECK(packed_bytes(kPanelRows, 384) == kPanelRows * 384);
  CHECK(packed_bytes(kPanelRows + 1, 64) == 2 * kPanelRows * 64);
}

TEST_CASE("quantize_f32_i8 scales the greatest magnitude to 127, and rounds half to even") {
  std::vector<float> x(64, 0.0F);
  const std::vector<float> first = {127.0F, -127.0F, 0.5F, 1.5F, 2.5F, -0.5F, -1.5F, -62.51F, 0.49F};
  std::ranges::copy(first, x.begin());
  x[40] = -0.25F;
  x[63] = 0.125F;
  for (const Kernels* kernels : compiled_kernels()) {
    CAPTURE(kernels->name);
    std::vector<std::int8_t> q(64, 99);
    std::vector<float> scales(2);
    kernels->quantize_f32_i8(x, 32, q, scales);
    CHECK(std::vector<std::int8_t>(q.begin(), q.begin() + 10) == std::vector<std::int8_t>{127, -127, 0, 2, 2, 0, -2, -63, 0, 0});
    CHECK(q[40] == -127);
    CHECK(q[63] == 64);  // 63.5 to even
    CHECK(bits(scales) == bits(std::vector<float>{1.0F, 0.25F / 127.0F}));
  }
}

TEST_CASE("quantize_f32_i8 gives zeros for zeros, and sound codes at both ends of float32") {
  const float greatest = GENERATE(0.0F, std::numeric_limits<float>::denorm_min(), std::numeric_limits<float>::min(), 3.6e-37F, 3.8e-37F,
                                  std::numeric_limits<float>::max());
  std::vector<float> x(32, 0.0F);
  x[3] = greatest;
  x[31] = -greatest;
  x[5] = greatest / 2;
  for (const Kernels* kernels : compiled_kernels()) {
    CAPTURE(kernels->name, greatest);
    std::vector<std::int8_t> q(32, 99);
    std::vector<float> scales(1, -1.0F);
    kernels->quantize_f32_i8(x, 32, q, scales);
    CHECK(scales[0] == greatest / 127.0F);
    CHECK(q[0] == 0);
    CHECK(q[31] == -q[3]);
    CHECK(q[3] == (greatest > 3.7e-37F ? 127 : static_cast<int>(std::nearbyint(greatest * std::numeric_limits<float>::max()))));
  }
}

TEST_CASE("every variant of quantize_f32_i8 gives the scalar one's bits, and codes within half a step") {
  std::mt19937 random(kSeed);
  CAPTURE(kSeed);
  const std::size_t depth = GENERATE(as<std::size_t>{}, 32, 64, 96, 384, 1536);
  const std::size_t count = GENERATE(as<std::size_t>{}, 1, 2, 5);
  const std::vector<float> x = normal(random, count * depth + 1, 3.0F);
  const auto tokens = std::span(x).subspan(1);
  std::vector<std::int8_t> expected(count * depth);
  std::vector<float> expected_scales(count);
  scalar().quantize_f32_i8(tokens, depth, expected, expected_scales);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    CHECK(std::abs(tokens[i] - static_cast<float>(expected[i]) * expected_scales[i / depth]) <= 0.50001F * expected_scales[i / depth]);
  }
  for (const Kernels* kernels : compiled_kernels().subspan(1)) {
    CAPTURE(kernels->name, depth, count);
    std::vector<std::int8_t> q(count * depth + 1, 99);
    std::vector<float> scales(count);
    kernels->quantize_f32_i8(tokens, depth, std::span(q).subspan(1), scales);
    CHECK(q.front() == 99);
    CHECK(std::ranges::equal(std::span(q).subspan(1), expected));
    CHECK(bits(scales) == bits(expected_scales));
  }
}

}  // namespace
}  // namespace aftersense
