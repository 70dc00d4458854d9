// The words of grades, decode views and verdicts, as outputs and options write them. See
// sighting.h. Tested by type_test.cpp.

#include "ioc/sighting.h"

#include "base/ascii.h"
#include "base/check.h"
#include "ioc/noise.h"

namespace spoor {
namespace {

// Each table is in the order of its enum.
constexpr std::string_view kGrades[] = {"none",     "weak",       "mention", "derived",
                                        "contains", "equivalent", "exact"};
constexpr std::string_view kViews[] = {"json",    "percent", "qp",  "html",  "escape",
                                       "utf16le", "utf16be", "dns", "defang"};
constexpr std::string_view kVerdicts[] = {"shown", "weak", "suppressed"};
constexpr std::string_view kFlows[] = {"",         "inbound",          "inbound blocked",
                                       "outbound", "outbound blocked", "answered"};
constexpr std::string_view kListKinds[] = {"string", "substring", "hostname", "cidr", "regex"};

static_assert(std::size(kGrades) == static_cast<std::size_t>(Grade::kExact) + 1);
static_assert(std::size(kViews) == static_cast<std::size_t>(ViewKind::kDefang) + 1);
static_assert(std::size(kFlows) == static_cast<std::size_t>(Flow::kAnswered) + 1);
static_assert(std::size(kListKinds) == static_cast<std::size_t>(ListKind::kRegex) + 1);
static_assert(std::size(kVerdicts) == static_cast<std::size_t>(Verdict::kSuppressed) + 1);

}  // namespace

std::string_view name_of(Grade grade) {
  const auto at = static_cast<std::size_t>(grade);
  SPOOR_CHECK(at < std::size(kGrades));
  return kGrades[at];
}

std::optional<Grade> grade_from_name(std::string_view name) {
  for (std::size_t at = 0; at < std::size(kGrades); ++at) {
    if (equals_ignore_case(name, kGrades[at])) return static_cast<Grade>(at);
  }
  return std::nullopt;
}

std::string_view name_of(ViewKind view) {
  const auto at = static_cast<std::size_t>(view);
  SPOOR_CHECK(at < std::size(kViews));
  return kViews[at];
}

std::string_view name_of(Verdict verdict) {
  const auto at = static_cast<std::size_t>(verdict);
  SPOOR_CHECK(at < std::size(kVerdicts));
  return kVerdicts[at];
}

std::optional<Verdict> verdict_from_name(std::string_view name) {
  for (std::size_t at = 0; at < std::size(kVerdicts); ++at) {
    if (equals_ignore_case(name, kVerdicts[at])) return static_cast<Verdict>(at);
  }
  return std::nullopt;
}

std::string_view name_of(Flow flow) {
  const auto at = static_cast<std::size_t>(flow);
  SPOOR_CHECK(at < std::size(kFlows));
  return kFlows[at];
}

std::string_view name_of(ListKind kind) {
  const auto at = static_cast<std::size_t>(kind);
  SPOOR_CHECK(at < std::size(kListKinds));
  return kListKinds[at];
}

std::optional<ListKind> list_kind_from_name(std::string_view name) {
  for (std::size_t at = 0; at < std::size(kListKinds); ++at) {
    if (equals_ignore_case(name, kListKinds[at])) return static_cast<ListKind>(at);
  }
  return std::nullopt;
}

}  // namespace spoor
