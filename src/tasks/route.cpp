#include "tasks/route.h"

#include <algorithm>
#include <map>

#include "core/utf8.h"
#include "tasks/catalog_build.h"
#include "tasks/terms.h"

namespace aftersense {
namespace {

/// Whether products that are not loaded have the term.
bool is_elsewhere(const CatalogSet& loaded, std::string_view term) {
  std::uint32_t everywhere = 0;
  std::uint32_t here = 0;
  for (const CatalogSet::Part& part : loaded.parts()) {
    const schema::TfidfIndex& index = part.catalog->index();
    const auto& terms = *index.terms();
    const auto found = std::lower_bound(terms.begin(), terms.end(), term, [](const flatbuffers::String* text, std::string_view wanted) {
      return text->string_view() < wanted;
    });
    if (found == terms.end() || found->string_view() != term) continue;
    const auto number = static_cast<std::uint32_t>(found - terms.begin());
    everywhere = part.catalog->document_frequency(number);
    here += index.posting_offsets()->Get(number + 1) - index.posting_offsets()->Get(number);
  }
  return here < everywhere;
}

}  // namespace

Route find_route(const CatalogSet& loaded, std::span<const WeightedRow> products, std::span<const WeightedText> texts) {
  Route route;
  route.meaning = want_like(loaded, products, texts).meaning;

  std::vector<Wanted::Term> heaviest = want_like(loaded, products, {}).terms;
  std::ranges::stable_sort(heaviest, std::ranges::greater{}, &Wanted::Term::weight);
  for (Wanted::Term& term : heaviest) {
    if (route.product_terms.size() == kRouteTerms) break;
    if (is_elsewhere(loaded, term.term)) route.product_terms.push_back(std::move(term));
  }

  std::map<std::string, double> counts;
  for (const WeightedText& text : texts) {
    for (std::string& term : split_terms(text.text.substr(0, floor_code_point(text.text, kMaxFieldBytes))))
      counts[std::move(term)] += text.weight;
  }
  for (const auto& [term, count] : counts) route.query_terms.push_back({term, count});
  return route;
}

}  // namespace aftersense
