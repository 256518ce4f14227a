// The Embind interface: buffers in, one FlatBuffers Response out. Every method of Engine returns a view of the heap that dies at the
// next call or allocation: copy it at once.
#include <emscripten/bind.h>

#include <string>
#include <utility>

#include "bindings/engine.h"
#include "kernels/kernels.h"

EMSCRIPTEN_DECLARE_VAL_TYPE(Uint8Array)

namespace {

using aftersense::AlignedBuffer;
using aftersense::Engine;
using emscripten::allow_raw_pointers;
using emscripten::typed_memory_view;
using emscripten::val;

Uint8Array to_view(std::span<const std::uint8_t> bytes) {
  return Uint8Array(val(typed_memory_view(bytes.size(), bytes.data())));
}

Uint8Array buffer_view(AlignedBuffer& buffer) {
  return to_view(buffer.bytes());
}

// The buffer's bytes move into the engine; what JavaScript still holds is empty.
Uint8Array load_model(Engine& engine, AlignedBuffer& file) {
  return to_view(engine.load_model(std::exchange(file, AlignedBuffer())));
}
Uint8Array load_catalog(Engine& engine, AlignedBuffer& file) {
  return to_view(engine.load_catalog(std::exchange(file, AlignedBuffer())));
}
Uint8Array load_shard(Engine& engine, AlignedBuffer& file) {
  return to_view(engine.load_shard(std::exchange(file, AlignedBuffer())));
}
Uint8Array load_states(Engine& engine, AlignedBuffer& states) {
  return to_view(engine.load_states(std::exchange(states, AlignedBuffer())));
}

template <std::span<const std::uint8_t> (Engine::*kMethod)(const AlignedBuffer&)>
Uint8Array call(Engine& engine, const AlignedBuffer& request) {
  return to_view((engine.*kMethod)(request));
}

std::string variant() {
  return std::string(aftersense::active_kernels().name);
}

}  // namespace

EMSCRIPTEN_BINDINGS(aftersense) {
  emscripten::register_type<Uint8Array>("Uint8Array");
  emscripten::class_<AlignedBuffer>("Buffer").constructor<std::size_t>().function("view", &buffer_view);
  emscripten::class_<Engine>("Engine")
      .constructor<>()
      .function("loadModel", &load_model)
      .function("loadCatalog", &load_catalog)
      .function("loadShard", &load_shard)
      .function("dropShards", &call<&Engine::drop_shards>)
      .function("analyze", &call<&Engine::analyze>)
      .function("embed", &call<&Engine::embed>)
      .function("planAnalyze", &call<&Engine::plan_analyze>)
      .function("planEmbed", &call<&Engine::plan_embed>)
      .function("loadStates", &load_states)
      .function("buildCatalog", &call<&Engine::build_catalog>)
      .function("countProducts", &call<&Engine::count_products>)
      .function("planShards", &call<&Engine::plan_shards>)
      .function("writeTermBucket", &call<&Engine::write_term_bucket>)
      .function("route", &call<&Engine::route>)
      .function("listProducts", &call<&Engine::list_products>)
      .function("listOffers", &call<&Engine::list_offers>)
      .function("lookup", &call<&Engine::lookup>)
      .function("recommend", &call<&Engine::recommend>);
  emscripten::function("variant", &variant);
}
