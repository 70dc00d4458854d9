// A store in a folder of its own, claims and pulses in short, and the canonical dump by which
// two stores are compared. For the tests of this room.

#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/temporary_folder.h"
#include "store/store.h"

namespace spoor {

inline std::unique_ptr<Store> open_store(const std::string& path,
                                         Store::Mode mode = Store::Mode::kReadWrite) {
  auto store = Store::open(path, mode);
  if (!store) {
    ADD_FAILURE() << store.error().message;
    std::abort();
  }
  return std::move(*store);
}

inline Claim claim(IndicatorType type, const std::string& value,
                   const std::string& quarantine = "") {
  Claim made;
  made.observable = {type, value};
  made.raw = value;
  made.quarantine = quarantine;
  return made;
}
inline Claim domain(const std::string& value, const std::string& quarantine = "") {
  return claim(IndicatorType::kDomain, value, quarantine);
}

inline Pulse pulse(const std::string& id, std::int64_t modified) {
  Pulse made;
  made.id = id;
  made.name = "pulse " + id;
  made.modified = time_from_micros(modified);
  return made;
}

/// Begins, writes what `write` says, commits; the counts.
template <typename Write>
IngestCounts ingest(Store& store, const std::string& feed, Quarantine quarantine,
                    const Write& write) {
  auto session = store.begin_ingest(feed, "file", quarantine);
  if (!session) {
    ADD_FAILURE() << session.error().message;
    return {};
  }
  const Status written = write(**session);
  EXPECT_TRUE(written) << written.error().message;
  const Status committed = (*session)->commit();
  EXPECT_TRUE(committed) << committed.error().message;
  return (*session)->counts();
}
inline IngestCounts add_claims(Store& store, const std::string& feed,
                               const std::vector<Claim>& claims,
                               Quarantine quarantine = Quarantine::kApply) {
  return ingest(store, feed, quarantine, [&](Ingest& to) { return to.add_claims(claims); });
}
inline IngestCounts add_pulse(Store& store, const Pulse& what, const std::vector<Claim>& claims,
                              const std::string& feed = "otx") {
  return ingest(store, feed, Quarantine::kApply,
                [&](Ingest& to) { return to.add_pulse(what, claims); });
}

inline std::vector<std::string> values(Store& store, const IndicatorFilter& filter = {}) {
  std::vector<std::string> all;
  const Status status = store.for_each_observable(
      filter, [&](ObservableId, Observable&& observable) { all.push_back(observable.value); });
  EXPECT_TRUE(status) << status.error().message;
  return all;
}

inline std::string time_text(const std::optional<Time>& time) {
  return time ? std::to_string(to_micros(*time)) : "-";
}

/// All that the store says about indicators, less row numbers.
inline std::vector<std::string> dump(Store& store) {
  std::vector<std::string> lines;
  IndicatorFilter filter;
  filter.with_quarantined = true;
  const Status status = store.for_each_claim(filter, [&](const ClaimView& c) {
    std::string line = std::to_string(static_cast<int>(c.observable.type));
    for (const std::string& part :
         {c.observable.value, c.quarantine, c.raw, c.feed, c.pulse_id, c.pulse_name, c.role,
          c.title, c.description, time_text(c.created), time_text(c.expiration),
          time_text(c.ended), std::string(c.active ? "active" : "inactive")}) {
      line += '|' + part;
    }
    for (const std::string& tag : c.tags) line += '#' + tag;
    lines.push_back(std::move(line));
  });
  EXPECT_TRUE(status) << status.error().message;
  return lines;
}

}  // namespace spoor
