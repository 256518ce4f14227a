#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/aligned_buffer.h"
#include "kernels/kernels.h"

namespace aftersense::bench {

/// One linear layer over some tokens, with weights and activations of pseudo-random numbers, packed for the variant active at its making.
class Product {
 public:
  Product(std::size_t outputs, std::size_t inputs, std::size_t tokens);

  void run();
  /// Multiplications and additions of run().
  [[nodiscard]] double operations() const;
  /// Whether run() gives the same bits as the scalar kernel does.
  [[nodiscard]] bool equals_scalar();

 private:
  [[nodiscard]] AlignedBuffer pack(const Kernels& kernels) const;
  void multiply(const Kernels& kernels, const AlignedBuffer& panels, std::vector<float>& out) const;

  std::size_t outputs_;
  std::size_t inputs_;
  std::size_t tokens_;
  const Kernels* kernels_;
  std::vector<std::int8_t> weights_;  ///< [outputs][inputs]
  std::vector<float> row_scales_;
  std::vector<float> bias_;
  std::vector<std::int8_t> activations_;  ///< [tokens][inputs]
  std::vector<float> token_scales_;
  AlignedBuffer panels_;
  std::vector<float> result_;  ///< [tokens][outputs]
};

}  // namespace aftersense::bench
