#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "core/aligned_buffer.h"
#include "core/result.h"
#include "model_pack_generated.h"

namespace aftersense {

/// What the lite encoder sees in a text: the pooled convolution features and the distinct n-gram buckets.
struct LiteFeatures {
  std::vector<std::int8_t> pooled;          ///< [features], 0..127
  std::vector<std::int32_t> best;           ///< [features], the pooled accumulator before ReLU
  std::vector<std::int32_t> best_position;  ///< [features], the token at the centre of the window that won
  std::vector<std::uint32_t> buckets;       ///< distinct, ascending
};

/// Scores of one head and their integer parts, which are equal on every machine.
struct HeadOutput {
  std::vector<std::int32_t> dense;  ///< [labels], Σ weights · pooled
  std::vector<std::int32_t> ngram;  ///< [labels], Σ n-gram weights
  std::vector<float> logits;        ///< [labels]
};

/// How much each token and each bucket adds to a linear combination of a head's logits. With `rest` (biases) they sum to it.
struct LiteAttribution {
  std::vector<float> tokens;   ///< [tokens]
  std::vector<float> buckets;  ///< [features.buckets]
  float rest = 0;
};

/// The lite tier: embedding, convolutions over time, max-pooling, and linear heads over the pooled features and hashed n-grams.
/// The arithmetic is that of models/FORMAT.md. Owns the pack it was loaded from and reads most of it in place.
///
///     Result<LiteModel> model = LiteModel::load(std::move(file));
///     LiteFeatures features = model->encode(ids, buckets);
///     HeadOutput sentiment = model->run_head(*model->find_head("sentiment"), features);
class LiteModel {
 public:
  /// Verifies the pack and checks every size in it. Errors: pack_truncated, pack_wrong_type, pack_wrong_version, pack_corrupt.
  static Result<LiteModel> load(AlignedBuffer file);

  [[nodiscard]] const schema::ModelPack& pack() const { return *pack_; }
  [[nodiscard]] std::span<const std::uint8_t> tokenizer_bytes() const;
  [[nodiscard]] std::size_t size_bytes() const { return file_.bytes().size(); }
  [[nodiscard]] std::size_t vocabulary_size() const { return vocabulary_size_; }

  /// The head of a task, or nullptr.
  [[nodiscard]] const schema::LinearHead* find_head(std::string_view task) const;
  /// The calibration of a task for a language ("zh", "en", "other"), or nullptr.
  [[nodiscard]] const schema::Calibration* find_calibration(std::string_view task, std::string_view language) const;

  /// `ids` are below vocabulary_size() (of a tokeniser checked against it); `buckets` distinct and ascending.
  [[nodiscard]] LiteFeatures encode(std::span<const std::int32_t> ids, std::vector<std::uint32_t> buckets) const;
  [[nodiscard]] HeadOutput run_head(const schema::LinearHead& head, const LiteFeatures& features) const;
  /// Attributes Σ direction[label] · logit[label] to the tokens and buckets. Exact: max-pooling picks one window a channel, all else is
  /// linear.
  [[nodiscard]] LiteAttribution attribute(const schema::LinearHead& head, std::span<const float> direction,
                                          std::span<const std::int32_t> ids, const LiteFeatures& features) const;

 private:
  struct Conv {
    std::size_t width;
    std::size_t channels;
    std::vector<std::uint8_t> weights;   ///< [channels][width * dim], plus kWeightZeroPoint
    std::vector<float> multiplier;       ///< [channels], accumulator to feature
    std::span<const std::int32_t> bias;  ///< [channels]
  };

  LiteModel(AlignedBuffer file, const schema::ModelPack* pack);
  [[nodiscard]] std::span<const std::int8_t> ngram_weights(const schema::LinearHead& head, std::uint32_t bucket) const;
  [[nodiscard]] std::vector<std::int8_t> embed(std::span<const std::int32_t> ids, std::size_t padding) const;
  void attribute_channel(const Conv& conv, std::size_t channel, std::int32_t centre, float share, std::span<const std::int8_t> embedded,
                         std::span<float> tokens) const;

  AlignedBuffer file_;
  const schema::ModelPack* pack_;
  const schema::LiteEncoder* encoder_;
  std::vector<Conv> convs_;
  std::map<const schema::LinearHead*, std::vector<std::uint32_t>> ngram_buckets_;  ///< ascending, of heads that have few
  std::size_t features_ = 0;
  std::size_t widest_ = 1;
  std::size_t vocabulary_size_ = 0;
};

}  // namespace aftersense
