#pragma once

#include <cstddef>
#include <new>

namespace aftersense {

/// Whether there are `size_bytes` more to be had in one piece. A browser may refuse to let WebAssembly's memory grow, and an allocation
/// that fails ends the program: ask before many allocations that come to about so much. Memory that grew for the answer stays.
///
///     if (!reserve_memory(panels_bytes)) return Error{ErrorCode::out_of_memory, "…"};
[[nodiscard]] inline bool reserve_memory(std::size_t size_bytes) {
  void* memory = ::operator new(size_bytes, std::nothrow);
  ::operator delete(memory);
  return memory != nullptr;
}

}  // namespace aftersense
