// Where bytes come from: the walk over paths, and the stream of chunks of one file. `io` knows
// nothing of indicators.
//
// Chunks: their plan depends on the bytes alone, never on the number of threads. A cut is at a
// line end (in UTF-16 at a whole U+000A), never after "=LF" or "=CRLF" (a quoted-printable soft
// break). A line over 8 MiB is cut at a token border (a blank, else any byte that is not part
// of a token) with 64 KiB of overlap and still counts as one event; a token over 64 KiB inside
// such a line is tallied as skipped bytes. Costs: one copy of each byte from the decoder into
// the chunk; bench/io. Tested by walk_test.cpp and chunk_test.cpp.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "base/time.h"
#include "ioc/sighting.h"

namespace spoor {

class ForeignRoot;
class Helpers;  // io/helpers.h

/// One file that the walk found.
struct InputFile {
  std::string shown;     ///< the path as typed (or typed folder + relative part); "-" for stdin
  std::string path;      ///< what to open
  std::string absolute;  ///< absolute and link-free; "<stdin>" for stdin
  std::uint64_t size = 0;  ///< bytes on disk as the walk saw it; 0 where unknown
  bool named = false;      ///< the path itself stood on the command line: fifos and devices are
                           ///< read, a failure to open is exit status 2
  bool no_links = false;   ///< `path` has none, and none is followed (io/foreign_root.h)
};

/// Something that was not read, or not wholly.
struct Skip {
  std::string file;  ///< as shown
  /// "permission denied", "is a fifo", "gzip: unexpected end after 1234 bytes".
  std::string reason;
  std::uint64_t bytes = 0;  ///< how many bytes this concerns where known
  /// The path stood on the command line and could not be opened: exit status 2.
  bool named = false;
  bool incomplete = false;  ///< content that was to be scanned was not: the answer is partial.
                            ///< False for second sights of a file, sockets, padding
  bool whole = false;  ///< the file was not opened at all; `bytes` is its size, where known
};

/// Files below `paths` in a stable order: paths as given, folders depth first, entries by byte
/// value of their names. Links are followed for paths named on the command line only; a link
/// met in a folder is followed if it leads to a regular file whose (device, inode) was not met
/// yet; loops and second sights of a file (hard or symbolic links) are passed over with a
/// reason. Sockets, fifos and devices met on the way are skipped with a reason; a fifo or
/// device named on the command line is read. "-" is stdin. Ends early when `stop` is asked for.
/// With `root` the paths are those of another machine, and so are the links in them; a fifo or
/// device is never read, named or not: there it stood for something else.
/// Memory: the names of the folders on the way down, and 16 bytes and a set node for each file.
void walk(const std::vector<std::string>& paths,
          const std::function<void(const InputFile&)>& on_file,
          const std::function<void(const Skip&)>& on_skip, const std::stop_token& stop = {},
          const ForeignRoot* root = nullptr);

/// A record of a file that has no lines, rendered as text (io/records.h).
struct ChunkRecord {
  std::size_t begin = 0;  ///< in the chunk's text; the text ends before the LF in front of the
                          ///< next record
  std::uint64_t number = 0;  ///< that the file gives it, else counted from 1
  std::uint64_t offset = 0;  ///< of the record in the decoded file
  std::uint64_t length = 0;  ///< its bytes there
};

/// A piece of one file: whole lines, but for parts of an endless line; or whole records.
struct Chunk {
  std::string text;          ///< bytes after decompression
  std::uint64_t offset = 0;  ///< of text[0] in the decoded stream
  std::uint64_t line = 1;    ///< number of the line that text[0] lies in
  TextEncoding encoding = TextEncoding::kBytes;
  bool continues_event =
      false;  ///< text[0] lies inside an event that began in an earlier chunk
  std::uint64_t event_offset = 0;  ///< first byte of that event, or `offset`
  std::string event_head;          ///< first 4 KiB of that event; empty unless continues_event
  std::size_t overlap = 0;         ///< leading bytes that the chunk before has shown too
  std::size_t shared_tail =
      0;                 ///< trailing bytes that the next chunk shows again (its `overlap`)
  std::string cut_head;  ///< first 4 KiB of the event that the end of `text` cuts; empty at a
                         ///< line's or the stream's end
  bool ends_stream = false;
  /// When the content was changed last, where its compressed form says it (gzip): the latest
  /// of what the stream has said so far.
  std::optional<Time> modified;
  /// "evtx", "journal": the text was rendered from records, `records` says where each begins
  /// (the first at 0), and line ends within them mean nothing. `offset` and `line` are then
  /// those of the first record. "" for lines.
  std::string_view form;
  std::vector<ChunkRecord> records;
};

/// How much of an event its identity is computed from.
inline constexpr std::size_t kEventHeadBytes = 4096;

/// Where a stream begins that does not begin at a file's first byte.
struct StreamStart {
  std::uint64_t offset = 0;  ///< first byte of a line, not behind a soft break
  std::uint64_t end = 0;     ///< where the stream ends
  std::uint64_t line = 1;    ///< number of that line
  /// Which only the file's begin can say; nothing: it is found from what comes.
  std::optional<TextEncoding> encoding;
};

struct StreamCounters {
  std::uint64_t bytes_read = 0;     ///< from the file
  std::uint64_t bytes_decoded = 0;  ///< after decompression
  std::uint64_t bytes_skipped = 0;  ///< tokens over 64 KiB
  std::uint64_t lines = 0;          ///< line ends, and one more for a last line without one
};

/// The chunks of one file, in order. Compressed forms (io/decode.cpp has the table) are found
/// by magic bytes, nested up to four deep, and decoded in a stream with bounded memory. Content
/// before a late error is kept.
class ChunkStream {
 public:
  virtual ~ChunkStream() = default;
  /// Fills `chunk`, whose memory serves again, and returns true, or returns false at the end.
  /// An error is something that stops this file only (read error, damaged compressed data):
  /// every good byte before it has been delivered; say it as a Skip and go on with other files.
  virtual Result<bool> next(Chunk& chunk) = 0;
  virtual const StreamCounters& counters() const = 0;
  /// "gzip", "zstd", "gzip,xz" (outermost first), or "".
  virtual std::string decoders() const = 0;
  /// All that was not scanned, `file` left empty: what the error of next() says in one line,
  /// padding after a member, over-long tokens, and compressed forms that are known but not
  /// decoded. Whole once next() has returned false or an error.
  virtual std::vector<Skip> skips() const = 0;
};

struct StreamOptions {
  std::size_t chunk_bytes = 1 << 20;  ///< target size of a chunk; tests go down to 64 bytes
  std::size_t line_limit = 8 << 20;   ///< a longer line is cut
  std::size_t overlap = 64 << 10;
  std::size_t token_limit = 64 << 10;
  /// Nested compression can make a terabyte of a kilobyte: decoding stops when more than
  /// `expansion_floor` bytes came out, at more than `expansion_limit` for each byte that was
  /// read. gzip alone reaches 1,032. Counted over all members of an archive.
  std::uint64_t expansion_floor = std::uint64_t{1} << 30;
  std::uint64_t expansion_limit = 10'000;
  /// The most that may come out of one file whose content is larger than itself.
  std::uint64_t decoded_limit = std::uint64_t{1} << 40;
  std::uint64_t member_limit = 1'000'000;  ///< members of one file, nested ones too
  unsigned archive_depth = 4;              ///< archives in archives; 0: none is opened
  /// A zip or 7z that lies inside something else is kept in memory, since its list of members
  /// stands at its end. A larger zip is read by the headers before each member, a larger 7z is
  /// passed over.
  std::size_t archive_memory = 64 << 20;
  Helpers* helpers =
      nullptr;                ///< who decodes parts of a file meanwhile; null: nobody. Borrowed
  std::stop_token stop = {};  ///< a read that waits (pipe, terminal) gives up when asked
  bool digest = false;        ///< FileIdentity::digest is wanted
};

Result<std::unique_ptr<ChunkStream>> open_stream(const InputFile& file,
                                                 const StreamOptions& options);
/// The same over bytes in memory (tests, fuzzers).
std::unique_ptr<ChunkStream> open_memory(std::string bytes, const StreamOptions& options);

/// One file of those that a file holds: the file itself, or a member of an archive.
struct Member {
  /// "" for the file itself; else the way to the member, where a '!' or '%' in a name is %21 or
  /// %25 and nested archives are joined by '!': "inner.zip!var/log/messages".
  std::string inner;
  std::optional<Time> modified;  ///< where the archive says it; of a zip an upper bound
  std::unique_ptr<ChunkStream> stream;
};

/// The file behind a MemberStream, as it was read.
struct FileIdentity {
  bool regular = false;
  std::uint64_t size = 0;  ///< when it was opened; 0 where a size means nothing (pipe, /proc)
  std::optional<Time> modified;
  std::uint64_t device = 0, inode = 0;  ///< of a regular file
  std::uint64_t from = 0;               ///< where reading began (StreamStart)
  std::uint64_t bytes_read = 0;         ///< different bytes taken from it, whatever their order
  std::uint64_t digest_bytes = 0;       ///< how many bytes, from `from` on, `digest` is of
  std::optional<Digest128> digest;      ///< XXH3-128; where StreamOptions::digest asked for it
};

/// What one file holds: zip, tar and 7z archives are unfolded, members in the order
/// of the archive, nested archives in place; any other file is its own only member. Nothing is
/// written to disk, and no name in an archive is ever opened. Memory beside that of the
/// streams: what libarchive holds (the list of members of a zip or 7z; for a 7z also the window
/// that it declares), and `archive_memory` for each level of nesting.
class MemberStream {
 public:
  virtual ~MemberStream() = default;
  /// Goes to the next member; false at the end. The stream of the one before must not be read
  /// any more; what it did not read is passed over.
  virtual bool next(Member& member) = 0;
  /// What was met since the last call and was not read, or not wholly, beside what a member's
  /// own stream says: `file` is the member as in Member::inner. Call it after each next().
  virtual std::vector<Skip> take_skips() = 0;
  /// Bytes taken from the file that are in no member's counters: what stands behind the last.
  virtual std::uint64_t bytes_behind() const = 0;
  /// The file itself. Call it last: where bytes were passed over, up to 64 MiB of them are read
  /// for the digest alone.
  virtual FileIdentity identity() { return {}; }
};
Result<std::unique_ptr<MemberStream>> open_members(const InputFile& file,
                                                   const StreamOptions& options);
/// The same over bytes in memory (tests, fuzzers).
std::unique_ptr<MemberStream> open_memory_members(std::string bytes,
                                                  const StreamOptions& options);

/// A name as part of a member's way: '!' as %21, '%' as %25.
std::string member_name(std::string_view name);

/// What identify() reads of a file.
struct IdentifiedPart {
  std::uint64_t from = 0, bytes = 0;
  bool no_links = false;  ///< as InputFile
};
/// The regular file `path` with the digest of a part, which is shorter where the file is.
/// Anything else than a regular file is an error. Memory: a buffer.
Result<FileIdentity> identify(const std::string& path, const IdentifiedPart& part);

/// A whole (small) file after decompression; for feeds' importers. `limit` bytes at most, else
/// an error. "-" is stdin. A damaged or truncated file is an error that begins with the path.
Result<std::string> read_whole(const std::string& path, std::uint64_t limit);

/// The same for bytes in memory; of a zip, 7z or tar the one file in it, and an error where
/// there are more. `name` begins messages.
Result<std::string> unpack_whole(std::string bytes, const std::string& name,
                                 std::uint64_t limit);

/// Writes `text` to `path` so that a crash leaves the old file or the new one: aside, fsync,
/// rename, fsync of the folder. A link is followed; an existing file keeps its mode, a new one
/// gets 0644 less the umask.
Status write_whole(const std::string& path, std::string_view text);

}  // namespace spoor
