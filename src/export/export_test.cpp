#include "export/export.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/temporary_folder.h"
#include "export/spool.h"
#include "export/test_items.h"

namespace spoor {
namespace {

class Scene {
 public:
  Scene() {
    auto opened = Store::open(folder / "s.db", Store::Mode::kReadWrite);
    if (!opened) std::abort();
    store = std::move(*opened);
    order.title = "t";
    order.producer = "p";
    order.policy.now = time_from_micros(1000);
  }
  void pulse(const std::string& id, Tlp tlp, const std::vector<std::string>& domains) {
    Pulse made;
    made.id = id;
    made.name = "pulse " + id;
    made.tlp = tlp;
    made.modified = time_from_micros(5);
    std::vector<Claim> claims;
    for (const std::string& name : domains) {
      Claim claim;
      claim.observable = {IndicatorType::kDomain, name};
      claim.raw = name;
      claims.push_back(claim);
    }
    auto session = store->begin_ingest("otx", "otx", Quarantine::kApply);
    ASSERT_TRUE(session);
    ASSERT_TRUE((*session)->add_pulse(made, claims));
    ASSERT_TRUE((*session)->commit());
  }
  std::string run(const char* format) {
    MemoryTarget target;
    auto done = run_export(*store, *export_format(format), order, target);
    EXPECT_TRUE(done) << done.error().message;
    summary = done ? *done : ExportSummary{};
    EXPECT_TRUE(target.committed);
    return target.files[""];
  }

  TemporaryFolder folder;
  std::unique_ptr<Store> store;
  ExportOrder order;
  ExportSummary summary;
};

TEST(Export, claims_of_one_observable_leave_together) {
  Scene scene;
  scene.pulse("a", Tlp::kClear, {"one.example", "two.example"});
  scene.pulse("b", Tlp::kGreen, {"two.example", "three.example"});
  EXPECT_EQ(scene.run("plain"), "one.example\nthree.example\ntwo.example\n");
  EXPECT_EQ(scene.summary.considered, 3U);
  EXPECT_EQ(scene.summary.written, 3U);
}

TEST(Export, no_word_of_what_may_not_leave_is_in_any_format) {
  Scene scene;
  scene.pulse("open", Tlp::kGreen, {"both.example", "open.example"});
  scene.pulse("secret", Tlp::kRed, {"both.example", "secret.example"});
  for (const ExportFormatRow& format : export_formats()) {
    MemoryTarget target;
    const auto summary = run_export(*scene.store, format, scene.order, target);
    ASSERT_TRUE(summary) << summary.error().message;
    std::string all;
    for (const auto& [name, text] : target.files) all += text;
    EXPECT_EQ(all.find("secret"), std::string::npos) << format.name;
    EXPECT_EQ(summary->left_out.at("TLP:RED"), 1U) << format.name;
    EXPECT_EQ(summary->claims_left_out.at("TLP:RED"), 1U) << format.name;
    EXPECT_EQ(summary->written, 2U) << format.name;
  }
  scene.order.policy.max_tlp = Tlp::kRed;
  EXPECT_NE(scene.run("stix").find("secret.example"), std::string::npos);
}

TEST(Export, a_limit_counts_indicators) {
  Scene scene;
  scene.pulse("a", Tlp::kClear, {"a.example", "b.example", "c.example"});
  scene.pulse("b", Tlp::kClear, {"a.example", "b.example", "c.example"});
  scene.order.filter.limit = 2;
  EXPECT_EQ(scene.run("plain"), "a.example\nb.example\n");
}

TEST(Export, reports_list_what_left_of_their_pulse) {
  Scene scene;
  scene.pulse("a", Tlp::kClear, {"a.example", "b.example"});
  scene.pulse("b", Tlp::kGreen, {"b.example"});
  const std::string text = scene.run("stix");
  std::size_t reports = 0;
  for (std::size_t at = text.find("\"type\":\"report\""); at != std::string::npos;
       at = text.find("\"type\":\"report\"", at + 1))
    ++reports;
  EXPECT_EQ(reports, 2U);
}

TEST(Export, a_file_appears_whole_or_not_at_all) {
  Scene scene;
  scene.pulse("a", Tlp::kClear, {"a.example"});
  const std::string path = scene.folder / "out.txt";
  std::ofstream(path) << "old\n";
  scene.order.cancelled = [] { return true; };
  {
    auto target = make_file_target(path);
    ASSERT_TRUE(target);
    ASSERT_TRUE((*target)->write("", "half"));
  }
  std::ostringstream kept;
  kept << std::ifstream(path).rdbuf();
  EXPECT_EQ(kept.str(), "old\n");
  auto target = make_file_target(path);
  ASSERT_TRUE(target);
  ASSERT_TRUE(run_export(*scene.store, *export_format("plain"), scene.order, **target));
  std::ostringstream now;
  now << std::ifstream(path).rdbuf();
  EXPECT_EQ(now.str(), "a.example\n");
  std::size_t files = 0;
  for (const auto& each : std::filesystem::directory_iterator(scene.folder.path()))
    files += each.path().string().find("out.txt") != std::string::npos ? 1 : 0;
  EXPECT_EQ(files, 1U) << "nothing is left aside";
}

TEST(Export, folders_take_several_files) {
  Scene scene;
  scene.pulse("a", Tlp::kClear, {"a.example"});
  const std::string path = scene.folder / "rules";
  auto target = make_folder_target(path);
  ASSERT_TRUE(target) << target.error().message;
  ASSERT_TRUE(run_export(*scene.store, *export_format("suricata"), scene.order, **target));
  EXPECT_TRUE(std::filesystem::exists(path + "/spoor-names.lst"));
  EXPECT_TRUE(std::filesystem::exists(path + "/spoor-datasets.rules"));
  std::ofstream(scene.folder / "file") << "x";
  EXPECT_FALSE(make_folder_target(scene.folder / "file"));
}

TEST(PulseSpool, gives_back_what_it_took) {
  PulseSpool spool;
  const std::size_t count = 50'000;  // several buffers
  for (std::size_t i = 0; i < count; ++i)
    ASSERT_TRUE(spool.add(i % 3 == 0 ? "a" : "b", uuid5(spoor_namespace(), std::to_string(i))));
  ASSERT_EQ(spool.pulses(), (std::vector<std::string>{"a", "b"}));
  std::size_t next = (count - 1) / 3 * 3, seen = 0;
  ASSERT_TRUE(spool.for_each(0, [&](const Uuid& uuid) {
    EXPECT_EQ(uuid, uuid5(spoor_namespace(), std::to_string(next)));
    next -= 3;
    ++seen;
  }));
  EXPECT_EQ(seen, (count + 2) / 3);
}

}  // namespace
}  // namespace spoor
