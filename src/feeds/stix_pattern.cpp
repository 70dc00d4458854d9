// A recursive descent over the comparison expressions, a flat loop over the observations. A
// conjunction gives all comparisons under it one group number, however deep they lie; a
// comparison that stands alone has a group of its own. Tested by stix_pattern_test.cpp;
// fuzz_stix_pattern.

#include "feeds/stix_pattern.h"

#include <algorithm>

#include "base/ascii.h"

namespace spoor {
namespace {

constexpr std::size_t kMostComparisons = 20'000;
constexpr int kDeepest = 64;

bool is_name_byte(char c) {
  return is_alnum(c) || c == '-' || c == '_' || is_non_ascii(c);
}

class PatternParser {
 public:
  explicit PatternParser(std::string_view text) : text_(text) {}

  Result<std::vector<StixComparison>> parse() {
    observations();
    if (!error_.empty()) return fail("at byte " + std::to_string(error_at_) + ": " + error_);
    if (observations_joined_) {
      for (StixComparison& comparison : found_) comparison.joint = true;
    }
    return std::move(found_);
  }

 private:
  // -- observations: [..] AND [..] FOLLOWEDBY ([..] OR [..]) WITHIN 5 SECONDS

  void observations() {
    int open = 0;
    while (ok()) {
      while (take('(')) ++open;
      if (!take('[')) return expected("[");
      or_expression(0);
      if (!take(']')) return expected("]");
      while (true) {
        if (take(')')) {
          if (--open < 0) return expected("the end");
        } else if (!qualifier()) {
          break;
        }
        if (!ok()) return;
      }
      if (at_end()) {
        if (open > 0) expected(")");
        return;
      }
      if (keyword("AND") || keyword("FOLLOWEDBY")) {
        observations_joined_ = true;
      } else if (!keyword("OR")) {
        return expected("AND, OR, FOLLOWEDBY or the end");
      }
    }
  }

  bool qualifier() {
    if (keyword("WITHIN")) {
      if (number().empty() || !keyword("SECONDS")) expected("a number and SECONDS");
      return true;
    }
    if (keyword("REPEATS")) {
      if (number().empty() || !keyword("TIMES")) expected("a number and TIMES");
      return true;
    }
    if (keyword("START")) {
      StixComparison unused;
      literal(unused);
      if (ok() && !keyword("STOP")) expected("STOP");
      if (ok()) literal(unused);
      return true;
    }
    return false;
  }

  // -- comparisons inside one observation

  void or_expression(int depth) {
    if (depth > kDeepest) return stop("nested deeper than 64");
    do {
      and_expression(depth);
    } while (ok() && keyword("OR"));
  }

  void and_expression(int depth) {
    const std::size_t begin = found_.size();
    int parts = 0;
    do {
      primary(depth);
      ++parts;
    } while (ok() && keyword("AND"));
    if (parts < 2) return;
    const int group = ++groups_;
    for (std::size_t i = begin; i < found_.size(); ++i) {
      found_[i].group = group;
      found_[i].joint = true;
    }
  }

  void primary(int depth) {
    const std::size_t begin = found_.size();
    const bool negated = keyword("NOT");
    if (take('(')) {
      or_expression(depth + 1);
      if (ok() && !take(')')) expected(")");
    } else {
      comparison();
    }
    if (!negated) return;
    for (std::size_t i = begin; i < found_.size(); ++i) found_[i].negated = true;
  }

  void comparison() {
    if (found_.size() >= kMostComparisons) return stop("more than 20000 comparisons");
    StixComparison one;
    one.group = ++groups_;
    if (keyword("EXISTS")) {
      one.word = "EXISTS";
      object_path(one);
      if (ok()) found_.push_back(std::move(one));
      return;
    }
    object_path(one);
    if (!ok()) return;
    one.negated = keyword("NOT");
    if (!operation(one)) return expected("an operator such as = or IN");
    if (one.operation == StixOperator::kIn) {
      if (!take('(')) return expected("(");
      do {
        literal(one);
      } while (ok() && take(','));
      if (ok() && !take(')')) return expected(")");
    } else {
      literal(one);
    }
    if (ok()) found_.push_back(std::move(one));
  }

  bool operation(StixComparison& one) {
    struct Row {
      std::string_view word;
      StixOperator operation;
    };
    static constexpr Row kSigns[] = {{"==", StixOperator::kEqual}, {"=", StixOperator::kEqual},
                                     {"!=", StixOperator::kOther}, {"<>", StixOperator::kOther},
                                     {"<=", StixOperator::kOther}, {">=", StixOperator::kOther},
                                     {"<", StixOperator::kOther},  {">", StixOperator::kOther}};
    static constexpr Row kWords[] = {{"IN", StixOperator::kIn},
                                     {"LIKE", StixOperator::kOther},
                                     {"MATCHES", StixOperator::kOther},
                                     {"ISSUBSET", StixOperator::kSubset},
                                     {"ISSUPERSET", StixOperator::kOther}};
    skip();
    for (const Row& row : kSigns) {
      if (text_.substr(at_, row.word.size()) != row.word) continue;
      at_ += row.word.size();
      one.operation = row.operation;
      one.word = row.word;
      return true;
    }
    for (const Row& row : kWords) {
      if (!keyword(row.word)) continue;
      one.operation = row.operation;
      one.word = row.word;
      return true;
    }
    return false;
  }

  /// file:hashes.'SHA-256', file:extensions.'x'.y[*].z
  void object_path(StixComparison& one) {
    skip();
    while (at_ < text_.size() && is_name_byte(text_[at_])) one.object += to_lower(text_[at_++]);
    if (one.object.empty() || !take(':')) return expected("object:property");
    while (ok()) {
      skip();
      if (at_ < text_.size() && (text_[at_] == '\'' || text_[at_] == '"')) {
        std::string step;
        if (!quoted(text_[at_], step)) return expected("a closing quote");
        one.path += step;
      } else {
        const std::size_t begin = at_;
        while (at_ < text_.size() && is_name_byte(text_[at_])) one.path += text_[at_++];
        if (at_ == begin) return expected("a property");
      }
      while (take('[')) {
        if (!take('*')) number();
        if (!take(']')) return expected("]");
      }
      if (!take('.')) return;
      one.path += '.';
    }
  }

  /// 'text', 12, -1.5, true, t'..', h'..', b'..'; texts and numbers are kept.
  void literal(StixComparison& one) {
    skip();
    if (at_ >= text_.size()) return expected("a value");
    const char c = text_[at_];
    std::string value;
    if (c == '\'') {
      if (!quoted('\'', value)) return expected("a closing quote");
      one.values.push_back(std::move(value));
      return;
    }
    if ((c == 't' || c == 'h' || c == 'b') && at_ + 1 < text_.size() &&
        text_[at_ + 1] == '\'') {
      ++at_;
      if (!quoted('\'', value)) return expected("a closing quote");
      return;
    }
    if (keyword("true") || keyword("false")) return;
    const std::string_view digits = number();
    if (digits.empty()) return expected("a value");
    one.values.emplace_back(digits);
  }

  /// A quoted text with its escapes \' and \\; other backslashes are text.
  bool quoted(char quote, std::string& value) {
    for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
      const char c = text_[i];
      if (c == quote) {
        at_ = i + 1;
        return true;
      }
      if (c == '\\' && i + 1 < text_.size() &&
          (text_[i + 1] == quote || text_[i + 1] == '\\')) {
        value += text_[++i];
        continue;
      }
      value += c;
    }
    return false;
  }

  std::string_view number() {
    skip();
    const std::size_t begin = at_;
    if (at_ < text_.size() && (text_[at_] == '-' || text_[at_] == '+')) ++at_;
    while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.')) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  // -- characters

  void skip() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  bool at_end() {
    skip();
    return at_ >= text_.size();
  }
  bool take(char c) {
    skip();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool keyword(std::string_view word) {
    skip();
    if (!starts_with_ignore_case(text_.substr(at_), word)) return false;
    const std::size_t end = at_ + word.size();
    if (end < text_.size() && (is_name_byte(text_[end]) || text_[end] == ':')) return false;
    at_ = end;
    return true;
  }

  bool ok() const { return error_.empty(); }
  void expected(std::string_view what) { stop("expected " + std::string(what)); }
  void stop(std::string what) {
    if (!error_.empty()) return;
    error_ = std::move(what);
    error_at_ = at_;
  }

  std::string_view text_;
  std::size_t at_ = 0, error_at_ = 0;
  std::vector<StixComparison> found_;
  std::string error_;
  int groups_ = 0;
  bool observations_joined_ = false;
};

}  // namespace

Result<std::vector<StixComparison>> parse_stix_pattern(std::string_view pattern) {
  return PatternParser(pattern).parse();
}

std::vector<PatternFact> stix_facts(const std::vector<StixComparison>& comparisons,
                                    std::vector<std::string>& passed) {
  std::vector<PatternFact> facts;
  for (const StixComparison& comparison : comparisons) {
    const std::string property = comparison.object + ":" + comparison.path;
    if (comparison.negated || comparison.operation == StixOperator::kOther) {
      passed.push_back((comparison.negated ? "NOT " : "") + std::string(comparison.word) +
                       " of " + property);
      continue;
    }
    const StixProperty known = stix_property(comparison.object, comparison.path);
    if (!known.known || comparison.values.empty() ||
        (comparison.operation == StixOperator::kSubset && known.type != "ip")) {
      passed.push_back(property);
      continue;
    }
    for (const std::string& value : comparison.values) {
      PatternFact fact;
      fact.kind = known.kind;
      fact.type = known.type;
      fact.value = value;
      fact.group = comparison.group;
      fact.joint = comparison.joint;
      if (fact.type == "FileName") fact.type = file_word(value);
      if (fact.type == "ASN" && !value.empty() && is_digit(value.front()))
        fact.value = "AS" + value;
      facts.push_back(std::move(fact));
    }
  }
  return facts;
}

}  // namespace spoor
