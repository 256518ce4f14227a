#include "tasks/fingerprint.h"

#include <bit>
#include <string>

#include "catch_amalgamated.hpp"
#include "text/clean.h"

namespace aftersense {
namespace {

std::uint64_t fingerprint_of(std::string_view text) {
  return fingerprint(clean(text).text);
}

int distance(std::string_view a, std::string_view b) {
  return std::popcount(fingerprint_of(a) ^ fingerprint_of(b));
}

TEST_CASE("fingerprints are those of every version") {
  // From an independent implementation of the documented algorithm, in Python.
  const auto [text, expected] = GENERATE(table<std::string, std::uint64_t>({
      {"a", 0x82A2A958A9BECE5B},
      {"物流太慢,盒子都破了", 0x7715D50A86E8436A},
      {"The blender arrived cracked. Please refund me today.", 0xE538A758C94E193A},
      {"Don't buy iPhone 15壳 2.5米", 0x32B43819FD809866},
  }));
  CAPTURE(text);
  CHECK(fingerprint_of(text) == expected);
}

TEST_CASE("a text without words has no fingerprint") {
  CHECK(fingerprint_of("") == 0);
  CHECK(fingerprint_of("!!! 😊 ...") == 0);
}

TEST_CASE("case, punctuation, width and emoji leave a fingerprint alone") {
  const std::uint64_t plain = fingerprint_of("the blender arrived cracked please refund me");
  CHECK(fingerprint_of("The BLENDER arrived cracked!!! Please, refund me 😠") == plain);
  CHECK(fingerprint_of("Ｔｈｅ blender\narrived cracked; please refund me.") == plain);
  CHECK(fingerprint_of("物流太慢，盒子都破了！") == fingerprint_of("物流太慢盒子都破了"));
}

TEST_CASE("an edit moves few bits, another text many") {
  constexpr std::string_view kText =
      "I ordered the blue kettle two weeks ago and it arrived with a crack in the lid, so please send me a new one.";
  CHECK(distance(kText, "I ordered the blue kettle three weeks ago and it arrived with a crack in the lid, so please send me a new one.") <=
        12);
  CHECK(distance(kText, "The courier left my parcel with a neighbour I have never met, and now nobody knows where it has gone.") > 20);
}

}  // namespace
}  // namespace aftersense
