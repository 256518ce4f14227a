#include "tasks/explain.h"

#include <string>
#include <utility>

#include "catch_amalgamated.hpp"
#include "tasks/analyze.h"
#include "tasks/tiny_base.h"

namespace aftersense {
namespace {

using test::head_of;
using test::serialize;

BaseReader reader_of(const schema::ModelPackT& pack) {
  Result<BaseReader> reader = BaseReader::load(serialize(pack));
  REQUIRE(reader);
  return *std::move(reader);
}

std::vector<std::string> parts_of(const std::string& text) {
  BaseReader reader = reader_of(test::tiny_base());
  std::vector<std::string> parts;
  for (const ByteSpan span : find_occluded_parts(text, reader.read(text).pieces)) parts.emplace_back(span.of(text));
  return parts;
}

/// A base model whose intent is a complaint where `piece` stands in the text, and praise elsewhere.
schema::ModelPackT touchy_base(const std::string& piece) {
  schema::ModelPackT pack = test::tiny_base();
  test::mark_pieces(pack, {piece});
  const auto sign = [](std::size_t column) { return column % 2 == 0 ? 1 : -1; };
  const std::size_t inputs = test::inputs_of(pack, schema::HeadKind::Choice);
  const std::size_t last = inputs - pack.encoder->hidden;  // where the last layer's states begin
  schema::LinearT& intent = *head_of(pack, "intent").linear;
  intent.weights = test::whole_matrix(3, inputs, [&](std::size_t label, std::size_t d) { return label == 0 && d >= last ? sign(d) : 0; });
  // The mean of 64 · ±1 over the tokens: above −64 where one of them is marked.
  intent.bias = {63, 0, -1};
  return pack;
}

TEST_CASE("the parts of a short text are its words, without marks") {
  CHECK(parts_of("the battery died!!") == std::vector<std::string>{"the", "battery", "died"});
}

TEST_CASE("a long text has at most as many parts as may be read, in order and within it") {
  const std::string clause = GENERATE("the battery died, ", "the battery died and the screen broke and nobody came to see ", "质量很差,");
  for (const std::size_t times : {2, 20, 200}) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += clause;
    BaseReader reader = reader_of(test::tiny_base());
    const std::vector<ByteSpan> parts = find_occluded_parts(text, reader.read(text).pieces);
    CHECK(parts.size() >= 2);
    CHECK(parts.size() <= kMaxOccluded);
    std::uint32_t end = 0;
    for (const ByteSpan part : parts) {
      CHECK((part.begin >= end && part.begin < part.end && part.end <= text.size()));
      end = part.end;
    }
  }
}

TEST_CASE("the word without which the verdict is another stands first, where it was written") {
  Result<Analyzer> analyzer = Analyzer::load(test::to_buffer(test::read_text("models/lite/aftersense-lite.aspack")));
  REQUIRE(analyzer);
  REQUIRE_FALSE(analyzer->load_base(serialize(touchy_base("质量很差"))).has_value());
  constexpr std::string_view kText = "电池　，質?质量很差，客服不回复";
  const Result<Analysis> analysis = analyzer->analyze(kText, {.explain = true});
  REQUIRE(analysis);
  CHECK(analysis->understanding->intent.label == "complaint");
  const auto intent = std::ranges::find(analysis->explanations, "intent", &Explanation::verdict);
  REQUIRE(intent != analysis->explanations.end());
  CHECK(intent->label == "complaint");
  REQUIRE(intent->words.size() > 2);
  CHECK(intent->words[0].span.of(kText) == "质量很差");
  CHECK(intent->words[0].score > intent->words[1].score);
  CHECK(analyzer->analyze(kText, {})->explanations.empty());
  CHECK(analyzer->analyze(kText, {.explain = true, .tier = Tier::lite})->explanations.empty());
}

}  // namespace
}  // namespace aftersense
