#include "tasks/understand.h"

#include <cmath>
#include <functional>
#include <limits>
#include <random>

#include "catch_amalgamated.hpp"
#include "tasks/tiny_base.h"

namespace aftersense {
namespace {

using Catch::Matchers::WithinAbs;
using test::head_of;
using test::serialize;
using test::set_logits;
using test::tiny_base;

constexpr double kTolerance = 1e-6;
constexpr std::string_view kText = "the battery died";

BaseReader reader_of(const schema::ModelPackT& pack) {
  Result<BaseReader> reader = BaseReader::load(serialize(pack));
  REQUIRE(reader);
  return *std::move(reader);
}

Understanding understand(const schema::ModelPackT& pack, std::string_view text, Language language = Language::en) {
  BaseReader reader = reader_of(pack);
  return reader.understand(reader.read(text), language);
}

double logistic_of(double logit) {
  return 1 / (1 + std::exp(-logit));
}

/// The evidence for logistics where a model marks these pieces.
std::vector<std::string> evidence(std::string_view text, const std::vector<std::string>& marked) {
  schema::ModelPackT pack = tiny_base();
  test::mark_pieces(pack, marked);
  const Understanding understanding = understand(pack, text);
  REQUIRE(understanding.aspects.size() == 2);
  CHECK(understanding.aspects[0].aspect == "logistics");
  CHECK(understanding.aspects[1].evidence.empty());
  std::vector<std::string> words;
  for (const ByteSpan span : understanding.aspects[0].evidence) words.emplace_back(span.of(text));
  return words;
}

TEST_CASE("evidence is the runs of marked pieces, joined over one that is not") {
  // Pieces: ▁电池 质量很差 , 客服 不 回 复
  using Words = std::vector<std::string>;
  const auto [marked, words] = GENERATE(table<Words, Words>({
      {{}, {}},
      {{"质量很差"}, {"质量很差"}},
      {{"▁电池", "质量很差"}, {"电池质量很差"}},
      {{"质量很差", "客服"}, {"质量很差,客服"}},
      {{"质量很差", "不"}, {"质量很差", "不"}},
      {{"质量很差", "客服", "复"}, {"质量很差,客服", "复"}},
      {{"▁电池", "复"}, {"电池", "复"}},
      {{"▁电池", "质量很差", "客服", "不", "回", "复"}, {"电池质量很差,客服不回复"}},
  }));
  CAPTURE(marked);
  CHECK(evidence("电池质量很差,客服不回复", marked) == words);
}

TEST_CASE("the space that stands before a word is neither evidence nor a gap") {
  CHECK(evidence("屏幕坏了", {"▁"}).empty());                                              // ▁ 屏 幕 坏了
  CHECK(evidence("电池 屏幕", {"▁电池", "幕"}) == std::vector<std::string>{"电池 屏幕"});  // ▁电池 ▁ 屏 幕
}

TEST_CASE("evidence reaches over the windows of a long text") {
  std::string text = "质量很差";
  std::vector<std::string> words = {"质量很差"};
  for (int i = 0; i < 20; ++i) {
    text += ",客服不质量很差";
    words.emplace_back("质量很差");
  }
  CHECK(evidence(text, {"质量很差"}) == words);
}

TEST_CASE("evidence is what its calibration leaves above 0, language by language") {
  schema::ModelPackT pack = tiny_base();
  test::mark_pieces(pack, {"质量很差"});
  test::calibrate_head(pack, "evidence", "zh", 1, {64.5F, 0});
  CHECK(understand(pack, "电池质量很差", Language::zh).aspects[0].evidence.empty());
  CHECK(understand(pack, "电池质量很差", Language::en).aspects[0].evidence == std::vector<ByteSpan>{{6, 18}});
}

TEST_CASE("emotions are those at least as likely as not, likeliest first") {
  const std::vector<ScoredLabel> emotions = understand(tiny_base(), kText).emotions;  // logits 0.5, -0.01, 2, 0
  REQUIRE(emotions.size() == 3);
  CHECK(emotions[0].label == "sadness");
  CHECK(emotions[1].label == "joy");
  CHECK(emotions[2].label == "none");
  CHECK_THAT(emotions[0].score, WithinAbs(logistic_of(2), kTolerance));
  CHECK_THAT(emotions[1].score, WithinAbs(logistic_of(0.5), kTolerance));
  CHECK_THAT(emotions[2].score, WithinAbs(0.5, kTolerance));
}

TEST_CASE("a calibration moves the emotions of its language alone") {
  schema::ModelPackT pack = tiny_base();
  test::calibrate_head(pack, "emotions", "zh", 4, {1, -1, 0, 0.5F});
  const std::vector<ScoredLabel> calibrated = understand(pack, kText, Language::zh).emotions;
  REQUIRE(calibrated.size() == 2);
  CHECK(calibrated[0].label == "sadness");
  CHECK_THAT(calibrated[0].score, WithinAbs(logistic_of(2.0 / 4), kTolerance));
  CHECK(calibrated[1].label == "anger");
  CHECK_THAT(calibrated[1].score, WithinAbs(logistic_of((-0.01 + 1) / 4), kTolerance));
  CHECK(understand(pack, kText, Language::en).emotions.size() == 3);
}

TEST_CASE("each aspect has the polarity of its own three logits") {
  schema::ModelPackT pack = tiny_base();
  set_logits(pack, "aspects", {0.25F, 3});
  set_logits(pack, "polarity", {5, 4, 4.5F, -3, -2, -1});
  const std::vector<AspectOpinion> aspects = understand(pack, kText).aspects;
  REQUIRE(aspects.size() == 2);
  CHECK(aspects[0].aspect == "price");
  CHECK(aspects[0].polarity == 2);
  CHECK_THAT(aspects[0].score, WithinAbs(logistic_of(3), kTolerance));
  CHECK(aspects[1].aspect == "logistics");
  CHECK(aspects[1].polarity == 0);
  CHECK_THAT(aspects[1].score, WithinAbs(logistic_of(0.25), kTolerance));

  test::calibrate_head(pack, "polarity", "en", 2, {3, 0, 0, 0, 0, 1.5F});
  const std::vector<AspectOpinion> calibrated = understand(pack, kText).aspects;
  CHECK(calibrated[0].polarity == 1);
  CHECK(calibrated[1].polarity == 2);
}

TEST_CASE("an aspect less likely than not is not spoken of") {
  schema::ModelPackT pack = tiny_base();
  set_logits(pack, "aspects", {-0.01F, -5});
  CHECK(understand(pack, kText).aspects.empty());
}

TEST_CASE("intent and urgency are the likeliest, and the need for a human a probability") {
  const Understanding understanding = understand(tiny_base(), kText);
  CHECK(understanding.intent.label == "praise");
  CHECK_THAT(understanding.intent.score, WithinAbs(std::exp(2) / (1 + std::exp(2) + std::exp(1)), kTolerance));
  CHECK(understanding.urgency.label == "P3");
  CHECK_THAT(understanding.urgency.score, WithinAbs(std::exp(3) / (std::exp(-1) + 1 + std::exp(3) + std::exp(1)), kTolerance));
  CHECK_THAT(understanding.escalate, WithinAbs(logistic_of(-2), kTolerance));
}

TEST_CASE("the detail of an intent is told where it is at least as likely as not") {
  schema::ModelPackT pack = tiny_base();
  REQUIRE(understand(pack, kText).detail);
  CHECK(understand(pack, kText).detail->label == "review");
  CHECK_THAT(understand(pack, kText).detail->score, WithinAbs(logistic_of(1), kTolerance));
  head_of(pack, "detail").labels = {"get_refund", "review", "place_order"};
  head_of(pack, "detail").group = 3;
  set_logits(pack, "detail", {0, 0.5F, 0});  // 0.45
  CHECK_FALSE(understand(pack, kText).detail);
}

TEST_CASE("a pack may lack the heads of what can be left blank") {
  schema::ModelPackT pack = tiny_base();
  set_logits(pack, "aspects", {1, 1});
  std::erase_if(pack.encoder_heads, [](const auto& head) { return head->task == "detail" || head->task == "evidence"; });
  const Understanding understanding = understand(pack, kText);
  CHECK_FALSE(understanding.detail);
  REQUIRE(understanding.aspects.size() == 2);
  CHECK(understanding.aspects[0].evidence.empty());
}

TEST_CASE("line breaks are read as spaces") {
  BaseReader reader = reader_of(tiny_base());
  const BaseReader::Reading lines = reader.read("the battery\ndied");
  CHECK(lines.encoded.pooled == reader.read(kText).encoded.pooled);
  CHECK(lines.encoded.pooled != reader.read("the batterydied").encoded.pooled);
}

TEST_CASE("a base pack whose heads do not fit is refused, naming what") {
  struct Damage {
    std::string what;
    std::function<void(schema::ModelPackT&)> apply;
  };
  std::vector<Damage> damages = {
      {"encoder_heads.intent is of the wrong kind", [](auto& p) { head_of(p, "intent").kind = schema::HeadKind::Marks; }},
      {"encoder_heads.evidence is of the wrong kind",
       [](auto& p) {
         head_of(p, "evidence").kind = schema::HeadKind::Marks;
         set_logits(p, "evidence", {0, 0});
       }},
      {"encoder_heads.sentiment", [](auto& p) { head_of(p, "sentiment").labels = {"positive", "neutral", "negative"}; }},
      {"encoder_heads.polarity", [](auto& p) { std::swap(head_of(p, "polarity").labels[0], head_of(p, "polarity").labels[3]); }},
      {"encoder_heads.polarity", [](auto& p) { head_of(p, "polarity").group = 6; }},
      {"encoder_heads.polarity", [](auto& p) { head_of(p, "aspects").labels[0] = "packaging"; }},
      {"encoder_heads.evidence", [](auto& p) { head_of(p, "evidence").labels = {"price", "logistics"}; }},
      {"encoder_heads.urgency", [](auto& p) { head_of(p, "urgency").group = 2; }},
      {"encoder_heads.escalate",
       [](auto& p) {
         head_of(p, "escalate").labels = {"escalate", "wait"};
         set_logits(p, "escalate", {0, 0});
       }},
      {"calibration.lite_factor",
       [](auto& p) { test::calibrate_head(p, "sentiment", "zh", 1, {0, 0, 0}, std::numeric_limits<float>::quiet_NaN()); }},
      {"calibration.lite_factor", [](auto& p) { test::calibrate_head(p, "aspects", "zh", 1, {0, 0}, 0.5F); }},
      {"tokeniser", [](auto& p) { p.tokenizer.resize(100); }},
      {"encoder.tokens.rows", [](auto& p) { p.encoder->tokens = test::whole_matrix(127, 64, [](auto, auto) { return 1; }); }},
  };
  for (const std::string task : {"sentiment", "emotions", "aspects", "polarity", "intent", "urgency", "escalate", "embedding"}) {
    damages.push_back({"encoder_heads." + task + " is missing",
                       [=](auto& p) { std::erase_if(p.encoder_heads, [&](const auto& head) { return head->task == task; }); }});
  }
  for (const Damage& damage : damages) {
    schema::ModelPackT pack = tiny_base();
    damage.apply(pack);
    const Result<BaseReader> reader = BaseReader::load(serialize(pack));
    CAPTURE(damage.what);
    REQUIRE_FALSE(reader);
    CHECK(reader.error().code == ErrorCode::pack_corrupt);
    CHECK_THAT(reader.error().message, Catch::Matchers::ContainsSubstring(damage.what));
  }
}

TEST_CASE("a base pack with one bit flipped is refused or safe to read with") {
  constexpr std::string_view kProbe = "the battery broke\n质量很好,物流很快! 😊 aaaaaaaaaaaaaaaaaaaaa zzz 很很很 é";
  schema::ModelPackT pack = tiny_base();
  set_logits(pack, "aspects", {1, 1});
  test::calibrate_head(pack, "evidence", "en", 2, {0.5F, -0.5F});
  const AlignedBuffer whole = serialize(pack);
  std::mt19937 random(17);
  std::uniform_int_distribution<std::size_t> draw(0, whole.bytes().size() * 8 - 1);
  for (int i = 0; i < 200; ++i) {
    AlignedBuffer file(whole.bytes().size());
    std::ranges::copy(whole.bytes(), file.bytes().begin());
    const std::size_t bit = draw(random);
    file.bytes()[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    CAPTURE(bit);
    Result<BaseReader> reader = BaseReader::load(std::move(file));
    if (!reader) continue;
    const BaseReader::Reading reading = reader->read(kProbe);
    for (const AspectOpinion& opinion : reader->understand(reading, Language::en).aspects) {
      for (const ByteSpan span : opinion.evidence) REQUIRE((span.begin < span.end && span.end <= kProbe.size()));
    }
    CHECK(reader->embed(reading).size() == 132);
    CHECK(reader->judge(reading, {}, Language::en).label() < 3);
  }
}

}  // namespace
}  // namespace aftersense
