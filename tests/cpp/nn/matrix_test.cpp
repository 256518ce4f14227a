#include "nn/matrix.h"

#include <algorithm>
#include <memory>
#include <random>

#include "catch_amalgamated.hpp"

namespace aftersense {
namespace {

constexpr std::uint32_t kSeed = 11;

/// Unsigned codes and scales, one a vector element, as FORMAT.md means them.
struct Source {
  std::size_t rows;
  std::size_t columns;
  unsigned bits;
  std::vector<unsigned> codes;
  std::vector<std::int8_t> block_scales;
  std::vector<float> row_scales;

  int weight(std::size_t row, std::size_t column) const {
    const int half = 1 << (bits - 1);
    const int code = static_cast<int>(codes[row * columns + column]) - half;
    const int scale = block_scales[(row * columns + column) / 32];
    return std::clamp((code * scale + half) >> bits, -63, 63);
  }
};

Source random_source(std::size_t rows, std::size_t columns, unsigned bits) {
  std::mt19937 random(kSeed + bits);
  Source source{rows, columns, bits, {}, {}, {}};
  std::uniform_int_distribution<unsigned> code(0, (1U << bits) - 1);
  std::uniform_int_distribution<int> scale(-128, 127);
  for (std::size_t i = 0; i < rows * columns; ++i) source.codes.push_back(code(random));
  for (std::size_t i = 0; i < rows * columns / 32; ++i) source.block_scales.push_back(static_cast<std::int8_t>(scale(random)));
  for (std::size_t i = 0; i < rows; ++i) source.row_scales.push_back(0.01F * static_cast<float>(i + 1));
  return source;
}

/// FORMAT.md's bit planes, set bit by bit.
std::vector<std::uint8_t> bit_planes(const Source& source) {
  const std::size_t size = source.codes.size();
  std::vector<std::uint8_t> bytes(size * source.bits / 8);
  const auto set = [&](std::size_t byte, unsigned bit, unsigned value) {
    bytes[byte] = static_cast<std::uint8_t>(bytes[byte] | (value & 1) << bit);
  };
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t block = i / 32;
    const std::size_t element = i % 32;
    for (unsigned bit = 0; bit < source.bits; ++bit) {
      const unsigned value = source.codes[i] >> bit;
      if (source.bits == 8) {
        set(i, bit, value);
      } else if (bit < 4) {
        set(block * 16 + element % 16, element < 16 ? bit : bit + 4, value);
      } else {
        set(size / 2 + (bit - 4) * size / 8 + block * 4 + element / 8, element % 8, value);
      }
    }
  }
  return bytes;
}

schema::MatrixT stored(const Source& source) {
  schema::MatrixT matrix;
  matrix.rows = static_cast<std::uint32_t>(source.rows);
  matrix.columns = static_cast<std::uint32_t>(source.columns);
  matrix.bits = static_cast<std::uint8_t>(source.bits);
  matrix.codes = bit_planes(source);
  matrix.block_scales = source.block_scales;
  matrix.row_scales = source.row_scales;
  return matrix;
}

/// A table on its own, and the bytes that it lies in.
template <typename Table>
class Stored {
 public:
  explicit Stored(const typename Table::NativeTableType& table) { builder_.Finish(Table::Pack(builder_, &table)); }
  const Table& operator*() const { return *flatbuffers::GetRoot<Table>(builder_.GetBufferPointer()); }

 private:
  flatbuffers::FlatBufferBuilder builder_;
};

TEST_CASE("a matrix reads as FORMAT.md says, at every number of bits") {
  const unsigned bits = GENERATE(4U, 5U, 6U, 8U);
  const std::size_t columns = GENERATE(as<std::size_t>{}, 32, 64, 160);
  CAPTURE(bits, columns);
  const Source source = random_source(5, columns, bits);
  const Stored<schema::Matrix> matrix(stored(source));
  const MatrixReader reader(*matrix);
  REQUIRE(reader.rows() == 5);
  REQUIRE(reader.columns() == columns);
  std::vector<std::int8_t> weights(columns);
  std::vector<float> reals(columns);
  for (std::size_t row = 0; row < reader.rows(); ++row) {
    reader.read_weights(row, weights);
    reader.read_reals(row, reals);
    for (std::size_t column = 0; column < columns; ++column) {
      CAPTURE(row, column);
      REQUIRE(weights[column] == source.weight(row, column));
      REQUIRE(reals[column] == static_cast<float>(source.weight(row, column)) * source.row_scales[row]);
    }
  }
}

TEST_CASE("a linear layer multiplies by its matrix, whatever number of rows its last panel has") {
  const std::size_t outputs = GENERATE(as<std::size_t>{}, 1, 7, 8, 9, 33);
  const unsigned bits = GENERATE(4U, 5U, 6U, 8U);
  CAPTURE(outputs, bits);
  constexpr std::size_t kInputs = 64;
  const Source source = random_source(outputs, kInputs, bits);
  schema::LinearT table;
  table.weights = std::make_unique<schema::MatrixT>(stored(source));
  for (std::size_t row = 0; row < outputs; ++row) table.bias.push_back(0.5F - static_cast<float>(row));
  const LinearLayer layer{*Stored<schema::Linear>(table)};
  REQUIRE(layer.outputs() == outputs);
  REQUIRE(layer.inputs() == kInputs);

  std::vector<std::int8_t> x(kInputs);
  for (std::size_t i = 0; i < kInputs; ++i) x[i] = static_cast<std::int8_t>(static_cast<int>(i * 37 % 255) - 127);
  const float scale = 0.25F;
  std::vector<float> out(outputs);
  active_kernels().linear_i8_f32(x, {&scale, 1}, layer.view(), Activation::kNone, out);
  for (std::size_t row = 0; row < outputs; ++row) {
    int sum = 0;
    for (std::size_t i = 0; i < kInputs; ++i) sum += source.weight(row, i) * x[i];
    const float product = static_cast<float>(sum) * (scale * source.row_scales[row]);
    CHECK(out[row] == product + table.bias[row]);
  }
}

}  // namespace
}  // namespace aftersense
