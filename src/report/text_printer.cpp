#include "report/text_printer.h"

#include <algorithm>
#include <cstdio>

#include "base/utf8.h"
#include "io/encoding.h"
#include "logs/format.h"

namespace spoor {
namespace {

constexpr std::size_t kPulsesShown = 3;
constexpr std::size_t kTagsShown = 6;
constexpr std::size_t kNameColumns = 80;
constexpr std::size_t kTagColumns = 30;
constexpr std::size_t kIndicatorColumns = 160;
constexpr std::size_t kSkipsShown = 20;
constexpr std::size_t kReasonsShown = 12;

std::string plural(std::uint64_t count, std::string_view noun) {
  return count_text(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

/// "pulse 'Example' (otx), tlp green, tags apt, phishing" or "feed file:list.txt".
std::string claim_text(const ClaimSummary& claim) {
  std::string text;
  if (claim.pulse_id.empty() && claim.pulse_name.empty()) {
    text = "feed " + short_text(claim.feed, kNameColumns);
  } else {
    text =
        "pulse '" +
        short_text(claim.pulse_name.empty() ? claim.pulse_id : claim.pulse_name, kNameColumns) +
        "' (" + short_text(claim.feed, kNameColumns) + ")";
  }
  if (claim.tlp) text += ", tlp " + std::string(name_of(*claim.tlp));
  for (std::size_t i = 0; i < std::min(claim.tags.size(), kTagsShown); ++i) {
    text += (i == 0 ? ", tags " : ", ") + short_text(claim.tags[i], kTagColumns);
  }
  if (claim.tags.size() > kTagsShown) {
    text += " +" + std::to_string(claim.tags.size() - kTagsShown);
  }
  return text;
}

/// "2026-11-24T10:54:14Z (year inferred) on web1, user alice, 192.0.2.5:51234 -> 10.0.0.5:22,
/// blocked 403, in dst_ip"; "" where nothing is known.
std::string record_text(const Sighting& sighting, const FindingDetail& detail) {
  std::string text;
  const auto add = [&](std::string_view before, const std::string& value) {
    if (value.empty()) return;
    if (!text.empty()) text += before.substr(0, 1) == " " ? "" : ", ";
    if (text.empty() && before.substr(0, 1) == " ") before.remove_prefix(1);
    text += before;
    text += value;
  };
  if (sighting.time) {
    text = format_iso8601(*sighting.time);
    if (!sighting.time_has_clock) text.resize(text.find('T'));
  }
  if (!detail.record) return text;
  const EventRecord& record = *detail.record;
  if (record.time && record.time->year_inferred) text += " (year inferred)";
  const auto endpoint = [](const std::string& address, const std::string& port) {
    std::string both = short_text(address, 64);
    if (!both.empty() && !port.empty()) both += ":" + short_text(port, 8);
    return both;
  };
  add(" on ", short_text(record.host, kNameColumns));
  if (record.host_from == HostFrom::kPath) text += " (by its path)";
  add("user ", short_text(record.user, kTagColumns));
  add("process ", short_text(record.process, kNameColumns));
  const std::string source = endpoint(record.source_address, record.source_port);
  const std::string target = endpoint(record.destination_address, record.destination_port);
  add(source.empty() || !target.empty() ? "" : "from ", source);
  if (!target.empty())
    text += (text.empty() ? "-> " : source.empty() ? ", -> " : " -> ") + target;
  std::string outcome(name_of(record.outcome));
  if (!record.status.empty()) {
    outcome += (outcome.empty() ? "status " : " ") + short_text(record.status, kTagColumns);
  }
  add("", outcome);
  add("in ", short_text(detail.field, kNameColumns));
  return text;
}

std::string claims_text(const std::vector<ClaimSummary>& claims) {
  // Pulses tell a story, lists only a name: pulses first, each kind in the store's order.
  std::vector<const ClaimSummary*> ordered;
  for (const bool pulse : {true, false}) {
    for (const ClaimSummary& claim : claims) {
      if (pulse == !claim.pulse_id.empty()) ordered.push_back(&claim);
    }
  }
  std::string text;
  for (std::size_t i = 0; i < std::min(ordered.size(), kPulsesShown); ++i) {
    if (i > 0) text += "; ";
    text += claim_text(*ordered[i]);
  }
  if (ordered.size() > kPulsesShown) {
    text += "; " + std::to_string(ordered.size() - kPulsesShown) + " more";
  }
  return text;
}

bool same_event(const Sighting& a, const Sighting& b) {
  return a.event_offset == b.event_offset && a.absolute_path == b.absolute_path;
}

std::string grades_text(const std::array<std::uint64_t, kGradeCount>& counts) {
  std::string text;
  for (std::size_t grade = kGradeCount; grade-- > 1;) {
    if (counts[grade] == 0) continue;
    if (!text.empty()) text += ", ";
    text += count_text(counts[grade]) + " " + std::string(name_of(static_cast<Grade>(grade)));
  }
  return text;
}

/// How many sightings have the verdict, and by which reasons, the most frequent first.
template <typename Row>
void noise_rows(const HuntTotals& totals, Verdict verdict, const TextOptions& options,
                const Row& row) {
  std::uint64_t total = 0;
  std::vector<std::pair<std::uint64_t, std::string>> reasons;
  for (const auto& [key, count] : totals.noise) {
    if (key.first != verdict) continue;
    total += count;
    reasons.emplace_back(count, key.second);
  }
  if (total == 0) return;
  std::sort(reasons.begin(), reasons.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  row(name_of(verdict),
      count_text(total) + (options.show_suppressed ? "" : " (--show-suppressed shows them)"));
  for (std::size_t i = 0; i < std::min(reasons.size(), kReasonsShown); ++i)
    row("", count_text(reasons[i].first) + "  " + short_text(reasons[i].second, kNameColumns));
  if (reasons.size() > kReasonsShown)
    row("", "and " + count_text(reasons.size() - kReasonsShown) + " more reasons");
}

std::string seconds_text(double seconds) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, seconds < 10 ? "%.2f s" : "%.0f s", seconds);
  return buffer;
}

}  // namespace

std::string bytes_text(std::uint64_t bytes) {
  if (bytes < 1024) return bytes == 1 ? "1 byte" : std::to_string(bytes) + " bytes";
  constexpr const char* kUnits[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (value >= 1023.95 && unit + 1 < std::size(kUnits)) value /= 1024, ++unit;
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.1f %s", value, kUnits[unit]);
  return buffer;
}

std::string count_text(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

TextPrinter::TextPrinter(Output output, Output summary_output, TextOptions options)
    : output_(std::move(output)),
      summary_output_(std::move(summary_output)),
      options_(options),
      colours_(palette(options.colour)) {}

Status TextPrinter::take(std::span<Sighting> all, std::span<const FindingDetail> all_details) {
  // Noise is hidden from people, not from programs; whoever asks for weak grades gets them.
  std::vector<Sighting> shown;
  std::vector<FindingDetail> shown_details;
  std::span<const Sighting> sightings = all;
  std::span<const FindingDetail> details = all_details;
  const auto hidden = [&](const Sighting& sighting) {
    return is_noise(sighting.verdict, sighting.grade) && !options_.show_suppressed;
  };
  if (std::any_of(all.begin(), all.end(), hidden)) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (hidden(all[i])) continue;
      shown.push_back(all[i]);
      shown_details.push_back(all_details[i]);
    }
    sightings = shown;
    details = shown_details;
  }
  std::string out;
  for (std::size_t begin = 0; begin < sightings.size();) {
    std::size_t end = begin + 1;
    while (end < sightings.size() && same_event(sightings[end], sightings[begin])) ++end;
    print_event(sightings.subspan(begin, end - begin), details.subspan(begin, end - begin),
                out);
    begin = end;
  }
  return out.empty() ? Status{} : output_(out);
}

void TextPrinter::print_event(std::span<const Sighting> sightings,
                              std::span<const FindingDetail> details, std::string& out) {
  const Sighting& first = sightings[0];
  if (details[0].context) {
    print_context_before(first, *details[0].context, out);
    waiting_ = details[0].context;
  }
  file_ = first.file;
  last_line_ = first.line;
  printed_ = true;

  // Sightings whose match lies in what is shown share one print of the line.
  std::vector<bool> told(sightings.size(), false);
  for (std::size_t i = 0; i < sightings.size(); ++i) {
    if (told[i]) continue;
    const ReadableEvent event = readable_event(sightings[i]);
    std::vector<Range> matches = {event.match};
    const Range shown = excerpt(event.text, matches, options_.columns, palette(false)).shown;
    std::vector<std::size_t> together = {i};
    for (std::size_t other = i + 1; other < sightings.size(); ++other) {
      // They come in order of offset: behind the first that is not shown none is.
      if (sightings[other].event_text != sightings[i].event_text) break;
      const Range match = readable_event(sightings[other]).match;
      if (match.begin >= shown.end) break;
      if (told[other] || match.end > shown.end) continue;
      matches.push_back(match);
      together.push_back(other);
    }
    // The first stays first: the excerpt is cut round it, and it begins before the others.
    print_place(first.file, first.line, ':', out);
    out += ' ';
    out += excerpt(event.text, matches, options_.columns, colours_).text;
    out += '\n';
    std::string said;  // of the event, once for all matches that it is the same for
    for (const std::size_t each : together) {
      told[each] = true;
      const std::string record = record_text(sightings[each], details[each]);
      if (record != said && !record.empty()) {
        out += "    ";
        out += colours_.dim;
        out += record;
        out += colours_.reset;
        out += '\n';
      }
      said = record;
      print_detail(sightings[each], details[each], out);
    }
  }
}

void TextPrinter::print_place(const std::string& file, std::uint64_t line, char separator,
                              std::string& out) const {
  const auto separate = [&] {
    out += colours_.separator;
    out += separator;
    out += colours_.reset;
  };
  out += colours_.file;
  out += terminal_safe(file);
  out += colours_.reset;
  separate();
  out += colours_.line;
  out += std::to_string(line);
  out += colours_.reset;
  separate();
}

void TextPrinter::print_detail(const Sighting& sighting, const FindingDetail& detail,
                               std::string& out) const {
  const std::string_view grade = name_of(sighting.grade);
  out += "    ";
  out += colours_.grade[static_cast<std::size_t>(sighting.grade)];
  out += grade;
  out += colours_.reset;
  out.append(grade.size() < 12 ? 12 - grade.size() : 1, ' ');
  out += name_of(sighting.observable.type);
  out += ' ';
  out += colours_.strong;
  out += short_text(sighting.observable.value, kIndicatorColumns);
  out += colours_.reset;
  out += "  ";
  out += short_text(sighting.rule, 8);
  for (std::size_t i = 0; i < sighting.views.size(); ++i) {
    out += i == 0 ? " via " : ">";
    out += name_of(sighting.views[i]);
  }
  if (!sighting.reason.empty()) out += ": " + short_text(sighting.reason, kNameColumns);
  if (sighting.verdict == Verdict::kSuppressed) {
    out += "  suppressed";
  } else if (is_noise(sighting.verdict, sighting.grade)) {
    out += "  weak";
  }
  if (detail.occurrences > 1) out += "  " + count_text(detail.occurrences) + " times";
  if (options_.stored) {
    out += "  ";
    out += sighting.is_new ? colours_.good : colours_.dim;
    out += sighting.is_new ? "new" : "seen before";
    out += colours_.reset;
  }
  if (sighting.live == false) {
    out += "  ";
    out += colours_.strong;
    out += "not live then";
    out += colours_.reset;
  }
  const std::string claims = claims_text(detail.story->claims);
  if (!claims.empty()) out += "  " + claims;
  out += '\n';
}

void TextPrinter::print_context_before(const Sighting& sighting, const Context& context,
                                       std::string& out) {
  const bool same_file = printed_ && file_ == sighting.file;
  print_context_after(same_file ? sighting.line : UINT64_MAX, out);
  const std::uint64_t last = same_file ? last_line_ : 0;
  std::uint64_t next = sighting.line;  // the first line of this group
  for (const ContextLine& line : context.before) {
    if (line.line > last && line.line < next) next = line.line;
  }
  if (printed_ && (!same_file || next > last + 1)) {
    out += colours_.separator;
    out += "--";
    out += colours_.reset;
    out += '\n';
  }
  file_ = sighting.file;
  for (const ContextLine& line : context.before) {
    if (line.line > last) print_context_line(line, out);
  }
}

void TextPrinter::print_context_after(std::uint64_t before_line, std::string& out) {
  if (!waiting_) return;
  for (const ContextLine& line : waiting_->after) {
    if (line.line > last_line_ && line.line < before_line) {
      print_context_line(line, out);
      last_line_ = line.line;
    }
  }
  waiting_.reset();
}

void TextPrinter::print_context_line(const ContextLine& line, std::string& out) {
  print_place(file_, line.line, '-', out);
  out += ' ';
  out += excerpt(to_utf8(line.text, line.encoding), {}, options_.columns, colours_).text;
  out += '\n';
}

Status TextPrinter::finish(const HuntTotals& totals) {
  std::string out;
  print_context_after(UINT64_MAX, out);
  if (!out.empty()) {
    if (Status written = output_(out); !written) return written;
  }
  return summary_output_(summary_text(totals, options_));
}

std::string summary_text(const HuntTotals& totals, const TextOptions& options) {
  const Palette& colours = palette(options.colour);
  std::string out = "\n";
  const auto row = [&](std::string_view name, const std::string& value) {
    out += colours.strong;
    out += name;
    out += colours.reset;
    out.append(name.size() < 14 ? 14 - name.size() : 1, ' ');
    out += value;
    out += '\n';
  };
  std::string scanned = bytes_text(totals.bytes_scanned);
  if (totals.bytes_read != totals.bytes_decoded) {
    scanned += " (" + bytes_text(totals.bytes_read) + " on disk)";
  }
  scanned += " in " + plural(totals.files, "file") + ", " + plural(totals.lines, "line");
  const double seconds = totals.seconds();
  if (seconds > 0) {
    scanned += ", " + seconds_text(seconds) + ", " +
               bytes_text(static_cast<std::uint64_t>(static_cast<double>(totals.bytes_scanned) /
                                                     seconds)) +
               "/s";
  }
  row("scanned", scanned);
  if (totals.has_news) {
    const auto files = [&](NewsKind kind) {
      return std::to_string(totals.by_news[static_cast<std::size_t>(kind)]);
    };
    row("files", files(NewsKind::kUnchanged) + " unchanged, " + files(NewsKind::kContinued) +
                     " continued, " + files(NewsKind::kForIndicators) +
                     " again for new indicators, " + files(NewsKind::kWhole) + " whole");
  }
  // That all is plain text is not worth a line.
  if (totals.by_format.size() > 1 ||
      (totals.by_format.size() == 1 && totals.by_format.begin()->first != text_format().name)) {
    std::vector<std::pair<std::uint64_t, std::string>> formats;
    for (const auto& [format, files] : totals.by_format) formats.emplace_back(files, format);
    std::sort(formats.begin(), formats.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    std::string text;
    for (const auto& [files, format] : formats)
      text += (text.empty() ? "" : ", ") + count_text(files) + " " + format;
    row("read as", text);
  }
  if (totals.indicators > 0) {
    std::string wanted = plural(totals.indicators, "indicator");
    if (totals.canary.planted > 0)
      wanted += totals.canary.is_sound() ? ", canary found" : ", CANARY NOT FOUND";
    if (totals.context_only > 0)
      wanted += ", " + count_text(totals.context_only) + " only context (--with-context)";
    row("looked for", wanted);
    for (const std::string& words : stale_words(totals.freshness, totals.ended))
      row("stale", short_text(words, kNameColumns));
  }
  std::string found = plural(totals.sightings, "sighting");
  if (totals.sightings > 0) found += " of " + plural(totals.indicators_seen, "indicator");
  if (totals.sightings > 0 && options.stored)
    found += ", " + count_text(totals.sightings_new) + " new";
  row("found", found);
  if (totals.sightings > 0) {
    row("  by grade", grades_text(totals.by_grade));
    std::string types;
    for (const auto& [type, count] : totals.by_type) {
      if (!types.empty()) types += ", ";
      types += count_text(count) + " " + std::string(name_of(type));
    }
    row("  by type", types);
  }
  if (totals.has_window) {
    row("by time", plural(totals.outside_window, "sighting") +
                       " outside the window left out, " + count_text(totals.without_time) +
                       " without a time kept");
  }
  for (const Verdict verdict : {Verdict::kSuppressed, Verdict::kWeak})
    noise_rows(totals, verdict, options, row);
  if (const std::string below = grades_text(totals.below); !below.empty()) {
    // The weakest grade that was left out shows all of them.
    std::size_t least = 1;
    while (totals.below[least] == 0) ++least;
    row("not shown", below + " (--min-grade " +
                         std::string(name_of(static_cast<Grade>(least))) + " shows them)");
  }

  // Gaps one by one; what was passed over without loss by its reason.
  std::size_t gaps = 0;
  std::vector<std::pair<std::string, std::uint64_t>> passed;
  for (const Skip& skip : totals.skips) {
    if (skip.incomplete) {
      ++gaps;
      continue;
    }
    const auto known = std::find_if(passed.begin(), passed.end(), [&](const auto& each) {
      return each.first == skip.reason;
    });
    if (known != passed.end()) {
      ++known->second;
    } else {
      passed.emplace_back(skip.reason, 1);
    }
  }
  for (std::size_t i = 0; i < std::min(passed.size(), kSkipsShown); ++i) {
    row(i == 0 ? "passed over" : "",
        plural(passed[i].second, "path") + ": " + short_text(passed[i].first, kNameColumns));
  }
  if (gaps > 0) {
    row("not scanned", plural(gaps, "gap") + ":");
    std::size_t told = 0;
    for (const Skip& skip : totals.skips) {
      if (!skip.incomplete) continue;
      if (told++ == kSkipsShown) {
        out += "    and " + count_text(gaps - kSkipsShown) + " more (--json lists them)\n";
        break;
      }
      out += "    ";
      if (!skip.file.empty()) {
        out += colours.file;
        out += terminal_safe(skip.file);
        out += colours.reset;
        out += ": ";
      }
      out += short_text(skip.reason, options.columns);
      if (skip.bytes > 0) out += " (" + bytes_text(skip.bytes) + ")";
      out += '\n';
    }
  }
  if (totals.interrupted) {
    row("incomplete", "stopped before the end");
  } else if (!totals.complete) {
    row("incomplete", "not everything could be scanned, see above");
  }
  return out;
}

}  // namespace spoor
