// The type of a bare value. See infer() in canonical.h.
// Idea: shapes that cannot be mistaken first, names last; a bare word whose ending is a file
// type and no top-level domain ("evil.exe") is a file name, one that could be both
// ("update.zip") a domain, which D7 keeps weak in logs. A Unix path needs two components,
// because "/x" in a list is a fragment of a URL as often as a file. A base58 wallet is not told
// from other words of its alphabet; bc1 is. Cost: one refang and a few looks. Tested by
// canonical_test.cpp.

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "ioc/canonical.h"
#include "ioc/canonical_parts.h"
#include "ioc/domain.h"
#include "ioc/path.h"
#include "ioc/refang.h"

namespace spoor {
namespace {

using T = IndicatorType;

// File types whose ending is no top-level domain (IANA's list as of 2026).
constexpr std::string_view kFileEndings[] = {
    "7z",  "apk",  "aspx", "bat",  "bin", "bmp",  "cfg",  "chm",   "class", "cmd", "cpl",
    "csv", "dat",  "dll",  "dmp",  "doc", "docm", "docx", "dylib", "elf",   "exe", "gif",
    "gz",  "hta",  "htm",  "html", "img", "ini",  "iso",  "jar",   "jpeg",  "jpg", "js",
    "jse", "json", "jsp",  "lnk",  "log", "msi",  "msp",  "ocx",   "pdf",   "php", "png",
    "ppt", "pptx", "ps1",  "psm1", "rar", "rtf",  "scr",  "sct",   "swf",   "sys", "tar",
    "tmp", "txt",  "vbe",  "vbs",  "vhd", "wsf",  "xls",  "xlsm",  "xlsx",  "xml"};
static_assert(std::is_sorted(std::begin(kFileEndings), std::end(kFileEndings)));

bool is_file_name(std::string_view text) {
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size()) return false;
  if (text.size() - dot > 6) return false;
  return std::binary_search(std::begin(kFileEndings), std::end(kFileEndings),
                            std::string_view(lower(text.substr(dot + 1))));
}

bool is_drive_path(std::string_view text) {
  return text.size() > 3 && is_alpha(text[0]) && text[1] == ':' &&
         (text[2] == '\\' || text[2] == '/');
}

bool is_windows_path(std::string_view text) {
  if (is_drive_path(text)) return true;
  if (text.front() == '\\') return text.size() > 2;
  return text.front() == '%' && text.find("%\\", 2) != std::string_view::npos;
}

bool is_unix_path(std::string_view text) {
  if (text.substr(0, 2) == "~/") return text.size() > 2;
  if (text.front() != '/' || text.size() < 4 || text[1] == '/') return false;
  const std::size_t second = text.find('/', 1);
  return second != std::string_view::npos && second + 1 < text.size();
}

bool is_registry_root(std::string_view text) {
  return starts_with_ignore_case(text, "HK") || starts_with_ignore_case(text, "[HK") ||
         starts_with_ignore_case(text, "\\registry\\") ||
         starts_with_ignore_case(text, "Computer\\HK");
}

bool has_scheme(std::string_view text) {
  const std::size_t end = text.find("://");
  if (end == std::string_view::npos || end == 0 || !is_alpha(text.front())) return false;
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end),
                     [](char c) { return is_alnum(c) || c == '+' || c == '-' || c == '.'; });
}

OrRefusal<Canonical> infer_name(std::string_view text) {
  auto name = canonical_name(T::kHostname, text);
  if (!name) return name;
  // The suffix list takes any single label for a suffix: a plain word would be a domain.
  if (name->observable.value.find('.') == std::string::npos)
    return refuse("D1", "a single word: no type shows");
  const std::string_view ascii = name->observable.value;
  const auto registrable = registrable_domain(ascii);
  const bool whole = (registrable && *registrable == ascii) || is_shared_host(ascii) ||
                     is_public_suffix(ascii);
  if (whole) {
    name->observable.type = T::kDomain;
  }
  return name;
}

}  // namespace

OrRefusal<Canonical> infer(std::string_view raw) {
  if (raw.size() > kLongestValue)
    return refuse("S5",
                  "a value of " + std::to_string(raw.size()) + " bytes, at most 8192 expected");
  const std::string_view value = clean_value(raw);
  if (value.empty()) return refuse("S5", "an empty value");

  // Where brackets and backslashes have a meaning of their own, nothing is refanged.
  if (is_registry_root(value)) {
    auto key = canonicalize(T::kRegistryKey, value);
    if (key) return key;
  }
  if (is_windows_path(value)) {
    if (strip_pipe_prefix(value)) return canonicalize(T::kNamedPipe, value);
    return canonicalize(T::kFilePath, value);
  }
  if (is_unix_path(value)) return canonicalize(T::kFilePath, value);

  OrRefusal<Refanged> refanged = Refanged{};
  std::string_view text = value;
  if (may_be_defanged(value)) {
    refanged = refang(value);
    if (!refanged) {
      if (is_file_name(value)) return canonicalize(T::kFileName, value);
      return tl::make_unexpected(refanged.error());
    }
    text = clean_value(refanged->text);
    if (text.empty()) return refuse("S5", "an empty value");
  }

  if (has_scheme(text)) return canonical_url(text);
  if (text.front() == '[' || is_hex(text.front()) || text.front() == ':') {
    if (auto address = address_like(text)) return *address;
  }
  if (hash_of_length(text.size()) && std::all_of(text.begin(), text.end(), is_hex))
    return canonicalize(T::kMd5, text).map([](Canonical&& found) {
      found.notes.clear();  // no type was given that the length could contradict
      return std::move(found);
    });
  if (starts_with_ignore_case(text, "CVE-")) {
    auto cve = canonicalize(T::kCve, text);
    if (cve) return cve;
  }
  if (starts_with_ignore_case(text, "AS") && text.size() > 2 && is_digit(text[2])) {
    auto number = canonicalize(T::kAsn, text);
    if (number) return number;
  }
  if (starts_with_ignore_case(text, "bc1") && text.find('.') == std::string_view::npos) {
    auto wallet = canonicalize(T::kBitcoinAddress, text);
    if (wallet) return wallet;
  }
  const std::size_t slash = text.find_first_of("/?");
  const std::size_t sign = text.find('@');
  if (sign != std::string_view::npos && sign < slash) return canonical_email(text);

  const std::string_view host = text.substr(0, std::min(slash, text.find(':')));
  if (slash != std::string_view::npos) {
    if (host.find('.') != std::string_view::npos) return canonical_url(text);
    return refuse("S2", "no type shows");
  }
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos) {
    // A name with a port is an authority: the root URL keeps the port, a name would lose it.
    if (host.find('.') == std::string_view::npos) return refuse("S2", "no type shows");
    return canonical_url(text);
  }
  if (is_file_name(text)) return canonicalize(T::kFileName, text);
  if (text.find(' ') != std::string_view::npos) return refuse("S2", "no type shows");
  return infer_name(text);
}

}  // namespace spoor
