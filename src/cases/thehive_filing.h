// One pass of a draft through TheHive: look up, create or update, promote, add what is missing.
// A pass that fails in the middle leaves nothing to undo; the next one finds what is there. Its
// parts: thehive_filing.cpp (the alert and its case), thehive_observables.cpp,
// thehive_extras.cpp. Tested by thehive_test.cpp.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/case_system.h"
#include "cases/thehive_api.h"

namespace spoor {

struct TheHiveOptions;

/// What is kept of a filed draft: ids, and digests of what was sent, by which a later change
/// of ours is told from an analyst's.
struct HiveRemote {
  std::string alert_id, case_id, title, description;
  std::int64_t severity = 0;
  std::string text() const;
  static HiveRemote parse(std::string_view text);
};

/// An answer of which nothing can be made: it may have been done, so it is looked up again.
CallOutcome unreadable(const CallOutcome& answer, const Error& error);

class HiveFiling {
 public:
  HiveFiling(Caller& caller, const TheHiveDialect& dialect, const HiveSearch& search,
             const HiveVocabulary& vocabulary, const TheHiveOptions& options,
             const CaseDraft& draft, HiveRemote remote, const KeepRemote& keep);

  /// Nothing: done. Else the outcome that stopped it.
  std::optional<CallOutcome> run(Filing& filing);
  const HiveRemote& remote() const { return remote_; }

 private:
  using Stop = std::optional<CallOutcome>;

  Stop find(std::optional<RemoteAlert>& alert);
  Stop create(RemoteAlert& alert);
  Stop update(const RemoteAlert& alert);
  Stop raise_case_tlp(const AlertChange& change);
  Stop become_case(RemoteAlert& alert);
  Stop add_observables(const RemoteAlert& alert, bool list_them);
  Stop list(std::vector<RemoteObservable>& all);
  Stop add_groups(std::vector<ObservableGroup> groups);
  /// What a refused call leads to: smaller ones, another data type, or a refusal.
  void break_up(const ObservableGroup& group, const CallOutcome& outcome,
                std::vector<ObservableGroup>& again);
  Stop mark_sighted(const std::vector<RemoteObservable>& there);
  /// Of `wanted` those that the server's catalogue has.
  Stop find_patterns(const std::vector<std::string>& wanted, std::vector<std::string>& known);
  Stop add_procedures();
  Stop add_tasks();
  Stop attach();

  std::vector<ObservableGroup> groups_of(const std::vector<const DraftObservable*>& all) const;
  std::string type_of(const DraftObservable& observable) const;
  std::vector<std::pair<std::string, std::string>> known_fields(CaseDraft& sent);
  void note(std::string words);
  Status keep_remote();
  HiveTarget target() const;

  Caller& caller_;
  const TheHiveDialect& dialect_;
  const HiveSearch& search_;
  const HiveVocabulary& vocabulary_;
  const TheHiveOptions& options_;
  const CaseDraft& draft_;
  HiveRemote remote_;
  const KeepRemote& keep_;
  HiveRequests requests_;
  Filing* filing_ = nullptr;
  std::vector<std::pair<std::string, std::string>> sent_;  // data type and value, this pass
};

}  // namespace spoor
