// How fast the reference matcher reads a mixed log, by number of indicators. Seeded: the same
// text and the same indicators every time; planted values are counted before anything is timed.
//
//   bench_exact [INDICATORS] [MEGABYTES]      default 1000000 20

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "ioc/ip.h"
#include "match/exact.h"

namespace {

using namespace spoor;

std::string word(std::mt19937& random, std::size_t least, std::size_t most) {
  std::string text;
  for (std::size_t n = least + random() % (most - least + 1); n > 0; --n)
    text += static_cast<char>('a' + random() % 26);
  return text;
}

std::string hex(std::mt19937& random, std::size_t digits) {
  std::string text;
  while (text.size() < digits) text += "0123456789abcdef"[random() % 16];
  return text;
}

/// 40 % domains, 30 % IPv4, 20 % digests, 10 % URLs.
Observable indicator(std::mt19937& random) {
  const unsigned pick = static_cast<unsigned>(random() % 10);
  if (pick < 4)
    return {IndicatorType::kDomain,
            word(random, 5, 14) + "." + word(random, 3, 8) + ".example"};
  if (pick < 7)
    return {IndicatorType::kIpv4, format_ipv4(static_cast<std::uint32_t>(random()))};
  if (pick < 8) return {IndicatorType::kMd5, hex(random, 32)};
  if (pick < 9) return {IndicatorType::kSha256, hex(random, 64)};
  return {IndicatorType::kUrl,
          "http://" + word(random, 5, 14) + ".example/" + word(random, 3, 9)};
}

std::string line(std::mt19937& random) {
  const std::string ip = format_ipv4(static_cast<std::uint32_t>(random()));
  const std::string host = word(random, 4, 10) + "." + word(random, 4, 9) + ".test";
  switch (random() % 5) {
    case 0:
      return ip + " - - [24/Nov/2026:10:00:00 +0000] \"GET /" + word(random, 3, 20) +
             "?id=" + std::to_string(random()) + " HTTP/1.1\" 200 512 \"https://" + host +
             "/\" \"Mozilla/5.0 (X11; Linux x86_64)\"\n";
    case 1:
      return "{\"ts\":\"2026-11-24T10:00:00Z\",\"src_ip\":\"" + ip + "\",\"query\":\"" + host +
             "\",\"answer\":\"ok\"}\n";
    case 2:
      return "Nov 24 10:00:00 fw kernel: DROP IN=eth0 SRC=" + ip +
             " DST=10.0.0.5 LEN=60 PROTO=TCP SPT=4321 DPT=443\n";
    case 3:
      return "1764000000.123 87 " + ip + " TCP_MISS/200 4312 GET http://" + host + "/" +
             word(random, 4, 12) + ".html - DIRECT/- text/html\n";
    default:
      return "EventID=1 Image=C:\\\\Program Files\\\\" + word(random, 4, 9) + "\\\\" +
             word(random, 4, 9) + ".exe Hashes=MD5=" + hex(random, 32) +
             ",SHA256=" + hex(random, 64) + " User=CORP\\\\" + word(random, 4, 8) + "\n";
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  const std::size_t bytes = (argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 20) << 20;
  std::mt19937 random(1);
  std::vector<Observable> indicators;
  indicators.reserve(count);
  while (indicators.size() < count) indicators.push_back(indicator(random));
  std::string text;
  std::size_t planted = 0;
  for (std::size_t n = 0; text.size() < bytes; ++n) {
    text += line(random);
    if (n % 5000 == 0) {
      text += "note " + indicators[random() % count].value + "\n";
      ++planted;
    }
  }
  const auto begun = std::chrono::steady_clock::now();
  const auto matcher = make_exact_matcher(indicators);
  const double built =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  const auto scratch = matcher->make_scratch();
  std::vector<double> seconds;
  std::size_t lines_hit = 0;
  for (int round = 0; round < 3; ++round) {
    std::vector<Hit> hits;
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t at = 0; at < text.size();) {
      std::size_t end = std::min(text.size(), at + (1 << 20));
      end = std::min(text.size(), text.find('\n', end - 1) == std::string::npos
                                      ? text.size()
                                      : text.find('\n', end - 1) + 1);
      matcher->scan(std::string_view(text).substr(at, end - at), TextEncoding::kBytes, {},
                    *scratch, hits);
      at = end;
    }
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    lines_hit = hits.size();
    if (lines_hit < planted) {
      std::fprintf(stderr, "bench_exact: %zu hits for %zu planted values\n", lines_hit,
                   planted);
      return 1;
    }
  }
  std::sort(seconds.begin(), seconds.end());
  std::printf(
      "indicators %zu  text %.1f MB  planted %zu  hits %zu  compile %.2f s  scan %.2f s "
      "(median of 3)  %.2f MB/s\n",
      count, static_cast<double>(text.size()) / 1e6, planted, lines_hit, built, seconds[1],
      static_cast<double>(text.size()) / 1e6 / seconds[1]);
  return 0;
}
