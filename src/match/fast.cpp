#include "match/fast.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "match/exact_pass.h"
#include "match/sieve.h"
#include "match/snapshot.h"

namespace spoor {
namespace {

class FastScratch final : public Matcher::Scratch {
 public:
  Sieve::Scratch sieve;
};

/// One text: the lines that the sieve flags, through the rules.
class FastPass {
 public:
  FastPass(const ClaimIndex& index, const Sieve& sieve, std::string_view text,
           std::span<const FieldMark> fields, Sieve::Scratch& scratch)
      : sieve_(sieve),
        text_(text),
        fields_(fields),
        scratch_(scratch),
        rules_(index, text, fields, nullptr) {}

  void run(TextEncoding encoding, std::vector<Hit>& hits) {
    if (text_.size() >= UINT32_MAX) {  // the sieve's offsets are 32 bits; chunks are a megabyte
      rules_.run(encoding);
    } else if (encoding == TextEncoding::kBytes) {
      sieve_.scan(text_, scratch_);
      scan_lines();
      scan_joined();
      if (scratch_.has_escape) {
        if (const auto plain = without_colours(text_)) scan_decoded(*plain);
      }
      if (scratch_.has_nul) {
        for (const Utf16Run& run : find_utf16_runs(text_))
          scan_decoded(utf16_view(text_, run.begin, run.end, run.kind));
      }
    } else {
      const auto kind =
          encoding == TextEncoding::kUtf16le ? ViewKind::kUtf16le : ViewKind::kUtf16be;
      scan_decoded(utf16_view(text_, 0, text_.size(), kind));
    }
    rules_.append_to(hits);
  }

 private:
  void scan_lines() {
    flag_marked_lines();
    std::sort(scratch_.flagged.begin(), scratch_.flagged.end());
    std::sort(scratch_.things.begin(), scratch_.things.end());
    auto thing = scratch_.things.begin();
    std::size_t done = 0;  // first byte after the last line that was scanned
    for (const std::uint32_t at : scratch_.flagged) {
      if (at < done || at >= text_.size()) continue;
      const std::size_t begin = line_begin(at), end = line_end(at);
      while (thing != scratch_.things.end() && *thing < begin) ++thing;
      rules_.scan_line(begin, end, thing != scratch_.things.end() && *thing <= end);
      done = end + 1;
    }
  }

  /// Marks change what a token is: their lines are for the rules.
  void flag_marked_lines() {
    for (const FieldMark& field : fields_) {
      const std::size_t stop = std::min(field.end + 1, text_.size());
      for (std::size_t at = field.begin; at < stop; at = line_end(at) + 1) {
        scratch_.flagged.push_back(static_cast<std::uint32_t>(at));
        scratch_.things.push_back(static_cast<std::uint32_t>(at));
      }
    }
  }

  /// Lines that soft breaks join, as in ExactPass: a group ends with the first line that has
  /// none; one that the text's end cuts keeps its last line end.
  void scan_joined() {
    std::size_t done = 0;
    for (const std::uint32_t at : scratch_.soft_breaks) {
      if (at < done) continue;
      const std::size_t begin = line_begin(at);
      std::size_t end = line_end(at);
      while (end < text_.size() && rules_.ends_with_soft_break(line_begin(end), end))
        end = end + 1 >= text_.size() ? text_.size() : line_end(end + 1);
      done = end + 1;
      View joined;
      joined.text = text_.substr(begin, end - begin);
      const auto decoded = decode(joined, ViewKind::kQp);
      if (decoded && sieve_.could_match(decoded->text, decoded->chain))
        rules_.scan_joined(begin, end);
    }
  }

  void scan_decoded(const View& view) {
    Sieve::Scratch inner;
    sieve_.scan(view.text, inner);
    std::sort(inner.flagged.begin(), inner.flagged.end());
    if (inner.flagged.empty()) return;
    auto next = inner.flagged.begin();
    rules_.scan_decoded(view, [&](std::size_t begin, std::size_t end, bool& wanted) {
      while (next != inner.flagged.end() && *next < begin) ++next;
      wanted = next != inner.flagged.end() && *next <= end;
    });
  }

  std::size_t line_begin(std::size_t at) const {
    const std::size_t lf = at == 0 ? std::string_view::npos : text_.rfind('\n', at - 1);
    return lf == std::string_view::npos ? 0 : lf + 1;
  }
  std::size_t line_end(std::size_t at) const {
    return std::min(text_.find('\n', at), text_.size());
  }

  const Sieve& sieve_;
  std::string_view text_;
  std::span<const FieldMark> fields_;
  Sieve::Scratch& scratch_;
  ExactPass rules_;
};

class FastMatcher final : public Matcher {
 public:
  FastMatcher(const ClaimIndex& index, const Sieve& sieve) : index_(&index), sieve_(sieve) {}

  std::unique_ptr<Scratch> make_scratch() const override {
    return std::make_unique<FastScratch>();
  }
  bool has(IndicatorType type) const override { return index_->has(type); }
  void scan(std::string_view text, TextEncoding encoding, std::span<const FieldMark> fields,
            Scratch& scratch, std::vector<Hit>& hits) const override {
    FastPass(*index_, sieve_, text, fields, static_cast<FastScratch&>(scratch).sieve)
        .run(encoding, hits);
  }
  bool scan_for_hosts(std::string_view text, TextEncoding encoding, Scratch& scratch,
                      std::vector<Hit>& hits,
                      std::vector<std::uint32_t>& hosts) const override {
    Sieve::Scratch& seen = static_cast<FastScratch&>(scratch).sieve;
    const bool is_read = encoding == TextEncoding::kBytes && text.size() < UINT32_MAX;
    seen.wants_hosts = is_read && sieve_.knows_hosts();
    scan(text, encoding, {}, scratch, hits);
    hosts.clear();
    // Columns with colours or in UTF-16 are not what the sieve has seen.
    if (!std::exchange(seen.wants_hosts, false) || seen.has_escape || seen.has_nul)
      return false;
    hosts = seen.hosts;
    hosts.insert(hosts.end(), seen.flagged.begin(), seen.flagged.end());
    std::sort(hosts.begin(), hosts.end());
    return true;
  }

 private:
  const ClaimIndex* index_;
  Sieve sieve_;
};

/// With a snapshot of its own, in memory.
class OwningMatcher final : public Matcher {
 public:
  explicit OwningMatcher(const std::vector<Observable>& indicators) {
    SnapshotBuilder builder;
    for (std::size_t i = 0; i < indicators.size(); ++i)
      builder.add(static_cast<std::int64_t>(i), indicators[i]);
    auto bytes = builder.finish({}, 1);
    SPOOR_CHECK(bytes.has_value());
    auto snapshot = Snapshot::from_bytes(*std::move(bytes));
    SPOOR_CHECK(snapshot.has_value());
    snapshot_ = *std::move(snapshot);
  }

  std::unique_ptr<Scratch> make_scratch() const override {
    return snapshot_->matcher().make_scratch();
  }
  bool has(IndicatorType type) const override { return snapshot_->matcher().has(type); }
  void scan(std::string_view text, TextEncoding encoding, std::span<const FieldMark> fields,
            Scratch& scratch, std::vector<Hit>& hits) const override {
    snapshot_->matcher().scan(text, encoding, fields, scratch, hits);
  }
  bool scan_for_hosts(std::string_view text, TextEncoding encoding, Scratch& scratch,
                      std::vector<Hit>& hits,
                      std::vector<std::uint32_t>& hosts) const override {
    return snapshot_->matcher().scan_for_hosts(text, encoding, scratch, hits, hosts);
  }

 private:
  std::unique_ptr<const Snapshot> snapshot_;
};

}  // namespace

std::unique_ptr<const Matcher> make_fast_matcher(const std::vector<Observable>& indicators) {
  return std::make_unique<OwningMatcher>(indicators);
}

std::unique_ptr<const Matcher> make_fast_matcher(const ClaimIndex& index, const Sieve& sieve) {
  return std::make_unique<FastMatcher>(index, sieve);
}

}  // namespace spoor
