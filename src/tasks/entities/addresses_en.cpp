// Postal addresses as they are written in English: number, street, unit, city, state, code, country.
#include <algorithm>
#include <optional>

#include "tasks/entities/scanners.h"

namespace aftersense {
namespace {

constexpr auto kStreets = make_words({U"street", U"st", U"st.", U"road", U"rd", U"rd.", U"avenue", U"ave", U"ave.", U"boulevard", U"blvd",
                                      U"blvd.", U"lane", U"ln", U"ln."});
/// Words that name other things too: only with capital letters.
constexpr auto kCapitalStreets =
    make_words({U"drive",    U"dr",     U"dr.",      U"court",   U"ct",  U"way",     U"place", U"pl",      U"terrace", U"close",
                U"crescent", U"square", U"sq",       U"highway", U"hwy", U"parkway", U"pkwy",  U"gardens", U"row",     U"grove",
                U"hill",     U"mews",   U"broadway", U"circle",  U"cir", U"trail",   U"walk",  U"quay",    U"plaza",   U"park"});
/// Words that a street is not named after.
constexpr auto kProse = make_words({U"the",   U"on",   U"of",   U"in",   U"a",     U"an",    U"and",  U"to",      U"is",    U"was",
                                    U"for",   U"at",   U"my",   U"way",  U"stars", U"star",  U"gb",   U"tb",      U"mb",    U"hard",
                                    U"flash", U"usb",  U"disk", U"days", U"day",   U"times", U"out",  U"percent", U"hours", U"minutes",
                                    U"inch",  U"down", U"from", U"or",   U"off",   U"up",    U"this", U"it",      U"led",   U"with"});
/// Words with a capital letter after an address that are no part of it.
constexpr auto kNoCity =
    make_words({U"thanks", U"thank", U"please", U"phone",  U"tel",     U"email",   U"e-mail", U"my",    U"the",    U"i",
                U"it",     U"call",  U"attn",   U"mobile", U"and",     U"but",     U"not",    U"order", U"name",   U"cell",
                U"we",     U"they",  U"no",     U"still",  U"regards", U"instead", U"which",  U"after", U"because"});
constexpr auto kUnits =
    make_words({U"apt", U"apt.", U"apartment", U"suite", U"ste", U"ste.", U"unit", U"flat", U"floor", U"room", U"rm", U"#", U"no", U"no."});
constexpr auto kStates =
    make_words({U"al", U"ak", U"az", U"ar", U"ca", U"co", U"ct", U"de", U"dc", U"fl", U"ga", U"hi", U"id", U"il", U"in", U"ia", U"ks",
                U"ky", U"la", U"me", U"md", U"ma", U"mi", U"mn", U"ms", U"mo", U"mt", U"ne", U"nv", U"nh", U"nj", U"nm", U"ny", U"nc",
                U"nd", U"oh", U"ok", U"or", U"pa", U"ri", U"sc", U"sd", U"tn", U"tx", U"ut", U"vt", U"va", U"wa", U"wv", U"wi", U"wy"});
constexpr auto kCountries = make_words({U"usa", U"u.s.a.", U"us", U"uk", U"u.k.", U"united states", U"united kingdom", U"england",
                                        U"scotland", U"wales", U"ireland", U"canada", U"australia"});
constexpr auto kBoxes = make_words({U"po box", U"p.o. box", U"p.o.box", U"post office box"});

using End = std::optional<std::size_t>;

/// `Maple`, `O'Brien`, `5th`; with a capital letter or a digit first where `capital`.
std::size_t skip_name(const ScanText& text, std::size_t at, bool capital) {
  if (!text.is_word(at) || (capital && !text.is_upper(at) && !text.is_digit(at))) return at;
  std::size_t end = at;
  while (end - at < 20 && (text.is_word(end) || (text.is_one_of(end, U"'-") && text.is_letter(end + 1)))) ++end;
  return text[end] == U'.' && end - at <= 2 && text.is_letter(at) ? end + 1 : end;
}

/// "Park Hill Road": the first word that may end a street is not always the last.
bool continues_street(const ScanText& text, std::size_t end) {
  const std::size_t next = end + 1;
  if (!text.is_space(end)) return false;
  return text.skip_word(next, kStreets) != next || (text.is_upper(next) && text.skip_word(next, kCapitalStreets) != next);
}

/// The end of a street after its number: one to four words, the last of which says that it is one.
End skip_street(const ScanText& text, std::size_t begin) {
  std::size_t at = begin;
  bool is_capital = true;
  for (std::size_t words = 0; words < 5; ++words) {
    const std::size_t end = skip_name(text, at, false);
    if (end == at) return std::nullopt;
    const bool is_upper = text.is_upper(at) || text.is_digit(at);
    if (words > 0) {
      std::size_t street = text.skip_word(at, kStreets);
      if (street == at && is_upper && is_capital) street = text.skip_word(at, kCapitalStreets);
      if (street != at && !continues_street(text, street)) return street;
    }
    if (words == 0 && text.has_word(at, U"broadway") && is_upper) return end;
    if (text.skip_word(at, kProse) == end) return std::nullopt;
    is_capital = is_capital && is_upper;
    at = text.skip_spaces(end);
    if (at == end || at - end > 2) return std::nullopt;
  }
  return std::nullopt;
}

/// `Apt 4B`, `#12`
std::size_t skip_unit(const ScanText& text, std::size_t at) {
  const std::size_t word = text.skip_word(at, kUnits);
  if (word == at) return at;
  const std::size_t number = text.skip_spaces(word);
  std::size_t end = number;
  while (end - number < 6 && (text.is_word(end) || (text[end] == U'-' && text.is_word(end + 1)))) ++end;
  const bool has_digit = text.skip_digits(number) != number || text.is_digit(number + 1) || end - number == 1;
  return end > number && has_digit && !text.is_word(end) ? end : at;
}

/// A ZIP code, or a British post code with its space.
std::size_t skip_code(const ScanText& text, std::size_t at) {
  if (text.is_word(at - 1)) return at;
  std::size_t end = text.skip_digits(at);
  if (end - at == 5) {
    if (text[end] == U'-' && text.skip_digits(end + 1) == end + 5) end += 5;
    return text.is_word(end) ? at : end;
  }
  const std::size_t area = text.skip_letters(at);
  if (end != at || area == at || area - at > 2 || !text.is_upper(at) || !text.is_digit(area)) return at;
  std::size_t space = area + 1;
  if (text.is_word(space)) ++space;
  if (!text.is_space(space) || !text.is_digit(space + 1)) return at;
  end = text.skip_letters(space + 2);
  return end == space + 4 && text.is_upper(space + 2) && !text.is_digit(end) ? end : at;
}

std::size_t skip_state(const ScanText& text, std::size_t at) {
  const std::size_t end = text.skip_word(at, kStates);
  return end != at && text.is_upper(at) && text.is_upper(at + 1) && !text.is_word(end) ? end : at;
}

std::size_t skip_city(const ScanText& text, std::size_t begin) {
  std::size_t end = begin;
  std::size_t at = begin;
  for (std::size_t words = 0; words < 3; ++words) {
    const std::size_t word = skip_name(text, at, true);
    if (word == at || text.is_digit(at) || text.skip_word(at, kNoCity) != at || skip_state(text, at) != at || skip_code(text, at) != at)
      break;
    end = word;
    if (!text.is_space(end)) break;
    at = end + 1;
  }
  return end;
}

/// What follows a street, part by part.
std::size_t skip_rest(const ScanText& text, std::size_t street_end) {
  std::size_t end = street_end;
  for (std::size_t parts = 0; parts < 8; ++parts) {
    std::size_t at = end;
    const bool has_comma = text[at] == U',' || text[at] == U'\n';
    if (has_comma) ++at;
    at = text.skip_spaces(at);
    if (at == end || at - end > 3) break;
    std::size_t next = at;
    for (const auto skip : {skip_unit, skip_state, skip_code}) {
      if (next == at) next = skip(text, at);
    }
    if (next == at && text.is_upper(at)) next = text.skip_word(at, kCountries);
    if (next == at) {
      next = skip_city(text, at);
      // Without a comma, only what follows shows that it is a city.
      const std::size_t after = text.skip_spaces(text[next] == U',' ? next + 1 : next);
      if (!has_comma && skip_state(text, after) == after && skip_code(text, after) == after) break;
    }
    if (next == at) break;
    end = next;
  }
  return end;
}

/// `Flat 3, ` before a street's number.
std::size_t skip_unit_back(const ScanText& text, std::size_t begin) {
  std::size_t end = begin;
  while (begin - end < 3 && text.is_one_of(end - 1, U" ,/")) --end;
  std::size_t number = end;
  while (end - number < 5 && text.is_word(number - 1)) --number;
  if (number == end || end == begin) return begin;
  const std::size_t word = text.is_space(number - 1) ? number - 1 : number;
  const std::size_t unit = text.skip_word_back(word, kUnits);
  return unit == word ? begin : unit;
}

/// Back over `Portland, ` and such.
std::size_t skip_city_back(const ScanText& text, std::size_t begin) {
  std::size_t at = begin;
  for (std::size_t words = 0; words < 3; ++words) {
    std::size_t end = at;
    while (at - end < 2 && text.is_one_of(end - 1, U" ,")) --end;
    std::size_t word = end;
    while (end - word < 20 && text.is_letter(word - 1)) --word;
    if (word == end || end == at || !text.is_upper(word)) break;
    at = word;
  }
  return at;
}

void scan_number(const ScanText& text, std::size_t at, Candidates& found) {
  if (text.is_word(at - 1) || text.is_one_of(at - 1, U".-$£€¥:/") || !text.is_digit(at)) return;
  std::size_t number = text.skip_digits(at);
  if (number - at > 6) return;
  if (text.is_letter(number) && !text.is_letter(number + 1)) ++number;
  if (!text.is_space(number)) return;
  const End street = skip_street(text, text.skip_spaces(number));
  if (street) found.push_back({EntityKind::address, Belief::unit, skip_unit_back(text, at), skip_rest(text, *street)});
}

}  // namespace

void scan_english_addresses(const ScanText& text, Candidates& found) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!text.is_word(at) || text.is_word(at - 1)) continue;
    scan_number(text, at, found);
    const std::size_t box = text[at] == U'p' ? text.skip_word(at, kBoxes) : at;
    if (box != at && text.is_space(box) && text.is_digit(box + 1))
      found.push_back({EntityKind::address, Belief::unit, at, skip_rest(text, text.skip_digits(box + 1))});
    const std::size_t state = skip_state(text, at);
    if (state != at && text.is_space(state) && text.is_digit(state + 1) && skip_code(text, state + 1) != state + 1)
      found.push_back({EntityKind::address, Belief::likely, skip_city_back(text, at), skip_code(text, state + 1)});
    if (text.is_letter(at) && skip_code(text, at) != at) found.push_back({EntityKind::address, Belief::likely, at, skip_code(text, at)});
  }
}

}  // namespace aftersense
