#include "logs/finding.h"

#include <algorithm>
#include <chrono>

namespace spoor {

std::optional<bool> was_live(const IndicatorStory& story,
                             const std::optional<EventTime>& event) {
  if (!event || story.claims.empty()) return std::nullopt;
  bool unknown = false;
  for (const ClaimSummary& claim : story.claims) {
    std::optional<Time> end = claim.expiration;
    if (claim.ended && (!end || *claim.ended < *end)) end = claim.ended;
    if (end) {
      if (*end >= event->time) return true;
    } else if (claim.active && claim.created) {
      return true;
    } else {
      unknown = true;
    }
  }
  if (unknown) return std::nullopt;
  return false;
}

std::string_view name_of(TextEncoding encoding) {
  switch (encoding) {
    case TextEncoding::kBytes:
      return "bytes";
    case TextEncoding::kUtf16le:
      return "utf-16le";
    case TextEncoding::kUtf16be:
      return "utf-16be";
  }
  return "";
}

std::optional<TextEncoding> encoding_from_name(std::string_view name) {
  for (const TextEncoding encoding :
       {TextEncoding::kBytes, TextEncoding::kUtf16le, TextEncoding::kUtf16be}) {
    if (name_of(encoding) == name) return encoding;
  }
  return std::nullopt;
}

std::string_view name_of(NewsKind kind) {
  switch (kind) {
    case NewsKind::kNone:
      return "";
    case NewsKind::kUnchanged:
      return "unchanged";
    case NewsKind::kContinued:
      return "continued";
    case NewsKind::kForIndicators:
      return "for_new_indicators";
    case NewsKind::kWhole:
      return "whole";
  }
  return "";
}

std::optional<NewsKind> news_from_name(std::string_view name) {
  for (std::size_t kind = 1; kind < kNewsKinds; ++kind) {
    if (name_of(static_cast<NewsKind>(kind)) == name) return static_cast<NewsKind>(kind);
  }
  return std::nullopt;
}

std::vector<std::string> stale_words(const Freshness& freshness, Time now) {
  const auto days = [&](Time then) {
    const auto age = std::chrono::duration_cast<std::chrono::hours>(now - then).count() / 24;
    return std::to_string(age) + " days ago";
  };
  const auto is_stale = [&](Time then) { return now - then > kStaleAfter; };
  std::vector<std::string> words;
  if (freshness.newest_pulse && is_stale(*freshness.newest_pulse))
    words.push_back("the newest pulse is of " + days(*freshness.newest_pulse));
  for (const Freshness::Feed& feed : freshness.feeds) {
    if (feed.last_run && is_stale(*feed.last_run))
      words.push_back("feed '" + feed.name + "' ran last " + days(*feed.last_run));
  }
  return words;
}

}  // namespace spoor
