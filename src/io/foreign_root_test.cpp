#include "io/foreign_root.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "io/source.h"

namespace spoor {
namespace {

namespace fs = std::filesystem;

class ForeignRootTest : public testing::Test {
 protected:
  void SetUp() override {
    base_ = fs::canonical(fs::temp_directory_path()) /
            ("spoor-root-" + std::to_string(::getpid()) + "-" +
             testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(base_);
    fs::create_directories(base_ / "image/var/log");
    write("image/var/log/a.log", "inside");
    write("secret", "outside");
  }
  void TearDown() override { fs::remove_all(base_); }

  void write(const std::string& name, const std::string& text) {
    fs::create_directories((base_ / name).parent_path());
    std::ofstream(base_ / name) << text;
  }
  void link(const std::string& target, const std::string& name) {
    fs::create_symlink(target, base_ / name);
  }
  ForeignRoot root() { return *ForeignRoot::open((base_ / "image").string()); }
  std::string below(const std::string& name) { return (base_ / "image").string() + name; }

  fs::path base_;
};

TEST_F(ForeignRootTest, understands_paths_as_the_machine_does) {
  link("/var/log", "image/logs");                     // absolute
  link("../../../../../../var/log", "image/var/up");  // no way out
  link("log", "image/var/relative");
  link("/logs/a.log", "image/first");
  const std::pair<const char*, const char*> rows[] = {
      {"/var/log/a.log", "/var/log/a.log"},
      {"var/log/a.log", "/var/log/a.log"},
      {"//var/./log//a.log", "/var/log/a.log"},
      {"/logs/a.log", "/var/log/a.log"},
      {"/first", "/var/log/a.log"},
      {"/var/up/a.log", "/var/log/a.log"},
      {"/var/relative", "/var/log"},
      {"/../../var/log/../log", "/var/log"},
      {"", ""},
      {"/", ""},
      {"/..", ""},
  };
  for (const auto& [inside, expected] : rows) {
    const auto path = root().resolve(inside);
    ASSERT_TRUE(path) << inside << ": " << path.error().message;
    EXPECT_EQ(*path, below(expected)) << inside;
  }
}

TEST_F(ForeignRootTest, never_leaves_the_root) {
  link((base_ / "secret").string(), "image/absolute");
  link("../secret", "image/relative");
  link("/../secret", "image/both");
  for (const char* inside : {"/absolute", "/relative", "/both", "/../secret"}) {
    EXPECT_FALSE(root().resolve(inside)) << inside;
    EXPECT_FALSE(root().read_small(inside, 100)) << inside;
  }
}

TEST_F(ForeignRootTest, ends_in_loops) {
  link("/b", "image/a");
  link("/a", "image/b");
  link("self/self", "image/self");
  std::string out;
  EXPECT_EQ(root().try_resolve("/a", out), ELOOP);
  EXPECT_EQ(root().try_resolve("/self", out), ELOOP);
  EXPECT_EQ(root().try_resolve("/nothing", out), ENOENT);
  EXPECT_EQ(root().try_resolve("/var/log/a.log/x", out), ENOTDIR);
}

TEST_F(ForeignRootTest, reads_small_files_only) {
  EXPECT_EQ(root().read_small("/var/log/a.log", 6).value_or("-"), "inside");
  EXPECT_FALSE(root().read_small("/var/log/a.log", 5));
  EXPECT_FALSE(root().read_small("/var/log", 5));
  ASSERT_EQ(::mkfifo(below("/fifo").c_str(), 0600), 0);
  EXPECT_FALSE(root().read_small("/fifo", 5));  // and does not wait
}

TEST_F(ForeignRootTest, opens_no_path_with_a_link_in_it) {
  link("log", "image/var/link");
  const int good = open_without_links(below("/var/log/a.log"), O_RDONLY);
  EXPECT_GE(good, 0);
  if (good >= 0) ::close(good);
  EXPECT_EQ(open_without_links(below("/var/link"), O_RDONLY | O_DIRECTORY), -1);
  EXPECT_EQ(errno, ELOOP);
}

TEST_F(ForeignRootTest, finds_names_of_windows_in_any_case) {
  write("image/WINDOWS/system32/WinEvt/logs/x", "");
  EXPECT_EQ(root().find_ignoring_case("/Windows/System32/winevt/Logs"),
            "/WINDOWS/system32/WinEvt/logs");
  EXPECT_EQ(root().find_ignoring_case("/Windows/System64"), "");
}

TEST_F(ForeignRootTest, shows_paths_below_what_was_typed) {
  const auto typed = ForeignRoot::open((base_ / "image/").string());
  ASSERT_TRUE(typed);
  EXPECT_EQ(typed->shown("/var/log"), (base_ / "image/").string() + "var/log");
  EXPECT_EQ(root().shown("var/log"), below("/var/log"));
  EXPECT_EQ(root().shown("/"), below(""));
  EXPECT_FALSE(ForeignRoot::open(below("/var/log/a.log")));
  EXPECT_FALSE(ForeignRoot::open(below("/nothing")));
}

std::vector<std::string> walked(const ForeignRoot& root, std::vector<std::string>& skipped) {
  std::vector<std::string> files;
  walk(
      {"/"},
      [&](const InputFile& file) { files.push_back(file.shown.substr(root.path().size())); },
      [&](const Skip& skip) {
        skipped.push_back(skip.file.substr(root.path().size()) + ": " + skip.reason);
      },
      {}, &root);
  return files;
}

TEST_F(ForeignRootTest, walks_links_as_the_machine_does) {
  write("image/srv/real.log", "x");
  write("etc-passwd", "outside");
  link("/srv/real.log", "image/var/log/app.log");               // there, in the root
  link((base_ / "secret").string(), "image/var/log/leak.log");  // of this machine
  link("/var/log", "image/var/log/loop");
  std::vector<std::string> skipped;
  const ForeignRoot image = root();
  // /srv/real.log is met first, the link to it is a second sight.
  EXPECT_EQ(walked(image, skipped),
            (std::vector<std::string>{"/srv/real.log", "/var/log/a.log"}));
  EXPECT_EQ(skipped,
            (std::vector<std::string>{"/var/log/app.log: same file as one already seen",
                                      "/var/log/leak.log: is a link to nothing",
                                      "/var/log/loop: is a link to a folder"}));
}

TEST_F(ForeignRootTest, reads_no_fifo_of_another_machine) {
  ASSERT_EQ(::mkfifo(below("/fifo").c_str(), 0600), 0);
  std::vector<std::string> reasons;
  const ForeignRoot image = root();
  walk(
      {"/fifo"}, [](const InputFile&) { FAIL(); },
      [&](const Skip& skip) {
        EXPECT_TRUE(skip.named);
        reasons.push_back(skip.reason);
      },
      {}, &image);
  EXPECT_EQ(reasons, std::vector<std::string>{"is a fifo"});
}

}  // namespace
}  // namespace spoor
