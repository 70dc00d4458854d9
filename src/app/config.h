// spoor.toml: checked with line numbers; an unknown key is an error, so that a misspelt one is
// not silently without effect.
//
//   [store]
//   path = "/var/lib/spoor/spoor.db"
//   [otx]
//   url = "https://otx.alienvault.com"
//   key_file = "/etc/spoor/otx.key"
//   endpoint = "subscribed"          # or "activity", "user:NAME", "group:ID"
//   fallback = "activity"            # or "none": what stands in where subscribed does not
//   answer reconcile = "daily"              # or "never", "now" page_size = 50 rate = 10 #
//   requests a second; 0 is no limit timeout = 120                    # seconds, of one request
//   proxy = "http://proxy.example:3128"
//   ca_file = "/etc/ssl/own-ca.pem"
//
//   [noise]                          # docs/noise.md
//   builtin = true
//   popular_percent = 1.0
//   popular_events = 1000
//   popular_hosts = 100
//   [score]                          # docs/noise.md; noise_config.cpp has the keys
//   default = 50
//   [score.feeds]
//   "otx" = 60
//   [score.decay.IPv4]
//   lifetime_days = 30
//   shape = 1.0
//
// and sources over the network, [[feed]], whose keys stand in feed_config.cpp
// (docs/collecting.md), and tables of systems that take findings, [[case_system]] and
// [[notify]], whose keys stand in case_config.cpp (docs/cases.md).

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace spoor {

/// A value of a table of systems, with its place for messages ("spoor.toml:12:3").
struct ConfigValue {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  std::string where;
  std::variant<std::string, std::int64_t, double, bool, std::vector<std::string>, Pairs> value;
};
/// One [[case_system]] or [[notify]].
struct ConfigTable {
  std::string kind, where;
  std::map<std::string, ConfigValue> values;
};

struct Config {
  std::optional<std::string> store_path, otx_url, otx_key_file, otx_endpoint, proxy, ca_file,
      otx_fallback, otx_reconcile;
  std::optional<int> otx_page_size, otx_rate, otx_timeout;
  std::vector<ConfigTable> systems;  ///< in the order of the file
  std::vector<ConfigTable> feeds;    ///< [[feed]], likewise
  ConfigTable noise, score;          ///< "decay.NAME" in `score`: a table of a type
};

Result<Config> read_config(const std::string& path);

}  // namespace spoor
