#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/aligned_buffer.h"
#include "core/result.h"
#include "model_pack_generated.h"
#include "nn/matrix.h"

namespace aftersense {

/// Vectors as a linear layer takes them: real value = value · scale.
struct QuantizedVectors {
  std::vector<std::int8_t> values;  ///< [vectors][hidden]
  std::vector<float> scales;        ///< [vectors]
};

/// What the encoder makes of a text, for any head to judge.
struct EncodedText {
  std::vector<float> pooled;          ///< [features], the mean states of the pooled layers, one after another
  QuantizedVectors quantized_pooled;  ///< one vector
  QuantizedVectors states;            ///< the last layer's, one vector a piece; none where no head of the pack judges tokens
};

/// Divides a vector by its length, as FORMAT.md does. One without length stays as it is. A Vector head's leading dimensions, made of unit
/// length again, serve alone.
void make_unit(std::span<float> vector);

/// The base tier: windows of tokens through a transformer encoder, linear heads over mean states or the tokens' states. The
/// arithmetic is that of models/FORMAT.md. Weights are unpacked once, at load; encoding allocates nothing but its result.
///
///     Result<EncoderModel> model = EncoderModel::load(std::move(file));
///     EncodedText text = model->encode(ids);
///     std::vector<float> logits = model->run_head(*model->find_head("sentiment"), text);
class EncoderModel {
 public:
  /// Verifies the pack and checks every size and number in it. Errors: pack_truncated, pack_wrong_type, pack_wrong_version, pack_corrupt,
  /// out_of_memory.
  static Result<EncoderModel> load(AlignedBuffer file);

  /// The pack without the weights of its layers and heads, which are kept in another form.
  [[nodiscard]] const schema::ModelPack& pack() const { return *pack_; }
  [[nodiscard]] std::span<const std::uint8_t> tokenizer_bytes() const;
  /// Of all the memory that the model holds.
  [[nodiscard]] std::size_t size_bytes() const;
  [[nodiscard]] std::size_t vocabulary_size() const { return tokens_.rows(); }
  /// Numbers of a text's pooled vector: as many as a state has for each pooled layer.
  [[nodiscard]] std::size_t features() const;

  /// The head of a task, or nullptr.
  [[nodiscard]] const schema::EncoderHead* find_head(std::string_view task) const;
  /// The calibration of a task for a language ("zh", "en", "other"), or nullptr.
  [[nodiscard]] const schema::Calibration* find_calibration(std::string_view task, std::string_view language) const;

  /// `ids` are pieces, without begin and end, below vocabulary_size() (of a tokeniser checked against it). Any number of them; the cost
  /// is linear in it. Not const: it works in the model's arena.
  [[nodiscard]] EncodedText encode(std::span<const std::int32_t> ids);
  /// Several texts, in their order, with the bits that each has alone. Short ones share a run of the layers, for which every weight is read
  /// once. Nothing is filled up, so texts need not be ordered by length.
  [[nodiscard]] std::vector<EncodedText> encode(std::span<const std::span<const std::int32_t>> texts);
  /// States [tokens][features] for a window's tokens, its begin and end among them: of a token those of the pooled layers, one after
  /// another. Read before the next call.
  using WindowRunner = std::function<std::span<const float>(std::span<const std::int32_t> tokens)>;
  /// Has another runtime run the windows of encode(), in place of the model's own layers; an empty runner gives them back their place.
  void set_window_runner(WindowRunner runner) { window_runner_ = std::move(runner); }
  /// Logits [labels] before calibration; of a Vector head, the vector made of unit length. `head` is one of this model's, and no
  /// TokenMarks.
  [[nodiscard]] std::vector<float> run_head(const schema::EncoderHead& head, const EncodedText& text) const;
  /// Logits [pieces][labels] of a TokenMarks head.
  [[nodiscard]] std::vector<float> run_token_head(const schema::EncoderHead& head, const EncodedText& text) const;

 private:
  struct Norm {
    explicit Norm(const schema::LayerNorm& stored);
    std::vector<float> gain;
    std::vector<float> bias;
  };
  struct Layer {
    explicit Layer(const schema::TransformerLayer& stored);
    LinearLayer query_key_value;
    LinearLayer attention_output;
    Norm attention_norm;
    LinearLayer feed_forward_up;
    LinearLayer feed_forward_down;
    Norm output_norm;
  };
  /// A part of a text that the layers run as a whole, between a begin and an end of its own.
  struct Window {
    std::size_t text;   ///< index in its batch
    std::size_t begin;  ///< piece of the text that it begins with
    bool is_whole;      ///< the text's only window
    std::span<const std::int32_t> ids;
    [[nodiscard]] std::size_t tokens() const { return ids.size() + kEnds; }
    static constexpr std::size_t kEnds = 2;  ///< the begin and the end token
  };
  /// Activations of one run of the layers: one window of the greatest size, or several smaller ones.
  struct Arena {
    explicit Arena(const schema::TransformerEncoder& encoder);
    std::vector<Window> run;              ///< the windows, with room for as many as fit
    std::vector<float> states;            ///< [tokens][hidden]
    std::vector<float> update;            ///< [tokens][hidden], what attention or feed-forward adds to the states
    std::vector<float> wide;              ///< [tokens][3 · hidden or feed_forward]
    std::vector<float> attention;         ///< scratch of attend_f32
    std::vector<std::int8_t> quantized;   ///< [tokens][hidden or feed_forward]
    std::vector<float> quantized_scales;  ///< [tokens]
    [[nodiscard]] std::size_t size_bytes() const;
  };

  EncoderModel(const schema::ModelPack& stored, AlignedBuffer kept);
  [[nodiscard]] std::size_t capacity() const;
  void encode_all(std::span<const std::span<const std::int32_t>> texts, std::span<EncodedText> encoded);
  [[nodiscard]] EncodedText begin_text(std::size_t pieces) const;
  void run(std::size_t tokens, std::span<EncodedText> encoded);
  void run_layers(std::size_t tokens, std::span<EncodedText> encoded);
  void run_elsewhere(const Window& window, EncodedText& text);
  void embed(const Window& window, std::span<float> states);
  void embed(std::uint32_t id, std::size_t position, std::span<float> state);
  void run_layer(const Layer& layer, std::size_t tokens);
  void attend(std::span<const float> qkv, std::span<float> out);
  void multiply(std::span<const float> x, const LinearLayer& linear, Activation activation, std::span<float> out);
  [[nodiscard]] std::span<const float> ask_window_runner(const Window& window) const;
  void add_pooled(const Window& window, std::size_t part, std::span<const float> states, EncodedText& text);
  void keep_states(const Window& window, std::span<const float> states, QuantizedVectors& kept) const;
  void finish_text(std::size_t pieces, EncodedText& text) const;
  [[nodiscard]] const LinearLayer& weights_of(const schema::EncoderHead& head) const;

  AlignedBuffer kept_;  ///< the file of pack_
  const schema::ModelPack* pack_;
  const schema::TransformerEncoder* encoder_;
  MatrixReader tokens_;
  MatrixReader positions_;
  Norm embedding_norm_;
  std::vector<Layer> layers_;
  std::vector<LinearLayer> heads_;  ///< in the order of the pack's
  bool marks_tokens_ = false;
  Arena arena_;
  WindowRunner window_runner_;
};

}  // namespace aftersense
