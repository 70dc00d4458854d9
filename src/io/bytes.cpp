#include "io/bytes.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/ascii.h"

namespace spoor {
namespace {

class MemorySource final : public ByteSource {
 public:
  MemorySource(std::string bytes, std::size_t step) : bytes_(std::move(bytes)), step_(step) {}

  std::size_t read(char* out, std::size_t size) override {
    const std::size_t count = std::min({size, step_, bytes_.size() - at_});
    if (count > 0) std::memcpy(out, bytes_.data() + at_, count);
    at_ += count;
    return count;
  }
  std::uint64_t bytes_read() const override { return at_; }
  void problems(std::vector<Skip>&) const override {}

 private:
  std::string bytes_;
  std::size_t step_;
  std::size_t at_ = 0;
};

class FileSource final : public ByteSource {
 public:
  FileSource(int fd, bool regular, std::uint64_t limit, std::stop_token stop)
      : fd_(fd), regular_(regular), limit_(limit), stop_(std::move(stop)) {}

  std::size_t read(char* out, std::size_t size) override {
    if (ended_) return 0;
    if (limit_ > 0) {
      size = static_cast<std::size_t>(std::min<std::uint64_t>(size, limit_ - read_));
      if (size == 0) {
        ended_ = true;
        return 0;
      }
    }
    for (;;) {
      if (!regular_ && !wait_for_input()) return end("stopped before its end");
      const ssize_t count = ::read(fd_.get(), out, size);
      if (count > 0) {
        read_ += static_cast<std::uint64_t>(count);
        return static_cast<std::size_t>(count);
      }
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) {
        return end("read error after " + std::to_string(read_) +
                   " bytes: " + errno_text(errno));
      }
      if (limit_ > 0 && read_ < limit_) {
        return end("shrank to " + std::to_string(read_) +
                   " bytes while it was read, expected " + std::to_string(limit_));
      }
      ended_ = true;
      return 0;
    }
  }
  std::uint64_t bytes_read() const override { return read_; }
  void problems(std::vector<Skip>& out) const override {
    if (problem_.empty()) return;
    Skip skip;
    skip.reason = problem_;
    skip.bytes = limit_ > read_ ? limit_ - read_ : 0;
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
    for (;;) {
      if (stop_.stop_requested()) return false;
      pollfd entry{fd_.get(), POLLIN, 0};
      const int ready = ::poll(&entry, 1, 100);
      if (ready > 0 || (ready < 0 && errno != EINTR)) return true;
    }
  }

  FileDescriptor fd_;
  bool regular_;
  std::uint64_t limit_;  // 0: until the end
  std::stop_token stop_;
  std::uint64_t read_ = 0;
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

Result<std::unique_ptr<ByteSource>> file_source(const InputFile& file, std::stop_token stop) {
  int fd = -1;
  if (file.path == "-") {
    fd = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
  } else {
    // Not named: a fifo put in the file's place since the walk must not make open() wait, and
    // files of /proc that wait for events must not make read() wait.
    const int waiting = file.named ? 0 : O_NONBLOCK;
    do {
      fd = ::open(file.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | waiting);
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
  return std::make_unique<FileSource>(owner.release(), regular, limit, std::move(stop));
}

}  // namespace spoor
