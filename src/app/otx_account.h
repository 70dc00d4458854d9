// The OTX account of a command: the key, where the service is, clients for it. `collect` and
// `otx` share it. The key stays out of core dumps from the moment it is read. Tested by
// tests/otx_keys and the scenarios.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/command.h"
#include "base/clock.h"
#include "feeds/otx_client.h"
#include "net/transport.h"

namespace spoor {

/// From --key-file, else the environment's OTX_API_KEY, else the configuration's file; never
/// from the command line, which others can read.
Result<std::string> otx_key(const Invocation& invocation, std::string_view command);
/// --otx-url or --otx, else the configuration's, else the service.
std::string otx_base_url(const Invocation& invocation);
/// Proxy, certificates and name of the program, from the configuration.
TransportOptions otx_transport_options(const Config& config);
/// --rate, --timeout, else the configuration's, else the default. In requests a second;
/// seconds.
Result<double> otx_rate(const Invocation& invocation, std::string_view command);
Result<std::chrono::seconds> otx_timeout(const Invocation& invocation,
                                         std::string_view command);

/// Clients for one command. They share one rate; each has a connection of its own and is for
/// one thread.
class OtxAccount {
 public:
  /// `tries`: of one request, unless --tries says another number.
  static Result<OtxAccount> open(const Invocation& invocation, int tries = 6);
  struct Line {
    std::unique_ptr<Transport> transport;
    std::unique_ptr<OtxClient> client;
    OtxClient* operator->() const { return client.get(); }
  };
  Result<Line> line() const;

 private:
  OtxClientOptions options_;
  TransportOptions transport_;
  std::shared_ptr<RateGate> gate_;
  std::shared_ptr<const Clock> clock_ = std::make_shared<SystemClock>();
};

}  // namespace spoor
