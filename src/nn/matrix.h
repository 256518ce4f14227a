#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/aligned_buffer.h"
#include "kernels/kernels.h"
#include "model_pack_generated.h"

namespace aftersense {

/// Columns of a matrix that share a scale.
inline constexpr std::size_t kMatrixBlock = 32;

/// Bytes of the codes of a matrix; `columns` a multiple of kMatrixBlock. In 64 bits, for numbers that are not checked yet.
[[nodiscard]] constexpr std::uint64_t matrix_codes_size(std::uint64_t rows, std::uint64_t columns, unsigned bits) {
  return rows * columns / 8 * bits;
}

/// Reads the rows of a stored matrix (models/FORMAT.md, "Matrices") where they lie. The matrix must have passed the pack's check, and
/// outlive the reader.
///
///     MatrixReader tokens(*encoder.tokens());
///     tokens.read_reals(id, vector);
class MatrixReader {
 public:
  explicit MatrixReader(const schema::Matrix& matrix);

  [[nodiscard]] std::size_t rows() const { return row_scales_.size(); }
  [[nodiscard]] std::size_t columns() const { return columns_; }

  /// Weights of a row, in [-63, 63], into `out` [columns].
  void read_weights(std::size_t row, std::span<std::int8_t> out) const;
  /// Real values of a row into `out` [columns].
  void read_reals(std::size_t row, std::span<float> out) const;

 private:
  void read_block(std::size_t row, std::size_t block, std::span<std::int8_t, kMatrixBlock> out) const;

  std::size_t columns_;
  unsigned bits_;
  std::span<const std::uint8_t> codes_;
  std::span<const std::int8_t> block_scales_;
  std::span<const float> row_scales_;
};

/// A linear layer in the layout that the kernels multiply. Keeps nothing of the pack it was made from.
class LinearLayer {
 public:
  explicit LinearLayer(const schema::Linear& stored);

  [[nodiscard]] PackedLinear view() const;
  [[nodiscard]] std::size_t outputs() const { return bias_.size(); }
  [[nodiscard]] std::size_t inputs() const { return inputs_; }
  [[nodiscard]] std::size_t size_bytes() const;

 private:
  std::size_t inputs_;
  AlignedBuffer panels_;
  std::vector<float> row_scales_;
  std::vector<float> bias_;
};

}  // namespace aftersense
