// The root folder of another machine: a mounted image, an unpacked collection, a chroot. Paths
// in it mean what they mean there: an absolute link leads below the folder, ".." does not lead
// out of it. The image may be an attacker's: no name in it is ever followed to this machine's
// own files. resolve() goes down name by name and reads each link itself, so it yields a path
// without links; what is opened by such a path is opened with RESOLVE_NO_SYMLINKS where the
// kernel has it (openat2(2), Linux 5.6), so that a link put there meanwhile is an error.
// RESOLVE_IN_ROOT alone would not do: a sighting's identity needs the path.
//
// Costs one lstat a name. Any number of threads. Tested by foreign_root_test.cpp.

#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace spoor {

class ForeignRoot {
 public:
  /// `typed`: as on the command line; must be a folder.
  static Result<ForeignRoot> open(const std::string& typed);

  const std::string& typed() const { return typed_; }
  /// Absolute and link-free; "" for "/", so that path() + "/etc" is a path.
  const std::string& path() const { return path_; }

  /// `inside`, a path as that machine would understand it (absolute, or from its top), as a
  /// path of this machine without links; "" and "/" are the root itself. An error where it does
  /// not exist there or its links go round in a circle (at most 40 are followed, as in Linux).
  Result<std::string> resolve(std::string_view inside) const;

  /// The same: 0 and `out`, or errno.
  int try_resolve(std::string_view inside, std::string& out) const;

  /// A path of this machine that lies below the root, as a path in it.
  std::string_view inside_of(std::string_view path) const {
    return path.substr(std::min(path_.size(), path.size()));
  }

  /// How sightings name `inside`: the typed root and the path in it.
  std::string shown(std::string_view inside) const;

  /// A regular file of at most `limit` bytes.
  Result<std::string> read_small(std::string_view inside, std::size_t limit) const;

  /// Where the link `inside` points, as it is written; an error where it is none.
  Result<std::string> read_link(std::string_view inside) const;

  /// `inside` with the letter case that it has there, for images of Windows: "" where nothing
  /// fits. Of several spellings the first by byte value is taken.
  std::string find_ignoring_case(std::string_view inside) const;

 private:
  std::string typed_, path_;
};

/// Opens a path without links in it; the file descriptor, or -1 and errno.
int open_without_links(const std::string& path, int flags);

}  // namespace spoor
