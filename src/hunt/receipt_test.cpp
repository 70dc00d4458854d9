#include "hunt/receipt.h"

#include <gtest/gtest.h>

#include "base/ascii.h"

namespace spoor {
namespace {

constexpr std::string_view kHead =
    R"({"kind":"receipt","version":1,"program":"spoor 0.1.0","machine":"host","directory":"/d",)"
    R"("started":"2026-11-24T10:00:00Z","min_grade":"exact","format":"","zone":"+01:00",)"
    R"("zone_given":true,"event_host":"","expansion_limit":10000,"decoded_limit":100,)"
    R"("member_limit":10,"archive_depth":4,"archive_memory":1024,"indicators":2,"entries":[)";
constexpr std::string_view kFile =
    R"({"kind":"file","file":"a","absolute":"/d/a","regular":true,"size":5,)"
    R"("modified":"2026-11-24T10:00:00.5Z","bytes_unread":0,"bytes_hunted_before":0,)"
    R"("digest":"xxh3-128:000102030405060708090a0b0c0d0e0f","digest_bytes":5,"members":0,)"
    R"("bytes_read":5,"bytes_decoded":5,"bytes_scanned":5,"bytes_skipped":0,"lines":1,)"
    R"("format":"text","encoding":"bytes","decoders":""})";
constexpr std::string_view kSkip =
    R"({"kind":"skip","file":"b\ufffd","file_hex":"62ff","reason":"is a fifo","bytes":0,)"
    R"("whole":false,"incomplete":false})";
constexpr std::string_view kSighting =
    R"({"kind":"sighting","file":"a","absolute":"/d/a","line":1,"event_offset":0,)"
    R"("event_digest":"000102030405060708090a0b0c0d0e0f","offset":0,"length":4,"type":"domain",)"
    R"("indicator":"e.example","match":"evil","grade":"exact","rule":"D3","views":["json","qp"],)"
    R"("verdict":"shown","time":"2026-11-24T10:00:00Z"})";
constexpr std::string_view kSummary =
    R"(],"summary":{"complete":true,"interrupted":false,"closes":true,"files":1,)"
    R"("bytes_on_disk":5,"bytes_read":5,"bytes_unread":0,"bytes_hunted_before":0,"bytes_decoded":5,"bytes_scanned":5,)"
    R"("bytes_skipped":0,"lines":1,"skips":1,"sightings":1,"by_grade":{"exact":1},)"
    R"("canary":{"planted":5,"found":5,"unexpected":0}},)";

TEST(Receipt, reads_what_was_written) {
  ReceiptParser parser;
  const auto head = parser.line(kHead);
  ASSERT_TRUE(head.has_value()) << head.error().message;
  EXPECT_EQ(std::get<ReceiptHead>(*head).min_grade, Grade::kExact);
  EXPECT_EQ(std::get<ReceiptHead>(*head).zone, "+01:00");
  EXPECT_EQ(std::get<ReceiptHead>(*head).limits.member_limit, 10u);
  EXPECT_TRUE(parser.is_receipt());
  const auto file = parser.line(std::string(kFile) + ",");
  ASSERT_TRUE(file.has_value()) << file.error().message;
  EXPECT_EQ(to_hex(std::get<FileAccount>(*file).identity.digest->view()),
            "000102030405060708090a0b0c0d0e0f");
  EXPECT_TRUE(std::get<FileAccount>(*file).identity.modified.has_value());
  const auto skip = parser.line(std::string(kSkip) + ",");
  ASSERT_TRUE(skip.has_value()) << skip.error().message;
  EXPECT_EQ(std::get<Skip>(*skip).file, "b\xff");
  const auto sighting = parser.line(kSighting);
  ASSERT_TRUE(sighting.has_value()) << sighting.error().message;
  EXPECT_EQ(std::get<ReceiptSighting>(*sighting).sighting.views,
            (std::vector<ViewKind>{ViewKind::kJson, ViewKind::kQp}));
  EXPECT_FALSE(parser.end());
  const auto summary = parser.line(kSummary);
  ASSERT_TRUE(summary.has_value()) << summary.error().message;
  EXPECT_EQ(std::get<ReceiptSummary>(*summary).canary.found, 5u);
  std::string all(kHead);
  all += "\n" + std::string(kFile) + ",\n" + std::string(kSkip) + ",\n" +
         std::string(kSighting) + "\n" + std::string(kSummary) + "\n";
  const auto end =
      parser.line("\"checksum\":\"xxh3-128:" + to_hex(xxh3_128(all).view()) + "\"}");
  ASSERT_TRUE(end.has_value()) << end.error().message;
  EXPECT_TRUE(std::get<ReceiptEnd>(*end).checksum_holds);
  EXPECT_TRUE(parser.end());
  EXPECT_FALSE(parser.line("{}").has_value());
}

TEST(Receipt, reads_what_was_hunted_before_and_the_root) {
  std::string head(kHead);
  head.insert(head.find("\"zone\""), R"("root":"image","root_path":"/mnt/image",)");
  ReceiptParser parser;
  const auto root = parser.line(head);
  ASSERT_TRUE(root.has_value()) << root.error().message;
  EXPECT_EQ(std::get<ReceiptHead>(*root).root, "image");
  EXPECT_EQ(std::get<ReceiptHead>(*root).root_path, "/mnt/image");
  std::string file(kFile);
  file.replace(file.find("before\":0"), 9, "before\":3");
  file.insert(file.find("\"digest\""), R"("news":"continued",)");
  const auto line = parser.line(file + ",");
  ASSERT_TRUE(line.has_value()) << line.error().message;
  EXPECT_EQ(std::get<FileAccount>(*line).bytes_before, 3u);
  EXPECT_EQ(std::get<FileAccount>(*line).identity.from, 3u);
  EXPECT_EQ(std::get<FileAccount>(*line).news, NewsKind::kContinued);
  file.replace(file.find("continued"), 9, "something");
  EXPECT_FALSE(parser.line(file).has_value());

  std::string relative = head;
  relative.replace(relative.find("/mnt/image"), 10, "mnt/image");
  EXPECT_FALSE(ReceiptParser().line(relative).has_value());
}

TEST(Receipt, reads_where_a_followed_file_is_now) {
  std::string head(kHead);
  head.insert(head.find("\"zone\""), R"("follows":true,)");
  ReceiptParser parser;
  const auto first = parser.line(head);
  ASSERT_TRUE(first.has_value()) << first.error().message;
  EXPECT_TRUE(std::get<ReceiptHead>(*first).follows);
  std::string file(kFile), sighting(kSighting);
  file.insert(file.find("\"regular\""), R"("now":"/d/a.1\ufffd","now_hex":"2f642f612e31ff",)");
  sighting.insert(sighting.find("\"line\""), R"("gone":true,"hunted_to":5,)");
  const auto account = parser.line(file + ",");
  ASSERT_TRUE(account.has_value()) << account.error().message;
  EXPECT_EQ(std::get<FileAccount>(*account).now, "/d/a.1\xff");
  EXPECT_FALSE(std::get<FileAccount>(*account).gone);
  const auto found = parser.line(sighting + ",");
  ASSERT_TRUE(found.has_value()) << found.error().message;
  EXPECT_TRUE(std::get<ReceiptSighting>(*found).gone);
  EXPECT_EQ(std::get<ReceiptSighting>(*found).hunted_to, 5u);
  for (const char* odd : {R"("now":"d/a",)", R"("now":7,)", R"("now":"",)", R"("gone":1,)"}) {
    ReceiptParser other;
    ASSERT_TRUE(other.line(kHead).has_value());
    std::string changed(kFile);
    changed.insert(changed.find("\"regular\""), odd);
    EXPECT_FALSE(other.line(changed + ",").has_value()) << odd;
  }
}

TEST(Receipt, a_missing_or_odd_member_is_named_with_its_line) {
  const std::pair<std::string_view, const char*> cases[] = {
      {kFile, "size"},          {kFile, "digest"},
      {kFile, "bytes_scanned"}, {kFile, "bytes_hunted_before"},
      {kFile, "encoding"},      {kFile, "regular"},
      {kSkip, "reason"},        {kSkip, "incomplete"},
      {kSighting, "line"},      {kSighting, "event_digest"},
      {kSighting, "type"},      {kSighting, "grade"},
      {kSighting, "rule"},      {kSighting, "views"},
      {kSighting, "offset"},    {kSighting, "indicator"},
  };
  for (const auto& [text, name] : cases) {
    for (const bool is_missing : {true, false}) {
      std::string changed(text);
      const std::string key = "\"" + std::string(name) + "\":";
      const std::size_t at = changed.find(key);
      ASSERT_NE(at, std::string::npos);
      if (is_missing) {
        changed.replace(at, key.size(), "\"other\":");
      } else {
        changed.insert(at + key.size(), "{\"odd\":1},\"rest\":");  // of another kind
      }
      ReceiptParser parser;
      ASSERT_TRUE(parser.line(kHead).has_value());
      const auto line = parser.line(changed + ",");
      ASSERT_FALSE(line.has_value()) << changed;
      EXPECT_EQ(line.error().message.find("line 2: '" + std::string(name) + "'"), 0u)
          << line.error().message;
    }
  }
}

TEST(Receipt, refuses_what_is_none) {
  const char* const cases[] = {
      "",
      "hello",
      "{}",
      "[1,2]",
      R"({"kind":"other"})",
      R"({"kind":"other","entries":[)",
      R"({"kind":"receipt","version":2,"entries":[)",
      R"({"kind":"receipt","entries":[)",
      "\xff\xfe{",
  };
  for (const char* text : cases) {
    ReceiptParser parser;
    const auto line = parser.line(text);
    EXPECT_TRUE(!line || !parser.is_receipt()) << text;
    if (*text != '\0') {
      EXPECT_FALSE(line.has_value()) << text;
    }
  }
  EXPECT_EQ(ReceiptParser().end().error().message, "is empty, expected a receipt or sightings");
}

TEST(Receipt, lines_out_of_order_are_errors) {
  ReceiptParser parser;
  ASSERT_TRUE(parser.line(kHead).has_value());
  ASSERT_TRUE(parser.line(kFile).has_value());  // without ',': the last one
  EXPECT_FALSE(parser.line(kSkip).has_value());
  ReceiptParser no_comma;
  ASSERT_TRUE(no_comma.line(kHead).has_value());
  EXPECT_FALSE(no_comma.line(kSummary.substr(0, kSummary.size() - 1)).has_value());
}

TEST(Receipt, reads_the_lines_of_a_hunt) {
  std::string line(kSighting);
  line.replace(line.find(R"("absolute":"/d/a",)"), 18, "");
  ReceiptParser parser;
  const auto found = parser.line(line);
  ASSERT_TRUE(found.has_value()) << found.error().message;
  EXPECT_FALSE(std::get<ReceiptSighting>(*found).has_absolute);
  EXPECT_FALSE(parser.is_receipt());
  EXPECT_TRUE(parser.line(R"({"kind":"summary","complete":true})").has_value());
  EXPECT_TRUE(parser.line("").has_value());
  EXPECT_TRUE(parser.end());
}

}  // namespace
}  // namespace spoor
