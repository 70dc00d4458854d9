#include "hunt/root_facts.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "base/ascii.h"
#include "logs/host_path.h"

namespace spoor {
namespace {

constexpr std::size_t kNameBytes = 4096;

enum class Letters : bool { kExact, kAnyCase };

/// Where logs lie, by system. Folders below others of the table are none of it.
struct PlaceRow {
  std::string_view path;
  Letters letters;
};
constexpr PlaceRow kPlaces[] = {
    {"/var/log", Letters::kExact},                    // Linux, BSD, macOS by its link
    {"/var/lib/docker/containers", Letters::kExact},  // json-file logs of containers
    {"/var/adm", Letters::kExact},                    // Solaris, AIX
    {"/Library/Logs", Letters::kExact},               // macOS
    {"/Windows/System32/winevt/Logs", Letters::kAnyCase},
    {"/Windows/System32/LogFiles", Letters::kAnyCase},  // firewall, HTTPERR, old IIS
    {"/Windows/System32/dns", Letters::kAnyCase},       // debug log of the DNS server
    {"/inetpub/logs", Letters::kAnyCase},
};

/// "+01:00", "-0330", "+2", "UTC" in minutes east of UTC.
std::optional<int> zone_minutes(std::string_view text) {
  if (text == "UTC" || text == "Z") return 0;
  if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  std::string digits;
  for (const char c : text.substr(1)) {
    if (c == ':' && digits.size() == 2) continue;
    if (c < '0' || c > '9') return std::nullopt;
    digits += c;
  }
  if (digits.size() <= 2) digits += "00";
  if (digits.size() == 3) digits.insert(0, "0");
  if (digits.size() != 4) return std::nullopt;
  const int hours = std::stoi(digits.substr(0, 2)), minutes = std::stoi(digits.substr(2));
  if (hours > 15 || minutes > 59) return std::nullopt;
  return (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

}  // namespace

std::string host_of(const ForeignRoot& root) {
  for (const std::string_view file : {"/etc/hostname", "/etc/HOSTNAME"}) {
    const auto text = root.read_small(file, kNameBytes);
    if (!text) continue;
    for (std::string_view rest = *text; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      const std::string_view line = trim(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (line.empty() || line.front() == '#') continue;
      // Installed systems that were given no name say "localhost".
      if (looks_like_host(line)) return std::string(line);
      break;
    }
  }
  return {};
}

std::vector<std::string> usual_log_places(const ForeignRoot& root) {
  std::vector<std::string> places;
  std::vector<std::string> resolved;  // a link may make one of two rows
  for (const PlaceRow& row : kPlaces) {
    const std::string place = row.letters == Letters::kAnyCase
                                  ? root.find_ignoring_case(row.path)
                                  : std::string(row.path);
    if (place.empty()) continue;
    const auto path = root.resolve(place);
    if (!path || std::find(resolved.begin(), resolved.end(), *path) != resolved.end()) continue;
    resolved.push_back(*path);
    places.push_back(place);
  }
  if (places.empty()) places.emplace_back("/");
  return places;
}

Status set_zone(const std::string& text, const ForeignRoot* root, FormatSettings& formats) {
  formats.zone_given = true;
  if (const auto minutes = zone_minutes(text)) {
    formats.zone_minutes = *minutes;
    return {};
  }
  if (text.find(',') != std::string::npos) {
    const auto rule = parse_posix_zone(text);
    if (!rule) return fail(rule.error().at("'" + text + "'"));
    formats.zone = std::make_shared<const TimeZone>(TimeZone::from_rule(*rule));
    return {};
  }
  constexpr const char* kExpected =
      "expected UTC, an offset such as +01:00, or the name of a zone such as Europe/Berlin";
  if (!is_zone_name(text)) return fail("found '" + text + "', " + kExpected);
  auto zone = read_zone(text, root);
  if (!zone) return fail("found '" + text + "' (" + zone.error().message + "), " + kExpected);
  formats.zone = std::make_shared<const TimeZone>(*std::move(zone));
  return {};
}

}  // namespace spoor
