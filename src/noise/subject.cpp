#include "noise/subject.h"

#include "base/ascii.h"
#include "ioc/domain.h"
#include "ioc/url.h"

namespace spoor {
namespace {

std::optional<Network> network_of_address(std::string_view text) {
  if (const auto v4 = parse_ipv4(text)) {
    Network network{false, {}, 32};
    for (std::size_t i = 0; i < 4; ++i)
      network.base[i] = static_cast<std::uint8_t>(*v4 >> (24 - 8 * i));
    return network;
  }
  if (const auto v6 = parse_ipv6(text)) return Network{true, *v6, 128};
  return std::nullopt;
}

/// "192.0.2.5:80", "[2001:db8::1]:80".
std::string_view address_of_endpoint(std::string_view text) {
  std::string_view host = text.substr(0, text.rfind(':'));
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  return host;
}

void read_url(Subject& subject) {
  const auto url = parse_url(subject.text, Scheme::kRequired);
  if (!url) return;
  const bool is_root = url->path == "/" && !url->query;
  if (!is_root) subject.most = Verdict::kShown;
  if (url->host_kind != HostKind::kName) {
    subject.network = network_of_address(url->host);
    subject.part = url->host;
    return;
  }
  subject.host = url->host;
  // What lies at a path of a shared host is anybody's.
  const bool strangers = is_shared_host(url->host) || is_public_suffix(url->host);
  subject.part = is_root || !strangers ? url->host : std::string();
  subject.name = subject.part;
}

}  // namespace

Subject subject_of(const Observable& observable) {
  Subject subject;
  subject.text = lower(observable.value);
  if (observable.type != IndicatorType::kUrl) subject.part = subject.text;
  switch (observable.type) {
    case IndicatorType::kDomain:
    case IndicatorType::kHostname:
      subject.name = subject.host = subject.text;
      break;
    case IndicatorType::kIpv4:
    case IndicatorType::kIpv6:
      subject.network = network_of_address(subject.text);
      break;
    case IndicatorType::kCidr:
      subject.network = parse_network(subject.text, nullptr);
      break;
    case IndicatorType::kIpv4Port:
    case IndicatorType::kIpv6Port:
      subject.network = network_of_address(address_of_endpoint(subject.text));
      break;
    case IndicatorType::kUrl:
      read_url(subject);
      break;
    default:
      break;
  }
  return subject;
}

}  // namespace spoor
