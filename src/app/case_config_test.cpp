// Tables of systems in spoor.toml, and where secrets may stand.

#include "app/case_config.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "app/case_stix.h"
#include "base/temporary_folder.h"

namespace spoor {
namespace {

class CaseConfigTest : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text, mode_t mode = 0600) {
    const std::string path = folder_ / name;
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
    return path;
  }
  Result<std::vector<SystemConfig>> read(const std::string& text) {
    const auto config = read_config(write("spoor.toml", text));
    if (!config) return fail(config.error());
    return system_configs(*config);
  }
  std::string error_of(const std::string& text) {
    const auto read_text = read(text);
    if (read_text) return "";
    std::string message = read_text.error().message;
    if (message.rfind(folder_.path(), 0) == 0) message.erase(0, folder_.path().size() + 1);
    return message;
  }
  TemporaryFolder folder_;
};

TEST_F(CaseConfigTest, reads_systems_and_messages) {
  const auto read_text = read(R"(
[[case_system]]
name = "soc"
url = "https://hive.example"
key_env = "HIVE_KEY"
organisation = "soc"
api = "v1"
clearance = "red"
file_as = "case"
attachment = "both"
group = "pulse,asset"
rate = 2.5
tasks = ["look", "ask"]
custom_fields = { source = "OTX" }
severity = { named = 2, ended = -2 }
critical_assets = ["dc*"]

[[notify]]
name = "chat"
kind = "slack"
url_env = "SLACK_URL"
title = "{title}"
)");
  ASSERT_TRUE(read_text) << read_text.error().message;
  ASSERT_EQ(read_text->size(), 2u);
  const SystemConfig& soc = (*read_text)[0];
  EXPECT_EQ(soc.name, "soc");
  EXPECT_EQ(soc.clearance.tlp, Tlp::kRed);
  EXPECT_EQ(soc.draft.as, FileAs::kCase);
  EXPECT_EQ(soc.draft.attach_as, AttachAs::kBoth);
  EXPECT_FALSE(soc.draft.group.day);
  EXPECT_EQ(soc.rate, 2.5);
  EXPECT_EQ(soc.draft.tasks.size(), 2u);
  EXPECT_EQ(soc.draft.severity.size(), 2u);
  EXPECT_EQ((*read_text)[1].clearance.tlp, Tlp::kAmber);
  EXPECT_TRUE((*read_text)[1].is_notify);
}

TEST_F(CaseConfigTest, says_what_is_wrong_and_where) {
  const std::string head = "[[case_system]]\nname = 'a'\nurl = 'https://h'\nkey_env = 'K'\n";
  const std::pair<std::string, std::string> rows[] = {
      {head + "colour = 1\n", "spoor.toml:5:10: unknown key 'case_system.colour'"},
      {head + "kind = 'jira'\n", "spoor.toml:1:1: case_system: kind: expected thehive"},
      {head + "clearance = 'pink'\n",
       "spoor.toml:5:13: case_system.clearance: expected clear, green, amber, amber+strict or "
       "red"},
      {head + "in_flight = 99\n",
       "spoor.toml:5:13: case_system.in_flight: expected a whole number from 1 to 16"},
      {head + "attachment = 'pdf'\n",
       "spoor.toml:5:14: case_system.attachment: expected csv, stix or both"},
      {head + "severity = { no = 1 }\n",
       "spoor.toml:5:12: case_system.severity: rule 'no', expected one of intelligence, "
       "sighted, "
       "named, several, ended, mention, critical_asset"},
      {head + "tags = [1]\n", "spoor.toml:5:8: case_system.tags: expected a list of strings"},
      {"[[case_system]]\nname = 'a'\nurl = 'https://h'\n",
       "spoor.toml:1:1: case_system: key_env or key_file is missing"},
      {"[[notify]]\nname = 'a'\nkind = 'pigeon'\n",
       "spoor.toml:1:1: notify: kind 'pigeon', expected one of json, slack, mattermost, teams, "
       "smtp, syslog-cef"},
      {"[[notify]]\nname = 'a'\nkind = 'syslog-cef'\nsyslog = 'udp://'\n",
       "spoor.toml:4:10: notify.syslog: 'udp://': the host is missing"},
      {"[case_system]\nname = 'a'\n", "spoor.toml:1:1: case_system: expected [[case_system]]"},
      {head + head, "spoor.toml:5:1: name 'a' is there twice"},
  };
  for (const auto& [text, expected] : rows) EXPECT_EQ(error_of(text), expected) << text;
}

TEST_F(CaseConfigTest, secrets_stand_where_nobody_else_reads) {
  EXPECT_EQ(*read_secret({"", write("key", " abc \n")}), "abc");
  ::setenv("SPOOR_TEST_SECRET", "xyz", 1);
  EXPECT_EQ(*read_secret({"SPOOR_TEST_SECRET", write("key", "abc")}), "xyz");
  ::unsetenv("SPOOR_TEST_SECRET");
  EXPECT_EQ(*read_secret({"SPOOR_TEST_SECRET", write("key", "abc")}), "abc");
  const auto open = read_secret({"", write("open", "abc", 0640)});
  ASSERT_FALSE(open);
  EXPECT_NE(open.error().message.find("expected mode 0600"), std::string::npos);
  const auto lines = read_secret({"", write("lines", "secret\nmore")});
  ASSERT_FALSE(lines);
  EXPECT_EQ(lines.error().message.find("secret"), std::string::npos);
  EXPECT_FALSE(read_secret({"SPOOR_TEST_SECRET", ""}));
  EXPECT_FALSE(read_secret({"", folder_.path()}));
}

TEST(StixOfLeftOut, holds_what_stix_can_say_and_names_the_rest) {
  DraftObservable domain, ja3, bare;
  domain.observable = {IndicatorType::kDomain, "evil.example"};
  domain.sighted = true;
  domain.sighted_at = time_from_micros(1'700'000'000'000'000);
  domain.tlp = Tlp::kRed;
  ja3.observable = {IndicatorType::kJa3, "e7d705a3286e19ea42f587b344ee6865"};
  bare.observable = {IndicatorType::kIpv4, "198.51.100.7"};
  bare.tlp = Tlp::kGreen;
  ClaimView claim;
  claim.feed = "otx";
  claim.pulse_id = "5a00000000000000000000aa";
  claim.pulse_name = "Tin Ferret";
  claim.malware_families = {"Ferret"};
  claim.tlp = Tlp::kGreen;
  claim.expiration = time_from_micros(1'700'000'000'000'000);
  const std::vector<LeftOut> all = {{&domain, {claim}, 3}, {&ja3, {claim}, 1}, {&bare, {}, 0}};
  const StixBundle bundle = stix_of_left_out(all);
  EXPECT_EQ(bundle.lacking, std::vector<std::size_t>{1});
  for (const char* part : {"[domain-name:value = 'evil.example']",
                           "[ipv4-addr:value = '198.51.100.7']", "\"type\":\"sighting\"",
                           "\"count\":3", "Tin Ferret", "\"type\":\"malware\"", "TLP:RED"})
    EXPECT_NE(bundle.text.find(part), std::string::npos) << part << "\n" << bundle.text;
  EXPECT_EQ(bundle.text.find("\"type\":\"report\""), std::string::npos);
  EXPECT_EQ(bundle.text.find("ended"), std::string::npos) << "nothing is of the clock";
  EXPECT_EQ(stix_of_left_out(all).text, bundle.text);
  const StixBundle none = stix_of_left_out(std::span(all).subspan(1, 1));
  EXPECT_EQ(none.text, "");
  EXPECT_EQ(none.lacking, std::vector<std::size_t>{0});
}

TEST(SyslogTarget, is_read) {
  EXPECT_EQ(parse_syslog_target("udp://log.example")->port, 514);
  EXPECT_EQ(parse_syslog_target("tcp://[::1]:6514")->host, "::1");
  EXPECT_EQ(parse_syslog_target("tcp://[::1]")->port, 601);
  for (const char* bad :
       {"", "http://x", "udp://", "udp://x:0", "udp://x:99999", "udp://x:y", "tcp://[::1"})
    EXPECT_FALSE(parse_syslog_target(bad)) << bad;
}

}  // namespace
}  // namespace spoor
