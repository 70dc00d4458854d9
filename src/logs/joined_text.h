// Columns that belong together, written out as they would stand in a text: host and request
// target as a URL (U11), an address and its port as "192.0.2.5:8443" (P3, I2), a user agent
// that is a whole column in quotes (O5). One short line each, all of a chunk in one text, so
// that the matcher reads them like any other text, at its full speed; where it finds something,
// the piece tells which bytes of the log it came from.
//
// That keeps the answer exact without field marks, which would send every line of such logs to
// the slow rules. Costs: a read of each such line, and a scan of what it joins. Tested by
// formats_test.cpp and hunt/join_test.cpp.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "logs/record.h"

namespace spoor {

class JoinedText {
 public:
  enum class Kind : std::uint8_t { kUrl, kPair, kAddress, kAgent };
  struct Piece {
    std::size_t begin;                     ///< in text()
    std::size_t source_begin, source_end;  ///< in the log
    Kind kind;
  };

  void clear();
  /// The URL of the record's columns, if they make one, and its user agent, if it stands in no
  /// quotes. `base`: where the record's line begins in the log.
  void add_columns(const Record& record, std::size_t base) {
    add_url(record, base);
    add_agents(record, base);
  }
  void add_url(const Record& record, std::size_t base);
  void add_agents(const Record& record, std::size_t base);
  /// Its addresses with their ports; with kAddress every address, since the raw text hides
  /// them.
  void add_pairs(const Record& record, std::size_t base, Kind kind);

  /// Says that the pieces from `first` on stand in [begin, end) of the log: for lines that were
  /// decoded before they were read.
  void place_from(std::size_t first, std::size_t begin, std::size_t end);

  std::size_t size() const { return pieces_.size(); }
  const std::string& text() const { return text_; }
  /// The piece that holds byte `at` of text().
  const Piece& piece_at(std::size_t at) const;
  bool empty() const { return pieces_.empty(); }

 private:
  void add(std::string_view text, std::size_t begin, std::size_t end, Kind kind);

  std::string text_;
  std::vector<Piece> pieces_;
};

}  // namespace spoor
