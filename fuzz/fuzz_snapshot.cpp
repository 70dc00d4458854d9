// Damaged snapshots. The input is either a file (it begins with the magic, its header is sealed
// anew so that what lies behind the checksum is reached), or a list of changes to a healthy
// file and a text: a byte n, n times offset (u24, little-endian) and a byte to xor, then the
// text. Whatever opens is read all over and scans the text: no read outside of the bytes, no
// type that is none, hits within the text; and an unchanged file verifies.

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "match/flat_index.h"
#include "match/snapshot.h"

namespace {

using namespace spoor;
using Bytes = std::vector<std::byte>;

const Bytes& healthy() {
  static const Bytes bytes = [] {
    SnapshotBuilder builder;
    std::int64_t id = 1;
    for (const Observable& observable : std::vector<Observable>{
             {IndicatorType::kIpv4, "192.0.2.5"},
             {IndicatorType::kIpv6, "2001:db8::5"},
             {IndicatorType::kCidr, "198.51.100.0/24"},
             {IndicatorType::kIpv4Port, "192.0.2.5:80"},
             {IndicatorType::kIpv4Port, "192.0.2.5:81"},
             {IndicatorType::kIpv6Port, "[2001:db8::5]:80"},
             {IndicatorType::kDomain, "evil.example"},
             {IndicatorType::kHostname, "www.evil.example"},
             {IndicatorType::kUrl, "http://evil.example/a"},
             {IndicatorType::kUrl, "http://evil.example/a?b"},
             {IndicatorType::kUri, "/a?b"},
             {IndicatorType::kMd5, "3c13095de829e8a9e831ff0e978f114e"},
             {IndicatorType::kEmail, "a@evil.example"},
             {IndicatorType::kFilePath, "c:\\a\\b.exe"},
             {IndicatorType::kFileName, "b.exe"},
             {IndicatorType::kRegistryKey, "hklm\\software\\a"},
             {IndicatorType::kMutex, "abcd"},
             {IndicatorType::kCve, "CVE-2021-1234"},
             {IndicatorType::kAsn, "AS64496"},
             {IndicatorType::kUserAgent, "evil"},
         }) {
      builder.add(id++, observable);
    }
    auto made = builder.finish({}, 1);
    if (!made) std::abort();
    return std::move(*made);
  }();
  return bytes;
}

std::string_view text_of(const Bytes& bytes, std::size_t offset, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes.data()) + offset, size};
}

/// Makes the checksums agree that opening looks at: the traits' and the header's.
void seal(Bytes& bytes) {
  constexpr std::size_t kTraitsPadded = (flat::kTraitsWords * 8 + 63) / 64 * 64;
  constexpr std::size_t kTraitsDigest = 112;
  if (bytes.size() < kSnapshotHeaderBytes) return;
  if (bytes.size() >= kSnapshotHeaderBytes + kTraitsPadded) {
    const Digest128 piece = xxh3_128(text_of(bytes, kSnapshotHeaderBytes, kTraitsPadded));
    const Digest128 sum = xxh3_128(piece.view());
    std::memcpy(bytes.data() + kTraitsDigest, sum.bytes.data(), sum.bytes.size());
  }
  const std::uint64_t checksum = xxh3_64(text_of(bytes, 0, kSnapshotHeaderBytes - 8));
  std::memcpy(bytes.data() + kSnapshotHeaderBytes - 8, &checksum, sizeof checksum);
}

void try_snapshot(Bytes bytes, std::string_view text, bool unchanged) {
  const auto snapshot = Snapshot::from_bytes(std::move(bytes));
  if (!snapshot) {
    if (unchanged || snapshot.error().message.empty()) std::abort();
    return;
  }
  if (!(*snapshot)->verify() && unchanged) std::abort();
  const ClaimIndex& index = (*snapshot)->index();
  for (std::uint32_t i = 0; i < index.size() && i < 1000; ++i) {
    const ClaimRef claim = index.at(i);
    if (static_cast<std::size_t>(claim.type) >= kIndicatorTypeCount) std::abort();
    ClaimIndex::for_each_key({claim.type, std::string(claim.value)},
                             [&](KeyKind kind, std::string_view key) {
                               bool found = false;
                               index.candidates(kind, key, [&](std::uint32_t other) {
                                 if (other >= index.size()) std::abort();
                                 found |= other == i;
                               });
                               if (unchanged && !found) std::abort();
                             });
    Url room;
    index.url(i, room);
    (*snapshot)->id_of(IndicatorIndex{i});
  }
  const Matcher& matcher = (*snapshot)->matcher();
  std::vector<Hit> hits;
  matcher.scan(text, TextEncoding::kBytes, {}, *matcher.make_scratch(), hits);
  for (const Hit& hit : hits) {
    if (hit.offset + hit.length > text.size()) std::abort();
    if (static_cast<std::uint32_t>(hit.indicator) >= index.size()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (input.substr(0, 8) == "SPOORSNP") {
    Bytes bytes(size);
    std::memcpy(bytes.data(), data, size);
    seal(bytes);
    try_snapshot(std::move(bytes), "192.0.2.5 http://evil.example/a c:\\a\\b.exe", false);
    return 0;
  }
  if (size == 0) return 0;
  const std::size_t changes = data[0];
  if (size < 1 + changes * 4) return 0;
  Bytes bytes = healthy();
  for (std::size_t i = 0; i < changes; ++i) {
    const std::uint8_t* change = data + 1 + i * 4;
    const std::size_t offset = change[0] | static_cast<std::size_t>(change[1]) << 8 |
                               static_cast<std::size_t>(change[2]) << 16;
    bytes[offset % bytes.size()] ^= std::byte{change[3]};
  }
  seal(bytes);
  try_snapshot(std::move(bytes), input.substr(1 + changes * 4), changes == 0);
  return 0;
}
