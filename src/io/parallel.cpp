#include "io/parallel.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <utility>
#include <vector>

#include "base/check.h"

namespace spoor {
namespace {

/// Lends a source to one reader after the other; counts what each was given.
class LentSource final : public ByteSource {
 public:
  explicit LentSource(ByteSource& source) : source_(source) {}

  std::size_t read(char* out, std::size_t size) override {
    const std::size_t count = source_.read(out, size);
    at_ += count;
    furthest_ = std::max(furthest_, at_);
    return count;
  }
  std::uint64_t bytes_read() const override { return furthest_; }
  std::optional<std::uint64_t> size() const override { return source_.size(); }
  bool seek(std::uint64_t offset) override {
    if (!source_.seek(offset)) return false;
    at_ = offset;
    return true;
  }
  std::optional<Time> modified() const override { return source_.modified(); }
  void problems(std::vector<Skip>& out) const override { source_.problems(out); }

 private:
  ByteSource& source_;
  std::uint64_t at_ = 0, furthest_ = 0;
};

class ParallelSource final : public ByteSource {
 public:
  ParallelSource(std::unique_ptr<ByteSource> source, const DecoderRow& row, Helpers* helpers)
      : source_(std::move(source)),
        row_(row),
        units_(helpers),
        splitter_(row.split(std::make_unique<LentSource>(*source_))) {}

  std::size_t read(char* out, std::size_t size) override {
    while (size > 0) {
      if (sequential_ != nullptr) {
        const std::size_t count = sequential_->read(out, size);
        ended_ = ended_ || count == 0;
        return count;
      }
      if (unit_ != nullptr && at_ < unit_->size) {
        const std::size_t count = std::min(size, unit_->size - at_);
        std::memcpy(out, unit_->out.bytes.get() + at_, count);
        at_ += count;
        return count;
      }
      if (!next_unit()) {
        ended_ = true;
        return 0;
      }
    }
    return 0;
  }

  std::uint64_t bytes_read() const override {
    // At the end what was looked at ahead of damage, too: the account of the file's bytes.
    if (ended_) return source_->bytes_read();
    return sequential_ == nullptr ? read_ : std::max(read_, sequential_->bytes_read());
  }

  // No unit says it: see split_gzip.cpp.
  std::optional<Time> modified() const override {
    return sequential_ == nullptr ? source_->modified() : sequential_->modified();
  }

  void problems(std::vector<Skip>& out) const override {
    if (sequential_ != nullptr) {
      sequential_->problems(out);
    } else {
      source_->problems(out);
    }
    if (!problem_.empty()) {
      Skip skip;
      skip.reason = problem_;
      skip.incomplete = true;
      out.push_back(std::move(skip));
    }
  }

 private:
  /// Goes on to the next unit, or to the sequential decoder. False where neither can be.
  bool next_unit() {
    if (!problem_.empty()) return false;
    if (unit_ != nullptr) units_.recycle(*unit_);
    unit_ = units_.next(*splitter_);
    if (unit_ == nullptr) return go_on_sequentially(splitter_->place());
    at_ = 0;
    if (!unit_->good || !splitter_->accepts(*unit_)) {
      const ResumePlace place = unit_->place;
      unit_->release();
      unit_ = nullptr;
      return go_on_sequentially(place);
    }
    if (!unit_->place.inside) stream_begin_ = decoded_;
    decoded_ += unit_->size;
    read_ = unit_->end;
    return true;
  }

  bool go_on_sequentially(ResumePlace place) {
    units_.clear();
    splitter_.reset();  // and its buffer
    if (!place.inside) stream_begin_ = decoded_;
    if (!source_->seek(place.position)) {
      problem_ = std::string(row_.name) + ": cannot be read again at " +
                 std::to_string(place.position);
      return false;
    }
    auto lent = std::make_unique<LentSource>(*source_);
    lent->seek(place.position);
    sequential_ = row_.make(std::move(lent), {place.position, place.members, stream_begin_});
    // What was delivered of the stream that begins there.
    std::vector<char> passed(std::min<std::uint64_t>(decoded_ - stream_begin_, 256 << 10));
    for (std::uint64_t left = decoded_ - stream_begin_; left > 0;) {
      const std::size_t count = sequential_->read(
          passed.data(),
          static_cast<std::size_t>(std::min<std::uint64_t>(left, passed.size())));
      if (count == 0) break;  // the file is another one by now; its problems say so
      left -= count;
    }
    return true;
  }

  std::unique_ptr<ByteSource> source_;
  const DecoderRow& row_;
  UnitQueue units_;
  std::unique_ptr<Splitter> splitter_;
  std::shared_ptr<Unit> unit_;  // at its turn
  std::size_t at_ = 0;          // delivered of it
  bool ended_ = false;
  std::uint64_t decoded_ = 0;
  std::uint64_t stream_begin_ = 0;  // of what is decoded: of the stream at hand
  std::uint64_t read_ = 0;          // in the file: the end of the last unit
  std::unique_ptr<ByteSource> sequential_;
  std::string problem_;
};

}  // namespace

bool SharedWork::run() {
  if (!cancel()) return false;
  work();
  const std::lock_guard lock(mutex_);
  done_ = true;
  ended_.notify_all();
  return true;
}

bool SharedWork::is_done() {
  const std::lock_guard lock(mutex_);
  return done_;
}

void SharedWork::wait() {
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [&] { return done_; });
}

void RawBuffer::make_room(std::size_t count) {
  if (capacity >= count) return;
  bytes.reset();
  bytes = std::make_unique_for_overwrite<char[]>(count);
  capacity = count;
}

void Unit::charge(Helpers* helpers) {
  if (helpers == nullptr) return;
  helpers_ = helpers;
  charged_ = in.capacity() + std::max(most, out.capacity);
  helpers_->charge(charged_);
}

void Unit::release() {
  in = std::string();
  out = RawBuffer();
  if (helpers_ != nullptr) helpers_->discharge(charged_);
  helpers_ = nullptr;
}

UnitQueue::UnitQueue(Helpers* helpers)
    : helpers_(helpers),
      window_(helpers == nullptr || helpers->threads() < 2 ? 1 : 2 * helpers->threads()) {}

std::shared_ptr<Unit> UnitQueue::next(Splitter& splitter) {
  read_ahead(splitter);
  if (units_.empty()) return nullptr;
  const std::shared_ptr<Unit> unit = std::move(units_.front());
  units_.pop_front();
  finish(*unit);
  return unit;
}

void UnitQueue::recycle(Unit& unit) {
  // What is used again and again; of large ones no more than the next unit needs.
  constexpr std::size_t kSmall = 4 << 20;
  const bool small = unit.out.capacity <= kSmall;
  if (!ended_ && (small ? spare_.size() < window_ : spare_.empty()))
    spare_.push_back(std::move(unit.out));
  unit.release();
}

void UnitQueue::clear() {
  for (const auto& unit : units_) {
    if (unit->cancel() || unit->is_done()) unit->release();
  }
  units_.clear();
  spare_.clear();
  ended_ = true;
}

void UnitQueue::read_ahead(Splitter& splitter) {
  while (!ended_ && units_.size() < window_) {
    if (!units_.empty() && !helpers_->has_room()) return;
    std::shared_ptr<Unit> unit = splitter.next();
    if (unit == nullptr) {
      ended_ = true;
      return;
    }
    if (!spare_.empty()) {
      unit->out = std::move(spare_.back());
      spare_.pop_back();
    }
    unit->charge(helpers_);
    // The first is done here, at once.
    if (helpers_ != nullptr && !units_.empty()) helpers_->offer(unit);
    units_.push_back(std::move(unit));
  }
}

/// Decodes `unit`, or, while another thread does, what comes after it.
void UnitQueue::finish(Unit& unit) {
  if (unit.run()) return;
  for (const auto& later : units_) {
    if (unit.is_done()) return;
    later->run();
  }
  unit.wait();
}

bool append(Input& input, std::size_t count, std::string& to) {
  // At once, and no more than is there: what a header says may be a lie.
  to.reserve(to.size() + std::min<std::uint64_t>(count, input.source().size().value_or(0)));
  while (count > 0) {
    const std::string_view part = input.peek(1).substr(0, count);
    if (part.empty()) return false;
    to.append(part);
    input.take(part.size());
    count -= part.size();
  }
  return true;
}

std::uint64_t little_endian(std::string_view bytes, std::size_t at, std::size_t count) {
  SPOOR_CHECK(at + count <= bytes.size());
  std::uint64_t value = 0;
  for (std::size_t i = count; i-- > 0;)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

std::unique_ptr<ByteSource> parallel_source(std::unique_ptr<ByteSource> source,
                                            const DecoderRow& row, Helpers* helpers) {
  SPOOR_CHECK(row.split != nullptr && source->size());
  return std::make_unique<ParallelSource>(std::move(source), row, helpers);
}

}  // namespace spoor
