// All that the store knows of a value: what claims it and what claims cover it, by the rules by
// which a hunt would match it (store_index.h); who says so; what else stands in the same
// pulses; where hunts have seen it. One read transaction for all values. Costs about 50 us a
// value in a store of a million indicators, more where much is known (bench/bench_lookup).
// Tested by lookup_test.cpp, which holds it against the matcher.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ioc/canonical.h"
#include "ioc/sighting.h"
#include "lookup/store_index.h"
#include "match/matcher.h"
#include "store/store.h"
#include "store/value_reader.h"

namespace spoor {

/// How an indicator stands to the value.
enum class Relation : std::uint8_t {
  kItself,  ///< the same value, if as another kind of name or digest than was asked for
  kCovers,  ///< a hunt for the indicator would find the value: a parent domain, a network, ...
};
std::string_view name_of(Relation relation);  ///< "itself", "covers"

struct KnownIndicator {
  ObservableId id{};
  Observable observable;
  Relation relation = Relation::kCovers;
  Grade grade = Grade::kNone;
  std::string rule;        ///< of docs/semantics.md; "" for what is never matched as text
  std::string quarantine;  ///< why hunts leave it out; "" they do not
  std::vector<ClaimView> claims;
  SightingSummary sightings;
  std::vector<std::string> hosts;  ///< that the lines of its latest sightings name
  std::uint64_t live = 0;          ///< claims that have not ended
};

struct KnownPulse {
  std::string id, name, author, adversary;
  std::uint64_t others = 0;         ///< indicators of the pulse beside the known ones
  std::vector<Observable> related;  ///< of them, at most LookupOptions::related
};

enum class LookupVerdict : std::uint8_t {
  kRefused,      ///< no value of any type
  kUnknown,      ///< nothing claims or covers it
  kQuarantined,  ///< only what hunts leave out
  kEnded,        ///< every claim has ended
  kWeak,         ///< a hunt would call it weak
  kLive,         ///< claimed, and not ended
};
std::string_view name_of(LookupVerdict verdict);  ///< "refused", ..., "live"

struct LookupAnswer {
  std::string asked;
  std::optional<Observable> value;
  std::vector<Refusal> notes;  ///< what was changed to make it canonical
  std::optional<Refusal> refused;
  std::vector<KnownIndicator> known;  ///< itself first, then strongest and narrowest first
  std::vector<KnownPulse> pulses;
  LookupVerdict verdict = LookupVerdict::kUnknown;
  std::string reason;   ///< of the verdict, for people
  bool capped = false;  ///< more claims stand on the URL's host than were compared

  bool is_known() const { return !known.empty(); }
};

struct LookupOptions {
  std::size_t related = 8;  ///< indicators shown of each pulse
  Time now{};               ///< what has expired by then has ended
};

/// Whether the claim has ended at `now`: inactive, ended by its source, or expired.
bool has_ended(const ClaimView& claim, Time now);

class Lookup {
 public:
  /// `store` outlives it.
  static Result<std::unique_ptr<Lookup>> open(Store& store, LookupOptions options);

  /// `asked` as anyone writes it: defanged, quoted, of any case. `type`: what it is said to be.
  /// Without it, a value that is not known as what it looks like is tried as a mutex, a pipe, a
  /// file name, a user agent, the id of a rule.
  /// An error is the store's.
  Result<LookupAnswer> look_up(std::string_view asked, std::optional<IndicatorType> type);

 private:
  Lookup(std::unique_ptr<ValueReader> reader, LookupOptions options)
      : reader_(std::move(reader)), index_(*reader_), options_(options) {}
  Result<LookupAnswer> look_up_as(std::string_view asked, const OrRefusal<Canonical>& canonical,
                                  std::optional<IndicatorType> type);
  Result<std::optional<Canonical>> shapeless(std::string_view asked);
  Status find_known(const LookupSubject& subject, LookupAnswer& answer);
  Status add_known(KnownIndicator known, LookupAnswer& answer);
  Status add_pulses(LookupAnswer& answer);

  std::unique_ptr<ValueReader> reader_;
  StoreIndex index_;
  LookupOptions options_;
  std::vector<Hit> hits_;
};

}  // namespace spoor
