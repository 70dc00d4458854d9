#include "feeds/otx.h"

#include "feeds/feed_test_support.h"

namespace spoor {
namespace {

std::string row(const std::string& value, const std::string& type = "IPv4") {
  return R"({"indicator":")" + value + R"(","type":")" + type + R"("})";
}
std::string pulse(const std::string& id, const std::string& rows,
                  const std::string& more = "") {
  return R"({"id":")" + id + R"(","name":"n )" + id +
         R"(","author_name":"ann","tlp":"green","indicators":[)" + rows + "]" + more + "}";
}

/// "id(value value) ... value" over pulses and rows.
std::string shape(const ReadResult& result) {
  std::string text;
  for (const Pulse& p : result.pulses) {
    text += p.id + "(";
    for (const RawIndicator& r : p.indicators) text += r.value + " ";
    text += p.more_indicators ? "...) " : ") ";
  }
  for (const RawIndicator& r : result.rows) text += r.value + " ";
  if (result.incomplete) text += "[cut]";
  return text;
}

TEST(Otx, reads_every_document_of_the_service) {
  const struct {
    const char* name;
    std::string text;
    const char* expect;
  } kCases[] = {
      {"page",
       R"({"count":2,"next":null,"results":[)" + pulse("a", row("192.0.2.1")) + "," +
           pulse("b", "") + "]}",
       "a(192.0.2.1 ) b() "},
      {"results before count",
       R"({"results":[)" + pulse("a", row("192.0.2.1")) + R"(],"count":1})", "a(192.0.2.1 ) "},
      {"one pulse", pulse("a", row("192.0.2.1") + "," + row("192.0.2.2")),
       "a(192.0.2.1 192.0.2.2 ) "},
      {"array", "[" + pulse("a", "") + ",\n" + pulse("b", row("192.0.2.1")) + "]",
       "a() b(192.0.2.1 ) "},
      {"ndjson", pulse("a", row("192.0.2.1")) + "\n" + pulse("b", row("192.0.2.2")) + "\n",
       "a(192.0.2.1 ) b(192.0.2.2 ) "},
      {"ndjson with a damaged line",
       pulse("a", row("192.0.2.1")) + "\n{\"id\":\"x\",\n" + pulse("b", row("192.0.2.2")) +
           "\n",
       "a(192.0.2.1 ) b(192.0.2.2 ) "},
      {"documents side by side", pulse("a", "") + pulse("b", ""), "a() b() "},
      {"pages in ndjson",
       "{\"results\":[" + pulse("a", "") + "]}\n{\"results\":[" + pulse("b", "") + "]}\n",
       "a() b() "},
      {"export",
       R"({"results":[)" + row("192.0.2.1") + "," + row("192.0.2.2") + R"(],"count":3})",
       "192.0.2.1 192.0.2.2 "},
      {"rows", "[" + row("192.0.2.1") + "]", "192.0.2.1 "},
      {"empty page", R"({"results":[],"count":0,"next":null})", ""},
      {"empty array", "[]", ""},
      {"a pulse without an id keeps its rows",
       R"({"name":"n","indicators":[)" + row("192.0.2.1") + "]}", "192.0.2.1 "},
      {"old id", R"({"_id":"a","name":"n","indicators":[]})", "a() "},
      {"exported id", R"({"_id":{"$oid":"a"},"name":"n","indicators":[]})", "a() "},
      {"a pulse without its list", R"({"id":"a","name":"n","author_name":"x"})", "a(...) "},
      {"indicators null", R"({"id":"a","name":"n","indicators":null})", "a(...) "},
      {"more to come", pulse("a", row("192.0.2.1"), R"(,"more_indicators":true)"),
       "a(192.0.2.1 ...) "},
  };
  for (const auto& c : kCases) {
    const ReadResult result = read_as("otx", c.text);
    ASSERT_TRUE(result.status) << c.name << ": " << result.status.error().message;
    EXPECT_EQ(shape(result), c.expect) << c.name;
  }
}

TEST(Otx, reads_the_fields_of_a_pulse_in_all_their_spellings) {
  const ReadResult result = read_as("otx", R"([
    {"id":"1","name":"a\tb\u0000c \ud83d\ude00","description":"d","author_name":"ann","created":"2018-07-09T18:02:39.394000",
     "modified":"2018-07-10T18:02:39","revision":4.0,"TLP":"RED","public":true,"adversary":null,"tags":["x","y"],
     "references":["","r"],"targeted_countries":["Peru"],"industries":["i"],"malware_families":["m"],"attack_ids":["T1001"],
     "extract_source":["e"],"more_indicators":0,"in_group":false,"upvotes_count":2.5,"indicators":[]},
    {"id":"2","tlp":"white","TLP":"red","public":0,"adversary":"APT","author":{"username":"bob","id":"17"},
     "malware_families":[{"id":"1","display_name":"Zeus","target":null}],"attack_ids":[{"id":"T1059","name":"n","display_name":"T1059 - n"}],
     "tags":"single","created":"yesterday","name":"n","indicators":[]},
    {"id":3,"name":null,"tlp":"","revision":"7","public":"1","indicators":[]}])");
  ASSERT_TRUE(result.status);
  ASSERT_EQ(result.pulses.size(), 3u);
  const Pulse& one = result.pulses[0];
  EXPECT_EQ(one.name, std::string("a\tb\0c \xF0\x9F\x98\x80", 10));
  EXPECT_EQ(format_iso8601(*one.created), "2018-07-09T18:02:39.394000Z");
  EXPECT_EQ(format_iso8601(*one.modified), "2018-07-10T18:02:39Z");
  EXPECT_EQ(one.revision, 4);
  EXPECT_EQ(one.tlp, Tlp::kRed);
  EXPECT_TRUE(one.is_public);
  EXPECT_EQ(one.adversary, "");
  EXPECT_EQ(one.references, RowLines{"r"});
  EXPECT_EQ(one.targeted_countries, RowLines{"Peru"});
  EXPECT_EQ(one.extra, R"({"in_group":false,"upvotes_count":2.5})");
  EXPECT_FALSE(one.more_indicators);
  const Pulse& two = result.pulses[1];
  EXPECT_EQ(two.tlp, Tlp::kClear);
  EXPECT_FALSE(two.is_public);
  EXPECT_EQ(two.author, "bob");
  EXPECT_EQ(two.adversary, "APT");
  EXPECT_EQ(two.malware_families, RowLines{"Zeus"});
  EXPECT_EQ(two.attack_ids, RowLines{"T1059"});
  EXPECT_EQ(two.tags, RowLines{"single"});
  EXPECT_FALSE(two.created);
  EXPECT_NE(two.extra.find(R"("target":null)"), std::string::npos);
  EXPECT_EQ(result.notes.entries()[0].reason, "created is not a date: left out");
  const Pulse& three = result.pulses[2];
  EXPECT_EQ(three.id, "3");
  EXPECT_EQ(three.tlp, Tlp::kAmber);
  EXPECT_EQ(three.revision, 7);
  EXPECT_TRUE(three.is_public);
}

TEST(Otx, reads_the_fields_of_a_row_in_all_their_spellings) {
  const ReadResult result = read_as("otx", pulse("p", R"(
    {"id":4081308221,"indicator":" EVIL[.]example. ","type":"Domain","created":"2018-07-09T18:02:40","content":"","title":null,
     "description":"d","expiration":"2018-08-09T18:00:00","is_active":1,"role":null,"access_type":"public"},
    {"id":"12","indicator":"192.0.2.1","type":"IPv4","expiration":"2026-01-31","is_active":false,"role":"rat"},
    {"id":1.5,"indicator":"192.0.2.2","type":null,"expiration":"01/01/20","is_active":"0"},
    {"indicator":42,"type":"ASN","title":7},
    {"indicator":"","type":"IPv4"})"));
  ASSERT_TRUE(result.status);
  ASSERT_EQ(result.pulses.size(), 1u);
  const auto& rows = result.pulses[0].indicators;
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows[0].source_id, 4081308221);
  EXPECT_EQ(rows[0].value, " EVIL[.]example. ");
  EXPECT_EQ(rows[0].type, "Domain");
  EXPECT_EQ(rows[0].title, "");
  EXPECT_TRUE(rows[0].active);
  EXPECT_EQ(rows[0].where, "x: pulse p row 1");
  EXPECT_EQ(format_iso8601(*rows[0].expiration), "2018-08-09T18:00:00Z");
  EXPECT_EQ(rows[1].source_id, 12);
  EXPECT_FALSE(rows[1].active);
  EXPECT_EQ(rows[1].role, "rat");
  EXPECT_EQ(format_iso8601(*rows[1].expiration), "2026-02-01T00:00:00Z");
  EXPECT_EQ(rows[2].source_id, 0);
  EXPECT_EQ(rows[2].type, "");
  EXPECT_FALSE(rows[2].active);
  EXPECT_FALSE(rows[2].expiration);
  EXPECT_EQ(rows[3].value, "42");
  EXPECT_EQ(rows[3].title, "7");
  EXPECT_EQ(rows[4].value, "");
  EXPECT_TRUE(result.damaged.empty());
  EXPECT_EQ(result.notes.total(), 2u);
  EXPECT_FALSE(result.pulses[0].more_indicators);
}

TEST(Otx, a_damaged_row_costs_itself) {
  const struct {
    const char* name;
    std::string damage;
  } kCases[] = {
      {"not an object", "17"},
      {"null", "null"},
      {"a string", "\"192.0.2.9\""},
      {"no indicator", R"({"type":"IPv4"})"},
      {"a list", R"({"indicator":["192.0.2.9"],"type":"IPv4"})"},
      {"an object", R"({"indicator":{"value":"192.0.2.9"},"type":"IPv4"})"},
      {"a type that is a number", R"({"indicator":"192.0.2.9","type":4})"},
      {"bad utf-8", "{\"indicator\":\"192.0.2.9\xFF\",\"type\":\"IPv4\"}"},
      {"bad utf-8 elsewhere",
       "{\"indicator\":\"192.0.2.9\",\"type\":\"IPv4\",\"title\":\"\xC3\"}"},
      {"lone surrogate", R"({"indicator":"192.0.2.9","title":"\ud800"})"},
      {"no value", R"({"indicator":,"type":"IPv4"})"},
      {"single quotes", R"({'indicator':'192.0.2.9'})"},
      {"stray quote", R"({"indicator":"192.0.2.9","title":"say "hi" now"})"},
      {"a lost quote", R"({"indicator":"192.0.2.9,"type":"IPv4"})"},
      {"raw line end", "{\"indicator\":\"192.0.2.9\",\"title\":\"a\nb\"}"},
      {"a huge number", R"({"indicator":"192.0.2.9","id":1e999})"},
      {"nested too deep", R"({"indicator":"192.0.2.9","x":)" + std::string(200, '[') +
                              std::string(200, ']') + "}"},
  };
  for (const auto& c : kCases) {
    const std::string text =
        R"({"count":2,"results":[)" +
        pulse("a", row("192.0.2.1") + "," + c.damage + "," + row("192.0.2.2")) + "," +
        pulse("b", row("192.0.2.3")) + R"(],"next":null})";
    const ReadResult result = read_as("otx", text);
    ASSERT_TRUE(result.status) << c.name;
    EXPECT_EQ(shape(result), "a(192.0.2.1 192.0.2.2 ...) b(192.0.2.3 ) ") << c.name;
    EXPECT_EQ(result.damaged.total(), 1u) << c.name;
    if (result.damaged.empty()) continue;
    EXPECT_EQ(result.damaged.entries()[0].examples[0].where, "x: pulse a row 2") << c.name;
  }
}

TEST(Otx, a_row_that_lost_its_brace_takes_no_other_along) {
  const ReadResult result = read_as(
      "otx", R"({"results":[)" +
                 pulse("a", row("192.0.2.1") + R"(,{"indicator":"192.0.2.9","type":"IPv4",)" +
                                row("192.0.2.2")) +
                 "," + pulse("b", row("192.0.2.3")) + "]}");
  ASSERT_TRUE(result.status);
  EXPECT_EQ(shape(result), "a(192.0.2.1 192.0.2.2 ...) b(192.0.2.3 ) ");
  EXPECT_EQ(result.damaged.total(), 1u);
}

TEST(Otx, a_damaged_text_of_a_pulse_is_repaired) {
  const struct {
    const char* name;
    std::string member;
    std::string expect;
  } kCases[] = {
      {"bad utf-8", "\"a\xFFz\"", "a\xEF\xBF\xBDz"},
      {"raw tab", "\"a\tz\"", "a\tz"},
      {"raw nul", std::string("\"a\0z\"", 5), std::string("a\0z", 3)},
      {"lone surrogate", R"("a\udc00z")", "a\xEF\xBF\xBDz"},
      {"stray quotes", R"("say "hi" now")", "say \"hi\" now"},
  };
  for (const auto& c : kCases) {
    const ReadResult result =
        read_as("otx", R"({"id":"a","name":)" + c.member + R"(,"tlp":"red","indicators":[)" +
                           row("192.0.2.1") + "]}");
    ASSERT_TRUE(result.status) << c.name;
    ASSERT_EQ(result.pulses.size(), 1u) << c.name;
    EXPECT_EQ(result.pulses[0].name, c.expect) << c.name;
    EXPECT_EQ(result.pulses[0].tlp, Tlp::kRed) << c.name;
    EXPECT_EQ(shape(result), "a(192.0.2.1 ) ") << c.name;
    EXPECT_EQ(result.notes.total(), 1u) << c.name;
  }
}

TEST(Otx, a_document_cut_anywhere_keeps_every_whole_row) {
  const std::string text =
      R"({"count":2,"results":[)" + pulse("a", row("192.0.2.1") + "," + row("192.0.2.2")) +
      "," + pulse("b", row("192.0.2.3") + "," + row("192.0.2.4")) + R"(],"next":null})";
  std::size_t most = 0;
  for (std::size_t length = text.find("192.0.2.1"); length < text.size(); ++length) {
    const ReadResult result = read_as("otx", text.substr(0, length));
    ASSERT_TRUE(result.status) << length;
    EXPECT_TRUE(result.incomplete) << length;
    std::size_t rows = 0;
    for (const Pulse& p : result.pulses) {
      rows += p.indicators.size();
      for (const RawIndicator& r : p.indicators) EXPECT_EQ(r.value.size(), 9u) << length;
    }
    EXPECT_GE(rows, most) << length;  // more text never yields less
    most = std::max(most, rows);
  }
  EXPECT_EQ(most, 4u);
  EXPECT_FALSE(read_as("otx", text).incomplete);
}

TEST(Otx, tells_what_a_document_is_if_it_is_no_feed) {
  const struct {
    const char* name;
    const char* text;
    const char* expect;
  } kCases[] = {
      {"lookup",
       R"({"indicator":"8.8.8.8","type":"IPv4","sections":["geo"],"pulse_info":{"count":0},"base_indicator":{}})",
       "a lookup reply"},
      {"ids", R"({"count":1,"results":["546ce8eb11d40838dc6e43f1"]})", "a list of strings"},
      {"events",
       R"({"results":[{"id":1,"action":"delete","object_type":"pulse","object_id":"x","created":"2017-01-01"}]})",
       "a page of events"},
      {"error", R"({"detail":"Authentication required"})", "an error or status message"},
      {"misp", R"({"Event":{"info":"x"}})", "json with the members event"},
      {"a number", "17", "no json object"},
      {"nothing", "", "no json object"},
      {"html", "<html>", "no json object"},
      {"a list of strings", R"(["evil.example"])", "a list of strings"},
  };
  for (const auto& c : kCases) {
    const ReadResult result = read_as("otx", c.text);
    ASSERT_FALSE(result.status) << c.name;
    EXPECT_EQ(result.status.error().message.find(c.expect), 0u)
        << c.name << ": " << result.status.error().message;
    EXPECT_NE(result.status.error().message.find("expected"), std::string::npos) << c.name;
  }
}

TEST(Otx, tells_what_the_envelope_said) {
  const auto nothing = [](Page&&) -> Status { return {}; };
  auto summary =
      read_otx(R"({"count":40359,"next":"https://otx.example/p?page=2","results":[)" +
                   pulse("a", row("192.0.2.1")) + ",17]}",
               "x", nothing);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->count, 40359);
  EXPECT_TRUE(summary->has_next);
  EXPECT_EQ(summary->elements, 2u);
  EXPECT_EQ(summary->pulses, 1u);
  EXPECT_EQ(summary->rows, 1u);
  summary = read_otx(R"({"count":0,"next":null,"results":[]})", "x", nothing);
  ASSERT_TRUE(summary);
  EXPECT_FALSE(summary->has_next);
  EXPECT_EQ(summary->elements, 0u);
}

TEST(Otx, splits_pages_between_pulses) {
  std::string text = "[";
  for (int i = 0; i < 30; ++i) {
    std::string rows;
    for (int r = 0; r < 1'000; ++r) rows += (r == 0 ? "" : ",") + row("192.0.2.1");
    text += (i == 0 ? "" : ",") + pulse(std::to_string(i), rows);
  }
  text += "]";
  int pages = 0;
  const auto summary = read_otx(text, "x", [&](Page&& page) -> Status {
    ++pages;
    EXPECT_EQ(page.pulses.size(), 10u);
    return {};
  });
  ASSERT_TRUE(summary);
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(summary->rows, 30'000u);
  const auto stopped = read_otx(text, "x", [&](Page&&) -> Status { return fail("disk full"); });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().message, "disk full");
}

TEST(Otx, keeps_unknown_members_within_bounds) {
  const ReadResult result =
      read_as("otx", R"({"id":"a","name":"n","indicators":[],"small":1,"big":")" +
                         std::string(100'000, 'x') + R"("})");
  ASSERT_EQ(result.pulses.size(), 1u);
  EXPECT_EQ(result.pulses[0].extra, R"({"small":1})");
  EXPECT_EQ(result.notes.total(), 1u);
}

}  // namespace
}  // namespace spoor
