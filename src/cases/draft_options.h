// How drafts are made: what a system's table in the configuration and the command line say.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cases/case_draft.h"
#include "cases/severity.h"
#include "store/store.h"

namespace spoor {

/// The parts of the key by which sightings are grouped.
struct GroupBy {
  bool pulse = true, asset = true, day = true, indicator = false;
};
/// "pulse,asset,day": names of parts; an error names the known ones.
Result<GroupBy> parse_group_by(std::string_view text);

/// The form of what is over the cap. STIX cannot say every type: what it leaves goes along as
/// CSV, so that nothing is lost.
enum class AttachAs : std::uint8_t { kCsv, kStix, kBoth };
std::optional<AttachAs> attach_as_from_name(std::string_view name);  ///< "csv", "stix", "both"

/// An observable over the cap, and what is known of it.
struct LeftOut {
  const DraftObservable* observable = nullptr;
  std::vector<ClaimView> claims;  ///< may be empty
  std::uint64_t events = 0;       ///< 0: not seen, or not counted
};
struct StixBundle {
  std::string text;                  ///< "" where it holds nothing
  std::vector<std::size_t> lacking;  ///< indexes of what it does not hold, in order
};
/// Writes a bundle. The exporters stand in a room above this one, so the program hands it in;
/// the same observables must give the same bytes, by which a file that is there is known.
using StixWriter = std::function<StixBundle(std::span<const LeftOut>)>;

struct DraftOptions {
  FileAs as = FileAs::kAlert;
  std::string source = "spoor";  ///< of findings; at most 32 characters
  std::string pulse_source = "AlienVault OTX";
  GroupBy group;
  std::string case_template;
  std::string merge_into;  ///< a case that takes the alerts
  std::vector<DraftTask> tasks;
  std::vector<std::string> tags;
  std::vector<std::pair<std::string, std::string>> custom_fields;
  Tlp default_tlp = Tlp::kAmber;  ///< where no claim says one
  int default_pap = 2;
  std::vector<SeverityChoice> severity;
  std::vector<std::string> critical_assets;  ///< names; '*' stands for any text
  std::size_t max_observables = 1000;
  AttachAs attach_as = AttachAs::kCsv;
  StixWriter write_stix;                                        ///< empty: CSV alone
  std::string pulse_url = "https://otx.alienvault.com/pulse/";  ///< "" no links
};

/// Whether `name` fits one of `patterns`, case-blind, '*' for any text.
bool is_critical(std::string_view name, const std::vector<std::string>& patterns);

/// The strictest TLP of a claim's pulse and its tags ("tlp:red"), and the PAP of its tags.
struct Handling {
  std::optional<Tlp> tlp;
  std::optional<int> pap;
  void take(std::optional<Tlp> said, const std::vector<std::string>& tags);
};

/// The claims and the number of events of an observable of the draft.
using LeftOutFacts = std::function<void(LeftOut&)>;

/// Puts the observables over the cap into files; `draft.observables` is in order of worth, best
/// first. `facts` fills in what STIX can say of each; it is asked for STIX alone.
void apply_cap(CaseDraft& draft, const DraftOptions& options, const LeftOutFacts& facts);

/// "https://otx.alienvault.com/pulse/<id>", or "" if `id` is no id of OTX's.
std::string pulse_link(const DraftOptions& options, std::string_view id);

/// The severity's steps as a Markdown list.
std::string severity_text(const CaseDraft& draft);

}  // namespace spoor
