#include "match/exact_pass.h"

#include <algorithm>
#include <cstring>

#include "match/byte_classes.h"

namespace spoor {

void ExactScan::run(const View& view, std::span<const FieldMark> fields, bool with_things) {
  view_ = &view;
  text_ = view.text;
  fields_ = fields;
  long_runs_.clear();
  number_runs_.clear();
  announced_.clear();
  ipv4_.clear();
  names_.clear();
  urls_.clear();
  innermost_.clear();
  targets_.clear();
  ipv6_ranges_.clear();
  cut_runs();
  cut_urls();
  cut_ipv4();
  cut_names();
  expect_hashes();
  index_.announce(announced_);
  match_urls();
  match_ipv6();
  match_ipv4();
  match_names();
  match_emails();
  match_hashes();
  match_colon_bytes();
  match_base64_digests();
  if (with_things) match_paths();
  match_cve();
  match_asn();
  match_wallets();
  match_user_agents();
  match_uris();
}

void ExactScan::cut_runs() {
  static constexpr ByteSet kLettersAndDigits = bytes_that(is_alnum);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (!holds(kLettersAndDigits, text_[i])) continue;
    const std::size_t begin = i;
    while (i < text_.size() && holds(kLettersAndDigits, text_[i])) ++i;
    const char first = to_lower(text_[begin]);
    if (i - begin >= kLongRun) long_runs_.push_back({begin, i});
    if ((first == 'a' && to_lower(at(begin + 1)) == 's') || (first == 'c' && i - begin == 3))
      number_runs_.push_back({begin, i});
  }
}

void ExactPass::run(TextEncoding encoding) {
  const auto all = [](std::size_t, std::size_t, bool&) {};
  if (encoding == TextEncoding::kBytes) {
    scan_lines();
    if (const auto plain = without_colours(text_)) scan_decoded(*plain, all);
    for (const Utf16Run& run : find_utf16_runs(text_))
      scan_decoded(utf16_view(text_, run.begin, run.end, run.kind), all);
  } else {
    const auto kind =
        encoding == TextEncoding::kUtf16le ? ViewKind::kUtf16le : ViewKind::kUtf16be;
    scan_decoded(utf16_view(text_, 0, text_.size(), kind), all);
  }
}

void ExactPass::append_to(std::vector<Hit>& hits) const {
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

/// Bytes: line by line; lines joined by soft breaks once more together, as quoted-printable.
void ExactPass::scan_lines() {
  std::size_t group = 0;  // first line of the soft-broken lines that end here
  bool joined = false;
  for (std::size_t at = 0; at < text_.size();) {
    const std::size_t lf = text_.find('\n', at);
    const std::size_t end = lf == std::string_view::npos ? text_.size() : lf;
    scan_line(at, end);
    const bool breaks = lf != std::string_view::npos && ends_with_soft_break(at, end);
    if (breaks && !joined) {
      group = at;
      joined = true;
    } else if (!breaks && joined) {
      scan_joined(group, end);
      joined = false;
    }
    at = end + 1;
  }
  if (joined) scan_joined(group, text_.size());
}

void ExactPass::scan_joined(std::size_t begin, std::size_t end) {
  if (auto view = decode(plain_view(text_, begin, end), ViewKind::kQp))
    scan_views(std::move(*view), begin);
}

bool ExactPass::ends_with_soft_break(std::size_t begin, std::size_t end) const {
  if (end > begin && text_[end - 1] == '\r') --end;
  return end > begin && text_[end - 1] == '=';
}

void ExactPass::scan_decoded(const View& view,
                             FunctionRef<void(std::size_t, std::size_t, bool&)> wanted) {
  std::size_t at = 0;
  while (at < view.text.size()) {
    std::size_t end = view.text.find('\n', at);
    if (end == std::string::npos) end = view.text.size();
    bool scan = true;
    wanted(at, end, scan);
    if (scan) {
      View line;
      line.chain = view.chain;
      line.text = view.text.substr(at, end - at);
      line.begin.assign(view.begin.begin() + static_cast<std::ptrdiff_t>(at),
                        view.begin.begin() + static_cast<std::ptrdiff_t>(end));
      line.end.assign(view.end.begin() + static_cast<std::ptrdiff_t>(at),
                      view.end.begin() + static_cast<std::ptrdiff_t>(end));
      scan_views(std::move(line), std::string_view::npos);
    }
    at = end + 1;
  }
}

/// One line, and every reading of it that its escapes allow (S3). `line_at`: where it begins
/// in the text, for field marks; npos: none.
void ExactPass::scan_views(View line, std::size_t line_at, bool with_things) {
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
    scan_view(views[i], here, i > 0 || with_things);
    if (views[i].chain.size() >= kMaxViewDepth) continue;
    for (const ViewKind kind : kLineViews) {
      if (views.size() >= kMaxViewsOfLine || !may_follow(views[i].chain, kind)) continue;
      auto child = decode(views[i], kind);
      if (!child) continue;
      const bool known = std::any_of(views.begin(), views.end(), [&](const View& other) {
        return other.text == child->text && other.begin == child->begin;
      });
      if (!known) views.push_back(std::move(*child));
    }
  }
}

bool ExactPass::may_follow(std::span<const ViewKind> chain, ViewKind kind) {
  if (std::count(chain.begin(), chain.end(), ViewKind::kDefang) > 0) return false;
  const std::ptrdiff_t limit = kind == ViewKind::kPercent || kind == ViewKind::kJson ? 2 : 1;
  return std::count(chain.begin(), chain.end(), kind) < limit;
}

void ExactPass::scan_view(const View& view, std::span<const FieldMark> fields,
                          bool with_things) {
  findings_.clear();
  refused_tokens_.clear();
  scan_.run(view, fields, with_things);
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
void ExactPass::keep(const Hit& hit) {
  const auto [place, fresh] = best_.try_emplace({hit.offset, hit.length, hit.indicator}, hit);
  if (fresh) return;
  Hit& known = place->second;
  if (hit.grade > known.grade ||
      (hit.grade == known.grade && hit.view_count < known.view_count))
    known = hit;
}

}  // namespace spoor
