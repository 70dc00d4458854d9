// The body of a request that creates or edits a pulse, from options and sightings. What may not
// leave does not: an indicator that a stricter pulse claims, one of a type that OTX does not
// have, one whose sightings are suppressed; each is told with its reason. Tested by
// tests/otx_write.scenario.

#pragma once

#include <set>
#include <string>
#include <vector>

#include "app/command.h"
#include "ioc/observable.h"
#include "ioc/pulse.h"

namespace spoor {

struct OtxPulseBody {
  std::string name, description;
  Tlp tlp = Tlp::kAmber;
  bool is_public = false;
  std::vector<std::string> tags, references;
  std::vector<Observable> indicators;  ///< distinct, in order
  std::vector<std::string> left_out;   ///< "IPv4 198.51.100.7: a pulse of tlp red claims it"
};

/// "white", "green", "amber", "red": OTX's words.
std::string_view otx_tlp_word(Tlp tlp);

/// Reads --name, --description, --tlp, --public, --tag, --reference, --add and, from the store,
/// --from-sightings. A public pulse must be white or green.
Result<OtxPulseBody> otx_pulse_body(const Invocation& invocation);

/// The JSON of pulses/create.
std::string create_json(const OtxPulseBody& body);
/// The JSON of PATCH pulses/{id}: what the options name, nothing else. `known`: values that the
/// pulse has already; `removed`: ids of rows to take away.
std::string edit_json(const Invocation& invocation, const OtxPulseBody& body,
                      const std::set<std::string>& known,
                      const std::vector<std::int64_t>& removed);

}  // namespace spoor
