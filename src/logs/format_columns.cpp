// Logs with a header that names the columns: Zeek's TSV, the W3C format of IIS and others (its
// columns may change inside a file), CSV and TSV. Tested by formats_test.cpp.

#include <algorithm>

#include "logs/cursor.h"
#include "logs/format.h"

namespace spoor {
namespace {

constexpr std::size_t kMostColumns = 512;

// ---------------------------------------------------------------------------------- Zeek TSV

/// "\x09" and the like in a header's value.
std::string zeek_unescaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 3 < text.size() && text[at + 1] == 'x' &&
        is_hex(text[at + 2]) && is_hex(text[at + 3])) {
      out += static_cast<char>(hex_value(text[at + 2]) * 16 + hex_value(text[at + 3]));
      at += 3;
    } else if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] == '\\') {
      out += '\\';
      ++at;
    } else {
      out += text[at];
    }
  }
  return out;
}

/// What Zeek means by names, before names.cpp.
constexpr NameRow kZeekRows[] = {
    {"host", Slot::kUrlHost, 0, 0, FieldRole::kHost},
    {"server_name", Slot::kNone, 0, 0, FieldRole::kDomain},
    {"addr", Slot::kNone, 0, 0, FieldRole::kAddress},
    {"version", Slot::kNone, 0, 0, FieldRole::kOther},
    {"path", Slot::kNone, 0, 0, FieldRole::kPath},
    {"peer", Slot::kHost, 0, 0, FieldRole::kHost},
    {"peer_descr", Slot::kHost, 1, 0, FieldRole::kHost},
    {"uid", Slot::kNone, 0, 0, FieldRole::kOther},
};

bool zeek_header(std::string_view line, FormatState& state) {
  if (line.empty() || line.front() != '#') return false;
  if (line.substr(0, 10) == "#separator") {
    const std::string separator = zeek_unescaped(trim(line.substr(10)));
    if (separator.size() == 1) state.separator = separator[0];
    state.columns.clear();
    return true;
  }
  if (line.size() < 7) return false;
  const auto value_of = [&](std::string_view name) -> std::optional<std::string_view> {
    if (line.substr(0, name.size()) != name || line.size() <= name.size() ||
        line[name.size()] != state.separator) {
      return std::nullopt;
    }
    return line.substr(name.size() + 1);
  };
  if (const auto unset = value_of("#unset_field")) {
    state.unset = zeek_unescaped(*unset);
  } else if (const auto empty = value_of("#empty_field")) {
    state.empty = zeek_unescaped(*empty);
  } else if (const auto path = value_of("#path")) {
    state.path = *path;
  } else if (const auto fields = value_of("#fields")) {
    state.columns.clear();
    std::string_view rest = *fields;
    while (!rest.empty() && state.columns.size() < kMostColumns) {
      const std::size_t end = std::min(rest.find(state.separator), rest.size());
      Column made = column(std::string(rest.substr(0, end)));
      for (const NameRow& row : kZeekRows) {
        if (row.name == made.name) made.row = &row;
      }
      state.columns.push_back(std::move(made));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    state.header_of = &kZeekTsvFormat;
  } else {
    return line.substr(0, 6) == "#types" || line.substr(0, 5) == "#open" ||
           line.substr(0, 6) == "#close" || line.substr(0, 14) == "#set_separator";
  }
  return true;
}

bool parse_zeek(std::string_view line, const FormatState& state, Record& record) {
  if (state.header_of != &kZeekTsvFormat || state.columns.empty() || line.empty() ||
      line.front() == '#') {
    return false;
  }
  record.default_scheme = "http";
  std::size_t at = 0;
  std::size_t columns = 0;
  for (const Column& each : state.columns) {
    if (at > line.size()) break;
    const std::size_t end = std::min(line.find(state.separator, at), line.size());
    const std::string_view raw = line.substr(at, end - at);
    at = end + 1;
    ++columns;
    if (raw.empty() || raw == state.unset || raw == state.empty) continue;
    std::string_view value = raw;
    if (raw.find("\\x") != std::string_view::npos) value = record.keep(zeek_unescaped(raw));
    record.put_row(each.row, each.dropped, each.name, value, raw, 0);
  }
  return columns == state.columns.size() || columns > 1;
}

/// Whether host and request target, or a whole user agent, stand in columns of their own.
bool joins_url(const FormatState& state) {
  bool host = false, path = false, agent = false;
  for (const Column& each : state.columns) {
    if (each.row == nullptr) continue;
    host = host || each.row->slot == Slot::kUrlHost || each.row->also == Slot::kUrlHost;
    path = path || each.row->slot == Slot::kUrlPath;
    agent = agent || each.row->role == FieldRole::kUserAgent;
  }
  return (host && path) || agent;
}

bool columns_may_join(std::string_view line, const FormatState& state) {
  return !line.empty() && line.front() != '#' && joins_url(state);
}

// --------------------------------------------------------------------------------------- W3C

bool w3c_header(std::string_view line, FormatState& state) {
  if (line.empty() || line.front() != '#') return false;
  const auto value_of = [&](std::string_view name) -> std::optional<std::string_view> {
    if (!starts_with_ignore_case(line, name)) return std::nullopt;
    return trim(line.substr(name.size()));
  };
  if (const auto fields = value_of("#fields:")) {
    state.columns.clear();
    std::string_view rest = *fields;
    // IIS parts columns by blanks, CloudFront and others by tabs in the lines alone.
    state.separator = rest.find('\t') != std::string_view::npos ? '\t' : ' ';
    while (!rest.empty() && state.columns.size() < kMostColumns) {
      const std::size_t end = std::min(rest.find_first_of(" \t"), rest.size());
      if (end > 0) state.columns.push_back(column(std::string(rest.substr(0, end))));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    state.header_of = &kW3cFormat;
    return true;
  }
  if (const auto date = value_of("#date:")) {
    state.day = date->substr(0, 10);
    return true;
  }
  return value_of("#version:") || value_of("#software:") || value_of("#remark:") ||
         value_of("#start-date:") || value_of("#end-date:");
}

/// IIS writes a blank in a value as '+'.
std::string_view w3c_agent(std::string_view value, Record& record) {
  if (value.find('+') == std::string_view::npos || value.find(' ') != std::string_view::npos)
    return value;
  std::string text(value);
  std::replace(text.begin(), text.end(), '+', ' ');
  return record.keep(std::move(text));
}

bool parse_w3c(std::string_view line, const FormatState& state, Record& record) {
  if (state.header_of != &kW3cFormat || state.columns.empty() || line.empty() ||
      line.front() == '#') {
    return false;
  }
  const bool tabs = line.find('\t') != std::string_view::npos;
  Cursor cursor(line);
  std::size_t columns = 0;
  for (const Column& each : state.columns) {
    if (cursor.done()) break;
    std::string_view value;
    if (tabs) {
      value = cursor.until("\t").value_or(cursor.rest());
      if (columns + 1 == state.columns.size() ||
          value.data() + value.size() == line.data() + line.size()) {
        cursor.move_to(line.size());
      }
    } else if (cursor.peek() == '"') {
      const auto quoted = cursor.quoted();
      value = quoted ? *quoted : cursor.word();
    } else {
      value = cursor.word();
    }
    ++columns;
    if (value.empty() || value == "-") continue;
    std::string_view text = value;
    if (each.row != nullptr && each.row->role == FieldRole::kUserAgent)
      text = w3c_agent(value, record);
    record.put_row(each.row, each.dropped, each.name, text, value, 0);
  }
  if (columns < 2) return false;
  if (!record.time && !record.has(Slot::kDate) && !state.day.empty() &&
      record.has(Slot::kClock)) {
    if (const auto time =
            join_date_and_clock(state.day, record.value(Slot::kClock), record.context())) {
      TimeText inferred = *time;
      inferred.year_inferred = true;  // the day is the header's
      record.set_time(inferred);
    }
  }
  return true;
}

// --------------------------------------------------------------------------------- CSV, TSV

/// Cuts the next cell off `rest`; quotes are doubled inside quotes.
std::string_view csv_cell(std::string_view& rest, char separator, Record* record) {
  if (!rest.empty() && rest.front() == '"') {
    std::size_t end = 1;
    bool doubled = false;
    while (end < rest.size()) {
      if (rest[end] == '"') {
        if (end + 1 < rest.size() && rest[end + 1] == '"') {
          doubled = true;
          ++end;
        } else {
          break;
        }
      }
      ++end;
    }
    std::string_view cell = rest.substr(1, std::min(end, rest.size()) - 1);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t next = rest.find(separator);
    rest.remove_prefix(next == std::string_view::npos ? rest.size() : next + 1);
    if (doubled && record != nullptr && cell.size() < 4096) {
      std::string text;
      for (std::size_t i = 0; i < cell.size(); ++i) {
        text += cell[i];
        if (cell[i] == '"') ++i;
      }
      return record->keep(std::move(text));
    }
    return cell;
  }
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view cell = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return cell;
}

/// A header: several names, none of them a value, at least two that are known.
bool csv_header(std::string_view line, FormatState& state) {
  if (line.empty() || line.size() > 16384 || line.front() == '{' || line.front() == '<')
    return false;
  if (line.substr(0, 3) == "\xEF\xBB\xBF") line.remove_prefix(3);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  char separator = 0;
  std::ptrdiff_t most = 1;
  for (const char each : {',', '\t', ';', '|'}) {
    const auto count = std::count(line.begin(), line.end(), each);
    if (count > most) {
      most = count;
      separator = each;
    }
  }
  if (separator == 0) return false;
  std::vector<Column> columns;
  std::size_t known = 0;
  std::string_view rest = line;
  while (!rest.empty() && columns.size() < kMostColumns) {
    const std::string_view cell = trim(csv_cell(rest, separator, nullptr));
    if (cell.size() > 64 || cell.find('=') != std::string_view::npos ||
        (!cell.empty() && is_digit(cell.front())) || looks_like_address(cell)) {
      return false;
    }
    std::string name(cell);
    std::replace(name.begin(), name.end(), ' ', '_');
    Column made = column(std::move(name));
    made.name = cell;
    made.dropped = 0;  // the names are not paths
    if (made.row != nullptr) ++known;
    columns.push_back(std::move(made));
  }
  if (columns.size() < 3 || known < 2) return false;
  state.columns = std::move(columns);
  state.separator = separator;
  state.header_of = &kCsvFormat;
  return true;
}

bool parse_csv(std::string_view line, const FormatState& state, Record& record) {
  if (state.header_of != &kCsvFormat || line.empty()) return false;
  std::string_view rest = line;
  std::size_t columns = 0;
  for (const Column& each : state.columns) {
    if (rest.empty()) break;
    const std::string_view cell = csv_cell(rest, state.separator, &record);
    ++columns;
    if (!cell.empty()) record.put_row(each.row, each.dropped, each.name, cell, {}, 0);
  }
  // A cell may go on over the line's end: what stands before it is known.
  if (columns >= 2 && std::count(line.begin(), line.end(), '"') % 2 != 0) return true;
  // The last cells may be empty.
  return columns == state.columns.size() ||
         (columns + 1 == state.columns.size() && line.back() == state.separator);
}

}  // namespace

constexpr LogFormat kZeekTsvFormat = {"zeek-tsv", "Zeek, columns named by #fields", parse_zeek,
                                      zeek_header, columns_may_join};
constexpr LogFormat kW3cFormat = {"w3c", "W3C extended: IIS, CloudFront, Windows Firewall",
                                  parse_w3c, w3c_header, columns_may_join};
constexpr LogFormat kCsvFormat = {"csv", "CSV or TSV with a header", parse_csv, csv_header,
                                  columns_may_join};

}  // namespace spoor
