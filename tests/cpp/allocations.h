#pragma once

#include <cstddef>

namespace aftersense::test {

/// How often operator new has been called since the program began.
[[nodiscard]] std::size_t allocations();

/// For as long as it lives, memory of more than so many bytes is refused to operator new that does not throw, as it is where a browser does
/// not let memory grow.
class MemoryLimit {
 public:
  explicit MemoryLimit(std::size_t size_bytes);
  ~MemoryLimit();
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;
};

}  // namespace aftersense::test
