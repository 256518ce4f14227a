// What the shipped lite model reads beside sentiment.
#include "tasks/lite_reader.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "nn/tiny_pack.h"
#include "support.h"
#include "tasks/analyze.h"

namespace aftersense {
namespace {

AlignedBuffer shipped_pack() {
  return test::to_buffer(test::read_text("models/lite/aftersense-lite.aspack"));
}

Understanding understand(std::string_view text) {
  static Result<Analyzer> analyzer = Analyzer::load(shipped_pack());
  REQUIRE(analyzer);
  const Result<Analysis> analysis = analyzer->analyze(text, {});
  REQUIRE(analysis);
  REQUIRE(analysis->understanding);
  CHECK(analysis->urgency.has_value());
  return *analysis->understanding;
}

const AspectOpinion* find(const Understanding& understanding, std::string_view aspect) {
  const auto found = std::ranges::find(understanding.aspects, aspect, &AspectOpinion::aspect);
  return found == understanding.aspects.end() ? nullptr : &*found;
}

TEST_CASE("lite reads what a plain message asks for in either language") {
  CHECK(understand("我要退款，请把钱退给我").intent.label == "request_refund");
  CHECK(understand("Please cancel my order").intent.label == "cancel_order");
  CHECK(understand("Where is my parcel? The tracking has not moved for a week.").intent.label == "track_order");
}

TEST_CASE("lite names an aspect by its words, with the polarity of their clause") {
  const std::string text = "物流太慢了，等了半个月";
  const Understanding understanding = understand(text);
  const AspectOpinion* logistics = find(understanding, "logistics");
  REQUIRE(logistics != nullptr);
  CHECK(logistics->polarity == 0);
  CHECK(logistics->score >= 0.5F);
  REQUIRE_FALSE(logistics->evidence.empty());
  const bool names_it =
      std::ranges::any_of(logistics->evidence, [&](ByteSpan span) { return span.of(text).find("物流") != std::string_view::npos; });
  CHECK(names_it);
}

TEST_CASE("lite's scores are probabilities and its lists are ordered") {
  for (const std::string_view text : {"The charger caught fire and burned my hand!", "谢谢，非常满意，包装很好，物流也快", "ok"}) {
    const Understanding understanding = understand(text);
    for (const float score : {understanding.intent.score, understanding.urgency.score, understanding.escalate}) {
      CHECK((score > 0 && score < 1));
    }
    CHECK_FALSE(understanding.detail.has_value());
    CHECK(std::ranges::is_sorted(understanding.aspects, std::ranges::greater{}, &AspectOpinion::score));
    CHECK(std::ranges::is_sorted(understanding.emotions, std::ranges::greater{}, &ScoredLabel::score));
    for (const AspectOpinion& opinion : understanding.aspects) {
      for (const ByteSpan span : opinion.evidence) CHECK((span.begin < span.end && span.end <= text.size()));
    }
  }
}

TEST_CASE("the other heads reproduce the golden integers and logits of every text") {
  INFO("regenerate with: python models/golden.py");
  const Result<LiteModel> model = LiteModel::load(shipped_pack());
  REQUIRE(model);
  const Result<Tokenizer> tokenizer = Tokenizer::load(model->tokenizer_bytes());
  REQUIRE(tokenizer);
  const Result<SentimentJudge> judge = SentimentJudge::create(*model, *tokenizer);
  REQUIRE(judge);
  const std::vector<std::string> lines = test::split(test::read_text("tests/golden/lite_heads.tsv"), '\n');
  REQUIRE(lines.size() > 300);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    const std::vector<std::string> cells = test::split(lines[i], '\t');
    REQUIRE(cells.size() == 4);
    CAPTURE(i, cells[0], cells[1]);
    const schema::LinearHead* head = model->find_head(cells[1]);
    REQUIRE(head != nullptr);
    const SentimentJudge::Reading reading = judge->read(cells[0]);
    const HeadOutput output = model->run_head(*head, reading.features);
    const std::vector<std::string> sums = test::split(cells[2], ',');
    const std::vector<std::string> logits = test::split(cells[3], ',');
    REQUIRE(sums.size() == output.ngram.size());
    REQUIRE(logits.size() == output.logits.size());
    for (std::size_t k = 0; k < sums.size(); ++k) {
      CHECK(std::to_string(output.ngram[k]) == sums[k]);
      CHECK(output.logits[k] == std::strtof(logits[k].c_str(), nullptr));
    }
  }
}

TEST_CASE("a pack that judges sentiment alone has no reader, one with some of the heads is refused") {
  const Result<LiteModel> plain = LiteModel::load(test::serialize(test::tiny_pack(1)));
  REQUIRE(plain);
  const Result<std::optional<LiteReader>> none = LiteReader::create(*plain);
  REQUIRE(none);
  CHECK_FALSE(none->has_value());

  for (const auto& [task, message] : {std::pair{"intent", "is missing"}, {"weather", "is of no task"}}) {
    schema::ModelPackT pack = test::tiny_pack(1);
    pack.heads.push_back(std::make_unique<schema::LinearHeadT>(*pack.heads[0]));
    pack.heads.back()->task = task;
    const Result<LiteModel> model = LiteModel::load(test::serialize(pack));
    REQUIRE(model);
    const Result<std::optional<LiteReader>> reader = LiteReader::create(*model);
    REQUIRE_FALSE(reader);
    CHECK(reader.error().code == ErrorCode::pack_corrupt);
    CHECK_THAT(reader.error().message, Catch::Matchers::ContainsSubstring(message));
  }
}

}  // namespace
}  // namespace aftersense
