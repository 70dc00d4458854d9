#include "match/exact.h"

#include <algorithm>

#include "base/ascii.h"
#include "match/exact_index.h"
#include "match/exact_pass.h"

namespace spoor {

namespace {

class ExactMatcher final : public Matcher {
 public:
  explicit ExactMatcher(const std::vector<Observable>& indicators) : index_(indicators) {}

  std::unique_ptr<Scratch> make_scratch() const override { return std::make_unique<Scratch>(); }
  bool has(IndicatorType type) const override { return index_.has(type); }

  void scan(std::string_view text, TextEncoding encoding, std::span<const FieldMark> fields,
            Scratch&, std::vector<Hit>& hits) const override {
    ExactPass pass(index_, text, fields, nullptr);
    pass.run(encoding);
    pass.append_to(hits);
  }

 private:
  ExactIndex index_;
};

std::string views_text(const Hit& hit) {
  std::string names;
  for (std::size_t i = 0; i < hit.view_count; ++i)
    names += (i == 0 ? " through " : ",") + std::string(name_of(hit.views[i]));
  return names;
}

/// How much a refused token has to do with the indicator: the longest piece of its value that
/// the token holds.
std::size_t kinship(std::string_view token, std::string_view value) {
  const std::string a = lower(token);
  const std::string b = lower(value);
  if (a.find(b) != std::string::npos) return b.size() + 1000;
  if (!a.empty() && b.find(a) != std::string::npos) return a.size() + 500;
  std::size_t head = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  std::size_t tail = 0;
  while (tail < a.size() && tail < b.size() && a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
    ++tail;
  return std::max(head, tail);
}

/// The groups of rules that can refuse an indicator of a type; others say nothing about it.
std::string_view rule_letters(IndicatorType type) {
  switch (type) {
    case IndicatorType::kIpv4:
      return "I";
    case IndicatorType::kIpv6:
      return "V";
    case IndicatorType::kCidr:
      return "IVC";
    case IndicatorType::kIpv4Port:
      return "IP";
    case IndicatorType::kIpv6Port:
      return "VP";
    case IndicatorType::kDomain:
    case IndicatorType::kHostname:
      return "D";
    case IndicatorType::kUrl:
    case IndicatorType::kUri:
      return "U";
    case IndicatorType::kEmail:
      return "E";
    case IndicatorType::kFilePath:
    case IndicatorType::kFileName:
      return "F";
    case IndicatorType::kRegistryKey:
      return "R";
    case IndicatorType::kMutex:
    case IndicatorType::kNamedPipe:
    case IndicatorType::kCve:
    case IndicatorType::kAsn:
    case IndicatorType::kUserAgent:
    case IndicatorType::kBitcoinAddress:
      return "O";
    default:
      return "H";
  }
}

}  // namespace

std::unique_ptr<const Matcher> make_exact_matcher(const std::vector<Observable>& indicators) {
  return std::make_unique<ExactMatcher>(indicators);
}

void scan_exact(const ClaimIndex& index, std::string_view text,
                std::span<const FieldMark> fields, std::vector<Hit>& hits) {
  ExactPass pass(index, text, fields, nullptr);
  pass.run(TextEncoding::kBytes);
  pass.append_to(hits);
}

Explanation explain(const Observable& indicator, std::string_view text, TextEncoding encoding) {
  Explanation result;
  if (row_of(indicator.type).matching == Matching::kRule) {
    result.rule = "S2";
    result.lines.push_back("S2: " + std::string(name_of(indicator.type)) +
                           " is kept and exported, never matched as text");
    return result;
  }
  const ExactIndex index(std::vector<Observable>{indicator});
  std::vector<RefusedAt> refused;
  ExactPass pass(index, text, {}, &refused);
  pass.run(encoding);
  std::vector<Hit> hits;
  pass.append_to(hits);
  std::stable_sort(hits.begin(), hits.end(),
                   [](const Hit& a, const Hit& b) { return a.grade > b.grade; });
  for (const Hit& hit : hits) {
    if (result.lines.empty()) {
      result.grade = hit.grade;
      result.rule = hit.rule;
    }
    result.lines.push_back(
        std::string(name_of(hit.grade)) + " at bytes " + std::to_string(hit.offset) + ".." +
        std::to_string(hit.offset + hit.length) + " by " + hit.rule + views_text(hit) + ": '" +
        std::string(text.substr(hit.offset, hit.length)) + "'");
  }
  if (!hits.empty()) return result;

  // Nothing matched: the refusals that are nearest to the indicator, each said once.
  std::stable_sort(refused.begin(), refused.end(), [&](const RefusedAt& a, const RefusedAt& b) {
    return kinship(text.substr(a.offset, a.length), indicator.value) >
           kinship(text.substr(b.offset, b.length), indicator.value);
  });
  for (const RefusedAt& token : refused) {
    if (kinship(text.substr(token.offset, token.length), indicator.value) < 3) break;
    if (rule_letters(indicator.type).find(token.rule.front()) == std::string_view::npos)
      continue;
    std::string line = token.rule + ": " + token.why;
    if (!token.views.empty()) line += " (through " + token.views + ")";
    if (std::find(result.lines.begin(), result.lines.end(), line) != result.lines.end())
      continue;
    if (result.lines.empty()) result.rule = token.rule;
    result.lines.push_back(std::move(line));
    if (result.lines.size() == 5) break;
  }
  if (result.lines.empty()) {
    const std::size_t at = lower(text).find(lower(indicator.value));
    result.rule = "S1";
    result.lines.push_back(at == std::string::npos
                               ? "S1: nothing in the text has the shape of " +
                                     std::string(name_of(indicator.type)) + " " +
                                     indicator.value
                               : "S1: the value stands at byte " + std::to_string(at) +
                                     " only as a part of something longer");
  }
  return result;
}

}  // namespace spoor
