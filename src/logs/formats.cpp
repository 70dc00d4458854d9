// The table of record formats, how a file's format is found, and how a line is read. Detection:
// header lines decide, else a vote over the first lines; each line then is tried as what the
// file is and, where it is not that, as everything else. Tested by formats_test.cpp and
// formats_corpus_test.cpp; fuzz/fuzz_record.

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "logs/cursor.h"
#include "logs/format.h"

namespace spoor {
namespace {

constexpr std::size_t kVotingLines = 64;
constexpr std::size_t kVotingBytes = 64 << 10;
constexpr std::size_t kVotingLineBytes = 16 << 10;

bool parse_text(std::string_view line, const FormatState& state, Record& record) {
  if (const auto time = find_time(line, state.time)) record.set_time(*time);
  return true;
}

constexpr LogFormat kTextFormat = {"text", "any other text, a time where one is found",
                                   parse_text};

// The most particular first: a line is what the first row says that reads it.
constexpr const LogFormat* kFormats[] = {
    &kZeekTsvFormat,      &kW3cFormat,           &kSuricataFormat,
    &kZeekJsonFormat,     &kCowrieJsonFormat,    &kJournaldFormat,
    &kJsonFormat,         &kCefFormat,           &kLeefFormat,
    &kWindowsXmlFormat,   &kSyslog5424Format,    &kContainerFormat,
    &kAuditdFormat,       &kAccessVhostFormat,   &kAccessCombinedFormat,
    &kAccessCommonFormat, &kApacheErrorFormat,   &kNginxErrorFormat,
    &kSquidFormat,        &kHaproxyFormat,       &kElbFormat,
    &kWindowsDnsFormat,   &kTcpdumpFormat,       &kCowrieFormat,
    &kBindFormat,         &kSyslogFormat,        &kAsaFormat,
    &kIptablesFormat,     &kDnsmasqFormat,       &kPostfixFormat,
    &kSshdFormat,         &kAccessPatternFormat, &kKeyValueFormat,
    &kCsvFormat,          &kTextFormat,
};

std::string_view without_line_end(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  return line;
}

std::string_view without_mark(std::string_view text) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  return text;
}

bool names_program(std::string_view programs, std::string_view program) {
  while (!programs.empty()) {
    const std::size_t blank = std::min(programs.find(' '), programs.size());
    const std::string_view name = programs.substr(0, blank);
    programs.remove_prefix(std::min(blank + 1, programs.size()));
    if (!starts_with_ignore_case(program, name)) continue;
    // "postfix" is postfix/smtpd, too, but "kernel" is not "kernelcare".
    if (program.size() == name.size() || !is_alnum(program[name.size()])) return true;
  }
  return false;
}

}  // namespace

std::span<const LogFormat* const> log_formats() {
  return kFormats;
}

const LogFormat& text_format() {
  return kTextFormat;
}

const LogFormat* record_format(std::string_view form) {
  struct Row {
    std::string_view form;
    const LogFormat* format;
  };
  constexpr Row kRows[] = {{"evtx", &kWindowsXmlFormat},
                           {"journal", &kJournaldFormat},
                           {"journal-export", &kJournaldFormat}};
  for (const Row& row : kRows) {
    if (row.form == form) return row.format;
  }
  return nullptr;
}

const LogFormat* find_format(std::string_view name) {
  for (const LogFormat* format : kFormats) {
    if (equals_ignore_case(format->name, name)) return format;
  }
  return nullptr;
}

Column column(std::string name) {
  Column made;
  const NameMatch match = find_name(name);
  made.row = match.row;
  made.dropped = match.dropped;
  made.name = std::move(name);
  return made;
}

Result<FormatChoice> parse_format_choice(std::string_view text) {
  FormatChoice choice;
  if (text.find_first_of("%$") != std::string_view::npos) {
    auto pattern = compile_access_pattern(text);
    if (!pattern) return fail(pattern.error());
    choice.pattern = *std::move(pattern);
    choice.forced = &kAccessPatternFormat;
    return choice;
  }
  choice.forced = find_format(text);
  if (choice.forced == nullptr || choice.forced == &kAccessPatternFormat) {
    std::string names;
    for (const LogFormat* format : kFormats) {
      if (format == &kAccessPatternFormat) continue;
      if (!names.empty()) names += ' ';
      names += format->name;
    }
    return fail("found '" + std::string(text.substr(0, 80)) + "', expected one of " + names +
                ", or a pattern with % or $");
  }
  return choice;
}

const LogFormat& detect_format(std::string_view text, const FormatState& state) {
  text = without_mark(text);
  std::array<std::size_t, std::size(kFormats)> votes{};
  std::size_t lines = 0;
  std::size_t looked = 0;
  FormatState seen = state;
  std::optional<FormatState> table;  // read by the first line as a table's header
  std::size_t table_rows = 0, continued = 0;
  bool in_quotes = false;  // a cell of the table goes on over the line's end
  Record record;
  for (std::size_t at = 0; at < text.size() && lines < kVotingLines && looked < kVotingBytes;) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = without_line_end(text.substr(at, end - at));
    // A line that the text's end cuts may not look like what it is.
    const bool is_cut = end == text.size() && lines > 0;
    at = end + 1;
    if (line.empty()) continue;
    if (is_cut && end >= kVotingBytes) break;
    looked += line.size();
    const std::string_view head = line.substr(0, kVotingLineBytes);
    if (line.front() == '#') {
      for (const LogFormat* format : {&kZeekTsvFormat, &kW3cFormat}) {
        if (format->header(line, seen) && seen.header_of == format) return *format;
      }
      continue;
    }
    ++lines;
    if (lines == 1) {
      FormatState header = state;
      if (kCsvFormat.header(line, header)) {
        table = std::move(header);
        continue;
      }
    }
    if (table && in_quotes) {
      ++continued;
    } else if (table && read_as(kCsvFormat, head, *table, record)) {
      ++table_rows;
    }
    if (std::count(line.begin(), line.end(), '"') % 2 != 0) in_quotes = !in_quotes;
    for (std::size_t i = 0; i < std::size(kFormats); ++i) {
      if (!read_as(*kFormats[i], head, state, record)) continue;
      ++votes[i];
      break;
    }
  }
  const std::size_t text_row = std::size(kFormats) - 1;
  std::size_t best = text_row;
  for (std::size_t i = 0; i < text_row; ++i) {
    if (votes[i] > (best == text_row ? 0 : votes[best])) best = i;
  }
  // A table's cells may go over several lines, which say nothing of it; of the others half is
  // enough.
  if (table && (lines == 1 || (table_rows > 0 && 2 * table_rows >= lines - 1 - continued)) &&
      (best == text_row || votes[best] < lines - 1 || &kKeyValueFormat == kFormats[best])) {
    return kCsvFormat;
  }
  // A few lines of something in a text of something else are no format.
  if (best != text_row && 3 * votes[best] < lines) best = text_row;
  return *kFormats[best];
}

bool read_as(const LogFormat& format, std::string_view line, const FormatState& state,
             Record& record) {
  record.begin(line, state.time);
  if (!format.parse(line, state, record)) return false;
  record.format = &format;
  record.finish();
  return true;
}

void read_record(std::string_view line, const LogFormat& format, const FormatState& state,
                 Record& record) {
  line = without_line_end(line);
  // As text every line can be read: that is what is left, not what is tried first.
  if (&format != &kTextFormat && read_as(format, line, state, record)) return;
  // With a byte order mark it is the same line.
  if (without_mark(line).size() != line.size() &&
      read_as(format, without_mark(line), state, record)) {
    return;
  }
  for (const LogFormat* other : kFormats) {
    if ((other == &format && other != &kTextFormat) || other == &kCsvFormat ||
        other == &kAccessPatternFormat)
      continue;
    if (read_as(*other, line, state, record)) return;
  }
}

void read_message(std::string_view program, std::string_view message, const FormatState& state,
                  Record& record) {
  // An envelope in an envelope in an envelope is read once.
  if (!record.inner.empty() || message.empty()) return;
  record.inner = "message";
  for (const bool by_name : {true, false}) {
    for (const LogFormat* format : kFormats) {
      if (by_name ? !names_program(format->programs, program) : !format->embedded) continue;
      if (!format->parse(message, state, record)) continue;
      record.inner = format->name;
      return;
    }
  }
  record.inner = {};
}

}  // namespace spoor
