#include "match/views.h"

#include <algorithm>

#include "base/utf8.h"

namespace spoor {
namespace {

std::string utf8_of(char32_t value) {
  std::string bytes;
  append_utf8(bytes, value);
  return bytes;
}

}  // namespace

std::size_t View::count(ViewKind kind) const {
  return static_cast<std::size_t>(std::count(chain.begin(), chain.end(), kind));
}

View plain_view(std::string_view text, std::size_t from, std::size_t to) {
  View view;
  view.text = std::string(text.substr(from, to - from));
  view.begin.resize(to - from);
  view.end.resize(to - from);
  for (std::size_t i = 0; i < to - from; ++i) {
    view.begin[i] = static_cast<std::uint32_t>(from + i);
    view.end[i] = static_cast<std::uint32_t>(from + i + 1);
  }
  return view;
}

View utf16_view(std::string_view text, std::size_t from, std::size_t to, ViewKind kind) {
  View view;
  view.chain.push_back(kind);
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(text[at]);
    const auto second = static_cast<unsigned char>(text[at + 1]);
    return static_cast<char32_t>(kind == ViewKind::kUtf16le ? second << 8 | first
                                                            : first << 8 | second);
  };
  for (std::size_t at = from; at < to;) {
    std::size_t length = std::min<std::size_t>(2, to - at);
    char32_t value = 0xFFFD;
    if (length == 2) {
      value = unit(at);
      if (value >= 0xD800 && value <= 0xDBFF && at + 4 <= to) {
        const char32_t low = unit(at + 2);
        if (low >= 0xDC00 && low <= 0xDFFF) {
          value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
          length = 4;
        }
      }
    }
    for (const char c : utf8_of(value)) view.push(c, at, at + length);
    at += length;
  }
  return view;
}

std::vector<Utf16Run> find_utf16_runs(std::string_view text) {
  constexpr std::size_t kLeastCharacters = 4;
  std::vector<Utf16Run> runs;
  const auto is_text = [](char c) {
    return (c >= 0x20 && c < 0x7F) || c == '\t' || c == '\r' || c == '\n';
  };
  const auto try_run = [&](std::size_t from, ViewKind kind) {
    std::size_t at = from;
    while (at + 2 <= text.size()) {
      const char character = text[kind == ViewKind::kUtf16le ? at : at + 1];
      const char zero = text[kind == ViewKind::kUtf16le ? at + 1 : at];
      if (zero != '\0' || !is_text(character)) break;
      at += 2;
    }
    return at;
  };
  std::size_t at = 0;
  while (true) {
    at = text.find('\0', at);
    if (at == std::string_view::npos) break;
    // A stretch in which characters and zeros take turns: "c0c0c0" or "0c0c0c". Who begins
    // decides the order; where a zero stands at both ends the bytes cannot tell, and both
    // readings are tried.
    std::size_t first = at;
    if (first > 0 && is_text(text[first - 1])) --first;
    const std::size_t le_end = text[first] != '\0' ? try_run(first, ViewKind::kUtf16le) : first;
    const std::size_t be_begin = at;
    const std::size_t be_end = try_run(be_begin, ViewKind::kUtf16be);
    const std::size_t shifted_le =
        at + 1 < text.size() ? try_run(at + 1, ViewKind::kUtf16le) : at + 1;
    std::size_t next = at + 1;
    const auto keep = [&](std::size_t begin, std::size_t end, ViewKind kind) {
      if (end - begin >= 2 * kLeastCharacters) {
        runs.push_back({begin, end, kind});
        next = std::max(next, end);
      }
    };
    if (text[first] != '\0') {
      // c 0 c 0 ...: little-endian, unless the stretch ends with a character: then the first
      // one belongs to what was before.
      keep(first, le_end, ViewKind::kUtf16le);
      if (le_end < text.size() && is_text(text[le_end]) && be_end > le_end)
        keep(be_begin, be_end, ViewKind::kUtf16be);
    } else {
      keep(be_begin, be_end, ViewKind::kUtf16be);
      if (be_end < text.size() && text[be_end] == '\0')
        keep(at + 1, shifted_le, ViewKind::kUtf16le);
    }
    at = next;
  }
  return runs;
}

}  // namespace spoor
