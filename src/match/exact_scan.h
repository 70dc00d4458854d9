// The reference matcher's reading of one text of one view: tokens are cut out, made canonical
// and looked up, rule by rule. Each group of rules of docs/semantics.md has its own file:
// exact_address.cpp (I, V, C, P), exact_name.cpp (D, E), exact_url.cpp (U), exact_hash.cpp (H),
// exact_path.cpp (F, R, O1), exact_other.cpp (O2 to O5).

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ioc/domain.h"
#include "ioc/ip.h"
#include "ioc/sighting.h"
#include "ioc/url.h"
#include "match/claim_index.h"
#include "match/views.h"

namespace spoor {

/// A finding in a view: view bytes [begin, end), not yet mapped to the source.
struct Finding {
  std::size_t begin, end;
  std::uint32_t indicator;
  Grade grade;
  const char* rule;
  std::uint8_t prefix = 0;  ///< of a network (C1)
};

/// Why a candidate was refused (S8), for explain().
struct RefusedToken {
  std::size_t begin, end;
  const char* rule;
  std::string why;
};

class ExactScan {
 public:
  /// Appends to `findings` and, unless it is null, to `refused`.
  ExactScan(const ClaimIndex& index, std::vector<Finding>& findings,
            std::vector<RefusedToken>* refused)
      : index_(index), findings_(findings), refused_(refused) {}

  /// `fields` are marks over the view's text (raw pass of a recognised record), usually empty.
  /// Without `with_things` the rules F, R and O1 are left out. The next run uses the room of
  /// this one again: what a line takes apart costs few allocations.
  void run(const View& view, std::span<const FieldMark> fields, bool with_things);

 private:
  /// [begin, end) of the text; end == begin: none.
  struct Range {
    std::size_t begin = 0, end = 0;
    bool holds(std::size_t at) const { return at >= begin && at < end; }
  };
  struct UrlToken {
    Range whole;
    Range path, query;  ///< in the text; query without its '?'
    Range host;         ///< without brackets
    Url url;
    bool has_scheme = false;
    unsigned depth = 0;  ///< U10: URLs and request targets round it; 0: not nested
    bool parsed = false;
  };

  struct Ipv4Token {  ///< a run of digits and dots
    Range whole;
    std::optional<LooseIpv4> address;
    std::string canonical;
  };
  struct NameToken {
    Range whole;
    OrRefusal<DomainName> name;
  };

  /// Runs of letters and digits: those that are long enough for wallets and digests, and those
  /// that CVE and AS numbers begin with.
  static constexpr std::size_t kLongRun = 14;
  void cut_runs();

  /// Keys that will be asked for: those of names, addresses and URLs, collected while a line is
  /// cut and announced together (ClaimIndex::announce). More than this many are not worth it.
  static constexpr std::size_t kMostAnnounced = 64;
  void expect_value(IndicatorType type, std::string_view value) {
    if (index_.has(type) && announced_.size() < kMostAnnounced)
      announced_.push_back(ClaimIndex::hash_of_value(type, value));
  }
  void expect_url(std::string_view key) {
    if (index_.has(IndicatorType::kUrl) && announced_.size() < kMostAnnounced)
      announced_.push_back(ClaimIndex::hash_of(KeyKind::kUrlPlace, key));
  }

  // U: first, since what is inside a URL is read with that in mind.
  void cut_urls();
  void cut_urls_with_scheme();
  void cut_urls_without_scheme();
  void cut_request_targets();
  std::size_t url_end(std::size_t from, std::size_t content, bool nested) const;
  void add_url(UrlToken token);
  void match_urls();
  void match_url(const UrlToken& token);
  void match_url_host(const UrlToken& token);
  static Grade compare_urls(const Url& claim, const Url& seen, const char** rule);
  /// `port`: the explicit port beside the host; "" where there is none.
  void match_root_urls(std::string_view host, std::size_t begin, std::size_t end,
                       std::string_view port, Grade cap);
  const UrlToken* url_with_host_at(std::size_t at) const;
  /// The innermost URL, with or without a scheme, that holds the byte; null: none. O(1).
  const UrlToken* url_around(std::size_t at) const;
  bool in_query_of_target(std::size_t at) const;

  // I, V, C, P.
  void match_ipv6();
  void cut_ipv4();
  void match_ipv4();
  std::size_t next_ipv4(std::size_t from) const;
  void match_address(std::span<const std::uint8_t> address, const std::string& canonical,
                     std::size_t begin, std::size_t end, Grade grade, const char* rule);
  void match_port(IndicatorType type, const std::string& canonical, std::size_t begin,
                  std::size_t end, const std::string& port, std::size_t port_end, Grade grade);
  void match_network(std::span<const std::uint8_t> address, int prefix, std::size_t begin,
                     std::size_t end);
  bool is_version_context(std::size_t at) const;
  const FieldMark* field_at(std::size_t at) const;

  // D, E.
  void cut_names();
  std::size_t next_name(std::size_t from) const;
  void cut_name(std::size_t begin, std::size_t end);
  void match_names();
  void match_name(const NameToken& token);
  std::string_view parent_of(std::string_view name) const;
  void match_emails();
  void match_email(std::size_t sign);
  void match_reverse_name(std::string_view name, std::size_t begin, std::size_t end);
  bool is_user_info(std::size_t begin, std::size_t end) const;
  bool marks_a_host(std::size_t begin, std::size_t end) const;
  Range name_run(std::size_t from) const;

  // H.
  void expect_hashes();
  void match_hashes();
  void match_hash(std::string digits, std::size_t begin, std::size_t end, std::size_t label_end,
                  Grade grade, const char* rule);
  void match_colon_bytes();
  void match_base64_digests();

  // F, R, O1.
  void match_paths();
  void match_path_token(std::size_t begin);
  bool match_candidate(std::size_t begin, std::size_t end, bool may_be_key);
  void match_path_prefixes(std::size_t begin, std::size_t end);

  // O.
  void match_cve();
  void match_asn();
  void match_wallets();
  void match_user_agents();
  void match_uris();

  void found(std::size_t begin, std::size_t end, std::uint32_t indicator, Grade grade,
             const char* rule) {
    if (grade != Grade::kNone) findings_.push_back({begin, end, indicator, grade, rule});
  }
  void refuse(std::size_t begin, std::size_t end, const char* rule, std::string why) {
    if (tracing()) refused_->push_back({begin, end, rule, std::move(why)});
  }
  /// Only explain() does. Said to be unlikely so that what it takes to put refusals into words
  /// lies apart: between two flagged lines the sieve drives most of this code out of the
  /// caches.
  bool tracing() const { return __builtin_expect(refused_ != nullptr, false); }
  char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  char before(std::size_t i) const { return i > 0 ? text_[i - 1] : '\0'; }

  const ClaimIndex& index_;
  const View* view_ = nullptr;
  std::string_view text_;
  std::span<const FieldMark> fields_;
  std::vector<Finding>& findings_;
  std::vector<RefusedToken>* refused_;

  std::vector<Range> long_runs_;          // of letters and digits
  std::vector<Range> number_runs_;        // ... that begin with AS or CVE
  std::vector<std::size_t> path_breaks_;  // bytes that may end a token of a path (F5)
  std::size_t path_break_ = 0;            // the first one from the present token on
  std::size_t path_separator_ = 0;        // the first separator that was found from there on
  std::vector<std::size_t> path_ends_;    // of the candidates of one token
  std::vector<std::uint64_t> announced_;  // hashes of keys
  std::vector<Ipv4Token> ipv4_;
  std::vector<NameToken> names_;
  std::vector<UrlToken> urls_;
  std::vector<std::uint32_t>
      innermost_;               // for each byte the URL that holds it: row of urls_ + 1, or 0
  std::vector<Range> targets_;  // queries of request targets (U10)
  std::vector<Range> ipv6_ranges_;  // V1 tokens: their dotted tails are no IPv4 tokens (I1)
};

/// D2: what a name is made of beyond ASCII: letters, digits, the marks that belong to them, and
/// the characters that UTS 46 reads as dots.
bool is_name_character(char32_t c);
/// D2: hyphens and dots of any kind off both ends of [begin, end).
void trim_name(std::string_view text, std::size_t& begin, std::size_t& end);

/// The weaker of two steps (S4).
inline Grade weaker(Grade a, Grade b) {
  return a < b ? a : b;
}

}  // namespace spoor
