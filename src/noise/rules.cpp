#include "noise/rules.h"

#include <cstdio>

#include "base/ascii.h"
#include "ioc/guard.h"
#include "ioc/ip.h"
#include "ioc/url.h"

namespace spoor {
namespace {

constexpr NoiseRule kRules[] = {
    {"N1", "the value is on the own allow-list", "suppressed"},
    {"N2", "the value is on a warninglist", "what the list says: suppressed, weak or shown"},
    {"N3", "the value is in the built-in set", "what its row says: suppressed or weak"},
    {"N4", "a source of claims says itself that the value is harmless",
     "suppressed or weak, by the kind of note"},
    {"N5", "the value is seen too often, or on too many hosts, to mean something", "weak"},
    {"N6", "an attempt from outside that was kept out", "weak"},
    {"N7", "the match itself is ambiguous (grade weak)", "weak"},
};

struct WeakRow {
  std::string_view rule, reason;
};
constexpr WeakRow kWeakReasons[] = {
    {"I3", "leading zeros: octal or decimal is not known"},
    {"I9", "looks like a software version"},
    {"P1", "the address and the port stand apart"},
    {"P2", "the address without its port"},
    {"D7", "could be the name of a file"},
    {"U8", "the same address on another port"},
};

// The first row that fits decides. "": any source.
struct NoteRow {
  std::string_view source, name;
  Verdict verdict;
};
constexpr NoteRow kNotes[] = {
    {"", "whitelist", Verdict::kSuppressed},       // OTX: its own list of harmless values
    {"", "false_positive", Verdict::kSuppressed},  // OTX: a report of one was accepted
    {"", "benign", Verdict::kSuppressed},
    {"", "",
     Verdict::kWeak},  // majestic, alexa, akamai, aws, suspicious, ...: common, not good
};

// Words for the direction of an event, as logs write them.
struct DirectionRow {
  std::string_view word;
  bool inbound;
};
constexpr DirectionRow kDirections[] = {
    {"inbound", true},    {"in", true},          {"incoming", true}, {"ingress", true},
    {"ext-to-int", true}, {"outbound", false},   {"out", false},     {"outgoing", false},
    {"egress", false},    {"int-to-ext", false},
};

std::optional<bool> is_inbound(std::string_view word) {
  for (const DirectionRow& row : kDirections) {
    if (equals_ignore_case(row.word, word)) return row.inbound;
  }
  return std::nullopt;
}

bool is_address(IndicatorType type) {
  return type == IndicatorType::kIpv4 || type == IndicatorType::kIpv6 ||
         type == IndicatorType::kCidr || type == IndicatorType::kIpv4Port ||
         type == IndicatorType::kIpv6Port;
}

/// Whether the indicator is, or holds, the address.
bool is_end(const Observable& observable, std::string_view address) {
  if (address.empty()) return false;
  const std::string_view value = observable.value;
  if (observable.type == IndicatorType::kCidr) {
    const auto network = parse_network(value, nullptr);
    if (!network) return false;
    const auto inside =
        parse_network(std::string(address) + "/" + std::to_string(network->prefix), nullptr);
    return inside && inside->is_v6 == network->is_v6 && inside->base == network->base;
  }
  std::string_view host = value;
  if (observable.type == IndicatorType::kIpv4Port ||
      observable.type == IndicatorType::kIpv6Port) {
    host = value.substr(0, value.rfind(':'));
    if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  }
  if (const auto v6 = parse_ipv6(address)) return format_ipv6(*v6) == host;
  return address == host;
}

/// Whether the address is one of ours: private, link-local and the like.
bool is_ours(std::string_view address) {
  IndicatorType type = IndicatorType::kIpv4;
  if (!parse_ipv4(address)) {
    if (!parse_ipv6(address)) return false;
    type = IndicatorType::kIpv6;
  }
  return quarantine_reason(Observable{type, std::string(address)}).has_value();
}

/// Types that say so little that their volume can speak against them: no digests, nothing that
/// names one thing.
bool can_be_common(const Observable& observable) {
  switch (observable.type) {
    case IndicatorType::kIpv4:
    case IndicatorType::kIpv6:
    case IndicatorType::kCidr:
    case IndicatorType::kIpv4Port:
    case IndicatorType::kIpv6Port:
    case IndicatorType::kDomain:
    case IndicatorType::kHostname:
    case IndicatorType::kUri:
    case IndicatorType::kEmail:
    case IndicatorType::kFileName:
    case IndicatorType::kUserAgent:
    case IndicatorType::kAsn:
      return true;
    case IndicatorType::kUrl: {
      const auto url = parse_url(observable.value, Scheme::kRequired);
      return url && url->path == "/" && !url->query;
    }
    default:
      return false;
  }
}

/// "12,345".
std::string grouped(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

}  // namespace

std::span<const NoiseRule> noise_rules() {
  return kRules;
}

std::string_view weak_reason(std::string_view rule) {
  for (const WeakRow& row : kWeakReasons) {
    if (row.rule == rule) return row.reason;
  }
  return "ambiguous";
}

Verdict verdict_of_note(std::string_view source, std::string_view name) {
  for (const NoteRow& row : kNotes) {
    if (!row.source.empty() && !equals_ignore_case(row.source, source)) continue;
    if (row.name.empty() || equals_ignore_case(row.name, name)) return row.verdict;
  }
  return Verdict::kWeak;
}

std::string volume_reason(const Observable& observable, const Volume& volume,
                          std::uint64_t all_events, const VolumeLimits& limits) {
  const bool many_hosts = limits.hosts > 0 && volume.hosts >= limits.hosts;
  const double percent = all_events == 0 ? 0.0
                                         : 100.0 * static_cast<double>(volume.events) /
                                               static_cast<double>(all_events);
  const bool many_events =
      limits.events > 0 && volume.events >= limits.events && percent >= limits.percent;
  if ((!many_hosts && !many_events) || !can_be_common(observable)) return {};
  if (many_hosts) return "popular: on " + grouped(volume.hosts) + " hosts";
  char part[32];
  std::snprintf(part, sizeof part, "%.1f", percent);
  return "popular: in " + grouped(volume.events) + " of " + grouped(all_events) + " events (" +
         part + " %)";
}

std::string_view flow_reason(Flow flow) {
  return flow == Flow::kInboundBlocked ? "blocked: an attempt from outside that was kept out"
                                       : std::string_view();
}

Flow flow_of(const Observable& observable, const FlowFacts& facts) {
  if (!is_address(observable.type)) {
    if (facts.answered) return Flow::kAnswered;
    return facts.blocked && is_ours(facts.source_address) ? Flow::kOutboundBlocked
                                                          : Flow::kUnknown;
  }
  const bool from = is_end(observable, facts.source_address);
  const bool to = is_end(observable, facts.destination_address);
  if (from == to) return Flow::kUnknown;
  const std::optional<bool> word = is_inbound(facts.direction);
  // Who is on the other side decides where the line says no direction; both must agree.
  if (from && (word.value_or(true) && (word || is_ours(facts.destination_address))))
    return facts.blocked ? Flow::kInboundBlocked : Flow::kInbound;
  if (to && (!word.value_or(false) && (word || is_ours(facts.source_address))))
    return facts.blocked ? Flow::kOutboundBlocked : Flow::kOutbound;
  return Flow::kUnknown;
}

}  // namespace spoor
