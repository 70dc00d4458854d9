// The sieve's scan of one text, private to the sieve. 64 bytes at a time become masks
// (simd/classify); masks become candidates by shifts and ands; a candidate costs a hash and, a
// batch later, one look at the filter. What each lane looks at, what makes most text die early,
// and the file that holds it:
//
//   names     a dot between a label and a letter that begins a last label which some name has;
//             names beyond ASCII; "@" of e-mail addresses                      sieve_name.cpp
//   IPv4      a dot that two more follow, digits round all of them
//   IPv6      "::" or a chain of colons among hex digits, as are digests
//             written in bytes                                              sieve_address.cpp
//   URLs      "://" before a host that no other lane reads; the paths behind known hosts;
//             request targets                                                   sieve_url.cpp
//   runs      of letters and digits of a length that some digest or wallet has; base64
//             digests, CVE and AS numbers                                     sieve_token.cpp
//   words     every word's first eight bytes and length, in a small bit map; the same for
//             quoted strings                                                   sieve_word.cpp
//   readings  escapes: the line is decoded and each reading scanned like a line
//                                                                           sieve_reading.cpp
//
// Everything errs on one side: a line may be flagged without need, never passed over with need.
// Where a rule is intricate the lane flags, or asks the rules' own functions.

#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "ioc/ip.h"
#include "ioc/url.h"
#include "match/byte_classes.h"
#include "match/sieve.h"
#include "match/sieve_format.h"
#include "simd/classify.h"

namespace spoor {

namespace sieve {

inline constexpr std::size_t kWindow = 64;  // blocks classified at once; masks stay in L1
inline constexpr std::size_t kBatch = 64;  // probes under way: enough to hide a wait for memory
inline constexpr std::size_t kMaxName = 1024;  // the rules read no longer name (D2)

using Bits = std::uint64_t;

/// Bit i of the answer is bit i - n or i + n of the text's masks, over the border of a block.
inline Bits before(Bits here, Bits previous, unsigned n) {
  return here << n | previous >> (64 - n);
}
inline Bits before1(Bits here, Bits previous) {
  return before(here, previous, 1);
}
inline Bits after(Bits here, Bits next, unsigned n) {
  return here >> n | next << (64 - n);
}

}  // namespace sieve

/// The scan of one text.
class SieveScan {
 public:
  using Bits = sieve::Bits;
  using Parts = sieve::Parts;
  /// With `lines` each line is read and flagged by itself, its readings too; without, `text` is
  /// one reading, and the first find ends the scan.
  SieveScan(const Sieve& sieve, std::string_view text, Sieve::Scratch* lines)
      : sieve_(sieve), parts_(sieve.parts_), text_(text), lines_(lines) {}

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
    const sieve::FilterPlace place = sieve::filter_place(hash, parts_.filter_blocks);
    const Bits* const line = parts_.filter + place.block * 8;
    return (line[place.first] & place.first_bits) == place.first_bits &&
           (line[place.second] & place.second_bits) == place.second_bits;
  }
  /// What the entries say of a key; 0: nothing.
  std::uint32_t kinds_of(std::uint64_t hash) const {
    const std::uint64_t bucket = hash >> parts_.bucket_shift;
    const std::uint32_t want = sieve::fingerprint(hash);
    const std::uint64_t end =
        std::min<std::uint64_t>(parts_.buckets[bucket + 1], parts_.entry_count);
    for (std::uint64_t i = parts_.buckets[bucket]; i < end; ++i) {
      if ((parts_.entries[i] & 0x0FFFFFFF) == want) return parts_.entries[i] >> 28;
    }
    return 0;
  }
  std::uint32_t look_up(std::uint64_t hash) const { return maybe(hash) ? kinds_of(hash) : 0; }

  void probe(std::uint64_t hash, std::size_t begin, std::size_t end, Lane lane) {
    const std::uint64_t line = static_cast<std::uint64_t>(
        (static_cast<unsigned __int128>(hash) * parts_.filter_blocks) >> 64);
    __builtin_prefetch(parts_.filter + line * 8);
    pending_[pending_count_++] = {hash, static_cast<std::uint32_t>(begin),
                                  static_cast<std::uint32_t>(end), lane};
    if (pending_count_ == sieve::kBatch) drain();
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
    if (in_ranges(address) || look_up(sieve::hash_number(address, sieve::Seed::kAddress4)) != 0)
      flag(at);
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
  bool has(std::uint32_t lane) const { return (parts_.lanes & lane) != 0; }

  const Sieve& sieve_;
  const Parts& parts_;
  std::string_view text_;
  Sieve::Scratch* lines_;
  bool found_ = false;
  std::size_t flagged_from_ = 0, flagged_until_ = 0;

  std::size_t pending_count_ = 0;
  std::array<Probe, sieve::kBatch> pending_;
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
  std::array<BlockMasks, sieve::kWindow + 2> window_;
  std::array<Derived, sieve::kWindow + 2> derived_;

  // How far each lane has read: no byte is walked over twice.
  std::size_t path_bytes_ = 0;  // that check_path() has walked over
  std::size_t colons_done_ = 0, run_done_ = 0, high_done_ = 0, uri_done_ = 0;
  std::size_t reading_begin_ = 0, reading_done_ = 0, qp_done_ = 0;
  std::size_t last_double_ = std::string_view::npos, last_single_ = std::string_view::npos;
  std::size_t word_begin_ =
      std::string_view::npos;  // of a word that reaches over a block's end
};

}  // namespace spoor
