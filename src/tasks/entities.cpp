#include "tasks/entities.h"

#include <algorithm>
#include <tuple>

#include "tasks/entities/scan_text.h"
#include "tasks/entities/scanners.h"

namespace aftersense {
namespace {

/// Whether `a` stays where both overlap.
bool is_better(const Candidate& a, const Candidate& b) {
  return std::tuple(a.belief, a.end - a.begin) > std::tuple(b.belief, b.end - b.begin);
}

/// Leaves, in the order of the text, candidates that do not overlap.
Candidates choose(Candidates candidates) {
  std::ranges::stable_sort(candidates, {}, &Candidate::begin);
  Candidates chosen;
  for (const Candidate& next : candidates) {
    if (chosen.empty() || chosen.back().end <= next.begin) {
      chosen.push_back(next);
    } else if (is_better(next, chosen.back())) {
      chosen.back() = next;
    }
  }
  return chosen;
}

}  // namespace

std::vector<Entity> find_entities(std::string_view original) {
  const ScanText text(original);
  Candidates candidates;
  for (const auto scan : {scan_links, scan_phones, scan_identity, scan_orders, scan_quantities, scan_chinese_addresses,
                          scan_english_addresses, scan_chinese_names, scan_english_names}) {
    scan(text, candidates);
  }
  std::vector<Entity> entities;
  for (const Candidate& chosen : choose(std::move(candidates))) {
    entities.push_back({chosen.kind, text.to_bytes(chosen.begin, chosen.end)});
  }
  return entities;
}

}  // namespace aftersense
