// What the line of an event says, for the matches in it. Private to `hunt`. Tested by
// hunt_test.cpp.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "hunt/exchange.h"
#include "hunt/hunt.h"
#include "hunt/scan.h"
#include "logs/json_walk.h"

namespace spoor {

/// What is known of one match.
struct EventFacts {
  std::shared_ptr<const EventRecord> record;  ///< never null; shared by the matches of a record
  std::string field;                          ///< the name of the one that the match stands in
};

/// For one match after another in order of their offsets. Lines are read here, for hits only;
/// those of an array of records once for each record.
class EventReader {
 public:
  /// Borrows all; `record` keeps its memory from event to event.
  EventReader(const Job& job, const ScannedEvent& event, const HuntOptions& options,
              Record& record);

  /// Of the match at `offset` of the chunk.
  EventFacts read(std::size_t offset);

 private:
  std::size_t place_of(std::size_t offset) const;

  const ScannedEvent& event_;
  const HuntOptions& options_;
  const std::string& path_;
  Record& record_;
  const LogFormat& format_;
  const FormatState& state_;
  TextEncoding encoding_;
  bool continues_;
  std::string decoded_;
  std::string_view raw_, line_, read_;
  JsonElements elements_{std::string_view()};
  std::shared_ptr<const EventRecord> shared_;
};

}  // namespace spoor
