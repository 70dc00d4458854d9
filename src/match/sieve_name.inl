// The lanes of names and e-mail addresses (D, E).

namespace spoor {
namespace SPOOR_SIEVE_ISA {
namespace {

/// `end`: where a label ends that begins with a letter behind a dot.
void SieveScan::name_ends_at(std::size_t end, std::size_t b) {
  const Bits left =
      left_of(row(kLabelRow, b), row(kLabelRow, b - 1), static_cast<unsigned>(end % 64));
  const auto length = static_cast<std::size_t>(std::countl_one(left));
  std::size_t dot = end - length - 1;
  if (length == 64) {
    dot = end - 64;
    while (text_[dot] != '.') --dot;
  }
  if (at(end) == '.') {
    // Not the last label, unless only dots and hyphens follow.
    std::size_t next = end;
    while (is_trimmed(at(next))) ++next;
    if (next < text_.size() && (is_alnum(text_[next]) || text_[next] == '_')) return;
  }
  while (end > dot + 1 && text_[end - 1] == '-') --end;
  const std::size_t tld_bytes = end - dot - 1;
  if (tld_bytes == 0 || tld_bytes > 63) return;
  const std::uint32_t slot = tld_slot(folded_head(dot + 1, tld_bytes), tld_bytes);
  // Whether some name ends so is as good as random: no branch on it.
  names_[name_count_] = {static_cast<std::uint32_t>(dot), static_cast<std::uint32_t>(end)};
  name_count_ += parts_.tlds[slot / 64] >> (slot % 64) & 1;
}

/// The name of two labels, or the end of a longer one, with the dot at `dot`.
void SieveScan::name_at(std::size_t dot, std::size_t end) {
  // The label before it.
  const std::size_t d = kFront + (dot - window_at_) / 64;  // its block
  std::size_t n = 64;
  if (dot >= window_at_) {
    n = static_cast<std::size_t>(std::countl_one(
        left_of(row(kLabelRow, d), row(kLabelRow, d - 1), static_cast<unsigned>(dot % 64))));
  }
  std::size_t begin = n == 64 ? dot : dot - n;
  if (n == 64) {
    while (begin > 0 && is_label_byte(text_[begin - 1])) --begin;
  }
  if (text_[begin] == '-') {
    // Hyphens and dots at the begin of the whole run are no part of the name (D2).
    std::size_t run = begin;
    while (run > 0 && is_trimmed(text_[run - 1])) --run;
    if (run == 0 || !is_label_byte(text_[run - 1])) {
      while (begin < dot && text_[begin] == '-') ++begin;
    }
  }
  if (begin == dot || end - begin > kMaxName) return;
  probe(hash_text(text_.data() + begin, end - begin, Seed::kName), begin, end, Lane::kName);
}

void SieveScan::resolve_name(Bits hash, const Probe& probe, std::uint32_t kinds) {
  const std::size_t end = probe.end;
  // The whole token: back over labels and dots, hyphens and dots off its begin.
  std::size_t run = probe.begin;
  while (run > 0 && end - run <= kMaxName + 1 &&
         (is_label_byte(text_[run - 1]) || text_[run - 1] == '.'))
    --run;
  std::size_t whole = run;
  while (whole < probe.begin && is_trimmed(text_[whole])) ++whole;

  std::size_t begin = probe.begin;
  for (bool site = true;; site = false) {
    if (kinds != 0) {
      if ((kinds & kCovers) != 0) return flag(begin);
      if (begin == whole) {
        if ((kinds & kFull) != 0) return flag(begin);
        if ((kinds & kHost) != 0) {
          note_host(begin);
          check_path(hash, end);
        }
      }
      if (site && (kinds & kLonger) == 0) return;
      if (site && end - begin >= 8 && equals_ignore_case(text_.substr(end - 5, 5), ".arpa")) {
        const std::string name = lower(text_.substr(whole, end - whole));
        if (const auto v4 = parse_in_addr_arpa(name)) check_address4(*v4, whole);
        if (const auto v6 = parse_ip6_arpa(name)) check_address6(*v6, whole);
      }
    } else if (site) {
      return;
    }
    if (begin <= whole) return;
    // One label further to the left.
    --begin;  // the dot
    while (begin > whole && text_[begin - 1] != '.') --begin;
    hash = hash_text(text_.data() + begin, end - begin, Seed::kName);
    kinds = look_up(hash);
  }
}

/// The run of word bytes round a byte over 0x7F.
void SieveScan::high_run_at(std::size_t inside) {
  std::size_t begin = inside;
  while (begin > high_done_ && is_word_byte(static_cast<unsigned char>(text_[begin - 1])))
    --begin;
  std::size_t end = begin;
  bool dot = false;
  while (end < text_.size() && is_word_byte(static_cast<unsigned char>(text_[end]))) {
    // A dot, or the second and third bytes of U+3002, U+FF0E, U+FF61.
    const char c = text_[end];
    dot = dot || c == '.' || c == '\x80' || c == '\xBC' || c == '\xBD';
    ++end;
  }
  high_done_ = end;
  if (!has(kNames | kUrls | kEmails | kAddresses4 | kAddresses6)) return;
  // Digits of other scripts may be a number that is a host.
  if (!dot && !has(kSingleLabels) && !wants_hosts_) return;
  // Runs of name characters as the rules cut them (D2): letters and marks of any script.
  wide_name(begin, end);
}

void SieveScan::wide_name(std::size_t begin, std::size_t end) {
  const auto look = [&](std::size_t from, std::size_t to) {
    trim_name(text_, from, to);
    if (from >= to || to - from > 2100) return;
    const std::string_view token = text_.substr(from, to - from);
    // Without other letters it is the names' lane's, but for single labels, whose lane takes
    // the whole word.
    const bool plain = std::none_of(token.begin(), token.end(), is_non_ascii);
    if (plain && !(has(kSingleLabels) && token.find('.') == std::string_view::npos)) return;
    const auto name = canonical_domain(token);
    if (!name) return;
    // Keys go without hyphens at the end, those of hosts of URLs at the begin too; a name that
    // was mapped may have them where the text had none.
    std::string_view ascii = name->ascii;
    if (ascii.size() >= 5 && ascii.substr(ascii.size() - 5) == ".arpa") return flag(from);
    while (!ascii.empty() && is_trimmed(ascii.back())) ascii.remove_suffix(1);
    std::string_view bare = ascii;
    while (!bare.empty() && is_trimmed(bare.front())) bare.remove_prefix(1);
    if (has(kSingleLabels) && bare.find('.') == std::string_view::npos &&
        look_up(hash_text(bare, Seed::kWord)) != 0)
      return flag(from);
    if (look_up(hash_text(bare, Seed::kName)) != 0) return flag(from);
    for (std::size_t at = 0;;) {
      if (look_up(hash_text(ascii.substr(at), Seed::kName)) != 0) return flag(from);
      const std::size_t dot = ascii.find('.', at);
      if (dot == std::string_view::npos) break;
      at = dot + 1;
    }
    // A URL's host that is a number once it is mapped (I6), with a scheme or without.
    const char last = bare.empty() ? '\0' : bare.back();
    if (is_digit(last) || (wants_hosts_ && is_hex(last))) odd_host(from);
    if (has(kEmails) && from > 0 && text_[from - 1] == '@') flag(from);
  };
  // A name can end at any character that is no letter, so each stretch between such characters
  // is one; which ones these are the rules' own table tells through canonical_domain: a stretch
  // with a foreign character in it is refused there. The stretches are cut here at everything
  // that the rules might cut at.
  for (const bool letters_only : {true, false}) {
    std::size_t from = begin;
    for (std::size_t i = begin; i < end;) {
      std::size_t length = 1;
      bool cut = false;
      if (is_non_ascii(text_[i])) {
        const CodePoint point = decode_utf8(text_, i);
        length = point.length;
        cut = !point.valid || (letters_only && !is_name_character(point.value));
      }
      if (cut) {
        look(from, i);
        from = i + length;
      }
      i += length;
    }
    look(from, end);
  }
}

void SieveScan::email_at(std::size_t sign) {
  const std::size_t begin =
      behind_last<NoLocalByte>(text_, sign - std::min<std::size_t>(sign, 256), sign);
  std::size_t end =
      first_of<NoNameByte>(text_, sign + 1, std::min<std::size_t>(sign + 600, text_.size()));
  if (begin == sign) return;
  if (end < text_.size() && is_non_ascii(text_[end])) return flag(sign);
  while (end > sign + 1 && is_trimmed(text_[end - 1])) --end;
  if (end == sign + 1) return;
  probe(
      hash_pair(hash_text(text_.data() + begin, sign - begin, Seed::kEmail),
                hash_text(text_.data() + sign + 1, end - sign - 1, Seed::kEmail), Seed::kEmail),
      sign, end, Lane::kPlain);
}

}  // namespace
}  // namespace SPOOR_SIEVE_ISA
}  // namespace spoor
