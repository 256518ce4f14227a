// Telephone numbers: of China, of North America, of Britain, and those with a country code.
#include <algorithm>
#include <optional>

#include "tasks/entities/scanners.h"

namespace aftersense {
namespace {

constexpr auto kCues =
    make_words({U"电话", U"手机", U"手机号", U"联系",    U"联系方式", U"座机",    U"号码",    U"热线",  U"打",     U"拨打",
                U"微信", U"tel",  U"phone",  U"call",    U"mobile",   U"cell",    U"text",    U"reach", U"fax",    U"whatsapp",
                U"rang", U"ring", U"called", U"contact", U"landline", U"texting", U"calling", U"dial",  U"dialed", U"number"});
constexpr auto kExtensions = make_words({U"ext", U"ext.", U"extension", U"转", U"x", U"分机", U"-"});

/// How many of the first digits make up a number, where they do.
using Length = std::optional<std::size_t>;

/// People write the 11 digits whole, in groups, or one by one; not after two loose digits of something else.
bool is_grouped_well(const DigitGroups& digits, std::size_t skipped, std::size_t length) {
  std::size_t at = 0;
  for (std::size_t group = 0; group < digits.groups && at < skipped + length; ++group) {
    if (at >= skipped) return digits.sizes[group] >= 3 || digits.groups - group >= length;
    at += digits.sizes[group];
  }
  return true;
}

Length chinese_mobile(const DigitGroups& digits) {
  const std::string_view all = digits.first(digits.count);
  const std::size_t skipped = all.starts_with("0086") ? 4 : all.starts_with("86") && all.size() >= 13 ? 2 : 0;
  const std::size_t length = skipped + 11;
  if (all.size() < length || all[skipped] != '1' || all[skipped + 1] < '3' || digits.groups_of(length) == 0) return std::nullopt;
  if (!is_grouped_well(digits, skipped, 11)) return std::nullopt;
  return length;
}

/// 010-8888 6666, 0755-26001234; whole, 01088886666.
Length chinese_landline(const DigitGroups& digits) {
  const std::string_view all = digits.first(digits.count);
  if (!all.starts_with('0') || all.size() < 10 || all[1] == '0') return std::nullopt;
  const std::size_t area = all[1] == '1' || all[1] == '2' ? 3 : 4;
  for (const std::size_t length : {area + 8, area + 7}) {
    const std::size_t groups = digits.groups_of(length);
    const bool is_whole = groups == 1 && (length == 11 || length == 12);
    if (is_whole || (groups > 1 && digits.sizes[0] == area)) return length;
  }
  return std::nullopt;
}

/// 020 7946 0123, 07911 123456, 06 12 34 56 78: a trunk prefix and groups.
Length with_trunk_prefix(const DigitGroups& digits) {
  if (digits.digits[0] != '0' || digits.digits[1] == '0' || digits.sizes[0] < 2 || digits.sizes[0] > 5) return std::nullopt;
  for (const std::size_t length : {std::size_t{11}, std::size_t{10}}) {
    const std::size_t groups = digits.groups_of(length);
    if (groups > 1 && std::all_of(digits.sizes.begin(), digits.sizes.begin() + groups, [](std::size_t size) { return size >= 2; }))
      return length;
  }
  return std::nullopt;
}

/// 400-812-3123, 4008123123.
Length service_line(const DigitGroups& digits) {
  const std::string_view all = digits.first(digits.count);
  if (!all.starts_with("400") && !all.starts_with("800")) return std::nullopt;
  const bool is_whole = digits.groups_of(10) > 0 && (digits.sizes[0] == 3 || digits.sizes[0] == 4 || digits.sizes[0] == 10);
  return is_whole ? Length(10) : std::nullopt;
}

/// (415) 555-0132, 1-800-555-0199. Whole, ten digits are as likely something else.
Length north_american(const DigitGroups& digits) {
  const std::size_t skipped = digits.digits[0] == '1' && digits.sizes[0] == 1 ? 1 : 0;
  const bool is_grouped = skipped ? digits.has_sizes({1, 3, 3, 4}) : digits.has_sizes({3, 3, 4});
  if (!is_grouped || digits.digits[skipped] < '2' || digits.digits[skipped + 3] < '2') return std::nullopt;
  return skipped + 10;
}

/// 4155550132, in an English text.
Length whole_north_american(const ScanText& text, std::size_t begin, const DigitGroups& digits) {
  const bool is_number = digits.sizes[0] == 10 && digits.digits[0] >= '2' && digits.digits[3] >= '2';
  const bool is_english = text.is_letter(begin - 2) || text.is_one_of(begin - 1, U",\n") || text.is_one_of(begin - 2, U",:");
  return is_number && is_english ? Length(10) : std::nullopt;
}

/// After `+`: a country code and 7 to 13 digits more, as many groups as there are.
Length international(const DigitGroups& digits, std::size_t least) {
  Length length;
  std::size_t sum = 0;
  for (std::size_t group = 0; group < digits.groups; ++group) {
    if (sum >= 10 && digits.sizes[group] < 2) break;
    sum += digits.sizes[group];
    if (sum > 15) break;
    if (sum >= least) length = sum;
  }
  return length;
}

/// Seven to twelve digits, whole or in groups, that a word announces.
Length announced(const DigitGroups& digits) {
  Length length;
  std::size_t sum = 0;
  for (std::size_t group = 0; group < digits.groups && sum < 12; ++group) {
    sum += digits.sizes[group];
    if (sum >= 7 && sum <= 12 && (group == 0 || digits.sizes[group] >= 2)) length = sum;
  }
  return length;
}

/// `ext. 23`, `转801`, `-801`.
std::size_t skip_extension(const ScanText& text, std::size_t end) {
  const std::size_t word = text.skip_spaces(end);
  const std::size_t after = text.skip_word(word, kExtensions);
  if (after == word || after - end > 8) return end;
  const std::size_t number = text[after - 1] == U'-' ? after : text.skip_spaces(after);
  const std::size_t last = text.skip_digits(number);
  return last > number && last - number <= 5 && !text.is_one_of(last, U"-/") ? last : end;
}

struct Match {
  Length length;
  Belief belief = Belief::likely;
};

Match match(const ScanText& text, std::size_t begin, const DigitGroups& digits) {
  if (const Length length = chinese_mobile(digits)) return {length};
  if (text[begin - 1] == U'+' || (text[begin - 1] == U'(' && text[begin - 2] == U'+')) return {international(digits, 8)};
  if (digits.first(digits.count).starts_with("00") && digits.sizes[0] >= 4) return {international(digits, 11)};
  for (const auto form : {chinese_landline, with_trunk_prefix, service_line, north_american}) {
    if (const Length length = form(digits)) return {length};
  }
  if (is_code_of_goods(text, begin, 16)) return {};
  if (text.is_announced(begin, kCues, 6)) return {announced(digits), Belief::shape};
  return {whole_north_american(text, begin, digits), Belief::shape};
}

void scan_phone(const ScanText& text, std::size_t begin, Candidates& found) {
  const DigitGroups digits(text, begin);
  if (digits.count < 7) return;
  const Match matched = match(text, begin, digits);
  if (!matched.length) return;
  const std::size_t end = digits.end_of(*matched.length);
  // Part of a longer code, or of a decimal number.
  if (text.is_letter(end) && text.is_digit(end + 1) && text[end] != U'x') return;
  if (text.is_one_of(begin - 1, U"./") && text.is_digit(begin - 2)) return;
  std::size_t start = begin;
  if (text[start - 1] == U'(') --start;
  if (text[start - 1] == U'+') --start;
  found.push_back({EntityKind::phone, matched.belief, start, skip_extension(text, end)});
}

}  // namespace

void scan_phones(const ScanText& text, Candidates& found) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.is_digit(at) && !text.is_digit(at - 1)) scan_phone(text, at, found);
  }
}

}  // namespace aftersense
