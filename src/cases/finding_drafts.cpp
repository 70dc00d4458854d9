#include "cases/finding_drafts.h"

#include <algorithm>
#include <tuple>

#include "base/ascii.h"
#include "base/utf8.h"
#include "cases/markdown.h"
#include "io/encoding.h"
#include "logs/format.h"

namespace spoor {
namespace {

constexpr std::size_t kMostLineBytes = 1000;
constexpr std::size_t kMostListed = 50;
constexpr std::size_t kMostReasons = 8;

/// The event's text as it is read, whatever its encoding was.
std::string plain_text(const Sighting& sighting) {
  if (sighting.encoding == TextEncoding::kBytes) return sighting.event_text;
  return to_utf8(sighting.event_text, sighting.encoding);
}

/// One line of it, cut round the match.
std::string shown_text(const Sighting& sighting) {
  const std::string whole = plain_text(sighting);
  std::string_view text = whole;
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  if (text.size() <= kMostLineBytes) return std::string(text);
  const std::string match = sighting.encoding == TextEncoding::kBytes
                                ? sighting.match
                                : to_utf8(sighting.match, sighting.encoding);
  std::size_t middle = text.find(match);
  if (middle == std::string_view::npos) middle = 0;
  const auto inside = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
  std::size_t begin = middle > kMostLineBytes / 2 ? middle - kMostLineBytes / 2 : 0;
  begin = std::min(begin, text.size() - kMostLineBytes);
  std::size_t end = begin + kMostLineBytes;
  for (int i = 0; i < 3 && begin < text.size() && inside(text[begin]); ++i) ++begin;
  for (int i = 0; i < 3 && end < text.size() && inside(text[end]); ++i) --end;
  return (begin > 0 ? "\xE2\x80\xA6" : "") + std::string(text.substr(begin, end - begin)) +
         (end < text.size() ? "\xE2\x80\xA6" : "");
}

/// The host that the hunt told the sighting: of its record in whatever format, of --host, the
/// root or the path. Sightings of a store from before hosts were kept have none; their line is
/// read as plain text, so that they stay in the groups in which they were filed.
std::string host_of(const Sighting& sighting) {
  if (!sighting.host.empty()) return sighting.host.substr(0, 253);
  Record record;
  const FormatState state;
  const std::string text = plain_text(sighting);
  read_record(text, text_format(), state, record);
  return std::string(record.value(Slot::kHost).substr(0, 253));
}

std::string day_of(const Sighting& sighting) {
  return sighting.time ? format_iso8601(*sighting.time).substr(0, 10) : "undated";
}

std::string when(const std::optional<Time>& time) {
  return time ? format_iso8601(*time) : "at an unknown time";
}

std::string counted(std::uint64_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

void earliest(std::optional<Time>& best, const std::optional<Time>& time) {
  if (time && (!best || *time < *best)) best = time;
}
void latest(std::optional<Time>& best, const std::optional<Time>& time) {
  if (time && (!best || *time > *best)) best = time;
}

void put_all(std::set<std::string>& into, const std::vector<std::string>& from,
             std::string_view before = "") {
  for (const std::string& each : from) into.insert(std::string(before) + each);
}

}  // namespace

std::string without_rotation(std::string_view path) {
  const std::size_t name = path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1;
  constexpr std::string_view kEnds[] = {".gz", ".zst", ".xz", ".bz2", ".lz4"};
  for (const std::string_view end : kEnds) {
    if (path.size() > name + end.size() && path.substr(path.size() - end.size()) == end) {
      path.remove_suffix(end.size());
      break;
    }
  }
  // ".1" to ".999", "-20261124", ".20261124", ".2026-11-24"
  std::size_t at = path.size();
  while (at > name && (is_digit(path[at - 1]) || path[at - 1] == '-')) --at;
  std::string_view tail = path.substr(at);
  if (at > name + 1 && path[at - 1] == '.') {
    const bool number =
        !tail.empty() && tail.size() <= 3 && std::all_of(tail.begin(), tail.end(), is_digit);
    const bool date = tail.size() == 10 || tail.size() == 8;
    if (number || date) path = path.substr(0, at - 1);
  } else if (at > name && tail.size() == 9 && tail[0] == '-') {
    path = path.substr(0, at);
  }
  return std::string(path);
}

bool FindingDrafts::Line::operator<(const Line& other) const {
  // The best grade first, then in order of time and place: which lines are kept depends on the
  // lines alone, not on the order they come in.
  return std::tie(other.grade, time, file, line, text) <
         std::tie(grade, other.time, other.file, other.line, other.text);
}

FindingDrafts::FindingDrafts(const DraftOptions& options, ClaimLookup claims)
    : options_(options), claims_(std::move(claims)) {}

Result<const FindingDrafts::Story*> FindingDrafts::story_of(const Observable& observable) {
  if (const auto known = stories_.find(observable); known != stories_.end())
    return &known->second;
  auto claims = claims_(observable);
  if (!claims) return fail(claims.error().at("claims of " + observable.value));
  Story story;
  story.claims = std::move(*claims);
  for (const ClaimView& claim : story.claims) {
    if (!claim.pulse_id.empty() && (story.pulse_id.empty() || claim.pulse_id < story.pulse_id))
      story.pulse_id = claim.pulse_id;
    if (story.feed.empty() || claim.feed < story.feed) story.feed = claim.feed;
  }
  return &stories_.emplace(observable, std::move(story)).first->second;
}

Result<FindingDrafts::Place> FindingDrafts::place_of(const Sighting& sighting) {
  const auto story = story_of(sighting.observable);
  if (!story) return fail(story.error());
  Place place;
  place.story = *story;
  std::vector<std::string> parts;
  if (options_.group.pulse) {
    place.pulse_id = (*story)->pulse_id;
    if (place.pulse_id.empty()) place.feed = (*story)->feed;
    parts.push_back(place.pulse_id.empty() ? "feed=" + reference_part(place.feed, 24)
                                           : reference_part(place.pulse_id, 32));
  }
  if (options_.group.asset) {
    place.asset = host_of(sighting);
    if (place.asset.empty())
      place.asset = without_rotation(sighting.absolute_path.empty() ? sighting.file
                                                                    : sighting.absolute_path);
    parts.push_back(reference_part(place.asset, 48));
  }
  if (options_.group.day) {
    place.day = day_of(sighting);
    parts.push_back(place.day);
  }
  if (options_.group.indicator) {
    parts.push_back(reference_part(
        std::string(name_of(sighting.observable.type)) + "=" + sighting.observable.value, 33));
  }
  for (const std::string& part : parts) place.key += (place.key.empty() ? "" : ":") + part;
  return place;
}

Result<std::string> FindingDrafts::key_of(const Sighting& sighting) {
  auto place = place_of(sighting);
  if (!place) return fail(place.error());
  return std::move(place->key);
}

Status FindingDrafts::add(const Sighting& sighting) {
  auto place = place_of(sighting);
  if (!place) return fail(place.error());
  Group& group = groups_[place->key];
  group.pulse_id = place->pulse_id;
  group.feed = place->feed;
  group.asset = place->asset;
  group.day = place->day;
  const std::string& file =
      sighting.absolute_path.empty() ? sighting.file : sighting.absolute_path;
  if (group.files.size() < kMostListed) group.files.insert(file);
  std::string event(sighting.event_digest.view());
  event += name_of(sighting.observable.type);
  event += sighting.observable.value;
  if (!group.seen.insert(std::move(event)).second) return {};  // a rotated or compressed copy
  ++group.events;
  if (sighting.live && !*sighting.live) ++group.ended;
  if (!sighting.time) ++group.undated;
  group.best = std::max(group.best, sighting.grade);
  earliest(group.first, sighting.time);
  latest(group.last, sighting.time);
  if (group.rules.size() < kMostListed)
    group.rules.insert(sighting.rule + ", " + std::string(name_of(sighting.grade)));
  if (!sighting.reason.empty() && group.reasons.size() < kMostReasons)
    group.reasons.insert(sighting.reason);
  Indicator& indicator = group.indicators[sighting.observable];
  ++indicator.events;
  indicator.best = std::max(indicator.best, sighting.grade);
  earliest(indicator.first, sighting.time);
  indicator.story = place->story;
  group.lines.insert(
      {sighting.grade, sighting.time, file, sighting.line, shown_text(sighting)});
  if (group.lines.size() > kMostLines) group.lines.erase(std::prev(group.lines.end()));
  return {};
}

std::string FindingDrafts::description_of(const Group& group, const CaseDraft& draft) const {
  std::string text;
  std::string who = group.pulse_id.empty()
                        ? "the feed " + markdown_code(group.feed.empty() ? "?" : group.feed)
                        : "the pulse **" + markdown_text(draft.pulse_name) + "**";
  if (!options_.group.pulse) who = "what is stored";
  text += counted(group.indicators.size(), "indicator", "indicators") + " of " + who +
          (group.indicators.size() == 1 ? " was" : " were") + " seen in " +
          counted(group.events, "event", "events");
  if (!group.asset.empty()) text += " on " + markdown_code(group.asset);
  text += ".\n\n- First: " + when(group.first) + "\n- Last: " + when(group.last) + "\n";
  for (const std::string& file : group.files) text += "- In: " + markdown_code(file) + "\n";

  text += "\n#### What was seen\n\n";
  std::size_t listed = 0;
  for (const auto& [observable, indicator] : group.indicators) {
    if (++listed > kMostListed) {
      text += "- and " + std::to_string(group.indicators.size() - kMostListed) + " more\n";
      break;
    }
    text += "- " + markdown_code(observable.value) + " (" +
            markdown_text(name_of(observable.type)) +
            "): " + counted(indicator.events, "event", "events") + ", best grade " +
            std::string(name_of(indicator.best)) + ", first " + when(indicator.first) + "\n";
  }

  text += "\n#### Where\n\n";
  std::vector<std::string> lines;
  for (const Line& line : group.lines)
    lines.push_back(line.file + ":" + std::to_string(line.line) + ": " + line.text);
  text += markdown_block(lines);
  if (group.events > group.lines.size())
    text += "\n" + std::to_string(group.events - group.lines.size()) +
            " more are in the store (`spoor sightings`).\n";

  text += "\n#### Why it matched\n\n";
  for (const std::string& rule : group.rules)
    text += "- " + markdown_text("rule " + rule) + "\n";
  std::set<std::string> claims;
  for (const auto& [observable, indicator] : group.indicators) {
    for (const ClaimView& claim : indicator.story->claims) {
      if (claims.size() >= kMostListed) break;
      std::string line = "claimed by " + markdown_code(claim.feed);
      if (!claim.pulse_id.empty()) {
        line += ", pulse **" + markdown_text(claim.pulse_name) + "** by " +
                markdown_text(claim.pulse_author);
        const std::string link = pulse_link(options_, claim.pulse_id);
        if (!link.empty()) line += ", " + markdown_link(link);
      }
      claims.insert(std::move(line));
    }
  }
  for (const std::string& claim : claims) text += "- " + claim + "\n";

  text += "\n#### What argues against it\n\n";
  std::string against;
  if (group.best <= Grade::kMention) against += "- no match is better than a mention\n";
  if (group.ended > 0)
    against += "- in " + counted(group.ended, "event", "events") +
               " every claim had ended before it happened\n";
  if (group.undated > 0)
    against += "- of " + counted(group.undated, "event", "events") + " the time is unknown\n";
  if (claims.size() == 1) against += "- one claim alone says so\n";
  for (const std::string& reason : group.reasons)
    against += "- " + markdown_text(reason) + "\n";
  text += against.empty() ? "Nothing that the store knows of.\n" : against;
  text += "\n" + severity_text(draft);
  return text;
}

CaseDraft FindingDrafts::draft_of_group(const std::string& key, const Group& group) const {
  CaseDraft draft;
  draft.as = options_.as;
  draft.type = "spoor-finding";
  draft.source = cut_text(options_.source, 32);
  draft.source_ref = key;
  draft.asset = group.asset;
  draft.pulse_id = group.pulse_id;
  draft.sightings = group.events;
  draft.first = group.first;
  draft.last = group.last;
  draft.date = group.first;
  draft.case_template = options_.case_template;
  draft.merge_into = options_.merge_into;
  draft.tasks = options_.tasks;
  draft.custom_fields = options_.custom_fields;
  draft.link = pulse_link(options_, group.pulse_id);

  Handling handling;
  std::set<std::string> tags, techniques;
  SeverityFacts facts;
  for (const auto& [observable, indicator] : group.indicators) {
    DraftObservable each;
    each.observable = observable;
    each.sighted = true;
    each.sighted_at = indicator.first;
    Handling own;
    for (const ClaimView& claim : indicator.story->claims) {
      own.take(claim.tlp, claim.tags);
      put_all(tags, claim.tags);
      put_all(tags, claim.malware_families, "malware:");
      put_all(tags, claim.attack_ids, "attack:");
      put_all(techniques, claim.attack_ids);
      if (!claim.adversary.empty()) tags.insert("adversary:" + claim.adversary);
      if (!claim.role.empty()) each.tags.push_back("role:" + claim.role);
      if (claim.pulse_id == group.pulse_id && draft.pulse_name.empty())
        draft.pulse_name = claim.pulse_name;
      facts.named = facts.named || !claim.adversary.empty() ||
                    !claim.malware_families.empty() || !claim.attack_ids.empty();
    }
    each.tags = clean_tags(std::move(each.tags));
    each.tlp = own.tlp.value_or(options_.default_tlp);
    each.message = markdown_text(counted(indicator.events, "event", "events") +
                                 ", best grade " + std::string(name_of(indicator.best)));
    handling.take(each.tlp, {});
    if (own.pap) handling.pap = std::max(handling.pap.value_or(0), *own.pap);
    draft.observables.push_back(std::move(each));
  }
  draft.tlp = handling.tlp.value_or(options_.default_tlp);
  draft.pap = handling.pap.value_or(options_.default_pap);
  tags.insert(options_.tags.begin(), options_.tags.end());
  draft.tags = clean_tags({tags.begin(), tags.end()});
  draft.techniques.assign(techniques.begin(), techniques.end());

  facts.sighted = true;
  facts.best_grade = group.best;
  facts.critical = is_critical(group.asset, options_.critical_assets);
  facts.all_ended = group.ended == group.events;
  facts.indicators = group.indicators.size();
  draft.severity = severity_of(facts, options_.severity, draft.severity_steps);

  std::string title = draft.pulse_name;
  if (title.empty()) {
    title = group.indicators.begin()->first.value;
    if (group.indicators.size() > 1)
      title += " and " + std::to_string(group.indicators.size() - 1) + " more";
  }
  title += group.asset.empty() ? " seen" : " seen on " + group.asset;
  if (!group.day.empty()) title += " (" + group.day + ")";
  draft.title = cut_text(terminal_safe(title), 512);
  std::stable_sort(draft.observables.begin(), draft.observables.end(),
                   [&](const DraftObservable& a, const DraftObservable& b) {
                     return group.indicators.at(a.observable).best >
                            group.indicators.at(b.observable).best;
                   });
  apply_cap(draft, options_, [&](LeftOut& left) {
    const Indicator& indicator = group.indicators.at(left.observable->observable);
    left.claims = indicator.story->claims;
    left.events = indicator.events;
  });
  draft.description = description_of(group, draft);
  return draft;
}

std::vector<CaseDraft> FindingDrafts::drafts() const {
  std::vector<CaseDraft> all;
  for (const auto& [key, group] : groups_) all.push_back(draft_of_group(key, group));
  return all;
}

}  // namespace spoor
