// OpenIOC 1.0 and 1.1, read with Expat as a stream of elements; several documents behind each
// other are not XML and not read. A document type declaration is refused outright, and with it
// entities, whether they name files or blow up. Conjunctions become groups as in STIX patterns:
// a file name that counts only together with a size is context. Source: OpenIOC schemas of
// Mandiant. Cost: one pass, one element's text in memory. Tested by openioc_test.cpp;
// fuzz_openioc.

#include <expat.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/utf8.h"
#include "feeds/formats.h"
#include "feeds/json_rows.h"
#include "feeds/openioc_terms.h"
#include "feeds/tags.h"
#include "feeds/text.h"

namespace spoor {
namespace {

constexpr std::size_t kDeepest = 128;
constexpr std::size_t kLongestText = 1 << 20;  // of one element
constexpr std::size_t kMostItems = 1'000'000;  // of one document

std::string_view local_name(const char* name) {
  const std::string_view text(name);
  const std::size_t colon = text.rfind(':');
  return colon == std::string_view::npos ? text : text.substr(colon + 1);
}

/// Views into Expat's own array.
std::string_view attribute(const char** attributes, std::string_view name) {
  for (; attributes[0] != nullptr; attributes += 2) {
    if (local_name(attributes[0]) == name) return attributes[1];
  }
  return {};
}

struct Level {
  std::size_t first = 0;  ///< place of the first fact under it
  int parts = 0;
  bool all = false;  ///< AND
  bool negated = false;
};

class OpenIocReader {
 public:
  OpenIocReader(std::string_view where, const OnPage& on_page)
      : where_(where), on_page_(on_page) {}

  Status read(std::string_view text) {
    const std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser(
        XML_ParserCreate("UTF-8"), XML_ParserFree);
    if (!parser) return fail("no memory for a parser of XML");
    parser_ = parser.get();
    XML_SetUserData(parser_, this);
    XML_SetElementHandler(
        parser_,
        [](void* self, const char* name, const char** attributes) {
          static_cast<OpenIocReader*>(self)->begin(local_name(name), attributes);
        },
        [](void* self, const char* name) {
          static_cast<OpenIocReader*>(self)->end(local_name(name));
        });
    XML_SetCharacterDataHandler(parser_, [](void* self, const char* data, int size) {
      auto& held = static_cast<OpenIocReader*>(self)->text_;
      if (held.size() < kLongestText) held.append(data, static_cast<std::size_t>(size));
    });
    XML_SetDoctypeDeclHandler(
        parser_,
        [](void* self, const char*, const char*, const char*, int) {
          static_cast<OpenIocReader*>(self)->stop(
              "a document type declaration, which this format has not: refused");
        },
        nullptr);
    constexpr std::size_t kStep = 1 << 20;
    for (std::size_t at = 0; stopped_.empty();) {
      const std::string_view piece = text.substr(at, kStep);
      at += piece.size();
      const bool last = at == text.size();
      const XML_Status status =
          XML_Parse(parser_, piece.data(), static_cast<int>(piece.size()), last ? 1 : 0);
      if (status != XML_STATUS_OK && stopped_.empty()) {
        broken_ = XML_ErrorString(XML_GetErrorCode(parser_));
        break;
      }
      if (last) break;
    }
    line_ = XML_GetCurrentLineNumber(parser_);
    parser_ = nullptr;
    if (!stopped_.empty()) return fail("line " + std::to_string(line_) + ": " + stopped_);
    if (!is_openioc_) {
      return fail(broken_.empty() ? "xml of another kind, expected an OpenIOC document"
                                  : "line " + std::to_string(line_) + ": not well-formed (" +
                                        broken_ + "), expected an OpenIOC document");
    }
    return finish();
  }

 private:
  void begin(std::string_view name, const char** attributes) {
    text_.clear();
    if (++depth_ > kDeepest) return stop("nested deeper than 128");
    if (name == "ioc" || name == "OpenIOC") {
      is_openioc_ = true;
      if (pulse_.id.empty()) {
        const std::string_view id = attribute(attributes, "id");
        if (!id.empty() && id.size() <= 100) pulse_.id = "openioc:" + lower(id);
        pulse_.modified =
            parse_list_date(attribute(attributes, "last-modified"), DayEdge::kBegin);
        pulse_.created =
            parse_list_date(attribute(attributes, "published-date"), DayEdge::kBegin);
      }
    } else if (name == "Indicator") {
      Level level;
      level.first = facts_.size();
      level.all = equals_ignore_case(attribute(attributes, "operator"), "AND");
      level.negated = negated_by(attributes) || (!levels_.empty() && levels_.back().negated);
      if (!levels_.empty()) ++levels_.back().parts;
      levels_.push_back(level);
    } else if (name == "IndicatorItem") {
      if (!levels_.empty()) ++levels_.back().parts;
      condition_ = attribute(attributes, "condition");
      negated_ = negated_by(attributes) || (!levels_.empty() && levels_.back().negated);
      search_.clear();
      content_.clear();
      ++items_;
    } else if (name == "Context") {
      search_ = attribute(attributes, "search");
    } else if (name == "link") {
      rel_ = attribute(attributes, "rel");
      href_ = attribute(attributes, "href");
    }
  }

  static bool negated_by(const char** attributes) {
    const std::string_view word = attribute(attributes, "negate");
    return equals_ignore_case(word, "true") || word == "1";
  }

  void end(std::string_view name) {
    --depth_;
    const std::string_view text = trim(text_);
    if (name == "Content") {
      content_ = text;
    } else if (name == "IndicatorItem") {
      item();
    } else if (name == "Indicator") {
      close_level();
    } else if (name == "short_description") {
      if (pulse_.name.empty()) pulse_.name = text;
    } else if (name == "description") {
      if (pulse_.description.empty()) pulse_.description = text;
    } else if (name == "authored_by") {
      if (pulse_.author.empty()) pulse_.author = text;
    } else if (name == "authored_date") {
      pulse_.created = parse_list_date(text, DayEdge::kBegin);
    } else if (name == "keywords") {
      TagFacts tags;
      tags.add(text);
      for (const std::string& tag : tags.plain) add_word(pulse_.tags, tag);
      if (tags.tlp) pulse_.tlp = *tags.tlp;
    } else if (name == "link") {
      link(text);
    }
    text_.clear();
  }

  void link(std::string_view text) {
    if (starts_with_ignore_case(href_, "http")) add_word(pulse_.references, href_);
    if (text.empty() || text.size() > 1000) return;
    if (starts_with_ignore_case(text, "http")) {
      add_word(pulse_.references, text);
    } else if (equals_ignore_case(rel_, "threatgroup") ||
               equals_ignore_case(rel_, "threatactor")) {
      append_listed(pulse_.adversary, text);
    } else if (equals_ignore_case(rel_, "family") || equals_ignore_case(rel_, "malware")) {
      add_word(pulse_.malware_families, text);
    } else if (equals_ignore_case(rel_, "tlp")) {
      pulse_.tlp = parse_tlp(text);
    } else if (!equals_ignore_case(rel_, "license")) {
      add_word(pulse_.tags, text);
    }
    rel_.clear();
    href_.clear();
  }

  void item() {
    if (items_ > kMostItems) return stop("more than a million items");
    const std::uint64_t line = XML_GetCurrentLineNumber(parser_);
    const bool no = negated_ || equals_ignore_case(condition_, "isnot") ||
                    equals_ignore_case(condition_, "containsnot");
    PatternFact fact;
    if (no || !openioc_fact(search_, condition_, content_, fact)) {
      page_.notes.add("",
                      "items that are no value to hunt: " + std::string(no ? "not " : "") +
                          std::string(words_(search_ + " " + condition_)),
                      at_line(line), content_);
      return;
    }
    fact.group = ++groups_;
    fact.line = line;
    facts_.push_back(std::move(fact));
  }

  void close_level() {
    if (levels_.empty()) return;
    const Level level = levels_.back();
    levels_.pop_back();
    if (!level.all || level.parts < 2) return;
    const int group = ++groups_;
    for (std::size_t i = level.first; i < facts_.size(); ++i) {
      facts_[i].group = group;
      facts_[i].joint = true;
    }
  }

  Status finish() {
    if (!broken_.empty()) {
      page_.incomplete = true;
      pulse_.more_indicators = true;
      page_.damaged.add("", "not well-formed: " + broken_, at_line(line_), "");
    }
    for (ClaimPart& part : claims_of(std::move(facts_))) {
      RawIndicator row;
      row.type = part.type;
      row.value = std::move(part.value);
      row.facts.detect = !part.context;
      row.created = pulse_.created;
      row.where = at_line(part.line);
      pulse_.indicators.push_back(std::move(row));
    }
    order_rows(pulse_.indicators);
    if (pulse_.name.empty()) pulse_.name = where_;
    if (!pulse_.id.empty()) {
      page_.pulses.push_back(std::move(pulse_));
      return on_page_(std::move(page_));
    }
    page_.notes.add("", "a document without an id: its items are kept without it",
                    std::string(where_), pulse_.name);
    PageWriter pages(where_, on_page_);
    pages.page() = std::move(page_);
    for (RawIndicator& row : pulse_.indicators) {
      row.title = pulse_.name;
      if (auto status = pages.add(std::move(row)); !status) return status;
    }
    return pages.finish();
  }

  std::string at_line(std::uint64_t line) const {
    return std::string(where_) + ":" + std::to_string(line);
  }

  void stop(std::string why) {
    if (stopped_.empty()) stopped_ = std::move(why);
    if (parser_ != nullptr) XML_StopParser(parser_, XML_FALSE);
  }

  std::string_view where_;
  const OnPage& on_page_;
  XML_Parser parser_ = nullptr;
  Page page_;
  Pulse pulse_;
  std::string text_, condition_, search_, content_, rel_, href_;
  std::vector<Level> levels_;
  std::vector<PatternFact> facts_;
  ReasonWords words_;
  std::size_t depth_ = 0, items_ = 0;
  std::uint64_t line_ = 0;
  int groups_ = 0;
  bool negated_ = false, is_openioc_ = false;
  std::string stopped_, broken_;
};

}  // namespace

int openioc_confidence(std::string_view head, std::string_view) {
  const std::string_view text = trim_wide(head);
  if (text.empty() || text.front() != '<') return 0;
  for (const std::string_view mark :
       {"schemas.mandiant.com/2010/ioc", "openioc.org/schemas", "<OpenIOC ", "<ioc "}) {
    if (text.find(mark) != std::string_view::npos) return 97;
  }
  return 0;
}

Status read_openioc(std::string_view text, std::string_view where, const OnPage& on_page) {
  return OpenIocReader(where, on_page).read(text);
}

}  // namespace spoor
