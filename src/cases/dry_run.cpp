#include "cases/dry_run.h"

#include "base/ascii.h"
#include "base/json_writer.h"
#include "base/utf8.h"

namespace spoor {
namespace {

constexpr std::string_view kMade = "~dry-run-";

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

/// Whether the request only asks.
bool only_reads(const HttpRequest& request) {
  if (request.method == "GET" || request.method == "HEAD") return true;
  const std::string_view path = std::string_view(request.url).substr(0, request.url.find('?'));
  return request.method == "POST" &&
         (ends_with(path, "/api/v1/query") || ends_with(path, "/_search"));
}

/// Whether it asks about something that only this dry run has made.
bool asks_about_made(const HttpRequest& request) {
  return request.url.find("dry-run-") != std::string::npos ||
         request.body.find(kMade) != std::string::npos;
}

HttpResponse answer(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.headers = {{"content-type", "application/json"}};
  response.body = std::move(body);
  return response;
}

std::string shown_header(const std::string& name, const std::string& value) {
  // Whatever is no plain header of ours may be a secret.
  for (const std::string_view open :
       {"content-type", "accept", "x-organisation", "idempotency-key"}) {
    if (equals_ignore_case(name, open)) return value;
  }
  return starts_with_ignore_case(value, "Bearer ") ? "Bearer ***" : "***";
}

}  // namespace

std::uint64_t DryRunLog::take(const HttpRequest& request) {
  const std::lock_guard lock(mutex_);
  show_(request);
  return ++count_;
}

Result<HttpResponse> DryRunTransport::send(const HttpRequest& request) {
  if (only_reads(request)) {
    if (asks_about_made(request)) return answer(200, "[]");
    if (real_ != nullptr) return real_->send(request);
    if (ends_with(request.url, "/api/status"))
      return answer(200, R"({"versions":{"TheHive":")" + assumed_version_ + R"("}})");
    return answer(404, "{}");
  }
  const std::uint64_t number = log_->take(request);
  if (request.method == "PATCH") return answer(204, "");
  const std::string id = std::string(kMade) + std::to_string(number);
  return answer(201, R"({"_id":")" + id + R"(","id":")" + id + R"("})");
}

std::string request_text(const HttpRequest& request) {
  std::string text = request.method + " " + terminal_safe(request.url) + "\n";
  for (const auto& [name, value] : request.headers)
    text += name + ": " + terminal_safe(shown_header(name, value)) + "\n";
  text += "\n";
  // A body of several lines keeps them; nothing else of it reaches a terminal as it is.
  std::string_view body = request.body;
  while (!body.empty()) {
    const std::size_t end = body.find('\n');
    std::string_view line = body.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    text += terminal_safe(line) + "\n";
    if (end == std::string_view::npos) break;
    body.remove_prefix(end + 1);
  }
  return text + "\n";
}

std::string request_json(const HttpRequest& request) {
  JsonWriter json;
  json.begin_object().member("method", request.method).member("url", request.url);
  json.key("headers").begin_object();
  for (const auto& [name, value] : request.headers)
    json.member(name, shown_header(name, value));
  json.end_object().member("body", request.body).end_object();
  return json.take() + "\n";
}

}  // namespace spoor
