#include "noise/list_index.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <bitset>
#include <utility>

#include "base/ascii.h"
#include "ioc/domain.h"
#include "ioc/ip.h"
#include "ioc/url.h"
#include "noise/subject.h"
#include "noise/substrings.h"
#include "noise/value_table.h"

namespace spoor {
namespace {

constexpr std::size_t kLeastSubstring = 4;       // "com" is in nearly everything
constexpr int kShortestV4 = 4, kShortestV6 = 7;  // 240.0.0.0/4, fc00::/7: the widest of use
constexpr std::size_t kMostSubstringBytes = 16 << 20;  // a node of the automaton each
constexpr std::size_t kMostExpressions = 20'000;
constexpr std::int64_t kExpressionBytes = 1 << 20;       // RE2's budget for one
constexpr std::int64_t kExpressionSetBytes = 256 << 20;  // and for all together

/// A network as the key of a table: family, prefix length, masked bytes.
std::string network_key(bool is_v6, int prefix, const Ipv6& address) {
  std::string key;
  key += static_cast<char>(is_v6 ? 6 : 4);
  key += static_cast<char>(prefix);
  const int bytes = is_v6 ? 16 : 4;
  for (int i = 0; i < bytes; ++i) {
    const int bits = std::clamp(prefix - i * 8, 0, 8);
    const unsigned mask = 0xFF00u >> bits & 0xFFu;
    key += static_cast<char>(address[static_cast<std::size_t>(i)] & mask);
  }
  return key;
}

/// "/…/i" as PHP writes expressions, for RE2; nothing where the delimiters do not close.
std::optional<std::string> expression_of(std::string_view entry) {
  if (entry.size() < 2 || is_alnum(entry[0]) || entry[0] == '^' || entry[0] == '(' ||
      entry[0] == '\\' || entry[0] == '.' || entry[0] == '[')
    return std::string(entry);
  const std::size_t end = entry.rfind(entry[0]);
  if (end == 0) return std::nullopt;
  std::string flags;
  for (const char flag : entry.substr(end + 1)) {
    if (flag == 'i' || flag == 'm' || flag == 's') {
      flags += flag;
    } else if (flag != 'u' && flag != 'D') {
      return std::nullopt;
    }
  }
  std::string text(entry.substr(1, end - 1));
  return flags.empty() ? text : "(?" + flags + ")" + text;
}

/// What an entry of a list of names means: lower-case, without scheme, dots at the ends, "*.".
std::string name_of_entry(std::string_view entry) {
  if (const std::size_t scheme = entry.find("://"); scheme != std::string_view::npos)
    entry.remove_prefix(scheme + 3);
  entry = entry.substr(0, entry.find('/'));
  if (entry.substr(0, 2) == "*.") entry.remove_prefix(2);
  while (!entry.empty() && entry.front() == '.') entry.remove_prefix(1);
  while (!entry.empty() && entry.back() == '.') entry.remove_suffix(1);
  if (const auto canonical = canonical_domain(entry)) return canonical->ascii;
  return {};
}

/// A value of a list of strings in the canonical form of what it is.
std::string value_of_entry(std::string_view entry) {
  if (const auto v6 = parse_ipv6(entry)) return format_ipv6(*v6);
  if (std::any_of(entry.begin(), entry.end(), is_non_ascii)) {
    if (const auto canonical = canonical_domain(entry)) return canonical->ascii;
  }
  return lower(entry);
}

}  // namespace

struct ListIndex::Tables {
  struct List {
    TypeSet types;
    Verdict verdict;
  };
  struct Word {  // an entry that is looked for in the value
    std::uint32_t list;
    std::string text;
  };

  std::vector<List> lists;
  ValueTable values, names, networks;
  std::bitset<33> v4_prefixes;
  std::bitset<129> v6_prefixes;
  Substrings substrings;
  std::size_t substring_bytes = 0;
  std::vector<Word> words;
  std::unique_ptr<re2::RE2::Set> expressions;
  std::vector<Word> patterns;

  void add(std::uint32_t number, const WarningList& list, Tally& refused);
  bool add_network(std::uint32_t number, std::string_view entry, std::string& why);
  bool add_expression(std::uint32_t number, std::string_view entry, std::string& why);
  bool add_entry(std::uint32_t number, ListKind kind, std::string_view entry, std::string& why);
  void freeze();
  class Best;
  void find_names(const Subject& subject, Best& best) const;
  void find_networks(const Subject& subject, Best& best) const;
  void find_parts(const Subject& subject, Best& best) const;
  std::vector<int> one_by_one(const std::string& text) const;
};

/// The best match so far.
class ListIndex::Tables::Best {
 public:
  Best(const Tables& tables, IndicatorType type) : tables_(tables), type_(set_of(type)) {}

  void offer(std::uint32_t number, std::string_view entry, Verdict most) {
    const List& list = tables_.lists[number];
    if ((list.types & type_) == 0) return;
    const Verdict verdict = std::min(list.verdict, most);
    if (found &&
        (verdict < found->verdict || (verdict == found->verdict && number >= found->list)))
      return;
    found = ListMatch{number, verdict, std::string(entry)};
  }

  std::optional<ListMatch> found;

 private:
  const Tables& tables_;
  const TypeSet type_;
};

bool ListIndex::Tables::add_network(std::uint32_t number, std::string_view entry,
                                    std::string& why) {
  std::optional<Network> network;
  if (const auto v4 = parse_ipv4(entry)) {
    network = Network{false, {}, 32};
    for (std::size_t i = 0; i < 4; ++i)
      network->base[i] = static_cast<std::uint8_t>(*v4 >> (24 - 8 * i));
  } else if (const auto v6 = parse_ipv6(entry)) {
    network = Network{true, *v6, 128};
  } else {
    network = parse_network(entry, nullptr);
  }
  if (!network) {
    why = "no address or network";
    return false;
  }
  if (network->prefix < (network->is_v6 ? kShortestV6 : kShortestV4)) {
    why = "a network so wide that it covers much of the internet";
    return false;
  }
  networks.add(network_key(network->is_v6, network->prefix, network->base), number);
  if (network->is_v6) {
    v6_prefixes.set(static_cast<std::size_t>(network->prefix));
  } else {
    v4_prefixes.set(static_cast<std::size_t>(network->prefix));
  }
  return true;
}

bool ListIndex::Tables::add_expression(std::uint32_t number, std::string_view entry,
                                       std::string& why) {
  if (patterns.size() >= kMostExpressions) {
    why = "more expressions than can be used";
    return false;
  }
  const auto text = expression_of(entry);
  if (!text) {
    why = "no expression between delimiters";
    return false;
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kExpressionBytes);
  // One by one first: what does not fit, or would match anything, costs only itself.
  const re2::RE2 alone(*text, options);
  if (!alone.ok()) {
    why = "an expression that RE2 does not take: " + alone.error();
    return false;
  }
  if (re2::RE2::PartialMatch("", alone)) {
    why = "an expression that matches nothing at all, and so everything";
    return false;
  }
  if (expressions == nullptr) {
    options.set_max_mem(kExpressionSetBytes);
    expressions = std::make_unique<re2::RE2::Set>(options, re2::RE2::UNANCHORED);
  }
  if (expressions->Add(*text, nullptr) < 0) {
    why = "an expression that RE2 does not take";
    return false;
  }
  patterns.push_back({number, std::string(entry)});
  return true;
}

bool ListIndex::Tables::add_entry(std::uint32_t number, ListKind kind, std::string_view entry,
                                  std::string& why) {
  const bool is_dotted = kind == ListKind::kString && entry.size() > 1 && entry[0] == '.';
  if (kind == ListKind::kHostname || is_dotted) {
    const std::string name = name_of_entry(entry);
    if (name.empty()) {
      why = "no name";
      return false;
    }
    names.add(name, number);
    return true;
  }
  switch (kind) {
    case ListKind::kString:
      values.add(value_of_entry(entry), number);
      return true;
    case ListKind::kCidr:
      return add_network(number, entry, why);
    case ListKind::kSubstring:
      if (entry.size() < kLeastSubstring) {
        why = "a substring under 4 bytes, which is in nearly everything";
        return false;
      }
      substring_bytes += entry.size();
      if (substring_bytes > kMostSubstringBytes) {
        why = "more substrings than can be used";
        return false;
      }
      substrings.add(lower(entry), static_cast<std::uint32_t>(words.size()));
      words.push_back({number, lower(entry)});
      return true;
    case ListKind::kRegex:
      return add_expression(number, entry, why);
    case ListKind::kHostname:
      break;
  }
  return false;
}

void ListIndex::Tables::add(std::uint32_t number, const WarningList& list, Tally& refused) {
  lists.push_back({types_of_attributes(list.attributes), list.verdict});
  for (const std::string& entry : list.entries) {
    std::string why;
    const std::string_view trimmed = trim(entry);
    if (trimmed.empty()) continue;
    if (!add_entry(number, list.kind, trimmed, why)) refused.add("N2", why, list.name, entry);
  }
}

void ListIndex::Tables::freeze() {
  values.freeze();
  names.freeze();
  networks.freeze();
  substrings.freeze();
  if (expressions != nullptr && !expressions->Compile()) expressions.reset();
}

void ListIndex::Tables::find_names(const Subject& subject, Best& best) const {
  values.for_each(subject.text, [&](std::uint32_t list) {
    best.offer(list, subject.text, Verdict::kSuppressed);
  });
  if (subject.name.empty()) return;
  if (subject.name != subject.text) {
    values.for_each(subject.name,
                    [&](std::uint32_t list) { best.offer(list, subject.name, subject.most); });
  }
  // The name itself, then what it lies below, as long as it has one owner.
  std::string_view rest = subject.name;
  for (;;) {
    const bool is_itself = rest.size() == subject.name.size();
    const bool strangers = names.size() > 0 && (is_public_suffix(rest) || is_shared_host(rest));
    if (strangers && !is_itself) return;
    names.for_each(rest, [&](std::uint32_t list) { best.offer(list, rest, subject.most); });
    if (strangers || names.size() == 0) return;
    const std::size_t dot = rest.find('.');
    if (dot == std::string_view::npos) return;
    rest.remove_prefix(dot + 1);
  }
}

void ListIndex::Tables::find_networks(const Subject& subject, Best& best) const {
  if (!subject.network) return;
  const Network& network = *subject.network;
  for (int prefix = network.prefix; prefix >= 0; --prefix) {
    const auto at = static_cast<std::size_t>(prefix);
    if (!(network.is_v6 ? v6_prefixes.test(at) : v4_prefixes.test(at))) continue;
    networks.for_each(network_key(network.is_v6, prefix, network.base),
                      [&](std::uint32_t list) {
                        Network entry = network;
                        entry.prefix = prefix;
                        // The reason names the network, masked; a lone address as itself.
                        std::string text = format_network(entry);
                        if (const auto masked = parse_network(text, nullptr)) {
                          text = format_network(*masked);
                        }
                        if (prefix == (network.is_v6 ? 128 : 32)) text.resize(text.find('/'));
                        best.offer(list, text, subject.most);
                      });
  }
}

/// Where all expressions together are too much for the budget: slower, and the same answer.
std::vector<int> ListIndex::Tables::one_by_one(const std::string& text) const {
  std::vector<int> hits;
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kExpressionBytes);
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    const re2::RE2 alone(expression_of(patterns[i].text).value_or("$^"), options);
    if (re2::RE2::PartialMatch(text, alone)) hits.push_back(static_cast<int>(i));
  }
  return hits;
}

void ListIndex::Tables::find_parts(const Subject& subject, Best& best) const {
  if (!substrings.empty()) {
    std::vector<std::uint32_t> ids;
    substrings.find(subject.part, ids);
    for (const std::uint32_t id : ids) best.offer(words[id].list, words[id].text, subject.most);
  }
  if (patterns.empty()) return;
  std::vector<int> hits;
  re2::RE2::Set::ErrorInfo error{re2::RE2::Set::kOutOfMemory};
  if (expressions == nullptr || !expressions->Match(subject.text, &hits, &error)) {
    if (error.kind != re2::RE2::Set::kOutOfMemory) return;
    hits = one_by_one(subject.text);
  }
  std::sort(hits.begin(), hits.end());
  for (const int hit : hits) {
    const Word& pattern = patterns[static_cast<std::size_t>(hit)];
    best.offer(pattern.list, pattern.text, Verdict::kSuppressed);
  }
}

std::unique_ptr<const ListIndex> ListIndex::build(const std::vector<WarningList>& lists,
                                                  Tally& refused) {
  auto tables = std::make_unique<Tables>();
  for (std::size_t i = 0; i < lists.size(); ++i)
    tables->add(static_cast<std::uint32_t>(i), lists[i], refused);
  tables->freeze();
  return std::unique_ptr<const ListIndex>(new ListIndex(std::move(tables)));
}

ListIndex::ListIndex(std::unique_ptr<Tables> tables) : tables_(std::move(tables)) {}
ListIndex::~ListIndex() = default;

std::optional<ListMatch> ListIndex::find(const Observable& observable) const {
  const Subject subject = subject_of(observable);
  Tables::Best best(*tables_, observable.type);
  tables_->find_names(subject, best);
  tables_->find_networks(subject, best);
  tables_->find_parts(subject, best);
  return best.found;
}

}  // namespace spoor
