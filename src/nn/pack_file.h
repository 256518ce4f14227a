#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/result.h"
#include "model_pack_generated.h"

namespace aftersense {

inline constexpr std::uint32_t kModelPackVersion = 1;

/// Opens a model pack of either tier in place: identifier, verifier, version, and the fields that the tiers share.
/// Errors: pack_truncated, pack_wrong_type, pack_wrong_version, pack_corrupt.
[[nodiscard]] Result<const schema::ModelPack*> open_model_pack(std::span<const std::uint8_t> file);

/// The calibration of a task for a language ("zh", "en", "other"), or nullptr.
[[nodiscard]] const schema::Calibration* find_calibration(const schema::ModelPack& pack, std::string_view task, std::string_view language);

/// The error of a pack whose field `where` is wrong.
[[nodiscard]] Error corrupt_pack(std::string_view where, std::string_view what);

/// The elements of a vector that the pack may lack.
template <typename T>
std::span<const T> view(const flatbuffers::Vector<T>* vector) {
  return vector == nullptr ? std::span<const T>{} : std::span<const T>{vector->data(), vector->size()};
}

template <typename Vector>
std::size_t size_of(const Vector* vector) {
  return vector == nullptr ? 0 : vector->size();
}

[[nodiscard]] inline bool is_scale(float value) {
  return std::isfinite(value) && value > 0.0F;
}

[[nodiscard]] inline bool all_finite(const flatbuffers::Vector<float>* values) {
  for (const float value : view(values)) {
    if (!std::isfinite(value)) return false;
  }
  return true;
}

/// What is wrong with the calibrations, or nothing. Each must belong to one of `heads`, which have been checked.
template <typename Head>
std::optional<Error> check_calibrations(const schema::ModelPack& pack, const flatbuffers::Vector<flatbuffers::Offset<Head>>& heads) {
  if (pack.calibrations() == nullptr) return std::nullopt;
  for (const schema::Calibration* calibration : *pack.calibrations()) {
    const auto head = std::ranges::find(heads, calibration->task()->string_view(), [](const Head* h) { return h->task()->string_view(); });
    if (head == heads.end()) return corrupt_pack("calibration.task", "names no head");
    if (size_of(calibration->bias()) != size_of(head->labels())) return corrupt_pack("calibration.bias", "has the wrong size");
    if (!all_finite(calibration->bias())) return corrupt_pack("calibration.bias", "is not finite");
    if (!is_scale(calibration->temperature())) return corrupt_pack("calibration.temperature", "is not positive and finite");
  }
  return std::nullopt;
}

}  // namespace aftersense
