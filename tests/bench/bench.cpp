// The Embind interface of the bench: buffers in, views of the heap out, which die at the next call. Copy them at once.
#include <emscripten/bind.h>
#include <wasm_simd128.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/aligned_buffer.h"
#include "nn/encoder_model.h"
#include "peak.h"
#include "product.h"
#include "search.h"
#include "text/clean.h"
#include "text/tokenizer.h"
#include "variants.h"

namespace {

using aftersense::AlignedBuffer;
using aftersense::EncodedText;
using aftersense::EncoderModel;
using aftersense::Piece;
using aftersense::Tokenizer;
using aftersense::bench::Product;
using aftersense::bench::Search;
using emscripten::allow_raw_pointers;
using emscripten::typed_memory_view;
using emscripten::val;

template <typename T>
val to_view(std::span<T> values) {
  return val(typed_memory_view(values.size(), values.data()));
}

val buffer_view(AlignedBuffer& buffer) {
  return to_view(buffer.bytes());
}

std::string_view text_of(const AlignedBuffer& buffer, std::size_t size_bytes) {
  return {reinterpret_cast<const char*>(buffer.bytes().data()), size_bytes};
}

/// The base model under one variant: ids in, the logits of all heads out.
class Encoder {
 public:
  /// nullptr for an unknown variant, or what is no base pack.
  static std::unique_ptr<Encoder> load(const std::string& variant, AlignedBuffer& pack) {
    if (!aftersense::bench::use_variant(variant)) return nullptr;
    auto model = EncoderModel::load(std::exchange(pack, AlignedBuffer()));
    return model ? std::unique_ptr<Encoder>(new Encoder(variant, *std::move(model))) : nullptr;
  }

  /// `ids`: `count` numbers of 32 bits, without begin and end. Logits of the heads that judge whole texts, in the order of the pack.
  val run(const AlignedBuffer& ids, std::size_t count) {
    static_cast<void>(aftersense::bench::use_variant(variant_));
    const std::span<const std::int32_t> pieces(reinterpret_cast<const std::int32_t*>(ids.bytes().data()), count);
    const EncodedText text = model_.encode(pieces);
    logits_.clear();
    for (const aftersense::schema::EncoderHead* head : *model_.pack().encoder_heads()) {
      if (head->kind() == aftersense::schema::HeadKind::TokenMarks) {
        marks_ = model_.run_token_head(*head, text);
      } else {
        const std::vector<float> logits = model_.run_head(*head, text);
        logits_.insert(logits_.end(), logits.begin(), logits.end());
      }
    }
    return to_view(std::span(logits_));
  }

  /// The tasks of those heads, separated by spaces.
  [[nodiscard]] std::string tasks() const {
    std::string names;
    for (const aftersense::schema::EncoderHead* head : *model_.pack().encoder_heads()) {
      if (head->kind() != aftersense::schema::HeadKind::TokenMarks) names += (names.empty() ? "" : " ") + head->task()->str();
    }
    return names;
  }
  [[nodiscard]] std::uint32_t begin_id() const { return model_.pack().encoder()->begin_id(); }
  [[nodiscard]] std::uint32_t end_id() const { return model_.pack().encoder()->end_id(); }
  [[nodiscard]] std::uint32_t unknown_id() const { return model_.pack().encoder()->unknown_id(); }
  [[nodiscard]] std::uint32_t window() const { return model_.pack().encoder()->window(); }

  [[nodiscard]] const EncoderModel& model() const { return model_; }

 private:
  Encoder(std::string variant, EncoderModel model) : variant_(std::move(variant)), model_(std::move(model)) {}

  std::string variant_;
  EncoderModel model_;
  std::vector<float> logits_;
  std::vector<float> marks_;
};

/// The tokeniser of an encoder's pack. Must not outlive that encoder.
class PackTokenizer {
 public:
  static std::unique_ptr<PackTokenizer> load(const Encoder& encoder) {
    auto tokenizer = Tokenizer::load(encoder.model().tokenizer_bytes());
    return tokenizer ? std::unique_ptr<PackTokenizer>(new PackTokenizer(*std::move(tokenizer))) : nullptr;
  }

  /// Ids of the first `size_bytes` bytes, which are cleaned UTF-8.
  val encode(const AlignedBuffer& text, std::size_t size_bytes) {
    ids_.clear();
    for (const Piece& piece : tokenizer_.encode(text_of(text, size_bytes))) ids_.push_back(piece.id);
    return to_view(std::span(ids_));
  }

  [[nodiscard]] std::size_t size() const { return tokenizer_.vocabulary_size(); }
  [[nodiscard]] std::string piece(std::int32_t id) const { return std::string(tokenizer_.piece(id)); }
  [[nodiscard]] float score(std::int32_t id) const { return tokenizer_.score(id); }

 private:
  explicit PackTokenizer(Tokenizer tokenizer) : tokenizer_(std::move(tokenizer)) {}

  Tokenizer tokenizer_;
  std::vector<std::int32_t> ids_;
};

std::string clean_text(const std::string& original) {
  return aftersense::clean(original).text;
}

/// Whether the machine has an instruction for the relaxed dot product: without one, the engine makes it of one that saturates pairs of
/// products, here 2 · 127 · 255 (see src/kernels/relaxed.cpp).
bool has_dot() {
#ifdef __wasm_relaxed_simd__
  const volatile std::int8_t x = 127;
  const volatile std::int8_t eight_bits = -1;
  const v128_t sum_i32x4 = wasm_i32x4_relaxed_dot_i8x16_i7x16_add(wasm_i8x16_splat(x), wasm_i8x16_splat(eight_bits), wasm_i32x4_splat(0));
  return wasm_i32x4_extract_lane(sum_i32x4, 0) != 2 * 32'767;
#else
  return false;
#endif
}

double run_peak(const std::string& instruction, std::uint32_t chains, std::uint32_t rounds) {
  return aftersense::bench::run_peak_loop(instruction, {.rounds = rounds, .chains = chains});
}

std::span<const float> floats_of(const AlignedBuffer& buffer) {
  return {reinterpret_cast<const float*>(buffer.bytes().data()), buffer.bytes().size() / sizeof(float)};
}

/// A view of the file, until the next call.
val quantise(const AlignedBuffer& vectors, std::size_t dimensions) {
  static std::vector<std::uint8_t> file;
  file = Search::quantise(floats_of(vectors), dimensions);
  return to_view(std::span(file));
}

/// Searches run under the variant that was chosen last.
std::unique_ptr<Search> load_search(const std::string& variant, AlignedBuffer& file, std::size_t rows, std::size_t dimensions) {
  if (!aftersense::bench::use_variant(variant)) return nullptr;
  return Search::load(std::exchange(file, AlignedBuffer()), rows, dimensions);
}

val run_search(Search& search, const AlignedBuffer& query, std::size_t k) {
  return to_view(search.run(floats_of(query), k));
}

std::unique_ptr<Product> make_product(const std::string& variant, std::size_t outputs, std::size_t inputs, std::size_t tokens) {
  if (!aftersense::bench::use_variant(variant)) return nullptr;
  return std::make_unique<Product>(outputs, inputs, tokens);
}

}  // namespace

EMSCRIPTEN_BINDINGS(aftersense_bench) {
  emscripten::class_<AlignedBuffer>("Buffer").constructor<std::size_t>().function("view", &buffer_view);
  emscripten::class_<Encoder>("Encoder")
      .class_function("load", &Encoder::load)
      .function("run", &Encoder::run)
      .function("tasks", &Encoder::tasks)
      .function("beginId", &Encoder::begin_id)
      .function("endId", &Encoder::end_id)
      .function("unknownId", &Encoder::unknown_id)
      .function("window", &Encoder::window);
  emscripten::class_<PackTokenizer>("Tokenizer")
      .class_function("load", &PackTokenizer::load)
      .function("encode", &PackTokenizer::encode)
      .function("size", &PackTokenizer::size)
      .function("piece", &PackTokenizer::piece)
      .function("score", &PackTokenizer::score);
  emscripten::class_<Product>("Product")
      .class_function("make", &make_product)
      .function("run", &Product::run)
      .function("operations", &Product::operations)
      .function("equalsScalar", &Product::equals_scalar);
  emscripten::class_<Search>("Search").class_function("load", &load_search).function("run", &run_search);
  emscripten::function("quantise", &quantise);
  emscripten::function("clean", &clean_text);
  emscripten::function("hasDot", &has_dot);
  emscripten::function("runPeak", &run_peak);
}
