#pragma once

#include "core/result.h"
#include "model_pack_generated.h"
#include "nn/encoder_model.h"

namespace aftersense {

/// The heads of a base model by what they judge. `detail` and `evidence` are nullptr where the pack lacks them.
struct BaseHeads {
  const schema::EncoderHead* sentiment = nullptr;
  const schema::EncoderHead* emotions = nullptr;
  const schema::EncoderHead* aspects = nullptr;
  const schema::EncoderHead* polarity = nullptr;  ///< a choice of kSentimentLabels an aspect, in the order of the aspects
  const schema::EncoderHead* intent = nullptr;
  const schema::EncoderHead* urgency = nullptr;
  const schema::EncoderHead* escalate = nullptr;
  const schema::EncoderHead* embedding = nullptr;
  const schema::EncoderHead* detail = nullptr;    ///< of the intent
  const schema::EncoderHead* evidence = nullptr;  ///< labels as those of the aspects
};

/// Finds the heads, and checks that there are no others and that their kinds and labels are those that the tasks read and fit each other.
/// Error pack_corrupt.
[[nodiscard]] Result<BaseHeads> find_base_heads(const EncoderModel& model);

}  // namespace aftersense
