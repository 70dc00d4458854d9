#include "app/score_views.h"

#include <cstdio>

#include "app/table.h"
#include "base/json_writer.h"
#include "base/utf8.h"

namespace spoor {
namespace {

std::string time_text(const std::optional<Time>& time) {
  return time ? format_iso8601(*time) : std::string();
}

ScoredClaim scored(const ClaimView& claim) {
  // What a source calls context it does not call bad.
  return {claim.feed,
          claim.facts.confidence,
          claim.created,
          claim.facts.last_said,
          claim.expiration,
          claim.ended,
          claim.active && claim.facts.detect};
}

/// Whether the claim holds now, in words.
std::string state_of(const ClaimView& claim, Time now) {
  if (!claim.facts.detect) return "context";
  if (claim.ended) return "ended " + time_text(claim.ended);
  if (claim.expiration && *claim.expiration <= now)
    return "expired " + time_text(claim.expiration);
  if (!claim.active) return "inactive";
  return claim.expiration ? "until " + time_text(claim.expiration) : "active";
}

const SourceScore* source_of(const Score& score, const std::string& feed) {
  for (const SourceScore& source : score.sources) {
    if (source.feed == feed) return &source;
  }
  return nullptr;
}

std::string number_text(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", number);
  return text;
}

}  // namespace

std::string score_text(double score) {
  char text[32];
  std::snprintf(text, sizeof text, score >= 10 || score <= 0 ? "%.0f" : "%.1f", score);
  return text;
}

Score score_of_claims(std::span<const ClaimView> claims, Time now,
                      const ScoreSettings& settings) {
  if (claims.empty()) return {};
  std::vector<ScoredClaim> all;
  for (const ClaimView& claim : claims) all.push_back(scored(claim));
  return score_of(claims.front().observable.type, all, now, settings);
}

Result<double> Scores::of(ObservableId id) {
  const auto key = static_cast<std::int64_t>(id);
  if (const auto found = known_.find(key); found != known_.end()) return found->second;
  const auto claims = store_.claims_of(id);
  if (!claims) return fail(claims.error());
  if (known_.size() >= kMost) known_.clear();
  return known_[key] = score_of_claims(*claims, now_, settings_).score;
}

Result<double> min_score(const Options& options) {
  if (!options.has("min-score")) return 0.0;
  const auto score = parse_number(options.value("min-score"), 0, 100);
  if (!score) return fail(score.error().at("--min-score"));
  return static_cast<double>(*score);
}

std::string sources_text(std::span<const ClaimView> claims, Time now,
                         const ScoreSettings& settings) {
  const Score score = score_of_claims(claims, now, settings);
  const ClaimView& first = claims.front();
  std::string text = std::string(name_of(first.observable.type)) + " " +
                     terminal_safe(first.observable.value) + ": score " +
                     score_text(score.score) + " (" + score_text(score.base) +
                     " before decay)" + (first.context ? ", context only: not hunted" : "") +
                     "\n";
  TextTable table(50);
  table.row({"FEED", "PULSE", "FIRST", "LAST", "STATE", "CONFIDENCE", "TLP", "SCORE"});
  for (const ClaimView& claim : claims) {
    const SourceScore* source = source_of(score, claim.feed);
    table.row({claim.feed, claim.pulse_name.empty() ? claim.pulse_id : claim.pulse_name,
               time_text(claim.created), time_text(claim.facts.last_said), state_of(claim, now),
               claim.facts.confidence ? std::to_string(*claim.facts.confidence) : "",
               claim.tlp ? std::string(name_of(*claim.tlp)) : "",
               source != nullptr ? score_text(source->score) : ""});
  }
  return text + table.text("  ");
}

std::string sources_json(std::span<const ClaimView> claims, Time now,
                         const ScoreSettings& settings) {
  const Score score = score_of_claims(claims, now, settings);
  const ClaimView& first = claims.front();
  JsonWriter json;
  json.begin_object()
      .member("type", name_of(first.observable.type))
      .member("indicator", first.observable.value);
  json.key("score").number(score.score).key("base").number(score.base);
  json.key("sources").begin_array();
  for (const SourceScore& source : score.sources) {
    json.begin_object().member("feed", source.feed);
    json.key("base").number(source.base).key("score").number(source.score);
    json.member("counts", source.counts).key("claims").begin_array();
    for (const ClaimView& claim : claims) {
      if (claim.feed != source.feed) continue;
      json.begin_object();
      if (!claim.pulse_id.empty()) {
        json.member("pulse", claim.pulse_id)
            .member("pulse_name", claim.pulse_name)
            .member("author", claim.pulse_author);
      }
      if (claim.created) json.member("created", time_text(claim.created));
      if (claim.facts.last_said) json.member("last_said", time_text(claim.facts.last_said));
      if (claim.expiration) json.member("expiration", time_text(claim.expiration));
      if (claim.ended) json.member("ended", time_text(claim.ended));
      if (claim.facts.confidence)
        json.member("confidence", std::int64_t{*claim.facts.confidence});
      if (claim.tlp) json.member("tlp", name_of(*claim.tlp));
      if (claim.pap) json.member("pap", name_of(*claim.pap));
      json.member("active", claim.active).member("detect", claim.facts.detect).end_object();
    }
    json.end_array().end_object();
  }
  json.end_array().end_object();
  return json.take() + "\n";
}

std::string model_text(const ScoreSettings& settings) {
  TextTable table;
  table.row({"TYPE", "LIFETIME (DAYS)", "SHAPE"});
  for (const TypeRow& row : indicator_types()) {
    const Decay& decay = settings.decay[static_cast<std::size_t>(row.type)];
    table.row(
        {std::string(row.name), number_text(decay.lifetime_days), number_text(decay.shape)});
  }
  table.row({"", "", ""});
  table.row({"FEED", "WEIGHT", ""});
  for (const auto& [feed, weight] : settings.feeds) table.row({feed, number_text(weight), ""});
  table.row({"every other", number_text(settings.default_weight), ""});
  return "score = base * (1 - (age / lifetime)^(1 / shape)); base = weight, times the claim's\n"
         "confidence where it says one; sources add up as 1 - (1 - a)(1 - b)...\n\n" +
         table.text();
}

std::string model_json(const ScoreSettings& settings) {
  JsonWriter json;
  json.begin_object().key("default_weight").number(settings.default_weight);
  json.key("feeds").begin_object();
  for (const auto& [feed, weight] : settings.feeds) json.key(feed).number(weight);
  json.end_object().key("decay").begin_object();
  for (const TypeRow& row : indicator_types()) {
    const Decay& decay = settings.decay[static_cast<std::size_t>(row.type)];
    json.key(row.name).begin_object().key("lifetime_days").number(decay.lifetime_days);
    json.key("shape").number(decay.shape).end_object();
  }
  json.end_object().end_object();
  return json.take() + "\n";
}

}  // namespace spoor
