// What the decoders share: writing a child view beside its parent, and hex digits. Private to
// the decode_*.cpp; views.h is what others use.

#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ascii.h"
#include "base/utf8.h"
#include "match/views.h"

namespace spoor {

/// Reads `parent` from left to right and writes a child view; positions are those of the
/// parent. What stays as it is is copied in stretches, and not at all while nothing changes:
/// most decoders find nothing in most lines.
class Rewriter {
 public:
  /// `child`: an empty view, whatever room it has.
  Rewriter(const View& parent, View& child)
      : parent_(parent), child_(child), placed_(parent.begin.size() == parent.text.size()) {}

  /// The parent's byte `at` stays.
  void copy(std::size_t at) {
    if (at != kept_end_) {
      keep();
      kept_begin_ = at;
    }
    kept_end_ = at + 1;
  }
  /// So do its bytes [at, to).
  void copy(std::size_t at, std::size_t to) {
    if (at == to) return;
    copy(at);
    kept_end_ = to;
  }
  /// Copies up to the next `c` from `at` on and returns its place, or the end's.
  std::size_t copy_to(char c, std::size_t at) {
    const std::size_t to = std::min(parent_.text.find(c, at), parent_.text.size());
    copy(at, to);
    return to;
  }
  /// `bytes` stand for the parent's [from, to).
  void replace(std::string_view bytes, std::size_t from, std::size_t to) {
    if (!changed_) child_.text.reserve(parent_.text.size());
    keep();
    if (placed_) {
      for (const char c : bytes) child_.push(c, parent_.begin[from], parent_.end[to - 1]);
    } else {
      child_.text += bytes;
      note(bytes.size());
    }
    changed_ = true;
  }
  /// Something of the parent is left out here.
  void drop() {
    keep();
    if (!placed_) note(0);
    changed_ = true;
  }

  bool finish(ViewKind kind) {
    if (!changed_) return false;
    keep();
    child_.chain = parent_.chain;
    child_.chain.push_back(kind);
    return true;
  }

 private:
  void keep() {
    child_.text.append(parent_.text, kept_begin_, kept_end_ - kept_begin_);
    if (placed_) {
      const auto begin = static_cast<std::ptrdiff_t>(kept_begin_);
      const auto end = static_cast<std::ptrdiff_t>(kept_end_);
      child_.begin.insert(child_.begin.end(), parent_.begin.begin() + begin,
                          parent_.begin.begin() + end);
      child_.end.insert(child_.end.end(), parent_.end.begin() + begin,
                        parent_.end.begin() + end);
    }
    kept_begin_ = kept_end_;
  }
  /// The last n bytes are not the parent's. What stands close together is one stretch.
  void note(std::size_t n) {
    constexpr std::uint32_t kClose = 32;
    const auto end = static_cast<std::uint32_t>(child_.text.size());
    const auto begin = static_cast<std::uint32_t>(end - n);
    if (!child_.changed.empty() && begin - child_.changed.back().second < kClose) {
      child_.changed.back().second = end;
    } else {
      child_.changed.emplace_back(begin, end);
    }
  }

  const View& parent_;
  View& child_;
  std::size_t kept_begin_ = 0, kept_end_ = 0;  // a stretch of the parent that is not yet copied
  const bool placed_;  // a view without places is only read, as the sieve does
  bool changed_ = false;
};

inline int hex_byte(std::string_view text, std::size_t at) {
  if (at + 2 > text.size()) return -1;
  const int high = hex_value(text[at]);
  const int low = hex_value(text[at + 1]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

inline int hex_unit(std::string_view text, std::size_t at) {
  const int high = hex_byte(text, at);
  const int low = hex_byte(text, at + 2);
  return high < 0 || low < 0 ? -1 : high * 256 + low;
}

/// The code point of \uHHHH at `at` (which is the backslash), surrogate pairs joined; its
/// length in bytes.
struct UnicodeEscape {
  char32_t value;
  std::size_t length;
};
inline std::optional<UnicodeEscape> unicode_escape(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  const int unit = hex_unit(text, at + 2);
  if (unit < 0) return std::nullopt;
  if (unit >= 0xD800 && unit <= 0xDBFF && at + 12 <= text.size() && text[at + 6] == '\\' &&
      text[at + 7] == 'u') {
    const int low = hex_unit(text, at + 8);
    if (low >= 0xDC00 && low <= 0xDFFF) {
      return UnicodeEscape{0x10000u + (static_cast<char32_t>(unit - 0xD800) << 10) +
                               static_cast<char32_t>(low - 0xDC00),
                           12};
    }
  }
  return UnicodeEscape{static_cast<char32_t>(unit), 6};
}

inline std::string utf8_of(char32_t value) {
  std::string bytes;
  append_utf8(bytes, value);
  return bytes;
}

/// Each writes what `parent` is without one layer of its escapes; false: nothing changed, and
/// `child` is to be thrown away.
bool decode_json(const View& parent, View& child);
bool decode_percent(const View& parent, View& child);
bool decode_qp(const View& parent, View& child);
bool decode_html(const View& parent, View& child);
bool decode_escape(const View& parent, View& child);
bool decode_dns(const View& parent, View& child);
bool decode_defang(const View& parent, View& child);

}  // namespace spoor
