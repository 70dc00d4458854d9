// From claims to the sieve's keys. For each type the key is something that every text must hold
// in which the rules could find the claim, as cheap as possible to see:
//
//   names      the name; its last two labels, which almost all names of a text fail at
//   addresses  the number; networks as ranges
//   URLs       the host, and host and path up to each place where the claim's path may end
//   digests    the run of letters and digits
//   paths and other names of things: the last two words of the part that no alias rewrites
//
// A claim that offers nothing of the kind (a path that is a bare variable) makes the sieve let
// every line pass: right, slow, and rare enough (the guards of S5 hold such claims back).

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/check.h"
#include "ioc/domain.h"
#include "ioc/ip.h"
#include "ioc/path.h"
#include "ioc/url.h"
#include "match/claim_index.h"
#include "match/sieve.h"
#include "match/sieve_format.h"

namespace spoor {

using namespace sieve;

struct SieveBuilder::State {
  std::vector<std::uint64_t> full, covers, host, longer;       // hashes by kind
  std::vector<std::pair<std::uint64_t, std::uint32_t>> words;  // folded head, length
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges;
  SieveHeader header;

  void lane(std::uint32_t lanes) { header.lanes |= lanes; }
  void add(std::uint64_t hash, Kind kind) {
    (kind == kFull     ? full
     : kind == kCovers ? covers
     : kind == kHost   ? host
                       : longer)
        .push_back(hash);
  }

  void add_tld(std::string_view name) {
    const std::string_view label = name.substr(name.rfind('.') + 1);
    const std::uint32_t slot = tld_slot(label.data(), label.size());
    header.tlds[slot / 64] |= std::uint64_t{1} << (slot % 64);
  }

  /// A name of at least two labels.
  void add_name(std::string_view name, Kind kind) {
    while (!name.empty() && is_trimmed(name.front()) && kind == kHost) name.remove_prefix(1);
    while (!name.empty() && is_trimmed(name.back())) name.remove_suffix(1);
    lane(kNames);  // single labels too: beside other letters they are names
    const std::size_t last = name.rfind('.');
    if (last == std::string_view::npos) return add_single(name, kind);
    if (!is_alpha(name[last + 1])) lane(kOddEnds);
    if (name.find('_', last) != std::string_view::npos) lane(kUnderscoreEnds);
    add_tld(name);
    add(hash_bytes(name, Seed::kName), kind);
    const std::size_t site = name.rfind('.', last - 1);
    if (last > 0 && site != std::string_view::npos)
      add(hash_bytes(name.substr(site + 1), Seed::kName), kLonger);
  }

  void add_single(std::string_view name, Kind kind) {
    if (name.empty()) return lane(kEverything);
    if (kind == kHost) return add(hash_bytes(name, Seed::kName), kHost);  // by "://" only
    lane(kSingleLabels);
    add_pieces(std::string(name));
  }

  void add_address4(std::uint32_t address, Kind kind) {
    lane(kAddresses4);
    header.uppers[address >> 22] |= std::uint64_t{1} << (address >> 16 & 63);
    add(hash_number(address, Seed::kAddress4), kind);
    reverse_names();
  }
  void add_address6(const Ipv6& address) {
    lane(kAddresses6);
    add(hash_bytes(reinterpret_cast<const char*>(address.data()), 16, Seed::kAddress6), kFull);
    reverse_names();
  }
  /// I7, V6: reverse names lead to addresses, so their ends are looked at.
  void reverse_names() {
    if (header.reverse_names != 0) return;
    header.reverse_names = 1;
    for (const std::string_view name : {"in-addr.arpa", "ip6.arpa"}) {
      add_tld(name);
      add(hash_bytes(name, Seed::kName), kLonger);
    }
    lane(kNames);
  }

  void add_network(const Network& network) {
    if (network.is_v6) {
      std::array<char, 17> key{};
      for (int i = 0; i < 16; ++i)
        key[static_cast<std::size_t>(i)] =
            static_cast<char>(network.base[static_cast<std::size_t>(i)]);
      key[16] = static_cast<char>(network.prefix);
      lane(kAddresses6);
      header.v6_prefixes[network.prefix / 64] |= std::uint64_t{1} << (network.prefix % 64);
      add(hash_bytes(key.data(), key.size(), Seed::kNetwork6), kFull);
      reverse_names();
      return;
    }
    std::uint32_t base = 0;
    for (std::size_t i = 0; i < 4; ++i) base = base << 8 | network.base[i];
    const std::uint32_t rest = network.prefix >= 32  ? 0
                               : network.prefix <= 0 ? 0xFFFFFFFF
                                                     : 0xFFFFFFFFu >> network.prefix;
    lane(kAddresses4);
    ranges.emplace_back(base & ~rest, base | rest);
    reverse_names();
  }

  void add_url(const std::string& value) {
    const auto url = parse_url(value, Scheme::kRequired);
    if (!url) return;  // the rules cannot find it either
    lane(kUrls);
    const std::string_view path = ClaimIndex::url_place(url->path);
    const Kind kind = path.empty() ? kFull : kHost;
    std::uint64_t key = 0;
    if (url->host_kind == HostKind::kIpv4) {
      const std::uint32_t address = parse_ipv4(url->host).value_or(0);
      key = hash_number(address, Seed::kAddress4);
      add_address4(address, kind);
    } else if (url->host_kind == HostKind::kIpv6) {
      if (const auto address = parse_ipv6(url->host)) add_address6(*address);
      return;
    } else {
      std::string_view name = url->host;
      while (!name.empty() && is_trimmed(name.front())) name.remove_prefix(1);
      while (!name.empty() && is_trimmed(name.back())) name.remove_suffix(1);
      if (name.empty()) return lane(kEverything);
      if (name.find('.') == std::string_view::npos) header.bare_hosts = 1;
      key = hash_bytes(name, Seed::kName);
      add_name(name, kind);
      if (kind == kFull) add(key, kHost);
    }
    std::uint64_t state = path_begin(key);
    for (const char c : path) state = path_step(state, static_cast<unsigned char>(c));
    if (!path.empty()) add(path_key(state), kFull);
  }

  /// The first eight bytes of what may be longer, as a word of no length.
  void add_word_begin(std::string_view word) {
    if (word.size() >= 8) words.emplace_back(load8(word.data()) | kFold, 0);
  }
  /// Into the map of words.
  void add_word(std::string_view word) {
    words.emplace_back(load_head(word.data(), word.size()) | fold_mask(word.size()),
                       static_cast<std::uint32_t>(word.size()));
  }

  void add_run(std::string_view run) {
    SPOOR_CHECK(!run.empty());
    if (run.size() > 255 || run.size() < 14) return;
    header.run_lengths[run.size() / 64] |= std::uint64_t{1} << (run.size() % 64);
    header.least_run = std::min(header.least_run, static_cast<std::uint32_t>(run.size()));
    add(hash_bytes(run, Seed::kRun), kFull);
  }

  /// The words of a name or of the part of a path that stands in every spelling of it: one of
  /// them and the one before it. All stand side by side wherever the claim does, so any will
  /// do. The last tells most, for paths begin alike; but one without a letter or of one or two
  /// bytes would make the scan look at all such words.
  void add_pieces(const std::string& folded) {
    lane(kWords);
    std::string_view best, before_best, before;
    const auto has_letter = [](std::string_view word) {
      return std::any_of(word.begin(), word.end(),
                         [](char c) { return is_alpha(c) || is_non_ascii(c); });
    };
    const auto worth = [&](std::string_view word) {
      return (has_letter(word) ? 4 : 0) + std::min<std::size_t>(word.size(), 3);
    };
    for (std::size_t at = 0; at < folded.size();) {
      if (!is_word_byte(static_cast<unsigned char>(folded[at]))) {
        ++at;
        continue;
      }
      std::size_t end = at;
      while (end < folded.size() && is_word_byte(static_cast<unsigned char>(folded[end])))
        ++end;
      std::string_view word = std::string_view(folded).substr(at, end - at);
      at = end;
      while (!word.empty() && is_trimmed(word.front())) word.remove_prefix(1);
      while (!word.empty() && is_trimmed(word.back())) word.remove_suffix(1);
      if (word.empty()) continue;
      if (best.empty() || worth(word) >= worth(best)) {
        best = word;
        before_best = before;
      }
      before = word;
    }
    if (best.empty()) return lane(kEverything);
    add_word(best);
    header.least_word = std::min(header.least_word, static_cast<std::uint32_t>(best.size()));
    if (!has_letter(best)) header.words_without_letters = 1;
    const std::uint64_t key = hash_bytes(best, Seed::kWord);
    // A word of more than 1,024 bytes before it is no part of a path that the rules read.
    if (before_best.empty()) return add(key, kFull);
    add(key, kLonger);
    add(hash_pair(hash_bytes(before_best, Seed::kWord), key, Seed::kPair), kFull);
  }

  /// Agents that hold what parts words of a text (a blank, a slash, an opening bracket) are
  /// looked for between quotes, the others as words.
  void add_agent(const std::string& value) {
    // Escapes that only stand for themselves change a string that holds what they escape.
    if (value.find_first_of("\\\"") != std::string::npos) lane(kBackslashes);
    const bool parted = std::any_of(value.begin(), value.end(), [](char c) {
      return (c >= 0 && c <= ' ') || c == '/' || c == '(' || c == '[' || c == '{';
    });
    const bool has_word = std::any_of(value.begin(), value.end(), [](char c) {
      return is_word_byte(static_cast<unsigned char>(c)) && !is_trimmed(c);
    });
    if (!parted && has_word) return add_pieces(fold_case(value));
    if (!parted) header.every_quote = 1;
    lane(kAgents);
    header.least_agent = std::min(header.least_agent, static_cast<std::uint32_t>(value.size()));
    add_word(value);
    add(hash_bytes(value, Seed::kAgent), kFull);
  }

  void add_path(const std::string& value) {
    std::string_view rest = value;
    const auto style = path_style(value);
    if (style != PathStyle::kUnix) {
      // Off goes what other spellings rewrite: a drive, a variable, "\systemroot".
      if (rest.size() >= 2 && rest[1] == ':') {
        rest.remove_prefix(2);
      } else if (!rest.empty() && rest.front() == '%') {
        rest.remove_prefix(std::min(rest.find('\\'), rest.size()));
      } else if (starts_with_ignore_case(rest, R"(\systemroot)")) {
        rest.remove_prefix(11);
      }
    }
    add_pieces(fold_case(rest));
  }

  void add_registry_key(const std::string& value) {
    std::string_view rest = value;
    for (const std::string_view prefix :
         {R"(hklm\system\currentcontrolset)", R"(hkcu\software\classes)"}) {
      if (rest.substr(0, prefix.size()) == prefix &&
          (rest.size() == prefix.size() || rest[prefix.size()] == '\\')) {
        return add_pieces(fold_case(rest.substr(prefix.size())));
      }
    }
    rest.remove_prefix(std::min(rest.find('\\'), rest.size()));  // the root has other names
    add_pieces(fold_case(rest));
  }
};

SieveBuilder::SieveBuilder() : state_(std::make_unique<State>()) {}
SieveBuilder::~SieveBuilder() = default;

void SieveBuilder::add(const Observable& indicator) {
  State& s = *state_;
  const std::string& value = indicator.value;
  switch (indicator.type) {
    case IndicatorType::kIpv4:
      if (const auto address = parse_ipv4(value)) s.add_address4(*address, kFull);
      return;
    case IndicatorType::kIpv4Port:
      if (const auto address = parse_ipv4(std::string_view(value).substr(0, value.rfind(':'))))
        s.add_address4(*address, kFull);
      return;
    case IndicatorType::kIpv6:
      if (const auto address = parse_ipv6(value)) s.add_address6(*address);
      return;
    case IndicatorType::kIpv6Port: {
      const std::size_t close = value.rfind(']');
      if (close == std::string::npos || close == 0) return;
      if (const auto address = parse_ipv6(std::string_view(value).substr(1, close - 1)))
        s.add_address6(*address);
      return;
    }
    case IndicatorType::kCidr:
      if (const auto network = parse_network(value, nullptr)) s.add_network(*network);
      return;
    case IndicatorType::kDomain:
      s.add_name(value, kFull);
      if (value.find('.') == std::string::npos) {
        // A single label that covers what lies below it ends no other name that is looked at.
        if (covers_subdomains(value)) s.lane(kEverything);
      } else if (covers_subdomains(value)) {
        s.add(hash_bytes(value, Seed::kName), kCovers);
      }
      return;
    case IndicatorType::kHostname:
      s.add_name(value, kFull);
      return;
    case IndicatorType::kUrl:
      s.add_url(value);
      return;
    case IndicatorType::kUri:
      s.lane(kUris);
      s.add_word(value);
      s.add_word_begin(value);
      if (value.find('\\') != std::string::npos) s.lane(kBackslashes);
      s.add(hash_bytes(value, Seed::kUri), kFull);
      return;
    case IndicatorType::kMd5:
    case IndicatorType::kSha1:
    case IndicatorType::kSha256:
    case IndicatorType::kSha384:
    case IndicatorType::kSha512:
    case IndicatorType::kPehash:
    case IndicatorType::kImphash:
    case IndicatorType::kJa3:
    case IndicatorType::kSslCertFingerprint:
      if (value.empty()) return;
      s.lane(kDigests);
      s.add_run(value);
      return;
    case IndicatorType::kBitcoinAddress:
      if (value.empty()) return;
      s.lane(kWallets);
      s.add_run(value);
      return;
    case IndicatorType::kEmail: {
      const std::size_t sign = value.rfind('@');
      if (sign == std::string::npos) return;
      const std::string_view text = value;
      s.lane(kEmails);
      s.add(hash_pair(hash_bytes(text.substr(0, sign), Seed::kEmail),
                      hash_bytes(text.substr(sign + 1), Seed::kEmail), Seed::kEmail),
            kFull);
      return;
    }
    case IndicatorType::kFilePath:
      s.add_path(value);
      return;
    case IndicatorType::kFileName:
    case IndicatorType::kMutex:
    case IndicatorType::kNamedPipe:
      s.add_pieces(fold_case(value));
      return;
    case IndicatorType::kRegistryKey:
      s.add_registry_key(value);
      return;
    case IndicatorType::kCve:
      s.lane(kCves);
      s.add(hash_bytes(value, Seed::kCve), kFull);
      return;
    case IndicatorType::kAsn:
      s.lane(kAsns);
      s.add(hash_bytes(value, Seed::kAsn), kFull);
      return;
    case IndicatorType::kUserAgent:
      s.add_agent(value);
      return;
    case IndicatorType::kYara:
    case IndicatorType::kOsquery:
      return;
  }
}

void SieveBuilder::merge(SieveBuilder&& other) {
  State& s = *state_;
  State& o = *other.state_;
  const auto append = [](auto& to, auto& from) {
    to.insert(to.end(), from.begin(), from.end());
    std::decay_t<decltype(from)>().swap(from);
  };
  append(s.full, o.full);
  append(s.covers, o.covers);
  append(s.host, o.host);
  append(s.longer, o.longer);
  append(s.words, o.words);
  append(s.ranges, o.ranges);
  s.header.lanes |= o.header.lanes;
  s.header.reverse_names |= o.header.reverse_names;
  s.header.least_agent = std::min(s.header.least_agent, o.header.least_agent);
  s.header.least_word = std::min(s.header.least_word, o.header.least_word);
  s.header.words_without_letters |= o.header.words_without_letters;
  s.header.every_quote |= o.header.every_quote;
  s.header.bare_hosts |= o.header.bare_hosts;
  for (std::size_t i = 0; i < std::size(s.header.uppers); ++i)
    s.header.uppers[i] |= o.header.uppers[i];
  s.header.least_run = std::min(s.header.least_run, o.header.least_run);
  for (std::size_t i = 0; i < 4; ++i) s.header.run_lengths[i] |= o.header.run_lengths[i];
  for (std::size_t i = 0; i < 3; ++i) s.header.v6_prefixes[i] |= o.header.v6_prefixes[i];
  for (std::size_t i = 0; i < 1024; ++i) s.header.tlds[i] |= o.header.tlds[i];
}

std::vector<std::byte> SieveBuilder::finish() {
  State& s = *state_;
  SieveHeader& header = s.header;

  // Many names share their last two labels.
  std::sort(s.longer.begin(), s.longer.end());
  s.longer.erase(std::unique(s.longer.begin(), s.longer.end()), s.longer.end());
  const std::size_t most = s.full.size() + s.covers.size() + s.host.size() + s.longer.size();
  SPOOR_CHECK(most < UINT32_MAX);

  std::sort(s.ranges.begin(), s.ranges.end());
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges;
  for (const auto& [low, high] : s.ranges) {
    if (!ranges.empty() && low <= ranges.back().second) {
      ranges.back().second = std::max(ranges.back().second, high);
    } else {
      ranges.emplace_back(low, high);
    }
  }
  for (const auto& [low, high] : ranges) {
    for (std::uint32_t net = low >> 16; net <= high >> 16; ++net)
      header.nets[net / 64] |= std::uint64_t{1} << (net % 64);
  }
  for (std::size_t i = 0; i < std::size(header.nets); ++i) header.uppers[i] |= header.nets[i];

  // 24 bits a word while the map fits half of a second-level cache, 16 at least.
  header.word_bits = 13;
  while (header.word_bits < 22 && (std::size_t{1} << header.word_bits) < s.words.size() * 24)
    ++header.word_bits;
  while (header.word_bits < 25 && (std::size_t{1} << header.word_bits) < s.words.size() * 16)
    ++header.word_bits;
  header.bucket_bits = 4;
  while (header.bucket_bits < 28 && (std::size_t{4} << header.bucket_bits) < most)
    ++header.bucket_bits;
  header.filter_blocks = most / 32 + 1;  // 16 bits a key

  // Entries by bucket: counted, then placed; equal ones then lie in one bucket and are joined.
  const std::size_t buckets = std::size_t{1} << header.bucket_bits;
  const unsigned shift = 64 - header.bucket_bits;
  std::vector<std::uint32_t> starts(buckets + 1, 0);
  const auto for_all = [&](auto&& visit) {
    for (const std::uint64_t hash : s.full) visit(hash, kFull);
    for (const std::uint64_t hash : s.covers) visit(hash, kCovers);
    for (const std::uint64_t hash : s.host) visit(hash, kHost);
    for (const std::uint64_t hash : s.longer) visit(hash, kLonger);
  };
  for_all([&](std::uint64_t hash, Kind) { ++starts[(hash >> shift) + 1]; });
  for (std::size_t b = 0; b < buckets; ++b) starts[b + 1] += starts[b];
  std::vector<std::uint32_t> entries(most), fill(starts.begin(), starts.end() - 1);
  for_all([&](std::uint64_t hash, Kind kind) {
    entries[fill[hash >> shift]++] = fingerprint(hash) | kind << 28;
  });
  std::size_t kept = 0;
  for (std::size_t b = 0; b < buckets; ++b) {
    const std::size_t begin = starts[b], end = starts[b + 1];
    starts[b] = static_cast<std::uint32_t>(kept);
    const std::size_t first = kept;
    for (std::size_t i = begin; i < end; ++i) {
      std::size_t same = first;
      while (same < kept && (entries[same] & 0x0FFFFFFF) != (entries[i] & 0x0FFFFFFF)) ++same;
      if (same < kept) {
        entries[same] |= entries[i] & 0xF0000000;
      } else {
        entries[kept++] = entries[i];
      }
    }
    // The same block however the keys were collected.
    std::sort(entries.begin() + static_cast<std::ptrdiff_t>(first),
              entries.begin() + static_cast<std::ptrdiff_t>(kept));
  }
  starts[buckets] = static_cast<std::uint32_t>(kept);
  header.entries = kept;
  header.ranges = ranges.size();

  const auto aligned = [](std::uint64_t at) { return (at + 63) / 64 * 64; };
  header.filter_at = aligned(sizeof(SieveHeader));
  header.buckets_at = aligned(header.filter_at + header.filter_blocks * 64);
  header.entries_at = aligned(header.buckets_at + starts.size() * 4);
  header.words_at = aligned(header.entries_at + kept * 4);
  header.ranges_at = aligned(header.words_at + (std::uint64_t{1} << header.word_bits) / 8);
  header.block_bytes = aligned(header.ranges_at + ranges.size() * 8);

  std::vector<std::byte> block(header.block_bytes);
  std::memcpy(block.data() + header.buckets_at, starts.data(), starts.size() * 4);
  if (kept > 0) std::memcpy(block.data() + header.entries_at, entries.data(), kept * 4);
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    std::memcpy(block.data() + header.ranges_at + i * 8, &ranges[i].first, 4);
    std::memcpy(block.data() + header.ranges_at + i * 8 + 4, &ranges[i].second, 4);
  }
  const auto set_bits = [&](std::uint64_t at, std::uint64_t bits) {
    std::uint64_t word;
    std::memcpy(&word, block.data() + at, 8);
    word |= bits;
    std::memcpy(block.data() + at, &word, 8);
  };
  for_all([&](std::uint64_t hash, Kind) {
    const FilterPlace place = filter_place(hash, header.filter_blocks);
    const std::uint64_t at = header.filter_at + place.block * 64;
    set_bits(at + place.first * 8, place.first_bits);
    set_bits(at + place.second * 8, place.second_bits);
  });
  for (const auto& [head, length] : s.words) {
    const WordPlace place = word_place(head, length, 64 - (header.word_bits - 6));
    set_bits(header.words_at + place.index * 8, place.bits);
  }
  std::memcpy(block.data(), &header, sizeof header);
  *state_ = State();
  return block;
}

}  // namespace spoor
