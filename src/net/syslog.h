// One message to a syslog receiver: a datagram (RFC 5426), or a connection with the octet count
// before the message (RFC 6587 3.4.1). Neither is encrypted and UDP tells nothing back; docs
// say so. Tested by tests/case_notify.

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace spoor {

struct SyslogTarget {
  bool tcp = false;
  std::string host;
  std::uint16_t port = 514;
};
/// "udp://host:514", "tcp://host:601"; IPv6 addresses in brackets.
Result<SyslogTarget> parse_syslog_target(std::string_view text);

/// Blocks up to `timeout`. A datagram that is too long is cut at 60,000 bytes.
Status send_syslog(const SyslogTarget& target, std::string_view message,
                   std::chrono::seconds timeout);

}  // namespace spoor
