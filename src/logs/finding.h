// A sighting with its story: what hunt makes and report prints. It stands here, below both,
// because rooms of one layer do not see each other. Plain values; no SQLite, no printing.
// Tested by finding_test.cpp.

#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "io/source.h"
#include "ioc/observable.h"
#include "ioc/pulse.h"
#include "ioc/sighting.h"
#include "logs/record.h"
#include "logs/timestamp.h"

namespace spoor {

/// What one source says of an indicator, as far as a hit shows it.
struct ClaimSummary {
  std::string feed;
  std::string pulse_id, pulse_name, pulse_author;  ///< empty: a claim without a pulse
  std::vector<std::string> tags;
  std::optional<Tlp> tlp;
  std::optional<Time> created, expiration, ended;
  bool active = true;
};

/// An indicator and all that is claimed about it.
struct IndicatorStory {
  ObservableId id{};
  Observable observable;
  std::vector<ClaimSummary> claims;
};

/// Whether a claim was live when the event happened (docs/design.md): false only if every claim
/// had ended before it; nothing where the event's time or a claim's span is unknown (no dates
/// at all, or inactive since no one knows when). A claim made after the event counts as live:
/// reports come after the fact. For an event of which only the day is known, a claim that ended
/// during that day had not ended before.
std::optional<bool> was_live(const IndicatorStory& story,
                             const std::optional<EventTime>& event);

/// A line near an event.
struct ContextLine {
  std::uint64_t line = 0;
  std::string text;  ///< bytes, without the line end, at most 1 KiB
  TextEncoding encoding = TextEncoding::kBytes;
};
struct Context {
  std::vector<ContextLine> before, after;
};

/// What belongs to a sighting and is not stored with it.
struct FindingDetail {
  std::shared_ptr<const IndicatorStory> story;  ///< never null
  std::shared_ptr<const Context>
      context;  ///< null where none was asked for; shared within an event
  std::shared_ptr<const EventRecord> record;  ///< what the event's line says; null: not read
  std::string field;              ///< the name of the field that the match stands in
  std::uint64_t occurrences = 1;  ///< how often the event holds the indicator, in any grade
  std::uint64_t content = 0;      ///< FollowedPart::content of its file; 0: it is not followed
};

struct HuntStart {
  Time started;
  std::vector<std::string> paths;
  std::string filter;  ///< as typed
  std::uint64_t indicators = 0;
};

inline constexpr std::size_t kGradeCount = 7;

/// "bytes", "utf-16le", "utf-16be".
std::string_view name_of(TextEncoding encoding);
std::optional<TextEncoding> encoding_from_name(std::string_view name);

/// What the lines of a file were read as.
struct FileFormat {
  std::string file;  ///< as in Sighting::file
  std::string format;
};

/// What --new has made of a file.
enum class NewsKind : std::uint8_t { kNone, kUnchanged, kContinued, kForIndicators, kWhole };
inline constexpr std::size_t kNewsKinds = 5;
/// "unchanged", "continued", "for_new_indicators", "whole"; "" of kNone.
std::string_view name_of(NewsKind kind);
std::optional<NewsKind> news_from_name(std::string_view name);

/// What of a content an earlier hunt has hunted.
struct EarlierHunt {
  std::uint64_t upto = 0;       ///< bytes of the content, from its begin
  std::int64_t generation = 0;  ///< of the store that its indicators are from
};

/// Which part of which content the passes of a following hunt have gone through so far. A
/// content is known by a number of this run, whatever files hold it: one that was renamed,
/// copied or compressed has the same, one that is written over an old one another.
struct FollowedPart {
  std::uint64_t content = 0;  ///< from 1
  /// The pass that the part began with. Passes that do not join make parts of their own.
  std::uint64_t number = 0;
  std::uint64_t began = 0;  ///< where its last pass began; bytes from there on were read again
  std::uint64_t settled = 0;  ///< lines before this have ended; the rest is read again some day
  /// That pass was over the whole content for all indicators: what was told of it before is
  /// replaced.
  bool is_anew = false;
  /// Of a copy that went on: the content that its begin is of; else 0.
  std::uint64_t behind = 0;
};

/// What was done with one file, or with one member of an archive. Bytes close: what was decoded
/// is what was scanned and what was passed over; a file's size is what was read, what was not,
/// and what was hunted before and not read again.
struct FileAccount {
  std::string file, absolute;  ///< as in Sighting
  bool is_member = false;      ///< of an archive; its own account precedes that of the file
  bool is_rendered = false;    ///< records were, not its bytes as they are
  FileIdentity identity;       ///< of the file; empty for a member
  StreamCounters counters;     ///< of a file: the sums of its members
  std::uint64_t bytes_scanned = 0;
  std::uint64_t bytes_unread = 0;  ///< of the file's size
  std::uint64_t bytes_before = 0;  ///< of the file's size: hunted before, not read (--new)
  NewsKind news = NewsKind::kNone;
  std::optional<EarlierHunt> earlier;  ///< where `news` is not kNone or kWhole
  std::uint64_t members = 0;           ///< of an archive
  /// Of a hunt that follows its files and digests them: the account is of all passes over the
  /// part so far, each byte counted once, and takes the place of the one before.
  std::optional<FollowedPart> followed;
  /// In the receipt of such a hunt: the file that holds the content now, where that is another
  /// (a rotated log); or that none is known to.
  std::string now;
  bool gone = false;
  // Of a member, or of a file that is none:
  std::string format, decoders;
  TextEncoding encoding = TextEncoding::kBytes;
};

/// Whether the planted indicator was found (hunt/canary.h).
struct CanaryResult {
  std::uint64_t planted = 0;     ///< places where it stood; 0: none was planted
  std::uint64_t found = 0;       ///< of these
  std::uint64_t unexpected = 0;  ///< places in the planted files where it did not stand
  std::uint64_t elsewhere = 0;   ///< in what was hunted, such as the receipt of another hunt
  bool is_sound() const { return found == planted && unexpected == 0; }
};

/// How old what is looked for is, as far as the store tells.
struct Freshness {
  struct Feed {
    std::string name;
    std::optional<Time> last_run, watermark;
    std::optional<std::uint64_t> claims = {};      ///< where they were counted
    std::optional<Time> oldest = {}, newest = {};  ///< claims, where they were looked at
  };
  std::vector<Feed> feeds;
  std::optional<Time> newest_pulse;
};
/// What of it is older than this is said to be stale.
inline constexpr std::chrono::hours kStaleAfter{24 * 30};
/// A line each about what is stale at `now`: "feed 'otx': last run 45 days ago". Unescaped.
std::vector<std::string> stale_words(const Freshness& freshness, Time now);

/// The receipt of a hunt.
struct HuntTotals {
  Time started, ended;
  Grade min_grade = Grade::kMention;
  std::uint64_t indicators = 0;    ///< looked for
  std::uint64_t context_only = 0;  ///< not looked for: every source calls them context
  std::uint64_t files = 0, bytes_read = 0, bytes_decoded = 0, bytes_scanned = 0, lines = 0;
  std::uint64_t bytes_on_disk = 0;  ///< of all files that were met: read, unread and before
  std::uint64_t bytes_unread = 0;   ///< of these; each has its reason in `skips`
  std::uint64_t bytes_before = 0;   ///< of these; hunted before, not read again (--new)
  std::uint64_t bytes_skipped = 0;  ///< decoded and passed over
  std::uint64_t passes = 0;         ///< over the files: one, but where they are followed
  bool closes = true;               ///< the sums do, for each file
  CanaryResult canary;
  Freshness freshness;
  std::vector<Skip> skips;  ///< the first 10,000, names as in Sighting::file; then one a
                            ///< reason, without a name
  std::vector<FileFormat> formats;                 ///< of the first 10,000 files
  std::map<std::string, std::uint64_t> by_format;  ///< files
  bool has_window = false;                         ///< --since or --until was asked for
  std::uint64_t outside_window = 0;                ///< sightings left out because their time is
  std::uint64_t without_time = 0;  ///< sightings that were kept although they have no time
  std::uint64_t sightings = 0, sightings_new = 0;
  /// Sightings that are weak or suppressed, by what they have in common.
  std::map<std::pair<Verdict, std::string>, std::uint64_t> noise;
  std::uint64_t found = 0;                            ///< sightings that are not suppressed
  std::uint64_t indicators_seen = 0;                  ///< different ones
  std::array<std::uint64_t, kGradeCount> by_grade{};  ///< of `sightings`
  std::array<std::uint64_t, kGradeCount> below{};     ///< left out because below min_grade
  std::map<IndicatorType, std::uint64_t> by_type;
  std::uint64_t named_failures = 0;  ///< paths of the command line that could not be opened
  bool has_news = false;             ///< --new was asked for
  std::array<std::uint64_t, kNewsKinds> by_news{};  ///< files, by NewsKind
  bool interrupted = false;
  bool complete = true;  ///< nothing that was to be scanned was left out

  double seconds() const {
    return ended > started ? std::chrono::duration<double>(ended - started).count() : 0.0;
  }
  /// `hunt`: 0 found, 1 not found, 2 a named path failed, or the canary was not found.
  int exit_status() const {
    return named_failures > 0 || !canary.is_sound() ? 2 : found > 0 ? 0 : 1;
  }
};

/// Takes what a hunt finds. Called from the thread that runs the hunt, one sink after the other
/// in the order they were given. An error stops the hunt.
class FindingSink {
 public:
  virtual ~FindingSink() = default;
  virtual Status begin(const HuntStart&) { return {}; }
  /// `details[i]` belongs to `sightings[i]`. The sightings of one event are never spread over
  /// two calls (but for lines with thousands); where a call begins and ends says nothing else
  /// and differs between runs. A sink may set is_new, verdict and reason for the sinks behind
  /// it.
  virtual Status take(std::span<Sighting> sightings,
                      std::span<const FindingDetail> details) = 0;
  /// A file or member has been read; its sightings may come before and after.
  virtual Status account(const FileAccount&) { return {}; }
  /// Something was not read, or not wholly; all of them, in order. The file is named as in
  /// Sighting::file.
  virtual Status skipped(const Skip&) { return {}; }
  /// A pass over the files has ended; all that it found was taken.
  virtual Status pass_ended() { return {}; }
  virtual Status finish(const HuntTotals&) { return {}; }
};

}  // namespace spoor
