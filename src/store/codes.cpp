// The code tables. Tested by codes_test.cpp.

#include "store/codes.h"

#include <array>

#include "base/check.h"

namespace spoor {
namespace {

template <typename T, typename Code = std::int64_t>
struct Row {
  T value;
  Code code;
};

// clang-format off
constexpr Row<IndicatorType> kTypes[] = {
    {IndicatorType::kIpv4, 1},            {IndicatorType::kIpv6, 2},
    {IndicatorType::kCidr, 3},            {IndicatorType::kDomain, 4},
    {IndicatorType::kHostname, 5},        {IndicatorType::kUrl, 6},
    {IndicatorType::kUri, 7},             {IndicatorType::kMd5, 8},
    {IndicatorType::kSha1, 9},            {IndicatorType::kSha256, 10},
    {IndicatorType::kPehash, 11},         {IndicatorType::kImphash, 12},
    {IndicatorType::kEmail, 13},          {IndicatorType::kFilePath, 14},
    {IndicatorType::kMutex, 15},          {IndicatorType::kCve, 16},
    {IndicatorType::kYara, 17},           {IndicatorType::kJa3, 18},
    {IndicatorType::kOsquery, 19},        {IndicatorType::kSslCertFingerprint, 20},
    {IndicatorType::kBitcoinAddress, 21}, {IndicatorType::kIpv4Port, 22},
    {IndicatorType::kIpv6Port, 23},       {IndicatorType::kSha384, 24},
    {IndicatorType::kSha512, 25},         {IndicatorType::kFileName, 26},
    {IndicatorType::kRegistryKey, 27},    {IndicatorType::kNamedPipe, 28},
    {IndicatorType::kAsn, 29},            {IndicatorType::kUserAgent, 30},
};
constexpr Row<Grade> kGrades[] = {
    {Grade::kNone, 0},      {Grade::kWeak, 10},       {Grade::kMention, 20}, {Grade::kDerived, 30},
    {Grade::kContains, 40}, {Grade::kEquivalent, 50}, {Grade::kExact, 60},
};
constexpr Row<Verdict> kVerdicts[] = {
    {Verdict::kShown, 1}, {Verdict::kWeak, 2}, {Verdict::kSuppressed, 3},
};
constexpr Row<TextEncoding> kEncodings[] = {
    {TextEncoding::kBytes, 1}, {TextEncoding::kUtf16le, 2}, {TextEncoding::kUtf16be, 3},
};
constexpr Row<Tlp> kTlps[] = {
    {Tlp::kClear, 10}, {Tlp::kGreen, 20}, {Tlp::kAmber, 30}, {Tlp::kAmberStrict, 40}, {Tlp::kRed, 50},
};
constexpr Row<Pap> kPaps[] = {
    {Pap::kClear, 10}, {Pap::kGreen, 20}, {Pap::kAmber, 30}, {Pap::kRed, 40},
};
constexpr Row<ListKind> kListKinds[] = {
    {ListKind::kString, 1}, {ListKind::kSubstring, 2}, {ListKind::kHostname, 3},
    {ListKind::kCidr, 4},   {ListKind::kRegex, 5},
};
constexpr Row<Flow> kFlows[] = {
    {Flow::kUnknown, 0},  {Flow::kInbound, 1},         {Flow::kInboundBlocked, 2},
    {Flow::kOutbound, 3}, {Flow::kOutboundBlocked, 4}, {Flow::kAnswered, 5},
};
constexpr Row<ViewKind, std::string_view> kViews[] = {
    {ViewKind::kJson, "json"},       {ViewKind::kPercent, "percent"},
    {ViewKind::kQp, "qp"},           {ViewKind::kHtml, "html"},
    {ViewKind::kEscape, "escape"},   {ViewKind::kUtf16le, "utf16le"},
    {ViewKind::kUtf16be, "utf16be"}, {ViewKind::kDns, "dns"},
    {ViewKind::kDefang, "defang"},
};
// clang-format on

// Every type has one code of its own.
constexpr bool types_are_whole() {
  std::array<bool, kIndicatorTypeCount> type_seen{};
  std::array<bool, 256> code_seen{};
  for (const auto& row : kTypes) {
    const auto type = static_cast<std::size_t>(row.value);
    const auto code = static_cast<std::size_t>(row.code);
    if (type >= type_seen.size() || type_seen[type] || code_seen[code]) return false;
    type_seen[type] = code_seen[code] = true;
  }
  for (const bool seen : type_seen) {
    if (!seen) return false;
  }
  return true;
}
static_assert(types_are_whole());

template <typename T, typename Code, std::size_t n>
Code find_code(const Row<T, Code> (&rows)[n], T value) {
  for (const auto& row : rows) {
    if (row.value == value) return row.code;
  }
  SPOOR_CHECK(!"a value without a code");
  return {};
}

template <typename T, typename Code, std::size_t n>
std::optional<T> find_value(const Row<T, Code> (&rows)[n], Code code) {
  for (const auto& row : rows) {
    if (row.code == code) return row.value;
  }
  return std::nullopt;
}

}  // namespace

std::int64_t code_of(IndicatorType type) {
  return find_code(kTypes, type);
}
std::int64_t code_of(Grade grade) {
  return find_code(kGrades, grade);
}
std::int64_t code_of(Verdict verdict) {
  return find_code(kVerdicts, verdict);
}
std::int64_t code_of(TextEncoding encoding) {
  return find_code(kEncodings, encoding);
}
std::int64_t code_of(Tlp tlp) {
  return find_code(kTlps, tlp);
}
std::int64_t code_of(Pap pap) {
  return find_code(kPaps, pap);
}
std::int64_t code_of(ListKind kind) {
  return find_code(kListKinds, kind);
}
std::int64_t code_of(Flow flow) {
  return find_code(kFlows, flow);
}

std::optional<IndicatorType> type_of_code(std::int64_t code) {
  return find_value(kTypes, code);
}
std::optional<Grade> grade_of_code(std::int64_t code) {
  return find_value(kGrades, code);
}
std::optional<Verdict> verdict_of_code(std::int64_t code) {
  return find_value(kVerdicts, code);
}
std::optional<TextEncoding> encoding_of_code(std::int64_t code) {
  return find_value(kEncodings, code);
}
std::optional<Tlp> tlp_of_code(std::int64_t code) {
  return find_value(kTlps, code);
}
std::optional<Pap> pap_of_code(std::int64_t code) {
  return find_value(kPaps, code);
}
std::optional<ListKind> list_kind_of_code(std::int64_t code) {
  return find_value(kListKinds, code);
}
std::optional<Flow> flow_of_code(std::int64_t code) {
  return find_value(kFlows, code);
}

std::string views_text(const std::vector<ViewKind>& views) {
  std::string text;
  for (const ViewKind view : views) {
    if (!text.empty()) text += ',';
    text += find_code(kViews, view);
  }
  return text;
}

std::optional<std::vector<ViewKind>> views_of_text(std::string_view text) {
  std::vector<ViewKind> views;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const auto view = find_value(kViews, text.substr(0, comma));
    if (!view) return std::nullopt;
    views.push_back(*view);
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
  }
  return views;
}

}  // namespace spoor
