#include "search.h"

#include <cstring>
#include <utility>

namespace aftersense::bench {

std::vector<std::uint8_t> Search::quantise(std::span<const float> vectors, std::size_t dimensions) {
  const QuantisedRows rows = quantise_rows(vectors, dimensions);
  std::vector<std::uint8_t> file(rows.codes.size() + rows.scales.size() * sizeof(float));
  std::memcpy(file.data(), rows.codes.data(), rows.codes.size());
  std::memcpy(file.data() + rows.codes.size(), rows.scales.data(), rows.scales.size() * sizeof(float));
  return file;
}

std::unique_ptr<Search> Search::load(AlignedBuffer file, std::size_t rows, std::size_t dimensions) {
  auto search = std::make_unique<Search>();
  search->file_ = std::move(file);
  const std::span<const std::uint8_t> bytes = std::as_const(search->file_).bytes();
  if (bytes.size() != rows * (dimensions + sizeof(float))) return nullptr;
  const auto* scales = reinterpret_cast<const float*>(bytes.data() + rows * dimensions);
  Result<NeighbourIndex> index = NeighbourIndex::open(bytes.first(rows * dimensions), {scales, rows}, dimensions);
  if (!index) return nullptr;
  search->index_ = *std::move(index);
  return search;
}

std::span<const std::uint32_t> Search::run(std::span<const float> query, std::size_t k) {
  rows_.clear();
  for (const Scored& found : index_->search(query, k)) rows_.push_back(found.row);
  return rows_;
}

}  // namespace aftersense::bench
