// Windows events as XML: a line each as exported, or the records of an event log as io/evtx.cpp
// renders them. A walk over tags, not a parser of XML: values in it keep their ampersands, and
// a
// '<' that begins no tag is text. What attackers can write (values) cannot make a tag, for
// every renderer escapes those. O(line), of which 256 KiB are looked at. Tested by
// formats_test.cpp; fuzz/fuzz_record.

#include "logs/cursor.h"
#include "logs/format.h"

namespace spoor {
namespace {

constexpr std::size_t kTextBytes = 256 << 10;
constexpr std::size_t kMostTags = 4 * kMostFields;

bool begins_tag(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size()) return false;
  const char c = text[at + 1];
  return is_alpha(c) || is_non_ascii(c) || c == '/' || c == '!' || c == '?' || c == '_' ||
         c == ':';
}

/// The next '<' that begins a tag, or the end.
std::size_t next_tag(std::string_view text, std::size_t at) {
  for (at = text.find('<', at); at != std::string_view::npos; at = text.find('<', at + 1)) {
    if (begins_tag(text, at)) return at;
  }
  return text.size();
}

/// One tag: its name, and what stands in it behind the name.
struct Tag {
  std::string_view name, attributes;
  bool closes = false, empty = false;
};

/// The value of `name` in name='value' name="value".
std::string_view attribute(std::string_view attributes, std::string_view name) {
  for (std::size_t at = attributes.find(name); at != std::string_view::npos;
       at = attributes.find(name, at + 1)) {
    const std::size_t equals = at + name.size();
    if (at == 0 || !is_space(attributes[at - 1])) continue;
    if (equals + 1 >= attributes.size() || attributes[equals] != '=') continue;
    const char quote = attributes[equals + 1];
    if (quote != '\'' && quote != '"') continue;
    const std::size_t begin = equals + 2;
    return attributes.substr(
        begin, std::min(attributes.find(quote, begin), attributes.size()) - begin);
  }
  return {};
}

class EventWalk {
 public:
  EventWalk(std::string_view text, const FormatState& state, Record& record)
      : text_(text), state_(state), record_(record) {}

  void run(std::size_t at) {
    for (std::size_t tags = 0; tags < kMostTags; ++tags) {
      at = next_tag(text_, at);
      if (at >= text_.size()) return;
      const std::size_t close = tag_end(at);
      if (close >= text_.size()) return;
      const Tag tag = read_tag(text_.substr(at + 1, close - at - 1));
      at = close + 1;
      if (tag.closes) {
        if (tag.name == "Event") return;
        if (tag.name == "System") in_system_ = false;
        continue;
      }
      if (tag.name == "System") in_system_ = true;
      if (in_system_) read_attributes(tag);
      if (tag.empty) continue;
      // What holds no other tag is a value.
      const std::size_t end = next_tag(text_, at);
      if (text_.substr(end, 2) != "</") continue;
      put(tag, text_.substr(at, end - at));
      at = end;
    }
  }

 private:
  /// The '>' of the tag at `at`; one in quotes is none.
  std::size_t tag_end(std::size_t at) const {
    for (;;) {
      at = text_.find_first_of("'\">", at);
      if (at == std::string_view::npos || text_[at] == '>') return std::min(at, text_.size());
      at = text_.find(text_[at], at + 1);
      if (at == std::string_view::npos) return text_.size();
      ++at;
    }
  }

  static Tag read_tag(std::string_view text) {
    Tag tag;
    if (!text.empty() && text.front() == '/') {
      tag.closes = true;
      text.remove_prefix(1);
    } else if (!text.empty() &&
               (text.back() == '/' || text.front() == '!' || text.front() == '?')) {
      tag.empty = true;
    }
    std::size_t end = 0;
    while (end < text.size() && !is_space(text[end]) && text[end] != '/') ++end;
    tag.name = text.substr(0, end);
    tag.attributes = text.substr(end);
    return tag;
  }

  void read_attributes(const Tag& tag) {
    if (tag.name == "TimeCreated") {
      if (const auto time = read_time(attribute(tag.attributes, "SystemTime"), state_.time))
        record_.set_time(*time);
    } else if (tag.name == "Provider") {
      set(Slot::kNone, "Provider", attribute(tag.attributes, "Name"));
    } else if (tag.name == "Security") {
      // A name, where the event's own fields have one, is better than a SID.
      set(Slot::kUser, "UserID", attribute(tag.attributes, "UserID"), 40);
    } else if (tag.name == "Execution") {
      set(Slot::kNone, "ProcessID", attribute(tag.attributes, "ProcessID"));
    }
  }

  void put(const Tag& tag, std::string_view value) {
    if (in_system_)
      return set(tag.name == "Computer" ? Slot::kHost : Slot::kNone, tag.name, value);
    const std::string_view name = attribute(tag.attributes, "Name");
    record_.put(name.empty() ? tag.name : name, value);
  }

  void set(Slot slot, std::string_view name, std::string_view value, std::uint8_t rank = 0) {
    if (!value.empty()) record_.set(slot, name, value, rank);
  }

  std::string_view text_;
  const FormatState& state_;
  Record& record_;
  bool in_system_ = false;
};

/// <Event xmlns='...'><System>...<TimeCreated SystemTime='...'/>...<Computer>..</Computer>
/// </System><EventData><Data Name='SourceIp'>192.0.2.5</Data>...
bool parse_windows_xml(std::string_view line, const FormatState& state, Record& record) {
  const std::string_view head = line.substr(0, 512);
  const std::size_t event = head.find("<Event");
  if (event == std::string_view::npos || event > 64) return false;
  const std::string_view behind = head.substr(event + 6);
  if (behind.substr(0, 9) != "><System>" &&
      (behind.substr(0, 1) != " " ||
       behind.find("schemas.microsoft.com/win/2004/08/events") == std::string_view::npos)) {
    return false;
  }
  EventWalk(line.substr(0, kTextBytes), state, record).run(event);
  return true;
}

}  // namespace

constexpr LogFormat kWindowsXmlFormat = {"windows-xml", "Windows events, XML, a line each",
                                         parse_windows_xml};

}  // namespace spoor
