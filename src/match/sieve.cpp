// The sieve's scan. 64 bytes at a time become masks (simd/classify); masks become candidates by
// shifts and ands; a candidate costs a hash and, a batch later, one look at the filter. What
// each lane looks at, and what makes most text die early:
//
//   names     a dot between a label and a letter that begins a last label which some name has
//   IPv4      a dot that two more follow, digits round all of them
//   IPv6      "::" or a chain of colons among hex digits, as are digests written in bytes
//   digests   runs of letters and digits of a length that some digest or wallet has
//   words     every word's first eight bytes and length, in a small bit map
//   e-mail    "@";  URLs: "://" before a host that no other lane reads
//   readings  escapes: the line is decoded and each reading scanned like a line
//
// Everything here errs on one side: a line may be flagged without need, never passed over with
// need. Where a rule is intricate the lane flags, or asks the rules' own functions.

#include "match/sieve.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/ascii.h"
#include "base/utf8.h"
#include "ioc/domain.h"
#include "ioc/ip.h"
#include "ioc/path.h"
#include "ioc/url.h"
#include "match/exact_pass.h"
#include "match/sieve_format.h"
#include "match/views.h"
#include "simd/classify.h"

namespace spoor {

using namespace sieve;

namespace {

constexpr std::size_t kWindow = 64;     // blocks classified at once; masks stay in L1
constexpr std::size_t kBatch = 64;      // probes under way: enough to hide a wait for memory
constexpr std::size_t kMaxName = 1024;  // the rules read no longer name (D2)

using Bits = std::uint64_t;

Bits before1(Bits here, Bits previous) {
  return here << 1 | previous >> 63;
}
Bits after(Bits here, Bits next, unsigned n) {
  return here >> n | next << (64 - n);
}
Bits before(Bits here, Bits previous, unsigned n) {
  return here << n | previous >> (64 - n);
}

/// The first n bytes of a word of eight.
constexpr std::array<Bits, 9> kHeadMasks = {0,
                                            0xFF,
                                            0xFFFF,
                                            0xFFFFFF,
                                            0xFFFFFFFF,
                                            0xFFFFFFFFFF,
                                            0xFFFFFFFFFFFF,
                                            0xFFFFFFFFFFFFFF,
                                            0xFFFFFFFFFFFFFFFF};

bool is_label_byte(char c) {
  return is_alnum(c) || c == '-' || c == '_';
}
bool is_local_byte(char c) {
  return is_alnum(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-';
}
bool ends_url(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7F || c == '"' || c == '<' || c == '>' || c == '\\' ||
         c == '^' || c == '`' || c == '|';
}
bool is_hex_run_byte(char c) {
  return is_hex(c) || c == ':' || c == '.';
}

}  // namespace

std::optional<Sieve> Sieve::open(std::span<const std::byte> block) {
  SieveHeader header;
  if (block.size() < sizeof header || reinterpret_cast<std::uintptr_t>(block.data()) % 64 != 0)
    return std::nullopt;
  std::memcpy(&header, block.data(), sizeof header);
  if (header.magic != kMagic || header.version != kVersion ||
      header.block_bytes != block.size() || header.bucket_bits > 28 || header.bucket_bits < 1 ||
      header.word_bits < 6 || header.word_bits > 30 || header.filter_blocks == 0 ||
      header.least_run < 7) {
    return std::nullopt;
  }
  const auto fits = [&](std::uint64_t at, std::uint64_t count, std::uint64_t each) {
    return at % 8 == 0 && at <= block.size() && count <= (block.size() - at) / each;
  };
  if (!fits(header.filter_at, header.filter_blocks, 64) ||
      !fits(header.buckets_at, (std::uint64_t{1} << header.bucket_bits) + 1, 4) ||
      !fits(header.entries_at, header.entries, 4) ||
      !fits(header.words_at, (std::uint64_t{1} << header.word_bits) / 8, 1) ||
      !fits(header.ranges_at, header.ranges, 8)) {
    return std::nullopt;
  }
  Sieve sieve;
  sieve.base_ = reinterpret_cast<const unsigned char*>(block.data());
  sieve.header_ = reinterpret_cast<const SieveHeader*>(block.data());
  return sieve;
}

/// The scan of one text.
class SieveScan {
 public:
  /// `chain`: how the text came about; its readings are tried only from outside (whole texts of
  /// readings), or line by line where `lines` is given.
  SieveScan(const Sieve& sieve, std::string_view text, Sieve::Scratch* lines)
      : sieve_(sieve),
        h_(*sieve.header_),
        filter_(reinterpret_cast<const Bits*>(sieve.base_ + h_.filter_at)),
        buckets_(reinterpret_cast<const std::uint32_t*>(sieve.base_ + h_.buckets_at)),
        entries_(reinterpret_cast<const std::uint32_t*>(sieve.base_ + h_.entries_at)),
        words_(reinterpret_cast<const Bits*>(sieve.base_ + h_.words_at)),
        text_(text),
        lines_(lines),
        lanes_(h_.lanes) {}

  /// True if something was flagged; without `lines` the scan ends there.
  bool run();

 private:
  enum class Lane : std::uint8_t { kName, kAddress4, kPlain };
  struct Probe {
    std::uint64_t hash;
    std::uint32_t begin, end;
    Lane lane;
  };

  // --- masks ---
  Bits mask(std::size_t block, ByteClass c) const { return window_[block][c]; }
  /// Of window block `b`: masks that several lanes need, made once.
  Bits label(std::size_t b) const { return derived_[b].label; }
  Bits alnum(std::size_t b) const { return derived_[b].alnum; }
  Bits hex(std::size_t b) const { return derived_[b].hex; }
  Bits word(std::size_t b) const { return derived_[b].word; }

  void block(std::size_t b, std::size_t base);
  template <typename Visit>
  void each(Bits bits, std::size_t base, Visit&& visit) {
    while (bits != 0) {
      visit(base + static_cast<std::size_t>(std::countr_zero(bits)));
      bits &= bits - 1;
    }
  }

  // --- lanes ---
  void name_at(std::size_t dot, std::size_t b);
  void address4_at(std::size_t dot, std::size_t b);
  void address4(std::uint32_t address, std::size_t begin, std::size_t end);
  void colons_at(std::size_t colon);
  void colon_bytes(std::size_t begin, std::size_t end);
  void run_at(std::size_t inside, std::size_t b);
  void words(std::size_t b, std::size_t base);
  void word_at(std::size_t begin, std::size_t end);
  void email_at(std::size_t sign);
  void url_at(std::size_t colon);
  void odd_host(std::size_t begin);
  void host_key(const Url& url, std::size_t at);
  void high_run_at(std::size_t at);
  void wide_name(std::size_t begin, std::size_t end);
  void cve_at(std::size_t dash);
  void asn_at(std::size_t a);
  void quote_at(std::size_t quote);
  void uri_at(std::size_t slash);
  void base64_at(std::size_t joint);
  void readings(std::size_t b, std::size_t base);
  void reading_at(std::size_t at);
  bool is_read(std::size_t at) const { return at >= reading_begin_ && at < reading_done_; }
  bool may_be_qp(std::size_t at);
  bool may_be_json(std::size_t backslash) const;
  bool is_escape(std::size_t backslash) const;

  // --- probes ---
  bool maybe(std::uint64_t hash) const {
    const FilterPlace place = filter_place(hash, h_.filter_blocks);
    const Bits* const line = filter_ + place.block * 8;
    return (line[place.first] & place.first_bits) == place.first_bits &&
           (line[place.second] & place.second_bits) == place.second_bits;
  }
  /// What the entries say of a key; 0: nothing.
  std::uint32_t kinds_of(std::uint64_t hash) const {
    const std::uint64_t bucket = hash >> (64 - h_.bucket_bits);
    const std::uint32_t want = fingerprint(hash);
    const std::uint64_t end = std::min<std::uint64_t>(buckets_[bucket + 1], h_.entries);
    for (std::uint64_t i = buckets_[bucket]; i < end; ++i) {
      if ((entries_[i] & 0x0FFFFFFF) == want) return entries_[i] >> 28;
    }
    return 0;
  }
  std::uint32_t look_up(std::uint64_t hash) const { return maybe(hash) ? kinds_of(hash) : 0; }

  void probe(std::uint64_t hash, std::size_t begin, std::size_t end, Lane lane) {
    const std::uint64_t line = static_cast<std::uint64_t>(
        (static_cast<unsigned __int128>(hash) * h_.filter_blocks) >> 64);
    __builtin_prefetch(filter_ + line * 8);
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
  void check_path(std::uint64_t host, std::size_t end);
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
    flagged_until_ = lf == std::string_view::npos ? text_.size() : lf;
  }

  /// Of the line that holds the byte `at`.
  std::size_t line_begin(std::size_t at) const {
    const void* const lf = ::memrchr(text_.data(), '\n', at);
    return lf == nullptr
               ? 0
               : static_cast<std::size_t>(static_cast<const char*>(lf) - text_.data()) + 1;
  }
  char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  bool has(std::uint32_t lane) const { return (lanes_ & lane) != 0; }

  const Sieve& sieve_;
  const SieveHeader& h_;
  const Bits* filter_;
  const std::uint32_t* buckets_;
  const std::uint32_t* entries_;
  const Bits* words_;
  std::string_view text_;
  Sieve::Scratch* lines_;
  const std::uint32_t lanes_;
  bool found_ = false;
  std::size_t flagged_from_ = 0, flagged_until_ = 0;

  std::size_t pending_count_ = 0;
  std::array<Probe, kBatch> pending_;
  struct Derived {
    Bits label, alnum, hex, word;
  };
  void derive(std::size_t b) {
    const BlockMasks& m = window_[b];
    Derived& d = derived_[b];
    d.alnum = m[ByteClass::kDigit] | m[ByteClass::kAlpha];
    d.label = d.alnum | m[ByteClass::kDash];
    d.hex = m[ByteClass::kDigit] | m[ByteClass::kHexLetter];
    d.word = d.label | m[ByteClass::kDot] | m[ByteClass::kHigh];
  }
  std::array<BlockMasks, kWindow + 2> window_;
  std::array<Derived, kWindow + 2> derived_;

  // How far each lane has read: no byte is walked over twice.
  std::size_t path_bytes_ = 0;  // that check_path() has walked over
  std::size_t colons_done_ = 0, run_done_ = 0, high_done_ = 0, uri_done_ = 0;
  std::size_t reading_begin_ = 0, reading_done_ = 0, qp_done_ = 0;
  std::size_t last_double_ = std::string_view::npos, last_single_ = std::string_view::npos;
  std::size_t word_begin_ =
      std::string_view::npos;  // of a word that reaches over a block's end
};

// --- names
// ------------------------------------------------------------------------------------

void SieveScan::name_at(std::size_t dot, std::size_t b) {
  const std::size_t off = dot % 64;
  // The last label, from the byte after the dot on.
  std::size_t end;
  if (off < 63) {
    const Bits run = after(label(b), label(b + 1), static_cast<unsigned>(off + 1));
    const auto n = static_cast<std::size_t>(std::countr_zero(~run));
    end = dot + 1 + n;
    if (n == 64) {
      while (end < text_.size() && is_label_byte(text_[end])) ++end;
    }
  } else {
    end = dot + 1 + static_cast<std::size_t>(std::countr_zero(~label(b + 1)));
    if (end == dot + 65) {
      while (end < text_.size() && is_label_byte(text_[end])) ++end;
    }
  }
  if (end > text_.size()) end = text_.size();
  if (at(end) == '.') {
    // Not the last label, unless only dots and hyphens follow.
    std::size_t next = end;
    while (is_trimmed(at(next))) ++next;
    if (next < text_.size() && (is_alnum(text_[next]) || text_[next] == '_')) return;
  }
  while (end > dot + 1 && text_[end - 1] == '-') --end;
  const std::size_t tld_bytes = end - dot - 1;
  if (tld_bytes == 0 || tld_bytes > 63) return;
  const std::uint32_t slot = tld_slot(text_.data() + dot + 1, tld_bytes);
  if ((h_.tlds[slot / 64] >> (slot % 64) & 1) == 0) return;

  // The label before it.
  const Bits left = off == 0 ? label(b - 1) : label(b) << (64 - off) | (label(b - 1) >> off);
  auto n = static_cast<std::size_t>(std::countl_zero(~left));
  std::size_t begin = dot - std::min(n, dot);
  if (n == 64) {
    while (begin > 0 && is_label_byte(text_[begin - 1])) --begin;
  }
  if (text_[begin] == '-') {
    // Hyphens and dots at the begin of the whole run are no part of the name (D2).
    std::size_t run = begin;
    while (run > 0 && is_trimmed(text_[run - 1])) --run;
    if (run == 0 || !is_label_byte(text_[run - 1])) {
      while (begin < dot && text_[begin] == '-') ++begin;
    }
  }
  if (begin == dot || end - begin > kMaxName) return;
  probe(hash_bytes(text_.data() + begin, end - begin, Seed::kName), begin, end, Lane::kName);
}

void SieveScan::resolve_name(const Probe& probe, std::uint32_t kinds) {
  const std::size_t end = probe.end;
  // The whole token: back over labels and dots, hyphens and dots off its begin.
  std::size_t run = probe.begin;
  while (run > 0 && end - run <= kMaxName + 1 &&
         (is_label_byte(text_[run - 1]) || text_[run - 1] == '.'))
    --run;
  std::size_t whole = run;
  while (whole < probe.begin && is_trimmed(text_[whole])) ++whole;

  std::size_t begin = probe.begin;
  std::uint64_t hash = probe.hash;
  for (bool site = true;; site = false) {
    if (kinds != 0) {
      if ((kinds & kCovers) != 0) return flag(begin);
      if (begin == whole) {
        if ((kinds & kFull) != 0) return flag(begin);
        if ((kinds & kHost) != 0) check_path(hash, end);
      }
      if (site && (kinds & kLonger) == 0) return;
      if (site && end - begin >= 8 && equals_ignore_case(text_.substr(end - 5, 5), ".arpa")) {
        const std::string name = lower(text_.substr(whole, end - whole));
        if (const auto v4 = parse_in_addr_arpa(name)) check_address4(*v4, whole);
        if (const auto v6 = parse_ip6_arpa(name)) check_address6(*v6, whole);
      }
    } else if (site) {
      return;
    }
    if (begin <= whole) return;
    // One label further to the left.
    --begin;  // the dot
    while (begin > whole && text_[begin - 1] != '.') --begin;
    hash = hash_bytes(text_.data() + begin, end - begin, Seed::kName);
    kinds = look_up(hash);
  }
}

void SieveScan::check_path(std::uint64_t host, std::size_t end) {
  std::size_t i = end;
  while (is_trimmed(at(i))) ++i;
  if (at(i) == ':') {
    ++i;
    while (is_digit(at(i))) ++i;
  }
  if (at(i) != '/') return;
  const std::size_t begin = i;
  // Each path is walked over once, unless hosts stand in the paths of hosts, again and again:
  // then the rules are cheaper, and the time stays in proportion to the text.
  if (path_bytes_ > 8 * end + (1 << 16)) return flag(begin);
  std::uint64_t state = path_begin(host);
  for (;; ++i) {
    const char c = at(i);
    const bool over = i >= text_.size() || ends_url(c) || i - begin > 8200;
    if (i > begin && (over || !(is_alnum(c) || c == '_' || c == '~' || c == '-'))) {
      if ((look_up(path_key(state)) & kFull) != 0) return flag(begin);
    }
    if (over || c == '?' || c == '#') return;
    ++path_bytes_;
    // What canonical paths write otherwise is for the rules.
    if (c == '%' || is_non_ascii(c) || (c == '/' && at(i + 1) == '.')) return flag(begin);
    state = path_step(state, static_cast<unsigned char>(c));
  }
}

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

// --- addresses
// --------------------------------------------------------------------------------

bool SieveScan::in_ranges(std::uint32_t address) const {
  const std::uint32_t net = address >> 16;
  if ((h_.nets[net / 64] >> (net % 64) & 1) == 0) return false;
  const auto* const ranges =
      reinterpret_cast<const std::uint32_t*>(sieve_.base_ + h_.ranges_at);
  std::uint64_t low = 0, high = h_.ranges;  // the first range that begins after the address
  while (low < high) {
    const std::uint64_t middle = (low + high) / 2;
    if (ranges[middle * 2] <= address) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low > 0 && address <= ranges[(low - 1) * 2 + 1];
}

void SieveScan::check_address6(const Ipv6& address, std::size_t at) {
  const char* const bytes = reinterpret_cast<const char*>(address.data());
  if (look_up(hash_bytes(bytes, 16, Seed::kAddress6)) != 0) return flag(at);
  for (int prefix = 0; prefix <= 128; ++prefix) {
    if ((h_.v6_prefixes[prefix / 64] >> (prefix % 64) & 1) == 0) continue;
    std::array<char, 17> key{};
    for (int i = 0, bits = prefix; bits > 0; ++i, bits -= 8) {
      const int kept = bits >= 8 ? 0xFF : (0xFF << (8 - bits)) & 0xFF;
      key[static_cast<std::size_t>(i)] =
          static_cast<char>(address[static_cast<std::size_t>(i)] & kept);
    }
    key[16] = static_cast<char>(prefix);
    if (look_up(hash_bytes(key.data(), key.size(), Seed::kNetwork6)) != 0) return flag(at);
  }
}

/// `dot`: the first of at least three with one to three digits between them.
void SieveScan::address4_at(std::size_t dot, std::size_t b) {
  // A dot before the first group may be a URL's leading punctuation: it rules out nothing here.
  const auto off = static_cast<unsigned>(dot % 64);
  if (dot >= 4 && off < 48) {
    // All places by masks, groups without a branch on their lengths.
    const Bits digits = mask(b, ByteClass::kDigit);
    const Bits last = mask(b - 1, ByteClass::kDigit);
    const Bits left = off == 0 ? last : digits << (64 - off) | last >> off;
    const auto first = static_cast<unsigned>(std::countl_zero(~left));
    const Bits dots = mask(b, ByteClass::kDot) >> (off + 1);
    const auto second = static_cast<unsigned>(std::countr_zero(dots));
    const auto third =
        second + 1 + static_cast<unsigned>(std::countr_zero(dots >> (second + 1)));
    const auto fourth = static_cast<unsigned>(std::countr_zero(~(digits >> (off + 2 + third))));
    if (off + 2 + third + fourth < 64) {
      if (first - 1 > 2 || third - second - 2 > 2 || fourth - 1 > 2) return;
      const char* const at_dot = text_.data() + dot;
      const auto group = [](const char* end, unsigned n) {
        return static_cast<unsigned>(end[-1] - '0') +
               (n > 1 ? 10u : 0u) * static_cast<unsigned>(end[-2] - '0') +
               (n > 2 ? 100u : 0u) * static_cast<unsigned>(end[-3] - '0');
      };
      const unsigned g1 = group(at_dot, first);
      const unsigned g2 = group(at_dot + 1 + second, second);
      const unsigned g3 = group(at_dot + 1 + third, third - second - 1);
      const unsigned g4 = group(at_dot + 2 + third + fourth, fourth);
      if ((g1 | g2 | g3 | g4) > 255) return;
      return address4(g1 << 24 | g2 << 16 | g3 << 8 | g4, dot - first,
                      dot + 2 + third + fourth);
    }
  }
  std::size_t begin = dot;
  while (begin > 0 && dot - begin < 4 && is_digit(text_[begin - 1])) --begin;
  if (dot - begin > 3) return;
  std::uint32_t address = 0;
  std::size_t i = begin;
  for (int group = 0; group < 4; ++group) {
    std::uint32_t value = 0;
    const std::size_t first = i;
    while (i < text_.size() && i - first < 4 && is_digit(text_[i]))
      value = value * 10 + static_cast<std::uint32_t>(text_[i++] - '0');
    if (i == first || i - first > 3 || value > 255) return;
    address = address << 8 | value;
    if (group < 3 && at(i++) != '.') return;
  }
  address4(address, begin, i);
}

void SieveScan::address4(std::uint32_t address, std::size_t begin, std::size_t end) {
  if (in_ranges(address)) return flag(begin);
  probe(hash_number(address, Seed::kAddress4), begin, end, Lane::kAddress4);
}

/// IPv6 addresses and digests in bytes: the run of hex digits, colons and dots round a colon.
void SieveScan::colons_at(std::size_t colon) {
  if (colon < colons_done_) return;
  std::size_t begin = colon;
  while (begin > colons_done_ && is_hex_run_byte(text_[begin - 1])) --begin;
  std::size_t end = colon;
  std::size_t colons = 0;
  while (end < text_.size() && is_hex_run_byte(text_[end])) ++end;
  for (std::size_t i = begin; i < end; ++i) colons += text_[i] == ':';
  colons_done_ = end;
  if (has(kDigests) && colons >= 15) colon_bytes(begin, end);
  if (colons < 2 || end - begin > 64 || !has(kAddresses6 | kAddresses4)) return;
  while (end > begin && text_[end - 1] == '.') --end;
  if (end - begin > 2 && text_[end - 1] == ':' && text_[end - 2] != ':' &&
      (end == text_.size() || is_space(text_[end])))
    --end;
  const auto parsed = parse_ipv6(text_.substr(begin, end - begin));
  if (!parsed) return;
  if (has(kAddresses6)) check_address6(*parsed, begin);
  if (const auto mapped = ipv4_mapped(*parsed)) check_address4(*mapped, begin);
  if (const auto nat64 = ipv4_nat64(*parsed)) check_address4(*nat64, begin);
}

/// H5: sequences of "hh:" that begin after a border, or after a colon behind a word.
void SieveScan::colon_bytes(std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i + 47 <= end; ++i) {
    if (!is_hex(text_[i]) || !is_hex(text_[i + 1]) || text_[i + 2] != ':') continue;
    if (i > 0 && is_alnum(text_[i - 1])) continue;
    if (i > 0 && text_[i - 1] == ':') {
      // A pair of digits before the colon is the sequence itself, anything else may be a label.
      std::size_t name = i - 1;
      while (name > 0 && i - name < 4 &&
             (is_label_byte(text_[name - 1]) || text_[name - 1] == '.'))
        --name;
      if (i - 1 - name == 2 && i > begin) continue;
    }
    std::array<char, 130> digits;
    std::size_t n = 0;
    std::size_t at = i;
    while (at + 1 < end && n + 2 <= digits.size() && is_hex(text_[at]) &&
           is_hex(text_[at + 1])) {
      digits[n++] = text_[at];
      digits[n++] = text_[at + 1];
      at += 2;
      if (at >= end || text_[at] != ':') break;
      ++at;
    }
    if (look_up(hash_bytes(digits.data(), n, Seed::kRun)) != 0) return flag(i);
  }
}

// --- digests and wallets
// ----------------------------------------------------------------------

void SieveScan::run_at(std::size_t inside, std::size_t b) {
  if (inside < run_done_) return;
  // Both ends by the masks at hand, and byte by byte beyond these.
  const std::size_t off = inside % 64;
  const Bits left = off == 0 ? alnum(b - 1) : alnum(b) << (64 - off) | alnum(b - 1) >> off;
  std::size_t n = static_cast<std::size_t>(std::countl_zero(~left));
  std::size_t begin = inside - std::min(n, inside - run_done_);
  if (n == 64) {
    while (begin > run_done_ && is_alnum(text_[begin - 1])) --begin;
  }
  const Bits right =
      off == 0 ? alnum(b) : after(alnum(b), alnum(b + 1), static_cast<unsigned>(off));
  n = static_cast<std::size_t>(std::countr_zero(~right));
  std::size_t end = inside + n;
  if (n == 64) {
    while (end < text_.size() && is_alnum(text_[end])) ++end;
  }
  run_done_ = end;
  const auto try_run = [&](std::size_t from) {
    const std::size_t bytes = end - from;
    if (bytes < 256 && (h_.run_lengths[bytes / 64] >> (bytes % 64) & 1) != 0)
      probe(hash_bytes(text_.data() + from, bytes, Seed::kRun), from, end, Lane::kPlain);
  };
  try_run(begin);
  if (end - begin > 2 && text_[begin] == '0' && to_lower(text_[begin + 1]) == 'x')
    try_run(begin + 2);
}

void SieveScan::base64_at(std::size_t joint) {
  struct Form {
    std::string_view label;
    std::size_t bytes;
  };
  constexpr Form kForms[] = {
      {"sha256", 32}, {"sha384", 48}, {"sha512", 64}, {"sha1", 20}, {"md5", 16}};
  const auto value_of = [](char c) {
    if (is_upper(c)) return c - 'A';
    if (is_lower(c)) return c - 'a' + 26;
    if (is_digit(c)) return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
  };
  for (const Form& form : kForms) {
    if (joint < form.label.size() ||
        !equals_ignore_case(text_.substr(joint - form.label.size(), form.label.size()),
                            form.label))
      continue;
    std::string bytes;
    unsigned bits = 0;
    int held = 0;
    for (std::size_t i = joint + 1; i < text_.size() && bytes.size() < form.bytes; ++i) {
      const int value = value_of(text_[i]);
      if (value < 0) break;
      bits = bits << 6 | static_cast<unsigned>(value);
      held += 6;
      if (held >= 8) {
        held -= 8;
        bytes += static_cast<char>(bits >> held & 0xFF);
      }
    }
    if (bytes.size() == form.bytes && look_up(hash_bytes(to_hex(bytes), Seed::kRun)) != 0)
      return flag(joint);
  }
}

// --- words
// ------------------------------------------------------------------------------------

/// The key of a word, and where it stands without dots and hyphens at its ends.
namespace {
std::uint64_t word_key(std::string_view word) {
  unsigned char all = 0;
  for (const char c : word) all |= static_cast<unsigned char>(c);
  return all >= 0x80 ? hash_bytes(fold_case(word), Seed::kWord) : hash_bytes(word, Seed::kWord);
}
}  // namespace

void SieveScan::word_at(std::size_t begin, std::size_t end) {
  const std::uint64_t key = word_key(text_.substr(begin, end - begin));
  probe(key, begin, end, Lane::kPlain);
  // The word before it, in the same line.
  std::size_t before_end = begin;
  while (true) {
    while (before_end > 0 && !is_word_byte(static_cast<unsigned char>(text_[before_end - 1])) &&
           text_[before_end - 1] != '\n' && begin - before_end < 2048)
      --before_end;
    if (before_end == 0 || !is_word_byte(static_cast<unsigned char>(text_[before_end - 1])))
      return;
    std::size_t before = before_end;
    while (before > 0 && before_end - before <= 1100 &&
           is_word_byte(static_cast<unsigned char>(text_[before - 1])))
      --before;
    std::string_view word = text_.substr(before, before_end - before);
    while (!word.empty() && is_trimmed(word.front())) word.remove_prefix(1);
    while (!word.empty() && is_trimmed(word.back())) word.remove_suffix(1);
    if (!word.empty()) {
      probe(hash_pair(word_key(word), key, Seed::kPair), begin, end, Lane::kPlain);
      return;
    }
    before_end = before;
  }
}

void SieveScan::words(std::size_t b, std::size_t base) {
  const Bits here = word(b);
  const Bits shifted = before1(here, word(b - 1));
  Bits begins = here & ~shifted;
  Bits ends = ~here & shifted;  // first byte past a word
  const Bits high = mask(b, ByteClass::kHigh);
  const Bits edges = mask(b, ByteClass::kDot) | mask(b, ByteClass::kDash);
  const char* const text = text_.data();
  std::size_t carried = word_begin_;
  word_begin_ = std::string_view::npos;
  if (carried != std::string_view::npos && ends == 0) {
    word_begin_ = carried;
    return;
  }
  const unsigned shift = 64 - h_.word_bits;
  while (ends != 0) {
    std::size_t end = base + static_cast<std::size_t>(std::countr_zero(ends));
    ends &= ends - 1;
    std::size_t begin;
    bool odd;    // hyphens or dots at its ends, or begun in another block
    bool plain;  // no byte over 0x7F
    if (carried == std::string_view::npos) {
      const auto first = static_cast<unsigned>(std::countr_zero(begins));
      begins &= begins - 1;
      begin = base + first;
      const std::size_t last = end - base;  // 1..63
      odd = ((edges >> first | edges >> (last - 1)) & 1) != 0;
      plain = ((high >> first) << (64 - (last - first))) == 0;
    } else {
      begin = carried;
      carried = std::string_view::npos;
      odd = true;
      // A word of three blocks is looked at whole.
      plain = base - begin <= 64 && (high | mask(b - 1, ByteClass::kHigh)) == 0;
    }
    if (odd) {
      while (begin < end && is_trimmed(text[begin])) ++begin;
      while (end > begin && is_trimmed(text[end - 1])) --end;
      if (begin == end) continue;
    }
    const std::size_t n = end - begin;
    const Bits kept = kHeadMasks[std::min<std::size_t>(n, 8)];
    const Bits head =
        begin + 8 <= text_.size() ? load8(text + begin) & kept : load_head(text + begin, n);
    const Bits slot = ((head | (kFold & kept)) ^ n * kPrime2) * kPrime1 >> shift;
    // A word with other letters folds to other bytes: it is asked for whole.
    if (plain && (words_[slot / 64] >> (slot % 64) & 1) == 0) continue;
    if (n <= kMaxName) word_at(begin, end);
  }
  if (begins != 0) word_begin_ = base + static_cast<std::size_t>(std::countr_zero(begins));
}

// --- e-mail, URLs
// -----------------------------------------------------------------------------

void SieveScan::email_at(std::size_t sign) {
  std::size_t begin = sign;
  while (begin > 0 && sign - begin < 256 && is_local_byte(text_[begin - 1])) --begin;
  std::size_t end = sign + 1;
  while (end < text_.size() && end - sign < 600 &&
         (is_label_byte(text_[end]) || text_[end] == '.'))
    ++end;
  if (begin == sign) return;
  if (end < text_.size() && is_non_ascii(text_[end])) return flag(sign);
  while (end > sign + 1 && is_trimmed(text_[end - 1])) --end;
  if (end == sign + 1) return;
  probe(hash_pair(hash_bytes(text_.data() + begin, sign - begin, Seed::kEmail),
                  hash_bytes(text_.data() + sign + 1, end - sign - 1, Seed::kEmail),
                  Seed::kEmail),
        sign, end, Lane::kPlain);
}

/// "://": schemes in disguise, and hosts that no other lane reads.
void SieveScan::url_at(std::size_t colon) {
  // hxxp, meow (X1). Every other scheme is what it is.
  if (lines_ != nullptr && colon >= 4) {
    const char last =
        to_lower(text_[colon - 1] == 's' || text_[colon - 1] == 'S' ? text_[colon - 2]
                                                                    : text_[colon - 1]);
    if (last == 'w' || (last == 'p' && !(to_lower(text_[colon - 1]) == 's'
                                             ? colon >= 5 && to_lower(text_[colon - 3]) == 't'
                                             : to_lower(text_[colon - 2]) == 't')))
      reading_at(colon);
  }
  // A plain name or a plain dotted address, with a border behind it.
  std::size_t i = colon + 3;
  const std::size_t begin = i;
  std::size_t label = i;
  std::size_t dots = 0;
  bool numbers = true;
  bool zeros = false;
  for (; i < text_.size(); ++i) {
    const char c = text_[i];
    if (c == '.') {
      ++dots;
      label = i + 1;
    } else if (is_digit(c)) {
      zeros = zeros || (c == '0' && i == label && is_digit(at(i + 1)));
    } else if (is_label_byte(c)) {
      numbers = false;
    } else {
      break;
    }
  }
  const char c = at(i);
  bool plain = i > begin && c != '%' && c != '@' && c != '[' && !is_non_ascii(c);
  if (plain && c == ':') {
    std::size_t port = i + 1;
    while (is_digit(at(port))) ++port;
    plain = !(is_label_byte(at(port)) || at(port) == '@' || at(port) == '%' ||
              at(port) == '.' || at(port) == ':' || is_non_ascii(at(port)));
    // "name:password@host" with a password of digits and what may stand in one.
    for (std::size_t k = port;
         plain && k < text_.size() && k - port < 256 && !ends_url(text_[k]) &&
         text_[k] != '/' && text_[k] != '?' && text_[k] != '#';
         ++k)
      plain = text_[k] != '@';
  } else if (plain) {
    for (std::size_t k = i; plain && k < text_.size() && !ends_url(text_[k]) &&
                            text_[k] != '/' && text_[k] != '?' && text_[k] != '#';
         ++k)
      plain = text_[k] != '@' && k - i < 256;
  }
  if (plain) {
    const bool letter_tld = label < i && is_alpha(text_[label]);
    if (dots > 0 && letter_tld) return;                       // the names' lane
    if (numbers && dots == 3 && !zeros && label < i) return;  // the addresses' lane
  }
  if (c == '[' && i == begin) return;  // the colons' lane
  // Every place where a host could begin: here, and behind each '@' of the authority.
  odd_host(begin);
  std::size_t signs = 0;
  for (std::size_t k = begin; k < text_.size() && !ends_url(text_[k]) && text_[k] != '/' &&
                              text_[k] != '?' && text_[k] != '#';
       ++k) {
    if (text_[k] != '@') continue;
    if (++signs > 8 || k - begin > 4096) return flag(colon);
    odd_host(k + 1);
  }
}

void SieveScan::odd_host(std::size_t begin) {
  if (at(begin) == '*' && at(begin + 1) == '.') begin += 2;  // D1
  std::size_t end = begin;
  while (end < text_.size() && end - begin < 2100 &&
         (is_label_byte(text_[end]) || text_[end] == '.' || text_[end] == '%' ||
          is_non_ascii(text_[end])))
    ++end;
  while (end > begin && text_[end - 1] == '.') --end;
  if (end == begin) return;
  const auto url = parse_url("http://" + std::string(text_.substr(begin, end - begin)) + "/",
                             Scheme::kRequired);
  if (url) host_key(*url, begin);
  // Hyphens at the end belong to a host, but the keys go without.
  if (text_[end - 1] == '-' || text_[begin] == '-') flag(begin);
}

void SieveScan::host_key(const Url& url, std::size_t at) {
  if (url.host_kind == HostKind::kIpv4) {
    if (const auto address = parse_ipv4(url.host)) check_address4(*address, at);
  } else if (url.host_kind == HostKind::kName) {
    std::string_view name = url.host;
    while (!name.empty() && is_trimmed(name.front())) name.remove_prefix(1);
    while (!name.empty() && is_trimmed(name.back())) name.remove_suffix(1);
    if (look_up(hash_bytes(name, Seed::kName)) != 0) flag(at);
  }
}

// --- names beyond ASCII
// -----------------------------------------------------------------------

/// The run of word bytes round a byte over 0x7F.
void SieveScan::high_run_at(std::size_t inside) {
  if (inside < high_done_) return;
  std::size_t begin = inside;
  while (begin > high_done_ && is_word_byte(static_cast<unsigned char>(text_[begin - 1])))
    --begin;
  std::size_t end = begin;
  bool dot = false;
  while (end < text_.size() && is_word_byte(static_cast<unsigned char>(text_[end]))) {
    // A dot, or the second and third bytes of U+3002, U+FF0E, U+FF61.
    const char c = text_[end];
    dot = dot || c == '.' || c == '\x80' || c == '\xBC' || c == '\xBD';
    ++end;
  }
  high_done_ = end;
  if (!has(kNames | kUrls | kEmails | kAddresses4 | kAddresses6)) return;
  if (!dot && !has(kSingleLabels)) return;
  // Runs of name characters as the rules cut them (D2): letters and marks of any script.
  wide_name(begin, end);
}

void SieveScan::wide_name(std::size_t begin, std::size_t end) {
  const auto look = [&](std::size_t from, std::size_t to) {
    const auto wide_dot = [&](std::size_t i) {
      if (i + 3 > to || !is_non_ascii(text_[i])) return false;
      const char32_t c = decode_utf8(text_, i).value;
      return c == 0x3002 || c == 0xFF0E || c == 0xFF61;
    };
    while (from < to && (is_trimmed(text_[from]) || wide_dot(from)))
      from += is_non_ascii(text_[from]) ? 3 : 1;
    while (to > from && (is_trimmed(text_[to - 1]) || (to - from >= 3 && wide_dot(to - 3))))
      to -= is_non_ascii(text_[to - 1]) ? 3 : 1;
    if (from >= to || to - from > 2100) return;
    const std::string_view token = text_.substr(from, to - from);
    // Without other letters it is the names' lane's, but for single labels, whose lane takes
    // the whole word.
    const bool plain = std::none_of(token.begin(), token.end(), is_non_ascii);
    if (plain && !(has(kSingleLabels) && token.find('.') == std::string_view::npos)) return;
    const auto name = canonical_domain(token);
    if (!name) return;
    // Keys go without hyphens at the end, those of hosts of URLs at the begin too; a name that
    // was mapped may have them where the text had none.
    std::string_view ascii = name->ascii;
    if (ascii.size() >= 5 && ascii.substr(ascii.size() - 5) == ".arpa") return flag(from);
    while (!ascii.empty() && is_trimmed(ascii.back())) ascii.remove_suffix(1);
    std::string_view bare = ascii;
    while (!bare.empty() && is_trimmed(bare.front())) bare.remove_prefix(1);
    if (has(kSingleLabels) && bare.find('.') == std::string_view::npos &&
        look_up(hash_bytes(bare, Seed::kWord)) != 0)
      return flag(from);
    if (look_up(hash_bytes(bare, Seed::kName)) != 0) return flag(from);
    for (std::size_t at = 0;;) {
      if (look_up(hash_bytes(ascii.substr(at), Seed::kName)) != 0) return flag(from);
      const std::size_t dot = ascii.find('.', at);
      if (dot == std::string_view::npos) break;
      at = dot + 1;
    }
    if (has(kEmails) && from > 0 && text_[from - 1] == '@') flag(from);
  };
  // A name can end at any character that is no letter, so each stretch between such characters
  // is one; which ones these are the rules' own table tells through canonical_domain: a stretch
  // with a foreign character in it is refused there. The stretches are cut here at everything
  // that the rules might cut at.
  for (const bool letters_only : {true, false}) {
    std::size_t from = begin;
    for (std::size_t i = begin; i < end;) {
      std::size_t length = 1;
      bool cut = false;
      if (is_non_ascii(text_[i])) {
        const CodePoint point = decode_utf8(text_, i);
        length = point.length;
        cut = !point.valid || (letters_only && !is_name_character(point.value));
      }
      if (cut) {
        look(from, i);
        from = i + length;
      }
      i += length;
    }
    look(from, end);
  }
}

// --- the others
// -------------------------------------------------------------------------------

void SieveScan::cve_at(std::size_t dash) {
  if (dash < 3 || !equals_ignore_case(text_.substr(dash - 3, 3), "cve")) return;
  std::size_t end = dash + 1;
  while (is_digit(at(end))) ++end;
  if (end != dash + 5 || at(end) != '-') return;
  ++end;
  while (is_digit(at(end))) ++end;
  probe(hash_bytes(text_.data() + dash - 3, end - dash + 3, Seed::kCve), dash, end,
        Lane::kPlain);
}

void SieveScan::asn_at(std::size_t a) {
  if (a > 0 && (is_alnum(text_[a - 1]) || text_[a - 1] == '_')) return;
  std::size_t digits = a + 2;
  if (to_lower(at(digits)) == 'n') ++digits;
  if (at(digits) == ' ' || at(digits) == ':') ++digits;
  std::size_t end = digits;
  while (is_digit(at(end))) ++end;
  while (end - digits > 1 && text_[digits] == '0') ++digits;
  if (end == digits || end - digits > 10) return;
  std::array<char, 12> value{'A', 'S'};
  std::copy_n(text_.data() + digits, end - digits, value.begin() + 2);
  if (look_up(hash_bytes(value.data(), end - digits + 2, Seed::kAsn)) != 0) flag(a);
}

/// O5: what stands between two neighbours of one kind in a line.
void SieveScan::quote_at(std::size_t quote) {
  std::size_t& last = text_[quote] == '"' ? last_double_ : last_single_;
  if (last != std::string_view::npos) {
    const std::size_t begin = last + 1;
    // As it stands, and without the backslashes that escape the quote.
    for (std::size_t end = quote;;) {
      const std::size_t n = end - begin;
      if (n >= h_.least_agent && n <= 4096) {
        const std::uint64_t head = load_head(text_.data() + begin, n) | fold_mask(n);
        const std::uint64_t slot = word_slot(head, n, h_.word_bits);
        if ((words_[slot / 64] >> (slot % 64) & 1) != 0)
          probe(hash_bytes(text_.data() + begin, n, Seed::kAgent), begin, end, Lane::kPlain);
      }
      if (end != quote || end == begin || text_[end - 1] != '\\') break;
      while (end > begin && text_[end - 1] == '\\') --end;
    }
  }
  last = quote;
}

void SieveScan::uri_at(std::size_t slash) {
  if (slash < uri_done_) return;
  const auto is_border = [](char c) {
    return is_space(c) || c == '"' || c == '\'' || c == '\0';
  };
  if (slash > 0 && !is_border(text_[slash - 1]) && text_[slash - 1] != '=') return;
  std::size_t end = slash;
  bool odd = false;
  while (end < text_.size() && !is_border(text_[end])) {
    const char c = text_[end];
    odd = odd || c == '%' || c == '#' || is_non_ascii(c) || (c == '/' && at(end + 1) == '.');
    ++end;
  }
  uri_done_ = end;
  if (end - slash > 8192) return;
  if (!odd) {
    probe(hash_bytes(text_.data() + slash, end - slash, Seed::kUri), slash, end, Lane::kPlain);
    // Without the backslashes that escape a quote behind it.
    if (end - slash > 1 && text_[end - 1] == '\\') {
      while (end - slash > 1 && text_[end - 1] == '\\') --end;
      probe(hash_bytes(text_.data() + slash, end - slash, Seed::kUri), slash, end,
            Lane::kPlain);
    }
    return;
  }
  while (end - slash > 1 && text_[end - 1] == '\\') --end;
  const auto url = parse_url("http://h.invalid" + std::string(text_.substr(slash, end - slash)),
                             Scheme::kRequired);
  if (!url) return;
  const std::string value = url->query ? url->path + "?" + *url->query : url->path;
  if (look_up(hash_bytes(value, Seed::kUri)) != 0) flag(slash);
}

// --- readings
// ---------------------------------------------------------------------------------

/// A line that holds what may be an escape: every reading of it is scanned like a line.
void SieveScan::reading_at(std::size_t at) {
  if (is_read(at)) return;
  const std::size_t begin = line_begin(at);
  const std::size_t end = std::min(text_.find('\n', at), text_.size());
  reading_begin_ = begin;
  reading_done_ = end;
  if (at >= flagged_from_ && at < flagged_until_) return;
  if (sieve_.could_match_readings(text_.substr(begin, end - begin), {})) flag(at);
}

/// Whether decode() could believe in quoted-printable on this line: a `=3D`, or no '=' that is
/// anything else than an escape.
bool SieveScan::may_be_qp(std::size_t at) {
  if (at < qp_done_) return false;
  const std::size_t begin = line_begin(at);
  const std::size_t end = std::min(text_.find('\n', at), text_.size());
  qp_done_ = end;
  const std::string_view line = text_.substr(begin, end - begin);
  const auto is_upper_hex = [](char c) { return is_digit(c) || (c >= 'A' && c <= 'F'); };
  for (std::size_t i = line.find('='); i != std::string_view::npos; i = line.find('=', i + 1)) {
    if (i + 2 < line.size() && is_upper_hex(line[i + 1]) && is_upper_hex(line[i + 2])) continue;
    return line.find("=3D") != std::string_view::npos;
  }
  return true;
}

/// A backslash before b, f, n, r or t, the last of a run: whether the string that it stands in
/// could be JSON, once (an odd run) or twice (an even one). A path of Windows hardly ever is:
/// one component that begins with another letter, and it is no JSON (decode()).
bool SieveScan::may_be_json(std::size_t backslash) const {
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

void SieveScan::readings(std::size_t b, std::size_t base) {
  const BlockMasks& m = window_[b];
  const BlockMasks& next = window_[b + 1];
  // In the order of the text, so that each line is read once.
  Bits triggers = 0;
  const auto trigger = [&](std::size_t at_byte) { triggers |= Bits{1} << (at_byte - base); };
  const auto following = [&](ByteClass c, unsigned n) { return after(m[c], next[c], n); };

  if (const Bits backslashes = m[ByteClass::kBackslash]; backslashes != 0) {
    Bits strong =
        backslashes & (following(ByteClass::kAlpha, 1) | following(ByteClass::kDot, 1) |
                       following(ByteClass::kSlash, 1));
    if (has(kBackslashes)) strong = backslashes;
    each(strong, base, [&](std::size_t at_byte) {
      if (!is_read(at_byte) && (has(kBackslashes) || is_escape(at_byte))) trigger(at_byte);
    });
  }
  if (const Bits percents = m[ByteClass::kPercent]; percents != 0) {
    const Bits hexes = hex(b), next_hexes = hex(b + 1);
    triggers |= percents & after(hexes, next_hexes, 1) & after(hexes, next_hexes, 2);
  }
  if (const Bits equals = m[ByteClass::kEquals]; equals != 0) {
    const Bits hexes = hex(b), next_hexes = hex(b + 1);
    const Bits good = equals & after(hexes, next_hexes, 1) & after(hexes, next_hexes, 2);
    each(good, base, [&](std::size_t at_byte) {
      if (at_byte < qp_done_ || is_read(at_byte)) return;
      if (may_be_qp(at_byte)) trigger(at_byte);
    });
    if (lines_ != nullptr) {
      each(equals & following(ByteClass::kBlank, 1), base, [&](std::size_t at_byte) {
        if (at(at_byte + 1) == '\n' || (at(at_byte + 1) == '\r' && at(at_byte + 2) == '\n')) {
          if (at_byte + 1 < text_.size())
            lines_->soft_breaks.push_back(static_cast<std::uint32_t>(at_byte));
        }
      });
    }
  }
  each(m[ByteClass::kAmpersand], base, [&](std::size_t at_byte) {
    if (is_read(at_byte)) return;
    const char c = at(at_byte + 1);
    bool reference = c == '#';
    if (is_alpha(c)) {
      std::size_t i = at_byte + 1;
      while (i - at_byte <= 11 && is_alpha(at(i))) ++i;
      reference = at(i) == ';';
    }
    if (reference) trigger(at_byte);
  });
  if (const Bits open = m[ByteClass::kOpen]; open != 0) {
    triggers |= open & (following(ByteClass::kDot, 1) | following(ByteClass::kColon, 1) |
                        following(ByteClass::kAt, 1));
    each(open & following(ByteClass::kDigit, 1), base, [&](std::size_t at_byte) {
      if (text_.substr(at_byte, 3) == "(0)") trigger(at_byte);
    });
    each(open & following(ByteClass::kAlpha, 1), base, [&](std::size_t at_byte) {
      const std::string_view word = text_.substr(at_byte + 1, 4);
      if (starts_with_ignore_case(word, "dot") || starts_with_ignore_case(word, "at]") ||
          starts_with_ignore_case(word, "http"))
        trigger(at_byte);
    });
  }
  each(triggers, base, [&](std::size_t at_byte) { reading_at(at_byte); });
}

// --- the walk
// ---------------------------------------------------------------------------------

void SieveScan::block(std::size_t b, std::size_t base) {
  const BlockMasks& m = window_[b];
  const BlockMasks& previous = window_[b - 1];
  const BlockMasks& next = window_[b + 1];
  const Bits dots = m[ByteClass::kDot];
  const Bits colons = m[ByteClass::kColon];

  if (dots != 0) {
    if (has(kNames)) {
      const Bits letters = m[ByteClass::kAlpha];
      const Bits starts =
          dots & after(letters, next[ByteClass::kAlpha], 1) & before1(label(b), label(b - 1));
      each(starts, base, [&](std::size_t dot) { name_at(dot, b); });
    }
    if (has(kAddresses4)) {
      const auto inner = [&](std::size_t i) {
        const Bits digits = window_[i][ByteClass::kDigit];
        const Bits last = i > 0 ? window_[i - 1][ByteClass::kDigit] : 0;
        return window_[i][ByteClass::kDot] & before1(digits, last);
      };
      // Dots with a digit before them; three of them, two to four bytes apart.
      const Bits here = inner(b), there = inner(b + 1);
      const auto chained = [](Bits a, Bits c, Bits c_next) {
        return a & (after(c, c_next, 2) | after(c, c_next, 3) | after(c, c_next, 4));
      };
      const Bits two = chained(here, here, there);
      if (two != 0) {
        const Bits two_next = chained(there, there, 0) | (there & ~((Bits{1} << 60) - 1));
        each(chained(here, two, two_next), base, [&](std::size_t dot) { address4_at(dot, b); });
      }
    }
  }
  if (colons != 0) {
    if (has(kAddresses6 | kAddresses4 | kDigests)) {
      const Bits twice = colons & before1(colons, previous[ByteClass::kColon]);
      const Bits hexes = hex(b) | colons;
      const Bits tight = colons & before1(hexes, hex(b - 1) | previous[ByteClass::kColon]);
      // Clock times have two colons in a chain, what matters here at least five.
      Bits chain = tight;
      Bits chain_previous = previous[ByteClass::kColon];
      for (int step = 0; step < 3 && chain != 0; ++step) {
        chain &= before(chain, chain_previous, 2) | before(chain, chain_previous, 3) |
                 before(chain, chain_previous, 4) | before(chain, chain_previous, 5);
      }
      each(twice | chain, base, [&](std::size_t colon) { colons_at(colon); });
    }
    const Bits urls = colons & after(m[ByteClass::kSlash], next[ByteClass::kSlash], 1) &
                      after(m[ByteClass::kSlash], next[ByteClass::kSlash], 2);
    each(urls, base, [&](std::size_t colon) { url_at(colon); });
  }
  if (has(kDigests | kWallets)) {
    // A run of n letters and digits holds a whole aligned group of at least (n + 1) / 2.
    Bits groups = alnum(b);
    groups &= groups >> 1;
    groups &= groups >> 2;
    if (h_.least_run >= 15) groups &= groups >> 4;
    if (h_.least_run >= 31) groups &= groups >> 8;
    groups &= h_.least_run >= 31   ? 0x0001000100010001ull
              : h_.least_run >= 15 ? 0x0101010101010101ull
                                   : 0x1111111111111111ull;
    each(groups, base, [&](std::size_t inside) { run_at(inside, b); });
    if (has(kDigests)) {
      const Bits digits = m[ByteClass::kDigit], letters = m[ByteClass::kAlpha];
      const Bits last_digits = previous[ByteClass::kDigit];
      const Bits last_letters = previous[ByteClass::kAlpha];
      const Bits joints = (colons | m[ByteClass::kDash]) & before1(digits, last_digits) &
                          (before(letters, last_letters, 2) |
                           (before(digits, last_digits, 2) & before(digits, last_digits, 3) &
                            before(letters, last_letters, 4)));
      each(joints, base, [&](std::size_t joint) { base64_at(joint); });
    }
  }
  if (has(kWords)) words(b, base);
  if (has(kEmails)) each(m[ByteClass::kAt], base, [&](std::size_t sign) { email_at(sign); });
  if (m[ByteClass::kHigh] != 0)
    each(m[ByteClass::kHigh], base, [&](std::size_t high) { high_run_at(high); });
  if (has(kCves)) {
    each(m[ByteClass::kDash] & before1(m[ByteClass::kAlpha], previous[ByteClass::kAlpha]) &
             after(m[ByteClass::kDigit], next[ByteClass::kDigit], 1),
         base, [&](std::size_t dash) { cve_at(dash); });
  }
  if (has(kAsns)) {
    each(m[ByteClass::kA] & after(m[ByteClass::kS], next[ByteClass::kS], 1) &
             ~before1(alnum(b), alnum(b - 1)),
         base, [&](std::size_t a) { asn_at(a); });
  }
  if (has(kAgents)) {
    each(m[ByteClass::kQuote] | m[ByteClass::kLf], base, [&](std::size_t place) {
      if (at(place) == '"' || at(place) == '\'') return quote_at(place);
      last_double_ = last_single_ = std::string_view::npos;
    });
  }
  if (has(kUris)) {
    const Bits borders = m[ByteClass::kBlank] | m[ByteClass::kQuote] | m[ByteClass::kEquals];
    const Bits last = previous[ByteClass::kBlank] | previous[ByteClass::kQuote] |
                      previous[ByteClass::kEquals];
    Bits starts = m[ByteClass::kSlash] & before1(borders, last);
    if (base == 0) starts |= m[ByteClass::kSlash] & 1;
    each(starts, base, [&](std::size_t slash) { uri_at(slash); });
  }
  if (lines_ != nullptr) {
    if (m[ByteClass::kNul] != 0) lines_->has_nul = true;
    readings(b, base);
  }
}

bool SieveScan::run() {
  if (text_.empty()) return false;
  if (has(kEverything)) {
    if (lines_ == nullptr) return true;
    for (std::size_t begin = 0; begin < text_.size();) {
      lines_->flagged.push_back(static_cast<std::uint32_t>(begin));
      const std::size_t lf = text_.find('\n', begin);
      if (lf == std::string_view::npos) break;
      begin = lf + 1;
    }
  }
  const std::size_t whole = text_.size() / 64;
  std::array<char, 64> tail;
  tail.fill('\n');
  std::copy(text_.begin() + static_cast<std::ptrdiff_t>(whole * 64), text_.end(), tail.begin());
  // The last block holds at least one line end past the text, so that every word has an end.
  const std::size_t blocks = whole + 1;
  BlockMasks nothing{};
  nothing.of[static_cast<std::size_t>(ByteClass::kLf)] = ~Bits{0};
  nothing.of[static_cast<std::size_t>(ByteClass::kBlank)] = ~Bits{0};

  window_[0] = nothing;
  derived_[0] = {};
  for (std::size_t first = 0; first < blocks; first += kWindow) {
    const std::size_t here = std::min(kWindow, blocks - first);
    // One block more than is walked over: lanes look ahead.
    const std::size_t ahead = std::min(here + 1, blocks - first);
    const std::size_t plain = std::min(ahead, whole - std::min(whole, first));
    classify(text_.data() + first * 64, plain, window_.data() + 1);
    if (plain < ahead) classify(tail.data(), 1, window_.data() + 1 + plain);
    if (ahead == here) window_[here + 1] = nothing;
    for (std::size_t b = 1; b <= here + 1; ++b) derive(b);
    for (std::size_t b = 1; b <= here; ++b) {
      block(b, (first + b - 1) * 64);
      if (found_ && lines_ == nullptr) return true;
    }
    window_[0] = window_[here];
    derived_[0] = derived_[here];
  }
  drain();
  return found_;
}

void Sieve::scan(std::string_view text, Scratch& scratch) const {
  scratch.flagged.clear();
  scratch.soft_breaks.clear();
  scratch.has_nul = false;
  SieveScan(*this, text, &scratch).run();
}

bool Sieve::could_match(std::string_view text, std::span<const ViewKind> chain) const {
  return SieveScan(*this, text, nullptr).run() || could_match_readings(text, chain);
}

bool Sieve::could_match_readings(std::string_view text, std::span<const ViewKind> chain) const {
  std::vector<View> views(1);
  views[0].text = text;
  views[0].chain.assign(chain.begin(), chain.end());
  for (std::size_t i = 0; i < views.size(); ++i) {
    if (views[i].chain.size() >= kMaxViewDepth) continue;
    for (const ViewKind kind : kLineViews) {
      if (!ExactPass::may_follow(views[i].chain, kind)) continue;
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
      if (SieveScan(*this, child->text, nullptr).run()) return true;
      views.push_back(std::move(*child));
    }
  }
  return false;
}

}  // namespace spoor
