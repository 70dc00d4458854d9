// The store: one SQLite file (WAL, STRICT tables, synchronous=FULL) that holds pulses,
// observables once, the claims that link them to pulses and feeds, where each feed's walk
// stands, hunts and sightings. Everything is idempotent: writing twice changes nothing; a kill
// at any point loses nothing that was reported as stored. Schema and migrations: schema.cpp.
// Tested by store_test.cpp, query_test.cpp, sightings_test.cpp; bench/store.

#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "ioc/pulse.h"
#include "ioc/sighting.h"

namespace spoor {

/// The store's random id and how often its set of indicators has changed: a compiled snapshot
/// carries both.
struct StoreIdentity {
  std::array<unsigned char, 16> id{};
  std::int64_t generation = 0;
};

struct FeedState {
  std::string name;
  std::string kind;               ///< "otx", "file"
  std::optional<Time> watermark;  ///< moves only when a walk has ended whole
  std::string
      walk;  ///< JSON of the walk under way (start, query, next page, row within it); "" none
  std::string memory;  ///< JSON that the feed's collector keeps between its calls; "" none
  /// Wall clock of the last Ingest::finish(); nothing where an older program wrote it.
  std::optional<Time> last_run;
  std::optional<Time> last_attempt;  ///< wall clock of the last record_attempt()
  std::string last_error;            ///< what it said; "" where the attempt went well
};

/// What a feed holds.
struct FeedCounts {
  std::string feed;
  std::uint64_t claims = 0, active = 0;  ///< of all claims those that have not ended
  std::uint64_t pulses = 0, gone = 0;    ///< pulses it has shown; those it lost
};

/// How old a feed's claims are, by their own dates.
struct ClaimSpan {
  std::string feed;
  std::uint64_t claims = 0;
  std::optional<Time> oldest, newest;  ///< nothing where none has a date
};

/// A pulse that a feed has shown.
struct FeedPulse {
  std::string id, author;
  bool gone = false;  ///< the feed does not hold it any more: deleted, private, unsubscribed
  std::optional<Time> modified;  ///< of the newest version, whichever feed brought it
};

struct IngestCounts {
  std::uint64_t pulses_new = 0, pulses_changed = 0, pulses_same = 0, pulses_gone = 0;
  std::uint64_t claims_new = 0, claims_changed = 0, claims_same = 0, claims_ended = 0;
  std::uint64_t observables_new = 0, quarantined = 0;
  std::uint64_t context = 0;  ///< observables that became nothing to search for
  bool changed() const {
    return pulses_new + pulses_changed + pulses_gone + claims_new + claims_changed +
               claims_ended + observables_new >
           0;
  }
};

/// One import or one walk of a feed. Nothing is visible to readers before commit(); each
/// commit() is one durable transaction and the session goes on after it. Dropping the session
/// without commit() rolls back what came since the last one.
class Ingest {
 public:
  virtual ~Ingest() = default;
  /// Writes a pulse and all its claims. Rows of the pulse that the store has and `claims` lacks
  /// are ended (inactive, `ended` = pulse.modified), never deleted, unless
  /// pulse.more_indicators. A pulse whose `modified` is older than the stored one changes
  /// nothing. Of two claims on one observable the first counts.
  virtual Status add_pulse(const Pulse& pulse, std::span<const Claim> claims) = 0;
  /// Claims without a pulse. On a second claim for the same observable within one session the
  /// first counts.
  virtual Status add_claims(std::span<const Claim> claims) = 0;
  /// The feed does not hold the pulse any more: its claims of this feed end (inactive, `ended`
  /// = `when`; nothing where no source says when), none is deleted. A pulse that the feed has
  /// not shown, or that is gone already, changes nothing; add_pulse brings it back.
  virtual Status end_pulse(std::string_view id, std::optional<Time> when) = 0;
  /// Whether this feed holds the pulse with all its indicators as of `modified`. Takes no lock.
  virtual Result<bool> is_current(std::string_view id, std::optional<Time> modified) = 0;
  /// This session has been given all that the feed holds. Claims without a pulse that
  /// add_claims was not given end (inactive, `ended` = `when`; nothing where no source says
  /// when); so do pulses that were neither added nor marked, as by end_pulse. What is inactive
  /// already stays as it is: calling twice changes nothing. Reads every claim of the store: a
  /// fifth of a second a million.
  virtual Status end_unseen(std::optional<Time> when) = 0;
  /// Different observables that add_claims was given in this session.
  virtual std::uint64_t claims_listed() const = 0;
  /// What is written from now on is seen by this pass over the feed (a number of the caller's,
  /// kept with the pulse; 0: by none).
  virtual void begin_pass(std::int64_t pass) = 0;
  /// The pass has seen a pulse that is current and was not written again.
  virtual Status mark_seen(std::string_view id) = 0;
  /// Pulses that the pass has seen, not created or not modified after `until`. A scan of the
  /// feed's pulses.
  enum class PulseDate { kCreated, kModified };
  virtual Result<std::int64_t> pulses_seen(std::optional<Time> until,
                                           PulseDate date = PulseDate::kCreated) = 0;
  virtual Status set_cursor(std::optional<Time> watermark, std::string_view walk) = 0;
  virtual Status set_memory(std::string_view memory) = 0;
  virtual Status commit() = 0;
  /// The last commit() of an import or walk that has ended whole: the feed's last_run moves,
  /// unless nothing was ever written to the feed in this session.
  virtual Status finish() = 0;
  virtual const IngestCounts& counts() const = 0;
};

enum class Quarantine : std::uint8_t { kApply, kRelease };

/// Which indicators. Empty members do not restrict. Times are the claims' own.
struct IndicatorFilter {
  std::vector<IndicatorType> types;
  std::vector<std::string> feeds, pulses /* id, or part of the name */, tags;
  std::optional<Time> created_since;  ///< age: claims created at or after
  bool only_active = false;
  bool only_quarantined = false;
  bool with_quarantined = false;
  /// Also what every claim calls context and nothing to search for (ClaimFacts::detect).
  bool with_context = false;
  std::string value_like;   ///< part of the value, case-blind
  std::uint64_t limit = 0;  ///< 0: all
};

/// One claim with its pulse and feed, as lists and hits show it.
struct ClaimView {
  ObservableId observable_id{};
  Observable observable;
  std::string quarantine;  ///< reason, or ""
  std::string raw, feed, pulse_id, pulse_name, pulse_author, adversary;
  std::vector<std::string> tags, malware_families, attack_ids;
  /// The stricter of the claim's own (in `facts`) and its pulse's, for what is told with the
  /// pulse's name and words; nothing where neither says so.
  std::optional<Tlp> tlp;
  std::optional<Pap> pap;  ///< the same
  std::string role, title, description, content;
  std::optional<Time> created, expiration, ended;
  bool active = true;
  /// As the claim itself says them; `malware`, `adversary` and `attack_ids` of `facts` stand
  /// beside those of its pulse above.
  ClaimFacts facts;
  bool context = false;  ///< the observable is context for every one of its claims
};

class ValueReader;

struct StoredSighting {
  std::int64_t id = 0;
  Sighting sighting;  ///< match, grade, rule, views, time, place
  HuntId first_hunt{}, last_hunt{};
};

struct HuntInfo {
  Time started;
  std::vector<std::string> paths;
  std::string filter;  ///< as typed
  std::uint64_t indicators = 0;
};
struct HuntSummary {
  Time ended;
  std::uint64_t files = 0, bytes_read = 0, bytes_decoded = 0, lines = 0, sightings = 0,
                sightings_new = 0;
  bool complete = true;
};

/// Which indicators a hunt knew: all that were matchable at `generation`, whose ids are at most
/// `last`; or, where a filter asks for claims, those whose ids have this digest.
struct IndicatorMark {
  std::int64_t generation = 0, last = 0;
  Digest128 set;
  friend bool operator==(const IndicatorMark&, const IndicatorMark&) = default;
};

/// An observable that came out of quarantine.
struct Released {
  ObservableId id{};
  std::int64_t generation = 0;  ///< the first whose hunts look for it
};

/// How far a content has been hunted (hunt/progress.h tells the rules).
struct Progress {
  std::int64_t id = 0;  ///< 0: not stored yet
  std::string path;     ///< absolute, as sightings carry it, where it was met last
  std::uint64_t device = 0, inode = 0;  ///< inode 0: no file is known to hold it now
  /// Of the file on disk. 0: only noted, beside the sightings of a last line that had not
  /// ended; of `seen` bytes those behind `upto` are to be hunted again, for nothing says that
  /// what stood there was told.
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0, changed_ns = 0;
  /// Both times were well past when it was read: a write since then shows in them.
  bool settled = false;
  std::uint8_t form = 0;   ///< FileForm
  std::uint64_t seen = 0;  ///< bytes of content that were hunted
  std::uint64_t upto = 0;  ///< of these, in lines that have ended: where to go on
  std::uint64_t line = 1;  ///< number of the line at `upto`
  TextEncoding encoding = TextEncoding::kBytes;
  std::string format;                  ///< what its lines were read as
  std::optional<std::string> headers;  ///< FormatTrack::headers()
  /// A last line that had not ended: where its sightings stand, and its digest then.
  std::optional<std::string> open_path;
  std::uint64_t open_offset = 0;
  Digest128 open_digest;
  Digest128 head;     ///< of the content's first 4 KiB
  Digest128 content;  ///< Fingerprint of `seen` bytes
  Digest128 disk;     ///< of both ends of the file itself, where it is packed
  IndicatorMark mark;
  Time met{};  ///< when a hunt met it last
  /// Of this run, not stored: FollowedPart::content.
  std::uint64_t content_number = 0;
};

/// What a sighting must be to count as new.
enum class NewRule : std::uint8_t {
  kPlace,  ///< its identity was not stored
  kEvent,  ///< nor was the same event known in another file (a rotated or compressed copy)
};

struct SightingFilter {
  std::vector<IndicatorType> types;
  std::string value, file;
  Grade min_grade = Grade::kNone;
  std::optional<HuntId> hunt;
  std::uint64_t limit = 0;
};

struct StoreCounts {
  std::uint64_t pulses = 0, observables = 0, quarantined = 0, context = 0, claims = 0,
                feeds = 0, sightings = 0, hunts = 0;
  std::vector<std::pair<IndicatorType, std::uint64_t>>
      by_type;  ///< neither quarantined nor context only, types of the enum's order
};

/// One connection. Use from one thread at a time; open another Store for another thread.
class Store {
 public:
  enum class Mode : std::uint8_t { kReadWrite, kReadOnly };

  /// Opens or (kReadWrite) creates, and migrates older schemas in one transaction. A newer
  /// schema, a file that is no store, or a damaged one is an error that says which. Waits up to
  /// 10 s for another writer. The folder is created with 0700, the file with 0600.
  static Result<std::unique_ptr<Store>> open(const std::string& path, Mode mode);
  virtual ~Store() = default;

  virtual StoreIdentity identity() = 0;
  virtual Result<std::unique_ptr<Ingest>> begin_ingest(std::string_view feed,
                                                       std::string_view kind,
                                                       Quarantine quarantine) = 0;
  virtual Result<std::optional<FeedState>> feed(std::string_view name) = 0;
  virtual Result<std::vector<FeedState>> feeds() = 0;
  /// Of every feed, ordered by name. Reads every claim: a fifth of a second a million.
  virtual Result<std::vector<FeedCounts>> feed_counts() = 0;
  /// The feed was asked at `when`, and what went wrong; "" where nothing did. One durable
  /// transaction; makes the feed known.
  virtual Status record_attempt(std::string_view feed, std::string_view kind, Time when,
                                std::string_view error) = 0;
  /// Every pulse that the feed has shown, ordered by id. Constant memory.
  virtual Status for_each_feed_pulse(std::string_view feed,
                                     const std::function<void(const FeedPulse&)>& visit) = 0;

  /// Observables that are not quarantined, nor context only (see filter), and have a claim that
  /// passes, once each, by id. Constant memory.
  virtual Status for_each_observable(
      const IndicatorFilter& filter,
      const std::function<void(ObservableId, Observable&&)>& visit) = 0;
  /// Claims that pass, ordered by type, value, feed, pulse. Constant memory.
  virtual Status for_each_claim(const IndicatorFilter& filter,
                                const std::function<void(const ClaimView&)>& visit) = 0;
  virtual Result<std::vector<ClaimView>> claims_of(ObservableId id) = 0;
  /// For many values one after the other (value_reader.h). Lives no longer than the store.
  virtual Result<std::unique_ptr<ValueReader>> value_reader() = 0;
  /// The stored observable with this type and canonical value; nothing where there is none.
  virtual Result<std::optional<ObservableId>> find(const Observable& observable) = 0;
  /// The pulse with this id, without its indicators; nothing where there is none.
  virtual Result<std::optional<Pulse>> pulse(std::string_view id) = 0;
  /// The ids of the pulses that pass, oldest first: `pulses` (id, or part of the name), `tags`,
  /// `feeds` and `created_since` (here: modified since) of `filter`.
  virtual Result<std::vector<std::string>> pulse_ids(const IndicatorFilter& filter) = 0;
  /// The claims of one pulse, ordered by feed, type and value.
  virtual Status for_each_claim_of_pulse(
      std::string_view id, const std::function<void(const ClaimView&)>& visit) = 0;
  /// The hunt that began last; nothing where there was none.
  virtual Result<std::optional<HuntId>> last_hunt() = 0;
  virtual Result<StoreCounts> counts() = 0;
  /// The latest date of any pulse; constant time and memory a pulse.
  virtual Result<std::optional<Time>> newest_pulse() = 0;
  /// By feed. Reads every claim: a fifth of a second a million.
  virtual Result<std::vector<ClaimSpan>> claim_spans() = 0;

  virtual Result<HuntId> begin_hunt(const HuntInfo& info) = 0;
  /// One durable transaction. Sets is_new of each. A known identity updates its attributes and
  /// last hunt in place.
  virtual Status record_sightings(HuntId hunt, std::span<Sighting> sightings,
                                  NewRule rule = NewRule::kPlace) = 0;
  /// A line whose begin was hunted has grown: its sightings keep their identity by taking the
  /// new digest, and stand suppressed until the whole line confirms them. Rows of progress that
  /// hold the line take the digest with them. One durable transaction.
  virtual Status grow_event(std::string_view absolute_path, std::uint64_t event_offset,
                            const Digest128& before, const Digest128& after) = 0;
  /// Of the indicators as they are now; `set` is left empty.
  virtual Result<IndicatorMark> indicator_mark() = 0;
  virtual Result<std::vector<Released>> released() = 0;
  /// What was hunted under `scope` (a digest of the options that change the answer).
  virtual Status for_each_progress(const Digest128& scope,
                                   const std::function<void(Progress&&)>& visit) = 0;
  /// One durable transaction. A row with an id replaces the stored one, others get their id; a
  /// file holds one content, so other rows of the same file lose it. Rows that were not met
  /// since `forget_before` go, and the oldest beyond a million.
  virtual Status put_progress(const Digest128& scope, std::span<Progress> rows,
                              Time forget_before) = 0;
  /// What `write` does to hunts, sightings and progress is one durable transaction; where it
  /// returns an error, none of it is kept. Not within itself, nor while an Ingest has begun.
  virtual Status as_one(const std::function<Status()>& write) = 0;
  virtual Status finish_hunt(HuntId hunt, const HuntSummary& summary) = 0;
  virtual Status for_each_sighting(const SightingFilter& filter,
                                   const std::function<void(const StoredSighting&)>& visit) = 0;

  /// PRAGMA integrity_check and foreign keys; the first finding as an error.
  virtual Status check() = 0;
};

}  // namespace spoor
