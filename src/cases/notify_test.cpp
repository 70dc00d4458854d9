// Messages: templates, what each kind makes of hostile text, retries.

#include "cases/notify.h"

#include <gtest/gtest.h>

#include "net/fake_transport.h"
#include "net/json.h"

namespace spoor {
namespace {

CaseDraft hostile_draft() {
  CaseDraft draft;
  draft.type = "spoor-finding";
  draft.source = "spoor";
  draft.source_ref = "ref|=1";
  draft.title = "<!channel> @all *b* `c` | = \x1b[31m\n\"q\" <http://x|y>";
  draft.asset = "web1";
  draft.pulse_name = "a|b=c\\d";
  draft.description = "text";
  draft.severity = 3;
  draft.sightings = 2;
  draft.first = time_from_micros(1'700'000'000'000'000);
  DraftObservable each;
  each.observable = {IndicatorType::kUrl, "http://evil.example/?a=b|c"};
  draft.observables = {each};
  return draft;
}

NotifyMessage message_of(const CaseDraft& draft, const NotifyKind& kind) {
  NotifyMessage message;
  message.draft = &draft;
  message.id = "00ff";
  message.title = *fill_template("[{severity}] {title}", draft, kind.escape);
  message.text = *fill_template("{observables} on {asset} {pulse}", draft, kind.escape);
  return message;
}

TEST(Template, fills_names_and_refuses_unknown_ones) {
  const CaseDraft draft = hostile_draft();
  const NotifyKind& json = *notify_kind("json");
  EXPECT_EQ(*fill_template("{count} {severity} {tlp} {first} {last} }", draft, json.escape),
            "2 high amber 2023-11-14T22:13:20Z unknown }");
  for (const char* bad : {"{nothing}", "{", "{title"})
    EXPECT_FALSE(fill_template(bad, draft, json.escape)) << bad;
}

TEST(Forms, every_http_kind_is_json_without_controls) {
  const CaseDraft draft = hostile_draft();
  for (const NotifyKind& kind : notify_kinds()) {
    const std::string body = kind.body(message_of(draft, kind));
    EXPECT_EQ(body.find('\x1b'), std::string::npos) << kind.name;
    if (kind.way != NotifyKind::Way::kHttp) continue;
    JsonParser parser;
    EXPECT_TRUE(parser.parse(body)) << kind.name << body;
  }
}

TEST(Forms, nobody_is_called_by_a_log_line) {
  const CaseDraft draft = hostile_draft();
  const NotifyKind& slack = *notify_kind("slack");
  EXPECT_EQ(slack.body(message_of(draft, slack)).find("<!"), std::string::npos);
  EXPECT_EQ(slack.escape("<!here> & `x` *y*"), "&lt;!here&gt; &amp; 'x' 'y'");
  const NotifyKind& mattermost = *notify_kind("mattermost");
  EXPECT_EQ(mattermost.escape("@all [x](y)"), "`@all [x](y)`");
  const NotifyKind& teams = *notify_kind("teams");
  EXPECT_EQ(teams.escape("[x](y) <at>z</at>").find('<'), std::string::npos);
}

TEST(Forms, json_says_what_the_schema_says) {
  const CaseDraft draft = hostile_draft();
  const NotifyKind& kind = *notify_kind("json");
  JsonParser parser;
  const std::string body = kind.body(message_of(draft, kind));
  const auto root = parser.parse(body);
  ASSERT_TRUE(root);
  EXPECT_EQ((*root)["schema"].string(), "spoor.notification/1");
  EXPECT_EQ((*root)["id"].string(), "00ff");
  EXPECT_EQ((*root)["source_ref"].string(), "ref|=1");
  EXPECT_EQ((*root)["severity"].integer(), 3);
  EXPECT_EQ((*root)["observables"].size(), 1u);
}

TEST(Forms, cef_escapes_its_separators) {
  const CaseDraft draft = hostile_draft();
  const NotifyKind& kind = *notify_kind("syslog-cef");
  const std::string text = kind.body(message_of(draft, kind));
  EXPECT_EQ(text.find('\n'), std::string::npos);
  // Seven bars that nothing escapes: the header's own.
  int bars = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '|' && (at == 0 || text[at - 1] != '\\') && ++bars == 7) break;
  }
  EXPECT_EQ(bars, 7);
  EXPECT_EQ(text.compare(0, 34, "CEF:0|spoor|spoor|1|spoor-finding|"), 0);
  EXPECT_NE(text.find("|8|externalId=00ff cnt=2 start=1700000000000 "), std::string::npos)
      << text;
  EXPECT_NE(text.find("cs2=a|b\\=c\\\\d"), std::string::npos) << text;
  EXPECT_NE(text.find("a\\=b|c"), std::string::npos) << text;
}

TEST(Forms, a_mail_has_no_header_of_others) {
  CaseDraft draft = hostile_draft();
  draft.title = "x\r\nBcc: everyone@example.com\r\n\r\nbody \xC3\xA4";
  const NotifyKind& kind = *notify_kind("smtp");
  const std::string mail = kind.body(message_of(draft, kind));
  const std::string head = mail.substr(0, mail.find("\r\n\r\n"));
  EXPECT_EQ(head.find("Bcc"), std::string::npos);
  EXPECT_EQ(head.compare(0, 19, "Subject: =?UTF-8?B?"), 0);
  for (std::size_t at = 0; at < mail.size();) {
    const std::size_t end = mail.find("\r\n", at);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end - at, 90u);
    at = end + 2;
  }
}

struct Answers {
  std::vector<int> statuses;
  std::vector<HttpRequest> sent;
  Filing filing;
};

Answers send_with(std::vector<int> statuses) {
  Answers answers;
  answers.statuses = std::move(statuses);
  std::size_t next = 0;
  FixedClock clock{time_from_micros(1)};
  Pace pace{&clock, [](std::chrono::milliseconds) {}, [] { return false; }};
  std::vector<std::unique_ptr<Transport>> lanes;
  lanes.push_back(
      std::make_unique<FakeTransport>([&](const HttpRequest& request) -> Result<HttpResponse> {
        answers.sent.push_back(request);
        const int status = answers.statuses.at(std::min(next++, answers.statuses.size() - 1));
        if (status == 0) return fail("timed out after 30 s");
        return FakeTransport::json("ok", status);
      }));
  Caller::Options options;
  options.base_url = "https://hooks.example/secret";
  NotifyOptions notify;
  notify.kind = "slack";
  auto caller = std::make_unique<Caller>(options, std::move(lanes), pace);
  auto made = make_notifier(notify, std::move(caller), pace, nullptr);
  EXPECT_TRUE(made);
  answers.filing =
      (*made)->file(hostile_draft(), "", [](std::string_view) { return Status(); });
  return answers;
}

TEST(Notifier, tries_again_with_the_same_id) {
  const Answers answers = send_with({0, 503, 200});
  EXPECT_EQ(answers.filing.kind, Filing::Kind::kFiled);
  ASSERT_EQ(answers.sent.size(), 3u);
  const auto id = [](const HttpRequest& request) {
    for (const auto& [name, value] : request.headers) {
      if (name == "Idempotency-Key") return value;
    }
    return std::string();
  };
  EXPECT_FALSE(id(answers.sent[0]).empty());
  EXPECT_EQ(id(answers.sent[0]), id(answers.sent[2]));
}

TEST(Notifier, waits_or_gives_up_by_the_answer) {
  EXPECT_EQ(send_with({0}).filing.kind, Filing::Kind::kLater);
  EXPECT_EQ(send_with({0}).sent.size(), 4u);
  EXPECT_EQ(send_with({400}).filing.kind, Filing::Kind::kRefused);
  EXPECT_EQ(send_with({302}).filing.kind, Filing::Kind::kRefused);
  EXPECT_EQ(send_with({403}).filing.kind, Filing::Kind::kLater);
  EXPECT_EQ(send_with({400}).filing.message.find("secret"), std::string::npos);
}

TEST(Notifier, refuses_unknown_kinds_and_templates) {
  NotifyOptions options;
  options.kind = "pigeon";
  EXPECT_FALSE(make_notifier(options, nullptr, {}, nullptr));
  options.kind = "json";
  options.title = "{nothing}";
  EXPECT_FALSE(make_notifier(options, nullptr, {}, nullptr));
}

}  // namespace
}  // namespace spoor
