#include "report/json_printer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/test_findings.h"

namespace spoor {
namespace {

using nlohmann::json;

TEST(JsonPrinter, writes_a_sighting_as_promised) {
  Finding made = finding("dns.log", 12, "query: evil.example A", "evil.example");
  made.sighting.time = parse_iso8601("2026-11-24T10:54:14Z")->time;
  made.sighting.live = true;
  made.sighting.views = {ViewKind::kJson, ViewKind::kPercent};
  EXPECT_EQ(
      sighting_json(made.sighting, made.detail),
      R"({"kind":"sighting","file":"dns.log","line":12,"offset":12007,"length":12,"type":"domain",)"
      R"("indicator":"evil.example","match":"evil.example","grade":"exact","rule":"D3",)"
      R"("views":["json","percent"],"sources":["otx"],"pulses":[{"id":"5f00","name":"Example",)"
      R"("author":"someone","tlp":"green","tags":["apt","phishing"],"source":"otx"}],"new":true,)"
      R"("verdict":"shown","reason":"","time":"2026-11-24T10:54:14Z","live":true,"occurrences":1,)"
      R"("event_offset":12000,"event_digest":"00000000000000000000000000000000",)"
      R"("text":"query: evil.example A"})");
}

TEST(JsonPrinter, keeps_hostile_bytes_exact) {
  const std::string hostile = "\x1b]0;x\x07 \xff\xe2\x80\xae\r\n\"\\ evil.example \x7f\xc2\x9b";
  Finding made = finding("bad\xff\nname", 1, hostile, "evil.example");
  made.sighting.match = "ev\xffil";
  const std::string line = sighting_json(made.sighting, made.detail);
  for (char c : line)
    ASSERT_GE(static_cast<unsigned char>(c), 0x20) << "no raw control, one line";
  const json read = json::parse(line);
  const auto bytes = [](const std::string& hex) {
    std::string out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
      out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    }
    return out;
  };
  EXPECT_EQ(bytes(read["file_hex"]), made.sighting.file);
  EXPECT_EQ(bytes(read["match_hex"]), made.sighting.match);
  EXPECT_EQ(bytes(read["text_hex"]), hostile);
  EXPECT_EQ(read["match"], "ev\xef\xbf\xbdil");
  // Valid UTF-8, however odd, round-trips without hex.
  Finding odd = finding("f", 1, "\x1b[2J\xe2\x80\xae evil.example\r", "evil.example");
  const json odd_read = json::parse(sighting_json(odd.sighting, odd.detail));
  EXPECT_EQ(odd_read["text"], odd.sighting.event_text);
  EXPECT_FALSE(odd_read.contains("text_hex"));
  EXPECT_FALSE(odd_read.contains("match_hex"));
}

TEST(JsonPrinter, shows_utf16_as_text_with_its_bytes_beside) {
  Finding made = finding("f", 1, "evil.example", "evil.example");
  made.sighting.encoding = TextEncoding::kUtf16be;
  made.sighting.match = std::string("\0e\0v", 4);
  made.sighting.event_text = std::string("\0e\0v", 4);
  const json read = json::parse(sighting_json(made.sighting, made.detail));
  EXPECT_EQ(read["match"], "ev");
  EXPECT_EQ(read["match_hex"], "00650076");
  EXPECT_EQ(read["text"], "ev");
}

TEST(JsonPrinter, says_what_is_not_known) {
  Finding made = finding("f", 1, "evil.example", "evil.example");
  auto story = std::make_shared<IndicatorStory>();
  ClaimSummary list;
  list.feed = "file:list.txt";
  story->claims = {list, list};
  made.detail.story = story;
  json read = json::parse(sighting_json(made.sighting, made.detail));
  EXPECT_TRUE(read["live"].is_null());
  EXPECT_FALSE(read.contains("time"));
  EXPECT_EQ(read["sources"], json::array({"file:list.txt"})) << "each once";
  EXPECT_EQ(read["pulses"], json::array());
  made.sighting.time = parse_iso8601("2026-11-24")->time;
  made.sighting.time_has_clock = false;
  made.sighting.live = false;
  made.sighting.is_new = false;
  made.sighting.verdict = Verdict::kWeak;
  made.sighting.grade = Grade::kWeak;
  made.sighting.reason = "could be the name of a file";
  read = json::parse(sighting_json(made.sighting, made.detail));
  EXPECT_EQ(read["time"], "2026-11-24");
  EXPECT_EQ(read["live"], false);
  EXPECT_EQ(read["new"], false);
  EXPECT_EQ(read["verdict"], "weak");
  EXPECT_EQ(read["grade"], "weak");
  EXPECT_EQ(read["reason"], "could be the name of a file");
}

HuntTotals totals() {
  HuntTotals totals;
  totals.started = parse_iso8601("2026-11-24T10:00:00Z")->time;
  totals.ended = parse_iso8601("2026-11-24T10:00:02Z")->time;
  totals.indicators = 1234;
  totals.files = 3;
  totals.bytes_read = 1000;
  totals.bytes_decoded = 5000;
  totals.bytes_scanned = 4000;
  totals.lines = 70;
  Skip skip;
  skip.file = "a\xff.gz";
  skip.reason = "gzip: unexpected end after 9 bytes";
  skip.bytes = 17;
  skip.incomplete = true;
  totals.skips = {skip};
  totals.complete = false;
  totals.sightings = totals.found = 5;
  totals.sightings_new = 2;
  totals.indicators_seen = 4;
  totals.by_grade[static_cast<std::size_t>(Grade::kExact)] = 3;
  totals.by_grade[static_cast<std::size_t>(Grade::kMention)] = 2;
  totals.below[static_cast<std::size_t>(Grade::kWeak)] = 8;
  totals.by_type[IndicatorType::kDomain] = 5;
  totals.by_format = {{"text", 2}, {"zeek-tsv", 1}};
  totals.formats = {{"a", "zeek-tsv"}};
  return totals;
}

TEST(JsonPrinter, ends_with_a_summary) {
  std::string out;
  JsonPrinter printer(into(out));
  give(printer, {finding("f", 1, "evil.example", "evil.example"),
                 finding("f", 2, "evil.example", "evil.example")});
  ASSERT_TRUE(printer.finish(totals()));
  std::vector<json> objects;
  std::size_t begin = 0;
  for (std::size_t end; (end = out.find('\n', begin)) != std::string::npos; begin = end + 1) {
    objects.push_back(json::parse(out.substr(begin, end - begin)));
  }
  EXPECT_EQ(begin, out.size());
  ASSERT_EQ(objects.size(), 3u);
  EXPECT_EQ(objects[1]["line"], 2);
  const json& summary = objects[2];
  EXPECT_EQ(summary.dump(),
            json::parse(R"({"kind":"summary","complete":false,"interrupted":false,
    "files":3,"bytes_read":1000,"bytes_decoded":5000,"bytes_scanned":4000,"lines":70,
    "bytes_on_disk":0,"bytes_unread":0,"bytes_skipped":0,"closes":true,
    "feeds":[],"stale":[],"canary":{"planted":0,"found":0,"unexpected":0,"elsewhere":0},
    "skipped":[{"file":"a\ufffd.gz","file_hex":"61ff2e677a",
                "reason":"gzip: unexpected end after 9 bytes","bytes":17,"incomplete":true}],
    "formats":{"text":2,"zeek-tsv":1},"file_formats":[{"file":"a","format":"zeek-tsv"}],
    "sightings":5,"new":2,"by_grade":{"exact":3,"mention":2},"by_type":{"domain":5},
    "suppressed":0,"noise":[],"min_grade":"mention","below_min_grade":{"weak":8},"indicators":1234,"indicators_seen":4,
    "started":"2026-11-24T10:00:00Z","ended":"2026-11-24T10:00:02Z","seconds":2,"rate":2000})")
                .dump());
}

TEST(JsonPrinter, tells_what_the_line_says_as_far_as_it_says_it) {
  Finding made = finding("f", 1, "evil.example", "evil.example");
  auto record = std::make_shared<EventRecord>();
  record->format = "syslog";
  record->inner = "sshd";
  record->host = "web1";
  record->source_address = "192.0.2.5";
  record->source_port = "51234";
  record->outcome = Outcome::kFailed;
  record->user = "\xFF";
  record->time = TimeText{{Time{}, true}, true, false, 0};
  made.detail.record = record;
  made.detail.field = "message";
  const json row = json::parse(sighting_json(made.sighting, made.detail));
  EXPECT_EQ(row["host"], "web1");
  EXPECT_EQ(row["fields"], json::parse(R"({"format":"syslog","inner_format":"sshd",
    "field":"message","user":"\ufffd","user_hex":"ff","source_address":"192.0.2.5",
    "source_port":"51234","outcome":"failed","year_inferred":true})"));
  auto text = std::make_shared<EventRecord>();
  text->format = "text";
  made.detail.record = text;
  EXPECT_FALSE(json::parse(sighting_json(made.sighting, made.detail)).contains("fields"));
}

TEST(JsonPrinter, has_no_rate_without_a_duration) {
  HuntTotals instant = totals();
  instant.ended = instant.started;
  EXPECT_TRUE(json::parse(summary_json(instant))["rate"].is_null());
}

TEST(JsonPrinter, hands_on_what_the_output_says) {
  JsonPrinter printer([](std::string_view) -> Status { return fail("broken pipe"); });
  EXPECT_EQ(printer.finish(totals()).error().message, "broken pipe");
}

}  // namespace
}  // namespace spoor
