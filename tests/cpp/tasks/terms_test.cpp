#include "tasks/terms.h"

#include <string>
#include <utility>
#include <vector>

#include "catch_amalgamated.hpp"

using namespace aftersense;
using Terms = std::vector<std::string>;

TEST_CASE("terms of English text are lower-case words without stop words", "[terms]") {
  const auto [text, expected] = GENERATE(table<std::string, Terms>({
      {"", {}},
      {"The Kettle", {"kettle"}},
      {"is it for the of and", {}},
      {"red red cup", {"red", "red", "cup"}},
      {"pour-over kettle/stove", {"pour", "over", "kettle", "stove"}},
      {"men's don't", {"men", "don't"}},
      {"'quoted' words'", {"quoted", "word"}},
      {"café crème", {"café", "crème"}},
      {"!!! ... --- ★ →", {}},
      {"<b>Bold</b> &amp; plain", {"bold", "plain"}},
      {"Ｆｕｌｌ　ｗｉｄｔｈ", {"full", "width"}},
  }));
  CAPTURE(text);
  CHECK(split_terms(text) == expected);
}

TEST_CASE("terms keep numbers with their units", "[terms]") {
  const auto [text, expected] = GENERATE(table<std::string, Terms>({
      {"500ml", {"500ml"}},
      {"500 ml", {"500ml"}},
      {"500 ML bottle", {"500ml", "bottle"}},
      {"1.5 l", {"1.5l"}},
      {"500, ml", {"500", "ml"}},
      {"500  g", {"500g"}},
      {"ml 500", {"ml", "500"}},
      {"500 bottles", {"500", "bottle"}},
      {"2 in 1", {"2", "1"}},
      {"24 cm 30 cm", {"24cm", "30cm"}},
      {"v2.0.", {"v2.0"}},
      {"usb3 5s", {"usb3", "5s"}},
      {"容量500ml的壶", {"容", "容量", "量", "500ml", "壶"}},
  }));
  CAPTURE(text);
  CHECK(split_terms(text) == expected);
}

TEST_CASE("terms lose their plural endings by the S-stemmer, and -es after ss, x, ch and sh", "[terms]") {
  // The first three groups are rules 1-3 of Harman 1991 with their exceptions; the fourth is the rule added to them.
  const auto [word, stem] = GENERATE(table<std::string, std::string>({
      {"batteries", "battery"},
      {"movies", "movy"},
      {"aies", "aie"},
      {"knives", "knive"},
      {"plates", "plate"},
      {"shoes", "shoe"},
      {"coffees", "coffee"},
      {"kettles", "kettle"},
      {"cups", "cup"},
      {"glass", "glass"},
      {"cactus", "cactus"},
      {"gas", "gas"},
      {"glasses", "glass"},
      {"boxes", "box"},
      {"watches", "watch"},
      {"brushes", "brush"},
      {"x100s", "x100s"},
      {"clés", "clés"},
  }));
  CHECK(split_terms(word) == Terms{stem});
}

TEST_CASE("terms of Chinese text are characters and pairs of neighbours", "[terms]") {
  const auto [text, expected] = GENERATE(table<std::string, Terms>({
      {"杯", {"杯"}},
      {"茶杯", {"茶", "茶杯", "杯"}},
      {"保温杯", {"保", "保温", "温", "温杯", "杯"}},
      {"茶，杯", {"茶", "杯"}},
      {"保温的杯", {"保", "保温", "温", "杯"}},
      {"的了吗呢", {}},
      {"一个壶", {"个壶", "壶"}},
      {"iPhone手机", {"iphone", "手", "手机", "机"}},
      {"手机x壳", {"手", "手机", "机", "x", "壳"}},
      {"𠮷野", {"𠮷", "𠮷野", "野"}},
  }));
  CAPTURE(text);
  CHECK(split_terms(text) == expected);
}

TEST_CASE("terms over the length limit are dropped", "[terms]") {
  std::string word;
  while (word.size() < kMaxTermBytes) word += word.size() % 2 == 0 ? 'x' : 'y';
  CHECK(split_terms(word) == Terms{word});
  CHECK(split_terms(word + "x") == Terms{});
  std::string number;
  while (number.size() < kMaxTermBytes) number += number.size() % 2 == 0 ? '1' : '2';
  CHECK(split_terms(number + " kg") == Terms{number, "kg"});
}

TEST_CASE("terms survive bytes that are not UTF-8", "[terms]") {
  CHECK(split_terms("cup \xFF\xE6\x9D lamp") == Terms{"cup", "lamp"});
  CHECK(split_terms("\xE6\x9D\xAF\xE6") == Terms{"杯"});
  CHECK(split_terms(std::string("a\0cup", 5)) == Terms{"acup"});
}
