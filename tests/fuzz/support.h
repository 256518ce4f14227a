#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "core/aligned_buffer.h"

namespace aftersense::fuzz {

/// A file as the library gets it. Of exactly its size, so that a read past its end is found.
inline AlignedBuffer to_file(std::span<const std::uint8_t> bytes) {
  AlignedBuffer file(bytes.size());
  std::copy(bytes.begin(), bytes.end(), file.bytes().begin());
  return file;
}

inline std::string_view to_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// What must hold whatever the input; libFuzzer keeps the input for which it does not.
inline void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace aftersense::fuzz
