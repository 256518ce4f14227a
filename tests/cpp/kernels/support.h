#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "kernels/kernels.h"

namespace aftersense::test {

inline constexpr std::uint32_t kSeed = 20261122;

inline const Kernels& scalar() {
  return *compiled_kernels().front();
}

/// `count` values in [low, high], starting `shift` elements off any alignment.
template <typename T>
struct Shifted {
  std::vector<T> storage;
  std::size_t shift;
  Shifted(std::mt19937& random, std::size_t count, int low, int high, std::size_t shift_by) : storage(count + shift_by), shift(shift_by) {
    std::uniform_int_distribution<int> draw(low, high);
    for (T& value : storage) value = static_cast<T>(draw(random));
  }
  std::span<const T> view() const { return std::span(storage).subspan(shift); }
};

/// `count` normally distributed floats.
inline std::vector<float> normal(std::mt19937& random, std::size_t count, float deviation = 1.0F) {
  std::normal_distribution<float> draw(0.0F, deviation);
  std::vector<float> values(count);
  for (float& value : values) value = draw(random);
  return values;
}

/// The bits of floats, which tell −0 from 0 and one NaN from another.
inline std::vector<std::uint32_t> bits(std::span<const float> values) {
  std::vector<std::uint32_t> result;
  for (const float value : values) result.push_back(std::bit_cast<std::uint32_t>(value));
  return result;
}

}  // namespace aftersense::test
