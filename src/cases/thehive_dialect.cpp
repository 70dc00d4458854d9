#include "cases/thehive_dialect.h"

#include "base/ascii.h"

namespace spoor {
namespace {

// 256 kB are what TheHive 4 takes (play.http.parser.maxMemoryBuffer); what 5 takes is not
// documented. A title of TheHive 5 has at most 512 characters, a tag 128.
constexpr std::size_t kBody = 200'000;

// clang-format off
constexpr TheHiveDialect kDialects[] = {
    // name, base, query, created, alert, case, promote, merge, custom fields, sighted,
    //   by name, tasks at promotion, tasks by case, +tags, ttp, files, types of 5, TLP strict and red, limits
    {"3-v0", "/api", false, "artifacts", "", "artifact", "createCase", "/api", "customFields", "",
     false, false, true, false, false, false, false, 2, 3, 512, 128, kBody},
    {"4-v0", "/api", false, "artifacts", "artifact", "artifact", "createCase", "/api", "customFields", "/case/artifact/_bulk",
     true, false, true, false, false, false, false, 2, 3, 512, 128, kBody},
    {"4-v1", "/api/v1", true, "", "artifact", "observable", "case", "/api", "customFieldValue", "/observable/_bulk",
     true, false, false, false, false, false, false, 2, 3, 512, 128, kBody},
    {"5-v0", "/api", false, "artifacts", "artifact", "artifact", "createCase", "/api", "customFields", "/case/artifact/_bulk",
     true, false, true, false, false, false, true, 3, 4, 512, 128, kBody},
    {"5.0-v1", "/api/v1", true, "observables", "observable", "observable", "case", "/api/v1", "customFields", "/observable/_bulk",
     true, true, true, true, true, true, true, 2, 3, 512, 128, kBody},
    {"5.2-v1", "/api/v1", true, "observables", "observable", "observable", "case", "/api/v1", "customFields", "/observable/_bulk",
     true, true, true, true, true, true, true, 3, 4, 512, 128, kBody},
};
// clang-format on

}  // namespace

std::span<const TheHiveDialect> thehive_dialects() {
  return kDialects;
}

const TheHiveDialect* thehive_dialect(std::string_view version, std::string_view api) {
  int major = 0, minor = 0;
  std::size_t at = 0;
  while (at < version.size() && is_digit(version[at]) && major < 1000)
    major = major * 10 + (version[at++] - '0');
  if (at < version.size() && version[at] == '.') ++at;
  while (at < version.size() && is_digit(version[at]) && minor < 1000)
    minor = minor * 10 + (version[at++] - '0');
  if (major < 3) return nullptr;
  if (major == 3) return api == "v1" ? nullptr : &kDialects[0];
  if (major == 4) return api == "v1" ? &kDialects[2] : &kDialects[1];
  // TheHive 5 still answers v0, as 4 did.
  if (api == "v0") return major == 5 && minor < 2 ? &kDialects[1] : &kDialects[3];
  return major == 5 && minor < 2 ? &kDialects[4] : &kDialects[5];
}

int tlp_number(const TheHiveDialect& dialect, Tlp tlp) {
  switch (tlp) {
    case Tlp::kClear:
      return 0;
    case Tlp::kGreen:
      return 1;
    case Tlp::kAmber:
      return 2;
    case Tlp::kAmberStrict:
      // Where there is no amber+strict, the stricter neighbour: too strict can be mended.
      return dialect.tlp_strict == 2 ? dialect.tlp_red : dialect.tlp_strict;
    case Tlp::kRed:
      return dialect.tlp_red;
  }
  return dialect.tlp_red;
}

Tlp tlp_of_number(const TheHiveDialect& dialect, std::int64_t number) {
  if (number >= dialect.tlp_red) return Tlp::kRed;
  if (number <= 0) return Tlp::kClear;
  if (number == 1) return Tlp::kGreen;
  return number == 3 ? Tlp::kAmberStrict : Tlp::kAmber;
}

std::string_view data_type_of(const TheHiveDialect& dialect, IndicatorType type) {
  const TypeRow& row = row_of(type);
  return dialect.hive5_types ? row.thehive5 : row.thehive4;
}

}  // namespace spoor
