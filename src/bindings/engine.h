#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "bindings/window_states.h"
#include "core/aligned_buffer.h"
#include "core/result.h"
#include "flatbuffers/flatbuffers.h"
#include "messages_generated.h"
#include "tasks/analyze.h"
#include "tasks/catalog.h"

namespace aftersense {

/// What JavaScript holds: at most one model of each tier and one catalogue, and the last response. Every method writes one Response
/// (messages.fbs) and returns its bytes, which live until the next call. A failed load leaves what was loaded before.
class Engine {
 public:
  /// A pack of either tier, lite first. A new lite model takes the place of both.
  std::span<const std::uint8_t> load_model(AlignedBuffer file);
  std::span<const std::uint8_t> load_catalog(AlignedBuffer file);
  std::span<const std::uint8_t> analyze(const AlignedBuffer& request);
  std::span<const std::uint8_t> embed(const AlignedBuffer& request);
  /// The windows that the base tier would run for such a request, none without it: for another runtime to run.
  std::span<const std::uint8_t> plan_analyze(const AlignedBuffer& request);
  std::span<const std::uint8_t> plan_embed(const AlignedBuffer& request);
  /// What that runtime found: finite float32 [tokens][hidden], for the next analyze() or embed() and no other, which must be of the
  /// request that was planned.
  std::span<const std::uint8_t> load_states(AlignedBuffer states);
  std::span<const std::uint8_t> build_catalog(const AlignedBuffer& request);
  std::span<const std::uint8_t> list_products(const AlignedBuffer& request);
  std::span<const std::uint8_t> recommend(const AlignedBuffer& request);

 private:
  struct LoadedCatalog {
    AlignedBuffer file;
    Catalog catalog;
  };

  template <typename Reply>
  std::span<const std::uint8_t> respond(flatbuffers::Offset<Reply> reply);
  std::span<const std::uint8_t> fail(const Error& error);
  template <typename Model>
  std::span<const std::uint8_t> respond_info(const Model& model);

  [[nodiscard]] std::size_t hidden() const;
  std::vector<float> embed_query(std::string_view query);
  std::span<const std::uint8_t> respond_plan(const WindowPlan& plan);

  std::optional<Analyzer> analyzer_;
  std::optional<WindowStates> states_;
  std::optional<LoadedCatalog> catalog_;
  flatbuffers::FlatBufferBuilder response_;
};

}  // namespace aftersense
