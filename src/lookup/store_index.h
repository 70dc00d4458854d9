// The store as the rules ask for it: a ClaimIndex whose every key is a probe of the database.
// So one value is matched by the very code that hunts, without compiling the store first.
//
// Most keys are one probe of the unique index over (type, value). Three are not:
//   - networks: a probe for each prefix length, all of them for the first addresses, then those
//     that occur (one scan of the networks);
//   - URLs: all claims on the host, as a range for each scheme that occurs, at most kMostOnHost
//     a range; what lies behind that is found by its own spelling only, and capped() says so;
//   - file names and paths without their drive: compared case-blind, so that all claims of
//     these two types are read once, when first needed.
// A failing database ends the lookups: status() tells. One thread. Tested by lookup_test.cpp.

#pragma once

#include <array>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ioc/observable.h"
#include "lookup/subject.h"
#include "match/claim_index.h"
#include "store/value_reader.h"

namespace spoor {

class StoreIndex final : public ClaimIndex {
 public:
  static constexpr std::size_t kMostOnHost = 4096;

  explicit StoreIndex(ValueReader& reader);
  /// Which types and schemes the store holds. Call once, first.
  Status prepare();

  /// Forgets what was found and turns to `subject`.
  void begin(const LookupSubject& subject);

  std::size_t size() const override { return found_.size(); }
  ClaimRef at(std::uint32_t indicator) const override {
    return {found_[indicator].observable.type, found_[indicator].observable.value};
  }
  void candidates(KeyKind kind, std::string_view key,
                  FunctionRef<void(std::uint32_t)> visit) const override;
  const Url& url(std::uint32_t indicator, Url& room) const override;

  ObservableId id_of(std::uint32_t indicator) const { return found_[indicator].id; }
  const Status& status() const { return status_; }
  bool capped() const { return capped_; }

 private:
  struct Found {
    Observable observable;
    ObservableId id;
  };
  using Visit = FunctionRef<void(std::uint32_t)>;

  void probe(IndicatorType type, std::string_view value, Visit visit) const;
  void range(IndicatorType type, std::string_view from, std::string_view to, std::size_t most,
             FunctionRef<void(std::uint32_t)> visit) const;
  void urls_at(std::string_view key, Visit visit) const;
  void load_host(std::string_view host) const;
  void folded(IndicatorType type, KeyKind kind, std::string_view key, Visit visit) const;
  std::uint32_t keep(IndicatorType type, std::string value, ObservableId id) const;
  void note_networks();

  ValueReader& reader_;
  std::array<bool, kIndicatorTypeCount> stored_{};
  std::vector<std::string> schemes_;
  const LookupSubject* subject_ = nullptr;
  std::size_t addresses_ = 0;  ///< subjects that may lie in networks
  bool networks_known_ = false;

  // candidates() is const for the matcher; what it finds out is kept here.
  mutable Status status_;
  mutable bool capped_ = false;
  mutable std::deque<Found> found_;
  mutable std::unordered_map<std::int64_t, std::uint32_t> number_of_;
  struct OnHost {
    std::string host;
    bool loaded = false;
    std::unordered_multimap<std::string, std::uint32_t> by_key;
  };
  mutable OnHost on_host_;
  using Folded = std::unordered_multimap<std::string, std::pair<ObservableId, std::string>>;
  mutable Folded names_, paths_;
  mutable bool names_loaded_ = false, paths_loaded_ = false;
};

}  // namespace spoor
