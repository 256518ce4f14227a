#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "core/aligned_buffer.h"

namespace aftersense {

/// Takes down the windows that the encoder would run, and answers zeros: a text's windows do not depend on what is found in them.
class WindowPlan {
 public:
  explicit WindowPlan(std::size_t features) : features_(features) {}

  std::span<const float> run(std::span<const std::int32_t> tokens) {
    sizes_.push_back(static_cast<std::uint32_t>(tokens.size()));
    tokens_.insert(tokens_.end(), tokens.begin(), tokens.end());
    zeros_.resize(tokens.size() * features_);
    return zeros_;
  }
  [[nodiscard]] const std::vector<std::uint32_t>& sizes() const { return sizes_; }
  /// Of all windows, one after another, each with its begin and end.
  [[nodiscard]] const std::vector<std::int32_t>& tokens() const { return tokens_; }

 private:
  std::size_t features_;
  std::vector<std::uint32_t> sizes_;
  std::vector<std::int32_t> tokens_;
  std::vector<float> zeros_;
};

/// The states of planned windows, as another runtime found them: float32 [tokens][features], the windows one after another.
class WindowStates {
 public:
  WindowStates(AlignedBuffer states, std::size_t features) : states_(std::move(states)), features_(features) {}

  /// The next window's; zeros where too few were given.
  std::span<const float> run(std::span<const std::int32_t> tokens) {
    window_.assign(tokens.size() * features_, 0);
    const std::span<const std::uint8_t> bytes = std::as_const(states_).bytes();
    const std::size_t wanted = window_.size() * sizeof(float);
    if (wanted <= bytes.size() - read_bytes_)
      std::memcpy(window_.data(), bytes.data() + read_bytes_, wanted);
    else
      is_short_ = true;
    read_bytes_ += is_short_ ? 0 : wanted;
    return window_;
  }
  /// Whether there were as many as were asked for.
  [[nodiscard]] bool fit() const { return !is_short_ && read_bytes_ == std::as_const(states_).bytes().size(); }

 private:
  AlignedBuffer states_;
  std::size_t features_;
  std::vector<float> window_;
  std::size_t read_bytes_ = 0;
  bool is_short_ = false;
};

}  // namespace aftersense
