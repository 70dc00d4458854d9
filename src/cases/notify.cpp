#include "cases/notify.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/hash.h"

namespace spoor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kTimeout{30};
constexpr seconds kLongestWait{120};
// RFC 5424: facility local0, severity by the draft's.
constexpr int kFacility = 16 * 8;
constexpr int kSyslogSeverity[] = {6, 5, 4, 3, 2};

/// RFC 5322 3.3: "Thu, 26 Nov 2026 10:54:14 +0000".
std::string mail_date(Time time) {
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::string text = format_iso8601(time);  // the clock is the same there
  return std::string(kDays[std::chrono::weekday(day).c_encoding()]) + ", " +
         std::to_string(static_cast<unsigned>(date.day())) + " " +
         kMonths[static_cast<unsigned>(date.month()) - 1] + " " + text.substr(0, 4) + " " +
         text.substr(11, 8) + " +0000";
}

class Notifier final : public CaseSystem {
 public:
  Notifier(NotifyOptions options, const NotifyKind& kind, std::unique_ptr<Caller> caller,
           Pace pace, ShowMessage show)
      : options_(std::move(options)),
        kind_(kind),
        caller_(std::move(caller)),
        pace_(std::move(pace)),
        show_(std::move(show)) {}

  Result<SystemReport> test() override {
    SystemReport report;
    report.rows.emplace_back("kind", std::string(kind_.name));
    report.rows.emplace_back("test", "a webhook cannot be asked without sending to it");
    return report;
  }

  Filing file(const CaseDraft& draft, std::string_view, const KeepRemote&) override {
    Filing filing;
    NotifyMessage message;
    message.draft = &draft;
    message.id = to_hex(xxh3_128(key_of(draft) + "\n" + draft_text(draft)).view());
    auto title = fill_template(options_.title, draft, kind_.escape);
    auto text = fill_template(options_.text, draft, kind_.escape);
    if (!title || !text) {
      filing.kind = Filing::Kind::kRefused;
      filing.message = "template: " + (title ? text : title).error().message;
      return filing;
    }
    message.title = std::move(*title);
    message.text = std::move(*text);
    milliseconds pause = options_.first_pause;
    for (int attempt = 1;; ++attempt) {
      const CallOutcome outcome = send(message);
      ++filing.requests;
      if (outcome.trouble == Trouble::kNone) {
        filing.kind = Filing::Kind::kFiled;
        filing.stop = false;
        filing.message.clear();
        filing.created = true;
        filing.remote = "{\"id\":\"" + message.id + "\"}";
        return filing;
      }
      filing.message = outcome.message;
      if (outcome.trouble == Trouble::kRefused) {
        filing.kind = Filing::Kind::kRefused;
        return filing;
      }
      filing.kind = Filing::Kind::kLater;
      filing.stop = outcome.is_away();
      if (outcome.trouble == Trouble::kNoEntry || attempt >= options_.tries ||
          pace_.cancelled() || (outcome.wait && *outcome.wait > kLongestWait))
        return filing;
      ++filing.retries;
      pace_.sleep(outcome.wait ? milliseconds(*outcome.wait) : pause);
      pause *= 2;
    }
  }

  Result<std::string> verdict(std::string_view) override { return std::string(); }

 private:
  CallOutcome send(const NotifyMessage& message) {
    const std::string body = kind_.body(message);
    switch (kind_.way) {
      case NotifyKind::Way::kHttp: {
        ApiCall call{"POST", "", body};
        call.idempotency_key = message.id;
        return caller_->call(call);
      }
      case NotifyKind::Way::kMail:
        return send_by_mail(body);
      case NotifyKind::Way::kSyslog:
        return send_by_syslog(message, body);
    }
    return {};
  }

  CallOutcome send_by_mail(const std::string& body) const {
    std::string receivers;
    for (const std::string& each : options_.to)
      receivers += (receivers.empty() ? "" : ", ") + each;
    const std::string whole = "Date: " + mail_date(pace_.clock->now()) + "\r\nFrom: spoor <" +
                              options_.from + ">\r\nTo: " + receivers + "\r\n" + body;
    if (show_) {
      show_(options_.mail.url, whole);
      return {};
    }
    bool permanent = false;
    const Status status =
        send_mail(options_.mail, options_.from, options_.to, whole, permanent);
    CallOutcome outcome;
    if (!status) {
      outcome.trouble = permanent ? Trouble::kRefused : Trouble::kTransient;
      outcome.message = status.error().message;
    }
    return outcome;
  }

  CallOutcome send_by_syslog(const NotifyMessage& message, const std::string& body) const {
    const int level = kSyslogSeverity[std::clamp(message.draft->severity, 1, 4)];
    const std::string whole = "<" + std::to_string(kFacility + level) + ">1 " +
                              format_iso8601(pace_.clock->now()) + " - spoor - finding - " +
                              body;
    if (show_) {
      show_((options_.syslog.tcp ? "tcp://" : "udp://") + options_.syslog.host + ":" +
                std::to_string(options_.syslog.port),
            whole);
      return {};
    }
    const Status status = send_syslog(options_.syslog, whole, kTimeout);
    CallOutcome outcome;
    if (!status) {
      outcome.trouble = Trouble::kTransient;
      outcome.message = status.error().message;
    }
    return outcome;
  }

  NotifyOptions options_;
  const NotifyKind& kind_;
  std::unique_ptr<Caller> caller_;
  Pace pace_;
  ShowMessage show_;
};

}  // namespace

Result<std::unique_ptr<CaseSystem>> make_notifier(NotifyOptions options,
                                                  std::unique_ptr<Caller> caller, Pace pace,
                                                  ShowMessage show) {
  const NotifyKind* kind = notify_kind(options.kind);
  if (kind == nullptr) {
    std::string known;
    for (const NotifyKind& each : notify_kinds())
      known += (known.empty() ? "" : ", ") + std::string(each.name);
    return fail("kind '" + options.kind + "', expected one of " + known);
  }
  const CaseDraft empty;
  for (const std::string* text : {&options.title, &options.text}) {
    if (auto filled = fill_template(*text, empty, kind->escape); !filled)
      return fail(filled.error().at("template"));
  }
  return std::unique_ptr<CaseSystem>(std::make_unique<Notifier>(
      std::move(options), *kind, std::move(caller), std::move(pace), std::move(show)));
}

}  // namespace spoor
