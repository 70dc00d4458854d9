// What differs between TheHive's versions, as a table of rows and not as code that asks for a
// version. Sources: the source of TheHive 4.1.24 and of thehive4py, the OpenAPI document of
// TheHive 5.7.3, and the API documents of TheHive 3. Tested by thehive_test.cpp.
//
//                        3 v0          4 v0             4 v1             5 v1
//   alert and its        one call      one call         two calls        one call
//   observables          "artifacts"   "artifacts"      (ignored)        "observables"
//   more of them         (none)        POST artifact    POST artifact    POST observable
//   TLP red              3             3                3                4 (3 before 5.2)
//   search               _search       _search          query            query
//   merge                v0            v0               v0 only          v1

#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "ioc/pulse.h"
#include "ioc/type.h"

namespace spoor {

struct TheHiveDialect {
  std::string_view name;                 ///< "4-v0"
  std::string_view base;                 ///< "/api", "/api/v1"
  bool query;                            ///< searches by POST query, else by _search
  std::string_view created_observables;  ///< member of a created alert; "" none is taken
  std::string_view alert_observable;     ///< last part of the path; "" an alert takes no more
  std::string_view case_observable;
  std::string_view promote;        ///< last part of the path
  std::string_view merge_base;     ///< "/api", "/api/v1"
  std::string_view custom_fields;  ///< member of an alert
  std::string_view sighted_path;   ///< behind base; "" no change in bulk
  bool by_name;  ///< an alert may be asked for as "type;source;sourceRef", and links are taken
  bool promote_takes_tasks;
  bool tasks_by_case;       ///< POST case/ID/task, else POST task with caseId
  bool adds_tags;           ///< PATCH knows addTags
  bool procedures;          ///< takes TTPs on alerts and cases
  bool attachments;         ///< takes files on alerts and cases
  bool hive5_types;         ///< the data types of TheHive 5
  int tlp_strict, tlp_red;  ///< amber+strict, red
  std::size_t title_limit, tag_limit, body_limit;
};

/// The rows; the last of a version counts.
std::span<const TheHiveDialect> thehive_dialects();

/// For a version such as "4.1.24-1" and "auto", "v0" or "v1"; null where there is none.
const TheHiveDialect* thehive_dialect(std::string_view version, std::string_view api);

int tlp_number(const TheHiveDialect& dialect, Tlp tlp);
/// As read from the server.
Tlp tlp_of_number(const TheHiveDialect& dialect, std::int64_t number);
/// TheHive's data type of a type of ours; tags say the real kind where it says less.
std::string_view data_type_of(const TheHiveDialect& dialect, IndicatorType type);

}  // namespace spoor
