// The platforms of abuse.ch: URLhaus, ThreatFox, MalwareBazaar, Feodo Tracker, SSLBL. Each
// publishes its rows as CSV under a commented header, as JSON keyed by id, and as replies of an
// API; the names of the fields agree but for details. So there is one reader that brings a row
// of either kind to names and values, and one function a platform that says what they mean. A
// URL or server that is offline is not inactive: it was what it was, and old logs hold it.
// Source: https://abuse.ch, the platforms' exports and API pages. Tested by abusech_test.cpp;
// fuzz_abusech.

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/utf8.h"
#include "feeds/csv_records.h"
#include "feeds/formats.h"
#include "feeds/json_rows.h"
#include "feeds/text.h"

namespace spoor {
namespace {

/// One row, from either kind of file.
class Record {
 public:
  void clear() { cells_.clear(); }
  void add(std::string name, std::string value) {
    if (cells_.size() < 128) cells_.emplace_back(std::move(name), std::move(value));
  }
  /// The first of `names` that says something.
  std::string_view get(std::initializer_list<std::string_view> names) const {
    for (const std::string_view name : names) {
      for (const auto& [cell_name, cell] : cells_) {
        if (cell_name == name && says_something(cell)) return cell;
      }
    }
    return {};
  }

 private:
  static bool says_something(std::string_view cell) {
    for (const std::string_view nothing : {"", "-", "n/a", "none", "null", "0000-00-00"}) {
      if (equals_ignore_case(cell, nothing)) return false;
    }
    return true;
  }
  std::vector<std::pair<std::string, std::string>> cells_;
};

std::optional<Time> date(std::string_view text) {
  return parse_list_date(text, DayEdge::kBegin);
}

/// What all platforms say of a row.
RawIndicator common(const Record& record) {
  RawIndicator row;
  row.created = date(record.get(
      {"first_seen_utc", "first_seen", "dateadded", "date_added", "firstseen", "listingdate"}));
  row.facts.last_said =
      date(record.get({"last_online", "last_seen_utc", "last_seen", "lastseen"}));
  std::string& text = row.description;
  append_listed(text, record.get({"url_status", "c2_status", "status"}), "; ");
  if (const auto tags = record.get({"tags"}); !tags.empty())
    append_listed(text, "tags: " + std::string(tags), "; ");
  if (const auto who = record.get({"reporter"}); !who.empty())
    append_listed(text, "reported by " + std::string(who), "; ");
  append_listed(text, record.get({"urlhaus_link", "urlhaus_reference", "reference"}), "; ");
  return row;
}

void add(std::vector<RawIndicator>& rows, const RawIndicator& like, std::string_view type,
         std::string_view value, bool detect = true) {
  if (value.empty()) return;
  RawIndicator row = like;
  row.type = type;
  row.value = value;
  row.facts.detect = detect;
  rows.push_back(std::move(row));
}

void add_digests(std::vector<RawIndicator>& rows, const RawIndicator& like,
                 const Record& record) {
  add(rows, like, "FileHash-SHA256", record.get({"sha256_hash", "response_sha256"}));
  add(rows, like, "FileHash-SHA1", record.get({"sha1_hash"}));
  add(rows, like, "FileHash-MD5", record.get({"md5_hash", "response_md5"}));
}

void urlhaus_rows(const Record& record, std::vector<RawIndicator>& rows) {
  RawIndicator like = common(record);
  like.role = record.get({"threat"});
  like.facts.malware = record.get({"signature"});
  add(rows, like, "URL", record.get({"url"}));
  add_digests(rows, like, record);
}

void threatfox_rows(const Record& record, std::vector<RawIndicator>& rows) {
  RawIndicator like = common(record);
  like.role = record.get({"threat_type"});
  const std::string_view family = record.get({"malware_printable", "malware", "fk_malware"});
  if (!starts_with_ignore_case(family, "unknown")) like.facts.malware = family;
  const std::string_view level = record.get({"confidence_level"});
  if (!level.empty() && level.size() <= 3 &&
      std::all_of(level.begin(), level.end(), is_digit)) {
    const int number = std::stoi(std::string(level));
    if (number <= 100) like.facts.confidence = static_cast<std::uint8_t>(number);
  }
  const std::string_view word = record.get({"ioc_type"});
  std::string_view type = word;
  if (word == "ip:port") type = "ip";
  if (word == "envelope_from" || word == "body_from") type = "email";
  add(rows, like, type, record.get({"ioc_value", "ioc"}));
}

void malwarebazaar_rows(const Record& record, std::vector<RawIndicator>& rows) {
  RawIndicator like = common(record);
  like.role = "malware";
  like.facts.malware = record.get({"signature"});
  if (const auto kind = record.get({"file_type_guess", "file_type"}); !kind.empty())
    append_listed(like.description, "file type: " + std::string(kind), "; ");
  add_digests(rows, like, record);
  // Shared by whole families of programs, benign ones among them; and names that people chose.
  add(rows, like, "FileHash-IMPHASH", record.get({"imphash"}), false);
  add(rows, like, "FileName", record.get({"file_name"}), false);
}

void feodo_rows(const Record& record, std::vector<RawIndicator>& rows) {
  RawIndicator like = common(record);
  like.role = "botnet_cc";
  like.facts.malware = record.get({"malware"});
  if (const auto port = record.get({"dst_port", "port"}); !port.empty())
    append_listed(like.description, "port " + std::string(port), "; ");
  if (const auto name = record.get({"as_name"}); !name.empty())
    append_listed(like.description, "AS: " + std::string(name), "; ");
  add(rows, like, "ip", record.get({"dst_ip", "ip_address"}));
}

void sslbl_rows(const Record& record, std::vector<RawIndicator>& rows) {
  RawIndicator like = common(record);
  like.role = "botnet_cc";
  const std::string_view reason = record.get({"listingreason"});
  append_listed(like.description, reason, "; ");
  std::string_view family = reason;
  for (const std::string_view ending : {" C&C", " malware distribution", " MITM"}) {
    if (family.size() > ending.size() &&
        family.substr(family.size() - ending.size()) == ending) {
      family.remove_suffix(ending.size());
      like.facts.malware = family;
      break;
    }
  }
  if (const auto port = record.get({"dstport"}); !port.empty())
    append_listed(like.description, "port " + std::string(port), "; ");
  add(rows, like, "SSLCertFingerprint", record.get({"sha1"}));
  add(rows, like, "JA3", record.get({"ja3_md5"}));
  add(rows, like, "ip", record.get({"dstip"}));
}

/// "First_Seen UTC" -> "first_seen_utc"
std::string field_name(std::string_view text) {
  std::string out;
  for (char c : trim(text).substr(0, 64)) out += is_alnum(c) ? to_lower(c) : '_';
  return out;
}

class AbuseReader {
 public:
  using Rows = void (*)(const Record&, std::vector<RawIndicator>&);
  AbuseReader(std::string_view platform, Rows rows, std::string_view where,
              const OnPage& on_page)
      : platform_(platform), rows_of_(rows), where_(where), pages_(where, on_page) {}

  Status read(std::string_view text) {
    if (begins_json(text.substr(0, 4096))) {
      json(text);
    } else {
      csv(text);
    }
    if (!status_) return status_;
    if (accepted_ == 0 && !empty_answer_) {
      return fail("found " + (found_.empty() ? std::string("nothing") : found_) +
                  ", expected rows of " + std::string(platform_));
    }
    return pages_.finish();
  }

 private:
  // -- CSV

  void csv(std::string_view text) {
    CsvRecords reader(text, ',');
    std::vector<std::string_view> cells;
    std::vector<std::string> names;
    while (status_ && reader.next(cells)) {
      if (names.empty()) {
        names = names_of(reader.comment());
        if (!knows(names)) {
          names.assign(cells.size(), "");
          std::transform(cells.begin(), cells.end(), names.begin(), field_name);
          if (!knows(names)) {
            tell_found(cells);
            return;
          }
          continue;
        }
      }
      record_.clear();
      for (std::size_t i = 0; i < cells.size() && i < names.size(); ++i)
        record_.add(names[i], std::string(cells[i]));
      keep(pages_.at_line(reader.line()));
    }
    // A header alone, or comments alone: the export of a quiet day.
    empty_answer_ = !names.empty() || (!trim(text).empty() && trim(text).front() == '#');
  }

  static std::vector<std::string> names_of(std::string_view comment) {
    const std::string line(comment);
    CsvRecords reader(line, ',');
    std::vector<std::string_view> cells;
    std::vector<std::string> names;
    if (!reader.next(cells)) return names;
    for (const std::string_view cell : cells) names.push_back(field_name(cell));
    return names;
  }

  /// Whether rows under `names` could hold anything for this platform.
  bool knows(const std::vector<std::string>& names) {
    if (names.size() < 2) return false;
    Record probe;
    for (const std::string& name : names) probe.add(name, "x");
    std::vector<RawIndicator> rows;
    rows_of_(probe, rows);
    return !rows.empty();
  }

  void tell_found(const std::vector<std::string_view>& cells) {
    found_ = "the columns ";
    for (std::size_t i = 0; i < cells.size() && i < 12; ++i) {
      if (i > 0) found_ += ", ";
      found_ += terminal_safe(cells[i].substr(0, 40));
    }
  }

  // -- JSON

  void json(std::string_view text) {
    const JsonCut documents = cut_json_sequence(text);
    for (const JsonCut::Piece& piece : documents.pieces) document(piece.value);
    if (!documents.closed) {
      pages_.page().incomplete = true;
      document(documents.tail);
    }
  }

  /// A list of rows; a reply with its list under "data", "urls" or "payloads"; rows keyed by
  /// id, one or a list each.
  void document(std::string_view text) {
    if (text.empty()) return;
    if (text.front() == '[') return list(text);
    const JsonCut cut = cut_json(text);
    if (!cut.closed) pages_.page().incomplete = true;
    bool any = false;
    std::string_view query;
    const auto member = [&](std::string_view name, std::string_view value) {
      if (name == "query_status") query = value;
      if (value.empty()) return;
      const bool named = name == "data" || name == "urls" || name == "payloads";
      const bool keyed = !name.empty() && std::all_of(name.begin(), name.end(), is_digit);
      if (!named && !keyed) return;
      any = true;
      if (value.front() == '[') list(value);
      if (value.front() == '{') element(value);
    };
    for (const JsonCut::Piece& piece : cut.pieces) member(piece.name, piece.value);
    member(cut.open.name, cut.open.value);
    if (any) return;
    if (query == "\"no_results\"" || query == "\"no_result\"" || cut.pieces.empty()) {
      empty_answer_ = true;
      return;
    }
    if (!query.empty()) {
      found_ = "a reply with query_status " + terminal_safe(query.substr(0, 60));
      return;
    }
    element(text);
  }

  void list(std::string_view text) {
    const JsonCut cut = cut_json(text);
    if (cut.closed && cut.pieces.empty()) empty_answer_ = true;
    if (!cut.closed) pages_.page().incomplete = true;
    for (const JsonCut::Piece& piece : cut.pieces) element(piece.value);
    if (!cut.open.value.empty()) element(cut.open.value);
  }

  void element(std::string_view text) {
    if (!status_) return;
    ++number_;
    const std::string place = std::string(where_) + ": element " + std::to_string(number_);
    const auto parsed = parser_.parse_repaired(text);
    if (!parsed || !parsed->is_object()) {
      pages_.page().damaged.add("", parsed ? "not an object" : parsed.error().message, place,
                                text);
      return;
    }
    record_.clear();
    std::string names;
    parsed->each_member([&](std::string_view name, JsonView value) {
      std::string cell = value.text();
      if (value.is_array()) {
        for (const std::string& word : json_words(value)) append_listed(cell, word);
      }
      if (names.size() < 200) append_listed(names, terminal_safe(name.substr(0, 40)));
      record_.add(field_name(name), std::move(cell));
    });
    const std::uint64_t before = accepted_;
    keep(place);
    if (accepted_ == before && found_.empty()) found_ = "json with the members " + names;
  }

  // -- rows

  void keep(const std::string& place) {
    rows_.clear();
    rows_of_(record_, rows_);
    if (rows_.empty()) {
      pages_.page().damaged.add("", "a row without a value", place, "");
      return;
    }
    ++accepted_;
    for (RawIndicator& row : rows_) {
      row.where = place;
      if (status_) status_ = pages_.add(std::move(row));
    }
  }

  std::string_view platform_;
  Rows rows_of_;
  std::string_view where_;
  PageWriter pages_;
  JsonParser parser_;
  Record record_;
  std::vector<RawIndicator> rows_;
  Status status_;
  std::string found_;
  std::uint64_t accepted_ = 0, number_ = 0;
  bool empty_answer_ = false;
};

/// Whether all of `words` stand in the head.
bool holds_all(std::string_view head, std::initializer_list<std::string_view> words) {
  return std::all_of(words.begin(), words.end(), [&](std::string_view word) {
    return head.find(word) != std::string_view::npos;
  });
}

/// 0 where the head is neither JSON nor lines.
int claimed(std::string_view head, bool signature) {
  return signature && (begins_json(head) || may_be_lines(head)) ? 96 : 0;
}

}  // namespace

int urlhaus_confidence(std::string_view head, std::string_view) {
  return claimed(head, holds_all(head, {"urlhaus_", "url_status"}) ||
                           holds_all(head, {"urlhaus_", "md5_hash"}));
}
int threatfox_confidence(std::string_view head, std::string_view) {
  return claimed(head, holds_all(head, {"ioc_type", "malware_printable", "confidence_level"}));
}
int malwarebazaar_confidence(std::string_view head, std::string_view) {
  return claimed(head, holds_all(head, {"sha256_hash", "sha1_hash", "md5_hash", "tlsh"}));
}
int feodo_confidence(std::string_view head, std::string_view) {
  return claimed(head, holds_all(head, {"dst_ip", "c2_status"}) ||
                           holds_all(head, {"ip_address", "as_number", "last_online"}));
}
int sslbl_confidence(std::string_view head, std::string_view) {
  return claimed(head, holds_all(head, {"Listingdate,SHA1,Listingreason"}) ||
                           holds_all(head, {"ja3_md5,Firstseen,Lastseen,Listingreason"}) ||
                           holds_all(head, {"Firstseen,DstIP,DstPort"}));
}

Status read_urlhaus(std::string_view text, std::string_view where, const OnPage& on_page) {
  return AbuseReader("URLhaus", urlhaus_rows, where, on_page).read(text);
}
Status read_threatfox(std::string_view text, std::string_view where, const OnPage& on_page) {
  return AbuseReader("ThreatFox", threatfox_rows, where, on_page).read(text);
}
Status read_malwarebazaar(std::string_view text, std::string_view where,
                          const OnPage& on_page) {
  return AbuseReader("MalwareBazaar", malwarebazaar_rows, where, on_page).read(text);
}
Status read_feodo(std::string_view text, std::string_view where, const OnPage& on_page) {
  return AbuseReader("Feodo Tracker", feodo_rows, where, on_page).read(text);
}
Status read_sslbl(std::string_view text, std::string_view where, const OnPage& on_page) {
  return AbuseReader("SSLBL", sslbl_rows, where, on_page).read(text);
}

}  // namespace spoor
