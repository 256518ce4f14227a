#include "tasks/neighbours.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace aftersense {
namespace {

constexpr float kGreatestCode = 63.0F;

/// Rows scored at a time: their sums stay in the nearest cache.
constexpr std::size_t kBlock = 512;

struct Query {
  std::vector<std::int8_t> codes;
  float scale;
};

Query quantise_query(std::span<const float> query) {
  Query quantised{std::vector<std::int8_t>(query.size()), 0.0F};
  active_kernels().quantize_f32_i8(query, query.size(), quantised.codes, {&quantised.scale, 1});
  return quantised;
}

Error corrupt(const std::string& what) {
  return {ErrorCode::pack_corrupt, "the vectors are damaged: " + what};
}

}  // namespace

QuantisedRows quantise_rows(std::span<const float> vectors, std::size_t dimensions) {
  QuantisedRows rows;
  rows.codes.reserve(vectors.size());
  for (std::size_t begin = 0; begin < vectors.size(); begin += dimensions) {
    const auto vector = vectors.subspan(begin, dimensions);
    float greatest = 0.0F;
    for (const float value : vector) greatest = std::max(greatest, std::abs(value));
    // Values too small to divide by count as zeros.
    const float multiplier = std::isfinite(kGreatestCode / greatest) ? kGreatestCode / greatest : 0.0F;
    for (const float value : vector) {
      rows.codes.push_back(static_cast<std::uint8_t>(static_cast<int>(std::nearbyint(value * multiplier)) + kWeightZeroPoint));
    }
    rows.scales.push_back(greatest / kGreatestCode);
  }
  return rows;
}

std::vector<float> cut_to_unit(std::span<const float> vector, std::size_t dimensions) {
  std::vector<float> cut(vector.begin(), vector.begin() + static_cast<std::ptrdiff_t>(dimensions));
  double squared = 0;
  for (const float value : cut) squared += static_cast<double>(value) * static_cast<double>(value);
  for (float& value : cut) value = squared > 0 ? static_cast<float>(static_cast<double>(value) / std::sqrt(squared)) : 0.0F;
  return cut;
}

Result<NeighbourIndex> NeighbourIndex::open(std::span<const std::uint8_t> codes, std::span<const float> scales, std::size_t dimensions) {
  if (dimensions == 0 || dimensions % kNeighbourDepth != 0 || dimensions > kMaxNeighbourDepth) {
    return corrupt("they have " + std::to_string(dimensions) + " dimensions");
  }
  if (codes.size() % dimensions != 0 || codes.size() / dimensions != scales.size()) return corrupt("codes and scales differ in number");
  // Without a branch in the loop, so that it runs at the speed of memory. A code of 0 wraps around to 255.
  std::uint8_t greatest = 0;
  for (const std::uint8_t code : codes) greatest = std::max(greatest, static_cast<std::uint8_t>(code - 1));
  if (greatest > 126) return corrupt("a code is not in 1 to 127");
  if (!std::ranges::all_of(scales, [](float scale) { return scale >= 0 && scale <= 1; })) return corrupt("a scale is not in 0 to 1");
  return NeighbourIndex(codes, scales, dimensions);
}

std::vector<Scored> NeighbourIndex::search(std::span<const float> query, std::size_t k, const RowFilter& filter) const {
  const Query quantised = quantise_query(query);
  const Kernels& kernels = active_kernels();
  std::array<std::int32_t, kBlock> sums;
  TopK best(k);
  for (std::size_t begin = 0; begin < size(); begin += kBlock) {
    const std::size_t count = std::min(kBlock, size() - begin);
    kernels.matvec_i8_i32(codes_.subspan(begin * dimensions_, count * dimensions_), quantised.codes, std::span(sums).first(count));
    for (std::size_t i = 0; i < count; ++i) {
      const float score = static_cast<float>(sums[i]) * (scales_[begin + i] * quantised.scale);
      // A row as good as the least is no better: it stands later.
      if (score <= best.least()) continue;
      const auto row = static_cast<std::uint32_t>(begin + i);
      if (!filter || filter(row)) best.offer({row, score});
    }
  }
  return best.take();
}

void NeighbourIndex::score(std::span<const float> query, std::span<float> out) const {
  const Query quantised = quantise_query(query);
  const Kernels& kernels = active_kernels();
  std::array<std::int32_t, kBlock> sums;
  for (std::size_t begin = 0; begin < size(); begin += kBlock) {
    const std::size_t count = std::min(kBlock, size() - begin);
    kernels.matvec_i8_i32(codes_.subspan(begin * dimensions_, count * dimensions_), quantised.codes, std::span(sums).first(count));
    for (std::size_t i = 0; i < count; ++i) out[begin + i] = static_cast<float>(sums[i]) * (scales_[begin + i] * quantised.scale);
  }
}

void NeighbourIndex::add_row(std::uint32_t row, std::span<float> out) const {
  const auto codes = codes_.subspan(row * dimensions_, dimensions_);
  for (std::size_t i = 0; i < dimensions_; ++i) out[i] += static_cast<float>(codes[i] - kWeightZeroPoint) * scales_[row];
}

}  // namespace aftersense
