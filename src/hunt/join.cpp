#include "hunt/join.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "io/encoding.h"
#include "io/events.h"
#include "logs/json_walk.h"

namespace spoor {
namespace {

using Kind = JoinedText::Kind;

// Marked lines go to the slow rules: a record with more than this stays as the raw pass saw it.
constexpr std::size_t kMostMarks = 64;
constexpr std::size_t kMarkedBytes = 256 << 10;

bool has_rule(const Hit& hit, std::string_view rule) {
  return std::string_view(hit.rule) == rule;
}

/// Reads the lines of one chunk.
class FieldReader {
 public:
  FieldReader(const Chunk& chunk, const ChunkFormats& formats, const Matcher& matcher,
              Matcher::Scratch& scratch, ScanBuffers& buffers)
      : chunk_(chunk),
        text_(chunk.text),
        formats_(formats),
        matcher_(matcher),
        scratch_(scratch),
        buffers_(buffers),
        joins_urls_(matcher.has(IndicatorType::kUrl)),
        joins_agents_(matcher.has(IndicatorType::kUserAgent)),
        joins_named_lines_(buffers.knows_hosts && !joins_agents_) {}

  void run() {
    buffers_.joined.clear();
    // Reading every line costs several times what the raw pass does: only for what joined
    // columns could be.
    const bool joins_addresses = &formats_.known() == &kTcpdumpFormat;
    if (formats_.known().may_join != nullptr &&
        (joins_urls_ || joins_agents_ || joins_addresses)) {
      if (joins_named_lines_ && !joins_addresses) {
        join_named_lines();
      } else {
        join_every_line();
      }
    }
    std::vector<Hit>& hits = buffers_.hits;
    if (!hits.empty()) {
      std::sort(hits.begin(), hits.end(),
                [](const Hit& a, const Hit& b) { return a.offset < b.offset; });
      const std::size_t raw = hits.size();
      read_hit_lines();
      drop_refuted(raw);
    }
    if (!buffers_.joined.empty()) scan_joined();
  }

 private:
  using Line = EventSpan;  // or a record

  Line line_at(std::size_t begin) const { return event_from(chunk_, begin); }

  /// Whether the chunk shows all of it.
  bool is_whole(const Line& line) const {
    if (line.begin == 0 && (chunk_.continues_event || chunk_.overlap > 0)) return false;
    return line.next < text_.size() || (chunk_.cut_head.empty() && chunk_.shared_tail == 0);
  }

  /// The line's text as UTF-8; `decoded` keeps it where it had to be made.
  std::string_view bytes_of(const Line& line, std::string& decoded) const {
    const std::string_view bytes = text_.substr(line.begin, line.end - line.begin);
    if (chunk_.encoding == TextEncoding::kBytes) return bytes;
    decoded = to_utf8(bytes, chunk_.encoding);
    return decoded;
  }

  void join_every_line() {
    for (std::size_t at = 0; at < text_.size();) {
      const Line line = line_at(at);
      at = line.next;
      join_line(line);
    }
  }

  /// The lines with the host of a URL, or a backslash.
  void join_named_lines() {
    auto host = buffers_.hosts.begin();
    std::size_t backslash = std::min(text_.find('\\'), text_.size());
    for (std::size_t done = 0;;) {
      if (backslash < done) backslash = std::min(text_.find('\\', done), text_.size());
      while (host != buffers_.hosts.end() && *host < done) ++host;
      const std::size_t next =
          host == buffers_.hosts.end() ? backslash : std::min<std::size_t>(*host, backslash);
      if (next >= text_.size()) return;
      const Line line = line_at(event_begin(chunk_, done, next));
      join_line(line);
      done = line.next;
    }
  }

  void join_line(const Line& line) {
    if (line.begin == line.end || !is_whole(line)) return;
    const LogFormat& format = formats_.known();
    const FormatState& state = formats_.state_at(line.begin);
    const std::string_view bytes = bytes_of(line, decoded_);
    if (!format.may_join(bytes, state)) return;
    const std::size_t first = buffers_.joined.size();
    JsonElements elements(bytes);
    if (elements.is_list()) {
      for (std::size_t from = 0;;) {
        const std::string_view element = elements.at_or_behind(from);
        if (element.empty()) break;
        const auto begin = static_cast<std::size_t>(element.data() - bytes.data());
        join_columns(format, element, state, line.begin + begin);
        from = begin + element.size();
      }
    } else {
      join_columns(format, bytes, state, line.begin);
    }
    if (chunk_.encoding != TextEncoding::kBytes)
      buffers_.joined.place_from(first, line.begin, line.end);
  }

  void join_columns(const LogFormat& format, std::string_view bytes, const FormatState& state,
                    std::size_t base) {
    Record& record = buffers_.record;
    if (!read_as(format, bytes, state, record)) return;
    if (joins_urls_) buffers_.joined.add_url(record, base);
    if (joins_agents_) buffers_.joined.add_agents(record, base);
    if (&format == &kTcpdumpFormat) buffers_.joined.add_pairs(record, base, Kind::kAddress);
  }

  /// Whether the fields of the hit's line could say more, or otherwise.
  static bool is_open_to_fields(const Hit& hit) {
    if (hit.grade == Grade::kWeak) return has_rule(hit, "P2") || has_rule(hit, "D7");
    return hit.rule[0] == 'I' || hit.rule[0] == 'C';
  }

  /// Reads each line with such a hit once.
  void read_hit_lines() {
    const std::vector<Hit>& hits = buffers_.hits;
    std::string decoded;
    const std::size_t raw = hits.size();
    Line line{0, 0, 0};
    bool any = false;
    for (std::size_t i = 0; i < raw;) {
      if (!is_open_to_fields(hits[i])) {
        ++i;
        continue;
      }
      const std::size_t offset = hits[i].offset;
      if (!any || offset >= line.next) {
        // The begin of its line: from the last one that was read, or backwards.
        const std::size_t from = any ? line.next : 0;
        line = line_at(event_begin(chunk_, from, offset));
        any = true;
      }
      std::size_t end = i;
      while (end < raw && (hits[end].offset < line.next || end == i)) ++end;
      if (is_whole(line)) read_hit_line(line, i, end, bytes_of(line, decoded));
      i = end;
    }
  }

  void read_hit_line(const Line& line, std::size_t first, std::size_t last,
                     std::string_view bytes) {
    const FormatState& state = formats_.state_at(line.begin);
    const bool exact = chunk_.encoding == TextEncoding::kBytes;
    JsonElements elements(bytes);
    std::string_view element = bytes;
    bool is_read = false;
    Record& record = buffers_.record;
    const std::size_t pieces = buffers_.joined.size();
    buffers_.marks.clear();
    for (std::size_t i = first; i < last; ++i) {
      const Hit hit = buffers_.hits[i];
      if (!is_open_to_fields(hit)) continue;
      const std::size_t at = hit.offset - line.begin;
      if (elements.is_list() && exact) {
        const std::string_view next = elements.at_or_behind(at);
        if (next.empty()) break;
        if (next.data() != element.data() || next.size() != element.size()) {
          scan_marked(line, bytes, element);
          is_read = false;
        }
        element = next;
      }
      const auto base = static_cast<std::size_t>(element.data() - bytes.data());
      if (!is_read) {
        read_record(element, formats_.known(), state, record);
        is_read = true;
        // Every pair of the record; which of them the claim means, the matcher says.
        const std::size_t end = exact ? line.begin + base + element.size() : line.next;
        bool addressed = false;
        for (std::size_t j = i; j < last && buffers_.hits[j].offset < end && !addressed; ++j)
          addressed = has_rule(buffers_.hits[j], "P2");
        if (addressed) buffers_.joined.add_pairs(record, line.begin + base, Kind::kPair);
      }
      if (!exact || at < base) continue;
      const Field* field = record.field_at(at - base);
      if (field == nullptr) continue;
      const bool named = field->role == FieldRole::kDomain || field->role == FieldRole::kHost;
      const bool version =
          field->role == FieldRole::kUserAgent || field->role == FieldRole::kVersion;
      if (has_rule(hit, "D7") ? named : version && hit.grade > Grade::kWeak) {
        const FieldMark mark{field->begin, field->end, field->role, 0};
        if (buffers_.marks.empty() || buffers_.marks.back().begin != mark.begin)
          buffers_.marks.push_back(mark);
      }
    }
    if (!exact) buffers_.joined.place_from(pieces, line.begin, line.end);
    scan_marked(line, bytes, element);
  }

  /// The record once more, with the marks: within them this is the answer.
  void scan_marked(const Line& line, std::string_view bytes, std::string_view element) {
    std::vector<FieldMark>& marks = buffers_.marks;
    if (!marks.empty() && marks.size() <= kMostMarks && element.size() <= kMarkedBytes) {
      std::vector<Hit>& more = buffers_.more;
      more.clear();
      matcher_.scan(element, TextEncoding::kBytes, marks, scratch_, more);
      const std::size_t base =
          line.begin + static_cast<std::size_t>(element.data() - bytes.data());
      for (const FieldMark& mark : marks) {
        refuted_.push_back({base + mark.begin, base + mark.end});
        for (Hit hit : more) {
          if (hit.offset < mark.begin || hit.offset + hit.length > mark.end) continue;
          hit.offset += base;
          marked_.push_back(hit);
        }
      }
    }
    marks.clear();
  }

  /// Raw hits within marked fields, in favour of what the marks say.
  void drop_refuted(std::size_t raw) {
    if (refuted_.empty()) return;
    std::vector<Hit>& hits = buffers_.hits;
    std::sort(refuted_.begin(), refuted_.end(),
              [](const Range& a, const Range& b) { return a.begin < b.begin; });
    // Both are in order, and marked fields of a line lie apart.
    std::size_t next = 0;
    const auto refuted = [&](const Hit& hit) {
      while (next < refuted_.size() && refuted_[next].end <= hit.offset) ++next;
      return next < refuted_.size() && hit.offset >= refuted_[next].begin &&
             hit.offset + hit.length <= refuted_[next].end;
    };
    std::size_t kept = 0;
    for (std::size_t i = 0; i < raw; ++i) {
      if (!refuted(hits[i])) hits[kept++] = hits[i];
    }
    hits.resize(kept);
    hits.insert(hits.end(), marked_.begin(), marked_.end());
  }

  void scan_joined() {
    std::vector<Hit>& more = buffers_.more;
    more.clear();
    const std::string& text = buffers_.joined.text();
    matcher_.scan(text, TextEncoding::kBytes, {}, scratch_, more);
    for (Hit hit : more) {
      const JoinedText::Piece& piece = buffers_.joined.piece_at(hit.offset);
      // A piece is a line of its own, whatever it ends with.
      const std::size_t end = text.find('\n', piece.begin);
      const std::size_t views = std::min<std::size_t>(hit.view_count, Hit::kMaxViews);
      if (hit.offset + hit.length > end ||
          std::count(hit.views, hit.views + views, ViewKind::kQp) > 0) {
        continue;
      }
      switch (piece.kind) {
        case Kind::kUrl:  // names, addresses and URLs in it the raw pass has seen
          if (hit.rule[0] != 'U' || hit.offset != piece.begin) continue;
          if (has_rule(hit, "U2")) std::strcpy(hit.rule, "U11");
          break;
        case Kind::kPair:
          if (hit.rule[0] != 'P' || hit.grade == Grade::kWeak) continue;
          if (has_rule(hit, "P1")) std::strcpy(hit.rule, "P3");
          break;
        case Kind::kAddress:
          if (has_rule(hit, "P1")) std::strcpy(hit.rule, "P3");
          if (hit.rule[0] == 'I' && hit.grade == Grade::kExact) std::strcpy(hit.rule, "I2");
          break;
        case Kind::kAgent:
          if (!has_rule(hit, "O5")) continue;
          break;
      }
      hit.offset = piece.source_begin;
      hit.length = piece.source_end - piece.source_begin;
      buffers_.hits.push_back(hit);
    }
  }

  struct Range {
    std::size_t begin, end;
  };

  const Chunk& chunk_;
  std::string_view text_;
  const ChunkFormats& formats_;
  const Matcher& matcher_;
  Matcher::Scratch& scratch_;
  ScanBuffers& buffers_;
  const bool joins_urls_, joins_agents_, joins_named_lines_;
  std::string decoded_;  // a line of another encoding
  std::vector<Range> refuted_;
  std::vector<Hit> marked_;
};

}  // namespace

void scan_raw(const Chunk& chunk, const ChunkFormats& formats, const Matcher& matcher,
              Matcher::Scratch& scratch, ScanBuffers& buffers) {
  buffers.hosts.clear();
  buffers.knows_hosts = false;
  if (formats.known().may_join != nullptr) {
    buffers.knows_hosts = matcher.scan_for_hosts(chunk.text, chunk.encoding, scratch,
                                                 buffers.hits, buffers.hosts);
  } else {
    matcher.scan(chunk.text, chunk.encoding, {}, scratch, buffers.hits);
  }
}

void read_fields(const Chunk& chunk, const ChunkFormats& formats, const Matcher& matcher,
                 Matcher::Scratch& scratch, ScanBuffers& buffers) {
  // Text of no known format has no fields; its lines with hits may still be of one.
  if (buffers.hits.empty() && formats.known().may_join == nullptr) return;
  FieldReader(chunk, formats, matcher, scratch, buffers).run();
}

}  // namespace spoor
