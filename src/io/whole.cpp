// Whole small files: reading one after decompression, and replacing one so that a crash leaves
// the old content or the new (aside, fsync, rename, fsync of the folder: POSIX promises no less
// and no more). Tested by whole_test.cpp.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>

#include "io/archive.h"
#include "io/bytes.h"
#include "io/source.h"

namespace spoor {
namespace {

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

/// Writes `text` to the new file `aside` and makes it durable.
Status write_aside(const std::string& aside, std::string_view text, mode_t mode,
                   bool keep_mode) {
  FileDescriptor file(::open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!file.open()) return fail(errno_text(errno));
  if (keep_mode && ::fchmod(file.get(), mode) != 0) return fail("chmod: " + errno_text(errno));
  if (Status written = write_all(file.get(), text); !written) return written;
  if (::fsync(file.get()) != 0) return fail("fsync: " + errno_text(errno));
  if (::close(file.release()) != 0) return fail("close: " + errno_text(errno));
  return {};
}

}  // namespace

Result<std::string> read_whole(const std::string& path, std::uint64_t limit) {
  InputFile file;
  file.shown = file.path = path;
  file.named = true;
  auto raw = file_source(file, {});
  if (!raw) return fail(raw.error().at(path));
  // Unlimited but for `limit`, which is checked at each step.
  Decoded decoded = decode(std::move(*raw), nullptr);
  const std::string head = look_ahead(decoded.source, kArchiveHeadBytes);
  constexpr const char* kExpected = ", expected plain text, gzip, zstd, xz, bzip2 or lz4";
  if (!decoded.undecoded.empty())
    return fail(path + ": is compressed with " + decoded.undecoded + kExpected);
  if (const auto form = archive_form(head); !form.empty())
    return fail(path + ": is a " + std::string(form) + " archive" + kExpected);
  std::string text;
  for (;;) {
    const std::size_t old = text.size();
    constexpr std::size_t kStep = 256 << 10;
    text.resize(old + kStep);
    const std::size_t count = decoded.source->read(text.data() + old, kStep);
    text.resize(old + count);
    if (text.size() > limit) {
      return fail(path + ": holds more than " + std::to_string(limit) + " bytes");
    }
    if (count == 0) break;
  }
  std::vector<Skip> problems;
  decoded.source->problems(problems);
  for (const Skip& problem : problems) {
    if (problem.incomplete) return fail(path + ": " + problem.reason);
  }
  return text;
}

Status write_whole(const std::string& path, std::string_view text) {
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
  if (Status written = write_aside(aside, text, mode, exists); !written) {
    ::unlink(aside.c_str());
    return fail(written.error().at(aside));
  }
  if (::rename(aside.c_str(), target.c_str()) != 0) {
    const std::string reason = errno_text(errno);
    ::unlink(aside.c_str());
    return fail(path + ": rename: " + reason);
  }
  const std::size_t slash = target.rfind('/');
  const std::string folder = slash == std::string::npos ? "."
                             : slash == 0               ? "/"
                                                        : target.substr(0, slash);
  FileDescriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.open()) return fail(folder + ": " + errno_text(errno));
  // Some file systems cannot sync a folder and say EINVAL; the rename is then as durable as
  // they get.
  if (::fsync(directory.get()) != 0 && errno != EINVAL) {
    return fail(folder + ": fsync: " + errno_text(errno));
  }
  return {};
}

}  // namespace spoor
