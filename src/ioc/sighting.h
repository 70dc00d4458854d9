// A sighting: an observable that matches indicators, at a place, with the rule and the grade
// that decided.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/time.h"
#include "ioc/observable.h"

namespace spoor {

/// S4, weakest first, so that std::max is the stronger one.
enum class Grade : std::uint8_t {
  kNone,
  kWeak,
  kMention,
  kDerived,
  kContains,
  kEquivalent,
  kExact
};
std::string_view name_of(Grade grade);                        ///< "exact", ..., "none"
std::optional<Grade> grade_from_name(std::string_view name);  ///< case-blind

/// One decode view (S3). A chain of them, outermost first, is part of a hit.
enum class ViewKind : std::uint8_t {
  kJson,
  kPercent,
  kQp,
  kHtml,
  kEscape,
  kUtf16le,
  kUtf16be,
  kDns,
  kDefang
};
std::string_view name_of(ViewKind view);  ///< "json", "percent", ...

/// How the text of a source is coded, found by `io`.
enum class TextEncoding : std::uint8_t { kBytes, kUtf16le, kUtf16be };

/// What a marked field of a record means (S7): given by a record format, empty in the raw pass.
enum class FieldRole : std::uint8_t {
  kOther,
  kDomain,
  kAddress,
  kPort,
  kUrl,
  kUriPath,
  kHost,
  kUserAgent,
  kVersion,
  kPath,
  kHash
};

/// Bytes [begin, end) of the scanned text are a field; fields with the same pair_group (not 0)
/// belong together.
struct FieldMark {
  std::size_t begin = 0, end = 0;
  FieldRole role = FieldRole::kOther;
  std::uint16_t pair_group = 0;
};

enum class Verdict : std::uint8_t { kShown, kWeak, kSuppressed };
std::string_view name_of(Verdict verdict);  ///< "shown", "weak", "suppressed"
std::optional<Verdict> verdict_from_name(std::string_view name);  ///< case-blind

/// What text for people leaves out, unless it is asked for: suppressed, or weak for another
/// reason than its grade.
constexpr bool is_noise(Verdict verdict, Grade grade) {
  return verdict == Verdict::kSuppressed ||
         (verdict == Verdict::kWeak && grade != Grade::kWeak);
}

/// Which way an event went, as far as it says so and the match is one of its ends.
enum class Flow : std::uint8_t {
  kUnknown,
  kInbound,         ///< the indicator came to us
  kInboundBlocked,  ///< and was kept out
  kOutbound,        ///< one of ours went to the indicator
  kOutboundBlocked,
  kAnswered,  ///< one of ours asked for the name and got an answer
};
std::string_view name_of(Flow flow);  ///< "inbound", "inbound blocked", ..., "" for kUnknown

/// Row of a hunt in the store.
enum class HuntId : std::int64_t {};

struct Sighting {
  ObservableId observable_id{};
  Observable observable;
  // The place.
  std::string
      file;  ///< as typed, members joined by '!' ('!' in a name %21, '%' %25); may not be UTF-8
  std::string absolute_path;  ///< link-free and absolute, with members: part of the identity
  std::uint64_t line = 0;     ///< from 1
  std::uint64_t event_offset = 0;  ///< first byte of the event: part of the identity
  Digest128 event_digest;    ///< XXH3-128 of the event's first 4 KiB: part of the identity
  std::uint64_t offset = 0;  ///< first byte of the match, after decompression
  std::uint64_t length = 0;  ///< bytes
  std::string match;         ///< the bytes as they stand in the text
  TextEncoding encoding = TextEncoding::kBytes;
  // The judgement.
  Grade grade = Grade::kNone;
  std::string rule;  ///< rule id of docs/semantics.md
  std::vector<ViewKind> views;
  Verdict verdict = Verdict::kShown;
  std::string reason;
  Flow flow = Flow::kUnknown;
  std::string host;          ///< that the event happened on; "" where it does not say
  std::optional<Time> time;  ///< of the event
  bool time_has_clock = true;
  std::optional<bool> live;  ///< whether a claim was live at `time`
  // The line, for people: bytes of the event (cut to 4 KiB round the match) and where the match
  // stands in it.
  std::string event_text;
  std::size_t match_begin = 0, match_end = 0;
  bool is_new = false;  ///< not stored before
};

}  // namespace spoor
