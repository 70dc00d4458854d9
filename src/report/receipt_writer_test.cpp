#include "report/receipt_writer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/ascii.h"
#include "io/test_support.h"

namespace spoor {
namespace {

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::unique_ptr<ReceiptWriter> writer_for(const std::string& path) {
  auto file = AsideFile::create(path);
  EXPECT_TRUE(file.has_value());
  ReceiptInfo info;
  info.program = "spoor 9";
  info.machine = "ho\xffst";
  return std::make_unique<ReceiptWriter>(*std::move(file), info);
}

TEST(ReceiptWriter, writes_lines_of_one_object_and_a_checksum_of_all_before_it) {
  const TemporaryFolder folder;
  const std::string path = folder / "r.json";
  const auto writer = writer_for(path);
  ASSERT_TRUE(writer->begin({}));
  FileAccount account;
  account.file = account.absolute = "/a\xff";
  account.identity.digest = xxh3_128("x");
  ASSERT_TRUE(writer->account(account));
  ASSERT_TRUE(writer->skipped({"b", "is a \x1b[1m fifo", 0, false, false}));
  EXPECT_FALSE(std::filesystem::exists(path));
  ASSERT_TRUE(writer->finish({}));
  const std::string text = content_of(path);
  const std::size_t last = text.rfind("\"checksum\"");
  ASSERT_NE(last, std::string::npos);
  EXPECT_EQ(text.substr(last), "\"checksum\":\"xxh3-128:" +
                                   to_hex(xxh3_128(text.substr(0, last)).view()) + "\"}\n");
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("\"machine_hex\":\"686fff7374\""), std::string::npos);
  EXPECT_NE(text.find("\n{\"kind\":\"file\","), std::string::npos);
  EXPECT_NE(text.find(",\n{\"kind\":\"skip\","), std::string::npos);
  EXPECT_NE(text.find("\"skips\":1"), std::string::npos);
}

TEST(ReceiptWriter, a_hunt_that_fails_leaves_the_old_receipt_and_nothing_aside) {
  const TemporaryFolder folder;
  folder.write("r.json", "old");
  {
    const auto writer = writer_for(folder / "r.json");
    ASSERT_TRUE(writer->begin({}));
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 2);
  }
  EXPECT_EQ(content_of(folder / "r.json"), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

}  // namespace
}  // namespace spoor
