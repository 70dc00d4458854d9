// What the readers of text formats share: lines, blanks, what a value looks like, pages under
// construction. Shape only: what a value *is* decides `ioc`. Tested by formats_test.cpp.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "feeds/feed.h"

namespace spoor {

inline constexpr std::size_t kRowsPerPage = 10'000;

/// What ends a line of `text`: LF, or CR where its head has more of them alone than of LF (old
/// Mac tools).
char line_end_of(std::string_view text);

/// The lines of a text without their ends: LF or CRLF; CR alone where line_end_of() says so.
class Lines {
 public:
  explicit Lines(std::string_view text);
  bool next(std::string_view& line);
  std::uint64_t number() const { return number_; }  ///< of the line that next() gave, from 1

 private:
  std::string_view rest_;
  char end_ = '\n';
  std::uint64_t number_ = 0;
};

/// Without blanks at both ends; no-break space, byte order mark and zero-width space count as
/// blanks.
std::string_view trim_wide(std::string_view text);

/// What a token looks like, defanged or not.
enum class Look : std::uint8_t {
  kNone,
  kHash,      ///< 32, 40, 64, 96 or 128 hex digits
  kAddress,   ///< IPv4 or IPv6
  kNetwork,   ///< address/prefix
  kEndpoint,  ///< address:port
  kUrl,       ///< scheme://
  kEmail,
  kName,      ///< two labels or more, the last one not a number
  kHostPath,  ///< name or address with a path or a port
  kCve,
  kPath,  ///< drive letter, UNC, %VAR%\, or a leading /
  kRegistry,
};
Look look_of(std::string_view token);
/// Hashes, addresses, networks, endpoints and URLs: what cannot well be anything else.
bool is_plain(Look look);

/// Whether `head` is text that a line format may claim: no NUL, not JSON, not XML or HTML.
bool may_be_lines(std::string_view head);

/// Calls `visit(line)` for the first 400 lines of `head` that are neither blank nor begin with
/// one of the characters in `comments`; a last line without its end is left out if others were
/// seen.
void sample_lines(std::string_view head, std::string_view comments,
                  const std::function<void(std::string_view)>& visit);

/// A date as lists write it: ISO 8601, with " UTC" or " GMT" behind it or not; seconds or
/// milliseconds since 1970. kEnd: a date without a clock means the end of that day.
enum class DayEdge : std::uint8_t { kBegin, kEnd };
std::optional<Time> parse_list_date(std::string_view text, DayEdge edge);

/// Rows on their way into pages.
class PageWriter {
 public:
  PageWriter(std::string_view where, const std::function<Status(Page&&)>& on_page)
      : where_(where), on_page_(on_page) {}

  /// Hands the page over when it is full.
  Status add(RawIndicator&& row) {
    page_.rows.push_back(std::move(row));
    return page_.rows.size() >= kRowsPerPage ? flush() : Status{};
  }
  Page& page() { return page_; }
  /// "feed.csv:17"
  std::string at_line(std::uint64_t line) const;
  /// The last page, if it holds anything.
  Status finish();

 private:
  Status flush();

  std::string_view where_;
  const std::function<Status(Page&&)>& on_page_;
  Page page_;
};

}  // namespace spoor
