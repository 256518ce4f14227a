#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "tasks/catalog_build.h"
#include "tasks/recommend.h"

namespace aftersense::test {

using Ids = std::vector<std::string_view>;

/// A catalogue together with the bytes it lies in, on the device as a set of its own.
struct Shop {
  explicit Shop(std::span<const ProductRecord> products, const CatalogOptions& options = {})
      : file(build_catalog(products, options)->file), catalog(*Catalog::load(file)), products(std::vector<const Catalog*>{&catalog}) {}
  std::vector<std::uint8_t> file;
  Catalog catalog;
  CatalogSet products;

  [[nodiscard]] Ids ids_of(const Result<std::vector<Recommended>>& results) const {
    Ids ids;
    for (const Recommended& result : *results) ids.push_back(products.id(result.row));
    return ids;
  }
  [[nodiscard]] Result<std::vector<Recommended>> recommend_like(const Ids& ids, const SelectionOptions& options = {}) const {
    return aftersense::recommend_like(products, ids, {.selection = options});
  }
  [[nodiscard]] Result<std::vector<Recommended>> recommend_for_query(std::string_view text, const SelectionOptions& options = {},
                                                                     std::span<const float> meaning = {}) const {
    return aftersense::recommend_for_query(products, {text, 1, meaning}, {.selection = options});
  }
  [[nodiscard]] Ids like(const Ids& ids, const SelectionOptions& options = {}) const { return ids_of(recommend_like(ids, options)); }
  [[nodiscard]] Ids query(std::string_view text, const SelectionOptions& options = {}) const {
    return ids_of(recommend_for_query(text, options));
  }
};

/// What the reasons of a kind add.
inline double added_by(const Recommended& result, ReasonKind kind) {
  double sum = 0;
  for (const Reason& reason : result.why.reasons) sum += reason.kind == kind ? reason.score : 0;
  return sum;
}

}  // namespace aftersense::test
