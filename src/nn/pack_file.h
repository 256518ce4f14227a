#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

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

// The real numbers of a pack have bounds, so that no product or quotient of them overflows; NaN is in no range.
inline constexpr float kMaxReal = 1024;
inline constexpr float kMinScale = 1e-9F;
inline constexpr std::string_view kOutOfReals = "leaves [-1024, 1024]";
inline constexpr std::string_view kOutOfScales = "leaves [1e-9, 1024]";

[[nodiscard]] inline bool is_real(float value) {
  return std::abs(value) <= kMaxReal;
}

/// A factor other than 0: of weights, or the temperature of a calibration.
[[nodiscard]] inline bool is_scale(float value) {
  return value >= kMinScale && value <= kMaxReal;
}

[[nodiscard]] inline bool all_real(const flatbuffers::Vector<float>* values) {
  return std::ranges::all_of(view(values), is_real);
}

[[nodiscard]] inline bool all_scales(const flatbuffers::Vector<float>* values) {
  return std::ranges::all_of(view(values), is_scale);
}

/// Whether no two of the elements are the same by `key`.
template <typename Element, typename Key>
bool all_different(const flatbuffers::Vector<flatbuffers::Offset<Element>>& elements, const Key& key) {
  std::set<std::invoke_result_t<Key, const Element&>> seen;
  return std::ranges::all_of(elements, [&](const Element* element) { return seen.insert(key(*element)).second; });
}

/// What is wrong with the names of the heads, or nothing: each judges a task of its own.
template <typename Head>
std::optional<Error> check_tasks(const flatbuffers::Vector<flatbuffers::Offset<Head>>& heads) {
  if (all_different(heads, [](const Head& head) { return head.task()->string_view(); })) return std::nullopt;
  return corrupt_pack("heads", "name a task twice");
}

/// What is wrong with the calibrations, or nothing. Each must belong to one of `heads`, which have been checked.
template <typename Head>
std::optional<Error> check_calibrations(const schema::ModelPack& pack, const flatbuffers::Vector<flatbuffers::Offset<Head>>& heads) {
  if (pack.calibrations() == nullptr) return std::nullopt;
  for (const schema::Calibration* calibration : *pack.calibrations()) {
    const auto head = std::ranges::find(heads, calibration->task()->string_view(), [](const Head* h) { return h->task()->string_view(); });
    if (head == heads.end()) return corrupt_pack("calibration.task", "names no head");
    if (size_of(calibration->bias()) != size_of(head->labels())) return corrupt_pack("calibration.bias", "has the wrong size");
    if (!all_real(calibration->bias())) return corrupt_pack("calibration.bias", kOutOfReals);
    if (!is_scale(calibration->temperature())) return corrupt_pack("calibration.temperature", kOutOfScales);
    if (!is_real(calibration->lite_factor())) return corrupt_pack("calibration.lite_factor", kOutOfReals);
  }
  const auto name = [](const schema::Calibration& each) { return std::pair(each.task()->string_view(), each.language()->string_view()); };
  if (!all_different(*pack.calibrations(), name)) return corrupt_pack("calibrations", "name a task and language twice");
  return std::nullopt;
}

}  // namespace aftersense
