#include "hunt/verify_batch.h"

#include <sys/stat.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <set>
#include <utility>

#include "base/ascii.h"
#include "hunt/hunt.h"
#include "hunt/root_facts.h"
#include "ioc/canonical.h"
#include "ioc/ip.h"
#include "match/exact.h"
#include "match/fast.h"

namespace spoor {
namespace {

constexpr std::string_view kStdin = "<stdin>";

/// The file that `name` lies in, as it is opened: without members, '!' and '%' as themselves.
std::string container_path(std::string_view name) {
  name = name.substr(0, name.find('!'));
  std::string path;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const std::string_view code = name.substr(i, 3);
    if (code == "%21" || code == "%25") {
      path += code == "%21" ? '!' : '%';
      i += 2;
    } else {
      path += name[i];
    }
  }
  return path;
}

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

std::string quoted(std::string_view text) {
  return "'" + std::string(text.substr(0, 200)) + "'";
}
std::string quoted(std::uint64_t number) {
  return std::to_string(number);
}

/// Collects what differs: "lines: found 3, the receipt says 4".
class Differences {
 public:
  template <typename T>
  void compare(std::string_view name, const T& found, const T& says) {
    if (found != says) add(name, quoted(found), quoted(says));
  }
  void add(std::string_view name, const std::string& found, const std::string& says) {
    if (!text_.empty()) text_ += "; ";
    text_ += std::string(name) + ": found " + found + ", the receipt says " + says;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string views_text(const std::vector<ViewKind>& views) {
  std::string text;
  for (const ViewKind view : views)
    text += (text.empty() ? "" : ">") + std::string(name_of(view));
  return text;
}

std::string compare_sightings(const Sighting& now, const FindingDetail& detail,
                              const ReceiptSighting& then) {
  const Sighting& says = then.sighting;
  Differences all;
  all.compare("line", now.line, says.line);
  all.compare("offset", now.offset, says.offset);
  all.compare("length", now.length, says.length);
  if (now.match != says.match && now.encoding == TextEncoding::kBytes)
    all.add("match", quoted(now.match), quoted(says.match));
  if (now.match != says.match && now.encoding != TextEncoding::kBytes)
    all.add("match", "other bytes", quoted(says.match));
  all.compare("grade", std::string(name_of(now.grade)), std::string(name_of(says.grade)));
  all.compare("rule", now.rule, says.rule);
  all.compare("views", views_text(now.views), views_text(says.views));
  const bool inferred =
      detail.record && detail.record->time && detail.record->time->year_inferred;
  if (then.matches_time && !inferred && now.time != says.time) {
    all.add("time", now.time ? format_iso8601(*now.time) : "none", format_iso8601(*says.time));
  }
  return all.text();
}

std::string compare_modified(const FileIdentity& now, const FileIdentity& says) {
  if (now.modified == says.modified) return {};
  const auto text = [](const std::optional<Time>& time) {
    return time ? format_iso8601(*time) : std::string("none");
  };
  return "modified: found " + text(now.modified) + ", the receipt says " + text(says.modified);
}

/// Of a file that --new left unread. No byte was looked at, so none is now.
std::string compare_unread(const FileIdentity& now, const FileIdentity& says) {
  Differences all;
  all.compare("size", now.size, says.size);
  return all.text().empty() ? compare_modified(now, says) : all.text();
}

std::string compare_counters(const FileAccount& now, const FileAccount& says) {
  Differences all;
  all.compare("bytes_read", now.counters.bytes_read, says.counters.bytes_read);
  all.compare("bytes_decoded", now.counters.bytes_decoded, says.counters.bytes_decoded);
  all.compare("bytes_scanned", now.bytes_scanned, says.bytes_scanned);
  all.compare("bytes_skipped", now.counters.bytes_skipped, says.counters.bytes_skipped);
  all.compare("lines", now.counters.lines, says.counters.lines);
  all.compare("format", now.format, says.format);
  all.compare("decoders", now.decoders, says.decoders);
  all.compare("encoding", std::string(name_of(now.encoding)),
              std::string(name_of(says.encoding)));
  if (says.is_member) return all.text();
  all.compare("bytes_unread", now.bytes_unread, says.bytes_unread);
  all.compare("members", now.members, says.members);
  const std::string modified = compare_modified(now.identity, says.identity);
  return all.text() + (all.text().empty() || modified.empty() ? "" : "; ") + modified;
}

/// How the file's bytes differ from those that the receipt covers; "" where they do not.
std::string compare_bytes(const std::string& path, bool no_links, const FileIdentity& now,
                          const FileIdentity& says) {
  std::optional<Digest128> digest = now.digest;
  if (now.digest_bytes != says.digest_bytes || says.from > 0) {
    const auto part = identify(path, {says.from, says.digest_bytes, no_links});
    if (!part) return part.error().message;
    digest = part->digest;
    if (part->digest_bytes < says.digest_bytes) digest.reset();
  }
  const bool same = digest == says.digest;
  if (same && now.size > says.size && says.size > 0)
    return "grown to " + std::to_string(now.size) + " bytes; the " +
           (says.from == 0 ? "first " : "") + std::to_string(says.digest_bytes) +
           (says.from == 0 ? "" : " from byte " + std::to_string(says.from) + " on") +
           " are as they were";
  Differences all;
  all.compare("size", now.size, says.size);
  if (!same) {
    all.add("digest", digest ? "xxh3-128:" + to_hex(digest->view()) : "fewer bytes",
            "xxh3-128:" + to_hex(says.digest->view()));
  }
  return all.text();
}

}  // namespace

/// Compares what a hunt finds now with the batch, as it is found; keeps nothing of it.
class VerifyBatch::Comparer final : public FindingSink {
 public:
  explicit Comparer(VerifyBatch& batch) : batch_(batch) {}

  Status take(std::span<Sighting> sightings, std::span<const FindingDetail> details) override {
    for (std::size_t i = 0; i < sightings.size(); ++i) {
      const auto [begin, end] = batch_.sightings_.equal_range(key_of(sightings[i]));
      for (auto row = begin; row != end; ++row) {
        if (row->second.told) continue;
        row->second.told = true;
        if (Status told = compare(row->second, sightings[i], details[i]); !told) return told;
      }
    }
    return {};
  }

  Status account(const FileAccount& now) override {
    const auto found = batch_.accounts_.find(now.absolute);
    if (found == batch_.accounts_.end()) return {};
    const FileAccount says = std::move(found->second);
    batch_.accounts_.erase(found);
    if (says.is_member != now.is_member) {
      return batch_.tell_account(says, Truth::kChanged,
                                 now.is_member ? "is a member" : "is no member");
    }
    std::string reason = name_differs(says.file, says.absolute);
    // Of a file that was read in part the counters say where it was stopped.
    bool whole = true;
    if (!says.is_member && reason.empty()) {
      const std::string path = container_path(now.absolute);
      reason = compare_bytes(path, batch_.root_ != nullptr, now.identity, says.identity);
      whole = says.identity.from == 0 && says.identity.digest_bytes >= says.identity.size;
      // The digest of a part holds, and what was counted follows from its bytes.
      if (!whole && reason.empty() && says.bytes_unread == 0)
        reason = compare_modified(now.identity, says.identity);
    }
    if (reason.empty() && whole) reason = compare_counters(now, says);
    const Truth truth = reason.empty() ? Truth::kTrue : Truth::kChanged;
    return batch_.tell_account(says, truth, std::move(reason));
  }

  Status skipped(const Skip& skip) override {
    if (!skip.whole && !skip.named && !skip.file.empty()) return {};
    const auto found = batch_.containers_.find(skip.file);
    if (found != batch_.containers_.end() && found->second.why.empty())
      found->second.why = skip.reason;
    return {};
  }

 private:
  std::string name_differs(const std::string& file, const std::string& absolute) const {
    const std::string now = absolute_of(file, batch_.head_, batch_.root_.get());
    if (now == absolute) return {};
    return "the name " + quoted(file) + " leads to " +
           (now.empty() ? std::string("nothing") : quoted(now)) + ", the receipt says " +
           quoted(absolute);
  }

  Status compare(const Row& row, const Sighting& now, const FindingDetail& detail) {
    std::string reason =
        name_differs(row.found.sighting.file, row.found.sighting.absolute_path);
    if (reason.empty()) reason = compare_sightings(now, detail, row.found);
    const Truth truth = reason.empty() ? Truth::kTrue : Truth::kChanged;
    return batch_.tell_sighting(row, truth, std::move(reason));
  }

  VerifyBatch& batch_;
};

VerifyBatch::Key VerifyBatch::key_of(const Sighting& sighting) {
  return {sighting.observable.type, sighting.observable.value, sighting.absolute_path,
          sighting.event_offset, sighting.event_digest};
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
  }
  return container;
}

void VerifyBatch::add(FileAccount account) {
  ++size_;
  Container& container = container_of(account.absolute);
  if (container.why.empty() && !account.is_member && !account.identity.regular) {
    container.why = "was no regular file, cannot be read again";
    container.truth = Truth::kUnchecked;
  }
  if (account.news != NewsKind::kUnchanged) container.to_read = true;
  accounts_[account.absolute] = std::move(account);
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
  container_of(sighting.absolute_path).to_read = true;
  Key key = key_of(sighting);
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
    const Container& container = container_of(says.absolute);
    if (says.news != NewsKind::kUnchanged || !container.why.empty()) {
      ++at;
      continue;
    }
    const auto now = identify(container.path, {0, 0, root_ != nullptr});
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
  for (const auto& [name, container] : containers_) {
    if (!container.why.empty() || !container.to_read) continue;
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
    const auto totals = Hunt(*matcher, lookup, clock_, std::move(hunt)).run(sinks);
    if (!totals) return fail(totals.error());
  }
  return tell_untold();
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
  const auto reason_of = [&](const std::string& absolute, const char* otherwise, Truth& truth) {
    const Container& container = container_of(absolute);
    truth = container.why.empty() ? Truth::kMissing : container.truth;
    return container.why.empty() ? std::string(otherwise) : container.why;
  };
  for (const auto& [absolute, account] : accounts_) {
    Truth truth{};
    std::string reason = reason_of(absolute, "was not found again", truth);
    if (Status told = tell_account(account, truth, std::move(reason)); !told) return told;
  }
  for (const auto& [key, row] : sightings_) {
    if (row.told) continue;
    Truth truth{};
    std::string reason = reason_of(
        row.found.sighting.absolute_path,
        "no such event with this digest at this place, or the indicator is not in it", truth);
    if (Status told = tell_sighting(row, truth, std::move(reason)); !told) return told;
  }
  containers_.clear();
  accounts_.clear();
  sightings_.clear();
  size_ = 0;
  return {};
}

}  // namespace spoor
