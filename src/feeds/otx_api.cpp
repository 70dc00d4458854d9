#include "feeds/otx_api.h"

#include <algorithm>
#include <vector>

#include "base/ascii.h"
#include "base/check.h"
#include "feeds/type_word.h"
#include "ioc/canonical.h"
#include "ioc/guard.h"
#include "net/transport.h"

namespace spoor {
namespace {

// clang-format off
constexpr OtxFeedRow kFeeds[] = {
    {OtxEndpoint::kSubscribed, "subscribed", "pulses/subscribed", "modified_since", true},
    {OtxEndpoint::kActivity,   "activity",   "pulses/activity",   "modified_since", false},
    {OtxEndpoint::kUser,       "user",       "pulses/user/{}",    "since",          false},
    {OtxEndpoint::kGroup,      "group",      "groups/{}/pulses",  "since",          false},
};

constexpr OtxSectionRow kSections[] = {
    {"general",     "",            "",                                              false},
    {"reputation",  "",            "",                                              false},
    {"geo",         "",            "",                                              false},
    {"analysis",    "",            "",                                              false},
    {"malware",     "data",        "datetime_int date hash detections",             true},
    {"url_list",    "url_list",    "date httpcode url",                             true},
    {"passive_dns", "passive_dns", "first last record_type hostname address asn",   true},
    {"http_scans",  "data",        "name value",                                    false},
    {"whois",       "data",        "name value",                                    false},
    {"nids_list",   "results",     "",                                              true},
    {"ip_list",     "results",     "",                                              true},
};

constexpr OtxLookupRow kLookups[] = {
    {"IPv4",             "general reputation geo malware url_list passive_dns http_scans nids_list"},
    {"IPv6",             "general reputation geo malware url_list passive_dns nids_list"},
    {"domain",           "general geo malware url_list passive_dns whois http_scans nids_list"},
    {"hostname",         "general geo malware url_list passive_dns http_scans nids_list"},
    {"file",             "general analysis"},
    {"url",              "general url_list http_scans"},
    {"cve",              "general"},
    {"nids",             "general ip_list"},
    {"correlation-rule", "general"},
};
// clang-format on

const OtxLookupRow* lookup_named(std::string_view type) {
  for (const OtxLookupRow& row : kLookups) {
    if (equals_ignore_case(row.type, type)) return &row;
  }
  return nullptr;
}

template <class F>
void each_word(std::string_view words, F&& visit) {
  while (!words.empty()) {
    const std::size_t blank = words.find(' ');
    visit(words.substr(0, blank));
    words = blank == std::string_view::npos ? std::string_view{} : words.substr(blank + 1);
  }
}

std::string_view path_word_of(IndicatorType type) {
  switch (type) {
    case IndicatorType::kIpv4:
      return "IPv4";
    case IndicatorType::kIpv6:
      return "IPv6";
    case IndicatorType::kDomain:
      return "domain";
    case IndicatorType::kHostname:
      return "hostname";
    case IndicatorType::kMd5:
    case IndicatorType::kSha1:
    case IndicatorType::kSha256:
      return "file";
    case IndicatorType::kUrl:
      return "url";
    case IndicatorType::kCve:
      return "cve";
    default:
      return {};
  }
}

Error refused(std::string_view value, const Refusal& refusal) {
  return Error{"'" + std::string(value.substr(0, 128)) + "': " + refusal.reason + " (" +
               refusal.rule + ")"};
}

}  // namespace

std::span<const OtxFeedRow> otx_feeds() {
  return kFeeds;
}
std::span<const OtxSectionRow> otx_sections() {
  return kSections;
}
std::span<const OtxLookupRow> otx_lookups() {
  return kLookups;
}

const OtxFeedRow& OtxFeedChoice::row() const {
  for (const OtxFeedRow& row : kFeeds) {
    if (row.endpoint == endpoint) return row;
  }
  SPOOR_CHECK(false);
  return kFeeds[0];
}

std::string OtxFeedChoice::text() const {
  return std::string(row().name) + (of.empty() ? "" : ":" + of);
}

Result<OtxFeedChoice> parse_otx_feed(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const std::string_view of =
      colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
  for (const OtxFeedRow& row : kFeeds) {
    if (row.name != name) continue;
    const bool wants_name = row.path.find("{}") != std::string_view::npos;
    if (wants_name == of.empty() || of.size() > 128 || (!wants_name && !of.empty())) break;
    return OtxFeedChoice{row.endpoint, std::string(of)};
  }
  return fail("found '" + std::string(text.substr(0, 160)) +
              "', expected subscribed, activity, user:NAME or group:ID");
}

std::string otx_feed_path(const OtxFeedChoice& feed, std::optional<Time> since, int limit,
                          std::int64_t page) {
  const OtxFeedRow& row = feed.row();
  std::string path = "/api/v1/" + std::string(row.path);
  if (const std::size_t at = path.find("{}"); at != std::string::npos)
    path.replace(at, 2, percent_encode(feed.of));
  path += "?limit=" + std::to_string(limit) + "&page=" + std::to_string(page);
  if (since) {
    path += '&';
    path += row.since;
    path += '=' + percent_encode(format_iso8601(*since));
  }
  return path;
}

const OtxSectionRow* otx_section(std::string_view name) {
  for (const OtxSectionRow& row : kSections) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

Result<OtxSubject> otx_subject(std::string_view type, std::string_view value) {
  const std::string_view trimmed = trim(value);
  if (trimmed.empty()) return fail("found no value, expected an indicator");
  const OtxLookupRow* row = lookup_named(type);
  if (row != nullptr && (row->type == "nids" || row->type == "correlation-rule")) {
    // Ids of rules, which no other room knows.
    if (trimmed.size() > 256) return fail("the value is longer than 256 bytes");
    return OtxSubject{row, std::string(trimmed)};
  }
  const bool by_value = type == "auto" || type == "file";
  const auto word = by_value ? TypeWord{} : understand_type(type);
  if (!by_value && !word.type) {
    std::string known;
    for (const OtxLookupRow& each : kLookups)
      known += (known.empty() ? "" : ", ") + std::string(each.type);
    return fail("type '" + std::string(type.substr(0, 64)) + "', expected auto, " + known +
                " or a type of OTX such as FileHash-SHA256");
  }
  const auto canonical = word.type ? canonicalize(*word.type, trimmed) : infer(trimmed);
  if (!canonical) return fail(refused(trimmed, canonical.error()));
  const Observable& observable = canonical->observable;
  // OTX keeps a domain and a host below it apart; the one who asks for one of them is obeyed.
  const std::string_view path = path_word_of(observable.type);
  if (path.empty() || (type == "file" && path != "file")) {
    return fail("OTX has no path for " + std::string(name_of(observable.type)) +
                (type == "file" ? ", expected an MD5, SHA1 or SHA256" : ""));
  }
  if (const auto reason = quarantine_reason(observable)) {
    if (observable.type == IndicatorType::kIpv4 || observable.type == IndicatorType::kIpv6)
      return fail(refused(trimmed, *reason).at("OTX refuses such addresses"));
  }
  return OtxSubject{lookup_named(path), observable.value};
}

Result<std::vector<const OtxSectionRow*>> otx_sections_of(const OtxSubject& subject,
                                                          std::span<const std::string> names) {
  SPOOR_CHECK(subject.row != nullptr);
  std::vector<const OtxSectionRow*> all, chosen;
  std::string known;
  each_word(subject.row->sections, [&](std::string_view name) {
    all.push_back(otx_section(name));
    known += (known.empty() ? "" : ", ") + std::string(name);
  });
  if (names.empty()) return std::vector<const OtxSectionRow*>{all[0]};
  for (const std::string& name : names) {
    if (name == "all") return all;
    const auto it = std::find_if(all.begin(), all.end(),
                                 [&](const OtxSectionRow* row) { return row->name == name; });
    if (it == all.end()) {
      return fail("section '" + name.substr(0, 64) + "' of " + std::string(subject.row->type) +
                  ", expected all or one of " + known);
    }
    if (std::find(chosen.begin(), chosen.end(), *it) == chosen.end()) chosen.push_back(*it);
  }
  return chosen;
}

std::string otx_lookup_path(const OtxSubject& subject, std::string_view section) {
  return "/api/v1/indicators/" + std::string(subject.row->type) + "/" +
         percent_encode(subject.value) + "/" + std::string(section);
}

bool is_otx_pulse_id(std::string_view text) {
  return text.size() == 24 && std::all_of(text.begin(), text.end(), [](char c) {
           return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f');
         });
}

}  // namespace spoor
