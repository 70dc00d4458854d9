#include "hunt/reader.h"

#include <algorithm>

namespace spoor {
namespace {

// A lane ends when it has as many bytes or items: enough to make the hand-over cheap, and few
// enough to be spread over the workers.
constexpr std::uint64_t kLaneBytes = 1 << 20;
constexpr std::size_t kLaneItems = 64;

bool is_own(const std::vector<std::string>& own, const std::string& absolute) {
  return std::find(own.begin(), own.end(), absolute) != own.end();
}

std::string joined(const std::string& outer, const std::string& inner) {
  return inner.empty() ? outer : outer + "!" + inner;
}

}  // namespace

Reader::Reader(const HuntOptions& options, Exchange& exchange, std::stop_token stop)
    : options_(options),
      stream_options_(options.stream),
      exchange_(exchange),
      stop_(std::move(stop)) {
  stream_options_.stop = stop_;
}

void Reader::walk_all() {
  std::vector<WalkItem> items;
  std::uint64_t bytes = 0;
  const auto flush = [&] {
    if (!items.empty()) exchange_.add(std::move(items));
    items.clear();
    bytes = 0;
  };
  const auto on_file = [&](const InputFile& file) {
    // What is large, or may make its reader wait (a pipe), is a lane of its own.
    const bool alone = file.size >= kLaneBytes || (file.named && file.size == 0);
    if (alone) flush();
    items.push_back({file, {}});
    bytes += file.size;
    if (alone || bytes >= kLaneBytes || items.size() >= kLaneItems) flush();
  };
  const auto on_skip = [&](const Skip& skip) {
    items.push_back({std::nullopt, skip});
    if (items.size() >= kLaneItems) flush();
  };
  walk(options_.paths, on_file, on_skip, stop_);
  flush();
  exchange_.close();
  if (stop_.stop_requested()) was_stopped_ = true;
}

/// Turns one lane into jobs.
class Reader::LaneReader {
 public:
  LaneReader(Reader& reader, std::uint64_t lane, const std::function<void(Job&)>& scan)
      : reader_(reader), exchange_(reader.exchange_), lane_(lane), scan_(scan) {}

  void read(const std::vector<WalkItem>& items) {
    for (const WalkItem& item : items) {
      if (item.file) {
        read_file(*item.file);
      } else {
        submit_skip(item.skip);
      }
      if (over_) break;
    }
    exchange_.close_lane(lane_);
  }

 private:
  void submit(std::unique_ptr<Job> job) {
    if (!exchange_.submit(lane_, std::move(job))) over_ = true;
  }

  void submit_skips(std::vector<Skip> skips) {
    if (skips.empty()) return;
    auto job = std::make_unique<Job>();
    job->kind = Job::Kind::kSkip;
    job->skips = std::move(skips);
    submit(std::move(job));
  }

  void submit_skip(Skip skip) {
    skip.file = sighting_file_name(skip.file);
    submit_skips({std::move(skip)});
  }

  void read_file(const InputFile& file) {
    if (reader_.stop_.stop_requested()) {
      over_ = reader_.was_stopped_ = true;
      return;
    }
    Skip skip;
    skip.file = file.shown;
    if (is_own(reader_.options_.own_files, file.absolute)) {
      skip.reason = "belongs to this hunt";
      return submit_skip(std::move(skip));
    }
    auto members = open_members(file, reader_.stream_options_);
    if (!members) {
      skip.reason = members.error().message;
      skip.bytes = file.size;
      skip.named = file.named;
      skip.incomplete = true;
      return submit_skip(std::move(skip));
    }
    read_members(file, **members);
  }

  void read_members(const InputFile& file, MemberStream& members) {
    const std::string shown = sighting_file_name(file.shown);
    const std::string absolute = sighting_file_name(file.absolute);
    // The end of a member waits for the next one, so that the bytes behind the last one can be
    // counted with it.
    std::unique_ptr<Job> end;
    Member member;
    for (bool more = true; more && !over_;) {
      more = members.next(member);
      std::vector<Skip> skips = members.take_skips();
      for (Skip& each : skips) each.file = joined(shown, each.file);
      if (!more && end == nullptr) end = end_of(hunted(shown, absolute));  // no member at all
      if (!more) end->counters.bytes_read += members.bytes_behind();
      if (end != nullptr) submit(std::move(end));
      submit_skips(std::move(skips));
      if (!more || over_) break;
      auto each = hunted(joined(shown, member.inner), joined(absolute, member.inner));
      each->modified = member.modified;
      end = read_member(std::move(each), *member.stream);
      if (stopped_) {
        submit(std::move(end));
        over_ = true;
      }
    }
  }

  static std::shared_ptr<HuntedFile> hunted(std::string shown, std::string absolute) {
    auto file = std::make_shared<HuntedFile>();
    file->shown = std::move(shown);
    file->absolute = std::move(absolute);
    return file;
  }

  static std::unique_ptr<Job> end_of(std::shared_ptr<const HuntedFile> file) {
    auto end = std::make_unique<Job>();
    end->kind = Job::Kind::kEnd;
    end->file = std::move(file);
    return end;
  }

  /// Submits the chunks of one member and returns its end.
  std::unique_ptr<Job> read_member(std::shared_ptr<const HuntedFile> file,
                                   ChunkStream& stream) {
    auto end = end_of(file);
    for (std::uint64_t index = 0;; ++index) {
      while (auto job = exchange_.before_reading(lane_)) {
        scan_(*job);
        exchange_.give_back(std::move(job));
      }
      if (reader_.stop_.stop_requested()) {
        Skip skip;
        skip.reason = "stopped before its end";
        skip.incomplete = true;
        end->skips.push_back(std::move(skip));
        stopped_ = reader_.was_stopped_ = true;
        break;
      }
      auto job = std::make_unique<Job>();
      const Result<bool> more = stream.next(job->chunk);
      if (!more || !*more) {  // what is wrong is in skips(), too
        end->skips = stream.skips();
        break;
      }
      job->file = file;
      job->index = index;
      submit(std::move(job));
      if (over_) break;
    }
    for (Skip& each : end->skips) each.file = file->shown;
    end->counters = stream.counters();
    return end;
  }

  Reader& reader_;
  Exchange& exchange_;
  std::uint64_t lane_;
  const std::function<void(Job&)>& scan_;
  bool over_ = false;     // nothing more is to be read
  bool stopped_ = false;  // because it was asked for
};

void Reader::work(const std::function<void(Job&)>& scan) {
  for (;;) {
    Task task = exchange_.take();
    if (task.chunk != nullptr) {
      scan(*task.chunk);
      exchange_.give_back(std::move(task.chunk));
    } else if (task.lane != nullptr) {
      LaneReader(*this, task.lane->number, scan).read(task.lane->items);
    } else {
      return;
    }
  }
}

}  // namespace spoor
