// The fast matcher gives the hits of the reference on generated cases; and these cases would
// show it if it did not: they reach every rule, reading and type, and a matcher that gets a
// single rule wrong differs on some of them. The generator itself.
//
// SPOOR_CASES   generated cases, default 150 (bench/prove runs 10^8 once)
// SPOOR_SEED    the first seed, default 1

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "match/fast_test_support.h"

namespace spoor {
namespace {

using T = IndicatorType;

TEST_F(FastMatcher, gives_the_hits_of_the_reference_on_generated_cases) {
  const std::size_t cases = setting("SPOOR_CASES", 150);
  const std::uint64_t first = setting("SPOOR_SEED", 1);
  Differences differences;
  std::size_t hits = 0;
  for (std::uint64_t seed = first; seed < first + cases && !differences.enough(); ++seed) {
    const GeneratedCase made = generate_case(seed);
    Pair pair(made.indicators);
    if (!pair.agree(made.text, made.encoding, made.fields))
      differences.add("seed " + std::to_string(seed) + report(made));
    hits += pair.expected.size();
  }
  // Cases without hits would prove nothing.
  EXPECT_GT(hits, cases);
}

// --- the comparison notices ---------------------------------------------------------------

/// The reference with one thing wrong.
class Mutant final : public Matcher {
 public:
  using EditText = std::function<void(std::string&)>;
  using EditHits = std::function<void(std::vector<Hit>&)>;
  Mutant(const Matcher& reference, EditText edit_text, EditHits edit_hits)
      : reference_(reference),
        edit_text_(std::move(edit_text)),
        edit_hits_(std::move(edit_hits)) {}

  std::unique_ptr<Scratch> make_scratch() const override { return reference_.make_scratch(); }
  void scan(std::string_view text, TextEncoding encoding, std::span<const FieldMark> fields,
            Scratch& scratch, std::vector<Hit>& hits) const override {
    std::string edited(text);
    if (edit_text_) edit_text_(edited);
    std::vector<Hit> own;
    reference_.scan(edited, encoding, fields, scratch, own);
    if (edit_hits_) edit_hits_(own);
    hits.insert(hits.end(), own.begin(), own.end());
  }

 private:
  const Matcher& reference_;
  EditText edit_text_;
  EditHits edit_hits_;
};

bool notices(const Mutant& mutant, const GeneratedCase& made,
             const std::vector<Hit>& expected) {
  const auto scratch = mutant.make_scratch();
  return !same_hits(expected, hits_of(mutant, *scratch, made.text, made.encoding, made.fields));
}

/// Every rule of docs/semantics.md that a hit can name.
constexpr std::string_view kRules[] = {
    "I1", "I3", "I5", "I6", "I7", "I9", "V1", "V2", "V5", "V6", "C1",  "C3", "P1",
    "P2", "D1", "D3", "D7", "U2", "U3", "U4", "U5", "U6", "U8", "U10", "H1", "H5",
    "H6", "E1", "F1", "F2", "F3", "F4", "R1", "O1", "O2", "O3", "O4",  "O5", "X1"};

TEST_F(FastMatcher, would_be_caught_with_any_one_rule_lost_moved_or_misjudged) {
  std::set<std::string> missing(std::begin(kRules), std::end(kRules));
  std::set<ViewKind> views;
  std::set<T> types;
  for (std::uint64_t seed = 1; seed <= 4000 && (!missing.empty() || views.size() < 9 ||
                                                types.size() < kIndicatorTypeCount - 2);
       ++seed) {
    const GeneratedCase made = generate_case(seed);
    const auto reference = make_exact_matcher(made.indicators);
    const auto scratch = reference->make_scratch();
    const std::vector<Hit> expected =
        hits_of(*reference, *scratch, made.text, made.encoding, made.fields);
    std::set<std::string> here;
    for (const Hit& hit : expected) {
      here.insert(hit.rule);
      for (std::size_t i = 0; i < hit.view_count; ++i) views.insert(hit.views[i]);
      types.insert(made.indicators[static_cast<std::uint32_t>(hit.indicator)].type);
    }
    for (const std::string& rule : here) {
      if (missing.erase(rule) == 0) continue;
      const auto of_rule = [rule](const Hit& hit) { return rule == hit.rule; };
      const auto each = [&](const std::function<void(Hit&)>& change) {
        return Mutant(*reference, nullptr, [=](std::vector<Hit>& hits) {
          for (Hit& hit : hits) {
            if (of_rule(hit)) change(hit);
          }
        });
      };
      const Mutant lost(*reference, nullptr, [=](std::vector<Hit>& hits) {
        hits.erase(std::find_if(hits.begin(), hits.end(), of_rule));
      });
      const Mutant doubled(*reference, nullptr, [=](std::vector<Hit>& hits) {
        hits.push_back(*std::find_if(hits.begin(), hits.end(), of_rule));
      });
      EXPECT_TRUE(notices(lost, made, expected)) << rule;
      EXPECT_TRUE(notices(doubled, made, expected)) << rule;
      EXPECT_TRUE(notices(each([](Hit& hit) { ++hit.offset; }), made, expected)) << rule;
      EXPECT_TRUE(notices(each([](Hit& hit) { --hit.length; }), made, expected)) << rule;
      EXPECT_TRUE(notices(each([](Hit& hit) { ++hit.prefix; }), made, expected)) << rule;
      EXPECT_TRUE(notices(each([](Hit& hit) { hit.rule[0] = 'Z'; }), made, expected)) << rule;
      EXPECT_TRUE(notices(each([](Hit& hit) { hit.view_count ^= 1; }), made, expected)) << rule;
      EXPECT_TRUE(notices(each([](Hit& hit) {
                            hit.grade =
                                hit.grade == Grade::kWeak ? Grade::kExact : Grade::kWeak;
                          }),
                          made, expected))
          << rule;
    }
  }
  for (const std::string& rule : missing) ADD_FAILURE() << "no generated case reaches " << rule;
  EXPECT_EQ(views.size(), 9u) << "some reading is never the way to a hit";
  EXPECT_EQ(types.size(), kIndicatorTypeCount - 2) << "some type is never found";
}

/// A rule about borders, flipped: a byte that binds taken for a blank, or one that parts for a
/// letter. Each must change the hits of some generated case.
struct Flip {
  const char* name;
  char byte;
  char taken_for;
};
constexpr Flip kFlips[] = {
    {"underscore_parts", '_', ' '},  {"hyphen_parts", '-', ' '},
    {"dot_parts", '.', ' '},         {"colon_parts", ':', ' '},
    {"sign_parts", '@', ' '},        {"slash_parts", '/', ' '},
    {"backslash_parts", '\\', ' '},  {"percent_parts", '%', ' '},
    {"plus_parts", '+', ' '},        {"equals_parts", '=', ' '},
    {"letter_parts", 'x', ' '},      {"digit_parts", '7', ' '},
    {"v_parts", 'v', ' '},           {"non_ascii_parts", '\xC3', ' '},
    {"bracket_parts", '[', ' '},     {"parenthesis_parts", '(', ' '},
    {"quote_parts_words", '"', ' '}, {"apostrophe_parts_words", '\'', ' '},
    {"nul_binds", '\0', 'x'},        {"return_binds", '\r', 'x'},
    {"tab_binds", '\t', 'x'},        {"blank_binds", ' ', 'x'},
    {"quote_binds", '"', 'x'},       {"apostrophe_binds", '\'', 'x'},
    {"comma_binds", ',', 'x'},       {"semicolon_binds", ';', 'x'},
    {"open_binds", '(', 'x'},        {"close_binds", ')', 'x'},
    {"less_binds", '<', 'x'},        {"greater_binds", '>', 'x'},
    {"bar_binds", '|', 'x'},         {"backquote_binds", '`', 'x'},
    {"delete_binds", '\x7F', 'x'},   {"bracket_binds", ']', 'x'},
    {"brace_binds", '{', 'x'},       {"line_end_binds", '\n', 'x'},
    {"escape_binds", '\x1B', 'x'},   {"question_binds", '?', 'x'},
    {"hash_binds", '#', 'x'},        {"ampersand_binds", '&', 'x'}};

TEST_F(FastMatcher, would_be_caught_with_any_one_border_rule_flipped) {
  std::vector<const Flip*> alive;
  for (const Flip& flip : kFlips) alive.push_back(&flip);
  for (std::uint64_t seed = 1; seed <= 4000 && !alive.empty(); ++seed) {
    const GeneratedCase made = generate_case(seed);
    const auto reference = make_exact_matcher(made.indicators);
    const auto scratch = reference->make_scratch();
    const std::vector<Hit> expected =
        hits_of(*reference, *scratch, made.text, made.encoding, made.fields);
    std::erase_if(alive, [&](const Flip* flip) {
      if (made.text.find(flip->byte) == std::string::npos) return false;
      const Mutant mutant(
          *reference,
          [flip](std::string& text) {
            for (char& c : text) {
              if (c == flip->byte) c = flip->taken_for;
            }
          },
          nullptr);
      return notices(mutant, made, expected);
    });
  }
  for (const Flip* flip : alive) ADD_FAILURE() << "no generated case tells " << flip->name;
}

TEST_F(FastMatcher, would_be_caught_with_marks_of_fields_ignored) {
  // By the role of the mark that is ignored.
  std::set<FieldRole> caught;
  const std::set<FieldRole> all = {FieldRole::kUserAgent, FieldRole::kVersion, FieldRole::kHost,
                                   FieldRole::kPath};
  for (std::uint64_t seed = 1; seed <= 6000 && caught != all; ++seed) {
    const GeneratedCase made = generate_case(seed);
    if (made.fields.empty()) continue;
    const auto reference = make_exact_matcher(made.indicators);
    const auto scratch = reference->make_scratch();
    const auto expected = hits_of(*reference, *scratch, made.text, made.encoding, made.fields);
    for (const FieldRole role : all) {
      if (caught.count(role) > 0) continue;
      std::vector<FieldMark> fewer = made.fields;
      std::erase_if(fewer, [role](const FieldMark& mark) { return mark.role == role; });
      if (!same_hits(expected,
                     hits_of(*reference, *scratch, made.text, made.encoding, fewer))) {
        caught.insert(role);
      }
    }
  }
  EXPECT_EQ(caught, all);
}

// --- the generator ------------------------------------------------------------------------

TEST(CaseGenerator, gives_one_case_a_seed) {
  for (std::uint64_t seed = 1; seed < 50; ++seed) {
    const GeneratedCase once = generate_case(seed);
    const GeneratedCase again = generate_case(seed);
    EXPECT_EQ(once.indicators, again.indicators);
    EXPECT_EQ(once.text, again.text);
    EXPECT_NE(once.text, generate_case(seed + 1).text);
  }
}

TEST(CaseGenerator, makes_canonical_indicators_and_marks_within_lines) {
  for (std::uint64_t seed = 1; seed < 300; ++seed) {
    const GeneratedCase made = generate_case(seed);
    ASSERT_FALSE(made.indicators.empty());
    for (const FieldMark& mark : made.fields) {
      ASSERT_LT(mark.begin, mark.end);
      ASSERT_LE(mark.end, made.text.size());
      EXPECT_EQ(made.text.substr(mark.begin, mark.end - mark.begin).find('\n'),
                std::string::npos);
    }
  }
}

TEST(CaseGenerator, minimises_to_what_makes_the_difference) {
  GeneratedCase failing;
  failing.indicators = {{T::kDomain, "a.test"}, {T::kDomain, "b.test"}};
  failing.text = "some words, then the needle, and more words";
  failing.fields = {{0, 4, FieldRole::kHost}, {21, 27, FieldRole::kPath}};
  const GeneratedCase small = minimise(failing, [](const GeneratedCase& candidate) {
    return candidate.text.find("needle") != std::string::npos;
  });
  EXPECT_EQ(small.text, "needle");
  EXPECT_EQ(small.indicators.size(), 1u);
  EXPECT_TRUE(small.fields.empty());
}

}  // namespace
}  // namespace spoor
