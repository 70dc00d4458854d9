// Paths, registry keys and object names: canonical forms, and that a claim with a class meets
// the paths it means.

#include "ioc/path.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace spoor {
namespace {

TEST(Path, style) {
  struct Case {
    std::string_view text;
    std::optional<PathStyle> expect;
  };
  const Case table[] = {
      {R"(C:\x)", PathStyle::kWindows},
      {"c:/x", PathStyle::kWindows},
      {R"(\\server\share)", PathStyle::kWindows},
      {R"(\windows\x)", PathStyle::kWindows},
      {R"(%APPDATA%\x)", PathStyle::kWindows},
      {"%TEMP%/x", PathStyle::kWindows},
      {R"(%ProgramFiles(x86)%\x)", PathStyle::kWindows},
      {R"(\??\C:\x)", PathStyle::kWindows},
      {"//?/C:/x", PathStyle::kWindows},
      {R"(?:\x)", PathStyle::kWindows},
      {"/tmp/x", PathStyle::kUnix},
      {"~/x", PathStyle::kUnix},
      {"x.exe", {}},
      {"", {}},
      {"c:x", {}},
      {"C:", {}},
      {"100%/x", {}},
      {"%2fx", {}},
      {"~user", {}},
  };
  for (const Case& row : table) EXPECT_EQ(path_style(row.text), row.expect) << row.text;
}

TEST(Path, windows_paths_fold) {
  struct Case {
    const char* name;
    std::string_view text;
    std::string_view expect;
    bool respelled;
    bool any_drive = false;
  };
  constexpr Case kTable[] = {
      {"letter_case", R"(C:\Windows\Temp\P.EXE)", R"(c:\windows\temp\p.exe)", false},
      {"beyond_ascii", "C:\\\u00c4\u0416.exe", "c:\\\u00e4\u0436.exe", false},
      {"not_utf8_stays", "C:\\\xc4.EXE", "c:\\\xc4.exe", false},
      {"slashes", "C:/Windows//Temp/p.exe", R"(c:\windows\temp\p.exe)", true},
      {"doubled", R"(C:\\Windows\\Temp\\p.exe)", R"(c:\windows\temp\p.exe)", true},
      {"trailing", R"(C:\Windows\)", R"(c:\windows)", true},
      {"root", R"(C:\)", R"(c:\)", false},
      {"win32_prefix", R"(\\?\C:\x)", R"(c:\x)", true},
      {"nt_prefix", R"(\??\C:\x)", R"(c:\x)", true},
      {"device_prefix", R"(\\.\C:\x)", R"(c:\x)", true},
      {"doubled_win32_prefix", R"(\\\\?\\C:\\x)", R"(c:\x)", true},
      {"volume", R"(\Device\HarddiskVolume3\Windows\x)", R"(?:\windows\x)", true, true},
      {"volume_doubled", R"(\\Device\\HarddiskVolume12\\x)", R"(?:\x)", true, true},
      {"volume_root", R"(\Device\HarddiskVolume3)", R"(?:\)", true, true},
      {"volume_by_root", R"(\\?\GLOBALROOT\Device\HarddiskVolume1\x)", R"(?:\x)", true, true},
      {"volume_by_guid", R"(\\?\Volume{26a21bda-a627-11d7-9931-806e6f6e6963}\x)", R"(?:\x)",
       true, true},
      {"volume_without_number", R"(\Device\HarddiskVolumeX\x)", R"(\device\harddiskvolumex\x)",
       false},
      {"folded_volume", R"(?:\x)", R"(?:\x)", false, true},
      {"unc", R"(\\Server\Share\x)", R"(\\server\share\x)", false},
      {"unc_slashes", "//Server/Share/x", R"(\\server\share\x)", true},
      {"unc_doubled", R"(\\\\server\\share\\x)", R"(\\server\share\x)", true},
      {"unc_by_prefix", R"(\\?\UNC\server\share\x)", R"(\\server\share\x)", true},
      {"unc_by_redirector", R"(\Device\Mup\server\share\x)", R"(\\server\share\x)", true},
      {"rooted", R"(\Windows\x)", R"(\windows\x)", false},
      {"variable", R"(%APPDATA%\x)", R"(%appdata%\x)", false},
      {"bare_name", "X.exe", "x.exe", false},
      {"empty", "", "", false},
  };
  for (const Case& row : kTable) {
    SCOPED_TRACE(row.name);
    const WindowsPath path = fold_windows_path(row.text);
    EXPECT_EQ(path.folded, row.expect);
    EXPECT_EQ(path.respelled, row.respelled);
    EXPECT_EQ(path.any_drive, row.any_drive);
    const WindowsPath again = fold_windows_path(path.folded);
    EXPECT_EQ(again.folded, path.folded);
    EXPECT_FALSE(again.respelled);
    EXPECT_EQ(again.any_drive, row.any_drive);
  }
}

TEST(Path, claims_have_one_form_for_each_class) {
  struct Case {
    std::string_view text;
    std::string_view expect;
    bool respelled;
  };
  constexpr Case kTable[] = {
      {R"(%APPDATA%\x)", R"(%appdata%\x)", false},
      {R"(%appdata%/x)", R"(%appdata%\x)", true},
      {R"(%UserProfile%\AppData\Roaming\x)", R"(%appdata%\x)", true},
      {R"(C:\Users\*\AppData\Roaming\x)", R"(%appdata%\x)", true},
      {R"(C:\Users\%username%\AppData\Roaming\x)", R"(%appdata%\x)", true},
      {R"(C:\Users\<user>\AppData\Local\x)", R"(%localappdata%\x)", true},
      {R"(?:\users\*\x)", R"(%userprofile%\x)", true},
      {R"(%SystemDrive%\Users\*\x)", R"(%userprofile%\x)", true},
      {R"(%HOMEDRIVE%%HOMEPATH%\x)", R"(%userprofile%\x)", true},
      {R"(C:\Documents and Settings\*\Application Data\x)", R"(%appdata%\x)", true},
      {R"(C:\Documents and Settings\*\Local Settings\Application Data\x)",
       R"(%localappdata%\x)", true},
      {R"(%TMP%\x)", R"(%temp%\x)", true},
      {R"(%LOCALAPPDATA%\Temp\x)", R"(%localappdata%\temp\x)", false},
      {R"(%USERPROFILE%\AppData\Local\Temp\x)", R"(%localappdata%\temp\x)", true},
      {R"(%SystemRoot%\System32\x)", R"(%windir%\system32\x)", true},
      {R"(\SystemRoot\System32\x)", R"(%windir%\system32\x)", true},
      {R"(%ALLUSERSPROFILE%\x)", R"(%programdata%\x)", true},
      {R"(%ProgramFiles% (x86)\x)", R"(%programfiles(x86)%\x)", true},
      {R"(%ProgramFiles%\Common Files\x)", R"(%commonprogramfiles%\x)", true},
      {R"(%HOMEDRIVE%\x)", R"(%systemdrive%\x)", true},
      // Literal profile paths stay literal, and so do places that no wildcard names.
      {R"(C:\Users\ann\AppData\Roaming\x)", R"(c:\users\ann\appdata\roaming\x)", false},
      {R"(C:\Users\Public\x)", R"(c:\users\public\x)", false},
      {R"(C:\Windows\Temp\x)", R"(c:\windows\temp\x)", false},
      {R"(%appdatax%\x)", R"(%appdatax%\x)", false},
      {R"(%tmp%x\y)", R"(%tmp%x\y)", false},
  };
  for (const Case& row : kTable) {
    SCOPED_TRACE(row.text);
    const WindowsPath path = canonical_windows_path(row.text);
    EXPECT_EQ(path.folded, row.expect);
    EXPECT_EQ(path.respelled, row.respelled);
    EXPECT_EQ(canonical_windows_path(path.folded).folded, path.folded);
  }
}

TEST(Path, a_claim_with_a_class_meets_every_path_of_it_and_no_other) {
  struct Case {
    std::string_view claim;
    std::string_view log;
    bool meets;
  };
  constexpr Case kTable[] = {
      {R"(%APPDATA%\x)", R"(C:\Users\ann\AppData\Roaming\x)", true},
      {R"(%APPDATA%\x)", R"(D:\Users\bob\AppData\Roaming\x)", true},
      {R"(%APPDATA%\x)", R"(\Device\HarddiskVolume3\Users\ann\AppData\Roaming\x)", true},
      {R"(%APPDATA%\x)", R"(C:\Documents and Settings\ann\Application Data\x)", true},
      {R"(%APPDATA%\x)", R"(C:\Windows\System32\config\systemprofile\AppData\Roaming\x)", true},
      {R"(%APPDATA%\x)", R"(C:\Windows\ServiceProfiles\LocalService\AppData\Roaming\x)", true},
      {R"(%APPDATA%\x)", R"(%UserProfile%\AppData\Roaming\x)", true},
      {R"(%APPDATA%\x)", R"(C:\Users\ann\AppData\Roaming\y\x)", false},
      {R"(%APPDATA%\x)", R"(C:\Users\ann\AppData\Local\x)", false},
      {R"(%APPDATA%\x)", R"(C:\Users\ann\AppData\Roamingx)", false},
      {R"(%APPDATA%\x)", R"(C:\Users\a\b\AppData\Roaming\x)", false},
      {R"(%APPDATA%\x)", R"(C:\y\Users\ann\AppData\Roaming\x)", false},
      {R"(C:\Users\*\Desktop\x)", R"(C:\Users\ann\Desktop\x)", true},
      {R"(%TEMP%\x)", R"(C:\Users\ann\AppData\Local\Temp\x)", true},
      {R"(%TMP%\x)", R"(C:\Windows\Temp\x)", true},
      {R"(%TEMP%\x)", R"(C:\Documents and Settings\ann\Local Settings\Temp\x)", true},
      {R"(%TEMP%\x)", R"(C:\DOCUME~1\ann\LOCALS~1\Temp\x)", true},
      {R"(%TEMP%\x)", R"(C:\Temp\x)", false},
      {R"(%LOCALAPPDATA%\Temp\x)", R"(C:\Users\ann\AppData\Local\Temp\x)", true},
      {R"(%LOCALAPPDATA%\Temp\x)", R"(C:\Windows\Temp\x)", false},
      {R"(%WINDIR%\Temp\x)", R"(C:\Windows\Temp\x)", true},
      {R"(%SYSTEMROOT%\x)", R"(C:\WINNT\x)", true},
      {R"(%SYSTEMROOT%\x)", R"(\SystemRoot\x)", true},
      {R"(%PUBLIC%\x)", R"(C:\Users\Public\x)", true},
      {R"(%SystemDrive%\Users\Public\x)", R"(C:\Users\Public\x)", true},
      {R"(%PUBLIC%\x)", R"(C:\Users\ann\x)", false},
      {R"(%PROGRAMDATA%\x)", R"(C:\ProgramData\x)", true},
      {R"(%ALLUSERSPROFILE%\x)", R"(C:\Documents and Settings\All Users\Application Data\x)",
       true},
      {R"(%PROGRAMFILES%\x)", R"(C:\Program Files\x)", true},
      {R"(%PROGRAMFILES%\x)", R"(C:\Program Files (x86)\x)", true},
      {R"(%PROGRAMFILES(X86)%\x)", R"(C:\Program Files (x86)\x)", true},
      {R"(%PROGRAMFILES(X86)%\x)", R"(C:\Program Files\x)", false},
      {R"(%COMMONPROGRAMFILES%\x)", R"(C:\Program Files (x86)\Common Files\x)", true},
      {R"(%PROGRAMFILES%\Common Files\x)", R"(C:\Program Files\Common Files\x)", true},
      {R"(%SYSTEMDRIVE%\x)", R"(C:\x)", true},
      {R"(%SYSTEMDRIVE%\Windows\x)", R"(C:\Windows\x)", true},
      {R"(%SYSTEMDRIVE%\x)", R"(\\server\share\x)", false},
  };
  for (const Case& row : kTable) {
    SCOPED_TRACE(std::string(row.claim) + " <- " + std::string(row.log));
    const std::string claim = canonical_windows_path(row.claim).folded;
    const auto forms = path_classes(fold_windows_path(row.log).folded);
    EXPECT_EQ(std::count(forms.begin(), forms.end(), claim), row.meets ? 1 : 0);
    for (const std::string& form : forms) {
      EXPECT_EQ(canonical_windows_path(form).folded, form) << "no claim has this form";
    }
  }
  EXPECT_TRUE(path_classes("").empty());
  EXPECT_TRUE(path_classes(R"(\windows\temp\x)").empty());
}

TEST(Path, unix_paths_keep_their_case) {
  EXPECT_EQ(canonical_unix_path("/tmp/.X/run"), "/tmp/.X/run");
  EXPECT_EQ(canonical_unix_path("//tmp///x/"), "/tmp/x");
  EXPECT_EQ(canonical_unix_path("~/x//"), "~/x");
  EXPECT_EQ(canonical_unix_path("///"), "/");
  EXPECT_EQ(canonical_unix_path(""), "");
}

TEST(Path, registry_keys) {
  struct Case {
    std::string_view text;
    std::string_view expect;  ///< empty: no key
    bool aliased = false;
    std::string_view as_hkcu = "";
  };
  constexpr Case kTable[] = {
      {R"(HKLM\Software\Run\Upd)", R"(hklm\software\run\upd)"},
      {R"(hklm\software)", R"(hklm\software)"},
      {R"(HKEY_LOCAL_MACHINE\Software)", R"(hklm\software)", true},
      {R"(\REGISTRY\MACHINE\Software)", R"(hklm\software)", true},
      {R"(HKLM:\Software)", R"(hklm\software)", true},
      {R"(Registry::HKEY_LOCAL_MACHINE\Software)", R"(hklm\software)", true},
      {R"(Computer\HKEY_LOCAL_MACHINE\Software)", R"(hklm\software)", true},
      {R"(HKLM\\Software\\Run)", R"(hklm\software\run)", true},
      {R"(HKLM\Software\)", R"(hklm\software)", true},
      {R"(HKCU\Software)", R"(hkcu\software)"},
      {R"(HKEY_CURRENT_USER\Software)", R"(hkcu\software)", true},
      {R"(HKCR\.txt)", R"(hkcr\.txt)"},
      {R"(HKEY_CLASSES_ROOT\MIME\text/html)", R"(hkcr\mime\text/html)", true},
      {R"(HKCC\x)", R"(hkcc\x)"},
      {R"(HKEY_CURRENT_CONFIG\x)", R"(hkcc\x)", true},
      {R"(HKU\S-1-5-21-1-2-3-1001\Software\x)", R"(hku\s-1-5-21-1-2-3-1001\software\x)", false,
       R"(hkcu\software\x)"},
      {R"(\REGISTRY\USER\S-1-5-18\x)", R"(hku\s-1-5-18\x)", true, R"(hkcu\x)"},
      {R"(HKU\S-1-5-21-1-2-3-1001_Classes\x)", R"(hku\s-1-5-21-1-2-3-1001_classes\x)", false,
       R"(hkcu\software\classes\x)"},
      {R"(HKU\.DEFAULT\x)", R"(hku\.default\x)"},
      {R"(HKLM\System\ControlSet001\Services\x)", R"(hklm\system\currentcontrolset\services\x)",
       true},
      {R"(HKLM\System\CurrentControlSet\Services\x)",
       R"(hklm\system\currentcontrolset\services\x)"},
      {R"(HKLM\System\ControlSet0011\x)", R"(hklm\system\controlset0011\x)"},
      {R"(HKCU\System\ControlSet001\x)", R"(hkcu\system\controlset001\x)"},
      {"HKLM", "hklm"},
      {R"(HKLMX\Software)", ""},
      {R"(Software\Run)", ""},
      {R"(HKEY_CURRENT_USER_LOCAL_SETTINGS\x)", ""},
      {"", ""},
      {R"(\)", ""},
  };
  for (const Case& row : kTable) {
    SCOPED_TRACE(row.text);
    const auto key = canonical_registry_key(row.text);
    EXPECT_EQ(key ? key->folded : std::string(), row.expect);
    if (!key) continue;
    EXPECT_EQ(key->aliased, row.aliased);
    EXPECT_EQ(key->as_hkcu, row.as_hkcu);
    const auto again = canonical_registry_key(key->folded);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->folded, key->folded);
    EXPECT_FALSE(again->aliased);
  }
}

TEST(Path, mutex_prefixes_go_and_case_stays) {
  struct Case {
    std::string_view text;
    std::string_view expect;
  };
  constexpr Case kTable[] = {
      {"EvilMutex", "EvilMutex"},
      {R"(Global\EvilMutex)", "EvilMutex"},
      {R"(Local\EvilMutex)", "EvilMutex"},
      {R"(\BaseNamedObjects\EvilMutex)", "EvilMutex"},
      {R"(\BaseNamedObjects\Global\EvilMutex)", "EvilMutex"},
      {R"(\Sessions\1\BaseNamedObjects\EvilMutex)", "EvilMutex"},
      {R"(\Sessions\12\BaseNamedObjects\Local\EvilMutex)", "EvilMutex"},
      {R"(\Sessions\x\BaseNamedObjects\EvilMutex)",
       R"(\Sessions\x\BaseNamedObjects\EvilMutex)"},
      {R"(\Sessions\1\EvilMutex)", R"(\Sessions\1\EvilMutex)"},
      {R"(Global\Local\x)", R"(Local\x)"},
      {R"(Globalx)", "Globalx"},
      {R"(Global\)", R"(Global\)"},
      {"", ""},
  };
  for (const Case& row : kTable)
    EXPECT_EQ(strip_mutex_prefix(row.text), row.expect) << row.text;
}

TEST(Path, pipe_prefixes_go) {
  struct Case {
    std::string_view text;
    std::optional<std::string> expect;
  };
  const Case table[] = {
      {R"(\\.\pipe\Evil)", "Evil"},
      {R"(\\server\PIPE\Evil\x)", R"(Evil\x)"},
      {R"(\Device\NamedPipe\Evil)", "Evil"},
      {R"(\pipe\Evil)", "Evil"},
      {R"(\??\pipe\Evil)", "Evil"},
      {R"(\\.\pipe\)", {}},
      {R"(\\pipe\Evil)", {}},
      {R"(\\server\share\pipe\x)", {}},
      {"Evil", {}},
      {"", {}},
  };
  for (const Case& row : table) EXPECT_EQ(strip_pipe_prefix(row.text), row.expect) << row.text;
}

}  // namespace
}  // namespace spoor
