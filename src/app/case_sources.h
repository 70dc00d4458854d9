// What `spoor case` files: drafts out of stored hunts, of the NDJSON of a hunt on standard
// input, of pulses, or of one value.

#pragma once

#include <string>
#include <vector>

#include "app/case_config.h"
#include "app/command.h"
#include "cases/case_draft.h"
#include "store/store.h"

namespace spoor {

/// Drafts of one system, by its options.
struct SystemDrafts {
  std::vector<CaseDraft> drafts;
};

struct CaseSources {
  std::vector<SystemDrafts> of;    ///< in the order of the systems
  std::vector<std::string> notes;  ///< what people should know; foreign text
};

/// By the command's options; `systems` have been told --as, --group and so on.
Result<CaseSources> case_sources(const Invocation& invocation, Store& store,
                                 const std::vector<SystemConfig>& systems);

}  // namespace spoor
