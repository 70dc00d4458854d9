#include "net/loopback.h"

#include "base/ascii.h"

namespace spoor {

bool is_loopback(std::string_view host) {
  if (host == "[::1]" || equals_ignore_case(host, "localhost")) return true;
  if (host.substr(0, 4) != "127.") return false;
  // 127.0.0.0/8 in full dotted form only: "127.0.0.1.evil.example" is a name.
  int groups = 0;
  std::size_t at = 0;
  while (at < host.size()) {
    std::size_t digits = 0;
    int value = 0;
    while (at < host.size() && is_digit(host[at]) && digits < 4) {
      value = value * 10 + (host[at] - '0');
      ++at, ++digits;
    }
    if (digits == 0 || digits > 3 || value > 255) return false;
    ++groups;
    if (at == host.size()) break;
    if (host[at] != '.') return false;
    ++at;
    if (at == host.size()) return false;
  }
  return groups == 4;
}

}  // namespace spoor
