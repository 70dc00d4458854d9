#include "hunt/canary.h"

#include <algorithm>
#include <random>

#include "base/ascii.h"
#include "io/encoding.h"
#include "io/pack.h"

namespace spoor {
namespace {

/// Types whose sets make the matcher read names, so that one more costs nothing
/// (match/sieve_build.cpp: addresses have reverse names, URLs have hosts).
constexpr IndicatorType kReadAsNames[] = {
    IndicatorType::kDomain,   IndicatorType::kHostname, IndicatorType::kUrl,
    IndicatorType::kIpv4,     IndicatorType::kIpv4Port, IndicatorType::kIpv6,
    IndicatorType::kIpv6Port, IndicatorType::kCidr,
};

/// Where a set has `present`, runs of `length` hex digits are looked at anyway.
struct DigestRow {
  IndicatorType present, canary;
  std::size_t length;
};
constexpr DigestRow kDigests[] = {
    {IndicatorType::kSha256, IndicatorType::kSha256, 64},
    {IndicatorType::kSha1, IndicatorType::kSha1, 40},
    {IndicatorType::kMd5, IndicatorType::kMd5, 32},
    {IndicatorType::kSha512, IndicatorType::kSha512, 128},
    {IndicatorType::kSha384, IndicatorType::kSha384, 96},
    {IndicatorType::kPehash, IndicatorType::kSha1, 40},
    {IndicatorType::kImphash, IndicatorType::kMd5, 32},
    {IndicatorType::kJa3, IndicatorType::kMd5, 32},
};

/// 32 hex digits that belong to this state of this store and to `purpose`.
std::string digits_of(const SnapshotOrigin& origin, std::string_view purpose) {
  std::string seed(reinterpret_cast<const char*>(origin.store_id.data()),
                   origin.store_id.size());
  seed += std::to_string(origin.generation);
  seed += purpose;
  return to_hex(xxh3_128(seed).view());
}

/// An address of 2001:db8::/32, canonical (RFC 5952): groups without leading zeros, none zero.
std::string address_of(const std::string& digits) {
  std::string text = "2001:db8";
  for (std::size_t at = 0; at < 24; at += 4) {
    text += ":1";  // the first digit, so that none leads with zero
    text += digits.substr(at, 3);
  }
  return text;
}

/// The first byte as \u00XX, the others as they are.
std::string json_text(std::string_view value) {
  return "\\u00" + to_hex(value.substr(0, 1)) + std::string(value.substr(1));
}

/// Every byte as %XX.
std::string percent_text(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) text += "%" + to_hex(value.substr(i, 1));
  return text;
}

std::uint64_t random_number() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

}  // namespace

std::vector<Observable> canary_observables(
    const SnapshotOrigin& origin, const std::array<bool, kIndicatorTypeCount>& present) {
  const auto has = [&](IndicatorType type) { return present[static_cast<std::size_t>(type)]; };
  std::vector<Observable> all;
  const auto digest = std::find_if(std::begin(kDigests), std::end(kDigests),
                                   [&](const DigestRow& row) { return has(row.present); });
  const bool has_digests = digest != std::end(kDigests);
  const bool reads_names = std::any_of(std::begin(kReadAsNames), std::end(kReadAsNames), has);
  if (reads_names || !has_digests) {
    all.push_back(
        {IndicatorType::kDomain, "spoor-canary-" + digits_of(origin, "domain") + ".invalid"});
  }
  if (has_digests) {
    std::string digits;
    for (char part = 'a'; digits.size() < digest->length; ++part)
      digits += digits_of(origin, std::string_view(&part, 1));
    all.push_back({digest->canary, digits.substr(0, digest->length)});
  }
  if (has(IndicatorType::kIpv6))
    all.push_back({IndicatorType::kIpv6, address_of(digits_of(origin, "address"))});
  if (has(IndicatorType::kUrl)) {
    all.push_back({IndicatorType::kUrl,
                   "http://spoor-canary-" + digits_of(origin, "url") + ".invalid/canary"});
  }
  return all;
}

std::vector<Canary> canaries_of(const Snapshot& snapshot) {
  std::vector<Canary> all;
  for (std::size_t i = snapshot.size(); i-- > 0;) {
    const auto indicator = static_cast<std::uint32_t>(i);
    if (snapshot.id_of(IndicatorIndex{indicator}) != kCanaryId) break;
    const ClaimRef claim = snapshot.index().at(indicator);
    all.push_back({IndicatorIndex{indicator}, {claim.type, std::string(claim.value)}});
  }
  std::reverse(all.begin(), all.end());
  return all;
}

/// A line and where in it the canary stands.
struct CanaryCheck::Line {
  std::string before, value, after;
  std::uint32_t indicator;
};

CanaryCheck::CanaryCheck(const std::vector<Canary>& canaries)
    : CanaryCheck(canaries, random_number()) {}

CanaryCheck::CanaryCheck(const std::vector<Canary>& canaries, std::uint64_t nonce) {
  if (canaries.empty()) return;
  first_ = static_cast<std::uint32_t>(canaries.front().indicator);
  const std::string number = std::to_string(nonce);
  std::vector<Line> plain, disguised;
  for (const Canary& canary : canaries) {
    const auto indicator = static_cast<std::uint32_t>(canary.indicator);
    const std::string& value = canary.observable.value;
    plain.push_back({"run " + number + " saw ", value, " here", indicator});
    disguised.push_back(
        {"{\"run\":" + number + ",\"saw\":\"", json_text(value), "\"}", indicator});
    // A URL in a query is another thing (U10), of a weaker grade.
    if (canary.observable.type != IndicatorType::kUrl)
      disguised.push_back({"GET /" + number + "?saw=", percent_text(value), "", indicator});
  }
  plant("<canary plain>", plain, false, false);
  plant("<canary gzip>", plain, false, true);
  plant("<canary utf-16>", plain, true, false);
  plant("<canary disguised>", disguised, false, false);
  result_.planted = expected_.size();
}

void CanaryCheck::plant(const std::string& name, const std::vector<Line>& lines, bool wide,
                        bool packed) {
  const std::uint64_t unit = wide ? 2 : 1, mark = wide ? 2 : 0;
  std::string text;
  std::uint64_t number = 0;
  for (const Line& line : lines) {
    const std::string whole = line.before + line.value + line.after;
    std::string bytes = wide ? utf16_text(whole) : whole;
    if (wide && number > 0) bytes.erase(0, mark);
    const Place place{name, mark + unit * (text.size() + line.before.size()),
                      unit * line.value.size(), line.indicator};
    expected_.emplace(place, Expected{++number, xxh3_128(bytes)});
    text += whole;
    text += '\n';
  }
  if (wide) text = utf16_text(text);
  files_.push_back({name, packed ? gzip_member(text) : std::move(text)});
}

bool CanaryCheck::take(const Sighting& sighting, IndicatorIndex indicator,
                       bool in_planted_file) {
  const auto number = static_cast<std::uint32_t>(indicator);
  const bool is_canary = number >= first_;
  if (!in_planted_file) {
    if (is_canary) ++result_.elsewhere;
    return is_canary;
  }
  if (!is_canary) return true;  // some network of the store may hold the address
  const auto at =
      expected_.find(Place{sighting.file, sighting.offset, sighting.length, number});
  if (at == expected_.end() || at->second.found || at->second.line != sighting.line ||
      at->second.digest != sighting.event_digest || sighting.grade != Grade::kExact) {
    ++result_.unexpected;
    return true;
  }
  at->second.found = true;
  ++result_.found;
  return true;
}

}  // namespace spoor
