// TheHive as a case system, against one in memory: what is sent in each dialect, that nothing
// is made twice whatever fails, and what is said of refusals.

#include "cases/thehive.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "cases/dry_run.h"
#include "cases/fake_hive_test.h"

namespace spoor {
namespace {

constexpr const char* kUrl = "https://hive.example";
constexpr const char* kKey = "c2VjcmV0LWtleQ==";

/// A client of `hive`; `sent` takes every request.
struct Client {
  explicit Client(FakeHive& hive, TheHiveOptions options = {}) {
    pace.clock = &clock;
    pace.sleep = [this](std::chrono::milliseconds time) { slept += time; };
    pace.cancelled = [] { return false; };
    auto transport = std::make_unique<FakeTransport>([&hive, this](const HttpRequest& request) {
      sent.push_back(request);
      return hive.handle(request);
    });
    std::vector<std::unique_ptr<Transport>> lanes;
    lanes.push_back(std::move(transport));
    Caller::Options calls;
    calls.base_url = kUrl;
    calls.headers = {{"Authorization", std::string("Bearer ") + kKey}};
    calls.rate = 0;
    system = std::make_unique<TheHive>(
        std::move(options), std::make_unique<Caller>(std::move(calls), std::move(lanes), pace));
  }
  Filing file(const CaseDraft& draft) {
    Filing filing = system->file(draft, remote, [this](std::string_view text) {
      remote = std::string(text);
      return Status();
    });
    if (filing.kind == Filing::Kind::kFiled) remote = filing.remote;
    return filing;
  }
  FixedClock clock{time_from_micros(1'000'000'000)};
  Pace pace;
  std::chrono::milliseconds slept{0};
  std::vector<HttpRequest> sent;
  std::string remote;
  std::unique_ptr<TheHive> system;
};

CaseDraft draft_with(std::size_t observables, FileAs as = FileAs::kAlert) {
  CaseDraft draft;
  draft.as = as;
  draft.type = "spoor-finding";
  draft.source = "spoor";
  draft.source_ref = "5f00:web 1%3B:2026-11-26";
  draft.title = "Pulse seen on web";
  draft.description = "what `was` seen";
  draft.tlp = Tlp::kRed;
  draft.tags = {"apt"};
  draft.custom_fields = {{"source", "OTX"}, {"unknown", "x"}};
  draft.techniques = {"T1566", "T9999"};
  draft.tasks = {{"Look at the host", "", ""}};
  draft.date = time_from_micros(1'700'000'000'000'000);
  for (std::size_t i = 0; i < observables; ++i) {
    DraftObservable each;
    each.observable = {i % 3 == 0   ? IndicatorType::kDomain
                       : i % 3 == 1 ? IndicatorType::kIpv4
                                    : IndicatorType::kMutex,
                       "v" + std::to_string(i) + ".example"};
    each.sighted = i % 2 == 0;
    each.tlp = Tlp::kRed;
    draft.observables.push_back(each);
  }
  return draft;
}

class EachProduct : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Versions, EachProduct, testing::Values(4, 5));

TEST_P(EachProduct, files_an_alert_once) {
  FakeHive hive(GetParam());
  Client client(hive);
  const CaseDraft draft = draft_with(7);
  Filing filing = client.file(draft);
  ASSERT_EQ(filing.kind, Filing::Kind::kFiled) << filing.message;
  EXPECT_TRUE(filing.created);
  ASSERT_EQ(hive.alerts.size(), 1u);
  EXPECT_TRUE(hive.cases.empty());
  EXPECT_EQ(hive.alerts[0].observables.size(), 7u);
  EXPECT_EQ(hive.alerts[0].tlp, GetParam() == 5 ? 4 : 3);
  EXPECT_EQ(hive.alerts[0].tags.count("unknown:x"), 1u) << "a field that is not there is a tag";
  const std::size_t before = client.sent.size();
  filing = client.file(draft);
  EXPECT_EQ(filing.kind, Filing::Kind::kFiled);
  EXPECT_FALSE(filing.created || filing.updated);
  EXPECT_EQ(filing.observables_added, 0u);
  for (std::size_t i = before; i < client.sent.size(); ++i) {
    EXPECT_TRUE(client.sent[i].method == "GET" ||
                client.sent[i].url.find("query") != std::string::npos)
        << client.sent[i].method << client.sent[i].url;
  }
}

TEST_P(EachProduct, files_a_case_with_everything) {
  FakeHive hive(GetParam());
  TheHiveOptions options;
  options.chunk = 100;
  Client client(hive, options);
  CaseDraft draft = draft_with(1200, FileAs::kCase);
  draft.left_out = 1;
  draft.files = {{"rest.csv", "text/csv", "type,value\r\n"},
                 {"rest.stix.json", "application/stix+json;version=2.1", "{}"}};
  const Filing filing = client.file(draft);
  ASSERT_EQ(filing.kind, Filing::Kind::kFiled) << filing.message;
  ASSERT_EQ(hive.cases.size(), 1u);
  const FakeHive::Item& made = hive.cases[0];
  EXPECT_EQ(made.tasks, std::multiset<std::string>{"Look at the host"});
  if (GetParam() == 5) {
    EXPECT_EQ(made.observables.size(), 1200u);
    EXPECT_EQ(made.procedures, std::set<std::string>{"T1566"});
    EXPECT_EQ(made.files.size(), 2u);
  } else {
    EXPECT_EQ(made.observables.size(), 1202u) << "a file is an observable";
  }
  for (const HttpRequest& request : client.sent) EXPECT_LT(request.body.size(), 200'000u);
}

TEST_P(EachProduct, a_task_whose_answer_was_lost_is_there_once) {
  FakeHive hive(GetParam());
  hive.loses = "/task";
  hive.loses_times = 3;
  Client client(hive);
  CaseDraft draft = draft_with(3, FileAs::kCase);
  // The same title twice, one that is cut, and one beside.
  draft.tasks = {{"Look at the host", "", ""},
                 {std::string(200, 't'), "", ""},
                 {"Look at the host", "", "again"},
                 {"Ask the owner", "", ""}};
  const Filing filing = client.file(draft);
  ASSERT_EQ(filing.kind, Filing::Kind::kFiled) << filing.message;
  EXPECT_EQ(hive.loses_times, GetParam() == 4 ? 0 : 3) << "5 takes them with the promotion";
  client.file(draft);
  ASSERT_EQ(hive.cases.size(), 1u);
  const std::multiset<std::string>& tasks = hive.cases[0].tasks;
  EXPECT_EQ(tasks.count("Look at the host"), 1u);
  EXPECT_EQ(tasks.count("Ask the owner"), 1u);
  EXPECT_EQ(tasks.size(), 3u);
}

TEST_P(EachProduct, adds_what_is_missing_and_leaves_what_analysts_changed) {
  FakeHive hive(GetParam());
  Client client(hive);
  CaseDraft draft = draft_with(4);
  client.file(draft);
  hive.alerts[0].severity = 4;
  hive.alerts[0].tags.insert("mine");
  hive.alerts[0].title = "renamed by an analyst";
  draft = draft_with(6);
  draft.description = "more was seen";
  draft.tags.push_back("new");
  const Filing filing = client.file(draft);
  EXPECT_EQ(filing.kind, Filing::Kind::kFiled);
  EXPECT_TRUE(filing.updated);
  ASSERT_EQ(hive.alerts.size(), 1u);
  const FakeHive::Item& alert = hive.alerts[0];
  EXPECT_EQ(alert.observables.size(), 6u);
  EXPECT_EQ(alert.description, "more was seen");
  EXPECT_EQ(alert.title, "renamed by an analyst");
  EXPECT_EQ(alert.severity, 4);
  EXPECT_TRUE(alert.tags.count("mine") == 1 && alert.tags.count("new") == 1);
}

TEST_P(EachProduct, never_lowers_a_tlp) {
  FakeHive hive(GetParam());
  Client client(hive);
  CaseDraft draft = draft_with(1);
  client.file(draft);
  draft.tlp = Tlp::kGreen;
  draft.description += ".";
  client.file(draft);
  EXPECT_EQ(hive.alerts[0].tlp, GetParam() == 5 ? 4 : 3);
}

TEST_P(EachProduct, follows_an_alert_into_its_case) {
  FakeHive hive(GetParam());
  Client client(hive);
  client.file(draft_with(2));
  FakeHive::Item made;
  made.id = "~77";
  made.observables = hive.alerts[0].observables;
  hive.cases.push_back(made);
  hive.alerts[0].case_id = "~77";
  client.file(draft_with(5));
  EXPECT_EQ(hive.cases[0].observables.size(), 5u);
  EXPECT_EQ(hive.alerts[0].observables.size(), 2u);
}

TEST_P(EachProduct, merges_into_a_case_that_is_there) {
  FakeHive hive(GetParam());
  FakeHive::Item there;
  there.id = "77";
  there.observables["domain v0.example"] = false;
  hive.cases.push_back(there);
  Client client(hive);
  CaseDraft draft = draft_with(5, FileAs::kCase);
  draft.merge_into = "77";
  const Filing filing = client.file(draft);
  EXPECT_EQ(filing.kind, Filing::Kind::kFiled) << filing.message;
  ASSERT_EQ(hive.cases.size(), 1u);
  EXPECT_EQ(hive.cases[0].observables.size(), 5u);
  EXPECT_TRUE(hive.cases[0].observables["domain v0.example"]) << "marked as sighted";
}

TEST_P(EachProduct, sends_unknown_types_as_other) {
  FakeHive hive(GetParam());
  hive.types = {"ip", "other"};
  Client client(hive);
  EXPECT_EQ(client.file(draft_with(3)).kind, Filing::Kind::kFiled);
  EXPECT_EQ(hive.alerts[0].observables.count("other v0.example"), 1u);
  EXPECT_EQ(hive.alerts[0].observables.count("ip v1.example"), 1u);
}

TEST_P(EachProduct, a_bad_value_costs_itself) {
  FakeHive hive(GetParam());
  TheHiveOptions options;
  Client client(hive, options);
  CaseDraft draft = draft_with(700);
  hive.poison = {"v690.example"};
  const Filing filing = client.file(draft);
  EXPECT_EQ(filing.kind, Filing::Kind::kFiled) << filing.message;
  ASSERT_EQ(filing.refusals.size(), 1u);
  EXPECT_EQ(filing.refusals[0].what, "domain v690.example");
  EXPECT_NE(filing.refusals[0].words.find("Error while decoding input"), std::string::npos);
  EXPECT_EQ(hive.alerts[0].observables.size(), 699u);
}

TEST_P(EachProduct, a_hundred_replays_with_faults_and_kills_leave_one_of_each) {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    FakeHive hive(GetParam());
    hive.random.seed(seed);
    std::mt19937 own(seed * 7919);
    TheHiveOptions options;
    options.chunk = 50;
    options.tries = 3;
    const CaseDraft draft = draft_with(150 + own() % 600, FileAs::kCase);
    std::string remote;
    bool filed = false;
    for (int run = 0; run < 60 && !filed; ++run) {
      // Each run is a process of its own; most are killed after some requests.
      hive.fault_rate = 0.3;
      hive.dies_after = own() % 3 == 0 ? -1 : static_cast<int>(own() % 30);
      Client client(hive, options);
      client.remote = own() % 2 == 0 ? remote : "";  // a kill may come before it is kept
      const Filing filing = client.file(draft);
      filed = filing.kind == Filing::Kind::kFiled;
      ASSERT_FALSE(filed && filing.stop) << seed;
      remote = client.remote;
    }
    ASSERT_TRUE(filed) << seed;
    ASSERT_EQ(hive.alerts.size(), 1u) << seed;
    ASSERT_EQ(hive.cases.size(), 1u) << seed;
    ASSERT_EQ(hive.cases[0].observables.size(), draft.observables.size()) << seed;
    ASSERT_EQ(hive.cases[0].tasks.size(), 1u);
    for (const DraftObservable& each : draft.observables) {
      const std::string type = each.observable.type == IndicatorType::kDomain ? "domain "
                               : each.observable.type == IndicatorType::kIpv4 ? "ip "
                                                                              : "other ";
      ASSERT_EQ(hive.cases[0].observables.count(type + each.observable.value), 1u) << seed;
    }
  }
}

TEST(TheHive, waits_when_the_server_is_away_and_when_the_key_is_wrong) {
  FakeHive hive(5);
  hive.dies_after = 0;
  Client away(hive);
  Filing filing = away.file(draft_with(1));
  EXPECT_EQ(filing.kind, Filing::Kind::kLater);
  EXPECT_TRUE(filing.stop);
  EXPECT_GT(away.slept.count(), 0);
  EXPECT_EQ(filing.message.find(kKey), std::string::npos);

  struct Locked final : Transport {
    Result<HttpResponse> send(const HttpRequest& request) override {
      if (request.url.find("/api/status") != std::string::npos)
        return FakeTransport::json(R"({"versions":{"TheHive":"5.7.3-1"}})");
      return FakeTransport::json(R"({"type":"AuthenticationError","message":"no"})", 401);
    }
  };
  std::vector<std::unique_ptr<Transport>> lanes;
  lanes.push_back(std::make_unique<Locked>());
  TheHive locked(
      {}, std::make_unique<Caller>(Caller::Options{kUrl, {}}, std::move(lanes), away.pace));
  filing = locked.file(draft_with(1), "", [](std::string_view) { return Status(); });
  EXPECT_EQ(filing.kind, Filing::Kind::kLater);
  EXPECT_NE(filing.message.find("AuthenticationError: no"), std::string::npos);
  EXPECT_EQ(filing.retries, 0u);
}

TEST(TheHive, refuses_what_is_no_hive) {
  struct Page final : Transport {
    Result<HttpResponse> send(const HttpRequest&) override {
      HttpResponse response;
      response.status = 200;
      response.body = "<html>login</html>";
      return response;
    }
  };
  std::vector<std::unique_ptr<Transport>> lanes;
  lanes.push_back(std::make_unique<Page>());
  FakeHive unused(5);
  const Client client(unused);
  TheHive page(
      {}, std::make_unique<Caller>(Caller::Options{kUrl, {}}, std::move(lanes), client.pace));
  const Filing filing = page.file(draft_with(1), "", [](std::string_view) { return Status(); });
  EXPECT_EQ(filing.kind, Filing::Kind::kLater);
  EXPECT_EQ(filing.message, "no TheHive: /api/status tells no version");
}

TEST(TheHive, a_key_does_not_travel_in_the_clear) {
  FakeHive hive(5);
  const Client client(hive);
  std::vector<std::unique_ptr<Transport>> lanes;
  lanes.push_back(std::make_unique<FakeTransport>(
      [&](const HttpRequest& request) { return hive.handle(request); }));
  TheHive plain({}, std::make_unique<Caller>(Caller::Options{"http://hive.example", {}},
                                             std::move(lanes), client.pace));
  const Filing filing =
      plain.file(draft_with(1), "", [](std::string_view) { return Status(); });
  EXPECT_EQ(filing.kind, Filing::Kind::kLater);
  EXPECT_EQ(filing.retries, 0u);
  EXPECT_NE(filing.message.find("expected https"), std::string::npos) << filing.message;
  EXPECT_TRUE(hive.log.empty());
}

TEST(TheHive, reads_verdicts_of_cases_and_alerts) {
  for (const int product : {4, 5}) {
    FakeHive hive(product);
    Client client(hive);
    client.file(draft_with(1, FileAs::kCase));
    EXPECT_EQ(*client.system->verdict(client.remote), "");
    hive.cases[0].verdict = "FalsePositive";
    EXPECT_EQ(*client.system->verdict(client.remote), "false positive");
    EXPECT_EQ(*client.system->verdict(""), "");
  }
}

TEST(ReadVerdict, knows_the_words_of_every_version) {
  EXPECT_EQ(read_verdict(R"({"status":"Resolved","resolutionStatus":"TruePositive"})"),
            "true positive");
  EXPECT_EQ(read_verdict(R"([{"status":"FalsePositive","stage":"Closed"}])"), "false positive");
  EXPECT_EQ(read_verdict(R"([{"status":"Duplicated"}])"), "duplicate");
  for (const char* open : {R"({"status":"Open"})", "[]", "", "7", R"([{"status":7}])"})
    EXPECT_EQ(read_verdict(open), "") << open;
}

TEST(ReadAdded, tells_what_is_there_from_what_was_refused) {
  AddedObservables added = read_added(
      R"({"success":[{"_id":"1"}],"failure":[{"type":"CreateError","message":"Observable already exists","object":{"data":"a"}},{"type":"BadRequest","message":"no","object":{"data":"b"}}]})",
      207, 3);
  EXPECT_EQ(added.added, 1u);
  ASSERT_EQ(added.refused.size(), 1u);
  EXPECT_EQ(added.refused[0].first, "b");
  EXPECT_EQ(added.refused[0].second, "BadRequest: no");
  EXPECT_EQ(read_added("[1,2]", 201, 2).added, 2u);
  EXPECT_EQ(read_added("not json", 201, 5).added, 5u);
  EXPECT_EQ(read_added("not json", 207, 5).added, 0u);
}

TEST(DryRun, shows_the_writes_of_a_real_run_and_masks_the_key) {
  for (const int product : {4, 5}) {
    FakeHive real(product), looked_at(product);
    Client client(real);
    client.file(draft_with(600, FileAs::kCase));
    std::vector<HttpRequest> writes;
    for (const HttpRequest& request : client.sent) {
      if (request.method != "GET" && request.url.find("query") == std::string::npos &&
          request.url.find("_search") == std::string::npos)
        writes.push_back(request);
    }
    std::vector<HttpRequest> shown;
    auto log = std::make_shared<DryRunLog>(
        [&](const HttpRequest& request) { shown.push_back(request); });
    std::vector<std::unique_ptr<Transport>> lanes;
    lanes.push_back(std::make_unique<DryRunTransport>(
        log, std::make_unique<FakeTransport>([&](const HttpRequest& request) {
          return looked_at.handle(request);
        }),
        ""));
    Caller::Options calls;
    calls.base_url = kUrl;
    calls.headers = {{"Authorization", std::string("Bearer ") + kKey}};
    calls.rate = 0;
    TheHive dry({}, std::make_unique<Caller>(calls, std::move(lanes), client.pace));
    const Filing filing =
        dry.file(draft_with(600, FileAs::kCase), "", [](std::string_view) { return Status(); });
    EXPECT_EQ(filing.kind, Filing::Kind::kFiled) << filing.message;
    EXPECT_TRUE(looked_at.alerts.empty());
    ASSERT_EQ(shown.size(), writes.size()) << product;
    for (std::size_t i = 0; i < shown.size(); ++i) {
      EXPECT_EQ(shown[i].method, writes[i].method);
      EXPECT_EQ(shown[i].body, writes[i].body);
      EXPECT_EQ(request_text(shown[i]).find(kKey), std::string::npos);
      EXPECT_EQ(request_json(shown[i]).find(kKey), std::string::npos);
    }
  }
}

TEST(Caller, keeps_the_rate_and_the_order_of_many_lanes) {
  struct Echo final : Transport {
    Result<HttpResponse> send(const HttpRequest& request) override {
      HttpResponse response;
      response.status = 200;
      response.body = request.body;
      return response;
    }
  };
  FakeHive unused(5);
  Client client(unused);
  std::vector<std::unique_ptr<Transport>> lanes;
  for (int i = 0; i < 4; ++i) lanes.push_back(std::make_unique<Echo>());
  std::atomic<std::int64_t> slept{0};
  Pace pace = client.pace;
  pace.sleep = [&](std::chrono::milliseconds time) { slept += time.count(); };
  Caller::Options options;
  options.base_url = kUrl;
  options.rate = 10;
  Caller caller(options, std::move(lanes), pace);
  std::vector<ApiCall> calls;
  for (int i = 0; i < 40; ++i) calls.push_back({"POST", "/x", std::to_string(i)});
  const auto outcomes = caller.call_all(calls);
  for (int i = 0; i < 40; ++i)
    EXPECT_EQ(outcomes[static_cast<std::size_t>(i)].body, std::to_string(i));
  // The clock stands still: the n-th request has to wait n tenths of a second.
  EXPECT_EQ(slept, 100 * (39 * 40 / 2));
}

TEST(ServerWords, are_cut_and_never_the_whole_page) {
  EXPECT_EQ(server_words(R"({"type":"A","message":"b"})"), "A: b");
  EXPECT_EQ(server_words(" plain "), "plain");
  EXPECT_LT(server_words(std::string(100'000, 'x')).size(), 500u);
  EXPECT_EQ(server_words("\xFF"), "\xEF\xBF\xBD");
}

}  // namespace
}  // namespace spoor
