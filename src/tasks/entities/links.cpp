// E-mail addresses and addresses of the web.
#include "tasks/entities/scanners.h"

namespace aftersense {
namespace {

constexpr std::size_t kMaxLocal = 64;  // of an e-mail address (RFC 5321)
constexpr std::size_t kMaxHost = 253;  // RFC 1035
constexpr std::size_t kMaxUrl = 2048;  // what browsers take

/// Top-level domains that are hardly words: a host of theirs needs nothing around it.
constexpr auto kDomains =
    make_words({U"com",  U"cn",   U"net", U"org", U"edu", U"gov", U"io",  U"uk",   U"de",    U"fr",  U"jp",   U"hk",
                U"tw",   U"eu",   U"ru",  U"xyz", U"vip", U"cc",  U"biz", U"shop", U"store", U"app", U"info", U"online",
                U"site", U"tech", U"dev", U"ai",  U"au",  U"nl",  U"kr",  U"sg",   U"nz",    U"ie",  U"es",   U"ch"});

bool is_local(const ScanText& text, std::size_t at) {
  return text.is_word(at) || text.is_one_of(at, U"._%+-");
}

/// The end of labels with dots between, such as `mail.example.org`; `begin` where there are not at least two, the last of letters.
std::size_t skip_host(const ScanText& text, std::size_t begin) {
  std::size_t end = begin;
  std::size_t host_end = begin;
  for (bool is_first = true; end - begin <= kMaxHost; is_first = false) {
    const std::size_t label = end;
    while ((text.is_word(end) || (text[end] == U'-' && end > label)) && end - begin <= kMaxHost) ++end;
    if (end == label || text[end - 1] == U'-') break;
    if (!is_first && text.skip_letters(label) == end && end - label >= 2) host_end = end;
    if (text[end] != U'.' && text[end] != U'。') break;
    ++end;
  }
  return host_end;
}

/// Whether the last label of a host is a known top-level domain; not the `Shop` of "it was bad.Shop again", where a space is missing.
bool has_known_domain(const ScanText& text, std::size_t host_end) {
  std::size_t begin = host_end;
  while (text.is_letter(begin - 1)) --begin;
  return text.skip_word(begin, kDomains) == host_end && (!text.is_upper(begin) || text.is_upper(begin + 1));
}

/// `@`, or what is written to escape robots: `(at)`, `[at]`. Gives where the host begins; `at` where it is neither.
std::size_t skip_at_sign(const ScanText& text, std::size_t at) {
  if (text[at] == U'@') return at + 1;
  if (text.has_word(at, U"(at)") || text.has_word(at, U"[at]")) return at + 4;
  return at;
}

void scan_email(const ScanText& text, std::size_t sign, Candidates& found) {
  const std::size_t after = skip_at_sign(text, sign);
  if (after == sign) return;
  const auto take = [&](std::size_t local_end, std::size_t host) {
    std::size_t begin = local_end;
    while (local_end - begin < kMaxLocal && is_local(text, begin - 1)) --begin;
    while (begin < local_end && !text.is_word(begin)) ++begin;
    const std::size_t end = skip_host(text, host);
    if (begin == local_end || end == host) return false;
    if (host != after && !has_known_domain(text, end)) return false;
    found.push_back({EntityKind::email, Belief::certain, begin, end});
    return true;
  };
  if (take(sign, after)) return;
  const bool is_spaced = text.is_space(sign - 1) || text.is_space(after);
  if (is_spaced) take(text.is_space(sign - 1) ? sign - 1 : sign, text.is_space(after) ? after + 1 : after);
}

bool is_url_character(const ScanText& text, std::size_t at) {
  return text.is_word(at) || text.is_one_of(at, U"-._~:/?#[]@!$&'()*+,;=%|{}");
}

/// What follows a host: port, path, query; without the punctuation of the sentence.
std::size_t skip_rest(const ScanText& text, std::size_t host_end) {
  if (!text.is_one_of(host_end, U"/:?#")) return host_end;
  std::size_t end = host_end;
  while (end - host_end < kMaxUrl && is_url_character(text, end)) ++end;
  while (end > host_end && text.is_one_of(end - 1, U".,;:!?)]}'")) --end;
  return end;
}

/// A host without a scheme begins where no word runs into it.
bool begins_host(const ScanText& text, std::size_t at) {
  return text.is_word(at) && !text.is_word(at - 1) && !text.is_one_of(at - 1, U"@.-_/+%");
}

void scan_url(const ScanText& text, std::size_t at, Candidates& found) {
  static constexpr auto kSchemes = make_words({U"http://", U"https://", U"ftp://"});
  const std::size_t host = text.skip_word(at, kSchemes);
  if (host != at) {
    std::size_t end = host;
    while (end - host < kMaxUrl && is_url_character(text, end)) ++end;
    while (end > host && text.is_one_of(end - 1, U".,;:!?)]}'")) --end;
    if (end > host) found.push_back({EntityKind::url, Belief::certain, at, end});
    return;
  }
  if (!begins_host(text, at)) return;
  const std::size_t host_end = skip_host(text, at);
  if (host_end == at || text.is_word(host_end) || text[host_end] == U'@') return;
  const bool is_www = text[at] == U'w' && text[at + 1] == U'w' && text[at + 2] == U'w' && text[at + 3] == U'.';
  const bool has_path = text[host_end] == U'/' && text.is_word(host_end + 1);
  if (is_www || has_path || has_known_domain(text, host_end))
    found.push_back({EntityKind::url, Belief::certain, at, skip_rest(text, host_end)});
}

}  // namespace

void scan_links(const ScanText& text, Candidates& found) {
  std::size_t url_end = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    scan_email(text, at, found);
    if (at < url_end || !text.is_word(at)) continue;
    const std::size_t before = found.size();
    scan_url(text, at, found);
    if (found.size() > before) url_end = found.back().end;
  }
}

}  // namespace aftersense
