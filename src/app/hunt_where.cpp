#include "app/hunt_where.h"

#include <algorithm>
#include <optional>

#include "hunt/root_facts.h"

namespace spoor {
namespace {

/// The root's own zone, name and places of logs.
std::string take_root(const ForeignRoot& root, HuntOptions& hunt) {
  std::string told = root.typed() + ": ";
  hunt.root_host = host_of(root);
  told += hunt.root_host.empty() ? "no host name found" : "host " + hunt.root_host;
  if (!hunt.formats.zone_given) {
    MachineZone machine = zone_of(root);
    if (machine.zone) {
      told += ", zone " + machine.name;
      hunt.zone = machine.name;
      hunt.formats.zone = std::make_shared<const TimeZone>(*std::move(machine.zone));
    } else {
      told += ", no time zone found: UTC";
      if (!machine.note.empty()) told += " (" + machine.note + ")";
    }
  }
  if (!hunt.paths.empty()) return told;
  hunt.paths = usual_log_places(root);
  told += "; hunting ";
  for (const std::string& path : hunt.paths) {
    if (&path != &hunt.paths.front()) told += ", ";
    told += root.shown(path);
  }
  return told;
}

}  // namespace

Result<std::string> take_where(const Options& options, HuntOptions& hunt) {
  hunt.host = options.value("host");
  const std::vector<std::string> roots = options.all("root");
  if (roots.size() > 1)
    return fail(
        "hunt: --root: found two, expected one: each has a zone and a name of its own; hunt "
        "one "
        "after the other");
  if (!roots.empty()) {
    auto root = ForeignRoot::open(roots.front());
    if (!root) return fail(root.error().at("hunt: --root: " + roots.front()));
    hunt.root = std::make_shared<const ForeignRoot>(*std::move(root));
    if (std::find(hunt.paths.begin(), hunt.paths.end(), "-") != hunt.paths.end())
      return fail("hunt: --root: found the path -, expected paths in the root");
  }
  if (options.has("zone")) {
    hunt.zone = options.value("zone");
    Status taken = set_zone(hunt.zone, hunt.root.get(), hunt.formats);
    if (!taken) return fail(taken.error().at("hunt: --zone"));
  }
  return hunt.root == nullptr ? std::string() : take_root(*hunt.root, hunt);
}

}  // namespace spoor
