#include "io/watch.h"

#include <dirent.h>
#include <limits.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>
#include <set>
#include <thread>

#include "io/bytes.h"

namespace spoor {
namespace {

constexpr std::uint32_t kEvents = IN_MODIFY | IN_CLOSE_WRITE | IN_CREATE | IN_DELETE |
                                  IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF;
constexpr std::size_t kMostFolders = 1'000'000;
constexpr std::chrono::milliseconds kGather{20};

std::string real_path(const std::string& path) {
  char buffer[PATH_MAX];
  return ::realpath(path.c_str(), buffer) != nullptr ? std::string(buffer) : std::string();
}

std::string joined(const std::string& folder, const std::string& name) {
  if (folder.empty()) return name;
  return folder.back() == '/' ? folder + name : folder + '/' + name;
}

/// File systems on which other machines write: their writes give no hint here.
const char* remote_kind(const std::string& path) {
  struct Row {
    std::uint64_t magic;
    const char* name;
  };
  constexpr Row kRemote[] = {{0x6969, "NFS"},     {0xFF534D42, "CIFS"}, {0xFE534D42, "SMB"},
                             {0x517B, "SMB"},     {0x65735546, "FUSE"}, {0x01021997, "9p"},
                             {0x00C36400, "Ceph"}};
  struct statfs info {};
  if (::statfs(path.c_str(), &info) != 0) return nullptr;
  const auto type = static_cast<std::uint32_t>(info.f_type);
  for (const Row& row : kRemote) {
    if (row.magic == type) return row.name;
  }
  return nullptr;
}

class InotifyWatch final : public Watch {
 public:
  InotifyWatch() : fd_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    if (!fd_.open()) note("inotify: " + errno_text(errno));
  }

  void arm(const std::vector<std::string>& paths) override {
    for (const auto& [watch, folder] : folders_) ::inotify_rm_watch(fd_.get(), watch);
    folders_.clear();
    whole_ = fd_.open();
    for (const std::string& path : paths) {
      if (path == "-") continue;
      struct stat info {};
      if (::stat(path.c_str(), &info) != 0) {
        whole_ = false;
        continue;
      }
      if (const char* remote = remote_kind(path)) {
        whole_ = false;
        note(std::string(remote) + " tells nothing of what other machines write");
      }
      if (S_ISDIR(info.st_mode)) {
        add_tree(path, real_path(path));
      } else {
        add_named(path);
      }
    }
  }

  Hints wait(std::chrono::milliseconds patience, const std::stop_token& stop) override {
    Hints hints;
    std::set<std::string> seen;
    const auto until = std::chrono::steady_clock::now() + patience;
    for (;;) {
      read_events(hints, seen);
      if (!hints.files.empty() || hints.look_at_all) {
        if (patience.count() > 0) std::this_thread::sleep_for(kGather);
        read_events(hints, seen);
        return hints;
      }
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          until - std::chrono::steady_clock::now());
      if (stop.stop_requested() || left.count() <= 0) return hints;
      // Looks up now and then whether to stop.
      const auto step = std::min<std::int64_t>(left.count(), 50);
      if (fd_.open()) {
        pollfd entry{fd_.get(), POLLIN, 0};
        ::poll(&entry, 1, static_cast<int>(step));
      } else {
        std::this_thread::sleep_for(std::chrono::milliseconds(step));
      }
    }
  }

  std::vector<std::string> take_notes() override { return std::exchange(notes_, {}); }
  bool is_whole() const override { return whole_; }

 private:
  struct Folder {
    std::string shown, absolute;
    std::map<std::string, std::string> named;  // names in it -> as typed; else all count
    bool all = false;
  };

  void note(std::string reason) {
    if (noted_.insert(reason).second) notes_.push_back(std::move(reason));
  }

  /// Null where the folder cannot be watched.
  Folder* add(const std::string& path, const std::string& absolute) {
    if (!fd_.open() || folders_.size() >= kMostFolders) {
      whole_ = false;
      return nullptr;
    }
    const int watch = ::inotify_add_watch(fd_.get(), path.c_str(), kEvents | IN_ONLYDIR);
    if (watch < 0) {
      whole_ = false;
      if (errno == ENOSPC) {
        note("the limit of watches (fs.inotify.max_user_watches) is reached");
      } else if (errno != ENOENT && errno != ENOTDIR) {
        note("inotify: " + errno_text(errno));
      }
      return nullptr;
    }
    Folder& folder = folders_[watch];
    if (folder.absolute.empty()) folder.absolute = absolute;
    return &folder;
  }

  void add_named(const std::string& path) {
    const auto watch_name = [&](const std::string& of) {
      const std::size_t slash = of.rfind('/');
      const std::string parent = slash == std::string::npos ? "."
                                 : slash == 0               ? "/"
                                                            : of.substr(0, slash);
      const std::string name = slash == std::string::npos ? of : of.substr(slash + 1);
      if (Folder* folder = add(parent, real_path(parent))) folder->named[name] = path;
    };
    watch_name(path);
    // A link: what it leads to changes elsewhere.
    const std::string real = real_path(path);
    struct stat info {};
    if (!real.empty() && ::lstat(path.c_str(), &info) == 0 && S_ISLNK(info.st_mode))
      watch_name(real);
  }

  /// By a list instead of recursion: depth costs heap and not stack.
  void add_tree(const std::string& shown, const std::string& absolute) {
    std::vector<std::pair<std::string, std::string>> left = {{shown, absolute}};
    while (!left.empty()) {
      const auto [path, real] = std::move(left.back());
      left.pop_back();
      Folder* folder = add(path, real);
      if (folder == nullptr && !fd_.open()) return;
      if (folder != nullptr) {
        folder->all = true;
        folder->shown = path;
      }
      DIR* stream = ::opendir(path.c_str());
      if (stream == nullptr) continue;
      while (const dirent* entry = ::readdir(stream)) {
        const std::string name = entry->d_name;
        if (name == "." || name == "..") continue;
        const std::string inner = joined(path, name);
        struct stat info {};
        if (entry->d_type == DT_DIR ||
            (entry->d_type == DT_UNKNOWN && ::lstat(inner.c_str(), &info) == 0 &&
             S_ISDIR(info.st_mode))) {
          left.emplace_back(inner, joined(real, name));
        } else if (entry->d_type == DT_LNK) {
          whole_ = false;  // to a file elsewhere, which is not watched
        }
      }
      ::closedir(stream);
    }
  }

  void read_events(Hints& hints, std::set<std::string>& seen) {
    if (!fd_.open()) return;
    alignas(inotify_event) std::array<char, 64 << 10> buffer;
    for (;;) {
      const ssize_t count = ::read(fd_.get(), buffer.data(), buffer.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return;
      for (ssize_t at = 0; at < count;) {
        inotify_event event{};
        std::memcpy(&event, buffer.data() + at, sizeof event);
        const char* name = buffer.data() + at + sizeof event;
        take(event, event.len > 0 ? std::string(name) : std::string(), hints, seen);
        at += static_cast<ssize_t>(sizeof event + event.len);
      }
    }
  }

  void take(const inotify_event& event, const std::string& name, Hints& hints,
            std::set<std::string>& seen) {
    const bool whole_folder =
        (event.mask & (IN_Q_OVERFLOW | IN_DELETE_SELF | IN_MOVE_SELF)) != 0;
    const bool of_folder = (event.mask & IN_ISDIR) != 0;
    if (whole_folder || of_folder) hints.look_at_all = true;
    const auto found = folders_.find(event.wd);
    if (found == folders_.end() || name.empty() || of_folder) return;
    const Folder& folder = found->second;
    InputFile file;
    if (const auto named = folder.named.find(name); named != folder.named.end()) {
      file.shown = named->second;
    } else if (folder.all) {
      file.shown = joined(folder.shown, name);
    } else {
      return;
    }
    if (!seen.insert(file.shown).second) return;
    file.path = file.shown;
    struct stat info {};
    const bool is_link = ::lstat(file.path.c_str(), &info) == 0 && S_ISLNK(info.st_mode);
    file.absolute = is_link ? real_path(file.path) : joined(folder.absolute, name);
    hints.files.push_back(std::move(file));
  }

  FileDescriptor fd_;
  std::map<int, Folder> folders_;
  std::vector<std::string> notes_;
  std::set<std::string> noted_;
  bool whole_ = false;
};

}  // namespace

std::unique_ptr<Watch> make_watch() {
  return std::make_unique<InotifyWatch>();
}

}  // namespace spoor
