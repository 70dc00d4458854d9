// What OTX calls a report, and the claims in it. Field names are OTX's (API v1,
// `pulses/subscribed`).

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "ioc/observable.h"

namespace spoor {

/// Traffic Light Protocol 2.0; OTX's `white` is clear. Ordered by strictness.
enum class Tlp : std::uint8_t { kClear, kGreen, kAmber, kAmberStrict, kRed };

/// Case-blind; "white" and "clear" are kClear, "amber+strict" kAmberStrict. Unknown or missing
/// words are the stricter kAmber.
Tlp parse_tlp(std::string_view word);
std::string_view name_of(Tlp tlp);  ///< "clear", "green", "amber", "amber+strict", "red"

/// What a receiver may do with a value (Permissible Actions Protocol, as MISP tags write it).
/// Ordered by strictness.
enum class Pap : std::uint8_t { kClear, kGreen, kAmber, kRed };

/// Case-blind, with or without "PAP:"; "white" is kClear. Nothing for other words.
std::optional<Pap> parse_pap(std::string_view word);
std::string_view name_of(Pap pap);  ///< "clear", "green", "amber", "red"

/// Whether the word is the id of a technique or tactic of MITRE ATT&CK: T1059, T1059.001,
/// TA0001.
bool is_attack_id(std::string_view word);

/// What a source says of one claim beyond the value; each only where the source says it.
struct ClaimFacts {
  std::optional<std::uint8_t> confidence;  ///< 0..100, the source's own
  std::optional<Tlp> tlp;                  ///< of this claim; else its pulse's
  std::optional<Pap> pap;
  std::optional<Time> last_said;  ///< when the source last saw or confirmed it
  std::string malware, adversary;
  std::vector<std::string> attack_ids;
  /// False where the source says that the value is context and nothing to search for (MISP's
  /// `to_ids`).
  bool detect = true;
  friend bool operator==(const ClaimFacts&, const ClaimFacts&) = default;
};

/// A row of a feed before `ioc` has judged it: a value, the type word the feed used, what it
/// says.
struct RawIndicator {
  std::string type;   ///< the feed's word; empty: infer from the value
  std::string value;  ///< exactly as written
  std::string role, title, description, content;
  std::optional<Time> created, expiration;
  bool active = true;
  std::int64_t source_id = 0;  ///< OTX's indicator id, global to (type, value); 0: none
  ClaimFacts facts;
  std::string where;  ///< for messages: "feed.csv:17", "page 3: pulse 5f.. row 12"
};

/// A claim: some source says something about an observable. Times are the source's own.
struct Claim {
  Observable observable;
  std::string raw;  ///< the value as the source wrote it
  std::string role, title, description, content;
  std::optional<Time> created, expiration;
  bool active = true;
  std::int64_t source_id = 0;
  ClaimFacts facts;
  /// Why the observable is to be quarantined (S5); empty: it is not.
  std::string quarantine;
};

struct Pulse {
  std::string id;  ///< 24 hex digits in OTX
  std::string name, description, author, adversary;
  std::optional<Time> created, modified;
  std::int64_t revision = 0;
  Tlp tlp = Tlp::kAmber;
  std::optional<Pap> pap;  ///< nothing where the source says none
  bool is_public = false;
  std::vector<std::string> tags, references, targeted_countries, industries, malware_families,
      attack_ids, extract_source;
  bool more_indicators = false;  ///< OTX cut the list: the rest is at `pulses/{id}/indicators`
  std::string extra;             ///< unknown members as one JSON object, kept; "" or "{}": none
  std::vector<RawIndicator> indicators;
};

}  // namespace spoor
