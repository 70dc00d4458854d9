// Access logs of web servers: Common and Combined Log Format, both with the virtual host before
// them, and a LogFormat of Apache or log_format of nginx that the user gives. Tested by
// formats_test.cpp.

#include "logs/cursor.h"
#include "logs/format.h"

namespace spoor {

/// What a directive of a pattern means, and the text behind it that ends its value.
struct AccessPattern {
  struct Piece {
    std::string name;  ///< "%h", "$remote_addr"
    std::string end;   ///< literal text behind it; "": up to the line's end
  };
  std::string begin;  ///< literal text before the first
  std::vector<Piece> pieces;
};

namespace {

/// "GET /path HTTP/1.1" into method and target.
void set_request(std::string_view request, Record& record) {
  record.mark(FieldRole::kOther, "request", request);
  Cursor cursor(request);
  const std::string_view method = cursor.word();
  if (method.empty() || method.size() > 32 ||
      !std::all_of(method.begin(), method.end(), [](char c) { return is_alpha(c); })) {
    return;
  }
  const std::string_view target = cursor.word();
  record.set(Slot::kMethod, "method", method);
  if (target.empty()) return;
  if (target.front() == '/') {
    record.set(Slot::kUrlPath, "path", target);
  } else {
    record.mark(FieldRole::kUrl, "url", target);
  }
}

/// What of a line each variant has read.
struct Access {
  std::string_view vhost, client, ident, user, when, request, status, bytes, referrer, agent;
  TimeText time;
  bool combined = false;
};

bool read_access(std::string_view line, const FormatState& state, bool with_vhost,
                 Access& access) {
  Cursor cursor(line);
  // All of it stands within the first few words.
  const std::size_t open = line.find('[');
  if (open == std::string_view::npos || open > 1024 || open < 3) return false;
  if (with_vhost) access.vhost = cursor.word();
  access.client = cursor.word();
  if (cursor.at() > open) return false;
  access.ident = cursor.word();
  if (cursor.at() > open + 1) return false;
  // A user may hold blanks.
  if (cursor.at() < open) access.user = trim(line.substr(cursor.at(), open - cursor.at()));
  cursor.move_to(open + 1);
  const auto when = cursor.until("]");
  if (!when || when->size() > 40) return false;
  const auto time = read_time(*when, state.time);
  if (!time) return false;
  access.when = *when;
  access.time = *time;
  cursor.skip_blanks();
  const auto request = cursor.quoted();
  if (!request) return false;
  access.request = *request;
  access.status = cursor.word();
  if (access.status != "-" && (access.status.size() != 3 || !is_number(access.status)))
    return false;
  access.bytes = cursor.word();
  if (const auto referrer = cursor.quoted()) {
    access.referrer = *referrer;
    if (const auto agent = cursor.quoted()) {
      access.agent = *agent;
      access.combined = true;
    }
  }
  return true;
}

bool is_client(std::string_view text) {
  return !text.empty() && text.size() < 256 &&
         text.find_first_of("=\"'{}()|;<>") == std::string_view::npos;
}

void set_access(const Access& access, Record& record) {
  record.set_time(access.time);
  record.mark(FieldRole::kOther, "time", access.when);
  record.set(Slot::kSourceAddress, "client", access.client);
  if (!access.user.empty()) record.set(Slot::kUser, "user", access.user);
  set_request(access.request, record);
  record.set(Slot::kStatus, "status", access.status);
  record.mark(FieldRole::kOther, "bytes", access.bytes);
  if (access.combined) {
    record.mark(FieldRole::kUrl, "referrer", access.referrer);
    record.mark(FieldRole::kUserAgent, "user_agent", access.agent);
  }
}

bool parse_common(std::string_view line, const FormatState& state, Record& record) {
  Access access;
  if (!read_access(line, state, false, access) || !is_client(access.client)) return false;
  set_access(access, record);
  return true;
}

bool parse_combined(std::string_view line, const FormatState& state, Record& record) {
  Access access;
  if (!read_access(line, state, false, access) || !access.combined || !is_client(access.client))
    return false;
  set_access(access, record);
  return true;
}

/// "www.example.com", "localhost:443"; "web1 192.0.2.1" may be anything.
bool is_vhost(std::string_view text) {
  if (!is_client(text) || looks_like_address(text)) return false;
  const std::size_t colon = text.rfind(':');
  return text.find('.') != std::string_view::npos ||
         (colon != std::string_view::npos && colon > 0 && is_number(text.substr(colon + 1)));
}

/// The virtual host stands first: "www.example.com:443 192.0.2.1 - - [...".
bool parse_vhost(std::string_view line, const FormatState& state, Record& record) {
  Access access;
  if (!read_access(line, state, true, access)) return false;
  if (access.ident.empty() || !looks_like_address(access.client) || !is_vhost(access.vhost))
    return false;
  set_access(access, record);
  std::string_view host = access.vhost;
  const std::size_t colon = host.rfind(':');
  if (colon != std::string_view::npos && is_number(host.substr(colon + 1))) {
    record.set(Slot::kUrlPort, "vhost.port", host.substr(colon + 1));
    host = host.substr(0, colon);
  }
  record.set(Slot::kUrlHost, "vhost", host);
  record.set(Slot::kHost, "vhost", host, 5);
  return true;
}

bool vhost_may_join(std::string_view line, const FormatState&) {
  return line.find(" /") != std::string_view::npos;
}

// ---------------------------------------------------------------------------------- patterns

struct Directive {
  std::string_view apache, nginx;
  Slot slot;
  FieldRole role;
  std::string_view name;
};
constexpr Directive kDirectives[] = {
    {"%h", "$remote_addr", Slot::kSourceAddress, FieldRole::kAddress, "client"},
    {"%a", "$realip_remote_addr", Slot::kSourceAddress, FieldRole::kAddress, "client"},
    {"", "$http_x_forwarded_for", Slot::kNone, FieldRole::kAddress, "forwarded_for"},
    {"%A", "$server_addr", Slot::kDestinationAddress, FieldRole::kAddress, "server"},
    {"%p", "$server_port", Slot::kDestinationPort, FieldRole::kPort, "server.port"},
    {"", "$remote_port", Slot::kSourcePort, FieldRole::kPort, "client.port"},
    {"%u", "$remote_user", Slot::kUser, FieldRole::kOther, "user"},
    {"%t", "$time_local", Slot::kTime, FieldRole::kOther, "time"},
    {"", "$time_iso8601", Slot::kTime, FieldRole::kOther, "time"},
    {"", "$msec", Slot::kTime, FieldRole::kOther, "time"},
    {"%s", "$status", Slot::kStatus, FieldRole::kOther, "status"},
    {"%v", "$server_name", Slot::kUrlHost, FieldRole::kHost, "vhost"},
    {"%V", "$host", Slot::kUrlHost, FieldRole::kHost, "vhost"},
    {"%{Host}i", "$http_host", Slot::kUrlHost, FieldRole::kHost, "vhost"},
    {"%U", "$uri", Slot::kUrlPath, FieldRole::kUriPath, "path"},
    {"", "$request_uri", Slot::kUrlPath, FieldRole::kUriPath, "path"},
    {"%q", "$args", Slot::kUrlQuery, FieldRole::kOther, "query"},
    {"%m", "$request_method", Slot::kMethod, FieldRole::kOther, "method"},
    {"", "$scheme", Slot::kUrlScheme, FieldRole::kOther, "scheme"},
    {"%{User-Agent}i", "$http_user_agent", Slot::kNone, FieldRole::kUserAgent, "user_agent"},
    {"%{Referer}i", "$http_referer", Slot::kNone, FieldRole::kUrl, "referrer"},
    {"", "$hostname", Slot::kHost, FieldRole::kHost, "host"},
};

bool parse_pattern(std::string_view line, const FormatState& state, Record& record) {
  if (state.pattern == nullptr) return false;
  Cursor cursor(line);
  if (!cursor.eat(state.pattern->begin)) return false;
  std::vector<std::string_view> values;
  for (const AccessPattern::Piece& piece : state.pattern->pieces) {
    if (piece.end.empty()) {
      values.push_back(cursor.rest());
      cursor.move_to(line.size());
      continue;
    }
    if (piece.name == "%t" && cursor.peek() == '[') {
      // Apache writes its brackets itself, with a blank inside.
      const auto when = cursor.until("]");
      if (!when || !cursor.eat(piece.end)) return false;
      values.push_back(when->substr(1));
      continue;
    }
    const auto value = cursor.until(piece.end);
    if (!value) return false;
    values.push_back(*value);
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string& name = state.pattern->pieces[i].name;
    std::string_view value = values[i];
    if (name == "%r" || name == "$request") {
      set_request(value, record);
      continue;
    }
    const auto* directive = std::find_if(
        std::begin(kDirectives), std::end(kDirectives),
        [&](const Directive& row) { return row.apache == name || row.nginx == name; });
    if (directive == std::end(kDirectives)) {
      record.mark(FieldRole::kOther, state.pattern->pieces[i].name, value);
      continue;
    }
    if (directive->slot == Slot::kTime && !value.empty() && value.front() == '[')
      value = value.substr(1, value.size() - (value.back() == ']' ? 2 : 1));
    if (directive->slot == Slot::kNone) {
      record.mark(directive->role, directive->name, value);
    } else {
      record.set(directive->slot, directive->name, value);
    }
  }
  record.join(record.value(Slot::kSourceAddress), record.value(Slot::kSourcePort));
  return true;
}

bool pattern_may_join(std::string_view, const FormatState& state) {
  return state.pattern != nullptr;
}

}  // namespace

/// Apache: %h, %>s, %{Referer}i, "\"" for a quote. nginx: $remote_addr, ${name}.
Result<std::shared_ptr<const AccessPattern>> compile_access_pattern(std::string_view text) {
  auto pattern = std::make_shared<AccessPattern>();
  std::string literal;
  const auto add = [&](std::string name) {
    if (pattern->pieces.empty()) {
      pattern->begin = literal;
    } else if (literal.empty()) {
      return false;
    } else {
      pattern->pieces.back().end = literal;
    }
    literal.clear();
    pattern->pieces.push_back({std::move(name), ""});
    return true;
  };
  const std::string_view whole = text;
  const auto wrong = [&](const std::string& what) {
    return fail("pattern '" + std::string(whole.substr(0, 80)) + "': " + what);
  };
  if (text.size() > 4096) return wrong("more than 4096 bytes");
  while (!text.empty()) {
    const char c = text.front();
    if (c == '\\' && text.size() > 1) {
      literal += text[1] == 't' ? '\t' : text[1];
      text.remove_prefix(2);
      continue;
    }
    if (c == '%' && text.substr(0, 2) != "%%") {
      std::size_t at = 1;
      while (at < text.size() &&
             std::string_view("<>!,0123456789").find(text[at]) != std::string_view::npos) {
        ++at;
      }
      std::string name = "%";
      if (at < text.size() && text[at] == '{') {
        const std::size_t close = text.find('}', at);
        if (close == std::string_view::npos) return wrong("a '{' without '}'");
        name += text.substr(at, close + 1 - at);
        at = close + 1;
      }
      if (at >= text.size() || !is_alpha(text[at])) return wrong("a '%' without a directive");
      name += text[at];
      text.remove_prefix(at + 1);
      if (!add(std::move(name))) return wrong("two directives with nothing between them");
      continue;
    }
    if (c == '$') {
      std::size_t at = 1;
      const bool braced = text.substr(1, 1) == "{";
      if (braced) ++at;
      const std::size_t begin = at;
      while (at < text.size() && (is_alnum(text[at]) || text[at] == '_')) ++at;
      if (at == begin || (braced && text.substr(at, 1) != "}"))
        return wrong("a '$' without a variable");
      std::string name = "$" + std::string(text.substr(begin, at - begin));
      text.remove_prefix(at + (braced ? 1 : 0));
      if (!add(std::move(name))) return wrong("two variables with nothing between them");
      continue;
    }
    if (text.substr(0, 2) == "%%") text.remove_prefix(1);
    literal += text.front();
    text.remove_prefix(1);
  }
  if (pattern->pieces.empty()) return wrong("no directive");
  pattern->pieces.back().end = literal;
  return std::shared_ptr<const AccessPattern>(std::move(pattern));
}

constexpr LogFormat kAccessVhostFormat = {"access-vhost",
                                          "access log with the virtual host first", parse_vhost,
                                          nullptr, vhost_may_join};
constexpr LogFormat kAccessCombinedFormat = {"access-combined",
                                             "Combined Log Format of Apache and nginx",
                                             parse_combined,
                                             nullptr,
                                             nullptr,
                                             "nginx apache apache2 httpd",
                                             true};
constexpr LogFormat kAccessCommonFormat = {
    "access-common", "Common Log Format",          parse_common, nullptr,
    nullptr,         "nginx apache apache2 httpd", true};
constexpr LogFormat kAccessPatternFormat = {"access-pattern", "the LogFormat that was given",
                                            parse_pattern, nullptr, pattern_may_join};

}  // namespace spoor
