// Sources over the network: lists by URL, MISP feeds and servers, TAXII collections, the
// services of abuse.ch. Each kind is one row of a visible table (source_kinds.cpp) and one
// file. What all of them promise (reasons in README.md):
//   - Collecting twice changes nothing; a call that was stopped or killed at any moment is made
//     whole by the next one, and the store is then the same as without the trouble.
//   - What a source does not hold any more ends, dated by the source where it says when, and is
//     never deleted. Nothing ends because of a body that was cut, is a page for people, holds
//     nothing usable, or is suddenly a tenth of what it was.
//   - A watermark moves only when a walk has ended whole.
//   - Addresses are built here; the key goes to the configured origin only.
// Tested by list_source_test.cpp, misp_source_test.cpp and taxii_source_test.cpp; with the real
// program by tests/feed_faults.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "collect/collect.h"
#include "feeds/feed.h"
#include "net/transport.h"
#include "store/store.h"

namespace spoor {

struct SourceOptions {
  std::string name, kind;
  std::string url;             ///< "{key}" in it stands for the key; empty: the kind's own
  bool url_is_secret = false;  ///< the address is shown nowhere
  std::string key;             ///< sent as the kind wants it, unless the address holds it
  std::string user;        ///< with a key: HTTP basic authentication, the key is the password
  std::string header;      ///< name of the header that carries the key, instead of the kind's
  std::string format;      ///< in import_formats(); empty: the kind's own, or found by content
  ReadOptions read;        ///< what is known of the columns of a csv
  std::string collection;  ///< of TAXII: id, alias or title
  std::optional<Tlp> tlp;  ///< what all claims carry at least
  /// The list is a part of what the source holds ("of the last 30 days"): what it lacks has not
  /// ended. Nothing: as the kind has it.
  std::optional<bool> window;
  int days = 7;                      ///< of ThreatFox: how far back to ask
  int page_size = 0;                 ///< 0: the kind's own
  double rate = 0;                   ///< requests a second; 0: no limit
  bool enforce_warninglist = false;  ///< of MISP: values on its warninglists do not come
  bool full = false;                 ///< everything, whatever is known
  /// Of a MISP server: whether its index is asked for what it has deleted.
  OtxReconcile reconcile = OtxReconcile::kNever;
  bool accept_shrink = false;  ///< a list that has shrunk by more than 90 % is believed
  bool dry_run = false;        ///< nothing is written, the counts are what would be
  Quarantine quarantine = Quarantine::kApply;
  int tries = 6;
  std::chrono::seconds timeout{120};
  std::optional<std::chrono::seconds> deadline;
  std::uint64_t max_body_bytes = 512u << 20;         ///< of one reply
  std::uint64_t max_bytes = std::uint64_t{2} << 30;  ///< of a list, after decompression
  std::uint64_t commit_rows = 50'000;                ///< rows a transaction

  std::function<bool()> cancelled;
  std::function<void(std::chrono::milliseconds)> sleep;
  std::function<double()> jitter;
  /// Where readers are looked up; tests bring their own.
  const ImportFormat* (*find_format)(std::string_view) = import_format;
};

class SourceSession;

/// How a kind sends the key where nothing else is said.
enum class KeyUse : std::uint8_t { kNone, kBearer, kPlain /* the header's whole value */ };

struct SourceKind {
  std::string_view name, describe;
  std::string_view url;  ///< empty: the configuration must say it
  std::string_view format;
  std::string_view key_header;
  KeyUse key_use = KeyUse::kNone;
  bool needs_key = false, needs_collection = false;
  bool window = false;
  /// Nothing for `otx`, which collect.h collects.
  Status (*walk)(SourceSession& session) = nullptr;
};
std::span<const SourceKind> source_kinds();
const SourceKind* source_kind(std::string_view name);

/// What must be there together; an error says what is missing or wrong. Looks at no secret but
/// whether there is one.
Status check_source(const SourceOptions& options);

/// Collects until the source was seen whole, the call is stopped, or it fails. An error leaves
/// what was stored and the place of the walk; the next call goes on. One request at a time.
Result<CollectReport> collect_source(
    Store& store, Transport& transport, const Clock& clock, const SourceOptions& options,
    const std::function<void(const CollectProgress&)>& progress);

/// A collection of a TAXII server, as `spoor feeds discover` lists it.
struct TaxiiCollection {
  std::string api_root, id, alias, title, description;
  bool can_read = true;
  bool elsewhere = false;  ///< the API root is at another origin, which was not asked
};
/// `options`: url (a discovery address or an API root), the key and what belongs to it. No
/// store.
Result<std::vector<TaxiiCollection>> discover_taxii(Transport& transport, const Clock& clock,
                                                    const SourceOptions& options);

}  // namespace spoor
