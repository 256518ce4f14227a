#include "tasks/keywords.h"

#include <algorithm>
#include <string>

#include "catch_amalgamated.hpp"
#include "support.h"

using namespace aftersense;

namespace {

using Words = std::vector<std::string_view>;

const Tokenizer& tiny_tokenizer() {
  static const AlignedBuffer model = test::to_buffer(test::read_text("tests/golden/tiny_tokenizer.spm.fb"));
  static const Result<Tokenizer> tokenizer = Tokenizer::load(model.bytes());
  REQUIRE(tokenizer);
  return *tokenizer;
}

Words words_of(std::string_view text, Language language, std::size_t limit = 20) {
  Words words;
  for (const Keyword& keyword : find_keywords(text, language, tiny_tokenizer(), limit)) words.push_back(keyword.span.of(text));
  return words;
}

/// As a set: the order is another test's matter.
Words sorted(Words words) {
  std::ranges::sort(words);
  return words;
}

}  // namespace

TEST_CASE("English keywords are whole words, joined over pieces, without function words", "[tasks][keywords]") {
  struct Case {
    std::string_view text;
    Words words;
  };
  const auto [text, words] = GENERATE(values<Case>({
      {"the battery is great and i love it", {"battery", "great", "love"}},
      {"well-made, wi-fi works - mostly", {"mostly", "well-made", "wi-fi", "works"}},
      {"the phone's screen isn't good", {"good", "phone", "screen"}},
      {"usb3 cable 2024 x 5", {"cable", "usb3"}},
      {"'quoted' words-", {"quoted", "words"}},
      {"it is what it is", {}},
      {"12345 !!! 😊😠", {}},
      {"", {}},
  }));
  CAPTURE(text);
  CHECK(sorted(words_of(text, Language::en)) == words);
}

TEST_CASE("Chinese keywords are the tokeniser's words without particles at their ends", "[tasks][keywords]") {
  struct Case {
    std::string_view text;
    Words words;
  };
  const auto [text, words] = GENERATE(values<Case>({
      {"电池很好", {"电池"}},
      {"我的电池", {"电池"}},
      {"我们这个", {}},
      {"物流太慢受不了", {"物流太慢", "受不了"}},
      {"真的很好", {}},
      {"屏幕iphone", {"iphone", "屏幕"}},
      {"好", {}},
  }));
  CAPTURE(text);
  CHECK(sorted(words_of(text, Language::zh)) == sorted(words));
}

TEST_CASE("Keyword weights are relative and ordered", "[tasks][keywords]") {
  const std::vector<Keyword> keywords = find_keywords("bad screen, bad battery, late delivery", Language::en, tiny_tokenizer(), 20);
  REQUIRE(keywords.size() == 5);
  CHECK(keywords[0].score == 1.0F);
  CHECK(std::ranges::is_sorted(keywords, std::ranges::greater{}, &Keyword::score));
  CHECK(std::ranges::all_of(keywords, [](const Keyword& keyword) { return keyword.score > 0 && keyword.score <= 1; }));
}

TEST_CASE("A keyword's weight is proportional to its frequency", "[tasks][keywords]") {
  const auto ratio = [](std::string_view text) {
    const std::vector<Keyword> keywords = find_keywords(text, Language::en, tiny_tokenizer(), 2);
    REQUIRE(keywords.size() == 2);
    const std::size_t battery = keywords[0].span.of(text) == "battery" ? 0 : 1;
    return keywords[battery].score / keywords[1 - battery].score;
  };
  CHECK_THAT(ratio("battery battery screen"), Catch::Matchers::WithinRel(2 * ratio("battery screen"), 1e-5F));
  CHECK_THAT(ratio("battery screen battery battery"), Catch::Matchers::WithinRel(3 * ratio("screen battery"), 1e-5F));
}

TEST_CASE("A keyword's span is its first occurrence", "[tasks][keywords]") {
  const std::vector<Keyword> keywords = find_keywords("battery, oh battery", Language::en, tiny_tokenizer(), 1);
  REQUIRE(keywords.size() == 1);
  CHECK(keywords[0].span == ByteSpan{0, 7});
}

TEST_CASE("Keywords of equal weight stand in the order of the text, and the limit cuts the last", "[tasks][keywords]") {
  // Spelt with unknown characters, all weigh the maximum.
  CHECK(words_of("zqzq xwxw vkvk", Language::en) == Words{"zqzq", "xwxw", "vkvk"});
  CHECK(words_of("vkvk zqzq xwxw", Language::en, 2) == Words{"vkvk", "zqzq"});
  CHECK(words_of("vkvk zqzq", Language::en, 0).empty());
}

TEST_CASE("Rarer words weigh more", "[tasks][keywords]") {
  const Tokenizer& tokenizer = tiny_tokenizer();
  const std::string_view text = "great 电池";
  const std::vector<Piece> pieces = tokenizer.encode(text);
  REQUIRE(pieces.size() == 2);
  const std::vector<Keyword> keywords = find_keywords(text, Language::zh, tokenizer, 2);
  REQUIRE(keywords.size() == 2);
  const std::size_t rarer = tokenizer.score(pieces[0].id) < tokenizer.score(pieces[1].id) ? 0 : 1;
  CHECK(keywords[0].span == pieces[rarer].span);
  CHECK_THAT(keywords[1].score,
             Catch::Matchers::WithinRel(tokenizer.score(pieces[1 - rarer].id) / tokenizer.score(pieces[rarer].id), 1e-5F));
}

TEST_CASE("Texts in other languages have no keywords", "[tasks][keywords]") {
  CHECK(words_of("battery great", Language::other).empty());
}
