#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/span.h"
#include "tasks/sentiment.h"
#include "tasks/understand.h"

namespace aftersense {

/// What makes a text urgent. The values are those of schema::UrgencyKind.
enum class UrgencyKind : std::uint8_t { safety, money, deadline, repeated_contact, legal };

/// Words of a text that speak of it.
struct UrgencyCue {
  UrgencyKind kind;
  ByteSpan span;
};

/// Cue phrases of a cleaned text in either language, in order, none over another: literally as listed, between word borders in Latin
/// script, the longest where several begin at one place. Denied ones are left out: "no smoke", "没有漏电". Time is linear in the text.
[[nodiscard]] std::vector<UrgencyCue> find_urgency_cues(std::string_view cleaned);

/// The urgency of a cleaned text where no model has read it. First match: reads positive → P3 if it asks for something, else P4; safety,
/// law or a deadline → P1; money or repeated contact → P2; reads negative or asks for something → P3; else P4. The score is how often a
/// level was right on the written messages that may train (`python models/urgency.py`).
[[nodiscard]] ScoredLabel judge_urgency(std::string_view cleaned, const std::vector<UrgencyCue>& cues, const Sentiment& sentiment);

}  // namespace aftersense
