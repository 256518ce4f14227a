#include "nn/encoder_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include "core/memory.h"
#include "nn/encoder_model_check.h"
#include "nn/pack_file.h"

namespace aftersense {
namespace {

std::unique_ptr<schema::LinearT> no_weights() {
  auto linear = std::make_unique<schema::LinearT>();
  linear->weights = std::make_unique<schema::MatrixT>();
  return linear;
}

/// A pack like `stored`, without the weights of its layers and heads.
AlignedBuffer without_weights(const schema::ModelPack& stored) {
  const schema::TransformerEncoder& stored_encoder = *stored.encoder();
  schema::ModelPackT pack;
  pack.format_version = stored.format_version();
  pack.name = stored.name()->str();
  pack.version = stored.version()->str();
  pack.tier = stored.tier()->str();
  pack.max_bytes = stored.max_bytes();
  pack.tokenizer.assign(stored.tokenizer()->begin(), stored.tokenizer()->end());
  for (const schema::EncoderHead* head : *stored.encoder_heads()) {
    schema::EncoderHeadT& copy = *pack.encoder_heads.emplace_back(head->UnPack());
    copy.linear = no_weights();
  }
  if (stored.calibrations() != nullptr) {
    for (const schema::Calibration* calibration : *stored.calibrations()) pack.calibrations.emplace_back(calibration->UnPack());
  }
  pack.encoder = std::make_unique<schema::TransformerEncoderT>();
  schema::TransformerEncoderT& encoder = *pack.encoder;
  encoder.hidden = stored_encoder.hidden();
  encoder.attention_heads = stored_encoder.attention_heads();
  encoder.feed_forward = stored_encoder.feed_forward();
  encoder.epsilon = stored_encoder.epsilon();
  encoder.begin_id = stored_encoder.begin_id();
  encoder.end_id = stored_encoder.end_id();
  encoder.unknown_id = stored_encoder.unknown_id();
  encoder.window = stored_encoder.window();
  encoder.overlap = stored_encoder.overlap();
  encoder.tokens.reset(stored_encoder.tokens()->UnPack());
  encoder.positions.reset(stored_encoder.positions()->UnPack());
  encoder.embedding_norm.reset(stored_encoder.embedding_norm()->UnPack());
  encoder.pooled.assign(stored_encoder.pooled()->begin(), stored_encoder.pooled()->end());
  constexpr std::size_t kRest = 256 * 1024;  // everything but the greatest parts, so that the builder need not grow and copy
  flatbuffers::FlatBufferBuilder builder(pack.tokenizer.size() + encoder.tokens->codes.size() + encoder.tokens->block_scales.size() +
                                         kRest);
  builder.Finish(schema::ModelPack::Pack(builder, &pack), schema::ModelPackIdentifier());
  AlignedBuffer file(builder.GetSize());
  std::ranges::copy(builder.GetBufferSpan(), file.bytes().begin());
  return file;
}

/// The mean of the rows of `states` into `out`.
void pool(std::span<const float> states, std::span<float> out) {
  std::ranges::fill(out, 0.0F);
  for (std::size_t at = 0; at < states.size(); at += out.size()) {
    for (std::size_t d = 0; d < out.size(); ++d) out[d] += states[at + d];
  }
  const auto tokens = static_cast<float>(states.size() / out.size());
  for (float& value : out) value /= tokens;
}

template <typename T>
std::size_t bytes_of(const std::vector<T>& values) {
  return values.size() * sizeof(T);
}

/// How many elements the parts of an arena have.
struct ArenaShape {
  std::size_t tokens;
  std::size_t states;
  std::size_t wide;
  std::size_t attention;
  std::size_t quantized;

  explicit ArenaShape(const schema::TransformerEncoder& encoder)
      : tokens(encoder.window()),
        states(tokens * encoder.hidden()),
        wide(tokens * std::max<std::size_t>(3 * encoder.hidden(), encoder.feed_forward())),
        attention(attend_scratch_size(tokens, encoder.hidden(), encoder.attention_heads())),
        quantized(tokens * std::max<std::size_t>(encoder.hidden(), encoder.feed_forward())) {}
  [[nodiscard]] std::size_t size_bytes() const { return (2 * states + wide + attention + tokens) * sizeof(float) + quantized; }
};

/// What loading takes beside the file: the pack without its weights, three times while it is written, then the panels and the arena.
std::size_t bytes_to_load(const schema::ModelPack& pack) {
  constexpr std::size_t kRest = std::size_t{1} << 20;  // small vectors, and what is lost between blocks
  const schema::TransformerEncoder& encoder = *pack.encoder();
  const std::size_t kept = pack.tokenizer()->size() + encoder.tokens()->codes()->size() + encoder.tokens()->block_scales()->size();
  std::size_t weights = 0;
  const auto add = [&](const schema::Linear* linear) { weights += packed_bytes(linear->weights()->rows(), linear->weights()->columns()); };
  for (const schema::TransformerLayer* layer : *encoder.layers()) {
    for (const auto* linear : {layer->query_key_value(), layer->attention_output(), layer->feed_forward_up(), layer->feed_forward_down()}) {
      add(linear);
    }
  }
  for (const schema::EncoderHead* head : *pack.encoder_heads()) add(head->linear());
  return kRest + std::max(3 * kept, kept + weights + ArenaShape(encoder).size_bytes());
}

}  // namespace

void make_unit(std::span<float> vector) {
  std::array<float, 4> lanes{};
  for (std::size_t i = 0; i < vector.size(); ++i) lanes[i % 4] += vector[i] * vector[i];
  const float length = std::sqrt((lanes[0] + lanes[1]) + (lanes[2] + lanes[3]));
  if (length == 0) return;
  for (float& value : vector) value /= length;
}

EncoderModel::Norm::Norm(const schema::LayerNorm& stored)
    : gain(stored.gain()->begin(), stored.gain()->end()), bias(stored.bias()->begin(), stored.bias()->end()) {}

EncoderModel::Layer::Layer(const schema::TransformerLayer& stored)
    : query_key_value(*stored.query_key_value()),
      attention_output(*stored.attention_output()),
      attention_norm(*stored.attention_norm()),
      feed_forward_up(*stored.feed_forward_up()),
      feed_forward_down(*stored.feed_forward_down()),
      output_norm(*stored.output_norm()) {}

EncoderModel::Arena::Arena(const schema::TransformerEncoder& encoder) {
  const ArenaShape shape(encoder);
  run.reserve(shape.tokens / Window::kEnds);
  states.resize(shape.states);
  update.resize(shape.states);
  wide.resize(shape.wide);
  attention.resize(shape.attention);
  quantized.resize(shape.quantized);
  quantized_scales.resize(shape.tokens);
}

std::size_t EncoderModel::Arena::size_bytes() const {
  return bytes_of(states) + bytes_of(update) + bytes_of(wide) + bytes_of(attention) + bytes_of(quantized) + bytes_of(quantized_scales);
}

Result<EncoderModel> EncoderModel::load(AlignedBuffer file) {
  const Result<const schema::ModelPack*> stored = open_model_pack(std::as_const(file).bytes());
  if (!stored) return stored.error();
  if (auto error = check_encoder_pack(**stored)) return *error;
  if (const std::size_t needed = bytes_to_load(**stored); !reserve_memory(needed)) {
    return Error{ErrorCode::out_of_memory,
                 "The model needs " + std::to_string(needed >> 20) + " MB of memory more, which this device does not give."};
  }
  return EncoderModel(**stored, without_weights(**stored));
}

EncoderModel::EncoderModel(const schema::ModelPack& stored, AlignedBuffer kept)
    : kept_(std::move(kept)),
      pack_(schema::GetModelPack(std::as_const(kept_).bytes().data())),
      encoder_(pack_->encoder()),
      tokens_(*encoder_->tokens()),
      positions_(*encoder_->positions()),
      embedding_norm_(*encoder_->embedding_norm()),
      arena_(*encoder_) {
  layers_.reserve(stored.encoder()->layers()->size());
  heads_.reserve(stored.encoder_heads()->size());
  for (const schema::TransformerLayer* layer : *stored.encoder()->layers()) layers_.emplace_back(*layer);
  for (const schema::EncoderHead* head : *stored.encoder_heads()) {
    heads_.emplace_back(*head->linear());
    marks_tokens_ |= head->kind() == schema::HeadKind::TokenMarks;
  }
}

std::span<const std::uint8_t> EncoderModel::tokenizer_bytes() const {
  return view(pack_->tokenizer());
}

std::size_t EncoderModel::size_bytes() const {
  std::size_t size = kept_.bytes().size() + arena_.size_bytes() + bytes_of(embedding_norm_.gain) + bytes_of(embedding_norm_.bias);
  for (const LinearLayer& head : heads_) size += head.size_bytes();
  for (const Layer& layer : layers_) {
    for (const LinearLayer* linear : {&layer.query_key_value, &layer.attention_output, &layer.feed_forward_up, &layer.feed_forward_down}) {
      size += linear->size_bytes();
    }
    for (const Norm* norm : {&layer.attention_norm, &layer.output_norm}) size += bytes_of(norm->gain) + bytes_of(norm->bias);
  }
  return size;
}

const schema::EncoderHead* EncoderModel::find_head(std::string_view task) const {
  for (const schema::EncoderHead* head : *pack_->encoder_heads()) {
    if (head->task()->string_view() == task) return head;
  }
  return nullptr;
}

const schema::Calibration* EncoderModel::find_calibration(std::string_view task, std::string_view language) const {
  return aftersense::find_calibration(*pack_, task, language);
}

std::size_t EncoderModel::features() const {
  return encoder_->pooled()->size() * encoder_->hidden();
}

/// Pieces that fit a window.
std::size_t EncoderModel::capacity() const {
  return encoder_->window() - Window::kEnds;
}

EncodedText EncoderModel::encode(std::span<const std::int32_t> ids) {
  EncodedText text;
  encode_all({&ids, 1}, {&text, 1});
  return text;
}

std::vector<EncodedText> EncoderModel::encode(std::span<const std::span<const std::int32_t>> texts) {
  std::vector<EncodedText> encoded(texts.size());
  encode_all(texts, encoded);
  return encoded;
}

/// Gathers windows, text by text, and runs them whenever the next one does not fit.
void EncoderModel::encode_all(std::span<const std::span<const std::int32_t>> texts, std::span<EncodedText> encoded) {
  std::size_t tokens = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::span<const std::int32_t> ids = texts[i];
    encoded[i] = begin_text(ids.size());
    for (std::size_t begin = 0;; begin += capacity() - encoder_->overlap()) {
      const std::span<const std::int32_t> part = ids.subspan(begin, std::min(capacity(), ids.size() - begin));
      const Window window{.text = i, .begin = begin, .is_whole = part.size() == ids.size(), .ids = part};
      if (tokens + window.tokens() > encoder_->window()) {
        run(tokens, encoded);
        tokens = 0;
      }
      arena_.run.push_back(window);
      tokens += window.tokens();
      if (begin + part.size() == ids.size()) break;
    }
  }
  run(tokens, encoded);
  for (std::size_t i = 0; i < texts.size(); ++i) finish_text(texts[i].size(), encoded[i]);
}

EncodedText EncoderModel::begin_text(std::size_t pieces) const {
  EncodedText text{.pooled = std::vector<float>(features()),
                   .quantized_pooled = {.values = std::vector<std::int8_t>(features()), .scales = std::vector<float>(1)},
                   .states = {}};
  if (marks_tokens_) {
    text.states = {.values = std::vector<std::int8_t>(pieces * encoder_->hidden()), .scales = std::vector<float>(pieces)};
  }
  return text;
}

/// Runs the windows that have gathered, `tokens` in all, and hands each text what its windows give.
void EncoderModel::run(std::size_t tokens, std::span<EncodedText> encoded) {
  if (window_runner_) {
    for (const Window& window : arena_.run) run_elsewhere(window, encoded[window.text]);
  } else if (tokens > 0) {
    run_layers(tokens, encoded);
  }
  arena_.run.clear();
}

void EncoderModel::run_layers(std::size_t tokens, std::span<EncodedText> encoded) {
  const std::size_t hidden = encoder_->hidden();
  const std::span<float> states = std::span(arena_.states).first(tokens * hidden);
  const auto for_each_window = [&](const auto& act) {
    std::size_t begin = 0;
    for (const Window& window : arena_.run) {
      act(window, states.subspan(begin, window.tokens() * hidden));
      begin += window.tokens() * hidden;
    }
  };
  for_each_window([&](const Window& window, std::span<float> own) { embed(window, own); });
  active_kernels().add_norm_f32(states, {}, embedding_norm_.gain, embedding_norm_.bias, encoder_->epsilon());
  std::size_t part = 0;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    run_layer(layers_[i], tokens);
    if (i + 1 != encoder_->pooled()->Get(static_cast<flatbuffers::uoffset_t>(part))) continue;
    for_each_window([&](const Window& window, std::span<const float> own) { add_pooled(window, part, own, encoded[window.text]); });
    ++part;
  }
  if (!marks_tokens_) return;
  for_each_window([&](const Window& window, std::span<const float> own) { keep_states(window, own, encoded[window.text].states); });
}

/// The window's states as the window runner finds them.
void EncoderModel::run_elsewhere(const Window& window, EncodedText& text) {
  const std::size_t hidden = encoder_->hidden();
  const std::span<const float> found = ask_window_runner(window);
  const std::span<float> states = std::span(arena_.states).first(window.tokens() * hidden);
  for (std::size_t part = 0; part < encoder_->pooled()->size(); ++part) {
    for (std::size_t t = 0; t < window.tokens(); ++t) {
      std::ranges::copy(found.subspan(t * features() + part * hidden, hidden), states.subspan(t * hidden, hidden).begin());
    }
    add_pooled(window, part, states, text);
  }
  if (marks_tokens_) keep_states(window, states, text.states);
}

void EncoderModel::embed(const Window& window, std::span<float> states) {
  const std::size_t hidden = encoder_->hidden();
  const std::size_t last = window.tokens() - 1;
  embed(encoder_->begin_id(), 0, states.first(hidden));
  for (std::size_t t = 1; t < last; ++t) embed(static_cast<std::uint32_t>(window.ids[t - 1]), t, states.subspan(t * hidden, hidden));
  embed(encoder_->end_id(), last, states.subspan(last * hidden, hidden));
}

void EncoderModel::embed(std::uint32_t id, std::size_t position, std::span<float> state) {
  const std::span<float> place = std::span(arena_.update).first(state.size());
  tokens_.read_reals(id, state);
  positions_.read_reals(position, place);
  for (std::size_t d = 0; d < state.size(); ++d) state[d] += place[d];
}

void EncoderModel::run_layer(const Layer& layer, std::size_t tokens) {
  const Kernels& kernels = active_kernels();
  const std::size_t hidden = encoder_->hidden();
  const std::span<float> states = std::span(arena_.states).first(tokens * hidden);
  const std::span<float> update = std::span(arena_.update).first(tokens * hidden);

  const std::span<float> qkv = std::span(arena_.wide).first(tokens * 3 * hidden);
  multiply(states, layer.query_key_value, Activation::kNone, qkv);
  attend(qkv, update);
  multiply(update, layer.attention_output, Activation::kNone, update);
  kernels.add_norm_f32(states, update, layer.attention_norm.gain, layer.attention_norm.bias, encoder_->epsilon());

  const std::span<float> up = std::span(arena_.wide).first(tokens * encoder_->feed_forward());
  multiply(states, layer.feed_forward_up, Activation::kGelu, up);
  multiply(up, layer.feed_forward_down, Activation::kNone, update);
  kernels.add_norm_f32(states, update, layer.output_norm.gain, layer.output_norm.bias, encoder_->epsilon());
}

/// Each window's tokens among themselves.
void EncoderModel::attend(std::span<const float> qkv, std::span<float> out) {
  const std::size_t hidden = encoder_->hidden();
  std::size_t begin = 0;
  for (const Window& window : arena_.run) {
    const std::size_t size = window.tokens() * hidden;
    active_kernels().attend_f32(qkv.subspan(3 * begin, 3 * size), hidden, encoder_->attention_heads(), out.subspan(begin, size),
                                arena_.attention);
    begin += size;
  }
}

/// `x` may be `out`: it is quantised before anything is written.
void EncoderModel::multiply(std::span<const float> x, const LinearLayer& linear, Activation activation, std::span<float> out) {
  const std::span<std::int8_t> quantized = std::span(arena_.quantized).first(x.size());
  const std::span<float> scales = std::span(arena_.quantized_scales).first(x.size() / linear.inputs());
  active_kernels().quantize_f32_i8(x, linear.inputs(), quantized, scales);
  active_kernels().linear_i8_f32(quantized, scales, linear.view(), activation, out);
}

std::span<const float> EncoderModel::ask_window_runner(const Window& window) const {
  std::vector<std::int32_t> tokens = {static_cast<std::int32_t>(encoder_->begin_id())};
  tokens.insert(tokens.end(), window.ids.begin(), window.ids.end());
  tokens.push_back(static_cast<std::int32_t>(encoder_->end_id()));
  return window_runner_(tokens);
}

/// A window's weight in the mean of the states of one pooled layer, the `part`-th of them.
void EncoderModel::add_pooled(const Window& window, std::size_t part, std::span<const float> states, EncodedText& text) {
  const std::size_t hidden = encoder_->hidden();
  const std::span<float> pooled = std::span(text.pooled).subspan(part * hidden, hidden);
  if (window.is_whole) {
    pool(states, pooled);  // not weight · mean / weight, which may round
    return;
  }
  const std::span<float> mean = std::span(arena_.update).first(hidden);
  pool(states, mean);
  const auto weight = static_cast<float>(window.tokens());
  for (std::size_t d = 0; d < hidden; ++d) pooled[d] += weight * mean[d];
}

/// Keeps the last states of a window's pieces, but for those that the window before answers for: the first half of the overlap.
void EncoderModel::keep_states(const Window& window, std::span<const float> states, QuantizedVectors& kept) const {
  const std::size_t hidden = encoder_->hidden();
  const std::size_t skipped = window.begin == 0 ? 0 : encoder_->overlap() / 2;
  const std::size_t pieces = window.ids.size() - skipped;
  const std::size_t to = window.begin + skipped;
  active_kernels().quantize_f32_i8(states.subspan((1 + skipped) * hidden, pieces * hidden), hidden,
                                   std::span(kept.values).subspan(to * hidden, pieces * hidden),
                                   std::span(kept.scales).subspan(to, pieces));
}

void EncoderModel::finish_text(std::size_t pieces, EncodedText& text) const {
  if (pieces > capacity()) {
    const std::size_t step = capacity() - encoder_->overlap();
    const std::size_t windows = 1 + (pieces - capacity() + step - 1) / step;
    const auto tokens = static_cast<float>(pieces + (windows - 1) * encoder_->overlap() + windows * Window::kEnds);
    for (float& value : text.pooled) value /= tokens;
  }
  active_kernels().quantize_f32_i8(text.pooled, text.pooled.size(), text.quantized_pooled.values, text.quantized_pooled.scales);
}

const LinearLayer& EncoderModel::weights_of(const schema::EncoderHead& head) const {
  const auto& stored = *pack_->encoder_heads();
  flatbuffers::uoffset_t index = 0;
  while (stored.Get(index) != &head) ++index;
  return heads_[index];
}

std::vector<float> EncoderModel::run_head(const schema::EncoderHead& head, const EncodedText& text) const {
  const LinearLayer& linear = weights_of(head);
  std::vector<float> logits(linear.outputs());
  const auto& [values, scales] = text.quantized_pooled;
  active_kernels().linear_i8_f32(values, scales, linear.view(), Activation::kNone, logits);
  if (head.kind() == schema::HeadKind::Vector) make_unit(logits);
  return logits;
}

std::vector<float> EncoderModel::run_token_head(const schema::EncoderHead& head, const EncodedText& text) const {
  const LinearLayer& linear = weights_of(head);
  const auto& [values, scales] = text.states;
  std::vector<float> logits(scales.size() * linear.outputs());
  if (!scales.empty()) active_kernels().linear_i8_f32(values, scales, linear.view(), Activation::kNone, logits);
  return logits;
}

}  // namespace aftersense
