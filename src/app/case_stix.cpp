#include "app/case_stix.h"

#include <algorithm>

#include "export/format.h"

namespace spoor {
namespace {

ExportItem item_of(const LeftOut& left) {
  const DraftObservable& observable = *left.observable;
  std::vector<ClaimView> claims = left.claims;
  if (claims.empty()) claims.emplace_back();
  for (ClaimView& claim : claims) {
    claim.observable = observable.observable;
    claim.pulse_id.clear();  // no report of a pulse
  }
  // Long ago nothing had ended: else a file would change with the clock and go twice.
  ExportItem item = make_item(std::move(claims), Time{});
  item.tlp = std::max(item.tlp, observable.tlp);
  if (item.feeds.empty()) item.feeds.emplace_back("spoor");
  if (observable.sighted) {
    SightingSummary seen;
    seen.count = std::max<std::uint64_t>(left.events, 1);
    seen.first = observable.sighted_at;
    item.sightings = seen;
  }
  return item;
}

}  // namespace

StixBundle stix_of_left_out(std::span<const LeftOut> all) {
  StixBundle bundle;
  const auto exporter = make_stix_exporter();
  const auto target = make_stream_target([&bundle](std::string_view text) -> Status {
    bundle.text += text;
    return {};
  });
  ExportHead head;
  head.producer = "spoor";
  head.pulse = [](std::string_view) -> Result<std::optional<Pulse>> { return std::nullopt; };
  bool good = static_cast<bool>(exporter->begin(head, *target));
  for (std::size_t i = 0; good && i < all.size(); ++i) {
    const auto refused = exporter->add(item_of(all[i]));
    good = static_cast<bool>(refused);
    if (good && !refused->empty()) bundle.lacking.push_back(i);
  }
  good = good && exporter->end() && target->commit();
  // A bundle that could not be written whole is none: all of it is lacking then.
  if (!good) {
    bundle.lacking.clear();
    for (std::size_t i = 0; i < all.size(); ++i) bundle.lacking.push_back(i);
  }
  if (bundle.lacking.size() == all.size()) bundle.text.clear();
  return bundle;
}

}  // namespace spoor
