// See openioc_terms.h. Sources: the terms of OpenIOC 1.0 (current.iocterms) as Mandiant's and
// others' files use them. Tested by openioc_test.cpp.

#include "feeds/openioc_terms.h"

#include "base/ascii.h"
#include "feeds/feed.h"
#include "feeds/text.h"

namespace spoor {
namespace {

using Kind = PatternFact::Kind;

struct Row {
  std::string_view search;
  Kind kind;
  std::string_view type;
};

constexpr Row kRows[] = {
    {"FileItem/Md5sum", Kind::kDigest, "FileHash-MD5"},
    {"FileItem/Sha1sum", Kind::kDigest, "FileHash-SHA1"},
    {"FileItem/Sha256sum", Kind::kDigest, "FileHash-SHA256"},
    {"FileItem/PEInfo/ImpHash", Kind::kWeak, "FileHash-IMPHASH"},
    {"FileItem/FileName", Kind::kWeak, "FileName"},
    {"FileItem/FullPath", Kind::kWeak, "FileName"},
    {"FileItem/FilePath", Kind::kFolder, "FilePath"},
    {"DriverItem/DriverName", Kind::kWeak, "FileName"},
    {"ModuleItem/ModuleName", Kind::kWeak, "FileName"},
    {"ModuleItem/ModulePath", Kind::kWeak, "FileName"},
    {"ServiceItem/path", Kind::kWeak, "FileName"},
    {"ServiceItem/pathmd5sum", Kind::kDigest, "FileHash-MD5"},
    {"ServiceItem/serviceDLL", Kind::kWeak, "FileName"},
    {"ServiceItem/serviceDLLmd5sum", Kind::kDigest, "FileHash-MD5"},
    {"TaskItem/ActionList/Action/ExecProgramPath", Kind::kWeak, "FileName"},
    {"TaskItem/md5sum", Kind::kDigest, "FileHash-MD5"},
    {"ProcessItem/name", Kind::kWeak, "FileName"},
    {"ProcessItem/path", Kind::kWeak, "FileName"},
    {"ProcessItem/SectionList/MemorySection/Name", Kind::kWeak, "FileName"},
    {"ProcessItem/SectionList/MemorySection/Md5sum", Kind::kDigest, "FileHash-MD5"},
    {"ProcessItem/SectionList/MemorySection/Sha1Sum", Kind::kDigest, "FileHash-SHA1"},
    {"ProcessItem/SectionList/MemorySection/Sha256Sum", Kind::kDigest, "FileHash-SHA256"},
    {"ProcessItem/HandleList/Handle/Name", Kind::kStrong, "Mutex"},
    {"PrefetchItem/ApplicationFileName", Kind::kWeak, "FileName"},
    {"ProcessItem/PortList/PortItem/remoteIP", Kind::kStrong, "ip"},
    {"ProcessItem/PortList/PortItem/remotePort", Kind::kPort, "ip"},
    {"PortItem/remoteIP", Kind::kStrong, "ip"},
    {"PortItem/remotePort", Kind::kPort, "ip"},
    {"RouteEntryItem/Destination", Kind::kStrong, "ip"},
    {"DnsEntryItem/Host", Kind::kStrong, kHostWord},
    {"DnsEntryItem/RecordName", Kind::kStrong, kHostWord},
    {"DnsEntryItem/RecordData/Host", Kind::kStrong, kHostWord},
    {"DnsEntryItem/RecordData/IPv4Address", Kind::kStrong, "ip"},
    {"Network/DNS", Kind::kStrong, kHostWord},
    {"Network/URI", Kind::kStrong, "URI"},
    {"Network/UserAgent", Kind::kWeak, "UserAgent"},
    {"UrlHistoryItem/URL", Kind::kStrong, "URL"},
    {"UrlHistoryItem/HostName", Kind::kStrong, kHostWord},
    {"FileDownloadHistoryItem/SourceURL", Kind::kStrong, "URL"},
    {"FileDownloadHistoryItem/FileName", Kind::kWeak, "FileName"},
    {"CookieHistoryItem/HostName", Kind::kStrong, kHostWord},
    {"FormHistoryItem/HostName", Kind::kStrong, kHostWord},
    {"Email/From", Kind::kStrong, "email"},
    {"Email/Attachment/Name", Kind::kWeak, "FileName"},
    {"Email/Attachment/Md5sum", Kind::kDigest, "FileHash-MD5"},
    {"RegistryItem/Path", Kind::kWeak, "RegistryKey"},
    {"RegistryItem/KeyPath", Kind::kWeak, "RegistryKey"},
    {"RegistryItem/ValueName", Kind::kValueName, "RegistryKey"},
};

/// Whether what only `contains` asks for is a whole value of `row` all the same: a name of a
/// host inside a record, a digest, an address, a URL.
bool is_whole(const Row& row, std::string_view value) {
  const Look look = look_of(value);
  if (row.type == kHostWord)
    return (look == Look::kName && value.front() != '.') || look == Look::kAddress;
  if (row.type == "ip") return look == Look::kAddress;
  if (row.kind == Kind::kDigest) return look == Look::kHash;
  if (row.type == "URI" || row.type == "URL") return look == Look::kUrl;
  if (row.type == "email") return look == Look::kEmail;
  return false;
}

}  // namespace

bool openioc_fact(std::string_view search, std::string_view condition, std::string_view value,
                  PatternFact& fact) {
  const Row* row = nullptr;
  for (const Row& each : kRows) {
    if (equals_ignore_case(each.search, search)) row = &each;
  }
  if (row == nullptr || value.empty()) return false;
  if (!equals_ignore_case(condition, "is") && !is_whole(*row, value)) return false;
  fact.kind = row->kind;
  fact.type = row->type;
  if (row->type == "FileName") fact.type = file_word(value);
  if (row->type == "URI" && look_of(value) == Look::kUrl) fact.type = "URL";
  if (row->type == "Mutex" && starts_with_ignore_case(value, "\\Device\\NamedPipe\\"))
    fact.type = "NamedPipe";
  // A handle of a file or a key is no mutex.
  if (fact.type == "Mutex" &&
      (look_of(value) == Look::kPath || look_of(value) == Look::kRegistry) &&
      !starts_with_ignore_case(value, "\\BaseNamedObjects\\") &&
      !starts_with_ignore_case(value, "\\Sessions\\")) {
    return false;
  }
  fact.value = value;
  return true;
}

}  // namespace spoor
