#include "collect/otx_session.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/ascii.h"
#include "collect/changes.h"

namespace spoor {
namespace {

constexpr int kRowsPageSize = 500;
constexpr std::size_t kMostRowsOfAPulse = 2'000'000;

}  // namespace

OtxSession::OtxSession(Store& store_of, Transport& transport, const Clock& clock_of,
                       const OtxCollectOptions& options_of,
                       const std::function<void(const CollectProgress&)>& progress)
    : store(store_of),
      clock(clock_of),
      options(options_of),
      judge(options_of.quarantine),
      start(clock_of.now()),
      gate_(options_of.rate),
      transport_(transport),
      progress_(progress) {}

Status OtxSession::open() {
  OtxClientOptions wanted;
  wanted.base_url = options.base_url;
  wanted.key = options.key;
  wanted.tries = options.tries;
  wanted.timeout = options.timeout;
  wanted.deadline = options.deadline;
  wanted.cancelled = [this] {
    return abandoned.load() || (options.cancelled && options.cancelled());
  };
  wanted.sleep = options.sleep;
  wanted.jitter = options.jitter;
  wanted.say = [this](std::string message) { say(std::move(message)); };
  auto made = OtxClient::create(transport_, clock, &gate_, std::move(wanted));
  if (!made) return fail(made.error());
  client = std::make_unique<OtxClient>(std::move(*made));
  if (options.page_size < 1 || options.page_size > 10'000) {
    return fail("otx: page size " + std::to_string(options.page_size) +
                ", expected 1 to 10000");
  }
  if (options.full && options.since)
    return fail("otx: both a start and everything were asked for");
  auto known = store.feed(options.feed);
  if (!known) return fail(known.error().at(options.feed));
  state = std::move(*known);
  if (state) {
    watermark = state->watermark;
    walk = state->walk;
    memory = OtxMemory::parse(state->memory);
  }
  auto begun = store.begin_ingest(options.feed, "otx", options.quarantine);
  if (!begun) return fail(begun.error().at(options.feed));
  ingest = std::move(*begun);
  return {};
}

void OtxSession::set_page(std::int64_t page) {
  const std::lock_guard lock(progress_mutex_);
  page_ = page;
  pulses_said_ = report.pulses;
  rows_said_ = judge.rows;
}

void OtxSession::say(std::string message) {
  if (!progress_) return;
  const std::lock_guard lock(progress_mutex_);
  CollectProgress progress;
  progress.page = static_cast<int>(std::min<std::int64_t>(page_, 1'000'000'000));
  progress.pulses = pulses_said_;
  progress.rows = rows_said_;
  progress.message = std::move(message);
  progress_(progress);
}

namespace {

/// Reads a reply's body. "" if it is good, else what is wrong with it.
std::string read_page(const std::string& body, const std::string& place, OtxPage& into) {
  const std::string_view text = trim(body);
  if (text.empty()) return "http 200 with an empty body";
  if (text.front() != '{') return "http 200 with a body that is no json object";
  OtxPage read;
  const auto summary = read_otx(text, place, [&](Page&& page) -> Status {
    std::move(page.pulses.begin(), page.pulses.end(), std::back_inserter(read.pulses));
    std::move(page.rows.begin(), page.rows.end(), std::back_inserter(read.rows));
    read.damaged.merge(page.damaged);
    read.notes.merge(page.notes);
    return {};
  });
  if (!summary) return "http 200, but " + summary.error().message;
  if (summary->incomplete) return "http 200 with a body that was cut short";
  read.summary = *summary;
  into = std::move(read);
  return {};
}

}  // namespace

Result<OtxPage> OtxSession::page(OtxPager pager,
                                 const std::function<std::string(int, std::int64_t)>& path,
                                 const std::string& prefix) {
  OtxPage page;
  OtxAsk ask;
  ask.what = [&] { return prefix + "page " + std::to_string(pager.page()); };
  ask.path = [&] { return path(pager.limit, pager.page()); };
  ask.read = [&](const std::string& body) { return read_page(body, ask.what(), page); };
  ask.shrink = [&]() -> std::string {
    return pager.halve() ? "page size now " + std::to_string(pager.limit) : "";
  };
  // The first page of the feed must be there; a later one, or the list of a pulse, may not.
  ask.may_be_gone = pager.position > 0 || !prefix.empty();
  const auto answer = client->ask(ask);
  if (!answer) return fail(answer.error());
  page.answer = *answer;
  page.pager = pager;
  return page;
}

Result<std::optional<Pulse>> OtxSession::pulse(const std::string& id) {
  OtxPage page;
  OtxAsk ask;
  ask.what = [&] { return "pulse " + id; };
  ask.path = [&] { return "/api/v1/pulses/" + percent_encode(id); };
  ask.read = [&](const std::string& body) {
    std::string wrong = read_page(body, ask.what(), page);
    if (wrong.empty() && (page.pulses.size() != 1 || lower(page.pulses[0].id) != lower(id)))
      wrong = "http 200 with another document than that pulse";
    return wrong;
  };
  ask.may_be_gone = true;
  const auto answer = client->ask(ask);
  if (!answer) return fail(answer.error());
  if (*answer != OtxClient::Answer::kGood) return std::optional<Pulse>();
  take_notes(page);
  return std::optional<Pulse>(std::move(page.pulses[0]));
}

void OtxSession::judge_page(OtxPage& page,
                            const std::function<bool(const Pulse&)>& whole) const {
  page.judge.emplace(options.quarantine);
  page.claims.resize(page.pulses.size());
  for (std::size_t i = 0; i < page.pulses.size(); ++i) {
    Pulse& pulse = page.pulses[i];
    if (!whole(pulse)) continue;
    auto& claims = page.claims[i].emplace();
    claims.reserve(pulse.indicators.size());
    for (RawIndicator& row : pulse.indicators) {
      if (auto claim = page.judge->judge(std::move(row))) claims.push_back(std::move(*claim));
    }
    std::vector<RawIndicator>().swap(pulse.indicators);
  }
}

void OtxSession::take_notes(const OtxPage& page) {
  if (page.judge) judge.merge(*page.judge);
  judge.refused.merge(page.damaged);
  judge.notes.merge(page.notes);
}

Result<bool> OtxSession::complete(Pulse& pulse) {
  OtxPager pager;
  pager.limit = pager.ceiling = kRowsPageSize;
  std::vector<RawIndicator> rows;
  bool all = true;
  const std::string path = "/api/v1/pulses/" + percent_encode(pulse.id) + "/indicators?limit=";
  while (true) {
    auto page = this->page(
        pager,
        [&](int limit, std::int64_t number) {
          return path + std::to_string(limit) + "&page=" + std::to_string(number) +
                 (options.inactive ? "&include_inactive=1" : "");
        },
        "pulse " + pulse.id.substr(0, 64) + ": ");
    if (!page) return fail(page.error());
    if (page->answer == OtxClient::Answer::kStopped) return false;
    pager = page->pager;
    if (page->answer == OtxClient::Answer::kGone && pager.position == 0) {
      judge.notes.add("", "a pulse says that it has more indicators, but they are not there",
                      options.feed, pulse.id);
      return true;
    }
    all = all && page->damaged.empty();
    take_notes(*page);
    const std::int64_t elements = page->elements();
    if (elements == 0) break;
    std::move(page->rows.begin(), page->rows.end(), std::back_inserter(rows));
    if (rows.size() > kMostRowsOfAPulse) {
      judge.notes.add("", "a pulse with more than two million rows was not read whole",
                      options.feed, pulse.id);
      all = false;
      break;
    }
    if (!page->summary.has_next && elements < pager.limit) break;
    if (pager.begin() == 0 && elements < pager.limit && page->summary.count &&
        *page->summary.count > elements) {
      pager.limit = pager.ceiling = static_cast<int>(elements);
    }
    pager.advance();
  }
  if (rows.empty()) return true;  // nothing better than what the pulse came with
  // The rows of the pulse itself first: they may hold what the list leaves out.
  std::move(rows.begin(), rows.end(), std::back_inserter(pulse.indicators));
  pulse.more_indicators = !all;
  return true;
}

Status OtxSession::store_pulse(Pulse& pulse, const std::vector<Claim>* claims) {
  if (pulse.modified && (!report.newest || *pulse.modified > *report.newest))
    report.newest = pulse.modified;
  ++report.pulses;
  if (options.tlp) pulse.tlp = std::max(pulse.tlp, *options.tlp);
  if (claims == nullptr) {
    claims_.clear();
    for (RawIndicator& row : pulse.indicators) {
      if (auto claim = judge.judge(std::move(row))) claims_.push_back(std::move(*claim));
    }
    claims = &claims_;
  }
  const IngestCounts before = ingest->counts();
  if (auto status = ingest->add_pulse(pulse, *claims); !status) return status;
  note_change(report, before, ingest->counts(), pulse.id, pulse.name);
  return {};
}

Status OtxSession::store_rows(std::vector<RawIndicator>& rows) {
  claims_.clear();
  for (RawIndicator& row : rows) {
    if (auto claim = judge.judge(std::move(row))) claims_.push_back(std::move(*claim));
  }
  return claims_.empty() ? Status{} : ingest->add_claims(claims_);
}

Status OtxSession::end_pulse(const std::string& id, std::optional<Time> when) {
  const IngestCounts before = ingest->counts();
  if (auto status = ingest->end_pulse(id, when); !status) return status;
  note_change(report, before, ingest->counts(), id, "");
  return {};
}

Status OtxSession::keep_place() {
  if (auto status = ingest->set_cursor(watermark, walk); !status) return status;
  return ingest->set_memory(memory.text());
}

Status OtxSession::commit() {
  if (auto status = keep_place(); !status) return status;
  return ingest->commit();
}

Status OtxSession::finish() {
  if (auto status = keep_place(); !status) return status;
  return ingest->finish();
}

}  // namespace spoor
