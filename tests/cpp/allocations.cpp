// The test program's own operator new, which counts.
#include "allocations.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <new>

namespace {

constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();
std::size_t count = 0;
std::size_t limit_bytes = kNoLimit;

/// nullptr where there is no memory.
void* allocate(std::size_t size_bytes, std::size_t alignment) {
  ++count;
  const std::size_t rounded = (std::max<std::size_t>(size_bytes, 1) + alignment - 1) / alignment * alignment;  // as aligned_alloc wants
  return std::aligned_alloc(alignment, rounded);
}

void* allocate_or_die(std::size_t size_bytes, std::size_t alignment) {
  void* memory = allocate(size_bytes, alignment);
  if (memory == nullptr) std::abort();
  return memory;
}

}  // namespace

namespace aftersense::test {

std::size_t allocations() {
  return count;
}

MemoryLimit::MemoryLimit(std::size_t size_bytes) {
  limit_bytes = size_bytes;
}

MemoryLimit::~MemoryLimit() {
  limit_bytes = kNoLimit;
}

}  // namespace aftersense::test

void* operator new(std::size_t size_bytes) {
  return allocate_or_die(size_bytes, __STDCPP_DEFAULT_NEW_ALIGNMENT__);
}
void* operator new(std::size_t size_bytes, std::align_val_t alignment) {
  return allocate_or_die(size_bytes, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size_bytes, const std::nothrow_t&) noexcept {
  return size_bytes > limit_bytes ? nullptr : allocate(size_bytes, __STDCPP_DEFAULT_NEW_ALIGNMENT__);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}
