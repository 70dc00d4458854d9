// No damage of a snapshot passes or harms: cuts, flipped bits, headers that are sealed and
// wrong, garbage in any section.

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <random>
#include <stop_token>

#include "base/hash.h"
#include "ioc/url.h"
#include "match/snapshot_test_support.h"

namespace spoor::snapshot_tests {
namespace {

constexpr std::size_t kChecksum = kSnapshotHeaderBytes - 8;

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
       "version 8, expected 7"},
      {"version 0", [](Bytes& b) { set_number<std::uint32_t>(b, 12, 0); },
       "version 0, expected 7"},
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

}  // namespace
}  // namespace spoor::snapshot_tests
