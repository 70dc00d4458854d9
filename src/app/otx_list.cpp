#include "app/otx_list.h"

#include <algorithm>

#include "app/table.h"
#include "collect/otx_pages.h"
#include "net/json.h"

namespace spoor {
namespace {

constexpr int kPageSize = 100;
constexpr std::size_t kRowsOfATable = 1000;

/// Each element of the list as a line of JSON.
Status append_lines(const std::string& body, std::string_view list, std::uint64_t most,
                    std::string& out) {
  JsonParser parser;
  const auto root = parser.parse_repaired(body);
  if (!root) return fail(root.error());
  std::uint64_t count = 0;
  (*root)[list].each_element([&](JsonView element) {
    if (count++ >= most) return;
    out += element.json();
    out += '\n';
  });
  return {};
}

}  // namespace

Status walk_otx_list(OtxClient& client, const std::string& what, const std::string& path,
                     int page_size, const OtxPageReader& read,
                     const std::function<bool()>& goes_on) {
  const auto whole = each_otx_page(client, what, path, page_size, read, goes_on);
  if (!whole) return fail(whole.error());
  return *whole ? Status{} : fail(what + ": " + client.stopped());
}

Result<int> print_otx_list(const OtxAccount& account, const OtxListing& listing,
                           std::uint64_t most, bool json) {
  auto line = account.line();
  if (!line) return fail(line.error());
  const std::uint64_t wanted = most == 0 ? UINT64_MAX : most;
  std::uint64_t shown = 0;
  std::optional<std::int64_t> count;
  Tally damaged;
  TextTable table(70);
  table.row(listing.header);
  OtxCells cells;
  std::string body_of_page;
  Status printed;
  const auto print = [&]() -> bool {
    if (json) {
      std::string out;
      printed = append_lines(body_of_page, listing.list, wanted - shown, out);
      if (printed) printed = write_out(out);
      shown += std::min<std::uint64_t>(cells.size(), wanted - shown);
    } else {
      for (auto& row : cells) {
        if (shown == wanted) break;
        ++shown;
        table.row(std::move(row));
        if (shown % kRowsOfATable == 0) {
          printed = write_out(table.text());
          table = TextTable(70);
        }
      }
    }
    return printed && shown < wanted;
  };
  const int size = static_cast<int>(std::min<std::uint64_t>(wanted, kPageSize));
  SPOOR_TRY(walk_otx_list(
                *line->client, listing.what, listing.path, size,
                [&](const std::string& body, const std::string& where) -> Result<OtxList> {
                  OtxCells page;
                  auto list = listing.read(body, where, page);
                  if (!list) return list;
                  cells = std::move(page);
                  body_of_page = body;
                  count = list->count ? list->count : count;
                  damaged.merge(list->damaged);
                  return list;
                },
                print),
            "otx");
  SPOOR_TRY(std::move(printed), "otx");
  if (!json && shown > 0) SPOOR_TRY(write_out(table.text()), "otx");
  if (!json && shown == 0) write_error("spoor: otx: nothing found\n");
  if (count && *count > static_cast<std::int64_t>(shown)) {
    write_error("spoor: otx: " + std::to_string(shown) + " of the " + std::to_string(*count) +
                " that the service counts (--limit N, 0 is all)\n");
  }
  if (!damaged.empty()) write_error("spoor: otx: damaged:\n" + tally_text(damaged, "  "));
  return 0;
}

}  // namespace spoor
