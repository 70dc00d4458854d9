// See prose_words.h. Tested by drawn_values_test.cpp; fuzz_text.

#include "feeds/prose_words.h"

#include <algorithm>
#include <string>

#include "base/ascii.h"

namespace spoor {
namespace {

/// Top-level domains that are endings of files, too (D7); "com" is far more often a name.
constexpr std::string_view kFileLike[] = {"zip", "mov", "sh",   "py",  "rs",  "pl",  "md",
                                          "ps",  "so",  "app",  "cab", "bat", "pub", "pm",
                                          "ai",  "js",  "java", "do",  "cc"};

char opening(char close) {
  return close == ')' ? '(' : close == ']' ? '[' : close == '}' ? '{' : '\0';
}

}  // namespace

/// Bytes that end a word: blanks, quotes, angle brackets, the edges of cells.
bool ends_word(std::string_view line, std::size_t at, std::size_t& width) {
  width = 1;
  const char c = line[at];
  if (is_space(c) || c == '"' || c == '`' || c == '<' || c == '>' || c == '|') return true;
  // U+00A0, U+00AB, U+00BB; U+2018 to U+201F, U+2022, U+2192
  if (static_cast<unsigned char>(c) == 0xC2 && at + 1 < line.size()) {
    const auto next = static_cast<unsigned char>(line[at + 1]);
    width = 2;
    if (next == 0xA0 || next == 0xAB || next == 0xBB) return true;
  }
  if (static_cast<unsigned char>(c) == 0xE2 && at + 2 < line.size()) {
    const auto second = static_cast<unsigned char>(line[at + 1]);
    const auto third = static_cast<unsigned char>(line[at + 2]);
    width = 3;
    if (second == 0x80 && third >= 0x98 && third <= 0xA2) return true;
    if (second == 0x86 && third == 0x92) return true;
  }
  width = 1;
  return false;
}

/// Without the punctuation of the sentence round it; brackets go where they have no partner
/// inside, or hold all of it.
std::string_view strip_punctuation(std::string_view word) {
  constexpr std::string_view kBegin = "'*_,;:!~=", kEnd = ".,;:!?'*_~=";
  bool changed = true;
  while (changed && !word.empty()) {
    changed = false;
    const char first = word.front(), last = word.back();
    if (kBegin.find(first) != std::string_view::npos) {
      word.remove_prefix(1);
      changed = true;
      continue;
    }
    if (kEnd.find(last) != std::string_view::npos) {
      word.remove_suffix(1);
      changed = true;
      continue;
    }
    if (const char open = opening(last); open != '\0') {
      if (std::count(word.begin(), word.end(), open) <
          std::count(word.begin(), word.end(), last)) {
        word.remove_suffix(1);
        changed = true;
        continue;
      }
    }
    if (first == '(' || first == '[' || first == '{') {
      // The partner of the first bracket.
      int depth = 0;
      std::size_t partner = std::string_view::npos;
      for (std::size_t i = 0; i < word.size(); ++i) {
        if (word[i] == first) ++depth;
        if (opening(word[i]) == first && --depth == 0) {
          partner = i;
          break;
        }
      }
      if (partner == std::string_view::npos) {
        word.remove_prefix(1);
        changed = true;
      } else if (partner + 1 == word.size() && word.size() > 2) {
        word = word.substr(1, word.size() - 2);
        changed = true;
      }
    }
  }
  return word;
}

/// Whether `label` (what stands before a value, without the colon) says that an indicator
/// follows.
bool is_label(std::string_view label) {
  if (label.size() > 40) return false;
  const std::string words = lower(label);
  for (const std::string_view word :
       {"c2", "c&c", "cnc", "domain", "host", "ip", "url", "server", "address", "ioc",
        "indicator", "sender", "email", "e-mail", "hash", "payload", "panel", "download"}) {
    for (std::size_t at = words.find(word); at != std::string::npos;
         at = words.find(word, at + 1)) {
      const std::size_t end = at + word.size();
      const bool begins = at == 0 || !is_alnum(words[at - 1]);
      if (begins && (end == words.size() || !is_alnum(words[end]) || words[end] == 's'))
        return true;
    }
  }
  return false;
}

DigestKind digest_kind(std::string_view before) {
  std::string words =
      lower(before.substr(before.size() - std::min(before.size(), std::size_t{32})));
  while (!words.empty() && !is_alnum(words.back())) words.pop_back();
  std::size_t begin = words.size();
  while (begin > 0 && (is_alnum(words[begin - 1]) || words[begin - 1] == '-')) --begin;
  const std::string_view last = std::string_view(words).substr(begin);
  if (last == "imphash") return DigestKind::kImphash;
  if (last == "ja3") return DigestKind::kJa3;
  if (last == "thumbprint" || last == "fingerprint") return DigestKind::kCertificate;
  for (const std::string_view word :
       {"ja3s", "ja4", "authentihash", "ssdeep", "tlsh", "vhash", "telfhash", "gimphash",
        "serial", "commit", "certificate", "pehash", "richhash", "uuid", "guid", "key", "token",
        "password"}) {
    if (last == word) return DigestKind::kForeign;
  }
  return DigestKind::kFile;
}

bool names_version(std::string_view before) {
  before = trim(before.substr(before.size() - std::min(before.size(), std::size_t{32})));
  std::size_t begin = before.size();
  while (begin > 0 && is_alpha(before[begin - 1])) --begin;
  const std::string_view word = before.substr(begin);
  for (const std::string_view each : {"v", "ver", "version", "versions", "build", "release",
                                      "firmware", "update", "section"}) {
    if (equals_ignore_case(word, each)) return true;
  }
  return false;
}

/// "3.6.3.1": four small numbers are as often a version.
bool all_small(std::string_view address) {
  std::size_t run = 0;
  unsigned value = 0;
  for (const char c : address) {
    if (c == '.') {
      if (value >= 30) return false;
      value = 0;
      run = 0;
      continue;
    }
    if (!is_digit(c) || ++run > 3) return false;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value < 30;
}

/// Names that could as well be of a file ("setup.sh") or of a package ("com.vendor.app").
bool file_like(std::string_view name) {
  const std::string_view first = name.substr(0, name.find('.'));
  if (first == "com" || first == "org" || first == "net" || first == "io") return true;
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || name.find('.') != dot) return false;
  const std::string_view last = name.substr(dot + 1);
  return std::find(std::begin(kFileLike), std::end(kFileLike), last) != std::end(kFileLike);
}

}  // namespace spoor
