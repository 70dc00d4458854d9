// Free text as a source (`--format text`): one pulse a document, `text:<digest>`, of the values
// that it plainly means (drawn_values.h). A claim says in its role that it was drawn out of
// free text, and in its description from which line. What a report only speaks about (CVEs,
// paths, addresses that it forgot to defang in passing) is context and not searched for. Tested
// by drawn_values_test.cpp; fuzz_text.

#include <string>
#include <utility>

#include "base/ascii.h"
#include "base/hash.h"
#include "feeds/claim_parts.h"
#include "feeds/drawn_values.h"
#include "feeds/formats.h"
#include "feeds/json_rows.h"
#include "feeds/prose.h"
#include "feeds/text.h"

namespace spoor {
namespace {

constexpr std::string_view kRole = "free text";

bool is_searched(const DrawnValue& value, bool defangs) {
  switch (value.observable.type) {
    case IndicatorType::kCve:
    case IndicatorType::kFilePath:
    case IndicatorType::kRegistryKey:
    case IndicatorType::kImphash:
      return false;
    case IndicatorType::kIpv4:
    case IndicatorType::kIpv6:
    case IndicatorType::kCidr:
    case IndicatorType::kIpv4Port:
    case IndicatorType::kIpv6Port:
      return value.defanged || value.alone || !defangs;
    default:
      return true;
  }
}

bool named_as_prose(std::string_view file_name) {
  const std::string name = lower(file_name);
  for (const std::string_view ending : {".md", ".markdown", ".html", ".htm", ".eml", ".adoc",
                                        ".rst", ".pdf", ".docx", ".rtf"}) {
    const std::size_t at = name.rfind(ending);
    if (at == std::string::npos) continue;
    const std::size_t end = at + ending.size();
    if (end == name.size() || name[end] == '.') return true;
  }
  return false;
}

}  // namespace

int report_confidence(std::string_view head, std::string_view file_name) {
  const ProseKind kind = prose_kind(head);
  if (kind == ProseKind::kForeign) return named_as_prose(file_name) ? 60 : 20;
  if (head.find('\0') != std::string_view::npos || begins_json(head)) return 0;
  if (kind == ProseKind::kText && !may_be_lines(head)) return 0;
  const auto prose = read_prose(head);
  if (!prose || draw_values(prose->text, "").values.empty()) return 0;
  if (kind != ProseKind::kText) return 60;
  return named_as_prose(file_name) ? 95 : 20;
}

Status read_report(std::string_view text, std::string_view where, const OnPage& on_page) {
  const auto prose = read_prose(text);
  if (!prose) return fail(prose.error());
  Drawn drawn = draw_values(prose->text, where);
  Page page;
  page.notes = std::move(drawn.notes);
  for (const std::string& type : prose->passed)
    page.notes.add("", "a part of the mail that is no text: not read", where, type);
  if (drawn.values.empty()) return on_page(std::move(page));

  Pulse pulse;
  pulse.id = "text:" + to_hex(xxh3_128(text).view());
  pulse.name = prose->title.empty() ? std::string(where) : prose->title;
  pulse.created = prose->date;
  pulse.attack_ids = std::move(drawn.attack_ids);
  pulse.references = std::move(drawn.references);
  for (const std::string& link : prose->links) add_word(pulse.references, link);
  pulse.tlp = parse_tlp(drawn.tlp);
  pulse.indicators.reserve(drawn.values.size());
  for (const DrawnValue& value : drawn.values) {
    RawIndicator row;
    row.type = name_of(value.observable.type);
    row.value = value.raw;
    row.role = kRole;
    if (value.sentence != value.raw) row.description = value.sentence;
    row.created = prose->date;
    row.facts.detect = is_searched(value, drawn.defangs);
    row.where = std::string(where) + ":" + std::to_string(value.line);
    pulse.indicators.push_back(std::move(row));
  }
  order_rows(pulse.indicators);
  page.pulses.push_back(std::move(pulse));
  return on_page(std::move(page));
}

}  // namespace spoor
