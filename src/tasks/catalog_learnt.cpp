#include "tasks/catalog_learnt.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

namespace aftersense {
namespace {

namespace fb = flatbuffers;

constexpr std::uint32_t kLeftOut = std::numeric_limits<std::uint32_t>::max();

/// The rows, `size` numbers each, of the products at `kept`.
template <typename Number>
std::vector<Number> keep_rows(const std::vector<Number>& rows, std::size_t size, std::span<const std::size_t> kept) {
  std::vector<Number> left;
  for (const std::size_t at : kept) {
    const auto row = rows.begin() + static_cast<std::ptrdiff_t>(at * size);
    left.insert(left.end(), row, row + static_cast<std::ptrdiff_t>(size));
  }
  return left;
}

/// A list a product, all in one, by their offsets.
template <typename Item>
struct Lists {
  std::vector<std::uint32_t> offsets;
  std::vector<Item> items;
};

/// The lists of the products at `kept`, with the items of which `renumber` says that they stay; it may change them.
template <typename Item, typename Renumber>
Lists<Item> keep_lists(const Lists<Item>& lists, std::span<const std::size_t> kept, Renumber renumber) {
  Lists<Item> left{.offsets = {0}, .items = {}};
  for (const std::size_t at : kept) {
    for (std::uint32_t i = lists.offsets[at]; i < lists.offsets[at + 1]; ++i) {
      Item item = lists.items[i];
      if (renumber(item)) left.items.push_back(item);
    }
    left.offsets.push_back(static_cast<std::uint32_t>(left.items.size()));
  }
  return left;
}

template <typename Item, typename Renumber>
void keep_in_place(std::vector<std::uint32_t>& offsets, std::vector<Item>& items, std::span<const std::size_t> kept, Renumber renumber) {
  Lists<Item> left = keep_lists(Lists<Item>{std::move(offsets), std::move(items)}, kept, renumber);
  offsets = std::move(left.offsets);
  items = std::move(left.items);
}

void keep_rules(schema::InteractionsT& learnt, std::span<const std::size_t> kept, std::span<const std::uint32_t> new_place) {
  std::vector<std::uint32_t> others;
  keep_in_place(learnt.rule_offsets, learnt.rules, kept, [&](schema::Rule& rule) {
    const auto named = std::span(learnt.rule_others).subspan(rule.others(), rule.other_count());
    const auto is_left_out = [&](std::uint32_t product) { return new_place[product] == kLeftOut; };
    if (is_left_out(rule.also()) || std::ranges::any_of(named, is_left_out)) return false;
    rule = {new_place[rule.also()], rule.support(), rule.confidence(), rule.lift(), static_cast<std::uint32_t>(others.size()),
            rule.other_count()};
    for (const std::uint32_t product : named) others.push_back(new_place[product]);
    return true;
  });
  learnt.rule_others = std::move(others);
}

std::uint64_t bytes_of(const fb::String* text) {
  constexpr std::uint64_t kStringOverhead = 16;
  return text == nullptr ? 0 : kStringOverhead + text->size();
}

std::uint64_t bytes_of(const fb::Vector<fb::Offset<fb::String>>* list) {
  std::uint64_t bytes = 16;
  if (list == nullptr) return bytes;
  for (const fb::String* text : *list) bytes += bytes_of(text);
  return bytes;
}

}  // namespace

fb::Offset<schema::Interactions> write_interactions(fb::FlatBufferBuilder& builder, const schema::Interactions* learnt,
                                                    std::size_t products, std::span<const std::size_t> kept) {
  if (learnt == nullptr) return {};
  std::vector<std::uint32_t> new_place(products, kLeftOut);
  for (std::size_t i = 0; i < kept.size(); ++i) new_place[kept[i]] = static_cast<std::uint32_t>(i);
  const std::unique_ptr<schema::InteractionsT> left(learnt->UnPack());
  left->popularity = keep_rows(left->popularity, 1, kept);
  left->repeat_days = keep_rows(left->repeat_days, 1, kept);
  left->factors->rows = keep_rows(left->factors->rows, left->factors->size, kept);
  if (left->ratings) {
    left->ratings->biases = keep_rows(left->ratings->biases, 1, kept);
    left->ratings->rows = keep_rows(left->ratings->rows, left->ratings->size, kept);
  }
  keep_in_place(left->neighbour_offsets, left->neighbours, kept, [&](schema::Neighbour& neighbour) {
    neighbour = {new_place[neighbour.product()], neighbour.weight()};
    return neighbour.product() != kLeftOut;
  });
  keep_in_place(left->theme_offsets, left->themes, kept, [](schema::Theme&) { return true; });
  keep_rules(*left, kept, new_place);
  return schema::Interactions::Pack(builder, left.get());
}

fb::Offset<OfferList> write_offers(fb::FlatBufferBuilder& builder, const OfferList* offers) {
  if (offers == nullptr || offers->size() == 0) return {};
  std::vector<fb::Offset<schema::Offer>> copies;
  for (const schema::Offer* offer : *offers) {
    const std::unique_ptr<schema::OfferT> copy(offer->UnPack());
    copies.push_back(schema::Offer::Pack(builder, copy.get()));
  }
  return builder.CreateVector(copies);
}

std::uint64_t size_bound_bytes(const schema::Interactions* learnt) {
  if (learnt == nullptr) return 0;
  constexpr std::uint64_t kTableBytes = 512;
  std::uint64_t bytes = kTableBytes + bytes_of(learnt->built());
  for (const auto* offsets : {learnt->neighbour_offsets(), learnt->rule_offsets(), learnt->theme_offsets(), learnt->rule_others()}) {
    bytes += sizeof(std::uint32_t) * std::uint64_t{offsets->size()};
  }
  for (const auto* numbers : {learnt->popularity(), learnt->repeat_days(), learnt->factors()->rows()}) {
    bytes += sizeof(float) * std::uint64_t{numbers->size()};
  }
  bytes += sizeof(schema::Neighbour) * std::uint64_t{learnt->neighbours()->size()};
  bytes += sizeof(schema::Rule) * std::uint64_t{learnt->rules()->size()};
  bytes += sizeof(schema::Theme) * std::uint64_t{learnt->themes()->size()};
  bytes += sizeof(double) * std::uint64_t{learnt->factors()->gram()->size()};
  if (const schema::Ratings* ratings = learnt->ratings()) {
    bytes += sizeof(float) * (std::uint64_t{ratings->biases()->size()} + ratings->rows()->size());
  }
  return bytes;
}

std::uint64_t size_bound_bytes(const OfferList* offers) {
  constexpr std::uint64_t kTableBytes = 128;
  std::uint64_t bytes = 0;
  if (offers == nullptr) return bytes;
  for (const schema::Offer* offer : *offers) {
    bytes += kTableBytes;
    for (const fb::String* text :
         {offer->id(), offer->title(), offer->description(), offer->code(), offer->currency(), offer->image(), offer->url()}) {
      bytes += bytes_of(text);
    }
    for (const auto* list : {offer->products(), offer->categories(), offer->brands()}) bytes += bytes_of(list);
  }
  return bytes;
}

}  // namespace aftersense
