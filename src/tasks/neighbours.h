#pragma once

// Exact nearest neighbours by inner product, over vectors stored as rows of 7-bit integers and read in place.
//
//     QuantisedRows stored = quantise_rows(vectors, 128);
//     Result<NeighbourIndex> index = NeighbourIndex::open(stored.codes, stored.scales, 128);
//     if (!index) return index.error();
//     for (const Scored& found : index->search(query, 10)) show(found.row, found.score);

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/result.h"
#include "kernels/kernels.h"
#include "tasks/top_k.h"

namespace aftersense {

/// Dimensions of the vectors are a multiple of the first, by which the query is quantised, and at most the second: every sum of
/// 127 · 63 a dimension is then exact as a float.
inline constexpr std::size_t kNeighbourDepth = kLinearDepth;
inline constexpr std::size_t kMaxNeighbourDepth = kMaxLinearDepth;

/// Vectors as the index wants them.
struct QuantisedRows {
  std::vector<std::uint8_t> codes;  ///< [rows][dimensions], each value a code + kWeightZeroPoint
  std::vector<float> scales;        ///< [rows]
};

/// Symmetric, a row at a time: scale = m / 63 and code = nearbyint(x · (63 / m)), where m = max |x|, so that x ≈ code · scale. A row of
/// zeros has the scale 0. `vectors`: [rows][dimensions], finite.
[[nodiscard]] QuantisedRows quantise_rows(std::span<const float> vectors, std::size_t dimensions);

/// The first `dimensions` numbers of a vector, scaled to unit length; zeros where they have none.
[[nodiscard]] std::vector<float> cut_to_unit(std::span<const float> vector, std::size_t dimensions);

/// Whether a row may be found; empty: every row may. Asked only of rows that score high enough.
using RowFilter = std::function<bool(std::uint32_t row)>;

/// Every row is compared, none is skipped: the result is that of sorting all inner products of the quantised vectors, whatever the
/// instruction set. What int8 loses against float: README.md.
class NeighbourIndex {
 public:
  /// The codes and scales must outlive the index. Errors: pack_corrupt (dimensions, sizes, codes outside [1, 127], scales outside
  /// [0, 1], which those of vectors of unit length are in).
  static Result<NeighbourIndex> open(std::span<const std::uint8_t> codes, std::span<const float> scales, std::size_t dimensions);

  [[nodiscard]] std::size_t size() const { return scales_.size(); }
  [[nodiscard]] std::size_t dimensions() const { return dimensions_; }

  /// The k rows of greatest inner product with the query, best first, ties in the order of the rows; fewer where fewer may be found.
  /// k ≥ 1; the query has dimensions() finite numbers.
  [[nodiscard]] std::vector<Scored> search(std::span<const float> query, std::size_t k, const RowFilter& filter = {}) const;

  /// out[r] = the inner product of the query and row r, as search() has it; out: size() floats.
  void score(std::span<const float> query, std::span<float> out) const;

  /// Adds row r, in floats, to the dimensions() numbers of out.
  void add_row(std::uint32_t row, std::span<float> out) const;

 private:
  NeighbourIndex(std::span<const std::uint8_t> codes, std::span<const float> scales, std::size_t dimensions)
      : codes_(codes), scales_(scales), dimensions_(dimensions) {}

  std::span<const std::uint8_t> codes_;
  std::span<const float> scales_;
  std::size_t dimensions_;
};

}  // namespace aftersense
