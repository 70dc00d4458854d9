// A system that takes drafts: TheHive in its dialects, and those that only take messages. What
// differs between them stands behind three calls. Tested by thehive_test.cpp, notify_test.cpp.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "cases/case_draft.h"
#include "store/outbox.h"

namespace spoor {

/// What `test` says: rows for people, and whether filing would work.
struct SystemReport {
  std::vector<std::pair<std::string, std::string>> rows;  ///< foreign text: escape
  std::vector<std::string> missing;                       ///< what will be in the way, in words
};

/// What became of a draft.
struct Filing {
  enum class Kind : std::uint8_t {
    kFiled,    ///< it is there, whole but for `refusals`
    kLater,    ///< nobody is to blame: try again later
    kRefused,  ///< it will not be taken as it is
  };
  Kind kind = Kind::kFiled;
  std::string message;  ///< why not; foreign text
  bool stop = false;    ///< the system is away or lets nobody in: no use to try the next
  std::string remote;   ///< what it is called there, JSON
  std::vector<OutboxRefusal> refusals;
  std::vector<std::string> notes;  ///< what was changed to fit; foreign text
  bool created = false, updated = false;
  std::uint64_t observables_added = 0, requests = 0, retries = 0;
};

/// Keeps what a draft is called on the other side as soon as it is known.
using KeepRemote = std::function<Status(std::string_view remote)>;

class CaseSystem {
 public:
  virtual ~CaseSystem() = default;
  /// Reaches it, reads who one is there, changes nothing.
  virtual Result<SystemReport> test() = 0;
  /// Makes the other side hold the draft: looks up, creates, adds what is missing, updates what
  /// has changed. The same draft again changes nothing. `remote`: what was kept before, "" at
  /// first. Blocks, and tries again by itself for a while.
  virtual Filing file(const CaseDraft& draft, std::string_view remote,
                      const KeepRemote& keep) = 0;
  /// What they found: "true positive", "false positive", "indeterminate", "duplicate",
  /// "other", or "" where nobody has said yet.
  virtual Result<std::string> verdict(std::string_view remote) = 0;
};

}  // namespace spoor
