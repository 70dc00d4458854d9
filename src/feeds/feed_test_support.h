// For the tests of this room: a text through a format, rows as one line each.

#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "feeds/feed.h"

namespace spoor {

struct ReadResult {
  Status status;
  std::vector<RawIndicator> rows;
  std::vector<Pulse> pulses;
  Tally damaged, notes;
  bool incomplete = false;

  /// "type|value|description" of rows without a pulse.
  std::vector<std::string> lines() const {
    std::vector<std::string> list;
    for (const RawIndicator& row : rows) {
      list.push_back(row.type + "|" + row.value +
                     (row.description.empty() ? "" : "|" + row.description));
    }
    return list;
  }
};

inline ReadResult read_as(std::string_view format, std::string_view text,
                          std::string_view where = "x", const ReadOptions& options = {}) {
  ReadResult result;
  const ImportFormat* row = import_format(format);
  if (row == nullptr) {
    result.status = fail("no such format");
    return result;
  }
  result.status = row->read(
      text, where,
      [&](Page&& page) -> Status {
        EXPECT_LE(page.rows.size(), 10'000u);
        for (RawIndicator& raw : page.rows) result.rows.push_back(std::move(raw));
        for (Pulse& pulse : page.pulses) result.pulses.push_back(std::move(pulse));
        result.damaged.merge(page.damaged);
        result.notes.merge(page.notes);
        result.incomplete = result.incomplete || page.incomplete;
        return {};
      },
      options);
  return result;
}

inline std::string detected(std::string_view head, std::string_view name = "file") {
  const ImportFormat* format = detect_format(head, name);
  return format == nullptr ? "none" : std::string(format->name);
}

using RowLines = std::vector<std::string>;

/// "type|value", with "|context" where it is not searched for and "|ended" where it is not
/// active.
inline RowLines claims_of_rows(const std::vector<RawIndicator>& rows) {
  RowLines lines;
  for (const RawIndicator& row : rows) {
    lines.push_back(row.type + "|" + row.value + (row.facts.detect ? "" : "|context") +
                    (row.active ? "" : "|ended"));
  }
  return lines;
}

/// "reason (count)" of a tally, most frequent first.
inline RowLines reasons_of(const Tally& tally) {
  RowLines lines;
  for (const Tally::Entry& entry : tally.entries())
    lines.push_back(entry.reason + " (" + std::to_string(entry.count) + ")");
  return lines;
}

}  // namespace spoor
