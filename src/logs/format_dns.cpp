// DNS servers' logs: BIND (queries, denials), dnsmasq, the debug log of Windows DNS. Tested by
// formats_test.cpp.

#include "logs/cursor.h"
#include "logs/format.h"

namespace spoor {
namespace {

// -------------------------------------------------------------------------------------- BIND

/// 19-Oct-2022 05:34:03.425 [queries: info:] client @0x7f 192.0.2.1#3076 (evil.example): query:
/// evil.example IN A +E(0)K (192.0.2.53)
bool parse_bind(std::string_view line, const FormatState& state, Record& record) {
  const std::string_view head = line.substr(0, 1024);
  std::size_t client = head.find("client ");
  if (client == std::string_view::npos || client > 96) return false;
  const auto time = read_time(head, state.time);
  if (client > 0 && !time && head.find(": ") > client) return false;
  Cursor cursor(head);
  cursor.move_to(client + 7);
  if (cursor.peek() == '@') cursor.word();
  std::string_view peer = cursor.word();
  while (!peer.empty() && peer.back() == ':') peer.remove_suffix(1);
  const std::size_t hash = peer.find('#');
  if (hash == std::string_view::npos || !looks_like_address(peer.substr(0, hash))) return false;
  const std::string_view address = peer.substr(0, hash);
  const std::string_view port = peer.substr(hash + 1);
  if (!is_number(port)) return false;
  if (time) record.set_time(*time);
  record.set(Slot::kSourceAddress, "client", address);
  record.set(Slot::kSourcePort, "client.port", port);
  record.join(address, port);
  if (cursor.peek() == '(') {
    cursor.eat("(");
    if (const auto name = cursor.until(")")) record.mark(FieldRole::kDomain, "name", *name);
  }
  const std::string_view rest = cursor.rest();
  const std::size_t query = rest.find("query: ");
  if (query != std::string_view::npos) {
    Cursor asked(rest.substr(query + 7));
    record.mark(FieldRole::kDomain, "query", asked.word());
    asked.word();  // the class
    record.set(Slot::kNone, "query.type", asked.word());
    // The address that was asked stands in brackets at the end.
    const std::size_t open = rest.rfind('(');
    if (open != std::string_view::npos && rest.back() == ')') {
      const std::string_view server = rest.substr(open + 1, rest.size() - open - 2);
      if (looks_like_address(server)) record.set(Slot::kDestinationAddress, "server", server);
    }
    record.set_outcome(Outcome::kAnswered, 5);
  }
  if (rest.find("denied") != std::string_view::npos) record.set_outcome(Outcome::kBlocked);
  return true;
}

// ----------------------------------------------------------------------------------- dnsmasq

/// [12345 192.0.2.1/53123] query[A] evil.example from 192.0.2.1
bool parse_dnsmasq(std::string_view line, const FormatState&, Record& record) {
  Cursor cursor(line.substr(0, 1024));
  std::string_view first = cursor.word();
  std::string_view source, port;
  if (is_number(first)) {  // log-queries=extra: serial, requestor/port
    const std::string_view requestor = cursor.word();
    const std::size_t slash = requestor.find('/');
    if (slash == std::string_view::npos) return false;
    source = requestor.substr(0, slash);
    port = requestor.substr(slash + 1);
    first = cursor.word();
  }
  std::string_view name = cursor.word();
  std::string_view link = cursor.word();
  std::string_view other = cursor.word();
  const bool refused = name == "blocked";  // Pi-hole: gravity blocked evil.example is 0.0.0.0
  if (refused) {
    name = link;
    link = other;
    other = cursor.word();
  }
  const bool query = first.substr(0, 6) == "query[" || first.substr(0, 7) == "dnssec-";
  const bool dhcp = first.substr(0, 4) == "DHCP";
  constexpr std::string_view kAnswers[] = {"reply",      "cached",       "config", "forwarded",
                                           "validation", "cached-stale", "Rate",   "special"};
  const bool answer =
      std::find(std::begin(kAnswers), std::end(kAnswers), first) != std::end(kAnswers) ||
      (!first.empty() && first.front() == '/' && link == "is") || (refused && link == "is");
  if (dhcp) {
    if (looks_like_address(name)) record.set(Slot::kSourceAddress, "lease", name);
    if (looks_like_address(link)) record.set(Slot::kSourceAddress, "lease", link, 1);
    return first.size() > 6;
  }
  if (!(query && link == "from") && !(answer && (link == "is" || link == "to"))) return false;
  record.mark(FieldRole::kDomain, query ? "query" : "name", name);
  if (!source.empty()) {
    record.set(Slot::kSourceAddress, "requestor", source);
    record.set(Slot::kSourcePort, "requestor.port", port);
    record.join(source, port);
  }
  if (query) {
    record.set(Slot::kSourceAddress, "from", other);
  } else if (link == "to") {
    record.set(Slot::kDestinationAddress, "to", other);
  } else {
    record.mark(looks_like_address(other) ? FieldRole::kAddress : FieldRole::kDomain, "answer",
                other);
    const bool blocked = first.front() == '/' || first == "config";
    if (refused || other == "0.0.0.0" || other == "::" || (blocked && other == "NXDOMAIN")) {
      record.set_outcome(Outcome::kBlocked);
    } else {
      record.set_outcome(other.substr(0, 8) == "NXDOMAIN" ? Outcome::kFailed
                                                          : Outcome::kAnswered);
    }
  }
  return true;
}

// ------------------------------------------------------------------------------- Windows DNS

/// 11/24/2026 10:54:14 AM 0E78 PACKET  000001F2 UDP Rcv 192.0.2.1   7b2a   Q [0001   D NOERROR]
/// A      (4)evil(7)example(0)
bool parse_windows_dns(std::string_view line, const FormatState& state, Record& record) {
  const std::size_t packet = line.substr(0, 64).find(" PACKET ");
  if (packet == std::string_view::npos) return false;
  const auto time = read_time(line, state.time);
  if (!time) return false;
  Cursor cursor(line);
  cursor.move_to(packet + 8);
  cursor.skip_blanks();
  cursor.word();  // the packet's address
  const std::string_view protocol = cursor.word();
  const std::string_view way = cursor.word();
  if ((protocol != "UDP" && protocol != "TCP") || (way != "Rcv" && way != "Snd")) return false;
  const std::string_view address = cursor.word();
  record.set_time(*time);
  record.set(Slot::kNone, "protocol", protocol);
  record.set(Slot::kDirection, "direction", way);
  cursor.word();  // the query's number
  const bool response = cursor.peek() == 'R' && is_blank(cursor.peek(1));
  // What comes in as a question and goes out as an answer is the client's.
  const bool from_client = (way == "Rcv") != response;
  record.set(from_client ? Slot::kSourceAddress : Slot::kDestinationAddress, "remote", address);
  const auto flags = cursor.until("]");
  if (!flags) return true;
  const std::size_t last = flags->find_last_of(' ');
  const std::string_view code =
      last == std::string_view::npos ? std::string_view() : flags->substr(last + 1);
  if (!code.empty()) record.set(Slot::kStatus, "rcode", code);
  if (response) record.set_outcome(outcome_of_word(code));
  cursor.skip_blanks();
  record.set(Slot::kNone, "query.type", cursor.word());
  record.mark(FieldRole::kDomain, "query", trim(cursor.rest()));
  return true;
}

}  // namespace

constexpr LogFormat kBindFormat = {
    "bind", "BIND queries and denials", parse_bind, nullptr, nullptr, "named", true};
constexpr LogFormat kDnsmasqFormat = {"dnsmasq",     "dnsmasq, Pi-hole",
                                      parse_dnsmasq, nullptr,
                                      nullptr,       "dnsmasq dnsmasq-dhcp pihole-FTL",
                                      false};
constexpr LogFormat kWindowsDnsFormat = {"windows-dns", "Windows DNS debug log",
                                         parse_windows_dns};

}  // namespace spoor
