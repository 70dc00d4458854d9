// Where the bytes of one file come from, before and after decompression: a pull interface that
// cannot fail. What went wrong is kept and told at the end, so that every good byte before it
// is delivered and a decoder needs no error path of its own. Private to `io`. Tested by
// decode_test.cpp and chunk_test.cpp.

#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "io/source.h"

namespace spoor {

class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// Puts up to `size` bytes (at least 1 of them) at `out`; fewer may come at any time. 0 only
  /// at the end, and for ever after.
  virtual std::size_t read(char* out, std::size_t size) = 0;

  /// Bytes taken from the file itself so far.
  virtual std::uint64_t bytes_read() const = 0;

  /// Appends what this source and those below it could not read; `file` is left empty. Whole
  /// once read() has returned 0.
  virtual void problems(std::vector<Skip>& out) const = 0;
};

/// Bytes in memory, at most `step` of them a call (tests: 1).
std::unique_ptr<ByteSource> memory_source(std::string bytes, std::size_t step = SIZE_MAX);

/// Opens `path`; "-" is stdin. A regular file is read to the size it had when it was opened, so
/// that a file that grows faster than it is read ends all the same; one that shrinks meanwhile
/// is a problem, never a signal (no mmap). Fifos and devices are an error unless `file.named`.
Result<std::unique_ptr<ByteSource>> file_source(const InputFile& file, std::stop_token stop);

/// `raw` after decompression, by magic bytes, nested up to four deep. Appends the names of the
/// decoders to `decoders`, outermost first. Sets `undecoded` to the name of a compressed form
/// that is known but not decoded ("xz"), whose bytes then come as they are.
std::unique_ptr<ByteSource> decode(std::unique_ptr<ByteSource> raw,
                                   std::vector<std::string>& decoders, std::string& undecoded);

/// The chunks of `source`: what open_stream and open_memory return.
std::unique_ptr<ChunkStream> chunk_stream(std::unique_ptr<ByteSource> source,
                                          const StreamOptions& options);

/// errno in words: "permission denied".
std::string errno_text(int error);

/// An open file descriptor, closed at the end of its scope.
class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor();
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  int release() {
    const int fd = fd_;
    fd_ = -1;
    return fd;
  }

 private:
  int fd_;
};

}  // namespace spoor
