// See hunt_bench.h.

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>
#include <thread>
#include <tuple>

#include "hunt_bench.h"
#include "match/exact.h"

namespace spoor::bench {
namespace {

constexpr std::size_t kChunkBytes = 1 << 20;

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "bench_hunt: %s\n", why.c_str());
  std::exit(1);
}

auto fields_of(const Hit& hit) {
  return std::tuple(hit.offset, hit.length, hit.indicator, hit.grade, hit.prefix,
                    std::string(hit.rule),
                    std::vector<ViewKind>(hit.views, hit.views + hit.view_count));
}

std::vector<Hit> hits_in(const Matcher& matcher, std::string_view text) {
  const auto scratch = matcher.make_scratch();
  std::vector<Hit> all, hits;
  for (const std::string_view chunk : cut_at_lines(text)) {
    hits.clear();
    matcher.scan(chunk, TextEncoding::kBytes, {}, *scratch, hits);
    for (Hit& hit : hits) {
      hit.offset += static_cast<std::size_t>(chunk.data() - text.data());
      all.push_back(hit);
    }
  }
  return all;
}

void scan_share(const Matcher& matcher, const std::vector<std::string_view>& chunks,
                std::atomic<std::size_t>& next) {
  const auto scratch = matcher.make_scratch();
  std::vector<Hit> hits;
  for (std::size_t at; (at = next.fetch_add(1)) < chunks.size();) {
    hits.clear();
    matcher.scan(chunks[at], TextEncoding::kBytes, {}, *scratch, hits);
  }
}

}  // namespace

std::vector<std::string_view> cut_at_lines(std::string_view text) {
  std::vector<std::string_view> chunks;
  while (!text.empty()) {
    std::size_t end = text.size();
    if (end > kChunkBytes) {
      end = text.rfind('\n', kChunkBytes - 1);
      if (end == std::string_view::npos) end = text.find('\n', kChunkBytes);
      end = end == std::string_view::npos ? text.size() : end + 1;
    }
    chunks.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return chunks;
}

Compiled compile(std::size_t count, bool keep, const std::string& path) {
  Compiled out;
  SnapshotBuilder builder;
  {
    IndicatorStream stream;
    std::vector<Observable> batch;  // so that generating is not timed
    for (std::size_t done = 0; done < count; done += batch.size()) {
      batch.clear();
      while (batch.size() < 4096 && done + batch.size() < count) batch.push_back(stream.next());
      const Stopwatch watch;
      for (std::size_t n = 0; n < batch.size(); ++n)
        builder.add(static_cast<std::int64_t>(done + n + 1), batch[n]);
      out.seconds += watch.seconds();
      if (keep) out.kept.insert(out.kept.end(), batch.begin(), batch.end());
    }
  }
  const Stopwatch watch;
  auto bytes = builder.finish(SnapshotOrigin{});
  out.seconds += watch.seconds();
  if (!bytes) give_up(bytes.error().message);
  out.bytes = bytes->size();
  out.peak_memory = memory_bytes("VmHWM");
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr || std::fwrite(bytes->data(), 1, bytes->size(), file) != bytes->size() ||
      std::fclose(file) != 0)
    give_up(path + ": " + std::strerror(errno));
  auto snapshot = Snapshot::from_bytes(std::move(*bytes));
  if (!snapshot) give_up(snapshot.error().message);
  out.snapshot = std::move(*snapshot);
  return out;
}

Answers find_answers(const Matcher& matcher, const Log& log) {
  const std::vector<Hit> hits = hits_in(matcher, log.text);
  std::set<std::pair<std::size_t, std::uint32_t>> pairs;  // line offset, indicator
  std::set<std::size_t> lines;
  const std::string_view text = log.text;
  for (const Hit& hit : hits) {
    std::size_t line =
        hit.offset == 0 ? std::string_view::npos : text.rfind('\n', hit.offset - 1);
    line = line == std::string_view::npos ? 0 : line + 1;
    lines.insert(line);
    pairs.emplace(line, static_cast<std::uint32_t>(hit.indicator));
  }
  Answers out{hits.size(), lines.size(), 0};
  for (const Plant& plant : log.plants)
    out.plants_found += pairs.count({plant.offset, plant.indicator});
  return out;
}

std::size_t differences_from_exact(const Matcher& matcher,
                                   const std::vector<Observable>& indicators,
                                   std::string_view text, std::size_t bytes,
                                   std::size_t* compared) {
  if (text.size() > bytes) {
    const std::size_t end = text.find('\n', bytes);
    text = text.substr(0, end == std::string_view::npos ? text.size() : end + 1);
  }
  *compared = text.size();
  const auto exact = make_exact_matcher(indicators);
  const std::vector<Hit> slow = hits_in(*exact, text), fast = hits_in(matcher, text);
  std::set<decltype(fields_of(Hit{}))> only;
  for (const Hit& hit : slow) only.insert(fields_of(hit));
  std::size_t extra = 0;
  std::set<decltype(fields_of(Hit{}))> seen;
  for (const Hit& hit : fast) {
    const auto fields = fields_of(hit);
    if (!seen.insert(fields).second) continue;
    if (only.erase(fields) == 0) ++extra;
  }
  return only.size() + extra;
}

Timing time_scan(const Matcher& matcher, const std::vector<std::string_view>& chunks, int runs,
                 unsigned threads) {
  return time_runs(runs, [&] {
    std::atomic<std::size_t> next{0};
    std::vector<std::thread> others;
    for (unsigned n = 1; n < threads; ++n)
      others.emplace_back([&] { scan_share(matcher, chunks, next); });
    scan_share(matcher, chunks, next);
    for (std::thread& other : others) other.join();
  });
}

int memory_child(const std::string& snapshot_path, const std::string& log_path) {
  const Stopwatch start;
  auto snapshot = Snapshot::open(snapshot_path, nullptr);
  if (!snapshot) give_up(snapshot.error().message);
  const Matcher& matcher = (*snapshot)->matcher();
  const auto scratch = matcher.make_scratch();
  const double ready = start.seconds();
  const int file = open(log_path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) give_up(log_path + ": " + std::strerror(errno));
  std::vector<char> buffer(2 * kChunkBytes);
  std::vector<Hit> hits;
  std::uint64_t bytes = 0, found = 0;
  std::size_t held = 0;
  const Stopwatch watch;
  for (;;) {
    if (held == buffer.size()) buffer.resize(2 * buffer.size());
    const ssize_t got =
        read(file, buffer.data() + held, std::min(kChunkBytes, buffer.size() - held));
    if (got < 0) give_up(log_path + ": " + std::strerror(errno));
    const std::string_view text(buffer.data(), held + static_cast<std::size_t>(got));
    const std::size_t last = text.rfind('\n');
    const std::size_t whole = got == 0                         ? text.size()
                              : last == std::string_view::npos ? 0
                                                               : last + 1;
    hits.clear();
    if (whole > 0)
      matcher.scan(text.substr(0, whole), TextEncoding::kBytes, {}, *scratch, hits);
    found += hits.size();
    bytes += static_cast<std::uint64_t>(got);
    held = text.size() - whole;
    std::memmove(buffer.data(), buffer.data() + whole, held);
    if (got == 0) break;
  }
  const double seconds = watch.seconds();
  close(file);
  std::printf(
      "{\"ready_ms\":%.2f,\"peak_mb\":%.1f,\"rss_file_mb\":%.1f,\"rss_anon_mb\":%.1f,"
      "\"hits\":%llu,\"read_and_scan_gbps\":%.3f}\n",
      ready * 1e3, static_cast<double>(memory_bytes("VmHWM")) / 1e6,
      static_cast<double>(memory_bytes("RssFile")) / 1e6,
      static_cast<double>(memory_bytes("RssAnon")) / 1e6,
      static_cast<unsigned long long>(found), gigabytes_per_second(bytes, seconds));
  return 0;
}

}  // namespace spoor::bench
