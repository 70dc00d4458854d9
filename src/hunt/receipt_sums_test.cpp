#include "hunt/receipt_sums.h"

#include <gtest/gtest.h>

namespace spoor {
namespace {

FileAccount file_account() {
  FileAccount account;
  account.file = "a.log";
  account.identity.size = 12;
  account.counters = {10, 40, 5, 3};
  account.bytes_scanned = 35;
  account.bytes_unread = 2;
  return account;
}

ReceiptSummary fitting_summary() {
  ReceiptSummary summary;
  summary.complete = false;
  summary.files = 1;
  summary.bytes_on_disk = 12;
  summary.bytes_read = 10;
  summary.bytes_unread = 2;
  summary.bytes_decoded = 40;
  summary.bytes_scanned = 35;
  summary.bytes_skipped = 5;
  summary.lines = 3;
  summary.skips = 1;
  summary.sightings = 1;
  summary.by_grade[static_cast<std::size_t>(Grade::kExact)] = 1;
  return summary;
}

ReceiptSums sums_with(const FileAccount& account) {
  ReceiptSums sums;
  sums.add(account);
  sums.add(Skip{"a.log", "damaged", 2, false, true});
  Sighting sighting;
  sighting.grade = Grade::kExact;
  sums.add(sighting);
  return sums;
}

TEST(ReceiptSums, agree_where_nothing_was_changed) {
  EXPECT_EQ(sums_with(file_account()).differences(fitting_summary()),
            std::vector<std::string>{});
}

TEST(ReceiptSums, name_each_number_of_the_summary_that_was_changed) {
  const std::pair<const char*, std::uint64_t ReceiptSummary::*> numbers[] = {
      {"files", &ReceiptSummary::files},
      {"bytes_on_disk", &ReceiptSummary::bytes_on_disk},
      {"bytes_read", &ReceiptSummary::bytes_read},
      {"bytes_unread", &ReceiptSummary::bytes_unread},
      {"bytes_hunted_before", &ReceiptSummary::bytes_before},
      {"bytes_decoded", &ReceiptSummary::bytes_decoded},
      {"bytes_scanned", &ReceiptSummary::bytes_scanned},
      {"bytes_skipped", &ReceiptSummary::bytes_skipped},
      {"lines", &ReceiptSummary::lines},
      {"skips", &ReceiptSummary::skips},
      {"sightings", &ReceiptSummary::sightings},
  };
  for (const auto& [name, number] : numbers) {
    ReceiptSummary changed = fitting_summary();
    ++(changed.*number);
    const auto differences = sums_with(file_account()).differences(changed);
    ASSERT_EQ(differences.size(), 1u) << name;
    EXPECT_EQ(differences[0].find(std::string(name) + ": "), 0u) << differences[0];
  }
  ReceiptSummary complete = fitting_summary();
  complete.complete = true;
  EXPECT_EQ(sums_with(file_account()).differences(complete).size(), 1u);
  ReceiptSummary open = fitting_summary();
  open.closes = false;
  EXPECT_EQ(sums_with(file_account()).differences(open).size(), 1u);
}

TEST(ReceiptSums, name_each_number_of_a_file_that_was_changed) {
  using Change = void (*)(FileAccount&);
  const std::pair<const char*, Change> changes[] = {
      {"size", [](FileAccount& a) { ++a.identity.size; }},
      {"read", [](FileAccount& a) { ++a.counters.bytes_read; }},
      {"unread", [](FileAccount& a) { ++a.bytes_unread; }},
      {"before", [](FileAccount& a) { ++a.bytes_before; }},
      {"decoded", [](FileAccount& a) { ++a.counters.bytes_decoded; }},
      {"scanned", [](FileAccount& a) { ++a.bytes_scanned; }},
      {"skipped", [](FileAccount& a) { ++a.counters.bytes_skipped; }},
      {"lines", [](FileAccount& a) { ++a.counters.lines; }},
      {"members", [](FileAccount& a) { ++a.members; }},
  };
  for (const auto& [name, change] : changes) {
    FileAccount account = file_account();
    change(account);
    EXPECT_FALSE(sums_with(account).differences(fitting_summary()).empty()) << name;
  }
}

TEST(ReceiptSums, what_was_hunted_before_is_a_term_of_its_own) {
  FileAccount account = file_account();
  account.identity.size += 100;
  account.bytes_before = 100;
  FileAccount unchanged;
  unchanged.news = NewsKind::kUnchanged;
  unchanged.identity.size = unchanged.bytes_before = 7;
  ReceiptSummary summary = fitting_summary();
  summary.bytes_before = 107;
  summary.bytes_on_disk += 107;
  ReceiptSums sums = sums_with(account);
  sums.add(unchanged);
  EXPECT_EQ(sums.differences(summary), std::vector<std::string>{});
}

TEST(ReceiptSums, members_must_add_up_to_their_file) {
  FileAccount member = file_account();
  member.is_member = true;
  member.bytes_unread = 0;
  FileAccount file = file_account();
  file.members = 1;
  ReceiptSums sums;
  sums.add(member);
  sums.add(file);
  sums.add(Skip{"a.log", "damaged", 2, false, true});
  Sighting sighting;
  sighting.grade = Grade::kExact;
  sums.add(sighting);
  EXPECT_EQ(sums.differences(fitting_summary()), std::vector<std::string>{});

  ReceiptSums wrong;
  ++member.counters.lines;
  wrong.add(member);
  wrong.add(file);
  wrong.add(Skip{"a.log", "damaged", 2, false, true});
  wrong.add(sighting);
  EXPECT_EQ(
      wrong.differences(fitting_summary()),
      std::vector<std::string>{
          "a.log: lines, of the file and its members: 3 and 4, expected the same number"});
}

}  // namespace
}  // namespace spoor
