#include "app/otx_sections.h"

#include "app/table.h"
#include "feeds/otx_replies.h"

namespace spoor {

Result<std::string> otx_document(
    const OtxAccount& account, const std::string& what, const std::string& path,
    const std::function<Status(const std::string& body, const std::string& where)>& read) {
  auto line = account.line();
  if (!line) return fail(line.error());
  std::string kept;
  OtxAsk ask;
  ask.what = [&] { return what; };
  ask.path = [&] { return path; };
  ask.read = [&](const std::string& body) -> std::string {
    const Status good = read(body, what);
    if (!good) return "http 200, but " + good.error().message;
    kept = body;
    return {};
  };
  ask.may_be_gone = true;
  const auto answer = (*line)->ask(ask);
  if (!answer) return fail(answer.error().at("otx"));
  if (*answer == OtxClient::Answer::kGone)
    return fail("otx: " + what + ": OTX knows nothing of that name (http 404)");
  if (*answer == OtxClient::Answer::kStopped)
    return fail("otx: " + what + ": " + (*line)->stopped());
  if ((*line)->anonymous())
    write_error(
        "spoor: otx: the service answered as to an anonymous user: the key was not "
        "recognised\n");
  return (*line)->without_key(std::move(kept));  // should a reply echo it
}

Result<std::string> otx_section_text(const OtxSectionRow& section, const std::string& body,
                                     std::uint64_t limit) {
  std::string text;
  if (section.name == "general") {
    const auto general = read_otx_general(body, "general");
    if (!general) return fail(general.error());
    TextTable table(100);
    table.row({"indicator", general->indicator, general->type});
    table.row({"known", general->known() ? "yes" : "no, OTX has no record and no pulse"});
    if (!general->country.empty()) table.row({"country", general->country, general->asn});
    for (const auto& objection : general->validation)
      table.row({"objection", objection.message, objection.source});
    if (general->false_positive) table.row({"false positive", "a report was accepted"});
    table.row({"pulses", std::to_string(general->pulse_count) + ", of them " +
                             std::to_string(general->pulses.size()) + " listed"});
    std::uint64_t shown = 0;
    for (const OtxPulseRef& pulse : general->pulses) {
      if (limit != 0 && shown++ == limit) break;
      table.row({"  " + pulse.id, pulse.name, pulse.author});
    }
    return table.text();
  }
  const auto read = read_otx_section(section, body, section.name);
  if (!read) return fail(read.error());
  if (read->rows.empty()) return std::string("nothing\n");
  TextTable table(70);
  table.row(read->columns);
  std::uint64_t shown = 0;
  for (const auto& row : read->rows) {
    if (limit != 0 && shown == limit) break;
    ++shown;
    table.row(row);
  }
  text = table.text();
  if (shown < read->rows.size())
    text += std::to_string(shown) + " of " + std::to_string(read->rows.size()) +
            " (--limit N, 0 is all)\n";
  return text;
}

}  // namespace spoor
