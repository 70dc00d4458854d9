// Every reader of OTX's replies that are no feed, on any bytes: none crashes, an error says
// something, and what is read stays within its bounds. Corpus: corpus/otx_replies.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "feeds/otx_client.h"
#include "feeds/otx_replies.h"

namespace {

template <class T>
bool said_why(const spoor::Result<T>& read) {
  return read || !read.error().message.empty();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto events = spoor::read_otx_events(text, "fuzz");
  SPOOR_CHECK(said_why(events));
  if (events) SPOOR_CHECK(events->events.size() + events->damaged.total() == events->elements);
  const auto ids = spoor::read_otx_ids(text, "fuzz");
  SPOOR_CHECK(said_why(ids));
  if (ids) {
    for (const std::string& id : ids->ids) SPOOR_CHECK(spoor::is_otx_pulse_id(id));
  }
  SPOOR_CHECK(said_why(spoor::read_otx_user(text, "fuzz")));
  SPOOR_CHECK(said_why(spoor::read_otx_users(text, "fuzz")));
  SPOOR_CHECK(said_why(spoor::read_otx_pulse_refs(text, "fuzz")));
  SPOOR_CHECK(said_why(spoor::read_otx_types(text, "fuzz")));
  const auto general = spoor::read_otx_general(text, "fuzz");
  SPOOR_CHECK(said_why(general));
  for (const spoor::OtxSectionRow& row : spoor::otx_sections()) {
    const auto section = spoor::read_otx_section(row, text, "fuzz");
    SPOOR_CHECK(said_why(section));
    if (!section) continue;
    for (const auto& cells : section->rows) {
      SPOOR_CHECK(cells.size() == section->columns.size());
      for (const std::string& cell : cells) SPOOR_CHECK(cell.size() < 2048);
    }
  }
  SPOOR_CHECK(spoor::otx_error_text(text).size() <= 300);
  return 0;
}
