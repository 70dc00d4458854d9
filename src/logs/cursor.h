// Walks over a line piece by piece. All pieces are views; nothing reads past the end.

#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/ascii.h"

namespace spoor {

class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  bool done() const { return at_ >= text_.size(); }
  std::size_t at() const { return at_; }
  void move_to(std::size_t at) { at_ = std::min(at, text_.size()); }
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  std::string_view rest() const { return text_.substr(at_); }

  bool eat(std::string_view text) {
    if (rest().substr(0, text.size()) != text) return false;
    at_ += text.size();
    return true;
  }
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  /// Up to the next blank, and over the blanks behind it.
  std::string_view word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && !is_blank(text_[at_])) ++at_;
    const std::string_view found = text_.substr(begin, at_ - begin);
    skip_blanks();
    return found;
  }
  /// Up to `end`, which is passed over; nothing, and nothing moves, where there is no `end`.
  std::optional<std::string_view> until(std::string_view end) {
    const std::size_t found = text_.find(end, at_);
    if (found == std::string_view::npos) return std::nullopt;
    const std::string_view piece = text_.substr(at_, found - at_);
    at_ = found + end.size();
    return piece;
  }
  /// "text with \" in it" at the cursor, without its quotes; blanks behind it are passed over.
  std::optional<std::string_view> quoted() {
    if (peek() != '"') return std::nullopt;
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    if (end >= text_.size()) return std::nullopt;
    const std::string_view piece = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    skip_blanks();
    return piece;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

inline bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// An address by its looks: enough to tell a column, not to match.
inline bool looks_like_address(std::string_view text) {
  if (text.size() < 2 || text.size() > 45) return false;
  std::size_t dots = 0, colons = 0;
  for (const char c : text) {
    if (c == '.') {
      ++dots;
    } else if (c == ':') {
      ++colons;
    } else if (!is_hex(c) && c != '%') {
      return false;
    }
  }
  return (colons == 0 && dots == 3 && is_digit(text.front()) && is_digit(text.back())) ||
         colons >= 2;
}

/// The text between `before` and the next of `ends` (or the end), or "".
inline std::string_view between(std::string_view text, std::string_view before,
                                std::string_view ends) {
  const std::size_t at = text.find(before);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + before.size();
  const std::size_t end = std::min(text.find_first_of(ends, begin), text.size());
  return text.substr(begin, end - begin);
}

}  // namespace spoor
