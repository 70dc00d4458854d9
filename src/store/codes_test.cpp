// The codes of enumerations and the text of lists come back as they were.

#include "store/codes.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "store/lists.h"

namespace spoor {
namespace {

using Strings = std::vector<std::string>;

TEST(StoreCodes, every_value_comes_back) {
  for (std::size_t i = 0; i < kIndicatorTypeCount; ++i) {
    const auto type = static_cast<IndicatorType>(i);
    EXPECT_EQ(type_of_code(code_of(type)), type);
  }
  for (const Grade grade : {Grade::kNone, Grade::kWeak, Grade::kMention, Grade::kDerived,
                            Grade::kContains, Grade::kEquivalent, Grade::kExact}) {
    EXPECT_EQ(grade_of_code(code_of(grade)), grade);
  }
  for (const Tlp tlp : {Tlp::kClear, Tlp::kGreen, Tlp::kAmber, Tlp::kAmberStrict, Tlp::kRed}) {
    EXPECT_EQ(tlp_of_code(code_of(tlp)), tlp);
  }
  const std::vector<ViewKind> views = {
      ViewKind::kJson,    ViewKind::kPercent, ViewKind::kQp,
      ViewKind::kHtml,    ViewKind::kEscape,  ViewKind::kUtf16le,
      ViewKind::kUtf16be, ViewKind::kDns,     ViewKind::kDefang};
  EXPECT_EQ(views_of_text(views_text(views)), views);
  EXPECT_EQ(views_of_text(""), std::vector<ViewKind>{});
  EXPECT_EQ(views_of_text("json,none"), std::nullopt);
  EXPECT_EQ(type_of_code(0), std::nullopt);
  EXPECT_EQ(type_of_code(31), std::nullopt);
  // The file format itself: these never change.
  EXPECT_EQ(code_of(IndicatorType::kIpv4), 1);
  EXPECT_EQ(code_of(IndicatorType::kUserAgent), 30);
  EXPECT_EQ(code_of(Grade::kMention), 20);
}

TEST(StoreLists, come_back) {
  const Strings lists[] = {{}, {""}, {"a"}, {"a", "b\"\\\n", "\xC3\xBC"}};
  for (const Strings& list : lists) EXPECT_EQ(list_of_text(list_text(list)), list);
  for (const char* text : {"", "{", "{}", "[1]", "null"})
    EXPECT_EQ(list_of_text(text), std::nullopt) << text;
}

}  // namespace
}  // namespace spoor
