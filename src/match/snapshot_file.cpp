// The snapshot's file: written aside and renamed, so that under its name there is always a
// whole one. Tested by snapshot_test.cpp.

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "match/snapshot_format.h"

namespace spoor::snapshot {
namespace {

Status write_all(FileDescriptor file, const std::byte* data, std::size_t size) {
  for (std::size_t done = 0; done < size;) {
    const ssize_t count =
        ::write(file.get(), data + done, std::min<std::size_t>(size - done, 64 << 20));
    if (count < 0) {
      if (errno == EINTR) continue;
      return fail("write: " + reason_of(errno));
    }
    done += static_cast<std::size_t>(count);
  }
  if (::fsync(file.get()) != 0) return fail("fsync: " + reason_of(errno));
  if (const int error = file.close(); error != 0) return fail("close: " + reason_of(error));
  return {};
}

constexpr std::string_view kAsideBegin = ".snapshot-", kAsideEnd = ".tmp";

/// Whether the file is locked by this descriptor from now on. A file system without locks has
/// none to respect.
bool lock(const FileDescriptor& file) {
  return ::flock(file.get(), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

/// A new file in the folder, locked, and its path. Unique within the process by a counter,
/// between processes by the id; O_EXCL keeps away from what a killed process of the same id
/// left behind. The name does not grow with that of the snapshot, which may be as long as a
/// name can be.
Result<FileDescriptor> create_aside(const std::string& folder, std::string& path) {
  static std::atomic<unsigned> counter{0};
  for (int tries = 0; tries < 100; ++tries) {
    path = folder + '/' + std::string(kAsideBegin) + std::to_string(::getpid()) + "-" +
           std::to_string(counter.fetch_add(1)) + std::string(kAsideEnd);
    FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.is_open() && errno != EEXIST) break;
    struct stat status {};
    // Another process may have taken it for a leftover before it was locked.
    if (file.is_open() && lock(file) && ::fstat(file.get(), &status) == 0 &&
        status.st_nlink > 0)
      return file;
  }
  return fail(path + ": " + reason_of(errno));
}

/// Removes what killed processes left in the folder: files that nobody holds a lock on.
void sweep_asides(const std::string& folder) {
  std::error_code error;
  const std::filesystem::directory_iterator end;
  for (std::filesystem::directory_iterator entry(folder, error); !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.size() < kAsideBegin.size() + kAsideEnd.size() || !name.starts_with(kAsideBegin) ||
        !name.ends_with(kAsideEnd))
      continue;
    const FileDescriptor file(
        ::open(entry->path().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat status {};
    if (file.is_open() && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0 &&
        ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode))
      ::unlink(entry->path().c_str());
  }
}

}  // namespace

Status write_snapshot_file(const std::string& path, std::unique_ptr<std::byte[]> bytes,
                           std::size_t size) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "."
                             : slash == 0               ? "/"
                                                        : path.substr(0, slash);
  sweep_asides(folder);
  std::string aside;
  auto file = create_aside(folder, aside);
  if (!file) return fail(file.error());
  // The lock lasts until the file has its own name.
  const FileDescriptor held(::fcntl(file->get(), F_DUPFD_CLOEXEC, 0));
  if (Status written = write_all(*std::move(file), bytes.get(), size); !written) {
    ::unlink(aside.c_str());
    return fail(written.error().at(aside));
  }
  bytes.reset();
  if (::rename(aside.c_str(), path.c_str()) != 0) {
    const std::string reason = reason_of(errno);
    ::unlink(aside.c_str());
    return fail(path + ": rename: " + reason);
  }
  const FileDescriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.is_open()) return fail(folder + ": " + reason_of(errno));
  // Some file systems cannot sync a folder and say EINVAL; the rename is then as durable as
  // they get.
  if (::fsync(directory.get()) != 0 && errno != EINVAL)
    return fail(folder + ": fsync: " + reason_of(errno));
  return {};
}

}  // namespace spoor::snapshot
