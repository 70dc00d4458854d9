// What is known in an indicator's favour: lists of what is harmless and common, one's own
// allow-list, what a source says itself, and how an event went. Plain values that the store
// keeps and `noise` judges by; they stand here because rooms of one layer do not see each
// other.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "ioc/observable.h"
#include "ioc/sighting.h"

namespace spoor {

/// How the entries of a list are compared: MISP's five kinds.
enum class ListKind : std::uint8_t { kString, kSubstring, kHostname, kCidr, kRegex };
std::string_view name_of(ListKind kind);  ///< "string", "substring", ...
std::optional<ListKind> list_kind_from_name(std::string_view name);

/// A list of harmless or common values, in the manner of MISP's warninglists.
struct WarningList {
  std::string name, description, version;
  ListKind kind = ListKind::kString;
  /// What a match makes of a sighting. kShown: it is noted as the reason and nothing is hidden.
  Verdict verdict = Verdict::kSuppressed;
  /// MISP's attribute types that the list is about; empty: all.
  std::vector<std::string> attributes;
  std::string origin;  ///< a path or URL
  std::vector<std::string> entries;
};

/// One's own word that a value is harmless here.
struct AllowEntry {
  enum class Kind : std::uint8_t {
    kValue,    ///< just this observable
    kNetwork,  ///< addresses and networks in it; `value` is a network
    kNames,    ///< the name and all below it; `value` is the name
  };
  Kind kind = Kind::kValue;
  Observable observable;  ///< type: of kValue only
  std::string reason;
  std::optional<Time> expires;
  Time added{};
};

/// What a source of claims says in an observable's favour, such as OTX's `validation` and
/// `false_positive`.
struct BenignNote {
  Observable observable;
  std::string source;   ///< "otx"
  std::string name;     ///< "whitelist", "false_positive"
  std::string message;  ///< the source's words
  std::optional<Time> noted;
};

/// How often an indicator was seen.
struct Volume {
  std::uint64_t events = 0, hosts = 0;
};

}  // namespace spoor
