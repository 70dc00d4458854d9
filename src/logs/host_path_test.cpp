#include "logs/host_path.h"

#include <gtest/gtest.h>

namespace spoor {
namespace {

TEST(HostPath, finds_hosts_of_collections_and_no_others) {
  struct Row {
    const char* path;
    const char* host;
  };
  constexpr Row kRows[] = {
      // syslog servers
      {"/var/log/hosts/web-01/auth.log", "web-01"},
      {"/var/log/remote/192.0.2.7/2026/messages", "192.0.2.7"},
      {"/var/log/remote/mx.corp.example/mail.log.gz", "mx.corp.example"},
      {"/srv/logs/by-host/db2/kern.log", "db2"},
      // folders of machines
      {"/cases/17/collections/FIN-PC-4/C/Windows/System32/winevt/Logs/x.evtx", "FIN-PC-4"},
      {"/cases/17/triage/web-01/var/log/auth.log", "web-01"},
      {"/cases/17/hosts/web-01/uploads/auto/C%253A/x", "web-01"},
      {"/mnt/web-01.corp.example/var/log/auth.log", "web-01.corp.example"},
      // tools
      {"/e/Collection-FIN-PC-4-2026-11-24T10_54_14Z.zip!uploads/auto/C%253A/x", "FIN-PC-4"},
      {"/e/Collection-fin.corp.example-2026-11-24T10_54_14Z/results/x.json",
       "fin.corp.example"},
      {"/e/sosreport-web-01-2026-11-24-abcdefg.tar.xz!sosreport-web-01-2026-11-24-abcdefg/var/"
       "log/x",
       "web-01"},
      {"/e/sosreport-web-01-01234567-2026-11-24-abcdefg/var/log/x", "web-01"},
      {"/e/uac-web-01-linux-20261124105414.tar.gz![root]/var/log/auth.log", "web-01"},
      // the innermost counts
      {"/var/log/remote/collector/x!var/log/remote/web-02/y", "web-02"},
      // none of these names a host
      {"/var/log/auth.log", ""},
      {"/var/log/web-01.log", ""},
      {"/home/alice/var/log/auth.log", ""},
      {"/mnt/image/var/log/auth.log", ""},
      {"/mnt/disk.raw/var/log/auth.log", ""},
      {"/var/log/remote/web-01", ""},
      {"/var/log/remote/2026/11/24/all.log", ""},
      {"/var/log/remote/archive/all.log", ""},
      {"/var/log/hosts/localhost/x", ""},
      {"/var/log/hosts/bad name/x", ""},
      {"/var/log/hosts/\x1b[31m/x", ""},
      {"/var/log/hosts/-x/y", ""},
      {"/e/collection-of-things/x.log", ""},
      {"/e/uac-web-01-linux/x.log", ""},
      {"/e/sosreport-2026-11-24-x/y", ""},
      {"<stdin>", ""},
      {"", ""},
  };
  for (const Row& row : kRows) EXPECT_EQ(host_in_path(row.path), row.host) << row.path;
}

TEST(HostPath, stays_linear_on_long_paths) {
  std::string path;
  for (int i = 0; i < 20'000; ++i) path += "/hosts";
  EXPECT_EQ(host_in_path(path), "");
}

}  // namespace
}  // namespace spoor
