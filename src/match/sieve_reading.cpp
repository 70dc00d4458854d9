// The readings of a line (S3): where an escape could be, and what each reading holds.

#include <algorithm>
#include <array>
#include <vector>

#include "base/ascii.h"
#include "match/exact_pass.h"
#include "match/sieve_scan.h"
#include "match/views.h"

namespace spoor {

using namespace sieve;

/// A line that holds what may be an escape: every reading of it is scanned like a line.
void SieveScan::reading_at(std::size_t at) {
  if (is_read(at)) return;
  const std::size_t begin = line_begin(at);
  const std::size_t end = std::min(text_.find('\n', at), text_.size());
  reading_begin_ = begin;
  reading_done_ = end;
  if (at >= flagged_from_ && at < flagged_until_) return;
  if (sieve_.could_match_readings(text_.substr(begin, end - begin), {})) flag(at);
}

/// Whether decode() could believe in quoted-printable on this line: a `=3D`, or no '=' that is
/// anything else than an escape.
bool SieveScan::may_be_qp(std::size_t at) {
  if (at < qp_done_) return false;
  const std::size_t begin = line_begin(at);
  const std::size_t end = std::min(text_.find('\n', at), text_.size());
  qp_done_ = end;
  const std::string_view line = text_.substr(begin, end - begin);
  const auto is_upper_hex = [](char c) { return is_digit(c) || (c >= 'A' && c <= 'F'); };
  for (std::size_t i = line.find('='); i != std::string_view::npos; i = line.find('=', i + 1)) {
    if (i + 2 < line.size() && is_upper_hex(line[i + 1]) && is_upper_hex(line[i + 2])) continue;
    return line.find("=3D") != std::string_view::npos;
  }
  return true;
}

/// A backslash before b, f, n, r or t, the last of a run: whether the string that it stands in
/// could be JSON, once (an odd run) or twice (an even one). A path of Windows hardly ever is:
/// one component that begins with another letter, and it is no JSON (decode()).
bool SieveScan::may_be_json(std::size_t backslash) const {
  constexpr std::size_t kReach = 4096;
  std::size_t run = backslash + 1;
  while (run > 0 && text_[run - 1] == '\\') --run;
  const bool twice = (backslash + 1 - run) % 2 == 0;
  std::size_t begin = run;
  while (begin > 0 && text_[begin - 1] != '"' && text_[begin - 1] != '\n') {
    if (run - begin > kReach) return true;
    --begin;
  }
  if (begin == 0 || text_[begin - 1] == '\n') return false;  // no quote before it
  for (std::size_t i = begin; i < text_.size() && text_[i] != '"' && text_[i] != '\n';) {
    if (i - begin > 2 * kReach) return true;
    if (text_[i] != '\\') {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (at(end) == '\\') ++end;
    const std::size_t n = end - i;
    const bool begins_escape = twice ? n % 4 == 2 : n % 2 == 1;
    i = end;
    if (begins_escape &&
        std::string_view("\"\\/bfnrtu").find(at(end)) == std::string_view::npos)
      return false;
  }
  return true;
}

/// Whether the escape that the backslash begins, itself or once decoded, could mean something.
bool SieveScan::is_escape(std::size_t backslash) const {
  const char c = at(backslash + 1);
  switch (c) {
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
      return may_be_json(backslash);
    case 'x':
      return is_hex(at(backslash + 2)) && is_hex(at(backslash + 3));
    case 'u':
      return is_hex(at(backslash + 2)) && is_hex(at(backslash + 3)) &&
             is_hex(at(backslash + 4)) && is_hex(at(backslash + 5));
    case '.': {  // X1: between letters or digits
      std::size_t run = backslash;
      while (run > 0 && text_[run - 1] == '\\') --run;
      return run > 0 && is_alnum(text_[run - 1]) && is_alnum(at(backslash + 2));
    }
    default:
      return !is_alpha(c);
  }
}

void SieveScan::readings(std::size_t b, std::size_t base) {
  const BlockMasks& m = window_[b];
  const BlockMasks& next = window_[b + 1];
  // In the order of the text, so that each line is read once.
  Bits triggers = 0;
  const auto trigger = [&](std::size_t at_byte) { triggers |= Bits{1} << (at_byte - base); };
  const auto following = [&](ByteClass c, unsigned n) { return after(m[c], next[c], n); };

  if (const Bits backslashes = m[ByteClass::kBackslash]; backslashes != 0) {
    Bits strong =
        backslashes & (following(ByteClass::kAlpha, 1) | following(ByteClass::kDot, 1) |
                       following(ByteClass::kSlash, 1));
    if (has(kBackslashes)) strong = backslashes;
    each(strong, base, [&](std::size_t at_byte) {
      if (!is_read(at_byte) && (has(kBackslashes) || is_escape(at_byte))) trigger(at_byte);
    });
  }
  if (const Bits percents = m[ByteClass::kPercent]; percents != 0) {
    const Bits hexes = hex(b), next_hexes = hex(b + 1);
    triggers |= percents & after(hexes, next_hexes, 1) & after(hexes, next_hexes, 2);
  }
  if (const Bits equals = m[ByteClass::kEquals]; equals != 0) {
    const Bits hexes = hex(b), next_hexes = hex(b + 1);
    const Bits good = equals & after(hexes, next_hexes, 1) & after(hexes, next_hexes, 2);
    each(good, base, [&](std::size_t at_byte) {
      if (at_byte < qp_done_ || is_read(at_byte)) return;
      if (may_be_qp(at_byte)) trigger(at_byte);
    });
    if (lines_ != nullptr) {
      each(equals & following(ByteClass::kBlank, 1), base, [&](std::size_t at_byte) {
        if (at(at_byte + 1) == '\n' || (at(at_byte + 1) == '\r' && at(at_byte + 2) == '\n')) {
          if (at_byte + 1 < text_.size())
            lines_->soft_breaks.push_back(static_cast<std::uint32_t>(at_byte));
        }
      });
    }
  }
  each(m[ByteClass::kAmpersand], base, [&](std::size_t at_byte) {
    if (is_read(at_byte)) return;
    const char c = at(at_byte + 1);
    bool reference = c == '#';
    if (is_alpha(c)) {
      std::size_t i = at_byte + 1;
      while (i - at_byte <= 11 && is_alpha(at(i))) ++i;
      reference = at(i) == ';';
    }
    if (reference) trigger(at_byte);
  });
  if (const Bits open = m[ByteClass::kOpen]; open != 0) {
    triggers |= open & (following(ByteClass::kDot, 1) | following(ByteClass::kColon, 1) |
                        following(ByteClass::kAt, 1));
    each(open & following(ByteClass::kDigit, 1), base, [&](std::size_t at_byte) {
      if (text_.substr(at_byte, 3) == "(0)") trigger(at_byte);
    });
    each(open & following(ByteClass::kAlpha, 1), base, [&](std::size_t at_byte) {
      const std::string_view word = text_.substr(at_byte + 1, 4);
      if (starts_with_ignore_case(word, "dot") || starts_with_ignore_case(word, "at]") ||
          starts_with_ignore_case(word, "http"))
        trigger(at_byte);
    });
  }
  each(triggers, base, [&](std::size_t at_byte) { reading_at(at_byte); });
}

bool Sieve::could_match_readings(std::string_view text, std::span<const ViewKind> chain) const {
  std::vector<View> views(1);
  views[0].text = text;
  views[0].chain.assign(chain.begin(), chain.end());
  for (std::size_t i = 0; i < views.size(); ++i) {
    if (views[i].chain.size() >= kMaxViewDepth) continue;
    for (const ViewKind kind : kLineViews) {
      if (!ExactPass::may_follow(views[i].chain, kind)) continue;
      auto child = decode(views[i], kind);
      if (!child) continue;
      const bool known = std::any_of(views.begin(), views.end(), [&](const View& other) {
        return other.text == child->text &&
               std::is_permutation(other.chain.begin(), other.chain.end(), child->chain.begin(),
                                   child->chain.end());
      });
      if (known) continue;
      // The rules stop at so many readings, perhaps at others: their business.
      if (views.size() >= kMaxViewsOfLine) return true;
      if (SieveScan(*this, child->text, nullptr).run()) return true;
      views.push_back(std::move(*child));
    }
  }
  return false;
}

}  // namespace spoor
