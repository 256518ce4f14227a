#include "tasks/selection.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "tasks/likeness.h"
#include "tasks/top_k.h"

namespace aftersense {
namespace {

/// How many times more products than shown are looked at for diversity and fairness; of long lists, no more than kLargePool.
constexpr std::size_t kPoolFactor = 5;
constexpr std::size_t kLargePool = 1000;

bool is_one_of(const flatbuffers::String* text, std::span<const std::string_view> allowed) {
  return allowed.empty() || (text != nullptr && std::ranges::find(allowed, text->string_view()) != allowed.end());
}

bool passes(const schema::Product& product, const ProductFilter& filter) {
  if (!filter.sold_out && product.availability() == schema::Availability::out_of_stock) return false;
  if (!filter.roles.empty() && std::ranges::find(filter.roles, product.role()) == filter.roles.end()) return false;
  const double price = current_price(product);
  return (std::isnan(filter.least_price) || price >= filter.least_price) &&
         (std::isnan(filter.greatest_price) || price <= filter.greatest_price) && is_one_of(product.category(), filter.categories) &&
         is_one_of(product.brand(), filter.brands) && is_one_of(product.seller(), filter.sellers);
}

/// The best `size` rows that pass. The filter is asked only of what scores high enough.
std::vector<Scored> best_rows(const CatalogSet& among, std::span<const float> scores, const LeftOut& left_out, const ProductFilter& filter,
                              std::size_t size) {
  TopK best(size);
  for (const CatalogSet::Part& part : among.parts()) {
    for (std::uint32_t row = part.first_row; row < part.end_row(); ++row) {
      if (!(scores[row] > 0) || scores[row] <= best.least()) continue;
      const schema::Product& product = part.catalog->product(row - part.first_row);
      if (!passes(product, filter) || std::ranges::binary_search(left_out.rows, row)) continue;
      if (std::ranges::find(left_out.groups, text_of(product.group())) != left_out.groups.end()) continue;
      best.offer({row, scores[row]});
    }
  }
  return best.take();
}

/// Of each group the best, `size` rows at least where so many there are.
std::vector<Scored> find_pool(const CatalogSet& among, std::span<const float> scores, const LeftOut& left_out, const ProductFilter& filter,
                              std::size_t size) {
  for (std::size_t looked_at = size;; looked_at *= 4) {
    std::vector<Scored> pool = best_rows(among, scores, left_out, filter, looked_at);
    const bool may_be_more = pool.size() == looked_at;
    std::set<std::string_view> groups;
    std::erase_if(pool, [&](const Scored& found) {
      const std::string_view group = text_of(among.product(found.row).group());
      return !group.empty() && !groups.insert(group).second;
    });
    if (pool.size() > size) pool.resize(size);
    if (pool.size() == size || !may_be_more) return pool;
  }
}

/// Likeness of the products of a pool, by their places in it.
class PoolLikeness {
 public:
  PoolLikeness(const CatalogSet& among, std::span<const Scored> pool) {
    for (const Scored& found : pool) {
      places_.push_back(among.place(found.row));
      vectors_.push_back(vector_of(places_.back()));
    }
  }
  /// From 0 to 1.
  [[nodiscard]] double operator()(std::size_t a, std::size_t b) const {
    const double cosine = same_space(*places_[a].catalog, *places_[b].catalog)
                              ? std::inner_product(vectors_[a].begin(), vectors_[a].end(), vectors_[b].begin(), 0.0)
                              : cosine_of_rows(places_[a], places_[b]);
    return std::clamp(cosine, 0.0, 1.0);
  }

 private:
  std::vector<CatalogSet::Place> places_;
  std::vector<std::vector<float>> vectors_;
};

/// Shares of the sellers of a pool: of its scores, and of what was shown.
class Exposure {
 public:
  Exposure(const CatalogSet& among, std::span<const Scored> pool, std::span<const SellerExposure> before) {
    double sum = 0;
    for (const Scored& found : pool) {
      const std::string_view seller = text_of(among.product(found.row).seller());
      sellers_.push_back(numbers_.try_emplace(seller, numbers_.size()).first->second);
      merits_.resize(numbers_.size());
      merits_[sellers_.back()] += static_cast<double>(found.score);
      sum += static_cast<double>(found.score);
    }
    for (double& merit : merits_) merit /= sum;
    shown_.resize(numbers_.size());
    for (const auto& [seller, exposure] : before) {
      if (const auto found = numbers_.find(seller); found != numbers_.end()) shown_[found->second] += exposure;
    }
    total_ = std::accumulate(shown_.begin(), shown_.end(), 0.0);
  }

  /// How far the seller of the product at that place of the pool is behind its merit, from −1 to 1; 0 while nothing was shown.
  [[nodiscard]] double behind(std::size_t at) const { return total_ > 0 ? merits_[sellers_[at]] - shown_[sellers_[at]] / total_ : 0.0; }
  /// The product is shown at that place of the list, from 1.
  void show(std::size_t at, std::size_t place) {
    const double exposure = 1 / std::log2(1 + static_cast<double>(place));
    shown_[sellers_[at]] += exposure;
    total_ += exposure;
  }

 private:
  std::map<std::string_view, std::size_t> numbers_;
  std::vector<std::size_t> sellers_;  ///< by place in the pool
  std::vector<double> merits_;
  std::vector<double> shown_;
  double total_ = 0;
};

std::vector<std::uint32_t> rerank(const CatalogSet& among, std::span<const Scored> pool, const SelectionOptions& options) {
  const PoolLikeness likeness(among, options.diversity > 0 ? pool : std::span<const Scored>());
  Exposure exposure(among, pool, options.exposed);
  std::vector<double> nearest(pool.size());
  std::vector<std::size_t> left(pool.size());
  std::iota(left.begin(), left.end(), std::size_t{0});
  std::vector<std::uint32_t> chosen;
  while (chosen.size() < options.k && !left.empty()) {
    const auto gain = [&](std::size_t at) {
      const double relevance = static_cast<double>(pool[at].score) / static_cast<double>(pool[0].score);
      return (1 - options.diversity) * relevance - options.diversity * nearest[at] + options.fairness * exposure.behind(at);
    };
    const auto best = std::ranges::max_element(left, {}, gain);  // the first of several
    const std::size_t next = *best;
    left.erase(best);
    chosen.push_back(pool[next].row);
    exposure.show(next, chosen.size());
    if (!(options.diversity > 0)) continue;
    for (const std::size_t at : left) nearest[at] = std::max(nearest[at], likeness(at, next));
  }
  return chosen;
}

}  // namespace

double current_price(const schema::Product& product) {
  return std::isnan(product.sale_price()) ? product.price() : product.sale_price();
}

std::vector<std::uint32_t> select_rows(const CatalogSet& among, std::span<const float> scores, const LeftOut& left_out,
                                       const SelectionOptions& options) {
  LeftOut all = left_out;
  for (const std::string_view id : options.exclude) {
    if (const auto row = among.find(id)) all.rows.push_back(*row);
  }
  std::ranges::sort(all.rows);
  const bool reranks = options.diversity > 0 || options.fairness > 0;
  const std::size_t size = reranks ? std::max<std::size_t>(options.k, std::min(kPoolFactor * options.k, kLargePool)) : options.k;
  const std::vector<Scored> pool = find_pool(among, scores, all, options.filter, size);
  if (reranks) return rerank(among, pool, options);
  std::vector<std::uint32_t> rows;
  for (const Scored& found : pool) rows.push_back(found.row);
  return rows;
}

}  // namespace aftersense
