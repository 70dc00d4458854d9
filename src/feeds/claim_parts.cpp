// See claim_parts.h. Tested by misp_test.cpp, stix_test.cpp, openioc_test.cpp.

#include "feeds/claim_parts.h"

#include <algorithm>

#include "base/ascii.h"
#include "feeds/text.h"

namespace spoor {
namespace {

constexpr std::size_t kLongestValueName = 255;
constexpr std::size_t kMostJoined = 256;
constexpr std::size_t kMostValueNames = 16;

/// "C:\x" and "y.exe" -> "C:\x\y.exe".
std::string path_of(std::string_view folder, std::string_view name) {
  std::string path(folder);
  const char separator =
      folder.find('\\') == std::string_view::npos && folder.find('/') != std::string_view::npos
          ? '/'
          : '\\';
  if (!path.empty() && path.back() != '/' && path.back() != '\\') path += separator;
  path += name;
  return path;
}

/// The claims of one group.
void claims_of_group(std::vector<PatternFact>& facts, std::vector<ClaimPart>& claims) {
  using Kind = PatternFact::Kind;
  const auto all = [&](Kind kind) {
    std::vector<const PatternFact*> found;
    for (const PatternFact& fact : facts) {
      if (fact.kind == kind && found.size() < kMostJoined) found.push_back(&fact);
    }
    return found;
  };
  const auto ports = all(Kind::kPort);
  const auto folders = all(Kind::kFolder);
  const auto names = all(Kind::kValueName);
  bool named = false;  // a folder is part of a path
  for (const PatternFact& fact : facts) named = named || fact.type == "FileName";
  if (!named) {
    for (const PatternFact* folder : folders) {
      if (file_word(folder->value) != "FilePath") continue;  // a part of a path
      claims.push_back({"FilePath", folder->value, true, {}, folder->line});
    }
  }
  const bool digest = !all(Kind::kDigest).empty();
  // Several of one kind may be alternatives within the group: all pairs would be a guess.
  const bool one_port = ports.size() == 1;
  const bool one_folder = folders.size() == 1;
  for (PatternFact& fact : facts) {
    switch (fact.kind) {
      case Kind::kPort:
      case Kind::kFolder:
      case Kind::kValueName:
        continue;
      case Kind::kDigest:
      case Kind::kStrong: {
        const bool address = fact.type == "ip" ||
                             (fact.type == kHostWord && look_of(fact.value) == Look::kAddress);
        if (one_port && address) {
          claims.push_back(
              {"ip", endpoint_of(fact.value, ports.front()->value), false, {}, fact.line});
        } else {
          claims.push_back({fact.type, std::move(fact.value), false, {}, fact.line});
        }
        continue;
      }
      case Kind::kWeak:
        break;
    }
    if (fact.type == "RegistryKey" && !names.empty() && names.size() <= kMostValueNames) {
      for (const PatternFact* name : names) {
        std::string joined = registry_value_of(fact.value, name->value);
        if (!joined.empty())
          claims.push_back({fact.type, std::move(joined), false, {}, fact.line});
      }
      claims.push_back({fact.type, std::move(fact.value), true, {}, fact.line});
      continue;
    }
    if (one_folder && fact.type == "FileName") {
      claims.push_back(
          {"FilePath", path_of(folders.front()->value, fact.value), digest, {}, fact.line});
      continue;
    }
    claims.push_back({fact.type, std::move(fact.value), digest || fact.joint, {}, fact.line});
  }
}

}  // namespace

std::string_view file_word(std::string_view value) {
  return value.find_first_of("\\/") == std::string_view::npos ? "FileName" : "FilePath";
}

std::string endpoint_of(std::string_view address, std::string_view port) {
  std::string text;
  const bool bare_v6 =
      std::count(address.begin(), address.end(), ':') >= 2 && address.front() != '[';
  if (bare_v6) text += '[';
  text += address;
  if (bare_v6) text += ']';
  text += ':';
  text += port;
  return text;
}

std::string registry_value_of(std::string_view key, std::string_view name) {
  name = trim(name);
  if (name.empty() || name.size() > kLongestValueName) return {};
  if (name.find_first_of("\\/:\r\n\"") != std::string_view::npos) return {};
  std::string text(trim(key));
  while (!text.empty() && text.back() == '\\') text.pop_back();
  if (text.empty()) return {};
  text += '\\';
  text += name;
  return text;
}

std::string_view yara_rule_name(std::string_view source) {
  for (std::size_t at = source.find("rule"); at != std::string_view::npos;
       at = source.find("rule", at + 1)) {
    if (at > 0 && !is_space(source[at - 1])) continue;
    std::size_t begin = at + 4;
    if (begin >= source.size() || !is_space(source[begin])) continue;
    while (begin < source.size() && is_space(source[begin])) ++begin;
    std::size_t end = begin;
    while (end < source.size() && (is_alnum(source[end]) || source[end] == '_')) ++end;
    std::size_t next = end;
    while (next < source.size() && is_space(source[next])) ++next;
    if (end > begin && end - begin <= 128 && next < source.size() &&
        (source[next] == '{' || source[next] == ':')) {
      return source.substr(begin, end - begin);
    }
  }
  return {};
}

std::vector<ClaimPart> claims_of(std::vector<PatternFact> facts) {
  std::stable_sort(facts.begin(), facts.end(), [](const PatternFact& a, const PatternFact& b) {
    return a.group < b.group;
  });
  std::vector<ClaimPart> claims;
  std::vector<PatternFact> group;
  for (std::size_t at = 0; at < facts.size();) {
    const int number = facts[at].group;
    group.clear();
    while (at < facts.size() && facts[at].group == number)
      group.push_back(std::move(facts[at++]));
    claims_of_group(group, claims);
  }
  return claims;
}

void order_rows(std::vector<RawIndicator>& rows) {
  const auto rank = [](const RawIndicator& row) {
    return row.active && row.facts.detect ? 0 : row.active ? 1 : 2;
  };
  std::stable_sort(rows.begin(), rows.end(), [&](const RawIndicator& a, const RawIndicator& b) {
    return rank(a) < rank(b);
  });
}

}  // namespace spoor
