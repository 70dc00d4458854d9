#include "hunt/scan.h"

#include <algorithm>
#include <string_view>
#include <tuple>

#include "io/encoding.h"
#include "io/events.h"

namespace spoor {
namespace {

auto place(const Hit& hit) {
  return std::tuple(hit.offset, ~hit.length,
                    static_cast<int>(Grade::kExact) - static_cast<int>(hit.grade),
                    hit.indicator);
}

/// The first 4 KiB of an event, without its line end, out of bytes that begin with it.
std::string_view head_of(std::string_view bytes, TextEncoding encoding) {
  bytes = bytes.substr(0, kEventHeadBytes);
  const std::size_t line_end = next_line_end(bytes, 0, bytes.size(), encoding);
  return without_line_end(bytes.substr(0, line_end), encoding);
}

/// Walks over the lines or records of a chunk in step with hits that are ordered by offset.
class LineCursor {
 public:
  explicit LineCursor(const Chunk& chunk) : chunk_(chunk), line_(chunk.line) { find_end(); }

  /// Moves to the line that holds `offset`; never backwards.
  void move_to(std::size_t offset) {
    while (offset >= next_ && next_ < chunk_.text.size()) {
      // From line to line: each byte is looked at once for all hits together.
      begin_ = next_;
      ++line_;
      find_end();
    }
  }

  ScannedEvent event() const {
    const std::string_view text = chunk_.text;
    ScannedEvent event;
    event.begin = begin_;
    event.end = end_;
    if (const ChunkRecord* record = record_holding(chunk_, begin_)) {
      event.line = record->number;
      event.event_offset = record->offset;
      event.record_length = record->length;
      event.digest = xxh3_128(text.substr(begin_, std::min(end_ - begin_, kEventHeadBytes)));
      return event;
    }
    event.line = line_;
    const bool continues = begin_ == 0 && chunk_.continues_event;
    const bool cut = next_ == text.size() && !chunk_.cut_head.empty();
    event.event_offset = continues ? chunk_.event_offset : chunk_.offset + begin_;
    event.open = cut || next_ > text.size() - chunk_.shared_tail;
    std::string_view bytes = text.substr(begin_, next_ - begin_);
    if (cut) bytes = chunk_.cut_head;
    if (continues) bytes = chunk_.event_head;
    event.digest = event_digest(bytes, chunk_.encoding);
    return event;
  }

  std::size_t begin() const { return begin_; }

 private:
  void find_end() {
    const EventSpan span = event_from(chunk_, begin_);
    end_ = span.end;
    next_ = span.next;
  }

  const Chunk& chunk_;
  std::size_t begin_ = 0, end_ = 0;  // of the line, without its line end
  std::size_t next_ = 0;             // the next line's begin, or the text's end
  std::uint64_t line_;
};

}  // namespace

Digest128 event_digest(std::string_view bytes, TextEncoding encoding) {
  return xxh3_128(head_of(bytes, encoding));
}

bool says_more(const Hit& a, const Hit& b) {
  if (a.grade != b.grade) return a.grade > b.grade;
  if (a.offset != b.offset) return a.offset < b.offset;
  return a.length > b.length;
}

ScanResult scan_chunk(const Chunk& chunk, const ChunkFormats& formats, const Matcher& matcher,
                      Matcher::Scratch& scratch, Grade min_grade, ScanBuffers& buffers,
                      const HitFilter& keep) {
  ScanResult result;
  std::vector<Hit>& hits = buffers.hits;
  hits.clear();
  scan_raw(chunk, formats, matcher, scratch, buffers);
  read_fields(chunk, formats, matcher, scratch, buffers);
  // Of what two chunks show, each reports the half that it saw with both its sides
  // (io/chunk.cpp).
  const std::size_t first = chunk.overlap - chunk.overlap / 2;
  const std::size_t last = chunk.text.size() - chunk.shared_tail / 2;
  hits.erase(std::remove_if(hits.begin(), hits.end(),
                            [&](const Hit& hit) {
                              return hit.offset < first || hit.offset >= last ||
                                     hit.grade == Grade::kNone || (keep && !keep(hit));
                            }),
             hits.end());
  if (hits.empty()) return result;
  // The order of the matcher's contract; sorted input costs one comparison a hit.
  const auto by_place = [](const Hit& a, const Hit& b) { return place(a) < place(b); };
  if (!std::is_sorted(hits.begin(), hits.end(), by_place)) {
    std::sort(hits.begin(), hits.end(), by_place);
  }

  LineCursor line(chunk);
  for (std::size_t begin = 0; begin < hits.size();) {
    line.move_to(hits[begin].offset);
    const ScannedEvent event = line.event();
    std::size_t end = begin;
    for (; end < hits.size(); ++end) {
      line.move_to(hits[end].offset);
      if (line.begin() != event.begin) break;
    }
    // The best of each indicator of the event: sorted by indicator, best first, then the first
    // of each.
    const auto at = [&](std::size_t i) {
      return hits.begin() + static_cast<std::ptrdiff_t>(i);
    };
    std::sort(at(begin), at(end), [](const Hit& a, const Hit& b) {
      return a.indicator != b.indicator ? a.indicator < b.indicator : says_more(a, b);
    });
    const bool whole =
        !event.open && event.begin >= chunk.overlap && event.event_offset >= chunk.offset;
    const std::size_t old = result.candidates.size();
    for (std::size_t i = begin; i < end;) {
      std::size_t next = i + 1;
      while (next < end && hits[next].indicator == hits[i].indicator) ++next;
      if (whole && hits[i].grade < min_grade) {
        ++result.below[static_cast<std::size_t>(hits[i].grade)];
      } else {
        result.candidates.push_back(
            {hits[i], static_cast<std::uint32_t>(result.events.size()), next - i});
      }
      i = next;
    }
    if (result.candidates.size() > old) {
      result.events.push_back(event);
      std::sort(
          result.candidates.begin() + static_cast<std::ptrdiff_t>(old), result.candidates.end(),
          [](const Candidate& a, const Candidate& b) { return place(a.hit) < place(b.hit); });
    }
    begin = end;
  }
  return result;
}

}  // namespace spoor
