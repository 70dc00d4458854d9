// The lane of quoted strings (O5): what stands between two neighbours of one kind in a line.

namespace spoor {
namespace SPOOR_SIEVE_ISA {
namespace {

/// `last`: the neighbour before the window, or none.
void SieveScan::quotes(ByteClass quote, Row ends, std::size_t& last) {
  if (blocks_with(row_of(quote)) == 0) {
    if (blocks_with(row_of(ByteClass::kLf)) != 0) last = kNone;
    return;
  }
  const auto events = [&](std::size_t b) { return mask(quote, b) | mask(ByteClass::kLf, b); };
  // The neighbour before block b's bits that are not `below`, unless a line end comes first.
  const auto before_bit = [&](std::size_t b, Bits below) -> std::size_t {
    // Which of three blocks it stands in is as good as random: no branch on that.
    const Bits own = events(b) & below;
    const std::size_t nearest = b - (own == 0 ? 1 : 0) - ((own | events(b - 1)) == 0 ? 1 : 0);
    below |= Bits{0} - (nearest != b ? 1 : 0);
    for (b = nearest; b >= kFront; --b, below = ~Bits{0}) {
      const Bits found = events(b) & below;
      if (found == 0) continue;
      const auto top = static_cast<unsigned>(63 - std::countl_zero(found));
      return (mask(quote, b) >> top & 1) != 0 ? base_of(b) + top : kNone;
    }
    return last;
  };
  for (Bits blocks = blocks_with(ends); blocks != 0; blocks &= blocks - 1) {
    const std::size_t b = kFront + static_cast<std::size_t>(std::countr_zero(blocks));
    for (Bits bits = row(ends, b); bits != 0; bits &= bits - 1) {
      const std::size_t open = before_bit(b, (bits & (~bits + 1)) - 1);
      if (open != kNone)
        quoted(open + 1, base_of(b) + static_cast<std::size_t>(std::countr_zero(bits)));
    }
  }
  last = before_bit(kFront + blocks_ - 1, ~Bits{0});
}

void SieveScan::quoted(std::size_t begin, std::size_t quote) {
  // As it stands, and without the backslashes that escape the quote.
  for (std::size_t end = quote;;) {
    const std::size_t n = end - begin;
    if (n >= parts_.least_agent && n <= kMostAgent) {
      if (is_known_word(begin, n))
        probe(hash_text(text_.data() + begin, n, Seed::kAgent), begin, end, Lane::kPlain);
    }
    if (end != quote || end == begin || text_[end - 1] != '\\') break;
    while (end > begin && text_[end - 1] == '\\') --end;
  }
}

}  // namespace
}  // namespace SPOOR_SIEVE_ISA
}  // namespace spoor
