// Free text, HTML and mails on any bytes, whole and cut in the middle: what is drawn out is
// canonical, once each, and lies in the text. Corpus: corpus/text.

#include <set>

#include "feeds/drawn_values.h"
#include "feeds/prose.h"
#include "format_check.h"
#include "ioc/canonical.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  spoor::check_formats({"text"}, data, size);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const spoor::Drawn drawn = spoor::draw_values(text, "fuzz");
  std::set<std::pair<spoor::IndicatorType, std::string>> seen;
  for (const spoor::DrawnValue& value : drawn.values) {
    SPOOR_CHECK(seen.emplace(value.observable.type, value.observable.value).second);
    SPOOR_CHECK(value.raw.data() >= text.data());
    SPOOR_CHECK(value.raw.data() + value.raw.size() <= text.data() + text.size());
    SPOOR_CHECK(value.sentence.size() <= 200);
    SPOOR_CHECK(value.observable.type != spoor::IndicatorType::kFileName);
    // What was drawn out is what importing it gives.
    const auto again = spoor::canonicalize(value.observable.type, value.raw);
    SPOOR_CHECK(again.has_value());
    SPOOR_CHECK(again->observable.value == value.observable.value);
  }
  SPOOR_CHECK(spoor::resolve_entities(text).size() <= size);
  for (const auto read : {spoor::read_html, spoor::read_mail}) {
    spoor::Prose prose;
    read(text, prose);
    SPOOR_CHECK(prose.links.size() <= 1000);
    // Each of at most eight nested mails may repeat what is inside it.
    SPOOR_CHECK(prose.text.size() <= 16 * (size + 16));
  }
  return 0;
}
