// Snapshots: the same candidates as the index in memory, and no damage that passes or harms.

#include "match/snapshot.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <random>
#include <set>
#include <tuple>

#include "base/hash.h"
#include "ioc/url.h"
#include "match/exact.h"
#include "match/exact_index.h"
#include "match/flat_index.h"

namespace spoor {
namespace {

namespace fs = std::filesystem;
using enum IndicatorType;
using Bytes = std::vector<std::byte>;

// --- sets ----------------------------------------------------------------------------------

const SnapshotOrigin kOrigin{{0xA0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, 7};

const std::vector<Observable>& small_set() {
  static const std::vector<Observable> set = {
      {kIpv4, "192.0.2.5"},
      {kIpv6, "2001:db8::5"},
      {kCidr, "198.51.100.0/24"},
      {kCidr, "2001:db8:1::/48"},
      {kIpv4Port, "192.0.2.5:80"},
      {kIpv6Port, "[2001:db8::5]:80"},
      {kDomain, "evil.example"},
      {kHostname, "www.evil.example"},
      {kUrl, "http://evil.example/a"},
      {kUri, "/a?b"},
      {kMd5, "3c13095de829e8a9e831ff0e978f114e"},
      {kEmail, "a@evil.example"},
      {kFilePath, "c:\\a\\b.exe"},
      {kFileName, "b.exe"},
      {kRegistryKey, "hklm\\software\\a"},
      {kMutex, "abcd"},
      {kNamedPipe, "abcd"},
      {kCve, "CVE-2021-1234"},
      {kAsn, "AS64496"},
      {kUserAgent, "evil"},
  };
  return set;
}

constexpr std::string_view kSmallText =
    "192.0.2.5 192.0.2.5:80 198.51.100.77 [2001:db8::5]:80 2001:db8:1::9 www.evil.example\n"
    "GET http://evil.example/a?x=%2Fy HTTP/1.1 \"evil\" a@evil.example\n"
    "C:\\a\\b.exe HKLM\\Software\\A abcd 3c13095de829e8a9e831ff0e978f114e cve-2021-1234\n"
    "nothing here, 10.1.1.1 benign.example \\Device\\HarddiskVolume1\\a\\b.exe AS 64496\n";

/// `n` canonical values of all types, many of which share keys.
std::vector<Observable> generated_set(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&](unsigned limit) { return static_cast<unsigned>(random() % limit); };
  const auto number = [&](unsigned limit) { return std::to_string(below(limit)); };
  const auto word = [&] {
    std::string text;
    for (unsigned i = 0, size = 1 + below(9); i < size; ++i)
      text += static_cast<char>('a' + below(26));
    return text;
  };
  const auto hex_digits = [&](std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += "0123456789abcdef"[below(16)];
    return text;
  };
  const auto v4 = [&] { return "198.51." + number(100) + "." + number(256); };
  const auto v6 = [&] { return "2001:db8::" + hex_digits(1) + "1:" + hex_digits(1) + "2"; };
  std::vector<Observable> set;
  while (set.size() < n) {
    const auto type = static_cast<IndicatorType>(below(kIndicatorTypeCount));
    std::string value;
    switch (type) {
      case kIpv4:
        value = v4();
        break;
      case kIpv6:
        value = v6();
        break;
      case kCidr:
        value = below(2) == 0 ? "198.51." + number(100) + ".0/" + std::to_string(24 + below(2))
                              : "2001:db8:" + std::to_string(1 + below(900)) + "::/48";
        break;
      case kDomain:
        value = below(20) == 0 ? word() : word() + ".example";
        break;
      case kHostname:
        value = word() + "." + word() + ".example";
        break;
      case kUrl:
        value = (below(2) == 0 ? "http://" : "https://") + word().substr(0, 2) + ".example/" +
                word().substr(0, 1) + (below(2) == 0 ? "/" : "") +
                (below(3) == 0 ? "?q=" + number(9) : "");
        break;
      case kUri:
        value = "/" + word();
        break;
      case kMd5:
      case kImphash:
      case kJa3:
        value = hex_digits(32);
        break;
      case kSha1:
      case kPehash:
      case kSslCertFingerprint:
        value = hex_digits(40);
        break;
      case kSha256:
        value = hex_digits(64);
        break;
      case kSha384:
        value = hex_digits(96);
        break;
      case kSha512:
        value = hex_digits(128);
        break;
      case kEmail:
        value = word() + "@" + word() + ".example";
        break;
      case kFilePath:
        value = below(2) == 0 ? "c:\\" + word() + "\\x.exe" : "/tmp/" + word();
        break;
      case kFileName:
        value = below(2) == 0 ? word() + ".exe" : "A" + word() + ".DLL";
        break;
      case kRegistryKey:
        value = "hklm\\software\\" + word();
        break;
      case kMutex:
      case kNamedPipe:
      case kUserAgent:
        value = word() + "-" + word();
        break;
      case kCve:
        value = "CVE-2021-" + std::to_string(1000 + below(90000));
        break;
      case kAsn:
        value = "AS" + std::to_string(1 + below(400000));
        break;
      case kBitcoinAddress:
        value = "1" + word() + word() + word();
        break;
      case kIpv4Port:
        value = v4() + ":" + std::to_string(1 + below(60000));
        break;
      case kIpv6Port:
        value = "[" + v6() + "]:" + std::to_string(1 + below(60000));
        break;
      case kYara:
      case kOsquery:
        continue;
    }
    set.push_back({type, std::move(value)});
  }
  return set;
}

Bytes compile(const std::vector<Observable>& set, unsigned threads = 1,
              const std::function<std::int64_t(std::size_t)>& id_of = {}) {
  SnapshotBuilder builder;
  for (std::size_t i = 0; i < set.size(); ++i)
    builder.add(id_of ? id_of(i) : static_cast<std::int64_t>(i) + 100, set[i]);
  auto bytes = builder.finish(kOrigin, threads);
  EXPECT_TRUE(bytes) << bytes.error().message;
  return bytes ? std::move(*bytes) : Bytes();
}

const Bytes& small_bytes() {
  static const Bytes bytes = compile(small_set());
  return bytes;
}

// --- the file, from outside ----------------------------------------------------------------

enum Section : std::size_t {
  kTraits,
  kTypes,
  kLengths,
  kBases,
  kValues,
  kIds,
  kBuckets,
  kKeys,
  kSieve
};
constexpr std::size_t kTable = 96, kRowBytes = 40, kChecksum = kSnapshotHeaderBytes - 8;

template <typename T>
T number_at(const Bytes& bytes, std::size_t offset) {
  return flat::load<T>(bytes.data() + offset);
}
template <typename T>
void set_number(Bytes& bytes, std::size_t offset, T number) {
  flat::store(bytes.data() + offset, number);
}
std::size_t offset_of(const Bytes& bytes, std::size_t section) {
  return number_at<std::uint64_t>(bytes, kTable + section * kRowBytes);
}
std::size_t size_of(const Bytes& bytes, std::size_t section) {
  return number_at<std::uint64_t>(bytes, kTable + section * kRowBytes + 8);
}
std::string_view text_of(const Bytes& bytes, std::size_t offset, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes.data()) + offset, size};
}

void reseal_header(Bytes& bytes) {
  set_number(bytes, kChecksum, xxh3_64(text_of(bytes, 0, kChecksum)));
}

/// Makes all checksums agree with what the sections (each below 4 MiB) hold now.
void reseal(Bytes& bytes) {
  for (std::size_t s = 0; s < kSnapshotSections; ++s) {
    const std::size_t size = (size_of(bytes, s) + 63) / 64 * 64;
    ASSERT_LE(size, std::size_t{4} << 20);
    const Digest128 piece = xxh3_128(text_of(bytes, offset_of(bytes, s), size));
    const Digest128 sum = xxh3_128(size == 0 ? std::string_view() : piece.view());
    std::memcpy(bytes.data() + kTable + s * kRowBytes + 16, sum.bytes.data(), 16);
  }
  reseal_header(bytes);
}

std::string error_of(const Bytes& bytes) {
  const auto snapshot = Snapshot::from_bytes(bytes);
  return snapshot ? "" : snapshot.error().message;
}

using HitParts = std::tuple<std::size_t, std::size_t, std::uint32_t, int, std::string>;
std::vector<HitParts> scan(const Matcher& matcher, std::string_view text) {
  std::vector<Hit> hits;
  matcher.scan(text, TextEncoding::kBytes, {}, *matcher.make_scratch(), hits);
  std::vector<HitParts> parts;
  for (const Hit& hit : hits) {
    EXPECT_LE(hit.offset + hit.length, text.size());
    parts.emplace_back(hit.offset, hit.length, static_cast<std::uint32_t>(hit.indicator),
                       static_cast<int>(hit.grade), hit.rule);
  }
  return parts;
}

/// Reads everything that can be read; under AddressSanitizer a stray read ends the test.
std::size_t touch_all(const Snapshot& snapshot, std::string_view text) {
  std::size_t sum = 0;
  const ClaimIndex& index = snapshot.index();
  for (std::uint32_t i = 0; i < index.size() + 2; ++i) {
    const ClaimRef claim = index.at(i);
    EXPECT_LT(static_cast<std::size_t>(claim.type), kIndicatorTypeCount);
    for (const char c : claim.value) sum += static_cast<unsigned char>(c);
    Url room;
    sum += index.url(i, room).host.size();
    sum += static_cast<std::size_t>(snapshot.id_of(IndicatorIndex{i}) & 1);
  }
  for (const Observable& observable : small_set()) {
    ClaimIndex::for_each_key(observable, [&](KeyKind kind, std::string_view key) {
      index.candidates(kind, key, [&](std::uint32_t indicator) {
        EXPECT_LT(indicator, index.size());
        sum += indicator;
      });
    });
  }
  return sum + scan(snapshot.matcher(), text).size();
}

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "spoor-snapshot-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string path() const { return path_.string(); }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path_))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  fs::path path_;
};

void write_file(const std::string& path, const Bytes& bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}
Bytes read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  Bytes bytes(text.size());
  if (!text.empty()) std::memcpy(bytes.data(), text.data(), text.size());
  return bytes;
}

Status write_set(const std::vector<Observable>& set, const std::string& path) {
  SnapshotBuilder builder;
  for (std::size_t i = 0; i < set.size(); ++i)
    builder.add(static_cast<std::int64_t>(i), set[i]);
  return builder.write(path, kOrigin, 2);
}

// --- the same answers ----------------------------------------------------------------------

/// Of `candidates(kind, key)`, those that truly have the key, in the order of the visits.
std::vector<std::uint32_t> true_candidates(const ClaimIndex& index, KeyKind kind,
                                           std::string_view key, std::size_t& visited) {
  std::vector<std::uint32_t> found;
  index.candidates(kind, key, [&](std::uint32_t indicator) {
    ++visited;
    const ClaimRef claim = index.at(indicator);
    bool has = false;
    ClaimIndex::for_each_key(
        {claim.type, std::string(claim.value)},
        [&](KeyKind k, std::string_view other) { has |= k == kind && other == key; });
    if (has) found.push_back(indicator);
  });
  return found;
}

void expect_same_index(const std::vector<Observable>& set, const ClaimIndex& index) {
  const ExactIndex reference(set);
  ASSERT_EQ(index.size(), reference.size());
  EXPECT_EQ(index.traits().present, reference.traits().present);
  EXPECT_EQ(index.traits().v4_prefixes, reference.traits().v4_prefixes);
  EXPECT_EQ(index.traits().v6_prefixes, reference.traits().v6_prefixes);
  EXPECT_EQ(index.traits().bare_lengths, reference.traits().bare_lengths);
  EXPECT_EQ(index.traits().agent_lengths, reference.traits().agent_lengths);
  EXPECT_EQ(index.traits().seldom, reference.traits().seldom);
  EXPECT_EQ(index.traits().v4_networks, reference.traits().v4_networks);
  EXPECT_EQ(index.has_single_label(), reference.has_single_label());
  std::size_t visits = 0, true_visits = 0;
  std::set<std::pair<KeyKind, std::string>> keys;
  for (std::uint32_t i = 0; i < set.size(); ++i) {
    ASSERT_EQ(index.at(i).type, set[i].type);
    ASSERT_EQ(index.at(i).value, set[i].value);
    if (set[i].type == kUrl) {
      Url room, no_room;
      ASSERT_EQ(index.url(i, room).text(), reference.url(i, no_room).text());
    }
    ClaimIndex::for_each_key(set[i], [&](KeyKind kind, std::string_view key) {
      if (!keys.emplace(kind, key).second) return;  // compared already
      std::size_t ignored = 0;
      const auto found = true_candidates(index, kind, key, visits);
      ASSERT_EQ(found, true_candidates(reference, kind, key, ignored))
          << static_cast<int>(kind) << ' ' << key;
      ASSERT_FALSE(found.empty());
      true_visits += found.size();
    });
  }
  // Collisions are allowed, and rare: one look-up in 65,536 / 4.
  EXPECT_LE(visits - true_visits, 3 + keys.size() / 2000);
}

TEST(Snapshot, answers_like_the_index_in_memory) {
  for (const std::size_t n : {0, 1, 31, 32, 33, 64, 1000, 32768, 70000}) {
    for (const unsigned threads : {1U, 3U}) {
      SCOPED_TRACE(std::to_string(n) + " indicators, " + std::to_string(threads) + " threads");
      const auto set = generated_set(n, static_cast<unsigned>(n) + 1);
      const auto snapshot = Snapshot::from_bytes(compile(set, threads));
      ASSERT_TRUE(snapshot) << snapshot.error().message;
      EXPECT_EQ((*snapshot)->size(), n);
      EXPECT_TRUE((*snapshot)->verify());
      expect_same_index(set, (*snapshot)->index());
    }
  }
}

TEST(Snapshot, finds_nothing_for_keys_that_no_indicator_has) {
  const auto set = generated_set(20000, 3);
  const auto snapshot = Snapshot::from_bytes(compile(set));
  ASSERT_TRUE(snapshot);
  std::size_t visits = 0;
  for (int i = 0; i < 20000; ++i) {
    (*snapshot)->index().of_value(kDomain, "absent-" + std::to_string(i) + ".invalid",
                                  [](std::uint32_t) { ADD_FAILURE(); });
    (*snapshot)->index().candidates(KeyKind::kFileName, "absent-" + std::to_string(i),
                                    [&](std::uint32_t) { ++visits; });
  }
  EXPECT_LE(visits, 20U);
}

TEST(Snapshot, finds_all_of_many_claims_on_one_key) {
  std::vector<Observable> set;
  for (int port = 1; port <= 12000; ++port)
    set.push_back({kIpv4Port, "192.0.2.5:" + std::to_string(port)});
  for (int i = 0; i < 3000; ++i)
    set.push_back({kUrl, "http://evil.example/a?q=" + std::to_string(i)});
  const auto more = generated_set(3000, 5);
  set.insert(set.end(), more.begin(), more.end());
  const auto snapshot = Snapshot::from_bytes(compile(set, 2));
  ASSERT_TRUE(snapshot);
  std::size_t visits = 0;
  EXPECT_EQ(true_candidates((*snapshot)->index(), KeyKind::kAddressOfPort, "192.0.2.5", visits)
                .size(),
            12000U);
  EXPECT_EQ(true_candidates((*snapshot)->index(), KeyKind::kUrlPlace,
                            ClaimIndex::url_key("evil.example", "/a"), visits)
                .size(),
            3000U);
  EXPECT_LE(visits, 15020U);
}

TEST(Snapshot, matches_like_the_reference) {
  const auto set = generated_set(300, 11);
  std::string text(kSmallText);
  for (std::size_t i = 0; i < set.size(); ++i)
    text += "field=" + set[i].value + " host " + set[(i * 7) % set.size()].value + "\n";
  const auto snapshot = Snapshot::from_bytes(compile(set));
  ASSERT_TRUE(snapshot);
  const auto expected = scan(*make_exact_matcher(set), text);
  EXPECT_GT(expected.size(), set.size() / 2);
  EXPECT_EQ(scan((*snapshot)->matcher(), text), expected);
}

TEST(Snapshot, compiles_to_the_same_bytes_with_any_number_of_threads) {
  const auto set = generated_set(100000, 17);
  const Bytes one = compile(set, 1);
  for (const unsigned threads : {0U, 2U, 5U})
    EXPECT_TRUE(compile(set, threads) == one) << threads;
}

TEST(Snapshot, keeps_ids_of_any_size) {
  const struct {
    const char* name;
    std::function<std::int64_t(std::size_t)> id;
    std::uint32_t id_bytes;
  } cases[] = {
      {"small", [](std::size_t i) { return static_cast<std::int64_t>(i * 3 + 1); }, 4},
      {"largest small", [](std::size_t) { return std::int64_t{UINT32_MAX}; }, 4},
      {"one above", [](std::size_t i) { return std::int64_t{UINT32_MAX} + (i == 5); }, 8},
      {"negative", [](std::size_t i) { return i == 19 ? -1 : std::int64_t{7}; }, 8},
      {"far", [](std::size_t i) { return INT64_MAX - static_cast<std::int64_t>(i); }, 8},
      {"lowest", [](std::size_t i) { return INT64_MIN + static_cast<std::int64_t>(i); }, 8},
  };
  for (const auto& row : cases) {
    SCOPED_TRACE(row.name);
    const Bytes bytes = compile(small_set(), 1, row.id);
    EXPECT_EQ(number_at<std::uint32_t>(bytes, 80), row.id_bytes);
    const auto snapshot = Snapshot::from_bytes(bytes);
    ASSERT_TRUE(snapshot);
    for (std::uint32_t i = 0; i < small_set().size(); ++i)
      EXPECT_EQ((*snapshot)->id_of(IndicatorIndex{i}), row.id(i));
    EXPECT_EQ((*snapshot)->id_of(IndicatorIndex{20}), 0);
    EXPECT_EQ((*snapshot)->id_of(IndicatorIndex{UINT32_MAX}), 0);
  }
}

TEST(Snapshot, keeps_values_up_to_the_longest_and_refuses_longer) {
  SnapshotBuilder builder;
  const std::vector<Observable> set(40, {kUserAgent, std::string(flat::kMaxValueBytes, 'x')});
  for (const Observable& observable : set) builder.add(1, observable);
  const auto bytes = builder.finish(kOrigin);
  ASSERT_TRUE(bytes);
  const auto snapshot = Snapshot::from_bytes(*bytes);
  ASSERT_TRUE(snapshot);
  EXPECT_EQ((*snapshot)->index().at(39).value, set[39].value);

  builder.add(2, {kUserAgent, "fine"});
  builder.add(3, {kUserAgent, std::string(flat::kMaxValueBytes + 1, 'x')});
  builder.add(4, {kUserAgent, "fine too"});
  const auto refused = builder.finish(kOrigin);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "snapshot: indicator 3 has a value of 65536 bytes, expected at most 65535");
}

TEST(Snapshot, leaves_the_builder_empty_after_finish) {
  SnapshotBuilder builder;
  builder.add(1, small_set()[0]);
  ASSERT_TRUE(builder.finish(kOrigin));
  builder.add(9, small_set()[1]);
  const auto bytes = builder.finish(kOrigin);
  ASSERT_TRUE(bytes);
  const auto snapshot = Snapshot::from_bytes(*bytes);
  ASSERT_TRUE(snapshot);
  EXPECT_EQ((*snapshot)->size(), 1U);
  EXPECT_EQ((*snapshot)->index().at(0).value, small_set()[1].value);
  EXPECT_EQ((*snapshot)->id_of(IndicatorIndex{0}), 9);
}

// --- damage --------------------------------------------------------------------------------

TEST(Snapshot, refuses_every_truncation_and_any_tail) {
  const Bytes& good = small_bytes();
  for (std::size_t size = 0; size < good.size(); ++size) {
    const auto end = good.begin() + static_cast<std::ptrdiff_t>(size);
    EXPECT_NE(error_of(Bytes(good.begin(), end)), "") << size;
  }
  const auto cut = [&](std::size_t size) {
    return error_of(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)));
  };
  EXPECT_EQ(cut(0), "empty, expected a snapshot");
  EXPECT_EQ(cut(511), "truncated: 511 bytes, expected at least 512");
  EXPECT_EQ(cut(good.size() - 64), "truncated: " + std::to_string(good.size() - 64) +
                                       " bytes, expected " + std::to_string(good.size()));
  Bytes longer = good;
  longer.resize(good.size() + 64);
  EXPECT_EQ(error_of(longer),
            std::to_string(longer.size()) + " bytes, expected " + std::to_string(good.size()));
}

TEST(Snapshot, refuses_every_flipped_bit_of_the_header) {
  for (std::size_t bit = 0; bit < kSnapshotHeaderBytes * 8; ++bit) {
    Bytes bytes = small_bytes();
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_NE(error_of(bytes), "") << "bit " << bit;
  }
}

TEST(Snapshot, notices_a_flipped_bit_in_any_byte_and_scans_without_harm) {
  const std::size_t sieve = offset_of(small_bytes(), kSieve);
  std::size_t opened = 0;
  for (std::size_t i = 0; i < small_bytes().size(); ++i) {
    Bytes bytes = small_bytes();
    bytes[i] ^= std::byte{1} << ((i * 5 + i / 64) % 8);
    const auto snapshot = Snapshot::from_bytes(std::move(bytes));
    if (!snapshot) continue;
    ++opened;
    EXPECT_FALSE((*snapshot)->verify()) << "byte " << i;
    if (i < sieve) {
      touch_all(**snapshot, kSmallText);
    } else {
      // Most of the file; only the matcher reads it.
      scan((*snapshot)->matcher(), "x 192.0.2.5 http://www.evil.example/a abcd\n");
    }
  }
  EXPECT_GT(opened, size_of(small_bytes(), kValues));
}

TEST(Snapshot, names_the_damaged_section) {
  Bytes bytes = small_bytes();
  bytes[offset_of(bytes, kValues) + 3] ^= std::byte{1};
  const auto snapshot = Snapshot::from_bytes(bytes);
  ASSERT_TRUE(snapshot);
  const Status status = (*snapshot)->verify();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message.rfind("damaged: section 'values' has the checksum ", 0), 0U)
      << status.error().message;

  bytes = small_bytes();
  bytes[offset_of(bytes, kTraits) + 3] ^= std::byte{1};
  EXPECT_EQ(error_of(bytes).rfind("damaged: section 'traits' has the checksum ", 0), 0U);
}

TEST(Snapshot, ends_verifying_early_when_told) {
  Bytes bytes = small_bytes();
  bytes[offset_of(bytes, kValues)] ^= std::byte{1};
  const auto snapshot = Snapshot::from_bytes(bytes);
  ASSERT_TRUE(snapshot);
  std::stop_source source;
  source.request_stop();
  EXPECT_TRUE((*snapshot)->verify(source.get_token()));
  EXPECT_FALSE((*snapshot)->verify());
}

TEST(Snapshot, refuses_headers_that_are_sealed_and_wrong) {
  const std::size_t values_row = kTable + kValues * kRowBytes;
  const std::uint64_t size = small_bytes().size();
  const struct {
    const char* name;
    std::function<void(Bytes&)> change;
    const char* message;
  } cases[] = {
      {"newer version",
       [](Bytes& b) { set_number<std::uint32_t>(b, 12, kSnapshotVersion + 1); },
       "version 7, expected 6"},
      {"version 0", [](Bytes& b) { set_number<std::uint32_t>(b, 12, 0); },
       "version 0, expected 6"},
      {"other byte order", [](Bytes& b) { set_number<std::uint32_t>(b, 8, 0x04030201); },
       "byte order"},
      {"header size", [](Bytes& b) { set_number<std::uint64_t>(b, 24, 256); }, "out of range"},
      {"sections", [](Bytes& b) { set_number<std::uint32_t>(b, 84, 8); }, "out of range"},
      {"id size", [](Bytes& b) { set_number<std::uint32_t>(b, 80, 5); }, "out of range"},
      {"no bucket bits", [](Bytes& b) { set_number<std::uint32_t>(b, 72, 0); }, "out of range"},
      {"64 bucket bits", [](Bytes& b) { set_number<std::uint32_t>(b, 72, 64); },
       "out of range"},
      {"more buckets", [](Bytes& b) { set_number<std::uint32_t>(b, 72, 26); }, "'buckets'"},
      {"one more indicator", [](Bytes& b) { set_number<std::uint64_t>(b, 56, 21); }, "'types'"},
      {"too many indicators", [](Bytes& b) { set_number<std::uint64_t>(b, 56, UINT64_MAX); },
       "out of range"},
      {"one more key",
       [](Bytes& b) { set_number<std::uint64_t>(b, 64, number_at<std::uint64_t>(b, 64) + 1); },
       "'keys'"},
      {"too many keys", [](Bytes& b) { set_number<std::uint64_t>(b, 64, 1ULL << 32); },
       "out of range"},
      {"wide ids", [](Bytes& b) { set_number<std::uint32_t>(b, 80, 8); }, "'ids'"},
      {"file size", [=](Bytes& b) { set_number<std::uint64_t>(b, 16, size + 64); },
       "truncated"},
      {"moved section", [=](Bytes& b) { set_number<std::uint64_t>(b, values_row, 512); },
       "'values' is not where it belongs"},
      {"far section",
       [=](Bytes& b) { set_number<std::uint64_t>(b, values_row, UINT64_MAX - 63); },
       "'values' is not where it belongs"},
      {"huge section",
       [=](Bytes& b) { set_number<std::uint64_t>(b, values_row + 8, UINT64_MAX); },
       "'values' ends behind the file"},
      {"section that wraps round",
       [=](Bytes& b) { set_number<std::uint64_t>(b, values_row + 8, UINT64_MAX - 700); },
       "'values' ends behind the file"},
      {"section to the end",
       [=](Bytes& b) {
         set_number<std::uint64_t>(b, values_row + 8,
                                   size - number_at<std::uint64_t>(b, values_row));
       },
       "'ids' is not where it belongs"},
      {"short last section",
       [](Bytes& b) {
         set_number<std::uint64_t>(b, kTable + (kSnapshotSections - 1) * kRowBytes + 8, 0);
       },
       "sections end at"},
      {"swapped sections", [=](Bytes& b) { set_number<std::uint32_t>(b, values_row + 32, 6); },
       "'values' is not where it belongs"},
  };
  for (const auto& row : cases) {
    Bytes bytes = small_bytes();
    row.change(bytes);
    reseal_header(bytes);
    EXPECT_NE(error_of(bytes).find(row.message), std::string::npos)
        << row.name << ": " << error_of(bytes);
  }
  Bytes other = small_bytes();
  other[0] = std::byte{'s'};
  EXPECT_EQ(error_of(other), "not a snapshot: it begins otherwise than 'SPOORSNP'");
}

TEST(Snapshot, reads_any_garbage_in_its_sections_without_harm) {
  std::mt19937 random(23);
  std::size_t opened = 0;
  for (int round = 0; round < 240; ++round) {
    Bytes bytes = small_bytes();
    // One section, or all but the sieve, which may refuse to open; bytes of one value at times.
    const std::size_t chosen = static_cast<std::size_t>(round) % (kSnapshotSections + 1);
    const bool same = random() % 4 == 0;
    const auto fill = static_cast<std::byte>(random() % 2 == 0 ? 0xFF : random());
    for (std::size_t s = 0; s < kSnapshotSections; ++s) {
      if (chosen < kSnapshotSections ? s != chosen : s + 1 == kSnapshotSections) continue;
      for (std::size_t i = 0; i < size_of(bytes, s); ++i)
        bytes[offset_of(bytes, s) + i] = same ? fill : static_cast<std::byte>(random());
    }
    if (random() % 2 == 0) set_number<std::uint32_t>(bytes, 76, UINT32_MAX);  // longest run
    reseal(bytes);
    const auto snapshot = Snapshot::from_bytes(std::move(bytes));
    if (!snapshot) continue;
    ++opened;
    EXPECT_TRUE((*snapshot)->verify());
    touch_all(**snapshot, kSmallText);
  }
  EXPECT_GT(opened, 200U);
}

TEST(IndexTraits, knows_where_networks_lie) {
  struct Row {
    const char* network;
    std::array<std::uint8_t, 4> address;
    bool near;
  };
  const Row rows[] = {
      {"198.51.100.0/24", {198, 51, 100, 7}, true},
      {"198.51.100.0/24", {198, 51, 0, 0}, true},  // only 16 bits are told apart
      {"198.51.100.0/24", {198, 52, 100, 7}, false},
      {"198.48.0.0/14", {198, 48, 0, 0}, true},
      {"198.48.0.0/14", {198, 51, 255, 255}, true},
      {"198.48.0.0/14", {198, 47, 255, 255}, false},
      {"198.48.0.0/14", {198, 52, 0, 0}, false},
      {"198.51.0.0/16", {198, 51, 0, 0}, true},
      {"255.0.0.0/8", {255, 255, 255, 255}, true},
      {"0.0.0.0/0", {0, 0, 0, 0}, true},
      {"0.0.0.0/0", {255, 255, 255, 255}, true},
      {"2001:db8::/32", {32, 1, 13, 184}, false},
  };
  for (const Row& row : rows) {
    IndexTraits traits;
    traits.add({kCidr, row.network});
    EXPECT_EQ(traits.has_v4_network_at(row.address), row.near)
        << row.network << ' ' << static_cast<int>(row.address[1]);
  }
}

TEST(Snapshot, visits_no_more_than_the_longest_run_where_entries_are_damaged) {
  const auto set = generated_set(5000, 29);
  Bytes bytes = compile(set);
  const auto longest = number_at<std::uint32_t>(bytes, 76);
  // Every bucket holds all keys, and all fingerprints are one.
  const auto key_count = static_cast<std::uint32_t>(number_at<std::uint64_t>(bytes, 64));
  for (std::size_t b = 0; b < size_of(bytes, kBuckets) / 4; ++b)
    set_number<std::uint32_t>(bytes, offset_of(bytes, kBuckets) + b * 4, b % 2 ? key_count : 0);
  const std::string_view key = "evil.example\n";
  const int bits = static_cast<int>(number_at<std::uint32_t>(bytes, 72));
  const std::uint64_t hash = ClaimIndex::hash_of(KeyKind::kUrlPlace, key);
  for (std::size_t k = 0; k < key_count; ++k) {
    set_number<std::uint16_t>(bytes, offset_of(bytes, kKeys) + k * flat::kKeyBytes,
                              flat::fingerprint_of(hash, bits));
  }
  if (flat::bucket_of(hash, bits) % 2 != 0) {
    for (std::size_t b = 0; b < size_of(bytes, kBuckets) / 4; ++b)
      set_number<std::uint32_t>(bytes, offset_of(bytes, kBuckets) + b * 4,
                                b % 2 ? 0 : key_count);
  }
  const auto snapshot = Snapshot::from_bytes(bytes);
  ASSERT_TRUE(snapshot);
  std::size_t visits = 0;
  (*snapshot)->index().candidates(KeyKind::kUrlPlace, key, [&](std::uint32_t) { ++visits; });
  EXPECT_EQ(visits, longest);
  EXPECT_LT(visits, key_count);
}

// --- files ---------------------------------------------------------------------------------

TEST(SnapshotFile, is_read_as_it_was_written) {
  const Folder folder;
  const std::string path = folder / "snapshot.bin";
  ASSERT_TRUE(write_set(small_set(), path));
  EXPECT_EQ(folder.names(), std::vector<std::string>{"snapshot.bin"});
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  for (const SnapshotOrigin* expected :
       {static_cast<const SnapshotOrigin*>(nullptr), &kOrigin}) {
    const auto snapshot = Snapshot::open(path, expected);
    ASSERT_TRUE(snapshot) << snapshot.error().message;
    EXPECT_TRUE((*snapshot)->verify());
    expect_same_index(small_set(), (*snapshot)->index());
    EXPECT_EQ(scan((*snapshot)->matcher(), kSmallText),
              scan(*make_exact_matcher(small_set()), kSmallText));
  }
}

TEST(SnapshotFile, says_what_it_found_and_expected) {
  const Folder folder;
  const std::string path = folder / "snapshot.bin";
  const auto error = [&](const std::string& name, const SnapshotOrigin* expected) {
    const auto snapshot = Snapshot::open(name, expected);
    return snapshot ? std::string() : snapshot.error().message;
  };
  EXPECT_EQ(error(path, nullptr), path + ": no such file or directory");
  EXPECT_EQ(error(folder.path(), nullptr), folder.path() + ": is no regular file");
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(error(folder / "fifo", nullptr), (folder / "fifo") + ": is no regular file");
  write_file(path, {});
  EXPECT_EQ(error(path, nullptr), path + ": empty, expected a snapshot");
  write_file(path, Bytes(4096, std::byte{'x'}));
  EXPECT_EQ(error(path, nullptr),
            path + ": not a snapshot: it begins otherwise than 'SPOORSNP'");
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{8}, std::size_t{100}, std::size_t{511}, std::size_t{512},
        small_bytes().size() - 1}) {
    write_file(path, Bytes(small_bytes().begin(),
                           small_bytes().begin() + static_cast<std::ptrdiff_t>(size)));
    EXPECT_EQ(
        error(path, nullptr)
            .rfind(path + ": truncated: " + std::to_string(size) + " bytes, expected ", 0),
        0U)
        << error(path, nullptr);
  }
  write_file(path, small_bytes());
  SnapshotOrigin other = kOrigin;
  other.generation = 8;
  EXPECT_EQ(error(path, &other),
            path +
                ": compiled from generation 7 of store a00102030405060708090a0b0c0d0e0f, "
                "expected generation 8 of store a00102030405060708090a0b0c0d0e0f");
  other = kOrigin;
  other.store_id[15] = 0xFF;
  EXPECT_EQ(error(path, &other),
            path +
                ": compiled from generation 7 of store a00102030405060708090a0b0c0d0e0f, "
                "expected generation 7 of store a00102030405060708090a0b0c0d0eff");
  EXPECT_EQ(error(path, &kOrigin), "");
}

TEST(SnapshotFile, notices_damage_and_a_cut_when_it_verifies) {
  const Folder folder;
  const std::string path = folder / "snapshot.bin";
  Bytes bytes = small_bytes();
  bytes[offset_of(bytes, kIds)] ^= std::byte{8};
  write_file(path, bytes);
  auto snapshot = Snapshot::open(path, nullptr);
  ASSERT_TRUE(snapshot);
  Status status = (*snapshot)->verify();
  ASSERT_FALSE(status);
  EXPECT_EQ(
      status.error().message.rfind(path + ": damaged: section 'ids' has the checksum ", 0), 0U);

  write_file(path, small_bytes());
  snapshot = Snapshot::open(path, nullptr);
  ASSERT_TRUE(snapshot);
  ASSERT_EQ(::truncate(path.c_str(), 600), 0);
  status = (*snapshot)->verify();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message,
            path + ": was cut to 600 bytes, expected " + std::to_string(small_bytes().size()));
}

TEST(SnapshotFile, stays_whole_for_readers_while_it_is_replaced) {
  const Folder folder;
  const std::string path = folder / "snapshot.bin";
  ASSERT_TRUE(write_set(small_set(), path));
  const auto old = Snapshot::open(path, nullptr);
  ASSERT_TRUE(old);
  ASSERT_TRUE(write_set({{kDomain, "new.example"}}, path));
  EXPECT_TRUE((*old)->verify());
  expect_same_index(small_set(), (*old)->index());
  const auto fresh = Snapshot::open(path, nullptr);
  ASSERT_TRUE(fresh);
  EXPECT_EQ((*fresh)->size(), 1U);
}

TEST(SnapshotFile, keeps_the_old_file_where_writing_fails) {
  const Folder folder;
  const std::string path = folder / "snapshot.bin";
  ASSERT_TRUE(write_set({{kDomain, "old.example"}}, path));
  const Bytes old = read_file(path);
  const auto expect_kept = [&](const Status& status, const char* reason) {
    ASSERT_FALSE(status);
    EXPECT_NE(status.error().message.find(reason), std::string::npos) << status.error().message;
    EXPECT_TRUE(read_file(path) == old);
    EXPECT_EQ(folder.names(), std::vector<std::string>{"snapshot.bin"});
  };

  // A disk that is full, as far as this process sees.
  rlimit limit{}, before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto signal_before = std::signal(SIGXFSZ, SIG_IGN);
  limit = before;
  limit.rlim_cur = 600;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  const Status full = write_set(small_set(), path);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, signal_before);
  expect_kept(full, "write: file too large");

  // A folder that may not be written; root may, so that it steps down to nobody meanwhile.
  ASSERT_EQ(::chmod(folder.path().c_str(), 0555), 0);
  const bool root = ::geteuid() == 0;
  if (root) {
    ASSERT_EQ(::seteuid(65534), 0);
  }
  const Status refused = write_set(small_set(), path);
  if (root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
  expect_kept(refused, "permission denied");

  // A value that cannot be compiled.
  expect_kept(write_set({{kUserAgent, std::string(70000, 'x')}}, path), "70000 bytes");

  // No such folder; a folder in the file's place.
  expect_kept(write_set(small_set(), folder / "none/snapshot.bin"), "no such file");
  ASSERT_EQ(::mkdir((folder / "taken").c_str(), 0755), 0);
  const Status taken = write_set(small_set(), folder / "taken");
  ASSERT_EQ(::rmdir((folder / "taken").c_str()), 0);
  expect_kept(taken, "rename: is a directory");
}

}  // namespace
}  // namespace spoor
