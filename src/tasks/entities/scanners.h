#pragma once

#include <cstddef>
#include <vector>

#include "tasks/entities.h"
#include "tasks/entities/scan_text.h"

namespace aftersense {

/// Who stays where two overlap: the surer. The order is that of belief.
enum class Belief : std::uint8_t { shape, likely, announced, unit, checked, certain };

/// What a scanner takes for an entity: characters of a ScanText.
struct Candidate {
  EntityKind kind;
  Belief belief;
  std::size_t begin;
  std::size_t end;
};

using Candidates = std::vector<Candidate>;

// Each appends what it finds, in any order. Each looks at most some hundred characters ahead or back of a position.
void scan_links(const ScanText& text, Candidates& found);       ///< email, url
void scan_phones(const ScanText& text, Candidates& found);      ///< phone
void scan_identity(const ScanText& text, Candidates& found);    ///< bank_card, id_number
void scan_orders(const ScanText& text, Candidates& found);      ///< order_id, product
void scan_quantities(const ScanText& text, Candidates& found);  ///< amount, date
void scan_chinese_addresses(const ScanText& text, Candidates& found);
void scan_english_addresses(const ScanText& text, Candidates& found);
/// `found` has the phones and addresses, beside which a name may stand without a word that announces it.
void scan_chinese_names(const ScanText& text, Candidates& found);
void scan_english_names(const ScanText& text, Candidates& found);

/// Whether a number is announced as that of an article, such as `SKU 88213345`, within `reach` characters before it.
[[nodiscard]] bool is_code_of_goods(const ScanText& text, std::size_t begin, std::size_t reach);

}  // namespace aftersense
