#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

#include "core/error.h"

namespace aftersense {

/// Why a call failed: a stable code and a sentence that says what to do.
struct Error {
  ErrorCode code;
  std::string message;
};

/// A value or an Error. Fallible functions return it; nothing in the library throws.
///
///     Result<Model> model = Model::load(bytes);
///     if (!model) return model.error();
///     use(*model);
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit by design
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit by design

  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() & { return *std::get_if<0>(&state_); }
  const T& operator*() const& { return *std::get_if<0>(&state_); }
  T&& operator*() && { return std::move(*std::get_if<0>(&state_)); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }
  const Error& error() const { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Error> state_;
};

}  // namespace aftersense
