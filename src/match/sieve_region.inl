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

/// What a byte is, to be seen at one look: it parts tokens, belongs to a word, makes one solid.
enum ByteKind : std::uint8_t { kPartsTokens = 1, kOfWord = 2, kSolid = 4 };

constexpr std::array<std::uint8_t, 256> make_byte_kinds() {
  std::array<std::uint8_t, 256> kinds{};
  for (unsigned i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    if (i <= ' ' || c == '"') kinds[i] |= kPartsTokens;
    if (is_alnum(c) || c == '.' || c == '-' || c == '_' || i >= 0x80) kinds[i] |= kOfWord;
    if ((kinds[i] & kOfWord) != 0 && c != '.' && c != '-') kinds[i] |= kSolid;
  }
  return kinds;
}
constexpr std::array<std::uint8_t, 256> kByteKinds = make_byte_kinds();

inline unsigned kind_of(char c) {
  return kByteKinds[static_cast<unsigned char>(c)];
}

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
  std::size_t left_of(std::size_t at) const {
    const auto before = [&](unsigned kinds) {
      return at > end_ && (kind_of(text_[at - 1]) & kinds) != 0;
    };
    while (at > end_ && !before(kPartsTokens)) --at;
    for (unsigned word = 0; at > end_ && (word & kSolid) == 0;) {
      while (at > end_ && !before(kOfWord)) --at;
      for (; before(kOfWord); --at) word |= kind_of(text_[at - 1]);
    }
    return at > end_ ? at - 1 : at;  // and the byte before it
  }
  std::size_t right_of(std::size_t at) {
    const auto here = [&](unsigned kinds) {
      return at < text_.size() && (kind_of(text_[at]) & kinds) != 0;
    };
    while (at < text_.size() && !here(kPartsTokens)) ++at;
    token_end_ = at;
    for (unsigned word = 0; at < text_.size() && (word & kSolid) == 0;) {
      while (at < text_.size() && !here(kOfWord)) ++at;
      for (; here(kOfWord); ++at) word |= kind_of(text_[at]);
    }
    return std::min(at + 1, text_.size());
  }
  /// Out to the quotes of one kind round the stretch. `next`: one before which there is none,
  /// from the end of the stretch before on.
  void widen(char quote, std::size_t begin, std::size_t end, std::size_t& next,
             std::size_t& from, std::size_t& to) const {
    if (next < end) next = std::min(text_.find(quote, end), text_.size());
    const bool is_closed = next < text_.size();
    if (!is_closed && text_.substr(begin, end - begin).find(quote) == kNone) return;
    std::size_t open = from;
    while (open > end_ && text_[open - 1] != quote) --open;
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
  if (line.find('\\') != kNone || line.find("(0)") != kNone) return false;
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

}  // namespace
}  // namespace SPOOR_SIEVE_ISA
}  // namespace spoor
