// The sieve: opening a block, the walk over a text, the batches of probes. The lanes are in
// files of their own (sieve_scan.h tells which).

#include "match/sieve.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "match/sieve_scan.h"

namespace spoor {

using namespace sieve;

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
  // Numbers are kept, not read again: what was checked is what is used.
  const auto* const base = reinterpret_cast<const unsigned char*>(block.data());
  const auto* const mapped = reinterpret_cast<const SieveHeader*>(base);
  const auto words32 = [&](std::uint64_t at) {
    return reinterpret_cast<const std::uint32_t*>(base + at);
  };
  const auto words64 = [&](std::uint64_t at) {
    return reinterpret_cast<const std::uint64_t*>(base + at);
  };
  Sieve sieve;
  Parts& parts = sieve.parts_;
  parts.lanes = header.lanes;
  parts.least_agent = header.least_agent;
  parts.least_run = header.least_run;
  parts.bucket_shift = 64 - header.bucket_bits;
  parts.word_shift = 64 - header.word_bits;
  parts.filter_blocks = header.filter_blocks;
  parts.entry_count = header.entries;
  parts.range_count = header.ranges;
  std::copy(std::begin(header.run_lengths), std::end(header.run_lengths), parts.run_lengths);
  std::copy(std::begin(header.v6_prefixes), std::end(header.v6_prefixes), parts.v6_prefixes);
  parts.filter = words64(header.filter_at);
  parts.buckets = words32(header.buckets_at);
  parts.entries = words32(header.entries_at);
  parts.words = words64(header.words_at);
  parts.ranges = words32(header.ranges_at);
  parts.tlds = mapped->tlds;
  parts.nets = mapped->nets;
  return sieve;
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
    if (parts_.least_run >= 15) groups &= groups >> 4;
    if (parts_.least_run >= 31) groups &= groups >> 8;
    groups &= parts_.least_run >= 31   ? 0x0001000100010001ull
              : parts_.least_run >= 15 ? 0x0101010101010101ull
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

}  // namespace spoor
