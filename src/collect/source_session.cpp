#include "collect/source_session.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "collect/changes.h"
#include "collect/document.h"

namespace spoor {
namespace {

/// Grows when a program reads more out of the same bytes: what is remembered of a list that has
/// not changed since then is of no use.
constexpr std::string_view kReading = "1";

constexpr std::string_view kKeyPlace = "{key}";

bool key_in_url(const SourceOptions& options) {
  return options.url.find(kKeyPlace) != std::string::npos;
}

WebHeaders key_headers(const SourceOptions& options, const SourceKind& kind) {
  if (options.key.empty() || key_in_url(options)) return {};
  if (!options.header.empty()) return {{options.header, options.key}};
  const std::string name(kind.key_header.empty() ? "Authorization" : kind.key_header);
  if (!options.user.empty())
    return {{"Authorization", basic_authorization(options.user, options.key)}};
  return {{name, kind.key_use == KeyUse::kPlain ? options.key : "Bearer " + options.key}};
}

}  // namespace

std::string source_url(const SourceOptions& options, const SourceKind& kind) {
  std::string url = options.url.empty() ? std::string(kind.url) : options.url;
  const std::string key = percent_encode(options.key);
  for (std::size_t at = url.find(kKeyPlace); at != std::string::npos;
       at = url.find(kKeyPlace, at + key.size()))
    url.replace(at, kKeyPlace.size(), key);
  return url;
}

std::string source_folder(const SourceOptions& options, const SourceKind& kind) {
  std::string url = source_url(options, kind);
  while (!url.empty() && url.back() == '/') url.pop_back();
  return url;
}

Result<WebClient> make_source_client(Transport& transport, const Clock& clock,
                                     const SourceOptions& options, const SourceKind& kind,
                                     std::function<void(std::string)> say) {
  WebClientOptions wanted;
  wanted.url = source_url(options, kind);
  wanted.secret_headers = key_headers(options, kind);
  if (!options.key.empty()) wanted.secrets = {options.key, percent_encode(options.key)};
  if (options.url_is_secret) wanted.secrets.push_back(wanted.url);
  wanted.tries = options.tries;
  wanted.timeout = options.timeout;
  wanted.max_body_bytes = options.max_body_bytes;
  if (options.rate > 0)
    wanted.between = std::chrono::milliseconds(static_cast<std::int64_t>(1000 / options.rate));
  wanted.patience = {options.deadline, options.cancelled, options.sleep, options.jitter,
                     std::move(say)};
  return WebClient::create(transport, clock, std::move(wanted));
}

SourceSession::SourceSession(Store& store, Transport& transport, const Clock& clock_of,
                             const SourceOptions& options_of, const SourceKind& kind_of,
                             const std::function<void(const CollectProgress&)>& progress)
    : clock(clock_of),
      options(options_of),
      kind(kind_of),
      judge(options_of.quarantine),
      start(clock_of.now()),
      store_(store),
      transport_(transport),
      progress_(progress) {}

Status SourceSession::open() {
  auto made = make_source_client(transport_, clock, options, kind,
                                 [this](std::string message) { say(std::move(message)); });
  if (!made) return fail(made.error());
  client = std::move(*made);
  report.endpoint = kind.name;
  auto known = store_.feed(options.name);
  if (!known) return fail(known.error());
  state = std::move(*known);
  if (state) {
    watermark = state->watermark;
    walk = state->walk;
    memory = state->memory;
  }
  auto begun = store_.begin_ingest(options.name, kind.name, options.quarantine);
  if (!begun) return fail(begun.error());
  ingest = std::move(*begun);
  return {};
}

void SourceSession::say(std::string message) {
  if (!progress_) return;
  CollectProgress progress;
  progress.page = report.pages;
  progress.pulses = report.pulses;
  progress.rows = judge.rows;
  progress.message = std::move(message);
  progress_(progress);
}

void SourceSession::judge_all(std::vector<RawIndicator>& rows) {
  claims_.clear();
  for (RawIndicator& row : rows) {
    if (auto claim = judge.judge(std::move(row))) claims_.push_back(std::move(*claim));
  }
  uncommitted_ += rows.size();
}

Status SourceSession::store_pulse(Pulse& pulse, Read& read) {
  if (options.tlp) pulse.tlp = std::max(pulse.tlp, *options.tlp);
  for (RawIndicator& row : pulse.indicators) {
    if (options.tlp && row.facts.tlp) row.facts.tlp = std::max(*row.facts.tlp, *options.tlp);
  }
  if (partial_pulses) pulse.more_indicators = true;
  judge_all(pulse.indicators);
  const IngestCounts before = ingest->counts();
  if (auto status = ingest->add_pulse(pulse, claims_); !status) return status;
  note_change(report, before, ingest->counts(), pulse.id, pulse.name);
  pulse_claims += claims_.size();
  ++report.pulses;
  read.pulses.push_back(pulse.id);
  return {};
}

Status SourceSession::take_page(Page&& page, Read& read) {
  if (client->stop_asked()) return fail(client->stopped());
  read.incomplete = read.incomplete || page.incomplete;
  read.rows += page.damaged.total();
  judge.refused.merge(page.damaged);
  judge.notes.merge(page.notes);
  for (Pulse& pulse : page.pulses) {
    if (auto status = store_pulse(pulse, read); !status) return status;
  }
  if (options.tlp) {
    for (RawIndicator& row : page.rows)
      row.facts.tlp = std::max(row.facts.tlp.value_or(*options.tlp), *options.tlp);
  }
  judge_all(page.rows);
  if (!claims_.empty()) {
    if (auto status = ingest->add_claims(claims_); !status) return status;
  }
  say("");
  if (options.dry_run || uncommitted_ < options.commit_rows || (may_commit && !may_commit()))
    return {};
  return commit();
}

Result<SourceSession::Read> SourceSession::take(std::string bytes, const std::string& name,
                                                std::string_view format_name) {
  const ImportFormat* format = nullptr;
  Result<Document> document = fail("");
  if (format_name.empty()) {
    document = open_document(std::move(bytes), name, "");
    // Free text is whatever is nothing else: only where the configuration says so.
    if (document && document->format->name == "text")
      return fail(name + ": no format fits what was sent, expected one that `format` names");
  } else {
    format = options.find_format(format_name);
    if (format == nullptr)
      return fail("format " + std::string(format_name) + " is not known here");
    document = open_document(std::move(bytes), name, *format);
  }
  if (!document) return fail(document.error());
  Read read;
  const std::uint64_t rows = judge.rows, accepted = judge.accepted;
  const Status done = document->format->read(
      document->text, name, [&](Page&& page) { return take_page(std::move(page), read); },
      options.read);
  if (!done) {
    if (!client->stopped().empty()) return fail(done.error());
    return fail(done.error().at("as " + std::string(document->format->name)));
  }
  read.rows += judge.rows - rows;
  read.accepted = judge.accepted - accepted;
  return read;
}

Status SourceSession::end_pulse(const std::string& id, std::optional<Time> when) {
  const IngestCounts before = ingest->counts();
  if (auto status = ingest->end_pulse(id, when); !status) return status;
  note_change(report, before, ingest->counts(), id, "");
  return {};
}

Status SourceSession::end_unseen(std::optional<Time> when) {
  return ingest->end_unseen(when);
}

Result<std::uint64_t> SourceSession::pulses_held() {
  std::uint64_t held = 0;
  const Status done =
      for_each_pulse([&](const FeedPulse& pulse) { held += pulse.gone ? 0 : 1; });
  if (!done) return fail(done.error());
  return held;
}

Status SourceSession::for_each_pulse(const std::function<void(const FeedPulse&)>& visit) {
  return store_.for_each_feed_pulse(options.name, visit);
}

IngestCounts SourceSession::counts() const {
  IngestCounts sum = ingest->counts();
  for (const auto member :
       {&IngestCounts::pulses_new, &IngestCounts::pulses_changed, &IngestCounts::pulses_same,
        &IngestCounts::pulses_gone, &IngestCounts::claims_new, &IngestCounts::claims_changed,
        &IngestCounts::claims_same, &IngestCounts::claims_ended, &IngestCounts::observables_new,
        &IngestCounts::quarantined, &IngestCounts::context})
    sum.*member += dropped_.*member;
  return sum;
}

Status SourceSession::commit() {
  uncommitted_ = 0;
  if (!options.dry_run) {
    if (auto status = keep_place(); !status) return status;
    return ingest->commit();
  }
  // Who only looks must not keep others from writing while the next page is fetched.
  dropped_ = counts();
  auto begun = store_.begin_ingest(options.name, kind.name, options.quarantine);
  if (!begun) return fail(begun.error());
  ingest = std::move(*begun);
  return {};
}

Status SourceSession::finish() {
  report.whole = true;
  report.watermark = watermark;
  if (options.dry_run) return {};
  if (auto status = keep_place(); !status) return status;
  return ingest->finish();
}

Status SourceSession::keep_place() {
  if (auto status = ingest->set_cursor(watermark, walk); !status) return status;
  return ingest->set_memory(memory);
}

void SourceSession::stop(const std::string& why) {
  report.whole = false;
  report.stopped = why;
  report.watermark = watermark;
}

bool SourceSession::may_skip(std::string_view remembered_question) const {
  return !options.full && options.quarantine == Quarantine::kApply &&
         remembered_question == question();
}

std::string SourceSession::question() const {
  std::string text(kReading);
  const auto add = [&](std::string_view part) {
    text += '\0';
    text += part;
  };
  add(kind.name);
  add(source_url(options, kind));
  add(options.format);
  for (const ColumnChoice& choice : options.read.columns) {
    add(choice.field);
    add(choice.column);
    add(choice.constant ? "word" : "");
  }
  add({&options.read.separator, 1});
  add(options.read.header ? "" : "no header");
  add(options.collection);
  add(options.tlp ? name_of(*options.tlp) : "");
  add(options.window.value_or(kind.window) ? "window" : "whole");
  add(std::to_string(options.days));
  add(options.enforce_warninglist ? "enforced" : "");
  const std::uint64_t digest = xxh3_64(text);
  std::string hex;
  for (int shift = 60; shift >= 0; shift -= 4) hex += "0123456789abcdef"[digest >> shift & 15];
  return hex;
}

std::optional<Time> SourceSession::believed(std::optional<Time> date) const {
  return date && *date <= start ? date : std::nullopt;
}

}  // namespace spoor
