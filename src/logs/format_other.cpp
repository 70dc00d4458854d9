// Cowrie's text log. Tested by formats_test.cpp.

#include "logs/cursor.h"
#include "logs/format.h"

namespace spoor {
namespace {

/// 2026-11-24T10:54:14+0000 [HoneyPotSSHTransport,42,192.0.2.5] login attempt [root/123] failed
bool parse_cowrie(std::string_view line, const FormatState& state, Record& record) {
  if (line.size() < 24 || !is_digit(line.front())) return false;
  const auto time = read_time(line, state.time);
  if (!time || !time->event.has_clock) return false;
  Cursor cursor(line);
  cursor.move_to(time->length);
  cursor.skip_blanks();
  if (!cursor.eat("[")) return false;
  const auto origin = cursor.until("] ");
  if (!origin) return false;
  constexpr std::string_view kOrigins[] = {"HoneyPot",   "cowrie.",    "CowrieTelnet",
                                           "SSHService", "SSHChannel", "twisted.conch"};
  if (std::none_of(std::begin(kOrigins), std::end(kOrigins), [&](std::string_view each) {
        return origin->find(each) != std::string_view::npos;
      })) {
    return false;
  }
  record.set_time(*time);
  record.set(Slot::kProcess, "origin",
             origin->substr(0, std::min(origin->find(','), origin->size())));
  const std::size_t comma = origin->rfind(',');
  if (comma != std::string_view::npos && looks_like_address(origin->substr(comma + 1)))
    record.set(Slot::kSourceAddress, "client", origin->substr(comma + 1));
  const std::string_view message = cursor.rest();
  record.mark(FieldRole::kOther, "message", message);
  // New connection: 192.0.2.5:51234 (10.0.0.5:2222) [session: 0123abcd]
  if (message.substr(0, 16) == "New connection: ") {
    Cursor words(message.substr(16));
    record.set_endpoint(Slot::kSourceAddress, "client", words.word());
    std::string_view local = words.word();
    if (local.size() > 2 && local.front() == '(' && local.back() == ')')
      record.set_endpoint(Slot::kDestinationAddress, "server",
                          local.substr(1, local.size() - 2));
  }
  const std::string_view login = between(message, "login attempt [", "]");
  if (!login.empty()) {
    std::string_view user = login.substr(0, std::min(login.find('/'), login.size()));
    if (user.size() > 2 && user.substr(0, 2) == "b'") user = user.substr(2, user.size() - 3);
    record.set(Slot::kUser, "user", user);
    record.set_outcome(message.find("] succeeded") != std::string_view::npos
                           ? Outcome::kAllowed
                           : Outcome::kFailed);
  }
  return true;
}

}  // namespace

constexpr LogFormat kCowrieFormat = {
    "cowrie", "Cowrie honeypot, text", parse_cowrie, nullptr, nullptr, "cowrie", false};

}  // namespace spoor
