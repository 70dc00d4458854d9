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

#if defined(SPOOR_SIEVE_X86)

/// By the bits of the next eight bytes that are dots, from the first dot's on: where the third
/// dot is, and which of nine shapes the two groups between have; 0xFF: none.
struct DotShape {
  std::uint8_t shape, third;
};
constexpr std::array<DotShape, 256> make_dot_shapes() {
  std::array<DotShape, 256> shapes{};
  for (unsigned dots = 0; dots < 256; ++dots) {
    shapes[dots] = {0xFF, 0};
    const auto second = static_cast<unsigned>(std::countr_zero(dots));
    if (second < 1 || second > 3) continue;
    const auto between = static_cast<unsigned>(std::countr_zero(dots >> 1 >> second));
    if (between < 1 || between > 3) continue;
    shapes[dots] = {static_cast<std::uint8_t>((second - 1) * 3 + between - 1),
                    static_cast<std::uint8_t>(second + 1 + between)};
  }
  return shapes;
}
constexpr std::array<DotShape, 256> kDotShapes = make_dot_shapes();

/// Of the 16 bytes from the fourth before the first dot on, those of each group: hundreds, tens
/// and ones, nothing where there are none. By shape, and lengths of the first and last group.
using GroupBytes = std::array<std::uint8_t, 16>;
constexpr std::array<GroupBytes, 81> make_group_bytes() {
  std::array<GroupBytes, 81> all{};
  for (unsigned n = 0; n < 81; ++n) {
    const std::array<unsigned, 4> lengths{n / 3 % 3 + 1, n / 27 + 1, n / 9 % 3 + 1, n % 3 + 1};
    unsigned end = 4;
    for (unsigned group = 0; group < 4; ++group) {
      if (group > 0) end += 1 + lengths[group];
      for (unsigned place = 0; place < 4; ++place) {
        const bool is_digit = place < 3 && 3 - place <= lengths[group];
        all[n][group * 4 + place] =
            static_cast<std::uint8_t>(is_digit ? end - 3 + place : 0x80);
      }
    }
  }
  return all;
}
alignas(16) constexpr std::array<GroupBytes, 81> kGroupBytes = make_group_bytes();

/// The number of the address of which `from` is the fourth byte before its first dot, 16 bytes
/// readable. False where a group is over 255. Bytes that are no digits give some number.
inline bool four_groups(const char* from, std::size_t form, std::uint32_t& address) {
  const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  const __m128i places = _mm_load_si128(reinterpret_cast<const __m128i*>(&kGroupBytes[form]));
  const __m128i digits = _mm_subs_epu8(_mm_shuffle_epi8(text, places), _mm_set1_epi8('0'));
  const __m128i groups =
      _mm_madd_epi16(_mm_maddubs_epi16(digits, _mm_set1_epi32(0x00010A64)), _mm_set1_epi16(1));
  address = static_cast<std::uint32_t>(
      _mm_cvtsi128_si32(_mm_shuffle_epi8(groups, _mm_cvtsi32_si128(0x0004080C))));
  return _mm_movemask_epi8(_mm_cmpgt_epi32(groups, _mm_set1_epi32(255))) == 0;
}

#endif

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
void SieveScan::address4_at(std::size_t dot, [[maybe_unused]] std::size_t b) {
  // A dot before the first group may be a URL's leading punctuation: it rules out nothing here.
#if defined(SPOOR_SIEVE_X86)
  const auto off = static_cast<unsigned>(dot % 64);
  if (dot >= 4 && text_.size() - dot >= 12) {
    // All places by masks, groups without a branch on their lengths.
    const Bits digits_before =
        left_of(mask(ByteClass::kDigit, b), mask(ByteClass::kDigit, b - 1), off);
    const Bits digits =
        right_of(mask(ByteClass::kDigit, b), mask(ByteClass::kDigit, b + 1), off);
    const Bits dots = right_of(mask(ByteClass::kDot, b), mask(ByteClass::kDot, b + 1), off);
    const auto [shape, third] = kDotShapes[dots & 0xFF];
    const auto first = static_cast<unsigned>(std::countl_one(digits_before));
    const auto fourth = static_cast<unsigned>(std::countr_one(digits >> 1 >> third));
    if (shape == 0xFF || first - 1 > 2 || fourth - 1 > 2) return;
    std::uint32_t address = 0;
    if (!four_groups(text_.data() + dot - 4, shape * 9u + (first - 1) * 3 + fourth - 1,
                     address))
      return;
    return address4(address, dot - first, dot + 2 + third + fourth);
  }
#endif
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
  if (before_it < 64 && behind_it < 64) {
    const auto marks = [&](std::size_t i) { return mask(ByteClass::kColon, i); };
    const Bits next = off == 0 ? marks(b) : after(marks(b), marks(b + 1), off);
    const Bits own = next & ((Bits{1} << (end - colon)) - 1);
    // Those before it, the last on top; `colon` follows that one.
    const Bits earlier = left_of(marks(b), marks(b - 1), off) & ~(~Bits{0} >> (colon - begin));
    colons = static_cast<std::size_t>(std::popcount(own) + std::popcount(earlier));
    twice = ((own & own >> 1) | (earlier & earlier >> 1) | (earlier >> 63 & own)) != 0;
  } else {
    for (std::size_t i = begin; i < end; ++i) {
      colons += text_[i] == ':';
      twice = twice || (text_[i] == ':' && at(i + 1) == ':');
    }
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
