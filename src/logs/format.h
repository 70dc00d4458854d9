// Record formats: how lines of a kind of log are read. One visible table, formats.cpp; a row is
// a name, what it is, and at most three calls. Adding a format is a file, a row, a test.
//
// What a line means may depend on earlier lines: the columns that a header names, the day that
// a W3C header gives. That is a FormatState: a small value that travels with the chunks in
// order (format_track.h), so that each line is read with what was in force where it stands,
// whichever thread reads it.
//
// Reading never throws, is linear in the line, and bounded in memory (record.h). Tested by
// formats_test.cpp, fuzz/fuzz_record.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "logs/record.h"

namespace spoor {

struct AccessPattern;

/// A column that a header names, and what that means.
struct Column {
  std::string name;
  const NameRow* row = nullptr;
  std::size_t dropped = 0;
};
Column column(std::string name);

/// What was said before a line. Immutable once shared.
struct FormatState {
  TimeContext time;
  const LogFormat* header_of = nullptr;  ///< whose header the columns come from
  std::vector<Column> columns;
  char separator = '\t';
  std::string unset = "-", empty = "(empty)";
  std::string path;  ///< of a Zeek log: "http"
  std::string day;   ///< of W3C, where the columns have only a clock
  std::shared_ptr<const AccessPattern> pattern;
};

struct LogFormat {
  std::string_view name;
  std::string_view title;
  /// Reads `line` (without its line end) into `record`, which begin() has prepared. False: not
  /// of this format; what was put into the record by then is to be forgotten.
  bool (*parse)(std::string_view line, const FormatState& state, Record& record);
  /// Takes a header line in; false where it is none. Null: the format has no headers.
  bool (*header)(std::string_view line, FormatState& state) = nullptr;
  /// Whether joining columns may find on this line what its raw text cannot show (U11, I2, O5).
  /// May say yes too often. Null: never.
  bool (*may_join)(std::string_view line, const FormatState& state) = nullptr;
  /// Programs that write it inside syslog, blanks between: "sshd sshd-session".
  std::string_view programs = {};
  /// Whether it may stand inside an envelope, whatever the program is called.
  bool embedded = false;
};

/// Every format, the most particular first; the last is `text`, which takes any line.
std::span<const LogFormat* const> log_formats();
const LogFormat* find_format(std::string_view name);  ///< null: none of that name
/// How the records of a binary file are rendered ("evtx", "journal"; io/records.h); null: it
/// has lines, which are to be looked at.
const LogFormat* record_format(std::string_view form);
const LogFormat& text_format();

/// What the user said of the formats.
struct FormatChoice {
  const LogFormat* forced = nullptr;
  std::shared_ptr<const AccessPattern> pattern;  ///< with forced == the pattern's format
};
/// `text`: a format's name, or a LogFormat of Apache (with %) or log_format of nginx (with $).
Result<FormatChoice> parse_format_choice(std::string_view text);

/// What `text`, the begin of a file, is: header lines decide, else a vote over its first 64
/// lines. Never null.
const LogFormat& detect_format(std::string_view text, const FormatState& state);

/// Reads a line as `format` and nothing else. False: it is not that.
bool read_as(const LogFormat& format, std::string_view line, const FormatState& state,
             Record& record);

/// Reads a line: as `format` if it is that, else as whatever else it is; lines of several
/// formats may mix in a file. Always fills `record`.
void read_record(std::string_view line, const LogFormat& format, const FormatState& state,
                 Record& record);

/// Reads the message of an envelope (syslog, docker, journald) by the program that wrote it or
/// by its looks, into the record of the envelope, whose own values stay.
void read_message(std::string_view program, std::string_view message, const FormatState& state,
                  Record& record);

// The rows, each in the file of its family.
extern const LogFormat kZeekTsvFormat, kW3cFormat, kCsvFormat;
extern const LogFormat kZeekJsonFormat, kSuricataFormat, kCowrieJsonFormat, kJournaldFormat,
    kJsonFormat;
extern const LogFormat kCefFormat, kLeefFormat, kWindowsXmlFormat;
extern const LogFormat kSyslog5424Format, kSyslogFormat, kContainerFormat;
extern const LogFormat kAuditdFormat, kSshdFormat, kPostfixFormat;
extern const LogFormat kBindFormat, kDnsmasqFormat, kWindowsDnsFormat;
extern const LogFormat kAccessVhostFormat, kAccessCombinedFormat, kAccessCommonFormat,
    kAccessPatternFormat;
extern const LogFormat kApacheErrorFormat, kNginxErrorFormat;
extern const LogFormat kSquidFormat, kHaproxyFormat, kElbFormat;
extern const LogFormat kAsaFormat, kTcpdumpFormat, kIptablesFormat;
extern const LogFormat kCowrieFormat, kKeyValueFormat;

/// The pieces of a LogFormat (format_access.cpp).
Result<std::shared_ptr<const AccessPattern>> compile_access_pattern(std::string_view text);

/// key=value, key="value with \" blanks", blanks or `separator` between. Calls put() for each;
/// returns how many.
std::size_t put_key_values(std::string_view text, Record& record);

/// Leaves of a JSON text into `record`. False: not a JSON object.
bool put_json(std::string_view text, const FormatState& state, Record& record);

}  // namespace spoor
