#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "core/aligned_buffer.h"
#include "model_pack_generated.h"

namespace aftersense::test {

inline constexpr std::size_t kTinyVocabulary = 20;

/// A small pack with random weights: 20 pieces × 16, two convolutions (5 and 3 channels), 64 buckets. Its tokeniser is not one.
inline schema::ModelPackT tiny_pack(std::uint32_t seed) {
  std::mt19937 random(seed);
  const auto draw = [&](std::size_t count, int limit) {
    std::uniform_int_distribution<int> value(-limit, limit);
    std::vector<std::int8_t> values(count);
    for (std::int8_t& v : values) v = static_cast<std::int8_t>(value(random));
    return values;
  };
  schema::ModelPackT pack;
  pack.format_version = 1;
  pack.name = "tiny";
  pack.version = "0.0.1";
  pack.tier = "lite";
  pack.tokenizer = {0, 0, 0, 0};
  pack.lite = std::make_unique<schema::LiteEncoderT>();
  pack.lite->dim = 16;
  pack.lite->embedding = draw(kTinyVocabulary * 16, 127);
  pack.lite->embedding_scale = 0.01F;
  pack.lite->feature_scale = 0.05F;
  pack.lite->ngram_order = 2;
  pack.lite->ngram_log2_buckets = 6;
  for (const auto& [width, channels] : {std::pair<std::uint8_t, std::uint16_t>{5, 5}, {3, 3}}) {
    auto conv = std::make_unique<schema::Conv1dT>();
    conv->width = width;
    conv->channels = channels;
    conv->weights = draw(std::size_t{width} * channels * 16, 63);
    conv->scales.assign(channels, 0.004F);
    for (const std::int8_t bias : draw(channels, 100)) conv->bias.push_back(bias * 50);
    pack.lite->convs.push_back(std::move(conv));
  }
  auto head = std::make_unique<schema::LinearHeadT>();
  head->task = "sentiment";
  head->labels = {"negative", "neutral", "positive"};
  head->weights = draw(3 * 8, 63);
  head->weight_scale = 0.02F;
  head->bias = {0.25F, -0.5F, 0.125F};
  head->ngram_weights = draw(3 * 64, 127);
  head->ngram_scale = 0.01F;
  pack.heads.push_back(std::move(head));
  auto calibration = std::make_unique<schema::CalibrationT>();
  calibration->task = "sentiment";
  calibration->language = "zh";
  calibration->bias = {0, 0.5F, 0};
  calibration->temperature = 2;
  pack.calibrations.push_back(std::move(calibration));
  return pack;
}

inline AlignedBuffer serialize(const schema::ModelPackT& pack) {
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(schema::ModelPack::Pack(builder, &pack), "ASMP");
  AlignedBuffer file(builder.GetSize());
  std::copy_n(builder.GetBufferPointer(), builder.GetSize(), file.bytes().data());
  return file;
}

}  // namespace aftersense::test
