// One feed of the configuration, ready to be collected: its options from its table, the
// command line and [otx], its key, its transport. Tested by the scenarios and tests/feed_flows.

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/collect_report.h"
#include "app/command.h"
#include "app/feed_config.h"
#include "collect/collect.h"
#include "collect/source.h"

namespace spoor {

/// All feeds that the configuration knows: [[feed]] in order, before them `otx` where no table
/// is of that kind and [otx], the environment or nothing else speaks for it.
Result<std::vector<FeedConfig>> known_feeds(const Invocation& invocation);

/// A feed that may be asked.
class FeedRun {
 public:
  /// Reads the key and checks the options; asks nothing.
  static Result<FeedRun> prepare(const Invocation& invocation, const FeedConfig& feed);

  /// Collects, and writes down what became of it, but in a dry run. `left`: of the command's
  /// deadline.
  Result<CollectReport> collect(Store& store, const Clock& clock,
                                std::optional<std::chrono::seconds> left,
                                const std::function<void(const CollectProgress&)>& progress);

  /// Name in the store.
  const std::string& name() const { return otx_ ? otx_options_.feed : source_.name; }
  const std::string& kind() const { return kind_; }

 private:
  Status prepare_otx(const Invocation& invocation, const FeedConfig& feed);
  Status prepare_source(const Invocation& invocation, const FeedConfig& feed);

  bool otx_ = false;
  std::string kind_;
  OtxCollectOptions otx_options_;
  SourceOptions source_;
  TransportOptions transport_;
};

/// The client options of a feed that is none of OTX: its address and key read.
Result<SourceOptions> source_options(const FeedConfig& feed);
TransportOptions feed_transport_options(const FeedConfig& feed);

}  // namespace spoor
