// The STIX 2.1 objects beside indicators: who made the bundle, markings, malware, threat
// actors, techniques, relationships. Ids are UUIDv5 over what an object is about, so that the
// same thing has the same id in every bundle of every store. Tested by formats_test.cpp.

#pragma once

#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "base/time.h"
#include "base/uuid.h"
#include "ioc/pulse.h"

namespace spoor {

/// "indicator--6fa5...": `key` tells it from others of its kind.
std::string stix_id(std::string_view kind, std::string_view key);
Uuid stix_uuid(std::string_view kind, std::string_view key);

/// With milliseconds, as STIX asks: "2026-06-01T12:00:00.000Z".
std::string stix_time(Time time);
/// What stands where no source gives a date: the beginning of time as computers count it. Not
/// the clock: the same store would give another bundle each time.
inline constexpr Time kStixUndated{};

/// The id that objects of this level are marked with: the predefined ones of TLP 1.0, which
/// every reader of STIX 2.1 knows, and TLP 2.0's for AMBER+STRICT, which TLP 1.0 lacks.
std::string_view tlp_marking(Tlp tlp);
/// That marking itself, as it must stand in a bundle.
std::string_view tlp_marking_object(Tlp tlp);

/// Opens an object with type, spec_version, id, the three common properties; not closed.
void begin_stix(JsonWriter& json, std::string_view type, std::string_view id,
                std::string_view made_by, Time created, Time modified);
void stix_marking(JsonWriter& json, Tlp tlp);

struct StixMaker {
  std::string id;  ///< of the identity that made the bundle
  std::string identity(std::string_view name) const;
  std::string malware(std::string_view name, Tlp tlp) const;
  std::string threat_actor(std::string_view name, Tlp tlp) const;
  std::string attack_pattern(std::string_view id, Tlp tlp) const;
  std::string vulnerability(std::string_view cve, Tlp tlp) const;
  /// `kind`: "indicates".
  std::string relationship(std::string_view source, std::string_view kind,
                           std::string_view target, Tlp tlp, Time created, Time modified) const;
};

}  // namespace spoor
