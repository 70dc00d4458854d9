// The sieve: opening a block, and the kernel of the instruction set at hand.

#include "match/sieve.h"

#include <algorithm>
#include <cstring>

#include "match/sieve_format.h"
#include "match/sieve_kernel.h"
#include "simd/isa.h"

namespace spoor {

using namespace sieve;

std::optional<Sieve> Sieve::open(std::span<const std::byte> block) {
  SieveHeader header;
  if (block.size() < sizeof header || reinterpret_cast<std::uintptr_t>(block.data()) % 64 != 0)
    return std::nullopt;
  std::memcpy(&header, block.data(), sizeof header);
  if (header.magic != kMagic || header.version != kVersion ||
      header.block_bytes != block.size() || header.bucket_bits > 28 || header.bucket_bits < 1 ||
      header.word_bits < 7 || header.word_bits > 30 || header.filter_blocks == 0 ||
      header.least_run < 7 || header.least_word < 1 || header.least_word > kMostLeastWord) {
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
  parts.least_word = header.least_word;
  parts.words_without_letters = header.words_without_letters != 0;
  parts.every_quote = header.every_quote != 0;
  parts.bare_hosts = header.bare_hosts != 0;
  parts.bucket_shift = 64 - header.bucket_bits;
  parts.word_shift = 64 - (header.word_bits - 6);
  parts.filter_blocks = header.filter_blocks;
  parts.entry_count = header.entries;
  parts.range_count = header.ranges;
  std::copy(std::begin(header.run_lengths), std::end(header.run_lengths), parts.run_lengths);
  std::copy(std::begin(header.v6_prefixes), std::end(header.v6_prefixes), parts.v6_prefixes);
  parts.filter = words64(header.filter_at);
  sieve.filter_ =
      std::make_shared<LargePages>(block.subspan(header.filter_at, header.filter_blocks * 64));
  parts.buckets = words32(header.buckets_at);
  parts.entries = words32(header.entries_at);
  parts.words = words64(header.words_at);
  parts.ranges = words32(header.ranges_at);
  parts.tlds = mapped->tlds;
  parts.nets = mapped->nets;
  parts.uppers = mapped->uppers;
  return sieve;
}

namespace {

const Kernel& kernel() {
#if defined(__x86_64__)
  switch (current_isa()) {
    case Isa::kAvx512:
      return kAvx512Kernel;
    case Isa::kAvx2:
      return kAvx2Kernel;
    case Isa::kScalar:
      break;
  }
#endif
  return kScalarKernel;
}

}  // namespace

void Sieve::scan(std::string_view text, Scratch& scratch, bool with_readings) const {
  scratch.flagged.clear();
  scratch.things.clear();
  scratch.soft_breaks.clear();
  scratch.hosts.clear();
  scratch.has_nul = scratch.has_escape = false;
  filter_->count(text.size());
  Parts parts = parts_;
  parts.filter = reinterpret_cast<const std::uint64_t*>(filter_->data());
  kernel().scan(parts, text, scratch, with_readings);
}

bool Sieve::could_match(std::string_view text, std::span<const ViewKind> chain) const {
  return kernel().could_match(parts_, text, chain);
}

}  // namespace spoor
