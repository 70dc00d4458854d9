#include "hunt/indicator_set.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "ioc/ip.h"

namespace spoor {
namespace {

int prefix_of(const Observable& observable) {
  const auto network = parse_network(observable.value, nullptr);
  return network ? network->prefix : 0;
}

Status fill(Store& store, const IndicatorFilter& filter, const SnapshotOrigin& origin,
            SnapshotBuilder& builder) {
  std::vector<std::pair<ObservableId, Observable>> networks;
  std::array<bool, kIndicatorTypeCount> present{};
  SPOOR_TRY(
      store.for_each_observable(filter,
                                [&](ObservableId id, Observable&& observable) {
                                  if (row_of(observable.type).matching == Matching::kRule)
                                    return;
                                  present[static_cast<std::size_t>(observable.type)] = true;
                                  if (observable.type == IndicatorType::kCidr) {
                                    networks.emplace_back(id, std::move(observable));
                                  } else {
                                    builder.add(static_cast<std::int64_t>(id), observable);
                                  }
                                }),
      "loading the indicators");
  std::stable_sort(networks.begin(), networks.end(), [](const auto& a, const auto& b) {
    return prefix_of(a.second) > prefix_of(b.second);
  });
  for (const auto& [id, observable] : networks)
    builder.add(static_cast<std::int64_t>(id), observable);
  for (const Observable& canary : canary_observables(origin, present))
    builder.add(kCanaryId, canary);
  return {};
}

IndicatorSet set_of(std::unique_ptr<const Snapshot> snapshot) {
  IndicatorSet set;
  set.canaries = canaries_of(*snapshot);
  set.snapshot = std::move(snapshot);
  return set;
}

Result<IndicatorSet> compile(Store& store, const IndicatorFilter& filter,
                             const SnapshotOrigin& origin) {
  SnapshotBuilder builder;
  if (Status filled = fill(store, filter, origin, builder); !filled)
    return fail(filled.error());
  auto bytes = builder.finish(origin);
  if (!bytes) return fail(bytes.error());
  auto snapshot = Snapshot::from_bytes(*std::move(bytes));
  if (!snapshot) return fail(snapshot.error());
  return set_of(*std::move(snapshot));
}

}  // namespace

Result<IndicatorSet> load_indicators(Store& store, const IndicatorFilter& filter,
                                     const std::string& path) {
  // Read before the indicators: what is added meanwhile makes the snapshot newer than it says,
  // and the next hunt compiles again.
  const StoreIdentity identity = store.identity();
  const SnapshotOrigin origin{identity.id, identity.generation};
  if (path.empty()) return compile(store, filter, origin);

  std::string note;
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) {
    auto snapshot = Snapshot::open(path, nullptr);
    if (!snapshot) {
      note = snapshot.error().message + "; compiled anew";
    } else if ((*snapshot)->origin() == origin) {
      IndicatorSet set = set_of(*std::move(snapshot));
      set.mapped = true;
      // One that an older program wrote has no canary: compiled anew.
      if (!set.canaries.empty()) return set;
    }
  }
  SnapshotBuilder builder;
  if (Status filled = fill(store, filter, origin, builder); !filled)
    return fail(filled.error());
  const Status written = builder.write(path, origin);
  if (written) {
    auto snapshot = Snapshot::open(path, &origin);
    if (snapshot) {
      IndicatorSet set = set_of(*std::move(snapshot));
      set.mapped = true;
      set.note = std::move(note);
      return set;
    }
  }
  // A folder that cannot be written, or another process that was faster: in memory then.
  auto set = compile(store, filter, origin);
  if (set && !written) set->note = written.error().message + "; compiled in memory";
  return set;
}

}  // namespace spoor
