// The tables [[case_system]] and [[notify]] of spoor.toml, checked key by key: a row of a
// visible table a key. docs/cases.md describes them. Tested by case_config_test.cpp.

#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/secret.h"
#include "base/result.h"
#include "cases/draft_options.h"
#include "cases/notify.h"
#include "cases/sender.h"
#include "cases/thehive.h"

namespace spoor {

struct SystemConfig {
  bool is_notify = false;
  std::string where;  ///< of the table, for messages
  std::string name;
  std::string url;
  SecretPlace url_secret;  ///< a webhook's address is a secret of its own
  SecretPlace key;
  std::string user;  ///< of the mail server
  std::string organisation, proxy, ca_file;
  Clearance clearance;
  double rate = 20;
  int in_flight = 4;
  std::chrono::seconds timeout{90};
  DraftOptions draft;
  TheHiveOptions thehive;
  NotifyOptions notify;
};

/// All of them, names checked to be different.
Result<std::vector<SystemConfig>> system_configs(const Config& config);

}  // namespace spoor
