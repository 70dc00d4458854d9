// Real event logs: every file of the shared corpus is read, and as many records as evtxexport
// (libevtx) exports must come out of it, or as many more or fewer as a row explains. The corpus
// lies under $SPOOR_SHARED, or beside the project; skipped where it or evtxexport is absent.

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "io/source.h"
#include "io/test_support.h"

namespace spoor {
namespace {

namespace fs = std::filesystem;

/// Where the counts differ, by how much (ours less theirs), and why.
struct Difference {
  std::string_view file;
  long more;
  std::string_view why;
};
constexpr std::string_view kNoTemplate = "records without a template, of which it reads none";
constexpr std::string_view kStops = "it stops at a record whose values it cannot read";
constexpr std::string_view kChecksum =
    "chunks with a wrong checksum or header, whose records it counts as recovered";
constexpr std::string_view kOverwritten =
    "chunks partly written over: it counts their records as recovered, and leaves out those "
    "without a template, which are told by their values";
constexpr std::string_view kNotClosed =
    "the file was not closed: chunks behind the last that its header counts are in use";
constexpr Difference kDifferences[] = {
    {"2-vss_0-Microsoft-Windows-RemoteDesktopServices-RdpCoreTS%4Operational.evtx.zst", 65,
     kOverwritten},
    {"2-vss_0-Microsoft-Windows-TerminalServices-RemoteConnectionManager%4Operational.evtx.zst",
     21, kChecksum},
    {"E_ShadowCopy6_windows_system32_winevt_logs_Microsoft-Windows-CAPI2%4Operational.evtx.zst",
     370, kStops},
    {"E_Windows_system32_winevt_logs_Microsoft-Windows-CAPI2%4Operational.evtx.zst", 316,
     kStops},
    {"ID1116-1117-Defender_threat_detected.evtx.zst", 6, kNoTemplate},
    {"ID2003-4950-Firewall_disabled.evtx.zst", 6, kNoTemplate},
    {"ID800-4103-Interactive_PipeShell_over_named_pipe_server_and_client_.evtx.zst", 30,
     kNoTemplate},
    {"MSExchange_Management_wec.evtx.zst", 1, kNoTemplate},
    {"System2.evtx.zst", 89, kNotClosed},
    {"sample-with-zero-data-size-event.evtx.zst", 114, kChecksum},
    {"sample_with_a_bad_chunk_magic.evtx.zst", 113, kOverwritten},
};

struct Count {
  long used = 0, damaged = 0, raw = 0;
};

Count count_records(const fs::path& path) {
  InputFile file;
  file.shown = file.path = file.absolute = path.string();
  file.size = fs::file_size(path);
  Count count;
  auto stream = open_stream(file, StreamOptions{});
  EXPECT_TRUE(stream.has_value());
  if (!stream) return count;
  Chunk chunk;
  for (;;) {
    const auto more = (*stream)->next(chunk);
    if (!more || !*more) return count;
    EXPECT_EQ(chunk.form, "evtx");
    for (const ChunkRecord& record : chunk.records) {
      const std::string_view text = std::string_view(chunk.text).substr(record.begin, 40);
      if (text.substr(0, 30) == "<Event><System><EventRecordID>") {
        ++count.damaged;
      } else if (text.substr(0, 6) == "<Event") {
        ++count.used;
      } else if (text.substr(0, 4) != "<!--") {
        ++count.raw;
      }
    }
  }
}

long exported(const std::string& path) {
  const std::string command = "evtxexport '" + path + "' 2>/dev/null | grep -c '^Event number'";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  long count = -1;
  if (pipe == nullptr) return count;
  if (std::fscanf(pipe, "%ld", &count) != 1) count = -1;
  ::pclose(pipe);
  return count;
}

TEST(EvtxCorpus, tells_as_many_records_as_libevtx) {
  const char* shared = std::getenv("SPOOR_SHARED");
  const fs::path folder =
      fs::path(shared != nullptr ? shared : "../shared") / "corpus/logs/evtx";
  if (!fs::exists(folder)) GTEST_SKIP() << "skipped: no " << folder.string();
  if (std::system("command -v evtxexport >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "skipped: evtxexport is not installed (libevtx-utils)";
  const TemporaryFolder copies;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  ASSERT_GT(files.size(), 50u);
  for (const fs::path& path : files) {
    const auto bytes = read_whole(path.string(), std::uint64_t{1} << 30);
    ASSERT_TRUE(bytes.has_value());
    copies.write("copy.evtx", *bytes);
    const Count count = count_records(path);
    const long theirs = exported(copies / "copy.evtx");
    long more = 0;
    std::string_view why = "the same number";
    for (const Difference& row : kDifferences) {
      if (row.file != path.filename().string()) continue;
      more = row.more;
      why = row.why;
    }
    EXPECT_EQ(count.used + count.damaged - theirs, more)
        << path.filename().string() << ": " << count.used << " in use, " << count.damaged
        << " damaged, " << count.raw << " raw gaps; evtxexport " << theirs
        << "; expected: " << why;
  }
}

}  // namespace
}  // namespace spoor
