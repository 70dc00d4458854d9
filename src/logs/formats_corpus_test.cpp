// Real logs: every file of the shared corpus, and every member of its archives, is opened, its
// format named, each of its lines read. formats_corpus.tsv says for each which format it must
// be, as a reader of its lines would say; a row a folder here says how many of its lines must
// have a time. Prints a table: format, files, lines, lines with a time, lines with a host.
// The corpus lies under $SPOOR_SHARED, or beside the project; skipped where it is absent.
// SPOOR_FORMATS_VERBOSE=1 prints a row a file. tools/corpus-formats calls it.

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>

#include "io/encoding.h"
#include "io/source.h"
#include "logs/format_track.h"

namespace spoor {
namespace {

namespace fs = std::filesystem;

struct FolderRow {
  std::string_view folder;
  int timed_percent;  ///< of the lines with a record, at least
};

constexpr FolderRow kFolders[] = {
    {"apache", 100},      {"app", 40},       {"cef", 5},
    {"crowdsec", 80},     {"csv", 5},        {"iis", 90},
    {"json", 45},         {"lnav", 40},      {"metron", 50},
    {"nginx-json", 100},  {"odd", 50},       {"plaso", 15},
    {"splunk", 15},       {"suricata", 100}, {"syslog", 30},
    {"zeek-btest", 0},    {"zeek-json", 99}, {"zeek-tsv", 95},
    {"zeek-tsv-m57", 99}, {"zeek-zat", 95},  {"mordor-ndjson", 100},
};

/// Formats of binary files and such that hold nothing; the rest is a row of log_formats().
constexpr std::string_view kBinary = "(binary)", kEmpty = "(empty)";

/// Path below logs/ (with !member) -> the format that it must be. One row a line, TAB between.
std::map<std::string, std::string> expected_formats() {
  std::map<std::string, std::string> expected;
  std::ifstream rows("src/logs/formats_corpus.tsv");
  EXPECT_TRUE(rows) << "run in the project's folder";
  for (std::string row; std::getline(rows, row);) {
    if (row.empty() || row.front() == '#') continue;
    const std::size_t tab = row.find('\t');
    expected[row.substr(0, tab)] = row.substr(tab + 1);
  }
  return expected;
}

struct Count {
  std::uint64_t files = 0, lines = 0, timed = 0, hosted = 0;
};

struct FileResult {
  std::string format;
  Count count;
};

/// Reads one line and counts what it says.
void count_line(std::string_view line, const ChunkFormats& formats, std::size_t at,
                Record& record, Count& count) {
  if (line.empty() || line.front() == '#') return;
  read_record(line, formats.known(), formats.state_at(at), record);
  ++count.lines;
  if (record.time) ++count.timed;
  if (record.has(Slot::kHost)) ++count.hosted;
}

FileResult read_stream(ChunkStream& stream) {
  FileResult result;
  FormatTrack track;
  const FormatSettings settings;
  const auto modified = [] { return std::optional<Time>(parse_iso8601("2026-11-24")->time); };
  Chunk chunk;
  Record record;
  bool binary = false;
  for (std::uint64_t index = 0;; ++index) {
    const auto more = stream.next(chunk);
    if (!more || !*more) break;
    const std::string_view text = chunk.text;
    if (index == 0 && chunk.encoding == TextEncoding::kBytes &&
        text.substr(0, 4096).find('\0') != std::string_view::npos) {
      binary = true;
    }
    const ChunkFormats formats = track.enter(index, text, chunk.encoding, settings, modified);
    for (std::size_t at = 0; at < text.size();) {
      std::size_t end = next_line_end(text, at, text.size(), chunk.encoding);
      if (end == std::string_view::npos) end = text.size();
      const std::string_view raw = without_line_end(text.substr(at, end - at), chunk.encoding);
      const std::string decoded =
          chunk.encoding == TextEncoding::kBytes ? std::string() : to_utf8(raw, chunk.encoding);
      count_line(chunk.encoding == TextEncoding::kBytes ? raw : decoded, formats, at, record,
                 result.count);
      at = end;
    }
  }
  for (const Skip& skip : stream.skips()) {
    binary = binary || skip.reason.find("not decoded") != std::string::npos;
  }
  result.format = binary ? kBinary : track.format() == nullptr ? kEmpty : track.format()->name;
  if (binary) result.count = {};
  return result;
}

/// Calls `on_file` with the name and what was read for a file, or for each of its members.
void read_file(const fs::path& path, const std::string& name,
               const std::function<void(const std::string&, const FileResult&)>& on_file) {
  InputFile file;
  file.shown = file.path = file.absolute = path.string();
  file.size = fs::file_size(path);
  auto members = open_members(file, StreamOptions{});
  ASSERT_TRUE(members) << path;
  Member member;
  while ((*members)->next(member)) {
    on_file(member.inner.empty() ? name : name + "!" + member.inner,
            read_stream(*member.stream));
  }
}

TEST(FormatsCorpus, names_every_file_and_times_its_lines) {
  const char* shared = std::getenv("SPOOR_SHARED");
  const fs::path root =
      (shared != nullptr ? fs::path(shared) : fs::path("../shared")) / "corpus" / "logs";
  if (!fs::is_directory(root)) GTEST_SKIP() << "no corpus at " << root;
  const bool verbose = std::getenv("SPOOR_FORMATS_VERBOSE") != nullptr;
  std::map<std::string, std::string> expected = expected_formats();

  std::map<std::string, Count> by_format;
  for (const auto& folder : fs::directory_iterator(root)) {
    const std::string folder_name = folder.path().filename();
    if (folder_name == "evtx") continue;  // has a decoder of its own, which makes records of it
    const auto* row =
        std::find_if(std::begin(kFolders), std::end(kFolders),
                     [&](const FolderRow& each) { return each.folder == folder_name; });
    ASSERT_NE(row, std::end(kFolders)) << "no row for the folder " << folder_name;
    Count total;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
      if (!entry.is_regular_file()) continue;
      const std::string name = fs::relative(entry.path(), root).string();
      read_file(entry.path(), name, [&](const std::string& member, const FileResult& result) {
        for (Count* count : {&by_format[result.format], &total}) {
          ++count->files;
          count->lines += result.count.lines;
          count->timed += result.count.timed;
          count->hosted += result.count.hosted;
        }
        if (verbose) {
          std::printf("%-16s %6lu lines %6lu timed %6lu hosted  %s\n", result.format.c_str(),
                      result.count.lines, result.count.timed, result.count.hosted,
                      member.c_str());
        }
        const auto wanted = expected.find(member);
        if (wanted == expected.end()) {
          ADD_FAILURE() << "no row in formats_corpus.tsv for " << member << ", which is "
                        << result.format;
          return;
        }
        EXPECT_EQ(result.format, wanted->second) << member;
        expected.erase(wanted);
      });
    }
    EXPECT_GE(100.0 * static_cast<double>(total.timed),
              static_cast<double>(row->timed_percent) * static_cast<double>(total.lines))
        << folder_name << ": " << total.timed << " of " << total.lines << " lines have a time";
  }
  for (const auto& [name, format] : expected) ADD_FAILURE() << "no file for the row " << name;
  std::printf("%-16s %6s %8s %8s %8s\n", "format", "files", "lines", "timed", "hosted");
  Count all;
  for (const auto& [format, count] : by_format) {
    std::printf("%-16s %6lu %8lu %8lu %8lu\n", format.c_str(), count.files, count.lines,
                count.timed, count.hosted);
    all.files += count.files;
    all.lines += count.lines;
    all.timed += count.timed;
    all.hosted += count.hosted;
  }
  std::printf("%-16s %6lu %8lu %8lu %8lu\n", "(all)", all.files, all.lines, all.timed,
              all.hosted);
}

}  // namespace
}  // namespace spoor
