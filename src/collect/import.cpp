// import_bytes(): re-code, detect, read, judge, write; in that order, one page in memory at a
// time. Tested by import_test.cpp and recorded_import_test.cpp.

#include "collect/import.h"

#include <utility>
#include <vector>

#include "base/utf8.h"
#include "collect/judge.h"
#include "collect/recode.h"
#include "feeds/feed.h"
#include "io/source.h"

namespace spoor {
namespace {

constexpr std::size_t kHeadBytes = 64 << 10;

std::string base_name(const std::string& path) {
  if (path == "-") return "stdin";
  std::string name = path;
  while (name.size() > 1 && name.back() == '/') name.pop_back();
  return name.substr(name.rfind('/') + 1);
}

std::string known_formats() {
  std::string names;
  for (const ImportFormat& format : import_formats()) {
    if (!names.empty()) names += ", ";
    names += format.name;
  }
  return names;
}

}  // namespace

Result<ImportReport> import_bytes(Store& store, std::string bytes, const std::string& name,
                                  const ImportOptions& options) {
  ImportReport report;
  const std::string base = base_name(name);
  report.feed = options.feed.empty() ? "file:" + base : options.feed;

  Recoded recoded = to_utf8_text(std::move(bytes));
  report.encoding = recoded.was;
  const ImportFormat* format = nullptr;
  if (options.format.empty()) {
    // A head that ends inside a character is judged all the same; formats look at whole lines.
    std::string head = recoded.text.substr(0, kHeadBytes);
    replace_latin1(head);
    format = detect_format(head, base);
    if (format == nullptr) {
      return fail(base + ": " +
                  (recoded.text.empty() ? "is empty" : "no format fits what the file holds") +
                  ", expected one of " + known_formats());
    }
  } else {
    format = import_format(options.format);
    if (format == nullptr) {
      return fail("format " + terminal_safe(options.format) + ", expected one of " +
                  known_formats());
    }
  }
  report.format = format->name;
  // In JSON a bad byte costs its row (the reader tells which); in lists it mostly is an accent
  // or a no-break space.
  if (report.format != "otx" && replace_latin1(recoded.text) > 0)
    report.encoding += ", Latin-1 bytes";

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
  if (auto status = format->read(recoded.text, base, on_page); !status) {
    return fail(status.error().at(base + ": as " + report.format));
  }
  if (auto status = (*ingest)->commit(); !status) return fail(status.error().at(base));

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
