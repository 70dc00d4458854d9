// The scan of one text by the rules: every line through every view, the findings of one place
// put together. The reference matcher runs it over whole texts; the fast one over the lines
// that its sieve could not rule out. Private to `match`. Tested by exact_test.cpp.

#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "match/exact_scan.h"
#include "match/matcher.h"
#include "match/views.h"

namespace spoor {

/// Views on one another, and readings of one line: a line of nested escapes must end somewhere.
inline constexpr std::size_t kMaxViewDepth = 4;
inline constexpr std::size_t kMaxViewsOfLine = 48;

/// The readings that are tried on a line, in this order (S3).
inline constexpr ViewKind kLineViews[] = {
    ViewKind::kJson, ViewKind::kEscape, ViewKind::kHtml,  ViewKind::kPercent,
    ViewKind::kQp,   ViewKind::kDns,    ViewKind::kDefang};

/// A refused token in coordinates of the scanned text.
struct RefusedAt {
  std::size_t offset, length;
  std::string rule, why, views;
};

class ExactPass {
 public:
  ExactPass(const ClaimIndex& index, std::string_view text, std::span<const FieldMark> fields,
            std::vector<RefusedAt>* refused)
      : text_(text),
        fields_(fields),
        refused_(refused),
        scan_(index, findings_, refused != nullptr ? &refused_tokens_ : nullptr) {}
  ExactPass(const ExactPass&) = delete;
  ExactPass& operator=(const ExactPass&) = delete;

  /// The whole text.
  void run(TextEncoding encoding);

  /// One line [begin, end) of bytes, without its LF. Without `with_things` no path, name of a
  /// file, registry key, mutex or pipe is looked for in the bytes as they are.
  void scan_line(std::size_t begin, std::size_t end, bool with_things = true) {
    scan_views(plain_view(text_, begin, end), begin, with_things);
  }
  /// Lines that soft breaks join, read as quoted-printable.
  void scan_joined(std::size_t begin, std::size_t end);
  /// A decoded text, all its lines; `wanted`, where given, tells which (by their bytes in
  /// view.text).
  void scan_decoded(const View& view,
                    FunctionRef<void(std::size_t, std::size_t, bool&)> wanted);

  /// Whether the line [begin, end) ends with a soft break of quoted-printable.
  bool ends_with_soft_break(std::size_t begin, std::size_t end) const;

  /// In the order of the matcher's contract.
  void append_to(std::vector<Hit>& hits) const;

  /// Two rounds of percent and of JSON; one of each other; after defang, which people write
  /// last, nothing.
  static bool may_follow(std::span<const ViewKind> chain, ViewKind kind);

 private:
  void scan_lines();
  void scan_views(View line, std::size_t line_at, bool with_things = true);
  void scan_view(const View& view, std::span<const FieldMark> fields, bool with_things);
  void keep(const Hit& hit);

  std::string_view text_;
  std::span<const FieldMark> fields_;
  std::vector<RefusedAt>* refused_;
  std::map<std::tuple<std::size_t, std::size_t, IndicatorIndex>, Hit> best_;
  std::vector<Finding> findings_;
  std::vector<RefusedToken> refused_tokens_;
  ExactScan scan_;  // into the two above
};

}  // namespace spoor
