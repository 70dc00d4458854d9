// Rules F, R and O1: paths, file names, registry keys, mutexes and pipes. All share F5's
// tokens.

#include <algorithm>

#include "base/ascii.h"
#include "ioc/path.h"
#include "match/byte_classes.h"
#include "match/exact_scan.h"

namespace spoor {
namespace {

constexpr std::size_t kTokenBytes = 1024;  // F5
constexpr std::size_t kCandidates = 32;    // F5

/// `bytes`, and the controls and the blank (S6: controls count as blanks).
constexpr ByteSet with_blanks(std::string_view bytes) {
  return bytes_that([bytes](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7F || bytes.find(c) != std::string_view::npos;
  });
}

// F5: what begins a token when it stands before it, and where one outside quotes may end.
constexpr ByteSet kBeforeToken = with_blanks("\"'`=,;(<>[");
constexpr ByteSet kAfterToken = with_blanks(",;)>|\"`<]");

bool begins_token(char c) {
  return holds(kBeforeToken, c);
}
bool may_end_token(char c) {
  return holds(kAfterToken, c);
}

bool is_separator(char c) {
  return c == '\\' || c == '/';
}

std::size_t find_last_separator(std::string_view text) {
  std::size_t at = text.size();
  while (at > 0 && !is_separator(text[at - 1])) --at;
  return at == 0 ? std::string_view::npos : at - 1;
}

/// Whether `token` holds a URL, as it is or with JSON's escaped slashes: its last segment is no
/// file of a path.
bool holds_url(std::string_view token) {
  return token.find("://") != std::string_view::npos ||
         token.find(":\\/\\/") != std::string_view::npos;
}

bool has_any(const ClaimIndex& index) {
  return index.has(IndicatorType::kFilePath) || index.has(IndicatorType::kFileName) ||
         index.has(IndicatorType::kRegistryKey) || index.has(IndicatorType::kMutex) ||
         index.has(IndicatorType::kNamedPipe);
}

}  // namespace

/// Looks one candidate up as everything it can be. True if it equals an indicator.
bool ExactScan::match_candidate(std::size_t begin, std::size_t end, bool may_be_key) {
  const std::string_view token = text_.substr(begin, end - begin);
  bool equal = false;
  const auto hit = [&](std::size_t from, std::uint32_t indicator, Grade grade,
                       const char* rule) {
    found(from, end, indicator, grade, rule);
    equal = true;
  };
  const auto style = path_style(token);
  const std::size_t last_separator = find_last_separator(token);

  if (style == PathStyle::kWindows && index_.has(IndicatorType::kFilePath)) {
    const WindowsPath plain = fold_windows_path(token);
    const WindowsPath path = canonical_windows_path(plain);
    const Grade grade = path.respelled ? Grade::kEquivalent : Grade::kExact;
    index_.of_value(IndicatorType::kFilePath, path.folded,
                    [&](std::uint32_t indicator) { hit(begin, indicator, grade, "F1"); });
    const std::string& literal = plain.folded;
    if (literal != path.folded) {
      index_.of_value(IndicatorType::kFilePath, literal,
                      [&](std::uint32_t indicator) { hit(begin, indicator, grade, "F1"); });
    }
    if (path.any_drive && literal.size() > 2) {
      index_.candidates(KeyKind::kDrivelessPath, literal.substr(2),
                        [&](std::uint32_t indicator) {
                          const std::string_view claim = index_.at(indicator).value;
                          if (claim.size() > 2 && claim[1] == ':' &&
                              claim.substr(2) == std::string_view(literal).substr(2)) {
                            hit(begin, indicator, Grade::kEquivalent, "F1");
                          }
                        });
    } else if (literal.size() > 2 && literal[1] == ':') {
      index_.of_value(
          IndicatorType::kFilePath, "?" + literal.substr(1),
          [&](std::uint32_t indicator) { hit(begin, indicator, Grade::kEquivalent, "F1"); });
    }
    for (const std::string& form : path_classes(literal)) {
      index_.of_value(IndicatorType::kFilePath, form, [&](std::uint32_t indicator) {
        hit(begin, indicator, Grade::kEquivalent, "F2");
      });
    }
    if (tracing())
      refuse(begin, end, "F1", "'" + path.folded + "' is compared component by component");
  } else if (style == PathStyle::kUnix && index_.has(IndicatorType::kFilePath)) {
    const std::string path = canonical_unix_path(token);
    const Grade grade = path == token ? Grade::kExact : Grade::kEquivalent;
    index_.of_value(IndicatorType::kFilePath, path,
                    [&](std::uint32_t indicator) { hit(begin, indicator, grade, "F4"); });
    if (tracing())
      refuse(begin, end, "F4",
             "'" + path + "' is compared component by component, letter case and all");
  } else if (!style && last_separator != std::string_view::npos && index_.has_relative_path() &&
             token.find('\\') != std::string_view::npos) {
    const WindowsPath path = fold_windows_path(token);  // a relative claim, whole
    index_.of_value(IndicatorType::kFilePath, path.folded, [&](std::uint32_t indicator) {
      hit(begin, indicator, path.respelled ? Grade::kEquivalent : Grade::kExact, "F1");
    });
  }

  if (index_.has(IndicatorType::kFileName)) {  // F3
    const std::size_t name_begin =
        last_separator == std::string_view::npos ? 0 : last_separator + 1;
    const std::string_view name = token.substr(name_begin);
    // By the separator before the name: a token may begin with words ("exec /opt/x").
    const bool case_blind = style == PathStyle::kWindows ||
                            last_separator == std::string_view::npos ||
                            token[last_separator] == '\\';
    if (!name.empty() && index_.has_bare_length(name.size()) && !holds_url(token)) {
      index_.candidates(KeyKind::kFileName, fold_case(name), [&](std::uint32_t indicator) {
        const ClaimRef claim = index_.at(indicator);
        if (claim.type != IndicatorType::kFileName) return;
        if (claim.value == name || (case_blind && fold_case(claim.value) == fold_case(name))) {
          hit(begin + name_begin, indicator, Grade::kExact, "F3");
        } else {
          refuse(begin, end, "F3", "letter case counts in Unix paths");
        }
      });
    }
  }

  if (may_be_key) {  // R1
    if (const auto key = canonical_registry_key(token)) {
      index_.of_value(IndicatorType::kRegistryKey, key->folded, [&](std::uint32_t indicator) {
        hit(begin, indicator, key->aliased ? Grade::kEquivalent : Grade::kExact, "R1");
      });
      if (!key->as_hkcu.empty()) {
        index_.of_value(
            IndicatorType::kRegistryKey, key->as_hkcu,
            [&](std::uint32_t indicator) { hit(begin, indicator, Grade::kDerived, "R1"); });
      }
      if (tracing())
        refuse(begin, end, "R1", "'" + key->folded + "' is compared component by component");
    }
  }

  if (index_.has(IndicatorType::kMutex)) {  // O1
    const std::string_view name = strip_mutex_prefix(token);
    if (index_.has_bare_length(name.size())) {
      index_.of_value(IndicatorType::kMutex, name, [&](std::uint32_t indicator) {
        hit(begin, indicator, Grade::kExact, "O1");
      });
    }
  }
  if (index_.has(IndicatorType::kNamedPipe)) {
    const auto stripped = strip_pipe_prefix(token);
    std::string_view name = stripped ? *stripped : token;
    if (!stripped && name.size() > 1 && name.front() == '\\')
      name.remove_prefix(1);  // "PipeName: \MSSE-1"
    if (index_.has_bare_length(name.size())) {
      index_.of_value(IndicatorType::kNamedPipe, fold_case(name), [&](std::uint32_t indicator) {
        hit(begin, indicator, Grade::kExact, "O1");
      });
    }
  }
  return equal;
}

/// A claim on a folder holds what lies below it, as a URL's path does (F1, F4, R1: component
/// borders).
void ExactScan::match_path_prefixes(std::size_t begin, std::size_t end) {
  const std::string_view token = text_.substr(begin, end - begin);
  const auto below = [&](IndicatorType type, const std::string& folded, char separator,
                         const char* rule, Grade cap) {
    std::size_t depth = 0;
    for (std::size_t cut = folded.rfind(separator);
         cut != std::string::npos && cut > 0 && depth < 64;
         cut = folded.rfind(separator, cut - 1), ++depth) {
      index_.of_value(type, folded.substr(0, cut), [&](std::uint32_t indicator) {
        found(begin, end, indicator, weaker(cap, Grade::kContains), rule);
      });
    }
  };
  if (index_.has(IndicatorType::kFilePath)) {
    const auto style = path_style(token);
    if (style == PathStyle::kWindows) {
      const WindowsPath literal = fold_windows_path(token);
      below(IndicatorType::kFilePath, literal.folded, '\\', "F1", Grade::kContains);
      const std::string classed = canonical_windows_path(literal).folded;
      if (classed != literal.folded)
        below(IndicatorType::kFilePath, classed, '\\', "F1", Grade::kContains);
      for (const std::string& form : path_classes(literal.folded))
        below(IndicatorType::kFilePath, form, '\\', "F2", Grade::kContains);
    } else if (style == PathStyle::kUnix) {
      below(IndicatorType::kFilePath, canonical_unix_path(token), '/', "F4", Grade::kContains);
    }
  }
  if (index_.has(IndicatorType::kRegistryKey)) {
    if (const auto key = canonical_registry_key(token)) {
      below(IndicatorType::kRegistryKey, key->folded, '\\', "R1", Grade::kContains);
      if (!key->as_hkcu.empty())
        below(IndicatorType::kRegistryKey, key->as_hkcu, '\\', "R1", Grade::kDerived);
    }
  }
}

void ExactScan::match_path_token(std::size_t begin) {
  const char opening = before(begin);
  const std::size_t limit = std::min(text_.size(), begin + kTokenBytes);
  const char first = text_[begin];
  std::vector<std::size_t>& ends = path_ends_;
  ends.clear();
  if (opening == '"' || opening == '\'' || opening == '`') {
    // Inside quotes blanks belong to it: the whole string is the token.
    const std::size_t close = text_.substr(0, limit + 1).find(opening, begin);
    const bool closed = close != std::string_view::npos && close <= limit && close > begin;
    if (closed) ends.push_back(close);
    // A quoted command line ("C:\x\p.exe -k 1") holds paths that end at a blank; only what ends
    // like a file name is taken, so that "C:\Program Files\..." is never read as C:\Program.
    for (std::size_t k = path_break_; k < path_breaks_.size(); ++k) {
      const std::size_t i = path_breaks_[k];
      if (i >= (closed ? close : limit) || ends.size() >= kCandidates) break;
      if (text_[i] == opening) continue;
      const std::string_view part = text_.substr(begin, i - begin);
      const std::size_t name = find_last_separator(part);
      if (name != std::string_view::npos && part.find('.', name) != std::string_view::npos)
        ends.push_back(i);
      if (text_[i] == '"') break;
    }
    if (!closed && limit == text_.size()) ends.push_back(limit);
  } else {
    for (std::size_t k = path_break_; k < path_breaks_.size(); ++k) {
      const std::size_t i = path_breaks_[k];
      if (i >= limit || ends.size() >= kCandidates) break;
      if (i > begin) ends.push_back(i);
      if (text_[i] == '"' || text_[i] == '`') break;
    }
    if (ends.size() < kCandidates && limit == text_.size() &&
        (ends.empty() || (text_[ends.back()] != '"' && text_[ends.back()] != '`'))) {
      ends.push_back(limit);
    }
  }
  if (const FieldMark* field = field_at(begin);
      field != nullptr && field->role == FieldRole::kPath && field->begin == begin) {
    ends.assign(1, std::min(field->end,
                            text_.size()));  // F5: in a recognised path field the whole value
  }
  if (ends.size() > 1) std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  if (ends.empty()) return;

  // What can begin a path or a key; everything else can only be a bare name. Asked once for the
  // longest candidate: a key's root stands at its begin.
  const bool key = index_.has(IndicatorType::kRegistryKey) &&
                   canonical_registry_key(text_.substr(begin, ends.back() - begin)).has_value();
  const bool rooted = key || is_separator(first) || first == '%' || first == '~' ||
                      (is_alpha(first) && at(begin + 1) == ':' && is_separator(at(begin + 2)));

  std::size_t& separator = path_separator_;  // the first one at or after `begin`
  separator = std::max(separator, begin);
  while (separator < text_.size() && !is_separator(text_[separator])) ++separator;
  // F5: the longest that equals an indicator counts.
  for (std::size_t i = ends.size(); i-- > 0;) {
    std::size_t end = ends[i];
    if (!rooted && !index_.has_bare_length(end - begin) && separator >= end) {
      // A bare word of a length that no name has; with its punctuation off it may still be one.
      if (end - begin < 2 || !index_.has_bare_length(end - begin - 1)) continue;
    }
    if (match_candidate(begin, end, key)) break;
    // The full stop or colon after a name in a sentence.
    const char last = text_[end - 1];
    if ((last == '.' || last == ':') && end - begin > 1 && match_candidate(begin, end - 1, key))
      break;
  }
  if (rooted) match_path_prefixes(begin, ends.back());
}

void ExactScan::match_paths() {
  if (!has_any(index_)) return;
  path_breaks_.clear();
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (may_end_token(text_[i])) path_breaks_.push_back(i);
  }
  path_break_ = path_separator_ = 0;
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (i > 0 && !begins_token(text_[i - 1])) continue;
    if (begins_token(text_[i]) && text_[i] != '\'') continue;
    while (path_break_ < path_breaks_.size() && path_breaks_[path_break_] < i) ++path_break_;
    match_path_token(i);
  }
}

}  // namespace spoor
