// The surface of OTX API v1 as tables: the feeds that can be walked, and what can be asked of
// one indicator (types × sections). Everything that builds an address is here, so that a value
// is encoded in one place. Source: OTX's reference page (otx.alienvault.com/api) and recorded
// replies. Tested by otx_api_test.cpp.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "ioc/observable.h"

namespace spoor {

inline constexpr std::string_view kOtxHost = "https://otx.alienvault.com";

enum class OtxEndpoint : std::uint8_t {
  kSubscribed,  ///< pulses/subscribed: the documented feed
  kActivity,    ///< pulses/activity: answers where the other does not; may hold users whom one
                ///< only follows
  kUser,   ///< pulses/user/NAME: one author; without indicators, which are asked for singly
  kGroup,  ///< groups/ID/pulses: in no public documentation; like kUser
};

struct OtxFeedRow {
  OtxEndpoint endpoint;
  std::string_view name;       ///< as typed: "subscribed", "user"
  std::string_view path;       ///< below /api/v1; "{}" is the name of the user or the group
  std::string_view since;      ///< name of the parameter that restricts by `modified`
  bool subscriptions = false;  ///< holds what subscribed_pulse_ids lists
};
std::span<const OtxFeedRow> otx_feeds();

/// Which feed is walked.
struct OtxFeedChoice {
  OtxEndpoint endpoint = OtxEndpoint::kSubscribed;
  std::string of;  ///< the user's name or the group's id; "" for the first two

  const OtxFeedRow& row() const;
  std::string text() const;  ///< "subscribed", "user:NAME"
  bool operator==(const OtxFeedChoice&) const = default;
};
/// "subscribed", "activity", "user:NAME", "group:ID".
Result<OtxFeedChoice> parse_otx_feed(std::string_view text);

/// Path and query of one page, from the slash of "/api/v1/...".
std::string otx_feed_path(const OtxFeedChoice& feed, std::optional<Time> since, int limit,
                          std::int64_t page);

/// What can be asked about one indicator.
struct OtxSectionRow {
  std::string_view name;     ///< "passive_dns"
  std::string_view list;     ///< member of the reply that holds the rows; "" if it has none
  std::string_view columns;  ///< members of a row worth showing, blanks between; "" for strings
  bool paged;                ///< takes limit and page
};
std::span<const OtxSectionRow> otx_sections();
const OtxSectionRow* otx_section(std::string_view name);

struct OtxLookupRow {
  std::string_view type;      ///< in the path: "IPv4", "file"
  std::string_view sections;  ///< blanks between; the first is `general`
};
std::span<const OtxLookupRow> otx_lookups();

/// An indicator as its path wants it.
struct OtxSubject {
  const OtxLookupRow* row = nullptr;
  std::string value;  ///< canonical; not encoded yet
};
/// `type`: a word of the path, a type of OTX ("FileHash-MD5", "CVE"), or "auto". What OTX
/// refuses or has no path for (private addresses, e-mail, PEHASH, ...) is an error that says
/// so.
Result<OtxSubject> otx_subject(std::string_view type, std::string_view value);
/// The sections asked for, each one of the type's; none: `general`; "all": every one.
Result<std::vector<const OtxSectionRow*>> otx_sections_of(const OtxSubject& subject,
                                                          std::span<const std::string> names);
/// "/api/v1/indicators/IPv4/192.0.2.1/general", the value as exactly one segment.
std::string otx_lookup_path(const OtxSubject& subject, std::string_view section);

/// 24 hex digits.
bool is_otx_pulse_id(std::string_view text);

}  // namespace spoor
