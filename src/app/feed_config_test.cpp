// The tables [[feed]]: every mistake is an error with its line.

#include "app/feed_config.h"

#include <gtest/gtest.h>

#include "base/temporary_folder.h"

namespace spoor {
namespace {

Result<std::vector<FeedConfig>> read(const std::string& text) {
  const TemporaryFolder folder;
  folder.write("spoor.toml", text);
  const std::string path = folder / "spoor.toml";
  const auto config = read_config(path);
  if (!config) return fail(config.error());
  auto feeds = feed_configs(*config);
  if (feeds) return feeds;
  // Without the folder, which differs.
  return fail(feeds.error().message.substr(path.size() + 1));
}

std::string error(const std::string& text) {
  const auto feeds = read(text);
  return feeds ? "none" : feeds.error().message;
}

TEST(FeedConfig, a_table_says_all) {
  const auto feeds = read(
      "[[feed]]\nname = \"partners\"\nkind = \"url\"\nurl = \"https://lists.example/a.csv\"\n"
      "format = \"csv\"\ncolumns = { value = \"indicator\", type = \"kind, really\" }\n"
      "separator = \"tab\"\nhas_header = true\n"
      "key_file = \"/etc/key\"\nheader = \"X-Key\"\nevery = \"6h\"\nproxy = \"http://p:1\"\n"
      "ca_file = \"/etc/ca.pem\"\ntlp = \"amber+strict\"\nconfidence = 70\nenabled = false\n"
      "absent = \"kept\"\nrate = 0.5\ntimeout = 30\ntries = 2\nmax_body_bytes = 1000000\n"
      "[[feed]]\nname = \"hub\"\nkind = \"url\"\nurl = \"https://lists.example/b\"\n");
  ASSERT_TRUE(feeds) << feeds.error().message;
  ASSERT_EQ(feeds->size(), 2u);
  const FeedConfig& feed = feeds->at(0);
  EXPECT_EQ(feed.source.name, "partners");
  EXPECT_EQ(feed.source.format, "csv");
  ASSERT_EQ(feed.source.read.columns.size(), 2u);
  EXPECT_EQ(feed.source.read.columns[0].field, "type");  // TOML's tables have no order
  EXPECT_EQ(feed.source.read.columns[0].column, "kind, really");
  EXPECT_EQ(feed.source.read.columns[1].column, "indicator");
  EXPECT_EQ(feed.source.read.separator, '\t');
  EXPECT_EQ(feed.key.file, "/etc/key");
  EXPECT_EQ(feed.every, std::chrono::hours(6));
  EXPECT_EQ(feed.proxy, "http://p:1");
  EXPECT_EQ(feed.ca_file, "/etc/ca.pem");
  EXPECT_EQ(feed.source.tlp, Tlp::kAmberStrict);
  EXPECT_EQ(feed.confidence, 70);
  EXPECT_FALSE(feed.enabled);
  EXPECT_EQ(feed.source.window, true);
  EXPECT_EQ(feed.source.rate, 0.5);
  EXPECT_EQ(feed.source.timeout, std::chrono::seconds(30));
  EXPECT_EQ(feed.source.tries, 2);
  EXPECT_EQ(feed.source.max_body_bytes, 1'000'000u);
  EXPECT_TRUE(feeds->at(1).enabled);
  EXPECT_EQ(feeds->at(1).every, kStaleAfterDefault);
  EXPECT_FALSE(feeds->at(1).source.window.has_value());
}

TEST(FeedConfig, every_mistake_is_told_with_its_place) {
  const std::string good =
      "[[feed]]\nname = \"a\"\nkind = \"url\"\nurl = \"https://a.example/\"\n";
  const struct {
    std::string text;
    const char* said;
  } cases[] = {
      {good + "nmae = \"b\"\n", "5:8: unknown key 'feed.nmae', did you mean 'name'?"},
      {good + "tlp = \"pink\"\n",
       "5:7: feed.tlp: expected clear, green, amber, amber+strict or red"},
      {good + "confidence = 101\n",
       "5:14: feed.confidence: expected a whole number from 0 to 100"},
      {good + "every = \"soon\"\n",
       "5:9: feed.every: found 'soon', expected a time such as 90m, 6h, 1d or 2w"},
      {good + "enabled = \"yes\"\n", "5:11: feed.enabled: expected true or false"},
      {good + "absent = \"gone\"\n", "5:10: feed.absent: expected ended or kept"},
      {good + "format = \"word\"\n",
       "1:1: feed: format 'word' is not known here, see `spoor import --help`"},
      {good + "user = \"u\"\n", "1:1: feed: user without key_env or key_file"},
      {good + good, "5:1: feed: name 'a' is there twice"},
      {"[[feed]]\nkind = \"url\"\nurl = \"https://a.example/\"\n",
       "1:1: feed: name is missing"},
      {"[[feed]]\nname = \"a\"\nkind = \"url\"\n", "1:1: feed: url is missing"},
      {"[[feed]]\nname = \"a\"\nkind = \"url\"\nurl = \"http://a.example/\"\n",
       "1:1: feed: url: http://a.example: http is not encrypted, expected https (http is for "
       "127.0.0.0/8, ::1 and localhost only)"},
      {"[[feed]]\nname = \"a\"\nkind = \"rss\"\n",
       "1:1: feed: kind 'rss', expected one of otx, url, misp-feed, misp, taxii, urlhaus, "
       "threatfox, malwarebazaar, feodo"},
      {"[[feed]]\nname = \"a\"\nkind = \"taxii\"\nurl = \"https://a.example/\"\n",
       "1:1: feed: collection is missing; `spoor feeds discover URL` lists them"},
      {good + "url_env = \"U\"\n",
       "1:1: feed: url and url_env or url_file: expected one of them"},
  };
  for (const auto& c : cases) EXPECT_EQ(error(c.text), c.said) << c.text;
  EXPECT_NE(error("[feed]\nname = \"a\"\n").find("expected [[feed]]"), std::string::npos);
}

TEST(FeedConfig, durations) {
  EXPECT_EQ(*parse_duration("90m"), std::chrono::minutes(90));
  EXPECT_EQ(*parse_duration("2w"), std::chrono::hours(24 * 14));
  for (const char* bad : {"", "h", "0h", "-1d", "1.5h", "6", "6 h", "6H"})
    EXPECT_FALSE(parse_duration(bad)) << bad;
}

}  // namespace
}  // namespace spoor
