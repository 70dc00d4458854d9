// Tables with named columns: the first line is the choice, the rest the table. Corpus:
// corpus/columns.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "feeds/columns.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return 0;
  auto choices = spoor::parse_column_choices(text.substr(0, end));
  if (!choices) {
    SPOOR_CHECK(!choices.error().message.empty());
    return 0;
  }
  const spoor::ImportFormat* csv = spoor::import_format("csv");
  for (const bool header : {true, false}) {
    spoor::ReadOptions options;
    options.columns = *choices;
    options.header = header;
    const auto status = csv->read(
        text.substr(end + 1), "fuzz",
        [](spoor::Page&& page) -> spoor::Status {
          SPOOR_CHECK(page.rows.size() <= 10'000);
          for (const spoor::RawIndicator& row : page.rows) {
            SPOOR_CHECK(!row.value.empty() && !row.where.empty());
            SPOOR_CHECK(!row.facts.confidence || *row.facts.confidence <= 100);
          }
          return {};
        },
        options);
    if (!status) SPOOR_CHECK(!status.error().message.empty());
  }
  return 0;
}
