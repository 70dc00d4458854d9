#include "app/case_sources.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>

#include "cases/finding_drafts.h"
#include "cases/hunt_stream.h"
#include "cases/pulse_drafts.h"
#include "ioc/canonical.h"

namespace spoor {
namespace {

constexpr std::size_t kMostLine = 8 << 20;

/// What the store knows of an observable; the hunt's own line where the store does not.
class Claims {
 public:
  explicit Claims(Store& store) : store_(store) {}

  void hear(const Observable& observable, std::vector<ClaimView> claims) {
    heard_.try_emplace(observable, std::move(claims));
  }
  Result<std::vector<ClaimView>> of(const Observable& observable) {
    const auto id = store_.find(observable);
    if (!id) return fail(id.error());
    if (*id) {
      auto claims = store_.claims_of(**id);
      if (!claims || !claims->empty()) return claims;
    }
    const auto heard = heard_.find(observable);
    return heard == heard_.end() ? std::vector<ClaimView>() : heard->second;
  }

 private:
  Store& store_;
  std::map<Observable, std::vector<ClaimView>> heard_;
};

std::vector<FindingDrafts> builders(const std::vector<SystemConfig>& systems, Claims& claims) {
  std::vector<FindingDrafts> made;
  for (const SystemConfig& system : systems) {
    made.emplace_back(system.draft, [&claims](const Observable& observable) {
      return claims.of(observable);
    });
  }
  return made;
}

void take(const std::vector<FindingDrafts>& made, CaseSources& sources) {
  for (const FindingDrafts& each : made) sources.of.push_back({each.drafts()});
}

bool is_fileable(const Sighting& sighting) {
  return !is_noise(sighting.verdict, sighting.grade);
}

Result<Grade> least_grade(const Options& options) {
  if (!options.has("min-grade")) return Grade::kMention;
  const auto grade = grade_from_name(options.value("min-grade"));
  if (!grade)
    return fail("--min-grade: found '" + options.value("min-grade") +
                "', expected weak, mention, derived, contains, equivalent or exact");
  return *grade;
}

/// The sightings of the groups that a hunt touched, from that hunt and all others: a group is
/// filed whole, whichever run saw which part of it.
Result<CaseSources> from_store(const Options& options, Store& store,
                               const std::vector<SystemConfig>& systems) {
  SightingFilter filter;
  const auto grade = least_grade(options);
  if (!grade) return fail(grade.error());
  filter.min_grade = *grade;
  const std::string which = options.value("hunt", "last");
  CaseSources sources;
  if (which == "last") {
    const auto last = store.last_hunt();
    if (!last) return fail(last.error());
    if (!*last) {
      sources.of.resize(systems.size());
      sources.notes.emplace_back("no hunt is stored");
      return sources;
    }
    filter.hunt = **last;
  } else if (which != "all") {
    const auto number = parse_number(which, 1, INT64_MAX / 2);
    if (!number) return fail("--hunt: found '" + which + "', expected a number, last or all");
    filter.hunt = HuntId{static_cast<std::int64_t>(*number)};
  }
  Claims claims(store);
  auto made = builders(systems, claims);
  std::vector<std::set<std::string>> touched(made.size());
  Status failed;
  const bool all = !filter.hunt;
  const auto each = [&](const auto& visit) {
    return [&failed, visit](const StoredSighting& stored) {
      if (failed && is_fileable(stored.sighting)) failed = visit(stored.sighting);
    };
  };
  if (!all) {
    SPOOR_TRY(store.for_each_sighting(filter, each([&](const Sighting& sighting) -> Status {
                                        for (std::size_t i = 0; i < made.size(); ++i) {
                                          auto key = made[i].key_of(sighting);
                                          if (!key) return fail(key.error());
                                          touched[i].insert(std::move(*key));
                                        }
                                        return {};
                                      })),
              "sightings");
    filter.hunt.reset();
  }
  SPOOR_TRY(store.for_each_sighting(filter, each([&](const Sighting& sighting) -> Status {
                                      for (std::size_t i = 0; i < made.size(); ++i) {
                                        if (!all) {
                                          const auto key = made[i].key_of(sighting);
                                          if (!key) return fail(key.error());
                                          if (touched[i].count(*key) == 0) continue;
                                        }
                                        if (auto status = made[i].add(sighting); !status)
                                          return status;
                                      }
                                      return {};
                                    })),
            "sightings");
  if (!failed) return fail(failed.error());
  take(made, sources);
  return sources;
}

/// Lines of standard input, bounded. False at the end.
class Lines {
 public:
  Result<bool> next(std::string& line) {
    line.clear();
    bool too_long = false;
    for (;;) {
      const std::size_t end = buffer_.find('\n', at_);
      const std::size_t stop = end == std::string::npos ? buffer_.size() : end;
      if (line.size() + (stop - at_) > kMostLine) too_long = true;
      if (!too_long) line.append(buffer_, at_, stop - at_);
      if (end != std::string::npos) {
        at_ = end + 1;
        if (too_long) return fail("a line is longer than 8 MiB");
        return true;
      }
      buffer_.resize(1 << 16);
      at_ = 0;
      const ssize_t got = ::read(STDIN_FILENO, buffer_.data(), buffer_.size());
      if (got < 0 && errno == EINTR && !interrupted()) {
        buffer_.clear();
        continue;
      }
      if (got < 0) return fail(std::strerror(errno));
      buffer_.resize(static_cast<std::size_t>(got));
      if (got == 0) return !line.empty();
    }
  }

 private:
  std::string buffer_;
  std::size_t at_ = 0;
};

/// The place of a file that a hunt named, as the store would know it.
std::string absolute_place(const std::string& file) {
  if (file.empty() || file == "-" || file[0] == '<') return file;
  const std::size_t member = file.find('!');
  std::error_code ignored;
  const std::filesystem::path path = std::filesystem::weakly_canonical(
      std::filesystem::absolute(file.substr(0, member)), ignored);
  if (path.empty()) return file;
  return path.string() + (member == std::string::npos ? "" : file.substr(member));
}

/// `asked`: standard input was named, and is not only there.
Result<CaseSources> from_stream(const Options& options, Store& store,
                                const std::vector<SystemConfig>& systems, bool asked) {
  const auto grade = least_grade(options);
  if (!grade) return fail(grade.error());
  Claims claims(store);
  auto made = builders(systems, claims);
  CaseSources sources;
  Lines lines;
  std::string line;
  std::uint64_t number = 0, bad = 0;
  bool any = false;
  std::string first_bad;
  for (;;) {
    const auto more = lines.next(line);
    if (!more) return fail(more.error().at("standard input"));
    if (!*more) break;
    ++number;
    if (line.empty()) continue;
    auto read = read_hunt_line(line);
    if (!read) {
      if (bad++ == 0)
        first_bad = "line " + std::to_string(number) + ": " + read.error().message;
      continue;
    }
    any = true;
    if (!*read) {
      if (const auto whole = hunt_was_complete(line); whole && !*whole)
        sources.notes.emplace_back("the hunt was not complete");
      continue;
    }
    Sighting& sighting = (*read)->sighting;
    if (sighting.grade < *grade || !is_fileable(sighting)) continue;
    sighting.absolute_path = absolute_place(sighting.file);
    claims.hear(sighting.observable, std::move((*read)->claims));
    for (FindingDrafts& each : made) {
      if (auto status = each.add(sighting); !status) return fail(status.error());
    }
  }
  // cron gives its jobs an empty pipe: nothing was piped, so the store is meant.
  if (number == 0 && !asked) return from_store(options, store, systems);
  if (!any) {
    return fail("standard input: found " + (bad > 0 ? first_bad : std::string("nothing")) +
                ", expected what spoor hunt --json prints");
  }
  if (bad > 0)
    sources.notes.push_back(std::to_string(bad) + " lines could not be read, the first is " +
                            first_bad);
  take(made, sources);
  return sources;
}

Result<SightedTimes> sighted_times(Store& store) {
  SightedTimes times;
  SightingFilter filter;
  filter.min_grade = Grade::kMention;
  SPOOR_TRY(store.for_each_sighting(
                filter,
                [&](const StoredSighting& stored) {
                  const Sighting& sighting = stored.sighting;
                  if (!is_fileable(sighting)) return;
                  const auto [at, is_new] = times.emplace(sighting.observable, sighting.time);
                  if (!is_new && sighting.time && (!at->second || *sighting.time < *at->second))
                    at->second = sighting.time;
                }),
            "sightings");
  return times;
}

Result<CaseSources> from_pulses(const Options& options, Store& store,
                                const std::vector<SystemConfig>& systems) {
  const auto filter = indicator_filter(options);
  if (!filter) return fail(filter.error());
  const auto ids = store.pulse_ids(*filter);
  if (!ids) return fail(ids.error());
  const auto sighted = sighted_times(store);
  if (!sighted) return fail(sighted.error());
  CaseSources sources;
  sources.of.resize(systems.size());
  if (ids->empty()) sources.notes.emplace_back("no pulse passes");
  for (const std::string& id : *ids) {
    const auto pulse = store.pulse(id);
    if (!pulse) return fail(pulse.error());
    if (!*pulse) continue;
    std::vector<ClaimView> claims;
    std::set<Observable> known;
    SPOOR_TRY(store.for_each_claim_of_pulse(id,
                                            [&](const ClaimView& claim) {
                                              if (known.insert(claim.observable).second)
                                                claims.push_back(claim);
                                            }),
              "pulse " + id);
    for (std::size_t i = 0; i < systems.size(); ++i)
      sources.of[i].drafts.push_back(pulse_draft(**pulse, claims, *sighted, systems[i].draft));
  }
  return sources;
}

Result<CaseSources> from_lookup(const Options& options, Store& store,
                                const std::vector<SystemConfig>& systems) {
  const std::string value = options.value("from-lookup");
  const auto canonical = infer(value);
  if (!canonical) return fail("--from-lookup: '" + value + "': " + canonical.error().reason);
  const Observable& observable = canonical->observable;
  Claims known(store);
  const auto claims = known.of(observable);
  if (!claims) return fail(claims.error());
  const auto sighted = sighted_times(store);
  if (!sighted) return fail(sighted.error());
  CaseSources sources;
  for (const SystemConfig& system : systems) {
    DraftOptions draft = system.draft;
    // One value that somebody looked up is a case unless something else is said.
    if (!options.has("as")) draft.as = FileAs::kCase;
    sources.of.push_back({{lookup_draft(observable, *claims, *sighted, draft)}});
  }
  return sources;
}

bool standard_input_is_pipe() {
  struct stat info {};
  return ::fstat(STDIN_FILENO, &info) == 0 && S_ISFIFO(info.st_mode);
}

}  // namespace

Result<CaseSources> case_sources(const Invocation& invocation, Store& store,
                                 const std::vector<SystemConfig>& systems) {
  const Options& options = invocation.options;
  if (options.has("from-lookup")) return from_lookup(options, store, systems);
  const std::string per = options.value("per", "finding");
  if (per == "pulse") return from_pulses(options, store, systems);
  if (per != "finding") return fail("--per: found '" + per + "', expected finding or pulse");
  const bool asked = !options.operands().empty();
  if (asked || (!options.has("hunt") && standard_input_is_pipe()))
    return from_stream(options, store, systems, asked);
  return from_store(options, store, systems);
}

}  // namespace spoor
