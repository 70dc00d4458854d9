#include "export/export.h"

#include <utility>

namespace spoor {
namespace {

class Run {
 public:
  Run(Exporter& exporter, const ExportOrder& order, ValueReader& reader)
      : exporter_(exporter), order_(order), reader_(reader) {}

  void take(const ClaimView& claim) {
    if (!status_ || full_) return;
    if (!claims_.empty() && claims_.front().observable_id != claim.observable_id) close();
    if (full_) return;
    claims_.push_back(claim);
  }
  Status finish() {
    if (status_ && !full_ && !claims_.empty()) close();
    return status_;
  }
  ExportSummary summary;

 private:
  /// All claims of one observable are there.
  void close() {
    ++summary.considered;
    if (order_.cancelled && summary.considered % 256 == 0 && order_.cancelled()) {
      status_ = fail("interrupted");
      return;
    }
    std::string reason;
    const ObservableId id = claims_.front().observable_id;
    auto item = admit(std::exchange(claims_, {}), order_.policy, summary, reason);
    if (item) {
      if (order_.with_sightings) {
        auto seen = reader_.sightings(id);
        if (!seen) {
          status_ = fail(seen.error());
          return;
        }
        if (seen->count > 0) item->sightings = std::move(*seen);
      }
      auto written = exporter_.add(*item);
      if (!written) {
        status_ = fail(written.error());
        return;
      }
      reason = std::move(*written);
    }
    if (!reason.empty()) {
      ++summary.left_out[reason];
      return;
    }
    ++summary.written;
    full_ = order_.filter.limit > 0 && summary.written == order_.filter.limit;
  }

  Exporter& exporter_;
  const ExportOrder& order_;
  ValueReader& reader_;
  std::vector<ClaimView> claims_;
  Status status_;
  bool full_ = false;
};

}  // namespace

Result<ExportSummary> run_export(Store& store, const ExportFormatRow& format,
                                 const ExportOrder& order, ExportTarget& target) {
  const std::string where = "export: " + std::string(format.name);
  // It holds the read transaction: all that follows is of one moment.
  auto reader = store.value_reader();
  if (!reader) return fail(reader.error().at(where));
  const auto exporter = format.make();
  ExportHead head;
  head.title = order.title;
  head.producer = order.producer;
  head.filter = order.filter_text;
  head.max_tlp = order.policy.max_tlp;
  head.generation = store.identity().generation;
  head.now = order.policy.now;
  const auto newest = (*reader)->newest(order.policy.now);
  if (!newest) return fail(newest.error().at(where));
  head.newest = *newest;
  head.pulse = [&](std::string_view id) -> Result<std::optional<Pulse>> {
    auto pulse = store.pulse(id);
    if (!pulse) return pulse;
    if (*pulse && (*pulse)->tlp > order.policy.max_tlp) return std::nullopt;
    return pulse;
  };
  SPOOR_TRY(exporter->begin(head, target), where);
  IndicatorFilter filter = order.filter;
  filter.limit = 0;
  filter.with_quarantined = true;  // to be counted
  Run run(*exporter, order, **reader);
  SPOOR_TRY(store.for_each_claim(filter, [&](const ClaimView& claim) { run.take(claim); }),
            where);
  SPOOR_TRY(run.finish(), where);
  SPOOR_TRY(exporter->end(), where);
  SPOOR_TRY(target.commit(), where);
  return std::move(run.summary);
}

}  // namespace spoor
