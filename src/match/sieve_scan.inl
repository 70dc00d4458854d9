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
//   IPv4       a dot that two more follow, digits round all of them; where the caller wants to
//              know the lines with hosts of URLs, numbers that are addresses to browsers
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
namespace {

using namespace sieve;
inline constexpr std::size_t kWindow =
    Sieve::kWindowBytes / 64;             // blocks; their rows stay in L1
inline constexpr std::size_t kFront = 8;  // the block before the window is the last of these
inline constexpr std::size_t kRow = kFront + kWindow + 8;
inline constexpr std::size_t kBatch = 64;  // probes under way: enough to hide a wait for memory
inline constexpr std::size_t kPlaceBias = 16384;  // of places within a window, in 16 bits
/// Of more escapes of a line it is not kept where they are.
inline constexpr std::size_t kMostPlacesOfLine = 1024;
inline constexpr std::size_t kMaxName = 1024;    // the rules read no longer name (D2)
inline constexpr std::size_t kMostAgent = 4096;  // of bytes between quotes

/// Rows of masks: of the classes, derived ones, and candidates.
enum Row : std::size_t {
  kLabelRow = kByteClasses,  ///< bytes of labels
  kAlnumRow,
  kHexRow,
  kWordRow,   ///< bytes of words
  kNameRow,   ///< dots between a label and a letter, or with kOddEnds between two labels
  kInnerRow,  ///< dots behind a digit
  kChainRow,  ///< of these, those that another follows, two to four bytes on
  kWord2Row,  ///< bytes of words that two bytes of the word end at; and so on
  kWord4Row,
  kWordLongRow,  ///< bytes of words that the least length ends at
  // Candidates.
  kNameEnds,
  kAddress4Dots,
  kNumberBegins,
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
  kEqualsEscapes,
  kSoftBreaks,
  kEscapes,  ///< all bytes that could begin one
  kRows
};
constexpr std::size_t row_of(ByteClass c) {
  return static_cast<std::size_t>(c);
}

constexpr unsigned bit_of(ViewKind kind) {
  return 1u << static_cast<unsigned>(kind);
}

void read_lines(const Parts& parts, std::span<ReadLine> lines, Batch& batch);

/// The scan of one text.
class SieveScan {
 public:
  /// With `lines` each line is read and flagged by itself, its readings too (unless told
  /// otherwise); without, `text` is one reading, and the first find ends the scan; with `batch`
  /// it is that batch's, and finds are noted there.
  SieveScan(const Parts& parts, std::string_view text, SieveScratch* lines,
            bool with_readings = true, Batch* batch = nullptr)
      : parts_(parts),
        text_(text),
        lines_(lines),
        batch_(batch),
        with_readings_(with_readings),
        wants_hosts_(batch != nullptr   ? batch->wants_hosts
                     : lines != nullptr ? lines->wants_hosts
                                        : false) {}

  /// True if something was flagged; without `lines` the scan ends there.
  bool run();
  /// The kinds of readings that the whole text, which is a reading, may have: a bit for each
  /// ViewKind. Whole after a run() that found nothing.
  unsigned kinds() const { return kinds_; }

 private:
  enum class Lane : std::uint8_t { kName, kAddress4, kPlain, kThing };
  struct Probe {  // its hash lies apart: pending_hashes_
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
#if defined(SPOOR_SIEVE_AVX512)
    return reinterpret_cast<Lanes>(_mm512_shldv_epi64(_mm512_loadu_si512(&rows_[r][i]),
                                                      _mm512_loadu_si512(&rows_[r][i - 1]),
                                                      _mm512_set1_epi64(n)));
#else
    return lanes_at(r, i) << n | lanes_at(r, i - 1) >> (64 - n);
#endif
  }
  Lanes ahead(std::size_t r, std::size_t i, unsigned n) const {
#if defined(SPOOR_SIEVE_AVX512)
    return reinterpret_cast<Lanes>(_mm512_shrdv_epi64(_mm512_loadu_si512(&rows_[r][i]),
                                                      _mm512_loadu_si512(&rows_[r][i + 1]),
                                                      _mm512_set1_epi64(n)));
#else
    return lanes_at(r, i) >> n | lanes_at(r, i + 1) << (64 - n);
#endif
  }
  /// Of the first byte of block `b`, which counts from the row's begin.
  std::size_t base_of(std::size_t b) const {
    return window_at_ + (b - kFront) * 64;
  }
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
  /// The same, but only from byte `done` on, which the lane moves on.
  template <typename Visit>
  void visit_from(const std::size_t& done, Row r, Visit&& lane) {
    for (Bits blocks = blocks_with(r); blocks != 0; blocks &= blocks - 1) {
      const std::size_t b = kFront + static_cast<std::size_t>(std::countr_zero(blocks));
      const std::size_t base = base_of(b);
      for (Bits bits = rows_[r][b]; (bits &= bits_from(done, base)) != 0; bits &= bits - 1)
        lane(base + static_cast<std::size_t>(std::countr_zero(bits)), b);
    }
  }
  void run_lanes();

  // --- lanes ---
  void name_ends_at(std::size_t end, std::size_t b);
  void name_at(std::size_t dot, std::size_t end);
  void address4_at(std::size_t dot, std::size_t b);
  void address4(std::uint32_t address, std::size_t begin, std::size_t end);
  void number_at(std::size_t begin);
  void colons_at(std::size_t colon, std::size_t b);
  void colon_bytes(std::size_t begin, std::size_t end);
  void run_at(std::size_t inside, std::size_t b);
  void words();
#if defined(SPOOR_SIEVE_AVX512)
  unsigned known_eight(std::size_t first) const;
  std::size_t collect_words();
  std::size_t plain_words(std::size_t all);
  unsigned hash_eight_words(std::size_t first, std::size_t count);
  unsigned known_eight_words(std::size_t first) const;
#endif
  void word_ends_at(std::size_t end, std::size_t b);
  void word_at(std::size_t begin, std::size_t end);
  void quotes(ByteClass quote, Row ends, std::size_t& last);
  void quoted(std::size_t begin, std::size_t quote);
  void email_at(std::size_t sign);
  void url_at(std::size_t colon, std::size_t b);
  bool is_plain_host(std::size_t begin) const;
  void odd_host(std::size_t begin);
  void host_key(const Url& url, std::size_t at);
  void high_run_at(std::size_t at);
  void wide_name(std::size_t begin, std::size_t end);
  void cve_at(std::size_t dash);
  void asn_at(std::size_t a);
  void uri_at(std::size_t slash, std::size_t b);
  bool may_be_odd_uri(std::size_t begin, std::size_t end) const;
  void base64_at(std::size_t joint);

  // --- readings ---
  void readings();
  void judge_marks();
  unsigned kinds_at(std::size_t i);
  unsigned equals_kinds(std::size_t i, std::size_t b);
  bool has_plain_equals(std::size_t at, std::size_t b) const;
  bool is_equals_escape(std::size_t at, std::size_t b);
  bool is_reference(std::size_t ampersand) const;
  bool is_defang_mark(std::size_t open) const;
  void trigger(std::size_t at, unsigned kinds);
  void read_line();
  bool read_percents();
  bool read_strings();
  void keep_regions(ViewKind kind);
  void scan_regions();
  ReadLine& keep_line(std::size_t begin, std::string_view text, unsigned kinds);
  void read_kept_lines();
  bool is_qp(std::size_t at);
  bool may_be_json(std::size_t backslash);
  void read_string(std::size_t inside);
  bool is_escape(std::size_t backslash);
  unsigned escape_kinds(std::size_t backslash) const;
  bool ends_prefixed_name(std::size_t open) const;

  // --- probes ---
  bool maybe(Bits hash) const {
    const FilterPlace place = filter_place(hash, parts_.filter_blocks);
    const Bits* const line = parts_.filter + place.block * 8;
    return ((~line[place.first] & place.first_bits) |
            (~line[place.second] & place.second_bits)) == 0;
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
  std::uint32_t look_up(Bits hash) const {
    return maybe(hash) ? kinds_of(hash) : 0;
  }

  /// The first min(n, 8) bytes from `begin` on, with bit 5 set; without a branch on n where
  /// eight may be read.
  Bits folded_head(std::size_t begin, std::size_t n) const {
    const char* const p = text_.data() + begin;
    if (text_.size() - begin < 8) return load_head(p, n) | fold_mask(n);
    return (load8(p) | kFold) & ~Bits{0} >> (64 - 8 * std::min<std::size_t>(n, 8));
  }
  /// What the map of words says of the n bytes from `begin` on.
  bool is_known_word(std::size_t begin, std::size_t n) const {
    return is_known_word(begin, n, n);
  }
  /// The same of a word of `length` bytes.
  bool is_known_word(std::size_t begin, std::size_t n, std::size_t length) const {
    const WordPlace place = word_place(folded_head(begin, n), length, parts_.word_shift);
    return (parts_.words[place.index] & place.bits) == place.bits;
  }

  void probe(Bits hash, std::size_t begin, std::size_t end, Lane lane) {
    probe_if(true, hash, begin, end, lane);
  }
  /// The same, but only counted where it is `wanted`: what decides that is as good as random.
  void probe_if(bool wanted, Bits hash, std::size_t begin, std::size_t end, Lane lane) {
    const Bits line =
        static_cast<Bits>((static_cast<unsigned __int128>(hash) * parts_.filter_blocks) >> 64);
    const Bits* const at = parts_.filter + line * 8;
    __builtin_prefetch(wanted ? at : parts_.filter);
    pending_[pending_count_] = {static_cast<std::uint32_t>(begin),
                                static_cast<std::uint32_t>(end), lane};
    pending_hashes_[pending_count_] = hash;
    pending_lines_[pending_count_] = at;
    pending_count_ += wanted ? 1 : 0;
    if (pending_count_ == kBatch) drain();
  }
  void drain();
  void resolve(Bits hash, const Probe& probe);
  void resolve_name(Bits hash, const Probe& probe, std::uint32_t kinds);
  void resolve_word(Bits hash, const Probe& probe, std::uint32_t kinds);
  void check_path(Bits host, std::size_t end);
  bool in_ranges(std::uint32_t address) const {
    const std::uint32_t net = address >> 16;
    return (parts_.nets[net / 64] >> (net % 64) & 1) != 0 && search_ranges(address);
  }
  bool search_ranges(std::uint32_t address) const;
  void check_address4(std::uint32_t address, std::size_t at) {
    if (in_ranges(address) || look_up(hash_number(address, Seed::kAddress4)) != 0) flag(at);
  }
  void check_address6(const Ipv6& address, std::size_t at);

  /// The line of the byte `at` is for the rules; for those of things, too, where a word said
  /// so.
  void flag_thing(std::size_t at) {
    if (lines_ != nullptr) lines_->things.push_back(static_cast<std::uint32_t>(at));
    flag(at);
  }
  void flag(std::size_t at) {
    found_ = true;
    if (batch_ != nullptr) batch_->part_at(at).found = true;
    if (lines_ == nullptr || (at >= flagged_from_ && at < flagged_until_)) return;
    lines_->flagged.push_back(static_cast<std::uint32_t>(at));
    const std::size_t lf = text_.find('\n', at);
    // Batches bring places out of order: only from here to the line's end nothing more is due.
    flagged_from_ = at;
    flagged_until_ = lf == kNone ? text_.size() : lf;
  }

  /// A host of URLs that are claims stands at `at`, or what could be one.
  void note_host(std::size_t at) {
    if (!wants_hosts_) return;
    if (batch_ != nullptr) {
      batch_->part_at(at).names_host = true;
    } else {
      lines_->hosts.push_back(static_cast<std::uint32_t>(at));
    }
  }

  /// Of the line that holds the byte `at`.
  std::size_t line_begin(std::size_t at) const {
    const void* const lf = ::memrchr(text_.data(), '\n', at);
    return lf == nullptr
               ? 0
               : static_cast<std::size_t>(static_cast<const char*>(lf) - text_.data()) + 1;
  }
  char at(std::size_t i) const {
    return i < text_.size() ? text_[i] : '\0';
  }
  bool has(std::uint32_t lane) const {
    return (parts_.lanes & lane) != 0;
  }

  const Parts& parts_;
  const std::string_view text_;
  SieveScratch* const lines_;
  Batch* const batch_;
  const bool with_readings_, wants_hosts_;
  bool found_ = false;
  std::size_t flagged_from_ = 0, flagged_until_ = 0;

  std::size_t pending_count_ = 0;
  std::array<Probe, kBatch> pending_;
  alignas(64) std::array<Bits, kBatch> pending_hashes_;  // of these
  std::array<const Bits*, kBatch> pending_lines_;        // and their places in the filter

  // Ends of names whose last label some name has, in the window.
  struct NamePlace {
    std::uint32_t dot, end;
  };
  std::size_t name_count_ = 0;
  std::array<NamePlace, kWindow * 32> names_;

  alignas(64) Bits rows_[kRows][kRow];
  std::size_t window_at_ = 0;              // first byte of the window
  std::size_t blocks_ = 0;                 // of the window
  std::size_t groups_ = 0;                 // eights of blocks
  alignas(64) std::array<char, 64> tail_;  // the text's last bytes, line ends behind them
  Bits name_carry_ = 0, underscore_carry_ = 0, word_carry_ = 0, double_carry_ = 0,
       equals_carry_ = 0, single_carry_ = 0;

#if defined(SPOOR_SIEVE_AVX512)
  // Words of the window, in order: where they begin and end, and what is known of them. Places
  // count from kPlaceBias bytes before the window.
  static constexpr std::size_t kMostPlaces = kWindow * 32 + 64;
  alignas(64) std::array<std::uint16_t, kMostPlaces> begins_, ends_;
  alignas(64) std::array<std::uint8_t, kMostPlaces> marks_;
  // Of the plain ones: hashes and places in the map of words, and which are to be looked at
  // otherwise.
  alignas(64) std::array<Bits, kMostPlaces> hashes_, places_;
  std::array<std::uint8_t, kMostPlaces / 8> slow_words_;
  std::size_t open_word_ = 0;  // begin of the word that reaches into the window
#endif

  // How far each lane has read: no byte is walked over twice.
  std::size_t path_bytes_ = 0;  // that check_path() has walked over
  std::size_t colons_done_ = 0, run_done_ = 0, high_done_ = 0, uri_done_ = 0;
  std::size_t last_double_ = kNone, last_single_ = kNone;

  // What may begin an escape and waits to be judged.
  struct EscapeMark {
    std::uint32_t at;
    unsigned kinds;
  };
  static constexpr unsigned kUnjudged = ~0u;
  std::size_t unjudged_count_ = 0;
  std::array<EscapeMark, 256> unjudged_;

  unsigned kinds_ = 0;  // of the line at hand, or of the reading
  std::size_t reading_begin_ = 0, reading_end_ = 0, qp_done_ = 0;
  bool qp_ = false;
  std::size_t string_begin_ = 1, string_end_ = 0;  // that may_be_json() read last; none
  bool is_json_ = false, is_json_twice_ = false;
  // Lines that wait until there are enough of them to scan their readings together.
  std::size_t kept_count_ = 0, kept_bytes_ = 0;  // of lines_->read_lines
};

}  // namespace
}  // namespace SPOOR_SIEVE_ISA
}  // namespace spoor
