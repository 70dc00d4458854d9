#include "io/foreign_root.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>

#include "base/ascii.h"
#include "io/bytes.h"

namespace spoor {
namespace {

constexpr int kMostLinks = 40;

/// The names of `path`, last one first, on top of `names`: a stack of what is still to go.
void push_names(std::string_view path, std::vector<std::string>& names) {
  const std::size_t old = names.size();
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0) names.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  std::reverse(names.begin() + static_cast<std::ptrdiff_t>(old), names.end());
}

/// 0 and where the link points, or errno.
int read_link_at(const std::string& path, std::string& target) {
  char buffer[PATH_MAX];
  const ssize_t size = ::readlink(path.c_str(), buffer, sizeof buffer);
  if (size < 0) return errno;
  target.assign(buffer, static_cast<std::size_t>(size));
  return 0;
}

}  // namespace

int open_without_links(const std::string& path, int flags) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_NO_SYMLINKS;
  const auto fd =
      static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how));
  // An older kernel, or a sandbox that does not know the call.
  if (fd < 0 && (errno == ENOSYS || errno == EPERM))
    return ::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW);
  return fd;
}

Result<ForeignRoot> ForeignRoot::open(const std::string& typed) {
  char buffer[PATH_MAX];
  if (::realpath(typed.c_str(), buffer) == nullptr) return fail(errno_text(errno));
  struct stat info {};
  if (::stat(buffer, &info) != 0) return fail(errno_text(errno));
  if (!S_ISDIR(info.st_mode)) return fail("found a file, expected a folder");
  ForeignRoot root;
  root.typed_ = typed;
  root.path_ = buffer;
  if (root.path_ == "/") root.path_.clear();
  return root;
}

int ForeignRoot::try_resolve(std::string_view inside, std::string& out) const {
  std::vector<std::string> names;
  push_names(inside, names);
  std::string at = path_;
  int links = 0;
  while (!names.empty()) {
    const std::string name = std::move(names.back());
    names.pop_back();
    if (name == ".") continue;
    if (name == "..") {
      // Above the root there is nothing, as above "/".
      if (at.size() > path_.size()) at.resize(at.rfind('/'));
      continue;
    }
    const std::string next = at + '/' + name;
    struct stat info {};
    if (::lstat(next.c_str(), &info) != 0) return errno;
    if (S_ISLNK(info.st_mode)) {
      if (++links > kMostLinks) return ELOOP;
      std::string target;
      if (const int error = read_link_at(next, target); error != 0) return error;
      if (target.substr(0, 1) == "/") at = path_;
      push_names(target, names);
      continue;
    }
    if (!names.empty() && !S_ISDIR(info.st_mode)) return ENOTDIR;
    at = next;
  }
  out = at.empty() ? "/" : at;
  return 0;
}

Result<std::string> ForeignRoot::resolve(std::string_view inside) const {
  std::string path;
  if (const int error = try_resolve(inside, path); error != 0) return fail(errno_text(error));
  return path;
}

std::string ForeignRoot::shown(std::string_view inside) const {
  std::string text = typed_;
  while (!inside.empty() && inside.front() == '/') inside.remove_prefix(1);
  if (inside.empty()) return text;
  if (text.back() != '/') text += '/';
  return text.append(inside);
}

Result<std::string> ForeignRoot::read_small(std::string_view inside, std::size_t limit) const {
  const auto path = resolve(inside);
  if (!path) return path;
  // Not to wait for a fifo.
  const FileDescriptor fd(open_without_links(*path, O_RDONLY | O_NONBLOCK | O_NOCTTY));
  if (!fd.open()) return fail(errno_text(errno));
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return fail(errno_text(errno));
  if (!S_ISREG(info.st_mode)) return fail("found no regular file");
  std::string bytes(limit + 1, '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t count = ::read(fd.get(), bytes.data() + size, bytes.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(errno_text(errno));
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  if (size > limit)
    return fail("found more than " + std::to_string(limit) + " bytes, expected a small file");
  bytes.resize(size);
  return bytes;
}

Result<std::string> ForeignRoot::read_link(std::string_view inside) const {
  const std::size_t slash = inside.rfind('/');
  const auto folder = resolve(slash == std::string_view::npos ? "" : inside.substr(0, slash));
  if (!folder) return folder;
  std::string target;
  const std::string path = *folder + '/' + std::string(inside.substr(slash + 1));
  if (const int error = read_link_at(path, target); error != 0) return fail(errno_text(error));
  return target;
}

std::string ForeignRoot::find_ignoring_case(std::string_view inside) const {
  std::vector<std::string> names;
  push_names(inside, names);
  std::string found;
  while (!names.empty()) {
    const auto folder = resolve(found);
    DIR* stream = folder ? ::opendir(folder->c_str()) : nullptr;
    if (stream == nullptr) return {};
    std::string best;
    while (const dirent* entry = ::readdir(stream)) {
      const std::string name = entry->d_name;
      if (equals_ignore_case(name, names.back()) && (best.empty() || name < best)) best = name;
    }
    ::closedir(stream);
    if (best.empty()) return {};
    found += '/' + best;
    names.pop_back();
  }
  return resolve(found) ? found : std::string();
}

}  // namespace spoor
