// OTX's replies that are no feed: events, ids of subscribed pulses, users, what is known of one
// indicator. As lenient as otx.h: members may be missing or of another kind, a bad element
// costs itself. `general` describes one indicator and the pulses it is in; a list of other
// indicators is never looked for there, since no recording has one. Source: recorded replies,
// OTX's reference page. Tested by otx_replies_test.cpp and recorded_test.cpp; fuzz_otx_replies.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/tally.h"
#include "base/time.h"
#include "feeds/otx_api.h"

namespace spoor {

/// What every paged reply has beside its elements.
struct OtxList {
  std::uint64_t elements = 0;  ///< good and damaged
  std::optional<std::int64_t> count;
  bool has_next = false;
  Tally damaged;
};

struct OtxEvent {
  std::string action;       ///< "delete", "unsubscribe", ... lower-case
  std::string object_type;  ///< "pulse", "user", "group"
  std::string object_id;
  std::optional<Time> created;

  /// Whether it may take a pulse out of the feed, or bring one in.
  bool takes() const;
  bool brings() const;
};
struct OtxEvents : OtxList {
  std::vector<OtxEvent> events;
};
Result<OtxEvents> read_otx_events(std::string_view text, std::string_view where);

struct OtxIds : OtxList {
  std::vector<std::string> ids;  ///< lower-case, 24 hex digits each
};
Result<OtxIds> read_otx_ids(std::string_view text, std::string_view where);

struct OtxUser {
  std::string name;
  std::optional<std::int64_t> id, pulses, indicators, subscribers, followers;
  std::string member_since;  ///< as the service words it
};
Result<OtxUser> read_otx_user(std::string_view text, std::string_view where);
struct OtxUsers : OtxList {
  std::vector<OtxUser> users;
};
Result<OtxUsers> read_otx_users(std::string_view text, std::string_view where);

/// A pulse as lookups and searches name it.
struct OtxPulseRef {
  std::string id, name, author, tlp;
  std::vector<std::string> tags;
  std::optional<Time> modified;
  std::optional<std::int64_t> indicators;
};
struct OtxPulseRefs : OtxList {
  std::vector<OtxPulseRef> pulses;
};
Result<OtxPulseRefs> read_otx_pulse_refs(std::string_view text, std::string_view where);

struct OtxTypes : OtxList {
  struct Row {
    std::string name, description;
  };
  std::vector<Row> types;
};
Result<OtxTypes> read_otx_types(std::string_view text, std::string_view where);

/// `general` of any type.
struct OtxGeneral {
  std::string indicator, type;
  bool has_record = false;       ///< base_indicator is not empty
  std::int64_t pulse_count = 0;  ///< may be more than the pulses listed
  std::vector<OtxPulseRef> pulses;
  std::vector<std::string> sections;
  struct Objection {
    std::string source, message;
  };
  std::vector<Objection> validation;  ///< whitelist, majestic, ...; empty: no objection
  bool false_positive = false;        ///< a report of one was accepted
  std::string country, asn;
  bool known() const { return has_record || pulse_count > 0; }
};
Result<OtxGeneral> read_otx_general(std::string_view text, std::string_view where);

/// Any section as rows to show: the columns of its table row, or name and value where it has no
/// list. Nested values stand as compact JSON, cut to 512 bytes.
struct OtxSection : OtxList {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};
Result<OtxSection> read_otx_section(const OtxSectionRow& section, std::string_view text,
                                    std::string_view where);

}  // namespace spoor
