// An entry of systemd's journal as one line of JSON, as `journalctl -o json` writes it, but for
// three things that serve a search: bytes that are not UTF-8 stand as they are instead of as a
// list of numbers, a field that occurs twice is written twice, and nothing is left out because
// it is long (up to kBytes). Private to `io`. Tested by journal_test.cpp.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace spoor {

class JournalEntry {
 public:
  /// The most that one entry may become; what is longer is cut and counted.
  static constexpr std::size_t kBytes = 8 << 20;

  /// Appends to `text` from here on.
  explicit JournalEntry(std::string& text) : text_(text), begin_(text.size()) { text_ += '{'; }

  void put(std::string_view name, std::string_view value);
  /// "NAME=value"; without a '=' all of it is the value of "DATA".
  void put_field(std::string_view field);
  void close() { text_ += '}'; }

  bool empty() const { return text_.size() == begin_ + 1; }
  /// Bytes of values that were cut off.
  std::uint64_t cut_bytes() const { return cut_; }

 private:
  std::string& text_;
  std::size_t begin_;
  std::uint64_t cut_ = 0;
};

}  // namespace spoor
