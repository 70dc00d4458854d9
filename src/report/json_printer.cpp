#include "report/json_printer.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "io/encoding.h"
#include "logs/format.h"
#include "report/exact_member.h"
#include "report/excerpt.h"
#include "report/json_members.h"

namespace spoor {
namespace {

/// What the event's line says beside its time and host, as far as it says it.
void write_fields(JsonWriter& json, const EventRecord& record, std::string_view field) {
  const bool inferred =
      record.time && (record.time->year_inferred || record.time->zone_inferred);
  if (record.format == text_format().name && !inferred)
    return;  // of plain text nothing is known
  const auto known = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) exact_member(json, name, value);
  };
  json.key("fields").begin_object();
  json.member("format", record.format);
  known("inner_format", record.inner);
  known("field", field);
  known("user", record.user);
  known("process", record.process);
  known("source_address", record.source_address);
  known("source_port", record.source_port);
  known("destination_address", record.destination_address);
  known("destination_port", record.destination_port);
  known("direction", record.direction);
  known("outcome", name_of(record.outcome));
  known("status", record.status);
  if (record.time && record.time->year_inferred) json.member("year_inferred", true);
  if (record.time && record.time->zone_inferred) json.member("zone_inferred", true);
  json.end_object();
}

std::string time_text(Time time, bool has_clock) {
  std::string text = format_iso8601(time);
  if (!has_clock) text.resize(text.find('T'));
  return text;
}

}  // namespace

std::string sighting_json(const Sighting& sighting, const FindingDetail& detail) {
  JsonWriter json;
  json.begin_object();
  json.member("kind", "sighting");
  exact_member(json, "file", sighting.file);
  json.member("line", sighting.line);
  write_match(json, sighting);

  std::vector<std::string> sources;
  for (const ClaimSummary& claim : detail.story->claims) {
    if (std::find(sources.begin(), sources.end(), claim.feed) == sources.end()) {
      sources.push_back(claim.feed);
    }
  }
  json.strings("sources", sources);
  json.key("pulses").begin_array();
  for (const ClaimSummary& claim : detail.story->claims) {
    if (claim.pulse_id.empty()) continue;
    json.begin_object();
    json.member("id", claim.pulse_id);
    json.member("name", claim.pulse_name);
    json.member("author", claim.pulse_author);
    json.key("tlp");
    claim.tlp ? json.string(name_of(*claim.tlp)) : json.null();
    json.strings("tags", claim.tags);
    json.member("source", claim.feed);
    json.end_object();
  }
  json.end_array();

  json.member("new", sighting.is_new);
  json.member("verdict", name_of(sighting.verdict));
  json.member("reason", sighting.reason);
  if (sighting.time) json.member("time", time_text(*sighting.time, sighting.time_has_clock));
  if (detail.record && !detail.record->host.empty()) {
    exact_member(json, "host", detail.record->host);
    if (detail.record->host_from != HostFrom::kNone)
      json.member("host_from", name_of(detail.record->host_from));
  }
  if (detail.record) write_fields(json, *detail.record, detail.field);
  if (sighting.flow != Flow::kUnknown) json.member("flow", name_of(sighting.flow));
  json.key("live");
  sighting.live ? json.boolean(*sighting.live) : json.null();
  json.member("occurrences", detail.occurrences);
  json.member("event_offset", sighting.event_offset);
  json.member("event_digest", to_hex(sighting.event_digest.view()));
  exact_member(json, "text", sighting.event_text, sighting.encoding);
  json.end_object();
  return json.take();
}

std::string summary_json(const HuntTotals& totals) {
  JsonWriter json;
  json.begin_object();
  json.member("kind", "summary");
  json.member("complete", totals.complete);
  json.member("interrupted", totals.interrupted);
  json.member("files", totals.files);
  json.member("bytes_read", totals.bytes_read);
  json.member("bytes_decoded", totals.bytes_decoded);
  json.member("bytes_scanned", totals.bytes_scanned);
  json.member("lines", totals.lines);
  json.member("bytes_on_disk", totals.bytes_on_disk);
  json.member("bytes_unread", totals.bytes_unread);
  if (totals.has_news) json.member("bytes_hunted_before", totals.bytes_before);
  json.member("bytes_skipped", totals.bytes_skipped);
  json.member("closes", totals.closes);
  json.key("skipped").begin_array();
  for (const Skip& skip : totals.skips) {
    json.begin_object();
    exact_member(json, "file", skip.file);
    exact_member(json, "reason", skip.reason);
    json.member("bytes", skip.bytes);
    json.member("incomplete", skip.incomplete);
    json.end_object();
  }
  json.end_array();
  json.key("formats").begin_object();  // files by format
  for (const auto& [format, files] : totals.by_format) json.member(format, files);
  json.end_object();
  json.key("file_formats").begin_array();
  for (const FileFormat& each : totals.formats) {
    json.begin_object();
    exact_member(json, "file", each.file);
    json.member("format", each.format);
    json.end_object();
  }
  json.end_array();
  if (totals.has_window) {
    json.member("outside_window", totals.outside_window);
    json.member("without_time", totals.without_time);
  }
  if (totals.has_news) {
    json.key("files_by_news").begin_object();
    for (std::size_t kind = 1; kind < kNewsKinds; ++kind)
      json.member(name_of(static_cast<NewsKind>(kind)), totals.by_news[kind]);
    json.end_object();
  }
  json.member("sightings", totals.sightings);
  json.member("new", totals.sightings_new);
  write_grades(json, "by_grade", totals.by_grade);
  json.key("by_type").begin_object();
  for (const auto& [type, count] : totals.by_type) json.member(name_of(type), count);
  json.end_object();
  json.member("suppressed", totals.sightings - std::min(totals.sightings, totals.found));
  json.key("noise").begin_array();  // what is weak or suppressed, by reason
  for (const auto& [key, count] : totals.noise) {
    json.begin_object()
        .member("verdict", name_of(key.first))
        .member("reason", key.second)
        .member("sightings", count)
        .end_object();
  }
  json.end_array();
  json.member("min_grade", name_of(totals.min_grade));
  write_grades(json, "below_min_grade", totals.below);
  json.member("indicators", totals.indicators);
  if (totals.context_only > 0) json.member("context_only", totals.context_only);
  json.member("indicators_seen", totals.indicators_seen);
  write_freshness(json, totals.freshness);
  json.strings("stale", stale_words(totals.freshness, totals.ended));
  write_canary(json, totals.canary);
  json.member("started", format_iso8601(totals.started));
  json.member("ended", format_iso8601(totals.ended));
  json.key("seconds").number(totals.seconds());
  json.key("rate");  // bytes scanned a second
  totals.seconds() > 0
      ? json.number(static_cast<double>(totals.bytes_scanned) / totals.seconds())
      : json.null();
  json.end_object();
  return json.take();
}

Status JsonPrinter::take(std::span<Sighting> sightings,
                         std::span<const FindingDetail> details) {
  std::string text;
  for (std::size_t i = 0; i < sightings.size(); ++i) {
    text += sighting_json(sightings[i], details[i]);
    text += '\n';
  }
  return output_(text);
}

Status JsonPrinter::finish(const HuntTotals& totals) {
  return output_(summary_json(totals) + '\n');
}

}  // namespace spoor
