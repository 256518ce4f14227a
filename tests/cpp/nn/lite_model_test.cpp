#include "nn/lite_model.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>

#include "catch_amalgamated.hpp"
#include "nn/tiny_pack.h"

namespace aftersense {
namespace {

using test::serialize;
using test::tiny_pack;

constexpr std::uint32_t kSeed = 7;

/// The formulas of models/FORMAT.md, written down again without any cleverness.
struct Reference {
  std::vector<int> pooled;
  std::vector<float> logits;
};

Reference reference(const schema::ModelPackT& pack, const std::vector<std::int32_t>& ids, const std::vector<std::uint32_t>& buckets) {
  const schema::LiteEncoderT& lite = *pack.lite;
  const schema::LinearHeadT& head = *pack.heads[0];
  Reference result;
  for (const auto& conv : lite.convs) {
    for (int c = 0; c < conv->channels; ++c) {
      int best = 0;
      for (int t = 0; t < static_cast<int>(ids.size()); ++t) {
        int acc = conv->bias[static_cast<std::size_t>(c)];
        for (int j = 0; j < conv->width; ++j) {
          const int at = t + j - (conv->width - 1) / 2;
          if (at < 0 || at >= static_cast<int>(ids.size())) continue;
          for (int d = 0; d < lite.dim; ++d) {
            acc += conv->weights[static_cast<std::size_t>((c * conv->width + j) * lite.dim + d)] *
                   lite.embedding[static_cast<std::size_t>(ids[static_cast<std::size_t>(at)] * lite.dim + d)];
          }
        }
        best = std::max(best, acc);
      }
      const float multiplier = lite.embedding_scale * conv->scales[static_cast<std::size_t>(c)] / lite.feature_scale;
      result.pooled.push_back(static_cast<int>(std::min(127.0F, std::nearbyint(static_cast<float>(best) * multiplier))));
    }
  }
  for (std::size_t k = 0; k < head.labels.size(); ++k) {
    int dense = 0;
    for (std::size_t c = 0; c < result.pooled.size(); ++c) dense += head.weights[k * result.pooled.size() + c] * result.pooled[c];
    int ngram = 0;
    for (const std::uint32_t bucket : buckets) ngram += head.ngram_weights[bucket * head.labels.size() + k];
    float logit = head.bias[k] + static_cast<float>(dense) * (lite.feature_scale * head.weight_scale);
    if (!buckets.empty()) logit += static_cast<float>(ngram) * head.ngram_scale / std::sqrt(static_cast<float>(buckets.size()));
    result.logits.push_back(logit);
  }
  return result;
}

std::vector<std::int32_t> random_ids(std::mt19937& random, std::size_t count) {
  std::uniform_int_distribution<std::int32_t> draw(0, static_cast<std::int32_t>(test::kTinyVocabulary) - 1);
  std::vector<std::int32_t> ids(count);
  for (std::int32_t& id : ids) id = draw(random);
  return ids;
}

std::vector<std::uint32_t> random_buckets(std::mt19937& random, std::size_t count) {
  std::vector<std::uint32_t> buckets(64);
  for (std::uint32_t i = 0; i < 64; ++i) buckets[i] = i;
  std::ranges::shuffle(buckets, random);
  buckets.resize(count);
  std::ranges::sort(buckets);
  return buckets;
}

TEST_CASE("the forward pass follows the formulas of FORMAT.md at any length") {
  std::mt19937 random(kSeed);
  CAPTURE(kSeed);
  const std::size_t length = GENERATE(as<std::size_t>{}, 1, 2, 3, 4, 5, 6, 40);
  const schema::ModelPackT pack = tiny_pack(kSeed);
  const Result<LiteModel> model = LiteModel::load(serialize(pack));
  REQUIRE(model);
  const std::vector<std::int32_t> ids = random_ids(random, length);
  const std::vector<std::uint32_t> buckets = random_buckets(random, length % 7);
  const Reference expected = reference(pack, ids, buckets);

  const LiteFeatures features = model->encode(ids, buckets);
  CHECK(std::ranges::equal(features.pooled, expected.pooled));
  CHECK(model->run_head(*model->find_head("sentiment"), features).logits == expected.logits);
}

TEST_CASE("a text without pieces has no features") {
  const Result<LiteModel> model = LiteModel::load(serialize(tiny_pack(kSeed)));
  REQUIRE(model);
  const LiteFeatures features = model->encode({}, {});
  CHECK(std::ranges::all_of(features.pooled, [](std::int8_t value) { return value == 0; }));
  CHECK(model->run_head(*model->find_head("sentiment"), features).logits == std::vector<float>{0.25F, -0.5F, 0.125F});
}

TEST_CASE("attributions and the rest sum to the combination of logits that they explain") {
  std::mt19937 random(GENERATE(as<std::uint32_t>{}, 1, 2, 3, 4, 5));
  const Result<LiteModel> model = LiteModel::load(serialize(tiny_pack(kSeed)));
  REQUIRE(model);
  const std::vector<std::int32_t> ids = random_ids(random, 12);
  const LiteFeatures features = model->encode(ids, random_buckets(random, 9));
  const schema::LinearHead& head = *model->find_head("sentiment");
  const std::vector<float> logits = model->run_head(head, features).logits;
  const std::vector<float> direction = {-0.5F, -0.5F, 1.0F};

  const LiteAttribution attribution = model->attribute(head, direction, ids, features);
  float sum = attribution.rest;
  for (const float token : attribution.tokens) sum += token;
  for (const float bucket : attribution.buckets) sum += bucket;
  // Float rounding of some forty terms of size one.
  CHECK_THAT(sum, Catch::Matchers::WithinAbs(logits[2] - (logits[0] + logits[1]) / 2, 1e-4));
}

/// A second head with weights for the buckets 0, 9 and 63 alone.
void add_few_ngrams(schema::ModelPackT& pack) {
  auto head = std::make_unique<schema::LinearHeadT>(*pack.heads[0]);
  head->task = "intent";
  head->labels = {"praise", "other"};
  head->weights.assign(std::size_t{2} * 8, 0);
  head->bias = {0.5F, 0};
  head->ngram_weights = {1, 2, 10, -20, 100, 50};
  head->ngram_gaps = {0, 9, 54};
  pack.heads.push_back(std::move(head));
}

TEST_CASE("a head with weights for few buckets passes over the others") {
  schema::ModelPackT pack = tiny_pack(kSeed);
  add_few_ngrams(pack);
  const Result<LiteModel> model = LiteModel::load(serialize(pack));
  REQUIRE(model);
  const schema::LinearHead& head = *model->find_head("intent");
  const LiteFeatures features = model->encode(std::vector<std::int32_t>{1, 2, 3}, {0, 1, 8, 63});
  const HeadOutput output = model->run_head(head, features);
  CHECK(output.ngram == std::vector<std::int32_t>{101, 52});
  CHECK(output.logits == std::vector<float>{0.5F + 101 * 0.01F / 2, 52 * 0.01F / 2});
  CHECK(model->run_head(head, model->encode(std::vector<std::int32_t>{1}, {9})).ngram == std::vector<std::int32_t>{10, -20});

  const LiteAttribution attribution = model->attribute(head, std::vector<float>{1, 0}, std::vector<std::int32_t>{1, 2, 3}, features);
  CHECK(attribution.buckets == std::vector<float>{1 * 0.01F / 2, 0, 0, 100 * 0.01F / 2});
  CHECK(attribution.tokens == std::vector<float>{0, 0, 0});
  CHECK(attribution.rest == 0.5F);
}

TEST_CASE("heads and calibrations are found by name") {
  const Result<LiteModel> model = LiteModel::load(serialize(tiny_pack(kSeed)));
  REQUIRE(model);
  CHECK(model->find_head("sentiment") != nullptr);
  CHECK(model->find_head("weather") == nullptr);
  CHECK(model->find_calibration("sentiment", "zh") != nullptr);
  CHECK(model->find_calibration("sentiment", "en") == nullptr);
}

TEST_CASE("a pack whose numbers contradict each other is refused, naming the field") {
  struct Damage {
    std::string field;
    std::function<void(schema::ModelPackT&)> apply;
    ErrorCode code = ErrorCode::pack_corrupt;
  };
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<Damage> damages = {
      {"format version 2", [](auto& p) { p.format_version = 2; }, ErrorCode::pack_wrong_version},
      {"lite", [](auto& p) { p.lite.reset(); }},
      {"max_bytes", [](auto& p) { p.max_bytes = 0; }},
      {"lite.dim", [](auto& p) { p.lite->dim = 0; }},
      {"lite.dim", [](auto& p) { p.lite->dim = 15; }},
      {"lite.embedding", [](auto& p) { p.lite->embedding.pop_back(); }},
      {"lite.embedding", [](auto& p) { p.lite->embedding.clear(); }},
      {"lite.embedding", [](auto& p) { p.lite->embedding[3] = -128; }},
      {"lite.embedding_scale", [=](auto& p) { p.lite->embedding_scale = nan; }},
      {"lite.embedding_scale", [=](auto& p) { p.lite->embedding_scale = infinity; }},
      {"lite.embedding_scale", [](auto& p) { p.lite->embedding_scale = 1e30F; }},  // · 1e30 is infinite
      {"lite.feature_scale", [](auto& p) { p.lite->feature_scale = 0; }},
      {"lite.ngram_order", [](auto& p) { p.lite->ngram_order = 9; }},
      {"lite.ngram_log2_buckets", [](auto& p) { p.lite->ngram_log2_buckets = 40; }},
      {"lite.convs", [](auto& p) { p.lite->convs.clear(); }},
      {"conv.width", [](auto& p) { p.lite->convs[0]->width = 4; }},
      {"conv.channels", [](auto& p) { p.lite->convs[0]->channels = 0; }},
      {"conv.weights", [](auto& p) { p.lite->convs[0]->weights.pop_back(); }},
      {"conv.weights", [](auto& p) { p.lite->convs[0]->weights[0] = 64; }},
      {"conv.scales", [](auto& p) { p.lite->convs[0]->scales.pop_back(); }},
      {"conv.scales", [=](auto& p) { p.lite->convs[0]->scales[1] = nan; }},
      {"conv.scales", [](auto& p) { p.lite->convs[1]->scales[2] = 0; }},
      {"lite.feature_scale", [](auto& p) { p.lite->feature_scale = 1e-30F; }},
      {"conv.scales", [](auto& p) { p.lite->convs[1]->scales[0] = -0.004F; }},
      {"conv.bias", [](auto& p) { p.lite->convs[0]->bias.clear(); }},
      {"conv.bias", [](auto& p) { p.lite->convs[0]->bias[0] = std::numeric_limits<std::int32_t>::max(); }},
      {"head.weights", [](auto& p) { p.heads[0]->weights.pop_back(); }},
      {"head.weights", [](auto& p) { p.heads[0]->weights[5] = 100; }},
      {"head.bias", [](auto& p) { p.heads[0]->bias.pop_back(); }},
      {"head.bias", [=](auto& p) { p.heads[0]->bias[0] = nan; }},
      {"head.bias", [](auto& p) { p.heads[0]->bias[1] = -1e30F; }},
      {"head.weight_scale", [](auto& p) { p.heads[0]->weight_scale = -1; }},
      {"head.ngram_weights", [](auto& p) { p.heads[0]->ngram_weights.pop_back(); }},
      {"head.ngram_scale", [=](auto& p) { p.heads[0]->ngram_scale = nan; }},
      {"head.labels", [](auto& p) { p.heads[0]->labels.clear(); }},
      {"head.ngram_weights", [](auto& p) { add_few_ngrams(p), p.heads[1]->ngram_weights.pop_back(); }},
      {"head.ngram_gaps name a bucket twice", [](auto& p) { add_few_ngrams(p), p.heads[1]->ngram_gaps = {1, 0, 5}; }},
      {"head.ngram_gaps leave the buckets", [](auto& p) { add_few_ngrams(p), p.heads[1]->ngram_gaps = {1, 1, 62}; }},
      {"heads name a task twice", [](auto& p) { p.heads.push_back(std::make_unique<schema::LinearHeadT>(*p.heads[0])); }},
      {"calibrations name a task and language twice",
       [](auto& p) { p.calibrations.push_back(std::make_unique<schema::CalibrationT>(*p.calibrations[0])); }},
      {"calibration.task", [](auto& p) { p.calibrations[0]->task = "weather"; }},
      {"calibration.bias", [](auto& p) { p.calibrations[0]->bias.pop_back(); }},
      {"calibration.bias", [](auto& p) { p.calibrations[0]->bias[0] = 1e30F; }},
      {"calibration.temperature", [](auto& p) { p.calibrations[0]->temperature = 0; }},
      {"calibration.temperature", [](auto& p) { p.calibrations[0]->temperature = 1e-20F; }},
  };
  for (const Damage& damage : damages) {
    schema::ModelPackT pack = tiny_pack(kSeed);
    damage.apply(pack);
    const Result<LiteModel> model = LiteModel::load(serialize(pack));
    CAPTURE(damage.field);
    REQUIRE_FALSE(model);
    CHECK(model.error().code == damage.code);
    CHECK_THAT(model.error().message, Catch::Matchers::ContainsSubstring(damage.field));
  }
}

TEST_CASE("a truncated pack is refused at every length") {
  const AlignedBuffer whole = serialize(tiny_pack(kSeed));
  constexpr std::size_t kPadding = 3;  // a file that lost only the zeros after its last value has lost nothing
  for (std::size_t size = 0; size < whole.bytes().size() - kPadding; ++size) {
    AlignedBuffer part(size);
    std::ranges::copy(whole.bytes().first(size), part.bytes().begin());
    const Result<LiteModel> model = LiteModel::load(std::move(part));
    REQUIRE_FALSE(model);
  }
}

TEST_CASE("a foreign file is told from a damaged one") {
  AlignedBuffer file = serialize(tiny_pack(kSeed));
  file.bytes()[4] = 'X';
  const Result<LiteModel> model = LiteModel::load(std::move(file));
  REQUIRE_FALSE(model);
  CHECK(model.error().code == ErrorCode::pack_wrong_type);
}

TEST_CASE("a pack with any one bit flipped is refused or runs") {
  const AlignedBuffer whole = serialize(tiny_pack(kSeed));
  std::mt19937 random(kSeed);
  for (std::size_t bit = 0; bit < whole.bytes().size() * 8; ++bit) {
    AlignedBuffer file(whole.bytes().size());
    std::ranges::copy(whole.bytes(), file.bytes().begin());
    file.bytes()[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    const Result<LiteModel> model = LiteModel::load(std::move(file));
    if (!model) continue;
    const std::vector<std::int32_t> ids = {0, 1, static_cast<std::int32_t>(model->vocabulary_size()) - 1};
    const LiteFeatures features = model->encode(ids, {0, 1});
    if (const schema::LinearHead* head = model->find_head("sentiment")) CHECK(model->run_head(*head, features).logits.size() >= 1);
  }
}

}  // namespace
}  // namespace aftersense
