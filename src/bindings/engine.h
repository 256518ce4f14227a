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
#include "tasks/catalog_set.h"
#include "tasks/shards.h"

namespace aftersense {

/// What JavaScript holds: at most one model of each tier, one catalogue or the shards of one, and the last response. Every method writes
/// one Response (messages.fbs) and returns its bytes, which live until the next call. A failed load leaves what was loaded before.
class Engine {
 public:
  /// A pack of either tier, lite first. A new lite model takes the place of both.
  std::span<const std::uint8_t> load_model(AlignedBuffer file);
  /// Takes the place of all that were loaded.
  std::span<const std::uint8_t> load_catalog(AlignedBuffer file);
  /// One more catalogue file: all that are loaded answer as one.
  std::span<const std::uint8_t> load_shard(AlignedBuffer file);
  /// Those at the places of a DropShardsRequest, in the order of loading.
  std::span<const std::uint8_t> drop_shards(const AlignedBuffer& request);
  std::span<const std::uint8_t> analyze(const AlignedBuffer& request);
  std::span<const std::uint8_t> embed(const AlignedBuffer& request);
  /// The windows that the base tier would run for such a request, none without it: for another runtime to run.
  std::span<const std::uint8_t> plan_analyze(const AlignedBuffer& request);
  std::span<const std::uint8_t> plan_embed(const AlignedBuffer& request);
  /// What that runtime found: finite float32 [tokens][features], for the next analyze() or embed() and no other, which must be of the
  /// request that was planned.
  std::span<const std::uint8_t> load_states(AlignedBuffer states);
  std::span<const std::uint8_t> build_catalog(const AlignedBuffer& request);
  /// Products of a BuildCatalogRequest, for a catalogue of shards, batch after batch; one without products forgets those before.
  std::span<const std::uint8_t> count_products(const AlignedBuffer& request);
  /// Which shard each of them goes into. Shards are then built by build_catalog(), their routes by write_term_bucket().
  std::span<const std::uint8_t> plan_shards(const AlignedBuffer& request);
  std::span<const std::uint8_t> write_term_bucket(const AlignedBuffer& request);
  /// What to look for in shards that are not loaded.
  std::span<const std::uint8_t> route(const AlignedBuffer& request);
  std::span<const std::uint8_t> list_products(const AlignedBuffer& request);
  /// All of them; there is nothing to ask for, so that the request is not read.
  std::span<const std::uint8_t> list_offers(const AlignedBuffer& request);
  std::span<const std::uint8_t> lookup(const AlignedBuffer& request);
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

  [[nodiscard]] std::size_t features() const;
  /// Of a text by a model of that name and version; empty where it is not loaded.
  std::vector<float> embed_text(std::string_view text, std::string_view model);
  static Result<LoadedCatalog> open_catalog(AlignedBuffer file);
  [[nodiscard]] CatalogSet products() const;
  [[nodiscard]] CatalogSet articles() const;
  std::span<const std::uint8_t> respond_catalogs();
  std::span<const std::uint8_t> respond_plan(const WindowPlan& plan);

  std::optional<Analyzer> analyzer_;
  std::optional<WindowStates> states_;
  std::vector<LoadedCatalog> catalogs_;  ///< in the order of loading
  ShardPlanner planner_;
  std::optional<ShardPlan> plan_;  ///< of the planner
  flatbuffers::FlatBufferBuilder response_;
};

}  // namespace aftersense
