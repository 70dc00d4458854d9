// Systems out of their configuration: transports, keys, pace; for real or to be shown only.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/case_config.h"
#include "app/command.h"
#include "cases/case_system.h"

namespace spoor {

/// The systems of the configuration that --system names (all, where it names none).
Result<std::vector<SystemConfig>> chosen_systems(const Invocation& invocation);

struct DryRun {
  std::function<void(std::string_view text)> show;
  bool json = false;
  bool offline = false;  ///< nobody is asked what is there
};
/// `dry`: null to send.
Result<std::unique_ptr<CaseSystem>> make_system(const SystemConfig& config, const DryRun* dry);

}  // namespace spoor
