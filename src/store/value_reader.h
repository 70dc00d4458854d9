// What the store knows of single values, asked for many of them one after the other: prepared
// once, pulses kept, one read transaction, so that all answers are of one moment and a list of
// ten thousand values takes about a second (bench/bench_lookup). Writers are not held up.
// Memory: the pulses that were met, at most 1,024, and a few neighbours of each. One thread at
// a time. Tested by value_reader_test.cpp.

#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/store.h"

namespace spoor {

/// What hunts have found of one observable.
struct SightingSummary {
  std::uint64_t count = 0, suppressed = 0, weak = 0;
  std::optional<Time> first, last;  ///< of the events that have a time
  std::uint64_t files = 0;
  struct Place {
    std::string file;
    std::uint64_t count = 0;
  };
  std::vector<Place> places;         ///< those with most sightings, at most kMostPlaces
  std::vector<std::string> samples;  ///< lines of the latest events, at most kMostSamples
};

/// The other indicators of one pulse.
struct Neighbours {
  std::uint64_t total = 0;        ///< of the pulse, the value itself among them
  std::vector<Observable> first;  ///< at most kMostNeighbours, by the store's order
};

class ValueReader {
 public:
  static constexpr std::size_t kMostPlaces = 5;
  static constexpr std::size_t kMostSamples = 200;
  static constexpr std::size_t kMostNeighbours = 24;

  virtual ~ValueReader() = default;

  struct Found {
    ObservableId id{};
    std::string value;
    bool quarantined = false;
  };
  virtual Result<std::optional<ObservableId>> find(IndicatorType type,
                                                   std::string_view value) = 0;
  /// Observables of `type` with `from` <= value < `to` (bytes), in that order, at most `most`.
  virtual Status in_range(IndicatorType type, std::string_view from, std::string_view to,
                          std::size_t most, const std::function<void(Found&&)>& visit) = 0;
  /// Which types the store holds. A probe a type.
  virtual Result<std::array<bool, kIndicatorTypeCount>> types() = 0;
  virtual Result<std::vector<ClaimView>> claims(ObservableId id) = 0;
  virtual Result<SightingSummary> sightings(ObservableId id) = 0;
  /// Of the pulse with this id. Good until the next call.
  virtual Result<const Neighbours*> neighbours(std::string_view pulse) = 0;
  /// The latest date of any claim (said, ended, expired) that is not after `now`. A scan.
  virtual Result<std::optional<Time>> newest(Time now) = 0;
};

}  // namespace spoor
