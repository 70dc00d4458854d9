// What Unix daemons write, inside syslog or bare: sshd, Postfix, auditd. Tested by
// formats_test.cpp.

#include "logs/cursor.h"
#include "logs/format.h"

namespace spoor {
namespace {

// -------------------------------------------------------------------------------------- sshd

struct SshdRow {
  std::string_view begin;
  Outcome outcome;
};
constexpr SshdRow kSshdRows[] = {
    {"Accepted ", Outcome::kAllowed},
    {"Failed ", Outcome::kFailed},
    {"Invalid user ", Outcome::kFailed},
    {"Illegal user ", Outcome::kFailed},
    {"Connection closed by ", Outcome::kNone},
    {"Connection reset by ", Outcome::kNone},
    {"Connection from ", Outcome::kNone},
    {"Disconnected from ", Outcome::kNone},
    {"Disconnecting ", Outcome::kNone},
    {"Received disconnect from ", Outcome::kNone},
    {"Did not receive identification string from ", Outcome::kFailed},
    {"Unable to negotiate with ", Outcome::kFailed},
    {"Bad protocol version identification ", Outcome::kFailed},
    {"banner exchange: Connection from ", Outcome::kFailed},
    {"error: maximum authentication attempts exceeded for ", Outcome::kBlocked},
    {"fatal: Timeout before authentication for ", Outcome::kFailed},
    {"error: kex_exchange_identification: ", Outcome::kFailed},
    {"pam_unix(sshd:", Outcome::kNone},
    {"reverse mapping checking getaddrinfo for ", Outcome::kNone},
    {"User ", Outcome::kNone},
    {"refused connect from ", Outcome::kBlocked},
};

bool parse_sshd(std::string_view line, const FormatState&, Record& record) {
  const auto* row = std::find_if(
      std::begin(kSshdRows), std::end(kSshdRows),
      [&](const SshdRow& each) { return line.substr(0, each.begin.size()) == each.begin; });
  if (row == std::end(kSshdRows)) return false;
  if (row->begin == "User " && line.find(" not allowed because ") == std::string_view::npos)
    return false;
  Outcome outcome = row->outcome;
  if (row->begin == "User ") outcome = Outcome::kBlocked;
  if (line.find("authentication failure") != std::string_view::npos) outcome = Outcome::kFailed;
  record.set_outcome(outcome);

  // The address is the last word that looks like one and stands behind from, by, with or user.
  Cursor cursor(line.substr(0, 1024));
  std::string_view before, user, address, port;
  while (!cursor.done()) {
    std::string_view word = cursor.word();
    while (!word.empty() && (word.back() == ':' || word.back() == ',')) word.remove_suffix(1);
    if (word.substr(0, 6) == "rhost=") word.remove_prefix(6);
    if (looks_like_address(word)) address = word;
    if ((before == "user" || before == "for") && word != "user" && word != "invalid" &&
        !looks_like_address(word) && user.empty()) {
      user = word;
    }
    if (row->begin == "User " && user.empty() && before == "User") user = word;
    if (word.substr(0, 5) == "user=") user = word.substr(5);
    if (before == "port" && is_number(word) && !address.empty() && port.empty()) port = word;
    before = word;
  }
  if (!user.empty()) record.set(Slot::kUser, "user", user);
  if (!address.empty()) record.set(Slot::kSourceAddress, "source.address", address);
  if (!port.empty()) {
    record.set(Slot::kSourcePort, "source.port", port);
    record.join(address, port);
  }
  return true;
}

// ----------------------------------------------------------------------------------- Postfix

/// "name[192.0.2.1]", "name[192.0.2.1]:25".
void set_peer(std::string_view text, Slot slot, std::string_view name, Record& record) {
  const std::size_t open = text.find('[');
  const std::size_t close = text.find(']', open == std::string_view::npos ? 0 : open);
  if (open == std::string_view::npos || close == std::string_view::npos) return;
  if (open > 0 && text.substr(0, open) != "unknown")
    record.mark(FieldRole::kHost, name, text.substr(0, open));
  const std::string_view address = text.substr(open + 1, close - open - 1);
  record.set(slot, name, address);
  if (text.substr(close + 1, 1) == ":") {
    const std::size_t end =
        std::min(text.find_first_not_of("0123456789", close + 2), text.size());
    const std::string_view port = text.substr(close + 2, end - close - 2);
    if (port.empty()) return;
    record.set(slot == Slot::kSourceAddress ? Slot::kSourcePort : Slot::kDestinationPort, name,
               port);
    record.join(address, port);
  }
}

bool parse_postfix(std::string_view line, const FormatState&, Record& record) {
  const std::string_view head = line.substr(0, 2048);
  struct Row {
    std::string_view before;
    Slot slot;
    Outcome outcome;
  };
  constexpr Row kRows[] = {
      {"NOQUEUE: reject: RCPT from ", Slot::kSourceAddress, Outcome::kBlocked},
      {"NOQUEUE: reject: ", Slot::kSourceAddress, Outcome::kBlocked},
      {"lost connection after ", Slot::kSourceAddress, Outcome::kNone},
      {"disconnect from ", Slot::kSourceAddress, Outcome::kNone},
      {"connect from ", Slot::kSourceAddress, Outcome::kNone},
      {"client=", Slot::kSourceAddress, Outcome::kNone},
      {"relay=", Slot::kDestinationAddress, Outcome::kNone},
      {"connect to ", Slot::kDestinationAddress, Outcome::kFailed},
      {"warning: ", Slot::kSourceAddress, Outcome::kNone},
  };
  bool known = false;
  for (const Row& row : kRows) {
    const std::size_t at = head.find(row.before);
    if (at == std::string_view::npos) continue;
    std::string_view peer = head.substr(at + row.before.size());
    if (row.before == "lost connection after ") {
      const std::size_t from = peer.find(" from ");
      if (from == std::string_view::npos) continue;
      peer.remove_prefix(from + 6);
    }
    if (row.before == "NOQUEUE: reject: ") {
      const std::size_t from = peer.find("from ");
      if (from == std::string_view::npos) continue;
      peer.remove_prefix(from + 5);
    }
    peer = peer.substr(0, std::min(peer.find_first_of(" ,"), peer.size()));
    if (peer.find('[') == std::string_view::npos) continue;
    set_peer(peer, row.slot, "client", record);
    record.set_outcome(row.outcome);
    known = true;
    break;
  }
  const std::string_view status = between(head, "status=", " ,");
  if (!status.empty()) {
    known = true;
    record.set(Slot::kStatus, "status", status);
    record.set_outcome(status == "sent" ? Outcome::kAllowed : Outcome::kFailed, 1);
  }
  if (head.find("authentication failed") != std::string_view::npos)
    record.set_outcome(Outcome::kFailed);
  const std::string_view from = between(head, "from=<", ">");
  if (!from.empty()) record.set(Slot::kNone, "from", from);
  const std::string_view to = between(head, "to=<", ">");
  if (!to.empty()) record.set(Slot::kNone, "to", to);
  const std::string_view sasl = between(head, "sasl_username=", " ,");
  if (!sasl.empty()) record.set(Slot::kUser, "sasl_username", sasl);
  const std::string_view helo = between(head, "helo=<", ">");
  if (!helo.empty()) record.mark(FieldRole::kHost, "helo", helo);
  return known || (!from.empty() && head.find("size=") != std::string_view::npos) ||
         head.find(": message-id=<") != std::string_view::npos;
}

// ------------------------------------------------------------------------------------ auditd

bool parse_auditd(std::string_view line, const FormatState& state, Record& record) {
  // node=web1 type=SYSCALL msg=audit(1764000000.123:456): ...
  const std::string_view head = line.substr(0, 256);
  std::size_t at = head.find("audit(");
  if (at == std::string_view::npos) return false;
  const bool typed = head.substr(0, 5) == "type=" || head.substr(0, 5) == "node=" ||
                     head.substr(0, 7) == "audit: " || head.substr(0, 6) == "audit(" ||
                     head.find(" type=") < at || head.find("audit: ") < at;
  const auto time = read_time(line.substr(at + 6), state.time);
  if (!typed || !time) return false;
  const std::size_t close = line.find(')', at);
  if (close == std::string_view::npos) return false;
  record.set_time(*time);
  const std::string_view node = between(head.substr(0, at), "node=", " ");
  if (!node.empty()) record.set(Slot::kHost, "node", node);
  const std::string_view type = between(head, "type=", " ");
  if (!type.empty()) record.set(Slot::kNone, "type", type);
  std::string_view rest = line.substr(std::min(close + 1, line.size()));
  while (!rest.empty() && (rest.front() == ':' || is_blank(rest.front())))
    rest.remove_prefix(1);
  put_key_values(rest, record);
  return true;
}

}  // namespace

constexpr LogFormat kSshdFormat = {"sshd",  "OpenSSH server",    parse_sshd, nullptr,
                                   nullptr, "sshd sshd-session", false};
constexpr LogFormat kPostfixFormat = {"postfix", "Postfix", parse_postfix, nullptr,
                                      nullptr,   "postfix", false};
constexpr LogFormat kAuditdFormat = {"auditd",     "Linux audit",
                                     parse_auditd, nullptr,
                                     nullptr,      "audit auditd audispd kernel audisp-syslog",
                                     true};

}  // namespace spoor
