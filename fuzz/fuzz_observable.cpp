// Any bytes as a value of every type: the canonical form is its own canonical form, what
// infer() finds canonicalizes to itself, and defanging is undone without loss. The first byte
// picks the type. Corpus: corpus/observable.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "ioc/canonical.h"
#include "ioc/guard.h"
#include "ioc/refang.h"

namespace {

void check(const spoor::Canonical& found) {
  const spoor::Observable& observable = found.observable;
  const auto again = spoor::canonicalize(observable.type, observable.value);
  // A form may grow past the limit (percent escapes); everything else must come back.
  if (observable.value.size() <= 8192) {
    SPOOR_CHECK(again.has_value());
    SPOOR_CHECK(again->observable == observable);
  }
  const std::string text = spoor::defang(observable);
  if (text.size() <= 8192) {
    const auto back = spoor::canonicalize(observable.type, text);
    SPOOR_CHECK(back.has_value());
    SPOOR_CHECK(back->observable == observable);
  }
  if (const auto reason = spoor::quarantine_reason(observable))
    SPOOR_CHECK(reason->rule == "S5");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto type = static_cast<spoor::IndicatorType>(data[0] % spoor::kIndicatorTypeCount);
  const std::string_view value(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto given = spoor::canonicalize(type, value);
  if (given) {
    check(*given);
  } else {
    SPOOR_CHECK(!given.error().rule.empty() && !given.error().reason.empty());
  }
  if (const auto inferred = spoor::infer(value)) check(*inferred);
  return 0;
}
