// A document that people read (a mail, a web page, Markdown, plain text) as plain text with its
// title and its links. What cannot be read as text (PDF, office files) is told by name. Tested
// by prose_test.cpp; fuzz_text.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace spoor {

struct Prose {
  std::string text;                 ///< lines end in LF; cells of tables are set apart by TABs
  std::string title;                ///< "" where the document names none
  std::optional<Time> date;         ///< of a mail
  std::vector<std::string> links;   ///< targets of links, at most a thousand
  std::vector<std::string> passed;  ///< types of attachments that were not read
};

enum class ProseKind : std::uint8_t { kText, kHtml, kMail, kForeign };
/// By the first bytes. kForeign: a PDF, an office or an archive file.
ProseKind prose_kind(std::string_view head);

/// Reads `document` as what it is. An error where it is no text, with what it is instead.
/// O(n) but for nested mails, which are read eight deep.
Result<Prose> read_prose(std::string_view document);

/// The parts of read_prose(): a page of HTML, and a mail with its headers.
void read_html(std::string_view html, Prose& prose);
void read_mail(std::string_view mail, Prose& prose);

/// `text` with HTML's character references resolved.
std::string resolve_entities(std::string_view text);

}  // namespace spoor
