// Which parts of a reading its escapes could matter to. A rule looks at a stretch of bytes;
// where all of these stand side by side in the text that the reading was made from, the rule
// has seen them there. So only stretches that hold a byte that is not the parent's count, and
// these reach no further than
//
//   the token between blanks or double quotes, which nothing leaves but
//   the word before it and the word behind it (pairs of words, "AS 64500"), and
//   the quotes of either kind round it, where strings between quotes are looked for.

namespace spoor {
namespace SPOOR_SIEVE_ISA {
namespace {

namespace {

/// Of one text, for stretches from left to right; each byte is walked over a few times at most.
class Regions {
 public:
  Regions(std::string_view text, bool with_quotes) : text_(text), with_quotes_(with_quotes) {}

  /// What the stretch [begin, end) could matter to. put(begin, end) is called with each region
  /// that is whole.
  template <typename Put>
  void add(std::size_t begin, std::size_t end, Put&& put) {
    std::size_t from = begin <= end_ ? end_ : left_of(begin);
    std::size_t to = end <= token_end_ ? end : right_of(end);
    if (with_quotes_) {
      widen('"', begin, end, next_double_, from, to);
      widen('\'', begin, end, next_single_, from, to);
    }
    if (from > end_) {
      finish(put);
      begin_ = from;
    }
    end_ = std::max(end_, to);
  }
  /// The region at hand is whole.
  template <typename Put>
  void finish(Put&& put) const {
    if (begin_ < end_) put(begin_, end_);
  }

 private:
  /// The begin of the token before `at` and of the word before that, and the byte before it.
  std::size_t left_of(std::size_t at) const {
    at = behind_last<PartingByte>(text_, end_, at);
    at = behind_last<SolidByte>(text_, end_, at);
    if (at == end_) return at;
    at = behind_last<NoWordByte>(text_, end_, at - 1);
    return at > end_ ? at - 1 : at;
  }
  std::size_t right_of(std::size_t at) {
    token_end_ = first_of<PartingByte>(text_, at, text_.size());
    at = first_of<SolidByte>(text_, token_end_, text_.size());
    at = first_of<NoWordByte>(text_, at, text_.size());
    return std::min(at + 1, text_.size());
  }
  /// Out to the quotes of one kind round the stretch. `next`: one before which there is none,
  /// from the end of the stretch before on.
  void widen(char quote, std::size_t begin, std::size_t end, std::size_t& next,
             std::size_t& from, std::size_t& to) const {
    if (next < end) next = std::min(text_.find(quote, end), text_.size());
    const bool is_closed = next < text_.size();
    if (!is_closed && text_.substr(begin, end - begin).find(quote) == kNone) return;
    const void* const found =
        from > end_ ? ::memrchr(text_.data() + end_, quote, from - end_) : nullptr;
    const std::size_t open =
        found == nullptr
            ? end_
            : static_cast<std::size_t>(static_cast<const char*>(found) - text_.data()) + 1;
    // Down to the region before: its own quote stands in it.
    if (open > end_ || end_ > 0) from = std::min(from, open > end_ ? open - 1 : end_);
    if (is_closed) to = std::max(to, next + 1);
  }

  std::string_view text_;
  const bool with_quotes_;
  std::size_t begin_ = 0, end_ = 0;  // the region at hand
  std::size_t token_end_ = 0;        // the end of the last stretch's token
  std::size_t next_double_ = 0, next_single_ = 0;
};

}  // namespace

/// Appends what the rules could find in the reading and not in its parent, a line for each
/// stretch.
inline void append_changed_regions(const View& reading, bool with_quotes, std::string& out) {
  if (reading.changed.empty()) {
    out.append(reading.text) += '\n';
    return;
  }
  Regions regions(reading.text, with_quotes);
  const auto put = [&](std::size_t begin, std::size_t end) {
    out.append(reading.text, begin, end - begin) += '\n';
  };
  for (const auto& [begin, end] : reading.changed) regions.add(begin, end, put);
  regions.finish(put);
}

/// Appends what the rules could find in `line` read through percent-encoding and not in itself,
/// a line for each stretch, without decoding what lies between. False, and nothing is appended,
/// where that does not tell all: a quote was escaped, or more readings may follow that depend
/// on what stands elsewhere in the line.
inline bool append_percent_regions(std::string_view line, bool with_quotes, std::string& out) {
  if (line.find("(0)") != kNone) return false;
  const std::size_t before = out.size();
  bool is_whole = true;
  const auto is_escape = [&](std::size_t i) {
    return i + 2 < line.size() && is_hex(line[i + 1]) && is_hex(line[i + 2]);
  };
  const auto put = [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end;) {
      const std::size_t next = std::min(line.find('%', i), end);
      out.append(line, i, next - i);
      i = next;
      if (i == end) break;
      if (is_escape(i)) {
        const int byte = hex_value(line[i + 1]) * 16 + hex_value(line[i + 2]);
        if (byte == '"' || byte == '\'') is_whole = false;
        out += static_cast<char>(byte);
        i += 3;
      } else {
        out += line[i++];
      }
    }
    out += '\n';
  };
  Regions regions(line, with_quotes);
  for (std::size_t i = line.find('%'); i < line.size(); i = line.find('%', i + 1)) {
    if (is_escape(i)) regions.add(i, i + 3, put);
  }
  regions.finish(put);
  const std::string_view read = std::string_view(out).substr(before);
  if (is_whole && read.find('\\') == kNone && read.find("(0)") == kNone &&
      !(read.find('=') != kNone && is_quoted_printable(read)))
    return true;
  out.resize(before);
  return false;
}

/// The same of `line` read through JSON, of whose escapes those at `places` (ascending) could
/// matter: their strings are decoded as a whole; what else lies in a region must need no
/// decoding.
inline bool append_string_regions(std::string_view line, std::span<const std::uint32_t> places,
                                  bool with_quotes, std::string& out) {
  if (line.find("(0)") != kNone) return false;
  const std::size_t before = out.size();
  std::array<JsonString, 32> strings;  // decoded ones of the region at hand
  std::size_t count = 0;
  bool is_whole = true;
  const auto put = [&](std::size_t begin, std::size_t end) {
    const auto copy_to = [&](std::size_t to) {
      const std::string_view beside = line.substr(begin, to - begin);
      is_whole = is_whole && beside.find('\\') == kNone;
      out.append(beside);
    };
    for (std::size_t i = 0; i < count; ++i) {
      copy_to(strings[i].begin);
      append_json_string(line, strings[i], out);
      begin = strings[i].end;
    }
    copy_to(end);
    out += '\n';
    count = 0;
  };
  Regions regions(line, with_quotes);
  std::size_t from = 0;
  for (const std::uint32_t place : places) {
    if (place < from) continue;  // in the string before
    const JsonString string = json_string_at(line, from, place);
    from = string.end + 1;
    if (!string.is_read) continue;
    regions.add(string.begin, string.end, put);
    strings[count++] = string;
    if (count == strings.size()) is_whole = false;
    if (!is_whole) break;
  }
  regions.finish(put);
  const std::string_view read = std::string_view(out).substr(before);
  if (is_whole && read.find("(0)") == kNone &&
      !(read.find('=') != kNone && is_quoted_printable(read)))
    return true;
  out.resize(before);
  return false;
}

}  // namespace
}  // namespace SPOOR_SIEVE_ISA
}  // namespace spoor
