#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/aligned_buffer.h"
#include "tasks/neighbours.h"

namespace aftersense::bench {

/// An index over vectors of the page's, as a catalogue holds it.
class Search {
 public:
  /// Codes and scales of `vectors`, [rows][dimensions], as a catalogue file has them: the codes, then the scales.
  [[nodiscard]] static std::vector<std::uint8_t> quantise(std::span<const float> vectors, std::size_t dimensions);
  /// Verifies and reads them in place; nullptr where they are no index.
  [[nodiscard]] static std::unique_ptr<Search> load(AlignedBuffer file, std::size_t rows, std::size_t dimensions);

  /// The rows of the k best.
  std::span<const std::uint32_t> run(std::span<const float> query, std::size_t k);

 private:
  AlignedBuffer file_;
  std::optional<NeighbourIndex> index_;
  std::vector<std::uint32_t> rows_;
};

}  // namespace aftersense::bench
