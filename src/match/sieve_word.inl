// The lane of words: names of files and things, parts of paths and keys (F, R, O1), single
// labels.

namespace spoor {
namespace SPOOR_SIEVE_ISA {
namespace {

namespace {

inline Bits word_key(std::string_view word) {
  unsigned char all = 0;
  for (const char c : word) all |= static_cast<unsigned char>(c);
  return all >= 0x80 ? hash_text(fold_case(word), Seed::kWord) : hash_text(word, Seed::kWord);
}

}  // namespace

/// A word that the map knows.
void SieveScan::word_at(std::size_t begin, std::size_t end) {
  probe(word_key(text_.substr(begin, end - begin)), begin, end, Lane::kThing);
}

/// The same once it is known: alone, or with the word before it in the same line.
void SieveScan::resolve_word(Bits hash, const Probe& probe, std::uint32_t kinds) {
  if ((kinds & kFull) != 0) return flag_thing(probe.begin);
  if ((kinds & kLonger) == 0) return;
  std::size_t end = probe.begin;  // of the word before it
  while (true) {
    while (end > 0 && !is_word_byte(static_cast<unsigned char>(text_[end - 1])) &&
           text_[end - 1] != '\n' && probe.begin - end < 2048)
      --end;
    if (end == 0 || !is_word_byte(static_cast<unsigned char>(text_[end - 1]))) return;
    std::size_t begin = end;
    while (begin > 0 && end - begin <= 1100 &&
           is_word_byte(static_cast<unsigned char>(text_[begin - 1])))
      --begin;
    std::string_view word = text_.substr(begin, end - begin);
    while (!word.empty() && is_trimmed(word.front())) word.remove_prefix(1);
    while (!word.empty() && is_trimmed(word.back())) word.remove_suffix(1);
    if (!word.empty()) {
      const Bits pair = hash_pair(word_key(word), hash, Seed::kPair);
      if ((look_up(pair) & kFull) != 0) flag_thing(probe.begin);
      return;
    }
    end = begin;
  }
}

/// The word that ends at `end`, by its first eight bytes and its length: whether the map knows
/// it.
void SieveScan::word_ends_at(std::size_t end, std::size_t b) {
  const auto off = static_cast<unsigned>(end % 64);
  const auto n = static_cast<unsigned>(
      std::countl_one(left_of(row(kWordRow, b), row(kWordRow, b - 1), off)));
  std::size_t begin = end - n;
  // A word of 64 bytes and more is looked at whole; so is one with other letters, which fold to
  // other bytes.
  bool plain = n < 64;
  if (plain) {
    const Bits high = left_of(mask(ByteClass::kHigh, b), mask(ByteClass::kHigh, b - 1), off);
    plain = high >> (64 - n) == 0;
  } else {
    while (begin > 0 && is_word_byte(static_cast<unsigned char>(text_[begin - 1]))) --begin;
  }
  while (begin < end && is_trimmed(text_[begin])) ++begin;
  while (end > begin && is_trimmed(text_[end - 1])) --end;
  if (begin == end || end - begin > kMaxName) return;
  const std::size_t length = end - begin;
  if (plain) {
    if (!is_known_word(begin, length)) return;
  }
  word_at(begin, end);
}

#if !defined(SPOOR_SIEVE_AVX512)

void SieveScan::words() {
  visit(kWordEnds, [&](std::size_t end, std::size_t b) { word_ends_at(end, b); });
}

#endif

}  // namespace
}  // namespace SPOOR_SIEVE_ISA
}  // namespace spoor
