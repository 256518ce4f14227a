#include "tasks/analyze.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "catch_amalgamated.hpp"
#include "support.h"
#include "text/clean.h"

namespace aftersense {
namespace {

enum Label : std::size_t { kNegative, kNeutral, kPositive };

Analyzer& shipped() {
  static Result<Analyzer> analyzer = Analyzer::load(test::to_buffer(test::read_text("models/lite/aftersense-lite.aspack")));
  REQUIRE(analyzer);
  return *analyzer;
}

Analysis analyze(std::string_view text, bool explain = false) {
  Result<Analysis> analysis = shipped().analyze(text, {.explain = explain});
  REQUIRE(analysis);
  return *std::move(analysis);
}

TEST_CASE("plain praise and plain complaints are told apart in both languages") {
  const auto [text, language, label] = GENERATE(table<std::string, Language, std::size_t>({
      {"质量很好，物流也快，下次还会来", Language::zh, kPositive},
      {"物流太慢，盒子都破了", Language::zh, kNegative},
      {"用了两天就坏了，客服也不理人，太失望了", Language::zh, kNegative},
      {"Great quality, fast delivery, I love it!", Language::en, kPositive},
      {"It broke after two days and nobody answers my emails. Terrible.", Language::en, kNegative},
      {"<p>Works &amp; looks great &#128522;</p>", Language::en, kPositive},
  }));
  const Analysis analysis = analyze(text);
  CAPTURE(text, analysis.sentiment.scores);
  CHECK(analysis.language == language);
  CHECK(analysis.sentiment.label() == label);
  CHECK_FALSE(analysis.abstained);
}

TEST_CASE("scores are probabilities") {
  const Analysis analysis =
      analyze(GENERATE(as<std::string>{}, "一般般", "ok", "快递员态度恶劣！！！", "😊", "Wo ist mein Paket? Ich warte seit zwei Wochen."));
  const auto& scores = analysis.sentiment.scores;
  CHECK(std::ranges::all_of(scores, [](float score) { return score >= 0 && score <= 1; }));
  CHECK_THAT(scores[0] + scores[1] + scores[2], Catch::Matchers::WithinAbs(1, 1e-5));
}

TEST_CASE("nothing to judge gives equal scores, no confidence and no evidence") {
  const std::string text = GENERATE(as<std::string>{}, "", "   ", std::string("\0\0", 2), "\xff\xfe\x80", "<br><p></p>",
                                    "https://example.com/a?b=c", "12345", "!!!");
  const Analysis analysis = analyze(text, true);
  CAPTURE(text);
  CHECK(analysis.abstained);
  CHECK(analysis.sentiment.confidence == 0);
  CHECK(analysis.sentiment.label() == kNeutral);
  CHECK(analysis.keywords.empty());
  CHECK(analysis.evidence.empty());
}

TEST_CASE("emoji alone are judged") {
  CHECK(analyze("😍👍🎉").sentiment.label() == kPositive);
  CHECK(analyze("😡👎").sentiment.label() == kNegative);
}

TEST_CASE("a language that the model does not know is left alone, its emoji are not") {
  const Analysis plain = analyze("この商品は最高です。また買います。");
  CHECK(plain.language == Language::other);
  CHECK(plain.abstained);
  const Analysis smiling = analyze("この商品は最高です。😍");
  CHECK_FALSE(smiling.abstained);
  CHECK(smiling.sentiment.label() == kPositive);
}

TEST_CASE("evidence is ordered by strength and adds up to the margin") {
  const std::string text = "The fabric is beautiful but the zipper broke on day one, very disappointed.";
  const Analysis analysis = analyze(text, true);
  REQUIRE_FALSE(analysis.evidence.empty());
  CHECK(std::ranges::is_sorted(analysis.evidence, std::ranges::greater_equal{}, [](const Contribution& c) { return std::abs(c.score); }));

  const Result<Tokenizer> tokenizer = Tokenizer::load(shipped().lite_model().tokenizer_bytes());
  REQUIRE(tokenizer);
  const Result<SentimentJudge> judge = SentimentJudge::create(shipped().lite_model(), *tokenizer);
  REQUIRE(judge);
  const std::string cleaned = clean(text).text;
  const auto explanation = judge->explain(judge->read(cleaned), analysis.sentiment.label());
  float sum = explanation.rest;
  for (const Contribution& word : explanation.words) sum += word.score;
  // Float rounding of a few hundred terms.
  CHECK_THAT(sum, Catch::Matchers::WithinAbs(explanation.margin, 1e-3));
}

TEST_CASE("evidence spans are whole words of the text as written, and never overlap") {
  const std::string text = "  <b>WONDERFUL</b> mug ☕ — but ship­ping was sloooooow!!!  ";
  Analysis analysis = analyze(text, true);
  std::ranges::sort(analysis.evidence, {}, [](const Contribution& c) { return c.span.begin; });
  bool found = false;
  for (std::size_t i = 0; i < analysis.evidence.size(); ++i) {
    const ByteSpan span = analysis.evidence[i].span;
    CHECK(span.begin < span.end);
    CHECK(span.end <= text.size());
    if (i > 0) CHECK(analysis.evidence[i - 1].span.end <= span.begin);
    found = found || span.of(text) == "WONDERFUL";
  }
  CHECK(found);
}

TEST_CASE("the strongest evidence of a complaint is the complaint") {
  const std::string text = "颜色好看，可是用了一次就坏了";
  const Analysis analysis = analyze(text, true);
  REQUIRE(analysis.sentiment.label() == kNegative);
  const std::size_t complaint = text.find("用了");
  CHECK(analysis.evidence.front().span.begin >= complaint);
  CHECK(analysis.evidence.front().score > 0);
}

TEST_CASE("each sentence has a verdict of its own") {
  const std::string text = "The mug is wonderful, I love it. The delivery was terrible and late!";
  const Analysis analysis = analyze(text);
  REQUIRE(analysis.sentences.size() == 2);
  CHECK(analysis.sentences[0].span.of(text) == "The mug is wonderful, I love it.");
  CHECK(analysis.sentences[0].sentiment.label() == kPositive);
  CHECK(analysis.sentences[1].sentiment.label() == kNegative);
}

TEST_CASE("a long text is judged by its beginning and its end") {
  std::string text;
  while (text.size() < 1'000'000) text += "快递很快，包装完好。";
  const Analysis analysis = analyze(text, true);
  CHECK(analysis.truncated);
  CHECK(analysis.sentiment.label() == kPositive);
  for (const Contribution& word : analysis.evidence) CHECK(word.span.end <= text.size());
  CHECK(std::ranges::any_of(analysis.evidence, [&](const Contribution& word) { return word.span.begin > text.size() - 5000; }));
}

TEST_CASE("a text over the limit is refused with a code") {
  const Result<Analysis> analysis = shipped().analyze(std::string(kMaxTextBytes + 1, 'a'), {});
  REQUIRE_FALSE(analysis);
  CHECK(analysis.error().code == ErrorCode::text_too_long);
}

TEST_CASE("any bytes at all are taken") {
  std::mt19937 random(GENERATE(as<std::uint32_t>{}, 1, 2, 3, 4, 5, 6, 7, 8));
  std::uniform_int_distribution<int> byte(0, 255);
  std::string text(3000, ' ');
  for (char& c : text) c = static_cast<char>(byte(random));
  const Analysis analysis = analyze(text, true);
  for (const Contribution& word : analysis.evidence) CHECK(word.span.end <= text.size());
}

TEST_CASE("a pack with a damaged tokeniser is refused or still safe") {
  const std::string pack = test::read_text("models/lite/aftersense-lite.aspack");
  const Result<LiteModel> model = LiteModel::load(test::to_buffer(pack));
  REQUIRE(model);
  std::mt19937 random(99);
  const std::size_t base = pack.find(std::string_view(reinterpret_cast<const char*>(model->tokenizer_bytes().data()), 64));
  REQUIRE(base != std::string::npos);
  std::uniform_int_distribution<std::size_t> at(0, model->tokenizer_bytes().size() * 8 - 1);
  for (int round = 0; round < 60; ++round) {
    std::string damaged = pack;
    const std::size_t bit = at(random);
    damaged[base + bit / 8] = static_cast<char>(damaged[base + bit / 8] ^ (1 << (bit % 8)));
    Result<Analyzer> analyzer = Analyzer::load(test::to_buffer(damaged));
    if (analyzer) CHECK(analyzer->analyze("物流太慢，盒子都破了 but I love it", {.explain = true}));
  }
}

}  // namespace
}  // namespace aftersense
