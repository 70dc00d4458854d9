// The readings of a line (S3): where an escape could be, and what each reading holds.

namespace spoor {
namespace SPOOR_SIEVE_ISA {
namespace {

/// `at` may begin an escape of these kinds. A line is read once all of it is known; what is a
/// reading itself is read by the one who asked.
void SieveScan::trigger(std::size_t at, unsigned kinds) {
  if (batch_ != nullptr) {
    batch_->part_at(at).kinds |= kinds;
    return;
  }
  if (lines_ != nullptr && at >= reading_end_) {
    read_line();
    reading_begin_ = line_begin(at);
    reading_end_ = std::min(text_.find('\n', at), text_.size());
    kinds_ = 0;
    lines_->places.clear();
  }
  kinds_ |= kinds;
  if (lines_ != nullptr && (kinds & bit_of(ViewKind::kJson)) != 0 &&
      lines_->places.size() < kMostPlacesOfLine)
    lines_->places.push_back(static_cast<std::uint32_t>(at - reading_begin_));
}

/// The line at hand goes to those whose readings are scanned together; of most only the regions
/// round their escapes.
void SieveScan::read_line() {
  if (reading_end_ == 0 || kinds_ == 0) return;
  if (flagged_from_ >= reading_begin_ && flagged_from_ < reading_end_ && flagged_until_ != 0)
    return;
  constexpr unsigned kPercent = bit_of(ViewKind::kPercent), kJson = bit_of(ViewKind::kJson);
  bool is_told = (kinds_ & ~(kPercent | kJson)) == 0;
  if (is_told && (kinds_ & kPercent) != 0) {
    is_told = read_percents();
    keep_regions(ViewKind::kPercent);
  }
  if (is_told && (kinds_ & kJson) != 0) {
    is_told = read_strings();
    keep_regions(ViewKind::kJson);
  }
  if (is_told) return;
  keep_line(reading_begin_, text_.substr(reading_begin_, reading_end_ - reading_begin_),
            kinds_);
}

/// The line at hand has escapes of percent-encoding, and of JSON or no others: most lines with
/// escapes are such, and of these only what stands round the escapes is decoded. False: it must
/// be read whole.
bool SieveScan::read_percents() {
  return append_percent_regions(text_.substr(reading_begin_, reading_end_ - reading_begin_),
                                has(kAgents), lines_->regions.text);
}

/// The same of escapes of JSON: only the strings are decoded that hold one that matters, and
/// the words beside them. What is percent-encoded in them is seen there once more.
bool SieveScan::read_strings() {
  if (lines_->places.size() == kMostPlacesOfLine) return false;
  return append_string_regions(text_.substr(reading_begin_, reading_end_ - reading_begin_),
                               {lines_->places.data(), lines_->places.size()}, has(kAgents),
                               lines_->regions.text);
}

/// What was appended to the regions is the line's at hand, read through `kind`.
void SieveScan::keep_regions(ViewKind kind) {
  Batch& batch = lines_->regions;
  if (batch.text.size() == (batch.parts.empty() ? 0 : batch.parts.back().end)) return;
  batch.parts.push_back(
      {batch.text.size(), reading_begin_, static_cast<std::size_t>(kind), 0, false, false});
  constexpr std::size_t kEnough = std::size_t{1} << 14;
  if (batch.text.size() >= kEnough) scan_regions();
}

/// A part's `line` is where its line begins, its `view` the kind it was read through.
void SieveScan::scan_regions() {
  Batch& batch = lines_->regions;
  if (batch.parts.empty()) return;
  batch.wants_hosts = wants_hosts_;
  SieveScan(parts_, batch.text, nullptr, true, &batch).run();
  std::size_t begin = 0;
  for (const Batch::Part& part : batch.parts) {
    const std::string_view text = std::string_view(batch.text).substr(begin, part.end - begin);
    begin = part.end;
    if (part.found) {
      flag(part.line);
      continue;
    }
    if (part.names_host) note_host(part.line);
    // Escapes came out of escapes.
    if (part.kinds == 0) continue;
    if (part.view == static_cast<std::size_t>(ViewKind::kJson)) {
      // Of a string that is read whole the next reading is within it, too.
      ReadLine& line = keep_line(part.line, text, bit_of(ViewKind::kJson) | part.kinds);
      line.views[0].chain.push_back(ViewKind::kJson);
    } else {
      const std::size_t end = std::min(text_.find('\n', part.line), text_.size());
      keep_line(part.line, text_.substr(part.line, end - part.line),
                bit_of(ViewKind::kPercent));
    }
  }
  batch.text.clear();
  batch.parts.clear();
}

/// `text` is a line or a reading of it, `begin` the line's begin. The line that is kept; it may
/// be changed until the next is.
ReadLine& SieveScan::keep_line(std::size_t begin, std::string_view text, unsigned kinds) {
  constexpr std::size_t kEnough = std::size_t{1} << 15;  // their regions are a window or two
  if (kept_bytes_ >= kEnough) read_kept_lines();
  std::vector<ReadLine>& lines = lines_->read_lines;
  if (kept_count_ == lines.size()) lines.emplace_back();
  ReadLine& line = lines[kept_count_++];
  line.begin = begin;
  line.count = 1;
  if (line.views.empty()) line.views.resize(4);  // most lines have one reading or two
  line.views[0].text.assign(text);
  line.views[0].chain.clear();
  line.kinds.assign(1, kinds);
  line.found = line.names_host = false;
  kept_bytes_ += text.size();
  return line;
}

void SieveScan::read_kept_lines() {
  const std::span<ReadLine> lines(lines_->read_lines.data(), kept_count_);
  lines_->batch.wants_hosts = wants_hosts_;
  read_lines(parts_, lines, lines_->batch);
  for (const ReadLine& line : lines) {
    if (line.found) {
      flag(line.begin);
    } else if (line.names_host) {
      note_host(line.begin);
    }
  }
  kept_count_ = kept_bytes_ = 0;
}

/// Whether decode() believes in quoted-printable on the line of `at`, or in the whole reading.
bool SieveScan::is_qp(std::size_t at) {
  if (at < qp_done_) return qp_;
  std::size_t begin = 0;
  qp_done_ = text_.size();
  if (lines_ != nullptr) {
    begin = line_begin(at);
    qp_done_ = std::min(text_.find('\n', at), text_.size());
  }
  qp_ = is_quoted_printable(text_.substr(begin, qp_done_ - begin));
  return qp_;
}

/// A backslash before b, f, n, r or t, the last of a run: whether the string that it stands in
/// could be JSON, once (an odd run) or twice (an even one). A path of Windows hardly ever is:
/// one component that begins with another letter, and it is no JSON (decode()).
bool SieveScan::may_be_json(std::size_t backslash) {
  if (lines_ == nullptr) return true;  // a reading may hold line ends
  std::size_t run = backslash + 1;
  while (run > 0 && text_[run - 1] == '\\') --run;
  const bool twice = (backslash + 1 - run) % 2 == 0;
  if (run < string_begin_ || run >= string_end_) read_string(run);
  return twice ? is_json_twice_ : is_json_;
}

/// Reads the string round `inside`, as far as quotes or line ends, for may_be_json(): strings
/// are long and full of line ends that are escaped, and each is read once.
void SieveScan::read_string(std::size_t inside) {
  string_begin_ = behind_last<StringEnd>(text_, 0, inside);
  // Without a quote before it it is none.
  is_json_ = is_json_twice_ = string_begin_ > 0 && text_[string_begin_ - 1] == '"';
  string_end_ = first_of<StringEnd>(text_, string_begin_, text_.size());
  for (std::size_t end = string_begin_; is_json_ || is_json_twice_; ++end) {
    end = end_of_backslashes(text_, end, string_end_);
    if (end == kNone) return;
    std::size_t begin = end;
    while (begin > string_begin_ && text_[begin - 1] == '\\') --begin;
    const std::size_t n = end - begin;
    if (n % 2 == 1) is_json_ = false;
    if (n % 4 == 2) is_json_twice_ = false;
  }
}

/// Whether the escape that the backslash begins, itself or once decoded, could mean something.
bool SieveScan::is_escape(std::size_t backslash) {
  const char c = at(backslash + 1);
  switch (c) {
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
      return may_be_json(backslash);
    case 'x':
      return is_hex(at(backslash + 2)) && is_hex(at(backslash + 3));
    case 'u':
      return is_hex(at(backslash + 2)) && is_hex(at(backslash + 3)) &&
             is_hex(at(backslash + 4)) && is_hex(at(backslash + 5));
    case '.': {  // X1: between letters or digits
      std::size_t run = backslash;
      while (run > 0 && text_[run - 1] == '\\') --run;
      return run > 0 && is_alnum(text_[run - 1]) && is_alnum(at(backslash + 2));
    }
    default:
      return !is_alpha(c);
  }
}

/// D9: whether the "(0)" at `open` could end a name: n bytes before it stands "(n)".
bool SieveScan::ends_prefixed_name(std::size_t open) const {
  constexpr std::size_t kLeast = 4;  // "(1)a"
  if (open < kLeast || text_.substr(open, 3) != "(0)") return false;
  const std::size_t first = open - std::min<std::size_t>(open, 64);
  for (std::size_t end = open - 1;
       (end = behind_last<ClosingBracket>(text_, first, end)) > first; --end) {
    const std::size_t close = end - 1, n = open - end;
    if (close < 2 || !is_digit(text_[close - 1])) continue;
    std::size_t value = static_cast<std::size_t>(text_[close - 1] - '0');
    if (is_digit(text_[close - 2]))
      value += 10 * static_cast<std::size_t>(text_[close - 2] - '0');
    if (value == n) return true;
  }
  return false;
}

/// Which readings the escape of the backslash could belong to.
unsigned SieveScan::escape_kinds(std::size_t backslash) const {
  switch (at(backslash + 1)) {
    case 'x':
    case 'u':
      return bit_of(ViewKind::kJson) | bit_of(ViewKind::kEscape);
    case '.':
      return bit_of(ViewKind::kJson) | bit_of(ViewKind::kDefang);
    default:
      return bit_of(ViewKind::kJson);
  }
}

/// Whether the line of the '=' at `at`, in block b, has an '=' that no escape begins with, as
/// far as the window tells. detect() took off its row what is none in such a block.
bool SieveScan::has_plain_equals(std::size_t at, std::size_t b) const {
  const auto plain = [&](std::size_t k, Bits part) {
    return (mask(ByteClass::kEquals, k) & ~row(kEqualsEscapes, k) & ~row(kSoftBreaks, k) &
            part) != 0;
  };
  const Bits bit = Bits{1} << (at % 64);
  Bits part = bit - 1;  // the bytes before it
  for (std::size_t k = b; k >= kFront; --k, part = ~Bits{0}) {
    const Bits lfs = mask(ByteClass::kLf, k) & part;
    if (lfs != 0) part &= ~Bits{0} << (63 - std::countl_zero(lfs));
    if (plain(k, part)) return true;
    if (lfs != 0) break;
  }
  part = ~(bit - 1) & ~bit;
  for (std::size_t k = b; k < kFront + blocks_; ++k, part = ~Bits{0}) {
    const Bits lfs = mask(ByteClass::kLf, k) & part;
    if (lfs != 0) part &= (lfs & (~lfs + 1)) - 1;
    if (plain(k, part)) return true;
    if (lfs != 0) break;
  }
  return false;
}

/// Whether the '=' at `at`, two digits of 16 behind it, makes its line quoted-printable: for
/// any but a "=3D" no other '=' of the line may be anything else than an escape.
bool SieveScan::is_equals_escape(std::size_t at, std::size_t b) {
  const auto is_digit_of_16 = [](char c) { return is_digit(c) || (c >= 'A' && c <= 'F'); };
  const char first = text_[at + 1], second = this->at(at + 2);
  if (first == '3' && second == 'D') return true;
  return is_digit_of_16(first) && is_digit_of_16(second) && !has_plain_equals(at, b) &&
         !is_query_key(text_, at) && is_qp(at);
}

/// "&...;", "&#".
bool SieveScan::is_reference(std::size_t ampersand) const {
  if (at(ampersand + 1) == '#') return true;
  std::size_t end = ampersand + 1;
  while (end - ampersand <= 11 && is_alpha(at(end))) ++end;
  return end > ampersand + 1 && at(end) == ';';
}

/// X1: whether an opening bracket begins one of its marks; or the colon of a scheme that may be
/// one, which url_at() puts into the same row.
bool SieveScan::is_defang_mark(std::size_t open) const {
  if (text_[open] == ':') return true;
  const std::string_view inner = text_.substr(open + 1, 5);
  const auto begins = [&](std::string_view word) {
    return inner.size() >= word.size() &&
           equals_ignore_case(inner.substr(0, word.size()), word);
  };
  const auto closes = [&](std::size_t i) {
    return at(open + i) == ']' || at(open + i) == ')' || at(open + i) == '}';
  };
  switch (to_lower(at(open + 1))) {
    case '.':
    case '@':
      return closes(2);
    case ':':
      return closes(2) || at(open + 2) == '/';
    case 'a':
      return begins("at") && closes(3);
    case 'd':
      return begins("dot") && closes(4);
    default:
      return begins("http");
  }
}

/// What the escape that may begin at `i` could be read through, unless it is an '='; 0: none.
unsigned SieveScan::kinds_at(std::size_t i) {
  switch (text_[i]) {
    case '\\':
      return has(kBackslashes) || is_escape(i) ? escape_kinds(i) : 0;
    case '%':
      return bit_of(ViewKind::kPercent);
    case '&':
      return is_reference(i) ? bit_of(ViewKind::kHtml) : 0;
    default:  // an opening bracket, or the colon of a scheme
      return (ends_prefixed_name(i) ? bit_of(ViewKind::kDns) : 0) |
             (is_defang_mark(i) ? bit_of(ViewKind::kDefang) : 0);
  }
}

/// Of an '=' that a line end or two hex digits follow.
unsigned SieveScan::equals_kinds(std::size_t i, std::size_t b) {
  const bool is_break = (row(kSoftBreaks, b) >> (i % 64) & 1) != 0;
  if (lines_ == nullptr) {
    // read_lines() asks about all of a batch's part.
    return batch_ == nullptr && is_qp(i) ? bit_of(ViewKind::kQp) : 0;
  }
  if (!is_break) return is_equals_escape(i, b) ? bit_of(ViewKind::kQp) : 0;
  if (at(i + 1) == '\n' || (at(i + 1) == '\r' && at(i + 2) == '\n'))
    lines_->soft_breaks.push_back(static_cast<std::uint32_t>(i));
  return 0;
}

/// What could be escapes in the window; their lines are read in the order of the text.
void SieveScan::readings() {
  visit(kEscapes, [&](std::size_t i, std::size_t b) {
    // The rows at hand tell of an '='; all else waits.
    unsigned kinds = kUnjudged;
    if (text_[i] == '=' && (kinds = equals_kinds(i, b)) == 0) return;
    unjudged_[unjudged_count_++] = {static_cast<std::uint32_t>(i), kinds};
    if (unjudged_count_ == unjudged_.size()) judge_marks();
  });
}

/// Judges what waits. Many one after the other: what this takes, down to the regions of their
/// lines, is code that the lanes would push out of the cache in between.
void SieveScan::judge_marks() {
  for (std::size_t k = 0; k < unjudged_count_; ++k) {
    const std::size_t i = unjudged_[k].at;
    const unsigned kinds = unjudged_[k].kinds == kUnjudged ? kinds_at(i) : unjudged_[k].kinds;
    if (kinds != 0) trigger(i, kinds);
  }
  unjudged_count_ = 0;
}

namespace {

/// Decodes view `i` of a line through all that its escapes could be, and puts what is new into
/// the batch.
void add_readings(const Parts& parts, ReadLine& line, std::size_t number, std::size_t i,
                  Batch& batch) {
  if (line.views[i].chain.size() >= kMaxViewDepth || line.kinds[i] == 0) return;
  // JSON's escaped backslashes and quotes, which trigger nothing, hold nothing by themselves;
  // but what is decoded after them is decoded otherwise than before them.
  if (line.views[i].text.find('\\') != std::string::npos)
    line.kinds[i] |= bit_of(ViewKind::kJson);
  for (const ViewKind kind : kLineViews) {
    if ((line.kinds[i] & bit_of(kind)) == 0 ||
        !ExactPass::may_follow(line.views[i].chain, kind))
      continue;
    if (line.count == line.views.size()) line.views.emplace_back();
    View& child = line.views[line.count];
    if (!decode_into(line.views[i], kind, child)) continue;
    const auto end = line.views.begin() + static_cast<std::ptrdiff_t>(line.count);
    const bool known = std::any_of(line.views.begin(), end, [&](const View& other) {
      return other.text == child.text &&
             std::is_permutation(other.chain.begin(), other.chain.end(), child.chain.begin(),
                                 child.chain.end());
    });
    if (known) continue;
    // The rules stop at so many readings, perhaps at others: their business.
    if (line.count >= kMaxViewsOfLine) line.found = true;
    if (line.found) return;
    append_changed_regions(child, (parts.lanes & kAgents) != 0, batch.text);
    batch.parts.push_back({batch.text.size(), number, line.count, 0, false, false});
    // What the parent may be read as the child may, too, and what is seen in its regions will
    // be added; what a line is read as for what stands far apart in it is asked here.
    unsigned kinds = line.kinds[i];
    if (is_quoted_printable(child.text)) kinds |= bit_of(ViewKind::kQp);
    if (child.text.find("(0)") != std::string::npos) kinds |= bit_of(ViewKind::kDns);
    line.kinds.push_back(kinds);
    ++line.count;
  }
}

}  // namespace

/// Whether the rules could find something in a reading of each of the lines; not in themselves.
/// Of each reading only what its escapes could matter to is looked at (sieve_region.inl):
/// anything else stands in the text it was read from just so. Readings of readings come after
/// them, for all lines at once.
void read_lines(const Parts& parts, std::span<ReadLine> lines, Batch& batch) {
  std::vector<Batch::Part> level;
  for (std::size_t depth = 0; depth < kMaxViewDepth; ++depth) {
    batch.text.clear();
    batch.parts.clear();
    if (depth == 0) {
      for (std::size_t n = 0; n < lines.size(); ++n) add_readings(parts, lines[n], n, 0, batch);
    }
    for (const Batch::Part& part : level) {
      ReadLine& line = lines[part.line];
      line.kinds[part.view] |= part.kinds;
      if (!line.found) add_readings(parts, line, part.line, part.view, batch);
    }
    if (batch.parts.empty()) return;
    SieveScan(parts, batch.text, nullptr, true, &batch).run();
    for (const Batch::Part& part : batch.parts) {
      if (part.found) lines[part.line].found = true;
      if (part.names_host) lines[part.line].names_host = true;
    }
    level.swap(batch.parts);
  }
}

/// The same for one text that may be a reading itself.
inline bool any_reading_matches(const Parts& parts, std::string_view text,
                                std::span<const ViewKind> chain, unsigned kinds) {
  if (kinds == 0) return false;
  ReadLine line;
  line.views.resize(2);
  line.count = 1;
  line.views[0].text = text;
  line.views[0].chain.assign(chain.begin(), chain.end());
  line.kinds.push_back(kinds);
  Batch batch;
  read_lines(parts, {&line, 1}, batch);
  return line.found;
}

}  // namespace
}  // namespace SPOOR_SIEVE_ISA
}  // namespace spoor
