#include "io/zone_file.h"

#include <algorithm>

#include "base/ascii.h"

namespace spoor {
namespace {

constexpr std::size_t kZoneBytes = 64 << 10;  // the largest of tzdata has 4 KiB
constexpr std::string_view kDatabase = "/usr/share/zoneinfo/";

/// The first line that says something.
std::string first_line(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, end));
    if (!line.empty() && line.front() != '#') return std::string(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

Result<TimeZone> read_zone_at(const ForeignRoot& root, std::string_view name) {
  const auto bytes = root.read_small(std::string(kDatabase) + std::string(name), kZoneBytes);
  if (!bytes) return fail(bytes.error());
  return TimeZone::from_tzif(*bytes);
}

/// "" where the link does not lead into a database of zones.
std::string name_in_link(std::string_view target) {
  constexpr std::string_view kFolder = "zoneinfo/";
  const std::size_t at = target.rfind(kFolder);
  if (at == std::string_view::npos) return {};
  std::string_view name = target.substr(at + kFolder.size());
  for (const std::string_view folder : {"posix/", "right/"}) {
    if (name.substr(0, folder.size()) == folder) name.remove_prefix(folder.size());
  }
  return is_zone_name(name) ? std::string(name) : std::string();
}

void add_note(MachineZone& machine, std::string_view file, const std::string& what) {
  if (!machine.note.empty()) machine.note += "; ";
  machine.note += file;
  machine.note += ": ";
  machine.note += what;
}

/// Takes the zone called `name`, which stands in `file`. False where there is none.
bool take_named(const ForeignRoot& root, std::string_view file, const std::string& name,
                MachineZone& machine) {
  if (!is_zone_name(name)) {
    add_note(machine, file, "found no name of a zone");
    return false;
  }
  auto zone = read_zone(name, &root);
  if (!zone) {
    add_note(machine, file, zone.error().message);
    return false;
  }
  machine.zone = *std::move(zone);
  machine.name = name;
  return true;
}

}  // namespace

bool is_zone_name(std::string_view name) {
  if (name.empty() || name.size() > 64 || name.front() == '/' || name.back() == '/')
    return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) {
                       return is_alnum(c) || c == '_' || c == '+' || c == '-' || c == '/';
                     }) &&
         name.find("//") == std::string_view::npos;
}

Result<TimeZone> read_zone(std::string_view name, const ForeignRoot* root) {
  if (!is_zone_name(name))
    return fail("found '" + std::string(name.substr(0, 64)) +
                "', expected the name of a zone, such as Europe/Berlin");
  if (root != nullptr) {
    if (auto zone = read_zone_at(*root, name)) return zone;
  }
  const auto here = ForeignRoot::open("/");
  if (!here) return fail(here.error());
  auto zone = read_zone_at(*here, name);
  if (!zone) return fail(zone.error().at(std::string(kDatabase) + std::string(name)));
  return zone;
}

MachineZone zone_of(const ForeignRoot& root) {
  MachineZone machine;
  constexpr std::string_view kLocaltime = "/etc/localtime";
  if (const auto target = root.read_link(kLocaltime)) {
    // The name first: the link may lead nowhere in an image without the database.
    const std::string name = name_in_link(*target);
    if (!name.empty() && take_named(root, kLocaltime, name, machine)) return machine;
  }
  if (const auto bytes = root.read_small(kLocaltime, kZoneBytes)) {
    if (auto zone = TimeZone::from_tzif(*bytes)) {
      machine.zone = *std::move(zone);
      machine.name = kLocaltime;
      return machine;
    } else {
      add_note(machine, kLocaltime, zone.error().message);
    }
  }
  if (const auto text = root.read_small("/etc/timezone", 4096)) {
    if (take_named(root, "/etc/timezone", first_line(*text), machine)) return machine;
  }
  if (const auto text = root.read_small("/etc/TZ", 4096)) {
    const std::string rule = first_line(*text);
    if (const auto zone = parse_posix_zone(rule)) {
      machine.zone = TimeZone::from_rule(*zone);
      machine.name = rule;
      return machine;
    } else {
      add_note(machine, "/etc/TZ", zone.error().message);
    }
  }
  return machine;
}

}  // namespace spoor
