#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "core/aligned_buffer.h"

namespace aftersense::test {

/// The bytes of a file of the project; empty where it is missing.
inline std::string read_text(std::string_view path) {
  std::ifstream file(std::string(AFTERSENSE_ROOT "/") + std::string(path), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline AlignedBuffer to_buffer(std::string_view bytes) {
  AlignedBuffer buffer(bytes.size());
  bytes.copy(reinterpret_cast<char*>(buffer.bytes().data()), bytes.size());
  return buffer;
}

/// Cells of one line of a tab-separated file.
inline std::vector<std::string> split(std::string_view line, char separator) {
  std::vector<std::string> cells;
  for (std::size_t begin = 0;;) {
    const std::size_t end = line.find(separator, begin);
    cells.emplace_back(line.substr(begin, end - begin));
    if (end == std::string_view::npos) return cells;
    begin = end + 1;
  }
}

}  // namespace aftersense::test
