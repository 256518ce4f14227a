#include "nn/lite_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "kernels/kernels.h"
#include "nn/lite_model_check.h"
#include "nn/pack_file.h"

namespace aftersense {

Result<LiteModel> LiteModel::load(AlignedBuffer file) {
  const Result<const schema::ModelPack*> pack = open_model_pack(std::as_const(file).bytes());
  if (!pack) return pack.error();
  if (auto error = check_lite_pack(**pack)) return *error;
  return LiteModel(std::move(file), *pack);
}

LiteModel::LiteModel(AlignedBuffer file, const schema::ModelPack* pack) : file_(std::move(file)), pack_(pack), encoder_(pack->lite()) {
  vocabulary_size_ = encoder_->embedding()->size() / encoder_->dim();
  for (const schema::Conv1d* stored : *encoder_->convs()) {
    Conv conv{.width = stored->width(), .channels = stored->channels(), .weights = {}, .multiplier = {}, .bias = view(stored->bias())};
    for (const std::int8_t weight : *stored->weights()) conv.weights.push_back(static_cast<std::uint8_t>(weight + kWeightZeroPoint));
    for (const float scale : *stored->scales()) {
      const float accumulator_scale = encoder_->embedding_scale() * scale;
      conv.multiplier.push_back(accumulator_scale / encoder_->feature_scale());
    }
    features_ += conv.channels;
    widest_ = std::max(widest_, conv.width);
    convs_.push_back(std::move(conv));
  }
  for (const schema::LinearHead* head : *pack_->heads()) {
    std::uint32_t bucket = 0;
    for (const std::uint16_t gap : view(head->ngram_gaps())) ngram_buckets_[head].push_back(bucket += gap);
  }
}

std::span<const std::uint8_t> LiteModel::tokenizer_bytes() const {
  return view(pack_->tokenizer());
}

const schema::LinearHead* LiteModel::find_head(std::string_view task) const {
  for (const schema::LinearHead* head : *pack_->heads()) {
    if (head->task()->string_view() == task) return head;
  }
  return nullptr;
}

const schema::Calibration* LiteModel::find_calibration(std::string_view task, std::string_view language) const {
  return aftersense::find_calibration(*pack_, task, language);
}

/// Rows of the embedding table, with `padding` rows of zeros on either side: every window is then one contiguous run.
std::vector<std::int8_t> LiteModel::embed(std::span<const std::int32_t> ids, std::size_t padding) const {
  const std::size_t dim = encoder_->dim();
  const std::span<const std::int8_t> table = view(encoder_->embedding());
  std::vector<std::int8_t> embedded((ids.size() + 2 * padding) * dim);
  for (std::size_t t = 0; t < ids.size(); ++t) {
    std::ranges::copy(table.subspan(static_cast<std::size_t>(ids[t]) * dim, dim),
                      embedded.begin() + static_cast<std::ptrdiff_t>((padding + t) * dim));
  }
  return embedded;
}

LiteFeatures LiteModel::encode(std::span<const std::int32_t> ids, std::vector<std::uint32_t> buckets) const {
  const Kernels& kernels = active_kernels();
  const std::size_t dim = encoder_->dim();
  const std::size_t padding = widest_ / 2;
  const std::vector<std::int8_t> embedded = embed(ids, padding);
  LiteFeatures features;
  features.pooled.resize(features_);
  features.best.assign(features_, std::numeric_limits<std::int32_t>::min());
  features.best_position.assign(features_, 0);
  features.buckets = std::move(buckets);
  std::size_t first = 0;
  for (const Conv& conv : convs_) {
    const std::span<std::int32_t> best = std::span(features.best).subspan(first, conv.channels);
    const std::span<std::int32_t> at = std::span(features.best_position).subspan(first, conv.channels);
    std::vector<std::int32_t> products(conv.channels);
    for (std::size_t t = 0; t < ids.size(); ++t) {
      const std::size_t start = (padding - conv.width / 2 + t) * dim;
      kernels.matvec_i8_i32(conv.weights, std::span(embedded).subspan(start, conv.width * dim), products);
      kernels.max_i32(products, static_cast<std::int32_t>(t), best, at);
    }
    // The bias does not depend on the position, so it joins after the maximum.
    for (std::size_t c = 0; c < conv.channels; ++c) best[c] = ids.empty() ? 0 : best[c] + conv.bias[c];
    kernels.requantize_relu_i32_i8(best, conv.multiplier, std::span(features.pooled).subspan(first, conv.channels));
    first += conv.channels;
  }
  return features;
}

/// The weights [labels] of a bucket; none where all are zero because the head has weights for few buckets and not for this one.
std::span<const std::int8_t> LiteModel::ngram_weights(const schema::LinearHead& head, std::uint32_t bucket) const {
  const std::size_t labels = head.labels()->size();
  std::size_t row = bucket;
  if (const auto few = ngram_buckets_.find(&head); few != ngram_buckets_.end()) {
    const auto found = std::ranges::lower_bound(few->second, bucket);
    if (found == few->second.end() || *found != bucket) return {};
    row = static_cast<std::size_t>(found - few->second.begin());
  }
  return view(head.ngram_weights()).subspan(row * labels, labels);
}

HeadOutput LiteModel::run_head(const schema::LinearHead& head, const LiteFeatures& features) const {
  const std::size_t labels = head.labels()->size();
  const std::span<const std::int8_t> weights = view(head.weights());
  HeadOutput output{
      .dense = std::vector<std::int32_t>(labels), .ngram = std::vector<std::int32_t>(labels), .logits = std::vector<float>(labels)};
  for (std::size_t k = 0; k < labels; ++k) {
    for (std::size_t c = 0; c < features_; ++c) output.dense[k] += weights[k * features_ + c] * features.pooled[c];
  }
  for (const std::uint32_t bucket : features.buckets) {
    const std::span<const std::int8_t> row = ngram_weights(head, bucket);
    for (std::size_t k = 0; k < row.size(); ++k) output.ngram[k] += row[k];
  }
  const float dense_scale = encoder_->feature_scale() * head.weight_scale();
  for (std::size_t k = 0; k < labels; ++k) {
    const float dense = static_cast<float>(output.dense[k]) * dense_scale;
    float logit = head.bias()->Get(static_cast<flatbuffers::uoffset_t>(k)) + dense;
    if (!features.buckets.empty()) {
      const float scaled = static_cast<float>(output.ngram[k]) * head.ngram_scale();
      const float ngram = scaled / std::sqrt(static_cast<float>(features.buckets.size()));
      logit = logit + ngram;
    }
    output.logits[k] = logit;
  }
  return output;
}

LiteAttribution LiteModel::attribute(const schema::LinearHead& head, std::span<const float> direction, std::span<const std::int32_t> ids,
                                     const LiteFeatures& features) const {
  const std::size_t labels = head.labels()->size();
  LiteAttribution attribution{.tokens = std::vector<float>(ids.size()), .buckets = std::vector<float>(features.buckets.size()), .rest = 0};
  for (std::size_t k = 0; k < labels; ++k) attribution.rest += direction[k] * head.bias()->Get(static_cast<flatbuffers::uoffset_t>(k));
  const std::vector<std::int8_t> embedded = embed(ids, widest_ / 2);
  const float dense_scale = encoder_->feature_scale() * head.weight_scale();
  std::size_t feature = 0;
  for (const Conv& conv : convs_) {
    for (std::size_t c = 0; c < conv.channels; ++c, ++feature) {
      if (features.pooled[feature] == 0) continue;
      float weight = 0;
      for (std::size_t k = 0; k < labels; ++k) weight += direction[k] * static_cast<float>(view(head.weights())[k * features_ + feature]);
      if (weight == 0) continue;
      const float contribution = weight * static_cast<float>(features.pooled[feature]) * dense_scale;
      const float share = contribution / static_cast<float>(features.best[feature]);
      attribute_channel(conv, c, features.best_position[feature], share, embedded, attribution.tokens);
      attribution.rest += share * static_cast<float>(conv.bias[c]);
    }
  }
  const float norm = std::sqrt(static_cast<float>(features.buckets.size()));
  for (std::size_t i = 0; i < features.buckets.size(); ++i) {
    float sum = 0;
    const std::span<const std::int8_t> row = ngram_weights(head, features.buckets[i]);
    for (std::size_t k = 0; k < row.size(); ++k) sum += direction[k] * static_cast<float>(row[k]);
    attribution.buckets[i] = sum * head.ngram_scale() / norm;
  }
  return attribution;
}

/// Splits one channel's winning accumulator over the tokens of its window, which it is the sum of (with the bias).
void LiteModel::attribute_channel(const Conv& conv, std::size_t channel, std::int32_t centre, float share,
                                  std::span<const std::int8_t> embedded, std::span<float> tokens) const {
  const std::size_t dim = encoder_->dim();
  const std::size_t padding = widest_ / 2;
  for (std::size_t j = 0; j < conv.width; ++j) {
    const std::size_t row = padding - conv.width / 2 + static_cast<std::size_t>(centre) + j;  // of embedded
    if (row < padding || row >= padding + tokens.size()) continue;
    std::int32_t product = 0;
    for (std::size_t d = 0; d < dim; ++d) {
      product += embedded[row * dim + d] * (conv.weights[(channel * conv.width + j) * dim + d] - kWeightZeroPoint);
    }
    tokens[row - padding] += share * static_cast<float>(product);
  }
}

}  // namespace aftersense
