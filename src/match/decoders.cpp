// Which decoder is whose. One file a family: decode_*.cpp.

#include "match/decoder_parts.h"

namespace spoor {

std::optional<View> decode(const View& parent, ViewKind kind) {
  View child;
  if (!decode_into(parent, kind, child)) return std::nullopt;
  return child;
}

bool decode_into(const View& parent, ViewKind kind, View& child) {
  child.clear();
  switch (kind) {
    case ViewKind::kJson:
      return decode_json(parent, child);
    case ViewKind::kPercent:
      return decode_percent(parent, child);
    case ViewKind::kQp:
      return decode_qp(parent, child);
    case ViewKind::kHtml:
      return decode_html(parent, child);
    case ViewKind::kEscape:
      return decode_escape(parent, child);
    case ViewKind::kDns:
      return decode_dns(parent, child);
    case ViewKind::kDefang:
      return decode_defang(parent, child);
    case ViewKind::kUtf16le:
    case ViewKind::kUtf16be:
      return false;
  }
  return false;
}

}  // namespace spoor
