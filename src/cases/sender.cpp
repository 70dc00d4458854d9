#include "cases/sender.h"

namespace spoor {
namespace {

constexpr std::size_t kMostLines = 200;
constexpr int kMostLateInARow = 3;
constexpr std::string_view kPapNames[] = {"clear", "green", "amber", "red"};

void say(SendReport& report, std::string line) {
  if (report.lines.size() < kMostLines) report.lines.push_back(std::move(line));
}

Status settle(Outbox& outbox, const OutboxClaim& claim, const Filing& filing, Time now,
              SendReport& report) {
  const std::string title = claim.entry.title + ": ";
  for (const std::string& note : filing.notes) say(report, title + note);
  switch (filing.kind) {
    case Filing::Kind::kFiled:
      ++report.filed;
      if (filing.created) ++report.created;
      if (!filing.created && filing.updated) ++report.updated;
      for (const OutboxRefusal& refusal : filing.refusals)
        say(report, title + "refused: " + refusal.what + ": " + refusal.words);
      return outbox.filed(claim, filing.remote, filing.refusals, now);
    case Filing::Kind::kLater:
      ++report.waiting;
      say(report, title + "waits: " + filing.message);
      return outbox.later(claim, filing.message);
    case Filing::Kind::kRefused:
      ++report.refused;
      say(report, title + "refused: " + filing.message);
      return outbox.refused(claim, filing.message);
  }
  return {};
}

}  // namespace

std::string over_clearance(const CaseDraft& draft, const Clearance& clearance) {
  if (draft.tlp > clearance.tlp) {
    return "TLP " + std::string(name_of(draft.tlp)) +
           " is above what this system is cleared for, " + std::string(name_of(clearance.tlp));
  }
  if (draft.pap > clearance.pap) {
    return "PAP " + std::string(kPapNames[draft.pap]) +
           " is above what this system is cleared for, " +
           std::string(kPapNames[clearance.pap]);
  }
  return {};
}

Result<SendReport> send_outbox(Outbox& outbox, std::string_view name, CaseSystem& system,
                               const Clearance& clearance, const Clock& clock,
                               const std::function<bool()>& cancelled,
                               const std::function<void(const SendProgress&)>& said) {
  SendReport report;
  std::int64_t after = 0;
  int late_in_a_row = 0;
  while (!cancelled()) {
    std::uint64_t busy = 0;
    auto claim = outbox.claim(name, after, busy);
    if (!claim) return fail(claim.error());
    report.busy += busy;
    if (!*claim) return report;
    const OutboxClaim& held = **claim;
    after = held.entry.id;
    Filing filing;
    const auto draft = draft_of(held.entry.draft);
    if (!draft) {
      filing.kind = Filing::Kind::kRefused;
      filing.message = draft.error().message;
    } else if (std::string over = over_clearance(*draft, clearance); !over.empty()) {
      filing.kind = Filing::Kind::kRefused;
      filing.message = std::move(over);
    } else {
      filing = system.file(*draft, held.entry.remote, [&](std::string_view remote) {
        return outbox.set_remote(held, remote);
      });
    }
    report.observables_added += filing.observables_added;
    report.requests += filing.requests;
    report.retries += filing.retries;
    if (auto status = settle(outbox, held, filing, clock.now(), report); !status)
      return fail(status.error());
    said({held.entry.title, filing.kind == Filing::Kind::kFiled ? (filing.created   ? "filed"
                                                                   : filing.updated ? "updated"
                                                                                    : "there")
                                                                : filing.message});
    // One draft that the other side stumbles over holds nobody up; several in a row say that it
    // is not the draft.
    late_in_a_row = filing.kind == Filing::Kind::kLater ? late_in_a_row + 1 : 0;
    if (filing.stop || late_in_a_row >= kMostLateInARow) return report;
  }
  return report;
}

}  // namespace spoor
