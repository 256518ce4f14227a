// Bank cards and numbers of identity documents.
#include <algorithm>
#include <numeric>

#include "tasks/entities/scanners.h"

namespace aftersense {
namespace {

constexpr auto kCardCues =
    make_words({U"卡", U"卡号", U"账号", U"帐号", U"账户", U"card", U"card number", U"visa", U"mastercard", U"amex", U"debit", U"credit"});
constexpr auto kSsnCues = make_words({U"ssn", U"social security", U"social security number", U"social"});
constexpr auto kPapers =
    make_words({U"护照", U"通行证", U"台胞证", U"回乡证", U"驾驶证", U"驾照", U"军官证", U"passport", U"driving licence",
                U"driver's license", U"drivers license", U"driver license", U"driver's licence", U"id card"});

int value_of(char digit) {
  return digit - '0';
}

/// The Luhn algorithm (ISO/IEC 7812-1).
bool has_luhn_digit(std::string_view digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int digit = value_of(digits[digits.size() - 1 - i]);
    const int doubled = digit * 2;
    sum += i % 2 == 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 == 0;
}

bool is_card_length(std::string_view digits, bool is_announced) {
  const bool is_amex = digits.size() == 15 && (digits.starts_with("34") || digits.starts_with("37"));
  return is_announced || is_amex || (digits.size() >= 16 && digits.find_first_of("2456") == 0);
}

void scan_card(const ScanText& text, std::size_t begin, const DigitGroups& digits, Candidates& found) {
  if (digits.count < 13) return;
  const bool is_announced = text.is_announced(begin, kCardCues, 8);
  for (std::size_t length = std::min<std::size_t>(digits.count, 19); length >= 13; --length) {
    const std::size_t groups = digits.groups_of(length);
    if (groups == 0 || text.is_letter(digits.end_of(length))) continue;
    const bool is_grouped =
        std::all_of(digits.sizes.begin(), digits.sizes.begin() + groups - 1, [](std::size_t size) { return size >= 3; });
    if (!is_grouped || !is_card_length(digits.first(length), is_announced) || !has_luhn_digit(digits.first(length))) continue;
    found.push_back({EntityKind::bank_card, is_announced ? Belief::checked : Belief::likely, begin, digits.end_of(length)});
    return;
  }
}

bool is_date(int year, int month, int day) {
  static constexpr std::array<int, 12> kDays = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return year >= 1900 && year <= 2035 && month >= 1 && month <= 12 && day >= 1 && day <= kDays[static_cast<std::size_t>(month) - 1];
}

int number_of(std::string_view digits) {
  return std::accumulate(digits.begin(), digits.end(), 0, [](int sum, char digit) { return sum * 10 + value_of(digit); });
}

/// The first two digits of an administrative division (GB/T 2260).
bool is_province(int code) {
  static constexpr auto kProvinces = std::to_array({11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43,
                                                    44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83});
  return std::ranges::find(kProvinces, code) != kProvinces.end();
}

/// The last character of a resident id after its 17 digits (GB 11643, ISO 7064 MOD 11-2).
char check_character(std::string_view digits) {
  static constexpr std::array<int, 17> kWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += kWeights[i] * value_of(digits[i]);
  return "10x98765432"[sum % 11];
}

void scan_resident_id(const ScanText& text, std::size_t begin, const DigitGroups& digits, Candidates& found) {
  if (digits.count < 15 || !is_province(number_of(digits.first(2)))) return;
  const std::string_view all = digits.first(digits.count);
  const auto date_at = [&](std::size_t year_size, int century) {
    const std::size_t month = 6 + year_size;
    return is_date(century + number_of(all.substr(6, year_size)), number_of(all.substr(month, 2)), number_of(all.substr(month + 2, 2)));
  };
  const auto add = [&](std::size_t end) {
    if (!text.is_word(end)) found.push_back({EntityKind::id_number, Belief::checked, begin, end});
  };
  if (digits.groups_of(15) == 1 && all.size() == 15 && date_at(2, 1900)) return add(digits.end_of(15));
  if (all.size() < 17 || !date_at(4, 0)) return;
  const char check = check_character(all);
  if (all.size() >= 18 && digits.groups_of(18) > 0 && all[17] == check) return add(digits.end_of(18));
  const std::size_t next = digits.end_of(17);
  const std::size_t last = text.is_one_of(next, U" -") ? next + 1 : next;
  if (check == 'x' && text[last] == U'x') add(last + 1);
}

/// 123-45-6789; with spaces or whole only where it is announced.
void scan_ssn(const ScanText& text, std::size_t begin, const DigitGroups& digits, Candidates& found) {
  if (digits.count < 9) return;
  const std::string_view all = digits.first(9);
  const bool is_dashed = digits.has_sizes({3, 2, 4}) && text[begin + 3] == U'-' && text[begin + 6] == U'-';
  const bool is_announced = (digits.has_sizes({3, 2, 4}) || digits.has_sizes({9})) && text.is_announced(begin, kSsnCues, 12);
  if (!is_dashed && !is_announced) return;
  const std::size_t end = digits.end_of(9);
  const bool is_issued =
      !all.starts_with("000") && !all.starts_with("666") && all[0] != '9' && all.substr(3, 2) != "00" && all.substr(5) != "0000";
  if (is_issued && !text.is_word(end) && text[end] != U'-' && !text.is_one_of(begin - 1, U"-/"))
    found.push_back({EntityKind::id_number, Belief::checked, begin, end});
}

/// A British National Insurance number: two letters, six digits, A to D (gov.uk, NIM39110).
void scan_insurance_number(const ScanText& text, std::size_t begin, Candidates& found) {
  if (text.is_word(begin - 1) || !text.is_letter(begin) || !text.is_letter(begin + 1) || text.is_letter(begin + 2)) return;
  if (text.is_one_of(begin, U"dfiquv") || text.is_one_of(begin + 1, U"dfiquvo")) return;
  std::size_t at = begin + 2;
  for (std::size_t i = 0; i < 6; ++i, ++at) {
    if (i % 2 == 0 && text.is_space(at)) ++at;
    if (!text.is_digit(at)) return;
  }
  if (text.is_space(at)) ++at;
  if (text.is_one_of(at, U"abcd") && text.is_upper(begin) == text.is_upper(at) && !text.is_word(at + 1))
    found.push_back({EntityKind::id_number, Belief::unit, begin, at + 1});
}

/// Up to three letters and six to twelve digits that the name of a document announces.
void scan_paper(const ScanText& text, std::size_t begin, Candidates& found) {
  if (text.is_word(begin - 1)) return;
  const std::size_t number = text.skip_letters(begin);
  if (number - begin > 3) return;
  std::size_t end = text.skip_digits(number);
  if (end - number < 6 || end - number > 12) return;
  if (text.is_letter(end)) ++end;
  if (text.is_letter(end)) return;
  if (text.is_announced(begin, kPapers, 12)) found.push_back({EntityKind::id_number, Belief::announced, begin, end});
}

}  // namespace

void scan_identity(const ScanText& text, Candidates& found) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!text.is_word(at)) continue;
    if (text.is_digit(at) && !text.is_digit(at - 1)) {
      const DigitGroups digits(text, at);
      scan_card(text, at, digits, found);
      scan_resident_id(text, at, digits, found);
      scan_ssn(text, at, digits, found);
    }
    scan_insurance_number(text, at, found);
    if (!text.is_word(at - 1)) scan_paper(text, at, found);
  }
}

}  // namespace aftersense
