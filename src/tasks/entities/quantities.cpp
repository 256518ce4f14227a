// Amounts of money and dates.
#include <algorithm>
#include <optional>

#include "tasks/entities/scanners.h"

namespace aftersense {
namespace {

constexpr auto kSigns = make_words(
    {U"¥", U"$", U"£", U"€", U"us$", U"hk$", U"a$", U"usd", U"rmb", U"cny", U"eur", U"gbp", U"hkd", U"人民币", U"美元", U"港币"});
constexpr auto kCurrencies =
    make_words({U"元",    U"块",   U"块钱",  U"元钱", U"万元",   U"万",   U"毛",    U"毛钱", U"角",  U"美元", U"美金",    U"欧元",
                U"英镑",  U"日元", U"港币",  U"刀",   U"rmb",    U"cny",  U"usd",   U"eur",  U"gbp", U"hkd",  U"dollars", U"dollar",
                U"bucks", U"buck", U"euros", U"euro", U"pounds", U"quid", U"cents", U"yuan", U"$",   U"€",    U"£"});
constexpr auto kChineseCurrencies = make_words({U"元", U"块", U"块钱", U"元钱", U"万元", U"毛钱", U"美元", U"美金", U"欧元"});
constexpr std::u32string_view kNumerals = U"零一二三四五六七八九十百千万两几";
constexpr auto kMonths = make_words({U"january", U"february", U"march",    U"april", U"may",  U"june", U"july", U"august", U"september",
                                     U"october", U"november", U"december", U"jan",   U"feb",  U"mar",  U"apr",  U"jun",    U"jul",
                                     U"aug",     U"sep",      U"sept",     U"oct",   U"nov",  U"dec",  U"jan.", U"feb.",   U"mar.",
                                     U"apr.",    U"aug.",     U"sep.",     U"sept.", U"oct.", U"nov.", U"dec."});
constexpr auto kOrdinals = make_words({U"st", U"nd", U"rd", U"th"});
constexpr auto kDays = make_words({U"昨天",       U"昨晚",
                                   U"前天",       U"大前天",
                                   U"今天",       U"今早",
                                   U"明天",       U"后天",
                                   U"上周",       U"上个月",
                                   U"上月",       U"下周",
                                   U"下个月",     U"本周",
                                   U"去年",       U"前年",
                                   U"yesterday",  U"today",
                                   U"tomorrow",   U"last week",
                                   U"last month", U"last year",
                                   U"next week",  U"next month",
                                   U"last night", U"the day before yesterday"});
constexpr auto kChineseWeeks = make_words({U"上周", U"下周", U"这周", U"本周", U"周", U"星期", U"上星期", U"下星期", U"礼拜", U"上个星期"});
constexpr auto kWeekdays = make_words({U"monday", U"tuesday", U"wednesday", U"thursday", U"friday", U"saturday", U"sunday"});
constexpr auto kAgo =
    make_words({U"days ago", U"day ago", U"weeks ago", U"week ago", U"months ago", U"month ago", U"天前", U"周前", U"个月前", U"年前"});

using End = std::optional<std::size_t>;

/// 1,299.00
std::size_t skip_number(const ScanText& text, std::size_t at) {
  std::size_t end = text.skip_digits(at);
  while (text.is_one_of(end, U",.") && text.is_digit(end + 1)) end = text.skip_digits(end + 1);
  return end;
}

End amount_after_sign(const ScanText& text, std::size_t at) {
  const std::size_t sign = text.skip_word(at, kSigns);
  if (sign == at) return std::nullopt;
  const std::size_t number = text.skip_spaces(sign);
  if (!text.is_digit(number) || number - sign > 1) return std::nullopt;
  const std::size_t end = skip_number(text, number);
  return text.skip_word(end, kCurrencies);
}

/// 300元, 49.99 dollars, 3块5
End amount_before_unit(const ScanText& text, std::size_t at) {
  const std::size_t number = skip_number(text, at);
  const std::size_t unit = text.is_space(number) ? number + 1 : number;
  const std::size_t end = text.skip_word(unit, kCurrencies);
  if (end == unit || (text[end - 1] == U'万' && unit + 1 == end)) return std::nullopt;
  return text[end - 1] == U'块' && text.is_digit(end) && !text.is_digit(end + 1) ? end + 1 : end;
}

/// 三百块; 两块 alone may be two pieces.
End chinese_amount(const ScanText& text, std::size_t at) {
  std::size_t number = at;
  while (number - at < 12 && text.is_one_of(number, kNumerals)) ++number;
  const std::size_t end = text.skip_word(number, kChineseCurrencies);
  if (end == number) return std::nullopt;
  const bool is_piece = number - at == 1 && end - number == 1 && text[number] == U'块';
  return is_piece ? std::nullopt : End(end);
}

std::optional<unsigned> number_at(const ScanText& text, std::size_t begin, std::size_t end) {
  if (end == begin || end - begin > 4) return std::nullopt;
  unsigned value = 0;
  for (std::size_t at = begin; at < end; ++at) value = value * 10 + static_cast<unsigned>(text[at] - U'0');
  return value;
}

bool is_within(std::optional<unsigned> value, unsigned low, unsigned high) {
  return value && *value >= low && *value <= high;
}

bool is_year(std::optional<unsigned> value) {
  return is_within(value, 1950, 2049);
}

/// 2024-03-05, 05/03/2024, 3.5.24
End numeric_date(const ScanText& text, std::size_t at) {
  const std::size_t first = text.skip_digits(at);
  const char32_t separator = text[first];
  if (first - at > 4 || !text.is_one_of(first, U"-/.")) return std::nullopt;
  const std::size_t second = text.skip_digits(first + 1);
  const auto [a, b] = std::pair(number_at(text, at, first), number_at(text, first + 1, second));
  if (text[second] != separator) return std::nullopt;
  const std::size_t third = text.skip_digits(second + 1);
  const auto c = number_at(text, second + 1, third);
  const std::size_t size = third - second - 1;
  if (text[third] == separator && text.is_digit(third + 1)) return std::nullopt;
  const bool begins_with_year = is_year(a) && is_within(b, 1, 12) && is_within(c, 1, 31) && size <= 2;
  const bool has_days = is_within(a, 1, 31) && is_within(b, 1, 31) && (is_within(a, 1, 12) || is_within(b, 1, 12));
  const bool ends_with_year = has_days && (size == 4 ? is_year(c) : size == 2 && separator != U'.');
  return begins_with_year || ends_with_year ? End(third) : std::nullopt;
}

/// 2024年3月5日, 3月5号, 2024年3月
End chinese_date(const ScanText& text, std::size_t at) {
  std::size_t month = at;
  std::size_t digits = text.skip_digits(at);
  const bool has_year = text[digits] == U'年' && is_year(number_at(text, at, digits));
  if (has_year) month = digits + 1;
  digits = text.skip_digits(month);
  if (text[digits] != U'月' || !is_within(number_at(text, month, digits), 1, 12)) return std::nullopt;
  const std::size_t day = digits + 1;
  const std::size_t day_end = text.skip_digits(day);
  if (!is_within(number_at(text, day, day_end), 1, 31)) return has_year ? End(day) : std::nullopt;
  return text.is_one_of(day_end, U"日号") ? day_end + 1 : day_end;
}

std::size_t skip_year(const ScanText& text, std::size_t at) {
  std::size_t year = text[at] == U',' ? at + 1 : at;
  year = text.skip_spaces(year);
  const std::size_t end = text.skip_digits(year);
  return year > at && is_year(number_at(text, year, end)) ? end : at;
}

/// "it may 5 times"
bool is_verb(const ScanText& text, std::size_t month) {
  return text.has_word(month, U"may") && !text.is_upper(month);
}

/// March 5th, 2024
End english_date(const ScanText& text, std::size_t at) {
  const std::size_t month = text.skip_word(at, kMonths);
  if (month == at || is_verb(text, at)) return std::nullopt;
  const std::size_t day = text.skip_spaces(month);
  const std::size_t day_end = text.skip_digits(day);
  if (!is_within(number_at(text, day, day_end), 1, 31)) return std::nullopt;
  return skip_year(text, text.skip_word(day_end, kOrdinals));
}

/// 5th of March 2024, 5 Mar
End english_day_first(const ScanText& text, std::size_t at) {
  const std::size_t day_end = text.skip_digits(at);
  if (!is_within(number_at(text, at, day_end), 1, 31)) return std::nullopt;
  std::size_t month = text.skip_spaces(text.skip_word(day_end, kOrdinals));
  if (text.has_word(month, U"of ")) month += 3;
  const std::size_t end = text.skip_word(month, kMonths);
  return end == month || is_verb(text, month) ? std::nullopt : End(skip_year(text, end));
}

/// 昨天, 上周三, yesterday, last Monday
End named_day(const ScanText& text, std::size_t at) {
  const std::size_t week = text.skip_word(at, kChineseWeeks);
  if (week != at && text.is_one_of(week, U"一二三四五六日天末")) return week + 1;
  const std::size_t weekday = text.skip_word(at, kWeekdays);
  if (weekday != at) return weekday;
  const std::size_t end = text.skip_word(at, kDays);
  return end != at ? End(end) : std::nullopt;
}

End ago(const ScanText& text, std::size_t at) {
  const std::size_t number = text.skip_digits(at);
  const std::size_t unit = text.skip_spaces(number);
  const std::size_t end = text.skip_word(unit, kAgo);
  return number - at <= 3 && end != unit ? End(end) : std::nullopt;
}

void scan_at(const ScanText& text, std::size_t at, Candidates& found) {
  const auto add = [&](EntityKind kind, End end) {
    if (end) found.push_back({kind, Belief::unit, at, *end});
    return end.has_value();
  };
  if (text.is_digit(at)) {
    if (text.is_digit(at - 1) || (text.is_one_of(at - 1, U".,-/") && text.is_digit(at - 2))) return;
    for (const auto form : {numeric_date, chinese_date, english_day_first, ago}) {
      if (add(EntityKind::date, form(text, at))) return;
    }
    add(EntityKind::amount, amount_before_unit(text, at));
    return;
  }
  if (add(EntityKind::amount, amount_after_sign(text, at))) return;
  if (text.is_one_of(at, kNumerals) && !text.is_one_of(at - 1, kNumerals) && add(EntityKind::amount, chinese_amount(text, at))) return;
  if (text.is_letter(at) && add(EntityKind::date, english_date(text, at))) return;
  add(EntityKind::date, named_day(text, at));
}

}  // namespace

void scan_quantities(const ScanText& text, Candidates& found) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool may_begin = !text.is_letter(at) || !text.is_letter(at - 1);
    if (may_begin && !text.is_space(at)) scan_at(text, at, found);
  }
}

}  // namespace aftersense
