#include "hunt/event_host.h"

#include "logs/host_path.h"

namespace spoor {

void name_host(const HuntOptions& options, std::string_view path, EventRecord& record) {
  if (!record.host.empty()) return;  // record
  if (!options.host.empty()) {
    record.host = options.host;
    record.host_from = HostFrom::kOption;
  } else if (!options.root_host.empty()) {
    record.host = options.root_host;
    record.host_from = HostFrom::kRoot;
  } else if (std::string host = host_in_path(path); !host.empty()) {
    record.host = std::move(host);
    record.host_from = HostFrom::kPath;
  }
}

}  // namespace spoor
