#include <wasm_simd128.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "kernels/float_simd.h"
#include "kernels/simd128.h"

// One head at a time. Its keys and values are laid out anew in the scratch: keys as [token / 8][dimension][8], so that four keys fill the
// lanes of a score, values as [dimension / 8][token][8], so that four dimensions fill the lanes of an output. Four queries × eight keys or
// dimensions are a register block. Keys are filled up to a multiple of eight with zeros, which get the weight 0.

namespace aftersense {
namespace {

constexpr std::size_t kBlockQueries = 4;
constexpr std::size_t kBlockColumns = 8;
static_assert(kBlockColumns == kHeadDimensions);

struct Head {
  const float* queries;  ///< of the first token; one token is 3 · hidden floats
  float* out;            ///< of the first token; one token is `hidden` floats
  std::size_t hidden;
  std::size_t dimensions;
  std::size_t tokens;
  std::size_t padded_tokens;
  float* keys;
  float* values;
  float* scores;  ///< [kBlockQueries][padded_tokens]
};

void lay_out(const Head& head) {
  const float* key = head.queries + head.hidden;
  const float* value = key + head.hidden;
  for (std::size_t t = 0; t < head.tokens; ++t, key += 3 * head.hidden, value += 3 * head.hidden) {
    float* column = head.keys + t / kBlockColumns * kBlockColumns * head.dimensions + t % kBlockColumns;
    for (std::size_t d = 0; d < head.dimensions; ++d) column[d * kBlockColumns] = key[d];
    for (std::size_t d = 0; d < head.dimensions; d += kBlockColumns) {
      std::copy_n(value + d, kBlockColumns, head.values + d * head.padded_tokens + t * kBlockColumns);
    }
  }
  for (std::size_t t = head.tokens; t < head.padded_tokens; ++t) {
    float* column = head.keys + t / kBlockColumns * kBlockColumns * head.dimensions + t % kBlockColumns;
    for (std::size_t d = 0; d < head.dimensions; ++d) column[d * kBlockColumns] = 0.0F;
  }
}

/// Rows of numbers, `stride` apart.
template <typename Number>
struct Rows {
  Number* first;
  std::size_t stride;
};

/// out[i][c] = Σ_k left[i][k] · panels[c / kBlockColumns][k][c % kBlockColumns], in order of k < depth. `panel_depth` is how many k a panel
/// has room for.
template <std::size_t kRows>
void multiply_panels(Rows<const float> left, const float* panels, std::size_t panel_depth, std::size_t depth, Rows<float> out,
                     std::size_t columns) {
  for (std::size_t c = 0; c < columns; c += kBlockColumns) {
    v128_t low_f32x4[kRows];
    v128_t high_f32x4[kRows];
    for (std::size_t i = 0; i < kRows; ++i) low_f32x4[i] = high_f32x4[i] = splat(0.0F);
    const float* panel = panels + c * panel_depth;
    for (std::size_t k = 0; k < depth; ++k, panel += kBlockColumns) {
      const v128_t panel_low_f32x4 = wasm_v128_load(panel);
      const v128_t panel_high_f32x4 = wasm_v128_load(panel + 4);
      for (std::size_t i = 0; i < kRows; ++i) {
        const v128_t left_f32x4 = wasm_v128_load32_splat(left.first + i * left.stride + k);
        low_f32x4[i] = wasm_f32x4_add(low_f32x4[i], wasm_f32x4_mul(left_f32x4, panel_low_f32x4));
        high_f32x4[i] = wasm_f32x4_add(high_f32x4[i], wasm_f32x4_mul(left_f32x4, panel_high_f32x4));
      }
    }
    for (std::size_t i = 0; i < kRows; ++i) {
      wasm_v128_store(out.first + i * out.stride + c, low_f32x4[i]);
      wasm_v128_store(out.first + i * out.stride + c + 4, high_f32x4[i]);
    }
  }
}

/// scores[i][t] = query i · key t.
template <std::size_t kQueries>
void score(const Head& head, const float* queries) {
  multiply_panels<kQueries>({queries, 3 * head.hidden}, head.keys, head.dimensions, head.dimensions, {head.scores, head.padded_tokens},
                            head.padded_tokens);
}

/// Scores of each query to their softmax, in place; scores of no key to 0.
template <std::size_t kQueries>
void softmax(const Head& head) {
  const auto at = [&](std::size_t i, std::size_t t) { return head.scores + i * head.padded_tokens + t; };
  const v128_t tokens_i32x4 = wasm_i32x4_splat(static_cast<std::int32_t>(head.tokens));
  v128_t greatest_f32x4[kQueries];
  v128_t sums_f32x4[kQueries];
  for (std::size_t i = 0; i < kQueries; ++i) {
    std::fill(at(i, head.tokens), at(i, head.padded_tokens), -std::numeric_limits<float>::max());
    greatest_f32x4[i] = splat(-std::numeric_limits<float>::max());
    sums_f32x4[i] = splat(0.0F);
  }
  for (std::size_t t = 0; t < head.padded_tokens; t += 4) {
    for (std::size_t i = 0; i < kQueries; ++i) greatest_f32x4[i] = wasm_f32x4_pmax(greatest_f32x4[i], wasm_v128_load(at(i, t)));
  }
  for (v128_t& greatest : greatest_f32x4) greatest = spread_greatest(greatest);
  for (std::size_t t = 0; t < head.padded_tokens; t += 4) {
    v128_t e_f32x4[kQueries];
    for (std::size_t i = 0; i < kQueries; ++i) e_f32x4[i] = wasm_f32x4_sub(wasm_v128_load(at(i, t)), greatest_f32x4[i]);
    exp_nonpositive(e_f32x4);
    const v128_t t_i32x4 = wasm_i32x4_splat(static_cast<std::int32_t>(t));
    const v128_t inside_i32x4 = wasm_i32x4_lt(wasm_i32x4_add(t_i32x4, wasm_i32x4_const(0, 1, 2, 3)), tokens_i32x4);
    for (std::size_t i = 0; i < kQueries; ++i) {
      e_f32x4[i] = wasm_v128_and(e_f32x4[i], inside_i32x4);
      sums_f32x4[i] = wasm_f32x4_add(sums_f32x4[i], e_f32x4[i]);
      wasm_v128_store(at(i, t), e_f32x4[i]);
    }
  }
  for (v128_t& sum_f32x4 : sums_f32x4) sum_f32x4 = splat(1.0F / join_lanes(sum_f32x4));
  for (std::size_t t = 0; t < head.padded_tokens; t += 4) {
    for (std::size_t i = 0; i < kQueries; ++i) wasm_v128_store(at(i, t), wasm_f32x4_mul(wasm_v128_load(at(i, t)), sums_f32x4[i]));
  }
}

/// out[i] = Σ_t scores[i][t] · value t.
template <std::size_t kQueries>
void mix(const Head& head, float* out) {
  multiply_panels<kQueries>({head.scores, head.padded_tokens}, head.values, head.padded_tokens, head.tokens, {out, head.hidden},
                            head.dimensions);
}

template <std::size_t kQueries>
void attend_queries(const Head& head, std::size_t first) {
  score<kQueries>(head, head.queries + first * 3 * head.hidden);
  softmax<kQueries>(head);
  mix<kQueries>(head, head.out + first * head.hidden);
}

}  // namespace

void attend_f32_simd128(std::span<const float> qkv, std::size_t hidden, std::size_t heads, std::span<float> out, std::span<float> scratch) {
  Head head{};
  head.hidden = hidden;
  head.dimensions = hidden / heads;
  head.tokens = out.size() / hidden;
  head.padded_tokens = (head.tokens + kBlockColumns - 1) / kBlockColumns * kBlockColumns;
  head.keys = scratch.data();
  head.values = head.keys + head.padded_tokens * head.dimensions;
  head.scores = head.values + head.padded_tokens * head.dimensions;
  for (std::size_t begin = 0; begin < hidden; begin += head.dimensions) {
    head.queries = &qkv[begin];
    head.out = &out[begin];
    lay_out(head);
    std::size_t t = 0;
    for (; t + kBlockQueries <= head.tokens; t += kBlockQueries) attend_queries<kBlockQueries>(head, t);
    switch (head.tokens - t) {
      case 3:
        attend_queries<3>(head, t);
        break;
      case 2:
        attend_queries<2>(head, t);
        break;
      case 1:
        attend_queries<1>(head, t);
        break;
      default:
        break;
    }
  }
}

}  // namespace aftersense
