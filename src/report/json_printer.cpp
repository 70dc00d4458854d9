#include "report/json_printer.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "io/encoding.h"
#include "logs/format.h"
#include "report/excerpt.h"

namespace spoor {
namespace {

/// `name` with the text, and `name`_hex beside it where the text is not UTF-8.
void exact_member(JsonWriter& json, std::string_view name, std::string_view bytes) {
  json.member(name, bytes);
  if (!is_valid_utf8(bytes)) json.member(std::string(name) + "_hex", to_hex(bytes));
}

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
  json.member("offset", sighting.offset);
  json.member("length", sighting.length);
  json.member("type", name_of(sighting.observable.type));
  exact_member(json, "indicator", sighting.observable.value);
  if (sighting.encoding == TextEncoding::kBytes) {
    exact_member(json, "match", sighting.match);
  } else {
    json.member("match", to_utf8(sighting.match, sighting.encoding));
    json.member("match_hex", to_hex(sighting.match));
  }
  json.member("grade", name_of(sighting.grade));
  json.member("rule", sighting.rule);
  json.key("views").begin_array();
  for (const ViewKind view : sighting.views) json.string(name_of(view));
  json.end_array();

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
  if (detail.record && !detail.record->host.empty())
    exact_member(json, "host", detail.record->host);
  if (detail.record) write_fields(json, *detail.record, detail.field);
  json.key("live");
  sighting.live ? json.boolean(*sighting.live) : json.null();
  json.member("occurrences", detail.occurrences);
  json.member("event_offset", sighting.event_offset);
  json.member("event_digest", to_hex(sighting.event_digest.view()));
  if (sighting.encoding == TextEncoding::kBytes) {
    exact_member(json, "text", sighting.event_text);
  } else {
    json.member("text", to_utf8(sighting.event_text, sighting.encoding));
    json.member("text_hex", to_hex(sighting.event_text));
  }
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
  json.member("sightings", totals.sightings);
  json.member("new", totals.sightings_new);
  const auto by_grade = [&](std::string_view name,
                            const std::array<std::uint64_t, kGradeCount>& counts) {
    json.key(name).begin_object();
    for (std::size_t grade = kGradeCount; grade-- > 1;) {
      if (counts[grade] > 0) json.member(name_of(static_cast<Grade>(grade)), counts[grade]);
    }
    json.end_object();
  };
  by_grade("by_grade", totals.by_grade);
  json.key("by_type").begin_object();
  for (const auto& [type, count] : totals.by_type) json.member(name_of(type), count);
  json.end_object();
  json.member("min_grade", name_of(totals.min_grade));
  by_grade("below_min_grade", totals.below);
  json.member("indicators", totals.indicators);
  json.member("indicators_seen", totals.indicators_seen);
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
