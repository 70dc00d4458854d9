// Where the bytes of one file come from, before and after decompression: a pull interface that
// cannot fail. What went wrong is kept and told at the end, so that every good byte before it
// is delivered and a decoder needs no error path of its own. Private to `io`. Tested by
// decode_test.cpp and chunk_test.cpp.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "io/source.h"

namespace spoor {

class RawAccount;

class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// Puts up to `size` bytes (at least 1 of them) at `out`; fewer may come at any time. 0 only
  /// at the end, and for ever after.
  virtual std::size_t read(char* out, std::size_t size) = 0;

  /// Bytes taken from the file itself so far; those that were taken twice count once.
  virtual std::uint64_t bytes_read() const = 0;

  /// Where the source can be read from any place: its bytes. Else nothing.
  virtual std::optional<std::uint64_t> size() const { return std::nullopt; }

  /// Goes on at `offset` <= size(); only where size() is known. False where it cannot.
  virtual bool seek(std::uint64_t) { return false; }

  /// When the content was changed last, as a compressed form says it: the latest of what was
  /// met so far.
  virtual std::optional<Time> modified() const { return std::nullopt; }

  /// How many bytes from here on are zeros that need not be read: a hole of a sparse file. 0
  /// where nothing is known.
  virtual std::uint64_t hole() { return 0; }
  /// Passes over `count` <= hole() of them.
  virtual void pass_hole(std::uint64_t) {}

  /// Whether who writes has paused: nothing came for a tenth of a second, for which this waits.
  /// Only pipes and terminals can tell; false elsewhere, and at the end.
  virtual bool is_quiet() { return false; }

  /// Appends what this source and those below it could not read; `file` is left empty. Whole
  /// once read() has returned 0.
  virtual void problems(std::vector<Skip>& out) const = 0;
};

/// Bytes in memory, at most `step` of them a call (tests: 1).
std::unique_ptr<ByteSource> memory_source(std::string bytes, std::size_t step = SIZE_MAX);

/// Opens `path`; "-" is stdin. A regular file is read to the size it had when it was opened, so
/// that a file that grows faster than it is read ends all the same; one that shrinks meanwhile
/// is a problem, never a signal (no mmap). Fifos and devices are an error unless `file.named`.
/// `account`, where one is given, is told of every byte.
Result<std::unique_ptr<ByteSource>> file_source(const InputFile& file, std::stop_token stop,
                                                std::shared_ptr<RawAccount> account = nullptr);

/// The same over a descriptor, which it owns: a regular file from its begin to byte `limit` (0:
/// to its end).
std::unique_ptr<ByteSource> descriptor_source(int fd, std::uint64_t limit, std::stop_token stop,
                                              std::shared_ptr<RawAccount> account = nullptr);

/// The first `count` bytes of `source`, fewer where it is shorter, or where a line has come and
/// who writes has paused; they come again when it is read.
std::string look_ahead(std::unique_ptr<ByteSource>& source, std::size_t count);

/// `source` read into memory, at most `most` bytes of it; it knows its size and seeks where
/// that was all, and else goes on with the rest.
std::unique_ptr<ByteSource> kept_source(std::unique_ptr<ByteSource> source, std::size_t most);

/// What may still come out of one file (StreamOptions: expansion, total); one for all its
/// levels and members. Not for several threads.
class Budget {
 public:
  explicit Budget(const StreamOptions& options) : options_(options) {}

  /// Adds `count` bytes to `out`, of which `read` bytes of the file are the origin. False once
  /// that is too much, and for ever after.
  bool spend(std::uint64_t& out, std::uint64_t count, std::uint64_t read);
  bool is_over() const { return !reason_.empty(); }
  const std::string& reason() const { return reason_; }

 private:
  StreamOptions options_;
  std::string reason_;
};

/// `source` until `budget` is spent; counts into `out`, which several sources may share.
std::unique_ptr<ByteSource> limited(std::unique_ptr<ByteSource> source,
                                    std::shared_ptr<Budget> budget,
                                    std::shared_ptr<std::uint64_t> out);

/// A file after decompression.
struct Decoded {
  std::unique_ptr<ByteSource> source;
  std::vector<std::string> decoders;  ///< outermost first
  /// The name of a compressed form that is known but not decoded ("rar"), whose bytes then come
  /// as they are.
  std::string undecoded;
  /// Why the bytes are scanned as they are although more could be said of them; "" usually.
  std::string raw_reason = {};
};

/// `raw` after decompression, by magic bytes, nested up to four deep. `budget` may be null, and
/// `helpers`, who decode parts of a file meanwhile, as well. A `raw` whose size() is known must
/// stand at its begin.
Decoded decode(std::unique_ptr<ByteSource> raw, std::shared_ptr<Budget> budget,
               Helpers* helpers = nullptr);

/// The chunks of `decoded`. `read_before`: bytes of the file that other streams account for.
std::unique_ptr<ChunkStream> chunk_stream(Decoded decoded, const StreamOptions& options,
                                          std::uint64_t read_before = 0);

/// The chunks of what is left of `source`, whose next byte is the first of a line.
std::unique_ptr<ChunkStream> chunk_stream_from(std::unique_ptr<ByteSource> source,
                                               const StreamOptions& options,
                                               const StreamStart& start);

/// The files inside `raw` (members.cpp).
std::unique_ptr<MemberStream> unfold_members(std::unique_ptr<ByteSource> raw,
                                             const StreamOptions& options,
                                             std::shared_ptr<RawAccount> account = nullptr);

/// errno in words: "permission denied".
std::string errno_text(int error);

/// An open file descriptor, closed at the end of its scope.
class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor();
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
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

/// The end of a stream with these gaps: false, or an error that names those that count.
Result<bool> end_of_stream(const std::vector<Skip>& skips);
/// "gzip,xz"
std::string joined_names(const std::vector<std::string>& names);

}  // namespace spoor
