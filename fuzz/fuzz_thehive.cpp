// What a TheHive that lies may answer: every reader takes any bytes, and a draft that is read
// back is one that can be written again. Corpus: corpus/thehive.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "cases/case_draft.h"
#include "cases/thehive_api.h"
#include "cases/thehive_filing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto alert = spoor::read_alert(text); alert && *alert)
    SPOOR_CHECK(!(*alert)->id.empty());
  (void)spoor::read_observables(text);
  (void)spoor::read_members(text, "name");
  (void)spoor::read_pairs(text, "name", "type");
  for (const int status : {201, 207})
    SPOOR_CHECK(spoor::read_added(text, status, 3).added <= size + 3);
  (void)spoor::read_verdict(text);
  SPOOR_CHECK(spoor::server_words(text).size() < 2000);
  const spoor::TheHiveDialect* dialect = spoor::thehive_dialect(text, "auto");
  if (dialect != nullptr) SPOOR_CHECK(!dialect->name.empty());
  const spoor::HiveRemote remote = spoor::HiveRemote::parse(text);
  SPOOR_CHECK(spoor::HiveRemote::parse(remote.text()).text() == remote.text());
  if (const auto draft = spoor::draft_of(text)) {
    const std::string written = spoor::draft_text(*draft);
    const auto again = spoor::draft_of(written);
    SPOOR_CHECK(again && spoor::draft_text(*again) == written);
  }
  return 0;
}
