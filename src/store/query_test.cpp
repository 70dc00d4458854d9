// Filters and order of what is read, all parts of a claim, counts.

#include <algorithm>
#include <functional>
#include <utility>

#include "store/store.h"
#include "store/store_test_support.h"

namespace spoor {
namespace {

using Strings = std::vector<std::string>;

class ReadTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Pulse p = pulse("5f00", 10);
    p.name = "Operation 100% Rain";
    p.author = "ann";
    p.adversary = "RAIN";
    p.tags = {"Phishing", "a\"b"};
    p.malware_families = {"Emo"};
    p.attack_ids = {"T1566"};
    p.tlp = Tlp::kRed;
    Claim dated = domain("dated.example");
    dated.raw = "dated[.]example";
    dated.role = "c2";
    dated.title = "t";
    dated.description = "d";
    dated.created = time_from_micros(1000);
    dated.expiration = time_from_micros(9000);
    add_pulse(*store_, p, {dated, claim(IndicatorType::kIpv4, "203.0.113.9")});
    Pulse other = pulse("5f01", 10);
    other.name = "Operation 1000 Rain";
    other.tags = {"mining"};
    Claim inactive = domain("inactive.example");
    inactive.active = false;
    inactive.created = time_from_micros(500);
    add_pulse(*store_, other, {inactive, domain("dated.example")});
    add_claims(*store_, "file:List",
               {domain("co.uk", "S5: public suffix"), claim(IndicatorType::kUrl, "http://u_1/"),
                claim(IndicatorType::kUrl, "http://ux1/")});
  }
  TemporaryFolder folder_;
  std::unique_ptr<Store> store_ = open_store(folder_ / "spoor.db");
};

TEST_F(ReadTest, filters_observables_and_claims) {
  using Type = IndicatorType;
  const auto with = [](const std::function<void(IndicatorFilter&)>& set) {
    IndicatorFilter filter;
    set(filter);
    return filter;
  };
  const struct {
    const char* name;
    IndicatorFilter filter;
    Strings expected;  // sorted
  } cases[] = {
      {"nothing",
       {},
       {"203.0.113.9", "dated.example", "http://u_1/", "http://ux1/", "inactive.example"}},
      {"types",
       with([](auto& f) {
         f.types = {Type::kIpv4, Type::kUrl};
       }),
       {"203.0.113.9", "http://u_1/", "http://ux1/"}},
      {"a type without rows", with([](auto& f) { f.types = {Type::kMutex}; }), {}},
      {"feed, case-blind",
       with([](auto& f) { f.feeds = {"FILE:list"}; }),
       {"http://u_1/", "http://ux1/"}},
      {"two feeds",
       with([](auto& f) {
         f.feeds = {"file:List", "otx"};
         f.types = {Type::kDomain};
       }),
       {"dated.example", "inactive.example"}},
      {"no such feed", with([](auto& f) { f.feeds = {"file"}; }), {}},
      {"pulse by id",
       with([](auto& f) { f.pulses = {"5F00"}; }),
       {"203.0.113.9", "dated.example"}},
      {"pulse by name",
       with([](auto& f) { f.pulses = {"operation 1"}; }),
       {"203.0.113.9", "dated.example", "inactive.example"}},
      {"pulse name with a literal %",
       with([](auto& f) { f.pulses = {"100% r"}; }),
       {"203.0.113.9", "dated.example"}},
      {"tag", with([](auto& f) { f.tags = {"phishing"}; }), {"203.0.113.9", "dated.example"}},
      {"a part of a tag is none", with([](auto& f) { f.tags = {"phish"}; }), {}},
      {"created since",
       with([](auto& f) { f.created_since = time_from_micros(501); }),
       {"dated.example"}},
      {"one claim passes all parts or the observable does not",
       with([](auto& f) {
         f.created_since = time_from_micros(1);
         f.tags = {"mining"};
       }),
       {"inactive.example"}},
      {"active",
       with([](auto& f) {
         f.only_active = true;
         f.types = {Type::kDomain};
       }),
       {"dated.example"}},
      {"quarantined", with([](auto& f) { f.only_quarantined = true; }), {"co.uk"}},
      {"with quarantined",
       with([](auto& f) {
         f.with_quarantined = true;
         f.types = {Type::kDomain};
       }),
       {"co.uk", "dated.example", "inactive.example"}},
      {"value, case-blind", with([](auto& f) { f.value_like = "DATED"; }), {"dated.example"}},
      {"value with a literal _", with([](auto& f) { f.value_like = "u_1"; }), {"http://u_1/"}},
      {"value with a literal %", with([](auto& f) { f.value_like = "d%d"; }), {}},
      {"value with a backslash", with([](auto& f) { f.value_like = "\\"; }), {}},
  };
  for (const auto& c : cases) {
    Strings observables = values(*store_, c.filter);
    std::sort(observables.begin(), observables.end());
    EXPECT_EQ(observables, c.expected) << c.name;
    Strings claims;
    ASSERT_TRUE(store_->for_each_claim(
        c.filter, [&](const ClaimView& v) { claims.push_back(v.observable.value); }));
    std::sort(claims.begin(), claims.end());
    claims.erase(std::unique(claims.begin(), claims.end()), claims.end());
    EXPECT_EQ(claims, c.expected) << c.name;
  }
}

TEST_F(ReadTest, limits_and_orders) {
  IndicatorFilter filter;
  filter.limit = 2;
  EXPECT_EQ(values(*store_, filter).size(), 2u);
  Strings order;
  ASSERT_TRUE(store_->for_each_claim({}, [&](const ClaimView& c) {
    order.push_back(c.observable.value + " " + c.feed + " " + c.pulse_id);
  }));
  EXPECT_EQ(order, (Strings{"203.0.113.9 otx 5f00", "dated.example otx 5f00",
                            "dated.example otx 5f01", "inactive.example otx 5f01",
                            "http://u_1/ file:List ", "http://ux1/ file:List "}));
  std::int64_t last = 0;
  ASSERT_TRUE(store_->for_each_observable({}, [&](ObservableId id, Observable&&) {
    EXPECT_GT(static_cast<std::int64_t>(id), last);
    last = static_cast<std::int64_t>(id);
  }));
}

TEST_F(ReadTest, shows_a_claim_with_all_its_parts) {
  IndicatorFilter filter;
  filter.value_like = "dated";
  filter.pulses = {"5f00"};
  ObservableId id{};
  ASSERT_TRUE(store_->for_each_claim(filter, [&](const ClaimView& c) {
    id = c.observable_id;
    EXPECT_EQ(c.raw, "dated[.]example");
    EXPECT_EQ(c.feed, "otx");
    EXPECT_EQ(c.pulse_name, "Operation 100% Rain");
    EXPECT_EQ(c.pulse_author, "ann");
    EXPECT_EQ(c.adversary, "RAIN");
    EXPECT_EQ(c.tags, (Strings{"Phishing", "a\"b"}));
    EXPECT_EQ(c.malware_families, Strings{"Emo"});
    EXPECT_EQ(c.attack_ids, Strings{"T1566"});
    EXPECT_EQ(c.tlp, Tlp::kRed);
    EXPECT_EQ(c.role, "c2");
    EXPECT_EQ(c.title, "t");
    EXPECT_EQ(c.description, "d");
    EXPECT_EQ(c.created, time_from_micros(1000));
    EXPECT_EQ(c.expiration, time_from_micros(9000));
    EXPECT_EQ(c.ended, std::nullopt);
    EXPECT_TRUE(c.active);
  }));
  const auto claims = store_->claims_of(id);
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->size(), 2u);
  EXPECT_TRUE(store_->claims_of(ObservableId{999})->empty());
  filter = {};
  filter.types = {IndicatorType::kUrl};
  ASSERT_TRUE(store_->for_each_claim(filter, [&](const ClaimView& c) {
    EXPECT_EQ(c.tlp, std::nullopt);
    EXPECT_EQ(c.pulse_id, "");
    EXPECT_EQ(c.raw, c.observable.value);
  }));
}

TEST_F(ReadTest, counts) {
  const auto counts = store_->counts();
  ASSERT_TRUE(counts);
  EXPECT_EQ(counts->pulses, 2u);
  EXPECT_EQ(counts->observables, 6u);
  EXPECT_EQ(counts->quarantined, 1u);
  EXPECT_EQ(counts->claims, 7u);
  EXPECT_EQ(counts->feeds, 2u);
  const std::vector<std::pair<IndicatorType, std::uint64_t>> by_type = {
      {IndicatorType::kIpv4, 1}, {IndicatorType::kDomain, 2}, {IndicatorType::kUrl, 2}};
  EXPECT_EQ(counts->by_type, by_type);
}

}  // namespace
}  // namespace spoor
