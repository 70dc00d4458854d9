// A file that appears under its name whole or not at all: written aside in the same folder,
// synced, renamed, the folder synced (POSIX promises no less and no more). For what is too
// large to be held; small texts have write_whole() (source.h). Tested by whole_test.cpp.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace spoor {

class AsideFile {
 public:
  /// Begins a file for `path`. A link is followed; an existing file keeps its mode, a new one
  /// gets 0644 less the umask. An error where something stands at `path` that is no regular
  /// file, or where the folder cannot be written.
  static Result<std::unique_ptr<AsideFile>> create(const std::string& path);
  /// Nothing is left aside, unless the process is killed.
  ~AsideFile();
  AsideFile(const AsideFile&) = delete;
  AsideFile& operator=(const AsideFile&) = delete;

  /// Appends; kept back in pieces of 64 KiB.
  Status write(std::string_view text);
  /// Everything is durable and stands under the name. Call it once, last.
  Status commit();
  /// Where it is written until then.
  const std::string& aside() const { return aside_; }

 private:
  AsideFile(std::string path, std::string target, std::string aside, int fd);
  Status flush();

  std::string path_, target_, aside_;
  int fd_;  // -1: closed
  std::string buffer_;
};

}  // namespace spoor
