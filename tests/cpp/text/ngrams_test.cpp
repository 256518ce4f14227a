#include "text/ngrams.h"

#include <string>

#include "catch_amalgamated.hpp"

using namespace aftersense;

namespace {

std::vector<std::string_view> units_of(std::string_view text) {
  std::vector<std::string_view> units;
  for (const ByteSpan unit : split_units(text)) units.push_back(unit.of(text));
  return units;
}

}  // namespace

TEST_CASE("Units are Chinese characters, words and single symbols", "[text][ngrams]") {
  struct Case {
    std::string_view text;
    std::vector<std::string_view> units;
  };
  const auto [text, units] = GENERATE(values<Case>({
      {"", {}},
      {" \t\n\u00A0　", {}},
      {"it's not good", {"it's", "not", "good"}},
      {"质量good的", {"质", "量", "good", "的"}},
      {"a-b 3.5!", {"a", "-", "b", "3", ".", "5", "!"}},
      {"很好😊😊。", {"很", "好", "😊", "😊", "。"}},
      {"café ёж あい 한국", {"café", "ёж", "あい", "한국"}},
      {"a×b÷c", {"a", "×", "b", "÷", "c"}},
      {"𠮷𪚥", {"𠮷", "𪚥"}},
      {"¥30 ★ ©", {"¥", "30", "★", "©"}},
      {"\uE000\uE001", {"\uE000", "\uE001"}},
      {"x\u0301y", {"x\u0301y"}},
  }));
  CHECK(units_of(text) == units);
}

// By hand from models/FORMAT.md. FNV-1a of "a" is 0xE40C292C, as its authors publish it, and the finaliser makes 0x1A80B1B3 of it.
// For 很好, u₁ = 0xED3864F6 and u₂ = 0x41FA8206; the pair is (rotl(u₁, 5) ^ u₂) · 0x9E3779B1, finished.
TEST_CASE("N-grams hash as models/FORMAT.md says", "[text][ngrams]") {
  struct Case {
    std::string_view text;
    unsigned order;
    std::vector<std::uint32_t> hashes;  // in the order of the first unit
  };
  const auto [text, order, hashes] = GENERATE(values<Case>({
      {"a", 1, {0x1A80B1B3}},
      {"很好", 1, {0x77F7BAA0, 0xF26C31D6}},
      {"很好", 2, {0x77F7BAA0, 0xAECF3AFD, 0xF26C31D6}},
      {"not good", 3, {0x74A60C41, 0x75A4DEEE, 0xDC71D363}},
      {"it's 好!", 2, {0x3B8AF091, 0x397E4955, 0xF26C31D6, 0xD321C7E1, 0x5EC7CF21}},
      {"😊", 2, {0xB26453AF}},
  }));
  for (const unsigned log2_buckets : {1U, 18U, 32U}) {
    std::vector<std::uint32_t> expected;
    for (const std::uint32_t hash : hashes) expected.push_back(hash >> (32 - log2_buckets));
    std::vector<std::uint32_t> buckets;
    for (const Ngram& ngram : hash_ngrams(text, order, log2_buckets)) buckets.push_back(ngram.bucket);
    CHECK(buckets == expected);
  }
}

TEST_CASE("N-grams span from their first unit to their last, repeats included", "[text][ngrams]") {
  const std::string_view text = "a b a b";
  std::vector<std::string_view> spans;
  const std::vector<Ngram> ngrams = hash_ngrams(text, 3, 18);
  for (const Ngram& ngram : ngrams) spans.push_back(ngram.span.of(text));
  CHECK(spans == std::vector<std::string_view>{"a", "a b", "a b a", "b", "b a", "b a b", "a", "a b", "b"});
  CHECK(ngrams[0].bucket == ngrams[6].bucket);
  CHECK(ngrams[1].bucket == ngrams[7].bucket);
  CHECK(ngrams[1].bucket != ngrams[4].bucket);
}
