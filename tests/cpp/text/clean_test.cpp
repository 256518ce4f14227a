#include "text/clean.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <random>
#include <string>

#include "catch_amalgamated.hpp"
#include "core/utf8.h"
#include "text/characters.h"
#include "text/emoji.h"

using namespace aftersense;

namespace {

struct Case {
  std::string_view original;
  std::string_view cleaned;
};

/// What the rules look at, in pieces that only together complete a rule.
std::string random_text(std::mt19937& random) {
  static constexpr auto kParts = std::to_array<std::string_view>(
      {"<",    "<b>",        "</b>",  ">",      "<!--",      "-->",    "--",       "-",    "<script>", "</script>",   "<br>",
       "/",    "!",          "&",     "amp;",   "&lt;",      "&gt;",   ";",        "#",    "59",       "&#59",        "&#x3c;",
       "0000", "x",          "http",  ":",      "//",        "www.",   ".",        "a",    "b",        "d",           "p",
       "好",   "，",         "：",    "（",     "）",        "(",      ")",        ":)",   ":(",       ">:(",         "orz",
       "xd",   "t_t",        "^",     "_",      "^_^",       "<3",     "</3",      "3",    "1",        " ",           "\n",
       "\t",   "　",         "😊",    "👩",     "\u200D",    "❤",      "\uFE0F",   "🏻",   "🇨",        "🇳",           "\u20E3",
       "[",    "]",          "哈哈",  "[哈哈]", "[怒]",      "\xFF",   "\xE4\xBD", "\x01", "http://",  "https://a.b", "=",
       "'",    "\"",         "O",     "T",      "-_-",       "|",      "*",        "…",    "@",        ",",           "?",
       "～",   "ｗｗｗ．ａ", "&zwj;", "&nbsp;", "&#128522;", "\u200B", "İ",        "Ａ",   "ß",        "\u00AD"});
  std::string text;
  for (auto parts = 1 + random() % 14; parts > 0; --parts) text += kParts[random() % kParts.size()];
  return text;
}

std::string repeat(std::string_view part, std::size_t size_bytes) {
  std::string text;
  while (text.size() < size_bytes) text += part;
  return text;
}

}  // namespace

TEST_CASE("Cleaning leaves plain Chinese and English alone", "[text][clean]") {
  const auto text =
      GENERATE(as<std::string_view>{}, "", "a", "好", "质量很好。下次还来", "it's a well-made 3.5\" drive, 100% ok (really)",
               "10:3 [不知道] <- a < b & c", "me@example.com", "me@www.example.com", "a\nb", "★★☆ → 5/5 ¥30", "そのまま 그대로 как есть");
  CHECK(clean(text).text == text);
}

TEST_CASE("Cleaning drops bytes and characters that are noise", "[text][clean]") {
  const auto [original, cleaned] = GENERATE(values<Case>({
      {"a\xFF\xC0"
       "b",
       "ab"},
      {"好\xE4\xBD的", "好的"},
      {std::string_view("a\0b\x07"
                        "c\x7F",
                        6),
       "abc"},
      {"\uFEFFgo\u200Bod\u00AD \u202Enow\u2069", "good now"},
      {"no\uFFFDise", "noise"},
      {"ok\uFE0F", "ok"},
  }));
  CHECK(clean(original).text == cleaned);
}

TEST_CASE("Cleaning folds white space, width, quotes and case", "[text][clean]") {
  const auto [original, cleaned] = GENERATE(values<Case>({
      {"  a \t b　c\u00A0 ", "a b c"},
      {"a \r\n\r\n b", "a\nb"},
      {"\n\na\u2028b\n", "a\nb"},
      {"ＧＯＯＤ！（５）～", "good!(5)~"},
      {"质量好，真的！为什么？；：", "质量好,真的!为什么?;:"},
      {"顿号、句号。《书》「」", "顿号、句号。《书》「」"},
      {"“It’s” ‘ok’", "\"it's\" 'ok'"},
      {"￥30", "¥30"},
      {"ÀÉÎÕÜ ŁÓDŹ ĲŸ İ ΑΒΓΔΏ ЖЩЁЇ ẾỘ", "àéîõü łódź ĳÿ i αβγδώ жщёї ếộ"},
      {"×÷ßÿ ĸŉ", "×÷ßÿ ĸŉ"},
  }));
  CHECK(clean(original).text == cleaned);
}

TEST_CASE("Cleaning caps runs of one character at three, save those of digits", "[text][clean]") {
  const auto [original, cleaned] = GENERATE(values<Case>({
      {"sooooo good!!!!!!", "sooo good!!!"},
      {"10000mAh, 退款 20000 元", "10000mah, 退款 20000 元"},
      {"好好好好好", "好好好"},
      {"！!！!", "!!!"},
      {"OooO", "ooo"},
      {"😊😀👍🎉🎂", "😊😊😊"},
      {"aaabbb", "aaabbb"},
      {"10000 mAh, 2０００００", "10000 mah, 200000"},
      {"&#xAAAA;", "\uAAAA"},
      {"&#100000;&#10000;", "\U000186A0✐"},
  }));
  CHECK(clean(original).text == cleaned);
}

TEST_CASE("Cleaning removes what is a tag, and only that", "[text][clean]") {
  const auto [original, cleaned] = GENERATE(values<Case>({
      {"<b>good</b>ness", "goodness"},
      {"one<br/>two<p class=\"x\">three</p>", "one\ntwo\nthree"},
      {"a<!-- <b> hidden -- > \n -->b", "ab"},
      {"x<script>if (a < b && c > d) alert('</b>');</SCRIPT>y", "x\ny"},
      {"<style>p > a { color: red }</style>ok", "ok"},
      {"a < b and c > d", "a < b and c > d"},
      {"5 <6> 7", "5 <6> 7"},
      {"<<b>b>x", "x"},
      {"<a href=\"http://a.com/x?y=1\">link</a>", "link"},
      {"<b never closed", "<b never closed"},
      {"</script>only closed", "only closed"},
      {"&lt;b&gt;bold&lt;/b&gt;", "bold"},
  }));
  CHECK(clean(original).text == cleaned);
}

TEST_CASE("Cleaning takes nothing longer than 2,000 characters for a tag", "[text][clean]") {
  const std::string inside = repeat("ab", 1990);
  CHECK(clean("x<" + inside + ">y").text == "xy");
  const std::string too_long = "x<" + repeat("ab", 2000) + ">y";
  CHECK(clean(too_long).text == too_long);
}

TEST_CASE("Cleaning decodes entities until none is left", "[text][clean]") {
  const auto [original, cleaned] = GENERATE(values<Case>({
      {"a&amp;b &LT;3kg", "a&b <3kg"},
      {"&quot;hi&quot;&nbsp;&hellip;&mdash;&copy;&euro;", "\"hi\" …—©€"},
      {"&#33;&#x41;&#X6a;&#20320;", "!aj你"},
      {"&#128;&#146;s", "€'s"},
      {"&#0;&#xD800;&#x110000;&#99999999;x", "x"},
      {"&amp;amp;lt;", "<"},
      {"&unknown; &amp &;", "&unknown; &amp &;"},
      {"&#59&#59&#59;", ";"},
      {"&#128522;&#x1F620;", "😊😠"},
      {"AT&T; R&D", "at&t; r&d"},
  }));
  CHECK(clean(original).text == cleaned);
}

TEST_CASE("Cleaning replaces URLs by a space", "[text][clean]") {
  const auto [original, cleaned] = GENERATE(values<Case>({
      {"see http://a.com/b?c=d&e=f#g, ok", "see , ok"},
      {"见https://t.cn/AbC很好", "见 很好"},
      {"去www.taobao.com，iphone好", "去 ,iphone好"},
      {"HTTPS://A.B (www.c.de).", "( )."},
      {"Awww... so cute, www.", "awww... so cute, www."},
      {"http is a protocol", "http is a protocol"},
      {"http&#58;//a.b/ :)", "😊"},
  }));
  CHECK(clean(original).text == cleaned);
}

TEST_CASE("Cleaning turns each emoji sequence into one emoji of its valence", "[text][clean]") {
  const auto [original, cleaned] = GENERATE(values<Case>({
      {"👍🎉💯", "😊😊😊"},
      {"👎💔😡", "😠😠😠"},
      {"📦🐶", "😐😐"},
      {"❤️ ❤", "😊 😊"},
      {"👍🏽👎🏿", "😊😠"},
      {"👩‍❤️‍👨", "😊"},
      {"🤦‍♀️", "😠"},
      {"👨‍👩‍👧‍👦", "😐"},
      {"🇨🇳🇫🇷", "😐😐"},
      {"🏴\U000E0067\U000E0062\U000E007F!", "😐!"},
      {"1️⃣ 2⃣", "😐 😐"},
      {"🏻", "😐"},
      {"a\u200D👍", "a😊"},
      {"★★★ ✓ ©", "★★★ ✓ ©"},
  }));
  CHECK(clean(original).text == cleaned);
}

TEST_CASE("Cleaning reads emoticons between words, and nowhere else", "[text][clean]") {
  const auto [original, cleaned] = GENERATE(values<Case>({
      {":) :-) :D ;) =) ^_^ <3", "😊 😊 😊 😊 😊 😊 😊"},
      {":( :-( :'( >:( :/ T_T -_- orz </3", "😠 😠 😠 😠 😠 😠 😠 😠 😠"},
      {":| :-| o_O", "😐 😐 😐"},
      {"好:)))很好", "好😊很好"},
      {"great!:)", "great!😊"},
      {"哭死orz。", "哭死😠。"},
      {"：）", "😊"},
      {"(^_^)", "(😊)"},
      {"nice:)", "nice:)"},
      {"ratio 10:3, 8:(2)", "ratio 10:3, 8:(2)"},
      {"缺点：（1）屏幕；（2）电池", "缺点:(1)屏幕;(2)电池"},
      {"缺点：（屏幕不好）", "缺点:(屏幕不好)"},
      {"and/or c:/dir :/path", "and/or c:/dir :/path"},
      {":dog xdx :pm", ":dog xdx :pm"},
      {"3 <30 <3kg i<3", "3 <30 <3kg i<3"},
      {"[哈哈][泪][不知道][思考]", "😊😠[不知道]😐"},
      {"［赞］", "😊"},
      {"[[赞]]", "[😊]"},
  }));
  CHECK(clean(original).text == cleaned);
}

TEST_CASE("Cleaned spans map back to the bytes they stand for", "[text][clean]") {
  struct Mapping {
    std::string_view original;
    std::string_view found;   // in the cleaned text
    std::string_view source;  // in the original
  };
  const auto [original, found, source] = GENERATE(values<Mapping>({
      {"Ｇｏｏｄ!!!!!! <b>:)</b>", "good", "Ｇｏｏｄ"},
      {"Ｇｏｏｄ!!!!!! <b>:)</b>", "!!!", "!!!!!!"},
      {"Ｇｏｏｄ!!!!!! <b>:)</b>", "😊", ":)"},
      {"👩‍❤️‍👨很好", "😊", "👩‍❤️‍👨"},
      {"👩‍❤️‍👨很好", "很好", "很好"},
      {"👍🏽!", "😊", "👍🏽"},
      {"a &amp;amp; b", "&", "&amp;amp;"},
      {"a &amp;amp; b", "b", "b"},
      {"见http://a.b/c，好", " ", "http://a.b/c"},
      {"见http://a.b/c，好", ",好", "，好"},
      {"x[哈哈]y", "😊", "[哈哈]"},
      {"这个<b>手机</b>好", "手机好", "手机</b>好"},
      {"a \t\n b", "\n", " \t\n "},
      {"好\xFF\u200B的", "好的", "好\xFF\u200B的"},
      {"sooooo", "sooo", "sooooo"},
  }));
  CAPTURE(original, found);
  const CleanText cleaned = clean(original);
  const std::size_t at = cleaned.text.find(found);
  REQUIRE(at != std::string::npos);
  const ByteSpan span{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + found.size())};
  CHECK(cleaned.to_source(span).of(original) == source);
}

TEST_CASE("Empty spans map to empty spans", "[text][clean]") {
  const CleanText cleaned = clean(" ａb ");
  CHECK(cleaned.to_source({0, 0}) == ByteSpan{1, 1});
  CHECK(cleaned.to_source({1, 1}) == ByteSpan{4, 4});
  CHECK(cleaned.to_source({2, 2}) == ByteSpan{5, 5});
  CHECK(clean("\x01").to_source({0, 0}) == ByteSpan{0, 0});
}

TEST_CASE("Cleaning twice changes nothing, and what it gives keeps its guarantees", "[text][clean]") {
  const std::uint32_t seed = GENERATE(range(0U, 8U));
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int i = 0; i < 2500; ++i) {
    const std::string original = random_text(random);
    const CleanText cleaned = clean(original);
    CAPTURE(original, cleaned.text);
    REQUIRE(clean(cleaned.text).text == cleaned.text);
    REQUIRE(cleaned.source.size() == cleaned.text.size());
    ByteSpan before{0, 0};
    for (const ByteSpan source : cleaned.source) {
      const bool ascends = source.begin >= before.begin && source.end >= before.end;
      const bool is_inside = source.begin < source.end && source.end <= original.size();
      REQUIRE((ascends && is_inside));
      before = source;
    }
    char32_t last = U' ';
    for (std::size_t at = 0; at < cleaned.text.size();) {
      const CodePoint point = decode_utf8(std::string_view(cleaned.text).substr(at));
      REQUIRE(point.value != kReplacement);
      REQUIRE((point.value >= 0x20 || point.value == U'\n'));
      REQUIRE_FALSE((is_white_space(point.value) && is_white_space(last)));
      last = point.value;
      at += point.size_bytes;
    }
    REQUIRE((cleaned.text.empty() || !is_white_space(last)));
  }
}

TEST_CASE("Cleaning is linear, even in text made to hurt", "[text][clean]") {
  const auto part = GENERATE(as<std::string_view>{}, "<", "&", "[", "<a", "&#59", "<!--", "-->", "a<", "http://", "http://a.,", ":(", ":)(",
                             "www.a", "1\u20E3", "<script>", "<<b>b>", "\u200D👩", "</script>", "xd", "]", ">", "a;");
  CAPTURE(part);
  const auto seconds = [&](std::size_t size_bytes) {
    const std::string text = repeat(part, size_bytes);
    std::chrono::duration<double> best = std::chrono::hours(1);
    for (int i = 0; i < 3; ++i) {
      const auto start = std::chrono::steady_clock::now();
      const CleanText cleaned = clean(text);
      best = std::min<std::chrono::duration<double>>(best, std::chrono::steady_clock::now() - start);
      CHECK(cleaned.text.size() <= 4 * text.size());
    }
    return best.count();
  };
  // A quadratic rule would take 256 times as long for sixteen times the text.
  CHECK(seconds(131'072) < 64 * seconds(8'192) + 0.1);
}

TEST_CASE("fold() is idempotent, and its case table is Unicode's", "[text][clean]") {
  std::size_t wrong = 0;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) wrong += fold(fold(c)) != fold(c);
  CHECK(wrong == 0);
  struct Pair {
    char32_t upper;
    char32_t lower;
  };
  const auto [upper, lower] = GENERATE(
      values<Pair>({{U'A', U'a'}, {U'Þ', U'þ'}, {U'Ā', U'ā'}, {U'Į', U'į'}, {U'Ķ', U'ķ'}, {U'Ĺ', U'ĺ'}, {U'Ň', U'ň'}, {U'Ŋ', U'ŋ'},
                    {U'Ŷ', U'ŷ'}, {U'Ÿ', U'ÿ'}, {U'Ź', U'ź'}, {U'Ž', U'ž'}, {U'Ș', U'ș'}, {U'Ά', U'ά'}, {U'Ό', U'ό'}, {U'Ώ', U'ώ'},
                    {U'Σ', U'σ'}, {U'Ѐ', U'ѐ'}, {U'Я', U'я'}, {U'Ґ', U'ґ'}, {U'Ӏ', U'ӏ'}, {U'Ӂ', U'ӂ'}, {U'Ạ', U'ạ'}, {U'ẞ', U'ß'}}));
  CHECK(fold(upper) == lower);
  CHECK(fold(lower) == lower);
}

TEST_CASE("The canonical emoji stand for themselves", "[text][clean]") {
  for (const Valence valence : {Valence::neutral, Valence::positive, Valence::negative})
    CHECK(emoji_valence(canonical_emoji(valence)) == valence);
  CHECK_FALSE(emoji_valence(U'a'));
  CHECK_FALSE(emoji_valence(U'★'));
  CHECK_FALSE(emoji_valence(U'好'));
}
