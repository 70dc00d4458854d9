#include "logs/record.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "logs/format.h"

namespace spoor {
namespace {

constexpr std::size_t kValueBytes = 256;
constexpr std::size_t kKeptTexts = 4096;
constexpr std::size_t kUrlBytes = 8192;

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c); }) &&
         (text.size() < 5 || text <= "65535");
}

struct OutcomeWord {
  std::string_view word;
  Outcome outcome;
};
constexpr OutcomeWord kOutcomeWords[] = {
    {"accept", Outcome::kAllowed},     {"accepted", Outcome::kAllowed},
    {"allow", Outcome::kAllowed},      {"allowed", Outcome::kAllowed},
    {"pass", Outcome::kAllowed},       {"passed", Outcome::kAllowed},
    {"permit", Outcome::kAllowed},     {"permitted", Outcome::kAllowed},
    {"success", Outcome::kAllowed},    {"succeeded", Outcome::kAllowed},
    {"true", Outcome::kAllowed},       {"granted", Outcome::kAllowed},
    {"t", Outcome::kAllowed},          {"yes", Outcome::kAllowed},
    {"built", Outcome::kAllowed},      {"connected", Outcome::kAllowed},
    {"deny", Outcome::kBlocked},       {"denied", Outcome::kBlocked},
    {"block", Outcome::kBlocked},      {"blocked", Outcome::kBlocked},
    {"drop", Outcome::kBlocked},       {"dropped", Outcome::kBlocked},
    {"reject", Outcome::kBlocked},     {"rejected", Outcome::kBlocked},
    {"refused", Outcome::kBlocked},    {"reset", Outcome::kBlocked},
    {"quarantine", Outcome::kBlocked}, {"discard", Outcome::kBlocked},
    {"close", Outcome::kNone},         {"answered", Outcome::kAnswered},
    {"noerror", Outcome::kAnswered},   {"nxdomain", Outcome::kFailed},
    {"servfail", Outcome::kFailed},    {"failure", Outcome::kFailed},
    {"failed", Outcome::kFailed},      {"fail", Outcome::kFailed},
    {"false", Outcome::kFailed},       {"f", Outcome::kFailed},
    {"error", Outcome::kFailed},       {"no", Outcome::kFailed},
    {"timeout", Outcome::kFailed},
};

std::string cut(std::string_view text) {
  return std::string(text.substr(0, kValueBytes));
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAllowed:
      return "allowed";
    case Outcome::kBlocked:
      return "blocked";
    case Outcome::kAnswered:
      return "answered";
    case Outcome::kFailed:
      return "failed";
    case Outcome::kNone:
      break;
  }
  return "";
}

std::string_view name_of(HostFrom from) {
  switch (from) {
    case HostFrom::kRecord:
      return "record";
    case HostFrom::kOption:
      return "option";
    case HostFrom::kRoot:
      return "root";
    case HostFrom::kPath:
      return "path";
    case HostFrom::kNone:
      break;
  }
  return "";
}

Outcome outcome_of_word(std::string_view word) {
  for (const OutcomeWord& row : kOutcomeWords) {
    if (equals_ignore_case(row.word, word)) return row.outcome;
  }
  return Outcome::kNone;
}

std::string_view without_dash(std::string_view value) {
  constexpr std::string_view kNothing[] = {"-",    "(empty)", "null", "N/A",    "n/a",
                                           "none", "None",    "NULL", "(null)", "?"};
  return std::find(std::begin(kNothing), std::end(kNothing), value) != std::end(kNothing)
             ? std::string_view()
             : value;
}

void Record::begin(std::string_view line, const TimeContext& context) {
  line_ = line;
  context_ = &context;
  slots_ = {};
  time_rank_ = outcome_rank_ = 255;
  fields_.clear();
  pairs_.clear();
  halves_.clear();
  kept_.clear();
  format = nullptr;
  inner = {};
  time.reset();
  outcome = Outcome::kNone;
  default_scheme = {};
}

std::string_view Record::keep(std::string text) {
  if (kept_.size() >= kKeptTexts) return {};
  kept_.push_back(std::move(text));
  return kept_.back();
}

/// Where in the line a value stands: views into the line say it themselves.
void Record::place(std::string_view value, std::string_view raw, std::size_t& begin,
                   std::size_t& end) const {
  const std::string_view text = raw.data() != nullptr ? raw : value;
  begin = end = 0;
  // Compared as numbers: pointers into different objects have no order.
  const auto first = reinterpret_cast<std::uintptr_t>(line_.data());
  const auto at = reinterpret_cast<std::uintptr_t>(text.data());
  if (at < first || at > first + line_.size()) return;
  begin = at - first;
  end = std::min(begin + text.size(), line_.size());
}

void Record::add_field(std::string_view name, std::size_t begin, std::size_t end,
                       FieldRole role) {
  if (fields_.size() < kMostFields) fields_.push_back({name, begin, end, role});
}

void Record::fill(Slot slot, std::string_view value, std::uint8_t rank, std::size_t begin,
                  std::size_t end) {
  if (slot == Slot::kNone || value.empty()) return;
  if (slot == Slot::kTime) {
    // A value that is no time says nothing; a clock alone waits for its date.
    if (rank >= time_rank_ && time) return;
    if (const auto read = read_time(value, *context_)) {
      set_time(*read, read->event.has_clock ? rank : static_cast<std::uint8_t>(rank + 100));
      return;
    }
    slot = Slot::kClock;
    if (value.size() < 5 || !is_digit(value[0]) || (value[1] != ':' && value[2] != ':')) return;
  }
  if (slot == Slot::kDate) {
    const auto read = read_time(value, *context_);
    if (read && read->event.has_clock) return set_time(*read, rank);
  }
  SlotValue& old = slots_[static_cast<std::size_t>(slot)];
  if (rank < old.rank) old = {value, begin, end, rank};
}

void Record::put(std::string_view name, std::string_view value, std::string_view raw,
                 std::uint32_t object) {
  const NameMatch match = find_name(name);
  put_row(match.row, match.dropped, name, value, raw, object);
}

void Record::put_row(const NameRow* row, std::size_t dropped, std::string_view name,
                     std::string_view value, std::string_view raw, std::uint32_t object) {
  std::size_t begin, end;
  place(value, raw, begin, end);
  value = without_dash(trim(value));
  if (row == nullptr) return add_field(name, begin, end, FieldRole::kOther);
  FieldRole role = row->role == FieldRole::kOther ? role_of(row->slot) : row->role;
  // A URL column may hold a whole URL: nothing is to be joined to it then.
  Slot slot = row->slot;
  if (slot == Slot::kUrlPath && value.find("://") < 16) {
    slot = Slot::kNone;
    role = FieldRole::kUrl;
  }
  if (slot == Slot::kUrlPath && role == FieldRole::kUrl) role = FieldRole::kUriPath;
  add_field(name, begin, end, role);
  // A name that is known only by its tail is worth less than the same name in full.
  const auto rank = static_cast<std::uint8_t>(row->rank + (dropped > 0 ? 10 : 0));
  if (slot == Slot::kOutcome) {
    set_outcome(outcome_of_word(value), rank);
  } else {
    fill(slot, value, rank, begin, end);
  }
  if (row->also != Slot::kNone) {
    fill(row->also, value, static_cast<std::uint8_t>(rank + 40), begin, end);
  }
  if (row->pairs != 0 && !value.empty() && halves_.size() < 2 * kMostPairs) {
    halves_.push_back({row->pairs, object, name.substr(0, dropped), value, begin, end,
                       row->role == FieldRole::kPort});
  }
}

void Record::set(Slot slot, std::string_view name, std::string_view value, std::uint8_t rank,
                 std::string_view raw) {
  std::size_t begin, end;
  place(value, raw, begin, end);
  add_field(name, begin, end, role_of(slot));
  value = without_dash(value);
  if (slot == Slot::kOutcome) return set_outcome(outcome_of_word(value), rank);
  fill(slot, value, rank, begin, end);
}

void Record::mark(FieldRole role, std::string_view name, std::string_view value) {
  std::size_t begin, end;
  place(value, {}, begin, end);
  add_field(name, begin, end, role);
}

void Record::set_endpoint(Slot address, std::string_view name, std::string_view text) {
  const bool source = address == Slot::kSourceAddress;
  const std::size_t colon = text.rfind(':');
  std::string_view host = text;
  std::string_view port;
  if (!text.empty() && text.front() == '[') {
    const std::size_t close = text.find(']');
    if (close != std::string_view::npos) {
      host = text.substr(1, close - 1);
      if (text.substr(close + 1, 1) == ":") port = text.substr(close + 2);
    }
  } else if (colon != std::string_view::npos && text.find(':') == colon) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
  }
  if (!is_port(port)) port = {};
  set(address, name, host);
  if (!port.empty()) {
    set(source ? Slot::kSourcePort : Slot::kDestinationPort, name, port);
    join(host, port);
  }
}

void Record::set_time(const TimeText& read, std::uint8_t rank) {
  if (time && rank >= time_rank_) return;
  time = read;
  time_rank_ = rank;
}

void Record::set_outcome(Outcome what, std::uint8_t rank) {
  if (what == Outcome::kNone || rank >= outcome_rank_) return;
  outcome = what;
  outcome_rank_ = rank;
}

void Record::join(std::string_view address, std::string_view port) {
  if (pairs_.size() >= kMostPairs || address.empty() || !is_port(port)) return;
  std::size_t a_begin, a_end, p_begin, p_end;
  place(address, {}, a_begin, a_end);
  place(port, {}, p_begin, p_end);
  pairs_.push_back({address, port, std::min(a_begin, p_begin), std::max(a_end, p_end)});
}

void Record::finish() {
  // P3: an address and a port of one object whose names pair.
  for (std::size_t i = 0; i < halves_.size() && pairs_.size() < kMostPairs; ++i) {
    if (halves_[i].is_port) continue;
    for (Half& port : halves_) {
      const Half& address = halves_[i];
      if (!port.is_port || port.used || (port.families & address.families) == 0 ||
          port.object != address.object || port.base != address.base || !is_port(port.text)) {
        continue;
      }
      port.used = true;
      pairs_.push_back({address.text, port.text, std::min(address.begin, port.begin),
                        std::max(address.end, port.end)});
      break;
    }
  }
  // Date and clock in two columns.
  if (has(Slot::kDate) && (!time || !time->event.has_clock || time_rank_ >= 100)) {
    if (has(Slot::kClock)) {
      if (const auto read =
              join_date_and_clock(value(Slot::kDate), value(Slot::kClock), *context_)) {
        time = read;
      }
    } else if (!time) {
      time = read_time(value(Slot::kDate), *context_);
    }
  }
  // A status that is a word may be the outcome.
  if (outcome == Outcome::kNone) set_outcome(outcome_of_word(value(Slot::kStatus)));
}

const Field* Record::field_at(std::size_t at) const {
  const Field* best = nullptr;
  for (const Field& field : fields_) {
    if (at < field.begin || at >= field.end) continue;
    if (best == nullptr || field.end - field.begin < best->end - best->begin ||
        (field.begin == best->begin && field.end == best->end &&
         best->role == FieldRole::kOther)) {
      best = &field;
    }
  }
  return best;
}

Record::JoinedUrl Record::joined_url() const {
  JoinedUrl joined;
  const SlotValue& host = slots_[static_cast<std::size_t>(Slot::kUrlHost)];
  const SlotValue& path = slots_[static_cast<std::size_t>(Slot::kUrlPath)];
  if (host.value.empty() || path.value.empty() || path.value.front() != '/') return joined;
  // CONNECT gives a host only (U11).
  if (equals_ignore_case(value(Slot::kMethod), "CONNECT")) return joined;
  if (host.value.size() > 260 || path.value.size() > kUrlBytes) return joined;
  std::string_view name = host.value;
  std::string_view port = value(Slot::kUrlPort);
  if (name.find_first_of("/ \"<>") != std::string_view::npos) return joined;
  const bool bare_v6 = name.front() != '[' && std::count(name.begin(), name.end(), ':') > 1;
  const std::size_t colon = name.front() == '[' ? name.find("]:") : name.find(':');
  if (!bare_v6 && colon != std::string_view::npos) {
    const std::size_t at = name.front() == '[' ? colon + 1 : colon;
    port = name.substr(at + 1);
    name = name.substr(0, at);
  }
  if (port.empty()) port = value(Slot::kDestinationPort);
  if (!is_port(port)) port = {};
  std::string_view scheme = value(Slot::kUrlScheme);
  if (!equals_ignore_case(scheme, "https") && !equals_ignore_case(scheme, "http")) {
    scheme = port == "443" ? "https" : !default_scheme.empty() ? default_scheme : "http";
  }
  std::string text(scheme);
  text += "://";
  if (bare_v6) text += '[';
  text += name;
  if (bare_v6) text += ']';
  const bool is_default =
      port.empty() || port == (equals_ignore_case(scheme, "https") ? "443" : "80");
  if (!is_default) {
    text += ':';
    text += port;
  }
  text += path.value;
  joined.begin = std::min(host.begin, path.begin);
  joined.end = std::max(host.end, path.end);
  const SlotValue& query = slots_[static_cast<std::size_t>(Slot::kUrlQuery)];
  if (!query.value.empty() && path.value.find('?') == std::string_view::npos &&
      query.value.size() <= kUrlBytes) {
    if (query.value.front() != '?') text += '?';
    text += query.value;
    joined.begin = std::min(joined.begin, query.begin);
    joined.end = std::max(joined.end, query.end);
  }
  // What no request line holds would end the URL early, and not where the column ends.
  for (char& c : text) {
    if (c == '\n' || c == '\r' || c == '\0') return {};
  }
  if (text.find_first_of(" \t\"<>") != std::string::npos) {
    std::string escaped;
    for (const char c : text) {
      if (std::string_view(" \t\"<>").find(c) == std::string_view::npos) {
        escaped += c;
      } else {
        escaped += '%' + upper(to_hex(std::string_view(&c, 1)));
      }
    }
    text = std::move(escaped);
  }
  joined.text = std::move(text);
  return joined;
}

EventRecord owned(const Record& record) {
  EventRecord event;
  if (record.format != nullptr) event.format = record.format->name;
  event.inner = record.inner;
  event.host = cut(record.value(Slot::kHost));
  if (!event.host.empty()) event.host_from = HostFrom::kRecord;
  event.user = cut(record.value(Slot::kUser));
  event.process = cut(record.value(Slot::kProcess));
  event.source_address = cut(record.value(Slot::kSourceAddress));
  event.source_port = cut(record.value(Slot::kSourcePort));
  event.destination_address = cut(record.value(Slot::kDestinationAddress));
  event.destination_port = cut(record.value(Slot::kDestinationPort));
  event.direction = cut(record.value(Slot::kDirection));
  event.status = cut(record.value(Slot::kStatus));
  event.outcome = record.outcome;
  event.time = record.time;
  return event;
}

}  // namespace spoor
