#include "io/watch.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "io/test_support.h"

namespace spoor {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kLong{20'000};  // only a watch that is broken waits as long

/// A watch on a folder, and what it told.
struct Watched {
  explicit Watched(const std::vector<std::string>& paths) { watch->arm(paths); }

  /// Waits for a hint on `path`, as shown; what else was told is in `all`.
  bool tells(const std::string& path) {
    for (;;) {
      const Watch::Hints hints = watch->wait(kLong, {});
      if (hints.files.empty() && !hints.look_at_all) return false;
      look_at_all = look_at_all || hints.look_at_all;
      all.insert(all.end(), hints.files.begin(), hints.files.end());
      for (const InputFile& file : hints.files) {
        if (file.shown == path) return true;
      }
    }
  }
  /// Nothing waits to be told.
  bool is_silent() const {
    const Watch::Hints hints = watch->wait(milliseconds(0), {});
    return hints.files.empty() && !hints.look_at_all;
  }

  std::unique_ptr<Watch> watch = make_watch();
  std::vector<InputFile> all;
  bool look_at_all = false;
};

void append(const std::string& path) {
  std::ofstream(path, std::ios::app) << "line\n";
}

TEST(Watch, tells_of_writes_renames_and_deletions) {
  const TemporaryFolder folder;
  folder.write("sub/b.log", "one\n");
  Watched watched({folder.path()});
  EXPECT_TRUE(watched.is_silent());
  append(folder / "a.log");
  EXPECT_TRUE(watched.tells(folder / "a.log"));
  append(folder / "sub/b.log");
  EXPECT_TRUE(watched.tells(folder / "sub/b.log"));
  std::filesystem::rename(folder / "a.log", folder / "a.log.1");
  watched.all.clear();
  EXPECT_TRUE(watched.tells(folder / "a.log.1"));
  EXPECT_TRUE(std::any_of(watched.all.begin(), watched.all.end(), [&](const InputFile& file) {
    return file.shown == folder / "a.log";
  }));
  std::filesystem::remove(folder / "a.log.1");
  EXPECT_TRUE(watched.tells(folder / "a.log.1"));
  EXPECT_TRUE(watched.watch->is_whole());
  EXPECT_TRUE(watched.watch->take_notes().empty());
}

TEST(Watch, names_files_as_they_were_typed) {
  const TemporaryFolder folder;
  folder.write("a.log", "one\n");
  folder.write("other.log", "one\n");
  const std::string typed = folder.path() + "/./a.log";
  Watched watched({typed});
  append(folder / "other.log");
  append(folder / "a.log");
  ASSERT_TRUE(watched.tells(typed));
  ASSERT_EQ(watched.all.size(), 1u);  // the other file was not asked for
  EXPECT_EQ(watched.all[0].absolute, folder / "a.log");
}

TEST(Watch, asks_to_look_when_folders_come_and_watches_them_then) {
  const TemporaryFolder folder;
  Watched watched({folder.path()});
  std::filesystem::create_directory(folder / "sub");
  const Watch::Hints hints = watched.watch->wait(kLong, {});
  EXPECT_TRUE(hints.look_at_all);
  watched.watch->arm({folder.path()});
  append(folder / "sub/a.log");
  EXPECT_TRUE(watched.tells(folder / "sub/a.log"));
}

TEST(Watch, tells_of_what_a_named_link_leads_to) {
  const TemporaryFolder folder;
  folder.write("real/a.log", "one\n");
  folder.write("links/none", "");
  std::filesystem::create_symlink(folder / "real/a.log", folder / "links/current");
  Watched watched({folder / "links/current"});
  append(folder / "real/a.log");
  EXPECT_TRUE(watched.tells(folder / "links/current"));
}

TEST(Watch, is_not_whole_where_a_link_in_a_folder_leads_elsewhere) {
  const TemporaryFolder folder;
  folder.write("real/a.log", "one\n");
  folder.write("logs/b.log", "one\n");
  std::filesystem::create_symlink(folder / "real/a.log", folder / "logs/link");
  EXPECT_FALSE(Watched({folder / "logs"}).watch->is_whole());
  EXPECT_TRUE(Watched({folder / "real"}).watch->is_whole());
  EXPECT_FALSE(Watched({folder / "absent"}).watch->is_whole());
}

TEST(Watch, does_not_wait_once_a_stop_is_asked_for) {
  const TemporaryFolder folder;
  const auto watch = make_watch();
  watch->arm({folder.path()});
  std::stop_source stop;
  stop.request_stop();
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_TRUE(watch->wait(kLong, stop.get_token()).files.empty());
  EXPECT_LT(std::chrono::steady_clock::now() - begun, kLong / 2);
}

}  // namespace
}  // namespace spoor
