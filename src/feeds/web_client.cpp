#include "feeds/web_client.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/base64.h"
#include "feeds/otx_client.h"

namespace spoor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kMostRedirects = 5;

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

void replace_all(std::string& text, const std::string& part, std::string_view with) {
  if (part.size() < 4) return;  // would take words apart; no secret is that short
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at)) {
    text.replace(at, part.size(), with);
    at += with.size();
  }
}

std::string html_text(const HttpResponse& reply) {
  const std::string title = otx_error_text(reply.body);
  return "http " + std::to_string(reply.status) + " with a page for people in place of data" +
         (title.empty() ? "" : ": '" + title + "'");
}

}  // namespace

std::string url_origin(std::string_view url) {
  const std::size_t end = url.find("://");
  if (end == std::string_view::npos) return {};
  const std::string scheme = lower(url.substr(0, end));
  if (scheme != "https" && scheme != "http") return {};
  std::string_view rest = url.substr(end + 3);
  std::string host = lower(rest.substr(0, rest.find_first_of("/?#")));
  const std::string port = scheme == "https" ? ":443" : ":80";
  if (host.size() > port.size() &&
      host.compare(host.size() - port.size(), port.size(), port) == 0)
    host.resize(host.size() - port.size());
  return host.empty() ? std::string() : scheme + "://" + host;
}

std::string resolve_location(std::string_view url, std::string_view location) {
  location = trim(location);
  if (!url_origin(location).empty()) return std::string(location);
  if (location.substr(0, 2) == "//") {
    std::string to = lower(url.substr(0, url.find("//"))) + std::string(location);
    // "///path" names no host, though clients guess one.
    return url_origin(to).empty() ? std::string() : to;
  }
  if (location.empty() || location[0] != '/') return {};
  const std::size_t host = url.find("://");
  if (host == std::string_view::npos) return {};
  const std::size_t path = url.find_first_of("/?#", host + 3);
  return std::string(url.substr(0, path)) + std::string(location);
}

bool is_html(std::string_view body) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (body.substr(0, 3) == kMark) body.remove_prefix(3);
  std::string_view head = body.substr(0, 4096);
  while (!head.empty() && is_space(head.front())) head.remove_prefix(1);
  // A comment may stand before the document's type.
  while (head.substr(0, 4) == "<!--") {
    const std::size_t end = head.find("-->");
    if (end == std::string_view::npos) return true;
    head.remove_prefix(end + 3);
    while (!head.empty() && is_space(head.front())) head.remove_prefix(1);
  }
  for (const std::string_view begin : {"<!doctype html", "<html", "<head", "<body"}) {
    if (starts_with_ignore_case(head, begin)) return true;
  }
  return false;
}

std::string basic_authorization(std::string_view user, std::string_view password) {
  return "Basic " + base64(std::string(user) + ":" + std::string(password));
}

Result<WebClient> WebClient::create(Transport& transport, const Clock& clock,
                                    WebClientOptions options) {
  for (const auto& header : options.secret_headers) {
    for (const char c : header.second) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
        return fail("the key holds a control character, expected one line of text");
    }
  }
  if (const Status good = check_url(options.url); !good) return fail(good.error());
  return WebClient(transport, clock, std::move(options));
}

WebClient::WebClient(Transport& transport, const Clock& clock, WebClientOptions options)
    : transport_(&transport),
      clock_(&clock),
      options_(std::move(options)),
      origin_(url_origin(options_.url)),
      patience_(clock, options_.patience) {}

std::string WebClient::without_secrets(std::string text) const {
  for (const std::string& secret : options_.secrets) replace_all(text, secret, "[key]");
  for (const auto& header : options_.secret_headers) replace_all(text, header.second, "[key]");
  return text;
}

std::optional<WebClient::Sent> WebClient::send(const WebAsk& ask) {
  if (patience_.stop_asked()) return std::nullopt;
  if (last_ && options_.between > milliseconds(0)) {
    const auto due = std::chrono::ceil<milliseconds>(*last_ + options_.between - clock_->now());
    if (due > milliseconds(0) && !patience_.wait_for(std::min(due, options_.between)))
      return std::nullopt;
  }
  HttpRequest request;
  request.method = ask.method;
  request.url = ask.url();
  if (ask.body) request.body = ask.body();
  request.max_body_bytes = options_.max_body_bytes;
  request.cancelled = options_.patience.cancelled;
  for (int hop = 0;; ++hop) {
    request.headers = ask.headers;
    if (const Status good = check_url(request.url); !good)
      return Sent{fail(good.error()), true};
    if (url_origin(request.url) == origin_) {
      request.headers.insert(request.headers.end(), options_.secret_headers.begin(),
                             options_.secret_headers.end());
    } else if (!options_.secret_headers.empty()) {
      return Sent{fail("leads to " + url_origin(request.url) +
                       ", where the key must not go: expected an address of " + origin_),
                  true};
    }
    request.timeout = patience_.within(options_.timeout);
    last_ = clock_->now();
    ++requests_;
    auto reply = transport_->send(request);
    if (!reply || !is_redirect(reply->status) || !ask.follow) return Sent{std::move(reply)};
    const std::string to = resolve_location(request.url, reply->header("location"));
    const std::string from_scheme = url_origin(request.url).substr(0, 6);
    // A reply that leads nowhere, in a circle or into the clear is an answer like any other.
    if (to.empty() || hop == kMostRedirects ||
        (from_scheme == "https:" && url_origin(to).substr(0, 6) != "https:"))
      return Sent{std::move(reply)};
    request.url = to;
  }
}

WebClient::Trouble WebClient::judge(const HttpResponse& reply) const {
  Trouble trouble;
  trouble.text = "http " + std::to_string(reply.status);
  trouble.wait = retry_after(reply, clock_->now());
  const std::string said = is_html(reply.body) || reply.body.size() < 4096
                               ? otx_error_text(reply.body)
                               : std::string();
  switch (reply.status) {
    case 401:
    case 403:
      trouble.text += options_.secret_headers.empty() ? ": refused, and no key is configured"
                                                      : ": the key was not accepted";
      trouble.final = true;
      break;
    case 407:
      trouble.text += ": the proxy wants a name and a password";
      trouble.final = true;
      break;
    default:
      trouble.shrink = next_try(reply.status) == NextTry::kSmaller;
      trouble.final = next_try(reply.status) == NextTry::kNone;
      if (!trouble.final) break;
      if (reply.status >= 300 && reply.status < 400) {
        trouble.text += ": a redirect that is not followed, to '" +
                        std::string(reply.header("location").substr(0, 200)) + "'";
      } else {
        trouble.text += ", expected 200";
      }
  }
  if (!said.empty()) trouble.text += ": " + said;
  return trouble;
}

Result<WebClient::Answer> WebClient::ask(const WebAsk& ask) {
  for (int attempt = 1;; ++attempt) {
    auto sent = send(ask);
    if (!sent) return Answer::kStopped;
    Result<HttpResponse>& reply = sent->reply;
    status_ = reply ? reply->status : 0;
    Trouble trouble;
    if (!reply) {
      if (patience_.stop_asked()) return Answer::kStopped;
      trouble.text = reply.error().message;
      trouble.shrink = trouble.text.find("timed out") != std::string::npos;
      trouble.final =
          sent->refused || trouble.text.find("the body is larger") != std::string::npos;
    } else if (status_ == 304) {
      return Answer::kUnchanged;
    } else if ((status_ == 404 || status_ == 410) && ask.may_be_gone) {
      return Answer::kGone;
    } else if (status_ >= 200 && status_ < 300) {
      trouble.text = status_ == 206         ? "http 206: a part, expected the whole"
                     : is_html(reply->body) ? html_text(*reply)
                                            : ask.read(*reply);
      if (trouble.text.empty()) return Answer::kGood;
    } else {
      trouble = judge(*reply);
    }
    const std::string place = ask.what.empty() ? "" : ask.what + ": ";
    if (trouble.final) return fail(without_secrets(place + trouble.text));
    if (attempt >= options_.tries)
      return fail(without_secrets(place + trouble.text + " (try " + std::to_string(attempt) +
                                  " of " + std::to_string(options_.tries) + ")"));
    if (trouble.wait && *trouble.wait > Patience::kLongestRetryAfter)
      return fail(without_secrets(place + trouble.text + ": asks to come back in " +
                                  std::to_string(trouble.wait->count()) + " s"));
    ++retries_;
    if (trouble.shrink && ask.shrink) {
      const std::string done = ask.shrink();
      if (!done.empty()) trouble.text += ", " + done;
    }
    if (!patience_.pause(attempt, trouble.wait, without_secrets(place + trouble.text)))
      return Answer::kStopped;
  }
}

}  // namespace spoor
