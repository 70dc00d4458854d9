// import_bytes(): re-code, detect, read, judge, write; in that order, one page in memory at a
// time. Tested by import_test.cpp and recorded_import_test.cpp.

#include "collect/import.h"

#include <utility>
#include <vector>

#include "collect/document.h"
#include "collect/judge.h"
#include "feeds/feed.h"
#include "io/source.h"

namespace spoor {

Result<ImportReport> import_bytes(Store& store, std::string bytes, const std::string& name,
                                  const ImportOptions& options) {
  ImportReport report;
  auto document = open_document(std::move(bytes), name, options.format);
  if (!document) return fail(document.error());
  const std::string& base = document->name;
  const ImportFormat* format = document->format;
  report.feed = options.feed.empty() ? "file:" + base : options.feed;
  report.format = format->name;
  report.encoding = document->encoding;

  auto ingest = store.begin_ingest(report.feed, "file", options.quarantine);
  if (!ingest) return fail(ingest.error().at(base));

  Judge judge(options.quarantine);
  BoundedTally refused;
  std::uint64_t uncommitted = 0;
  std::vector<Claim> claims;
  const auto judge_all = [&](std::vector<RawIndicator>& rows) {
    claims.clear();
    for (RawIndicator& row : rows) {
      if (auto claim = judge.judge(std::move(row))) claims.push_back(std::move(*claim));
    }
    uncommitted += rows.size();
  };
  const auto on_page = [&](Page&& page) -> Status {
    report.incomplete = report.incomplete || page.incomplete;
    report.rows += page.damaged.total();
    refused.merge(page.damaged);
    judge.notes.merge(page.notes);
    for (Pulse& pulse : page.pulses) {
      ++report.pulses;
      judge_all(pulse.indicators);
      if (auto status = (*ingest)->add_pulse(pulse, claims); !status) return status;
    }
    judge_all(page.rows);
    if (!claims.empty()) {
      if (auto status = (*ingest)->add_claims(claims); !status) return status;
    }
    if (uncommitted >= options.commit_rows) {
      uncommitted = 0;
      if (auto status = (*ingest)->commit(); !status) return status;
    }
    return {};
  };
  if (auto status = format->read(document->text, base, on_page, options.read); !status) {
    return fail(status.error().at(base + ": as " + report.format));
  }
  if (auto status = (*ingest)->finish(); !status) return fail(status.error().at(base));

  report.rows += judge.rows;
  report.accepted = judge.accepted;
  report.refused = judge.refused.tally();
  report.refused.merge(refused.tally());
  report.quarantined = judge.quarantined.tally();
  report.notes = judge.notes.tally();
  report.counts = (*ingest)->counts();
  return report;
}

Result<ImportReport> import_file(Store& store, const std::string& path,
                                 const ImportOptions& options) {
  auto bytes = read_whole(path, options.max_bytes);
  if (!bytes) return fail(bytes.error());
  return import_bytes(store, std::move(*bytes), path, options);
}

}  // namespace spoor
