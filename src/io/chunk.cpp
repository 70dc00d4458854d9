// Cuts the decoded bytes of one file into chunks. The idea: fill the buffer to the target, cut
// at the last line end before it, keep the rest for the next chunk; only a line that is longer
// than the target makes the buffer grow. All decisions look at bytes and never at how a read
// happened to return them, but for one: what is piped in by somebody who pauses is cut at the
// last line end that has come.
//
// An endless line is cut near the limit at the border of a token, and the next chunk begins up
// to 64 KiB before the cut:
//
//     chunk k      ....................................|
//     chunk k + 1                       |..............:......................
//                                       q       m       p      q..p: shown twice
//
// Whoever scans takes hits that begin before the middle m from chunk k and the others from
// chunk k + 1: each is then found once, by a scan that saw at least 32 KiB on both sides of its
// begin. Where the bytes before the limit are one token of more than 64 KiB, the token is
// dropped and tallied: no indicator is that long, and a piece of it could be mistaken for a
// whole token. A hole of a sparse file in such a line is passed over, and told. Memory: a chunk
// (at most limit + overlap) and what was read beyond it (at most the target). Tested by
// chunk_test.cpp; fuzz/fuzz_chunk.

#include <algorithm>

#include "base/ascii.h"
#include "io/bytes.h"
#include "io/encoding.h"
#include "io/records.h"

namespace spoor {
namespace {

constexpr std::size_t kReadBytes = 256 << 10;
constexpr std::size_t kDetectBytes = 64 << 10;
constexpr std::size_t kNone = std::string_view::npos;

/// Units that may stand within a token of any type (name, address, URL, path, hash, e-mail). A
/// soft break (CR, LF) counts as one: it joins the halves of a token.
bool is_token_unit(char32_t unit) {
  if (unit >= 0x80) return true;
  const char c = static_cast<char>(unit);
  return is_alnum(c) || c == '\n' || c == '\r' ||
         std::string_view("-_.%+@:/\\=&?#~").find(c) != kNone;
}

class Cutter final : public ChunkStream {
 public:
  Cutter(Decoded decoded, const StreamOptions& options, std::uint64_t read_before)
      : options_(options),
        target_(std::max<std::size_t>(options.chunk_bytes, 64) & ~std::size_t{1}),
        limit_(std::max(options.line_limit & ~std::size_t{1}, target_)),
        token_limit_(std::min(options.token_limit, limit_ / 2) & ~std::size_t{1}),
        source_(std::move(decoded.source)),
        decoders_(std::move(decoded.decoders)),
        undecoded_(std::move(decoded.undecoded)),
        raw_reason_(std::move(decoded.raw_reason)),
        read_before_(read_before) {}

  /// Goes on in the middle of a file: what its begin has said is known.
  void begin_at(const StreamStart& start) {
    offset_ = event_offset_ = start.offset;
    line_ = start.line;
    if (start.encoding) encoding_ = *start.encoding;
    encoding_known_ = start.encoding.has_value();
  }

  Result<bool> next(Chunk& chunk) override {
    // The memory of the chunk before serves again.
    spare_ = std::move(chunk.text);
    spare_.clear();
    chunk = Chunk{};
    if (!started_) {
      started_ = true;
      while (fill_until_quiet(rest_, kDetectBytes) && rest_.find('\n') == std::string::npos) {
      }
      // Looks at 64 KiB, whatever more was read.
      if (!encoding_known_) encoding_ = detect_encoding(rest_);
      unit_ = unit_bytes(encoding_);
      if (rest_.empty()) ended_ = true;
    }
    while (!ended_) {
      if (skipping_) drop_token();
      pass_hole();
      if (cut_next(chunk)) return true;
    }
    return end_of_stream(skips());
  }

  const StreamCounters& counters() const override { return counters_; }

  std::string decoders() const override { return joined_names(decoders_); }

  std::vector<Skip> skips() const override {
    std::vector<Skip> all;
    source_->problems(all);
    const auto add = [&](std::string reason, std::uint64_t bytes) {
      Skip skip;
      skip.reason = std::move(reason);
      skip.bytes = bytes;
      skip.incomplete = true;
      all.push_back(std::move(skip));
    };
    if (counters_.bytes_skipped > hole_bytes_) {
      add("tokens of more than " + std::to_string(token_limit_) +
              " bytes in lines of more than " + std::to_string(limit_),
          counters_.bytes_skipped - hole_bytes_);
    }
    if (hole_bytes_ > 0) {
      Skip skip;
      skip.reason = "zeros in holes of a sparse file, passed over";
      skip.bytes = hole_bytes_;
      all.push_back(std::move(skip));
    }
    if (!undecoded_.empty()) {
      add("is compressed with " + undecoded_ + ", not decoded: only its raw bytes were scanned",
          0);
    }
    if (!raw_reason_.empty()) add(raw_reason_, 0);
    return all;
  }

 private:
  /// Reads until `text`, which begins with rest_, holds `want` bytes or all that are left.
  void fill(std::string& text, std::size_t want) { fill(text, want, false); }

  /// The same, but true before that where bytes have come and who writes has paused: what a
  /// person pipes into the program is looked at as it comes.
  bool fill_until_quiet(std::string& text, std::size_t want) { return fill(text, want, true); }

  bool fill(std::string& text, std::size_t want, bool may_pause) {
    while (text.size() < want && !eof_) {
      if (may_pause && !text.empty() && source_->is_quiet()) return true;
      const std::size_t old = text.size();
      const std::size_t step = std::min(want - old, kReadBytes);
      text.resize(old + step);
      const std::size_t count = source_->read(text.data() + old, step);
      text.resize(old + count);
      // While they are in the cache.
      held_ends_ += count_line_ends(std::string_view(text).substr(old), TextEncoding::kBytes);
      counters_.bytes_decoded += count;
      counters_.bytes_read = source_->bytes_read() - read_before_;
      if (count == 0) eof_ = true;
    }
    return false;
  }

  /// Whether the line end just before `end` is a quoted-printable soft break.
  bool is_soft_break(std::string_view text, std::size_t end) const {
    std::size_t at = end - unit_;
    const auto before = [&](char32_t unit) {
      return at >= unit_ && unit_at(text, at - unit_, encoding_) == unit;
    };
    if (before('\r')) at -= unit_;
    return before('=');
  }

  std::size_t last_cut(std::string_view text, std::size_t from, std::size_t to) const {
    for (;;) {
      const std::size_t end = last_line_end(text, from, to, encoding_);
      if (end == kNone || !is_soft_break(text, end)) return end;
      to = end - unit_;
      if (to < from) return kNone;
    }
  }

  std::size_t first_cut(std::string_view text, std::size_t from, std::size_t to) const {
    for (;;) {
      const std::size_t end = next_line_end(text, from, to, encoding_);
      if (end == kNone || !is_soft_break(text, end)) return end;
      from = end;
    }
  }

  /// The last place in (from, to] with a blank before it, else with another unit that no token
  /// holds.
  std::size_t last_border(std::string_view text, std::size_t from, std::size_t to) const {
    std::size_t other = kNone;
    for (std::size_t at = to; at > from; at -= unit_) {
      const char32_t unit = unit_at(text, at - unit_, encoding_);
      if (unit == ' ' || unit == '\t') return at;
      if (other == kNone && !is_token_unit(unit)) other = at;
    }
    return other;
  }

  /// rest_, with room for `want` bytes in all where that many may come.
  std::string take_rest(std::size_t want) {
    if (spare_.capacity() <= rest_.capacity()) {
      spare_ = std::move(rest_);
    } else {
      spare_.assign(rest_);
    }
    rest_ = std::string();
    if (!eof_) spare_.reserve(want);
    return std::move(spare_);
  }

  /// Cuts one chunk off the front of rest_. False where there was nothing to deliver yet.
  bool cut_next(Chunk& chunk) {
    const std::size_t target = overlap_ + target_;
    const std::size_t limit = overlap_ + limit_;
    std::string text = take_rest(target + unit_);
    while (fill_until_quiet(text, target + unit_)) {
      const std::size_t end = last_cut(text, overlap_, text.size());
      if (end == kNone) continue;
      deliver(chunk, std::move(text), end, end);
      return true;
    }
    if (text.size() <= target) return deliver_last(chunk, std::move(text));

    std::size_t cut = last_cut(text, overlap_, target);
    // No line end before the target: the line grows until it ends or meets the limit. Each byte
    // is looked at once.
    for (std::size_t looked = target; cut == kNone;) {
      cut = first_cut(text, looked, std::min(text.size(), limit));
      if (cut != kNone) break;
      if (text.size() > limit) return cut_endless(chunk, std::move(text), limit);
      if (eof_) return deliver_last(chunk, std::move(text));
      // A unit of UTF-16 may be half read.
      looked = text.size() - text.size() % unit_;
      fill(text, std::min(text.size() + target_, limit + unit_));
    }
    fill(text, cut + 1);
    if (text.size() == cut) return deliver_last(chunk, std::move(text));
    deliver(chunk, std::move(text), cut, cut);
    return true;
  }

  bool cut_endless(Chunk& chunk, std::string text, std::size_t limit) {
    const std::size_t cut = last_border(text, std::max(limit - token_limit_, overlap_), limit);
    if (cut != kNone) {
      // At most half of what is new, so that every chunk shows something new.
      const std::size_t shared =
          std::min(options_.overlap, (cut - overlap_) / 2) & ~std::size_t{1};
      std::size_t begin = cut - shared;
      for (std::size_t at = begin + unit_; at <= begin + shared / 2; at += unit_) {
        if (is_token_unit(unit_at(text, at - unit_, encoding_))) continue;
        begin = at;
        break;
      }
      deliver(chunk, std::move(text), cut, begin);
      return true;
    }
    // One token fills the end. It begins at a border, or where the text does (a line's begin,
    // or the cut before).
    std::size_t begin = last_border_before_token(text, limit - token_limit_);
    if (begin == kNone) begin = overlap_;
    skipping_ = true;
    if (begin > 0) {
      deliver(chunk, std::move(text), begin, begin);
      return true;
    }
    advance(text, 0, 0);
    rest_ = std::move(text);
    return false;
  }

  /// The last border in (overlap_, to], blank or not.
  std::size_t last_border_before_token(std::string_view text, std::size_t to) const {
    for (std::size_t at = to; at > overlap_; at -= unit_) {
      if (!is_token_unit(unit_at(text, at - unit_, encoding_))) return at;
    }
    return kNone;
  }

  bool deliver_last(Chunk& chunk, std::string text) {
    const std::size_t end = text.size();
    const std::size_t line_end = last_line_end(text, 0, end, encoding_);
    const bool partial = text.empty() ? event_offset_ != offset_ : line_end != end;
    if (partial) ++counters_.lines;
    // A buffer for a whole chunk, of which a read touched 256 KiB: thousands of small files may
    // wait for their turn at once.
    if (text.capacity() / 4 > end) text.shrink_to_fit();
    deliver(chunk, std::move(text), end, end);
    chunk.ends_stream = true;
    chunk.cut_head.clear();
    ended_ = true;
    return true;
  }

  /// Delivers text[0, cut); the next chunk begins at `next`.
  void deliver(Chunk& chunk, std::string text, std::size_t cut, std::size_t next) {
    chunk.offset = offset_;
    chunk.line = line_;
    chunk.modified = source_->modified();
    chunk.encoding = encoding_;
    chunk.continues_event = event_offset_ != offset_;
    chunk.event_offset = event_offset_;
    if (chunk.continues_event) chunk.event_head = event_head_;
    chunk.overlap = overlap_;
    chunk.shared_tail = cut - next;
    const std::string_view all = text;
    const std::string_view shown = all.substr(0, cut);
    const std::size_t passed = line_ends_before(all, next);
    counters_.lines += passed + count_line_ends(shown.substr(next), encoding_) -
                       count_line_ends(shown.substr(0, overlap_), encoding_);
    const std::size_t line_end = last_line_end(text, 0, cut, encoding_);
    if (line_end != cut) {
      const std::size_t begin = line_end == kNone ? 0 : line_end;
      fill(text, begin + kEventHeadBytes);
      chunk.cut_head = line_end == kNone && chunk.continues_event
                           ? event_head_
                           : text.substr(begin, kEventHeadBytes);
    }
    advance(text, next, passed);
    rest_.assign(text, next);
    held_ends_ = count_line_ends(rest_, TextEncoding::kBytes);
    text.resize(cut);
    chunk.text = std::move(text);
    overlap_ = cut - next;
  }

  /// How many line ends stand before text[next] of what is held: all less those behind, which
  /// are few. (Read at any byte, a unit of UTF-16 is not whole: there they are counted here.)
  std::size_t line_ends_before(std::string_view text, std::size_t next) const {
    if (encoding_ != TextEncoding::kBytes)
      return count_line_ends(text.substr(0, next), encoding_);
    return held_ends_ - count_line_ends(text.substr(next), encoding_);
  }

  /// Moves the place, the line and the event to text[next], before which `line_ends` line ends
  /// stand.
  void advance(const std::string& text, std::size_t next, std::size_t line_ends) {
    const std::size_t line_end = last_line_end(text, 0, next, encoding_);
    if (line_end != kNone) {
      event_head_ = text.substr(line_end, kEventHeadBytes);
      event_offset_ = offset_ + line_end;
    } else if (event_offset_ == offset_) {
      event_head_ = text.substr(0, kEventHeadBytes);
    }
    line_ += line_ends;
    offset_ += next;
  }

  /// Passes over the over-long token that rest_ begins with.
  void drop_token() {
    skipping_ = false;
    overlap_ = 0;
    char32_t before = 0, before_that = 0;
    bool new_event = false;  // a soft break was passed: the head of the line is to be gathered
    for (;;) {
      std::size_t at = 0;
      bool border = false;
      for (; at + unit_ <= rest_.size(); at += unit_) {
        const char32_t unit = unit_at(rest_, at, encoding_);
        if (unit == '\n') {
          border = before != '=' && !(before == '\r' && before_that == '=');
          if (border) break;
          ++line_;
          ++counters_.lines;
          event_offset_ = offset_ + at + unit_;
          event_head_.clear();
          new_event = true;
        } else if (!is_token_unit(unit)) {
          border = true;
          break;
        } else if (new_event && event_head_.size() < kEventHeadBytes) {
          event_head_.append(rest_, at, unit_);
        }
        before_that = before;
        before = unit;
      }
      offset_ += at;
      counters_.bytes_skipped += at;
      rest_.erase(0, at);
      held_ends_ = count_line_ends(rest_, TextEncoding::kBytes);
      if (border) {
        if (new_event && event_head_.size() < kEventHeadBytes) {
          const std::size_t missing = kEventHeadBytes - event_head_.size();
          fill(rest_, missing);
          event_head_.append(rest_, 0, missing);
        }
        return;
      }
      const std::size_t old = rest_.size();
      fill(rest_, old + kReadBytes);
      if (rest_.size() == old) return;
    }
  }

  /// Where an endless line is in the midst of zeros: passes over the hole of a sparse file that
  /// they come from. What was shown of them stands on both sides, so that nothing is joined
  /// that the hole keeps apart.
  void pass_hole() {
    if (event_offset_ == offset_ || eof_ || rest_.find_first_not_of('\0') != kNone) return;
    const std::uint64_t hole = source_->hole() & ~std::uint64_t{1};
    if (hole <= limit_) return;
    source_->pass_hole(hole);
    offset_ += hole;
    hole_bytes_ += hole;
    counters_.bytes_decoded += hole;
    counters_.bytes_skipped += hole;
  }

  StreamOptions options_;
  std::size_t target_;
  std::size_t limit_;
  std::size_t token_limit_;
  std::unique_ptr<ByteSource> source_;
  std::vector<std::string> decoders_;
  std::string undecoded_, raw_reason_;
  std::uint64_t read_before_;
  StreamCounters counters_;

  std::string spare_;          // memory
  std::size_t held_ends_ = 0;  // bytes LF in rest_ and what was read behind it
  std::string rest_;  // not delivered yet, from offset_ on; its first overlap_ bytes were
  std::uint64_t offset_ = 0;  // of rest_[0] in the decoded stream
  std::uint64_t line_ = 1;    // number of the line that rest_[0] lies in
  std::size_t overlap_ = 0;
  std::uint64_t event_offset_ = 0;  // first byte of the event that rest_[0] lies in
  std::string event_head_;          // its first 4 KiB where it began before rest_[0]
  TextEncoding encoding_ = TextEncoding::kBytes;
  std::size_t unit_ = 1;
  std::uint64_t hole_bytes_ = 0;  // passed over
  bool encoding_known_ = false, started_ = false, eof_ = false, ended_ = false,
       skipping_ = false;
};

}  // namespace

std::unique_ptr<ChunkStream> chunk_stream(Decoded decoded, const StreamOptions& options,
                                          std::uint64_t read_before) {
  const std::string head = look_ahead(decoded.source, kRecordHeadBytes);
  if (const RecordForm* form = record_form(head)) {
    if (form->wants_seek && !decoded.source->size())
      decoded.source = kept_source(std::move(decoded.source), options.archive_memory);
    if (!form->wants_seek || (decoded.source->size() && decoded.source->seek(0)))
      return record_stream(*form, std::move(decoded), options, read_before);
    decoded.raw_reason = "is a " + std::string(form->name) + " of more than " +
                         std::to_string(options.archive_memory) +
                         " bytes inside another file: only its raw bytes were scanned";
  }
  return std::make_unique<Cutter>(std::move(decoded), options, read_before);
}

std::unique_ptr<ChunkStream> chunk_stream_from(std::unique_ptr<ByteSource> source,
                                               const StreamOptions& options,
                                               const StreamStart& start) {
  Decoded decoded;
  const std::uint64_t read_before = source->bytes_read();
  decoded.source = std::move(source);
  auto cutter = std::make_unique<Cutter>(std::move(decoded), options, read_before);
  cutter->begin_at(start);
  return cutter;
}

Result<std::unique_ptr<ChunkStream>> open_stream(const InputFile& file,
                                                 const StreamOptions& options) {
  auto source = file_source(file, options.stop);
  if (!source) return fail(source.error());
  return chunk_stream(
      decode(std::move(*source), std::make_shared<Budget>(options), options.helpers), options);
}

std::unique_ptr<ChunkStream> open_memory(std::string bytes, const StreamOptions& options) {
  return chunk_stream(decode(memory_source(std::move(bytes)), std::make_shared<Budget>(options),
                             options.helpers),
                      options);
}

}  // namespace spoor
