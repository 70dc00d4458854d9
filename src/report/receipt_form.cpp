#include "report/receipt_form.h"

#include <utility>

#include "report/exact_member.h"
#include "report/json_members.h"

namespace spoor {
namespace {

void write_counters(JsonWriter& json, const FileAccount& account) {
  json.member("bytes_read", account.counters.bytes_read);
  json.member("bytes_decoded", account.counters.bytes_decoded);
  json.member("bytes_scanned", account.bytes_scanned);
  json.member("bytes_skipped", account.counters.bytes_skipped);
  json.member("lines", account.counters.lines);
  json.member("format", account.format);
  json.member("encoding", name_of(account.encoding));
  json.member("decoders", account.decoders);
}

void write_follow(JsonWriter& json, const HuntTotals& totals, const FollowSummary& follow) {
  json.member("passes", totals.passes);
  json.member("bytes_read_again", follow.bytes_read_again);
  json.member("reloads", follow.reloads);
  json.key("indicator_sets").begin_array();
  for (const IndicatorsInUse& set : follow.sets) {
    json.begin_object();
    json.member("since", format_iso8601(set.since));
    json.member("generation", set.generation);
    json.member("indicators", set.indicators);
    if (set.newest_pulse) json.member("newest_pulse", format_iso8601(*set.newest_pulse));
    json.end_object();
  }
  json.end_array();
}

}  // namespace

std::string receipt_head_json(const ReceiptInfo& info, const HuntStart& start) {
  JsonWriter json;
  json.begin_object();
  json.member("kind", "receipt");
  json.member("version", kReceiptVersion);
  json.member("program", info.program);
  exact_member(json, "machine", info.machine);
  exact_member(json, "directory", info.directory);
  json.member("started", format_iso8601(start.started));
  json.key("paths").begin_array();
  for (const std::string& path : start.paths) json.string(path);
  json.end_array();
  exact_member(json, "filter", start.filter);
  json.member("min_grade", name_of(info.min_grade));
  if (info.since) json.member("since", format_iso8601(*info.since));
  if (info.until) json.member("until", format_iso8601(*info.until));
  exact_member(json, "format", info.format);
  if (!info.root.empty()) {
    exact_member(json, "root", info.root);
    exact_member(json, "root_path", info.root_path);
  }
  json.member("new_only", info.new_only);
  json.member("follows", info.follows);
  exact_member(json, "zone", info.zone);
  json.member("zone_given", info.zone_given);
  exact_member(json, "event_host", info.event_host);
  json.member("expansion_limit", info.limits.expansion_limit);
  json.member("decoded_limit", info.limits.decoded_limit);
  json.member("member_limit", info.limits.member_limit);
  json.member("archive_depth", std::uint64_t{info.limits.archive_depth});
  json.member("archive_memory", std::uint64_t{info.limits.archive_memory});
  json.member("exact_reference", info.exact_reference);
  json.key("store").begin_object();
  exact_member(json, "path", info.store);
  json.member("id", info.store_id);
  json.member("generation", info.generation);
  json.end_object();
  json.member("indicators", start.indicators);
  json.key("indicators_by_type").begin_object();
  for (const auto& [type, count] : info.by_type) json.member(name_of(type), count);
  json.end_object();
  json.strings("canaries", info.canaries);
  json.key("entries").begin_array();
  json.end_array();
  json.end_object();
  std::string text = json.take();
  text.resize(text.size() - 2);  // the entries follow
  return text;
}

std::string receipt_account_json(const FileAccount& account,
                                 const std::optional<Generations>& generations) {
  JsonWriter json;
  json.begin_object();
  json.member("kind", account.is_member ? "member" : "file");
  exact_member(json, "file", account.file);
  exact_member(json, "absolute", account.absolute);
  if (!account.now.empty()) exact_member(json, "now", account.now);
  if (account.gone) json.member("gone", true);
  if (!account.is_member) {
    const FileIdentity& identity = account.identity;
    json.member("regular", identity.regular);
    json.member("size", identity.size);
    if (identity.modified) json.member("modified", format_iso8601(*identity.modified));
    json.member("bytes_unread", account.bytes_unread);
    json.member("bytes_hunted_before", account.bytes_before);
    if (account.news != NewsKind::kNone) json.member("news", name_of(account.news));
    if (account.earlier) {
      json.key("earlier_hunt").begin_object();
      json.member("upto", account.earlier->upto);
      json.member("generation", account.earlier->generation);
      json.end_object();
    }
    if (generations) {
      json.key("generations").begin_object();
      json.member("first", generations->first);
      json.member("last", generations->last);
      json.end_object();
    }
    if (identity.digest) json.member("digest", "xxh3-128:" + to_hex(identity.digest->view()));
    json.member("digest_bytes", identity.digest_bytes);
    json.member("members", account.members);
  }
  write_counters(json, account);
  json.end_object();
  return json.take();
}

std::string receipt_skip_json(const Skip& skip) {
  JsonWriter json;
  json.begin_object();
  json.member("kind", "skip");
  exact_member(json, "file", skip.file);
  exact_member(json, "reason", skip.reason);
  json.member("bytes", skip.bytes);
  json.member("whole", skip.whole);
  json.member("incomplete", skip.incomplete);
  json.end_object();
  return json.take();
}

std::string receipt_sighting_json(const Sighting& sighting, const FindingDetail& detail) {
  JsonWriter json;
  json.begin_object();
  json.member("kind", "sighting");
  exact_member(json, "file", sighting.file);
  exact_member(json, "absolute", sighting.absolute_path);
  json.member("line", sighting.line);
  json.member("event_offset", sighting.event_offset);
  json.member("event_digest", to_hex(sighting.event_digest.view()));
  write_match(json, sighting);
  json.member("verdict", name_of(sighting.verdict));
  // What depends on the day of the hunt, such as a year that the line does not say, is no fact
  // of the file.
  const bool inferred =
      detail.record && detail.record->time && (detail.record->time->year_inferred);
  if (sighting.time && !inferred) json.member("time", format_iso8601(*sighting.time));
  json.end_object();
  return json.take();
}

std::string receipt_summary_json(const HuntTotals& totals, std::uint64_t skips,
                                 const FollowSummary* follow) {
  JsonWriter json;
  json.begin_object();
  json.member("complete", totals.complete);
  json.member("interrupted", totals.interrupted);
  json.member("closes", totals.closes);
  json.member("ended", format_iso8601(totals.ended));
  json.member("files", totals.files);
  json.member("bytes_on_disk", totals.bytes_on_disk);
  json.member("bytes_read", totals.bytes_read);
  json.member("bytes_unread", totals.bytes_unread);
  json.member("bytes_hunted_before", totals.bytes_before);
  json.member("bytes_decoded", totals.bytes_decoded);
  json.member("bytes_scanned", totals.bytes_scanned);
  json.member("bytes_skipped", totals.bytes_skipped);
  json.member("lines", totals.lines);
  json.member("skips", skips);
  json.member("sightings", totals.sightings);
  write_grades(json, "by_grade", totals.by_grade);
  write_grades(json, "below_min_grade", totals.below);
  json.member("outside_window", totals.outside_window);
  write_freshness(json, totals.freshness);
  json.strings("stale", stale_words(totals.freshness, totals.ended));
  write_canary(json, totals.canary);
  if (follow != nullptr) write_follow(json, totals, *follow);
  json.end_object();
  return json.take();
}

ReceiptFile::ReceiptFile(std::unique_ptr<AsideFile> file) : file_(std::move(file)) {}

Status ReceiptFile::write(std::string_view text) {
  hasher_.update(text);
  return file_->write(text);
}

Status ReceiptFile::begin(const std::string& head) {
  return write(head);
}

Status ReceiptFile::entry(std::string_view json) {
  if (Status written = write(entries_++ == 0 ? "\n" : ",\n"); !written) return written;
  return write(json);
}

Status ReceiptFile::finish(const std::string& summary) {
  if (Status written = write("\n],\"summary\":" + summary + ",\n"); !written) return written;
  const std::string checksum = to_hex(hasher_.digest().view());
  if (Status written = file_->write("\"checksum\":\"xxh3-128:" + checksum + "\"}\n"); !written)
    return written;
  return file_->commit();
}

}  // namespace spoor
