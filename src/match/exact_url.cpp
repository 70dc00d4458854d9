// Rules U: URLs, their hosts, and what is nested in them.

#include <algorithm>
#include <iterator>

#include "base/ascii.h"
#include "ioc/domain.h"
#include "ioc/ip.h"
#include "match/byte_classes.h"
#include "match/exact_scan.h"

namespace spoor {
namespace {

constexpr unsigned kMaxNesting =
    8;  // U10: deeper ones are no redirects any more, and each is read to its end
constexpr std::size_t kMaxClaim = 8192;  // ioc refuses longer values

bool is_scheme_byte(char c) {
  return is_alnum(c) || c == '+' || c == '-' || c == '.';
}

bool is_closing_punctuation(char c) {
  return std::string_view(".,;:!?'\"").find(c) != std::string_view::npos;
}

char opener_of(char c) {
  return c == ')' ? '(' : c == ']' ? '[' : c == '}' ? '{' : '\0';
}

/// The keys of every claim on this host whose path is this one or above it, the longest first.
void for_each_place(const Url& seen, FunctionRef<void(std::string_view)> visit) {
  std::string_view path = seen.path;
  if (path.size() > kMaxClaim)
    path = path.substr(0, path.rfind('/', kMaxClaim));  // no claim is longer
  const std::string whole = ClaimIndex::url_key(seen.host, ClaimIndex::url_place(path));
  std::string_view key = whole;
  while (true) {
    visit(key);
    const std::size_t slash = key.rfind('/');
    if (slash == std::string_view::npos || slash <= seen.host.size()) break;
    key = key.substr(0, slash);
  }
}

}  // namespace

/// End of the URL whose first byte is `from` and whose part after the scheme begins at
/// `content` (U9).
std::size_t ExactScan::url_end(std::size_t from, std::size_t content, bool nested) const {
  std::size_t end = content;
  int depth[3] = {0, 0, 0};  // of ( [ {
  const auto slot = [](char opener) { return opener == '(' ? 0 : opener == '[' ? 1 : 2; };
  const bool in_single_quotes = before(from) == '\'';
  while (end < text_.size() && !ends_url(text_[end])) {
    const char c = text_[end];
    if (c == '\'' && in_single_quotes) break;
    // The outer query's own '&' ends a nested URL; one that was decoded is the nested URL's.
    if (c == '&' && nested && !view_->decoded(end)) break;
    if (c == '(' || c == '[' || c == '{') ++depth[slot(c)];
    if (const char opener = opener_of(c); opener != '\0') {
      // A bracket that was not opened here closes what stands around the URL, if the text goes
      // on like that.
      if (depth[slot(opener)] == 0) {
        // No path holds a bare ']' (RFC 3986), other brackets may stand in one.
        const char next = at(end + 1);
        if (c == ']' || end + 1 == text_.size() || ends_url(next) ||
            is_closing_punctuation(next) || opener_of(next) != '\0')
          break;
      } else {
        --depth[slot(opener)];
      }
    }
    // A list: the next URL begins after the comma.
    if (c == ',' || c == ';') {
      std::size_t word = end + 1;
      while (word < text_.size() && word - end <= 8 && is_alpha(text_[word])) ++word;
      if (word > end + 1 && text_.substr(std::min(word, text_.size()), 3) == "://") break;
    }
    ++end;
  }
  // U9: trailing punctuation and brackets that nothing opened, off the end.
  while (end > content) {
    const char c = text_[end - 1];
    if (is_closing_punctuation(c)) {
      --end;
    } else if (const char opener = opener_of(c); opener != '\0') {
      const std::string_view body = text_.substr(content, end - content);
      if (std::count(body.begin(), body.end(), c) <=
          std::count(body.begin(), body.end(), opener))
        break;
      --end;
    } else {
      break;
    }
  }
  return end;
}

void ExactScan::cut_urls_with_scheme() {
  std::size_t at_sign = 0;
  while ((at_sign = text_.find("://", at_sign)) != std::string_view::npos) {
    const std::size_t mark = at_sign;
    at_sign += 3;
    std::size_t begin = mark;
    while (begin > 0 && mark - begin < 32 && is_scheme_byte(text_[begin - 1])) --begin;
    while (begin < mark && !is_alnum(text_[begin])) ++begin;  // punctuation before the scheme
    if (begin == mark || !is_alpha(text_[begin])) continue;   // S1: "1http" is no scheme
    if (begin > 0 && (is_non_ascii(text_[begin - 1]) || text_[begin - 1] == '_')) continue;

    // Inside another URL: in its query it is nested (U10), elsewhere it is a part of that URL's
    // path.
    const UrlToken* outer = url_around(begin);
    if (outer != nullptr && !(outer->parsed && outer->query.holds(begin))) continue;
    const unsigned depth = outer != nullptr            ? outer->depth + 1
                           : in_query_of_target(begin) ? 1
                                                       : 0;
    if (depth > kMaxNesting) continue;
    const std::size_t end = url_end(begin, mark + 3, depth > 0);
    UrlToken token;
    token.whole = {begin, end};
    token.has_scheme = true;
    token.depth = depth;
    if (end - begin <= 65536) {
      if (auto url = parse_url(text_.substr(begin, end - begin), Scheme::kRequired)) {
        token.parsed = true;
        token.host = {begin + url->host_begin, begin + url->host_end};
        // A fragment belongs to neither path nor query (U1).
        const std::size_t fragment = text_.substr(begin, end - begin).find('#');
        const std::size_t last = fragment == std::string_view::npos ? end : begin + fragment;
        const std::size_t path = begin + url->path_begin;
        if (url->query) {
          token.query = {begin + url->query_begin, last};
          token.path = {path, begin + url->query_begin - 1};
        } else {
          token.path = {path, last};
        }
        token.url = std::move(*url);
      } else {
        refuse(
            begin, end, url.error().rule == "I3" ? "I3" : "U1",
            "'" + std::string(text_.substr(begin, end - begin)) + "': " + url.error().reason);
      }
    }
    add_url(std::move(token));
  }
}

/// U10: the queries of request targets: "/..." after a blank or a quote, with a '?'.
void ExactScan::cut_request_targets() {
  std::size_t end = 0;
  for (std::size_t i = text_.find('/'); i != std::string_view::npos;
       i = text_.find('/', std::max(end, i + 1))) {
    if (i > 0 && !is_space(text_[i - 1]) && text_[i - 1] != '"' && text_[i - 1] != '\'')
      continue;
    end = i;
    std::size_t mark = std::string_view::npos;
    while (end < text_.size() && !ends_url(text_[end])) {
      if (text_[end] == '?' && mark == std::string_view::npos) mark = end;
      ++end;
    }
    if (mark != std::string_view::npos) targets_.push_back({mark + 1, end});
  }
}

bool ExactScan::in_query_of_target(std::size_t at) const {
  // The queries stand in the order of the text and do not overlap.
  const auto after = std::upper_bound(
      targets_.begin(), targets_.end(), at,
      [](std::size_t place, const Range& range) { return place < range.begin; });
  return after != targets_.begin() && std::prev(after)->holds(at);
}

void ExactScan::add_url(UrlToken token) {
  innermost_.resize(text_.size(), 0);
  const auto row = static_cast<std::uint32_t>(urls_.size() + 1);
  std::fill(innermost_.begin() + static_cast<std::ptrdiff_t>(token.whole.begin),
            innermost_.begin() + static_cast<std::ptrdiff_t>(token.whole.end), row);
  urls_.push_back(std::move(token));
}

const ExactScan::UrlToken* ExactScan::url_around(std::size_t at) const {
  const std::uint32_t row = at < innermost_.size() ? innermost_[at] : 0;
  return row == 0 ? nullptr : &urls_[row - 1];
}

/// U3: host '/' path without a scheme.
void ExactScan::cut_urls_without_scheme() {
  for (std::size_t slash = text_.find('/'); slash != std::string_view::npos;) {
    std::size_t next = slash + 1;
    // Back over ":port" and the host.
    std::size_t host_end = slash;
    std::size_t digits = slash;
    while (digits > 0 && is_digit(text_[digits - 1]) && slash - digits < 6) --digits;
    if (digits < slash && digits > 0 && text_[digits - 1] == ':') host_end = digits - 1;
    std::size_t begin = host_end;
    if (before(host_end) == ']') {
      while (begin > 0 && host_end - begin < 64 && text_[begin - 1] != '[') --begin;
      if (begin > 0) --begin;
    } else {
      while (begin > 0 && host_end - begin < 512 &&
             (is_alnum(text_[begin - 1]) ||
              std::string_view("-_.").find(text_[begin - 1]) != std::string_view::npos ||
              is_non_ascii(text_[begin - 1]))) {
        --begin;
      }
      while (begin < host_end && (text_[begin] == '-' || text_[begin] == '.')) ++begin;
    }
    const char left = before(begin);
    const bool relative_scheme =
        left == '/' && begin >= 2 && text_[begin - 2] == '/' &&
        (begin == 2 ||
         (text_[begin - 3] != ':' && !is_alnum(text_[begin - 3]) && text_[begin - 3] != '/'));
    bool possible = begin < host_end && (left != '/' || relative_scheme) && left != '\\' &&
                    left != '@' && left != '%';
    // Nor is a host that is neither dotted nor in brackets ("HTTP/1.1", "text/html").
    const std::string_view host = text_.substr(begin, host_end - begin);
    possible = possible && std::any_of(host.begin(), host.end(), [](char c) {
                 return c == '.' || c == '[' || is_non_ascii(c);
               });
    // Never inside another URL, with or without a scheme, nor in the query of a request target.
    if (possible) {
      possible = url_around(begin) == nullptr && !in_query_of_target(begin);
    }
    if (possible) {
      const std::size_t end = url_end(begin, begin, false);
      if (end > slash && end - begin <= 65536) {
        if (auto url = parse_url(text_.substr(begin, end - begin), Scheme::kOptional)) {
          UrlToken token;
          token.whole = {begin, end};
          token.parsed = true;
          token.host = {begin + url->host_begin, begin + url->host_end};
          token.path = {begin + url->path_begin,
                        url->query ? begin + url->query_begin - 1 : end};
          if (url->query) token.query = {begin + url->query_begin, end};
          token.url = std::move(*url);
          add_url(std::move(token));
          next = std::max(next, end);
        }
      }
    }
    slash = text_.find('/', next);
  }
}

void ExactScan::cut_urls() {
  if (text_.find('/') == std::string_view::npos) return;
  cut_request_targets();
  cut_urls_with_scheme();
  cut_urls_without_scheme();
  for (const UrlToken& token : urls_) {
    if (!token.parsed || announced_.size() >= kMostAnnounced) continue;
    for_each_place(token.url, [this](std::string_view key) { expect_url(key); });
  }
}

const ExactScan::UrlToken* ExactScan::url_with_host_at(std::size_t at) const {
  const UrlToken* url = url_around(at);
  return url != nullptr && url->parsed && url->has_scheme && url->host.holds(at) ? url
                                                                                 : nullptr;
}

/// U2 to U8, U6 for roots; kNone with the rule that refused.
Grade ExactScan::compare_urls(const Url& claim, const Url& seen, const char** rule) {
  Grade grade = Grade::kExact;
  *rule = "U2";
  const auto lower_to = [&](Grade step, const char* why) {
    if (step < grade) {
      grade = step;
      *rule = why;
    }
  };
  if (seen.host_respelled)
    lower_to(Grade::kEquivalent, seen.host_kind == HostKind::kName ? "D1" : "I6");

  // U3: the scheme.
  if (seen.scheme.empty()) {
    lower_to(Grade::kEquivalent, "U3");
  } else if (seen.scheme != claim.scheme) {
    const auto is_web = [](const std::string& scheme) {
      return scheme == "http" || scheme == "https";
    };
    if (!is_web(seen.scheme) || !is_web(claim.scheme)) {
      *rule = "U3";
      return Grade::kNone;
    }
    lower_to(Grade::kEquivalent, "U3");
  }
  // U8: the port. Without a scheme, the default of the claim's scheme is no port of its own.
  std::optional<std::uint16_t> seen_port = seen.port;
  if (seen.scheme.empty() && seen_port == default_port(claim.scheme)) seen_port.reset();
  if (seen_port != claim.port) {
    if (claim.port) {
      *rule = "U8";
      return Grade::kNone;
    }
    lower_to(Grade::kWeak, "U8");
  }
  // The path: equal, equal but for case or one slash (U3), or below the claim's on a '/' border
  // (U5, U6).
  const std::string_view claim_path = ClaimIndex::url_place(claim.path);
  const std::string_view seen_path = ClaimIndex::url_place(seen.path);
  const bool same = equals_ignore_case(claim_path, seen_path);
  if (!same) {
    const bool below = seen_path.size() > claim_path.size() &&
                       starts_with_ignore_case(seen_path, claim_path) &&
                       seen_path[claim_path.size()] == '/';
    if (!below || claim.query) {
      *rule = claim.query ? "U4" : "U5";
      return Grade::kNone;
    }
    if (claim.path == "/") {  // U6
      if (claim.host_kind == HostKind::kName && !covers_subdomains(claim.host)) {
        *rule = "U6";
        return Grade::kNone;
      }
      lower_to(Grade::kContains, "U6");
    } else {
      lower_to(Grade::kContains, "U5");
    }
    return grade;
  }
  if (claim.path != seen.path) lower_to(Grade::kEquivalent, "U3");
  // U4: the query.
  if (claim.query) {
    if (seen.query != claim.query) {
      *rule = "U4";
      return Grade::kNone;
    }
  } else if (seen.query) {
    lower_to(Grade::kContains, "U4");
  }
  return grade;
}

void ExactScan::match_url(const UrlToken& token) {
  const Url& seen = token.url;
  // In a percent view a URL that was a URL already has been read with its escapes (U1); where a
  // decoded byte now ends it, it would be cut short ("/a%20b" is not "/a").
  if (!view_->chain.empty() && view_->chain.back() == ViewKind::kPercent &&
      token.whole.end < text_.size() && view_->decoded(token.whole.end) &&
      !view_->decoded(token.whole.begin)) {
    return;
  }
  const Grade cap = token.depth > 0 ? Grade::kDerived : Grade::kExact;
  std::size_t end = token.query.end > token.query.begin
                        ? token.query.end
                        : std::max(token.path.end, token.host.end);
  end = std::max(end, token.whole.begin + 1);
  for_each_place(seen, [&](std::string_view key) {
    index_.candidates(KeyKind::kUrlPlace, key, [&](std::uint32_t indicator) {
      if (index_.at(indicator).type != IndicatorType::kUrl) return;
      Url room;
      const Url& claim = index_.url(indicator, room);
      if (claim.host != seen.host || claim.host_kind != seen.host_kind) return;
      const char* rule = "";
      const Grade grade = compare_urls(claim, seen, &rule);
      if (grade == Grade::kNone) {
        if (tracing()) {
          refuse(token.whole.begin, end, rule,
                 "'" + seen.text() + "' does not satisfy '" + claim.text() + "'");
        }
      } else {
        const bool lowered = token.depth > 0 && grade > Grade::kDerived;
        found(token.whole.begin, end, indicator, weaker(grade, cap), lowered ? "U10" : rule);
      }
    });
  });
  if (tracing())
    refuse(token.whole.begin, end, "U5",
           "'" + seen.text() + "' is one whole URL; paths are compared on '/' borders");
}

/// Host spellings that no other rule reads as what they are: I6, and names with
/// percent-escapes.
void ExactScan::match_url_host(const UrlToken& token) {
  const Url& seen = token.url;
  if (!seen.host_respelled) return;
  const Grade grade = Grade::kEquivalent;
  if (seen.host_kind == HostKind::kIpv4) {
    const std::string_view written =
        text_.substr(token.host.begin, token.host.end - token.host.begin);
    if (parse_ipv4_loose(written)) return;  // dotted: match_ipv4 has it, by I3
    if (written.find(':') != std::string_view::npos)
      return;  // mapped: match_ipv6 has it, by I7
    if (const auto address = parse_ipv4(seen.host)) {
      const std::uint8_t bytes[4] = {
          static_cast<std::uint8_t>(*address >> 24), static_cast<std::uint8_t>(*address >> 16),
          static_cast<std::uint8_t>(*address >> 8), static_cast<std::uint8_t>(*address)};
      match_address(bytes, seen.host, token.host.begin, token.host.end, grade, "I6");
      std::string port = seen.port ? std::to_string(*seen.port) : std::string();
      match_port(IndicatorType::kIpv4Port, seen.host, token.host.begin, token.host.end, port,
                 token.host.end + (port.empty() ? 0 : port.size() + 1), grade);
    }
  }
}

/// U6: a root URL is that host exactly; a name or address by itself lacks only scheme and slash
/// (U3).
void ExactScan::match_root_urls(std::string_view host, std::size_t begin, std::size_t end,
                                std::string_view port, Grade cap) {
  if (!index_.has(IndicatorType::kUrl)) return;
  if (url_around(begin) != nullptr) return;  // read as a URL, with its path and port
  index_.candidates(
      KeyKind::kUrlPlace, ClaimIndex::url_key(host, ""), [&](std::uint32_t indicator) {
        if (index_.at(indicator).type != IndicatorType::kUrl) return;
        Url room;
        const Url& claim = index_.url(indicator, room);
        if (claim.host != host || claim.path != "/" || claim.query) return;
        if (claim.port) {
          refuse(begin, end, "U8", "the URL names a port");
          return;
        }
        // U8: an explicit port beside the host that is not the claim's default is another
        // service.
        const auto implied = default_port(claim.scheme);
        const bool other = !port.empty() && (!implied || port != std::to_string(*implied));
        found(begin, end, indicator, weaker(cap, other ? Grade::kWeak : Grade::kEquivalent),
              other ? "U8" : "U6");
      });
  if (tracing()) refuse(begin, end, "U7", "a host alone never satisfies a URL with a path");
}

void ExactScan::match_urls() {
  for (const UrlToken& token : urls_) {
    if (!token.parsed) continue;
    if (index_.has(IndicatorType::kUrl)) match_url(token);
    if (token.has_scheme) match_url_host(token);
  }
}

}  // namespace spoor
