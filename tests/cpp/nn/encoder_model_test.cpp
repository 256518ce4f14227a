#include "nn/encoder_model.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <sstream>
#include <string>
#include <utility>

#include "allocations.h"
#include "catch_amalgamated.hpp"
#include "nn/hex.h"
#include "nn/tiny_pack.h"
#include "support.h"

namespace aftersense {
namespace {

using test::hex_of;
using test::joined;
using test::serialize;
using test::split;

constexpr std::uint32_t kSeed = 5;
constexpr std::size_t kLeading = 128;  // dimensions of an embedding that serve alone

// Of tests/golden/tiny_encoder.aspack.
constexpr std::size_t kCapacity = 14;  // pieces of a window
constexpr std::size_t kOverlap = 4;

AlignedBuffer tiny_file() {
  return test::to_buffer(test::read_text("tests/golden/tiny_encoder.aspack"));
}

schema::ModelPackT tiny_encoder() {
  schema::ModelPackT pack;
  schema::GetModelPack(tiny_file().bytes().data())->UnPackTo(&pack);
  return pack;
}

EncoderModel tiny_model() {
  Result<EncoderModel> model = EncoderModel::load(tiny_file());
  REQUIRE(model);
  return *std::move(model);
}

std::vector<std::int32_t> random_ids(std::size_t count, std::size_t vocabulary) {
  std::mt19937 random(kSeed);
  std::uniform_int_distribution<std::int32_t> draw(0, static_cast<std::int32_t>(vocabulary) - 1);
  std::vector<std::int32_t> ids(count);
  std::ranges::generate(ids, [&] { return draw(random); });
  return ids;
}

std::vector<float> run_token_head(const EncoderModel& model, const EncodedText& text) {
  return model.run_token_head(*model.find_head("evidence"), text);
}

TEST_CASE("the tiny encoder gives the reference's bits") {
  EncoderModel model = tiny_model();
  std::istringstream golden(test::read_text("tests/golden/tiny_encoder.tsv"));
  std::size_t texts = 0;
  bool past_names = false;
  for (std::string line; std::getline(golden, line);) {
    if (line.starts_with('#')) continue;
    if (!std::exchange(past_names, true)) continue;
    const std::vector<std::string> cells = split(line, '\t');
    REQUIRE(cells.size() == 9);
    std::vector<std::int32_t> ids;
    std::istringstream pieces(cells[0]);
    for (std::int32_t id; pieces >> id;) ids.push_back(id);
    INFO("to regenerate after a deliberate change: python tests/golden/make_tiny_encoder.py");
    CAPTURE(ids);

    const EncodedText text = model.encode(ids);
    const auto logits = [&](const char* task) { return hex_of(model.run_head(*model.find_head(task), text)); };
    CHECK(hex_of(text.pooled) == joined(cells[1]));
    CHECK(logits("sentiment") == joined(cells[2]));
    CHECK(logits("polarity") == joined(cells[3]));
    CHECK(logits("aspects") == joined(cells[4]));
    CHECK(hex_of(run_token_head(model, text)) == joined(cells[5]));
    CHECK(logits("embedding") == joined(cells[7]));
    std::vector<float> leading = model.run_head(*model.find_head("embedding"), text);
    leading.resize(kLeading);
    make_unit(leading);
    CHECK(hex_of(leading) == joined(cells[8]));
    ++texts;
  }
  CHECK(texts == 25);
}

TEST_CASE("windows join as FORMAT.md says, from the first piece over the limit") {
  EncoderModel model = tiny_model();
  const std::size_t length = GENERATE(as<std::size_t>{}, 14, 15, 24, 25, 200);
  CAPTURE(length);
  const std::vector<std::int32_t> ids = random_ids(length, model.vocabulary_size());
  const std::size_t labels = model.find_head("evidence")->labels()->size();

  std::vector<float> pooled(model.features());
  std::vector<float> marks;
  float tokens = 0;
  for (std::size_t begin = 0;; begin += kCapacity - kOverlap) {
    const auto window = std::span(ids).subspan(begin, std::min(kCapacity, length - begin));
    const EncodedText part = model.encode(window);
    const auto weight = static_cast<float>(window.size() + 2);
    tokens += weight;
    for (std::size_t d = 0; d < pooled.size(); ++d) pooled[d] += weight * part.pooled[d];
    const std::vector<float> part_marks = run_token_head(model, part);
    marks.resize((begin == 0 ? 0 : begin + kOverlap / 2) * labels);  // its last ones were the earlier window's second half
    marks.insert(marks.end(), part_marks.end() - static_cast<std::ptrdiff_t>((begin + window.size()) * labels - marks.size()),
                 part_marks.end());
    if (begin + window.size() == length) break;
  }
  for (float& value : pooled) value /= tokens;
  if (length <= kCapacity) pooled = model.encode(ids).pooled;

  const EncodedText text = model.encode(ids);
  CHECK(hex_of(text.pooled) == hex_of(pooled));
  CHECK(run_token_head(model, text).size() == length * labels);
  CHECK(hex_of(run_token_head(model, text)) == hex_of(marks));
}

TEST_CASE("texts encoded together have the bits that each has alone, in their order") {
  EncoderModel model = tiny_model();
  std::vector<std::vector<std::int32_t>> texts;
  for (const std::size_t length : {3, 0, 1, 14, 15, 2, 5, 0, 60, 7, 1, 24, 25, 0}) {
    texts.push_back(random_ids(length, model.vocabulary_size()));
    std::ranges::reverse(texts.back());  // so that texts do not begin alike
  }
  const std::vector<std::span<const std::int32_t>> views(texts.begin(), texts.end());
  const std::vector<EncodedText> together = model.encode(views);
  REQUIRE(together.size() == texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    CAPTURE(i, texts[i].size());
    const EncodedText alone = model.encode(texts[i]);
    CHECK(hex_of(together[i].pooled) == hex_of(alone.pooled));
    CHECK(together[i].quantized_pooled.values == alone.quantized_pooled.values);
    CHECK(hex_of(run_token_head(model, together[i])) == hex_of(run_token_head(model, alone)));
  }
  CHECK(model.encode(std::span<const std::span<const std::int32_t>>()).empty());
}

TEST_CASE("encoding allocates nothing but its result") {
  EncoderModel model = tiny_model();
  for (const std::size_t length : {1, 14, 15, 500}) {
    CAPTURE(length);
    const std::vector<std::int32_t> ids = random_ids(length, model.vocabulary_size());
    const std::size_t before = test::allocations();
    const EncodedText text = model.encode(ids);
    CHECK(test::allocations() - before == 5);  // the vectors of an EncodedText
    CHECK(text.states.scales.size() == length);
  }
}

TEST_CASE("the cost of a long text is linear: few more tokens run than it has pieces") {
  EncoderModel model = tiny_model();
  std::size_t tokens = 0;
  std::vector<float> zeros;
  model.set_window_runner([&](std::span<const std::int32_t> window) {
    tokens += window.size();
    zeros.resize(window.size() * model.features());
    return std::span<const float>(zeros);
  });
  for (const std::size_t length : {0, 14, 15, 100, 1000, 10'000}) {
    CAPTURE(length);
    tokens = 0;
    (void)model.encode(random_ids(length, model.vocabulary_size()));
    CHECK(tokens >= length + 2);
    CHECK(tokens <= (kCapacity + 2) * (1 + length / (kCapacity - kOverlap)));
  }
}

TEST_CASE("states that another runtime finds are pooled layer by layer, and the last layer's judge tokens") {
  EncoderModel model = tiny_model();
  const std::size_t hidden = model.pack().encoder()->hidden();
  const std::size_t layers = model.pack().encoder()->pooled()->size();
  REQUIRE(layers == 2);
  std::vector<float> states;
  model.set_window_runner([&](std::span<const std::int32_t> window) {
    states.clear();
    for (std::size_t t = 0; t < window.size(); ++t) {
      for (std::size_t i = 0; i < layers * hidden; ++i) states.push_back(i < hidden ? static_cast<float>(t) : -1.0F);
    }
    return std::span<const float>(states);
  });
  const EncodedText text = model.encode(random_ids(3, model.vocabulary_size()));
  const std::span<const float> pooled = text.pooled;
  CHECK(std::ranges::all_of(pooled.first(hidden), [](float value) { return value == 2; }));  // of tokens 0 to 4
  CHECK(std::ranges::all_of(pooled.subspan(hidden), [](float value) { return value == -1; }));
  CHECK(std::ranges::all_of(text.states.values, [](std::int8_t value) { return value == -127; }));
}

TEST_CASE("an encoder for which there is no memory is an error, not the end of the program") {
  {
    const test::MemoryLimit limit(64 * 1024);
    const Result<EncoderModel> model = EncoderModel::load(tiny_file());
    REQUIRE_FALSE(model);
    CHECK(model.error().code == ErrorCode::out_of_memory);
    CHECK_THAT(model.error().message, Catch::Matchers::ContainsSubstring("MB"));
  }
  CHECK(tiny_model().size_bytes() > 64 * 1024);
}

TEST_CASE("a text leaves nothing behind for the next one, nor does moving the model") {
  EncoderModel model = tiny_model();
  const std::vector<std::int32_t> ids = random_ids(9, model.vocabulary_size());
  const std::string before = hex_of(model.encode(ids).pooled);
  (void)model.encode(random_ids(100, model.vocabulary_size()));
  CHECK(hex_of(model.encode(ids).pooled) == before);
  EncoderModel moved = std::move(model);
  CHECK(hex_of(moved.encode(ids).pooled) == before);
  CHECK(moved.find_head("sentiment")->labels()->Get(2)->str() == "positive");
}

TEST_CASE("the first and the last piece of the vocabulary are pieces like others") {
  EncoderModel model = tiny_model();
  REQUIRE(model.vocabulary_size() == 126);
  const EncodedText first = model.encode(std::vector<std::int32_t>{0});
  const EncodedText last = model.encode(std::vector<std::int32_t>{125});
  CHECK(first.pooled != last.pooled);
  CHECK(first.states.scales.size() == 1);
}

TEST_CASE("an encoder without a head for tokens keeps no states") {
  schema::ModelPackT pack = tiny_encoder();
  std::erase_if(pack.encoder_heads, [](const auto& head) { return head->kind == schema::HeadKind::TokenMarks; });
  Result<EncoderModel> model = EncoderModel::load(serialize(pack));
  REQUIRE(model);
  const EncodedText text = model->encode(std::vector<std::int32_t>{3, 4});
  CHECK(text.states.values.empty());
  CHECK(hex_of(text.pooled) == hex_of(tiny_model().encode(std::vector<std::int32_t>{3, 4}).pooled));
}

TEST_CASE("an encoder's heads and calibrations are found by name") {
  const EncoderModel model = tiny_model();
  CHECK(model.find_head("weather") == nullptr);
  REQUIRE(model.find_calibration("sentiment", "zh") != nullptr);
  CHECK_THAT(model.find_calibration("sentiment", "zh")->temperature(), Catch::Matchers::WithinULP(1.5F, 0));
  CHECK(model.find_calibration("sentiment", "en") == nullptr);
}

TEST_CASE("a vector without length stays as it is") {
  std::vector<float> zeros(8);
  make_unit(zeros);
  CHECK(zeros == std::vector<float>(8));
}

TEST_CASE("a loaded encoder holds its weights once") {
  const schema::ModelPackT pack = tiny_encoder();
  std::size_t weights = 0;
  for (const auto& layer : pack.encoder->layers) {
    for (const auto* linear : {&layer->query_key_value, &layer->attention_output, &layer->feed_forward_up, &layer->feed_forward_down}) {
      weights += (*linear)->weights->rows * (*linear)->weights->columns;
    }
  }
  const EncoderModel model = tiny_model();
  CHECK(model.size_bytes() > weights);
  CHECK(model.size_bytes() < 2 * weights + 16 * 1024);  // heads, pieces, positions, arena, tokeniser
  CHECK(model.pack().encoder()->layers()->size() == 0);
  CHECK(model.find_head("embedding")->linear()->weights()->codes()->size() == 0);
  CHECK(model.pack().name()->str() == pack.name);
  CHECK(std::ranges::equal(model.tokenizer_bytes(), pack.tokenizer));
  CHECK(reinterpret_cast<std::uintptr_t>(model.tokenizer_bytes().data()) % AlignedBuffer::kAlignment == 0);
}

TEST_CASE("an encoder pack whose numbers contradict each other is refused, naming the field") {
  struct Damage {
    std::string field;
    std::function<void(schema::ModelPackT&)> apply;
    ErrorCode code = ErrorCode::pack_corrupt;
  };
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<Damage> damages = {
      {"format version 2", [](auto& p) { p.format_version = 2; }, ErrorCode::pack_wrong_version},
      {"max_bytes", [](auto& p) { p.max_bytes = 1; }},
      {"encoder is missing", [](auto& p) { p.encoder.reset(); }},
      {"encoder.hidden", [](auto& p) { p.encoder->hidden = 0; }},
      {"encoder.hidden", [](auto& p) { p.encoder->hidden = 48; }},
      {"encoder.hidden", [](auto& p) { p.encoder->hidden = 4096; }},
      {"encoder.feed_forward", [](auto& p) { p.encoder->feed_forward = 95; }},
      {"encoder.attention_heads", [](auto& p) { p.encoder->attention_heads = 0; }},
      {"encoder.attention_heads", [](auto& p) { p.encoder->attention_heads = 3; }},
      {"encoder.attention_heads", [](auto& p) { p.encoder->attention_heads = 16; }},
      {"encoder.epsilon", [](auto& p) { p.encoder->epsilon = 0; }},
      {"encoder.epsilon", [=](auto& p) { p.encoder->epsilon = nan; }},
      {"encoder.window", [](auto& p) { p.encoder->window = 2; }},
      {"encoder.window", [](auto& p) { p.encoder->window = 41; }},
      {"encoder.window", [](auto& p) { p.encoder->window = 60'000; }},
      {"encoder.overlap", [](auto& p) { p.encoder->overlap = 14; }},
      {"encoder.overlap", [](auto& p) { p.encoder->overlap = 65'535; }},
      {"encoder.begin_id", [](auto& p) { p.encoder->begin_id = 126; }},
      {"encoder.end_id", [](auto& p) { p.encoder->end_id = 126; }},
      {"encoder.unknown_id", [](auto& p) { p.encoder->unknown_id = 4'000'000'000; }},
      {"encoder.tokens.codes", [](auto& p) { p.encoder->tokens->codes.pop_back(); }},
      {"encoder.tokens.columns", [](auto& p) { p.encoder->tokens->columns = 63; }},
      {"encoder.tokens.columns", [](auto& p) { p.encoder->tokens->columns = 96; }},
      {"encoder.tokens.bits", [](auto& p) { p.encoder->tokens->bits = 7; }},
      {"encoder.tokens.bits", [](auto& p) { p.encoder->tokens->bits = 0; }},
      {"encoder.tokens.codes", [](auto& p) { p.encoder->tokens->rows = 0x8000'0000; }},  // 2³¹ · 32 bytes is 0 in 32 bits
      {"encoder.tokens.block_scales", [](auto& p) { p.encoder->tokens->block_scales.clear(); }},
      {"encoder.tokens.row_scales", [=](auto& p) { p.encoder->tokens->row_scales[125] = nan; }},
      {"encoder.tokens.row_scales", [](auto& p) { p.encoder->tokens->row_scales[0] = 0; }},
      {"encoder.positions.row_scales", [=](auto& p) { p.encoder->positions->row_scales[1] = infinity; }},
      {"encoder.layers[0].feed_forward_up.weights.row_scales",
       [](auto& p) { p.encoder->layers[0]->feed_forward_up->weights->row_scales[95] *= -1; }},
      {"encoder_heads.intent.linear.weights.row_scales",
       [](auto& p) {
         p.encoder_heads[0]->task = "intent";
         p.calibrations.clear();
         p.encoder_heads[0]->linear->weights->row_scales[2] = 0;
       }},
      {"encoder.positions.row_scales", [](auto& p) { p.encoder->positions->row_scales.pop_back(); }},
      {"encoder.embedding_norm.gain", [=](auto& p) { p.encoder->embedding_norm->gain[0] = infinity; }},
      {"encoder.embedding_norm.bias", [](auto& p) { p.encoder->embedding_norm->bias.clear(); }},
      {"encoder.layers is empty", [](auto& p) { p.encoder->layers.clear(); }},
      {"encoder.layers[0].query_key_value.weights.rows",
       [](auto& p) { std::swap(p.encoder->layers[0]->query_key_value, p.encoder->layers[0]->attention_output); }},
      {"encoder.layers[1].query_key_value.weights.codes", [](auto& p) { p.encoder->layers[1]->query_key_value->weights->bits = 5; }},
      {"encoder.layers[1].attention_output.weights.row_scales",
       [](auto& p) { p.encoder->layers[1]->attention_output->weights->row_scales[0] = 1025; }},
      {"encoder.layers[0].attention_norm.gain", [](auto& p) { p.encoder->layers[0]->attention_norm->gain.push_back(1); }},
      {"encoder.layers[0].feed_forward_up.bias", [=](auto& p) { p.encoder->layers[0]->feed_forward_up->bias[95] = -infinity; }},
      {"encoder.layers[1].feed_forward_down.weights.columns",
       [](auto& p) { p.encoder->layers[1]->feed_forward_down->weights->columns = 64; }},
      {"encoder.layers[1].output_norm.bias", [=](auto& p) { p.encoder->layers[1]->output_norm->bias[63] = nan; }},
      {"encoder.pooled is empty", [](auto& p) { p.encoder->pooled.clear(); }},
      {"encoder.pooled counts from 1", [](auto& p) { p.encoder->pooled = {0, 3}; }},
      {"encoder.pooled does not ascend", [](auto& p) { p.encoder->pooled = {3, 3}; }},
      {"encoder.pooled does not ascend", [](auto& p) { p.encoder->pooled = {2, 1, 3}; }},
      {"encoder.pooled does not end with the last layer", [](auto& p) { p.encoder->pooled = {1, 2}; }},
      {"encoder.pooled does not end with the last layer", [](auto& p) { p.encoder->pooled = {3, 4}; }},
      {"encoder_heads.sentiment.linear.weights.columns", [](auto& p) { p.encoder->pooled = {1, 2, 3}; }},
      {"encoder_heads is empty", [](auto& p) { p.encoder_heads.clear(); }},
      {"encoder_heads.sentiment.kind", [](auto& p) { p.encoder_heads[0]->kind = static_cast<schema::HeadKind>(4); }},
      {"encoder_heads.sentiment.labels", [](auto& p) { p.encoder_heads[0]->labels.pop_back(); }},
      {"encoder_heads.sentiment.group", [](auto& p) { p.encoder_heads[0]->group = 0; }},
      {"encoder_heads.polarity.group", [](auto& p) { p.encoder_heads[1]->group = 4; }},
      {"encoder_heads.embedding.labels", [](auto& p) { p.encoder_heads[4]->labels = {"surplus"}; }},
      {"encoder_heads.evidence.linear.bias", [=](auto& p) { p.encoder_heads[3]->linear->bias[0] = nan; }},
      {"encoder_heads.embedding.linear.weights.rows", [](auto& p) { p.encoder_heads[4]->linear->weights->rows = 0; }},
      {"encoder_heads.aspects.linear.weights.columns", [](auto& p) { p.encoder_heads[2]->linear->weights->columns = 32; }},
      {"heads name a task twice", [](auto& p) { p.encoder_heads[2]->task = p.encoder_heads[0]->task; }},
      {"calibrations name a task and language twice",
       [](auto& p) { p.calibrations.push_back(std::make_unique<schema::CalibrationT>(*p.calibrations[0])); }},
      {"calibration.task", [](auto& p) { p.calibrations[0]->task = "weather"; }},
      {"calibration.bias", [](auto& p) { p.calibrations[1]->bias.pop_back(); }},
      {"calibration.temperature", [=](auto& p) { p.calibrations[0]->temperature = nan; }},
      {"calibration.lite_factor", [](auto& p) { p.calibrations[0]->lite_factor = 1e30F; }},
  };
  for (const Damage& damage : damages) {
    schema::ModelPackT pack = tiny_encoder();
    damage.apply(pack);
    const Result<EncoderModel> model = EncoderModel::load(serialize(pack));
    CAPTURE(damage.field);
    REQUIRE_FALSE(model);
    CHECK(model.error().code == damage.code);
    CHECK_THAT(model.error().message, Catch::Matchers::ContainsSubstring(damage.field));
  }
}

TEST_CASE("neither tier reads the other's pack") {
  const Result<EncoderModel> model = EncoderModel::load(serialize(test::tiny_pack(kSeed)));
  REQUIRE_FALSE(model);
  CHECK(model.error().code == ErrorCode::pack_corrupt);
}

TEST_CASE("a truncated encoder pack is refused") {
  const AlignedBuffer whole = tiny_file();
  for (std::size_t size = 0; size < whole.bytes().size(); size += 97) {
    AlignedBuffer part(size);
    std::ranges::copy(whole.bytes().first(size), part.bytes().begin());
    const Result<EncoderModel> model = EncoderModel::load(std::move(part));
    CAPTURE(size);
    REQUIRE_FALSE(model);
    CHECK((model.error().code == ErrorCode::pack_truncated || model.error().code == ErrorCode::pack_corrupt));
  }
}

/// Every head on texts of one and of several windows.
void check_finite(EncoderModel& model) {
  for (const std::size_t length : {0, 5, 20}) {
    const EncodedText text = model.encode(random_ids(length, model.vocabulary_size()));
    const auto finite = [](float value) { return std::isfinite(value); };
    CHECK(std::ranges::all_of(text.pooled, finite));
    for (const schema::EncoderHead* head : *model.pack().encoder_heads()) {
      const bool marks = head->kind() == schema::HeadKind::TokenMarks;
      CHECK(std::ranges::all_of(marks ? model.run_token_head(*head, text) : model.run_head(*head, text), finite));
    }
  }
}

TEST_CASE("an encoder pack with one bit flipped is refused or runs") {
  const AlignedBuffer whole = tiny_file();
  std::mt19937 random(kSeed);
  std::uniform_int_distribution<std::size_t> draw(0, whole.bytes().size() * 8 - 1);
  for (int i = 0; i < 300; ++i) {
    const std::size_t bit = draw(random);
    CAPTURE(bit);
    AlignedBuffer file = tiny_file();
    file.bytes()[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    Result<EncoderModel> model = EncoderModel::load(std::move(file));
    if (model) check_finite(*model);
  }
}

TEST_CASE("an encoder with the greatest parameters that are allowed stays finite") {
  schema::ModelPackT pack = tiny_encoder();
  const int sign = GENERATE(-1, 1);
  const auto fill = [=](std::vector<float>& values) { std::ranges::fill(values, static_cast<float>(1024 * sign)); };
  const auto fill_linear = [=](schema::LinearT& linear) {
    fill(linear.bias);
    std::ranges::fill(linear.weights->row_scales, 1024.0F);
    std::ranges::fill(linear.weights->codes, std::uint8_t{0xFF});
    std::ranges::fill(linear.weights->block_scales, static_cast<std::int8_t>(127 * sign));
  };
  for (const auto& layer : pack.encoder->layers) {
    for (auto* linear : {&layer->query_key_value, &layer->attention_output, &layer->feed_forward_up, &layer->feed_forward_down}) {
      fill_linear(**linear);
    }
    for (auto* norm : {&layer->attention_norm, &layer->output_norm}) {
      fill((*norm)->gain);
      fill((*norm)->bias);
    }
  }
  for (const auto& head : pack.encoder_heads) fill_linear(*head->linear);
  for (auto* matrix : {&pack.encoder->tokens, &pack.encoder->positions}) std::ranges::fill((*matrix)->row_scales, 1024.0F);
  Result<EncoderModel> model = EncoderModel::load(serialize(pack));
  REQUIRE(model);
  check_finite(*model);
}

TEST_CASE("loading an encoder a hundred times leaks nothing") {
  for (int i = 0; i < 100; ++i) {  // the leak checker of the native build is the judge
    EncoderModel model = tiny_model();
    (void)model.encode(random_ids(20, model.vocabulary_size()));
  }
}

}  // namespace
}  // namespace aftersense
