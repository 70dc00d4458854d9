// The lanes of runs and numbers: digests and wallets (H, O4), CVE and AS numbers (O2, O3).

namespace spoor {
namespace SPOOR_SIEVE_ISA {
namespace {

void SieveScan::run_at(std::size_t inside, std::size_t b) {
  // Both ends by the masks at hand, and byte by byte beyond these.
  const std::size_t off = inside % 64;
  std::size_t n = static_cast<std::size_t>(std::countl_one(
      left_of(row(kAlnumRow, b), row(kAlnumRow, b - 1), static_cast<unsigned>(off))));
  std::size_t begin = inside - std::min(n, inside - run_done_);
  if (n == 64) {
    while (begin > run_done_ && is_alnum(text_[begin - 1])) --begin;
  }
  const Bits right =
      off == 0 ? row(kAlnumRow, b)
               : after(row(kAlnumRow, b), row(kAlnumRow, b + 1), static_cast<unsigned>(off));
  n = static_cast<std::size_t>(std::countr_one(right));
  std::size_t end = inside + n;
  if (n == 64) {
    while (end < text_.size() && is_alnum(text_[end])) ++end;
  }
  run_done_ = end;
  const auto try_run = [&](std::size_t from) {
    const std::size_t bytes = end - from;
    if (bytes < 256 && (parts_.run_lengths[bytes / 64] >> (bytes % 64) & 1) != 0)
      probe(hash_text(text_.data() + from, bytes, Seed::kRun), from, end, Lane::kPlain);
  };
  try_run(begin);
  if (end - begin > 2 && text_[begin] == '0' && to_lower(text_[begin + 1]) == 'x')
    try_run(begin + 2);
}

void SieveScan::base64_at(std::size_t joint) {
  const auto digest = base64_digest_at(text_, joint);
  if (digest && look_up(hash_text(digest->digits, Seed::kRun)) != 0) flag(joint);
}

void SieveScan::cve_at(std::size_t dash) {
  if (dash < 3 || !equals_ignore_case(text_.substr(dash - 3, 3), "cve")) return;
  std::size_t end = dash + 1;
  while (is_digit(at(end))) ++end;
  if (end != dash + 5 || at(end) != '-') return;
  ++end;
  while (is_digit(at(end))) ++end;
  probe(hash_text(text_.data() + dash - 3, end - dash + 3, Seed::kCve), dash, end,
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
  if (look_up(hash_text(value.data(), end - digits + 2, Seed::kAsn)) != 0) flag(a);
}

}  // namespace
}  // namespace SPOOR_SIEVE_ISA
}  // namespace spoor
