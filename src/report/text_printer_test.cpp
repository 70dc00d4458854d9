#include "report/text_printer.h"

#include <gtest/gtest.h>

#include "report/test_findings.h"

namespace spoor {
namespace {

std::string printed(const std::vector<Finding>& findings, TextOptions options = {},
                    std::size_t batch = SIZE_MAX) {
  std::string out, summary;
  TextPrinter printer(into(out), into(summary), options);
  give(printer, findings, batch);
  EXPECT_TRUE(printer.finish(HuntTotals{}));
  EXPECT_NE(summary, "");
  return out;
}

TEST(TextPrinter, prints_place_line_and_story) {
  EXPECT_EQ(printed({finding("dns.log", 12, "query: evil.example A", "evil.example")}),
            "dns.log:12: query: evil.example A\n"
            "    exact       domain evil.example  D3  new  pulse 'Example' (otx), tlp green, "
            "tags apt, "
            "phishing\n");
}

TEST(TextPrinter, tells_when_and_where_an_event_was) {
  Finding made = finding("f", 1, "evil.example", "evil.example");
  made.sighting.time = parse_iso8601("2026-11-24T10:54:14Z")->time;
  auto record = std::make_shared<EventRecord>();
  record->host = "web\x1b[2J";
  record->user = "bob";
  record->source_address = "192.0.2.5";
  record->source_port = "7";
  record->destination_address = "10.0.0.1";
  record->outcome = Outcome::kBlocked;
  record->status = "403";
  record->time = TimeText{{*made.sighting.time, true}, true, false, 0};
  made.detail.record = record;
  made.detail.field = "query";
  const std::string text = printed({made});
  EXPECT_NE(text.find("\n    2026-11-24T10:54:14Z (year inferred) on web\\x1b[2J, user bob, "
                      "192.0.2.5:7 -> 10.0.0.1, blocked 403, in query\n"),
            std::string::npos)
      << text;
}

TEST(TextPrinter, tells_all_that_matters_of_a_sighting) {
  Finding made = finding("f", 1, "readme.md?", "readme.md");
  made.sighting.grade = Grade::kWeak;
  made.sighting.rule = "D7";
  made.sighting.verdict = Verdict::kWeak;
  made.sighting.reason = "could be the name of a file";
  made.sighting.views = {ViewKind::kJson, ViewKind::kPercent};
  made.sighting.is_new = false;
  made.sighting.live = false;
  made.detail.occurrences = 3;
  auto story = std::make_shared<IndicatorStory>();
  ClaimSummary list;
  list.feed = "file:list.txt";
  ClaimSummary pulse;
  pulse.feed = "otx";
  pulse.pulse_id = "1";
  pulse.pulse_name = "One";
  pulse.tags = {"a", "b", "c", "d", "e", "f", "g", "h"};
  ClaimSummary nameless;
  nameless.feed = "otx";
  nameless.pulse_id = "2";
  story->claims = {list, pulse, nameless, list, list};
  made.detail.story = story;
  EXPECT_EQ(printed({made}),
            "f:1: readme.md?\n"
            "    weak        domain readme.md  D7 via json>percent: could be the name of a "
            "file  3 times"
            "  seen before  not live then"
            "  pulse 'One' (otx), tags a, b, c, d, e, f +2; pulse '2' (otx); feed "
            "file:list.txt; 2 more\n");
  TextOptions unstored;
  unstored.stored = false;
  EXPECT_EQ(printed({made}, unstored).find("seen before"), std::string::npos);
}

TEST(TextPrinter, prints_a_line_with_several_indicators_once) {
  const std::string text = "evil.example asked worse.example";
  const std::vector<Finding> findings = {
      finding("f", 1, text, "evil.example"), finding("f", 1, text, "worse.example"),
      finding("f", 2, text, "evil.example"), finding("g", 2, text, "evil.example")};
  const std::string story = "  D3  new  pulse 'Example' (otx), tlp green, tags apt, phishing\n";
  EXPECT_EQ(printed(findings), "f:1: " + text + "\n    exact       domain evil.example" +
                                   story + "    exact       domain worse.example" + story +
                                   "f:2: " + text + "\n    exact       domain evil.example" +
                                   story + "g:2: " + text +
                                   "\n    exact       domain evil.example" + story);
}

TEST(TextPrinter, prints_a_long_line_round_each_match) {
  const std::string text = "start evil.example " + std::string(300, 'x') + " worse.example end";
  TextOptions options;
  options.columns = 30;
  const std::string story = "  D3  new  pulse 'Example' (otx), tlp green, tags apt, phishing\n";
  EXPECT_EQ(
      printed({finding("f", 1, text, "evil.example"), finding("f", 1, text, "worse.example")},
              options),
      "f:1: start evil.example xxxxxxxxxxx...\n    exact       domain evil.example" + story +
          "f:1: ...xxxxxxxxxxxx worse.example end\n    exact       domain worse.example" +
          story);
}

TEST(TextPrinter, colours_only_when_asked) {
  TextOptions options;
  options.colour = true;
  const std::vector<Finding> findings = {
      finding("f", 1, "query: evil.example A", "evil.example")};
  EXPECT_EQ(printed(findings).find('\x1b'), std::string::npos);
  EXPECT_EQ(printed(findings, options),
            "\x1b[35mf\x1b[0m\x1b[36m:\x1b[0m\x1b[32m1\x1b[0m\x1b[36m:\x1b[0m "
            "query: \x1b[1;31mevil.example\x1b[0m A\n"
            "    \x1b[1;31mexact\x1b[0m       domain \x1b[1mevil.example\x1b[0m  D3  "
            "\x1b[1;32mnew\x1b[0m  pulse 'Example' (otx), tlp green, tags apt, phishing\n");
}

TEST(TextPrinter, lets_nothing_hostile_through) {
  const std::string attack = "\x1b]0;owned\x07\x1b[2J\xe2\x80\xae\xff\n\r\x9b";
  Finding made = finding("name" + attack, 1, attack + "evil.example" + attack, "evil.example");
  made.sighting.rule = attack;
  made.sighting.reason = attack;
  made.sighting.observable.value = "evil.example" + attack;
  auto story = std::make_shared<IndicatorStory>();
  ClaimSummary claim;
  claim.feed = claim.pulse_id = claim.pulse_name = attack;
  claim.tags = {attack};
  ClaimSummary list;
  list.feed = attack;
  story->claims = {claim, list};
  made.detail.story = story;
  auto context = std::make_shared<Context>();
  context->before.push_back({0, attack, TextEncoding::kBytes});
  context->after.push_back({2, attack, TextEncoding::kBytes});
  made.detail.context = context;
  std::string out;
  TextPrinter printer(into(out), into(out));
  give(printer, {made});
  HuntTotals totals;
  Skip skip;
  skip.file = skip.reason = attack;
  skip.incomplete = true;
  totals.skips = {skip, skip};
  totals.skips[1].incomplete = false;
  ASSERT_TRUE(printer.finish(totals));
  for (char c : out) {
    EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << static_cast<int>(c);
  }
  EXPECT_EQ(out.find("\xe2\x80\xae"), std::string::npos);
  EXPECT_EQ(out.find('\xff'), std::string::npos);
  EXPECT_NE(out.find("\\x1b]0;owned\\x07\\x1b[2J\\u{202e}\\xff\\n\\r\\x9bevil.example"),
            std::string::npos);
}

/// A finding on `line` of a file whose line n reads "line n", with one line of context on each
/// side.
Finding with_context(const std::string& file, std::uint64_t line, std::size_t lines) {
  Finding made = finding(file, line, "evil.example", "evil.example");
  auto context = std::make_shared<Context>();
  for (std::uint64_t i = line - lines; i < line; ++i) {
    context->before.push_back({i, "line " + std::to_string(i), TextEncoding::kBytes});
  }
  for (std::uint64_t i = line + 1; i <= line + lines; ++i) {
    context->after.push_back({i, "line " + std::to_string(i), TextEncoding::kBytes});
  }
  made.detail.context = context;
  return made;
}

TEST(TextPrinter, prints_each_line_of_context_once) {
  const std::vector<Finding> findings = {with_context("f", 10, 2), with_context("f", 12, 2),
                                         with_context("f", 17, 2), with_context("f", 30, 2),
                                         with_context("g", 31, 2)};
  std::string expected =
      "f-8- line 8\nf-9- line 9\nf:10: evil.example\n#f-11- line 11\nf:12: evil.example\n#"
      "f-13- line 13\nf-14- line 14\nf-15- line 15\nf-16- line 16\nf:17: evil.example\n#"
      "f-18- line 18\nf-19- line 19\n--\nf-28- line 28\nf-29- line 29\nf:30: evil.example\n#"
      "f-31- line 31\nf-32- line 32\n--\ng-29- line 29\ng-30- line 30\ng:31: evil.example\n#"
      "g-32- line 32\ng-33- line 33\n";
  const std::string story =
      "    exact       domain evil.example  D3  new  pulse 'Example' (otx), tlp green, tags "
      "apt, "
      "phishing\n";
  for (std::size_t at; (at = expected.find('#')) != std::string::npos;) {
    expected.replace(at, 1, story);
  }
  for (const std::size_t batch : {SIZE_MAX, std::size_t{1}, std::size_t{2}}) {
    EXPECT_EQ(printed(findings, {}, batch), expected) << "whatever the batches";
  }
}

TEST(TextPrinter, hides_what_is_suppressed) {
  Finding made = finding("f", 1, "evil.example", "evil.example");
  made.sighting.verdict = Verdict::kSuppressed;
  made.sighting.reason = "on the list of known good names";
  const Finding other = finding("f", 2, "evil.example", "evil.example");
  EXPECT_EQ(printed({made, other}), printed({other}));
  TextOptions options;
  options.show_suppressed = true;
  EXPECT_NE(printed({made, other}, options).find("on the list of known good names  suppressed"),
            std::string::npos);
}

TEST(TextPrinter, sums_up) {
  HuntTotals totals;
  totals.started = parse_iso8601("2026-11-24T10:00:00Z")->time;
  totals.ended = parse_iso8601("2026-11-24T10:00:02Z")->time;
  totals.indicators = 1'234'567;
  totals.files = 3;
  totals.bytes_read = 1'500'000;
  totals.bytes_decoded = totals.bytes_scanned = 64'000'000;
  totals.lines = 12'345;
  totals.sightings = totals.found = 5;
  totals.sightings_new = 2;
  totals.indicators_seen = 4;
  totals.by_grade[static_cast<std::size_t>(Grade::kExact)] = 3;
  totals.by_grade[static_cast<std::size_t>(Grade::kMention)] = 2;
  totals.by_type[IndicatorType::kIpv4] = 1;
  totals.by_type[IndicatorType::kDomain] = 4;
  totals.below[static_cast<std::size_t>(Grade::kWeak)] = 8;
  const auto skip = [](const char* file, const char* reason, std::uint64_t bytes,
                       bool incomplete) {
    Skip made;
    made.file = file;
    made.reason = reason;
    made.bytes = bytes;
    made.incomplete = incomplete;
    return made;
  };
  totals.skips = {skip("logs/a.gz", "4 bytes after the last gzip member", 4, true),
                  skip("logs/b", "same file as one already seen", 0, false),
                  skip("logs/c", "same file as one already seen", 0, false),
                  skip("logs/d", "is a fifo", 0, false),
                  skip("none", "no such file or directory", 0, true)};
  totals.complete = false;
  EXPECT_EQ(
      summary_text(totals, {}),
      "\n"
      "scanned       61.0 MiB (1.4 MiB on disk) in 3 files, 12,345 lines, 2.00 s, 30.5 MiB/s\n"
      "looked for    1,234,567 indicators\n"
      "found         5 sightings of 4 indicators, 2 new\n"
      "  by grade    3 exact, 2 mention\n"
      "  by type     1 IPv4, 4 domain\n"
      "not shown     8 weak (--min-grade weak shows them)\n"
      "passed over   2 paths: same file as one already seen\n"
      "              1 path: is a fifo\n"
      "not scanned   2 gaps:\n"
      "    logs/a.gz: 4 bytes after the last gzip member (4 bytes)\n"
      "    none: no such file or directory\n"
      "incomplete    not everything could be scanned, see above\n");
}

TEST(TextPrinter, sums_up_nothing) {
  HuntTotals totals;
  totals.files = totals.lines = totals.bytes_scanned = totals.bytes_read =
      totals.bytes_decoded = 1;
  EXPECT_EQ(summary_text(totals, {}),
            "\nscanned       1 byte in 1 file, 1 line\nfound         0 sightings\n");
}

TEST(TextPrinter, lists_the_first_gaps) {
  HuntTotals totals;
  Skip skip;
  skip.file = "f";
  skip.reason = "permission denied";
  skip.incomplete = true;
  totals.skips.assign(1000, skip);
  const std::string text = summary_text(totals, {});
  EXPECT_NE(text.find("not scanned   1,000 gaps:"), std::string::npos);
  EXPECT_NE(text.find("    and 980 more (--json lists them)"), std::string::npos);
}

TEST(TextPrinter, writes_numbers_for_people) {
  EXPECT_EQ(bytes_text(0), "0 bytes");
  EXPECT_EQ(bytes_text(1023), "1023 bytes");
  EXPECT_EQ(bytes_text(1024), "1.0 KiB");
  EXPECT_EQ(bytes_text((1 << 20) - 1), "1.0 MiB");
  EXPECT_EQ(bytes_text(UINT64_MAX), "16.0 EiB");
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1000), "1,000");
  EXPECT_EQ(count_text(1234567), "1,234,567");
}

TEST(TextPrinter, hands_on_what_the_output_says) {
  std::string summary;
  TextPrinter printer([](std::string_view) -> Status { return fail("broken pipe"); },
                      into(summary));
  Finding made = finding("f", 1, "evil.example", "evil.example");
  const Status taken = printer.take(std::span(&made.sighting, 1), std::span(&made.detail, 1));
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().message, "broken pipe");
}

}  // namespace
}  // namespace spoor
