// Real logs: every file of the shared corpus is opened, its format named, each of its lines
// read. For each folder a row says which formats its files must have and how many of its lines
// must have a time. Prints a table: format, files, lines, lines with a time, lines with a host.
// The corpus lies under $SPOOR_SHARED, or beside the project; skipped where it is absent.
// SPOOR_FORMATS_VERBOSE=1 prints a row a file.

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "io/encoding.h"
#include "io/source.h"
#include "logs/format_track.h"

namespace spoor {
namespace {

namespace fs = std::filesystem;

struct FolderRow {
  std::string_view folder;
  std::string_view formats;  ///< blanks between; every file must have one of them; "": any
  int timed_percent;         ///< of the lines with a record, at least
};

constexpr FolderRow kFolders[] = {
    {"apache", "access-combined", 100},
    {"app", "text", 40},
    {"cef", "cef", 5},
    {"crowdsec", "", 80},
    {"csv", "csv text", 5},
    {"iis", "w3c text", 90},
    {"json", "json auditd text", 45},
    {"lnav", "", 40},
    {"metron", "", 50},
    {"nginx-json", "json", 100},
    {"odd", "", 50},
    {"plaso", "", 15},
    {"splunk", "", 15},
    {"suricata", "suricata-eve", 100},
    {"syslog", "syslog syslog-5424 text", 30},
    {"zeek-btest", "zeek-tsv csv text", 0},
    {"zeek-json", "zeek-json json", 99},
    {"zeek-tsv", "zeek-tsv", 95},
    {"zeek-tsv-m57", "zeek-tsv", 99},
    {"zeek-zat", "zeek-tsv zeek-json json", 95},
};

struct Count {
  std::uint64_t files = 0, lines = 0, timed = 0, hosted = 0;
};

struct FileResult {
  std::string format;
  Count count;
  bool binary = false;
};

FileResult read_file(const fs::path& path) {
  FileResult result;
  InputFile file;
  file.shown = file.path = file.absolute = path.string();
  file.size = fs::file_size(path);
  auto stream = open_stream(file, StreamOptions{});
  if (!stream) {
    result.format = "(not opened)";
    return result;
  }
  FormatTrack track;
  const FormatSettings settings;
  const auto modified = [] { return std::optional<Time>(parse_iso8601("2026-11-24")->time); };
  Chunk chunk;
  Record record;
  for (std::uint64_t index = 0;; ++index) {
    const auto more = (*stream)->next(chunk);
    if (!more || !*more) break;
    if (index == 0 && chunk.encoding == TextEncoding::kBytes &&
        chunk.text.substr(0, 4096).find('\0') != std::string::npos) {
      result.binary = true;
    }
    const ChunkFormats formats =
        track.enter(index, chunk.text, chunk.encoding, settings, modified);
    const std::string_view text = chunk.text;
    for (std::size_t at = 0; at < text.size();) {
      std::size_t end = next_line_end(text, at, text.size(), chunk.encoding);
      if (end == std::string_view::npos) end = text.size();
      std::string_view line = without_line_end(text.substr(at, end - at), chunk.encoding);
      std::string decoded;
      if (chunk.encoding != TextEncoding::kBytes) {
        decoded = to_utf8(line, chunk.encoding);
        line = decoded;
      }
      const std::size_t begin = at;
      at = end;
      if (line.empty() || line.front() == '#') continue;
      read_record(line, formats.known(), formats.state_at(begin), record);
      ++result.count.lines;
      if (record.time) ++result.count.timed;
      if (record.has(Slot::kHost)) ++result.count.hosted;
    }
  }
  result.format = track.format() == nullptr ? "(empty)" : std::string(track.format()->name);
  for (const Skip& skip : (*stream)->skips()) {
    if (skip.reason.find("not decoded") != std::string::npos) result.binary = true;
  }
  return result;
}

TEST(FormatsCorpus, names_every_file_and_times_its_lines) {
  const char* shared = std::getenv("SPOOR_SHARED");
  const fs::path root =
      (shared != nullptr ? fs::path(shared) : fs::path("../shared")) / "corpus" / "logs";
  if (!fs::is_directory(root)) GTEST_SKIP() << "no corpus at " << root;
  const bool verbose = std::getenv("SPOOR_FORMATS_VERBOSE") != nullptr;

  std::map<std::string, Count> by_format;
  for (const auto& folder : fs::directory_iterator(root)) {
    const std::string name = folder.path().filename();
    // Archives and event logs have decoders of their own, which make records of them.
    if (name == "evtx" || name == "mordor-ndjson") continue;
    const auto* row = std::find_if(std::begin(kFolders), std::end(kFolders),
                                   [&](const FolderRow& each) { return each.folder == name; });
    ASSERT_NE(row, std::end(kFolders)) << "no row for the folder " << name;
    Count total;
    std::set<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
      if (entry.is_regular_file()) files.insert(entry.path());
    }
    for (const fs::path& path : files) {
      FileResult result = read_file(path);
      if (result.binary) result.format = "(binary)";
      Count& format = by_format[result.format];
      for (Count* count : {&format, &total}) {
        ++count->files;
        if (result.binary) continue;
        count->lines += result.count.lines;
        count->timed += result.count.timed;
        count->hosted += result.count.hosted;
      }
      if (verbose) {
        std::printf("%-16s %6lu lines %6lu timed %6lu hosted  %s\n", result.format.c_str(),
                    result.count.lines, result.count.timed, result.count.hosted,
                    fs::relative(path, root).c_str());
      }
      if (row->formats.empty() || result.binary || result.format == "(empty)") continue;
      EXPECT_NE((" " + std::string(row->formats) + " ").find(" " + result.format + " "),
                std::string::npos)
          << path << " is " << result.format << ", expected one of: " << row->formats;
    }
    EXPECT_GE(100.0 * static_cast<double>(total.timed),
              static_cast<double>(row->timed_percent) * static_cast<double>(total.lines))
        << name << ": " << total.timed << " of " << total.lines << " lines have a time";
  }
  std::printf("%-16s %6s %8s %8s %8s\n", "format", "files", "lines", "timed", "hosted");
  for (const auto& [format, count] : by_format) {
    std::printf("%-16s %6lu %8lu %8lu %8lu\n", format.c_str(), count.files, count.lines,
                count.timed, count.hosted);
  }
}

}  // namespace
}  // namespace spoor
