#include "match/fast.h"

#include <algorithm>

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

/// The lines that the sieve flags, through the rules.
void scan_fast(const ClaimIndex& index, const Sieve& sieve, std::string_view text,
               TextEncoding encoding, std::span<const FieldMark> fields,
               Sieve::Scratch& scratch, std::vector<Hit>& hits) {
  ExactPass pass(index, text, fields, nullptr);
  if (text.size() >= UINT32_MAX) {  // offsets of the sieve are 32 bits; chunks are a megabyte
    pass.run(encoding);
    return pass.append_to(hits);
  }
  const auto scan_decoded = [&](const View& view) {
    std::vector<std::uint32_t> flagged;
    Sieve::Scratch inner;
    sieve.scan(view.text, inner);
    std::sort(inner.flagged.begin(), inner.flagged.end());
    if (inner.flagged.empty()) return;
    std::size_t next = 0;
    pass.scan_decoded(view, [&](std::size_t begin, std::size_t end, bool& wanted) {
      while (next < inner.flagged.size() && inner.flagged[next] < begin) ++next;
      wanted = next < inner.flagged.size() && inner.flagged[next] <= end;
    });
  };
  if (encoding != TextEncoding::kBytes) {
    const auto kind =
        encoding == TextEncoding::kUtf16le ? ViewKind::kUtf16le : ViewKind::kUtf16be;
    scan_decoded(utf16_view(text, 0, text.size(), kind));
    return pass.append_to(hits);
  }

  sieve.scan(text, scratch);
  // Marks change what a token is: their lines are for the rules.
  for (const FieldMark& field : fields) {
    if (field.begin < text.size()) {
      for (std::size_t at = field.begin; at < std::min(field.end + 1, text.size());) {
        scratch.flagged.push_back(static_cast<std::uint32_t>(at));
        const std::size_t lf = text.find('\n', at);
        if (lf == std::string_view::npos) break;
        at = lf + 1;
      }
    }
  }
  std::sort(scratch.flagged.begin(), scratch.flagged.end());
  const auto line_begin = [&](std::size_t at) {
    const std::size_t lf = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    return lf == std::string_view::npos ? 0 : lf + 1;
  };
  const auto line_end = [&](std::size_t at) {
    return std::min(text.find('\n', at), text.size());
  };

  std::size_t done = 0;  // first byte after the last line that was scanned
  for (const std::uint32_t at : scratch.flagged) {
    if (at < done || at >= text.size()) continue;
    const std::size_t begin = line_begin(at);
    const std::size_t end = line_end(at);
    pass.scan_line(begin, end);
    done = end + 1;
  }
  // Lines that soft breaks join, as in ExactPass: a group ends with the first line that has
  // none.
  done = 0;
  for (const std::uint32_t at : scratch.soft_breaks) {
    if (at < done) continue;
    const std::size_t begin = line_begin(at);
    std::size_t end = line_end(at);
    while (end < text.size() && pass.ends_with_soft_break(line_begin(end), end)) {
      // A group that the text's end cuts keeps its last line end.
      end = end + 1 >= text.size() ? text.size() : line_end(end + 1);
    }
    done = end + 1;
    View joined;
    joined.text = text.substr(begin, std::min(end, text.size()) - begin);
    const auto decoded = decode(joined, ViewKind::kQp);
    if (decoded && sieve.could_match(decoded->text, decoded->chain))
      pass.scan_joined(begin, std::min(end, text.size()));
  }
  if (scratch.has_nul) {
    for (const Utf16Run& run : find_utf16_runs(text))
      scan_decoded(utf16_view(text, run.begin, run.end, run.kind));
  }
  pass.append_to(hits);
}

class FastMatcher final : public Matcher {
 public:
  FastMatcher(const ClaimIndex& index, const Sieve& sieve) : index_(&index), sieve_(sieve) {}

  std::unique_ptr<Scratch> make_scratch() const override {
    return std::make_unique<FastScratch>();
  }
  void scan(std::string_view text, TextEncoding encoding, std::span<const FieldMark> fields,
            Scratch& scratch, std::vector<Hit>& hits) const override {
    scan_fast(*index_, sieve_, text, encoding, fields, static_cast<FastScratch&>(scratch).sieve,
              hits);
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
  void scan(std::string_view text, TextEncoding encoding, std::span<const FieldMark> fields,
            Scratch& scratch, std::vector<Hit>& hits) const override {
    snapshot_->matcher().scan(text, encoding, fields, scratch, hits);
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
