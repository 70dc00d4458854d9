// Type words and the way from a row to a claim. Words of one feed mostly repeat, so the last
// answer is kept. Tested by import_test.cpp.

#include "collect/judge.h"

#include <utility>

#include "base/ascii.h"
#include "base/hash.h"
#include "feeds/feed.h"
#include "feeds/text.h"
#include "ioc/canonical.h"
#include "ioc/domain.h"
#include "ioc/guard.h"

namespace spoor {
namespace {

/// Types that a value shows by itself: what an unknown type word is allowed to turn out as.
/// File names, mutexes and pipes are not among them, since any word may be one.
bool speaks_for_itself(IndicatorType type) {
  switch (type) {
    case IndicatorType::kIpv4:
    case IndicatorType::kIpv6:
    case IndicatorType::kCidr:
    case IndicatorType::kIpv4Port:
    case IndicatorType::kIpv6Port:
    case IndicatorType::kDomain:
    case IndicatorType::kHostname:
    case IndicatorType::kUrl:
    case IndicatorType::kEmail:
    case IndicatorType::kMd5:
    case IndicatorType::kSha1:
    case IndicatorType::kSha256:
    case IndicatorType::kSha384:
    case IndicatorType::kSha512:
    case IndicatorType::kCve:
    case IndicatorType::kBitcoinAddress:
    case IndicatorType::kRegistryKey:
    case IndicatorType::kFilePath:
      return true;
    default:
      return false;
  }
}

/// Whether an observable of `type` is what a word for `family` means.
bool fits(TypeFamily family, IndicatorType type) {
  const bool address = type == IndicatorType::kIpv4 || type == IndicatorType::kIpv6 ||
                       type == IndicatorType::kCidr || type == IndicatorType::kIpv4Port ||
                       type == IndicatorType::kIpv6Port;
  const bool hash = type == IndicatorType::kMd5 || type == IndicatorType::kSha1 ||
                    type == IndicatorType::kSha256 || type == IndicatorType::kSha384 ||
                    type == IndicatorType::kSha512;
  switch (family) {
    case TypeFamily::kAddress:
      return address;
    case TypeFamily::kHash:
      return hash;
    case TypeFamily::kFile:
      return hash || type == IndicatorType::kFilePath || type == IndicatorType::kFileName;
    case TypeFamily::kHost:
    case TypeFamily::kNone:
      return false;
  }
  return false;
}

/// How an unknown type word is told: the word itself where it looks like one.
std::string unknown_type(std::string_view word) {
  constexpr std::size_t kShownBytes = 40;
  const bool is_word =
      word.size() <= kShownBytes && std::all_of(word.begin(), word.end(), [](char c) {
        return is_alnum(c) || c == '-' || c == '_' || c == ':' || c == ' ';
      });
  return is_word ? "type word '" + std::string(word) + "' not known" : "type word not known";
}

/// A name as a host: `domain` where the public suffix list says that it is its own, else
/// `hostname`.
OrRefusal<Canonical> canonical_host(std::string_view value) {
  auto result = canonicalize(IndicatorType::kDomain, value);
  if (!result) return result;
  if (result->observable.type == IndicatorType::kDomain) {
    const std::string& name = result->observable.value;
    const auto registrable = registrable_domain(name);
    if (registrable && *registrable != name && !is_shared_host(name)) {
      result->observable.type = IndicatorType::kHostname;
    }
  } else {
    result->notes.clear();  // "an address, not a name": a host may be one
  }
  return result;
}

}  // namespace

bool BoundedTally::fits(std::string_view rule, std::string_view reason) {
  const std::uint64_t key = xxh3_64(reason) ^ xxh3_64(rule) * 0x9E3779B97F4A7C15u;
  if (reasons_.count(key) != 0) return true;
  if (reasons_.size() >= kMostReasons) return false;
  reasons_.insert(key);
  return true;
}

void BoundedTally::add(const std::string& rule, const std::string& reason,
                       std::string_view where, std::string_view value) {
  if (fits(rule, reason)) {
    tally_.add(rule, reason, where, value);
  } else {
    tally_.add(rule.substr(0, 8), "other reasons", where, value);
  }
}

void BoundedTally::merge(const Tally& other) {
  Tally passed;
  for (const Tally::Entry& entry : other.entries()) {
    const bool known = fits(entry.rule, entry.reason);
    std::uint64_t left = entry.count;
    for (const Tally::Example& example : entry.examples) {
      if (left == 0) break;
      passed.add(entry.rule, known ? std::string_view(entry.reason) : "other reasons",
                 example.where, example.value, 1);
      --left;
    }
    if (left > 0) {
      const Tally::Example none;
      const Tally::Example& example = entry.examples.empty() ? none : entry.examples.front();
      passed.add(entry.rule, known ? std::string_view(entry.reason) : "other reasons",
                 example.where, example.value, left);
    }
  }
  tally_.merge(passed);
}

OrRefusal<Canonical> Judge::canonical(const RawIndicator& row, const char*& note) {
  if (row.type.empty()) return infer(row.value);
  if (row.type != last_word_) {
    last_ = understand_type(row.type);
    last_word_ = row.type;
  }
  if (last_.type) return canonicalize(*last_.type, row.value);
  if (last_.family == TypeFamily::kHost) return canonical_host(row.value);
  auto result = infer(row.value);
  if (!result) {
    if (last_.family != TypeFamily::kNone) return result;
    Refusal refusal = result.error();
    refusal.reason = unknown_type(row.type) + "; " + refusal.reason;
    return tl::make_unexpected(std::move(refusal));
  }
  const IndicatorType type = result->observable.type;
  if (fits(last_.family, type)) return result;
  // A command line holds a path and is none.
  const bool path_within =
      type == IndicatorType::kFilePath && look_of(row.value) != Look::kPath;
  if (!speaks_for_itself(type) || path_within) {
    return tl::make_unexpected(
        Refusal{"S2", last_.family == TypeFamily::kNone
                          ? unknown_type(row.type) + ", and the value does not show its type"
                          : std::string("the value is not of the type that its feed names")});
  }
  note = last_.family == TypeFamily::kNone
             ? "type word not known: the type was told by the value"
             : "the type word does not fit: the type was told by the value";
  return result;
}

void Judge::merge(const Judge& other) {
  rows += other.rows;
  accepted += other.accepted;
  refused.merge(other.refused.tally());
  quarantined.merge(other.quarantined.tally());
  notes.merge(other.notes.tally());
}

std::optional<Claim> Judge::judge(RawIndicator&& row) {
  ++rows;
  const char* note_on_type = nullptr;
  OrRefusal<Canonical> canonical = this->canonical(row, note_on_type);
  if (!canonical) {
    refused.add(canonical.error().rule, canonical.error().reason, row.where,
                row.type.empty() ? row.value : row.type + " " + row.value);
    return std::nullopt;
  }
  if (note_on_type != nullptr)
    notes.add("S2", note_on_type, row.where, row.type + " " + row.value);
  for (const Refusal& note : canonical->notes)
    notes.add(note.rule, note.reason, row.where, row.value);

  Claim claim;
  if (quarantine_ == Quarantine::kApply) {
    if (auto reason = quarantine_reason(canonical->observable)) {
      quarantined.add(reason->rule, reason->reason, row.where, row.value);
      claim.quarantine = reason->rule.empty() ? std::move(reason->reason)
                                              : reason->rule + ": " + reason->reason;
    }
  }
  claim.observable = std::move(canonical->observable);
  claim.raw = std::move(row.value);
  claim.role = std::move(row.role);
  claim.title = std::move(row.title);
  claim.description = std::move(row.description);
  claim.content = std::move(row.content);
  claim.created = row.created;
  claim.expiration = row.expiration;
  claim.active = row.active;
  claim.source_id = row.source_id;
  claim.facts = std::move(row.facts);
  ++accepted;
  return claim;
}

}  // namespace spoor
