// The lines that are joined because the matcher has seen a host in them (scan_for_hosts()) are
// all that need it: logs of columns whose hosts are spelled in every way, hunted with the fast
// matcher and with the reference, which joins every line, give the same. SPOOR_SEEDS sets how
// many logs (default 300).

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "hunt/join.h"
#include "hunt/join_test_support.h"
#include "hunt/scan.h"
#include "match/exact.h"
#include "match/fast.h"

namespace spoor {
namespace {

class Logs {
 public:
  explicit Logs(unsigned seed) : random_(seed) {}

  std::vector<Observable> claims() {
    std::vector<Observable> claims;
    for (int n = 1 + below(4); n > 0; --n) {
      hosts_.push_back(any_host());
      targets_.push_back(any_target());
      const std::string port = one_in(5) ? ":8080" : "";
      claims.push_back({IndicatorType::kUrl, (one_in(4) ? "https://" : "http://") +
                                                 hosts_.back() + port + targets_.back()});
    }
    // A claim of another type that flags lines, and the host alone.
    if (one_in(3)) claims.push_back({IndicatorType::kDomain, "evil.example"});
    if (one_in(4)) claims.push_back({IndicatorType::kIpv4, "192.0.2.5"});
    if (one_in(4)) {
      static const char* const kUris[] = {"/gate.php", "/gate.php?id=1", "/x", "/~user/x"};
      claims.push_back({IndicatorType::kUri, any(kUris)});
      targets_.push_back("/x?u=" + claims.back().value);
    }
    if (one_in(8)) claims.push_back({IndicatorType::kUserAgent, "Evil Agent/1.0"});
    return claims;
  }

  std::string log() {
    const int format = below(6);
    std::string text = header(format);
    for (int n = 3 + below(30); n > 0; --n) text += line(format) + '\n';
    return text;
  }

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool one_in(int n) { return below(n) == 0; }
  template <std::size_t N>
  std::string any(const char* const (&texts)[N]) {
    return texts[below(static_cast<int>(N))];
  }

  std::string any_host() {
    static const char* const kHosts[] = {
        "evil.example",  "www.evil.example", "a-b.evil.example", "xn--bcher-kva.example",
        "192.0.2.5",     "198.51.100.77",    "[2001:db8::5]",    "cdn_1.evil.example",
        "evil.example2", "10.0.0.9",
    };
    return one_in(40) ? "intranet" : any(kHosts);
  }
  std::string any_target() {
    static const char* const kTargets[] = {"/gate.php", "/gate.php?id=1", "/",
                                           "",          "/a/b/",          "/%7euser/x"};
    return any(kTargets);
  }

  std::string claimed_host() { return one_in(4) ? any_host() : hosts_[place_in(hosts_)]; }
  std::string target() { return one_in(4) ? any_target() : targets_[place_in(targets_)]; }
  template <typename Texts>
  std::size_t place_in(const Texts& texts) {
    return static_cast<std::size_t>(below(static_cast<int>(texts.size())));
  }

  static std::string numbered(const char* form, unsigned a, unsigned b = 0, unsigned c = 0,
                              unsigned d = 0) {
    char text[80];
    std::snprintf(text, sizeof text, form, a, b, c, d);
    return text;
  }

  /// An address of the claims as browsers read it.
  std::string odd_address() {
    const bool first = one_in(2);
    const unsigned a = first ? 192 : 198, b = first ? 0 : 51, c = first ? 2 : 100,
                   d = first ? 5 : 77;
    const unsigned all = a << 24 | b << 16 | c << 8 | d;
    switch (below(12)) {
      case 0:
        return numbered("%u", all);
      case 1:
        return numbered("0x%x", all);
      case 2:
        return numbered("0X%08X", all);
      case 3:
        return numbered("0%o", all);
      case 4:
        return numbered("%u.%u", a, all & 0xFFFFFF);
      case 5:
        return numbered("%u.%u.%u", a, b, c << 8 | d);
      case 6:
        return numbered("0%o.0%o.0%o.0%o", a, b, c, d);
      case 7:
        return numbered("0x%x.%u.0%o.%u", a, b, c, d);
      case 8:
        return numbered("%03u.%03u.%03u.%03u", a, b, c, d);
      case 9:
        return numbered("[::ffff:%u.%u.%u.%u]", a, b, c, d);
      case 10:
        return numbered("%u.", all);
      default:
        return numbered("0x%x.%u.%u.%u", a, b, c, d);
    }
  }

  /// `host` in disguise.
  std::string respelled(std::string host) {
    const std::size_t at = place_in(host);
    const auto byte = static_cast<unsigned>(static_cast<unsigned char>(host[at]));
    switch (below(16)) {
      case 0:
        for (char& c : host) {
          if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
        }
        return host;
      case 1:
        return host + '.';
      case 2:
        return host.replace(at, 1, numbered("%%%02x", byte));
      case 3:
        return host.replace(at, 1, numbered("\\u%04x", byte));
      case 4:
        return host.replace(at, 1, numbered("\\x%02x", byte));
      case 5:
        return host.replace(at, 1, numbered("&#%u;", byte));
      case 6: {
        const std::size_t dot = host.find('.');
        if (dot != std::string::npos) host.replace(dot, 1, one_in(2) ? "[.]" : "\xEF\xBC\x8E");
        return host;
      }
      case 7:
        // Fullwidth.
        if (byte >= '0' && byte <= 'z')
          host.replace(at, 1,
                       std::string("\xEF") + static_cast<char>(byte < 0x60 ? 0xBC : 0xBD) +
                           static_cast<char>(byte < 0x60 ? byte + 0x60 : byte + 0x20));
        return host;
      case 8:
        return host + (one_in(2) ? ":8080" : ":80");
      case 9:
        return "user@" + host;
      case 10:
        return host.replace(at, 1, numbered("%%25%02x", byte));
      case 11:
        return host.replace(at, 1, numbered("=%02X", byte));
      case 12:
        return (one_in(2) ? "-" : ".") + host;
      case 13:
        return host + '-';
      default:
        return host;
    }
  }

  std::string host() {
    if (one_in(4)) return "www" + std::to_string(below(9)) + ".shop.test";
    if (one_in(3)) return one_in(3) ? respelled(odd_address()) : odd_address();
    static const char* const kOthers[] = {
        "2001:db8::5",
        "2001:db8:0:0:0:0:0:5",
        "[2001:DB8::5]:8080",
        "b\xC3\xBC"
        "cher.example",
        "intranet",
        "\xEF\xBC\x93\xEF\xBC\x92\xEF\xBC\x92\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x92"
        "\xEF\xBC\x95\xEF\xBC\x99\xEF\xBC\x98\xEF\xBC\x99"};
    if (one_in(6)) return any(kOthers);
    const std::string claimed = claimed_host();
    return one_in(2) ? respelled(claimed) : claimed;
  }
  std::string agent() {
    static const char* const kAgents[] = {"Evil Agent/1.0", "curl/8.1", "Mozilla/5.0 (X11)"};
    return any(kAgents);
  }

  static std::string header(int format) {
    switch (format) {
      case 0:
        return "#separator "
               "\\x09\n#fields\tts\tid.resp_h\tid.resp_p\tmethod\thost\turi\tuser_agent\n";
      case 1:
        return "#Fields: date time cs-host cs-uri-stem cs-uri-query s-port cs(User-Agent)\n";
      case 2:
        return "timestamp,src_ip,http_host,uri,status\n";
      default:
        return "";
    }
  }
  std::string line(int format) {
    const std::string where = host(), what = one_in(4) ? "/other" : target();
    const std::string path = what.empty() ? "/" : what;
    const std::string second = std::to_string(10 + below(50));
    switch (format) {
      case 0:
        return "17640000" + second + ".1\t192.0.2." + second + "\t" +
               (one_in(3) ? "8080" : "80") + "\tGET\t" + where + '\t' + path + '\t' + agent();
      case 1: {
        std::string coded = agent();
        for (char& c : coded) c = c == ' ' ? '+' : c;
        const std::size_t mark = path.find('?');
        return "2026-11-24 10:54:" + second + ' ' + where + ' ' + path.substr(0, mark) + ' ' +
               (mark == std::string::npos ? "-" : path.substr(mark + 1)) + " 80 " + coded;
      }
      case 2:
        return "2026-11-24T10:54:" + second + "Z,10.1.2." + second + ',' + where + ',' + path +
               ",200";
      case 3:
        return R"({"ts":17640000)" + second +
               R"(.1,"uid":"C","id.orig_h":"10.0.0.5","host":")" + where + R"(","uri":")" +
               path + R"(","user_agent":")" + agent() + "\"}";
      case 4:
        return R"({"@timestamp":"2026-11-24T10:54:)" + second + R"(Z","url":{"domain":")" +
               where + R"(","path":")" + path + R"("},"user_agent":{"original":")" + agent() +
               "\"}}";
      default:
        return R"([{"@timestamp":"2026-11-24T10:54:)" + second +
               R"(Z","url.domain":"a.test","url.path":"/"},)" +
               R"({"@timestamp":"2026-11-24T10:54:)" + second + R"(Z","url.domain":")" + where +
               R"(","url.path":")" + path + "\"}]";
    }
  }

  std::mt19937 random_;
  std::vector<std::string> hosts_, targets_;  // of the claims
};

struct Found {
  std::string text;
  std::size_t count = 0, joined = 0;
};

Found found_by(const Matcher& matcher, const std::string& text) {
  const WholeText whole(text);
  const auto scratch = matcher.make_scratch();
  ScanBuffers buffers;
  scan_raw(whole.chunk, whole.formats, matcher, *scratch, buffers);
  read_fields(whole.chunk, whole.formats, matcher, *scratch, buffers);
  std::vector<std::tuple<std::size_t, std::size_t, std::uint32_t, int, std::string>> rows;
  Found found;
  for (const Hit& hit : buffers.hits) {
    rows.emplace_back(hit.offset, hit.length, static_cast<std::uint32_t>(hit.indicator),
                      static_cast<int>(hit.grade), hit.rule);
    found.joined += std::string(hit.rule) == "U11";
  }
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  for (const auto& [offset, length, indicator, grade, rule] : rows) {
    found.text += std::to_string(offset) + '+' + std::to_string(length) + " #" +
                  std::to_string(indicator) + ' ' + std::to_string(grade) + ' ' + rule + " | " +
                  text.substr(offset, length) + '\n';
  }
  found.count = rows.size();
  return found;
}

TEST(JoinProperty, only_lines_with_hosts_of_claims_need_to_be_joined) {
  const char* wanted = std::getenv("SPOOR_SEEDS");
  const unsigned seeds = wanted != nullptr ? static_cast<unsigned>(std::atoi(wanted)) : 300;
  std::size_t hits = 0, joined = 0;
  for (unsigned seed = 1; seed <= seeds; ++seed) {
    Logs logs(seed);
    const std::vector<Observable> claims = logs.claims();
    const std::string text = logs.log();
    const Found slow = found_by(*make_exact_matcher(claims), text);
    const Found fast = found_by(*make_fast_matcher(claims), text);
    std::string said;
    for (const Observable& claim : claims) said += claim.value + '\n';
    ASSERT_EQ(fast.text, slow.text) << "seed " << seed << '\n' << said << text;
    hits += slow.count;
    joined += slow.joined;
  }
  // That there was something to lose.
  EXPECT_GT(hits, seeds);
  EXPECT_GT(joined, seeds / 2);
}

}  // namespace
}  // namespace spoor
