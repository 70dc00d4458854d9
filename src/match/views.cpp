#include "match/views.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

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

namespace {

constexpr std::size_t kLeastCharacters = 4;

bool is_utf16_text(char c) {
  return (c >= 0x20 && c < 0x7F) || c == '\t' || c == '\r' || c == '\n';
}

/// The end of the run of characters and zeros in turn that begins at `from`.
std::size_t run_end(std::string_view text, std::size_t from, ViewKind kind) {
  const std::size_t character = kind == ViewKind::kUtf16le ? 0 : 1;
  std::size_t at = from;
  while (at + 2 <= text.size() && text[at + 1 - character] == '\0' &&
         is_utf16_text(text[at + character]))
    at += 2;
  return at;
}

constexpr char kEscape = '\x1B';

/// Bytes of the control sequence that begins at `at`; 0: none does. Longer ones than any
/// terminal writes are none.
std::size_t sequence_bytes(std::string_view text, std::size_t at) {
  constexpr std::size_t kMost = 64;
  if (text[at] != kEscape || at + 2 >= text.size() || text[at + 1] != '[') return 0;
  const std::size_t end = std::min(text.size(), at + kMost);
  for (std::size_t i = at + 2; i < end; ++i) {
    if (text[i] >= 0x40 && text[i] <= 0x7E) return i + 1 - at;
    if (text[i] < 0x20 || text[i] > 0x3F) return 0;
  }
  return 0;
}

/// The first byte from `at` on that is not zero, eight at a time: files hold zeros by the
/// megabyte.
std::size_t behind_zeros(std::string_view text, std::size_t at) {
  std::uint64_t word = 0;
  for (; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if (word != 0) break;
  }
  while (at < text.size() && text[at] == '\0') ++at;
  return at;
}

}  // namespace

std::optional<View> without_colours(std::string_view text) {
  std::optional<View> view;
  for (std::size_t at = text.find(kEscape); at != std::string_view::npos;
       at = text.find(kEscape, at)) {
    if (sequence_bytes(text, at) == 0) {
      ++at;
      continue;
    }
    const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (!view) view.emplace();
    std::size_t from = before == std::string_view::npos ? 0 : before + 1;
    while (from < end) {
      const std::size_t sequence = sequence_bytes(text, from);
      if (sequence == 0) view->push(text[from], from, from + 1);
      from += std::max<std::size_t>(sequence, 1);
    }
    if (end < text.size()) view->push('\n', end, end + 1);
    at = end;
  }
  return view;
}

std::vector<Utf16Run> find_utf16_runs(std::string_view text) {
  std::vector<Utf16Run> runs;
  for (std::size_t at = text.find('\0'); at != std::string_view::npos;
       at = text.find('\0', at)) {
    // A stretch in which characters and zeros take turns: "c0c0c0" or "0c0c0c". Of a row of
    // zeros only the last can be part of one.
    const std::size_t behind = behind_zeros(text, at);
    const std::size_t leading = behind - at;
    std::size_t next = behind;
    const auto keep = [&](std::size_t begin, std::size_t end, ViewKind kind) {
      if (end - begin < 2 * kLeastCharacters) return;
      runs.push_back({begin, end, kind});
      next = std::max(next, end);
    };
    const std::size_t be_begin = behind - 1;
    const std::size_t be_end = run_end(text, be_begin, ViewKind::kUtf16be);
    if (leading == 1 && at > 0 && is_utf16_text(text[at - 1])) {
      // c 0 c 0 ...: little-endian, unless the stretch ends with a character: then the first
      // one belongs to what was before.
      const std::size_t le_end = run_end(text, at - 1, ViewKind::kUtf16le);
      keep(at - 1, le_end, ViewKind::kUtf16le);
      if (le_end < text.size() && is_utf16_text(text[le_end]) && be_end > le_end)
        keep(be_begin, be_end, ViewKind::kUtf16be);
    } else if (be_end < text.size() && text[be_end] == '\0') {
      // Zeros at both ends: the same characters in either order, and which it is the rows of
      // zeros tell. A zero is half of a little-endian character, so whole zero units behind it
      // make their number odd; before and behind a big-endian one it is the other way round.
      const std::size_t trailing = behind_zeros(text, be_end) - be_end;
      const bool big = trailing % 2 == 0 && leading % 2 == 1;
      if (big) {
        keep(be_begin, be_end, ViewKind::kUtf16be);
      } else {
        keep(behind, run_end(text, behind, ViewKind::kUtf16le), ViewKind::kUtf16le);
      }
    } else {
      keep(be_begin, be_end, ViewKind::kUtf16be);
    }
    at = next;
  }
  return runs;
}

}  // namespace spoor
