#include "text/language.h"

#include "catch_amalgamated.hpp"

using namespace aftersense;

TEST_CASE("Language names are the schema's", "[text][language]") {
  CHECK(language_name(Language::zh) == "zh");
  CHECK(language_name(Language::en) == "en");
  CHECK(language_name(Language::other) == "other");
}

TEST_CASE("Language detection finds Chinese, alone and among product names", "[text][language]") {
  const auto text = GENERATE(as<std::string_view>{}, "质量很好,物流也快", "好", "iphone很好用", "买了iphone 15 pro max,很满意", "5星好评😊",
                             "優質的產品,包裝很好", "优の良品的饼干很好吃,下次还会买", "𠮷野家的𪚥很好吃", "龘靐齉爩 鱻麤");
  CHECK(language_name(detect_language(text)) == "zh");
}

TEST_CASE("Language detection finds English, also where there is hardly any", "[text][language]") {
  const auto text = GENERATE(as<std::string_view>{}, "good", "ok", "the battery died after two days", "iphone", "very nice café",
                             "i love 火锅 so much, will come again", "no refund, no answer", "i'm very disappointed", "thx", "a+ seller",
                             "it's a déjà vu of the last order and i don't like it");
  CHECK(language_name(detect_language(text)) == "en");
}

TEST_CASE("Language detection tells other languages from both", "[text][language]") {
  const auto text = GENERATE(
      as<std::string_view>{}, "très bien, livraison rapide", "le produit ne marche pas", "das produkt ist nicht gut und sehr teuer",
      "muy buena calidad, gracias", "el envío llegó tarde", "o produto não funciona", "il prodotto non è come descritto",
      "het is niet goed", "produkt nie działa, bardzo słaby", "çok güzel bir ürün", "barang bagus dan tidak rusak",
      "товар пришёл сломанным", "η παραγγελία δεν ήρθε ποτέ", "المنتج ممتاز", "המוצר שבור", "สินค้าดีมาก", "상품이 마음에 들어요",
      "この商品は最高です。また買います", "品質が良い", "e\u0301te\u0301 cafe\u0301", "sản phẩm tốt");
  CHECK(language_name(detect_language(text)) == "other");
}

TEST_CASE("Language detection gives other where there are no letters", "[text][language]") {
  const auto text = GENERATE(as<std::string_view>{}, "", " ", "12345", "😊😊", "!!! ???", "10:30 - 11:45", "。", "★★★", "'");
  CHECK(language_name(detect_language(text)) == "other");
}
