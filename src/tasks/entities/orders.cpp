// Numbers of orders, parcels and cases; models of products.
#include <algorithm>

#include "tasks/entities/scanners.h"

namespace aftersense {
namespace {

constexpr std::size_t kMaxToken = 40;

/// What a number may be of.
constexpr auto kMatters =
    make_words({U"订单",    U"单",          U"运单",         U"快递",      U"快件",    U"包裹",     U"物流",      U"工单",     U"交易",
                U"流水",    U"受理",        U"案件",         U"投诉",      U"顺丰",    U"圆通",     U"中通",      U"申通",     U"韵达",
                U"极兔",    U"邮政",        U"京东",         U"order",     U"orders",  U"tracking", U"track",     U"shipment", U"parcel",
                U"package", U"consignment", U"confirmation", U"reference", U"ref",     U"invoice",  U"rma",       U"case",     U"ticket",
                U"waybill", U"awb",         U"transaction",  U"booking",   U"return",  U"claim",    U"complaint", U"purchase", U"ups",
                U"fedex",   U"usps",        U"dhl",          U"ems",       U"receipt", U"refund"});
/// What may stand between; with one of these, short numbers are numbers too.
constexpr auto kNumberWords =
    make_words({U"号", U"号码", U"编号", U"码", U"no", U"no.", U"nr", U"num", U"number", U"numbers", U"id", U"#"});
constexpr auto kLinks =
    make_words({U"是", U"为", U":", U" ", U"=", U"(", U"\"", U"'", U"「", U"【", U"is", U"was", U"it's", U"its", U"-", U"?"});
/// Farther from the number, in the same sentence, only these say what it is.
constexpr auto kFarMatters = make_words({U"订单", U"单号", U"运单", U"快递单", U"物流单", U"order", U"orders", U"tracking", U"shipment",
                                         U"ups", U"fedex", U"usps", U"dhl", U"charged twice for"});
constexpr auto kLaterMatters = make_words({U"订单", U"单号", U"这单", U"这个单", U"这一单", U"运单", U"快递", U"is my order",
                                           U"is the order", U"is the tracking", U"is my tracking"});
constexpr auto kAnd = make_words({U"和", U"与", U"及", U"、", U"/", U",", U"&", U"and", U"or", U"或"});
/// Codes of goods, not of a purchase.
constexpr auto kGoods = make_words({U"sku",      U"item",  U"barcode",  U"条形码",  U"条码", U"货号",   U"款号",   U"型号",
                                    U"model",    U"batch", U"批次",     U"批号",    U"isbn", U"ean",    U"upc",    U"asin",
                                    U"standard", U"标准",  U"firmware", U"version", U"版本", U"serial", U"序列号", U"complies with"});
constexpr auto kUnits =
    make_words({U"元",     U"块",  U"件",    U"个",    U"年",     U"月",      U"天",   U"人",    U"次", U"台",  U"箱", U"瓶", U"units",
                U"pieces", U"pcs", U"items", U"times", U"people", U"dollars", U"days", U"years", U"w",  U"mah", U"ml", U"kg"});
/// Prefixes of carriers and of shops' own systems.
constexpr auto kPrefixes = make_words({U"ord", U"order", U"wo", U"so", U"po", U"inv", U"rma", U"sf", U"yt", U"jd", U"jdv", U"zt", U"zto",
                                       U"sto", U"yd", U"tba", U"web", U"ems"});
constexpr auto kFiles = make_words({U"img", U"dsc", U"vid", U"pxl", U"mvimg", U"iso", U"gb", U"rtx", U"iec", U"en"});

/// Letters and digits, with single dashes between.
struct Token {
  std::size_t begin;
  std::size_t end;
  std::size_t digits = 0;
  std::size_t letters = 0;
  std::size_t dashes = 0;
  std::size_t prefix = 0;  // letters at the begin

  [[nodiscard]] std::size_t size() const { return end - begin; }
};

Token read_token(const ScanText& text, std::size_t begin) {
  Token token{.begin = begin, .end = begin};
  const auto joins = [&](std::size_t at) { return text.is_one_of(at, U"-_") && text.is_word(at + 1); };
  for (std::size_t at = begin; at - begin <= kMaxToken && (text.is_word(at) || joins(at)); ++at) {
    token.digits += text.is_digit(at);
    token.letters += text.is_letter(at);
    token.dashes += !text.is_word(at);
    if (text.is_letter(at) && token.letters == at - begin + 1) token.prefix = token.letters;
    token.end = at + 1;
  }
  return token;
}

/// What leads up to a number: nothing, `parcel `, `number `, `parcel number `.
enum class Announcement : std::uint8_t { none, matter, number, both };

Announcement announcement(const ScanText& text, std::size_t begin) {
  bool has_number = false;
  std::size_t at = begin;
  for (std::size_t links = 0; links < 6; ++links) {
    const std::size_t before = text.skip_word_back(at, kNumberWords);
    has_number |= before != at;
    const std::size_t next = before != at ? before : text.skip_word_back(at, kLinks);
    if (next == at) break;
    at = next;
  }
  const bool has_matter = text.skip_word_back(at, kMatters) != at;
  if (has_number) return has_matter ? Announcement::both : Announcement::number;
  return has_matter ? Announcement::matter : Announcement::none;
}

bool has_plausible_count(const ScanText& text, const Token& token) {
  const std::size_t after = text.skip_spaces(token.end);
  const bool is_count = token.letters == 0 && token.dashes == 0 && token.digits <= 6 && text.skip_word(after, kUnits) != after;
  const bool is_decimal = text.is_one_of(token.end, U".,") && text.is_digit(token.end + 1);
  return !is_count && !is_decimal;
}

/// 113-1234567-1234567 of Amazon, 1Z… of UPS, RR123456789CN of the postal union (S10), SF1234567890123 …
bool has_known_shape(const ScanText& text, const Token& token, std::size_t& end) {
  const DigitGroups digits(text, token.begin);
  if (digits.groups >= 3 && digits.has_sizes({3, 7, 7}) && token.dashes == 2) {
    end = digits.end_of(17);
    return true;
  }
  if (token.size() == 18 && text[token.begin] == U'1' && text[token.begin + 1] == U'z') return true;
  const bool is_postal = token.size() == 13 && token.prefix == 2 && token.digits == 9 && token.letters == 4 &&
                         text.is_letter(token.end - 1) && text.is_letter(token.end - 2);
  if (is_postal) return true;
  if (token.prefix < 1 || token.prefix > 5 || token.letters != token.prefix) return false;
  if (text.skip_word(token.begin, kPrefixes) != token.begin) return token.digits >= (token.dashes > 0 ? 4 : 8);
  return token.prefix >= 2 && token.prefix <= 4 && token.digits >= 8 && text.is_upper(token.begin);
}

/// A number after `#` alone; not a colour.
bool is_hash_number(const ScanText& text, const Token& token) {
  return text[token.begin - 1] == U'#' && token.letters == 0 && token.digits >= 5 && token.digits != 6 && token.digits <= 20;
}

bool is_file_or_standard(const ScanText& text, const Token& token) {
  return text.skip_word(token.begin, kFiles) != token.begin;
}

struct OrderScanner {
  const ScanText& text;
  Candidates& found;
  std::size_t last_end = 0;  // of the order number before

  void add(const Token& token, Belief belief, std::size_t end) {
    found.push_back({EntityKind::order_id, belief, token.begin, end});
    last_end = end;
  }

  /// `… and 88213345` after another.
  [[nodiscard]] bool follows_order(const Token& token) const {
    if (last_end == 0 || token.digits < 6) return false;
    std::size_t at = text.skip_spaces(last_end);
    at = text.skip_spaces(text.skip_word(at, kAnd));
    return at == token.begin;
  }

  [[nodiscard]] bool is_named_around(const Token& token) const {
    if (token.digits < 6) return false;
    if (text.is_announced(token.begin, kFarMatters, 22)) return true;
    if (token.digits < 8) return false;
    for (std::size_t at = token.end; at < token.end + 6; ++at) {
      if (text.skip_word(at, kLaterMatters) != at) return true;
    }
    return false;
  }

  void scan(std::size_t begin) {
    const Token token = read_token(text, begin);
    if (token.size() > kMaxToken || token.digits < 4 || is_code_of_goods(text, begin, 4)) return;
    std::size_t end = token.end;
    if (has_known_shape(text, token, end) && !is_file_or_standard(text, token)) return add(token, Belief::likely, end);
    if (!has_plausible_count(text, token)) return;
    const Announcement announced = announcement(text, begin);
    if (announced == Announcement::both) return add(token, Belief::announced, end);
    if (announced == Announcement::matter && token.digits >= 5) return add(token, Belief::announced, end);
    // "Case nubmer 2980445", "number 2980445".
    if (announced == Announcement::number && token.digits >= 7 && !is_code_of_goods(text, begin, 16)) return add(token, Belief::shape, end);
    if (follows_order(token)) return add(token, Belief::announced, end);
    if (is_hash_number(text, token) || is_named_around(token)) add(token, Belief::shape, end);
  }
};

constexpr auto kTitles = make_words({U"商品", U"产品", U"买的", U"买了", U"购买", U"这本", U"的书", U"买", U"宝贝"});

/// KX-200, WH-1000XM5, RTX4090: capital letters and digits.
void scan_model(const ScanText& text, std::size_t begin, Candidates& found) {
  const Token token = read_token(text, begin);
  const bool has_parts = token.prefix >= 2 && token.prefix <= 5 && token.digits >= 2 && token.digits <= 6 && token.dashes <= 1;
  if (!has_parts || token.size() > 14 || !text.is_upper(begin) || !text.is_upper(begin + 1) || is_file_or_standard(text, token)) return;
  found.push_back({EntityKind::product, Belief::shape, begin, token.end});
}

/// 《…》 where it is said to be something bought.
void scan_title(const ScanText& text, std::size_t begin, Candidates& found) {
  if (text.skip_word_back(text.is_space(begin - 1) ? begin - 1 : begin, kTitles) == begin) return;
  for (std::size_t end = begin + 1; end < begin + 40; ++end) {
    if (text.is_one_of(end, U"《\n") || end >= text.size()) return;
    if (text[end] == U'》' && end > begin + 1) return found.push_back({EntityKind::product, Belief::likely, begin + 1, end});
  }
}

}  // namespace

bool is_code_of_goods(const ScanText& text, std::size_t begin, std::size_t reach) {
  return text.is_announced(begin, kGoods, reach);
}

void scan_orders(const ScanText& text, Candidates& found) {
  OrderScanner scanner{text, found};
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == U'《') scan_title(text, at, found);
    const bool begins = text.is_word(at) && !text.is_word(at - 1) && !(text.is_one_of(at - 1, U"-_") && text.is_word(at - 2));
    if (!begins) continue;
    scanner.scan(at);
    scan_model(text, at, found);
  }
}

}  // namespace aftersense
