// The lanes of addresses and networks (I, V, C, P), and of digests in bytes (H5), which look
// alike.

namespace spoor {
namespace SPOOR_SIEVE_ISA {
namespace {

namespace {

inline bool is_hex_run_byte(char c) {
  return is_hex(c) || c == ':' || c == '.';
}

}  // namespace

namespace {

/// The number of a dotted address by the ends and lengths of its groups, of which four bytes
/// before each end may be read. False where a length or a group is none. Bytes that are no
/// digits give some number.
inline bool four_groups(const std::array<const char*, 4>& ends,
                        const std::array<unsigned, 4>& lengths, std::uint32_t& address) {
#if defined(SPOOR_SIEVE_AVX512)
  const auto four = [](const char* end) {
    int word;
    std::memcpy(&word, end - 4, 4);
    return word;
  };
  const __m128i bytes =
      _mm_set_epi32(four(ends[0]), four(ends[1]), four(ends[2]), four(ends[3]));
  const __m128i n = _mm_set_epi32(static_cast<int>(lengths[0]), static_cast<int>(lengths[1]),
                                  static_cast<int>(lengths[2]), static_cast<int>(lengths[3]));
  // The last digit is the uppermost byte of its word; off with what is below the first.
  const __m128i own = _mm_sllv_epi32(_mm_set1_epi32(0x0F0F0F0F),
                                     _mm_sub_epi32(_mm_set1_epi32(32), _mm_slli_epi32(n, 3)));
  const __m128i tens = _mm_maddubs_epi16(_mm_and_si128(bytes, own),
                                         _mm_set1_epi32(0x010A6400));  // 0, 100, 10, 1
  const __m128i groups = _mm_madd_epi16(tens, _mm_set1_epi16(1));
  const unsigned good = number_of(static_cast<__mmask8>(
      _mm_cmple_epu32_mask(groups, _mm_set1_epi32(255)) &
      _mm_cmple_epu32_mask(_mm_sub_epi32(n, _mm_set1_epi32(1)), _mm_set1_epi32(2))));
  address = static_cast<std::uint32_t>(_mm_cvtsi128_si32(_mm_cvtepi32_epi8(groups)));
  return good == 0xF;
#else
  bool good = true;
  for (std::size_t i = 0; i < 4; ++i) {
    const unsigned n = lengths[i];
    const char* const end = ends[i];
    const unsigned group = static_cast<unsigned>(end[-1] - '0') +
                           (n > 1 ? 10u : 0u) * static_cast<unsigned>(end[-2] - '0') +
                           (n > 2 ? 100u : 0u) * static_cast<unsigned>(end[-3] - '0');
    good = good && n - 1 < 3 && group <= 255;
    address = address << 8 | group;
  }
  return good;
#endif
}

}  // namespace

bool SieveScan::search_ranges(std::uint32_t address) const {
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
  if (look_up(hash_text(bytes, 16, Seed::kAddress6)) != 0) return flag(at);
  for (int prefix = 0; prefix <= 128; ++prefix) {
    if ((parts_.v6_prefixes[prefix / 64] >> (prefix % 64) & 1) == 0) continue;
    std::array<char, 17> key{};
    for (int i = 0, bits = prefix; bits > 0; ++i, bits -= 8) {
      const int kept = bits >= 8 ? 0xFF : (0xFF << (8 - bits)) & 0xFF;
      key[static_cast<std::size_t>(i)] =
          static_cast<char>(address[static_cast<std::size_t>(i)] & kept);
    }
    key[16] = static_cast<char>(prefix);
    if (look_up(hash_text(key.data(), key.size(), Seed::kNetwork6)) != 0) return flag(at);
  }
}

/// `dot`: the first of at least three with one to three digits between them.
void SieveScan::address4_at(std::size_t dot, std::size_t b) {
  // A dot before the first group may be a URL's leading punctuation: it rules out nothing here.
  const auto off = static_cast<unsigned>(dot % 64);
  if (dot >= 4) {
    // All places by masks, groups without a branch on their lengths. What is no address of
    // digits becomes some number, or none.
    const auto first = static_cast<unsigned>(std::countl_one(
        left_of(mask(ByteClass::kDigit, b), mask(ByteClass::kDigit, b - 1), off)));
    const Bits digits =
        right_of(mask(ByteClass::kDigit, b), mask(ByteClass::kDigit, b + 1), off);
    const Bits dots = right_of(mask(ByteClass::kDot, b), mask(ByteClass::kDot, b + 1), off);
    const auto second = static_cast<unsigned>(std::countr_zero(dots));
    const auto third =
        second + 1 + static_cast<unsigned>(std::countr_zero(dots >> 1 >> second));
    if (third > 8) return;
    const auto fourth = static_cast<unsigned>(std::countr_zero(~(digits >> 1 >> third)));
    if (dot + 2 + third + fourth > text_.size()) return;
    const char* const at_dot = text_.data() + dot;
    const std::array<const char*, 4> ends{at_dot, at_dot + 1 + second, at_dot + 1 + third,
                                          at_dot + 2 + third + fourth};
    const std::array<unsigned, 4> lengths{first, second, third - second - 1, fourth};
    std::uint32_t address = 0;
    if (!four_groups(ends, lengths, address)) return;
    return address4(address, dot - first, dot + 2 + third + fourth);
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
  if (in_ranges(address)) return flag(begin);
  probe_if((parts_.uppers[upper / 64] >> (upper % 64) & 1) != 0,
           hash_number(address, Seed::kAddress4), begin, end, Lane::kAddress4);
}

/// A number that is the host of a URL to browsers (I6) and no dotted address to anybody else:
/// 3221225985, 0xC0000201, 192.513, 0300.0.2.1. A log is full of numbers, so what is decimal
/// and plain is read here, and the rest by the rules' own function.
void SieveScan::number_at(std::size_t begin) {
  constexpr std::size_t kMostBytes = 253;  // of a host
  std::array<std::uint64_t, 4> parts{};
  std::size_t count = 0, i = begin;
  bool is_plain = true;
  for (;;) {
    const std::size_t first = i;
    std::uint64_t value = 0;
    for (; is_digit(at(i)) && i - first < 11; ++i)
      value = value * 10 + static_cast<std::uint64_t>(text_[i] - '0');
    if (i == first) break;  // dots at the end
    is_plain = text_[first] != '0' || i - first == 1;
    if (!is_plain || count == 4) break;
    if (is_alnum(at(i))) {  // "0x", or no number
      is_plain = text_[first] != '0' || to_lower(text_[i]) != 'x';
      if (is_plain) return;
      break;
    }
    parts[count++] = value;
    if (at(i) != '.') break;
    ++i;
  }
  std::optional<std::uint32_t> address;
  if (is_plain) {
    if (count >= 4) return;  // a dotted address, or no number
    for (std::size_t k = 0; k + 1 < count; ++k) {
      if (parts[k] > 255) return;
    }
    const unsigned rest_bits = 8 * static_cast<unsigned>(5 - count);
    std::uint64_t value = parts[count - 1];
    if (value >> rest_bits != 0) return;
    for (std::size_t k = 0; k + 1 < count; ++k) value |= parts[k] << (24 - 8 * k);
    address = static_cast<std::uint32_t>(value);
  } else {
    std::size_t end = begin;
    while (end < text_.size() && end - begin <= kMostBytes &&
           (is_alnum(text_[end]) || text_[end] == '.'))
      ++end;
    while (text_[end - 1] == '.') --end;
    address = parse_ipv4_url_host(text_.substr(begin, end - begin));
    if (!address) return;
  }
  const std::uint32_t upper = *address >> 16;
  if ((parts_.uppers[upper / 64] >> (upper % 64) & 1) != 0 &&
      (look_up(hash_number(*address, Seed::kAddress4)) & (kHost | kFull)) != 0)
    note_host(begin);
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
  if (colons < 2 || !has(kAddresses6 | kAddresses4)) return;
  // Eight groups have seven colons (RFC 4291, 2.2), one more may stand behind them.
  if (end - begin > 64 || (!twice && (colons < 6 || colons > 8))) {
    if (twice || colons >= 6) note_host(begin);  // what a format cuts out of it is not known
    return;
  }
  while (end > begin && text_[end - 1] == '.') --end;
  if (end - begin > 2 && text_[end - 1] == ':' && text_[end - 2] != ':' &&
      (end == text_.size() || is_space(text_[end])))
    --end;
  const auto parsed = parse_ipv6(text_.substr(begin, end - begin));
  if (!parsed) return note_host(begin);
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
    if (look_up(hash_text(digits.data(), n, Seed::kRun)) != 0) return flag(i);
  }
}

}  // namespace
}  // namespace SPOOR_SIEVE_ISA
}  // namespace spoor
