// One pass over the lines gathers candidates; when all are seen it is known whether the text
// defangs, and so what a plain URL or name in it means. See drawn_values.h. Tested by
// drawn_values_test.cpp; fuzz_text.

#include "feeds/drawn_values.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/ascii.h"
#include "feeds/json_rows.h"
#include "feeds/prose_words.h"
#include "feeds/tags.h"
#include "feeds/text.h"
#include "ioc/canonical.h"
#include "ioc/domain.h"
#include "ioc/guard.h"
#include "ioc/refang.h"

namespace spoor {
namespace {

constexpr std::size_t kLongestToken = 2048;
constexpr std::size_t kShownSentence = 200;
constexpr std::size_t kMostReferences = 1000;
constexpr std::size_t kMostAttackIds = 500;

bool is_network(IndicatorType type) {
  switch (type) {
    case IndicatorType::kIpv4:
    case IndicatorType::kIpv6:
    case IndicatorType::kCidr:
    case IndicatorType::kIpv4Port:
    case IndicatorType::kIpv6Port:
    case IndicatorType::kDomain:
    case IndicatorType::kHostname:
    case IndicatorType::kUrl:
    case IndicatorType::kEmail:
      return true;
    default:
      return false;
  }
}

class Drawer {
 public:
  Drawer(std::string_view text, std::string_view where) : text_(text), where_(where) {}

  Drawn draw() {
    Lines lines(text_);
    std::string_view line;
    while (lines.next(line)) {
      line_ = line;
      number_ = lines.number();
      this->line();
    }
    settle();
    return std::move(drawn_);
  }

 private:
  void line() {
    trimmed_ = trim_wide(line_);
    section();
    digests();
    cells();
    std::size_t begin = 0;
    for (std::size_t at = 0; at <= line_.size();) {
      std::size_t width = 1;
      const bool link = at < line_.size() && line_.substr(at, 2) == "](";
      if (at < line_.size() && !link && !ends_word(line_, at, width)) {
        at += width;
        continue;
      }
      word(line_.substr(begin, at - begin));
      // "[text](target)" of Markdown: two words.
      at += link ? 2 : width;
      begin = at;
    }
  }

  /// A heading, or a line that ends in a colon, says what the digests below it are.
  void section() {
    std::string_view line = trimmed_;
    while (!line.empty() && (line.front() == '-' || line.front() == '*' || line.front() == ' '))
      line.remove_prefix(1);
    if (line.empty() || line.size() > 120) return;
    const bool heading = line.front() == '#' || line.front() == '=';
    if (!heading && line.back() != ':') return;
    const std::string words = lower(line);
    section_ = DigestKind::kFile;
    if (words.find("imphash") != std::string::npos) section_ = DigestKind::kImphash;
    if (words.find("ja3") != std::string::npos) section_ = DigestKind::kJa3;
    for (const std::string_view word : {"certificate", "commit", "ssdeep", "tlsh"}) {
      if (words.find(word) != std::string::npos) section_ = DigestKind::kForeign;
    }
  }

  /// Digests are runs of letters and digits (H1), whatever stands round them; but not inside
  /// URLs and paths, which name them for reasons of their own.
  void digests() {
    for (std::size_t at = 0; at < line_.size();) {
      if (!is_alnum(line_[at])) {
        ++at;
        continue;
      }
      const std::size_t begin = at;
      bool hex = true, digits = true;
      for (; at < line_.size() && is_alnum(line_[at]); ++at) {
        hex = hex && is_hex(line_[at]);
        digits = digits && is_digit(line_[at]);
      }
      const std::size_t size = at - begin;
      if (!hex || digits ||
          (size != 32 && size != 40 && size != 64 && size != 96 && size != 128))
        continue;
      if (begin > 0 && (line_[begin - 1] == '/' || line_[begin - 1] == '\\')) continue;
      if (at < line_.size() &&
          (line_[at] == '/' || line_[at] == '\\' ||
           (line_[at] == '.' && at + 1 < line_.size() && is_alnum(line_[at + 1])))) {
        continue;
      }
      digest(line_.substr(begin, size), line_.substr(0, begin));
    }
  }

  void digest(std::string_view raw, std::string_view before) {
    IndicatorType type = IndicatorType::kMd5;  // the length decides among digests of files
    DigestKind kind = digest_kind(before);
    const bool by_section = kind == DigestKind::kFile;
    if (by_section) kind = section_;
    switch (kind) {
      case DigestKind::kFile:
        break;
      case DigestKind::kImphash:
        type = IndicatorType::kImphash;
        break;
      case DigestKind::kJa3:
        type = IndicatorType::kJa3;
        break;
      case DigestKind::kCertificate:
        type = IndicatorType::kSslCertFingerprint;
        break;
      case DigestKind::kForeign:
        note("a digest or key of another kind", raw);
        return;
    }
    auto value = type == IndicatorType::kMd5 ? infer(raw) : canonicalize(type, raw);
    if (!value && by_section) value = infer(raw);  // of another length: the word was not meant
    if (value) keep(value->observable, raw, false, true);
  }

  /// Notes which parts of the line are a cell, an item or a labelled value of their own.
  void cells() {
    alone_.clear();
    std::size_t begin = 0;
    while (begin <= line_.size()) {
      const std::size_t end = std::min(line_.find_first_of("|\t", begin), line_.size());
      cell(line_.substr(begin, end - begin));
      begin = end + 1;
    }
  }

  void cell(std::string_view cell) {
    cell = trim_wide(cell);
    const bool heading = !cell.empty() && cell.front() == '#';
    if (cell.empty() || heading) return;
    // "- ", "* ", "+ ", "1. ", "2) ", U+2022
    if (cell.size() > 2 &&
        (cell[0] == '-' || cell[0] == '*' || cell[0] == '+' || cell[0] == '>') &&
        cell[1] == ' ') {
      cell = trim_wide(cell.substr(2));
    } else if (cell.substr(0, 3) == "\xE2\x80\xA2") {
      cell = trim_wide(cell.substr(3));
    } else if (is_digit(cell[0])) {
      std::size_t digits = 0;
      while (digits < cell.size() && is_digit(cell[digits])) ++digits;
      if (digits <= 3 && digits + 1 < cell.size() &&
          (cell[digits] == '.' || cell[digits] == ')') && cell[digits + 1] == ' ') {
        cell = trim_wide(cell.substr(digits + 2));
      }
    }
    const std::size_t colon = cell.find(": ");
    if (colon != std::string_view::npos && is_label(cell.substr(0, colon)))
      cell = trim_wide(cell.substr(colon + 2));
    const std::string_view bare = strip_quotes(cell);
    const Look look = look_of(bare.substr(0, kLongestToken));
    if ((look == Look::kPath || look == Look::kRegistry) && bare.size() <= 1024) {
      path(bare, look);
      return;
    }
    if (bare.size() > kLongestToken || bare.find_first_of(" \t") != std::string_view::npos)
      return;
    alone_.push_back(strip_punctuation(bare));
  }

  static std::string_view strip_quotes(std::string_view text) {
    while (text.size() >= 2 &&
           (text.front() == '`' || text.front() == '"' || text.front() == '\'') &&
           text.back() == text.front()) {
      text = text.substr(1, text.size() - 2);
    }
    return text;
  }

  /// A path or a key that is a line of its own.
  void path(std::string_view raw, Look look) {
    // Others are parts of URLs, and what regular expressions look like.
    const bool rooted = look == Look::kRegistry || raw.front() == '%' ||
                        (is_alpha(raw.front()) && raw[1] == ':');
    if (!rooted || raw.find_first_of("*?|;=<>\"$^[]") != std::string_view::npos ||
        raw.find("\\.") != std::string_view::npos) {
      return;
    }
    const auto value = canonicalize(
        look == Look::kPath ? IndicatorType::kFilePath : IndicatorType::kRegistryKey, raw);
    if (value && !quarantine_reason(value->observable))
      keep(value->observable, raw, false, true);
  }

  void word(std::string_view raw) {
    if (raw.size() > kLongestToken) return;
    raw = strip_punctuation(raw);
    if (raw.size() < 4) return;
    if (is_attack_id(raw)) {
      if (drawn_.attack_ids.size() < kMostAttackIds) add_word(drawn_.attack_ids, raw);
      return;
    }
    if (starts_with_ignore_case(raw, "TLP:")) {
      if (drawn_.tlp.empty() && raw.size() < 24) drawn_.tlp = raw;
      return;
    }
    const std::size_t comma = raw.find_first_of(",;");
    if (comma != std::string_view::npos && raw.find("://") == std::string_view::npos &&
        raw.find('?') == std::string_view::npos) {
      word(raw.substr(0, comma));
      return word(raw.substr(comma + 1));
    }
    // "domain=evil[.]example", "ip:192[.]0[.]2[.]7"
    const std::size_t sign = raw.find_first_of("=:");
    if (sign != std::string_view::npos && sign > 0 && sign < 24 && sign + 4 < raw.size() &&
        is_label(raw.substr(0, sign)) && raw[sign + 1] != '/') {
      return candidate(raw.substr(sign + 1), true);
    }
    candidate(raw, false);
  }

  void candidate(std::string_view raw, bool labelled) {
    const Look look = look_of(raw);
    if (look == Look::kNone || look == Look::kHash || look == Look::kPath ||
        look == Look::kRegistry) {
      return;
    }
    const auto plain = refang(raw);
    if (!plain) return;
    const bool defanged = plain->changed;
    const bool alone = labelled || is_alone(raw);
    const auto value = infer(raw);
    if (!value) {
      if (defanged) note("defanged, and still no indicator", raw);
      return;
    }
    const Observable& observable = value->observable;
    if (observable.type == IndicatorType::kFileName ||
        observable.type == IndicatorType::kFilePath) {
      if (defanged || alone) note("a name of a file: not taken from free text", raw);
      return;
    }
    if (look == Look::kCve) return keep(observable, raw, false, false);
    if (!is_network(observable.type)) return;
    if (defanged && !is_deliberate(raw, observable)) return;
    if (!defanged && !plain_counts(look, observable, raw, alone)) return;
    if (defanged) drawn_.defangs = true;
    keep(observable, raw, defanged, alone);
  }

  /// By place: cells come in order.
  bool is_alone(std::string_view raw) const {
    const auto found = std::lower_bound(
        alone_.begin(), alone_.end(), raw.data(),
        [](std::string_view cell, const char* place) { return cell.data() < place; });
    return found != alone_.end() && found->data() == raw.data() && found->size() == raw.size();
  }

  /// Whether a value that is not defanged may be an indicator at all; settle() has the last
  /// word.
  bool plain_counts(Look look, const Observable& observable, std::string_view raw, bool alone) {
    if (quarantine_reason(observable)) return false;
    const std::string_view before =
        line_.substr(0, static_cast<std::size_t>(raw.data() - line_.data()));
    switch (look) {
      case Look::kAddress:
      case Look::kNetwork:
      case Look::kEndpoint:
        if (names_version(before)) return false;
        return alone || !all_small(raw.substr(0, raw.find_first_of("/:")));
      case Look::kUrl:
        if (!alone && drawn_.references.size() < kMostReferences)
          add_word(drawn_.references, raw);
        return alone;
      case Look::kEmail:
      case Look::kHostPath:
        return alone && has_listed_suffix(host_of(observable.value));
      case Look::kName:
        return alone && has_listed_suffix(observable.value) && !file_like(observable.value);
      default:
        return false;
    }
  }

  /// A backslash before a dot defangs, and escapes in regular expressions: then the name must
  /// be one of the Internet's.
  static bool is_deliberate(std::string_view raw, const Observable& observable) {
    if (raw.find("\\.") == std::string_view::npos) return true;
    if (raw.find_first_of("[({") != std::string_view::npos) return true;
    const std::string_view host = host_of(observable.value);
    const bool address = observable.type == IndicatorType::kIpv4 ||
                         observable.type == IndicatorType::kIpv4Port ||
                         observable.type == IndicatorType::kCidr;
    return address || (has_listed_suffix(host) && !file_like(host));
  }

  static std::string_view host_of(std::string_view value) {
    const std::size_t scheme = value.find("://");
    if (scheme != std::string_view::npos) value.remove_prefix(scheme + 3);
    const std::size_t sign = value.find('@');
    if (sign != std::string_view::npos) value.remove_prefix(sign + 1);
    return value.substr(0, value.find_first_of("/:?"));
  }

  void keep(const Observable& observable, std::string_view raw, bool defanged, bool alone) {
    std::string key(name_of(observable.type));
    key += '\n';
    key += observable.value;
    const auto [at, fresh] = places_.emplace(std::move(key), drawn_.values.size());
    if (!fresh) {
      DrawnValue& known = drawn_.values[at->second];
      known.defanged = known.defanged || defanged;
      known.alone = known.alone || alone;
      return;
    }
    DrawnValue value;
    value.observable = observable;
    value.raw = raw;
    value.sentence = sentence(raw);
    value.line = number_;
    value.defanged = defanged;
    value.alone = alone;
    drawn_.values.push_back(std::move(value));
  }

  /// Of the line, what stands round `raw`.
  std::string_view sentence(std::string_view raw) const {
    if (trimmed_.size() <= kShownSentence) return trimmed_;
    const auto at = static_cast<std::size_t>(raw.data() - line_.data());
    std::size_t begin = at > kShownSentence / 2 ? at - kShownSentence / 2 : 0;
    while (begin < at && (static_cast<unsigned char>(line_[begin]) & 0xC0) == 0x80) ++begin;
    std::size_t end = std::min(line_.size(), begin + kShownSentence);
    while (end > begin && end < line_.size() &&
           (static_cast<unsigned char>(line_[end]) & 0xC0) == 0x80) {
      --end;
    }
    return trim_wide(line_.substr(begin, end - begin));
  }

  /// In a text that defangs, a plain URL, name or e-mail address is a reference.
  void settle() {
    if (!drawn_.defangs) return;
    const auto plain = [&](const DrawnValue& value) {
      if (value.defanged || !is_network(value.observable.type)) return false;
      switch (value.observable.type) {
        case IndicatorType::kUrl:
          if (drawn_.references.size() < kMostReferences)
            add_word(drawn_.references, value.raw);
          return true;
        case IndicatorType::kDomain:
        case IndicatorType::kHostname:
        case IndicatorType::kEmail:
          number_ = value.line;
          note("not defanged in a text that defangs: a reference", value.raw);
          return true;
        default:
          return false;
      }
    };
    drawn_.values.erase(std::remove_if(drawn_.values.begin(), drawn_.values.end(), plain),
                        drawn_.values.end());
  }

  void note(const char* reason, std::string_view raw) {
    drawn_.notes.add("", reason, std::string(where_) + ":" + std::to_string(number_), raw);
  }

  std::string_view text_, where_, line_, trimmed_;
  std::uint64_t number_ = 0;
  DigestKind section_ = DigestKind::kFile;  // under the last heading
  std::vector<std::string_view> alone_;     // words of the line that stand alone
  std::unordered_map<std::string, std::size_t> places_;
  Drawn drawn_;
};

}  // namespace

Drawn draw_values(std::string_view text, std::string_view where) {
  return Drawer(text, where).draw();
}

}  // namespace spoor
