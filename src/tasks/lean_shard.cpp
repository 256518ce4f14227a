#include "tasks/lean_shard.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <vector>

#include "catalog_generated.h"
#include "tasks/catalog.h"

namespace aftersense {
namespace {

void set_identifier(std::span<std::uint8_t> file, const char* identifier) {
  std::memcpy(file.data() + sizeof(flatbuffers::uoffset_t), identifier, flatbuffers::kFileIdentifierLength);
}

/// The numbers of a vector in a file that may be written.
template <typename T>
T* numbers_of(const flatbuffers::Vector<T>& vector) {
  return const_cast<T*>(vector.data());
}

schema::Posting& posting_at(const schema::TfidfIndex& index, std::uint32_t at) {
  return const_cast<schema::Posting&>(*index.postings()->Get(at));
}

/// Whether offsets begin at 0, ascend, and end at `size`, `count` ranges in all.
bool are_offsets(const flatbuffers::Vector<std::uint32_t>& offsets, std::size_t count, std::size_t size) {
  return offsets.size() == count + 1 && offsets.Get(0) == 0 && std::is_sorted(offsets.begin(), offsets.end()) &&
         offsets.Get(offsets.size() - 1) == size;
}

bool has_sound_sizes(const schema::TfidfIndex& index, std::size_t products) {
  const std::size_t cells = index.postings()->size();
  const std::size_t terms = index.terms()->size();
  return index.corpus() != nullptr && index.corpus()->document_frequencies()->size() == terms && index.idf()->size() == terms &&
         index.counts()->size() == cells && index.row_terms()->size() == cells && index.row_weights()->size() == cells &&
         are_offsets(*index.posting_offsets(), terms, cells) && are_offsets(*index.row_offsets(), products, cells);
}

/// The cell of each posting in the rows: as terms ascend, so do the cells of a row. Empty where they do not fit.
std::vector<std::uint32_t> cells_of_postings(const schema::TfidfIndex& index, std::size_t products) {
  std::vector<std::uint32_t> next(index.row_offsets()->begin(), index.row_offsets()->end() - 1);
  std::vector<std::uint32_t> cells;
  for (std::uint32_t term = 0; term < index.terms()->size(); ++term) {
    for (std::uint32_t at = index.posting_offsets()->Get(term); at < index.posting_offsets()->Get(term + 1); ++at) {
      const std::uint32_t product = index.postings()->Get(at)->document();
      if (product >= products || next[product] >= index.row_offsets()->Get(product + 1)) return {};
      if (index.row_terms()->Get(next[product]) != term) return {};
      cells.push_back(next[product]++);
    }
  }
  return cells;
}

void fill_weights(const schema::TfidfIndex& index, std::span<const std::uint32_t> cells) {
  std::vector<double> weights(cells.size());
  for (std::uint32_t term = 0; term < index.terms()->size(); ++term) {
    const double idf = inverse_document_frequency(index.corpus()->products(), index.corpus()->document_frequencies()->Get(term));
    numbers_of(*index.idf())[term] = static_cast<float>(idf);
    for (std::uint32_t at = index.posting_offsets()->Get(term); at < index.posting_offsets()->Get(term + 1); ++at) {
      weights[cells[at]] = tfidf_weight(index.counts()->Get(at), idf);
    }
  }
  float* rows = numbers_of(*index.row_weights());
  for (std::uint32_t row = 0; row + 1 < index.row_offsets()->size(); ++row) {
    const std::uint32_t begin = index.row_offsets()->Get(row);
    const auto own = std::span(weights).subspan(begin, index.row_offsets()->Get(row + 1) - begin);
    const double norm = std::sqrt(std::inner_product(own.begin(), own.end(), own.begin(), 0.0));
    for (std::size_t i = 0; i < own.size(); ++i) rows[begin + i] = static_cast<float>(own[i] / norm);
  }
  for (std::uint32_t at = 0; at < cells.size(); ++at) {
    schema::Posting& posting = posting_at(index, at);
    posting = schema::Posting(posting.document(), rows[cells[at]]);
  }
}

}  // namespace

void strip_weights(std::span<std::uint8_t> file) {
  const schema::TfidfIndex& index = *schema::GetCatalog(file.data())->tfidf();
  std::fill_n(numbers_of(*index.idf()), index.idf()->size(), 0.0F);
  std::fill_n(numbers_of(*index.row_weights()), index.row_weights()->size(), 0.0F);
  for (std::uint32_t at = 0; at < index.postings()->size(); ++at) {
    schema::Posting& posting = posting_at(index, at);
    posting = schema::Posting(posting.document(), 0.0F);
  }
  set_identifier(file, kLeanIdentifier);
}

std::optional<Error> restore_weights(std::span<std::uint8_t> file) {
  constexpr std::size_t kHeaderBytes = sizeof(flatbuffers::uoffset_t) + flatbuffers::kFileIdentifierLength;
  if (file.size() < kHeaderBytes || !flatbuffers::BufferHasIdentifier(file.data(), kLeanIdentifier)) return std::nullopt;
  const Error corrupt{ErrorCode::pack_corrupt, "the shard is damaged; download it again"};
  flatbuffers::Verifier::Options options;
  options.max_tables = static_cast<flatbuffers::uoffset_t>(file.size() / sizeof(flatbuffers::soffset_t));
  flatbuffers::Verifier verifier(file.data(), file.size(), options);
  if (!verifier.VerifyBuffer<schema::Catalog>(kLeanIdentifier)) return corrupt;
  const schema::Catalog& root = *schema::GetCatalog(file.data());
  if (!has_sound_sizes(*root.tfidf(), root.products()->size())) return corrupt;
  const std::vector<std::uint32_t> cells = cells_of_postings(*root.tfidf(), root.products()->size());
  if (cells.size() != root.tfidf()->postings()->size()) return corrupt;
  fill_weights(*root.tfidf(), cells);
  set_identifier(file, schema::CatalogIdentifier());
  return std::nullopt;
}

}  // namespace aftersense
