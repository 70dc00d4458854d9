// The sieve's scan of one text, once for each instruction set (sieve_kernel.h); private to the
// sieve. 64 bytes become masks (simd/classify), masks become candidates, a candidate costs a
// hash and, a batch later, one look at the filter. A window of blocks is worked on at once:
//
//   1  the masks of all classes, a row for each                        simd/classify
//   2  rows derived from rows, eight blocks at a time, so that what most text dies of costs
//      next to nothing; and what runs of bytes hold, by additions whose carry runs along them
//                                                                      sieve_detect.inl
//   3  lane after lane, over the blocks that hold candidates of it:
//
//   names      ends of last labels that begin with a letter; names beyond ASCII; "@" of e-mail
//              addresses                                                 sieve_name.inl
//   IPv4       a dot that two more follow, digits round all of them
//   IPv6       "::" or a chain of colons among hex digits, as are digests
//              written in bytes                                       sieve_address.inl
//   URLs       "://" before a host that no other lane reads; the paths behind known hosts;
//              request targets                                            sieve_url.inl
//   runs       of letters and digits of a length that some digest or wallet has; base64
//              digests, CVE and AS numbers                              sieve_token.inl
//   words      the first eight bytes and the length of words that have a letter, in a bit
//              map; the same for quoted strings                          sieve_word.inl
//   readings   escapes: the line is decoded and each reading scanned like a line
//                                                                     sieve_reading.inl
//
// Everything errs on one side: a line may be flagged without need, never passed over with need.
// Where a rule is intricate the lane flags, or asks the rules' own functions.

namespace spoor {
namespace SPOOR_SIEVE_ISA {

using namespace sieve;
using Bits = std::uint64_t;
/// The same word of eight blocks.
using Lanes = Bits __attribute__((vector_size(64)));

inline constexpr std::size_t kWindow = 32;  // blocks at once; their rows stay in L1
inline constexpr std::size_t kFront = 8;    // the block before the window is the last of these
inline constexpr std::size_t kRow = kFront + kWindow + 8;
inline constexpr std::size_t kBatch = 64;  // probes under way: enough to hide a wait for memory
inline constexpr std::size_t kMaxName = 1024;  // the rules read no longer name (D2)
inline constexpr std::size_t kNone = std::string_view::npos;

/// Rows of masks: of the classes, derived ones, and candidates.
enum Row : std::size_t {
  kLabelRow = kByteClasses,  ///< bytes of labels
  kAlnumRow,
  kHexRow,
  kWordRow,   ///< bytes of words
  kNameRow,   ///< dots between a label and a letter
  kInnerRow,  ///< dots behind a digit
  kChainRow,  ///< of these, those that another follows, two to four bytes on
  kWord2Row,  ///< bytes of words that two bytes of the word end at; and so on
  kWord4Row,
  kWordLongRow,  ///< bytes of words that the least length ends at
  // Candidates.
  kNameEnds,
  kAddress4Dots,
  kColonMarks,
  kUrlColons,
  kRunGroups,
  kJoints,
  kWordEnds,
  kDoubleEnds,
  kSingleEnds,
  kUriSlashes,
  kCveDashes,
  kAsnLetters,
  kBackslashEscapes,
  kPercentEscapes,
  kEqualsEscapes,
  kSoftBreaks,
  kOpenMarks,
  kOpenLetters,
  kOpenDigits,
  kSpecials,  ///< any of the readings' candidates
  kRows
};
constexpr std::size_t row_of(ByteClass c) {
  return static_cast<std::size_t>(c);
}

inline Lanes load_lanes(const Bits* from) {
  Lanes lanes;
  std::memcpy(&lanes, from, sizeof lanes);
  return lanes;
}
inline void store_lanes(Bits* to, const Lanes& lanes) {
  std::memcpy(to, &lanes, sizeof lanes);
}

/// Bit i of the answer is bit i - n or i + n of the text's masks, over the border of a block.
inline Bits before(Bits here, Bits previous, unsigned n) {
  return here << n | previous >> (64 - n);
}
inline Bits after(Bits here, Bits next, unsigned n) {
  return here >> n | next << (64 - n);
}
/// The 64 masks' bits before bit `off` (0..63) of a block: the last of them on top.
inline Bits left_of(Bits here, Bits previous, unsigned off) {
  return off == 0 ? previous : here << (64 - off) | previous >> off;
}
/// a + b + carry, with the carry out of it.
inline Bits add_carry(Bits a, Bits b, Bits& carry) {
  Bits sum;
  const bool first = __builtin_add_overflow(a, b, &sum);
  const bool second = __builtin_add_overflow(sum, carry, &sum);
  carry = first || second ? 1 : 0;
  return sum;
}

constexpr unsigned bit_of(ViewKind kind) {
  return 1u << static_cast<unsigned>(kind);
}

bool any_reading_matches(const Parts& parts, std::string_view text,
                         std::span<const ViewKind> chain, unsigned kinds);

/// The scan of one text.
class SieveScan {
 public:
  /// With `lines` each line is read and flagged by itself, its readings too (unless told
  /// otherwise); without, `text` is one reading, and the first find ends the scan.
  SieveScan(const Parts& parts, std::string_view text, SieveScratch* lines,
            bool with_readings = true)
      : parts_(parts), text_(text), lines_(lines), with_readings_(with_readings) {}

  /// True if something was flagged; without `lines` the scan ends there.
  bool run();
  /// The kinds of readings that the whole text, which is a reading, may have: a bit for each
  /// ViewKind. Whole after a run() that found nothing.
  unsigned kinds() const { return kinds_; }

 private:
  enum class Lane : std::uint8_t { kName, kAddress4, kPlain };
  struct Probe {
    Bits hash;
    std::uint32_t begin, end;
    Lane lane;
  };

  // --- the window ---
  Bits row(std::size_t r, std::size_t b) const { return rows_[r][b]; }
  Bits mask(ByteClass c, std::size_t b) const { return rows_[row_of(c)][b]; }
  /// Of row `r`, the words of the eight blocks from i on; moved by n bytes, as in before() and
  /// after().
  Lanes lanes_at(std::size_t r, std::size_t i) const { return load_lanes(&rows_[r][i]); }
  Lanes lanes_of(ByteClass c, std::size_t i) const { return lanes_at(row_of(c), i); }
  Lanes back(std::size_t r, std::size_t i, unsigned n) const {
    return lanes_at(r, i) << n | lanes_at(r, i - 1) >> (64 - n);
  }
  Lanes ahead(std::size_t r, std::size_t i, unsigned n) const {
    return lanes_at(r, i) >> n | lanes_at(r, i + 1) << (64 - n);
  }
  /// Of the first byte of block `b`, which counts from the row's begin.
  std::size_t base_of(std::size_t b) const { return window_at_ + (b - kFront) * 64; }
  void begin_rows();
  void load_window(std::size_t first, std::size_t blocks);
  void next_rows();
  void detect();
  void derive();
  void find_name_ends();
  void find_word_ends();
  void find_quote_ends(ByteClass quote, Row to, Bits& carry);
  /// A bit for each block of the window whose word of row `r` is not zero.
  Bits blocks_with(std::size_t r) const;
  template <typename Visit>
  void visit(Row r, Visit&& lane) {
    for (Bits blocks = blocks_with(r); blocks != 0; blocks &= blocks - 1) {
      const std::size_t b = kFront + static_cast<std::size_t>(std::countr_zero(blocks));
      for (Bits bits = rows_[r][b]; bits != 0; bits &= bits - 1)
        lane(base_of(b) + static_cast<std::size_t>(std::countr_zero(bits)), b);
    }
  }
  void run_lanes();

  // --- lanes ---
  void name_ends_at(std::size_t end, std::size_t b);
  void address4_at(std::size_t dot, std::size_t b);
  void address4(std::uint32_t address, std::size_t begin, std::size_t end);
  void colons_at(std::size_t colon, std::size_t b);
  void colon_bytes(std::size_t begin, std::size_t end);
  void run_at(std::size_t inside, std::size_t b);
  void words();
  void words_of_block(std::size_t b, Bits ends);
  void word_ends_at(std::size_t end, std::size_t b);
  void word_at(std::size_t begin, std::size_t end);
  void quotes(ByteClass quote, Row ends, std::size_t& last);
  void quoted(std::size_t begin, std::size_t quote);
  void email_at(std::size_t sign);
  void url_at(std::size_t colon, std::size_t b);
  void odd_host(std::size_t begin);
  void host_key(const Url& url, std::size_t at);
  void high_run_at(std::size_t at);
  void wide_name(std::size_t begin, std::size_t end);
  void cve_at(std::size_t dash);
  void asn_at(std::size_t a);
  void uri_at(std::size_t slash);
  void base64_at(std::size_t joint);

  // --- readings ---
  void readings();
  void readings_of_block(std::size_t b);
  void trigger(std::size_t at, unsigned kinds);
  void read_line();
  bool is_qp(std::size_t at);
  bool may_be_json(std::size_t backslash) const;
  bool is_escape(std::size_t backslash) const;
  unsigned escape_kinds(std::size_t backslash) const;
  bool ends_prefixed_name(std::size_t open) const;

  // --- probes ---
  bool maybe(Bits hash) const {
    const FilterPlace place = filter_place(hash, parts_.filter_blocks);
    const Bits* const line = parts_.filter + place.block * 8;
    return (line[place.first] & place.first_bits) == place.first_bits &&
           (line[place.second] & place.second_bits) == place.second_bits;
  }
  /// What the entries say of a key; 0: nothing.
  std::uint32_t kinds_of(Bits hash) const {
    const Bits bucket = hash >> parts_.bucket_shift;
    const std::uint32_t want = fingerprint(hash);
    const Bits end = std::min<Bits>(parts_.buckets[bucket + 1], parts_.entry_count);
    for (Bits i = parts_.buckets[bucket]; i < end; ++i) {
      if ((parts_.entries[i] & 0x0FFFFFFF) == want) return parts_.entries[i] >> 28;
    }
    return 0;
  }
  std::uint32_t look_up(Bits hash) const { return maybe(hash) ? kinds_of(hash) : 0; }

  void probe(Bits hash, std::size_t begin, std::size_t end, Lane lane) {
    const Bits line =
        static_cast<Bits>((static_cast<unsigned __int128>(hash) * parts_.filter_blocks) >> 64);
    __builtin_prefetch(parts_.filter + line * 8);
    pending_[pending_count_++] = {hash, static_cast<std::uint32_t>(begin),
                                  static_cast<std::uint32_t>(end), lane};
    if (pending_count_ == kBatch) drain();
  }
  void drain() {
    for (std::size_t i = 0; i < pending_count_; ++i) {
      if (maybe(pending_[i].hash)) resolve(pending_[i]);
    }
    pending_count_ = 0;
  }
  void resolve(const Probe& probe);
  void resolve_name(const Probe& probe, std::uint32_t kinds);
  void check_path(Bits host, std::size_t end);
  bool in_ranges(std::uint32_t address) const;
  void check_address4(std::uint32_t address, std::size_t at) {
    if (in_ranges(address) || look_up(hash_number(address, Seed::kAddress4)) != 0) flag(at);
  }
  void check_address6(const Ipv6& address, std::size_t at);

  void flag(std::size_t at) {
    found_ = true;
    if (lines_ == nullptr || (at >= flagged_from_ && at < flagged_until_)) return;
    lines_->flagged.push_back(static_cast<std::uint32_t>(at));
    const std::size_t lf = text_.find('\n', at);
    // Batches bring places out of order: only from here to the line's end nothing more is due.
    flagged_from_ = at;
    flagged_until_ = lf == kNone ? text_.size() : lf;
  }

  /// Of the line that holds the byte `at`.
  std::size_t line_begin(std::size_t at) const {
    const void* const lf = ::memrchr(text_.data(), '\n', at);
    return lf == nullptr
               ? 0
               : static_cast<std::size_t>(static_cast<const char*>(lf) - text_.data()) + 1;
  }
  char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  bool has(std::uint32_t lane) const { return (parts_.lanes & lane) != 0; }

  const Parts& parts_;
  const std::string_view text_;
  SieveScratch* const lines_;
  const bool with_readings_;
  bool found_ = false;
  std::size_t flagged_from_ = 0, flagged_until_ = 0;

  std::size_t pending_count_ = 0;
  std::array<Probe, kBatch> pending_;

  alignas(64) Bits rows_[kRows][kRow];
  std::size_t window_at_ = 0;              // first byte of the window
  std::size_t blocks_ = 0;                 // of the window
  std::size_t groups_ = 0;                 // eights of blocks
  alignas(64) std::array<char, 64> tail_;  // the text's last bytes, line ends behind them
  Bits name_carry_ = 0, word_carry_ = 0, double_carry_ = 0, single_carry_ = 0;

  // How far each lane has read: no byte is walked over twice.
  std::size_t path_bytes_ = 0;  // that check_path() has walked over
  std::size_t colons_done_ = 0, run_done_ = 0, high_done_ = 0, uri_done_ = 0;
  std::size_t last_double_ = kNone, last_single_ = kNone;

  unsigned kinds_ = 0;  // of the line at hand, or of the reading
  std::size_t reading_begin_ = 0, reading_end_ = 0, qp_done_ = 0;
  bool qp_ = false;
};

void SieveScan::resolve(const Probe& probe) {
  const std::uint32_t kinds = kinds_of(probe.hash);
  if (kinds == 0) return;
  switch (probe.lane) {
    case Lane::kName:
      return resolve_name(probe, kinds);
    case Lane::kAddress4:
      if ((kinds & kFull) != 0) return flag(probe.begin);
      return check_path(probe.hash, probe.end);
    case Lane::kPlain:
      if ((kinds & kFull) != 0) flag(probe.begin);
      return;
  }
}

void SieveScan::run_lanes() {
  if (has(kNames)) {
    visit(kNameEnds, [&](std::size_t end, std::size_t b) { name_ends_at(end, b); });
  }
  if (has(kAddresses4))
    visit(kAddress4Dots, [&](std::size_t dot, std::size_t b) { address4_at(dot, b); });
  if (has(kAddresses6 | kAddresses4 | kDigests))
    visit(kColonMarks, [&](std::size_t colon, std::size_t b) { colons_at(colon, b); });
  visit(kUrlColons, [&](std::size_t colon, std::size_t b) { url_at(colon, b); });
  if (has(kDigests | kWallets))
    visit(kRunGroups, [&](std::size_t inside, std::size_t b) { run_at(inside, b); });
  if (has(kDigests)) visit(kJoints, [&](std::size_t joint, std::size_t) { base64_at(joint); });
  if (has(kWords)) words();
  if (has(kEmails)) {
    visit(static_cast<Row>(row_of(ByteClass::kAt)),
          [&](std::size_t sign, std::size_t) { email_at(sign); });
  }
  visit(static_cast<Row>(row_of(ByteClass::kHigh)),
        [&](std::size_t high, std::size_t) { high_run_at(high); });
  if (has(kCves)) visit(kCveDashes, [&](std::size_t dash, std::size_t) { cve_at(dash); });
  if (has(kAsns)) visit(kAsnLetters, [&](std::size_t a, std::size_t) { asn_at(a); });
  if (has(kAgents)) {
    quotes(ByteClass::kDouble, kDoubleEnds, last_double_);
    quotes(ByteClass::kSingle, kSingleEnds, last_single_);
  }
  if (has(kUris)) visit(kUriSlashes, [&](std::size_t slash, std::size_t) { uri_at(slash); });
  if (lines_ != nullptr && blocks_with(row_of(ByteClass::kNul)) != 0) lines_->has_nul = true;
  if (with_readings_) readings();
}

bool SieveScan::run() {
  if (text_.empty()) return false;
  if (has(kEverything)) {
    if (lines_ == nullptr) return true;
    for (std::size_t begin = 0; begin < text_.size();) {
      lines_->flagged.push_back(static_cast<std::uint32_t>(begin));
      const std::size_t lf = text_.find('\n', begin);
      if (lf == kNone) break;
      begin = lf + 1;
    }
  }
  const std::size_t whole = text_.size() / 64;
  tail_.fill('\n');
  std::copy(text_.begin() + static_cast<std::ptrdiff_t>(whole * 64), text_.end(),
            tail_.begin());
  // The last block holds at least one line end past the text, so that every word has an end.
  const std::size_t blocks = whole + 1;
  begin_rows();
  for (std::size_t first = 0; first < blocks; first += kWindow) {
    load_window(first, blocks);
    detect();
    run_lanes();
    if (found_ && lines_ == nullptr) return true;
    next_rows();
  }
  drain();
  if (lines_ != nullptr) read_line();
  return found_;
}

}  // namespace SPOOR_SIEVE_ISA
}  // namespace spoor
