#include "ioc/type.h"

#include <gtest/gtest.h>

#include <set>

#include "base/ascii.h"
#include "ioc/pulse.h"
#include "ioc/sighting.h"

namespace spoor {
namespace {

using T = IndicatorType;

TEST(Types, table_stands_in_the_order_of_the_enum) {
  ASSERT_EQ(indicator_types().size(), kIndicatorTypeCount);
  std::set<std::string> names;
  for (std::size_t i = 0; i < kIndicatorTypeCount; ++i) {
    const TypeRow& row = indicator_types()[i];
    EXPECT_EQ(static_cast<std::size_t>(row.type), i);
    EXPECT_TRUE(names.insert(lower(row.name)).second) << row.name;
    EXPECT_FALSE(row.thehive4.empty() || row.thehive5.empty() || row.misp.empty()) << row.name;
  }
}

TEST(Types, own_names_come_back_in_any_case) {
  for (const TypeRow& row : indicator_types()) {
    EXPECT_EQ(type_from_name(row.name), row.type) << row.name;
    EXPECT_EQ(type_from_name(upper(row.name)), row.type) << row.name;
    EXPECT_EQ(type_from_name(lower(row.name)), row.type) << row.name;
  }
}

TEST(Types, words_of_other_tools) {
  const struct {
    const char* word;
    std::optional<T> type;
  } cases[] = {
      {"sha256", T::kSha256},
      {"SHA-256", T::kSha256},
      {"md5_hash", T::kMd5},
      {"fqdn", T::kHostname},
      {"filename", T::kFileName},
      {"Intel::DOMAIN", T::kDomain},
      {"Intel::URL", T::kUrl},
      {"Intel::SUBNET", T::kCidr},
      {"hostname|port", T::kHostname},
      {"ip-dst", T::kIpv4},
      {"ip-dst|port", T::kIpv4Port},
      {"regkey", T::kRegistryKey},
      {" Url ", T::kUrl},
      // The value decides.
      {"ip", std::nullopt},
      {"ip:port", std::nullopt},
      {"hash", std::nullopt},
      {"Intel::ADDR", std::nullopt},
      {"Intel::FILE_HASH", std::nullopt},
      // Not kept.
      {"NIDS", std::nullopt},
      {"filename|md5", std::nullopt},
      {"", std::nullopt},
  };
  for (const auto& c : cases) EXPECT_EQ(type_from_name(c.word), c.type) << c.word;
}

TEST(Types, only_rule_languages_are_never_matched_as_text) {
  for (const TypeRow& row : indicator_types()) {
    const bool rule = row.type == T::kYara || row.type == T::kOsquery;
    EXPECT_EQ(row.matching == Matching::kRule, rule) << row.name;
  }
}

TEST(Pap, words) {
  EXPECT_EQ(parse_pap("PAP:WHITE"), Pap::kClear);
  EXPECT_EQ(parse_pap("pap:clear"), Pap::kClear);
  EXPECT_EQ(parse_pap("Amber"), Pap::kAmber);
  EXPECT_EQ(parse_pap("tlp:red"), std::nullopt);
  EXPECT_EQ(parse_pap(""), std::nullopt);
  for (const Pap pap : {Pap::kClear, Pap::kGreen, Pap::kAmber, Pap::kRed})
    EXPECT_EQ(parse_pap(name_of(pap)), pap);
}

TEST(Tlp, words_and_the_stricter_default) {
  EXPECT_EQ(parse_tlp("white"), Tlp::kClear);
  EXPECT_EQ(parse_tlp("CLEAR"), Tlp::kClear);
  EXPECT_EQ(parse_tlp("TLP:AMBER+STRICT"), Tlp::kAmberStrict);
  EXPECT_EQ(parse_tlp(""), Tlp::kAmber);
  EXPECT_EQ(parse_tlp("purple"), Tlp::kAmber);
  for (Tlp tlp : {Tlp::kClear, Tlp::kGreen, Tlp::kAmber, Tlp::kAmberStrict, Tlp::kRed})
    EXPECT_EQ(parse_tlp(name_of(tlp)), tlp);
  EXPECT_EQ(name_of(Tlp::kClear), "clear");
}

TEST(Grades, names_come_back_and_order_is_strength) {
  for (int i = 0; i <= static_cast<int>(Grade::kExact); ++i) {
    const auto grade = static_cast<Grade>(i);
    EXPECT_EQ(grade_from_name(upper(name_of(grade))), grade);
  }
  EXPECT_EQ(grade_from_name("exactly"), std::nullopt);
  EXPECT_EQ(name_of(Grade::kMention), "mention");
  EXPECT_EQ(name_of(ViewKind::kDefang), "defang");
  EXPECT_EQ(name_of(ViewKind::kUtf16be), "utf16be");
  EXPECT_EQ(name_of(Verdict::kSuppressed), "suppressed");
}

}  // namespace
}  // namespace spoor
