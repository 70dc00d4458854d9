// Archives: recognising one, and walking its members in a stream through libarchive. Only the
// formats of the table are enabled; nothing is written to disk and no name is opened. Private
// to `io`. Tested by members_test.cpp; fuzz/fuzz_archive.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "io/bytes.h"

namespace spoor {

/// How much of a file archive_form() wants to see: one block of a tar.
inline constexpr std::size_t kArchiveHeadBytes = 512;

/// "zip", "7z" or "tar" by the first bytes; "" where it is none of them.
std::string_view archive_form(std::string_view head);

/// Whether the list of members stands at the end, so that reading wants to seek.
bool wants_seek(std::string_view form);

/// A member as its header says it.
struct ArchiveEntry {
  std::string name;         ///< bytes as in the archive where it can be had so; cut to 1 KiB
  std::string reason;       ///< why it cannot be read; "" where it can
  bool incomplete = false;  ///< with `reason`: its content was not seen
  std::uint64_t size = 0;   ///< as it says, where it says
  std::optional<Time> modified;  ///< not later than this: of a zip, 26 hours more than it says
};

class ArchiveReader {
 public:
  virtual ~ArchiveReader() = default;
  /// The next file, or a thing with a `reason`; folders are passed over. False at the end or
  /// where the archive cannot be read any further: see problem().
  virtual bool next(ArchiveEntry& entry) = 0;
  /// Bytes of the member at hand, as ByteSource::read.
  virtual std::size_t read(char* out, std::size_t size) = 0;
  /// Zeros that come next and are not in the archive: a hole of a sparse member; 0 where there
  /// is none.
  virtual std::uint64_t hole() const = 0;
  /// Passes over `count` <= hole() of them.
  virtual void pass_hole(std::uint64_t count) = 0;
  /// What was wrong with the member at hand; "" where nothing was.
  virtual const std::string& member_problem() const = 0;
  /// Why the walk ended before its time; "" where it did not.
  virtual const std::string& problem() const = 0;
  virtual ByteSource& source() = 0;
  /// Gives up the archive and gives the source back.
  virtual std::unique_ptr<ByteSource> release() = 0;
};

/// `form` as from archive_form().
std::unique_ptr<ArchiveReader> open_archive(std::unique_ptr<ByteSource> source,
                                            std::string_view form);

/// How many bytes of an archive are read at once.
inline constexpr std::size_t kArchiveBlockBytes = 128 << 10;

/// A zip whose members others may deliver (io/zip_reader.cpp): what they are is said here, as
/// always. Blocks are read from the file's begin on, so that they are those that reading
/// everything in order would read.
class ZipWalk : public ArchiveReader {
 public:
  /// Where the content of the member at hand begins; before its first read().
  virtual std::uint64_t content_begin() const = 0;
  /// Behind the last block.
  virtual std::uint64_t position() const = 0;
  /// The member at hand was delivered by others; before the next next().
  virtual void pass_over() = 0;
  /// Whether reading in order would have skipped something else, so that its blocks begin at
  /// other places now, and so do these.
  virtual bool has_skipped() const = 0;
  /// Reads on to there, for the account of the file's bytes; nothing can be read after it.
  virtual void read_up_to(std::uint64_t position) = 0;
};

/// `source` knows its size and stands at its begin.
std::unique_ptr<ZipWalk> walk_zip(std::unique_ptr<ByteSource> source);

}  // namespace spoor
