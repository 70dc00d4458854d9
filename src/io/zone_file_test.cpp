#include "io/zone_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace spoor {
namespace {

namespace fs = std::filesystem;

/// A version 1 file with one offset.
std::string fixed_tzif(std::int32_t offset) {
  std::string bytes = "TZif";
  bytes.append(16, '\0');
  bytes.append(16, '\0');  // four counts
  bytes.append("\0\0\0\x01\0\0\0\x04", 8);
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes += static_cast<char>(static_cast<std::uint32_t>(offset) >> shift & 0xFF);
  bytes.append("\0\0ABC\0", 6);
  return bytes;
}

class ZoneFileTest : public testing::Test {
 protected:
  void SetUp() override {
    base_ = fs::canonical(fs::temp_directory_path()) /
            ("spoor-zone-" + std::to_string(::getpid()) + "-" +
             testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(base_);
    fs::create_directories(base_ / "etc");
    write("usr/share/zoneinfo/Test/Five", fixed_tzif(18000));
  }
  void TearDown() override { fs::remove_all(base_); }
  void write(const std::string& name, const std::string& text) {
    fs::create_directories((base_ / name).parent_path());
    std::ofstream(base_ / name, std::ios::binary) << text;
  }
  ForeignRoot root() { return *ForeignRoot::open(base_.string()); }

  fs::path base_;
};

TEST_F(ZoneFileTest, takes_the_name_that_localtime_points_at) {
  fs::create_symlink("/usr/share/zoneinfo/Test/Five", base_ / "etc/localtime");
  const MachineZone machine = zone_of(root());
  ASSERT_TRUE(machine.zone) << machine.note;
  EXPECT_EQ(machine.name, "Test/Five");
  EXPECT_EQ(machine.zone->offset_at(0), 18000);
}

TEST_F(ZoneFileTest, takes_a_name_of_the_other_database_folders) {
  fs::create_symlink("../usr/share/zoneinfo/posix/Test/Five", base_ / "etc/localtime");
  EXPECT_EQ(zone_of(root()).name, "Test/Five");
}

TEST_F(ZoneFileTest, reads_a_copy) {
  write("etc/localtime", fixed_tzif(-3600));
  const MachineZone machine = zone_of(root());
  ASSERT_TRUE(machine.zone) << machine.note;
  EXPECT_EQ(machine.zone->offset_at(0), -3600);
  EXPECT_EQ(machine.name, "/etc/localtime");
}

TEST_F(ZoneFileTest, reads_debians_and_small_systems_files) {
  write("etc/timezone", "# comment\n\n Test/Five \n");
  EXPECT_EQ(zone_of(root()).name, "Test/Five");
  fs::remove(base_ / "etc/timezone");
  write("etc/TZ", "EST5\n");
  const MachineZone machine = zone_of(root());
  ASSERT_TRUE(machine.zone) << machine.note;
  EXPECT_EQ(machine.zone->offset_at(0), -18000);
}

TEST_F(ZoneFileTest, says_what_was_wrong_and_goes_on) {
  write("etc/localtime", "nonsense");
  write("etc/timezone", "../../../etc/passwd\n");
  MachineZone machine = zone_of(root());
  EXPECT_FALSE(machine.zone);
  EXPECT_NE(machine.note.find("/etc/localtime: "), std::string::npos) << machine.note;
  EXPECT_NE(machine.note.find("/etc/timezone: found no name of a zone"), std::string::npos);
  write("etc/TZ", "CET-1CEST,M3.5.0,M10.5.0/3");
  EXPECT_TRUE(zone_of(root()).zone);
}

TEST_F(ZoneFileTest, a_machine_that_says_nothing_has_none) {
  const MachineZone machine = zone_of(root());
  EXPECT_FALSE(machine.zone);
  EXPECT_EQ(machine.note, "");
}

TEST_F(ZoneFileTest, reads_names_from_the_root_first) {
  const ForeignRoot image = root();
  const auto zone = read_zone("Test/Five", &image);
  ASSERT_TRUE(zone) << zone.error().message;
  EXPECT_EQ(zone->offset_at(0), 18000);
  EXPECT_FALSE(read_zone("Test/Five", nullptr));
  EXPECT_FALSE(read_zone("../Test/Five", &image));
}

TEST(ZoneName, is_no_path_out) {
  for (const char* good :
       {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"})
    EXPECT_TRUE(is_zone_name(good)) << good;
  for (const char* bad :
       {"", "/etc/passwd", "../x", "Europe/../x", "Europe//x", "Europe/", "a b"})
    EXPECT_FALSE(is_zone_name(bad)) << bad;
}

}  // namespace
}  // namespace spoor
