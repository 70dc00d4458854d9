// Sightings, pulses and look-ups into drafts.

#include "cases/finding_drafts.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "cases/pulse_drafts.h"

namespace spoor {
namespace {

constexpr const char* kOld = "5a00000000000000000000aa";
constexpr const char* kNew = "6b00000000000000000000bb";

ClaimView claim(const std::string& pulse, Tlp tlp = Tlp::kGreen) {
  ClaimView made;
  made.feed = "otx";
  made.pulse_id = pulse;
  made.pulse_name = pulse.empty() ? "" : "Pulse " + pulse.substr(0, 2);
  made.pulse_author = "someone";
  made.tags = {"apt"};
  made.tlp = tlp;
  made.role = "c2";
  return made;
}

Sighting sighting(const std::string& value, const std::string& line,
                  const std::string& file = "/var/log/auth.log") {
  Sighting made;
  made.observable = {IndicatorType::kDomain, value};
  made.file = made.absolute_path = file;
  made.line = 7;
  made.event_text = line;
  made.event_digest = xxh3_128(line);
  made.match = value;
  made.grade = Grade::kExact;
  made.rule = "D1";
  made.time = parse_iso8601("2026-11-24T10:00:00")->time;
  return made;
}

std::vector<CaseDraft> drafts(const std::vector<Sighting>& all, DraftOptions options = {},
                              std::vector<ClaimView> claims = {claim(kNew), claim(kOld)}) {
  FindingDrafts builder(options, [claims](const Observable&) { return claims; });
  for (const Sighting& each : all) {
    const Status status = builder.add(each);
    EXPECT_TRUE(status) << status.error().message;
  }
  return builder.drafts();
}

const char* const kLine = "Nov 24 10:00:00 web1 named[1]: query: evil.example";

TEST(FindingDrafts, group_by_oldest_pulse_host_and_day) {
  Sighting other_day = sighting("evil.example", "Nov 25 10:00:00 web1 named: evil.example");
  other_day.time = *other_day.time + std::chrono::hours(24);
  const auto made = drafts({sighting("evil.example", kLine), other_day,
                            sighting("bad.example", "Nov 24 11:00:00 web1 named: bad.example"),
                            sighting("evil.example", "Nov 24 10:00:00 db2 x: evil.example")});
  ASSERT_EQ(made.size(), 3u);
  EXPECT_EQ(made[0].source_ref, std::string(kOld) + ":db2:2026-11-24");
  EXPECT_EQ(made[1].source_ref, std::string(kOld) + ":web1:2026-11-24");
  EXPECT_EQ(made[2].source_ref, std::string(kOld) + ":web1:2026-11-25");
  EXPECT_EQ(made[1].observables.size(), 2u);
  EXPECT_EQ(made[1].title, "Pulse 5a seen on web1 (2026-11-24)");
  EXPECT_EQ(made[1].asset, "web1");
  EXPECT_TRUE(made[1].observables[0].sighted);
  EXPECT_EQ(made[1].link, std::string("https://otx.alienvault.com/pulse/") + kOld);
}

TEST(FindingDrafts, do_not_depend_on_the_order_of_sightings) {
  std::vector<Sighting> all;
  for (int i = 0; i < 60; ++i)
    all.push_back(sighting("evil.example", std::string(kLine) + std::to_string(i)));
  for (int i = 0; i < 60; ++i)
    all[static_cast<std::size_t>(i)].line = static_cast<std::uint64_t>(i);
  const std::string forwards = draft_text(drafts(all).at(0));
  std::reverse(all.begin(), all.end());
  EXPECT_EQ(draft_text(drafts(all).at(0)), forwards);
}

TEST(FindingDrafts, count_an_event_in_rotated_copies_once) {
  const auto made = drafts({sighting("evil.example", kLine),
                            sighting("evil.example", kLine, "/var/log/auth.log.1"),
                            sighting("evil.example", kLine, "/var/log/auth.log.2.gz")});
  ASSERT_EQ(made.size(), 1u);
  EXPECT_EQ(made[0].sightings, 1u);
}

TEST(FindingDrafts, the_file_stands_for_a_host_that_is_not_named) {
  const auto made = drafts({sighting("evil.example", "evil.example", "/srv/a b;c.log.1"),
                            sighting("evil.example", "evil.example!", "/srv/a b;c.log")});
  ASSERT_EQ(made.size(), 1u);
  EXPECT_EQ(made[0].asset, "/srv/a b;c.log");
  EXPECT_EQ(made[0].source_ref, std::string(kOld) + ":%2Fsrv%2Fa%20b%3Bc.log:2026-11-24");
}

TEST(FindingDrafts, the_host_of_the_record_is_the_asset_in_any_format) {
  Sighting sysmon = sighting(
      "evil.example",
      R"({"@timestamp":"2026-11-24T10:00:00Z","host":{"name":"ws7.corp.example"},"q":"evil.example"})",
      "/srv/events.ndjson");
  sysmon.host = "ws7.corp.example";
  // The line's own words give way: --host, a root and a path are known to the hunt alone.
  Sighting told = sighting("evil.example", kLine);
  told.host = "web1.corp.example";
  const auto made = drafts({sysmon, told});
  ASSERT_EQ(made.size(), 2u);
  EXPECT_EQ(made[0].asset, "web1.corp.example");
  EXPECT_EQ(made[1].asset, "ws7.corp.example");
  EXPECT_EQ(made[1].source_ref, std::string(kOld) + ":ws7.corp.example:2026-11-24");
  EXPECT_EQ(made[1].title, "Pulse 5a seen on ws7.corp.example (2026-11-24)");
}

TEST(FindingDrafts, a_hostile_host_is_cut_and_escaped) {
  Sighting seen = sighting("evil.example", "evil.example");
  seen.host = "a;b:c\n" + std::string(5000, 'x');
  const CaseDraft draft = drafts({seen}).at(0);
  EXPECT_EQ(draft.asset.size(), 253u);
  EXPECT_EQ(draft.source_ref.find(';'), std::string::npos);
  EXPECT_EQ(draft.title.find('\n'), std::string::npos);
}

TEST(FindingDrafts, group_as_they_are_told) {
  DraftOptions options;
  options.group = {false, false, false, true};
  auto made =
      drafts({sighting("evil.example", kLine), sighting("bad.example", kLine)}, options);
  ASSERT_EQ(made.size(), 2u);
  EXPECT_EQ(made[0].source_ref, "domain=bad.example");
  // Without a pulse the feed is the group.
  made = drafts({sighting("evil.example", kLine)}, {}, {claim("")});
  EXPECT_EQ(made.at(0).source_ref, "feed=otx:web1:2026-11-24");
}

TEST(FindingDrafts, take_the_strictest_handling) {
  ClaimView strict = claim(kNew, Tlp::kAmberStrict);
  strict.tags.push_back("PAP:RED");
  const auto made = drafts({sighting("evil.example", kLine)}, {}, {claim(kOld), strict});
  EXPECT_EQ(made.at(0).tlp, Tlp::kAmberStrict);
  EXPECT_EQ(made.at(0).pap, 3);
  EXPECT_EQ(made.at(0).observables[0].tlp, Tlp::kAmberStrict);
}

TEST(FindingDrafts, say_what_argues_against) {
  Sighting weak = sighting("evil.example", kLine);
  weak.grade = Grade::kMention;
  weak.live = false;
  weak.time.reset();
  weak.reason = "a list of \"bad\" names";
  const CaseDraft draft = drafts({weak}, {}, {claim(kOld)}).at(0);
  for (const char* words : {"no match is better than a mention", "every claim had ended",
                            "the time is unknown", "one claim alone", "a list of \\\"bad\\\""})
    EXPECT_NE(draft.description.find(words), std::string::npos) << words << draft.description;
  EXPECT_NE(draft.source_ref.find("undated"), std::string::npos);
}

TEST(FindingDrafts, hostile_lines_stay_inside_their_block) {
  const std::string line =
      "Nov 24 10:00:00 web1 x: ```` </code><img src=x onerror=alert(1)> \x1b[2J "
      "[x](javascript:1) evil.example \xE2\x80\xAE";
  const CaseDraft draft = drafts({sighting("evil.example", line)}).at(0);
  const std::string& text = draft.description;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find("\xE2\x80\xAE"), std::string::npos);
  const std::size_t open = text.find("`````\n");
  ASSERT_NE(open, std::string::npos) << text;
  const std::size_t close = text.find("`````\n", open + 6);
  ASSERT_NE(close, std::string::npos);
  const std::size_t image = text.find("<img");
  EXPECT_TRUE(image > open && image < close) << text;
  EXPECT_EQ(text.find("<img", image + 1), std::string::npos);
}

TEST(FindingDrafts, a_long_line_is_cut_round_its_match) {
  const std::string line = std::string(3000, 'a') + " evil.example " + std::string(3000, 'b');
  const std::string text = drafts({sighting("evil.example", line)}).at(0).description;
  EXPECT_NE(text.find(" evil.example "), std::string::npos);
  EXPECT_EQ(text.find(std::string(1001, 'a')), std::string::npos);
}

TEST(FindingDrafts, wide_text_is_read) {
  std::string wide;
  for (const char c : std::string(kLine)) {
    wide += c;
    wide += '\0';
  }
  Sighting seen = sighting("evil.example", wide);
  seen.encoding = TextEncoding::kUtf16le;
  seen.match = wide.substr(wide.size() - 24);
  const CaseDraft draft = drafts({seen}).at(0);
  EXPECT_EQ(draft.asset, "web1");
  EXPECT_NE(draft.description.find("query: evil.example"), std::string::npos);
}

TEST(WithoutRotation, takes_away_what_rotation_adds) {
  const std::pair<const char*, const char*> rows[] = {
      {"/var/log/auth.log.1", "/var/log/auth.log"},
      {"/var/log/auth.log.12.gz", "/var/log/auth.log"},
      {"/var/log/messages-20261124.xz", "/var/log/messages"},
      {"/var/log/x.log.2026-11-24", "/var/log/x.log"},
      {"/var/log/x.20261124.zst", "/var/log/x"},
      {"/srv/192.0.2.10", "/srv/192.0.2"},
      {"/var/log/1", "/var/log/1"},
      {"/var/log/.1", "/var/log/.1"},
      {".gz", ".gz"},
      {"/var/log/app-2026", "/var/log/app-2026"},
      {"", ""},
  };
  for (const auto& [path, expected] : rows) EXPECT_EQ(without_rotation(path), expected) << path;
}

TEST(PulseDraft, holds_the_pulse) {
  Pulse pulse;
  pulse.id = kOld;
  pulse.name = std::string(600, 'n') + "<b>";
  pulse.author = "AlienVault";
  pulse.description = "First\n# not a heading\n<script>x</script>";
  pulse.adversary = "APT 1";
  pulse.tags = {"x", std::string(200, 't')};
  pulse.attack_ids = {"T1566"};
  pulse.references = {"https://r.example/a", "javascript:alert(1)"};
  pulse.tlp = Tlp::kClear;
  std::vector<ClaimView> claims;
  for (int i = 0; i < 5; ++i) {
    ClaimView each = claim(kOld);
    each.observable = {IndicatorType::kDomain, "d" + std::to_string(i) + ".example"};
    each.created = time_from_micros(i);
    claims.push_back(each);
  }
  DraftOptions options;
  options.max_observables = 3;
  const CaseDraft draft =
      pulse_draft(pulse, claims, {{claims[0].observable, std::nullopt}}, options);
  EXPECT_EQ(draft.type, "otx-pulse");
  EXPECT_EQ(draft.source, "AlienVault OTX");
  EXPECT_EQ(draft.source_ref, kOld);
  EXPECT_EQ(draft.tlp, Tlp::kClear);
  ASSERT_EQ(draft.observables.size(), 3u);
  EXPECT_EQ(draft.observables[0].observable.value, "d0.example") << "what was seen comes first";
  EXPECT_EQ(draft.observables[1].observable.value, "d4.example") << "then the newest";
  EXPECT_EQ(draft.left_out, 2u);
  ASSERT_EQ(draft.files.size(), 1u);
  EXPECT_NE(draft.files[0].bytes.find("d1.example"), std::string::npos);
  EXPECT_EQ(draft.description.find("\n# "), std::string::npos);
  EXPECT_EQ(draft.description.find("<script"), std::string::npos);
  EXPECT_NE(draft.description.find("<https://r.example/a>"), std::string::npos);
  for (const std::string& tag : draft.tags) EXPECT_LE(tag.size(), 130u);
}

TEST(LookupDraft, is_a_case_on_one_value) {
  DraftOptions options;
  options.as = FileAs::kCase;
  const Observable observable{IndicatorType::kDomain, "google.com"};
  CaseDraft draft = lookup_draft(observable, {}, {}, options);
  EXPECT_EQ(draft.title, "OTX: google.com");
  EXPECT_EQ(draft.tags, (std::vector<std::string>{"OTX", "Security"}));
  EXPECT_EQ(draft.custom_fields,
            (std::vector<std::pair<std::string, std::string>>{{"source", "OTX"}}));
  ASSERT_EQ(draft.observables.size(), 1u);
  EXPECT_NE(draft.description.find("- nothing\n"), std::string::npos);
  EXPECT_EQ(draft.severity, 1);
  options.custom_fields = {{"source", "mine"}};
  draft = lookup_draft(observable, {claim(kOld)}, {{observable, Time{}}}, options);
  EXPECT_EQ(draft.custom_fields[0].second, "mine");
  EXPECT_EQ(draft.custom_fields.size(), 1u);
  EXPECT_EQ(draft.severity, 2);
}

}  // namespace
}  // namespace spoor
