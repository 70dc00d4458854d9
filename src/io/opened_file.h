// A regular file that is opened once and then looked at, verified and read through that one
// descriptor: between two open() calls of a path a log may be rotated away, and what was
// verified would not be what is read. Tested by opened_file_test.cpp.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "io/source.h"

namespace spoor {

/// What a file system says of a regular file.
struct FileState {
  std::uint64_t device = 0, inode = 0, size = 0;
  std::int64_t modified_ns = 0, changed_ns = 0;  ///< since 1970, as the file system counts
  std::uint64_t links = 0;                       ///< 0: deleted
  /// Whether nothing was written in between, as far as the file system tells.
  bool same_as(const FileState& other) const {
    return device == other.device && inode == other.inode && size == other.size &&
           modified_ns == other.modified_ns && changed_ns == other.changed_ns;
  }
};

/// Of the regular file that `path` leads to; nothing where there is none.
std::optional<FileState> file_state(const std::string& path);

/// How the content of a file is packed.
enum class FileForm : std::uint8_t {
  kPlain,       ///< its bytes are the content
  kCompressed,  ///< one stream, compressed
  kArchive,     ///< zip, tar or 7z, or records: what changes in it may stand anywhere
};

/// Content after decompression, from its begin.
class ContentReader {
 public:
  virtual ~ContentReader() = default;
  /// Up to `size` bytes at `out`; 0 at the end, and where it is damaged.
  virtual std::size_t read(char* out, std::size_t size) = 0;
};

/// One thread at a time, and one stream at a time: they share the place in the file.
class OpenedFile {
 public:
  /// An error (errno in words) for what cannot be opened or is no regular file. `no_links` as
  /// InputFile: none is followed, also none that was put in the path since the walk.
  static Result<std::unique_ptr<OpenedFile>> open(const std::string& path,
                                                  bool no_links = false);
  ~OpenedFile();
  OpenedFile(const OpenedFile&) = delete;
  OpenedFile& operator=(const OpenedFile&) = delete;

  const FileState& state() const { return state_; }  ///< when it was opened or looked at last
  void look_again();
  FileForm form(const StreamOptions& options) const;
  /// Bytes of the file itself; fewer where it is shorter.
  std::string read_at(std::uint64_t offset, std::size_t size) const;
  /// Decompressed; archives as they are.
  std::unique_ptr<ContentReader> content(const StreamOptions& options) const;
  /// As open_members(), up to the size in state().
  Result<std::unique_ptr<MemberStream>> members(const StreamOptions& options) const;
  /// A part of a plain file, as its only member.
  Result<std::unique_ptr<MemberStream>> part(const StreamStart& start,
                                             const StreamOptions& options) const;

 private:
  OpenedFile(int fd, const FileState& state) : fd_(fd), state_(state) {}
  int duplicate() const;

  int fd_;
  FileState state_;
};

}  // namespace spoor
