// The lanes of addresses and networks (I, V, C, P), and of digests in bytes (H5), which look
// alike.

namespace spoor {
namespace SPOOR_SIEVE_ISA {

namespace {

inline bool is_hex_run_byte(char c) {
  return is_hex(c) || c == ':' || c == '.';
}

}  // namespace

bool SieveScan::in_ranges(std::uint32_t address) const {
  const std::uint32_t net = address >> 16;
  if ((parts_.nets[net / 64] >> (net % 64) & 1) == 0) return false;
  const std::uint32_t* const ranges = parts_.ranges;
  std::uint64_t low = 0,
                high = parts_.range_count;  // the first range that begins after the address
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
    if ((parts_.v6_prefixes[prefix / 64] >> (prefix % 64) & 1) == 0) continue;
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
    const Bits digits = mask(ByteClass::kDigit, b);
    const auto first = static_cast<unsigned>(
        std::countl_one(left_of(digits, mask(ByteClass::kDigit, b - 1), off)));
    const Bits dots = mask(ByteClass::kDot, b) >> (off + 1);
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
  // Most private addresses end here, and with few indicators all.
  const std::uint32_t upper = address >> 16;
  if ((parts_.uppers[upper / 64] >> (upper % 64) & 1) == 0) return;
  if (in_ranges(address)) return flag(begin);
  probe(hash_number(address, Seed::kAddress4), begin, end, Lane::kAddress4);
}

/// IPv6 addresses and digests in bytes: the run of hex digits, colons and dots round a colon.
void SieveScan::colons_at(std::size_t colon, std::size_t b) {
  if (colon < colons_done_) return;
  // Both ends and what is between by the masks at hand; longer runs byte by byte.
  const auto off = static_cast<unsigned>(colon % 64);
  const auto run = [&](std::size_t i) {
    return row(kHexRow, i) | mask(ByteClass::kColon, i) | mask(ByteClass::kDot, i);
  };
  const auto before_it =
      static_cast<std::size_t>(std::countl_one(left_of(run(b), run(b - 1), off)));
  const Bits right = off == 0 ? run(b) : after(run(b), run(b + 1), off);
  const auto behind_it = static_cast<std::size_t>(std::countr_one(right));
  std::size_t begin = colon - std::min(before_it, colon - colons_done_);
  std::size_t end = colon + behind_it;
  if (before_it == 64) {
    while (begin > colons_done_ && is_hex_run_byte(text_[begin - 1])) --begin;
  }
  if (behind_it == 64) {
    while (end < text_.size() && is_hex_run_byte(text_[end])) ++end;
  }
  end = std::min(end, text_.size());
  colons_done_ = end;
  std::size_t colons = 0;
  bool twice = false;
  for (std::size_t i = begin; i < end; ++i) {
    colons += text_[i] == ':';
    twice = twice || (text_[i] == ':' && at(i + 1) == ':');
  }
  if (has(kDigests) && colons >= 15) colon_bytes(begin, end);
  if (colons < 2 || end - begin > 64 || !has(kAddresses6 | kAddresses4)) return;
  // Eight groups have seven colons (RFC 4291, 2.2), one more may stand behind them.
  if (!twice && (colons < 6 || colons > 8)) return;
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

}  // namespace SPOOR_SIEVE_ISA
}  // namespace spoor
