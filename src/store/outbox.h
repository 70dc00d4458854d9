// The outbox: what is to be filed in another system is written here before it is tried, and
// stays until the other side has it. Kills, power cuts and systems that are away for a day cost
// time and nothing else.
//
// An entry is known by (system, key). Recording it again changes nothing unless the draft has
// changed; then it waits again. While an entry is worked on, its owner holds a lock: one byte,
// at the entry's id, of the file STORE.outbox-lock, as an open-file-description lock
// (fcntl(2), F_OFD_SETLK). The kernel lets go of it when the process ends, however it ends, so
// that no lease can outlive its owner or run out under one that was only slow. A lease with a
// time in the table was weighed and lost: it must be longer than the longest stall and shorter
// than anybody's patience.
//
// Costs a durable transaction a call. One thread at a time; any number of processes. Tested by
// outbox_test.cpp.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "base/time.h"
#include "ioc/observable.h"
#include "ioc/pulse.h"
#include "store/sqlite.h"

namespace spoor {

enum class OutboxState : std::uint8_t { kWaiting = 1, kFiled = 2, kRefused = 3 };
std::string_view name_of(OutboxState state);  ///< "waiting", "filed", "refused"

/// What is to be recorded.
struct OutboxDraft {
  std::string system;  ///< of the configuration
  std::string key;     ///< what makes it the same thing again
  std::string title;
  Tlp tlp = Tlp::kAmber;
  std::string draft;  ///< opaque here
};

/// Something the other side would not take while it took the rest.
struct OutboxRefusal {
  std::string what;
  std::string words;  ///< the other side's, cut; foreign text
};

struct OutboxEntry {
  std::int64_t id = 0;
  std::string system, key, title;
  Tlp tlp = Tlp::kAmber;
  std::string draft;
  Digest128 digest;
  OutboxState state = OutboxState::kWaiting;
  std::int64_t tries = 0;
  std::string remote;   ///< what the other side calls it; opaque here
  std::string message;  ///< why it waits or was refused; foreign text
  std::string verdict;  ///< what the other side found, "" unknown
  Time recorded{};
  std::optional<Time> filed;
};

struct OutboxCounts {
  std::uint64_t added = 0, changed = 0, same = 0;
};

/// An entry and the lock on it, until dropped.
class OutboxClaim {
 public:
  OutboxClaim(OutboxClaim&& other) noexcept
      : entry(std::move(other.entry)), file_(std::exchange(other.file_, -1)) {}
  OutboxClaim& operator=(OutboxClaim&& other) noexcept {
    std::swap(entry, other.entry);
    std::swap(file_, other.file_);
    return *this;
  }
  OutboxClaim(const OutboxClaim&) = delete;
  OutboxClaim& operator=(const OutboxClaim&) = delete;
  ~OutboxClaim();
  OutboxEntry entry;

 private:
  friend class Outbox;
  OutboxClaim(OutboxEntry claimed, int file) : entry(std::move(claimed)), file_(file) {}
  int file_;
};

struct AllowProposal {
  Observable observable;
  std::string reason;
  Time proposed{};
};

class Outbox {
 public:
  /// `store`: the path of a store that Store::open() has brought up to date.
  static Result<std::unique_ptr<Outbox>> open(const std::string& store);

  /// One durable transaction. A filed or refused entry whose draft has changed waits again.
  Result<OutboxCounts> record(std::span<const OutboxDraft> drafts, Time now);

  /// The first waiting entry of `system` with an id above `after` that nobody works on; it is
  /// locked, and `tries` is counted up. Nothing where there is none; `busy` then says how many
  /// others hold.
  Result<std::optional<OutboxClaim>> claim(std::string_view system, std::int64_t after,
                                           std::uint64_t& busy);
  /// What became of it. filed() leaves an entry waiting whose draft has changed meanwhile.
  Status filed(const OutboxClaim& claim, std::string_view remote,
               std::span<const OutboxRefusal> refusals, Time now);
  Status later(const OutboxClaim& claim, std::string_view why);
  Status refused(const OutboxClaim& claim, std::string_view why);
  /// What the other side calls it, as soon as that is known: survives a kill in the middle.
  Status set_remote(const OutboxClaim& claim, std::string_view remote);

  /// Refused entries, and filed ones of which something was refused, wait again; how many.
  Result<std::uint64_t> retry(std::string_view system);

  /// In order of id; `system` "" for all. Drafts are left out ("") unless asked for.
  enum class Drafts : std::uint8_t { kLeaveOut, kRead };
  Status for_each(std::string_view system, Drafts drafts,
                  const std::function<void(const OutboxEntry&)>& visit) const;
  Result<std::vector<OutboxRefusal>> refusals_of(std::int64_t entry) const;

  Status set_verdict(std::int64_t entry, std::string_view verdict);
  /// False where the proposal is there already.
  Result<bool> propose(const AllowProposal& proposal);
  Result<std::vector<AllowProposal>> proposals() const;

 private:
  Outbox(Database database, std::string lock_path)
      : database_(std::move(database)), lock_path_(std::move(lock_path)) {}
  /// The locked file, or nothing where another holds the entry.
  Result<std::optional<int>> lock(std::int64_t entry) const;
  Status finish(const OutboxClaim& claim, OutboxState state, std::string_view why,
                std::string_view what);

  Database database_;
  std::string lock_path_;
};

}  // namespace spoor
