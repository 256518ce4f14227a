#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <iomanip>
#include <span>
#include <sstream>
#include <string>

namespace aftersense::test {

/// The bit patterns of reals as the golden files write them, each with a comma behind it.
inline std::string hex_of(std::span<const float> reals) {
  std::ostringstream out;
  out << std::hex << std::setfill('0');
  for (const float real : reals) out << std::setw(8) << std::bit_cast<std::uint32_t>(real) << ',';
  return out.str();
}

/// A cell of a golden file in the form of hex_of(), its vectors joined.
inline std::string joined(std::string cell) {
  std::ranges::replace(cell, ' ', ',');
  return cell.empty() ? cell : cell + ',';
}

}  // namespace aftersense::test
