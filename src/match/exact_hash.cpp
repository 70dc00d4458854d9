// Rules H: digests and fingerprints.

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "match/base64_digest.h"
#include "match/exact_scan.h"

namespace spoor {
namespace {

/// What a label before a digest says (H3, H4).
enum class Label : std::uint8_t {
  kNone,
  kMd5,
  kSha1,
  kSha256,
  kSha384,
  kSha512,
  kImphash,
  kPehash,
  kJa3,
  kCertificate,
  kOther
};

/// Kinds that a label's name may hold, the more particular first ("file.hash.md5", "Imphash",
/// "sha-256").
struct LabelRow {
  std::string_view part;
  Label label;
};
constexpr LabelRow kLabels[] = {
    {"imphash", Label::kImphash},
    {"richpehash", Label::kOther},
    {"pehash", Label::kPehash},
    {"ja3s", Label::kOther},
    {"ja3", Label::kJa3},
    {"ja4", Label::kOther},
    {"authentihash", Label::kOther},
    {"ssdeep", Label::kOther},
    {"tlsh", Label::kOther},
    {"richhash", Label::kOther},
    {"hassh", Label::kOther},
    {"vhash", Label::kOther},
    {"sha512", Label::kSha512},
    {"sha384", Label::kSha384},
    {"sha256", Label::kSha256},
    {"sha224", Label::kOther},
    {"sha1", Label::kSha1},
    {"md5", Label::kMd5},
    {"thumbprint", Label::kCertificate},
};

struct Algorithm {
  IndicatorType type;
  std::size_t digits;
  Label label;
};
constexpr Algorithm kKinds[] = {
    {IndicatorType::kMd5, 32, Label::kMd5},
    {IndicatorType::kSha1, 40, Label::kSha1},
    {IndicatorType::kSha256, 64, Label::kSha256},
    {IndicatorType::kSha384, 96, Label::kSha384},
    {IndicatorType::kSha512, 128, Label::kSha512},
    {IndicatorType::kImphash, 32, Label::kImphash},
    {IndicatorType::kPehash, 40, Label::kPehash},
    {IndicatorType::kJa3, 32, Label::kJa3},
};

Label label_of(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (is_alnum(c)) plain += to_lower(c);
  }
  for (const LabelRow& row : kLabels) {
    if (plain.find(row.part) != std::string::npos) return row.label;
  }
  return Label::kNone;
}

/// The label whose name ends before `at`, joined by '=' or ':' (quotes and blanks round the
/// joint as in JSON); kNone where there is none or its name is no kind of digest. `0x` has been
/// passed by the caller.
Label label_before(std::string_view text, std::size_t at) {
  std::size_t i = at;
  const auto skip = [&](std::string_view set) {
    while (i > 0 && at - i < 16 && set.find(text[i - 1]) != std::string_view::npos) --i;
  };
  skip("\"' \t[");
  if (i == 0 || (text[i - 1] != '=' && text[i - 1] != ':')) return Label::kNone;
  --i;
  skip("\"' \t");
  std::size_t begin = i;
  while (begin > 0 && i - begin < 64 &&
         (is_alnum(text[begin - 1]) || text[begin - 1] == '_' || text[begin - 1] == '-' ||
          text[begin - 1] == '.')) {
    --begin;
  }
  return label_of(text.substr(begin, i - begin));
}

/// Whether 16 bytes, as many as the shortest digest has, begin at `at`, colons between them.
bool begins_digest(std::string_view text, std::size_t at) {
  constexpr std::size_t kBytes = 16;
  if (text.size() - at < kBytes * 3 - 1) return false;
  for (std::size_t k = 0; k < kBytes; ++k, at += 3) {
    if (!is_hex(text[at]) || !is_hex(text[at + 1])) return false;
    if (k + 1 < kBytes && text[at + 2] != ':') return false;
  }
  return true;
}

std::string_view name_of_label(Label label) {
  for (const LabelRow& row : kLabels) {
    if (row.label == label) return row.part;
  }
  return "another kind";
}

}  // namespace

/// Looks a digest up under every kind that its length and its label allow.
void ExactScan::match_hash(std::string digits, std::size_t begin, std::size_t end,
                           std::size_t label_end, Grade grade, const char* rule) {
  // Nearly every digest is nobody's: the label is read where one is found.
  for (const Algorithm& kind : kKinds) {
    if (digits.size() != kind.digits) continue;
    index_.of_value(kind.type, digits, [&](std::uint32_t indicator) {
      const Label label = label_before(text_, label_end);
      if (label == Label::kNone || label == kind.label) {
        found(begin, end, indicator, grade, rule);
      } else {
        refuse(begin, end, "H3",
               "the digest is labelled as " + std::string(name_of_label(label)) +
                   ", the indicator is " + std::string(name_of(kind.type)));
      }
    });
  }
  // A certificate's fingerprint is a digest of any algorithm; a label of the algorithm agrees
  // with it.
  index_.of_value(IndicatorType::kSslCertFingerprint, digits, [&](std::uint32_t indicator) {
    const Label label = label_before(text_, label_end);
    const bool certificate = label == Label::kNone || label == Label::kCertificate ||
                             (label == Label::kMd5 && digits.size() == 32) ||
                             (label == Label::kSha1 && digits.size() == 40) ||
                             (label == Label::kSha256 && digits.size() == 64);
    if (certificate) found(begin, end, indicator, grade, rule);
  });
}

/// Those kinds of which sets hold many; what stands behind 0x is seldom enough to be waited
/// for.
void ExactScan::expect_hashes() {
  for (const auto [begin, end] : long_runs_) {
    const std::size_t size = end - begin;
    if (size != 32 && size != 40 && size != 64) continue;
    expect_value(size == 32   ? IndicatorType::kMd5
                 : size == 40 ? IndicatorType::kSha1
                              : IndicatorType::kSha256,
                 lower(text_.substr(begin, size)));
  }
}

void ExactScan::match_hashes() {
  for (const Range& run : long_runs_) {
    std::size_t begin = run.begin;
    const std::size_t end = run.end;
    const std::size_t label_end = begin;
    if (end - begin > 34 && text_[begin] == '0' && to_lower(text_[begin + 1]) == 'x')
      begin += 2;  // H4: neutral
    if (end - begin == 32 + 2 && text_[begin] == '0' && to_lower(text_[begin + 1]) == 'x')
      begin += 2;
    const std::size_t size = end - begin;
    if (size < 32) continue;
    bool all_hex = true;
    for (std::size_t k = begin; k < end && all_hex; ++k) all_hex = is_hex(text_[k]);
    const bool is_length = size == 32 || size == 40 || size == 64 || size == 96 || size == 128;
    if (!all_hex || !is_length) {
      if (tracing()) {
        refuse(begin, end, size > 32 && all_hex ? "H2" : "H1",
               "a run of " + std::to_string(size) +
                   " letters and digits is not exactly 32, 40, 64, 96 or 128 hex digits");
      }
      continue;
    }
    match_hash(lower(text_.substr(begin, size)), begin, end, label_end, Grade::kExact, "H1");
    if (tracing()) {
      refuse(begin, end, "H2",
             "a digest of " + std::to_string(size) + " digits is no digest of another length");
    }
  }
}

/// H5: "9C:6F:...", a certificate's way.
void ExactScan::match_colon_bytes() {
  std::size_t next = 0;  // what lies before has been read
  for (std::size_t colon = text_.find(':'); colon != std::string_view::npos;
       colon = text_.find(':', std::max(colon + 1, next))) {
    const std::size_t i = colon - 2;
    if (colon < next + 2 || is_alnum(before(i)) || !begins_digest(text_, i)) continue;
    // The bytes begin after a border; after a colon only where it joins a label
    // ("sha1:9C:6F:...").
    if (before(i) == ':' && label_before(text_, i) == Label::kNone) continue;
    const std::size_t begin = i;
    std::string digits;
    std::size_t end = i;
    while (is_hex(at(end)) && is_hex(at(end + 1))) {
      digits += to_lower(text_[end]);
      digits += to_lower(text_[end + 1]);
      end += 2;
      if (at(end) != ':' || !is_hex(at(end + 1))) break;
      ++end;
    }
    if (!is_alnum(at(end)) && before(end) != ':')
      match_hash(std::move(digits), begin, end, begin, Grade::kEquivalent, "H5");
    next = end;
  }
}

/// H6: base64 behind the name of a kind.
void ExactScan::match_base64_digests() {
  const auto match_at = [&](std::size_t joint) {
    const auto digest = base64_digest_at(text_, joint);
    if (!digest) return;
    const auto look_up = [&](IndicatorType type) {
      index_.of_value(type, digest->digits, [&](std::uint32_t indicator) {
        found(digest->begin, digest->end, indicator, Grade::kEquivalent, "H6");
      });
    };
    for (const Algorithm& kind : kKinds) {
      if (kind.digits == digest->digits.size() && kind.label != Label::kImphash &&
          kind.label != Label::kPehash && kind.label != Label::kJa3)
        look_up(kind.type);
    }
    look_up(IndicatorType::kSslCertFingerprint);
  };
  for (const char joint : {'-', ':'}) {
    for (std::size_t i = text_.find(joint); i != std::string_view::npos;
         i = text_.find(joint, i + 1)) {
      if (is_digit(before(i))) match_at(i);  // as all names of kinds end
    }
  }
}

}  // namespace spoor
