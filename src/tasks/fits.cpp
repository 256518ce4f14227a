#include "tasks/fits.h"

namespace aftersense {

Fits::Fits(std::span<const Source> sources) {
  for (const Source& source : sources) {
    const schema::Product& product = source.place.catalog->product(source.place.product);
    for (const std::string_view name : {product.id()->string_view(), text_of(product.group())}) {
      if (name.empty()) continue;
      const Source*& known = by_name_[name];
      if (known == nullptr || source.weight > known->weight) known = &source;
    }
  }
}

const Source* Fits::of(const schema::Product& product) const {
  const Source* best = nullptr;
  if (product.fits() == nullptr) return best;
  for (const flatbuffers::String* name : *product.fits()) {
    const auto found = by_name_.find(name->string_view());
    if (found != by_name_.end() && (best == nullptr || found->second->weight > best->weight)) best = found->second;
  }
  return best;
}

}  // namespace aftersense
