#include "lookup/benign.h"

#include <gtest/gtest.h>

namespace spoor {
namespace {

const Observable kAddress{IndicatorType::kIpv4, "8.8.8.8"};

TEST(Benign, takes_objections_and_accepted_reports_out_of_general) {
  const Time asked = parse_iso8601("2026-11-24T10:00:00")->time;
  const auto notes = benign_notes_of(
      R"({"indicator":"8.8.8.8","pulse_info":{"count":3,"pulses":[]},
          "validation":[{"source":"whitelist","message":"Whitelisted IP","name":"x"},
                        {"source":"majestic","message":"popular","name":"y"}],
          "false_positive":[{"assessment":"accepted","report_date":"2020-01-01"}]})",
      "general", kAddress, asked);
  ASSERT_TRUE(notes) << notes.error().message;
  std::string text;
  for (const BenignNote& note : *notes) {
    EXPECT_EQ(note.observable, kAddress);
    EXPECT_EQ(note.source, "otx");
    EXPECT_EQ(note.noted, asked);
    text += note.name + ": " + note.message + "\n";
  }
  EXPECT_EQ(text,
            "whitelist: Whitelisted IP\nmajestic: popular\n"
            "false_positive: a report of a false positive was accepted\n");
}

TEST(Benign, says_nothing_where_otx_does_not) {
  const auto notes = benign_notes_of(R"({"indicator":"x","false_positive":[]})", "general",
                                     kAddress, std::nullopt);
  ASSERT_TRUE(notes);
  EXPECT_TRUE(notes->empty());
  EXPECT_FALSE(benign_notes_of("<html>", "general", kAddress, std::nullopt));
}

}  // namespace
}  // namespace spoor
