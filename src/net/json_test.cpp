#include "net/json.h"

#include <gtest/gtest.h>

#include <string>

namespace spoor {
namespace {

std::string pieces_of(const JsonCut& cut) {
  std::string text;
  for (const auto& piece : cut.pieces) {
    if (!text.empty()) text += " | ";
    if (!piece.name.empty()) text += std::string(piece.name) + "=";
    text += piece.value;
  }
  if (!cut.closed) text += " (tail: " + std::string(cut.tail) + ")";
  return text;
}

TEST(CutJson, cuts_rows_and_keeps_damage_inside_one) {
  const struct {
    const char* name;
    const char* text;
    const char* expect;
  } kCases[] = {
      {"plain", R"([{"a":1},{"b":[2,3]}])", R"({"a":1} | {"b":[2,3]})"},
      {"blanks", " [ 1 ,\n null , \"x\" ] ", R"(1 | null | "x")"},
      {"empty", "[]", ""},
      {"brackets in strings", R"([{"a":"}]{["},{"b":"\"]"}])", R"({"a":"}]{["} | {"b":"\"]"})"},
      {"members", R"({"count":2,"results":[{"x":1}]})", R"(count=2 | results=[{"x":1}])"},
      {"stray comma", R"([{"a":1},,{"b":2},])", R"({"a":1} | {"b":2})"},
      {"missing comma", R"([{"a":1}{"b":2}])", R"({"a":1} | {"b":2})"},
      {"stray quotes", R"([{"a":"say "hi" now"},{"b":2}])",
       R"({"a":"say "hi" now"} | {"b":2})"},
      {"missing quote", R"([{"a":"x,"b":"y"},{"c":2}])", R"({"a":"x,"b":"y"} | {"c":2})"},
      {"missing brace takes the next row along", R"([{"a":1,{"b":2}],)", R"({"a":1,{"b":2})"},
      {"wrong closer", R"([{"a":1],{"b":2}])", R"({"a":1)"},
      {"cut in a row", R"([{"a":1},{"b":"x)", R"({"a":1} (tail: {"b":"x))"},
      {"cut after a row", R"([{"a":1},{"b":2})", R"({"a":1} | {"b":2} (tail: ))"},
      {"cut in a number", R"([12,34)", R"(12 (tail: 34))"},
      {"cut after the comma", R"([{"a":1},)", R"({"a":1} (tail: ))"},
      {"cut inside the list of an envelope", R"({"count":1,"results":[{"a":1},{)",
       R"(count=1 (tail: "results":[{"a":1},{))"},
      {"nameless inside an object", R"({"a":1,{"b":2},{"c":3})",
       R"(a=1 | {"b":2} | {"c":3} (tail: ))"},
      {"no container", "hello", " (tail: hello)"},
  };
  for (const auto& c : kCases) EXPECT_EQ(pieces_of(cut_json(c.text)), c.expect) << c.name;
}

TEST(CutJson, tells_what_was_open_at_the_end) {
  const JsonCut cut = cut_json(R"({"count":1,"results":[{"a":1},{)");
  EXPECT_EQ(cut.open.name, "results");
  EXPECT_EQ(cut.open.value, R"([{"a":1},{)");
}

TEST(CutJson, deep_nesting_costs_its_row_only) {
  const std::string deep = std::string(5000, '[') + std::string(5000, ']');
  const std::string text = "[" + deep + ",{\"a\":1}]";
  const JsonCut cut = cut_json(text);
  ASSERT_EQ(cut.pieces.size(), 2u);
  EXPECT_EQ(cut.pieces[1].value, "{\"a\":1}");
  JsonParser parser;
  EXPECT_FALSE(parser.parse(cut.pieces[0].value));
  EXPECT_TRUE(parser.parse(cut.pieces[1].value));
  const std::string at_limit =
      std::string(kJsonDepth - 1, '[') + std::string(kJsonDepth - 1, ']');
  EXPECT_TRUE(parser.parse(at_limit));
}

TEST(CutJsonSequence, cuts_lines_and_documents) {
  const struct {
    const char* name;
    const char* text;
    const char* expect;
  } kCases[] = {
      {"ndjson", "{\"a\":1}\n{\"b\":2}\r\n\n{\"c\":3}\n", R"({"a":1} | {"b":2} | {"c":3})"},
      {"a damaged line costs itself", "{\"a\":1}\n{\"b\":\n{\"c\":3}\n",
       R"({"a":1} | {"b": | {"c":3})"},
      {"the first line is damaged", "{\"a\":[1\n{\"b\":2}\n{\"c\":3}\n",
       R"({"a":[1 | {"b":2} | {"c":3})"},
      {"the last line is cut", "{\"a\":1}\n{\"b\":2", R"({"a":1} (tail: {"b":2))"},
      {"one printed document", "{\n \"a\": 1\n}\n", "{\n \"a\": 1\n}"},
      {"rows on lines of an envelope", "{\"r\":[\n{\"a\":1}\n]}", "{\"r\":[\n{\"a\":1}\n]}"},
      {"printed documents", "{\n \"a\": 1\n}\n{\n \"b\": 2\n}\n",
       "{\n \"a\": 1\n} | {\n \"b\": 2\n}"},
      {"side by side", R"({"a":1}{"b":2})", R"({"a":1} | {"b":2})"},
      {"nothing", " \n", ""},
  };
  for (const auto& c : kCases)
    EXPECT_EQ(pieces_of(cut_json_sequence(c.text)), c.expect) << c.name;
}

TEST(RepairJson, makes_strings_acceptable_and_nothing_else) {
  const struct {
    const char* name;
    std::string text;
    const char* expect;
  } kCases[] = {
      {"clean", R"({"a":"b\n\u00e4\ud83d\ude00"})", R"({"a":"b\n\u00e4\ud83d\ude00"})"},
      {"bad byte", "{\"a\":\"x\xFFy\"}", "{\"a\":\"x\xEF\xBF\xBDy\"}"},
      {"raw control", std::string("{\"a\":\"x\ty\0z\"}", 13), R"({"a":"x\u0009y\u0000z"})"},
      {"lone surrogate", R"({"a":"\ud83dx\ude00"})", R"({"a":"\ufffdx\ufffd"})"},
      {"stray quotes", R"({"a":"say "hi" now"})", R"({"a":"say \"hi\" now"})"},
      {"line ends outside strings stay", "{\n\"a\": 1\n}", "{\n\"a\": 1\n}"},
  };
  JsonParser parser;
  for (const auto& c : kCases) {
    const std::string repaired = repair_json(c.text);
    EXPECT_EQ(repaired, c.expect) << c.name;
    EXPECT_TRUE(parser.parse(repaired)) << c.name;
  }
}

TEST(JsonView, reads_leniently) {
  JsonParser parser;
  const auto root = parser.parse(
      R"({"i":4081308221,"f":4.0,"g":4.5,"s":"12","b":true,"o":{"x":[1,"y"]},"n":null,"u":18446744073709551615,
          "t":"a\tb\u0000c"})");
  ASSERT_TRUE(root) << root.error().message;
  EXPECT_EQ((*root)["i"].integer(), 4081308221);
  EXPECT_EQ((*root)["f"].integer(), 4);
  EXPECT_EQ((*root)["g"].integer(), std::nullopt);
  EXPECT_EQ((*root)["s"].integer(), 12);
  EXPECT_EQ((*root)["u"].integer(), std::nullopt);
  EXPECT_EQ((*root)["b"].truth(), true);
  EXPECT_EQ((*root)["i"].truth(), true);
  EXPECT_EQ((*root)["n"].truth(), std::nullopt);
  EXPECT_TRUE((*root)["n"].is_nothing());
  EXPECT_TRUE((*root)["missing"].is_nothing());
  EXPECT_EQ((*root)["missing"]["deeper"].string(), "");
  EXPECT_EQ((*root)["i"].text(), "4081308221");
  EXPECT_EQ((*root)["o"].json(), R"({"x":[1,"y"]})");
  EXPECT_EQ((*root)["t"].string(), std::string_view("a\tb\0c", 5));
  EXPECT_EQ((*root)["o"]["x"].size(), 2u);
  std::string names;
  root->each_member([&](std::string_view name, JsonView) { names += name; });
  EXPECT_EQ(names, "ifgsbonut");
}

TEST(JsonParser, says_what_is_wrong) {
  JsonParser parser;
  for (const char* bad :
       {"", "{", "[1,]", "{\"a\":\"\xFF\"}", "{\"a\":1e999}", "nul", "{} {}"}) {
    const auto root = parser.parse(bad);
    ASSERT_FALSE(root) << bad;
    EXPECT_EQ(root.error().message.substr(0, 6), "json: ") << bad;
  }
  EXPECT_TRUE(parser.parse("{\"a\":1}"));  // a failure leaves the parser usable
}

}  // namespace
}  // namespace spoor
