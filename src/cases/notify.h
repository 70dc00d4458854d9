// Messages for those without TheHive: JSON with a schema of our own, the forms of Slack,
// Mattermost and Teams, mail, and CEF over syslog. A row of the table is a kind: how text of
// others is made harmless in it, and how a message becomes what is sent.
//
// A message cannot be looked up on the other side: where an answer is lost, it is sent again,
// with the same id (header Idempotency-Key, member id, Message-ID). Tested by notify_test.cpp;
// tests/case_notify.

#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cases/caller.h"
#include "cases/case_system.h"
#include "net/mail.h"
#include "net/syslog.h"

namespace spoor {

/// A message before it has its form. `title` and `text` are filled in and escaped.
struct NotifyMessage {
  std::string title, text;
  std::string id;  ///< of this content: the same again has the same
  const CaseDraft* draft = nullptr;
};

struct NotifyKind {
  std::string_view name;
  std::string (*escape)(std::string_view text);  ///< text of others
  std::string (*body)(const NotifyMessage& message);
  enum class Way : std::uint8_t { kHttp, kMail, kSyslog };
  Way way;
};
std::span<const NotifyKind> notify_kinds();
const NotifyKind* notify_kind(std::string_view name);

/// "{title} on {asset}" with the draft's values; an unknown name is an error.
/// Names: title severity tlp asset pulse count first last observables link source_ref.
Result<std::string> fill_template(std::string_view text, const CaseDraft& draft,
                                  std::string (*escape)(std::string_view));

struct NotifyOptions {
  std::string kind;
  std::string title = "[{severity}] {title}";
  std::string text =
      "{count} sightings on {asset}, first {first}, last {last}. Indicators: {observables}. "
      "TLP {tlp}. {link}";
  // Mail.
  MailServer mail;
  std::string from;
  std::vector<std::string> to;
  // Syslog.
  SyslogTarget syslog;
  int tries = 4;
  std::chrono::milliseconds first_pause{1000};
};

/// `caller` for the kinds that go by HTTP; its base URL is the webhook's. `show`: if set,
/// mail and syslog messages are given to it instead of being sent (HTTP has the dry transport).
using ShowMessage = std::function<void(std::string_view where, std::string_view message)>;
Result<std::unique_ptr<CaseSystem>> make_notifier(NotifyOptions options,
                                                  std::unique_ptr<Caller> caller, Pace pace,
                                                  ShowMessage show);

}  // namespace spoor
