// The readings of a line (S3): where an escape could be, and what each reading holds.

namespace spoor {
namespace SPOOR_SIEVE_ISA {

/// `at` may begin an escape of these kinds. A line is read once all of it is known; what is a
/// reading itself is read by the one who asked.
void SieveScan::trigger(std::size_t at, unsigned kinds) {
  if (lines_ != nullptr && at >= reading_end_) {
    read_line();
    reading_begin_ = line_begin(at);
    reading_end_ = std::min(text_.find('\n', at), text_.size());
    kinds_ = 0;
  }
  kinds_ |= kinds;
}

/// The line at hand, every reading of it.
void SieveScan::read_line() {
  if (reading_end_ == 0 || kinds_ == 0) return;
  if (flagged_from_ >= reading_begin_ && flagged_from_ < reading_end_ && flagged_until_ != 0)
    return;
  if (any_reading_matches(parts_, text_.substr(reading_begin_, reading_end_ - reading_begin_),
                          {}, kinds_))
    flag(reading_begin_);
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
bool SieveScan::may_be_json(std::size_t backslash) const {
  if (lines_ == nullptr) return true;  // a reading may hold line ends
  constexpr std::size_t kReach = 4096;
  std::size_t run = backslash + 1;
  while (run > 0 && text_[run - 1] == '\\') --run;
  const bool twice = (backslash + 1 - run) % 2 == 0;
  std::size_t begin = run;
  while (begin > 0 && text_[begin - 1] != '"' && text_[begin - 1] != '\n') {
    if (run - begin > kReach) return true;
    --begin;
  }
  if (begin == 0 || text_[begin - 1] == '\n') return false;  // no quote before it
  for (std::size_t i = begin; i < text_.size() && text_[i] != '"' && text_[i] != '\n';) {
    if (i - begin > 2 * kReach) return true;
    if (text_[i] != '\\') {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (at(end) == '\\') ++end;
    const std::size_t n = end - i;
    const bool begins_escape = twice ? n % 4 == 2 : n % 2 == 1;
    i = end;
    if (begins_escape &&
        std::string_view("\"\\/bfnrtu").find(at(end)) == std::string_view::npos)
      return false;
  }
  return true;
}

/// Whether the escape that the backslash begins, itself or once decoded, could mean something.
bool SieveScan::is_escape(std::size_t backslash) const {
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
  if (text_.substr(open, 3) != "(0)") return false;
  for (std::size_t n = 1; n <= 63 && n + 2 < open; ++n) {
    const std::size_t close = open - n - 1;
    if (text_[close] != ')' || !is_digit(text_[close - 1])) continue;
    std::size_t value = static_cast<std::size_t>(text_[close - 1] - '0');
    if (close >= 2 && is_digit(text_[close - 2]))
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

void SieveScan::readings_of_block(std::size_t b) {
  const std::size_t base = base_of(b);
  Bits backslashes = 0, qp = 0, html = 0, defang = row(kOpenMarks, b), dns = 0;
  const auto each = [&](Bits bits, auto&& is_one, Bits& into) {
    for (; bits != 0; bits &= bits - 1) {
      if (is_one(base + static_cast<std::size_t>(std::countr_zero(bits))))
        into |= bits & (~bits + 1);
    }
  };
  each(
      row(kBackslashEscapes, b),
      [&](std::size_t i) { return has(kBackslashes) || is_escape(i); }, backslashes);
  const auto is_soft = [&](std::size_t i) {
    return i + 1 < text_.size() &&
           (text_[i + 1] == '\n' || (text_[i + 1] == '\r' && at(i + 2) == '\n'));
  };
  if (lines_ != nullptr) {
    each(
        row(kSoftBreaks, b),
        [&](std::size_t i) {
          if (is_soft(i)) lines_->soft_breaks.push_back(static_cast<std::uint32_t>(i));
          return false;
        },
        qp);
    // Where another '=' of the line is no escape only a "=3D" counts.
    const Bits escapes = row(kEqualsEscapes, b), lfs = mask(ByteClass::kLf, b);
    const Bits others = mask(ByteClass::kEquals, b) & ~escapes & ~row(kSoftBreaks, b);
    each(
        escapes,
        [&](std::size_t i) {
          if (at(i + 1) == '3' && at(i + 2) == 'D') return true;
          const Bits bit = Bits{1} << (i % 64);
          const Bits above = lfs & ~(bit - 1), below = lfs & (bit - 1);
          const Bits upto = above == 0 ? ~Bits{0} : above ^ (above - 1);
          const Bits from = below == 0 ? ~Bits{0} : ~Bits{0} << (63 - std::countl_zero(below));
          return (others & upto & from) == 0 && is_qp(i);
        },
        qp);
  } else {
    each(
        row(kEqualsEscapes, b) | row(kSoftBreaks, b), [&](std::size_t i) { return is_qp(i); },
        qp);
  }
  each(
      mask(ByteClass::kAmpersand, b),
      [&](std::size_t i) {
        if (at(i + 1) == '#') return true;
        std::size_t end = i + 1;
        while (end - i <= 11 && is_alpha(at(end))) ++end;
        return end > i + 1 && at(end) == ';';
      },
      html);
  each(
      row(kOpenDigits, b), [&](std::size_t i) { return ends_prefixed_name(i); }, dns);
  each(
      row(kOpenLetters, b),
      [&](std::size_t i) {
        const std::string_view word = text_.substr(i + 1, 4);
        return starts_with_ignore_case(word, "dot") || starts_with_ignore_case(word, "at]") ||
               starts_with_ignore_case(word, "http");
      },
      defang);
  const Bits percents = row(kPercentEscapes, b);
  // In the order of the text, so that each line is read once.
  for (Bits all = backslashes | percents | qp | html | defang | dns; all != 0; all &= all - 1) {
    const Bits bit = all & (~all + 1);
    unsigned kinds = 0;
    if ((backslashes & bit) != 0)
      kinds |= escape_kinds(base + static_cast<std::size_t>(std::countr_zero(bit)));
    if ((percents & bit) != 0) kinds |= bit_of(ViewKind::kPercent);
    if ((qp & bit) != 0) kinds |= bit_of(ViewKind::kQp);
    if ((html & bit) != 0) kinds |= bit_of(ViewKind::kHtml);
    if ((defang & bit) != 0) kinds |= bit_of(ViewKind::kDefang);
    if ((dns & bit) != 0) kinds |= bit_of(ViewKind::kDns);
    trigger(base + static_cast<std::size_t>(std::countr_zero(bit)), kinds);
  }
}

void SieveScan::readings() {
  for (Bits blocks = blocks_with(kSpecials); blocks != 0; blocks &= blocks - 1)
    readings_of_block(kFront + static_cast<std::size_t>(std::countr_zero(blocks)));
}

/// Whether the rules could find something in a reading of `text`, which has these kinds of
/// escapes; not in itself.
bool any_reading_matches(const Parts& parts, std::string_view text,
                         std::span<const ViewKind> chain, unsigned kinds) {
  if (kinds == 0) return false;
  std::vector<View> views(1);
  std::vector<unsigned> kinds_of_views{kinds};
  views[0].text = text;
  views[0].chain.assign(chain.begin(), chain.end());
  for (std::size_t i = 0; i < views.size(); ++i) {
    if (views[i].chain.size() >= kMaxViewDepth || kinds_of_views[i] == 0) continue;
    // JSON's escaped backslashes and quotes, which trigger nothing, hold nothing by themselves;
    // but what is decoded after them is decoded otherwise than before them.
    if (views[i].text.find('\\') != std::string::npos)
      kinds_of_views[i] |= bit_of(ViewKind::kJson);
    for (const ViewKind kind : kLineViews) {
      if ((kinds_of_views[i] & bit_of(kind)) == 0 ||
          !ExactPass::may_follow(views[i].chain, kind))
        continue;
      auto child = decode(views[i], kind);
      if (!child) continue;
      const bool known = std::any_of(views.begin(), views.end(), [&](const View& other) {
        return other.text == child->text &&
               std::is_permutation(other.chain.begin(), other.chain.end(), child->chain.begin(),
                                   child->chain.end());
      });
      if (known) continue;
      // The rules stop at so many readings, perhaps at others: their business.
      if (views.size() >= kMaxViewsOfLine) return true;
      SieveScan scan(parts, child->text, nullptr);
      if (scan.run()) return true;
      kinds_of_views.push_back(scan.kinds());
      views.push_back(std::move(*child));
    }
  }
  return false;
}

}  // namespace SPOOR_SIEVE_ISA
}  // namespace spoor
