#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "io/bytes.h"
#include "io/source.h"
#include "io/test_support.h"

namespace spoor {
namespace {

/// What the walk said, a line each, paths relative to the folder.
std::vector<std::string> walked(const TemporaryFolder& folder, std::vector<std::string> names) {
  for (std::string& name : names) {
    if (name != "-") name = folder / name;
  }
  std::vector<std::string> lines;
  const auto relative = [&](const std::string& path) {
    const std::string prefix = folder.path() + "/";
    return path.compare(0, prefix.size(), prefix) == 0 ? path.substr(prefix.size()) : path;
  };
  walk(
      names,
      [&](const InputFile& file) {
        std::string line = relative(file.shown);
        if (relative(file.absolute) != line) line += " = " + relative(file.absolute);
        if (file.named) line += " (named)";
        lines.push_back(line);
      },
      [&](const Skip& skip) {
        lines.push_back(relative(skip.file) + ": " + skip.reason +
                        (skip.named ? " (named)" : "") + (skip.incomplete ? " !" : ""));
      });
  return lines;
}

using Lines = std::vector<std::string>;

TEST(Walk, goes_depth_first_in_order_of_bytes) {
  const TemporaryFolder folder;
  for (const char* name :
       {"t/b", "t/B", "t/a/z", "t/a/y", "t/a.log", "t/\xc3\xa9", "t/c/d/e/f"}) {
    folder.write(name, "x");
  }
  EXPECT_EQ(walked(folder, {"t"}),
            (Lines{"t/B", "t/a/y", "t/a/z", "t/a.log", "t/b", "t/c/d/e/f", "t/\xc3\xa9"}));
  EXPECT_EQ(walked(folder, {"t/"}), walked(folder, {"t"})) << "no doubled slash";
}

TEST(Walk, takes_paths_as_given) {
  const TemporaryFolder folder;
  folder.write("b", "x");
  folder.write("a", "x");
  EXPECT_EQ(walked(folder, {"b", "-", "a", "none", "b", "-"}),
            (Lines{"b (named)", "- = <stdin> (named)", "a (named)",
                   "none: no such file or directory (named) !",
                   "b: same file as one already seen", "-: standard input, already read"}));
}

TEST(Walk, follows_links_once_and_never_in_circles) {
  const TemporaryFolder folder;
  folder.write("out/target", "x");
  folder.write("out/other", "x");
  folder.write("t/m", "x");
  const auto link = [&](const char* to, const char* name) {
    std::filesystem::create_symlink(to, folder / name);
  };
  link("../out/target", "t/a-first");
  link("../out/target", "t/b-second");
  link("m", "t/n-same");
  link("..", "t/o-up");
  link("p-self", "t/p-self");
  link("nothing", "t/q-dangling");
  ASSERT_EQ(::link((folder / "t/m").c_str(), (folder / "t/r-hard").c_str()), 0);
  EXPECT_EQ(walked(folder, {"t"}),
            (Lines{"t/a-first = out/target", "t/b-second: same file as one already seen", "t/m",
                   "t/n-same: same file as one already seen", "t/o-up: is a link to a folder",
                   "t/p-self: is a link in a loop", "t/q-dangling: is a link to nothing",
                   "t/r-hard: same file as one already seen"}));
  // A link that is named is followed, to a folder too.
  EXPECT_EQ(walked(folder, {"t/o-up"}).front(), "t/o-up/out/other = out/other");
  EXPECT_EQ(walked(folder, {"t/a-first"}), (Lines{"t/a-first = out/target (named)"}));
}

TEST(Walk, passes_over_what_is_no_file) {
  const TemporaryFolder folder;
  folder.write("t/file", "x");
  ASSERT_EQ(::mkfifo((folder / "t/fifo").c_str(), 0600), 0);
  std::filesystem::create_symlink("fifo", folder / "t/link");
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (folder / "t/socket").copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(walked(folder, {"t"}),
            (Lines{"t/fifo: is a fifo", "t/file", "t/link: is a link to what is a fifo",
                   "t/socket: is a socket"}));
  // Named: a fifo is read, a socket cannot be.
  EXPECT_EQ(walked(folder, {"t/fifo"}), (Lines{"t/fifo (named)"}));
  EXPECT_EQ(walked(folder, {"t/socket"}), (Lines{"t/socket: is a socket (named) !"}));
  ::close(fd);
}

/// For its lifetime the process may not do what root may: root enters every folder.
class AsNobody {
 public:
  AsNobody() { dropped_ = ::geteuid() != 0 || ::seteuid(65534) == 0; }
  ~AsNobody() {
    if (::getuid() == 0 && ::seteuid(0) != 0) std::abort();
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;
  bool dropped() const { return dropped_; }

 private:
  bool dropped_ = false;
};

TEST(Walk, reports_what_it_may_not_read) {
  const TemporaryFolder folder;
  folder.write("t/closed/file", "x");
  folder.write("t/open", "x");
  folder.write("t/secret", "x");
  ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod((folder / "t/secret").c_str(), 0), 0);
  ASSERT_EQ(::chmod((folder / "t/closed").c_str(), 0), 0);
  {
    const AsNobody nobody;
    if (!nobody.dropped())
      GTEST_SKIP() << "root may enter every folder, and cannot become nobody";
    EXPECT_EQ(walked(folder, {"t"}),
              (Lines{"t/closed: permission denied !", "t/open", "t/secret"}));
    EXPECT_EQ(walked(folder, {"t/closed"}), (Lines{"t/closed: permission denied (named) !"}));
    InputFile secret;
    secret.path = folder / "t/secret";
    const auto source = file_source(secret, {});
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().message, "permission denied");
  }
  ::chmod((folder / "t/closed").c_str(), 0700);
}

TEST(Walk, reports_paths_that_are_too_long) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "t");
  const std::string old = std::filesystem::current_path();
  std::filesystem::current_path(folder / "t");
  const std::string name(200, 'd');
  for (int depth = 0; depth < 30; ++depth) {
    ASSERT_EQ(::mkdir(name.c_str(), 0700), 0);
    ASSERT_EQ(::chdir(name.c_str()), 0);
  }
  std::filesystem::current_path(old);
  const Lines lines = walked(folder, {"t"});
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_NE(lines[0].find("file name too long !"), std::string::npos) << lines[0];
}

TEST(Walk, stops_when_asked) {
  const TemporaryFolder folder;
  for (int i = 0; i < 10; ++i) folder.write("t/" + std::to_string(i), "x");
  std::stop_source stop;
  int files = 0;
  walk(
      {folder / "t"},
      [&](const InputFile&) {
        if (++files == 3) stop.request_stop();
      },
      [](const Skip&) {}, stop.get_token());
  EXPECT_EQ(files, 3);
}

// --- files that change while they are read --------------------------------------------------

std::string read_all(ByteSource& source) {
  std::string text, buffer(4, '\0');
  while (const std::size_t count = source.read(buffer.data(), buffer.size())) {
    text.append(buffer, 0, count);
  }
  return text;
}

std::unique_ptr<ByteSource> opened(const std::string& path) {
  InputFile file;
  file.path = path;
  auto source = file_source(file, {});
  EXPECT_TRUE(source) << source.error().message;
  return source ? std::move(*source) : nullptr;
}

TEST(FileSource, reads_a_growing_file_to_the_size_it_had) {
  const TemporaryFolder folder;
  folder.write("log", "12345678");
  const auto source = opened(folder / "log");
  std::ofstream(folder / "log", std::ios::app) << "more";
  EXPECT_EQ(read_all(*source), "12345678");
  std::vector<Skip> problems;
  source->problems(problems);
  EXPECT_TRUE(problems.empty());
}

TEST(FileSource, reports_a_file_that_shrinks) {
  const TemporaryFolder folder;
  folder.write("log", "12345678");
  const auto source = opened(folder / "log");
  std::filesystem::resize_file(folder / "log", 4);
  EXPECT_EQ(read_all(*source), "1234");
  std::vector<Skip> problems;
  source->problems(problems);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].reason, "shrank to 4 bytes while it was read, expected 8");
  EXPECT_EQ(problems[0].bytes, 4u);
}

TEST(FileSource, refuses_a_fifo_that_took_the_place_of_a_file) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  InputFile file;
  file.path = folder / "fifo";
  const auto source = file_source(file, {});
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().message, "is a fifo");
}

TEST(FileSource, a_waiting_read_gives_up_when_asked) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  const FileDescriptor writer(
      ::open((folder / "fifo").c_str(), O_RDWR));  // so that open() below does not wait
  InputFile file;
  file.path = folder / "fifo";
  file.named = true;
  std::stop_source stop;
  auto source = file_source(file, stop.get_token());
  ASSERT_TRUE(source);
  stop.request_stop();
  EXPECT_EQ(read_all(**source), "");
  std::vector<Skip> problems;
  (*source)->problems(problems);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].reason, "stopped before its end");
}

}  // namespace
}  // namespace spoor
