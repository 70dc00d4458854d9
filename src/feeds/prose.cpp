// See prose.h. Tested by prose_test.cpp.

#include "feeds/prose.h"

#include "base/ascii.h"
#include "feeds/json_rows.h"
#include "feeds/text.h"

namespace spoor {
namespace {

constexpr std::size_t kLongestTitle = 200;

struct Magic {
  std::string_view bytes;
  std::string_view what;
};
constexpr Magic kForeign[] = {
    {"%PDF-",
     "a PDF, expected text; turn it into text first: pdftotext FILE - | spoor import "
     "--format text -"},
    {"PK\x03\x04", "a zip or office file, expected text; save it as text first"},
    {"\xD0\xCF\x11\xE0", "an old office file, expected text; save it as text first"},
    {"{\\rtf", "an RTF file, expected text; save it as text first"},
};

const Magic* foreign(std::string_view head) {
  for (const Magic& magic : kForeign) {
    if (head.substr(0, magic.bytes.size()) == magic.bytes) return &magic;
  }
  // Latin-1 bytes may have been re-coded on the way.
  constexpr std::string_view kOldOffice = "\xC3\x90\xC3\x8F\x11\xC3\xA0";
  if (head.substr(0, kOldOffice.size()) == kOldOffice) return &kForeign[2];
  return nullptr;
}

bool is_mail(std::string_view head) {
  Lines lines(head);
  std::string_view line;
  int known = 0;
  bool first = true;
  while (lines.next(line) && lines.number() < 60) {
    if (line.empty()) break;
    if (first && line.substr(0, 5) == "From ") {  // mbox
      first = false;
      continue;
    }
    first = false;
    if (is_blank(line.front())) continue;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    for (char c : line.substr(0, colon)) {
      if (c <= ' ' || c >= 0x7F) return false;
    }
    for (const std::string_view name :
         {"From", "To", "Subject", "Date", "Received", "Message-ID", "MIME-Version",
          "Return-Path", "Delivered-To", "Content-Type"}) {
      if (equals_ignore_case(line.substr(0, colon), name)) ++known;
    }
  }
  return known >= 3;
}

/// "# Title" of Markdown, else a short first line that stands alone.
std::string title_of(std::string_view text) {
  Lines lines(text);
  std::string_view line;
  std::string first;
  std::uint64_t first_number = 0;
  bool alone = false;
  while (lines.next(line) && lines.number() < 40) {
    const std::string_view bare = trim_wide(line);
    if (bare.substr(0, 2) == "# ") {
      std::string title(trim(bare.substr(2)));
      cut_utf8(title, kLongestTitle);
      return title;
    }
    if (first.empty()) {
      first = bare;
      first_number = lines.number();
    } else if (lines.number() == first_number + 1) {
      alone = bare.empty();
    }
  }
  const bool sentence = first.find(' ') != std::string::npos && first.size() <= 120;
  return alone && sentence ? first : std::string();
}

}  // namespace

ProseKind prose_kind(std::string_view head) {
  if (foreign(head) != nullptr) return ProseKind::kForeign;
  head = trim_wide(head);
  const std::string begin = lower(head.substr(0, 1024));
  if (!begin.empty() && begin.front() == '<') {
    for (const std::string_view mark : {"<!doctype html", "<html", "<head", "<body"}) {
      if (begin.find(mark) != std::string::npos) return ProseKind::kHtml;
    }
  }
  return is_mail(head) ? ProseKind::kMail : ProseKind::kText;
}

Result<Prose> read_prose(std::string_view document) {
  if (const Magic* magic = foreign(document)) return fail(std::string(magic->what));
  if (document.substr(0, 64 << 10).find('\0') != std::string_view::npos)
    return fail("bytes that are no text, expected text");
  Prose prose;
  switch (prose_kind(document.substr(0, 64 << 10))) {
    case ProseKind::kHtml:
      read_html(document, prose);
      break;
    case ProseKind::kMail:
      read_mail(document, prose);
      break;
    case ProseKind::kText:
    case ProseKind::kForeign:
      prose.text = document;
      break;
  }
  if (prose.title.empty()) prose.title = title_of(prose.text);
  cut_utf8(prose.title, kLongestTitle);
  return prose;
}

}  // namespace spoor
