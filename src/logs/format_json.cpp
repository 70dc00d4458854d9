// JSON, an object a line: generic (the common names of ECS, Winlogbeat, Sysmon, CloudTrail,
// Okta and others are in names.cpp, nested or dotted alike), and the dialects whose names mean
// something of their own: Zeek's JSON, Suricata's EVE, Cowrie's. Tested by formats_test.cpp.

#include "logs/cursor.h"
#include "logs/format.h"
#include "logs/json_walk.h"

namespace spoor {
namespace {

constexpr std::size_t kLineBytes = 1 << 20;  // of a line that are told apart

/// Members that hold the line of another log.
bool is_message(std::string_view key) {
  constexpr std::string_view kNames[] = {"message", "log", "msg",           "MESSAGE",
                                         "_raw",    "raw", "event.original"};
  return std::find(std::begin(kNames), std::end(kNames), key) != std::end(kNames);
}

/// What a dialect means by a name where that is not what others mean.
struct OwnName {
  std::string_view name;
  Slot slot;
  FieldRole role;
  std::uint8_t rank = 0;  ///< 0 is best
};
constexpr OwnName kZeekNames[] = {
    {"host", Slot::kUrlHost, FieldRole::kHost},
    {"uid", Slot::kNone, FieldRole::kOther},
    {"proto", Slot::kNone, FieldRole::kOther},
    {"server_name", Slot::kNone, FieldRole::kDomain},
    {"addr", Slot::kNone, FieldRole::kAddress},
    {"version", Slot::kNone, FieldRole::kOther},  // of the protocol
    {"rejected", Slot::kNone, FieldRole::kOther},
    {"path", Slot::kNone, FieldRole::kOther},
    {"peer", Slot::kHost, FieldRole::kHost},
    {"src", Slot::kSourceAddress, FieldRole::kAddress},
    {"dst", Slot::kDestinationAddress, FieldRole::kAddress},
};

bool walk(std::string_view text, const FormatState& state, Record& record,
          std::span<const OwnName> own) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  if (text.size() < 2 || text.front() != '{') return false;
  JsonWalk json(text.substr(0, kLineBytes));
  JsonLeaf leaf;
  std::size_t leaves = 0;
  std::string_view message;
  while (leaves < kMostFields && json.next(leaf)) {
    ++leaves;
    const std::string_view name = leaf.is_top ? leaf.key : record.keep(std::string(leaf.path));
    const std::string_view value =
        leaf.has_escapes ? record.keep(json_unescaped(leaf.raw)) : leaf.raw;
    const auto* mine = std::find_if(own.data(), own.data() + own.size(),
                                    [&](const OwnName& row) { return row.name == name; });
    if (mine != own.data() + own.size()) {
      record.set(mine->slot, name, value, mine->rank, leaf.raw);
      if (mine->slot == Slot::kNone && mine->role != FieldRole::kOther)
        record.mark(mine->role, name, leaf.raw);
      continue;
    }
    record.put(name, value, leaf.raw, leaf.object);
    if (leaf.is_string && message.empty() && is_message(leaf.path)) message = value;
  }
  if (leaves == 0 && !json.closed()) return false;
  // One that is cut is JSON as well, but braces alone are not.
  if (!json.closed() && leaves < 2) return false;
  if (!message.empty() && !record.has(Slot::kSourceAddress)) {
    read_message(record.value(Slot::kProcess), trim(message), state, record);
  }
  return true;
}

bool parse_json(std::string_view line, const FormatState& state, Record& record) {
  return walk(line, state, record, {});
}

bool holds(std::string_view line, std::string_view text) {
  return line.substr(0, 4096).find(text) != std::string_view::npos;
}

bool parse_zeek(std::string_view line, const FormatState& state, Record& record) {
  if (line.empty() || line.front() != '{') return false;
  const bool path = holds(line, "\"_path\"");
  if (!path && !(holds(line, "\"ts\"") &&
                 (holds(line, "\"id.orig_h\"") || holds(line, "\"id\":{\"orig_h\"") ||
                  holds(line, "\"uid\"") || holds(line, "\"fuid\"") ||
                  holds(line, "\"uids\"") || holds(line, "\"certificate.serial\"")))) {
    return false;
  }
  record.default_scheme = "http";
  return walk(line, state, record, kZeekNames);
}

constexpr OwnName kSuricataNames[] = {
    {"host", Slot::kHost, FieldRole::kHost},
    {"tls.version", Slot::kNone, FieldRole::kOther},
    {"proto", Slot::kNone, FieldRole::kOther},
};

bool parse_suricata(std::string_view line, const FormatState& state, Record& record) {
  if (line.empty() || line.front() != '{' || !holds(line, "\"event_type\"") ||
      !holds(line, "\"timestamp\"") ||
      !(holds(line, "\"flow_id\"") || holds(line, "\"src_ip\"") || holds(line, "\"stats\""))) {
    return false;
  }
  record.default_scheme = "http";
  return walk(line, state, record, kSuricataNames);
}

bool parse_cowrie(std::string_view line, const FormatState& state, Record& record) {
  if (line.empty() || line.front() != '{' || !holds(line, "\"cowrie.")) return false;
  if (!walk(line, state, record, {})) return false;
  if (holds(line, "\"cowrie.login.success\"")) record.set_outcome(Outcome::kAllowed);
  if (holds(line, "\"cowrie.login.failed\"")) record.set_outcome(Outcome::kFailed);
  return true;
}

constexpr OwnName kJournaldNames[] = {
    {"__REALTIME_TIMESTAMP", Slot::kTime, FieldRole::kOther},
    {"_SOURCE_REALTIME_TIMESTAMP", Slot::kTime, FieldRole::kOther, 5},
    {"_HOSTNAME", Slot::kHost, FieldRole::kHost},
    {"SYSLOG_IDENTIFIER", Slot::kProcess, FieldRole::kOther},
    {"_COMM", Slot::kProcess, FieldRole::kOther, 5},
    {"_UID", Slot::kUser, FieldRole::kOther},
    {"__CURSOR", Slot::kNone, FieldRole::kOther},
    {"_MACHINE_ID", Slot::kNone, FieldRole::kOther},
    {"_BOOT_ID", Slot::kNone, FieldRole::kOther},
    {"PRIORITY", Slot::kNone, FieldRole::kOther},
};

/// What `journalctl -o json` writes, and io/journal.cpp.
bool parse_journald(std::string_view line, const FormatState& state, Record& record) {
  if (line.empty() || line.front() != '{' || !holds(line, "\"__REALTIME_TIMESTAMP\"") ||
      !(holds(line, "\"__CURSOR\"") || holds(line, "\"_BOOT_ID\"") ||
        holds(line, "\"_HOSTNAME\"")))
    return false;
  return walk(line, state, record, kJournaldNames);
}

/// Host and request target in members of their own: only where a member's name says so.
bool may_hold_url(std::string_view line, const FormatState&) {
  for (const std::string_view name : {"\"ur", "_ur", ".ur", "URI\"", "ath\"", "equestUR"}) {
    if (line.find(name) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

bool put_json(std::string_view text, const FormatState& state, Record& record) {
  return walk(text, state, record, {});
}

constexpr LogFormat kZeekJsonFormat = {"zeek-json", "Zeek, an object a line", parse_zeek,
                                       nullptr, may_hold_url};
constexpr LogFormat kSuricataFormat = {
    "suricata-eve", "Suricata EVE", parse_suricata, nullptr, may_hold_url, {}, true};
constexpr LogFormat kCowrieJsonFormat = {"cowrie-json", "Cowrie honeypot, an object a line",
                                         parse_cowrie};
constexpr LogFormat kJournaldFormat = {"journald", "the journal of systemd, an object an entry",
                                       parse_journald, nullptr, may_hold_url};
constexpr LogFormat kJsonFormat = {
    "json", "JSON, an object a line or an array of them", parse_json, nullptr, may_hold_url, {},
    true};

}  // namespace spoor
