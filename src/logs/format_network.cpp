// Firewalls and packets as text: Cisco ASA and FTD, Linux netfilter (iptables, nftables, ufw),
// tcpdump. Tested by formats_test.cpp.

#include "logs/cursor.h"
#include "logs/format.h"

namespace spoor {
namespace {

// ----------------------------------------------------------------------------------------- ASA

/// "outside:192.0.2.5/443", "inside/192.0.2.5(443)", "192.0.2.5/443", "192.0.2.5".
bool asa_endpoint(std::string_view word, std::string_view& address, std::string_view& port) {
  while (!word.empty() && (word.back() == ',' || word.back() == ')' || word.back() == ';' ||
                           word.back() == '"')) {
    // "192.0.2.5(443)" keeps its bracket for the port.
    if (word.back() == ')' && word.find('(') != std::string_view::npos) break;
    word.remove_suffix(1);
  }
  while (!word.empty() && (word.front() == '(' || word.front() == '"')) word.remove_prefix(1);
  const std::size_t open = word.find('(');
  if (open != std::string_view::npos && open > 0) {
    port = word.substr(open + 1);
    port = port.substr(0, std::min(port.find(')'), port.size()));
    word = word.substr(0, open);
    const std::size_t slash = word.find('/');
    if (slash != std::string_view::npos && looks_like_address(word.substr(slash + 1))) {
      address = word.substr(slash + 1);  // outside/192.0.2.5(443)
      if (!is_number(port)) port = {};
      return true;
    }
    port = {};  // 192.0.2.5/443(user): what stands in the bracket is no port
  }
  // The interface before the first colon; a v6 address has more of them.
  const std::size_t colon = word.find(':');
  if (colon != std::string_view::npos && !looks_like_address(word.substr(0, word.find('/'))))
    word.remove_prefix(colon + 1);
  const std::size_t slash = word.find('/');
  address = word.substr(0, slash);
  port = slash == std::string_view::npos ? std::string_view() : word.substr(slash + 1);
  if (!is_number(port)) port = {};
  return looks_like_address(address);
}

struct AsaWord {
  std::string_view text;
  Outcome outcome;
};
constexpr AsaWord kAsaWords[] = {
    {"Deny ", Outcome::kBlocked},       {"denied", Outcome::kBlocked},
    {"Denied", Outcome::kBlocked},      {"dropped", Outcome::kBlocked},
    {"rejected", Outcome::kBlocked},    {"Discarded", Outcome::kBlocked},
    {"permitted", Outcome::kAllowed},   {"Built ", Outcome::kAllowed},
    {"Teardown ", Outcome::kAllowed},   {"authentication Successful", Outcome::kAllowed},
    {"Login denied", Outcome::kFailed}, {"authentication Rejected", Outcome::kFailed},
    {"accepted", Outcome::kAllowed},
};

/// %ASA-6-302013: Built outbound TCP connection 1 for outside:192.0.2.5/443 (192.0.2.5/443) to
/// inside:10.0.0.5/51234 (198.51.100.1/51234)
bool parse_asa(std::string_view line, const FormatState& state, Record& record) {
  std::size_t percent = 0;
  if (line.empty()) return false;
  if (line.front() != '%') {  // a bare line may begin with its time
    const auto time = read_time(line, state.time);
    percent = line.substr(0, 96).find('%');
    if (percent == std::string_view::npos) return false;
    if (time && line.substr(percent, 5) == "%ASA-") record.set_time(*time);
  }
  const std::string_view tag = line.substr(percent, 5);
  if (tag != "%ASA-" && tag != "%FTD-" && tag != "%PIX-" && tag != "%FWSM") return false;
  Cursor cursor(line.substr(0, 4096));
  cursor.move_to(percent);
  const auto id = cursor.until(": ");
  if (!id || id->size() > 32) return false;
  record.set(Slot::kNone, "message_id", id->substr(1));
  cursor.skip_blanks();
  const std::string_view message = cursor.rest();
  for (const AsaWord& word : kAsaWords) {
    if (message.find(word.text) == std::string_view::npos) continue;
    record.set_outcome(word.outcome);
    break;
  }
  const bool outbound = message.find(" outbound ") != std::string_view::npos;
  const bool inbound = message.find(" inbound ") != std::string_view::npos;
  if (outbound)
    record.set(Slot::kDirection, "direction",
               message.substr(message.find(" outbound ") + 1, 8));
  if (inbound)
    record.set(Slot::kDirection, "direction", message.substr(message.find(" inbound ") + 1, 7));

  // The first two endpoints that are not mapped ones in brackets; "from A to B", "src A dst B"
  // and "for A to B" give them in that order, "outbound" turns them round.
  std::string_view addresses[2], ports[2];
  std::size_t count = 0;
  std::string_view before;
  while (!cursor.done()) {
    const std::string_view word = cursor.word();
    std::string_view address, port;
    if (asa_endpoint(word, address, port)) {
      if (word.front() != '(' && before != "gaddr" && count < 2) {
        addresses[count] = address;
        ports[count] = port;
        ++count;
      }
      if (word.front() == '(' || before == "gaddr" || count > 2 || count == 0)
        record.mark(FieldRole::kAddress, "mapped.address", address);
      if (!port.empty()) record.join(address, port);
    }
    if ((before == "user" || before == "User" || before == "user:") && word.size() > 1) {
      std::string_view user = word;
      while (!user.empty() &&
             std::string_view(",'\":.").find(user.back()) != std::string_view::npos)
        user.remove_suffix(1);
      while (!user.empty() && (user.front() == '\'' || user.front() == '"'))
        user.remove_prefix(1);
      if (user != "=") record.set(Slot::kUser, "user", user);
    }
    before = word;
  }
  const std::size_t from = outbound && count == 2 ? 1 : 0;
  if (count > 0) {
    record.set(Slot::kSourceAddress, "source.address", addresses[from]);
    if (!ports[from].empty()) record.set(Slot::kSourcePort, "source.port", ports[from]);
  }
  if (count > 1) {
    record.set(Slot::kDestinationAddress, "destination.address", addresses[1 - from]);
    if (!ports[1 - from].empty())
      record.set(Slot::kDestinationPort, "destination.port", ports[1 - from]);
  }
  return true;
}

// ----------------------------------------------------------------------------------- netfilter

/// [UFW BLOCK] IN=eth0 OUT= MAC=... SRC=192.0.2.5 DST=10.0.0.5 LEN=44 ... PROTO=TCP SPT=51234
/// DPT=22 ...
bool parse_iptables(std::string_view line, const FormatState& state, Record& record) {
  const std::string_view head = line.substr(0, 2048);
  const std::size_t src = head.find("SRC=");
  const std::size_t in = head.find("IN=");
  if (src == std::string_view::npos || in == std::string_view::npos || in > src ||
      head.find(" DST=", src) == std::string_view::npos || in > 512) {
    return false;
  }
  const std::string_view prefix = head.substr(0, in);
  if (const auto time = find_time(prefix, state.time)) record.set_time(*time);
  put_key_values(head.substr(in), record);
  constexpr std::string_view kBlocked[] = {"BLOCK", "DROP", "DENY", "REJECT",
                                           "Block", "drop", "Deny"};
  constexpr std::string_view kAllowed[] = {"ALLOW", "ACCEPT", "Allow", "accept"};
  const auto names = [&](std::string_view word) {
    return prefix.find(word) != std::string_view::npos;
  };
  if (std::any_of(std::begin(kBlocked), std::end(kBlocked), names)) {
    record.set_outcome(Outcome::kBlocked);
  } else if (std::any_of(std::begin(kAllowed), std::end(kAllowed), names)) {
    record.set_outcome(Outcome::kAllowed);
  }
  const bool has_in = !between(head.substr(in), "IN=", " ").empty();
  const bool has_out = !between(head.substr(in), "OUT=", " ").empty();
  if (has_in && !has_out) record.set(Slot::kDirection, "direction", "inbound");
  if (!has_in && has_out) record.set(Slot::kDirection, "direction", "outbound");
  return true;
}

// ------------------------------------------------------------------------------------- tcpdump

/// "192.0.2.5.51234" into address and port; a v6 address the same.
bool tcpdump_endpoint(std::string_view word, std::string_view& address,
                      std::string_view& port) {
  while (!word.empty() && (word.back() == ':' || word.back() == ',')) word.remove_suffix(1);
  if (looks_like_address(word) && std::count(word.begin(), word.end(), '.') == 3) {
    address = word;
    port = {};
    return true;
  }
  const std::size_t dot = word.rfind('.');
  if (dot == std::string_view::npos) {
    address = word;
    port = {};
    return looks_like_address(word);
  }
  address = word.substr(0, dot);
  port = word.substr(dot + 1);
  // A service's name stands where the port has one; it is no number to join.
  return looks_like_address(address) && !port.empty();
}

/// 11:29:42.550475 IP 192.0.2.5.43436 > 198.51.100.7.443: Flags [S], ...
bool parse_tcpdump(std::string_view line, const FormatState& state, Record& record) {
  const std::string_view head = line.substr(0, 256);
  std::size_t ip = head.substr(0, 2) == "IP" ? 0 : head.find(" IP");
  if (ip == std::string_view::npos || ip > 48) return false;
  if (ip > 0) ++ip;
  Cursor cursor(head);
  cursor.move_to(ip);
  const std::string_view kind = cursor.word();
  if (kind != "IP" && kind != "IP6") return false;
  if (cursor.peek() == '(') {  // -v: the header's fields in brackets
    if (!cursor.until(") ")) return false;
    cursor.skip_blanks();
  }
  const std::string_view from = cursor.word();
  const std::string_view arrow = cursor.word();
  const std::string_view to = cursor.word();
  std::string_view addresses[2], ports[2];
  if (arrow != ">" || !tcpdump_endpoint(from, addresses[0], ports[0]) ||
      !tcpdump_endpoint(to, addresses[1], ports[1])) {
    return false;
  }
  auto time = read_time(line, state.time);
  if (!time) time = read_clock(line, state.time);
  if (time) record.set_time(*time);
  for (std::size_t i = 0; i < 2; ++i) {
    const bool source = i == 0;
    record.set(source ? Slot::kSourceAddress : Slot::kDestinationAddress,
               source ? "source.address" : "destination.address", addresses[i]);
    if (ports[i].empty()) continue;
    record.set(source ? Slot::kSourcePort : Slot::kDestinationPort,
               source ? "source.port" : "destination.port", ports[i]);
    record.join(addresses[i], ports[i]);
  }
  return true;
}

/// Its addresses carry a fifth group: the raw text shows none (I2).
bool tcpdump_may_join(std::string_view line, const FormatState&) {
  return line.find(" > ") != std::string_view::npos;
}

}  // namespace

constexpr LogFormat kAsaFormat = {
    "cisco-asa", "Cisco ASA and FTD", parse_asa, nullptr, nullptr, {}, true};
constexpr LogFormat kIptablesFormat = {"iptables",
                                       "Linux netfilter: iptables, nftables, ufw",
                                       parse_iptables,
                                       nullptr,
                                       nullptr,
                                       "kernel",
                                       true};
constexpr LogFormat kTcpdumpFormat = {"tcpdump", "tcpdump text", parse_tcpdump, nullptr,
                                      tcpdump_may_join};

}  // namespace spoor
