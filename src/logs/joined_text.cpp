#include "logs/joined_text.h"

#include <algorithm>

namespace spoor {

void JoinedText::clear() {
  text_.clear();
  pieces_.clear();
}

void JoinedText::add(std::string_view text, std::size_t begin, std::size_t end, Kind kind) {
  pieces_.push_back({text_.size(), begin, std::max(begin, end), kind});
  text_ += text;
  text_ += '\n';
}

void JoinedText::add_url(const Record& record, std::size_t base) {
  const Record::JoinedUrl url = record.joined_url();
  if (!url.text.empty()) add(url.text, base + url.begin, base + url.end, Kind::kUrl);
}

void JoinedText::add_agents(const Record& record, std::size_t base) {
  const std::string_view line = record.line();
  for (const Field& field : record.fields()) {
    if (field.role != FieldRole::kUserAgent || field.end <= field.begin) continue;
    const bool quoted = field.begin > 0 && line[field.begin - 1] == '"';
    std::string agent(line.substr(field.begin, field.end - field.begin));
    // IIS writes blanks as '+'.
    const bool coded =
        agent.find('+') != std::string::npos && agent.find(' ') == std::string::npos;
    if (coded) std::replace(agent.begin(), agent.end(), '+', ' ');
    if ((quoted && !coded) || agent.find('"') != std::string::npos) continue;
    add('"' + agent + '"', base + field.begin, base + field.end, Kind::kAgent);
  }
}

void JoinedText::add_pairs(const Record& record, std::size_t base, Kind kind) {
  for (const JoinedPair& pair : record.pairs()) {
    std::string text;
    const bool bare_v6 = pair.address.find(':') != std::string_view::npos;
    if (bare_v6) text += '[';
    text += pair.address;
    if (bare_v6) text += ']';
    text += ':';
    text += pair.port;
    if (text.find_first_of("\n\r") != std::string::npos) continue;
    add(text, base + pair.begin, base + pair.end, kind);
  }
  if (kind != Kind::kAddress) return;
  // Ports that are words: the address alone.
  for (const Slot slot : {Slot::kSourceAddress, Slot::kDestinationAddress}) {
    const std::string_view address = record.value(slot);
    const bool paired = std::any_of(
        record.pairs().begin(), record.pairs().end(),
        [&](const JoinedPair& pair) { return pair.address.data() == address.data(); });
    if (address.empty() || paired) continue;
    const Field place = record.place(slot);
    add(address, base + place.begin, base + place.end, kind);
  }
}

void JoinedText::place_from(std::size_t first, std::size_t begin, std::size_t end) {
  for (; first < pieces_.size(); ++first) {
    pieces_[first].source_begin = begin;
    pieces_[first].source_end = end;
  }
}

const JoinedText::Piece& JoinedText::piece_at(std::size_t at) const {
  const auto behind = std::upper_bound(
      pieces_.begin(), pieces_.end(), at,
      [](std::size_t wanted, const Piece& piece) { return wanted < piece.begin; });
  return *std::prev(behind);
}

}  // namespace spoor
