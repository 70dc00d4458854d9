#include "hunt/root_facts.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace spoor {
namespace {

namespace fs = std::filesystem;

class RootFactsTest : public testing::Test {
 protected:
  void SetUp() override {
    base_ = fs::canonical(fs::temp_directory_path()) /
            ("spoor-facts-" + std::to_string(::getpid()) + "-" +
             testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(base_);
    fs::create_directories(base_);
  }
  void TearDown() override { fs::remove_all(base_); }
  void folder(const std::string& name) { fs::create_directories(base_ / name); }
  void write(const std::string& name, const std::string& text) {
    fs::create_directories((base_ / name).parent_path());
    std::ofstream(base_ / name) << text;
  }
  ForeignRoot root() { return *ForeignRoot::open(base_.string()); }

  fs::path base_;
};

TEST_F(RootFactsTest, reads_the_host_name) {
  const std::pair<const char*, const char*> rows[] = {
      {"web-01\n", "web-01"},
      {"# made by hand\n\n web-01.corp.example \n", "web-01.corp.example"},
      {"localhost\n", ""},
      {"\x1b[31mred\n", ""},
      {"two words\nweb-01\n", ""},
      {"", ""},
  };
  for (const auto& [text, host] : rows) {
    write("etc/hostname", text);
    EXPECT_EQ(host_of(root()), host) << text;
  }
  fs::remove(base_ / "etc/hostname");
  EXPECT_EQ(host_of(root()), "");
  fs::create_symlink("/data/name", base_ / "etc/hostname");
  write("data/name", "linked\n");
  EXPECT_EQ(host_of(root()), "linked");
}

TEST_F(RootFactsTest, finds_the_usual_places) {
  EXPECT_EQ(usual_log_places(root()), std::vector<std::string>{"/"});
  folder("private/var/log");
  fs::create_symlink("/private/var", base_ / "var");  // macOS
  folder("windows/SYSTEM32/winevt/logs");
  folder("Inetpub/Logs");
  EXPECT_EQ(
      usual_log_places(root()),
      (std::vector<std::string>{"/var/log", "/windows/SYSTEM32/winevt/logs", "/Inetpub/Logs"}));
}

TEST_F(RootFactsTest, tells_a_place_once) {
  folder("var/log");
  fs::create_symlink("log", base_ / "var/adm");
  EXPECT_EQ(usual_log_places(root()), std::vector<std::string>{"/var/log"});
}

}  // namespace
}  // namespace spoor
