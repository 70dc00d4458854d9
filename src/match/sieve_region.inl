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

  /// What the stretch [begin, end) could matter to.
  void add(std::size_t begin, std::size_t end, std::string& out) {
    std::size_t from = begin <= end_ ? end_ : left_of(begin);
    std::size_t to = end <= token_end_ ? end : right_of(end);
    if (with_quotes_) {
      widen('"', begin, end, next_double_, from, to);
      widen('\'', begin, end, next_single_, from, to);
    }
    if (from > end_) {
      put(out);
      begin_ = from;
    }
    end_ = std::max(end_, to);
  }
  /// Appends the region at hand as a line.
  void put(std::string& out) const {
    if (begin_ < end_) out.append(text_, begin_, end_ - begin_) += '\n';
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
  for (const auto& [begin, end] : reading.changed) regions.add(begin, end, out);
  regions.put(out);
}

}  // namespace
}  // namespace SPOOR_SIEVE_ISA
}  // namespace spoor
