#include "tasks/base_heads.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "nn/pack_file.h"
#include "tasks/sentiment.h"

namespace aftersense {
namespace {

using schema::HeadKind;

struct Wanted {
  std::string_view task;
  HeadKind kind;
  const schema::EncoderHead* BaseHeads::* member;
  bool is_required;
};

constexpr std::array kWanted = {
    Wanted{"sentiment", HeadKind::Choice, &BaseHeads::sentiment, true},
    Wanted{"emotions", HeadKind::Marks, &BaseHeads::emotions, true},
    Wanted{"aspects", HeadKind::Marks, &BaseHeads::aspects, true},
    Wanted{"polarity", HeadKind::Choice, &BaseHeads::polarity, true},
    Wanted{"intent", HeadKind::Choice, &BaseHeads::intent, true},
    Wanted{"urgency", HeadKind::Choice, &BaseHeads::urgency, true},
    Wanted{"escalate", HeadKind::Marks, &BaseHeads::escalate, true},
    Wanted{"embedding", HeadKind::Vector, &BaseHeads::embedding, true},
    Wanted{"detail", HeadKind::Choice, &BaseHeads::detail, false},
    Wanted{"evidence", HeadKind::TokenMarks, &BaseHeads::evidence, false},
};

Error unfit(std::string_view task, std::string_view what) {
  return corrupt_pack("encoder_heads." + std::string(task), what);
}

/// A head that nothing reads is one that this version does not know, or a name gone wrong.
std::optional<Error> check_tasks(const EncoderModel& model) {
  for (const schema::EncoderHead* head : *model.pack().encoder_heads()) {
    const std::string_view task = head->task()->string_view();
    if (std::ranges::find(kWanted, task, &Wanted::task) == kWanted.end()) return unfit(task, "is of no task that this version knows");
  }
  return std::nullopt;
}

std::vector<std::string> labels_of(const schema::EncoderHead& head) {
  std::vector<std::string> labels;
  for (const flatbuffers::String* label : *head.labels()) labels.push_back(label->str());
  return labels;
}

std::vector<std::string> polarity_labels(const std::vector<std::string>& aspects) {
  std::vector<std::string> labels;
  for (const std::string& aspect : aspects) {
    for (const std::string_view each : kSentimentLabels) labels.push_back(aspect + '/' + std::string(each));
  }
  return labels;
}

std::optional<Error> check_labels(const BaseHeads& heads) {
  if (!std::ranges::equal(labels_of(*heads.sentiment), kSentimentLabels)) {
    return unfit("sentiment", "has other labels than negative, neutral, positive");
  }
  const std::vector<std::string> aspects = labels_of(*heads.aspects);
  if (labels_of(*heads.polarity) != polarity_labels(aspects)) return unfit("polarity", "has labels that do not belong to the aspects");
  if (heads.polarity->group() != kSentimentLabels.size()) return unfit("polarity", "is not one choice of three an aspect");
  if (heads.evidence != nullptr && labels_of(*heads.evidence) != aspects) return unfit("evidence", "has other labels than the aspects");
  if (heads.escalate->labels()->size() != 1) return unfit("escalate", "has more than one label");
  for (const schema::EncoderHead* head : {heads.sentiment, heads.intent, heads.detail, heads.urgency}) {
    if (head == nullptr) continue;
    if (head->group() != head->labels()->size()) return unfit(head->task()->string_view(), "is more than one choice");
  }
  return std::nullopt;
}

/// The lite tier's logits take part in sentiment alone.
std::optional<Error> check_lite_factors(const EncoderModel& model) {
  if (model.pack().calibrations() == nullptr) return std::nullopt;
  for (const schema::Calibration* calibration : *model.pack().calibrations()) {
    const float factor = calibration->lite_factor();
    if (factor != 0 && calibration->task()->string_view() != "sentiment") {
      return corrupt_pack("calibration.lite_factor", "is of a task other than sentiment");
    }
  }
  return std::nullopt;
}

}  // namespace

Result<BaseHeads> find_base_heads(const EncoderModel& model) {
  if (auto error = check_tasks(model)) return *error;
  BaseHeads heads;
  for (const Wanted& wanted : kWanted) {
    const schema::EncoderHead* head = model.find_head(wanted.task);
    if (head == nullptr && wanted.is_required) return unfit(wanted.task, "is missing");
    if (head != nullptr && head->kind() != wanted.kind) return unfit(wanted.task, "is of the wrong kind");
    heads.*wanted.member = head;
  }
  if (auto error = check_labels(heads)) return *error;
  if (auto error = check_lite_factors(model)) return *error;
  return heads;
}

}  // namespace aftersense
