// What the kinds of sources share in one call: the client with the key, the store's session,
// the judge, the report, and the one way in which a document becomes claims. Tested with the
// kinds.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collect/judge.h"
#include "collect/source.h"
#include "feeds/web_client.h"
#include "net/json.h"

namespace spoor {

/// The client that `options` ask for: address, key, patience. `say` is told of pauses.
Result<WebClient> make_source_client(Transport& transport, const Clock& clock,
                                     const SourceOptions& options, const SourceKind& kind,
                                     std::function<void(std::string)> say);
/// The address with the key in its place; without "/" at its end where `folder`.
std::string source_url(const SourceOptions& options, const SourceKind& kind);
std::string source_folder(const SourceOptions& options, const SourceKind& kind);

class SourceSession {
 public:
  SourceSession(Store& store, Transport& transport, const Clock& clock,
                const SourceOptions& options, const SourceKind& kind,
                const std::function<void(const CollectProgress&)>& progress);

  /// Reads where the feed stands, begins to write.
  Status open();

  /// What a document came to.
  struct Read {
    std::vector<std::string> pulses;  ///< their ids
    std::uint64_t rows = 0;           ///< judged or damaged
    std::uint64_t accepted = 0;
    bool incomplete = false;  ///< it was cut: what was good is written
  };
  /// Reads, judges, writes. `format`: a name, or "" to find it by content; `name` begins
  /// messages and may tell the format by its ending. An error: nothing could be read, the store
  /// failed, or the call was stopped (then `stopped()`).
  Result<Read> take(std::string bytes, const std::string& name, std::string_view format);

  /// The lists of pulses in a document are parts of what the pulses hold: what they lack does
  /// not end.
  bool partial_pulses = false;
  /// Asked before a transaction in the middle of a document: false holds it back.
  std::function<bool()> may_commit;

  Status end_pulse(const std::string& id, std::optional<Time> when);
  /// See Ingest::end_unseen.
  Status end_unseen(std::optional<Time> when);

  /// Of this call; a dry run counts what it has dropped.
  IngestCounts counts() const;
  /// The place and the memory with what was written since, as one transaction; in a dry run all
  /// of it is dropped.
  Status commit();
  /// The last commit() of a source that was seen whole: report.whole.
  Status finish();
  /// The call is over before its time.
  void stop(const std::string& why);

  /// Pulses of the feed that are not gone; those of this call included.
  Result<std::uint64_t> pulses_held();
  /// All that the feed has ever shown, in order of their ids.
  Status for_each_pulse(const std::function<void(const FeedPulse&)>& visit);

  void say(std::string message);
  /// Whether what is remembered of the last call still answers the question: the same address,
  /// format and terms, and nothing asks for more.
  bool may_skip(std::string_view remembered_question) const;
  /// A digest of everything that changes what claims come of the same bytes.
  std::string question() const;
  /// A date of the source, unless it lies in the future.
  std::optional<Time> believed(std::optional<Time> date) const;

  const Clock& clock;
  const SourceOptions& options;
  const SourceKind& kind;
  std::optional<WebClient> client;
  std::unique_ptr<Ingest> ingest;
  Judge judge;
  CollectReport report;
  std::optional<FeedState> state;  ///< before the call
  std::optional<Time> watermark;
  std::string walk, memory;        ///< as stored
  std::uint64_t pulse_claims = 0;  ///< claims of pulses that were written
  const Time start;

 private:
  Status take_page(Page&& page, Read& read);
  Status store_pulse(Pulse& pulse, Read& read);
  void judge_all(std::vector<RawIndicator>& rows);
  Status keep_place();

  Store& store_;
  Transport& transport_;
  const std::function<void(const CollectProgress&)>& progress_;
  std::vector<Claim> claims_;
  std::uint64_t uncommitted_ = 0;
  IngestCounts dropped_;  ///< in a dry run
};

}  // namespace spoor
