// TheHive 3, 4 and 5 as a CaseSystem. Every draft is filed as an alert first, since
// type;source;sourceRef is unique there and a case has no key at all; a case is an alert that
// is promoted, which the server does once. So no lost answer, kill or second process makes a
// second one: each pass looks up what is there and adds what is missing, and a pass that was
// cut short is followed by another. Tested by thehive_test.cpp and tests/case_replays.

#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cases/caller.h"
#include "cases/case_system.h"
#include "cases/thehive_api.h"

namespace spoor {

struct TheHiveOptions {
  std::string api = "auto";    ///< "auto", "v0", "v1"
  std::size_t body_limit = 0;  ///< bytes of a request; 0: the version's own
  std::size_t chunk = 1000;    ///< observables a request
  int tries = 6;               ///< passes without progress before an entry waits
  std::chrono::milliseconds first_pause{1000};  ///< doubled up to a minute
};

class TheHive final : public CaseSystem {
 public:
  TheHive(TheHiveOptions options, std::unique_ptr<Caller> caller);
  ~TheHive() override;

  Result<SystemReport> test() override;
  Filing file(const CaseDraft& draft, std::string_view remote, const KeepRemote& keep) override;
  Result<std::string> verdict(std::string_view remote) override;

 private:
  /// The version, found once; the outcome of the request that failed otherwise.
  std::optional<CallOutcome> connect();
  std::optional<CallOutcome> learn();
  void say_permissions(SystemReport& report, std::string_view user) const;

  TheHiveOptions options_;
  std::unique_ptr<Caller> caller_;
  std::string version_;
  const TheHiveDialect* dialect_ = nullptr;
  std::unique_ptr<HiveSearch> search_;
  HiveVocabulary vocabulary_;
  bool learnt_ = false;
};

}  // namespace spoor
