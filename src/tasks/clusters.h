#pragma once

// Divides products into parts of like ones, none much greater than the mean: spherical k-means over sparse rows (Dhillon and Modha 2001),
// whose last round puts each product to the nearest centre that has room.
//
//     std::vector<std::uint32_t> parts = divide(rows, units, 4000);

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace aftersense {

/// How often each product's terms count. The row of a product is its TF-IDF vector, scaled to unit length.
struct CountedRows {
  std::span<const std::uint32_t> offsets;  ///< row r has the cells offsets[r] to offsets[r + 1]
  std::span<const std::uint32_t> terms;    ///< of each cell; distinct in a row
  std::span<const std::uint8_t> counts;    ///< of each cell, at least 1
  std::span<const float> idf;              ///< of each term
  std::span<const float> unit;             ///< of each row: what its weights are multiplied by to come to unit length
};

/// 1 + ln count, of counts from 1 to 255.
[[nodiscard]] std::span<const float> sublinear_counts();

/// Products that stay together, judged by the first of them.
struct Unit {
  std::uint32_t row;
  std::uint32_t size;
};

/// The part of each unit: `parts` of them at most, numbered from 0, none empty, and none of more than one and a half times the mean, but
/// for a unit that is greater itself and what finds no room. The same input gives the same parts.
[[nodiscard]] std::vector<std::uint32_t> divide(const CountedRows& rows, std::span<const Unit> units, std::uint32_t parts);

}  // namespace aftersense
