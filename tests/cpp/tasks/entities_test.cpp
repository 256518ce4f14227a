#include "tasks/entities.h"

#include <string>
#include <string_view>
#include <vector>

#include "catch_amalgamated.hpp"

using namespace aftersense;

namespace {

using Spans = std::vector<std::string_view>;

/// The words of `kind`.
Spans found(std::string_view text, EntityKind kind) {
  Spans spans;
  for (const Entity& entity : find_entities(text)) {
    if (entity.kind == kind) spans.push_back(entity.span.of(text));
  }
  return spans;
}

struct Case {
  std::string_view text;
  Spans expected;
};

void check(EntityKind kind, const Case& example) {
  CAPTURE(example.text);
  CHECK(found(example.text, kind) == example.expected);
}

std::string repeated(std::string_view part, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += part;
  return text;
}

}  // namespace

TEST_CASE("Telephone numbers are found as they are written in China, America, Britain and elsewhere", "[tasks][entities]") {
  check(EntityKind::phone, GENERATE(values<Case>({
                               {"电话13812345678，白天在", {"13812345678"}},
                               {"138 1234 5678", {"138 1234 5678"}},
                               {"请打１３８－１２３４－５６７８", {"１３８－１２３４－５６７８"}},
                               {"+86 13812345678", {"+86 13812345678"}},
                               {"1 3 8 1 2 3 4 5 6 7 8", {"1 3 8 1 2 3 4 5 6 7 8"}},
                               {"座机010-62345678转801", {"010-62345678转801"}},
                               {"(0755)26001234", {"(0755)26001234"}},
                               {"打400-812-3123没人接", {"400-812-3123"}},
                               {"Call (415) 555-0132 please", {"(415) 555-0132"}},
                               {"1-800-555-0199 ext. 23", {"1-800-555-0199 ext. 23"}},
                               {"mine is 020 7946 0123", {"020 7946 0123"}},
                               {"+44 7911 123456", {"+44 7911 123456"}},
                               {"打12315投诉，10086发的", {}},
                               {"12812345678901234", {}},
                               {"2024-03-05 12:45", {}},
                               {"SKU 4155550132", {}},
                               {"1920x1080, 3.14159265358", {}},
                           })));
}

TEST_CASE("Addresses of mail and web are found, without the punctuation around them", "[tasks][entities]") {
  check(EntityKind::email, GENERATE(values<Case>({
                               {"write to jo.smith+shop@mail.example.co.uk.", {"jo.smith+shop@mail.example.co.uk"}},
                               {"邮箱12345@qq.com谢谢", {"12345@qq.com"}},
                               {"ａｂｃ＠ｅｘａｍｐｌｅ．ｃｏｍ", {"ａｂｃ＠ｅｘａｍｐｌｅ．ｃｏｍ"}},
                               {"tom @ gmail.com or tom(at)gmail.com", {"tom @ gmail.com", "tom(at)gmail.com"}},
                               {"@ me, a@b, 5 @ 3.50", {}},
                           })));
  check(EntityKind::url, GENERATE(values<Case>({
                             {"see https://example.com/a?b=1.", {"https://example.com/a?b=1"}},
                             {"链接www.example.cn/x，不对", {"www.example.cn/x"}},
                             {"bit.ly/3abc and shop-x.com", {"bit.ly/3abc", "shop-x.com"}},
                             {"It broke.So sad, e.g. photo.jpg v2.0.13", {}},
                             {"It was bad.Shop elsewhere", {}},
                         })));
}

TEST_CASE("Bank cards need their Luhn digit", "[tasks][entities]") {
  check(EntityKind::bank_card, GENERATE(values<Case>({
                                   {"退到4111111111111111", {"4111111111111111"}},
                                   {"card 4111 1111-1111 1111", {"4111 1111-1111 1111"}},
                                   {"amex 378282246310005", {"378282246310005"}},
                                   {"卡号6222021234567890129", {}},
                                   {"4111111111111112", {}},
                                   {"barcode 6901234567892", {}},
                               })));
}

TEST_CASE("Numbers of identity documents need their check digit, date or announcement", "[tasks][entities]") {
  check(EntityKind::id_number, GENERATE(values<Case>({
                                   {"身份证11010519491231002X", {"11010519491231002X"}},
                                   {"11010519491231002x。", {"11010519491231002x"}},
                                   {"110105 19491231 002X", {"110105 19491231 002X"}},
                                   {"110105194912310021", {}},
                                   {"11010519491331002X", {}},
                                   {"老证130503670401001", {"130503670401001"}},
                                   {"130503671401001", {}},
                                   {"SSN 123-45-6789", {"123-45-6789"}},
                                   {"000-45-6789, 666-45-6789", {}},
                                   {"my NI number is AB 12 34 56 C", {"AB 12 34 56 C"}},
                                   {"护照号E12345678", {"E12345678"}},
                                   {"Passport no. X12345678 for customs", {"X12345678"}},
                               })));
}

TEST_CASE("Order numbers are announced or have a known shape", "[tasks][entities]") {
  check(EntityKind::order_id, GENERATE(values<Case>({
                                  {"订单号：202403051234567", {"202403051234567"}},
                                  {"单号是SF1234567890123，没到", {"SF1234567890123"}},
                                  {"订单102938475和102938476一起发", {"102938475", "102938476"}},
                                  {"Order #12345 arrived broken", {"12345"}},
                                  {"my order number is A-1029384", {"A-1029384"}},
                                  {"113-1234567-7654321", {"113-1234567-7654321"}},
                                  {"1Z999AA10123456784", {"1Z999AA10123456784"}},
                                  {"RR123456789CN", {"RR123456789CN"}},
                                  {"order 20000 units", {}},
                                  {"订单2024年的", {}},
                                  {"SKU 88213345, 货号88213345", {}},
                                  {"colour #ff8800 or #000000", {}},
                                  {"GB 4706.1-2005, ISO9001, IMG_20240305_123456.jpg", {}},
                              })));
}

TEST_CASE("Amounts and dates are no personal data, and no telephone numbers", "[tasks][entities]") {
  check(EntityKind::amount, GENERATE(values<Case>({
                                {"花了¥1,299.00", {"¥1,299.00"}},
                                {"300元，三百块，3块5", {"300元", "三百块", "3块5"}},
                                {"$49.99 or 20 dollars, USD 5", {"$49.99", "20 dollars", "USD 5"}},
                                {"两块电池, 400 ml, 5 stars", {}},
                            })));
  check(EntityKind::date, GENERATE(values<Case>({
                              {"2024-03-05, 05/03/2024", {"2024-03-05", "05/03/2024"}},
                              {"3月5日买的，昨天到，上周三坏", {"3月5日", "昨天", "上周三"}},
                              {"2024年3月5号", {"2024年3月5号"}},
                              {"on March 5th, 2024 or 5 Mar", {"March 5th, 2024", "5 Mar"}},
                              {"it may 5 times, 16/9, 30-20-10, 2024-13-05", {}},
                          })));
}

TEST_CASE("Addresses are chains of places and numbers", "[tasks][entities]") {
  check(EntityKind::address, GENERATE(values<Case>({
                                 {"寄到浙江省杭州市西湖区文三路478号3栋501室，谢谢", {"浙江省杭州市西湖区文三路478号3栋501室"}},
                                 {"我住在阳光花园3栋502", {"阳光花园3栋502"}},
                                 {"5号线地铁口，路由器，在路上，这个城市3号到", {}},
                                 {"包邮到县城，乡镇要自己取", {}},
                                 {"Ship to 42 Maple Street, Apt 4B, Portland, OR 97201.", {"42 Maple Street, Apt 4B, Portland, OR 97201"}},
                                 {"Flat 3, 22 Baker St, London NW1 6XE please", {"Flat 3, 22 Baker St, London NW1 6XE"}},
                                 {"PO Box 123, Austin, TX 78701", {"PO Box 123, Austin, TX 78701"}},
                                 {"The 1 TB Hard Drive, 5 stars on the road, 3 way valve", {}},
                             })));
}

TEST_CASE("Names are announced, have a title, or stand beside a telephone number", "[tasks][entities]") {
  check(EntityKind::name, GENERATE(values<Case>({
                              {"我叫王小明，上周买的", {"王小明"}},
                              {"收件人：欧阳娜娜", {"欧阳娜娜"}},
                              {"请找李先生", {"李先生"}},
                              {"张三丰 13812345678", {"张三丰"}},
                              {"本人高兴极了，我是周末买的，客服小姐姐很好", {}},
                              {"My name is Jane O'Brien and I", {"Jane O'Brien"}},
                              {"my name is sarah connor", {"sarah connor"}},
                              {"Mr. Smith signed for it", {"Mr. Smith"}},
                              {"Kind regards,\nMary A. Jones", {"Mary A. Jones"}},
                              {"I'm Not Happy. Thanks, great product. Dear Sir or Madam", {}},
                          })));
}

TEST_CASE("Products are models in capitals, and titles that are bought", "[tasks][entities]") {
  check(EntityKind::product, GENERATE(values<Case>({
                                 {"the KX-200 and WH-1000XM5", {"KX-200", "WH-1000XM5"}},
                                 {"买的《三体》", {"三体"}},
                                 {"《消费者权益保护法》, 5G, A4, ab-200", {}},
                             })));
}

TEST_CASE("What is surer stays where two overlap", "[tasks][entities]") {
  check(EntityKind::phone, {"订单号13812345678", {}});
  check(EntityKind::order_id, {"订单号13812345678", {"13812345678"}});
  check(EntityKind::url, {"jo@example.com", {}});
}

TEST_CASE("Entities of any bytes are in order, apart from each other, and whole code points", "[tasks][entities]") {
  const auto text = GENERATE(values<std::string>({
      "",
      "\xff\xfe 13812345678\xe4\xbd",
      "😀13812345678😀a@b.com😀",
      "1\xEF\xB8\x8F\xE2\x83\xA3 3\xEF\xB8\x8F\xE2\x83\xA3",
      "订单\xe5\x8d 12345678，电话138\xe2\x80\x8b"
      "12345678",
      std::string(3, '\0') + "4111111111111111",
  }));
  std::size_t end = 0;
  for (const Entity& entity : find_entities(text)) {
    CHECK(entity.span.begin >= end);
    CHECK(entity.span.begin < entity.span.end);
    end = entity.span.end;
  }
  CHECK(end <= text.size());
}

TEST_CASE("All of a long text is read, in a time that grows with it", "[tasks][entities]") {
  const auto part = GENERATE(values<std::string_view>(
      {"1", "@", "#", "1 ", "a.", "1-", "a@", "路1号", "姓名", "order ", "Mr A", "http://", "(", "王", "$1,", "Flat 1 "}));
  CAPTURE(part);
  const std::string text = repeated(part, 1 << 20) + "\n电话 13812345678";
  const std::vector<Entity> entities = find_entities(text);
  REQUIRE_FALSE(entities.empty());
  CHECK(entities.back().kind == EntityKind::phone);
  CHECK(entities.back().span.of(text) == "13812345678");
}
