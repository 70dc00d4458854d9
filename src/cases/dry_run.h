// A Transport that reads and never writes: look-ups go to the real one, what would change the
// other side is shown, and answered as a server would that takes it. So the requests that are
// shown are those that would be sent, and depend on what is there now. Keys are masked. Tested
// by thehive_test.cpp and tests/case_dry_run.

#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "net/transport.h"

namespace spoor {

/// Shared by the lanes of one system; `show` is called from one thread at a time.
class DryRunLog {
 public:
  using Show = std::function<void(const HttpRequest& request)>;
  explicit DryRunLog(Show show) : show_(std::move(show)) {}
  std::uint64_t take(const HttpRequest& request);

 private:
  std::mutex mutex_;
  Show show_;
  std::uint64_t count_ = 0;
};

/// `real` null: nobody is asked; there is a TheHive of `assumed_version`, and it is empty.
class DryRunTransport final : public Transport {
 public:
  DryRunTransport(std::shared_ptr<DryRunLog> log, std::unique_ptr<Transport> real,
                  std::string assumed_version)
      : log_(std::move(log)),
        real_(std::move(real)),
        assumed_version_(std::move(assumed_version)) {}
  Result<HttpResponse> send(const HttpRequest& request) override;

 private:
  std::shared_ptr<DryRunLog> log_;
  std::unique_ptr<Transport> real_;
  std::string assumed_version_;
};

/// The request as text: method and URL, headers with secrets masked, a blank line, the body.
std::string request_text(const HttpRequest& request);
/// As one line of JSON: method, url, headers, body.
std::string request_json(const HttpRequest& request);

}  // namespace spoor
