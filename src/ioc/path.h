// File paths, registry keys and kernel object names in canonical form (F1, F2, R1, O1).
// Tested by path_test.cpp.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spoor {

enum class PathStyle : unsigned char { kWindows, kUnix };

/// Lower case by Unicode simple case folding (ICU u_foldCase); bytes that are not UTF-8 stay.
std::string fold_case(std::string_view text);

/// What a path looks like: drive letter, UNC, "\", "%VAR%\" or a device prefix: Windows; '/' or
/// "~/": Unix. Nothing for text without any separator.
std::optional<PathStyle> path_style(std::string_view text);

struct WindowsPath {
  std::string
      folded;  ///< canonical: "c:\windows\temp\p.exe", "\\server\share\x", "%appdata%\x"
  bool respelled =
      false;  ///< S4 equivalent: separators or prefixes were changed (letter case is not)
  bool any_drive = false;  ///< a device volume: `folded` then begins with "?:\"
};
/// F1. Does not resolve profile classes; `canonical_windows_path` does.
WindowsPath fold_windows_path(std::string_view text);

/// F1 and F2 for a claim: environment variables and `Users\*` classes in their one canonical
/// "%name%\rest" form; a literal profile path stays literal.
WindowsPath canonical_windows_path(std::string_view text);
/// The same of what fold_windows_path() made.
WindowsPath canonical_windows_path(WindowsPath folded);

/// The class forms of a path seen in a log (F2): "c:\users\ann\appdata\roaming\x" gives
/// "%appdata%\x" and
/// "%userprofile%\appdata\roaming\x" where that differs from a canonical claim form. Every
/// claim form that could mean this path is in the list. `folded` is a WindowsPath::folded.
std::vector<std::string> path_classes(std::string_view folded);

/// Repeated '/' folded, trailing '/' dropped (but for "/").
std::string canonical_unix_path(std::string_view text);

struct RegistryKeyForm {
  std::string folded;  ///< "hklm\software\run\upd"; HKU\<SID> stays "hku\s-1-5-...\..."
  bool aliased =
      false;  ///< a root or ControlSet alias was replaced, or separators folded (S4 equivalent)
  /// For HKU\<SID>\...: the same key below hkcu (R1, derived). Empty otherwise.
  std::string as_hkcu;
};
/// R1; nothing where no known root begins the text.
std::optional<RegistryKeyForm> canonical_registry_key(std::string_view text);

/// O1, with the prefixes removed: a part of `text`; letter case kept. For pipes the caller
/// folds.
std::string_view strip_mutex_prefix(std::string_view text);
/// Nothing where `text` has no pipe prefix (`\\.\pipe\`, `\Device\NamedPipe\`, `\pipe\`, any
/// server before `\pipe\`).
std::optional<std::string_view> strip_pipe_prefix(std::string_view text);

}  // namespace spoor
