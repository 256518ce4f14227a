// English names of persons: after words that announce one, after a title, at the end of a letter.
#include <algorithm>

#include "tasks/entities/scanners.h"

namespace aftersense {
namespace {

/// A name follows, with capital letters or without.
constexpr auto kFields =
    make_words({U"my name is",   U"name is",      U"name:",     U"full name",    U"customer name", U"name on card", U"name on the card",
                U"recipient",    U"recipient:",   U"attn",      U"attn:",        U"attention:",    U"ship to",      U"deliver to",
                U"delivered to", U"addressed to", U"bill to",   U"bill it to",   U"ship it to",    U"send it to",   U"contact:",
                U"ask for",      U"named",        U"signed by", U"signed for by"});
/// A name follows only where it looks like one.
constexpr auto kSpeakers =
    make_words({U"i'm", U"i am", U"this is", U"spoke to", U"spoke with", U"talked to", U"it's", U"call me", U"dear", U"hi", U"hello"});
constexpr auto kClosings =
    make_words({U"regards", U"sincerely", U"thanks", U"thank you", U"cheers", U"best", U"best wishes", U"yours", U"yours truly",
                U"yours faithfully", U"yours sincerely", U"signed", U"many thanks", U"respectfully"});
constexpr auto kTitles = make_words({U"mr", U"mr.", U"mrs", U"mrs.", U"ms", U"ms.", U"dr", U"dr.", U"miss", U"prof", U"prof."});
constexpr auto kNoNames = make_words(
    {U"not",      U"very",      U"so",        U"the",          U"a",       U"an",         U"all",      U"sir",   U"madam",    U"team",
     U"customer", U"customers", U"amazon",    U"support",      U"service", U"my",         U"your",     U"our",   U"done",     U"happy",
     U"here",     U"still",     U"just",      U"on",           U"in",      U"at",         U"to",       U"is",    U"was",      U"it",
     U"this",     U"that",      U"there",     U"everyone",     U"guys",    U"me",         U"you",      U"us",    U"them",     U"one",
     U"wrong",    U"missing",   U"spelled",   U"misspelled",   U"great",   U"good",       U"for",      U"and",   U"or",       U"but",
     U"really",   U"order",     U"phone",     U"email",        U"again",   U"everything", U"seller",   U"folks", U"american", U"british",
     U"chinese",  U"never",     U"no",        U"yes",          U"please",  U"with",       U"of",       U"i",     U"i'm",      U"store",
     U"shop",     U"account",   U"impressed", U"disappointed", U"sorry",   U"sure",       U"delivery", U"new"});
/// Given names, so that "I'm Sarah" is one and "I'm Impressed" is none.
constexpr auto kGiven =
    make_words({U"james",    U"john",    U"robert",    U"michael", U"william",  U"david",    U"richard",  U"joseph", U"thomas", U"charles",
                U"daniel",   U"matthew", U"anthony",   U"mark",    U"paul",     U"steven",   U"andrew",   U"kevin",  U"brian",  U"george",
                U"edward",   U"jason",   U"ryan",      U"jacob",   U"eric",     U"jonathan", U"stephen",  U"justin", U"scott",  U"brandon",
                U"benjamin", U"samuel",  U"alex",      U"peter",   U"adam",     U"henry",    U"tom",      U"tim",    U"ben",    U"sam",
                U"mike",     U"chris",   U"steve",     U"dave",    U"joe",      U"jim",      U"bob",      U"nick",   U"mary",   U"patricia",
                U"jennifer", U"linda",   U"elizabeth", U"barbara", U"susan",    U"jessica",  U"sarah",    U"karen",  U"lisa",   U"nancy",
                U"betty",    U"sandra",  U"ashley",    U"emily",   U"kimberly", U"donna",    U"michelle", U"carol",  U"amanda", U"melissa",
                U"laura",    U"rebecca", U"anna",      U"emma",    U"olivia",   U"sophia",   U"grace",    U"julia",  U"rachel", U"maria",
                U"kate",     U"jane",    U"lucy",      U"amy",     U"alice",    U"helen",    U"diana",    U"megan",  U"hannah", U"victoria",
                U"chloe",    U"ella",    U"priya",     U"ahmed",   U"mohammed", U"muhammad", U"ali",      U"fatima", U"carlos", U"jose",
                U"juan",     U"luis"});

std::size_t skip_letters_of_name(const ScanText& text, std::size_t at) {
  std::size_t end = at;
  const auto is_letter = [&](std::size_t i) { return text.is_letter(i) || (text[i] >= 0xDF && text[i] <= 0x24F && text[i] != 0xF7); };
  while (end - at < 24 && (is_letter(end) || (end > at && text.is_one_of(end, U"'-") && is_letter(end + 1)))) ++end;
  return end;
}

struct NameScanner {
  const ScanText& text;
  Candidates& found;

  void add(Belief belief, std::size_t begin, std::size_t end) { found.push_back({EntityKind::name, belief, begin, end}); }

  /// One word of a name, or an initial; the capital first, the others small, as in no heading of capitals alone.
  [[nodiscard]] std::size_t skip_capitalised(std::size_t at) const {
    const std::size_t end = skip_letters_of_name(text, at);
    if (end == at || !text.is_upper(at)) return at;
    if (end - at == 1) return text[end] == U'.' ? end + 1 : at;
    if (text.skip_word(at, kNoNames) == end) return at;
    return text.is_upper(end - 1) && end - at > 3 ? at : end;
  }

  /// Up to four words; how many stand in `words`.
  [[nodiscard]] std::size_t skip_name(std::size_t begin, std::size_t& words) const {
    std::size_t end = begin;
    words = 0;
    for (std::size_t at = begin; words < 4; at = text.skip_spaces(end)) {
      if (words > 0 && (at == end || at - end > 2)) break;
      const std::size_t next = skip_capitalised(at);
      if (next == at) break;
      end = next;
      ++words;
    }
    return end;
  }

  [[nodiscard]] bool is_given(std::size_t at) const { return text.skip_word(at, kGiven) != at; }

  /// Over a colon, spaces, a mark such as an emoji.
  [[nodiscard]] std::size_t skip_links(std::size_t at, bool over_lines) const {
    for (std::size_t links = 0; links < 5; ++links, ++at) {
      const bool is_link = text.is_one_of(at, U" :,-\"") || (over_lines && text.is_one_of(at, U"\n!")) || text[at] > 0x2600;
      if (!is_link || text.is_han(at)) break;
    }
    return at;
  }

  void after_field(std::size_t end) {
    const std::size_t begin = skip_links(end, false);
    std::size_t words = 0;
    std::size_t name = skip_name(begin, words);
    if (words == 0 && is_given(begin)) {
      name = skip_letters_of_name(text, begin);
      const std::size_t second = text.skip_spaces(name);
      const std::size_t last = skip_letters_of_name(text, second);
      if (last != second && second == name + 1 && text.skip_word(second, kNoNames) != last) name = last;
    }
    if (name > begin) add(Belief::announced, begin, name);
  }

  void after_speaker(std::size_t end) {
    const std::size_t begin = skip_links(end, false);
    std::size_t words = 0;
    const std::size_t name = skip_name(begin, words);
    // "I'm Not Impressed At All": a heading goes on in capitals.
    const bool is_heading = words > 3 || text.is_upper(text.skip_spaces(name));
    if (words >= 1 && !is_heading && (is_given(begin) || words >= 2)) add(Belief::likely, begin, name);
  }

  /// The letter, or its line, has to end after the name.
  void after_closing(std::size_t end) {
    const std::size_t begin = skip_links(end, true);
    std::size_t words = 0;
    const std::size_t name = skip_name(begin, words);
    const std::size_t after = text.skip_spaces(text.is_one_of(name, U".!,") ? name + 1 : name);
    const bool is_end = after >= text.size() || text[after] == U'\n' || !text.is_word(after) || text[name] == U'.';
    if (words >= 1 && words <= 3 && begin > end && (is_end || words >= 2)) add(Belief::likely, begin, name);
  }

  void after_title(std::size_t title, std::size_t end) {
    if (!text.is_upper(title) || !text.is_space(end)) return;
    std::size_t words = 0;
    const std::size_t name = skip_name(end + 1, words);
    if (words > 0) add(Belief::announced, title, name);
  }

  void scan(std::size_t at) {
    const auto with = [&](Words list, auto&& then) {
      const std::size_t end = text.skip_word(at, list);
      if (end != at) then(end);
    };
    with(kFields, [&](std::size_t end) { after_field(end); });
    with(kSpeakers, [&](std::size_t end) { after_speaker(end); });
    with(kClosings, [&](std::size_t end) { after_closing(end); });
    with(kTitles, [&](std::size_t end) { after_title(at, end); });
  }

  /// `Jane Smith, 12 Oak Street`, `Jane Smith, jane@…`: two or three words right before where to reach a person.
  void before_contact(const Candidate& contact) {
    std::size_t end = contact.begin;
    while (contact.begin - end < 3 && text.is_one_of(end - 1, U" ,\n")) --end;
    if (end == contact.begin || text[end] == U' ') return;
    std::size_t begin = end;
    for (std::size_t words = 0; words < 3; ++words) {
      std::size_t word = begin;
      if (words > 0 && text.is_space(word - 1)) --word;
      if (words > 0 && word == begin) break;
      if (text[word - 1] == U'.' && text.is_letter(word - 2) && !text.is_letter(word - 3)) --word;
      std::size_t first = word;
      while (word - first < 24 && (text.is_letter(first - 1) || text[first - 1] == U'\'')) --first;
      if (first == word || skip_capitalised(first) == first) break;
      begin = first;
    }
    std::size_t words = 0;
    if (begin < end && skip_name(begin, words) == end && words >= 2) add(Belief::shape, begin, end);
  }
};

}  // namespace

void scan_english_names(const ScanText& text, Candidates& found) {
  NameScanner scanner{text, found};
  const std::size_t others = found.size();
  for (std::size_t i = 0; i < others; ++i) {
    const Candidate contact = found[i];
    if (contact.kind == EntityKind::phone || contact.kind == EntityKind::address || contact.kind == EntityKind::email)
      scanner.before_contact(contact);
  }
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.is_letter(at) && !text.is_letter(at - 1)) scanner.scan(at);
  }
}

}  // namespace aftersense
