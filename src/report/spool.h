// Records that wait for the end of a hunt: appended to a file without a name, read again in
// order. Days of sightings stand on the disk, not in memory, and a kill leaves nothing behind.
//
// A record: 4 bytes length of the text, sizeof(SpoolKey) bytes, the text. Private to `report`.
// Tested by spool_test.cpp.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace spoor {

/// What a record is known by; its owner gives it a meaning.
struct SpoolKey {
  std::uint64_t content = 0, pass = 0, offset = 0;
  std::uint64_t kind = 0;
};
static_assert(sizeof(SpoolKey) == 32);

class Spool {
 public:
  /// `position`: of the record, and of what follows it.
  struct Record {
    std::uint64_t position, next;
    SpoolKey key;
    std::string_view text;
  };
  using Visit = std::function<Status(const Record&)>;

  /// In the folder of `path`, where there must be room for what is written there anyway.
  static Result<std::unique_ptr<Spool>> create(const std::string& path);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  Status append(const SpoolKey& key, std::string_view text);
  /// Where the next record will stand.
  std::uint64_t size() const { return size_; }
  /// The records in [from, to), which are positions of records or size(). Memory: a buffer and
  /// the longest record. The views end with the call.
  Status for_each(std::uint64_t from, std::uint64_t to, const Visit& visit);

 private:
  Spool(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
  Status flush();

  std::string path_;
  int fd_;
  std::uint64_t size_ = 0;
  std::string buffer_;  // the last bytes, not written yet
};

}  // namespace spoor
