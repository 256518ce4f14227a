#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "catalog_generated.h"
#include "tasks/catalog_build.h"

namespace aftersense {

/// A field as it is kept: at most kMaxFieldBytes.
[[nodiscard]] std::string_view cut_field(std::string_view field);

struct TermCount {
  std::uint32_t term;
  std::uint32_t count;
};

/// Compressed sparse rows of term counts. While products are being added, terms are numbered in order of appearance.
class TermCounter {
 public:
  /// Adds a row for the product; false, and no row, where it has no term.
  bool add(const ProductRecord& product);

  [[nodiscard]] std::size_t cells() const { return cells_.size(); }
  [[nodiscard]] std::size_t rows() const { return row_offsets_.size() - 1; }
  [[nodiscard]] std::span<const std::uint32_t> row_offsets() const { return row_offsets_; }
  [[nodiscard]] std::span<const TermCount> row(std::size_t i) const {
    return std::span(cells_).subspan(row_offsets_[i], row_offsets_[i + 1] - row_offsets_[i]);
  }

  /// Renumbers the terms in the order of their bytes, sorts each row so, and returns the terms. No rows may follow.
  std::vector<std::string_view> sort_terms();

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<std::uint32_t> row_offsets_{0};
  std::vector<TermCount> cells_;
};

/// The arrays of schema::TfidfIndex.
struct IndexArrays {
  std::vector<std::string_view> terms;  ///< of the counter
  std::vector<float> idf;
  std::vector<std::uint32_t> posting_offsets;
  std::vector<schema::Posting> postings;
  std::vector<std::uint32_t> row_terms;
  std::vector<float> row_weights;
  std::vector<std::uint8_t> counts;
  std::vector<std::uint32_t> document_frequencies;  ///< in the corpus, or in the counter's rows where there is none
};

/// No rows may be added to the counter afterwards.
[[nodiscard]] IndexArrays build_index(TermCounter& counter, const CorpusStatistics* corpus);

}  // namespace aftersense
