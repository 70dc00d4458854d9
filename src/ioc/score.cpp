// See score.h. Where the lifetimes come from: MISP's decaying models for addresses (attackers
// leave them within weeks), names and URLs (registrations are paid by the year, pages are taken
// down in weeks); digests never change their meaning, so that they decay slowly and late.

#include "ioc/score.h"

#include <algorithm>
#include <cmath>

namespace spoor {
namespace {

using T = IndicatorType;

struct DecayRow {
  IndicatorType type;
  Decay decay;
};
constexpr DecayRow kDecays[] = {
    {T::kIpv4, {60, 1.0}},
    {T::kIpv6, {60, 1.0}},
    {T::kIpv4Port, {45, 1.0}},
    {T::kIpv6Port, {45, 1.0}},
    {T::kCidr, {120, 1.0}},
    {T::kAsn, {365, 1.0}},
    {T::kDomain, {240, 0.7}},
    {T::kHostname, {180, 0.7}},
    {T::kUrl, {120, 0.8}},
    {T::kUri, {365, 0.7}},
    {T::kEmail, {365, 0.7}},
    {T::kMd5, {1825, 0.4}},
    {T::kSha1, {1825, 0.4}},
    {T::kSha256, {1825, 0.4}},
    {T::kSha384, {1825, 0.4}},
    {T::kSha512, {1825, 0.4}},
    {T::kImphash, {730, 0.5}},
    {T::kPehash, {730, 0.5}},
    {T::kUserAgent, {365, 0.8}},
    {T::kJa3, {365, 0.8}},
    {T::kSslCertFingerprint, {365, 0.6}},
};
constexpr Decay kOther{730, 0.5};

bool counts(const ScoredClaim& claim, Time now) {
  return claim.active && !claim.ended && (!claim.expiration || *claim.expiration > now);
}

}  // namespace

Decay default_decay(IndicatorType type) {
  for (const DecayRow& row : kDecays) {
    if (row.type == type) return row.decay;
  }
  return kOther;
}

ScoreSettings::ScoreSettings() {
  for (const TypeRow& row : indicator_types())
    decay[static_cast<std::size_t>(row.type)] = default_decay(row.type);
}

double decayed_part(const Decay& decay, std::chrono::duration<double> age) {
  if (age.count() <= 0 || decay.lifetime_days <= 0 || decay.shape <= 0) return 1;
  const double part = age.count() / (decay.lifetime_days * 86'400);
  return part >= 1 ? 0 : 1 - std::pow(part, 1 / decay.shape);
}

Score score_of(IndicatorType type, std::span<const ScoredClaim> claims, Time now,
               const ScoreSettings& settings) {
  const Decay& decay = settings.decay[static_cast<std::size_t>(type)];
  std::map<std::string_view, SourceScore> feeds;
  for (const ScoredClaim& claim : claims) {
    SourceScore& source = feeds[claim.feed];
    source.feed = claim.feed;
    if (!counts(claim, now)) continue;
    source.counts = true;
    const auto row = settings.feeds.find(claim.feed);
    const double weight = row != settings.feeds.end() ? row->second : settings.default_weight;
    const double base = claim.confidence ? weight * *claim.confidence / 100 : weight;
    std::optional<Time> said = claim.last_said ? claim.last_said : claim.created;
    const double part =
        said ? decayed_part(decay, std::chrono::duration<double>(now - *said)) : 1;
    source.base = std::max(source.base, base);
    source.score = std::max(source.score, base * part);
  }
  Score score;
  double no_base = 1, no_score = 1;
  for (auto& [feed, source] : feeds) {
    no_base *= 1 - source.base / 100;
    no_score *= 1 - source.score / 100;
    score.sources.push_back(std::move(source));
  }
  score.base = 100 * (1 - no_base);
  score.score = 100 * (1 - no_score);
  return score;
}

}  // namespace spoor
