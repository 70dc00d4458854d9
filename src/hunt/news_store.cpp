#include "hunt/news_store.h"

namespace spoor {
namespace {

// A rotated log that comes back later is hunted again.
constexpr std::chrono::hours kForgetAfter{24 * 60};

}  // namespace

Result<SetAges> ages_of(Store& store, const Snapshot& snapshot, const IndicatorMark& mark,
                        SetAges::Kind kind) {
  const auto released = store.released();
  if (!released) return fail(released.error());
  const auto id_of = [&snapshot](std::uint32_t at) {
    return snapshot.id_of(static_cast<IndicatorIndex>(at));
  };
  return SetAges(mark, kind, static_cast<std::uint32_t>(snapshot.size()), id_of, *released);
}

Result<std::unique_ptr<News>> open_news(Store& store, std::string_view scope, SetAges ages,
                                        Keep keep, std::function<Status()> verified,
                                        const Clock& clock) {
  const Digest128 key = xxh3_128(scope);
  const auto grow = [&store, verified](const GrownEvent& event) -> Status {
    if (Status sound = verified(); !sound) return sound;
    return store.grow_event(event.path, event.offset, event.before, event.after);
  };
  std::vector<Progress> rows;
  News::Save save;
  if (keep == Keep::kStored) {
    SPOOR_TRY(
        store.for_each_progress(key, [&](Progress&& row) { rows.push_back(std::move(row)); }),
        "what was hunted before");
    save = [&store, key, verified, &clock](std::span<Progress> done) -> Status {
      if (Status sound = verified(); !sound) return sound;
      return store.put_progress(key, done, clock.now() - kForgetAfter);
    };
  }
  return std::make_unique<News>(std::move(rows), std::move(ages), std::move(save), grow, clock);
}

}  // namespace spoor
