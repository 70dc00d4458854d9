// What `spoor collect` says at the end: of one feed in full, of several as a table, and as
// JSON. Tested by the scenarios.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "collect/collect.h"

namespace spoor {

/// What became of one feed in a call.
struct FeedOutcome {
  std::string feed, source;             ///< name and kind
  std::optional<CollectReport> report;  ///< nothing: it failed
  std::string error;
};

std::string collect_report_text(const CollectReport& report);
/// One line each.
std::string collect_report_json(const std::string& feed, const std::string& source,
                                const CollectReport& report);
std::string collect_error_json(const std::string& feed, const std::string& source,
                               const std::string& error);
/// What changed, a row a feed.
std::string collect_table(const std::vector<FeedOutcome>& outcomes);

}  // namespace spoor
