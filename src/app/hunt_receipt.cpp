#include "app/hunt_receipt.h"

#include <limits.h>
#include <unistd.h>

#include <filesystem>

#include "base/ascii.h"

namespace spoor {
namespace {

std::string machine_name() {
  char name[HOST_NAME_MAX + 1] = {};
  return ::gethostname(name, HOST_NAME_MAX) == 0 ? name : "";
}

std::map<IndicatorType, std::uint64_t> types_of(const IndicatorSet& set) {
  std::map<IndicatorType, std::uint64_t> by_type;
  for (std::uint32_t i = 0; i < set.size(); ++i) ++by_type[set.snapshot->index().at(i).type];
  return by_type;
}

ReceiptInfo info_of(const Options& options, const IndicatorSet& set, const std::string& store,
                    const HuntOptions& hunt) {
  ReceiptInfo info;
  info.program = "spoor " SPOOR_VERSION;
  info.machine = machine_name();
  std::error_code unknown;
  info.directory = std::filesystem::current_path(unknown).string();
  info.min_grade = hunt.min_grade;
  info.since = hunt.since;
  info.until = hunt.until;
  info.format = options.value("format");
  info.zone = hunt.zone;
  if (hunt.root != nullptr) {
    info.root = hunt.root->typed();
    info.root_path = hunt.root->path().empty() ? "/" : hunt.root->path();
  }
  info.new_only = options.has("new");
  info.zone_given = hunt.formats.zone_given;
  info.event_host = hunt.host;
  info.limits = hunt.stream;
  info.exact_reference = options.has("exact-reference");
  const SnapshotOrigin& origin = set.snapshot->origin();
  info.store = store;
  info.store_id =
      to_hex({reinterpret_cast<const char*>(origin.store_id.data()), origin.store_id.size()});
  info.generation = origin.generation;
  info.by_type = types_of(set);
  for (const Canary& canary : set.canaries) info.canaries.push_back(canary.observable.value);
  return info;
}

/// What is written for it is not hunted, nor that which waits aside.
void leave_out(const std::string& path, HuntOptions& hunt) {
  std::error_code ignored;
  const std::string own = std::filesystem::weakly_canonical(path, ignored).string();
  hunt.own_files.push_back(own);
  hunt.own_prefix = own + ".tmp-";
}

}  // namespace

Result<BegunReceipt> begin_receipt(const Options& options, const IndicatorSet& set,
                                   const std::string& store_path, HuntOptions& hunt) {
  BegunReceipt begun;
  if (!options.has("receipt")) return begun;
  const std::string path = options.value("receipt");
  auto file = AsideFile::create(path);
  if (!file) return fail(file.error());
  hunt.stream.digest = true;
  leave_out(path, hunt);
  begun.once = std::make_unique<ReceiptWriter>(*std::move(file),
                                               info_of(options, set, store_path, hunt));
  return begun;
}

Result<BegunReceipt> begin_follow_receipt(const Options& options, const IndicatorSet& set,
                                          Store& store, const std::string& store_path,
                                          HuntOptions& hunt) {
  BegunReceipt begun;
  if (!options.has("receipt")) return begun;
  const std::string path = options.value("receipt");
  hunt.stream.digest = true;
  leave_out(path, hunt);
  auto receipt = FollowReceipt::create(path, info_of(options, set, store_path, hunt),
                                       in_use(set, store, {}).newest_pulse);
  if (!receipt) return fail(receipt.error());
  begun.follow = *std::move(receipt);
  return begun;
}

IndicatorsInUse in_use(const IndicatorSet& set, Store& store, Time now) {
  IndicatorsInUse all;
  all.since = now;
  all.generation = set.snapshot->origin().generation;
  all.indicators = set.size();
  if (const auto newest = store.newest_pulse()) all.newest_pulse = *newest;
  return all;
}

std::function<Freshness()> freshness_of(Store& store, bool claims) {
  return [&store, claims] {
    Freshness freshness;
    if (const auto feeds = store.feeds()) {
      for (const FeedState& feed : *feeds)
        freshness.feeds.push_back({feed.name, feed.last_run, feed.watermark});
    }
    if (const auto newest = store.newest_pulse()) freshness.newest_pulse = *newest;
    if (!claims) return freshness;
    const auto spans = store.claim_spans();
    if (!spans) return freshness;
    for (const ClaimSpan& span : *spans) {
      for (Freshness::Feed& feed : freshness.feeds) {
        if (feed.name != span.feed) continue;
        feed.claims = span.claims;
        feed.oldest = span.oldest;
        feed.newest = span.newest;
      }
    }
    return freshness;
  };
}

std::string canary_error(const CanaryResult& canary) {
  if (canary.is_sound()) return {};
  return "the planted canary was found in " + std::to_string(canary.found) + " of " +
         std::to_string(canary.planted) + " places and in " +
         std::to_string(canary.unexpected) +
         " where it was not: this hunt may have missed what is there";
}

}  // namespace spoor
