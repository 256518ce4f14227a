#pragma once

#include <cstdint>
#include <span>
#include <string_view>
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
  std::vector<float> pooled;          ///< [hidden], the mean of the states
  QuantizedVectors quantized_pooled;  ///< one vector
  QuantizedVectors states;            ///< one vector a piece; none where no head of the pack judges tokens
};

/// Divides a vector by its length, as FORMAT.md does. One without length stays as it is. A Vector head's leading dimensions, made of unit
/// length again, serve alone.
void make_unit(std::span<float> vector);

/// The base tier: windows of tokens through a transformer encoder, linear heads over the pooled state or the tokens' states. The
/// arithmetic is that of models/FORMAT.md. Weights are unpacked once, at load; no call allocates anything but its result.
///
///     Result<EncoderModel> model = EncoderModel::load(std::move(file));
///     EncodedText text = model->encode(ids);
///     std::vector<float> logits = model->run_head(*model->find_head("sentiment"), text);
class EncoderModel {
 public:
  /// Verifies the pack and checks every size and number in it. Errors: pack_truncated, pack_wrong_type, pack_wrong_version, pack_corrupt.
  static Result<EncoderModel> load(AlignedBuffer file);

  /// The pack without the weights of its layers and heads, which are kept in another form.
  [[nodiscard]] const schema::ModelPack& pack() const { return *pack_; }
  [[nodiscard]] std::span<const std::uint8_t> tokenizer_bytes() const;
  /// Of all the memory that the model holds.
  [[nodiscard]] std::size_t size_bytes() const;
  [[nodiscard]] std::size_t vocabulary_size() const { return tokens_.rows(); }

  /// The head of a task, or nullptr.
  [[nodiscard]] const schema::EncoderHead* find_head(std::string_view task) const;
  /// The calibration of a task for a language ("zh", "en", "other"), or nullptr.
  [[nodiscard]] const schema::Calibration* find_calibration(std::string_view task, std::string_view language) const;

  /// `ids` are pieces, without begin and end, below vocabulary_size() (of a tokeniser checked against it). Any number of them; the cost
  /// is linear in it. Not const: it works in the model's arena.
  [[nodiscard]] EncodedText encode(std::span<const std::int32_t> ids);
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
  /// Activations of one window of the greatest size.
  struct Arena {
    explicit Arena(const schema::TransformerEncoder& encoder);
    std::vector<float> states;            ///< [tokens][hidden]
    std::vector<float> update;            ///< [tokens][hidden], what attention or feed-forward adds to the states
    std::vector<float> wide;              ///< [tokens][3 · hidden or feed_forward]
    std::vector<float> attention;         ///< scratch of attend_f32
    std::vector<std::int8_t> quantized;   ///< [tokens][hidden or feed_forward]
    std::vector<float> quantized_scales;  ///< [tokens]
    [[nodiscard]] std::size_t size_bytes() const;
  };

  EncoderModel(const schema::ModelPack& stored, AlignedBuffer kept);
  std::span<const float> run_window(std::span<const std::int32_t> ids);
  void embed(std::uint32_t id, std::size_t position);
  void run_layer(const Layer& layer, std::size_t tokens);
  void multiply(std::span<const float> x, const LinearLayer& linear, Activation activation, std::span<float> out);
  void keep_states(std::span<const float> states, std::size_t begin, std::size_t skipped, QuantizedVectors& kept) const;
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
};

}  // namespace aftersense
