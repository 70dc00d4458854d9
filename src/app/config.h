// spoor.toml: checked with line numbers; an unknown key is an error, so that a misspelt one is
// not silently without effect.
//
//   [store]
//   path = "/var/lib/spoor/spoor.db"
//   [otx]
//   url = "https://otx.alienvault.com"
//   key_file = "/etc/spoor/otx.key"
//   endpoint = "subscribed"          # or "activity"
//   page_size = 50
//   proxy = "http://proxy.example:3128"
//   ca_file = "/etc/ssl/own-ca.pem"

#pragma once

#include <optional>
#include <string>

#include "base/result.h"

namespace spoor {

struct Config {
  std::optional<std::string> store_path, otx_url, otx_key_file, otx_endpoint, proxy, ca_file;
  std::optional<int> otx_page_size;
};

Result<Config> read_config(const std::string& path);

}  // namespace spoor
