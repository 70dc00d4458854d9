// The lanes of URLs (U): odd hosts, the paths of known hosts, request targets.

namespace spoor {
namespace SPOOR_SIEVE_ISA {
namespace {

void SieveScan::check_path(Bits host, std::size_t end) {
  std::size_t i = end;
  while (is_trimmed(at(i))) ++i;
  if (at(i) == ':') {
    ++i;
    while (is_digit(at(i))) ++i;
  }
  if (at(i) != '/') return;
  const std::size_t begin = i;
  // Each path is walked over once, unless hosts stand in the paths of hosts, again and again:
  // then the rules are cheaper, and the time stays in proportion to the text.
  if (path_bytes_ > 8 * end + (1 << 16)) return flag(begin);
  std::uint64_t state = path_begin(host);
  for (;; ++i) {
    const char c = at(i);
    const bool over = i >= text_.size() || ends_url(c) || i - begin > 8200;
    if (i > begin && (over || !(is_alnum(c) || c == '_' || c == '~' || c == '-'))) {
      if ((look_up(path_key(state)) & kFull) != 0) return flag(begin);
    }
    if (over || c == '?' || c == '#') return;
    ++path_bytes_;
    // What canonical paths write otherwise is for the rules.
    if (c == '%' || is_non_ascii(c) || (c == '/' && at(i + 1) == '.')) return flag(begin);
    state = path_step(state, static_cast<unsigned char>(c));
  }
}

/// Whether at `begin` stands a name that ends with a letter's label and at a border that ends
/// the authority, too: the names' lane sees to it. By masks; many that are it says nothing of.
bool SieveScan::is_plain_host(std::size_t begin) const {
  const std::size_t b = kFront + (begin - window_at_) / 64;
  const auto off = static_cast<unsigned>(begin % 64);
  const auto from = [&](Bits here, Bits next) {
    return off == 0 ? here : after(here, next, off);
  };
  const Bits dots = from(mask(ByteClass::kDot, b), mask(ByteClass::kDot, b + 1));
  const Bits labels = from(row(kLabelRow, b), row(kLabelRow, b + 1));
  const auto n = static_cast<unsigned>(std::countr_one(labels | dots));
  // Behind the row's last block nothing is known.
  if (n < 4 || n >= 64 || b >= kFront + blocks_ || begin + n >= text_.size()) return false;
  const char c = text_[begin + n];
  if (c != '/' && c != '?' && c != '#' && !ends_url(c)) return false;
  const Bits own = dots & ((Bits{1} << n) - 1);
  if (own == 0 || is_trimmed(text_[begin])) return false;
  const auto last = static_cast<unsigned>(63 - std::countl_zero(own));
  return last + 1 < n && is_alpha(text_[begin + last + 1]);
}

/// "://": schemes in disguise, which the readings see to when it is their turn, and hosts that
/// no other lane reads.
void SieveScan::url_at(std::size_t colon, std::size_t b) {
  if (may_be_defanged_scheme(text_, colon)) rows_[kEscapes][b] |= Bits{1} << (colon % 64);
  if (is_plain_host(colon + 3)) return;
  // A plain name or a plain dotted address, with a border behind it.
  std::size_t i = colon + 3;
  const std::size_t begin = i;
  std::size_t label = i;
  std::size_t dots = 0;
  bool numbers = true;
  bool zeros = false;
  for (; i < text_.size(); ++i) {
    const char c = text_[i];
    if (c == '.') {
      ++dots;
      label = i + 1;
    } else if (is_digit(c)) {
      zeros = zeros || (c == '0' && i == label && is_digit(at(i + 1)));
    } else if (is_label_byte(c)) {
      numbers = false;
    } else {
      break;
    }
  }
  const char c = at(i);
  // The names' lane takes hyphens and dots off a name's begin, a URL keeps them (D1).
  bool plain = i > begin && !is_trimmed(text_[begin]) && c != '%' && c != '@' && c != '[' &&
               !is_non_ascii(c);
  if (plain && c == ':') {
    std::size_t port = i + 1;
    while (is_digit(at(port))) ++port;
    plain = !(is_label_byte(at(port)) || at(port) == '@' || at(port) == '%' ||
              at(port) == '.' || at(port) == ':' || is_non_ascii(at(port)));
    // "name:password@host" with a password of digits and what may stand in one.
    for (std::size_t k = port;
         plain && k < text_.size() && k - port < 256 && !ends_url(text_[k]) &&
         text_[k] != '/' && text_[k] != '?' && text_[k] != '#';
         ++k)
      plain = text_[k] != '@';
  } else if (plain) {
    for (std::size_t k = i; plain && k < text_.size() && !ends_url(text_[k]) &&
                            text_[k] != '/' && text_[k] != '?' && text_[k] != '#';
         ++k)
      plain = text_[k] != '@' && k - i < 256;
  }
  if (plain) {
    const bool letter_tld = label < i && is_alpha(text_[label]);
    if (dots > 0 && letter_tld) return;                       // the names' lane
    if (numbers && dots == 3 && !zeros && label < i) return;  // the addresses' lane
  }
  if (c == '[' && i == begin) return;  // the colons' lane
  // Every place where a host could begin: here, and behind each '@' of the authority.
  odd_host(begin);
  std::size_t signs = 0;
  for (std::size_t k = begin; k < text_.size() && !ends_url(text_[k]) && text_[k] != '/' &&
                              text_[k] != '?' && text_[k] != '#';
       ++k) {
    if (text_[k] != '@') continue;
    if (++signs > 8 || k - begin > 4096) return flag(colon);
    odd_host(k + 1);
  }
}

void SieveScan::odd_host(std::size_t begin) {
  if (at(begin) == '*' && at(begin + 1) == '.') begin += 2;  // D1
  std::size_t end = begin;
  while (end < text_.size() && end - begin < 2100 &&
         (is_label_byte(text_[end]) || text_[end] == '.' || text_[end] == '%' ||
          is_non_ascii(text_[end])))
    ++end;
  while (end > begin && text_[end - 1] == '.') --end;
  if (end == begin) return;
  const auto url = parse_url("http://" + std::string(text_.substr(begin, end - begin)) + "/",
                             Scheme::kRequired);
  if (url) host_key(*url, begin);
  // Hyphens at the end belong to a host, but the keys go without.
  if (text_[end - 1] == '-' || text_[begin] == '-') flag(begin);
}

void SieveScan::host_key(const Url& url, std::size_t at) {
  if (url.host_kind == HostKind::kIpv4) {
    if (const auto address = parse_ipv4(url.host)) check_address4(*address, at);
  } else if (url.host_kind == HostKind::kName) {
    std::string_view name = url.host;
    while (!name.empty() && is_trimmed(name.front())) name.remove_prefix(1);
    while (!name.empty() && is_trimmed(name.back())) name.remove_suffix(1);
    if (look_up(hash_text(name, Seed::kName)) != 0) flag(at);
  }
}

/// Whether a target with escapes could be one that is looked for. Escapes from the ninth byte
/// on leave the first eight as they are, unless they make dots, which fold paths up.
bool SieveScan::may_be_odd_uri(std::size_t begin, std::size_t end) const {
  const std::string_view target = text_.substr(begin, end - begin), head = target.substr(0, 8);
  for (const char c : head) {
    if (c == '%' || c == '#' || is_non_ascii(c)) return true;
  }
  for (std::size_t i = target.find('%', head.size()); i != kNone; i = target.find('%', i + 1)) {
    if (starts_with_ignore_case(target.substr(i + 1), "2e")) return true;
  }
  return is_known_word(begin, 8, 0);
}

/// A request target: what stands between a border and the next.
void SieveScan::uri_at(std::size_t slash, std::size_t b) {
  const auto is_border = [](char c) {
    return is_space(c) || c == '"' || c == '\'' || c == '\0';
  };
  if (slash > 0 && !is_border(text_[slash - 1]) && text_[slash - 1] != '=') return;
  // By masks as far as the window goes, then byte by byte.
  std::size_t end = slash;
  bool odd = false, folds = false;
  for (Bits behind = ~Bits{0} << (slash % 64); b < kFront + blocks_; ++b, behind = ~Bits{0}) {
    const Bits borders = (mask(ByteClass::kBlank, b) | mask(ByteClass::kDouble, b) |
                          mask(ByteClass::kSingle, b)) &
                         behind;
    const Bits inside = borders == 0 ? behind : behind & ((borders & (~borders + 1)) - 1);
    const Bits odds =
        mask(ByteClass::kPercent, b) | mask(ByteClass::kHash, b) | mask(ByteClass::kHigh, b);
    const Bits dots = mask(ByteClass::kSlash, b) &
                      after(mask(ByteClass::kDot, b), mask(ByteClass::kDot, b + 1), 1);
    odd |= (odds & inside) != 0;
    folds |= (dots & inside) != 0;
    end =
        base_of(b) + (borders == 0 ? 64 : static_cast<std::size_t>(std::countr_zero(borders)));
    if (borders != 0) break;
  }
  end = std::min(end, text_.size());
  while (end < text_.size() && !is_border(text_[end])) {
    const char c = text_[end];
    odd = odd || c == '%' || c == '#' || is_non_ascii(c);
    folds = folds || (c == '/' && at(end + 1) == '.');
    ++end;
  }
  uri_done_ = end;
  if (end - slash > 8192) return;
  if (!odd && !folds) {
    if (is_known_word(slash, end - slash)) {
      probe(hash_text(text_.data() + slash, end - slash, Seed::kUri), slash, end, Lane::kPlain);
    }
    // Without the backslashes that escape a quote behind it.
    if (end - slash > 1 && text_[end - 1] == '\\') {
      while (end - slash > 1 && text_[end - 1] == '\\') --end;
      probe(hash_text(text_.data() + slash, end - slash, Seed::kUri), slash, end, Lane::kPlain);
    }
    return;
  }
  if (!folds && !may_be_odd_uri(slash, end)) return;
  while (end - slash > 1 && text_[end - 1] == '\\') --end;
  const auto url = parse_url("http://h.invalid" + std::string(text_.substr(slash, end - slash)),
                             Scheme::kRequired);
  if (!url) return;
  const std::string value = url->query ? url->path + "?" + *url->query : url->path;
  if (look_up(hash_text(value, Seed::kUri)) != 0) flag(slash);
}

}  // namespace
}  // namespace SPOOR_SIEVE_ISA
}  // namespace spoor
