// Proxies and load balancers: Squid's native access log, HAProxy (http and tcp), the access log
// of AWS' load balancers. Tested by formats_test.cpp.

#include "logs/cursor.h"
#include "logs/format.h"

namespace spoor {
namespace {

/// 1764000000.123    200 192.0.2.1 TCP_MISS/200 1234 GET http://evil.example/ user
/// HIER_DIRECT/203.0.113.7 text/html
bool parse_squid(std::string_view line, const FormatState& state, Record& record) {
  Cursor cursor(line);
  const std::string_view when = cursor.word();
  if (when.size() < 10 || when.size() > 18 || !is_digit(when.front())) return false;
  const std::string_view elapsed = cursor.word();
  const std::string_view client = cursor.word();
  const std::string_view result = cursor.word();
  const std::string_view bytes = cursor.word();
  const std::string_view method = cursor.word();
  const std::string_view url = cursor.word();
  const std::string_view user = cursor.word();
  const std::string_view peer = cursor.word();
  const std::size_t slash = result.find('/');
  const auto time = read_time(when, state.time);
  if (!time || slash == std::string_view::npos || result.find('_') > slash ||
      !is_number(bytes) || url.empty()) {
    return false;
  }
  std::string_view digits = elapsed;
  if (!digits.empty() && digits.front() == '-') digits.remove_prefix(1);
  if (!is_number(digits)) return false;
  record.set_time(*time);
  record.set(Slot::kSourceAddress, "client", client);
  const std::string_view code = result.substr(0, slash);
  record.set(Slot::kNone, "result", code);
  record.set(Slot::kStatus, "status", result.substr(slash + 1));
  if (code.find("DENIED") != std::string_view::npos) record.set_outcome(Outcome::kBlocked);
  record.set(Slot::kMethod, "method", method);
  record.mark(equals_ignore_case(method, "CONNECT") ? FieldRole::kHost : FieldRole::kUrl, "url",
              url);
  record.set(Slot::kUser, "user", user);
  const std::size_t behind = peer.find('/');
  if (behind != std::string_view::npos) {
    const std::string_view address = peer.substr(behind + 1);
    if (address != "-") record.set(Slot::kDestinationAddress, "peer", address);
  }
  record.set(Slot::kNone, "content_type", cursor.word());
  return true;
}

/// 192.0.2.1:14853 [14/Jan/2015:12:48:57.127] https-in~ backend/node 170/0/0/3/173 200 739 - -
/// --NN 0/0/0/0/0 0/0 {evil.example||agent} "GET /xxx HTTP/1.1"
bool parse_haproxy(std::string_view line, const FormatState& state, Record& record) {
  Cursor cursor(line);
  const std::string_view client = cursor.word();
  const std::size_t colon = client.rfind(':');
  if (colon == std::string_view::npos || !is_number(client.substr(colon + 1)) ||
      !cursor.eat("[")) {
    return false;
  }
  const std::string_view address = client.substr(0, colon);
  if (!looks_like_address(address) && address.substr(0, 4) != "unix") return false;
  const auto when = cursor.until("]");
  if (!when || when->size() > 40) return false;
  const auto time = read_time(*when, state.time);
  if (!time) return false;
  cursor.skip_blanks();
  record.set_time(*time);
  record.set(Slot::kSourceAddress, "client", address);
  record.set(Slot::kSourcePort, "client.port", client.substr(colon + 1));
  record.join(address, client.substr(colon + 1));
  const std::string_view frontend = cursor.word();
  record.set(Slot::kNone, "frontend", frontend);
  const std::string_view backend = cursor.word();
  if (backend.find('/') == std::string_view::npos ||
      frontend.substr(frontend.empty() ? 0 : frontend.size() - 1) == ":") {
    record.mark(FieldRole::kOther, "message", cursor.rest());
    record.set_outcome(Outcome::kFailed);
    return true;
  }
  record.set(Slot::kNone, "backend", backend);
  const std::string_view timers = cursor.word();
  const bool http = std::count(timers.begin(), timers.end(), '/') >= 4;
  if (http) record.set(Slot::kStatus, "status", cursor.word());
  record.mark(FieldRole::kOther, "bytes", cursor.word());
  const std::string_view rest = cursor.rest();
  // What was captured of the request's headers, by custom the host first.
  const std::size_t open = rest.find('{');
  const std::size_t close = rest.find('}', open == std::string_view::npos ? 0 : open);
  if (open != std::string_view::npos && close != std::string_view::npos) {
    const std::string_view captured = rest.substr(open + 1, close - open - 1);
    const std::string_view host =
        captured.substr(0, std::min(captured.find('|'), captured.size()));
    record.mark(FieldRole::kOther, "captured", captured);
    if (host.find('.') != std::string_view::npos && host.find(' ') == std::string_view::npos)
      record.set(Slot::kUrlHost, "host", host);
  }
  const std::size_t quote = rest.find('"');
  if (quote != std::string_view::npos) {
    std::string_view request = rest.substr(quote + 1);
    request = request.substr(0, std::min(request.find('"'), request.size()));
    Cursor words(request);
    const std::string_view method = words.word();
    const std::string_view target = words.word();
    record.set(Slot::kMethod, "method", method);
    if (!target.empty() && target.front() == '/') {
      record.set(Slot::kUrlPath, "path", target);
    } else {
      record.mark(FieldRole::kUrl, "url", target);
    }
    if (!frontend.empty() && frontend.back() == '~') record.default_scheme = "https";
  }
  return true;
}

bool haproxy_may_join(std::string_view line, const FormatState&) {
  return line.find('{') != std::string_view::npos;
}

/// https 2026-11-24T10:54:14.186641Z app/name/id 192.0.2.1:44740 10.0.0.1:80 0.0 0.0 0.0 200
/// 200 34 366 "GET https://evil.example:443/ HTTP/1.1" "agent" cipher protocol ...
bool parse_elb(std::string_view line, const FormatState& state, Record& record) {
  Cursor cursor(line);
  std::string_view when = cursor.word();
  constexpr std::string_view kKinds[] = {"http", "https", "h2", "grpcs", "ws", "wss"};
  if (std::find(std::begin(kKinds), std::end(kKinds), when) != std::end(kKinds))
    when = cursor.word();
  const std::string_view name = cursor.word();
  const std::string_view client = cursor.word();
  const std::string_view target = cursor.word();
  if (when.size() < 20 || !is_digit(when.front()) || when.find('T') != 10) return false;
  const std::size_t colon = client.rfind(':');
  if (name.empty() || colon == std::string_view::npos ||
      !looks_like_address(client.substr(0, colon))) {
    return false;
  }
  const auto time = read_time(when, state.time);
  if (!time) return false;
  for (int i = 0; i < 3; ++i) cursor.word();  // times of processing
  const std::string_view status = cursor.word();
  if (status != "-" && (status.size() != 3 || !is_number(status))) return false;
  record.set_time(*time);
  record.set(Slot::kHost, "elb", name, 5);
  record.set_endpoint(Slot::kSourceAddress, "client", client);
  if (target != "-") record.set_endpoint(Slot::kDestinationAddress, "target", target);
  record.set(Slot::kStatus, "status", status);
  for (int i = 0; i < 3 && cursor.peek() != '"'; ++i) cursor.word();
  if (const auto request = cursor.quoted()) {
    Cursor words(*request);
    record.set(Slot::kMethod, "method", words.word());
    record.mark(FieldRole::kUrl, "url", words.word());
    if (const auto agent = cursor.quoted())
      record.mark(FieldRole::kUserAgent, "user_agent", *agent);
  }
  return true;
}

}  // namespace

constexpr LogFormat kSquidFormat = {
    "squid", "Squid's native access log", parse_squid, nullptr, nullptr, "squid", true};
constexpr LogFormat kHaproxyFormat = {"haproxy", "HAProxy, http and tcp", parse_haproxy,
                                      nullptr,   haproxy_may_join,        "haproxy",
                                      true};
constexpr LogFormat kElbFormat = {"aws-elb", "access log of AWS' load balancers", parse_elb};

}  // namespace spoor
