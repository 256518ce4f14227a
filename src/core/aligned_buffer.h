#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <utility>

namespace aftersense {

/// Owns bytes that start on a 16-byte boundary, as SIMD loads and FlatBuffers with force_align want them. Moves, never copies.
///
///     AlignedBuffer file(size_bytes);
///     std::ranges::copy(bytes, file.bytes().begin());
class AlignedBuffer {
 public:
  static constexpr std::size_t kAlignment = 16;

  AlignedBuffer() = default;
  explicit AlignedBuffer(std::size_t size_bytes)
      : data_(static_cast<std::uint8_t*>(::operator new(size_bytes, std::align_val_t{kAlignment}))), size_bytes_(size_bytes) {}
  AlignedBuffer(AlignedBuffer&& other) noexcept : data_(std::move(other.data_)), size_bytes_(std::exchange(other.size_bytes_, 0)) {}
  AlignedBuffer& operator=(AlignedBuffer&& other) noexcept {
    data_ = std::move(other.data_);
    size_bytes_ = std::exchange(other.size_bytes_, 0);
    return *this;
  }

  [[nodiscard]] std::span<std::uint8_t> bytes() { return {data_.get(), size_bytes_}; }
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {data_.get(), size_bytes_}; }

 private:
  struct Free {
    void operator()(std::uint8_t* data) const { ::operator delete(data, std::align_val_t{kAlignment}); }
  };
  std::unique_ptr<std::uint8_t, Free> data_;
  std::size_t size_bytes_ = 0;
};

}  // namespace aftersense
