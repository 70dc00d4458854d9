// Hunting in files of records: a sighting has the record's number, place, time, computer, user
// and field; a line end in a value does not part a record; the answer does not depend on how
// chunks fall.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "hunt/fake_matcher.h"
#include "hunt/hunt.h"
#include "io/evtx_builder.h"
#include "io/journal_builder.h"
#include "io/test_support.h"

namespace spoor {
namespace {

const std::vector<std::string> kWords = {"evil.example", "bad"};

Result<std::shared_ptr<const IndicatorStory>> look_up(IndicatorIndex indicator) {
  auto story = std::make_shared<IndicatorStory>();
  story->id = ObservableId{static_cast<std::int64_t>(indicator) + 1};
  story->observable = {IndicatorType::kDomain, kWords.at(static_cast<std::size_t>(indicator))};
  return std::shared_ptr<const IndicatorStory>(std::move(story));
}

class Recorder final : public FindingSink {
 public:
  Status take(std::span<Sighting> sightings, std::span<const FindingDetail> details) override {
    for (std::size_t i = 0; i < sightings.size(); ++i) {
      const Sighting& each = sightings[i];
      std::string line = std::to_string(each.line) + ":" + std::to_string(each.offset) + "+" +
                         std::to_string(each.length) + " " + each.observable.value + " '" +
                         each.match + "'";
      if (each.time) line += " " + format_iso8601(*each.time);
      const EventRecord& record = *details[i].record;
      line += " " + record.format + " host=" + record.host + " user=" + record.user +
              " process=" + record.process + " field=" + details[i].field;
      if (details[i].context) {
        for (const ContextLine& other : details[i].context->before)
          line += " <" + std::to_string(other.line);
        for (const ContextLine& other : details[i].context->after)
          line += " >" + std::to_string(other.line);
      }
      lines.push_back(line);
      events.push_back(each.event_offset);
    }
    return {};
  }
  std::vector<std::string> lines;
  std::vector<std::uint64_t> events;
};

struct Outcome {
  Recorder sink;
  HuntTotals totals;
};

Outcome hunted(const std::string& path, std::size_t chunk_bytes = 1 << 20,
               std::size_t context = 0) {
  HuntOptions options;
  options.paths = {path};
  options.threads = 2;
  options.stream.chunk_bytes = chunk_bytes;
  options.context_lines = context;
  const FakeMatcher matcher(kWords);
  const FixedClock clock(parse_iso8601("2026-11-24T10:00:00Z")->time);
  Outcome outcome;
  FindingSink* sinks[] = {&outcome.sink};
  const auto totals = Hunt(matcher, look_up, clock, std::move(options)).run(sinks);
  EXPECT_TRUE(totals.has_value());
  if (totals) outcome.totals = *totals;
  return outcome;
}

TEST(RecordsHunt, tells_place_time_and_field_of_a_windows_event) {
  EvtxChunk chunk;
  const auto event = [&](std::uint64_t number, std::string_view query) {
    chunk.add_event(number, {{"User", evtx_string("CORP\\bob")},
                             {"Image", evtx_string("C:\\a.exe")},
                             {"QueryName", evtx_string(query)}});
  };
  event(101, "good.example");
  event(102, "first line\nsecond evil.example line\nthird bad");
  event(103, "bad");
  const TemporaryFolder folder;
  folder.write("Security.evtx", evtx_file({chunk.finish()}));
  const std::string path = folder / "Security.evtx";
  const auto place = [&](std::size_t i) {
    const std::size_t end =
        i + 1 < chunk.records().size() ? chunk.records()[i + 1] : chunk.bytes().size();
    return std::to_string(4096 + chunk.records()[i]) + "+" +
           std::to_string(end - chunk.records()[i]);
  };
  const std::string known =
      " 2026-11-24T10:54:14.123456Z windows-xml host=PC1.corp.example user=CORP\\bob process="
      "C:\\a.exe field=QueryName";
  const std::vector<std::string> wanted = {
      "102:" + place(1) + " evil.example 'evil.example'" + known,
      "102:" + place(1) + " bad 'bad'" + known,
      "103:" + place(2) + " bad 'bad'" + known,
  };
  for (const std::size_t chunk_bytes : {std::size_t{64}, std::size_t{1} << 20}) {
    const Outcome outcome = hunted(path, chunk_bytes);
    EXPECT_EQ(outcome.sink.lines, wanted) << chunk_bytes;
    EXPECT_EQ(outcome.totals.lines, 3u);
    EXPECT_TRUE(outcome.totals.complete);
    EXPECT_EQ(outcome.totals.by_format.count("windows-xml"), 1u);
  }
  const Outcome around = hunted(path, 1 << 20, 1);
  ASSERT_EQ(around.sink.lines.size(), 3u);
  EXPECT_EQ(around.sink.lines[0], wanted[0] + " <101 >103");
  EXPECT_EQ(around.sink.lines[2], wanted[2] + " <102");
}

TEST(RecordsHunt, counts_damage_and_goes_on) {
  EvtxChunk chunk;
  for (std::uint64_t i = 1; i <= 5; ++i)
    chunk.add_event(i, {{"QueryName", evtx_string("evil.example")}});
  std::string bytes = chunk.finish();
  bytes[chunk.records()[2]] = 'X';
  const TemporaryFolder folder;
  folder.write("a.evtx", gzip(evtx_file({bytes})));
  const Outcome outcome = hunted(folder / "a.evtx");
  EXPECT_EQ(outcome.sink.lines.size(), 4u);  // the fake matcher finds no UTF-16 in bytes
  EXPECT_FALSE(outcome.totals.complete);
  ASSERT_FALSE(outcome.totals.skips.empty());
  EXPECT_NE(outcome.totals.skips.back().reason.find("scanned as raw bytes"), std::string::npos);
}

TEST(RecordsHunt, tells_place_time_and_field_of_a_journal_entry) {
  JournalFile file;
  file.add(1'795'517'654'123'456, {"MESSAGE=nothing"});
  const std::uint64_t at =
      file.add(1'795'517'655'000'000, {"_HOSTNAME=gate", "_UID=33", "_COMM=x",
                                       "SYSLOG_IDENTIFIER=app", "MESSAGE=evil.example"});
  const TemporaryFolder folder;
  folder.write("system.journal", file.bytes());
  const Outcome outcome = hunted(folder / "system.journal");
  ASSERT_EQ(outcome.sink.lines.size(), 1u);
  EXPECT_EQ(outcome.sink.lines[0],
            "2:" + std::to_string(at) +
                "+144 evil.example 'evil.example' 2026-11-24T10:54:15Z journald host=gate "
                "user=33 process=app field=MESSAGE");
}

}  // namespace
}  // namespace spoor
