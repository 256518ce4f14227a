#include "text/segment.h"

#include <array>
#include <random>
#include <string>

#include "catch_amalgamated.hpp"

using namespace aftersense;

namespace {

using Parts = std::vector<std::string_view>;

struct Case {
  std::string_view text;
  Parts parts;
};

Parts cut(std::string_view text, const std::vector<ByteSpan>& spans) {
  Parts parts;
  for (const ByteSpan span : spans) parts.push_back(span.of(text));
  return parts;
}

}  // namespace

TEST_CASE("Sentences end at marks, with what belongs to them", "[text][segment]") {
  const auto [text, parts] = GENERATE(values<Case>({
      {"", {}},
      {"good", {"good"}},
      {"good. bad! really?! yes", {"good.", "bad!", "really?!", "yes"}},
      {"质量很好。物流慢!客服呢?不错", {"质量很好。", "物流慢!", "客服呢?", "不错"}},
      {"很好.物流也快.", {"很好.", "物流也快."}},
      {"she said \"no.\" then left", {"she said \"no.\"", "then left"}},
      {"他说\"好。\"就走了", {"他说\"好。\"", "就走了"}},
      {"great! 😊😊 fast", {"great! 😊😊", "fast"}},
      {"很好。😊很快", {"很好。😊", "很快"}},
      {"first line\nsecond line", {"first line", "second line"}},
      {"hmm... well… ok", {"hmm...", "well…", "ok"}},
      {"!!! what", {"!!!", "what"}},
  }));
  CAPTURE(text);
  CHECK(cut(text, split_sentences(text)) == parts);
}

TEST_CASE("Sentences do not end at periods inside numbers, names and abbreviations", "[text][segment]") {
  const auto text = GENERATE(as<std::string_view>{}, "it cost 3.5 dollars", "see a.com for more", "cables, e.g. usb, are missing",
                             "mr. smith and dr. wu called", "version 2.0.1 is bad", "1. 质量好", "1.质量好", "2. good price");
  CHECK(cut(text, split_sentences(text)) == Parts{text});
}

TEST_CASE("Clauses end at commas, contrasts and emoji", "[text][segment]") {
  const auto [text, parts] = GENERATE(values<Case>({
      {"good, but slow; ok: fine", {"good,", "but slow;", "ok:", "fine"}},
      {"the screen is great but the battery died", {"the screen is great", "but the battery died"}},
      {"nice. cheap, too", {"nice.", "cheap,", "too"}},
      {"质量不错但是物流太慢", {"质量不错", "但是物流太慢"}},
      {"屏幕很好,可是电池差,却很贵", {"屏幕很好,", "可是电池差,", "却很贵"}},
      {"质量很好😊物流慢😠", {"质量很好😊", "物流慢😠"}},
      {"1,000 yuan at 10:30", {"1,000 yuan at 10:30"}},
      {"不但便宜而且好用", {"不但便宜而且好用"}},
      {"这个价再好不过了", {"这个价再好不过了"}},
      {"butter is fine", {"butter is fine"}},
      {"颜色、款式都好", {"颜色、款式都好"}},
  }));
  CAPTURE(text);
  CHECK(cut(text, split_clauses(text)) == parts);
}

TEST_CASE("Sentences and clauses hold every byte save white space, in order", "[text][segment]") {
  static constexpr auto kParts = std::to_array<std::string_view>({"good", "bad",  " ",     ".",  ",",  "!", "?", "。",   "…",   "\n", "好",
                                                                  "但是", "不但", " but ", "😊", "\"", ")", "3", "e.g.", "mr.", ":",  ";"});
  const std::uint32_t seed = GENERATE(range(0U, 300U));
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::string text;
  for (int i = 0; i < 20; ++i) text += kParts[random() % kParts.size()];
  CAPTURE(text);
  for (const auto& spans : {split_sentences(text), split_clauses(text)}) {
    std::string held;
    std::uint32_t end = 0;
    for (const ByteSpan span : spans) {
      REQUIRE(span.begin >= end);
      REQUIRE(span.size() > 0);
      held += span.of(text);
      end = span.end;
    }
    const auto without_space = [](std::string s) {
      std::erase_if(s, [](char c) { return c == ' ' || c == '\n'; });
      return s;
    };
    CHECK(without_space(held) == without_space(text));
  }
}
