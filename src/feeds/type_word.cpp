// See type_word.h. A word that is a type is never looked up as a family.
// Tested by formats_test.cpp.

#include "feeds/type_word.h"

#include <string>

#include "base/ascii.h"

namespace spoor {
namespace {

struct FamilyRow {
  std::string_view word;  ///< lower-case, letters, digits and '|' only
  TypeFamily family;
};

constexpr FamilyRow kFamilies[] = {
    {"ip", TypeFamily::kAddress},         {"ips", TypeFamily::kAddress},
    {"ipaddr", TypeFamily::kAddress},     {"ipaddress", TypeFamily::kAddress},
    {"address", TypeFamily::kAddress},    {"addr", TypeFamily::kAddress},
    {"inteladdr", TypeFamily::kAddress},  {"dstip", TypeFamily::kAddress},
    {"srcip", TypeFamily::kAddress},      {"ipport", TypeFamily::kAddress},
    {"ip|port", TypeFamily::kAddress},    {"endpoint", TypeFamily::kAddress},
    {"network", TypeFamily::kAddress},    {"subnet", TypeFamily::kAddress},
    {"hash", TypeFamily::kHash},          {"hashes", TypeFamily::kHash},
    {"filehash", TypeFamily::kHash},      {"filehashes", TypeFamily::kHash},
    {"intelfilehash", TypeFamily::kHash}, {"digest", TypeFamily::kHash},
    {"checksum", TypeFamily::kHash},      {"file", TypeFamily::kFile},
    {"files", TypeFamily::kFile},         {"sample", TypeFamily::kFile},
    {"malwaresample", TypeFamily::kFile}, {"host", TypeFamily::kHost},
    {"hosts", TypeFamily::kHost},
};

constexpr std::size_t kLongestWord = 40;

}  // namespace

TypeWord understand_type(std::string_view word) {
  if (word.empty() || word.size() > kLongestWord) return {};
  TypeWord result;
  result.type = type_from_name(word);
  if (result.type) return result;
  std::string plain;
  for (char c : word) {
    if (is_alnum(c) || c == '|') plain += to_lower(c);
  }
  for (const FamilyRow& row : kFamilies) {
    if (row.word == plain) result.family = row.family;
  }
  return result;
}

}  // namespace spoor
