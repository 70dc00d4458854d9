// Tables of indicators, separated by , ; TAB or |, comment lines with #. Which columns count is
// settled in this order:
//   1. by the names in the header (also a commented header, as abuse.ch writes it): a value
//   column with or without a
//      type column; else every column named after a kind of indicator (md5, sha256, domain,
//      url, ip, ...);
//   2. without a known name, by content: a column of type words and the column that agrees with
//   it; else the columns whose
//      cells all plainly are hashes, else addresses, else URLs.
// Otherwise it is an error that names the columns. Cells that hold several hashes or addresses
// yield one row each. Records: csv_records.h. Source: headers as seen at abuse.ch, Volexity,
// Unit 42, WithSecure, TweetFeed. Tested by csv_test.cpp; fuzz_list.

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "base/utf8.h"
#include "feeds/csv_records.h"
#include "feeds/formats.h"
#include "feeds/text.h"
#include "feeds/type_word.h"
#include "ioc/type.h"

namespace spoor {
namespace {

constexpr int kSampleRecords = 200;
constexpr char kSeparators[] = {',', ';', '\t', '|'};

enum class Role : std::uint8_t {
  kNone,
  kValue,
  kWeakValue,  ///< a value column if there is a type column and no better one
  kType,
  kTyped,        ///< its name says what its cells are
  kCertificate,  ///< digests of certificates, beside whatever else the table is about
  kDescription,
  kTags,
  kRole,
  kCreated,
  kExpiration,
};

struct NameRow {
  std::string_view name;  ///< lower-case, other characters as '_'
  Role role;
  std::string_view type;  ///< of kTyped; "" infers
};

// clang-format off
constexpr NameRow kNames[] = {
    {"indicator", Role::kValue, ""}, {"indicators", Role::kValue, ""}, {"ioc", Role::kValue, ""},
    {"iocs", Role::kValue, ""}, {"value", Role::kValue, ""}, {"observable", Role::kValue, ""},
    {"ioc_value", Role::kValue, ""}, {"indicator_value", Role::kValue, ""}, {"observable_value", Role::kValue, ""},
    {"artifact", Role::kValue, ""}, {"ip_or_domain", Role::kValue, ""},
    {"data", Role::kWeakValue, ""}, {"name", Role::kWeakValue, ""}, {"entity", Role::kWeakValue, ""},
    {"address", Role::kWeakValue, ""},
    {"indicator_type", Role::kType, ""}, {"ioc_type", Role::kType, ""}, {"entity_type", Role::kType, ""},
    {"observable_type", Role::kType, ""}, {"type", Role::kType, ""}, {"kind", Role::kType, ""},
    {"data_type", Role::kType, ""}, {"datatype", Role::kType, ""}, {"value_type", Role::kType, ""},
    {"md5", Role::kTyped, "FileHash-MD5"}, {"md5_hash", Role::kTyped, "FileHash-MD5"},
    {"hash_md5", Role::kTyped, "FileHash-MD5"}, {"file_md5", Role::kTyped, "FileHash-MD5"},
    {"filehash_md5", Role::kTyped, "FileHash-MD5"},
    {"sha1", Role::kTyped, "FileHash-SHA1"}, {"sha_1", Role::kTyped, "FileHash-SHA1"},
    {"sha1_hash", Role::kTyped, "FileHash-SHA1"}, {"hash_sha1", Role::kTyped, "FileHash-SHA1"},
    {"file_sha1", Role::kTyped, "FileHash-SHA1"}, {"filehash_sha1", Role::kTyped, "FileHash-SHA1"},
    {"sha256", Role::kTyped, "FileHash-SHA256"}, {"sha_256", Role::kTyped, "FileHash-SHA256"},
    {"sha256_hash", Role::kTyped, "FileHash-SHA256"}, {"hash_sha256", Role::kTyped, "FileHash-SHA256"},
    {"file_sha256", Role::kTyped, "FileHash-SHA256"}, {"filehash_sha256", Role::kTyped, "FileHash-SHA256"},
    {"sha384", Role::kTyped, "FileHash-SHA384"}, {"sha512", Role::kTyped, "FileHash-SHA512"},
    {"imphash", Role::kTyped, "FileHash-IMPHASH"}, {"pehash", Role::kTyped, "FileHash-PEHASH"},
    {"hash", Role::kTyped, ""}, {"hashes", Role::kTyped, ""}, {"file_hash", Role::kTyped, ""}, {"filehash", Role::kTyped, ""},
    {"ja3", Role::kTyped, "JA3"}, {"ja3_md5", Role::kTyped, "JA3"},
    {"ip", Role::kTyped, ""}, {"ips", Role::kTyped, ""}, {"ip_address", Role::kTyped, ""}, {"ipaddress", Role::kTyped, ""},
    {"ip_addresses", Role::kTyped, ""}, {"ipv4", Role::kTyped, "IPv4"}, {"ipv6", Role::kTyped, "IPv6"},
    {"dst_ip", Role::kTyped, ""}, {"dstip", Role::kTyped, ""}, {"dest_ip", Role::kTyped, ""}, {"ip_dst", Role::kTyped, ""},
    {"src_ip", Role::kTyped, ""}, {"source_ip", Role::kTyped, ""}, {"ip_src", Role::kTyped, ""},
    {"cidr", Role::kTyped, "CIDR"}, {"network", Role::kTyped, ""}, {"subnet", Role::kTyped, ""},
    {"domain", Role::kTyped, "domain"}, {"domains", Role::kTyped, "domain"}, {"domain_name", Role::kTyped, "domain"},
    {"hostname", Role::kTyped, "hostname"}, {"fqdn", Role::kTyped, "hostname"}, {"host", Role::kTyped, kHostWord},
    {"c2", Role::kTyped, ""}, {"c2_server", Role::kTyped, ""}, {"c2_servers", Role::kTyped, ""}, {"c2s", Role::kTyped, ""},
    {"url", Role::kTyped, "URL"}, {"urls", Role::kTyped, "URL"}, {"uri", Role::kTyped, "URI"},
    {"email", Role::kTyped, "email"}, {"email_address", Role::kTyped, "email"}, {"sender", Role::kTyped, "email"},
    {"cve", Role::kTyped, "CVE"}, {"cve_id", Role::kTyped, "CVE"}, {"cveid", Role::kTyped, "CVE"},
    {"mutex", Role::kTyped, "Mutex"}, {"registry_key", Role::kTyped, "RegistryKey"},
    {"thumbprint", Role::kCertificate, "SSLCertFingerprint"}, {"cert_thumbprint", Role::kCertificate, "SSLCertFingerprint"},
    {"certificate_thumbprint", Role::kCertificate, "SSLCertFingerprint"}, {"certificate", Role::kCertificate, "SSLCertFingerprint"},
    {"certificate_sha1", Role::kCertificate, "SSLCertFingerprint"}, {"cert_sha1", Role::kCertificate, "SSLCertFingerprint"},
    {"cert_fingerprint", Role::kCertificate, "SSLCertFingerprint"}, {"certificate_fingerprint", Role::kCertificate, "SSLCertFingerprint"},
    {"description", Role::kDescription, ""}, {"desc", Role::kDescription, ""}, {"comment", Role::kDescription, ""},
    {"comments", Role::kDescription, ""}, {"note", Role::kDescription, ""}, {"notes", Role::kDescription, ""},
    {"context", Role::kDescription, ""}, {"other_context", Role::kDescription, ""}, {"details", Role::kDescription, ""},
    {"info", Role::kDescription, ""}, {"threat", Role::kDescription, ""}, {"malware", Role::kDescription, ""},
    {"malware_printable", Role::kDescription, ""}, {"malware_family", Role::kDescription, ""}, {"family", Role::kDescription, ""},
    {"signature", Role::kDescription, ""}, {"app", Role::kDescription, ""}, {"yara_hit", Role::kDescription, ""},
    {"component", Role::kDescription, ""}, {"listing_reason", Role::kDescription, ""},
    {"tags", Role::kTags, ""}, {"tag", Role::kTags, ""},
    {"role", Role::kRole, ""}, {"threat_type", Role::kRole, ""},
    {"created", Role::kCreated, ""}, {"created_at", Role::kCreated, ""}, {"first_seen", Role::kCreated, ""},
    {"firstseen", Role::kCreated, ""}, {"first_seen_utc", Role::kCreated, ""}, {"date", Role::kCreated, ""},
    {"date_added", Role::kCreated, ""}, {"dateadded", Role::kCreated, ""}, {"date_utc", Role::kCreated, ""},
    {"listing_date", Role::kCreated, ""}, {"timestamp", Role::kCreated, ""},
    {"expiration", Role::kExpiration, ""}, {"expires", Role::kExpiration, ""}, {"expiry", Role::kExpiration, ""},
    {"valid_until", Role::kExpiration, ""}, {"expiration_date", Role::kExpiration, ""},
};
// clang-format on

/// "Indicator type" -> "indicator_type"
std::string normal_name(std::string_view name) {
  std::string out;
  for (char c : name.substr(0, 80)) {
    if (is_alnum(c)) {
      out += to_lower(c);
    } else if (!out.empty() && out.back() != '_') {
      out += '_';
    }
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out;
}

struct Column {
  Role role = Role::kNone;
  std::string_view type;
};

bool has_word(std::string_view name, std::string_view word) {
  for (std::size_t at = name.find(word); at != std::string_view::npos;
       at = name.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || name[at - 1] == '_') && (end == name.size() || name[end] == '_'))
      return true;
  }
  return false;
}

/// By the whole name, else by what it ends in ("Payload URL") or speaks of ("Ransomware
/// incident IOCs").
Column column_of(std::string_view raw, bool whole_name_only) {
  const std::string name = normal_name(raw);
  for (const NameRow& row : kNames) {
    if (row.name == name) return {row.role, row.type};
  }
  if (whole_name_only) return {};
  if (has_word(name, "iocs") || has_word(name, "ioc") || has_word(name, "indicators")) {
    if (has_word(name, "type")) return {Role::kType, ""};
    if (!has_word(name, "id") && !has_word(name, "count") && !has_word(name, "date"))
      return {Role::kValue, ""};
    return {};
  }
  // A link to the report about an indicator is none.
  for (const char* word : {"source", "reference", "ref", "report", "link", "blog", "tweet",
                           "info", "image", "screenshot", "permalink", "vt", "virustotal"}) {
    if (has_word(name, word)) return {};
  }
  const std::size_t last = name.rfind('_');
  if (last == std::string::npos) return {};
  const std::string_view ending = std::string_view(name).substr(last + 1);
  for (const std::string_view kind :
       {"url", "urls", "domain", "domains", "ip", "ips", "md5", "sha1", "sha256"}) {
    if (ending != kind) continue;
    for (const NameRow& row : kNames) {
      if (row.name == kind) return {row.role, row.type};
    }
  }
  return {};
}

struct Layout {
  char separator = ',';
  bool header_is_record = false;  ///< the first record is the header and no row
  bool by_content = false;
  std::vector<Column> columns;
  std::vector<std::string> names;  ///< as written; empty by content
};

/// Settles roles among `columns`: one type column, one value column, typed columns only without
/// a value column.
bool settle(std::vector<Column>& columns) {
  const auto first = [&](Role role) {
    return std::find_if(columns.begin(), columns.end(),
                        [&](const Column& c) { return c.role == role; });
  };
  auto type = first(Role::kType);
  auto value = first(Role::kValue);
  const bool typed = first(Role::kTyped) != columns.end();
  if (value == columns.end() && type != columns.end() && !typed)
    value = first(Role::kWeakValue);
  const auto drop_others = [&](Role role, std::vector<Column>::iterator keep) {
    for (auto it = columns.begin(); it != columns.end(); ++it) {
      if (it->role == role && it != keep) it->role = Role::kNone;
    }
  };
  if (value != columns.end()) {
    value->role = Role::kValue;
    drop_others(Role::kTyped, columns.end());
    drop_others(Role::kValue, value);
    drop_others(Role::kType, type);
  } else {
    drop_others(Role::kType, columns.end());
  }
  drop_others(Role::kWeakValue, columns.end());
  drop_others(Role::kCreated, first(Role::kCreated));
  drop_others(Role::kExpiration, first(Role::kExpiration));
  drop_others(Role::kRole, first(Role::kRole));
  return value != columns.end() || typed;
}

bool agrees_as_type(IndicatorType type, Look look) {
  switch (look) {
    case Look::kHash:
      return type == IndicatorType::kMd5 || type == IndicatorType::kSha1 ||
             type == IndicatorType::kSha256 || type == IndicatorType::kSha384 ||
             type == IndicatorType::kSha512 || type == IndicatorType::kImphash ||
             type == IndicatorType::kPehash || type == IndicatorType::kJa3;
    case Look::kAddress:
      return type == IndicatorType::kIpv4 || type == IndicatorType::kIpv6;
    case Look::kNetwork:
      return type == IndicatorType::kCidr;
    case Look::kEndpoint:
      return type == IndicatorType::kIpv4Port || type == IndicatorType::kIpv6Port;
    case Look::kUrl:
    case Look::kHostPath:
      return type == IndicatorType::kUrl || type == IndicatorType::kUri;
    case Look::kEmail:
      return type == IndicatorType::kEmail;
    case Look::kName:
      return type == IndicatorType::kDomain || type == IndicatorType::kHostname;
    case Look::kCve:
      return type == IndicatorType::kCve;
    case Look::kPath:
      return type == IndicatorType::kFilePath;
    case Look::kRegistry:
      return type == IndicatorType::kRegistryKey;
    case Look::kNone:
      return false;
  }
  return false;
}

bool agrees(const TypeWord& word, Look look) {
  if (word.type) return agrees_as_type(*word.type, look);
  switch (word.family) {
    case TypeFamily::kAddress:
      return look == Look::kAddress || look == Look::kNetwork || look == Look::kEndpoint;
    case TypeFamily::kHash:
      return look == Look::kHash;
    case TypeFamily::kFile:
      return look == Look::kHash || look == Look::kPath || look == Look::kName;
    case TypeFamily::kHost:
      return look == Look::kName || look == Look::kAddress;
    case TypeFamily::kNone:
      return false;
  }
  return false;
}

/// Roles from the cells of `records`, if they are clear.
std::optional<std::vector<Column>> columns_by_content(
    const std::vector<std::vector<std::string>>& records) {
  std::size_t width = 0;
  for (const auto& record : records) width = std::max(width, record.size());
  if (records.empty() || width == 0) return std::nullopt;
  struct Count {
    std::size_t filled = 0, types = 0, hashes = 0, addresses = 0, urls = 0, dates = 0;
  };
  std::vector<Count> counts(width);
  for (const auto& record : records) {
    for (std::size_t i = 0; i < record.size(); ++i) {
      if (record[i].empty()) continue;
      ++counts[i].filled;
      const Look look = look_of(record[i]);
      if (look == Look::kNone && record[i].size() <= 24 && understand_type(record[i]).known())
        ++counts[i].types;
      if (look == Look::kHash) ++counts[i].hashes;
      if (look == Look::kAddress || look == Look::kNetwork || look == Look::kEndpoint)
        ++counts[i].addresses;
      if (look == Look::kUrl) ++counts[i].urls;
      if (parse_list_date(record[i], DayEdge::kBegin)) ++counts[i].dates;
    }
  }
  const auto mostly = [&](std::size_t part, const Count& of) {
    return of.filled * 2 >= records.size() && part * 10 >= of.filled * 9;
  };
  std::vector<Column> columns(width);
  for (std::size_t t = 0; t < width; ++t) {
    if (!mostly(counts[t].types, counts[t])) continue;
    std::size_t best = width;
    std::size_t best_agreeing = 0;
    for (std::size_t v = 0; v < width; ++v) {
      if (v == t) continue;
      std::size_t agreeing = 0;
      for (const auto& record : records) {
        if (record.size() <= std::max(v, t)) continue;
        if (agrees(understand_type(record[t]), look_of(record[v]))) ++agreeing;
      }
      if (agreeing > best_agreeing) best = v, best_agreeing = agreeing;
    }
    if (best == width || best_agreeing * 2 < records.size()) continue;
    columns[t].role = Role::kType;
    columns[best].role = Role::kValue;
    for (std::size_t i = 0; i < width; ++i) {
      if (columns[i].role == Role::kNone && mostly(counts[i].dates, counts[i])) {
        columns[i].role = Role::kCreated;
        break;
      }
    }
    for (std::size_t i = best + 1; i < width; ++i) {
      // What stands behind the value describes it, unless it is a link.
      if (columns[i].role == Role::kNone && counts[i].urls == 0)
        columns[i].role = Role::kDescription;
    }
    return columns;
  }
  for (auto count : {&Count::hashes, &Count::addresses, &Count::urls}) {
    bool any = false;
    for (std::size_t i = 0; i < width; ++i) {
      if (!mostly(counts[i].*count, counts[i])) continue;
      columns[i].role = Role::kTyped;
      any = true;
      if (count != &Count::hashes)
        break;  // several columns of links: the first is what the table is about
    }
    if (any) return columns;
  }
  return std::nullopt;
}

std::vector<std::vector<std::string>> sample_records(std::string_view text, char separator) {
  std::vector<std::vector<std::string>> records;
  CsvRecords reader(text, separator);
  std::vector<std::string_view> cells;
  while (records.size() < kSampleRecords && reader.next(cells))
    records.emplace_back(cells.begin(), cells.end());
  return records;
}

/// Whether what stands below the names of `layout` bears them out: records about as wide as the
/// header, and most of their values shaped like indicators, or of a type that a word beside
/// them gives. A sentence with a comma and the word "IOCs" in it is no header.
bool borne_out(const Layout& layout, const std::vector<std::vector<std::string>>& records) {
  std::size_t even = 0, filled = 0, shaped = 0;
  for (std::size_t r = layout.header_is_record ? 1 : 0; r < records.size(); ++r) {
    const auto& record = records[r];
    const std::size_t width = layout.columns.size();
    const bool wide = record.size() > 1 || width == 1;
    if (wide && record.size() + 1 >= width && record.size() <= width + 1) ++even;
    bool typed = false;
    for (std::size_t i = 0; i < record.size() && i < width; ++i) {
      typed = typed ||
              (layout.columns[i].role == Role::kType && understand_type(record[i]).known());
    }
    for (std::size_t i = 0; i < record.size() && i < width; ++i) {
      const Role role = layout.columns[i].role;
      if ((role != Role::kValue && role != Role::kTyped) || record[i].empty()) continue;
      ++filled;
      const std::string_view cell = record[i];
      const std::string_view first = cell.substr(0, cell.find_first_of(",;| \t\r\n"));
      if (typed || look_of(cell) != Look::kNone || is_plain(look_of(first))) ++shaped;
    }
  }
  const std::size_t rows =
      records.size() - (layout.header_is_record && !records.empty() ? 1 : 0);
  // A value column beside a type column leaves no doubt, whatever the values are (command
  // lines, names).
  const auto has = [&](Role role) {
    return std::any_of(layout.columns.begin(), layout.columns.end(),
                       [&](const Column& column) { return column.role == role; });
  };
  const bool certain = has(Role::kValue) && has(Role::kType);
  return even * 2 >= rows && (certain || shaped * 2 >= filled);
}

/// The layout of the table that `head` begins, or nothing; `columns` then tells what was found
/// instead.
std::optional<Layout> plan(std::string_view head, std::string& found) {
  std::optional<Layout> best;
  int best_score = 0;
  std::size_t widest = 0;
  for (const char separator : kSeparators) {
    CsvRecords reader(head, separator);
    std::vector<std::string_view> first;
    if (!reader.next(first)) continue;
    const auto consider = [&](const std::vector<std::string_view>& names, bool is_record) {
      Layout layout;
      layout.separator = separator;
      layout.header_is_record = is_record;
      int known = 0;
      for (const std::string_view name : names) {
        layout.columns.push_back(column_of(name, names.size() == 1));
        layout.names.emplace_back(name);
        // A cell that is an indicator itself is no name of a column.
        if (look_of(name) != Look::kNone) return;
        if (layout.columns.back().role != Role::kNone) ++known;
      }
      if (!settle(layout.columns)) return;
      const int score = known * 10 + (names.size() > 1 ? 5 : 0) + (is_record ? 1 : 0);
      if (score <= best_score || !borne_out(layout, sample_records(head, separator))) return;
      best = std::move(layout);
      best_score = score;
    };
    consider(first, true);
    const std::string comment(reader.comment());
    if (!comment.empty()) {
      CsvRecords names_reader(comment, separator);
      std::vector<std::string_view> names;
      if (names_reader.next(names) && names.size() > 1 && names.size() <= first.size() + 1) {
        consider(names, false);
      }
    }
    if (first.size() > widest) {
      widest = first.size();
      found.clear();
      for (std::size_t i = 0; i < first.size() && i < 12; ++i) {
        if (i > 0) found += ", ";
        found += terminal_safe(first[i].substr(0, 40));
      }
    }
  }
  if (best) return best;
  for (const char separator : kSeparators) {
    auto records = sample_records(head, separator);
    if (records.empty() || records.front().size() < 2) continue;
    const std::size_t width = records.front().size();
    const auto even = static_cast<std::size_t>(std::count_if(
        records.begin(), records.end(), [&](const auto& r) { return r.size() == width; }));
    if (even * 10 < records.size() * 8) continue;
    // The first record may be a header in words we do not know.
    const std::vector<std::vector<std::string>> rest(
        records.begin() + (records.size() > 1 ? 1 : 0), records.end());
    auto columns = columns_by_content(rest);
    if (!columns) continue;
    Layout layout;
    layout.separator = separator;
    layout.by_content = true;
    layout.columns = std::move(*columns);
    const auto fits = [&] {
      for (std::size_t i = 0; i < layout.columns.size() && i < width; ++i) {
        const Role role = layout.columns[i].role;
        if ((role == Role::kValue || role == Role::kTyped) &&
            look_of(records.front()[i]) != Look::kNone)
          return true;
      }
      return false;
    };
    layout.header_is_record = records.size() > 1 && !fits();
    if (layout.header_is_record) layout.names = records.front();
    return layout;
  }
  return std::nullopt;
}

/// The values in one cell: itself, or each of several hashes or addresses, or each line of it.
void split_cell(std::string_view cell, std::vector<std::string_view>& values) {
  values.clear();
  if (cell.find_first_of(",;|\n \t\"'") == std::string_view::npos) {
    values.push_back(cell);
    return;
  }
  const auto split_at = [&](std::string_view separators) {
    values.clear();
    std::string_view rest = cell;
    while (!rest.empty()) {
      const std::size_t end = rest.find_first_of(separators);
      const std::string_view part = trim_wide(rest.substr(0, end));
      if (!part.empty()) values.push_back(part);
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    return values.size() > 1 || (values.size() == 1 && values.front().size() < cell.size());
  };
  const auto is_value = [](std::string_view v) {
    const Look look = look_of(v);
    return is_plain(look) && look != Look::kUrl;
  };
  // A digest that lost a digit is split off with its neighbours, so that it is refused alone.
  const auto is_near_digest = [](std::string_view v) {
    return v.size() >= 24 && std::all_of(v.begin(), v.end(), is_hex);
  };
  if (split_at(",;| \t\n\r\"'[]") &&
      std::all_of(values.begin(), values.end(),
                  [&](std::string_view v) { return is_value(v) || is_near_digest(v); })) {
    return;
  }
  if (split_at("\n\r") && std::all_of(values.begin(), values.end(), [](std::string_view v) {
        return look_of(v) != Look::kNone;
      })) {
    return;
  }
  values.assign(1, cell);
}

}  // namespace

int csv_confidence(std::string_view head, std::string_view file_name) {
  if (!may_be_lines(head)) return 0;
  std::string found;
  const auto layout = plan(head, found);
  const auto has_ending = [&](std::string_view ending) {
    const std::string name = lower(file_name);
    const std::size_t at = name.rfind(ending);
    return at != std::string::npos && name.find('/', at) == std::string::npos;
  };
  const bool named = has_ending(".csv") || has_ending(".tsv");
  if (!layout) {
    // A table that cannot be read is better told so than read as lines; one column is a list.
    return named && found.find(", ") != std::string::npos ? 30 : 0;
  }
  if (layout->columns.size() < 2) return 30;
  if (layout->by_content) {
    const bool types = std::any_of(layout->columns.begin(), layout->columns.end(),
                                   [](const Column& c) { return c.role == Role::kType; });
    // Without a column of types it may as well be a list with something behind each value.
    return named ? 80 : types ? 55 : 45;
  }
  return named ? 90 : 80;
}

Status read_csv(std::string_view text, std::string_view where, const OnPage& on_page) {
  std::string found;
  const auto layout = plan(text.substr(0, 64 << 10), found);
  if (!layout) {
    return fail("no column of indicators: found " +
                (found.empty() ? std::string("nothing") : found) +
                "; expected one named indicator, ioc, value, md5, sha1, sha256, ip, domain, "
                "url or the like");
  }
  PageWriter pages(where, on_page);
  std::string unread;
  for (std::size_t i = 0; i < layout->names.size() && i < layout->columns.size(); ++i) {
    if (layout->columns[i].role != Role::kNone || layout->names[i].empty()) continue;
    if (!unread.empty()) unread += ", ";
    unread += layout->names[i];
  }
  if (!unread.empty()) pages.page().notes.add("", "columns that are not read", where, unread);
  if (layout->by_content) {
    pages.page().notes.add("", "no known column names: columns were told by their content",
                           where, "");
  }

  CsvRecords reader(text, layout->separator);
  std::vector<std::string_view> cells, values;
  bool header = layout->header_is_record;
  while (reader.next(cells)) {
    if (header) {
      header = false;
      continue;
    }
    RawIndicator common;
    std::string_view type;
    std::string tags;
    for (std::size_t i = 0; i < cells.size() && i < layout->columns.size(); ++i) {
      const std::string_view cell = cells[i];
      if (cell.empty()) continue;
      switch (layout->columns[i].role) {
        case Role::kType:
          type = cell;
          break;
        case Role::kDescription:
          if (!common.description.empty()) common.description += "; ";
          common.description += cell;
          break;
        case Role::kTags:
          tags = cell;
          break;
        case Role::kRole:
          common.role = cell;
          break;
        case Role::kCreated:
        case Role::kExpiration: {
          const bool created = layout->columns[i].role == Role::kCreated;
          const auto time = parse_list_date(cell, created ? DayEdge::kBegin : DayEdge::kEnd);
          (created ? common.created : common.expiration) = time;
          if (!time && cell != "-" && !equals_ignore_case(cell, "null") &&
              !equals_ignore_case(cell, "none")) {
            pages.page().notes.add("", "a date that is not understood: left out",
                                   pages.at_line(reader.line()), cell);
          }
          break;
        }
        default:
          break;
      }
    }
    if (!tags.empty()) {
      if (!common.description.empty()) common.description += "; ";
      common.description += "tags: " + tags;
    }
    bool any = false;
    for (std::size_t i = 0; i < cells.size() && i < layout->columns.size(); ++i) {
      const Column& column = layout->columns[i];
      const bool value = column.role == Role::kValue;
      const bool certificate = column.role == Role::kCertificate;
      if (!value && !certificate && column.role != Role::kTyped) continue;
      std::string_view cell = cells[i];
      // What keeps a spreadsheet from running a value as a formula (base/csv_writer.h) is no
      // part of it.
      if (cell.size() > 1 && cell[0] == '\'' &&
          std::string_view("=+-@").find(cell[1]) != std::string_view::npos)
        cell.remove_prefix(1);
      if (certificate && !cell.empty() && look_of(cell) != Look::kHash) {
        // A subject or a file of a certificate is none of its digests.
        pages.page().notes.add("", "a certificate without a digest: not read",
                               pages.at_line(reader.line()), cell);
        continue;
      }
      if (cell.empty() ||
          (!value && (cell == "-" || equals_ignore_case(cell, "n/a") ||
                      equals_ignore_case(cell, "none") || equals_ignore_case(cell, "null")))) {
        continue;
      }
      any = true;
      split_cell(cell, values);
      for (const std::string_view one : values) {
        RawIndicator row = common;
        // Several values in a cell: the one word for all ("file", "md5") cannot be right for
        // each.
        if (values.size() == 1) row.type = value ? type : column.type;
        row.value = one;
        row.where = pages.at_line(reader.line());
        if (auto status = pages.add(std::move(row)); !status) return status;
      }
    }
    if (!any) {
      std::string shown;
      for (const std::string_view cell : cells) {
        if (shown.size() > 120) break;
        if (!shown.empty()) shown += layout->separator;
        shown += cell;
      }
      pages.page().damaged.add("", "a row without an indicator", pages.at_line(reader.line()),
                               shown);
    }
  }
  if (reader.stray_quotes() > 0) {
    pages.page().notes.add("", "quotes that are never closed were read as text", where, "",
                           static_cast<std::uint64_t>(reader.stray_quotes()));
  }
  return pages.finish();
}

}  // namespace spoor
