#include "logs/json_walk.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"

namespace spoor {
namespace {

constexpr std::size_t kMostDepth = 48;
constexpr std::size_t kPathBytes = 512;

/// Names of members whose array holds the records.
constexpr std::string_view kWrappers[] = {"Records",   "records", "value", "events",
                                          "logEvents", "hits",    "data",  "results"};

/// The end of the object that begins at `at`, behind its brace; npos where it does not end.
std::size_t object_end(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\') ++at;
      }
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth <= 1) return at + 1;
      --depth;
    }
  }
  return std::string_view::npos;
}

}  // namespace

void JsonWalk::skip_space() {
  while (at_ < text_.size() && is_space(text_[at_])) ++at_;
}

/// A string whose quote stands at the cursor.
bool JsonWalk::string(std::string_view& raw, bool& escapes) {
  const std::size_t begin = ++at_;
  escapes = false;
  while (at_ < text_.size() && text_[at_] != '"') {
    if (text_[at_] == '\\') {
      escapes = true;
      ++at_;
    }
    ++at_;
  }
  const bool whole = at_ < text_.size();
  raw = text_.substr(begin, std::min(at_, text_.size()) - begin);
  if (whole) ++at_;
  at_ = std::min(at_, text_.size());
  return whole;
}

bool JsonWalk::next(JsonLeaf& leaf) {
  for (;;) {
    skip_space();
    if (at_ >= text_.size() || closed_) return false;
    char c = text_[at_];
    if (c == ',') {
      ++at_;
      continue;
    }
    if (c == '}' || c == ']') {
      if (open_.empty()) return false;
      ++at_;
      path_.resize(open_.back().path_size);
      open_.pop_back();
      if (open_.empty()) closed_ = true;
      continue;
    }
    const bool in_object = !open_.empty() && open_.back().is_object;
    if (in_object) {
      if (c != '"') return false;
      bool escapes;
      if (!string(key_, escapes)) return false;
      skip_space();
      if (at_ >= text_.size() || text_[at_] != ':') return false;
      ++at_;
      skip_space();
      if (at_ >= text_.size()) return false;
      c = text_[at_];
      path_.resize(open_.back().path_size);
      if (!path_.empty() && path_.size() < kPathBytes) path_ += '.';
      if (path_.size() < kPathBytes) path_ += key_.substr(0, kPathBytes);
    } else if (open_.empty() && c != '{' && c != '[') {
      return false;
    }
    if (c == '{' || c == '[') {
      if (open_.size() >= kMostDepth) return false;
      Level level{};
      level.is_object = c == '{';
      level.path_size = path_.size();
      level.object = open_.empty() ? 0 : open_.back().object;
      // Each object that is an element of an array is an object of its own.
      if (level.is_object && !open_.empty() && !open_.back().is_object)
        level.object = ++objects_;
      open_.push_back(level);
      ++at_;
      continue;
    }
    leaf = JsonLeaf{};
    leaf.path = path_;
    leaf.key = in_object ? key_ : std::string_view();
    leaf.is_top = open_.size() == 1 && in_object;
    leaf.object = open_.back().object;
    if (c == '"') {
      leaf.is_string = true;
      string(leaf.raw, leaf.has_escapes);
      return true;
    }
    const std::size_t begin = at_;
    while (at_ < text_.size() && !is_space(text_[at_]) && text_[at_] != ',' &&
           text_[at_] != '}' && text_[at_] != ']' && text_[at_] != '"') {
      ++at_;
    }
    if (at_ == begin) return false;
    leaf.raw = text_.substr(begin, at_ - begin);
    return true;
  }
}

std::string json_unescaped(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  const auto unit = [&](std::size_t at, std::uint32_t& value) {
    if (at + 4 > raw.size()) return false;
    value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const int digit = hex_value(raw[at + i]);
      if (digit < 0) return false;
      value = value * 16 + static_cast<std::uint32_t>(digit);
    }
    return true;
  };
  for (std::size_t at = 0; at < raw.size(); ++at) {
    if (raw[at] != '\\' || at + 1 >= raw.size()) {
      out += raw[at];
      continue;
    }
    const char c = raw[++at];
    std::uint32_t value = 0;
    switch (c) {
      case 'n':
        out += '\n';
        break;
      case 't':
        out += '\t';
        break;
      case 'r':
        out += '\r';
        break;
      case 'b':
        out += '\b';
        break;
      case 'f':
        out += '\f';
        break;
      case 'u': {
        if (!unit(at + 1, value)) {
          out += "\\u";
          break;
        }
        at += 4;
        std::uint32_t low = 0;
        if (value >= 0xD800 && value < 0xDC00 && at + 2 < raw.size() && raw[at + 1] == '\\' &&
            raw[at + 2] == 'u' && unit(at + 3, low) && low >= 0xDC00 && low < 0xE000) {
          value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
          at += 6;
        } else if (value >= 0xD800 && value < 0xE000) {
          value = 0xFFFD;
        }
        append_utf8(out, value);
        break;
      }
      default:
        out += c;
    }
  }
  return out;
}

JsonElements::JsonElements(std::string_view line) : line_(line) {
  while (at_ < line.size() && is_space(line[at_])) ++at_;
  if (at_ >= line.size()) return;
  if (line[at_] == '[') {
    ++at_;
    while (at_ < line.size() && is_space(line[at_])) ++at_;
    is_list_ = at_ < line.size() && line[at_] == '{';
    return;
  }
  // {"Records":[{...
  if (line[at_] != '{') return;
  std::size_t at = at_ + 1;
  const auto skip = [&] {
    while (at < line.size() && is_space(line[at])) ++at;
  };
  skip();
  for (const std::string_view name : kWrappers) {
    if (line.substr(at, name.size() + 2) != '"' + std::string(name) + '"') continue;
    at += name.size() + 2;
    skip();
    if (line.substr(at, 1) != ":") return;
    ++at;
    skip();
    if (line.substr(at, 1) != "[") return;
    ++at;
    skip();
    is_list_ = line.substr(at, 1) == "{";
    at_ = at;
    return;
  }
}

std::string_view JsonElements::at_or_behind(std::size_t at) {
  if (!is_list_) return {};
  for (;;) {
    if (!element_.empty()) {
      const auto end =
          static_cast<std::size_t>(element_.data() - line_.data()) + element_.size();
      if (at < end) return element_;
    }
    while (at_ < line_.size() && (is_space(line_[at_]) || line_[at_] == ',')) ++at_;
    if (at_ >= line_.size() || line_[at_] != '{') {
      is_list_ = false;
      return {};
    }
    const std::size_t end = std::min(object_end(line_, at_), line_.size());
    element_ = line_.substr(at_, end - at_);
    at_ = end;
  }
}

}  // namespace spoor
