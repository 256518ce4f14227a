#include "nn/matrix.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "nn/pack_file.h"

namespace aftersense {
namespace {

constexpr unsigned kLowBits = 4;    // of a code, kept in the nibble plane
constexpr int kLargestWeight = 63;  // as the kernels want

using Codes = std::array<std::uint8_t, kMatrixBlock>;  // unsigned, one a byte

/// Bit k of `byte` becomes byte k of the word: 0 or 1.
std::uint64_t spread_bits(std::uint8_t byte) {
  const std::uint64_t picked = (byte * 0x0101010101010101U) & 0x8040201008040201U;
  return ((picked + 0x7F7F7F7F7F7F7F7FU) >> 7) & 0x0101010101010101U;  // every byte of `picked` has at most one bit: nothing carries
}

void read_nibbles(std::span<const std::uint8_t, kMatrixBlock / 2> bytes, Codes& codes) {
  for (std::size_t j = 0; j < bytes.size(); ++j) {
    codes[j] = bytes[j] & 15;
    codes[j + bytes.size()] = bytes[j] >> 4;
  }
}

/// Adds bit `bit` of 32 codes. WebAssembly and the machines that we build for are little-endian: byte k of a word is element k.
void add_bit_plane(std::span<const std::uint8_t, kMatrixBlock / 8> bytes, unsigned bit, Codes& codes) {
  for (std::size_t j = 0; j < bytes.size(); ++j) {
    std::uint64_t word;
    std::memcpy(&word, &codes[8 * j], sizeof word);
    word |= spread_bits(bytes[j]) << bit;
    std::memcpy(&codes[8 * j], &word, sizeof word);
  }
}

/// 16-bit arithmetic is exact, |code · scale| ≤ 2¹⁴, and lets the compiler keep eight lanes.
void scale_codes(const Codes& codes, unsigned bits, std::int8_t scale, std::span<std::int8_t, kMatrixBlock> out) {
  const auto half = static_cast<std::int16_t>(1 << (bits - 1));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto code = static_cast<std::int16_t>(codes[i] - half);
    const auto sum = static_cast<std::int16_t>(code * scale + half);
    const auto weight = static_cast<std::int16_t>(sum >> bits);
    out[i] = static_cast<std::int8_t>(std::clamp<std::int16_t>(weight, -kLargestWeight, kLargestWeight));
  }
}

}  // namespace

MatrixReader::MatrixReader(const schema::Matrix& matrix)
    : columns_(matrix.columns()),
      bits_(matrix.bits()),
      codes_(view(matrix.codes())),
      block_scales_(view(matrix.block_scales())),
      row_scales_(view(matrix.row_scales())) {}

void MatrixReader::read_block(std::size_t row, std::size_t block, std::span<std::int8_t, kMatrixBlock> out) const {
  const std::size_t blocks = columns_ / kMatrixBlock;
  const std::size_t at = row * blocks + block;
  Codes codes;
  if (bits_ == 8) {
    std::ranges::copy(codes_.subspan(at * kMatrixBlock, kMatrixBlock), codes.begin());
  } else {
    read_nibbles(codes_.subspan(at * (kMatrixBlock / 2)).first<kMatrixBlock / 2>(), codes);
    const std::size_t plane_size = rows() * columns_ / 8;  // of one bit; the nibbles take four such
    for (unsigned bit = kLowBits; bit < bits_; ++bit) {
      add_bit_plane(codes_.subspan(bit * plane_size + at * (kMatrixBlock / 8)).first<kMatrixBlock / 8>(), bit, codes);
    }
  }
  scale_codes(codes, bits_, block_scales_[at], out);
}

void MatrixReader::read_weights(std::size_t row, std::span<std::int8_t> out) const {
  for (std::size_t block = 0; block < columns_ / kMatrixBlock; ++block) {
    read_block(row, block, out.subspan(block * kMatrixBlock).first<kMatrixBlock>());
  }
}

void MatrixReader::read_reals(std::size_t row, std::span<float> out) const {
  std::array<std::int8_t, kMatrixBlock> weights;
  for (std::size_t block = 0; block < columns_ / kMatrixBlock; ++block) {
    read_block(row, block, weights);
    for (std::size_t i = 0; i < kMatrixBlock; ++i) out[block * kMatrixBlock + i] = static_cast<float>(weights[i]) * row_scales_[row];
  }
}

LinearLayer::LinearLayer(const schema::Linear& stored)
    : inputs_(stored.weights()->columns()),
      panels_(packed_bytes(stored.weights()->rows(), inputs_)),
      row_scales_(stored.weights()->row_scales()->begin(), stored.weights()->row_scales()->end()),
      bias_(stored.bias()->begin(), stored.bias()->end()) {
  const MatrixReader reader(*stored.weights());
  const std::size_t panel_size = packed_bytes(kPanelRows, inputs_);
  std::vector<std::int8_t> rows(kPanelRows * inputs_);
  for (std::size_t first = 0; first < outputs(); first += kPanelRows) {
    const std::size_t count = std::min(kPanelRows, outputs() - first);
    for (std::size_t row = 0; row < count; ++row) {
      reader.read_weights(first + row, std::span(rows).subspan(row * inputs_, inputs_));
    }
    std::ranges::fill(std::span(rows).subspan(count * inputs_), 0);
    active_kernels().pack_panel(rows, inputs_, panels_.bytes().subspan(first / kPanelRows * panel_size, panel_size));
  }
}

PackedLinear LinearLayer::view() const {
  return {.rows = outputs(), .depth = inputs_, .panels = panels_.bytes(), .row_scales = row_scales_, .bias = bias_};
}

std::size_t LinearLayer::size_bytes() const {
  return panels_.bytes().size() + (row_scales_.size() + bias_.size()) * sizeof(float);
}

}  // namespace aftersense
