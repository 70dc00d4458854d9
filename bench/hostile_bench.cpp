// Whether time stays in proportion to the text on texts that are made to hurt: long runs of
// each special byte, hosts in the paths of hosts, escapes in escapes, quotes, soft breaks, and
// all of them without a line end.
//
//   bench_hostile [--direct] [--only NAME] [MEGABYTES...]      default 1 4 16 64
//
// Without --direct each text goes the hunt's own way: chunks of 1 MiB from a stream, lines cut
// at 8 MiB (io), each through the matcher; with it the matcher gets the whole text at once. One
// JSON object a row: seconds, MB/s, the growth of time for each growth of the text (1.0 is
// linear) and the resident memory of this process
// at most so far. Tokens over 64 KiB in lines over 8 MiB are skipped on the hunt's way, and
// told: such rows say little about the matcher, which --direct asks alone. The shapes are texts
// of one small piece over and over; the set holds claims of every type, with the shapes' own
// hosts among them, so that hits are many.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "io/source.h"
#include "match/case_generator.h"
#include "match/fast.h"
#include "measure.h"

namespace {

using namespace spoor;
using namespace spoor::bench;
using std::string_literals::operator""s;
using T = IndicatorType;

struct Shape {
  const char* name;
  std::string piece;
};

std::vector<Shape> shapes() {
  return {{"dots", "."},
          {"hyphens", "-"},
          {"colons", ":"},
          {"signs", "@"},
          {"slashes", "/"},
          {"backslashes", "\\"},
          {"percents", "%"},
          {"equals", "="},
          {"ampersands", "&"},
          {"double quotes", "\""},
          {"single quotes", "'"},
          {"open brackets", "["},
          {"open parentheses", "("},
          {"letters", "a"},
          {"digits", "1"},
          {"NULs", "\0"s},
          {"high bytes", "\xC3\xA9"},
          {"broken UTF-8", "\xFF"},
          {"line ends", "\n"},
          {"labels", "a."},
          {"numbers with dots", "1."},
          {"numbers with colons", "1:"},
          {"known name in itself", "lure.test."},
          {"hosts in paths of hosts", "http://lure.test/"},
          {"known hosts with a path", "lure.test/a"},
          {"signs in authorities", "h://a@"},
          {"escaped percents", "%25"},
          {"nested percents", "%2525252e"},
          {"JSON escapes", "\\u0061"},
          {"doubled JSON escapes", "\\\\u005c"},
          {"strings of escapes", R"("\/")"},
          {"strings with escapes", R"("a\nb",)"},
          {"escaped quotes", R"(\")"},
          {"strings in strings", R"("\"\/\\")"},
          {"hex escapes", "\\x2e"},
          {"references", "&amp;"},
          {"nested references", "&amp;amp;#46;"},
          {"quoted-printable", "=2E"},
          {"nested quoted-printable", "=3D3D2E"},
          {"soft breaks", "=\n"},
          {"soft breaks with returns", "a=\r\n"},
          {"defanged dots", "a[.]"},
          {"wide letters", "a\0"s},
          {"words and blanks", "a "},
          {"quoted words", "\"a\" "},
          {"addresses", "203.0.113.7 "},
          {"wide dots", "a\xE3\x80\x82"}};
}

std::vector<Observable> indicators() {
  std::vector<Observable> all = sample_indicators();
  for (const auto& [type, value] :
       {std::pair{T::kDomain, "lure.test"}, std::pair{T::kUrl, "http://lure.test/a/b"},
        std::pair{T::kUrl, "http://lure.test/http"}, std::pair{T::kIpv4, "203.0.113.7"}})
    all.push_back({type, value});
  return all;
}

std::string repeat(const std::string& piece, std::size_t bytes) {
  std::string text;
  text.reserve(bytes + piece.size());
  while (text.size() < bytes) text += piece;
  return text;
}

struct Scanned {
  std::size_t hits = 0;
  std::uint64_t skipped = 0;  ///< bytes of tokens over 64 KiB, which no hunt looks at
};

/// By the way that a hunt goes, or directly.
Scanned scan(const Matcher& matcher, std::string text, bool direct) {
  const auto scratch = matcher.make_scratch();
  std::vector<Hit> found;
  Scanned out;
  if (direct) {
    matcher.scan(text, TextEncoding::kBytes, {}, *scratch, found);
    out.hits = found.size();
    return out;
  }
  const auto stream = open_memory(std::move(text), {});
  Chunk chunk;
  // An error is how a stream says that it left something out; all else has been delivered.
  for (auto more = stream->next(chunk); more && *more; more = stream->next(chunk)) {
    found.clear();
    matcher.scan(chunk.text, chunk.encoding, {}, *scratch, found);
    out.hits += found.size();
  }
  out.skipped = stream->counters().bytes_skipped;
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  bool direct = false;
  std::string only;
  std::vector<std::size_t> sizes;
  for (int at = 1; at < argc; ++at) {
    if (std::strcmp(argv[at], "--direct") == 0) {
      direct = true;
    } else if (std::strcmp(argv[at], "--only") == 0 && at + 1 < argc) {
      only = argv[++at];
    } else if (const auto megabytes = std::strtoull(argv[at], nullptr, 10); megabytes > 0) {
      sizes.push_back(megabytes);
    } else {
      std::fprintf(stderr,
                   "use: bench_hostile [--direct] [--only NAME] [MEGABYTES...], not %s\n",
                   argv[at]);
      return 2;
    }
  }
  if (sizes.empty()) sizes = {1, 4, 16, 64};
  const auto matcher = make_fast_matcher(indicators());
  for (const Shape& shape : shapes()) {
    if (std::string_view(shape.name).find(only) == std::string_view::npos) continue;
    double before = 0;
    std::size_t before_bytes = 0;
    for (const std::size_t megabytes : sizes) {
      std::string text = repeat(shape.piece, megabytes * 1'000'000);
      const std::size_t bytes = text.size();
      const Stopwatch watch;
      const Scanned scanned = scan(*matcher, std::move(text), direct);
      const double seconds = watch.seconds();
      const double growth =
          before == 0 ? 1.0
                      : seconds / before /
                            (static_cast<double>(bytes) / static_cast<double>(before_bytes));
      std::printf(
          "{\"shape\":\"%s\",\"mb\":%zu,\"way\":\"%s\",\"seconds\":%.3f,\"mbps\":%.1f,"
          "\"growth\":%.2f,\"hits\":%zu,\"skipped_mb\":%.1f,\"peak_mb\":%.0f}\n",
          shape.name, megabytes, direct ? "direct" : "hunt", seconds,
          static_cast<double>(bytes) / 1e6 / seconds, growth, scanned.hits,
          static_cast<double>(scanned.skipped) / 1e6,
          static_cast<double>(memory_bytes("VmHWM")) / 1e6);
      std::fflush(stdout);
      before = seconds;
      before_bytes = bytes;
    }
  }
  return 0;
}
