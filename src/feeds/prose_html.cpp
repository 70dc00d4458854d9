// HTML to text: no tree, one pass over tags. Inline tags vanish, so that a value that is half
// bold stays whole; block tags end lines and cells end in a TAB. Scripts, styles and comments
// are left out. See prose.h. Tested by prose_test.cpp; fuzz_text.

#include <algorithm>
#include <array>
#include <string>

#include "base/ascii.h"
#include "base/utf8.h"
#include "feeds/json_rows.h"
#include "feeds/prose.h"

namespace spoor {
namespace {

constexpr std::size_t kMostLinks = 1000;
constexpr std::size_t kLongestLink = 2048;

constexpr std::array<std::string_view, 33> kBlocks = {
    "address", "article", "aside", "blockquote", "br", "dd",     "div", "dl",  "dt",
    "footer",  "form",    "h1",    "h2",         "h3", "h4",     "h5",  "h6",  "header",
    "hr",      "li",      "main",  "nav",        "ol", "option", "p",   "pre", "section",
    "table",   "tbody",   "thead", "title",      "tr", "ul"};

struct Entity {
  std::string_view name, text;
};
constexpr Entity kEntities[] = {
    {"amp", "&"},    {"lt", "<"},     {"gt", ">"},     {"quot", "\""},  {"apos", "'"},
    {"nbsp", " "},   {"period", "."}, {"colon", ":"},  {"sol", "/"},    {"commat", "@"},
    {"lbrack", "["}, {"lsqb", "["},   {"rbrack", "]"}, {"rsqb", "]"},   {"lpar", "("},
    {"rpar", ")"},   {"dash", "-"},   {"hyphen", "-"}, {"lowbar", "_"}, {"shy", ""},
    {"zwnj", ""},    {"zwj", ""},     {"ndash", "-"},  {"mdash", "-"},  {"equals", "="},
    {"num", "#"},    {"percnt", "%"}, {"quest", "?"},  {"bsol", "\\"}};

/// Where the tag that begins at `at` ends (behind '>'); quoted '>' do not end it.
std::size_t tag_end(std::string_view html, std::size_t at) {
  char quote = '\0';
  for (std::size_t i = at + 1; i < html.size(); ++i) {
    const char c = html[i];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
      // A quote that is never closed is none.
      if (i - at > (64 << 10)) break;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return i + 1;
    }
  }
  const std::size_t end = html.find('>', at);
  return end == std::string_view::npos ? html.size() : end + 1;
}

std::string_view href_of(std::string_view tag) {
  for (std::size_t at = 0; at + 5 < tag.size(); ++at) {
    if (!is_space(tag[at]) || !starts_with_ignore_case(tag.substr(at + 1), "href")) continue;
    std::size_t begin = at + 5;
    while (begin < tag.size() && is_space(tag[begin])) ++begin;
    if (begin >= tag.size() || tag[begin] != '=') continue;
    ++begin;
    while (begin < tag.size() && is_space(tag[begin])) ++begin;
    if (begin >= tag.size()) return {};
    const char quote = tag[begin];
    if (quote == '"' || quote == '\'') {
      const std::size_t end = tag.find(quote, begin + 1);
      return end == std::string_view::npos ? std::string_view()
                                           : tag.substr(begin + 1, end - begin - 1);
    }
    const std::size_t end = std::min(tag.find_first_of(" \t\r\n>", begin), tag.size());
    return tag.substr(begin, end - begin);
  }
  return {};
}

class HtmlReader {
 public:
  HtmlReader(std::string_view html, Prose& prose) : html_(html), prose_(prose) {}

  void read() {
    std::size_t at = 0;
    while (at < html_.size()) {
      const std::size_t open = std::min(html_.find('<', at), html_.size());
      text(html_.substr(at, open - at));
      if (open == html_.size()) break;
      at = tag(open);
    }
    end_line();
  }

 private:
  /// Behind the tag, or what it leaves out.
  std::size_t tag(std::size_t open) {
    const std::string_view rest = html_.substr(open);
    if (rest.substr(0, 4) == "<!--") {
      const std::size_t end = html_.find("-->", open + 4);
      return end == std::string_view::npos ? html_.size() : end + 3;
    }
    const bool closing = rest.size() > 1 && rest[1] == '/';
    const std::size_t begin = open + (closing ? 2 : 1);
    if (begin >= html_.size() || (!is_alpha(html_[begin]) && html_[begin] != '!')) {
      text("<");
      return open + 1;
    }
    const std::size_t end = tag_end(html_, open);
    std::size_t name_end = begin;
    while (name_end < end && (is_alnum(html_[name_end]) || html_[name_end] == '!')) ++name_end;
    const std::string name =
        lower(html_.substr(begin, std::min(name_end - begin, std::size_t{16})));
    if (!closing && (name == "script" || name == "style")) {
      return behind_closing(end, name);
    }
    if (!closing && name == "title" && prose_.title.empty()) {
      const std::size_t stop = std::min(html_.find('<', end), html_.size());
      prose_.title = one_line(resolve_entities(html_.substr(end, stop - end)));
      return stop;
    }
    if (!closing && name == "a") {
      const std::string link = resolve_entities(href_of(html_.substr(open, end - open)));
      if (starts_with_ignore_case(link, "http") && link.size() <= kLongestLink &&
          prose_.links.size() < kMostLinks) {
        add_word(prose_.links, link);
      }
    }
    if (name == "pre") preformatted_ = !closing;
    if (name == "td" || name == "th") {
      if (closing) prose_.text += '\t';
    } else if (std::find(kBlocks.begin(), kBlocks.end(), name) != kBlocks.end()) {
      end_line();
    }
    return end;
  }

  std::size_t behind_closing(std::size_t from, const std::string& name) {
    for (std::size_t at = html_.find("</", from); at != std::string_view::npos;
         at = html_.find("</", at + 2)) {
      if (starts_with_ignore_case(html_.substr(at + 2), name)) return tag_end(html_, at);
    }
    return html_.size();
  }

  void text(std::string_view piece) {
    if (piece.empty()) return;
    std::string plain = resolve_entities(piece);
    if (!preformatted_) {
      for (char& c : plain) {
        if (is_space(c)) c = ' ';
      }
      if (prose_.text.empty() || prose_.text.back() == '\n' || prose_.text.back() == '\t') {
        plain.erase(0, std::min(plain.find_first_not_of(' '), plain.size()));
      }
    }
    prose_.text += plain;
  }

  static std::string one_line(std::string text) {
    std::string line;
    for (const char c : trim(text)) {
      if (!is_space(c)) {
        line += c;
      } else if (line.back() != ' ') {
        line += ' ';
      }
    }
    return line;
  }

  void end_line() {
    if (!prose_.text.empty() && prose_.text.back() != '\n') prose_.text += '\n';
  }

  std::string_view html_;
  Prose& prose_;
  bool preformatted_ = false;
};

}  // namespace

std::string resolve_entities(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t sign = std::min(text.find('&', at), text.size());
    out += text.substr(at, sign - at);
    at = sign;
    if (at == text.size()) break;
    const std::size_t end = text.substr(0, std::min(text.size(), at + 12)).find(';', at);
    const std::string_view name =
        end == std::string_view::npos ? std::string_view() : text.substr(at + 1, end - at - 1);
    bool known = false;
    if (name.size() > 1 && name.front() == '#') {
      const bool hex = to_lower(name[1]) == 'x';
      char32_t value = 0;
      bool digits = name.size() > (hex ? 2u : 1u);
      for (const char c : name.substr(hex ? 2 : 1)) {
        const int digit = hex ? hex_value(c) : is_digit(c) ? c - '0' : -1;
        digits = digits && digit >= 0 && value < 0x200000;
        if (digits) value = value * (hex ? 16u : 10u) + static_cast<char32_t>(digit);
      }
      if (digits && value > 0) {
        append_utf8(out, value);
        known = true;
      }
    }
    for (const Entity& entity : kEntities) {
      if (!known && entity.name == name) {
        out += entity.text;
        known = true;
      }
    }
    if (known) {
      at = end + 1;
    } else {
      out += '&';
      ++at;
    }
  }
  return out;
}

void read_html(std::string_view html, Prose& prose) {
  HtmlReader(html, prose).read();
}

}  // namespace spoor
