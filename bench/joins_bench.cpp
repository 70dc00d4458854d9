// What joining columns costs: logs whose columns say together what their raw text cannot show
// (host and target, agents, addresses and ports), scanned with their format known and without.
//
//   bench_joins [N [MEGABYTES]]            default 100000 32
//
// One JSON object a log, first without user agents among the indicators (lines without the host
// of a claimed URL need no joining then), then with them: GB/s of the raw pass, and of the pass
// with joins; the share of time that the joins are. One thread, warm, best and median of 7.
// Each log has planted URLs that only the joins can find: all of them must be found with the
// format and none without, else the status is 1.

#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "hunt/scan.h"
#include "hunt_bench.h"
#include "io/source.h"
#include "logs/format_track.h"
#include "match/snapshot.h"
#include "random.h"

namespace {

using namespace spoor;
using namespace spoor::bench;

constexpr int kRuns = 7;
constexpr std::size_t kLinesPerPlant = 2000;
constexpr std::size_t kPlants = 50;

[[noreturn]] void die(const std::string& why) {
  std::fprintf(stderr, "bench_joins: %s\n", why.c_str());
  std::exit(1);
}

/// What one line of web traffic is made of.
struct Visit {
  std::string client, server, host, target, agent, time;
  unsigned bytes = 0;
};

class Visits {
 public:
  Visit next() {
    Visit visit;
    const auto octet = [&] { return std::to_string(random_.below(256)); };
    visit.client = "10." + octet() + '.' + octet() + '.' + octet();
    visit.server = "198.18." + octet() + '.' + octet();
    visit.host = "www" + std::to_string(random_.below(5000)) + ".shop.test";
    visit.target = "/static/app-" + std::to_string(random_.below(1'000'000)) +
                   ".js?v=" + std::to_string(random_.below(100));
    visit.agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/" +
                  std::to_string(100 + random_.below(40)) + ".0 Safari/537.36";
    const std::string second = std::to_string(10 + count_ % 50);
    visit.time = "2026-01-02 03:04:" + second;
    visit.bytes = static_cast<unsigned>(random_.below(100'000));
    if (++count_ % kLinesPerPlant == 0) {
      const std::string number = std::to_string(count_ / kLinesPerPlant % kPlants);
      visit.host = "planted" + number + ".example";
      visit.target = "/gate" + number + ".php";
    }
    return visit;
  }
  std::uint64_t count() const { return count_; }

 private:
  Random random_{7};
  std::uint64_t count_ = 0;
};

using LineOf = std::string (*)(const Visit&);

struct Kind {
  const char* name;
  const char* header;
  LineOf line;
};

const Kind kKinds[] = {
    {"zeek-tsv",
     "#separator "
     "\\x09\n#path\thttp\n#fields\tts\tuid\tid.orig_h\tid.resp_h\tid.resp_p\tmethod\t"
     "host\turi\tuser_agent\tresponse_body_len\n",
     [](const Visit& v) {
       return "1767323045.5\tCuid\t" + v.client + '\t' + v.server + "\t80\tGET\t" + v.host +
              '\t' + v.target + '\t' + v.agent + '\t' + std::to_string(v.bytes) + '\n';
     }},
    {"w3c",
     "#Version: 1.0\n#Fields: date time c-ip s-ip s-port cs-method cs-host cs-uri "
     "cs(User-Agent) "
     "sc-bytes\n",
     [](const Visit& v) {
       std::string agent = v.agent;
       for (char& c : agent) c = c == ' ' ? '+' : c;
       return v.time + ' ' + v.client + ' ' + v.server + " 80 GET " + v.host + ' ' + v.target +
              ' ' + agent + ' ' + std::to_string(v.bytes) + '\n';
     }},
    {"json", "",
     [](const Visit& v) {
       return "{\"timestamp\":\"" + v.time + "\",\"src_ip\":\"" + v.client +
              "\",\"dest_ip\":\"" + v.server + "\",\"dest_port\":80,\"http\":{\"hostname\":\"" +
              v.host + "\",\"url\":\"" + v.target + "\",\"http_user_agent\":\"" + v.agent +
              "\",\"length\":" + std::to_string(v.bytes) + "}}\n";
     }},
    // The same words in an order that no format has: nothing is joined, whatever is known.
    {"text", "",
     [](const Visit& v) {
       return "visit of " + v.client + " at " + v.host + " for " + v.target + " from " +
              v.server + " with (" + v.agent + ") took " + std::to_string(v.bytes) + '\n';
     }},
};

enum class Agents : std::uint8_t { kNo, kYes };

/// The first `count` indicators of the sequence, user agents as told, and the planted URLs.
std::unique_ptr<const Snapshot> compile_with_plants(std::size_t count, Agents agents) {
  SnapshotBuilder builder;
  IndicatorStream stream;
  std::int64_t id = 0;
  while (static_cast<std::size_t>(id) < count) {
    const Observable next = stream.next();
    if (agents == Agents::kYes || next.type != IndicatorType::kUserAgent)
      builder.add(++id, next);
  }
  for (std::size_t i = 0; i < kPlants; ++i) {
    const std::string number = std::to_string(i);
    builder.add(++id, {IndicatorType::kUrl,
                       "http://planted" + number + ".example/gate" + number + ".php"});
  }
  auto bytes = builder.finish(SnapshotOrigin{});
  if (!bytes) die(bytes.error().message);
  auto snapshot = Snapshot::from_bytes(std::move(*bytes));
  if (!snapshot) die(snapshot.error().message);
  return std::move(*snapshot);
}

struct Piece {
  Chunk chunk;
  ChunkFormats known, none;
};

std::vector<Piece> pieces_of(const std::string& text) {
  std::vector<Piece> pieces;
  FormatTrack track;
  std::uint64_t offset = 0;
  for (const std::string_view part : cut_at_lines(text)) {
    Piece piece;
    piece.chunk.text = part;
    piece.chunk.offset = offset;
    piece.known = track.enter(pieces.size(), piece.chunk.text, TextEncoding::kBytes, {},
                              [] { return std::optional<Time>(); });
    offset += part.size();
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

enum class Joins : std::uint8_t { kNo, kYes };

/// Hits in URLs that only the joins can find.
std::size_t scan_all(const std::vector<Piece>& pieces, Joins joins, const Matcher& matcher,
                     Matcher::Scratch& scratch, ScanBuffers& buffers) {
  std::size_t found = 0;
  for (const Piece& piece : pieces) {
    const ScanResult result =
        scan_chunk(piece.chunk, joins == Joins::kYes ? piece.known : piece.none, matcher,
                   scratch, Grade::kMention, buffers);
    for (const Candidate& each : result.candidates)
      if (std::string_view(each.hit.rule) == "U11") ++found;
  }
  return found;
}

/// Measures one log; false where an answer is wrong.
bool measure(const Kind& kind, std::size_t bytes, const Matcher& matcher, Agents agents) {
  const auto scratch = matcher.make_scratch();
  ScanBuffers buffers;
  Visits visits;
  std::string text = kind.header;
  while (text.size() < bytes) text += kind.line(visits.next());
  const std::vector<Piece> pieces = pieces_of(text);
  const std::size_t planted =
      std::string_view(kind.name) == "text" ? 0 : visits.count() / kLinesPerPlant;
  const std::size_t with = scan_all(pieces, Joins::kYes, matcher, *scratch, buffers);
  const std::size_t without = scan_all(pieces, Joins::kNo, matcher, *scratch, buffers);
  if (with != planted || without != 0) {
    std::fprintf(stderr, "bench_joins: %s: %zu planted, %zu found by joining, %zu without\n",
                 kind.name, planted, with, without);
    return false;
  }
  const Timing raw =
      time_runs(kRuns, [&] { scan_all(pieces, Joins::kNo, matcher, *scratch, buffers); });
  const Timing joined =
      time_runs(kRuns, [&] { scan_all(pieces, Joins::kYes, matcher, *scratch, buffers); });
  std::printf(
      "{\"log\":\"%s\",\"format\":\"%s\",\"agents\":%s,\"bytes\":%zu,\"planted\":%zu,"
      "\"gbps_raw\":%.3f,\"gbps_joined\":%.3f,\"gbps_raw_cpu\":%.3f,"
      "\"gbps_joined_cpu\":%.3f,\"joins_share\":%.3f}\n",
      kind.name, std::string(pieces.front().known.known().name).c_str(),
      agents == Agents::kYes ? "true" : "false", text.size(), planted,
      gigabytes_per_second(text.size(), raw.median),
      gigabytes_per_second(text.size(), joined.median),
      gigabytes_per_second(text.size(), raw.cpu), gigabytes_per_second(text.size(), joined.cpu),
      1 - raw.cpu / joined.cpu);
  std::fflush(stdout);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
  const std::size_t bytes =
      (argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 32) * std::size_t{1'000'000};
  int status = 0;
  for (const Agents agents : {Agents::kNo, Agents::kYes}) {
    const auto snapshot = compile_with_plants(count, agents);
    for (const Kind& kind : kKinds) {
      if (!measure(kind, bytes, snapshot->matcher(), agents)) status = 1;
    }
  }
  return status;
}
