#include "app/lookup_otx.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "app/otx_sections.h"
#include "base/clock.h"
#include "feeds/otx_replies.h"

namespace spoor {
namespace {

constexpr std::size_t kAtOnce = 4;
constexpr const char* kDefaultAge = "1d";
constexpr int kTries = 3;  // somebody waits for the answer
// A list's first page: what a person reads.
constexpr const char* kFirstPage = "?limit=50&page=1";

/// What is asked for where nobody says: enough to judge, and cheap.
std::vector<std::string> usual_sections(const OtxLookupRow& row) {
  std::vector<std::string> names = {"general"};
  for (const char* name : {"passive_dns", "malware", "url_list", "analysis"}) {
    const std::string_view all = row.sections;
    const std::size_t at = (" " + std::string(all) + " ").find(" " + std::string(name) + " ");
    if (at != std::string::npos) names.emplace_back(name);
  }
  return names;
}

}  // namespace

Result<std::unique_ptr<LiveLookup>> LiveLookup::open(const Invocation& invocation,
                                                     const std::string& store) {
  const Time now = SystemClock().now();
  const auto since = parse_since(invocation.options.value("max-age", kDefaultAge), now);
  if (!since) return fail(since.error().at("lookup: --max-age"));
  for (const std::string& name : invocation.options.all("section")) {
    if (name != "all" && otx_section(name) == nullptr)
      return fail("lookup: --section: found '" + name + "', expected general, passive_dns, " +
                  "malware, url_list, whois, geo, analysis, ... or all");
  }
  auto account = OtxAccount::open(invocation, kTries);
  if (!account) return fail(account.error());
  auto cache = OtxCache::open(store);
  if (!cache) return fail(cache.error().at("lookup"));
  auto noise = NoiseStore::open(store, Database::Access::kReadWrite);
  if (!noise) return fail(noise.error().at("lookup"));
  std::unique_ptr<LiveLookup> live(
      new LiveLookup(std::move(*account), std::move(*cache), std::move(*noise)));
  live->wanted_ = invocation.options.all("section");
  live->max_age_ = std::chrono::duration_cast<std::chrono::seconds>(now - *since);
  live->refresh_ = invocation.options.has("refresh");
  return live;
}

void LiveLookup::fetch(const OtxSubject& subject, LiveSection& section) const {
  std::string path = otx_lookup_path(subject, section.row->name);
  if (section.row->paged) path += kFirstPage;
  auto body = otx_document(account_, std::string(section.row->name), path,
                           [&](const std::string& text, const std::string&) -> Status {
                             const auto read = otx_section_text(*section.row, text, 1);
                             return read ? Status{} : fail(read.error());
                           });
  if (body) {
    section.body = std::move(*body);
    section.fetched = SystemClock().now();
  } else {
    section.failed = body.error().message;
  }
}

Result<LiveAnswer> LiveLookup::ask(const Observable& observable) {
  LiveAnswer answer;
  const auto subject = otx_subject(name_of(observable.type), observable.value);
  if (!subject) {
    answer.refused = subject.error().message;
    return answer;
  }
  std::vector<std::string> wanted = wanted_.empty() ? usual_sections(*subject->row) : wanted_;
  const auto sections = otx_sections_of(*subject, wanted);
  if (!sections) {
    answer.refused = sections.error().message;
    return answer;
  }
  const Time now = SystemClock().now();
  std::vector<std::size_t> missing;
  for (const OtxSectionRow* row : *sections) {
    LiveSection section;
    section.row = row;
    if (!refresh_) {
      auto kept = cache_->find({subject->row->type, subject->value, row->name});
      if (!kept) return fail(kept.error().at("lookup"));
      if (*kept && now - (*kept)->fetched <= max_age_) {
        section.body = std::move((*kept)->body);
        section.fetched = (*kept)->fetched;
        section.cached = true;
      }
    }
    if (!section.cached) missing.push_back(answer.sections.size());
    answer.sections.push_back(std::move(section));
  }
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < missing.size(); i = next++)
      fetch(*subject, answer.sections[missing[i]]);
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < std::min(kAtOnce, missing.size()); ++i)
    threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  for (const std::size_t i : missing) {
    const LiveSection& section = answer.sections[i];
    if (!section.failed.empty()) continue;
    const auto kept = cache_->put({subject->row->type, subject->value, section.row->name},
                                  {section.fetched, section.body});
    if (!kept) return fail(kept.error().at("lookup"));
  }
  for (const LiveSection& section : answer.sections) {
    if (section.row->name != "general" || !section.failed.empty()) continue;
    const auto general = read_otx_general(section.body, "general");
    if (!general) continue;
    answer.known = general->known();
    answer.pulses = general->pulse_count;
    answer.benign = benign_notes(*general, observable, section.fetched);
    if (section.cached) continue;
    if (auto put = noise_->put_notes(observable, "otx", answer.benign); !put)
      return fail(put.error().at("lookup"));
  }
  return answer;
}

}  // namespace spoor
