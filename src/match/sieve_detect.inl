// The rows of a window: derived masks and candidates. What concerns single bytes and their
// neighbours works on eight blocks at a time; what concerns runs adds along them: with R the
// bytes of runs and S one first byte of each, the bits of (R + S) & ~R stand where the runs end
// that S begins, for the carry of the addition passes through all of R.

namespace spoor {
namespace SPOOR_SIEVE_ISA {
namespace {

/// What stands before the text: a line end.
void SieveScan::begin_rows() {
  for (auto& each : rows_) each[kFront - 1] = 0;
  rows_[row_of(ByteClass::kLf)][kFront - 1] = ~Bits{0};
  rows_[row_of(ByteClass::kBlank)][kFront - 1] = ~Bits{0};
}

/// Classifies the window that begins with block `first` of `blocks`, and the block behind it.
void SieveScan::load_window(std::size_t first, std::size_t blocks) {
  window_at_ = first * 64;
  blocks_ = std::min(kWindow, blocks - first);
  groups_ = (blocks_ + 7) / 8;
  const std::size_t ahead = std::min(blocks_ + 1, blocks - first);
  const std::size_t whole = text_.size() / 64;
  const std::size_t plain = std::min(ahead, whole - std::min(whole, first));
  // The next window's text is on its way while the lanes work on this one's.
  const std::size_t next = std::min(first + kWindow, whole);
  for (std::size_t b = next; b < std::min(next + kWindow, whole); ++b)
    __builtin_prefetch(text_.data() + b * 64);
  // Behind the text: line ends.
  if (ahead <= blocks_) {
    const Lanes nothing = {}, all = ~nothing;
    for (std::size_t c = 0; c < kByteClasses; ++c) {
      const bool is_set = c == row_of(ByteClass::kLf) || c == row_of(ByteClass::kBlank);
      for (std::size_t i = kFront; i < kFront + groups_ * 8 + 8; i += 8)
        store_lanes(&rows_[c][i], is_set ? all : nothing);
    }
  }
  classify(text_.data() + window_at_, plain, &rows_[0][kFront], kRow);
  if (plain < ahead) classify(tail_.data(), 1, &rows_[0][kFront + plain], kRow);
}

/// The last block of the window is the one before the next. Of candidates nobody asks for it.
void SieveScan::next_rows() {
  for (std::size_t r = 0; r < kNameEnds; ++r)
    rows_[r][kFront - 1] = rows_[r][kFront + kWindow - 1];
}

Bits SieveScan::blocks_with(std::size_t r) const {
  Bits blocks = 0;
#if defined(SPOOR_SIEVE_AVX512)
  for (std::size_t g = 0; g < groups_; ++g) {
    const __m512i words = _mm512_load_si512(&rows_[r][kFront + g * 8]);
    blocks |= Bits{number_of(_mm512_test_epi64_mask(words, words))} << (g * 8);
  }
#else
  for (std::size_t b = 0; b < groups_ * 8; ++b)
    blocks |= static_cast<Bits>(rows_[r][kFront + b] != 0) << b;
#endif
  return blocks_ == 64 ? blocks : blocks & ((Bits{1} << blocks_) - 1);
}

/// Rows that other rows are made of; they reach one block beyond the window.
void SieveScan::derive() {
  const std::size_t end = kFront + groups_ * 8 + 8;
  for (std::size_t i = kFront; i < end; i += 8) {
    const Lanes digit = lanes_of(ByteClass::kDigit, i), alpha = lanes_of(ByteClass::kAlpha, i);
    const Lanes alnum = digit | alpha;
    const Lanes label = alnum | lanes_of(ByteClass::kDash, i);
    store_lanes(&rows_[kAlnumRow][i], alnum);
    store_lanes(&rows_[kLabelRow][i], label);
    store_lanes(&rows_[kHexRow][i], digit | lanes_of(ByteClass::kHexLetter, i));
    store_lanes(&rows_[kWordRow][i],
                label | lanes_of(ByteClass::kDot, i) | lanes_of(ByteClass::kHigh, i));
  }
}

void SieveScan::detect() {
  derive();
  const std::size_t end = kFront + groups_ * 8;
  constexpr std::size_t kDigitRow = row_of(ByteClass::kDigit);
  constexpr std::size_t kAlphaRow = row_of(ByteClass::kAlpha);
  constexpr std::size_t kColonRow = row_of(ByteClass::kColon);
  constexpr std::size_t kSlashRow = row_of(ByteClass::kSlash);
  constexpr std::size_t kDotRow = row_of(ByteClass::kDot);

  for (std::size_t i = kFront; i < end; i += 8) {
    const Lanes dot = lanes_of(ByteClass::kDot, i), colon = lanes_of(ByteClass::kColon, i);
    store_lanes(&rows_[kNameRow][i], dot & ahead(kAlphaRow, i, 1) & back(kLabelRow, i, 1));
    store_lanes(&rows_[kInnerRow][i], dot & back(kDigitRow, i, 1));
    store_lanes(&rows_[kUrlColons][i], colon & ahead(kSlashRow, i, 1) & ahead(kSlashRow, i, 2));
  }
  if (has(kOddEnds)) {
    // Numbers with dots in them are candidates, too: the map of last labels refuses them.
    for (std::size_t i = kFront; i < end; i += 8) {
      store_lanes(&rows_[kNameRow][i], lanes_of(ByteClass::kDot, i) & ahead(kLabelRow, i, 1) &
                                           back(kLabelRow, i, 1));
    }
  }
  if (has(kAddresses4)) {
    // Three dots with a digit before each, two to four bytes apart. What lies behind the next
    // block is not known: there all may be.
    const std::size_t next = kFront + blocks_;
    rows_[kInnerRow][next] =
        rows_[kDotRow][next] & before(rows_[kDigitRow][next], rows_[kDigitRow][next - 1], 1);
    for (std::size_t i = kFront; i < end; i += 8) {
      store_lanes(&rows_[kChainRow][i],
                  lanes_at(kInnerRow, i) & (ahead(kInnerRow, i, 2) | ahead(kInnerRow, i, 3) |
                                            ahead(kInnerRow, i, 4)));
    }
    const Bits inner = rows_[kInnerRow][next];
    rows_[kChainRow][next] = inner & (after(inner, ~Bits{0}, 2) | after(inner, ~Bits{0}, 3) |
                                      after(inner, ~Bits{0}, 4));
    for (std::size_t i = kFront; i < end; i += 8) {
      store_lanes(&rows_[kAddress4Dots][i],
                  lanes_at(kInnerRow, i) & (ahead(kChainRow, i, 2) | ahead(kChainRow, i, 3) |
                                            ahead(kChainRow, i, 4)));
    }
  }
  if (wants_hosts_ && has(kAddresses4)) {
    for (std::size_t i = kFront; i < end; i += 8)
      store_lanes(&rows_[kNumberBegins][i],
                  lanes_of(ByteClass::kDigit, i) & ~back(kWordRow, i, 1));
  }
  if (has(kAddresses6 | kAddresses4 | kDigests)) {
    for (std::size_t i = kFront; i < end; i += 8) {
      const Lanes colon = lanes_of(ByteClass::kColon, i), last = lanes_at(kColonRow, i - 1);
      const Lanes twice = colon & back(kColonRow, i, 1);
      // Clock times have two colons in a chain and network cards five; what matters has six.
      // Two to five bytes apart; any colon of the block before will do.
      Lanes chain = colon & (back(kHexRow, i, 1) | back(kColonRow, i, 1));
      const Lanes over = last >> 62 | last >> 61 | last >> 60 | last >> 59;
      for (int step = 0; step < 5; ++step) {
        const Lanes moved = chain << 2 | chain << 3;
        chain &= moved | moved << 2 | over;
      }
      store_lanes(&rows_[kColonMarks][i], twice | chain);
    }
  }
  if (has(kDigests | kWallets)) {
    for (std::size_t i = kFront; i < end; i += 8) {
      // A run of n letters and digits holds a whole aligned group of at least (n + 1) / 2.
      Lanes groups = lanes_at(kAlnumRow, i);
      groups &= groups >> 1;
      groups &= groups >> 2;
      if (parts_.least_run >= 15) groups &= groups >> 4;
      if (parts_.least_run >= 31) groups &= groups >> 8;
      groups &= parts_.least_run >= 31   ? Bits{0x0001000100010001}
                : parts_.least_run >= 15 ? Bits{0x0101010101010101}
                                         : Bits{0x1111111111111111};
      store_lanes(&rows_[kRunGroups][i], groups);
      store_lanes(&rows_[kJoints][i],
                  (lanes_of(ByteClass::kColon, i) | lanes_of(ByteClass::kDash, i)) &
                      back(kDigitRow, i, 1) &
                      // "md5", "sha1", and the 'a' of "sha256".
                      (back(row_of(ByteClass::kHexLetter), i, 2) |
                       (back(kDigitRow, i, 2) & back(kDigitRow, i, 3) &
                        back(row_of(ByteClass::kA), i, 4))));
    }
  }
  if (has(kCves)) {
    for (std::size_t i = kFront; i < end; i += 8) {
      store_lanes(&rows_[kCveDashes][i], lanes_of(ByteClass::kDash, i) & back(kAlphaRow, i, 1) &
                                             back(kAlphaRow, i, 3) & ahead(kDigitRow, i, 1) &
                                             ahead(kDigitRow, i, 4) &
                                             ahead(row_of(ByteClass::kDash), i, 5));
    }
  }
  if (has(kAsns)) {
    for (std::size_t i = kFront; i < end; i += 8) {
      // "AS" is seldom; what must follow it is looked at only then: an 'n' or not, a blank or
      // colon or not, a digit.
      Lanes letters = lanes_of(ByteClass::kA, i) & ahead(row_of(ByteClass::kS), i, 1) &
                      ~back(kAlnumRow, i, 1);
      if (has_bits(letters)) {
        const Lanes digit2 = ahead(kDigitRow, i, 2), digit3 = ahead(kDigitRow, i, 3);
        const Lanes parted2 = ahead(row_of(ByteClass::kBlank), i, 2) | ahead(kColonRow, i, 2);
        const Lanes parted3 = ahead(row_of(ByteClass::kBlank), i, 3) | ahead(kColonRow, i, 3);
        letters &= digit2 | (parted2 & digit3) | (ahead(kAlphaRow, i, 2) & (digit3 | parted3));
      }
      store_lanes(&rows_[kAsnLetters][i], letters);
    }
  }
  if (has(kUris)) {
    for (std::size_t i = kFront; i < end; i += 8) {
      store_lanes(&rows_[kUriSlashes][i],
                  lanes_of(ByteClass::kSlash, i) & (back(row_of(ByteClass::kBlank), i, 1) |
                                                    back(row_of(ByteClass::kDouble), i, 1) |
                                                    back(row_of(ByteClass::kSingle), i, 1) |
                                                    back(row_of(ByteClass::kEquals), i, 1)));
    }
  }
  for (std::size_t i = kFront; i < end; i += 8) {
    const Lanes hex1 = ahead(kHexRow, i, 1), hex2 = ahead(kHexRow, i, 2);
    const Lanes alpha1 = ahead(kAlphaRow, i, 1), dot1 = ahead(kDotRow, i, 1);
    const Lanes open = lanes_of(ByteClass::kOpen, i), equals = lanes_of(ByteClass::kEquals, i);
    Lanes backslashes = lanes_of(ByteClass::kBackslash, i);
    if (!has(kBackslashes))
      backslashes &= ahead(row_of(ByteClass::kEscaped), i, 1) | dot1 | ahead(kSlashRow, i, 1);
    const Lanes percents = lanes_of(ByteClass::kPercent, i) & hex1 & hex2;
    const Lanes breaks =
        equals &
        (ahead(row_of(ByteClass::kLf), i, 1) |
         (ahead(row_of(ByteClass::kBlank), i, 1) & ahead(row_of(ByteClass::kLf), i, 2)));
    // Where some '=' begins no escape the line is no quoted-printable, but for a "=3D". In
    // blocks without a line end that is seen here.
    Lanes escapes = equals & hex1 & hex2;
    const Lanes nothing = {};
    const Lanes parted = reinterpret_cast<Lanes>((equals & ~escapes & ~breaks) != nothing) &
                         reinterpret_cast<Lanes>(lanes_of(ByteClass::kLf, i) == nothing);
    // Nor where one stands before it in its line.
    const Lanes line = ~lanes_of(ByteClass::kLf, i);
    const Lanes behind = line & ~add_lanes(line, equals & ~escapes & ~breaks, equals_carry_);
    escapes &= ~(parted | behind) |
               (ahead(kDigitRow, i, 1) & ahead(row_of(ByteClass::kHexLetter), i, 2));
    Lanes marks = open & (dot1 | ahead(kColonRow, i, 1) | ahead(row_of(ByteClass::kAt), i, 1));
    const Lanes words = open & alpha1;
    if (has_bits(words)) {
      // "[at]", "[dot]", "[http]", "[https]".
      const Lanes two = words & ahead(kAlphaRow, i, 2), three = two & ahead(kAlphaRow, i, 3);
      const Lanes four = three & ahead(kAlphaRow, i, 4);
      const Lanes end5 = ~ahead(kAlnumRow, i, 5) |
                         (ahead(row_of(ByteClass::kS), i, 5) & ~ahead(kAlnumRow, i, 6));
      marks |= (two & ahead(row_of(ByteClass::kA), i, 1) & ~ahead(kAlnumRow, i, 3)) |
               (three & hex1 & ~ahead(kAlnumRow, i, 4)) | (four & end5);
    }
    const Lanes digits = open & ahead(kDigitRow, i, 1) & ~ahead(kAlnumRow, i, 2);
    store_lanes(&rows_[kEqualsEscapes][i], escapes);
    store_lanes(&rows_[kSoftBreaks][i], breaks);
    store_lanes(&rows_[kEscapes][i], backslashes | percents | escapes | breaks | marks |
                                         digits | lanes_of(ByteClass::kAmpersand, i));
  }
  if (has(kNames)) find_name_ends();
  if (has(kWords)) find_word_ends();
  if (has(kAgents)) {
    find_quote_ends(ByteClass::kDouble, kDoubleEnds, double_carry_);
    find_quote_ends(ByteClass::kSingle, kSingleEnds, single_carry_);
  }
}

/// Where labels end that begin with a letter behind a dot, and no other label follows; without
/// underscores in them, where no name ends so: names of fields do ("id.orig_h").
void SieveScan::find_name_ends() {
  const Lanes nothing = {};
  const Lanes sought = has(kUnderscoreEnds) ? nothing : ~nothing;
  for (std::size_t i = kFront; i < kFront + groups_ * 8; i += 8) {
    const Lanes labels = lanes_at(kLabelRow, i);
    const Lanes ends = add_lanes(labels, back(kNameRow, i, 1), name_carry_) & ~labels;
    const Lanes held =
        add_lanes(labels, lanes_of(ByteClass::kUnderscore, i) & sought, underscore_carry_);
    store_lanes(&rows_[kNameEnds][i],
                ends & ~(held | (lanes_of(ByteClass::kDot, i) & ahead(kAlnumRow, i, 1))));
  }
}

/// Ends of words with a letter, unless words without are looked at, too. One by one they must
/// also have the least length that is looked for; in lists that is seen later.
void SieveScan::find_word_ends() {
  for (std::size_t i = kFront; i < kFront + groups_ * 8; i += 8) {
    const Lanes words = lanes_at(kWordRow, i), moved = back(kWordRow, i, 1);
    Lanes ends = moved & ~words;
    if (!parts_.words_without_letters) {
      const Lanes others =
          words & ~(lanes_of(ByteClass::kAlpha, i) | lanes_of(ByteClass::kHigh, i));
      ends &= ~add_lanes(others, others & ~moved, word_carry_);
    }
    store_lanes(&rows_[kWordEnds][i], ends);
  }
#if !defined(SPOOR_SIEVE_AVX512)
  const unsigned least = parts_.least_word;
  for (std::size_t b = kFront; b < kFront + blocks_; ++b) {
    Bits longs = rows_[kWordRow][b], longs_before = rows_[kWordRow][b - 1];  // of the length n
    unsigned n = 1;
    for (const Row row : {kWord2Row, kWord4Row, kWordLongRow}) {
      const unsigned step = std::min(n, least - n);
      if (step != 0) longs &= before(longs, longs_before, step);
      n += step;
      rows_[row][b] = longs;
      longs_before = rows_[row][b - 1];
    }
    rows_[kWordEnds][b] &= before(longs, longs_before, 1);
  }
#endif
}

/// Closing quotes of strings that hold a blank, a slash or an opening bracket: what is quoted
/// and has none of these the words' lane looks for. Where all agents are longer than 16, 32 or
/// 64 bytes only those that no other quote stands nearer before.
void SieveScan::find_quote_ends(ByteClass quote, Row to, Bits& carry) {
  if (blocks_with(row_of(quote)) == 0) {
    std::fill_n(&rows_[to][kFront], groups_ * 8, Bits{0});
    carry = 0;  // the next one may be asked for without need
    return;
  }
  for (std::size_t i = kFront; i < kFront + groups_ * 8; i += 8) {
    const Lanes here = lanes_of(quote, i), starts = back(row_of(quote), i, 1);
    const Lanes others = ~(here | lanes_of(ByteClass::kBlank, i) |
                           lanes_of(ByteClass::kSlash, i) | lanes_of(ByteClass::kOpen, i));
    const Lanes ends = add_lanes(others, starts & others, carry);
    const Lanes far =
        parts_.least_agent >= 64   ? lonely_bits<Lanes>(here, lanes_at(row_of(quote), i - 1))
        : parts_.least_agent >= 32 ? lonely_bits<Halves>(here, back(row_of(quote), i, 32))
        : parts_.least_agent >= 16 ? lonely_bits<Quarters>(here, back(row_of(quote), i, 16))
                                   : here;
    store_lanes(&rows_[to][i], parts_.every_quote ? far : far & ~starts & ~ends);
  }
}

}  // namespace
}  // namespace SPOOR_SIEVE_ISA
}  // namespace spoor
