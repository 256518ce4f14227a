#include "tasks/catalog_terms.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <utility>

#include "core/utf8.h"
#include "tasks/terms.h"

namespace aftersense {
namespace {

std::vector<float> unit_weights(std::span<const TermCount> row, std::span<const double> idf) {
  std::vector<double> weights(row.size());
  std::ranges::transform(row, weights.begin(), [&](const TermCount& cell) { return tfidf_weight(cell.count, idf[cell.term]); });
  const double norm = std::sqrt(std::inner_product(weights.begin(), weights.end(), weights.begin(), 0.0));
  std::vector<float> scaled(row.size());
  std::ranges::transform(weights, scaled.begin(), [&](double weight) { return static_cast<float>(weight / norm); });
  return scaled;
}

}  // namespace

std::string_view cut_field(std::string_view field) {
  return field.substr(0, floor_code_point(field, kMaxFieldBytes));
}

std::vector<CountedTerm> count_terms(const ProductRecord& product) {
  std::vector<CountedTerm> counted;
  std::unordered_map<std::string, std::size_t> place_of;
  const auto add_field = [&](std::string_view text, std::uint32_t count) {
    for (std::string& term : split_terms(cut_field(text))) {
      const auto [found, is_new] = place_of.try_emplace(term, counted.size());
      if (is_new) {
        counted.push_back({std::move(term), count});
      } else {
        std::uint32_t& sum = counted[found->second].count;
        sum = std::min(sum + count, kMaxTermCount);
      }
    }
  };
  add_field(product.title, kTitleCount);
  for (const std::string_view label : {product.category, product.brand}) add_field(label, kLabelCount);
  for (const std::string_view tag : product.tags) add_field(tag, kLabelCount);
  add_field(product.description, kDescriptionCount);
  return counted;
}

bool TermCounter::add(const ProductRecord& product) {
  std::vector<CountedTerm> counted = count_terms(product);
  if (counted.empty()) return false;
  for (auto& [text, count] : counted) {
    const auto next = static_cast<std::uint32_t>(numbers_.size());
    cells_.push_back({numbers_.try_emplace(std::move(text), next).first->second, count});
  }
  row_offsets_.push_back(static_cast<std::uint32_t>(cells_.size()));
  return true;
}

std::vector<std::string_view> TermCounter::sort_terms() {
  std::vector<std::pair<std::string_view, std::uint32_t>> sorted(numbers_.begin(), numbers_.end());
  std::ranges::sort(sorted);
  std::vector<std::string_view> terms;
  std::vector<std::uint32_t> new_number(sorted.size());
  for (const auto& [term, number] : sorted) {
    new_number[number] = static_cast<std::uint32_t>(terms.size());
    terms.push_back(term);
  }
  for (TermCount& cell : cells_) cell.term = new_number[cell.term];
  for (std::size_t i = 0; i < rows(); ++i) {
    std::ranges::sort(std::span(cells_).subspan(row_offsets_[i], row(i).size()), {}, &TermCount::term);
  }
  return terms;
}

IndexArrays build_index(TermCounter& counter, const CorpusStatistics* corpus) {
  IndexArrays index;
  index.terms = counter.sort_terms();
  index.posting_offsets.assign(index.terms.size() + 1, 0);
  for (std::size_t i = 0; i < counter.rows(); ++i) {
    for (const TermCount& cell : counter.row(i)) ++index.posting_offsets[cell.term + 1];
  }
  index.document_frequencies.assign(index.posting_offsets.begin() + 1, index.posting_offsets.end());
  if (corpus != nullptr) {
    std::ranges::transform(index.terms, index.document_frequencies.begin(),
                           [&](std::string_view term) { return corpus->document_frequency(term); });
  }
  const std::size_t products = corpus == nullptr ? counter.rows() : corpus->products();
  std::vector<double> idf;
  for (const std::uint32_t with_term : index.document_frequencies) idf.push_back(inverse_document_frequency(products, with_term));
  std::ranges::transform(idf, std::back_inserter(index.idf), [](double value) { return static_cast<float>(value); });
  std::partial_sum(index.posting_offsets.begin(), index.posting_offsets.end(), index.posting_offsets.begin());

  std::vector<std::uint32_t> next = index.posting_offsets;
  index.postings.resize(counter.cells());
  index.counts.resize(counter.cells());
  for (std::size_t document = 0; document < counter.rows(); ++document) {
    const std::span<const TermCount> row = counter.row(document);
    const std::vector<float> weights = unit_weights(row, idf);
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::uint32_t at = next[row[i].term]++;
      index.row_terms.push_back(row[i].term);
      index.row_weights.push_back(weights[i]);
      index.postings[at] = schema::Posting(static_cast<std::uint32_t>(document), weights[i]);
      index.counts[at] = static_cast<std::uint8_t>(row[i].count);
    }
  }
  return index;
}

bool CorpusStatistics::add(const ProductRecord& product) {
  return add(count_terms(product));
}

bool CorpusStatistics::add(std::span<const CountedTerm> counted) {
  if (counted.empty()) return false;
  for (const auto& [text, count] : counted) {
    length_ += count;
    ++frequencies_[text];
  }
  ++products_;
  return true;
}

float CorpusStatistics::mean_length() const {
  return static_cast<float>(static_cast<double>(length_) / static_cast<double>(products_));
}

std::uint32_t CorpusStatistics::document_frequency(std::string_view term) const {
  const auto found = frequencies_.find(term);
  return found == frequencies_.end() ? 0 : found->second;
}

}  // namespace aftersense
