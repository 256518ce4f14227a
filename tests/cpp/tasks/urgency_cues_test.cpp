#include "tasks/urgency_cues.h"

#include <string>
#include <utility>
#include <vector>

#include "catch_amalgamated.hpp"
#include "text/clean.h"

namespace aftersense {
namespace {

using Found = std::vector<std::pair<UrgencyKind, std::string>>;
using enum UrgencyKind;

Found cues_of(std::string_view original) {
  const CleanText cleaned = clean(original);
  Found found;
  for (const UrgencyCue& cue : find_urgency_cues(cleaned.text)) found.emplace_back(cue.kind, cue.span.of(cleaned.text));
  return found;
}

std::string level_of(std::string_view text, Sentiment sentiment) {
  const CleanText cleaned = clean(text);
  return judge_urgency(cleaned.text, find_urgency_cues(cleaned.text), sentiment).label;
}

constexpr Sentiment kSour{.scores = {0.8F, 0.1F, 0.1F}, .confidence = 0.8F};
constexpr Sentiment kFlat{.scores = {0.1F, 0.8F, 0.1F}, .confidence = 0.8F};
constexpr Sentiment kHappy{.scores = {0.1F, 0.1F, 0.8F}, .confidence = 0.8F};

TEST_CASE("each kind of urgency is found by its words") {
  const auto [text, expected] = GENERATE(table<std::string, Found>({
      {"插座冒烟了", {{safety, "冒烟"}}},
      {"The charger CAUGHT FIRE", {{safety, "caught fire"}}},
      {"被重复扣款，还被盗刷", {{money, "重复扣"}, {money, "盗刷"}}},
      {"you charged me twice", {{money, "charged me twice"}}},
      {"今晚之前要", {{deadline, "今晚"}}},
      {"I need it by midnight", {{deadline, "by midnight"}}},
      {"这是第三次，没人回", {{repeated_contact, "第三次"}, {repeated_contact, "没人回"}}},
      {"Still no reply after my fourth email", {{repeated_contact, "still no reply"}, {repeated_contact, "fourth email"}}},
      {"再不退款我就打12315，找律师", {{legal, "12315"}, {legal, "律师"}}},
      {"My solicitor will take you to court", {{legal, "solicitor"}, {legal, "take you to court"}}},
      {"很好用", {}},
      {"", {}},
  }));
  CAPTURE(text);
  CHECK(cues_of(text) == expected);
}

TEST_CASE("words are whole, and the longest counts once") {
  CHECK(cues_of("hand me the rashers, the flamestones and a lawyerly hat").empty());
  CHECK(cues_of("call 812315 or 123156").empty());
  CHECK(cues_of("律师函") == Found{{legal, "律师函"}});
  CHECK(cues_of("actual flames, in flames") == Found{{safety, "flames"}, {safety, "in flames"}});
}

TEST_CASE("what is denied is no cue") {
  const std::string text = GENERATE("it is not dangerous", "there were no flames", "no sign of smoking", "the box isn't really unsafe",
                                    "arrived without any injuries", "it never caught fire", "没有漏电", "不漏电", "没发生自燃",
                                    "不会起火的", "并没有闻到糊味", "無漏電");
  CAPTURE(text);
  CHECK(cues_of(text).empty());
}

TEST_CASE("a question, another clause or a denial of something else denies nothing") {
  const auto [text, words] = GENERATE(table<std::string, std::string>({
      {"有没有漏电", "漏电"},
      {"会不会起火", "起火"},
      {"不停漏电", "漏电"},
      {"没关好，漏电了", "漏电"},
      {"no, it caught fire", "caught fire"},
      {"not only sparks", "sparks"},
      {"not loud but dangerous", "dangerous"},
      {"it is not safe", "not safe"},
  }));
  CAPTURE(text);
  const Found found = cues_of(text);
  REQUIRE(found.size() == 1);
  CHECK(found[0].second == words);
}

TEST_CASE("the level follows from the cues, else from the sentiment and what is asked for") {
  CHECK(level_of("it caught fire", kSour) == "P1");
  CHECK(level_of("it caught fire", kFlat) == "P1");
  CHECK(level_of("my lawyer will write", kFlat) == "P1");
  CHECK(level_of("今晚之前要", kFlat) == "P1");
  CHECK(level_of("charged twice", kSour) == "P2");
  CHECK(level_of("第三次了", kSour) == "P2");
  CHECK(level_of("charged twice, and it caught fire", kSour) == "P1");
  CHECK(level_of("broken", kSour) == "P3");
  CHECK(level_of("怎么开发票", kFlat) == "P3");
  CHECK(level_of("is there a red one", kHappy) == "P3");
  CHECK(level_of("it came on monday", kFlat) == "P4");
  CHECK(level_of("爆炸好吃", kHappy) == "P4");
  CHECK(level_of("the flavour caught fire in my mouth, wonderful", kHappy) == "P4");
}

TEST_CASE("every score is a probability, and long texts take no longer than their length") {
  std::string text;
  while (text.size() < 100'000) text += "not not not 没有有有有";
  text += "漏电";
  CHECK(find_urgency_cues(text).empty());
  for (const Sentiment& sentiment : {kSour, kFlat, kHappy}) {
    const ScoredLabel urgency = judge_urgency(text, {}, sentiment);
    CHECK((urgency.score > 0 && urgency.score < 1));
  }
}

}  // namespace
}  // namespace aftersense
