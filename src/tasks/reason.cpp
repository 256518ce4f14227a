#include "tasks/reason.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "tasks/likeness.h"

namespace aftersense {
namespace {

constexpr std::size_t kListedTerms = 5;

double cosine_of_vectors(CatalogSet::Place a, CatalogSet::Place b) {
  if (!same_space(*a.catalog, *b.catalog)) return 0;
  const std::vector<float> left = vector_of(a);
  const std::vector<float> right = vector_of(b);
  return std::inner_product(left.begin(), left.end(), right.begin(), 0.0);
}

/// The id of the source that adds most, by `cosine` with the place.
template <typename Cosine>
std::vector<std::string_view> nearest(std::span<const Source> sources, CatalogSet::Place place, const Cosine& cosine) {
  const auto id_of = [](const Source& source) { return source.place.catalog->id(source.place.product); };
  if (sources.size() == 1) return {id_of(sources[0])};
  double best = 0;
  std::vector<std::string_view> ids;
  for (const Source& source : sources) {
    const double adds = source.weight * cosine(source.place, place);
    if (!(adds > best)) continue;
    best = adds;
    ids = {id_of(source)};
  }
  return ids;
}

}  // namespace

void ReasonSum::add(Reason reason) {
  if (reason.score > 0) explained_.reasons.push_back(std::move(reason));
}

void ReasonSum::add_content(const CatalogSet& among, const ContentScores& content, std::span<const Source> sources, std::uint32_t row,
                            std::optional<double> adds) {
  const ContentExplanation said = content.explain(row);
  const double sum = said.shared_terms + said.similar_meaning;
  if (!(sum > 0)) return;
  const double factor = adds ? *adds / sum : 1;
  const CatalogSet::Place place = among.place(row);
  if (said.shared_terms > 0) {
    add({ReasonKind::kSharedTerms, factor * said.shared_terms, said.terms_measure, nearest(sources, place, cosine_of_rows)});
  }
  if (said.similar_meaning > 0) {
    add({ReasonKind::kSimilarMeaning, factor * said.similar_meaning, said.cosine, nearest(sources, place, cosine_of_vectors)});
  }
  for (const TermContribution& term : said.terms) {
    if (explained_.terms.size() == kListedTerms) break;
    explained_.terms.push_back({term.term, factor * term.score});
  }
}

Explained ReasonSum::close() && {
  std::ranges::stable_sort(explained_.reasons, std::ranges::greater{}, &Reason::score);
  for (const Reason& reason : explained_.reasons) explained_.score += reason.score;
  return std::move(explained_);
}

}  // namespace aftersense
