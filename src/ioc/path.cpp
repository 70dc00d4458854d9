// File paths, registry keys and kernel object names in canonical form.
//
// A Windows path is folded in one pass: letters by simple case folding, '/' to '\', runs of
// separators to one (a leading pair, which begins a UNC path, stays a pair), then the prefixes
// by which the kernel names the same place are removed. Doubled separators are therefore read
// as well, which is how source code and JSON write them.
//
// Profile classes and environment variables (F2) are one table, kClasses, of three kinds of
// rows:
//   same    two spellings of one place among the class forms; the right one is canonical
//   place   where on a drive a class lies; "*" is one component
//   wider   a class that covers another one
// A claim takes the "same" rows, and "place" only where it names any user ("C:\Users\*\x"): a
// claim with a literal profile path stays literal. A path in a log takes all three, and every
// form that results is one by which a claim could mean it. The variables as Windows sets them:
// https://learn.microsoft.com/windows/deployment/usmt/usmt-recognized-environment-variables
// Cost: linear in the text, plus one row compare per row for classes. Tested by path_test.cpp.

#include "ioc/path.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <cstddef>

#include "base/ascii.h"
#include "base/utf8.h"

namespace spoor {
namespace {

enum class ClassKind : unsigned char { kSame, kPlace, kWider };

struct ClassRow {
  ClassKind kind;
  std::string_view from;  ///< folded, without a trailing separator
  std::string_view to;
};

constexpr auto kSame = ClassKind::kSame;
constexpr auto kPlace = ClassKind::kPlace;
constexpr auto kWider = ClassKind::kWider;

// clang-format off
constexpr ClassRow kClasses[] = {
    // Other names of the same variable
    {kSame, R"(%tmp%)",                                    R"(%temp%)"},
    {kSame, R"(%systemroot%)",                             R"(%windir%)"},
    {kSame, R"(\systemroot)",                              R"(%windir%)"},
    {kSame, R"(%systemdrive%\windows)",                    R"(%windir%)"},
    {kSame, R"(%homedrive%%homepath%)",                    R"(%userprofile%)"},
    {kSame, R"(%systemdrive%%homepath%)",                  R"(%userprofile%)"},
    {kSame, R"(%homepath%)",                               R"(%userprofile%)"},
    {kSame, R"(%homedrive%)",                              R"(%systemdrive%)"},
    {kSame, R"(%allusersprofile%\application data)",       R"(%programdata%)"},
    {kSame, R"(%allusersprofile%)",                        R"(%programdata%)"},
    {kSame, R"(%systemdrive%\programdata)",                R"(%programdata%)"},
    {kSame, R"(%systemdrive%\users\public)",               R"(%public%)"},
    {kSame, R"(%programw6432%)",                           R"(%programfiles%)"},
    {kSame, R"(%programfiles% (x86))",                     R"(%programfiles(x86)%)"},
    {kSame, R"(%programfiles(x86)%\common files)",         R"(%commonprogramfiles(x86)%)"},
    {kSame, R"(%commonprogramw6432%)",                     R"(%commonprogramfiles%)"},
    {kSame, R"(%programfiles%\common files)",              R"(%commonprogramfiles%)"},
    // Places inside a profile that have a variable of their own; the second four are those of Windows XP
    {kSame, R"(%userprofile%\appdata\roaming)",            R"(%appdata%)"},
    {kSame, R"(%userprofile%\appdata\local)",              R"(%localappdata%)"},
    {kSame, R"(%appdata%\..\local)",                       R"(%localappdata%)"},
    {kSame, R"(%localappdata%\..\roaming)",                R"(%appdata%)"},
    {kSame, R"(%userprofile%\application data)",           R"(%appdata%)"},
    {kSame, R"(%userprofile%\local settings\application data)", R"(%localappdata%)"},
    {kSame, R"(%userprofile%\local settings\temp)",        R"(%localappdata%\temp)"},
    {kSame, R"(%userprofile%\locals~1\temp)",              R"(%localappdata%\temp)"},

    // Below a drive
    {kPlace, R"(\users\*)",                                R"(%userprofile%)"},
    {kPlace, R"(\documents and settings\*)",               R"(%userprofile%)"},
    {kPlace, R"(\docume~1\*)",                             R"(%userprofile%)"},
    {kPlace, R"(\windows\serviceprofiles\*)",              R"(%userprofile%)"},
    {kPlace, R"(\windows\system32\config\systemprofile)",  R"(%userprofile%)"},
    {kPlace, R"(\windows\syswow64\config\systemprofile)",  R"(%userprofile%)"},
    {kPlace, R"(\users\public)",                           R"(%public%)"},
    {kPlace, R"(\programdata)",                            R"(%programdata%)"},
    {kPlace, R"(\users\all users)",                        R"(%programdata%)"},
    {kPlace, R"(\documents and settings\all users)",       R"(%programdata%)"},
    {kPlace, R"(\documents and settings\all users\application data)", R"(%programdata%)"},
    {kPlace, R"(\program files)",                          R"(%programfiles%)"},
    {kPlace, R"(\progra~1)",                               R"(%programfiles%)"},
    {kPlace, R"(\program files (x86))",                    R"(%programfiles(x86)%)"},
    {kPlace, R"(\progra~2)",                               R"(%programfiles(x86)%)"},
    {kPlace, R"(\windows)",                                R"(%windir%)"},
    {kPlace, R"(\winnt)",                                  R"(%windir%)"},
    {kPlace, "",                                           R"(%systemdrive%)"},

    // A process of any kind may mean the left one by the right one
    {kWider, R"(%localappdata%\temp)",                     R"(%temp%)"},
    {kWider, R"(%windir%\temp)",                           R"(%temp%)"},
    {kWider, R"(%programfiles(x86)%)",                     R"(%programfiles%)"},
    {kWider, R"(%commonprogramfiles(x86)%)",               R"(%commonprogramfiles%)"},
};

/// What reports write for "any user" as the component below Users.
constexpr std::string_view kAnyUser[] = {
    "*", "%username%", "%user%", "<user>", "<username>", "<user name>", "[user]", "[username]",
    "{user}", "{username}",
};
// clang-format on

constexpr bool is_separator(char c) {
  return c == '\\' || c == '/';
}

/// Whether `text` begins with `prefix` and a component ends there.
bool begins_with_component(std::string_view text, std::string_view prefix) {
  // The border first: few paths have one at the same place.
  const std::size_t size = prefix.size();
  return (text.size() == size || (text.size() > size && text[size] == '\\')) &&
         text.substr(0, size) == prefix;
}

/// "c:" and "?:" (a device volume), followed by a separator or the end.
bool begins_with_drive(std::string_view text) {
  return text.size() >= 2 && text[1] == ':' && (is_alpha(text[0]) || text[0] == '?') &&
         (text.size() == 2 || is_separator(text[2]));
}

/// How much of `path` (begins with '\', or empty) the pattern of a "place" row covers, or npos.
/// A '*' takes one component that is not empty.
std::size_t covered_by(std::string_view path, std::string_view pattern) {
  if (pattern.empty() || pattern.back() != '*') {
    return begins_with_component(path, pattern) ? pattern.size() : std::string_view::npos;
  }
  pattern.remove_suffix(1);
  if (path.size() < pattern.size() || path[pattern.size() - 1] != '\\' ||
      path.substr(0, pattern.size()) != pattern)
    return std::string_view::npos;
  const std::size_t end = std::min(path.find('\\', pattern.size()), path.size());
  return end == pattern.size() ? std::string_view::npos : end;
}

/// Rewrites `path` by the "same" rows until none fits. Each row leads towards a variable that
/// no row leads away from, except over "..", hence the limit.
bool apply_same(std::string& path) {
  if (path.empty() || (path[0] != '%' && path[0] != '\\')) return false;  // as no row begins
  bool changed = false;
  for (int round = 0; round < 8; ++round) {
    const auto row =
        std::find_if(std::begin(kClasses), std::end(kClasses), [&](const ClassRow& candidate) {
          if (candidate.kind != kSame) return false;
          // Two variables side by side end at the second '%', not at a component.
          return begins_with_component(path, candidate.from);
        });
    if (row == std::end(kClasses)) break;
    path.replace(0, row->from.size(), row->to);
    changed = true;
  }
  return changed;
}

/// "c:\users\*\x", "?:\users\*\x" and "%systemdrive%\users\<user>\x": any user's profile.
bool apply_any_user(std::string& path) {
  constexpr std::string_view kDrive = "%systemdrive%";
  const std::size_t drive = begins_with_drive(path)               ? 2
                            : begins_with_component(path, kDrive) ? kDrive.size()
                            : begins_with_component(path, "*:")   ? 2
                                                                  : 0;
  if (drive == 0) return false;
  for (const std::string_view root : {R"(\users\)", R"(\documents and settings\)"}) {
    if (path.compare(drive, root.size(), root) != 0) continue;
    const std::size_t user = drive + root.size();
    const std::size_t end = std::min(path.find('\\', user), path.size());
    const std::string_view name = std::string_view(path).substr(user, end - user);
    if (std::find(std::begin(kAnyUser), std::end(kAnyUser), name) == std::end(kAnyUser)) {
      return false;
    }
    path.replace(0, end, "%userprofile%");
    return true;
  }
  return false;
}

void add_once(std::vector<std::string>& forms, std::string form) {
  if (std::find(forms.begin(), forms.end(), form) == forms.end()) {
    forms.push_back(std::move(form));
  }
}

/// Removes the kernel's and the Win32 API's prefixes from a folded path whose separators are
/// single.
bool strip_device_prefixes(WindowsPath& path) {
  std::string& text = path.folded;
  bool changed = false;
  const auto starts = [&](std::string_view prefix) {
    return text.compare(0, prefix.size(), prefix) == 0;
  };
  // "\\?\GLOBALROOT\Device\HarddiskVolume1\x" takes three steps.
  for (int step = 0; step < 4; ++step) {
    if (starts(R"(\\?\unc\)") || starts(R"(\\??\unc\)")) {
      text.replace(0, text.find("unc") + 3, R"(\)");
    } else if (starts(R"(\??\unc\)")) {
      text.replace(0, 7, R"(\)");
    } else if (starts(R"(\\?\globalroot\)")) {
      text.erase(0, 14);
    } else if (starts(R"(\\?\pipe\)") || starts(R"(\??\pipe\)")) {
      break;  // a pipe, and no file
    } else if (starts(R"(\\?\)") || starts(R"(\??\)")) {
      text.erase(0, 4);
    } else if (starts(R"(\\??\)")) {
      text.erase(0, 5);
    } else if (starts(R"(\\.\)") && begins_with_drive(std::string_view(text).substr(4))) {
      text.erase(0, 4);
    } else if (starts(R"(\device\mup\)")) {
      text.replace(0, 11, R"(\)");
    } else if (starts(R"(volume{)") && text.find(R"(}\)") != std::string::npos) {
      text.replace(0, text.find(R"(}\)") + 1, "?:");
    } else {
      // A volume by its number, also behind a doubled first separator, which is no server's
      // name here.
      std::size_t at = starts(R"(\\device\)") ? 1 : 0;
      constexpr std::string_view kVolume = R"(\device\harddiskvolume)";
      if (text.compare(at, kVolume.size(), kVolume) == 0) {
        at += kVolume.size();
      } else if (starts("harddiskvolume")) {
        at = 14;
      } else {
        break;
      }
      const std::size_t digits = at;
      while (at < text.size() && is_digit(text[at])) ++at;
      if (at == digits || (at < text.size() && text[at] != '\\')) break;
      text.replace(0, at, "?:");
    }
    changed = true;
  }
  return changed;
}

struct RegistryRoot {
  std::string_view from;
  std::string_view to;
};

// clang-format off
constexpr RegistryRoot kRegistryRoots[] = {
    {"hklm", "hklm"}, {"hkey_local_machine",  "hklm"}, {R"(\registry\machine)", "hklm"}, {R"(registry\machine)", "hklm"},
    {"hkcu", "hkcu"}, {"hkey_current_user",   "hkcu"},
    {"hku",  "hku"},  {"hkey_users",          "hku"},  {R"(\registry\user)",    "hku"},  {R"(registry\user)",    "hku"},
    {"hkcr", "hkcr"}, {"hkey_classes_root",   "hkcr"},
    {"hkcc", "hkcc"}, {"hkey_current_config", "hkcc"},
};
// clang-format on

/// Whether a registry key could begin with these letters: at a glance, for most words do not.
bool may_begin_key(std::string_view text) {
  // The first ones of every root and prefix; separators may be doubled.
  for (const std::string_view begin : {"hk", "reg", "mic", "com", "\\r", "\\\\"}) {
    std::size_t i = 0;
    // Letters outside of ASCII fold to some of these, but to no first one.
    while (i < begin.size() && i < text.size() &&
           (to_lower(text[i]) == begin[i] || (i > 0 && is_non_ascii(text[i]))))
      ++i;
    if (i == begin.size()) return true;
  }
  return false;
}

/// Removes `prefix` in any letter case.
bool strip(std::string_view& text, std::string_view prefix) {
  if (!starts_with_ignore_case(text, prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

std::string fold_case(std::string_view text) {
  // Most texts are ASCII to their end.
  std::string out(text);
  std::size_t i = 0;
  for (; i < text.size() && !is_non_ascii(text[i]); ++i) out[i] = to_lower(text[i]);
  out.resize(i);
  while (i < text.size()) {
    if (!is_non_ascii(text[i])) {
      out += to_lower(text[i++]);
      continue;
    }
    const CodePoint point = decode_utf8(text, i);
    if (point.valid) {
      append_utf8(out, static_cast<char32_t>(
                           u_foldCase(static_cast<UChar32>(point.value), U_FOLD_CASE_DEFAULT)));
    } else {
      out += text[i];
    }
    i += point.length;
  }
  return out;
}

std::optional<PathStyle> path_style(std::string_view text) {
  if (text.empty()) return {};
  if (text[0] == '\\') return PathStyle::kWindows;
  if (begins_with_drive(text) && text.size() > 2) return PathStyle::kWindows;
  if (text[0] == '%') {
    const std::size_t separator = text.find_first_of("\\/");
    if (separator == std::string_view::npos || separator < 3) return {};
    // "%VAR%\", "%HOMEDRIVE%%HOMEPATH%\" and "%ProgramFiles% (x86)\"
    if (text.substr(1, separator - 1).find('%') == std::string_view::npos) return {};
    return PathStyle::kWindows;
  }
  // "//?/C:/x" is what a port of a Unix program makes of "\\?\C:\x".
  if (text.substr(0, 4) == "//?/" || text.substr(0, 4) == "//./") return PathStyle::kWindows;
  if (text[0] == '/' || text.substr(0, 2) == "~/") return PathStyle::kUnix;
  return {};
}

WindowsPath fold_windows_path(std::string_view text) {
  WindowsPath out;
  out.folded = fold_case(text);
  std::string& path = out.folded;
  // Leading pair: UNC or a device prefix. Everything else is single.
  const std::size_t keep =
      path.size() > 1 && is_separator(path[0]) && is_separator(path[1]) ? 1 : 0;
  std::size_t to = 0;
  for (std::size_t from = 0; from < path.size(); ++from) {
    if (!is_separator(path[from])) {
      path[to++] = path[from];
      continue;
    }
    if (path[from] == '/') out.respelled = true;
    if (from > keep && path[to - 1] == '\\') {
      out.respelled = true;
    } else {
      path[to++] = '\\';
    }
  }
  path.resize(to);
  if (strip_device_prefixes(out)) out.respelled = true;
  // "c:\x\" is the directory "c:\x"; the root of a drive keeps its separator.
  if (path.size() > 3 && path.back() == '\\') {
    path.pop_back();
    out.respelled = true;
  }
  if (begins_with_drive(path) && path[0] == '?') {
    out.any_drive = true;
    if (path.size() == 2) path += '\\';
  }
  return out;
}

WindowsPath canonical_windows_path(std::string_view text) {
  return canonical_windows_path(fold_windows_path(text));
}

WindowsPath canonical_windows_path(WindowsPath path) {
  const bool any_user = apply_any_user(path.folded);
  const bool same = apply_same(path.folded);
  if (any_user || same) {
    path.respelled = true;
    path.any_drive = false;
  }
  return path;
}

std::vector<std::string> path_classes(std::string_view folded) {
  std::vector<std::string> forms;
  const auto add = [&](std::string form) {
    apply_same(form);
    add_once(forms, std::move(form));
  };
  if (begins_with_drive(folded)) {
    const std::string_view below = folded.substr(2);
    for (const ClassRow& row : kClasses) {
      if (row.kind != kPlace) continue;
      const std::size_t covered = covered_by(below, row.from);
      if (covered == std::string_view::npos) continue;
      std::string form(row.to);
      form += below.substr(covered);
      add(std::move(form));
    }
  } else if (!folded.empty() &&
             (folded[0] == '%' || begins_with_component(folded, R"(\systemroot)"))) {
    add(std::string(folded));
  }
  // `forms` grows while it is read: a wider class may have a wider one.
  for (std::size_t i = 0; i < forms.size(); ++i) {
    for (const ClassRow& row : kClasses) {
      if (row.kind != kWider || !begins_with_component(forms[i], row.from)) continue;
      std::string form(row.to);
      form += std::string_view(forms[i]).substr(row.from.size());
      add(std::move(form));
    }
  }
  return forms;
}

std::string canonical_unix_path(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c != '/' || out.empty() || out.back() != '/') out += c;
  }
  if (out.size() > 1 && out.back() == '/') out.pop_back();
  return out;
}

std::optional<RegistryKeyForm> canonical_registry_key(std::string_view text) {
  if (!may_begin_key(text)) return {};
  RegistryKeyForm out;
  // '/' stays: it is a letter of a key's name ("hkcr\mime\database\content type\text/html").
  std::string key;
  for (const char c : fold_case(text)) {
    if (c == '\\' && !key.empty() && key.back() == '\\') {
      out.aliased = true;
    } else {
      key += c;
    }
  }
  if (key.size() > 1 && key.back() == '\\') {
    key.pop_back();
    out.aliased = true;
  }
  // PowerShell's provider and the address bar of regedit
  for (const std::string_view prefix :
       {R"(microsoft.powershell.core\registry::)", "registry::", R"(computer\)"}) {
    if (key.compare(0, prefix.size(), prefix) == 0) {
      key.erase(0, prefix.size());
      out.aliased = true;
    }
  }
  std::size_t covered = 0;
  for (const RegistryRoot& root : kRegistryRoots) {
    if (key.compare(0, root.from.size(), root.from) != 0) continue;
    std::size_t end = root.from.size();
    if (end < key.size() && key[end] == ':') ++end;  // PowerShell's drive, "HKLM:\Software"
    if (end < key.size() && key[end] != '\\') continue;
    covered = end;
    if (root.from != root.to || end != root.from.size()) out.aliased = true;
    out.folded = root.to;
    break;
  }
  if (covered == 0) return {};

  constexpr std::string_view kSystem = R"(\system\controlset)";
  const std::string_view rest = std::string_view(key).substr(covered);
  const std::size_t set_end = kSystem.size() + 3;
  const bool numbered_set = out.folded == "hklm" && rest.substr(0, kSystem.size()) == kSystem &&
                            rest.size() >= set_end && is_digit(rest[set_end - 3]) &&
                            is_digit(rest[set_end - 2]) && is_digit(rest[set_end - 1]) &&
                            (rest.size() == set_end || rest[set_end] == '\\');
  if (numbered_set) {
    out.folded += R"(\system\currentcontrolset)";
    out.folded += rest.substr(set_end);
    out.aliased = true;
  } else {
    out.folded += rest;
  }

  if (begins_with_component(out.folded, "hku") && rest.substr(0, 5) == R"(\s-1-)") {
    const std::size_t end = std::min(rest.find('\\', 1), rest.size());
    constexpr std::string_view kClassesHive = "_classes";
    const std::string_view sid = rest.substr(1, end - 1);
    out.as_hkcu = "hkcu";
    if (sid.size() > kClassesHive.size() &&
        sid.substr(sid.size() - kClassesHive.size()) == kClassesHive) {
      out.as_hkcu += R"(\software\classes)";  // a hive of its own, mounted there
    }
    out.as_hkcu += rest.substr(end);
  }
  return out;
}

std::string_view strip_mutex_prefix(std::string_view text) {
  std::string_view rest = text;
  if (!strip(rest, R"(\BaseNamedObjects\)")) {
    std::string_view session = rest;
    if (strip(session, R"(\Sessions\)")) {
      const std::size_t digits = session.find('\\');
      if (digits != 0 && digits != std::string_view::npos &&
          std::all_of(session.begin(), session.begin() + static_cast<std::ptrdiff_t>(digits),
                      is_digit)) {
        session.remove_prefix(digits);
        if (strip(session, R"(\BaseNamedObjects\)")) rest = session;
      }
    }
  }
  if (!strip(rest, R"(Global\)")) strip(rest, R"(Local\)");
  // A prefix alone is no name: it stays, for the guards to judge.
  return rest.empty() ? text : rest;
}

std::optional<std::string_view> strip_pipe_prefix(std::string_view text) {
  std::string_view rest = text;
  if (!strip(rest, R"(\Device\NamedPipe\)") && !strip(rest, R"(\??\pipe\)") &&
      !strip(rest, R"(\pipe\)")) {
    if (!strip(rest, R"(\\)")) return {};
    const std::size_t server = rest.find('\\');  // "." or a name
    if (server == 0 || server == std::string_view::npos) return {};
    rest.remove_prefix(server);
    if (!strip(rest, R"(\pipe\)")) return {};
  }
  if (rest.empty()) return {};
  return rest;
}

}  // namespace spoor
