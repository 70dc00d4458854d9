// The tables [[feed]] of spoor.toml, checked key by key: a row of a visible table a key.
// docs/collecting.md describes them. Tested by feed_config_test.cpp.

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/secret.h"
#include "base/result.h"
#include "collect/source.h"

namespace spoor {

/// Older than this a feed is stale where its table does not say `every`.
inline constexpr std::chrono::hours kStaleAfterDefault{48};

struct FeedConfig {
  std::string where;     ///< of the table, for messages; "" of the [otx] table's feed
  SourceOptions source;  ///< less the key and what belongs to a call
  SecretPlace key, url;  ///< an address may be a secret of its own
  std::string proxy, ca_file;
  std::chrono::seconds every = kStaleAfterDefault;  ///< older than this it is stale
  std::optional<std::uint8_t> confidence;           ///< weight of the source, 0 to 100
  bool enabled = true;
  bool is_otx() const { return source.kind == "otx"; }
};

/// All of them in the order of the file, names checked to be different.
Result<std::vector<FeedConfig>> feed_configs(const Config& config);

/// "6h", "2d", "90m", "1w" as a duration.
Result<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace spoor
