// The Embind interface: buffers in, one FlatBuffers Response out. Every method of Engine returns a view of the heap that dies at the
// next call or allocation: copy it at once.
#include <emscripten/bind.h>

#include <string>
#include <utility>

#include "bindings/engine.h"
#include "kernels/kernels.h"

namespace {

using aftersense::AlignedBuffer;
using aftersense::Engine;
using emscripten::allow_raw_pointers;
using emscripten::typed_memory_view;
using emscripten::val;

val to_view(std::span<const std::uint8_t> bytes) { return val(typed_memory_view(bytes.size(), bytes.data())); }

val buffer_view(AlignedBuffer& buffer) { return val(typed_memory_view(buffer.bytes().size(), buffer.bytes().data())); }

// The buffer's bytes move into the engine; what JavaScript still holds is empty.
val load_model(Engine& engine, AlignedBuffer& file) { return to_view(engine.load_model(std::exchange(file, AlignedBuffer()))); }
val load_catalog(Engine& engine, AlignedBuffer& file) { return to_view(engine.load_catalog(std::exchange(file, AlignedBuffer()))); }

template <std::span<const std::uint8_t> (Engine::*kMethod)(const AlignedBuffer&)>
val call(Engine& engine, const AlignedBuffer& request) {
  return to_view((engine.*kMethod)(request));
}

std::string variant() { return std::string(aftersense::active_kernels().name); }

}  // namespace

EMSCRIPTEN_BINDINGS(aftersense) {
  emscripten::register_type<val>("Uint8Array");
  emscripten::class_<AlignedBuffer>("Buffer").constructor<std::size_t>().function("view", &buffer_view);
  emscripten::class_<Engine>("Engine")
      .constructor<>()
      .function("loadModel", &load_model)
      .function("loadCatalog", &load_catalog)
      .function("analyze", &call<&Engine::analyze>)
      .function("buildCatalog", &call<&Engine::build_catalog>)
      .function("listProducts", &call<&Engine::list_products>)
      .function("recommend", &call<&Engine::recommend>);
  emscripten::function("variant", &variant);
}
