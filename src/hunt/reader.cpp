#include "hunt/reader.h"

#include <algorithm>

#include "hunt/news.h"

namespace spoor {
namespace {

// A lane ends when it has as many bytes or items: enough to make the hand-over cheap, and few
// enough to be spread over the workers.
constexpr std::uint64_t kLaneBytes = 1 << 20;
constexpr std::size_t kLaneItems = 64;

bool is_own(const HuntOptions& options, const std::string& absolute) {
  const std::vector<std::string>& own = options.own_files;
  return std::find(own.begin(), own.end(), absolute) != own.end() ||
         (!options.own_prefix.empty() &&
          absolute.compare(0, options.own_prefix.size(), options.own_prefix) == 0);
}

std::string joined(const std::string& outer, const std::string& inner) {
  return inner.empty() ? outer : outer + "!" + inner;
}

}  // namespace

Reader::Reader(const HuntOptions& options, Exchange& exchange, std::stop_token stop,
               std::vector<PlantedFile> planted)
    : options_(options),
      stream_options_(options.stream),
      exchange_(exchange),
      stop_(std::move(stop)),
      planted_(std::move(planted)) {
  stream_options_.stop = stop_;
  stream_options_.helpers = &exchange_;
}

void Reader::walk_all() {
  std::vector<WalkItem> items;
  std::uint64_t bytes = 0;
  const auto flush = [&] {
    if (!items.empty()) exchange_.add(std::move(items));
    items.clear();
    bytes = 0;
  };
  hand_out_planted();
  const auto on_file = [&](const InputFile& file) {
    // What is large, or may make its reader wait (a pipe), is a lane of its own.
    const bool alone = file.size >= kLaneBytes || (file.named && file.size == 0);
    if (alone) flush();
    items.push_back({file, {}, nullptr, nullptr});
    bytes += file.size;
    if (alone || bytes >= kLaneBytes || items.size() >= kLaneItems) flush();
  };
  const auto on_skip = [&](const Skip& skip) {
    items.push_back({std::nullopt, skip, nullptr, nullptr});
    if (items.size() >= kLaneItems) flush();
  };
  walk(options_.paths, on_file, on_skip, stop_, options_.root.get());
  flush();
  exchange_.close();
  if (stop_.stop_requested()) was_stopped_ = true;
}

void Reader::hand_out_planted() {
  std::vector<WalkItem> items;
  for (PlantedFile& each : planted_) {
    items.push_back(
        {std::nullopt, {}, std::make_shared<PlantedFile>(std::move(each)), nullptr});
  }
  planted_.clear();
  if (!items.empty()) exchange_.add(std::move(items));
}

void Reader::hand_out(std::vector<WalkItem> all) {
  hand_out_planted();
  std::vector<WalkItem> items;
  std::uint64_t bytes = 0;
  const auto flush = [&] {
    if (!items.empty()) exchange_.add(std::exchange(items, {}));
    bytes = 0;
  };
  for (WalkItem& item : all) {
    bytes += item.file->size;
    items.push_back(std::move(item));
    if (bytes >= kLaneBytes || items.size() >= kLaneItems) flush();
  }
  flush();
  exchange_.close();
}

/// Turns one lane into jobs.
class Reader::LaneReader {
 public:
  LaneReader(Reader& reader, std::uint64_t lane, const std::function<void(Job&)>& scan)
      : reader_(reader), exchange_(reader.exchange_), lane_(lane), scan_(scan) {}

  void read(const std::vector<WalkItem>& items) {
    for (const WalkItem& item : items) {
      if (item.planted != nullptr) {
        read_planted(*item.planted);
      } else if (item.file) {
        read_file(item);
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

  /// `file`: the file at hand, null for what the walk met.
  void submit_skips(std::vector<Skip> skips, std::shared_ptr<const HuntedFile> file) {
    if (skips.empty()) return;
    auto job = std::make_unique<Job>();
    job->kind = Job::Kind::kSkip;
    job->file = std::move(file);
    job->skips = std::move(skips);
    submit(std::move(job));
  }

  void submit_skip(Skip skip) {
    skip.file = sighting_file_name(skip.file);
    submit_skips({std::move(skip)}, nullptr);
  }

  void read_planted(const PlantedFile& planted) {
    InputFile file;
    file.shown = file.absolute = planted.name;
    planted_ = true;
    plan_ = FilePlan();
    read_members(file, *open_memory_members(planted.bytes, reader_.stream_options_));
    planted_ = false;
  }

  void read_file(const WalkItem& item) {
    const InputFile& file = *item.file;
    if (reader_.stop_.stop_requested()) {
      over_ = reader_.was_stopped_ = true;
      return;
    }
    Skip skip;
    skip.file = file.shown;
    skip.bytes = file.size;
    skip.whole = true;
    if (is_own(reader_.options_, file.absolute)) {
      skip.reason = "belongs to this hunt";
      return submit_skip(std::move(skip));
    }
    if (News* news = reader_.options_.news) {
      plan_ = news->plan(item, reader_.options_);
      if (plan_.how == FilePlan::How::kGone) {
        skip.reason =
            "gone before it was looked at again; hunted under its new name, or through "
            "the open file";
        return submit_skip(std::move(skip));
      }
      if (plan_.how == FilePlan::How::kNothing) return submit_known(file);
      if (plan_.how == FilePlan::How::kUsual) {
        plan_ = FilePlan();
        if (item.held != nullptr) return;
      }
    }
    auto members = open(item);
    if (!members) {
      skip.reason = members.error().message;
      skip.named = file.named;
      skip.incomplete = true;
      return submit_skip(std::move(skip));
    }
    read_members(file, **members);
  }

  Result<std::unique_ptr<MemberStream>> open(const WalkItem& item) const {
    const StreamOptions& options = reader_.stream_options_;
    if (plan_.opened == nullptr && item.upto) return open_upto(*item.file, *item.upto);
    if (plan_.opened == nullptr) return open_members(*item.file, options);
    return plan_.how == FilePlan::How::kPart ? plan_.opened->part(plan_.start, options)
                                             : plan_.opened->members(options);
  }

  /// The first bytes of a plain file; anything else, and a shorter one, whole.
  Result<std::unique_ptr<MemberStream>> open_upto(const InputFile& file,
                                                  std::uint64_t upto) const {
    const StreamOptions& options = reader_.stream_options_;
    auto opened = OpenedFile::open(file.path, file.no_links);
    if (!opened) return fail(opened.error());
    if (upto == 0 || (*opened)->state().size <= upto ||
        (*opened)->form(options) != FileForm::kPlain)
      return (*opened)->members(options);
    return (*opened)->part({0, upto, 1, std::nullopt}, options);
  }

  /// --new: nothing of it is to be read.
  void submit_known(const InputFile& file) {
    auto job = std::make_unique<Job>();
    job->kind = Job::Kind::kSkip;
    if (plan_.kind == NewsKind::kUnchanged) {
      job->kind = Job::Kind::kFile;
      job->file = hunted(sighting_file_name(file.shown), sighting_file_name(file.absolute));
      job->identity = plan_.unread_identity();
    }
    job->news = plan_.kind;
    job->earlier = plan_.earlier;
    job->progress = std::move(plan_.row);
    submit(std::move(job));
  }

  /// What follows from having read a file to its end.
  void conclude(Job& end) {
    if (plan_.kind != NewsKind::kNone) end.progress = plan_.finish(partly_);
  }

  void read_members(const InputFile& file, MemberStream& members) {
    partly_ = false;
    const std::string shown = sighting_file_name(file.shown);
    const std::string absolute = sighting_file_name(file.absolute);
    // The end of a member waits for the next one, so that the bytes behind the last one can be
    // counted with it.
    std::unique_ptr<Job> end;
    const std::shared_ptr<const HuntedFile> itself = hunted(shown, absolute);
    Member member;
    for (bool more = true; more && !over_;) {
      more = members.next(member);
      std::vector<Skip> skips = members.take_skips();
      for (Skip& each : skips) each.file = joined(shown, each.file);
      note_gaps(skips);
      if (!more && end == nullptr) end = end_of(itself);  // no member at all
      if (!more) {
        end->counters.bytes_read += members.bytes_behind();
        conclude(*end);
      }
      if (end != nullptr) submit(std::move(end));
      submit_skips(std::move(skips), itself);
      if (!more || over_) break;
      std::shared_ptr<HuntedFile> each = std::move(plan_.file);  // whose lines go on
      if (each == nullptr) {
        each = hunted(joined(shown, member.inner), joined(absolute, member.inner));
        each->modified = member.modified;
      }
      each->is_member = !member.inner.empty();
      note_content(*each);
      end = read_member(std::move(each), *member.stream);
      if (stopped_) {
        submit(std::move(end));
        over_ = true;
      }
    }
    auto whole = std::make_unique<Job>();
    whole->kind = Job::Kind::kFile;
    whole->file = itself;
    whole->identity = members.identity();
    whole->news = plan_.kind;
    whole->earlier = plan_.earlier;
    submit(std::move(whole));
  }

  void note_gaps(const std::vector<Skip>& skips) {
    for (const Skip& each : skips) partly_ = partly_ || each.incomplete;
  }

  std::shared_ptr<HuntedFile> hunted(std::string shown, std::string absolute) const {
    auto file = std::make_shared<HuntedFile>();
    file->planted = planted_;
    file->shown = std::move(shown);
    file->absolute = std::move(absolute);
    note_content(*file);
    return file;
  }

  void note_content(HuntedFile& file) const {
    file.content = plan_.content;
    file.behind = plan_.behind;
    file.is_plain = plan_.content != 0 && plan_.is_plain();
    file.old = plan_.old;
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
      if (reader_.stop_.stop_requested() && !planted_) {
        Skip skip;
        skip.reason = "stopped before its end";
        skip.incomplete = true;
        end->skips.push_back(std::move(skip));
        end->stopped = true;
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
      // What could not be read is to be met again by the next hunt.
      if (auto row = plan_.checkpoint(job->chunk); row && stream.skips().empty())
        job->progress = std::move(row);
      job->grown = plan_.add(job->chunk);
      if (job->chunk.ends_stream) job->open_line = plan_.open_line(job->chunk);
      submit(std::move(job));
      if (over_) break;
    }
    note_gaps(end->skips);
    for (Skip& each : end->skips) each.file = file->shown;
    end->counters = stream.counters();
    end->decoders = stream.decoders();
    return end;
  }

  Reader& reader_;
  Exchange& exchange_;
  std::uint64_t lane_;
  const std::function<void(Job&)>& scan_;
  FilePlan plan_;         // --new: of the file at hand
  bool partly_ = false;   // something of the file at hand could not be read
  bool planted_ = false;  // what is read now is the hunt's own
  bool over_ = false;     // nothing more is to be read
  bool stopped_ = false;  // because it was asked for
};

void Reader::work(const std::function<void(Job&)>& scan) {
  for (;;) {
    Task task = exchange_.take();
    if (task.chunk != nullptr) {
      scan(*task.chunk);
      exchange_.give_back(std::move(task.chunk));
    } else if (task.part != nullptr) {
      task.part->run();
    } else if (task.lane != nullptr) {
      LaneReader(*this, task.lane->number, scan).read(task.lane->items);
    } else {
      return;
    }
  }
}

}  // namespace spoor
