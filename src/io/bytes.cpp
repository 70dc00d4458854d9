#include "io/bytes.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <system_error>

#include "base/ascii.h"
#include "io/foreign_root.h"
#include "io/raw_account.h"

namespace spoor {
namespace {

/// How many bytes of a file were read, whatever the order and how often.
class Coverage {
 public:
  void add(std::uint64_t begin, std::uint64_t end) {
    if (begin >= end) return;
    if (!ranges_.empty() && ranges_.rbegin()->second == begin) {  // the usual case
      ranges_.rbegin()->second = end;
      bytes_ += end - begin;
      return;
    }
    auto at = ranges_.upper_bound(begin);
    if (at != ranges_.begin() && std::prev(at)->second >= begin) --at;
    while (at != ranges_.end() && at->first <= end) {
      begin = std::min(begin, at->first);
      end = std::max(end, at->second);
      bytes_ -= at->second - at->first;
      at = ranges_.erase(at);
    }
    ranges_.emplace(begin, end);
    bytes_ += end - begin;
    // A file that is read from thousands of places: no more is remembered, and what is read
    // again counts again.
    if (ranges_.size() > kMostRanges) ranges_.erase(ranges_.begin());
  }
  std::uint64_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kMostRanges = 4096;
  std::map<std::uint64_t, std::uint64_t> ranges_;  // begin and end; disjoint
  std::uint64_t bytes_ = 0;
};

class MemorySource final : public ByteSource {
 public:
  MemorySource(std::string bytes, std::size_t step) : bytes_(std::move(bytes)), step_(step) {}

  std::size_t read(char* out, std::size_t size) override {
    const std::size_t count = std::min({size, step_, bytes_.size() - at_});
    if (count > 0) std::memcpy(out, bytes_.data() + at_, count);
    covered_.add(at_, at_ + count);
    at_ += count;
    return count;
  }
  std::uint64_t bytes_read() const override { return covered_.bytes(); }
  std::optional<std::uint64_t> size() const override { return bytes_.size(); }
  bool seek(std::uint64_t offset) override {
    if (offset > bytes_.size()) return false;
    at_ = static_cast<std::size_t>(offset);
    return true;
  }
  void problems(std::vector<Skip>&) const override {}

 private:
  std::string bytes_;
  std::size_t step_;
  std::size_t at_ = 0;
  Coverage covered_;
};

/// Gives back the bytes that were looked at.
class PeekSource final : public ByteSource {
 public:
  PeekSource(std::string head, std::unique_ptr<ByteSource> source)
      : head_(std::move(head)), source_(std::move(source)) {}

  std::size_t read(char* out, std::size_t size) override {
    if (at_ == head_.size()) return source_->read(out, size);
    const std::size_t count = std::min(size, head_.size() - at_);
    std::memcpy(out, head_.data() + at_, count);
    at_ += count;
    return count;
  }
  std::uint64_t bytes_read() const override { return source_->bytes_read(); }
  std::optional<Time> modified() const override { return source_->modified(); }
  std::optional<std::uint64_t> size() const override { return source_->size(); }
  bool seek(std::uint64_t offset) override {
    if (!source_->seek(offset)) return false;
    at_ = head_.size();
    return true;
  }
  std::uint64_t hole() override { return at_ == head_.size() ? source_->hole() : 0; }
  bool is_quiet() override { return at_ == head_.size() && source_->is_quiet(); }
  void pass_hole(std::uint64_t count) override { source_->pass_hole(count); }
  void problems(std::vector<Skip>& out) const override { source_->problems(out); }

 private:
  std::string head_;
  std::size_t at_ = 0;
  std::unique_ptr<ByteSource> source_;
};

class LimitedSource final : public ByteSource {
 public:
  LimitedSource(std::unique_ptr<ByteSource> source, std::shared_ptr<Budget> budget,
                std::shared_ptr<std::uint64_t> out)
      : source_(std::move(source)), budget_(std::move(budget)), out_(std::move(out)) {}

  std::size_t read(char* out, std::size_t size) override {
    if (budget_->is_over()) return 0;
    const std::size_t count = source_->read(out, size);
    if (!budget_->spend(*out_, count, source_->bytes_read())) problem_ = budget_->reason();
    return count;
  }
  std::uint64_t bytes_read() const override { return source_->bytes_read(); }
  std::optional<Time> modified() const override { return source_->modified(); }
  // What is passed over costs nothing, so it is not counted as what came out.
  std::uint64_t hole() override { return budget_->is_over() ? 0 : source_->hole(); }
  void pass_hole(std::uint64_t count) override { source_->pass_hole(count); }
  bool is_quiet() override { return !budget_->is_over() && source_->is_quiet(); }
  void problems(std::vector<Skip>& out) const override {
    source_->problems(out);
    if (problem_.empty()) return;
    Skip skip;
    skip.reason = problem_;
    skip.incomplete = true;
    out.push_back(std::move(skip));
  }

 private:
  std::unique_ptr<ByteSource> source_;
  std::shared_ptr<Budget> budget_;
  std::shared_ptr<std::uint64_t> out_;
  std::string problem_;
};

class FileSource final : public ByteSource {
 public:
  FileSource(int fd, bool regular, std::uint64_t limit, std::stop_token stop,
             std::shared_ptr<RawAccount> account)
      : fd_(fd),
        regular_(regular),
        limit_(limit),
        stop_(std::move(stop)),
        account_(std::move(account)) {}

  std::size_t read(char* out, std::size_t size) override {
    if (ended_) return 0;
    if (limit_ > 0) {
      size = static_cast<std::size_t>(std::min<std::uint64_t>(size, limit_ - at_));
      if (size == 0) {
        ended_ = true;
        return 0;
      }
    }
    for (;;) {
      if (!regular_ && !wait_for_input()) return end("stopped before its end");
      const ssize_t count = ::read(fd_.get(), out, size);
      if (count > 0) {
        covered_.add(at_, at_ + static_cast<std::uint64_t>(count));
        if (account_ != nullptr)
          account_->add(at_, {out, static_cast<std::size_t>(count)}, covered_.bytes());
        at_ += static_cast<std::uint64_t>(count);
        return static_cast<std::size_t>(count);
      }
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) {
        return end("read error after " + std::to_string(at_) + " bytes: " + errno_text(errno));
      }
      if (limit_ > 0 && at_ < limit_) {
        return end("shrank to " + std::to_string(at_) + " bytes while it was read, expected " +
                   std::to_string(limit_));
      }
      ended_ = true;
      return 0;
    }
  }
  std::uint64_t bytes_read() const override { return covered_.bytes(); }
  std::optional<std::uint64_t> size() const override {
    return limit_ > 0 ? std::optional(limit_) : std::nullopt;
  }
  bool seek(std::uint64_t offset) override {
    if (limit_ == 0 || offset > limit_ ||
        ::lseek(fd_.get(), static_cast<off_t>(offset), SEEK_SET) < 0)
      return false;
    at_ = offset;
    ended_ = !problem_.empty();
    return true;
  }
  bool is_quiet() override {
    return !regular_ && !ended_ && !has_input_soon() && !stop_.stop_requested();
  }
  std::uint64_t hole() override {
    if (limit_ == 0 || ended_) return 0;
    const auto here = static_cast<off_t>(at_);
    const off_t data = ::lseek(fd_.get(), here, SEEK_DATA);
    // No data behind: the hole reaches to the end. Other errors: the system knows no holes.
    const bool to_the_end = data < 0 && errno == ENXIO;
    if (::lseek(fd_.get(), here, SEEK_SET) != here) return 0;
    if (data < here && !to_the_end) return 0;
    const std::uint64_t end = to_the_end ? limit_ : static_cast<std::uint64_t>(data);
    return std::min(end, limit_) - at_;
  }
  void pass_hole(std::uint64_t count) override {
    if (::lseek(fd_.get(), static_cast<off_t>(at_ + count), SEEK_SET) < 0) {
      end("read error after " + std::to_string(at_) + " bytes: " + errno_text(errno));
      return;
    }
    covered_.add(at_, at_ + count);
    if (account_ != nullptr) account_->add(at_ + count, {}, covered_.bytes());
    at_ += count;
  }
  void problems(std::vector<Skip>& out) const override {
    if (problem_.empty()) return;
    Skip skip;
    skip.reason = problem_;
    skip.bytes = limit_ > at_ ? limit_ - at_ : 0;
    skip.incomplete = true;
    out.push_back(std::move(skip));
  }

 private:
  std::size_t end(std::string problem) {
    problem_ = std::move(problem);
    ended_ = true;
    return 0;
  }

  /// A pipe or terminal may have nothing for hours: looks up every 100 ms whether to stop.
  bool wait_for_input() {
    while (!stop_.stop_requested()) {
      if (has_input_soon()) return true;
    }
    return false;
  }

  /// False where nothing came for a tenth of a second.
  bool has_input_soon() const {
    pollfd entry{fd_.get(), POLLIN, 0};
    const int ready = ::poll(&entry, 1, 100);
    return ready > 0 || (ready < 0 && errno != EINTR);
  }

  FileDescriptor fd_;
  bool regular_;
  std::uint64_t limit_;  // 0: until the end
  std::stop_token stop_;
  std::shared_ptr<RawAccount> account_;
  std::uint64_t at_ = 0;
  Coverage covered_;
  bool ended_ = false;
  std::string problem_;
};

const char* kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "is a folder";
  if (S_ISFIFO(mode)) return "is a fifo";
  if (S_ISSOCK(mode)) return "is a socket";
  if (S_ISCHR(mode)) return "is a character device";
  if (S_ISBLK(mode)) return "is a block device";
  return "is no regular file";
}

/// A source that was read into memory as far as allowed; seeks where that was all of it.
class KeptSource final : public ByteSource {
 public:
  KeptSource(std::unique_ptr<ByteSource> source, std::size_t most)
      : source_(std::move(source)) {
    constexpr std::size_t kStep = 256 << 10;
    while (kept_.size() < most) {
      const std::size_t old = kept_.size();
      const std::size_t step = std::min(kStep, most - old);
      kept_.resize(old + step);
      const std::size_t count = source_->read(kept_.data() + old, step);
      kept_.resize(old + count);
      if (count == 0) {
        whole_ = true;
        return;
      }
    }
  }

  std::size_t read(char* out, std::size_t size) override {
    if (at_ == kept_.size() && !whole_) return source_->read(out, size);
    const std::size_t count = kept_.copy(out, std::min(size, kept_.size() - at_), at_);
    at_ += count;
    return count;
  }
  std::uint64_t bytes_read() const override { return source_->bytes_read(); }
  std::optional<Time> modified() const override { return source_->modified(); }
  std::optional<std::uint64_t> size() const override {
    return whole_ ? std::optional<std::uint64_t>(kept_.size()) : std::nullopt;
  }
  bool seek(std::uint64_t offset) override {
    if (!whole_ || offset > kept_.size()) return false;
    at_ = static_cast<std::size_t>(offset);
    return true;
  }
  void problems(std::vector<Skip>& out) const override { source_->problems(out); }

 private:
  std::unique_ptr<ByteSource> source_;
  std::string kept_;
  std::size_t at_ = 0;
  bool whole_ = false;
};

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

std::string errno_text(int error) {
  return lower(std::generic_category().message(error));
}

std::unique_ptr<ByteSource> memory_source(std::string bytes, std::size_t step) {
  return std::make_unique<MemorySource>(std::move(bytes), std::max<std::size_t>(step, 1));
}

bool Budget::spend(std::uint64_t& out, std::uint64_t count, std::uint64_t read) {
  out += count;
  if (is_over()) return false;
  if (out > options_.expansion_floor &&
      out / std::max<std::uint64_t>(options_.expansion_limit, 1) > read) {
    reason_ = "decompresses to more than " + std::to_string(options_.expansion_limit) +
              " times its size: stopped after " + std::to_string(out) + " bytes";
  } else if (out > options_.decoded_limit && out > read) {
    reason_ = "decompresses to more than " + std::to_string(options_.decoded_limit) +
              " bytes: stopped after " + std::to_string(out);
  }
  return !is_over();
}

std::unique_ptr<ByteSource> limited(std::unique_ptr<ByteSource> source,
                                    std::shared_ptr<Budget> budget,
                                    std::shared_ptr<std::uint64_t> out) {
  return std::make_unique<LimitedSource>(std::move(source), std::move(budget), std::move(out));
}

std::unique_ptr<ByteSource> kept_source(std::unique_ptr<ByteSource> source, std::size_t most) {
  return std::make_unique<KeptSource>(std::move(source), most);
}

std::string look_ahead(std::unique_ptr<ByteSource>& source, std::size_t count) {
  std::string head(count, '\0');
  std::size_t size = 0;
  while (size < count) {
    const std::size_t got = source->read(head.data() + size, count - size);
    if (got == 0) break;
    size += got;
    const bool has_line = std::memchr(head.data(), '\n', size) != nullptr;
    if (size < count && has_line && source->is_quiet()) break;
  }
  head.resize(size);
  source = std::make_unique<PeekSource>(head, std::move(source));
  return head;
}

std::unique_ptr<ByteSource> descriptor_source(int fd, std::uint64_t limit, std::stop_token stop,
                                              std::shared_ptr<RawAccount> account) {
  return std::make_unique<FileSource>(fd, true, limit, std::move(stop), std::move(account));
}

Result<std::unique_ptr<ByteSource>> file_source(const InputFile& file, std::stop_token stop,
                                                std::shared_ptr<RawAccount> account) {
  int fd = -1;
  if (file.path == "-") {
    fd = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
  } else {
    // Not named: a fifo put in the file's place since the walk must not make open() wait, and
    // files of /proc that wait for events must not make read() wait.
    const int waiting = file.named ? 0 : O_NONBLOCK;
    do {
      const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | waiting;
      fd = file.no_links ? open_without_links(file.path, flags)
                         : ::open(file.path.c_str(), flags);
    } while (fd < 0 && errno == EINTR);
  }
  if (fd < 0) return fail(errno_text(errno));
  FileDescriptor owner(fd);
  struct stat info {};
  if (::fstat(fd, &info) != 0) return fail(errno_text(errno));
  const bool regular = S_ISREG(info.st_mode);
  if (S_ISDIR(info.st_mode)) return fail(kind_of(info.st_mode));
  if (!regular && !file.named) return fail(kind_of(info.st_mode));
  // Standard input may be a file that was read in part already: its end is not st_size bytes
  // away.
  std::uint64_t limit = 0;
  if (regular && file.path != "-" && info.st_size > 0) {
    limit = static_cast<std::uint64_t>(info.st_size);
    ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  if (account != nullptr) account->open(fd, info, limit);
  return std::make_unique<FileSource>(owner.release(), regular, limit, std::move(stop),
                                      std::move(account));
}

Result<bool> end_of_stream(const std::vector<Skip>& skips) {
  std::string message;
  for (const Skip& skip : skips) {
    if (!skip.incomplete) continue;
    if (!message.empty()) message += "; ";
    message += skip.reason;
  }
  if (message.empty()) return false;
  return fail(std::move(message));
}

std::string joined_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

}  // namespace spoor
