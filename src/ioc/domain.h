// Domain names: canonical form (D1) by UTS 46 through ICU (uidna_openUTS46, non-transitional;
// hyphen errors ignored because real names have them), ASCII names lower-cased and
// length-checked only; public suffixes through libpsl; and one table of shared-hosting names
// that the list lacks, with a reason per row (D6). Tested by domain_test.cpp.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ioc/canonical.h"

namespace spoor {

struct DomainName {
  std::string ascii;    ///< A-labels, lower-case, no trailing dot, no leading "*."
  bool mapped = false;  ///< UTS 46 had to work: the text had non-ASCII (S4: equivalent)
};

/// D1. Refuses empty labels, labels over 63 and names over 253 bytes, characters other than
/// letters, digits, '-', '_' after mapping. A single label passes (guards decide). `text` is
/// UTF-8.
OrRefusal<DomainName> canonical_domain(std::string_view text);

/// All of these take canonical ASCII names; thread-safe; no allocation for plain answers.
bool is_public_suffix(std::string_view name);
/// "b.co.uk" of "a.b.co.uk"; nothing for a public suffix or a single label.
std::optional<std::string_view> registrable_domain(std::string_view name);

/// Whether the last label of `name` is in the list of public suffixes, so that the name can be
/// one of the Internet's and not a word with a dot in it; documentation's "example" counts.
bool has_listed_suffix(std::string_view name);

struct SharedHostRow {
  std::string_view name;
  std::string_view reason;
};
std::span<const SharedHostRow> shared_hosts();
bool is_shared_host(std::string_view name);
/// D6: whether a domain indicator of this name also covers the names below it.
inline bool covers_subdomains(std::string_view name) {
  return !is_public_suffix(name) && !is_shared_host(name);
}

}  // namespace spoor
