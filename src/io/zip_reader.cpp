#include "io/zip_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "io/parallel.h"
#include "io/zip_content.h"
#include "io/zip_directory.h"

namespace spoor {
namespace {

/// A source that several readers share, each with a place of its own.
class PlacedSource final : public ByteSource {
 public:
  explicit PlacedSource(ByteSource& source) : source_(source) {}

  std::size_t read(char* out, std::size_t size) override {
    if (!source_.seek(at_)) return 0;
    const std::size_t count = source_.read(out, size);
    at_ += count;
    return count;
  }
  std::uint64_t bytes_read() const override { return source_.bytes_read(); }
  std::optional<std::uint64_t> size() const override { return source_.size(); }
  bool seek(std::uint64_t offset) override {
    if (offset > *source_.size()) return false;
    at_ = offset;
    return true;
  }
  void problems(std::vector<Skip>& out) const override { source_.problems(out); }

 private:
  ByteSource& source_;
  std::uint64_t at_ = 0;
};

/// The file, with the count of what reading it in order would have taken by now.
class CountedSource final : public ByteSource {
 public:
  /// libarchive has read all from `list_begin` on, and its last 16 KiB, before it gives a
  /// member.
  CountedSource(std::unique_ptr<ByteSource> source, std::uint64_t list_begin)
      : source_(std::move(source)),
        size_(*source_->size()),
        end_begin_(std::min(list_begin, size_ - std::min<std::uint64_t>(size_, 16 << 10))) {}

  /// All blocks before `position` were taken.
  void reach(std::uint64_t position) {
    const std::uint64_t blocks = (position + kArchiveBlockBytes - 1) / kArchiveBlockBytes;
    reached_ = std::max(reached_, std::min(size_, blocks * kArchiveBlockBytes));
  }
  /// As reach(), of a reader whose blocks may begin anywhere.
  void reach_exactly(std::uint64_t position) { reached_ = std::max(reached_, position); }
  std::uint64_t reached() const { return reached_; }

  std::size_t read(char* out, std::size_t size) override { return source_->read(out, size); }
  std::uint64_t bytes_read() const override {
    return std::min(reached_, end_begin_) + (size_ - end_begin_);
  }
  std::optional<std::uint64_t> size() const override { return size_; }
  bool seek(std::uint64_t offset) override { return source_->seek(offset); }
  void problems(std::vector<Skip>& out) const override { source_->problems(out); }

  ByteSource& raw() { return *source_; }
  std::unique_ptr<ByteSource> release() { return std::move(source_); }

 private:
  std::unique_ptr<ByteSource> source_;
  const std::uint64_t size_, end_begin_;
  std::uint64_t reached_ = 0;
};

class ZipReader final : public ArchiveReader {
 public:
  ZipReader(std::unique_ptr<ByteSource> source, ZipDirectory directory, Helpers* helpers)
      : directory_(std::move(directory)),
        source_(std::make_unique<CountedSource>(std::move(source), directory_.begin)),
        walk_(walk_zip(placed())),
        splitter_(placed(), directory_.members),
        units_(helpers) {}

  bool next(ArchiveEntry& entry) override {
    if (delivers()) walk_->pass_over();
    piece_ = nullptr;
    stream_.reset();
    if (!walk_->next(entry)) {
      // Of the last member libarchive has not passed over anything yet.
      if (walk_->problem().empty()) walk_->read_up_to(source_->reached());
      return false;
    }
    source_->reach_exactly(walk_->position());
    if (walk_->has_skipped()) give_up();
    if (!given_up_ && entry.reason.empty()) find_content();
    return true;
  }

  std::size_t read(char* out, std::size_t size) override {
    if (piece_ != nullptr) return read_piece(out, size);
    if (stream_ != nullptr) {
      if (const auto count = stream_->read(out, size)) {
        source_->reach(stream_->position());
        return *count;
      }
      go_on_in_order();
    }
    const std::size_t count = walk_->read(out, size);
    source_->reach_exactly(walk_->position());
    return count;
  }

  std::uint64_t hole() const override { return delivers() ? 0 : walk_->hole(); }
  void pass_hole(std::uint64_t count) override { walk_->pass_hole(count); }
  const std::string& member_problem() const override {
    static const std::string kNone;
    return delivers() ? kNone : walk_->member_problem();
  }
  const std::string& problem() const override { return walk_->problem(); }
  ByteSource& source() override { return *source_; }
  std::unique_ptr<ByteSource> release() override {
    give_up();
    walk_->release();
    return source_->release();
  }

 private:
  std::unique_ptr<ByteSource> placed() {
    return std::make_unique<PlacedSource>(source_->raw());
  }

  /// Whether the member at hand comes from here.
  bool delivers() const { return piece_ != nullptr || stream_ != nullptr; }

  /// From here on everything is libarchive's.
  void give_up() {
    given_up_ = true;
    units_.clear();
    unit_.reset();
  }

  void find_content() {
    const std::uint64_t begin = walk_->content_begin();
    const std::vector<ZipRecord>& members = directory_.members;
    while (at_ + 1 < members.size() && members[at_ + 1].begin < begin) ++at_;
    const ZipRecord& record = members[at_];
    if (is_large(record)) {
      stream_ = ZipStream::open(placed(), record);
      if (stream_ != nullptr && stream_->content_begin() != begin) stream_.reset();
    } else if (record.compressed > 0 && record.size > 0) {
      find_piece(begin);
    }
  }

  /// The piece whose content begins there, if there is one and it is good.
  void find_piece(std::uint64_t begin) {
    while (!is_out_of_units_ && (unit_ == nullptr || unit_->end <= begin)) {
      if (unit_ != nullptr) units_.recycle(*unit_);
      unit_ = std::static_pointer_cast<ZipUnit>(units_.next(splitter_));
      next_piece_ = 0;
      is_out_of_units_ = unit_ == nullptr;
    }
    if (unit_ == nullptr) return;
    auto& pieces = unit_->pieces;
    while (next_piece_ < pieces.size() && pieces[next_piece_].content_begin < begin)
      ++next_piece_;
    if (next_piece_ == pieces.size() || pieces[next_piece_].content_begin != begin) return;
    if (!pieces[next_piece_].good) return;
    piece_ = &pieces[next_piece_];
    delivered_ = 0;
  }

  std::size_t read_piece(char* out, std::size_t size) {
    const std::string_view rest = unit_->content(*piece_).substr(delivered_);
    const std::size_t count = rest.copy(out, size);
    delivered_ += count;
    // Neither is larger than 24 MiB.
    source_->reach(piece_->content_begin +
                   piece_->record.compressed * delivered_ / piece_->record.size);
    return count;
  }

  /// Leaves the member at hand, of which a part was delivered, to libarchive.
  void go_on_in_order() {
    std::vector<char> passed(256 << 10);
    for (std::uint64_t left = stream_->delivered(); left > 0;) {
      const std::size_t count =
          walk_->read(passed.data(),
                      static_cast<std::size_t>(std::min<std::uint64_t>(left, passed.size())));
      if (count == 0) break;  // the file is another one by now; its problems say so
      left -= count;
    }
    stream_.reset();
  }

  const ZipDirectory directory_;
  std::unique_ptr<CountedSource> source_;
  std::unique_ptr<ZipWalk> walk_;
  ZipSplitter splitter_;
  UnitQueue units_;
  std::shared_ptr<ZipUnit> unit_;  // at its turn
  bool is_out_of_units_ = false, given_up_ = false;
  std::size_t at_ = 0;          // in directory_: of the member at hand, or before it
  std::size_t next_piece_ = 0;  // of unit_
  // Of the member at hand: one of the two, or none where it is libarchive's.
  const ZipUnit::Piece* piece_ = nullptr;
  std::size_t delivered_ = 0;  // of the piece
  std::unique_ptr<ZipStream> stream_;
};

/// Whether the limits would end the archive if its list is true.
bool exceeds(const ZipDirectory& directory, const StreamOptions& options) {
  std::uint64_t out = 0;
  for (const ZipRecord& record : directory.members) {
    // No sum overflows: lies about sizes have no list.
    out += record.size;
    if (out > options.decoded_limit) return true;
    if (out > options.expansion_floor &&
        out / std::max<std::uint64_t>(options.expansion_limit, 1) > record.begin)
      return true;
  }
  return false;
}

}  // namespace

std::unique_ptr<ArchiveReader> open_zip(std::unique_ptr<ByteSource> source,
                                        const StreamOptions& options) {
  SPOOR_CHECK(source->size());
  if (options.helpers != nullptr) {
    auto directory = read_zip_directory(*source);
    if (directory && !exceeds(*directory, options))
      return std::make_unique<ZipReader>(std::move(source), std::move(*directory),
                                         options.helpers);
    source->seek(0);
  }
  return open_archive(std::move(source), "zip");
}

}  // namespace spoor
