// What the tests of whole hunts share: four words to find with a story each, a sink that writes
// down all that it is told, options that cut texts small, and texts and trees to hunt in.
// Private to `hunt`.

#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "hunt/fake_matcher.h"
#include "hunt/hunt.h"
#include "io/test_support.h"

namespace spoor::hunt_tests {

using Lines = std::vector<std::string>;

inline const std::vector<std::string> kWords = {"evil", "evil.example", "bad", "worse"};

/// A story for each word: a domain that one feed claims.
inline Result<std::shared_ptr<const IndicatorStory>> look_up(IndicatorIndex indicator) {
  const auto at = static_cast<std::size_t>(indicator);
  auto story = std::make_shared<IndicatorStory>();
  story->id = ObservableId{static_cast<std::int64_t>(at) + 1};
  story->observable = {IndicatorType::kDomain, kWords.at(at)};
  ClaimSummary claim;
  claim.feed = "feed";
  claim.created = parse_iso8601("2026-01-01")->time;
  claim.expiration = parse_iso8601("2026-01-31")->time;
  story->claims.push_back(claim);
  return std::shared_ptr<const IndicatorStory>(std::move(story));
}

inline std::string words_of(const Context& context) {
  std::string text;
  for (const ContextLine& line : context.before) {
    text += " <" + std::to_string(line.line) + line.text;
  }
  for (const ContextLine& line : context.after) {
    text += " >" + std::to_string(line.line) + line.text;
  }
  return text;
}

/// Writes down everything that reaches it.
class Recorder final : public FindingSink {
 public:
  Status take(std::span<Sighting> sightings, std::span<const FindingDetail> details) override {
    EXPECT_EQ(sightings.size(), details.size());
    for (std::size_t i = 0; i < sightings.size(); ++i) {
      Sighting& sighting = sightings[i];
      sighting.is_new = seen_
                            .insert({sighting.observable.value, sighting.absolute_path,
                                     sighting.event_offset})
                            .second;
      all.push_back(sighting);
      std::string line = sighting.file + ":" + std::to_string(sighting.line) + ":" +
                         std::to_string(sighting.offset) + "+" +
                         std::to_string(sighting.length) + " " + sighting.observable.value +
                         " g" + std::to_string(static_cast<int>(sighting.grade)) + " e" +
                         std::to_string(sighting.event_offset) + " x" +
                         std::to_string(details[i].occurrences) + " " +
                         to_hex(sighting.event_digest.view()).substr(0, 8) + " [" +
                         sighting.event_text.substr(sighting.match_begin,
                                                    sighting.match_end - sighting.match_begin) +
                         "]";
      told.push_back(details[i]);
      if (details[i].context) line += words_of(*details[i].context);
      lines.push_back(line);
      // The sightings of one event are not spread over two calls.
      const auto event = std::pair(sighting.absolute_path, sighting.event_offset);
      if (i == 0 && !all.empty() && last_event_) {
        EXPECT_NE(*last_event_, event);
      }
      if (i + 1 == sightings.size()) last_event_ = event;
    }
    return {};
  }
  Status finish(const HuntTotals& totals) override {
    finished = totals;
    return {};
  }

  static std::string to_hex(std::string_view bytes) {
    std::string out;
    for (char c : bytes) {
      char buffer[4];
      std::snprintf(buffer, sizeof buffer, "%02x", static_cast<unsigned char>(c));
      out += buffer;
    }
    return out;
  }

  std::vector<Sighting> all;
  std::vector<FindingDetail> told;  // what belongs to each of `all`
  Lines lines;
  std::optional<HuntTotals> finished;

 private:
  std::set<std::tuple<std::string, std::string, std::uint64_t>> seen_;
  std::optional<std::pair<std::string, std::uint64_t>> last_event_;
};

struct Outcome {
  Recorder sink;
  HuntTotals totals;
  std::string error;
};

inline Outcome hunted(HuntOptions options, const std::stop_token& stop = {}) {
  const FakeMatcher matcher(kWords);
  const FixedClock clock(parse_iso8601("2026-11-24T10:00:00Z")->time);
  Outcome outcome;
  FindingSink* sinks[] = {&outcome.sink};
  auto totals = Hunt(matcher, look_up, clock, std::move(options)).run(sinks, stop);
  if (totals) {
    outcome.totals = *totals;
  } else {
    outcome.error = totals.error().message;
  }
  return outcome;
}

inline HuntOptions tiny(std::vector<std::string> paths, unsigned threads = 2) {
  HuntOptions options;
  options.paths = std::move(paths);
  options.threads = threads;
  options.min_grade = Grade::kWeak;
  options.stream.chunk_bytes = 64;
  options.stream.line_limit = 512;
  options.stream.overlap = 64;
  options.stream.token_limit = 64;
  return options;
}

inline std::string random_text(unsigned seed, std::size_t words) {
  constexpr std::string_view kPieces[] = {
      "evil", "evil.example", "bad", "worse", "bad?", "bad~",         "worse^", "plain",
      "text", "b=\nad",       "\n",  "\r\n",  "\n",   "padding-word", "xx"};
  std::mt19937 random(seed);
  std::string text;
  for (std::size_t i = 0; i < words; ++i) {
    text += kPieces[random() % std::size(kPieces)];
    if (random() % 8 != 0) text += ' ';
  }
  return text;
}

inline void write_tree(const TemporaryFolder& folder) {
  for (unsigned i = 0; i < 12; ++i) {
    const std::string text = random_text(i, 800);
    const std::string name = "t/" + std::to_string(i % 3) + "/log" + std::to_string(i);
    if (i % 4 == 1) {
      folder.write(name + ".gz", gzip(text));
    } else if (i % 4 == 2) {
      folder.write(name + ".zst", zstd(text));
    } else if (i % 4 == 3) {
      folder.write(name, utf16(text));
    } else {
      folder.write(name, text);
    }
  }
  folder.write("t/1/cut.gz", gzip(random_text(99, 4000)).substr(0, 3000));
  folder.write("t/2/token", "bad " + std::string(3000, 'x') + " evil\nbad\n");
}

}  // namespace spoor::hunt_tests
