// A receipt of anyone's making: lines through the parser and the sums, and never more than an
// error. Rates the parser's linear time as well: input is at most what libFuzzer gives.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "hunt/receipt.h"
#include "hunt/receipt_sums.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  spoor::ReceiptParser parser;
  spoor::ReceiptSums sums;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const auto line = parser.line(text.substr(0, end));
    if (!line) {
      SPOOR_CHECK(!line.error().message.empty());
      return 0;
    }
    if (const auto* account = std::get_if<spoor::FileAccount>(&*line)) {
      SPOOR_CHECK(account->is_member || account->identity.digest.has_value() ||
                  account->news == spoor::NewsKind::kUnchanged);
      sums.add(*account);
    } else if (const auto* skip = std::get_if<spoor::Skip>(&*line)) {
      sums.add(*skip);
    } else if (const auto* found = std::get_if<spoor::ReceiptSighting>(&*line)) {
      sums.add(found->sighting);
    } else if (const auto* summary = std::get_if<spoor::ReceiptSummary>(&*line)) {
      sums.differences(*summary);
    }
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  static_cast<void>(parser.end());
  return 0;
}
