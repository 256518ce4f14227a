// The analyzer with a base model beside the shipped lite one.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "allocations.h"
#include "catch_amalgamated.hpp"
#include "tasks/analyze.h"
#include "tasks/tiny_base.h"
#include "text/clean.h"

namespace aftersense {
namespace {

using Catch::Matchers::WithinAbs;
using test::serialize;
using test::set_logits;
using test::tiny_base;

enum Label : std::size_t { kNegative, kNeutral, kPositive };

AlignedBuffer lite_pack() {
  return test::to_buffer(test::read_text("models/lite/aftersense-lite.aspack"));
}

Analyzer lite_only() {
  Result<Analyzer> analyzer = Analyzer::load(lite_pack());
  REQUIRE(analyzer);
  return *std::move(analyzer);
}

Analyzer with_base(const schema::ModelPackT& base) {
  Analyzer analyzer = lite_only();
  REQUIRE_FALSE(analyzer.load_base(serialize(base)).has_value());
  return analyzer;
}

Analysis analyze(Analyzer& analyzer, std::string_view text, const Analyzer::Options& options = {}) {
  Result<Analysis> analysis = analyzer.analyze(text, options);
  REQUIRE(analysis);
  return *std::move(analysis);
}

/// What the lite model makes of a text, before calibration.
SentimentLogits lite_logits(const Analyzer& analyzer, const std::string& cleaned) {
  const Result<Tokenizer> tokenizer = Tokenizer::load(analyzer.lite_model().tokenizer_bytes());
  REQUIRE(tokenizer);
  const Result<SentimentJudge> judge = SentimentJudge::create(analyzer.lite_model(), *tokenizer);
  REQUIRE(judge);
  return judge->read(cleaned).logits;
}

/// A base model whose sentiment is negative, whatever the text.
schema::ModelPackT sullen_base() {
  schema::ModelPackT pack = tiny_base();
  set_logits(pack, "sentiment", {3, 0, 1});
  return pack;
}

void check_same_verdict(const Analysis& a, const Analysis& b) {
  CHECK(a.sentiment.scores == b.sentiment.scores);
  CHECK(a.tier == b.tier);
  CHECK(a.understanding.has_value() == b.understanding.has_value());
}

TEST_CASE("base judges where it is loaded and asked for, lite otherwise") {
  constexpr std::string_view kPraise = "质量很好，物流也快，下次还会来";
  Analyzer plain = lite_only();
  CHECK(plain.base_model() == nullptr);
  const Analysis without = analyze(plain, kPraise);
  CHECK(without.tier == Tier::lite);
  CHECK(without.sentiment.label() == kPositive);
  REQUIRE(without.understanding);
  CHECK_FALSE(without.understanding->detail);

  Analyzer analyzer = with_base(sullen_base());
  REQUIRE(analyzer.base_model() != nullptr);
  const Analysis by_base = analyze(analyzer, kPraise);
  CHECK(by_base.tier == Tier::base);
  CHECK(by_base.sentiment.label() == kNegative);
  CHECK_THAT(by_base.sentiment.confidence, WithinAbs(std::exp(3) / (std::exp(3) + 1 + std::exp(1)), 1e-6));
  REQUIRE(by_base.understanding);
  CHECK(by_base.understanding->intent.label == "praise");
  REQUIRE(by_base.keywords.size() == without.keywords.size());
  for (std::size_t i = 0; i < without.keywords.size(); ++i) CHECK(by_base.keywords[i].span == without.keywords[i].span);
  check_same_verdict(analyze(analyzer, kPraise, {.tier = Tier::lite}), without);
}

TEST_CASE("lite's logits join those of base by the factor of the language, before bias and temperature") {
  schema::ModelPackT pack = sullen_base();
  test::calibrate_head(pack, "sentiment", "zh", 1.5F, {0.5F, -0.25F, 0}, 0.75F);
  test::calibrate_head(pack, "sentiment", "en", 1, {0, 0, 0});
  Analyzer analyzer = with_base(pack);

  const SentimentLogits lite = lite_logits(analyzer, "质量很好,物流也快");
  std::array<double, 3> expected = {std::exp((3 + 0.75 * lite[0] - 0.5) / 1.5), std::exp((0.75 * lite[1] + 0.25) / 1.5),
                                    std::exp((1 + 0.75 * lite[2]) / 1.5)};
  const double sum = std::accumulate(expected.begin(), expected.end(), 0.0);
  const Analysis chinese = analyze(analyzer, "质量很好，物流也快");
  for (std::size_t k = 0; k < expected.size(); ++k) CHECK_THAT(chinese.sentiment.scores[k], WithinAbs(expected[k] / sum, 1e-5));
  CHECK_THAT(analyze(analyzer, "Great quality, fast delivery").sentiment.confidence,
             WithinAbs(std::exp(3) / (std::exp(3) + 1 + std::exp(1)), 1e-6));
}

TEST_CASE("evidence of aspects is bytes of the text as written") {
  const auto [text, marked, words] = GENERATE(table<std::string, std::vector<std::string>, std::vector<std::string>>({
      {"<p>The <b>BATTERY</b> 😍&nbsp;is great, the ｓｃｒｅｅｎ died</p>",
       {"▁ba", "t", "ery", "▁s", "c", "re", "en"},
       {"BATTERY", "ｓｃｒｅｅｎ"}},
      {"the battery was great :-) and the screen broke", {"😊"}, {":-)"}},
      {"<div>收到😡&#x5C31;坏了！！！！</div>不要👍🏽客 服", {"坏了", "😊"}, {"坏了", "👍🏽"}},
      {"电池&#x8D28;量很差，客服不回复", {"质量很差", "客服"}, {"&#x8D28;量很差，客服"}},
  }));
  schema::ModelPackT pack = tiny_base();
  test::mark_pieces(pack, marked);
  Analyzer analyzer = with_base(pack);
  const Analysis analysis = analyze(analyzer, text);
  CAPTURE(text);
  REQUIRE(analysis.understanding);
  REQUIRE(analysis.understanding->aspects.size() == 2);
  std::vector<std::string> found;
  for (const ByteSpan span : analysis.understanding->aspects[0].evidence) found.emplace_back(span.of(text));
  CHECK(found == words);
}

TEST_CASE("base abstains where lite does, and understands nothing there") {
  const std::string text = GENERATE(as<std::string>{}, "", "   ", "<br><p></p>", "12345", "😍👍🎉", "この商品は最高です。また買います。",
                                    "この商品は最高です。😍");
  Analyzer plain = lite_only();
  Analyzer analyzer = with_base(sullen_base());
  CAPTURE(text);
  const Analysis analysis = analyze(analyzer, text, {.explain = true});
  const Analysis without = analyze(plain, text, {.explain = true});
  CHECK_FALSE(analysis.understanding);
  CHECK(analysis.abstained == without.abstained);
  check_same_verdict(analysis, without);
}

TEST_CASE("base judges the first 32 sentences one by one, lite the others") {
  Analyzer analyzer = with_base(sullen_base());
  std::string text;
  for (std::size_t i = 0; i < kMaxBaseSentences + 2; ++i) text += "质量很好。";  // each of few pieces: several share a run of the encoder
  const Analysis analysis = analyze(analyzer, text);
  REQUIRE(analysis.sentences.size() == kMaxBaseSentences + 2);
  for (std::size_t i = 0; i < analysis.sentences.size(); ++i) {
    CAPTURE(i);
    CHECK(analysis.sentences[i].sentiment.label() == (i < kMaxBaseSentences ? kNegative : kPositive));
  }
}

TEST_CASE("a text of one sentence has its verdict, one of more has theirs") {
  schema::ModelPackT pack = tiny_base();  // its sentiment depends on the text
  Analyzer analyzer = with_base(pack);
  const Analysis one = analyze(analyzer, "The battery is great!");
  REQUIRE(one.sentences.size() == 1);
  CHECK(one.sentences[0].sentiment.scores == one.sentiment.scores);
  const Analysis two = analyze(analyzer, "The battery is great! The screen broke after two days.");
  REQUIRE(two.sentences.size() == 2);
  CHECK(two.sentences[0].sentiment.scores == one.sentiment.scores);
  CHECK(two.sentences[1].sentiment.scores != two.sentiment.scores);
}

TEST_CASE("the explanation of base's verdict is lite's attribution to that verdict") {
  constexpr std::string_view kPraise = "质量很好,物流也快";
  Analyzer analyzer = with_base(sullen_base());
  const Analysis analysis = analyze(analyzer, kPraise, {.explain = true});
  REQUIRE(analysis.sentiment.label() == kNegative);
  REQUIRE_FALSE(analysis.evidence.empty());
  CHECK(analysis.evidence.front().score < 0);  // lite speaks against it
  const Result<Tokenizer> tokenizer = Tokenizer::load(analyzer.lite_model().tokenizer_bytes());
  REQUIRE(tokenizer);
  const Result<SentimentJudge> judge = SentimentJudge::create(analyzer.lite_model(), *tokenizer);
  REQUIRE(judge);
  const SentimentJudge::Explanation explanation = judge->explain(judge->read(kPraise), kNegative);
  float sum = explanation.rest;
  for (const Contribution& word : analysis.evidence) sum += word.score;
  CHECK_THAT(sum, WithinAbs(explanation.margin, 1e-3));
}

TEST_CASE("a base pack that is refused leaves everything as it was") {
  Analyzer analyzer = lite_only();
  constexpr std::string_view kText = "物流太慢，盒子都破了";
  schema::ModelPackT headless = tiny_base();
  headless.encoder_heads.pop_back();
  schema::ModelPackT strange = tiny_base();
  test::head_of(strange, "detail").task = "detial";
  const auto refuse = [&] {
    CHECK(analyzer.load_base(AlignedBuffer(0)).value().code == ErrorCode::pack_truncated);
    CHECK(analyzer.load_base(lite_pack()).value().code == ErrorCode::pack_corrupt);
    CHECK(analyzer.load_base(serialize(headless)).value().code == ErrorCode::pack_corrupt);
    const Error unknown_head = analyzer.load_base(serialize(strange)).value();
    CHECK(unknown_head.code == ErrorCode::pack_corrupt);
    CHECK_THAT(unknown_head.message, Catch::Matchers::ContainsSubstring("detial"));
  };
  const Analysis before = analyze(analyzer, kText);
  refuse();
  CHECK(analyzer.base_model() == nullptr);
  check_same_verdict(analyze(analyzer, kText), before);

  {
    AlignedBuffer base = serialize(sullen_base());
    const test::MemoryLimit limit(64 * 1024);
    CHECK(analyzer.load_base(std::move(base)).value().code == ErrorCode::out_of_memory);
  }
  check_same_verdict(analyze(analyzer, kText), before);

  REQUIRE_FALSE(analyzer.load_base(serialize(sullen_base())).has_value());
  const Analysis by_base = analyze(analyzer, kText);
  refuse();
  CHECK(analyzer.base_model() != nullptr);
  check_same_verdict(analyze(analyzer, kText), by_base);
}

TEST_CASE("a later base pack takes the place of the one before, and the analyzer may move") {
  Analyzer analyzer = with_base(sullen_base());
  schema::ModelPackT cheerful = tiny_base();
  set_logits(cheerful, "sentiment", {0, 0, 5});
  REQUIRE_FALSE(analyzer.load_base(serialize(cheerful)).has_value());
  Analyzer moved = std::move(analyzer);
  const Analysis analysis = analyze(moved, "物流太慢，盒子都破了");
  CHECK(analysis.sentiment.label() == kPositive);
  CHECK(analysis.understanding->urgency.label == "P3");
}

TEST_CASE("embedded texts have the encoder's vectors, of unit length") {
  Analyzer analyzer = with_base(tiny_base());
  const std::vector<std::string_view> texts = {"", "The <b>battery</b> died", "この商品は最高です", "物流太慢，\n\n盒子都破了"};
  const Result<Embeddings> embeddings = analyzer.embed(texts);
  REQUIRE(embeddings);
  REQUIRE(embeddings->dimensions == 132);
  REQUIRE(embeddings->vectors.size() == texts.size() * 132);

  Result<EncoderModel> model = EncoderModel::load(serialize(tiny_base()));
  REQUIRE(model);
  const Result<Tokenizer> tokenizer = Tokenizer::load(model->tokenizer_bytes());
  REQUIRE(tokenizer);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    CAPTURE(i);
    const auto vector = std::span(embeddings->vectors).subspan(i * 132, 132);
    std::vector<std::int32_t> ids;
    for (const Piece& piece : tokenizer->encode(clean(texts[i]).text)) ids.push_back(piece.id);
    CHECK(ids.empty() == (i == 0));
    CHECK(std::ranges::equal(vector, model->run_head(*model->find_head("embedding"), model->encode(ids))));
    CHECK_THAT(std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0), WithinAbs(1, 1e-5));
  }
  CHECK(analyzer.embed({})->vectors.empty());
}

TEST_CASE("texts are not embedded without a base model, nor over the limit") {
  Analyzer analyzer = lite_only();
  const std::vector<std::string_view> texts = {"质量很好"};
  const Result<Embeddings> missing = analyzer.embed(texts);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ErrorCode::model_missing);
  CHECK_THAT(missing.error().message, Catch::Matchers::ContainsSubstring("base"));

  REQUIRE_FALSE(analyzer.load_base(serialize(tiny_base())).has_value());
  const std::string long_text(kMaxTextBytes + 1, 'a');
  const std::vector<std::string_view> too_long = {"质量很好", long_text};
  REQUIRE_FALSE(analyzer.embed(too_long));
  CHECK(analyzer.embed(too_long).error().code == ErrorCode::text_too_long);
}

TEST_CASE("a pack says of which tier it is") {
  schema::ModelPackT pack = tiny_base();
  CHECK(*read_tier(serialize(pack).bytes()) == Tier::base);
  CHECK(*read_tier(lite_pack().bytes()) == Tier::lite);
  pack.tier = "grand";
  CHECK(read_tier(serialize(pack).bytes()).error().code == ErrorCode::pack_wrong_version);
  CHECK(read_tier({}).error().code == ErrorCode::pack_truncated);
}

}  // namespace
}  // namespace aftersense
