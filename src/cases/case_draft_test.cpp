// Drafts: their JSON, their identity, what is cut; the severity table; dialects.

#include "cases/case_draft.h"

#include <gtest/gtest.h>

#include "cases/draft_options.h"
#include "cases/severity.h"
#include "cases/thehive_dialect.h"

namespace spoor {
namespace {

CaseDraft whole_draft() {
  CaseDraft draft;
  draft.as = FileAs::kCase;
  draft.type = "spoor-finding";
  draft.source = "spoor";
  draft.source_ref = "5f:host:2026-11-26";
  draft.title = "title";
  draft.description = "text\nwith `ticks`";
  draft.severity = 3;
  draft.severity_steps = {{"sighted", "words", 2}, {"named", "more", 3}};
  draft.tlp = Tlp::kAmberStrict;
  draft.pap = 1;
  draft.tags = {"a", "b"};
  draft.custom_fields = {{"source", "OTX"}};
  draft.case_template = "phish";
  draft.merge_into = "~7";
  draft.tasks = {{"look", "group", "text"}};
  draft.techniques = {"T1566"};
  draft.link = "https://x.example/";
  draft.date = time_from_micros(5);
  DraftObservable observable;
  observable.observable = {IndicatorType::kDomain, "evil.example"};
  observable.sighted = true;
  observable.sighted_at = time_from_micros(6);
  observable.tags = {"role:c2"};
  observable.message = "m";
  observable.tlp = Tlp::kGreen;
  draft.observables = {observable};
  draft.left_out = 4;
  draft.files = {{"x.csv", "text/csv", "type\r\n"},
                 {"x.stix.json", "application/stix+json;version=2.1", "{}"}};
  draft.asset = "host";
  draft.pulse_id = "5f";
  draft.pulse_name = "P";
  draft.sightings = 9;
  draft.first = time_from_micros(7);
  draft.last = time_from_micros(8);
  return draft;
}

TEST(CaseDraft, comes_back_from_its_text) {
  const CaseDraft draft = whole_draft();
  const std::string text = draft_text(draft);
  const auto back = draft_of(text);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(draft_text(*back), text);
  EXPECT_EQ(back->observables[0].observable.value, "evil.example");
  EXPECT_EQ(back->merge_into, "~7");
  EXPECT_EQ(key_of(*back), "case;spoor-finding;spoor;5f:host:2026-11-26");
}

TEST(CaseDraft, refuses_what_is_none) {
  for (const char* text :
       {"", "{}", "[]", R"({"as":"alert"})",
        R"({"as":"alert","type":"t","source":"s","source_ref":"r","title":"x",
                               "severity":9,"pap":2})"})
    EXPECT_FALSE(draft_of(text)) << text;
}

TEST(CutText, counts_as_the_server_does_and_keeps_whole_characters) {
  EXPECT_EQ(cut_text("abc", 3), "abc");
  EXPECT_EQ(cut_text("abcd", 3), "ab\xE2\x80\xA6");
  EXPECT_EQ(cut_text("\xC3\xA9\xC3\xA9\xC3\xA9", 2), "\xC3\xA9\xE2\x80\xA6");
  // U+1F600 is two of TheHive's units.
  EXPECT_EQ(cut_text("\xF0\x9F\x98\x80\xF0\x9F\x98\x80", 4),
            "\xF0\x9F\x98\x80\xF0\x9F\x98\x80");
  EXPECT_EQ(cut_text("\xF0\x9F\x98\x80\xF0\x9F\x98\x80", 3), "\xF0\x9F\x98\x80\xE2\x80\xA6");
  EXPECT_EQ(cut_text("\xFFx", 5), "\xEF\xBF\xBDx");
}

TEST(ReferencePart, never_holds_what_separates_parts) {
  EXPECT_EQ(reference_part("a;b:c/d e%", 100), "a%3Bb%3Ac%2Fd%20e%25");
  EXPECT_EQ(reference_part("web-1.example", 100), "web-1.example");
  const std::string one = reference_part(std::string(200, 'x') + "1", 48);
  const std::string two = reference_part(std::string(200, 'x') + "2", 48);
  EXPECT_EQ(one.size(), 48u);
  EXPECT_EQ(reference_part(std::string(200, ';'), 24).size(), 24u);
  EXPECT_NE(one, two);
}

TEST(CleanTags, sorts_cuts_and_drops) {
  EXPECT_EQ(clean_tags({"b", " a ", "", "b", "x\ny"}),
            (std::vector<std::string>{"a", "b", "x\\ny"}));
  EXPECT_LE(clean_tags({std::string(500, 'x')})[0].size(), 130u);
}

struct SeverityCase {
  const char* name;
  SeverityFacts facts;
  int expected;
};

TEST(Severity, follows_the_table) {
  SeverityFacts seen;
  seen.sighted = true;
  seen.best_grade = Grade::kExact;
  seen.indicators = 1;
  auto with = [&](auto change) {
    SeverityFacts facts = seen;
    change(facts);
    return facts;
  };
  const SeverityCase cases[] = {
      {"nothing seen", {}, 1},
      {"seen", seen, 2},
      {"named", with([](SeverityFacts& f) { f.named = true; }), 3},
      {"named, three", with([](SeverityFacts& f) { f.named = true, f.indicators = 3; }), 4},
      {"ended", with([](SeverityFacts& f) { f.all_ended = true; }), 1},
      {"a mention", with([](SeverityFacts& f) {
         f.named = true;
         f.best_grade = Grade::kMention;
       }),
       2},
      {"critical asset", with([](SeverityFacts& f) { f.critical = true; }), 4},
  };
  for (const SeverityCase& each : cases) {
    std::vector<SeverityStep> steps;
    EXPECT_EQ(severity_of(each.facts, {}, steps), each.expected) << each.name;
    EXPECT_FALSE(steps.empty());
  }
  std::vector<SeverityStep> steps;
  const SeverityChoice choices[] = {{"sighted", 3}};
  EXPECT_EQ(severity_of(seen, choices, steps), 3);
}

TEST(CriticalAssets, are_named_by_patterns) {
  EXPECT_TRUE(is_critical("DC01.corp.example", {"dc*.corp.example"}));
  EXPECT_TRUE(is_critical("x", {"*"}));
  EXPECT_FALSE(is_critical("web", {"dc*", ""}));
  // What would take for ever with backtracking.
  EXPECT_FALSE(is_critical(std::string(50'000, 'a'), {"*a*a*a*a*a*b"}));
}

TEST(CaseDraft, takes_the_file_of_an_older_draft) {
  std::string text = draft_text(whole_draft());
  const std::size_t begin = text.find("\"files\":[");
  const std::size_t end = text.find("\"asset\"");
  ASSERT_TRUE(begin != std::string::npos && end != std::string::npos);
  text.replace(begin, end - begin, R"("attachment_name":"old.csv","attachment":"type\r\n",)");
  const auto back = draft_of(text);
  ASSERT_TRUE(back) << back.error().message;
  ASSERT_EQ(back->files.size(), 1u);
  EXPECT_EQ(back->files[0].name, "old.csv");
  EXPECT_EQ(back->files[0].media_type, "text/csv");
  EXPECT_EQ(back->files[0].bytes, "type\r\n");
}

TEST(Handling, keeps_the_strictest) {
  Handling handling;
  handling.take(Tlp::kGreen, {"tlp:red", "PAP:AMBER"});
  handling.take(Tlp::kAmber, {"pap:green", "tlp:"});
  EXPECT_EQ(handling.tlp, Tlp::kRed);
  EXPECT_EQ(handling.pap, 2);
}

TEST(Cap, keeps_the_first_and_lists_the_rest) {
  CaseDraft draft = whole_draft();
  for (const char* value : {"=cmd()", "b\"c\n"}) {
    DraftObservable each;
    each.observable = {IndicatorType::kUrl, value};
    draft.observables.push_back(each);
  }
  draft.source_ref = "a:b/c";
  draft.files.clear();
  DraftOptions options;
  options.max_observables = 1;
  apply_cap(draft, options, [](LeftOut&) { FAIL() << "asked for STIX alone"; });
  EXPECT_EQ(draft.observables.size(), 1u);
  EXPECT_EQ(draft.left_out, 2u);
  ASSERT_EQ(draft.files.size(), 1u);
  EXPECT_EQ(draft.files[0].name, "observables-a_b_c.csv");
  EXPECT_EQ(draft.files[0].bytes,
            "type,value,tags\r\n\"URL\",\"'=cmd()\",\"\"\r\n\"URL\",\"b\"\"c?\",\"\"\r\n");
}

TEST(Cap, gives_stix_and_what_stix_cannot_say_as_csv) {
  const struct {
    AttachAs as;
    std::vector<std::size_t> lacking;
    std::vector<std::string> names;
    std::size_t csv_rows;
  } rows[] = {
      {AttachAs::kStix, {}, {"observables-r.stix.json"}, 0},
      {AttachAs::kStix, {1}, {"observables-r.stix.json", "observables-r.csv"}, 1},
      {AttachAs::kStix, {0, 1, 2}, {"observables-r.csv"}, 3},
      {AttachAs::kBoth, {}, {"observables-r.stix.json", "observables-r.csv"}, 3},
      {AttachAs::kBoth, {1}, {"observables-r.stix.json", "observables-r.csv"}, 3},
  };
  for (const auto& row : rows) {
    CaseDraft draft = whole_draft();
    draft.files.clear();
    draft.source_ref = "r";
    for (const char* value : {"a.example", "b.example", "c.example"}) {
      draft.observables.push_back({});
      draft.observables.back().observable = {IndicatorType::kDomain, value};
    }
    DraftOptions options;
    options.max_observables = 1;
    options.attach_as = row.as;
    options.write_stix = [&](std::span<const LeftOut> all) {
      EXPECT_EQ(all.size(), 3u);
      for (const LeftOut& each : all) EXPECT_EQ(each.events, 7u);
      return StixBundle{row.lacking.size() == all.size() ? "" : "bundle", row.lacking};
    };
    apply_cap(draft, options, [](LeftOut& left) { left.events = 7; });
    std::vector<std::string> names;
    std::size_t csv_rows = 0;
    for (const DraftFile& file : draft.files) {
      names.push_back(file.name);
      if (file.media_type == "text/csv")
        csv_rows =
            static_cast<std::size_t>(std::count(file.bytes.begin(), file.bytes.end(), '\n')) -
            1;
    }
    EXPECT_EQ(names, row.names);
    EXPECT_EQ(csv_rows, row.csv_rows);
    EXPECT_EQ(draft.left_out, 3u);
  }
}

TEST(GroupBy, is_read_from_words) {
  const auto group = parse_group_by("indicator, Day");
  ASSERT_TRUE(group);
  EXPECT_TRUE(group->indicator && group->day && !group->pulse && !group->asset);
  EXPECT_FALSE(parse_group_by("host"));
  EXPECT_FALSE(parse_group_by(""));
}

TEST(Dialects, are_found_by_version) {
  const struct {
    const char *version, *api, *name;
    int red, strict;
  } rows[] = {{"3.5.1", "auto", "3-v0", 3, 3},     {"4.1.24-1", "auto", "4-v0", 3, 3},
              {"4.0.5", "v1", "4-v1", 3, 3},       {"5.0.16", "auto", "5.0-v1", 3, 3},
              {"5.1.9-1", "v1", "5.0-v1", 3, 3},   {"5.2.0", "auto", "5.2-v1", 4, 3},
              {"5.7.3-1", "auto", "5.2-v1", 4, 3}, {"5.7.3", "v0", "5-v0", 4, 3},
              {"6.0", "auto", "5.2-v1", 4, 3}};
  for (const auto& row : rows) {
    const TheHiveDialect* dialect = thehive_dialect(row.version, row.api);
    ASSERT_NE(dialect, nullptr) << row.version;
    EXPECT_EQ(dialect->name, row.name);
    EXPECT_EQ(tlp_number(*dialect, Tlp::kRed), row.red) << row.version;
    EXPECT_EQ(tlp_number(*dialect, Tlp::kAmberStrict), row.strict) << row.version;
    EXPECT_EQ(tlp_number(*dialect, Tlp::kClear), 0);
    EXPECT_EQ(tlp_of_number(*dialect, row.red), Tlp::kRed);
  }
  for (const char* version : {"", "2.1", "x", "0"})
    EXPECT_EQ(thehive_dialect(version, "auto"), nullptr) << version;
  EXPECT_EQ(thehive_dialect("3.4", "v1"), nullptr);
}

}  // namespace
}  // namespace spoor
