#include "match/exact.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <tuple>

#include "base/ascii.h"
#include "match/exact_scan.h"
#include "match/views.h"

namespace spoor {

void ExactScan::run() {
  cut_urls();
  match_urls();
  match_ipv6();
  match_ipv4();
  match_names();
  match_hashes();
  match_colon_bytes();
  match_base64_digests();
  match_paths();
  match_cve();
  match_asn();
  match_wallets();
  match_user_agents();
  match_uris();
}

namespace {

constexpr std::size_t kMaxDepth = 4;  // views on one another
constexpr std::size_t kMaxViews =
    48;  // readings of one line; a line of nested escapes must end somewhere

/// A refused token in coordinates of the scanned text.
struct RefusedAt {
  std::size_t offset, length;
  std::string rule, why, views;
};

/// The scan of one text: every line through every view, the findings of one place put together.
class ExactPass {
 public:
  ExactPass(const ExactIndex& index, std::string_view text, std::span<const FieldMark> fields,
            std::vector<RefusedAt>* refused)
      : index_(index), text_(text), fields_(fields), refused_(refused) {}

  void run(TextEncoding encoding) {
    if (encoding == TextEncoding::kBytes) {
      scan_lines();
      for (const Utf16Run& run : find_utf16_runs(text_))
        scan_decoded(utf16_view(text_, run.begin, run.end, run.kind));
    } else {
      const auto kind =
          encoding == TextEncoding::kUtf16le ? ViewKind::kUtf16le : ViewKind::kUtf16be;
      scan_decoded(utf16_view(text_, 0, text_.size(), kind));
    }
  }

  void append_to(std::vector<Hit>& hits) const {
    const std::size_t first = hits.size();
    for (const auto& [key, hit] : best_) hits.push_back(hit);
    std::sort(hits.begin() + static_cast<std::ptrdiff_t>(first), hits.end(),
              [](const Hit& a, const Hit& b) {
                if (a.offset != b.offset) return a.offset < b.offset;
                if (a.length != b.length) return a.length > b.length;
                if (a.grade != b.grade) return a.grade > b.grade;
                if (a.prefix != b.prefix) return a.prefix > b.prefix;
                return a.indicator < b.indicator;
              });
  }

 private:
  /// Bytes: line by line; lines joined by soft breaks once more together, as quoted-printable.
  void scan_lines() {
    std::size_t group = 0;  // first line of the soft-broken lines that end here
    bool joined = false;
    for (std::size_t at = 0; at < text_.size();) {
      const std::size_t lf = text_.find('\n', at);
      const std::size_t end = lf == std::string_view::npos ? text_.size() : lf;
      scan_views(plain_view(text_, at, end), at);
      const bool breaks = lf != std::string_view::npos && ends_with_soft_break(at, end);
      if (breaks && !joined) {
        group = at;
        joined = true;
      } else if (!breaks && joined) {
        if (auto view = decode(plain_view(text_, group, end), ViewKind::kQp))
          scan_views(std::move(*view), group);
        joined = false;
      }
      at = end + 1;
    }
    if (joined) {
      if (auto view = decode(plain_view(text_, group, text_.size()), ViewKind::kQp))
        scan_views(std::move(*view), group);
    }
  }

  bool ends_with_soft_break(std::size_t begin, std::size_t end) const {
    if (end > begin && text_[end - 1] == '\r') --end;
    return end > begin && text_[end - 1] == '=';
  }

  /// A decoded text of its own lines.
  void scan_decoded(const View& view) {
    std::size_t at = 0;
    while (at < view.text.size()) {
      std::size_t end = view.text.find('\n', at);
      if (end == std::string::npos) end = view.text.size();
      View line;
      line.chain = view.chain;
      line.text = view.text.substr(at, end - at);
      line.begin.assign(view.begin.begin() + static_cast<std::ptrdiff_t>(at),
                        view.begin.begin() + static_cast<std::ptrdiff_t>(end));
      line.end.assign(view.end.begin() + static_cast<std::ptrdiff_t>(at),
                      view.end.begin() + static_cast<std::ptrdiff_t>(end));
      scan_views(std::move(line), std::string_view::npos);
      at = end + 1;
    }
  }

  /// One line, and every reading of it that its escapes allow (S3). `line_at`: where it begins
  /// in the text, for field marks; npos: none.
  void scan_views(View line, std::size_t line_at) {
    std::vector<View> views;
    views.push_back(std::move(line));
    const bool marks =
        line_at != std::string_view::npos && views.front().chain.empty() && !fields_.empty();
    for (std::size_t i = 0; i < views.size(); ++i) {
      std::vector<FieldMark> here;
      if (i == 0 && marks) {
        const std::size_t size = views[0].text.size();
        for (FieldMark field : fields_) {
          if (field.begin < line_at || field.end > line_at + size) continue;
          field.begin -= line_at;
          field.end -= line_at;
          here.push_back(field);
        }
      }
      scan_view(views[i], here);
      if (views[i].chain.size() >= kMaxDepth) continue;
      for (const ViewKind kind :
           {ViewKind::kJson, ViewKind::kEscape, ViewKind::kHtml, ViewKind::kPercent,
            ViewKind::kQp, ViewKind::kDns, ViewKind::kDefang}) {
        if (views.size() >= kMaxViews || !may_follow(views[i], kind)) continue;
        auto child = decode(views[i], kind);
        if (!child) continue;
        const bool known = std::any_of(views.begin(), views.end(), [&](const View& other) {
          return other.text == child->text && other.begin == child->begin;
        });
        if (!known) views.push_back(std::move(*child));
      }
    }
  }

  /// Two rounds of percent and of JSON; one of each other; after defang, which people write
  /// last, nothing.
  static bool may_follow(const View& view, ViewKind kind) {
    if (view.count(ViewKind::kDefang) > 0) return false;
    const std::size_t limit = kind == ViewKind::kPercent || kind == ViewKind::kJson ? 2 : 1;
    return view.count(kind) < limit;
  }

  void scan_view(const View& view, std::span<const FieldMark> fields) {
    findings_.clear();
    refused_tokens_.clear();
    ExactScan(index_, view, fields, findings_, refused_ != nullptr ? &refused_tokens_ : nullptr)
        .run();
    const bool defanged = view.count(ViewKind::kDefang) > 0;
    for (const Finding& finding : findings_) {
      Hit hit;
      hit.offset = view.source_begin(finding.begin);
      hit.length = view.source_end(finding.end) - hit.offset;
      hit.indicator = IndicatorIndex{finding.indicator};
      hit.grade = finding.grade;
      hit.prefix = finding.prefix;
      const char* rule = finding.rule;
      if (defanged && hit.grade > Grade::kMention) {
        hit.grade = Grade::kMention;
        rule = "X1";
      }
      std::strncpy(hit.rule, rule, sizeof hit.rule - 1);
      hit.view_count = static_cast<std::uint8_t>(std::min(view.chain.size(), Hit::kMaxViews));
      std::copy_n(view.chain.begin(), hit.view_count, hit.views);
      keep(hit);
    }
    if (refused_ != nullptr) {
      std::string names;
      for (const ViewKind kind : view.chain)
        names += (names.empty() ? "" : ",") + std::string(name_of(kind));
      for (const RefusedToken& token : refused_tokens_) {
        if (token.end <= token.begin) continue;
        const std::size_t offset = view.source_begin(token.begin);
        refused_->push_back(
            {offset, view.source_end(token.end) - offset, token.rule, token.why, names});
      }
    }
  }

  /// Of several readings of one place the strongest counts, then the one with fewer views.
  void keep(const Hit& hit) {
    const auto [place, fresh] = best_.try_emplace({hit.offset, hit.length, hit.indicator}, hit);
    if (fresh) return;
    Hit& known = place->second;
    if (hit.grade > known.grade ||
        (hit.grade == known.grade && hit.view_count < known.view_count))
      known = hit;
  }

  const ExactIndex& index_;
  std::string_view text_;
  std::span<const FieldMark> fields_;
  std::vector<RefusedAt>* refused_;
  std::map<std::tuple<std::size_t, std::size_t, IndicatorIndex>, Hit> best_;
  std::vector<Finding> findings_;
  std::vector<RefusedToken> refused_tokens_;
};

class ExactMatcher final : public Matcher {
 public:
  explicit ExactMatcher(const std::vector<Observable>& indicators) : index_(indicators) {}

  std::unique_ptr<Scratch> make_scratch() const override { return std::make_unique<Scratch>(); }

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

Explanation explain(const Observable& indicator, std::string_view text, TextEncoding encoding) {
  Explanation result;
  if (row_of(indicator.type).matching == Matching::kRule) {
    result.rule = "S2";
    result.lines.push_back("S2: " + std::string(name_of(indicator.type)) +
                           " is kept and exported, never matched as text");
    return result;
  }
  const ExactIndex index({indicator});
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
