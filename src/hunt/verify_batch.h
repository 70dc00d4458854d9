// One batch of a receipt's entries, hunted again. Private to verify.

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "hunt/receipt.h"
#include "hunt/verify.h"
#include "io/foreign_root.h"
#include "logs/format_track.h"

namespace spoor {

class Hunt;
struct WalkItem;

class VerifyBatch {
 public:
  using Tell = std::function<Status(Untruth)>;  ///< also of what is true

  VerifyBatch(const VerifyOptions& options, const Clock& clock, Tell tell)
      : options_(options), clock_(clock), tell_(std::move(tell)) {}

  /// Ahead of all entries. An error where the root of the hunt is not there.
  Status begin(const ReceiptHead& head);
  void add(FileAccount account);
  void add(ReceiptSighting found);
  std::size_t size() const { return size_; }
  /// Files that were followed, are true, and have grown since.
  std::uint64_t grown() const { return grown_; }

  /// Hunts and tells; the batch is empty afterwards.
  Status check();

 private:
  class Comparer;
  /// Type and value, place and digest of the event: what a sighting is known by.
  using Key = std::tuple<IndicatorType, std::string, std::string, std::uint64_t, Digest128>;
  struct Row {
    ReceiptSighting found;
    bool told = false;
  };
  struct Container {
    std::string path;  ///< what to open
    std::string why;   ///< why its rows cannot be looked at; "" where they can
    Truth truth = Truth::kMissing;
    bool to_read = false;    ///< false: --new left it unread
    std::uint64_t upto = 0;  ///< of a file that was followed: how far it was hunted
  };

  static Key key_of(const Sighting& sighting, const std::string& place);
  static WalkItem item_of(const Container& container);
  Status hunt_again(Hunt& hunt, std::span<FindingSink* const> sinks,
                    std::vector<WalkItem> items) const;
  Container& container_of(const std::string& absolute);
  Status tell_account(const FileAccount& account, Truth truth, std::string reason);
  Status tell_sighting(const Row& row, Truth truth, std::string reason);
  Status tell_untold();
  Status check_unread();
  bool is_in_root(const std::string& path) const;
  Status take_zone(FormatSettings& formats) const;
  std::vector<Observable> observables();

  const VerifyOptions& options_;
  const Clock& clock_;
  Tell tell_;
  std::size_t size_ = 0;
  std::uint64_t grown_ = 0;
  std::map<std::string, Container> containers_;       // by absolute path, without members
  std::multimap<std::string, FileAccount> accounts_;  // by the place they are looked for at
  std::multimap<Key, Row> sightings_;
  ReceiptHead head_;
  std::shared_ptr<const ForeignRoot> root_;
};

}  // namespace spoor
