#include "hunt/follow.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>

namespace spoor {
namespace {

using SteadyTime = FollowHooks::SteadyTime;
using std::chrono::milliseconds;

constexpr milliseconds kQuiet{1000};  // then a line without an end is taken as it is
// A longer line without an end waits as long for each of these.
constexpr std::uint64_t kQuietBytes = 4 << 20;
constexpr milliseconds kLookAgain{10'000}, kPoll{1000};
constexpr milliseconds kRefresh{2000};
constexpr milliseconds kTakenOver{300};  // a renamed file is hunted under its new name
constexpr milliseconds kOrphanQuiet{10'000};
constexpr std::size_t kMostHeld = 512;

class FollowLoop {
 public:
  FollowLoop(Hunt& hunt, News& news, Watch& watch, const FollowHooks& hooks,
             const std::stop_token& stop)
      : hunt_(hunt), news_(news), watch_(watch), hooks_(hooks), stop_(stop) {}

  Status run() {
    news_.follow();
    arm();
    if (Status passed = finish_pass(hunt_.pass(std::nullopt, stop_)); !passed) return passed;
    if (Status told = stepped(); !told) return told;
    if (stop_.stop_requested()) return {};
    news_.follow_only();
    look_at_ = now() + kLookAgain;
    refresh_at_ = now() + kRefresh;
    while (!stop_.stop_requested()) {
      if (Status done = step(); !done) return done;
      if (Status told = stepped(); !told) return told;
    }
    return last_pass();
  }

 private:
  struct Followed {
    InputFile file;
    FileState state;                         // when it was hunted last
    std::shared_ptr<OpenedFile> held;        // null: too many are open
    std::optional<SteadyTime> due;           // there is more, once it is quiet
    std::optional<std::uint64_t> open_from;  // where a line begins that has not ended
    std::uint64_t looked_upto = 0;           // where it did not end
    SteadyTime changed;
  };
  /// Renamed away or deleted.
  struct Orphan {
    InputFile file;
    std::shared_ptr<OpenedFile> held;
    SteadyTime since, changed;
    std::uint64_t size = 0;  // when it was hunted last
    bool was_read = false;
  };
  using Items = std::map<std::string, WalkItem>;  // by name as shown

  SteadyTime now() const {
    return hooks_.now ? hooks_.now() : std::chrono::steady_clock::now();
  }

  Status stepped() const { return hooks_.stepped ? hooks_.stepped() : Status(); }

  void arm() {
    watch_.arm(hunt_.options().paths);
    for (const std::string& note : watch_.take_notes()) {
      if (hooks_.say) hooks_.say(note + "; files are looked at every second");
    }
  }

  milliseconds patience() const {
    SteadyTime until = std::min(look_at_, refresh_at_);
    for (const auto& [shown, each] : files_) {
      if (each.due) until = std::min(until, *each.due);
    }
    if (!orphans_.empty()) until = std::min(until, now() + kTakenOver);
    const auto left = std::chrono::duration_cast<milliseconds>(until - now());
    return std::clamp(left + milliseconds(1), milliseconds(0), kPoll);
  }

  Status step() {
    const Watch::Hints hints = watch_.wait(patience(), stop_);
    Items items;
    add_hints(hints, items);
    if (hints.look_at_all) arm();
    if (hints.look_at_all || now() >= look_at_) look_at_all(items);
    add_due(items);
    add_orphans(items, now() - kTakenOver);
    // Small, and never cut short: what was planned was hunted.
    if (Status passed = pass(std::move(items), {}); !passed) return passed;
    if (now() < refresh_at_) return {};
    const Status refreshed = hooks_.refresh ? hooks_.refresh() : Status();
    refresh_at_ = now() + kRefresh;
    return refreshed;
  }

  /// What is there when the end is asked for, unfinished lines too.
  Status last_pass() {
    Items items;
    add_hints(watch_.wait(milliseconds(0), stop_), items);
    look_at_all(items);
    for (auto& [shown, each] : files_) {
      if (each.due) add(each.file, items);
    }
    for (auto& [shown, item] : items) item.whole = true;
    add_orphans(items, now());
    return pass(std::move(items), {});
  }

  void add_hints(const Watch::Hints& hints, Items& items) {
    for (const InputFile& file : hints.files) add(file, items);
  }

  /// Marks a file as changed; what no longer stands at its path becomes an orphan.
  void add(const InputFile& file, Items& items) {
    const auto state = file_state(file.path);
    const auto known = files_.find(file.shown);
    if (known != files_.end() && known->second.held != nullptr) {
      const FileState& held = known->second.held->state();
      if (!state || state->inode != held.inode || state->device != held.device)
        orphan(known->second);
    }
    if (!state) {
      if (known != files_.end()) files_.erase(known);
      return;
    }
    WalkItem item;
    if (known != files_.end()) {
      Followed& before = known->second;
      before.changed = now();
      if (before.state.inode == state->inode && before.state.device == state->device)
        item.looked_upto = before.looked_upto;
    }
    item.file = file;
    item.file->named = false;  // what is gone now was there before
    item.file->size = state->size;
    item.whole = false;
    items[file.shown] = std::move(item);
  }

  void orphan(Followed& file) {
    orphans_.push_back({file.file, std::move(file.held), now(), now(), 0, false});
    file.held = nullptr;
  }

  void look_at_all(Items& items) {
    const SteadyTime begun = now();
    std::map<std::string, bool> met;
    walk(
        hunt_.options().paths,
        [&](const InputFile& file) {
          if (file.path == "-") return;
          met[file.shown] = true;
          const auto known = files_.find(file.shown);
          const auto state = file_state(file.path);
          if (known == files_.end() || !state || !state->same_as(known->second.state))
            add(file, items);
        },
        [](const Skip&) {}, {});
    for (auto at = files_.begin(); at != files_.end();) {
      const auto each = at++;
      if (met.count(each->first) == 0) add(InputFile(each->second.file), items);
    }
    const auto least = watch_.is_whole() ? kLookAgain : kPoll;
    const auto taken = std::chrono::duration_cast<milliseconds>(now() - begun);
    look_at_ = now() + std::max<milliseconds>(least, 20 * taken);
  }

  void add_due(Items& items) {
    std::vector<InputFile> due;
    for (auto& [shown, each] : files_) {
      if (!each.due || *each.due > now()) continue;
      each.due.reset();
      if (items.count(shown) == 0) due.push_back(each.file);
    }
    for (const InputFile& file : due) {
      add(file, items);
      if (const auto item = items.find(file.shown); item != items.end())
        item->second.whole = true;
    }
  }

  /// Reads what was left of files that no longer stand where they did, but for those that stand
  /// elsewhere and are hunted there.
  void add_orphans(Items& items, SteadyTime since) {
    std::vector<Orphan> kept;
    std::size_t number = 0;
    for (Orphan& each : orphans_) {
      if (each.since > since) {
        kept.push_back(std::move(each));
        continue;
      }
      each.held->look_again();
      const FileState& state = each.held->state();
      const Progress* row = news_.row_of(state);
      const bool elsewhere =
          (row != nullptr && row->path != sighting_file_name(each.file.absolute)) ||
          std::any_of(items.begin(), items.end(), [&](const auto& item) {
            const auto there = file_state(item.second.file->path);
            return there && there->inode == state.inode && there->device == state.device;
          });
      if (elsewhere) continue;
      if (!each.was_read || state.size != each.size) {
        WalkItem item;
        item.file = each.file;
        item.file->named = false;
        item.held = each.held;
        each.was_read = true;
        each.size = state.size;
        each.changed = now();
        // A name of its own: another file may stand at the path now.
        items[each.file.shown + '\0' + std::to_string(number++)] = std::move(item);
      }
      if (now() - each.changed < kOrphanQuiet) kept.push_back(std::move(each));
    }
    orphans_ = std::move(kept);
  }

  Status pass(Items items, const std::stop_token& stop) {
    if (items.empty()) return news_.settle();
    std::vector<WalkItem> all;
    for (auto& [shown, item] : items) all.push_back(std::move(item));
    return finish_pass(hunt_.pass(std::move(all), stop));
  }

  /// Remembers what a pass has seen.
  Status finish_pass(Status passed) {
    const Status settled = news_.settle();
    for (FollowedFile& each : news_.take_followed()) {
      if (each.was_held) continue;  // an orphan
      Followed& file = files_[each.file.shown];
      file.file = each.file;
      file.state = each.state;
      if (file.held == nullptr && each.opened != nullptr) ++held_count_;
      if (each.opened != nullptr) file.held = std::move(each.opened);
      file.changed = now();
      wait_for_end(each, file);
    }
    close_some();
    return passed ? settled : passed;
  }

  /// When the rest of a file is to be hunted, which has not ended. A line that is still the
  /// same keeps its time, however often it goes on.
  void wait_for_end(const FollowedFile& seen, Followed& file) const {
    const bool is_same_line = file.due && seen.open_from && seen.open_from == file.open_from;
    const std::uint64_t open = seen.state.size - seen.open_from.value_or(seen.state.size);
    if (!seen.has_more) {
      file.due.reset();
    } else if (!is_same_line) {
      file.due =
          now() + std::max(kQuiet, kQuiet * static_cast<std::int64_t>(open / kQuietBytes));
    }
    file.open_from = seen.open_from;
    file.looked_upto = seen.open_from ? seen.state.size : 0;
  }

  /// The files that changed longest ago are closed.
  void close_some() {
    std::vector<Followed*> held;
    if (held_count_ <= kMostHeld) return;
    for (auto& [shown, each] : files_) {
      if (each.held != nullptr) held.push_back(&each);
    }
    held_count_ = held.size();
    if (held.size() <= kMostHeld) return;
    std::sort(held.begin(), held.end(),
              [](const Followed* a, const Followed* b) { return a->changed < b->changed; });
    held.resize(held.size() - kMostHeld / 2);
    for (Followed* each : held) each->held.reset();
    held_count_ -= held.size();
  }

  Hunt& hunt_;
  News& news_;
  Watch& watch_;
  const FollowHooks& hooks_;
  const std::stop_token& stop_;
  std::map<std::string, Followed> files_;
  std::vector<Orphan> orphans_;
  std::size_t held_count_ = 0;  // at least as many are open
  SteadyTime look_at_, refresh_at_;
};

}  // namespace

Status follow(Hunt& hunt, News& news, Watch& watch, const FollowHooks& hooks,
              const std::stop_token& stop) {
  return FollowLoop(hunt, news, watch, hooks, stop).run();
}

}  // namespace spoor
