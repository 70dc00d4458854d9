// The walk over paths: iterative, so that depth costs heap and not stack; names sorted by byte
// value, so that two hunts of the same tree see the same order on any file system. Tested by
// walk_test.cpp.

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <unordered_set>

#include "io/bytes.h"
#include "io/foreign_root.h"
#include "io/source.h"

namespace spoor {
namespace {

/// What tells two names of one file: the device and the inode.
struct FileKey {
  dev_t device;
  ino_t inode;
  friend bool operator==(const FileKey&, const FileKey&) = default;
};
struct FileKeyHash {
  std::size_t operator()(const FileKey& key) const {
    // Fibonacci hashing: inodes are dense, the multiplication spreads them.
    return static_cast<std::size_t>((key.inode ^ (key.device << 40)) * 0x9E3779B97F4A7C15u);
  }
};

std::string joined(const std::string& folder, const std::string& name) {
  return !folder.empty() && folder.back() == '/' ? folder + name : folder + '/' + name;
}

std::string absolute_of(const std::string& path) {
  char buffer[PATH_MAX];
  return ::realpath(path.c_str(), buffer) != nullptr ? std::string(buffer) : std::string();
}

const char* special_kind(mode_t mode) {
  if (S_ISFIFO(mode)) return "is a fifo";
  if (S_ISSOCK(mode)) return "is a socket";
  if (S_ISCHR(mode)) return "is a character device";
  if (S_ISBLK(mode)) return "is a block device";
  return "is no regular file";
}

enum class Gap : std::uint8_t { kHarmless, kIncomplete };

class Walker {
 public:
  Walker(const std::function<void(const InputFile&)>& on_file,
         const std::function<void(const Skip&)>& on_skip, std::stop_token stop,
         const ForeignRoot* root)
      : on_file_(on_file), on_skip_(on_skip), stop_(std::move(stop)), root_(root) {}

  void walk(const std::string& path) {
    if (root_ != nullptr) {
      const std::string shown = root_->shown(path);
      const auto resolved = root_->resolve(path);
      if (!resolved) return skip_named(shown, resolved.error().message);
      return begin(shown, *resolved);
    }
    if (path == "-") {
      if (stdin_seen_) return skip(path, "standard input, already read", 0, Gap::kHarmless);
      stdin_seen_ = true;
      InputFile file;
      file.shown = file.path = "-";
      file.absolute = "<stdin>";
      file.named = true;
      return on_file_(file);
    }
    begin(path, path);
  }

 private:
  /// A path of the command line and all below it.
  void begin(const std::string& shown, const std::string& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return skip_named(shown, errno_text(errno));
    if (S_ISSOCK(info.st_mode) ||
        (root_ != nullptr && !S_ISDIR(info.st_mode) && !S_ISREG(info.st_mode)))
      return skip_named(shown, special_kind(info.st_mode));
    const std::string absolute = absolute_of(path);
    if (absolute.empty()) return skip_named(shown, errno_text(errno));
    if (!S_ISDIR(info.st_mode)) {
      if (S_ISREG(info.st_mode) && !first_sight(info)) return second_sight(shown, info);
      return found(shown, path, absolute, info, true);
    }
    if (!first_sight(info)) return second_sight(shown, info);
    enter(shown, path, absolute, true);
    while (!folders_.empty() && !stop_.stop_requested()) {
      Folder& folder = folders_.back();
      if (folder.at == folder.names.size()) {
        folders_.pop_back();
        continue;
      }
      const std::string name = std::move(folder.names[folder.at++]);
      // `folder` dangles once visit() has entered another one: what it needs is copied.
      visit(joined(folder.shown, name), joined(folder.path, name),
            joined(folder.absolute, name));
    }
    folders_.clear();
  }

  struct Folder {
    std::string shown, path, absolute;
    std::vector<std::string> names;
    std::size_t at = 0;
  };

  void visit(const std::string& shown, const std::string& path, const std::string& absolute) {
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0) return gone(shown, errno);
    if (S_ISLNK(info.st_mode)) return visit_link(shown, path);
    if (S_ISDIR(info.st_mode)) {
      // A folder can be met twice through a bind mount of one of its parents.
      if (!first_sight(info)) return second_sight(shown, info);
      return enter(shown, path, absolute, false);
    }
    if (!S_ISREG(info.st_mode))
      return skip(shown, special_kind(info.st_mode), 0, Gap::kHarmless);
    if (!first_sight(info)) return second_sight(shown, info);
    found(shown, path, absolute, info, false);
  }

  /// Where a link leads, as the machine that it belongs to would say: 0, or errno.
  int follow(const std::string& link, std::string& path, struct stat& info) const {
    path = link;
    if (root_ != nullptr) {
      if (const int error = root_->try_resolve(root_->inside_of(link), path); error != 0)
        return error;
    }
    return ::stat(path.c_str(), &info) == 0 ? 0 : errno;
  }

  void visit_link(const std::string& shown, const std::string& link) {
    struct stat info {};
    std::string path;
    if (const int error = follow(link, path, info); error != 0) {
      if (error == ENOENT) return skip(shown, "is a link to nothing", 0, Gap::kHarmless);
      if (error == ELOOP) return skip(shown, "is a link in a loop", 0, Gap::kHarmless);
      return skip(shown, "is a link: " + errno_text(error), 0, Gap::kIncomplete);
    }
    if (S_ISDIR(info.st_mode)) return skip(shown, "is a link to a folder", 0, Gap::kHarmless);
    if (!S_ISREG(info.st_mode)) {
      return skip(shown, std::string("is a link to what ") + special_kind(info.st_mode), 0,
                  Gap::kHarmless);
    }
    if (!first_sight(info)) return second_sight(shown, info);
    const std::string absolute = absolute_of(path);
    if (absolute.empty()) return gone(shown, errno);
    found(shown, path, absolute, info, false);
  }

  void enter(const std::string& shown, const std::string& path, const std::string& absolute,
             bool named) {
    Folder folder{shown, path, absolute, {}, 0};
    const int links = named ? 0 : O_NOFOLLOW;  // a link put in the folder's place meanwhile
    FileDescriptor fd(root_ != nullptr
                          ? open_without_links(path, O_RDONLY | O_DIRECTORY)
                          : ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | links));
    DIR* stream = fd.open() ? ::fdopendir(fd.get()) : nullptr;
    if (stream == nullptr) {
      if (named) return skip_named(shown, errno_text(errno));
      return gone(shown, errno);
    }
    fd.release();  // closedir closes it
    errno = 0;
    while (const dirent* entry = ::readdir(stream)) {
      std::string name = entry->d_name;
      if (name != "." && name != "..") folder.names.push_back(std::move(name));
      errno = 0;
    }
    const int error = errno;
    ::closedir(stream);
    if (error != 0) {
      skip(shown, "folder read in part: " + errno_text(error), 0, Gap::kIncomplete);
    }
    // std::string compares bytes as unsigned char: the same order in every locale.
    std::sort(folder.names.begin(), folder.names.end());
    folders_.push_back(std::move(folder));
  }

  void found(const std::string& shown, const std::string& path, const std::string& absolute,
             const struct stat& info, bool named) {
    InputFile file;
    file.shown = shown;
    file.path = path;
    file.absolute = absolute;
    file.size = S_ISREG(info.st_mode) ? static_cast<std::uint64_t>(info.st_size) : 0;
    file.named = named;
    file.no_links = root_ != nullptr;
    on_file_(file);
  }

  bool first_sight(const struct stat& info) {
    return seen_.insert({info.st_dev, info.st_ino}).second;
  }

  void second_sight(const std::string& shown, const struct stat& info) {
    skip(shown, S_ISDIR(info.st_mode) ? "folder already seen" : "same file as one already seen",
         0, Gap::kHarmless);
  }

  void gone(const std::string& shown, int error) {
    skip(shown, error == ENOENT ? "vanished" : errno_text(error), 0, Gap::kIncomplete);
  }

  void skip(const std::string& shown, std::string reason, std::uint64_t bytes, Gap gap) {
    Skip skip;
    skip.file = shown;
    skip.reason = std::move(reason);
    skip.bytes = bytes;
    skip.incomplete = gap == Gap::kIncomplete;
    on_skip_(skip);
  }

  void skip_named(const std::string& shown, std::string reason) {
    Skip skip;
    skip.file = shown;
    skip.reason = std::move(reason);
    skip.named = true;
    skip.incomplete = true;
    on_skip_(skip);
  }

  const std::function<void(const InputFile&)>& on_file_;
  const std::function<void(const Skip&)>& on_skip_;
  std::stop_token stop_;
  const ForeignRoot* root_;
  std::vector<Folder> folders_;
  std::unordered_set<FileKey, FileKeyHash> seen_;
  bool stdin_seen_ = false;
};

}  // namespace

void walk(const std::vector<std::string>& paths,
          const std::function<void(const InputFile&)>& on_file,
          const std::function<void(const Skip&)>& on_skip, const std::stop_token& stop,
          const ForeignRoot* root) {
  Walker walker(on_file, on_skip, stop, root);
  for (const std::string& path : paths) {
    if (stop.stop_requested()) return;
    walker.walk(path);
  }
}

}  // namespace spoor
