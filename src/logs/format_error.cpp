// Error logs of web servers. Tested by formats_test.cpp.

#include "logs/cursor.h"
#include "logs/format.h"

namespace spoor {
namespace {

/// [Wed Jul 05 09:19:28.528126 2023] [proxy_fcgi:error] [pid 1178526:tid 1397] [client
/// 192.0.2.1:37752] AH01071: ...
bool parse_apache(std::string_view line, const FormatState& state, Record& record) {
  Cursor cursor(line);
  if (!cursor.eat("[")) return false;
  const auto when = cursor.until("] [");
  if (!when || when->size() < 20 || when->size() > 40 || !is_alpha(when->front())) return false;
  const auto time = read_time(*when, state.time);
  if (!time) return false;
  const auto level = cursor.until("]");
  if (!level) return false;
  record.set_time(*time);
  record.mark(FieldRole::kOther, "time", *when);
  record.set(Slot::kNone, "level", *level);
  cursor.skip_blanks();
  while (cursor.peek() == '[') {
    cursor.eat("[");
    const auto part = cursor.until("]");
    if (!part) break;
    cursor.skip_blanks();
    if (part->substr(0, 7) == "client ") {
      std::string_view peer = part->substr(7);
      // A bare v6 address and its port have only colons: the last one parts them.
      const std::size_t colon = peer.rfind(':');
      if (std::count(peer.begin(), peer.end(), ':') > 1 && colon != std::string_view::npos) {
        const std::string_view address = peer.substr(0, colon);
        const std::string_view port = peer.substr(colon + 1);
        record.set(Slot::kSourceAddress, "client", address);
        if (is_number(port) && port.size() >= 4) {
          record.set(Slot::kSourcePort, "client.port", port);
          record.join(address, port);
        }
      } else {
        record.set_endpoint(Slot::kSourceAddress, "client", peer);
      }
    } else if (part->substr(0, 4) == "pid ") {
      record.set(Slot::kNone, "pid", part->substr(4));
    } else {
      // ModSecurity: [hostname "x"] [uri "/y"].
      Cursor inner(*part);
      const std::string_view name = inner.word();
      if (const auto value = inner.quoted()) record.put(name, *value);
    }
  }
  const std::string_view message = cursor.rest();
  record.mark(FieldRole::kOther, "message", message);
  // ModSecurity writes its parts behind the message, too.
  for (const std::string_view name : {"hostname", "uri"}) {
    const std::string opening = "[" + std::string(name) + " \"";
    const std::string_view value = between(message, opening, "\"");
    if (!value.empty())
      record.set(name == "uri" ? Slot::kUrlPath : Slot::kUrlHost, name, value);
  }
  return true;
}

/// 2026/11/24 10:54:14 [error] 298#298: *1093 text, client: 192.0.2.1, server: _, request: "GET
/// / HTTP/1.1", host: "evil.example"
bool parse_nginx(std::string_view line, const FormatState& state, Record& record) {
  if (line.size() < 24 || line[4] != '/' || line[7] != '/') return false;
  const auto time = read_time(line, state.time);
  if (!time || !time->event.has_clock) return false;
  Cursor cursor(line);
  cursor.move_to(time->length);
  cursor.skip_blanks();
  if (!cursor.eat("[")) return false;
  const auto level = cursor.until("] ");
  if (!level || level->size() > 8) return false;
  const std::string_view process = cursor.word();
  const std::size_t hash = process.find('#');
  if (hash == std::string_view::npos || !is_number(process.substr(0, hash))) return false;
  record.set_time(*time);
  record.set(Slot::kNone, "level", *level);
  const std::string_view rest = cursor.rest();
  record.mark(FieldRole::kOther, "message", rest);
  const std::string_view client = between(rest, ", client: ", ",");
  if (!client.empty()) record.set_endpoint(Slot::kSourceAddress, "client", client);
  const std::string_view server = between(rest, ", server: ", ",");
  if (!server.empty() && server != "_" && server.find(':') == std::string_view::npos)
    record.set(Slot::kHost, "server", server, 5);
  const std::string_view request = between(rest, ", request: \"", "\"");
  if (!request.empty()) {
    Cursor words(request);
    const std::string_view method = words.word();
    const std::string_view target = words.word();
    record.set(Slot::kMethod, "method", method);
    if (!target.empty() && target.front() == '/') record.set(Slot::kUrlPath, "request", target);
  }
  const std::string_view host = between(rest, ", host: \"", "\"");
  if (!host.empty()) record.set(Slot::kUrlHost, "host", host);
  const std::string_view upstream = between(rest, ", upstream: \"", "\"");
  if (!upstream.empty()) record.mark(FieldRole::kUrl, "upstream", upstream);
  const std::string_view user = between(rest, "user \"", "\"");
  if (!user.empty()) record.set(Slot::kUser, "user", user);
  return true;
}

bool error_may_join(std::string_view line, const FormatState&) {
  return line.find("host") != std::string_view::npos;
}

}  // namespace

constexpr LogFormat kApacheErrorFormat = {"apache-error", "Apache error log", parse_apache,
                                          nullptr, error_may_join};
constexpr LogFormat kNginxErrorFormat = {"nginx-error", "nginx error log", parse_nginx, nullptr,
                                         error_may_join};

}  // namespace spoor
