// TheHive's requests and what its answers mean, without sending any: what is the same in all
// versions but for names (thehive_requests.cpp), and the two ways to search, v0
// (thehive_v0.cpp) and v1 (thehive_v1.cpp). Answers are hostile JSON: what is not there reads
// as empty. Tested by thehive_test.cpp; fuzz/fuzz_thehive.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cases/caller.h"
#include "cases/case_draft.h"
#include "cases/thehive_dialect.h"

namespace spoor {

struct RemoteObservable {
  std::string id, data_type;
  std::string data;  ///< of a file its name
  bool sighted = false;
};

struct RemoteAlert {
  std::string id;
  std::string case_id;  ///< "" while it is no case
  std::string title, description, status;
  std::int64_t severity = 0, tlp = 0;
  std::vector<std::string> tags;
  std::vector<RemoteObservable> observables;  ///< v0 tells them with the alert, v1 does not
};

/// An alert or a case.
struct HiveTarget {
  bool is_case = false;
  std::string id;
  std::string_view word() const { return is_case ? "case" : "alert"; }
};

/// Observables that differ in nothing but their value: one call for all.
struct ObservableGroup {
  std::string data_type, message;
  bool sighted = false;
  std::optional<Time> sighted_at;
  std::vector<std::string> tags;
  Tlp tlp = Tlp::kAmber;
  std::vector<std::string> data;
};

/// What the server knows: data types, custom fields and the types of these.
struct HiveVocabulary {
  std::vector<std::string> data_types;               ///< empty: not known
  std::map<std::string, std::string> custom_fields;  ///< name to type
  bool custom_fields_known = false;
  bool has_type(std::string_view name) const;
};

/// The members of an alert that a change touches; nothing: left as it is.
struct AlertChange {
  std::optional<std::string> title, description;
  std::optional<int> severity;
  std::optional<Tlp> tlp;
  std::vector<std::string> new_tags;
  bool empty() const { return !title && !description && !severity && !tlp && new_tags.empty(); }
};

/// How a version searches.
class HiveSearch {
 public:
  virtual ~HiveSearch() = default;
  virtual ApiCall find_alert(const CaseDraft& draft) const = 0;
  virtual ApiCall list_observables(const HiveTarget& target, std::size_t from,
                                   std::size_t to) const = 0;
  virtual ApiCall list_tasks(std::string_view case_id) const = 0;
  virtual ApiCall data_types() const = 0;
  virtual ApiCall custom_fields() const = 0;
  virtual ApiCall get(const HiveTarget& target) const = 0;
};
std::unique_ptr<HiveSearch> make_v0_search(const TheHiveDialect& dialect);
std::unique_ptr<HiveSearch> make_v1_search();

class HiveRequests {
 public:
  explicit HiveRequests(const TheHiveDialect& dialect) : dialect_(dialect) {}

  /// `fields`: custom fields that the server has; `techniques`: those of its catalogue.
  ApiCall create_alert(const CaseDraft& draft,
                       std::span<const std::pair<std::string, std::string>> fields,
                       std::span<const ObservableGroup> groups,
                       std::span<const std::string> techniques, Time when) const;
  /// `old_tags`: where tags can only be set as a whole.
  ApiCall change(const HiveTarget& target, const AlertChange& change,
                 std::span<const std::string> old_tags) const;
  ApiCall promote(std::string_view alert_id, const CaseDraft& draft) const;
  ApiCall merge(std::string_view alert_id, std::string_view case_id) const;
  ApiCall add_observables(const HiveTarget& target, const ObservableGroup& group) const;
  ApiCall mark_sighted(std::span<const std::string> ids, std::optional<Time> when) const;
  ApiCall add_task(std::string_view case_id, const DraftTask& task, std::size_t order) const;
  ApiCall list_procedures(const HiveTarget& target) const;
  ApiCall find_pattern(std::string_view technique) const;
  ApiCall add_procedures(const HiveTarget& target, std::span<const std::string> techniques,
                         Time when) const;
  ApiCall list_attachments(const HiveTarget& target) const;
  /// `name`: under which it is to be there.
  ApiCall attach(const HiveTarget& target, std::string_view name, const DraftFile& file) const;

 private:
  void write_group(class JsonWriter& json, const ObservableGroup& group) const;
  std::string path(const HiveTarget& target, std::string_view rest = "") const;

  const TheHiveDialect& dialect_;
};

// Readers.

/// An alert, or the first of a list; nothing where there is none.
Result<std::optional<RemoteAlert>> read_alert(std::string_view body);

/// A list of observables, as either version tells it.
Result<std::vector<RemoteObservable>> read_observables(std::string_view body);
/// The member `name` of each element of a list (or of the values of an object).
Result<std::vector<std::string>> read_members(std::string_view body, std::string_view name);
/// name -> type of the elements that have both.
Result<std::map<std::string, std::string>> read_pairs(std::string_view body,
                                                      std::string_view name,
                                                      std::string_view value);
RemoteAlert alert_of(class JsonView alert);
RemoteObservable observable_of(class JsonView observable);

/// What became of a call that adds observables: how many were taken, and what was refused for
/// another reason than that it is there already.
struct AddedObservables {
  std::uint64_t added = 0;
  std::vector<std::pair<std::string, std::string>> refused;  ///< value, the server's words
};
AddedObservables read_added(std::string_view body, int status, std::size_t sent);

/// Whether the words of an error say that the thing is there already.
bool says_already_there(std::string_view words);

/// "true positive" and so on, of a case or an alert; "" while nobody has said.
std::string read_verdict(std::string_view body);

}  // namespace spoor
