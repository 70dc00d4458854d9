// The lanes of words: names of files and things, parts of paths and keys (F, R, O1), single
// labels; and of quoted strings (O5).

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "ioc/path.h"
#include "match/sieve_scan.h"

namespace spoor {

using namespace sieve;

namespace {

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
  const unsigned shift = parts_.word_shift;
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
    if (plain && (parts_.words[slot / 64] >> (slot % 64) & 1) == 0) continue;
    if (n <= kMaxName) word_at(begin, end);
  }
  if (begins != 0) word_begin_ = base + static_cast<std::size_t>(std::countr_zero(begins));
}

/// O5: what stands between two neighbours of one kind in a line.
void SieveScan::quote_at(std::size_t quote) {
  std::size_t& last = text_[quote] == '"' ? last_double_ : last_single_;
  if (last != std::string_view::npos) {
    const std::size_t begin = last + 1;
    // As it stands, and without the backslashes that escape the quote.
    for (std::size_t end = quote;;) {
      const std::size_t n = end - begin;
      if (n >= parts_.least_agent && n <= 4096) {
        const std::uint64_t head = load_head(text_.data() + begin, n) | fold_mask(n);
        const std::uint64_t slot = word_slot(head, n, parts_.word_shift);
        if ((parts_.words[slot / 64] >> (slot % 64) & 1) != 0)
          probe(hash_bytes(text_.data() + begin, n, Seed::kAgent), begin, end, Lane::kPlain);
      }
      if (end != quote || end == begin || text_[end - 1] != '\\') break;
      while (end > begin && text_[end - 1] == '\\') --end;
    }
  }
  last = quote;
}

}  // namespace spoor
