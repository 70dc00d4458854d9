// What a value of a report format comes to: the parts of a pair, and which part alone would say
// too much. A file name that stands beside a digest, a registry key beside the value set in it,
// a name that counts only together with a size: alone they are met on every machine. They are
// kept, as context that is not searched for (facts.detect). Used by the readers of MISP, STIX
// and OpenIOC. Tested by misp_test.cpp, stix_test.cpp, openioc_test.cpp.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ioc/pulse.h"

namespace spoor {

struct ClaimPart {
  std::string_view type;  ///< a word of ioc/type.h or feeds/type_word.h; static
  std::string value;
  bool context = false;  ///< not to be searched for
  std::string content = {};
  std::uint64_t line = 0;  ///< of the fact it came from; 0: not told
};

/// "FilePath" where `value` has a separator of folders, else "FileName".
std::string_view file_word(std::string_view value);

/// Address and port as one value: "192.0.2.7:443", "[2001:db8::7]:443".
std::string endpoint_of(std::string_view address, std::string_view port);

/// A key and the name of a value in it as Windows logs write them, `key\name`; "" where `name`
/// is no name (data, a path, several lines).
std::string registry_value_of(std::string_view key, std::string_view name);

/// The name of the first rule in YARA source; "" where there is none.
std::string_view yara_rule_name(std::string_view source);

/// One comparison of a pattern: a fact that an event may show.
struct PatternFact {
  enum class Kind : std::uint8_t {
    kStrong,    ///< says enough alone: addresses, names, digests, URLs, e-mail
    kDigest,    ///< strong, and makes the names of its file context
    kWeak,      ///< says enough only if nothing else is asked for
    kPort,      ///< joins the addresses of its group
    kFolder,    ///< joins the file names of its group
    kValueName  ///< joins the registry keys of its group
  };
  Kind kind = Kind::kStrong;
  std::string_view type;
  std::string value;
  int group = 0;       ///< facts of one conjunction have the same number
  bool joint = false;  ///< something else must hold too
  std::uint64_t line = 0;
};

/// The claims that `facts` come to: ports joined to addresses, folders to names; weak facts of
/// a conjunction, and names beside digests, as context. O(facts^2) within a group at most of
/// 256, else O(facts).
std::vector<ClaimPart> claims_of(std::vector<PatternFact> facts);

/// Searched claims before context, so that where a value stands twice the claim counts that
/// searches for it (a store keeps the first of a pulse).
void order_rows(std::vector<RawIndicator>& rows);

}  // namespace spoor
