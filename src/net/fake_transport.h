// A Transport that answers from memory and writes down everything it was asked: for the tests
// of every room that speaks HTTP. Nothing leaves the process.

#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "net/transport.h"

namespace spoor {

class FakeTransport final : public Transport {
 public:
  using Handler = std::function<Result<HttpResponse>(const HttpRequest&)>;

  /// `handler` answers each request; it sees them in order.
  explicit FakeTransport(Handler handler) : handler_(std::move(handler)) {}

  Result<HttpResponse> send(const HttpRequest& request) override {
    requests_.push_back(request);
    return handler_(request);
  }

  const std::vector<HttpRequest>& requests() const { return requests_; }

  /// Value of a query parameter of `url` as it stands there, or "".
  static std::string parameter(const std::string& url, const std::string& name) {
    for (std::size_t at = url.find('?'); at != std::string::npos; at = url.find('&', at + 1)) {
      if (url.compare(at + 1, name.size(), name) == 0 && url.size() > at + 1 + name.size() &&
          url[at + 1 + name.size()] == '=') {
        const std::size_t begin = at + name.size() + 2;
        return url.substr(begin, url.find('&', begin) - begin);
      }
    }
    return {};
  }

  static HttpResponse json(std::string body, int status = 200) {
    HttpResponse response;
    response.status = status;
    response.headers = {{"content-type", "application/json"}};
    response.body = std::move(body);
    return response;
  }

 private:
  Handler handler_;
  std::vector<HttpRequest> requests_;
};

}  // namespace spoor
