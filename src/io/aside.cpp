#include "io/aside.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <utility>

#include "io/bytes.h"

namespace spoor {
namespace {

constexpr std::size_t kBufferBytes = 64 << 10;

/// The place that `path` leads to, so that replacing it does not replace a link.
std::string target_of(const std::string& path) {
  char buffer[PATH_MAX];
  return ::realpath(path.c_str(), buffer) != nullptr ? std::string(buffer) : path;
}

Status write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return fail("write: " + errno_text(errno));
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Status sync_folder_of(const std::string& target) {
  const std::size_t slash = target.rfind('/');
  const std::string folder = slash == std::string::npos ? "."
                             : slash == 0               ? "/"
                                                        : target.substr(0, slash);
  FileDescriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.open()) return fail(folder + ": " + errno_text(errno));
  // Some file systems cannot sync a folder and say EINVAL; the rename is then as durable as
  // they get.
  if (::fsync(directory.get()) != 0 && errno != EINVAL)
    return fail(folder + ": fsync: " + errno_text(errno));
  return {};
}

}  // namespace

AsideFile::AsideFile(std::string path, std::string target, std::string aside, int fd)
    : path_(std::move(path)), target_(std::move(target)), aside_(std::move(aside)), fd_(fd) {}

AsideFile::~AsideFile() {
  if (fd_ >= 0) ::close(fd_);
  if (!aside_.empty()) ::unlink(aside_.c_str());
}

Result<std::unique_ptr<AsideFile>> AsideFile::create(const std::string& path) {
  const std::string target = target_of(path);
  struct stat old {};
  const bool exists = ::stat(target.c_str(), &old) == 0;
  if (exists && !S_ISREG(old.st_mode)) return fail(path + ": is no regular file");

  // Unique within the process by the counter, between processes by the id; O_EXCL catches the
  // rest.
  static std::atomic<unsigned> counter{0};
  const std::string aside = target + ".tmp-" + std::to_string(::getpid()) + "-" +
                            std::to_string(counter.fetch_add(1));
  const mode_t mode = exists ? old.st_mode & 07777 : 0644;
  const int fd = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0) return fail(aside + ": " + errno_text(errno));
  std::unique_ptr<AsideFile> file(new AsideFile(path, target, aside, fd));
  if (exists && ::fchmod(fd, mode) != 0) return fail(aside + ": chmod: " + errno_text(errno));
  return file;
}

Status AsideFile::write(std::string_view text) {
  buffer_ += text;
  return buffer_.size() < kBufferBytes ? Status{} : flush();
}

Status AsideFile::flush() {
  if (Status written = write_all(fd_, buffer_); !written)
    return fail(written.error().at(aside_));
  buffer_.clear();
  return {};
}

Status AsideFile::commit() {
  if (Status flushed = flush(); !flushed) return flushed;
  if (::fsync(fd_) != 0) return fail(aside_ + ": fsync: " + errno_text(errno));
  if (::close(std::exchange(fd_, -1)) != 0)
    return fail(aside_ + ": close: " + errno_text(errno));
  if (::rename(aside_.c_str(), target_.c_str()) != 0)
    return fail(path_ + ": rename: " + errno_text(errno));
  aside_.clear();
  return sync_folder_of(target_);
}

}  // namespace spoor
