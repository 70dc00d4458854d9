#include "hunt/news.h"

#include <algorithm>

#include "io/encoding.h"

namespace spoor {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kHeadBytes = 4096;          // of Fingerprint::head_key()
constexpr std::size_t kDetectBytes = 64 << 10;    // of io and logs
constexpr std::int64_t kFreshNs = 2'000'000'000;  // two writes may carry one time
constexpr std::chrono::hours kMetAgain{24};       // how exact Progress::met is
// In Progress::content_number: of a copy, which was not hunted itself.
constexpr std::uint64_t kCopied = std::uint64_t{1} << 63;

/// Behind the last line end in [from, to) of a plain file: looked for from the back, in about
/// the last `most` bytes.
std::optional<std::uint64_t> last_end_of_line(const OpenedFile& file, std::uint64_t from,
                                              std::uint64_t to, TextEncoding encoding,
                                              std::uint64_t most) {
  constexpr std::uint64_t kStep = 64 << 10;
  for (std::uint64_t end = to; end > from;) {
    const std::uint64_t begin = std::max(from, end - std::min(kStep, end)) & ~std::uint64_t{1};
    const std::string text = file.read_at(begin, static_cast<std::size_t>(end - begin));
    const std::size_t line = last_line_end(text, 0, text.size(), encoding);
    if (line != kNone && begin + line > from) return begin + line;
    if (begin <= from || to - begin > most) break;
    end = begin;
  }
  return std::nullopt;
}

/// Which part of a content was hunted, if this reading of it is still the same.
std::optional<Fingerprint> holds(const OpenedFile& file, const Progress& row) {
  if (file.state().size < row.seen) return std::nullopt;
  auto print = Fingerprint::of(file, row.seen);
  if (print && print->digest() != row.content) print.reset();
  return print;
}

/// What of a compressed content is known.
struct PackedMatch {
  const Progress* row = nullptr;
  bool is_all = false;
  const Progress* short_row = nullptr;  // ProgressTable::grown_short(), where there is no row
};

}  // namespace

FileIdentity FilePlan::unread_identity() const {
  FileIdentity identity;
  identity.regular = true;
  identity.size = identity.from = state_.size;
  identity.modified = Time(Micros(state_.modified_ns / 1000));
  identity.device = state_.device;
  identity.inode = state_.inode;
  return identity;
}

/// Makes one plan.
class News::Planner {
 public:
  Planner(const News& news, const WalkItem& item, const HuntOptions& options)
      : news_(news),
        item_(item),
        file_(*item.file),
        options_(options),
        now_(news.clock_.now()) {}

  FilePlan make() {
    std::shared_ptr<OpenedFile> held = item_.held;
    if (file_.path == "-") return std::move(plan_);
    if (held == nullptr) {
      const auto state = file_state(file_.path);
      if (!state) {
        if (news_.follow_only_) plan_.how = FilePlan::How::kGone;
        return std::move(plan_);
      }
      if (is_as_it_was(*state)) {
        plan_.state_ = *state;
        return nothing_new();
      }
      auto opened = OpenedFile::open(file_.path, file_.no_links);
      if (!opened) {
        if (news_.follow_only_ && !file_state(file_.path)) plan_.how = FilePlan::How::kGone;
        return std::move(plan_);
      }
      plan_.opened = *std::move(opened);
    } else {
      plan_.opened = std::move(held);
      plan_.opened->look_again();
    }
    plan_.state_ = plan_.opened->state();
    if (plan_.state_.size == 0) return std::move(plan_);  // or a file of /proc
    describe();
    same_file_ = news_.table_.by_file(plan_.state_.device, plan_.state_.inode);
    if (plan_.form_ == FileForm::kPlain) {
      plan_plain();
    } else {
      plan_packed();
    }
    return std::move(plan_);
  }

  /// What an earlier hunt has done, as far as the plan rests on it.
  std::optional<EarlierHunt> earlier(const FilePlan& plan) const {
    if (known_ == nullptr || plan.kind == NewsKind::kWhole || plan.kind == NewsKind::kNone)
      return std::nullopt;
    const bool archive = static_cast<FileForm>(known_->form) == FileForm::kArchive;
    return EarlierHunt{archive ? known_->size : told_bytes(*known_), known_->mark.generation};
  }

  /// Says which content it is, where an account of it is kept over passes. A copy that goes on
  /// is another from there on: what it was copied from may go on, too. A packed file that was
  /// hunted whole may be the same one, longer: only of an archive or a journal it is likely.
  void number(FilePlan& plan) const {
    if (!news_.follows_ || !options_.stream.digest) return;
    const bool is_known =
        known_ != nullptr && plan.kind != NewsKind::kWhole && plan.kind != NewsKind::kNone;
    const bool is_copy =
        is_known && (known_ != same_file_ || (known_->content_number & kCopied) != 0);
    const std::uint64_t known = is_known ? known_->content_number & ~kCopied : 0;
    if (is_known && (!is_copy || plan.kind == NewsKind::kUnchanged)) {
      plan.content = known;
    } else if (plan.form_ == FileForm::kArchive && same_file_ != nullptr &&
               same_file_->form == plan.next_.form && same_file_->size <= plan.state_.size) {
      plan.content = same_file_->content_number & ~kCopied;
    } else {
      plan.content = ++news_.last_content_;
      plan.behind = known;
    }
    plan.next_.content_number = plan.content;
    if (plan.row) plan.row->content_number = plan.content | (is_copy ? kCopied : 0);
  }

  /// Whether a later pass of a follower has more to do.
  bool has_more() const { return has_more_; }
  const std::optional<std::uint64_t>& open_from() const { return open_from_; }

 private:
  bool is_as_it_was(const FileState& state) {
    known_ = same_file_ = news_.table_.by_file(state.device, state.inode);
    if (known_ == nullptr || !known_->settled || known_->size != state.size ||
        known_->modified_ns != state.modified_ns || known_->changed_ns != state.changed_ns)
      return false;
    const bool all_seen =
        static_cast<FileForm>(known_->form) != FileForm::kPlain || known_->seen == state.size;
    return all_seen && news_.ages_->since(known_->mark) == SetAges::Missing::kNone;
  }

  FilePlan nothing_new() {
    plan_.how = FilePlan::How::kNothing;
    plan_.kind = NewsKind::kUnchanged;
    if (now_ - known_->met > kMetAgain) {
      plan_.row = *known_;
      plan_.row->met = now_;
    }
    return std::move(plan_);
  }

  /// What the row will say, whatever is read.
  void describe() {
    const FileState& state = plan_.state_;
    plan_.form_ = plan_.opened->form(options_.stream);
    plan_.end_ = state.size;
    plan_.checkpoint_bytes_ = news_.checkpoint_bytes_;
    Progress& next = plan_.next_;
    next.path = sighting_file_name(file_.absolute);
    next.device = state.device;
    next.inode = state.inode;
    next.size = state.size;
    next.modified_ns = state.modified_ns;
    next.changed_ns = state.changed_ns;
    const std::int64_t fresh =
        to_micros(now_) * 1000 - std::max(state.modified_ns, state.changed_ns);
    next.settled = fresh > kFreshNs;
    next.form = static_cast<std::uint8_t>(plan_.form_);
    next.mark = news_.ages_->mark();
    next.met = now_;
  }

  void hunt_whole(NewsKind kind) {
    plan_.how = FilePlan::How::kWhole;
    plan_.kind = kind;
    plan_.file.reset();
    plan_.print_ = Fingerprint();
    plan_.lines_ = LineTracker();
    plan_.before_ = Progress();
    plan_.before_.mark = plan_.next_.mark;
  }

  /// As hunt_whole(), but what was hunted counts only for what came since.
  void hunt_again(std::uint64_t upto) {
    hunt_whole(news_.ages_->since(known_->mark) == SetAges::Missing::kSome
                   ? NewsKind::kForIndicators
                   : NewsKind::kContinued);
    plan_.old = std::make_shared<OldPart>(OldPart{upto, known_->mark, news_.ages_});
    plan_.before_ = *known_;
    expect_growth();
  }

  /// Whether nothing was hunted of what is known but its open line.
  bool is_only_noted() const { return is_noted(*known_) && known_->upto == 0; }

  void expect_growth() {
    if (known_->open_path)
      plan_.open_ = {*known_->open_path, known_->open_offset, known_->open_digest, {}};
  }

  /// Nothing is to be read: the known row, for this file.
  void write_down() {
    plan_.how = FilePlan::How::kNothing;
    plan_.kind = NewsKind::kUnchanged;
    Progress row = *known_;
    const Progress& next = plan_.next_;
    row.path = next.path;
    row.device = next.device;
    row.inode = next.inode;
    if (!is_noted(row)) row.size = next.size;
    row.modified_ns = next.modified_ns;
    row.changed_ns = next.changed_ns;
    row.settled = next.settled;
    row.form = next.form;
    row.disk = next.disk;
    row.met = next.met;
    if (!news_.follow_only_) row.mark = next.mark;
    if (known_ != same_file_) row.id = 0;
    plan_.row = std::move(row);
  }

  // Plain files.

  void plan_plain() {
    const std::uint64_t size = plan_.state_.size;
    find_plain();
    const bool tail_may_grow = news_.follows_ && !item_.whole;
    if (known_ == nullptr) {
      hunt_whole(NewsKind::kWhole);
      const std::string head = plan_.opened->read_at(0, kHeadBytes);
      known_ = news_.table_.grown_short(head);
      if (known_ != nullptr) expect_growth();
      if (tail_may_grow) end_at_line(0, 0, head_encoding());
      return;
    }
    if (known_ == same_file_) plan_.next_.id = known_->id;
    const SetAges::Missing missing =
        news_.follow_only_ ? SetAges::Missing::kNone : news_.ages_->since(known_->mark);
    const TextEncoding encoding = head_encoding();
    const std::uint64_t told = told_bytes(*known_);
    if (missing == SetAges::Missing::kAll || is_only_noted() ||
        (size > told && !same_reading(encoding))) {
      hunt_whole(NewsKind::kWhole);
      expect_growth();
      if (tail_may_grow) end_at_line(0, 0, encoding);
      return;
    }
    if (tail_may_grow) end_at_line(known_->upto, told, encoding);
    if (missing == SetAges::Missing::kSome || (plan_.end_ > told && !known_->headers)) {
      plan_.end_ = size;  // as a whole, and so with its last line
      has_more_ = false;
      open_from_.reset();
      hunt_again(known_->upto);
    } else if (plan_.end_ <= told) {
      write_down();
    } else {
      go_on(encoding);
    }
  }

  void find_plain() {
    known_ = nullptr;
    const std::uint64_t size = plan_.state_.size;
    const auto is_plain = [](const Progress& row) {
      return static_cast<FileForm>(row.form) == FileForm::kPlain;
    };
    if (same_file_ != nullptr && is_plain(*same_file_)) {
      if (auto print = holds(*plan_.opened, *same_file_)) {
        plan_.print_ = *std::move(print);
        // Written to and not longer: where the fingerprint does not see every byte, hunted.
        const bool doubt = size == same_file_->seen && size > Fingerprint::kWholeBytes &&
                           plan_.state_.modified_ns != same_file_->modified_ns;
        if (!doubt) known_ = same_file_;
        return;
      }
    }
    const Digest128 head = xxh3_128(plan_.opened->read_at(0, kHeadBytes));
    for (const Progress* row : news_.table_.by_head(head)) {
      auto print = holds(*plan_.opened, *row);
      if (!print) continue;
      plan_.print_ = *std::move(print);
      known_ = row;
      return;
    }
  }

  TextEncoding head_encoding() {
    if (head_.empty()) head_ = plan_.opened->read_at(0, kDetectBytes);
    return detect_encoding(head_);
  }

  /// Whether the begin of the file, longer now, is still read as it was: as the same encoding
  /// and format. Makes the file whose lines go on.
  bool same_reading(TextEncoding encoding) {
    if (encoding != known_->encoding) return false;
    auto file = std::make_shared<HuntedFile>();
    file->shown = sighting_file_name(file_.shown);
    file->absolute = plan_.next_.path;
    const Time modified{Micros(plan_.state_.modified_ns / 1000)};
    file->modified = modified;
    file->track.resume(head_, encoding, known_->headers.value_or(""), options_.formats,
                       [&] { return std::optional(modified); });
    plan_.file = std::move(file);
    return plan_.file->track.format()->name == known_->format;
  }

  /// Leaves a last line alone that has not ended. `seen`: how much was hunted, `line`: where
  /// the last line of that begins. What is longer than the longest line that is kept whole is
  /// hunted as it is, and from its begin again each time that it has doubled: all in all that
  /// is in proportion to its length.
  void end_at_line(std::uint64_t line, std::uint64_t seen, TextEncoding encoding) {
    const std::uint64_t size = plan_.state_.size;
    const std::uint64_t most =
        std::max<std::uint64_t>(options_.stream.line_limit, seen - std::min(line, seen));
    const std::uint64_t from = std::max(seen, std::min(item_.looked_upto, size));
    const auto end = last_end_of_line(*plan_.opened, from, size, encoding, most);
    plan_.end_ = end ? *end : size - std::min(seen, size) > most ? size : seen;
    has_more_ = plan_.end_ < size;
    if (has_more_) open_from_ = end ? *end : line;
    if (plan_.how == FilePlan::How::kWhole && has_more_) {
      plan_.how = plan_.end_ > 0 ? FilePlan::How::kPart : FilePlan::How::kNothing;
      plan_.start = {0, plan_.end_, 1, std::nullopt};
    }
  }

  void go_on(TextEncoding encoding) {
    plan_.how = FilePlan::How::kPart;
    plan_.kind = NewsKind::kContinued;
    plan_.start = {known_->upto, plan_.end_, known_->line, encoding};
    plan_.lines_ = LineTracker(known_->upto, known_->line);
    plan_.checkpoint_at_ = known_->upto;
    plan_.before_ = *known_;
    if (news_.follow_only_) plan_.next_.mark = known_->mark;
    expect_growth();
  }

  // Compressed files and archives: as a whole.

  void plan_packed() {
    if (news_.follows_ && !item_.whole) {  // it may still be written
      has_more_ = true;
      plan_.how = FilePlan::How::kNothing;
      return;
    }
    plan_.next_.disk = disk_digest(*plan_.opened);
    const FileState& state = plan_.state_;
    known_ = nullptr;
    PackedMatch match{nullptr, true, nullptr};
    if (same_file_ != nullptr && same_file_->form == plan_.next_.form &&
        same_file_->size == state.size && same_file_->modified_ns == state.modified_ns &&
        same_file_->disk == plan_.next_.disk) {
      match.row = same_file_;
    } else if (plan_.form_ == FileForm::kCompressed) {
      match = find_packed();
    }
    known_ = match.row;
    if (known_ == nullptr) {
      hunt_whole(NewsKind::kWhole);
      known_ = match.short_row;
      if (known_ != nullptr) expect_growth();
      return;
    }
    if (known_ == same_file_) plan_.next_.id = known_->id;
    const SetAges::Missing missing = news_.ages_->since(known_->mark);
    if (missing == SetAges::Missing::kAll || is_only_noted()) {
      hunt_whole(NewsKind::kWhole);
      return expect_growth();
    }
    if (missing == SetAges::Missing::kNone && match.is_all && !is_noted(*known_))
      return write_down();
    hunt_again(plan_.form_ == FileForm::kArchive ? UINT64_MAX : known_->upto);
  }

  /// The longest known content that this one begins with. Decompresses once for each that its
  /// first 4 KiB do not rule out.
  PackedMatch find_packed() {
    std::string buffer(256 << 10, '\0');
    const auto head_reader = plan_.opened->content(options_.stream);
    std::string head;
    while (head.size() < kHeadBytes) {
      const std::size_t count = head_reader->read(buffer.data(), kHeadBytes - head.size());
      if (count == 0) break;
      head.append(buffer, 0, count);
    }
    for (const Progress* row : news_.table_.by_head(xxh3_128(head))) {
      const auto reader = plan_.opened->content(options_.stream);
      Fingerprint print;
      while (print.size() < row->seen) {
        const std::size_t want = static_cast<std::size_t>(
            std::min<std::uint64_t>(buffer.size(), row->seen - print.size()));
        const std::size_t count = reader->read(buffer.data(), want);
        if (count == 0) break;
        print.add(print.size(), std::string_view(buffer).substr(0, count));
      }
      if (print.size() == row->seen && print.digest() == row->content)
        return {row, reader->read(buffer.data(), 1) == 0, nullptr};
    }
    return {nullptr, false, news_.table_.grown_short(head)};
  }

  const News& news_;
  const WalkItem& item_;
  const InputFile& file_;
  const HuntOptions& options_;
  Time now_;
  FilePlan plan_;
  const Progress* same_file_ = nullptr;  // the row of this inode
  const Progress* known_ = nullptr;      // the row of what was hunted
  std::string head_;
  bool has_more_ = false;
  std::optional<std::uint64_t> open_from_;
};

News::News(std::vector<Progress> rows, SetAges ages, Save save, Grow grow, const Clock& clock)
    : ages_(std::make_shared<SetAges>(std::move(ages))),
      save_(std::move(save)),
      grow_(std::move(grow)),
      clock_(clock) {
  for (Progress& row : rows) {
    row.content_number = ++last_content_;
    table_.put(std::move(row));
  }
}

FilePlan News::plan(const WalkItem& item, const HuntOptions& options) const {
  Planner planner(*this, item, options);
  FilePlan plan = planner.make();
  plan.earlier = planner.earlier(plan);
  planner.number(plan);
  if (follows_ && plan.state_.inode != 0) {
    const std::lock_guard lock(mutex_);
    constexpr std::size_t kMostOpen = 256;
    const bool few = followed_.size() < kMostOpen;
    followed_.push_back({*item.file, plan.state_, few ? plan.opened : nullptr,
                         planner.has_more(), item.held != nullptr, planner.open_from()});
  }
  return plan;
}

void News::renew(SetAges ages) {
  ages_ = std::make_shared<SetAges>(std::move(ages));
}

std::vector<FollowedFile> News::take_followed() {
  const std::lock_guard lock(mutex_);
  return std::exchange(followed_, {});
}

}  // namespace spoor
