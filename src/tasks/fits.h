#pragma once

#include <map>
#include <span>
#include <string_view>

#include "tasks/reason.h"

namespace aftersense {

/// Which products are made for those of a request, or articles about them: those whose `fits` names their id or their group.
class Fits {
 public:
  explicit Fits(std::span<const Source> sources);

  /// The source of the greatest weight that it fits; nullptr where it fits none.
  [[nodiscard]] const Source* of(const schema::Product& product) const;

 private:
  std::map<std::string_view, const Source*> by_name_;
};

}  // namespace aftersense
