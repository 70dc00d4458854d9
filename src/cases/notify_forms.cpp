// The table of kinds, and how each writes a message.
// Sources: Slack "incoming webhooks" and "escaping text"; Mattermost "incoming webhooks";
// Microsoft "Adaptive Cards" 1.4 in a message of type attachments; RFC 5424; the CEF
// implementation standard, revision 25.

#include <algorithm>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "cases/markdown.h"
#include "cases/notify.h"

namespace spoor {
namespace {

constexpr std::string_view kSeverities[] = {"", "low", "medium", "high", "critical"};
constexpr std::size_t kMostObservables = 20;

std::string plain(std::string_view text) {
  return terminal_safe(text);
}

/// &, < and > are all that Slack reads in mrkdwn as its own; without <, nobody is called.
/// Asterisks and the like only dress text up; an invisible joiner behind them would be worse.
std::string slack_escape(std::string_view text) {
  std::string out;
  for (const char c : terminal_safe(text)) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '`' || c == '*' || c == '_' || c == '~') {
      out += '\'';
    } else {
      out += c;
    }
  }
  return out;
}

/// In a code span nobody is mentioned and nothing is a link.
std::string code_escape(std::string_view text) {
  return markdown_code(text);
}

std::string json_body(const NotifyMessage& message) {
  const CaseDraft& draft = *message.draft;
  JsonWriter json;
  json.begin_object()
      .member("schema", "spoor.notification/1")
      .member("id", message.id)
      .member("title", message.title)
      .member("text", message.text)
      .member("type", draft.type)
      .member("source", draft.source)
      .member("source_ref", draft.source_ref)
      .member("severity", std::int64_t{draft.severity})
      .member("severity_name", kSeverities[std::clamp(draft.severity, 1, 4)])
      .member("tlp", name_of(draft.tlp))
      .member("pap", std::int64_t{draft.pap})
      .member("asset", draft.asset)
      .member("pulse", draft.pulse_id)
      .member("pulse_name", draft.pulse_name)
      .member("sightings", draft.sightings);
  if (draft.first) json.member("first", format_iso8601(*draft.first));
  if (draft.last) json.member("last", format_iso8601(*draft.last));
  json.member("link", draft.link)
      .strings("tags", draft.tags)
      .strings("techniques", draft.techniques)
      .member("description", draft.description)
      .key("observables")
      .begin_array();
  for (const DraftObservable& each : draft.observables) {
    json.begin_object()
        .member("type", name_of(each.observable.type))
        .member("value", each.observable.value)
        .member("sighted", each.sighted)
        .end_object();
  }
  json.end_array().member("observables_left_out", draft.left_out).end_object();
  return json.take();
}

std::string slack_body(const NotifyMessage& message) {
  JsonWriter json;
  json.begin_object().member("text", message.title).key("blocks").begin_array();
  const std::string_view parts[] = {message.title, message.text};
  for (const std::string_view part : parts) {
    json.begin_object().member("type", "section").key("text").begin_object();
    json.member("type", "mrkdwn").member("text", cut_text(part, 2900));
    json.end_object().end_object();
  }
  json.end_array().end_object();
  return json.take();
}

std::string mattermost_body(const NotifyMessage& message) {
  JsonWriter json;
  json.begin_object()
      .member("username", "spoor")
      .member("text", "#### " + message.title + "\n\n" + cut_text(message.text, 15'000))
      .end_object();
  return json.take();
}

std::string teams_body(const NotifyMessage& message) {
  JsonWriter json;
  json.begin_object().member("type", "message").key("attachments").begin_array();
  json.begin_object()
      .member("contentType", "application/vnd.microsoft.card.adaptive")
      .key("content")
      .begin_object()
      .member("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
      .member("type", "AdaptiveCard")
      .member("version", "1.4")
      .key("body")
      .begin_array();
  json.begin_object()
      .member("type", "TextBlock")
      .member("text", message.title)
      .member("weight", "Bolder")
      .member("wrap", true)
      .end_object();
  json.begin_object()
      .member("type", "TextBlock")
      .member("text", cut_text(message.text, 15'000))
      .member("wrap", true)
      .end_object();
  json.end_array().end_object().end_object().end_array().end_object();
  return json.take();
}

/// Headers that depend on the draft, and the body; sender and receivers come before it.
std::string mail_body(const NotifyMessage& message) {
  const CaseDraft& draft = *message.draft;
  // RFC 2047: an encoded word has at most 75 characters; a subject is several of them.
  std::string subject;
  std::string title = cut_text(message.title, 200);
  for (std::size_t at = 0; at < title.size();) {
    std::size_t end = std::min(title.size(), at + 42);
    while (end < title.size() && (static_cast<unsigned char>(title[end]) & 0xC0) == 0x80) --end;
    subject += (at == 0 ? "" : "\r\n ") + std::string("=?UTF-8?B?") +
               base64(std::string_view(title).substr(at, end - at)) + "?=";
    at = end;
  }
  std::string body =
      message.text + "\n\n" + draft.description + "\n\n" + draft.source_ref + "\n";
  std::string text = "Subject: " + subject + "\r\nMessage-ID: <" + message.id +
                     "@spoor.invalid>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; "
                     "charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  const std::string encoded = base64(body);
  for (std::size_t at = 0; at < encoded.size(); at += 76)
    text += encoded.substr(at, 76) + "\r\n";
  return text;
}

std::string cef_value(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : terminal_safe(text)) {
    if (c == '\\' || special.find(c) != std::string_view::npos) out += '\\';
    out += c == '\t' ? ' ' : c;
  }
  return out;
}

std::string cef_body(const NotifyMessage& message) {
  const CaseDraft& draft = *message.draft;
  constexpr int kCefSeverity[] = {0, 3, 5, 8, 10};
  const auto header = [](std::string_view text) { return cef_value(text, "|"); };
  const auto millis = [](Time time) { return std::to_string(to_micros(time) / 1000); };
  std::string text = "CEF:0|spoor|spoor|1|" + header(draft.type) + "|" +
                     header(cut_text(draft.title, 512)) + "|" +
                     std::to_string(kCefSeverity[std::clamp(draft.severity, 1, 4)]) + "|";
  const auto add = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    if (text.back() != '|') text += ' ';
    text += std::string(name) + "=" + cef_value(cut_text(value, 1000), "=");
  };
  add("externalId", message.id);
  add("cnt", std::to_string(draft.sightings));
  if (draft.first) add("start", millis(*draft.first));
  if (draft.last) add("end", millis(*draft.last));
  add("dvchost", draft.asset);
  add("msg", message.text);
  add("request", draft.link);
  const std::pair<std::string_view, std::string> own[] = {
      {"sourceRef", draft.source_ref},
      {"pulse", draft.pulse_name},
      {"tlp", std::string(name_of(draft.tlp))}};
  int number = 0;
  for (const auto& [label, value] : own) {
    const std::string name = "cs" + std::to_string(++number);
    add(name + "Label", label);
    add(name, value);
  }
  return text;
}

constexpr NotifyKind kKinds[] = {
    {"json", plain, json_body, NotifyKind::Way::kHttp},
    {"slack", slack_escape, slack_body, NotifyKind::Way::kHttp},
    {"mattermost", code_escape, mattermost_body, NotifyKind::Way::kHttp},
    {"teams", markdown_text, teams_body, NotifyKind::Way::kHttp},
    {"smtp", plain, mail_body, NotifyKind::Way::kMail},
    {"syslog-cef", plain, cef_body, NotifyKind::Way::kSyslog},
};

}  // namespace

std::span<const NotifyKind> notify_kinds() {
  return kKinds;
}

const NotifyKind* notify_kind(std::string_view name) {
  for (const NotifyKind& kind : kKinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

Result<std::string> fill_template(std::string_view text, const CaseDraft& draft,
                                  std::string (*escape)(std::string_view)) {
  std::string observables;
  for (std::size_t i = 0; i < draft.observables.size() && i < kMostObservables; ++i)
    observables += (i == 0 ? "" : ", ") + escape(draft.observables[i].observable.value);
  const std::uint64_t all = draft.observables.size() + draft.left_out;
  if (all > kMostObservables)
    observables += " and " + std::to_string(all - kMostObservables) + " more";
  const auto time = [](const std::optional<Time>& at) {
    return at ? format_iso8601(*at) : std::string("unknown");
  };
  const std::pair<std::string_view, std::string> values[] = {
      {"title", escape(draft.title)},
      {"severity", std::string(kSeverities[std::clamp(draft.severity, 1, 4)])},
      {"tlp", std::string(name_of(draft.tlp))},
      {"asset", escape(draft.asset.empty() ? "-" : draft.asset)},
      {"pulse", escape(draft.pulse_name.empty() ? "-" : draft.pulse_name)},
      {"count", std::to_string(draft.sightings)},
      {"first", time(draft.first)},
      {"last", time(draft.last)},
      {"observables", observables},
      {"link", draft.link},
      {"source_ref", escape(draft.source_ref)},
  };
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    out += text.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    const std::string_view name = close == std::string_view::npos
                                      ? text.substr(open)
                                      : text.substr(open + 1, close - open - 1);
    const auto* found = std::find_if(std::begin(values), std::end(values),
                                     [&](const auto& each) { return each.first == name; });
    if (close == std::string_view::npos || found == std::end(values)) {
      std::string known;
      for (const auto& each : values)
        known += (known.empty() ? "" : ", ") + std::string(each.first);
      return fail("'{" + std::string(name) + "}' is unknown, expected one of " + known);
    }
    out += found->second;
    text.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace spoor
