#include "hunt/verify_batch.h"

#include <sys/stat.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <set>
#include <utility>

#include "base/ascii.h"
#include "hunt/exchange.h"
#include "hunt/hunt.h"
#include "hunt/root_facts.h"
#include "hunt/verify_compare.h"
#include "io/container_path.h"
#include "ioc/canonical.h"
#include "ioc/ip.h"
#include "match/exact.h"
#include "match/fast.h"

namespace spoor {
namespace {

constexpr std::string_view kStdin = "<stdin>";

/// The way to a member: "!a.zip!b.log", or "".
std::string_view members_of(std::string_view name) {
  const std::size_t at = name.find('!');
  return at == std::string_view::npos ? std::string_view() : name.substr(at);
}

std::string link_free(const std::string& path) {
  char buffer[PATH_MAX];
  return ::realpath(path.c_str(), buffer) != nullptr ? std::string(buffer) : std::string();
}

/// `path`, which begins with the root as it was typed, without links as that root reads them.
std::string in_root(const std::string& path, const std::string& typed,
                    const ForeignRoot& root) {
  if (path.compare(0, typed.size(), typed) != 0) return {};
  const auto found = root.resolve(std::string_view(path).substr(typed.size()));
  return found ? *found : std::string();
}

/// The link-free absolute name of what a receipt calls `file`; "" where nothing is there.
std::string absolute_of(const std::string& file, const ReceiptHead& head,
                        const ForeignRoot* root) {
  std::string path = container_path(file);
  if (root == nullptr && (path.empty() || path[0] != '/')) path = head.directory + "/" + path;
  const std::string found = root == nullptr ? link_free(path) : in_root(path, head.root, *root);
  if (found.empty()) return {};
  return sighting_file_name(found) + std::string(members_of(file));
}

/// Where the rows of `absolute` are looked for: at its place, or in the file that holds its
/// content now; apart from all files where none does.
std::string place_of(const std::string& absolute, const std::string& now, bool gone) {
  if (gone) return std::string(1, '\0') + absolute;
  return now.empty() ? absolute : now + std::string(members_of(absolute));
}

constexpr const char* kGone =
    "cannot be looked at again: by the receipt its content was truncated, written over or "
    "deleted while it was followed";

}  // namespace

/// Compares what a hunt finds now with the batch, as it is found; keeps nothing of it.
class VerifyBatch::Comparer final : public FindingSink {
 public:
  explicit Comparer(VerifyBatch& batch) : batch_(batch) {}

  Status take(std::span<Sighting> sightings, std::span<const FindingDetail> details) override {
    for (std::size_t i = 0; i < sightings.size(); ++i) {
      const auto [begin, end] =
          batch_.sightings_.equal_range(key_of(sightings[i], sightings[i].absolute_path));
      for (auto row = begin; row != end; ++row) {
        if (row->second.told) continue;
        row->second.told = true;
        if (Status told = compare(row->second, sightings[i], details[i]); !told) return told;
      }
    }
    return {};
  }

  Status account(const FileAccount& now) override {
    const auto [begin, end] = batch_.accounts_.equal_range(now.absolute);
    for (auto row = begin; row != end; ++row) {
      const FileAccount& says = row->second;
      std::string reason = compare(now, says);
      const Truth truth = reason.empty() ? Truth::kTrue : Truth::kChanged;
      if (Status told = batch_.tell_account(says, truth, std::move(reason)); !told) return told;
    }
    batch_.accounts_.erase(begin, end);
    return {};
  }

  Status skipped(const Skip& skip) override {
    if (!skip.whole && !skip.named && !skip.file.empty()) return {};
    const auto found = batch_.containers_.find(skip.file);
    if (found != batch_.containers_.end() && found->second.why.empty())
      found->second.why = skip.reason;
    return {};
  }

 private:
  std::string compare(const FileAccount& now, const FileAccount& says) {
    if (says.is_member != now.is_member) return now.is_member ? "is a member" : "is no member";
    std::string reason;
    if (says.now.empty()) reason = name_differs(says.file, says.absolute);
    if (!reason.empty()) return reason;
    if (says.is_member) return compare_counters(now, says);
    const std::string path = container_path(now.absolute);
    if (batch_.head_.follows) {
      bool grown = false;
      reason = compare_followed(path, now, says, batch_.head_.limits, grown);
      if (grown && reason.empty()) ++batch_.grown_;
      return reason;
    }
    reason = compare_bytes(path, batch_.root_ != nullptr, now.identity, says.identity);
    if (!reason.empty()) return reason;
    // Of a file that was read in part the counters say where it was stopped.
    if (says.identity.from == 0 && says.identity.digest_bytes >= says.identity.size)
      return compare_counters(now, says);
    // The digest of a part holds, and what was counted follows from its bytes.
    return says.bytes_unread == 0 ? compare_modified(now.identity, says.identity) : reason;
  }

  std::string name_differs(const std::string& file, const std::string& absolute) const {
    const std::string now = absolute_of(file, batch_.head_, batch_.root_.get());
    if (now == absolute) return {};
    return "the name " + quoted(file) + " leads to " +
           (now.empty() ? std::string("nothing") : quoted(now)) + ", the receipt says " +
           quoted(absolute);
  }

  Status compare(const Row& row, const Sighting& now, const FindingDetail& detail) {
    std::string reason;
    if (row.found.now.empty())
      reason = name_differs(row.found.sighting.file, row.found.sighting.absolute_path);
    if (reason.empty()) reason = compare_sightings(now, detail, row.found);
    const Truth truth = reason.empty() ? Truth::kTrue : Truth::kChanged;
    return batch_.tell_sighting(row, truth, std::move(reason));
  }

  VerifyBatch& batch_;
};

VerifyBatch::Key VerifyBatch::key_of(const Sighting& sighting, const std::string& place) {
  return {sighting.observable.type, sighting.observable.value, place, sighting.event_offset,
          sighting.event_digest};
}

/// Whether `path` is one that the root's own links lead to: below it and without links.
bool VerifyBatch::is_in_root(const std::string& path) const {
  if (path.compare(0, root_->path().size() + 1, root_->path() + "/") != 0) return false;
  const auto found = root_->resolve(root_->inside_of(path));
  return !found || *found == path;  // what is not there is told as that
}

VerifyBatch::Container& VerifyBatch::container_of(const std::string& absolute) {
  const std::string name = absolute.substr(0, absolute.find('!'));
  const auto [at, fresh] = containers_.try_emplace(name);
  Container& container = at->second;
  if (!fresh) return container;
  container.path = container_path(name);
  struct stat info {};
  if (name == kStdin) {
    container.why = "standard input cannot be read again";
    container.truth = Truth::kUnchecked;
  } else if (container.path.empty() || container.path[0] != '/') {
    container.why = "is no absolute path";
    container.truth = Truth::kChanged;
  } else if (root_ != nullptr && !is_in_root(container.path)) {
    container.why = "does not lie in the root";
    container.truth = Truth::kChanged;
  } else if (::lstat(container.path.c_str(), &info) != 0 ||
             (root_ == nullptr && ::stat(container.path.c_str(), &info) != 0)) {
    container.why = "is not there";
  } else if (!S_ISREG(info.st_mode)) {
    container.why = "is no regular file";
    container.truth = Truth::kUnchecked;
  } else if (head_.follows && link_free(container.path) != container.path) {
    container.why = "is behind a link";
    container.truth = Truth::kChanged;
  }
  return container;
}

void VerifyBatch::add(FileAccount account) {
  ++size_;
  std::string place = place_of(account.absolute, account.now, account.gone);
  if (!account.gone) {
    Container& container = container_of(place);
    if (container.why.empty() && !account.is_member && !account.identity.regular) {
      container.why = "was no regular file, cannot be read again";
      container.truth = Truth::kUnchecked;
    }
    if (account.news != NewsKind::kUnchanged) container.to_read = true;
    if (head_.follows && !account.is_member)
      container.upto =
          std::max(container.upto, account.identity.from + account.identity.digest_bytes);
  }
  accounts_.emplace(std::move(place), std::move(account));
}

void VerifyBatch::add(ReceiptSighting found) {
  ++size_;
  Sighting& sighting = found.sighting;
  if (!found.has_absolute) {
    sighting.absolute_path =
        sighting.file == "-" ? std::string(kStdin) : absolute_of(sighting.file, head_, nullptr);
    if (sighting.absolute_path.empty()) {
      // Nothing stands there: the name as typed must do for the report.
      sighting.absolute_path = sighting.file[0] == '/'
                                   ? sighting.file
                                   : sighting_file_name(head_.directory) + "/" + sighting.file;
    }
  }
  const std::string place = place_of(sighting.absolute_path, found.now, found.gone);
  if (!found.gone) {
    Container& container = container_of(place);
    container.to_read = true;
    container.upto = std::max(container.upto, found.hunted_to.value_or(0));
  }
  Key key = key_of(sighting, place);
  sightings_.emplace(std::move(key), Row{std::move(found), false});
}

/// The indicators of the batch as a hunt compiles them: networks last, the longest first.
std::vector<Observable> VerifyBatch::observables() {
  std::set<Observable> seen;
  std::vector<std::pair<int, Observable>> all;
  for (auto& [key, row] : sightings_) {
    const Observable& observable = row.found.sighting.observable;
    const auto canonical = canonicalize(observable.type, observable.value);
    if (!canonical || canonical->observable != observable ||
        row_of(observable.type).matching == Matching::kRule)
      continue;  // told as not found
    if (!seen.insert(observable).second) continue;
    int order = 0;
    if (observable.type == IndicatorType::kCidr) {
      const auto network = parse_network(observable.value, nullptr);
      order = network ? 1000 - network->prefix : 1000;
    }
    all.emplace_back(order, observable);
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Observable> observables;
  for (auto& [order, observable] : all) observables.push_back(std::move(observable));
  return observables;
}

Status VerifyBatch::begin(const ReceiptHead& head) {
  head_ = head;
  if (head_.directory.empty()) head_.directory = options_.directory;
  if (head_.root_path.empty()) return {};
  auto root = ForeignRoot::open(head_.root_path);
  if (!root) return fail(root.error().at("the root " + quoted(head_.root_path)));
  root_ = std::make_shared<const ForeignRoot>(*std::move(root));
  return {};
}

/// What --new left unread: looked at, not read.
Status VerifyBatch::check_unread() {
  for (auto at = accounts_.begin(); at != accounts_.end();) {
    const FileAccount& says = at->second;
    if (says.news != NewsKind::kUnchanged || says.gone ||
        !container_of(at->first).why.empty()) {
      ++at;
      continue;
    }
    const auto now = identify(container_of(at->first).path, {0, 0, root_ != nullptr});
    const std::string reason = now ? compare_unread(*now, says.identity) : now.error().message;
    const Truth truth = reason.empty() ? Truth::kTrue : Truth::kChanged;
    if (Status told = tell_account(says, truth, reason); !told) return told;
    at = accounts_.erase(at);
  }
  return {};
}

Status VerifyBatch::check() {
  const ReceiptHead& head = head_;
  if (Status checked = check_unread(); !checked) return checked;
  HuntOptions hunt;
  std::vector<WalkItem> items;  // of files that were followed
  for (const auto& [name, container] : containers_) {
    if (!container.why.empty() || !container.to_read) continue;
    if (head.follows) items.push_back(item_of(container));
    hunt.paths.push_back(root_ == nullptr ? container.path
                                          : std::string(root_->inside_of(container.path)));
  }
  if (!hunt.paths.empty()) {
    const std::vector<Observable> indicators = observables();
    const auto matcher = options_.exact_reference ? make_exact_matcher(indicators)
                                                  : make_fast_matcher(indicators);
    hunt.threads = options_.threads;
    hunt.min_grade = head.min_grade;
    hunt.stream = head.limits;
    hunt.stream.digest = true;
    hunt.host = head.event_host;
    hunt.root = root_;
    if (Status set = take_zone(hunt.formats); !set) return set;
    if (!head.format.empty()) {
      auto choice = parse_format_choice(head.format);
      if (!choice) return fail(choice.error().at("'format'"));
      hunt.formats.choice = *std::move(choice);
    }
    const StoryLookup lookup =
        [&](IndicatorIndex at) -> Result<std::shared_ptr<const IndicatorStory>> {
      auto story = std::make_shared<IndicatorStory>();
      story->observable = indicators[static_cast<std::size_t>(at)];
      return std::shared_ptr<const IndicatorStory>(std::move(story));
    };
    Comparer comparer(*this);
    FindingSink* const sinks[] = {&comparer};
    Hunt again(*matcher, lookup, clock_, std::move(hunt));
    if (Status hunted = hunt_again(again, sinks, std::move(items)); !hunted) return hunted;
  }
  return tell_untold();
}

/// `items`: instead of a walk; none where the receipt is of one.
Status VerifyBatch::hunt_again(Hunt& hunt, std::span<FindingSink* const> sinks,
                               std::vector<WalkItem> items) const {
  if (!head_.follows) {
    const auto totals = hunt.run(sinks);
    return totals ? Status{} : Status(fail(totals.error()));
  }
  if (Status begun = hunt.begin(sinks); !begun) return begun;
  if (Status passed = hunt.pass(std::move(items), {}); !passed) return passed;
  const auto totals = hunt.finish();
  return totals ? Status{} : Status(fail(totals.error()));
}

/// As far as it was hunted then: what came later is no matter of the receipt.
WalkItem VerifyBatch::item_of(const Container& container) {
  WalkItem item;
  item.file = InputFile{container.path, container.path, container.path, 0, true, false};
  if (const auto state = file_state(container.path)) item.file->size = state->size;
  if (container.upto > 0) item.upto = container.upto;
  return item;
}

Status VerifyBatch::take_zone(FormatSettings& formats) const {
  formats.zone_given = head_.zone_given;
  if (!head_.zone_given && root_ != nullptr) {
    if (auto zone = zone_of(*root_).zone)
      formats.zone = std::make_shared<const TimeZone>(*std::move(zone));
    return {};
  }
  if (head_.zone.empty()) return {};
  const Status set = set_zone(head_.zone, root_.get(), formats);
  return set ? Status{} : Status(fail(set.error().at("'zone'")));
}

Status VerifyBatch::tell_account(const FileAccount& account, Truth truth, std::string reason) {
  Untruth row;
  row.what = account.is_member ? "member" : "file";
  row.file = account.file;
  row.truth = truth;
  row.reason = std::move(reason);
  return tell_(std::move(row));
}

Status VerifyBatch::tell_sighting(const Row& found, Truth truth, std::string reason) {
  const Sighting& sighting = found.found.sighting;
  Untruth row;
  row.what = "sighting";
  row.file = sighting.file;
  row.line = sighting.line;
  row.indicator =
      std::string(name_of(sighting.observable.type)) + " " + sighting.observable.value;
  row.truth = truth;
  row.reason = std::move(reason);
  return tell_(std::move(row));
}

Status VerifyBatch::tell_untold() {
  const auto reason_of = [&](const std::string& place, const char* otherwise, Truth& truth) {
    truth = Truth::kUnchecked;
    if (!place.empty() && place[0] == '\0') return std::string(kGone);
    const Container& container = container_of(place);
    truth = container.why.empty() ? Truth::kMissing : container.truth;
    return container.why.empty() ? std::string(otherwise) : container.why;
  };
  for (const auto& [place, account] : accounts_) {
    Truth truth{};
    std::string reason = reason_of(place, "was not found again", truth);
    if (!account.now.empty()) reason = "now " + quoted(account.now) + ": " + reason;
    if (Status told = tell_account(account, truth, std::move(reason)); !told) return told;
  }
  for (const auto& [key, row] : sightings_) {
    if (row.told) continue;
    Truth truth{};
    std::string reason = reason_of(
        std::get<2>(key),
        "no such event with this digest at this place, or the indicator is not in it", truth);
    if (!row.found.now.empty()) reason = "now " + quoted(row.found.now) + ": " + reason;
    if (Status told = tell_sighting(row, truth, std::move(reason)); !told) return told;
  }
  containers_.clear();
  accounts_.clear();
  sightings_.clear();
  size_ = 0;
  return {};
}

}  // namespace spoor
