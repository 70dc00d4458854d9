// Decode views (S3): the same bytes read as what they stand for. A view is a text with, for
// every byte of it, the bytes of the scanned text that it came from, so that a hit in a view is
// reported where it stands. Views nest: json then percent, utf16le then json. Each decoder
// answers nothing where its cheap detector does not fire. Cost: O(text) per view, 9 bytes of
// memory a byte. Tested by views_test.cpp.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ioc/sighting.h"

namespace spoor {

struct View {
  std::string text;
  std::vector<std::uint32_t> begin,
      end;  ///< source bytes [begin[i], end[i]) of text[i], in the scanned text
  std::vector<ViewKind> chain;  ///< outermost first; empty: the bytes as they are
  /// Of what decode() gives without places: where the text is not its parent's; begin and end
  /// of each, ascending, an empty one where something was dropped.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> changed;

  std::size_t source_begin(std::size_t at) const { return begin[at]; }
  /// End in the source of the view's bytes [.., at); at > 0.
  std::size_t source_end(std::size_t at) const { return end[at - 1]; }
  /// Whether text[at] stands for more than itself: it was decoded from several source bytes.
  bool decoded(std::size_t at) const { return end[at] - begin[at] > 1; }
  std::size_t count(ViewKind kind) const;
  /// An empty one that keeps its room.
  void clear() {
    text.clear();
    begin.clear();
    end.clear();
    chain.clear();
    changed.clear();
  }

  void push(char c, std::size_t source_from, std::size_t source_to) {
    text += c;
    begin.push_back(static_cast<std::uint32_t>(source_from));
    end.push_back(static_cast<std::uint32_t>(source_to));
  }
};

/// The bytes [from, to) of `text` as they are.
View plain_view(std::string_view text, std::size_t from, std::size_t to);

/// UTF-16 code units of [from, to) as UTF-8, a lone surrogate or odd byte as U+FFFD. `kind` is
/// kUtf16le or kUtf16be.
View utf16_view(std::string_view text, std::size_t from, std::size_t to, ViewKind kind);

/// Runs of at least four UTF-16 characters of the first 128 inside bytes that are not UTF-16 as
/// a whole.
struct Utf16Run {
  std::size_t begin, end;
  ViewKind kind;
};
std::vector<Utf16Run> find_utf16_runs(std::string_view text);

/// The lines of `text` that hold colours or other control sequences (ECMA-48, 5.4: ESC, '[',
/// parameters, a final byte), without these: "ESC[31mevil.example" would else be the name
/// 31mevil.example. No kind of its own: nothing was encoded. Nothing where there are none.
std::optional<View> without_colours(std::string_view text);

/// `parent` read through one more decoder; nothing if there is nothing to decode. A parent
/// without places (`begin` and `end` empty) gives a child without.
///   json     strings between double quotes whose escapes are all valid JSON (RFC 8259, 7)
///   percent  %HH (RFC 3986, 2.1)
///   qp       =HH and soft breaks (RFC 2045, 6.7); see decode_markup.cpp for when a `=HH` is
///   believed html     numeric and common named references escape   \xHH and \uHHHH dns
///   (4)evil(7)example(0), the Windows DNS debug log defang   X1
std::optional<View> decode(const View& parent, ViewKind kind);
/// The same into a view whose room is used again; false: nothing, and `child` is not to be
/// used.
bool decode_into(const View& parent, ViewKind kind, View& child);

/// A string as decode() takes them for kJson: what stands between two neighbouring double
/// quotes that no backslash escapes. It is read where it comes behind a quote and all of its
/// escapes are valid.
struct JsonString {
  std::size_t begin, end;  ///< without the quotes
  bool is_read;
};
/// The one that the byte `at` stands in. `from`, at most `at`: 0 or behind the quote that ends
/// another one. Walks over bytes from the string's begin to its end alone, or from `from` on
/// where no quote lies between.
JsonString json_string_at(std::string_view text, std::size_t from, std::size_t at);
/// Appends what a string that is read stands for.
void append_json_string(std::string_view text, const JsonString& string, std::string& out);

/// Whether decode() believes in quoted-printable: a `=3D` or a soft break shows that '=' itself
/// was escaped, or no '=' of the text could be anything else than an escape.
bool is_quoted_printable(std::string_view text);

/// Whether the '=' at `at` joins the name and value of a URL query ("?q=24h"): there a `=24` is
/// no escape of quoted-printable, nor is any `=` of the text but for a `=3D`.
bool is_query_key(std::string_view text, std::size_t at);

/// Whether the scheme that ends before text[colon] could be one that X1 undoes (hxxp, meow):
/// all that are, and few others. For a look before decode().
bool may_be_defanged_scheme(std::string_view text, std::size_t colon);

}  // namespace spoor
