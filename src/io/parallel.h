// Decoding one file in parts at the same time, with the answers of reading it in order.
//
//     file ──▶ Splitter: cuts, in order ──▶ units in flight ──▶ delivered in order
//                                     any worker: decodes
//
// The idea: a splitter finds parts that decode alone (blocks of bgzip, frames of zstd, blocks
// of xz, bzip2 and lz4) by looking at sizes and marks, without decoding. A unit counts only if
// all is right with it: it decodes to its end, with the size and the checksum it claims. At the
// first thing that is unusual (damage, a cut, something behind the end, a part that is too
// large, a mark that was none) the sequential decoder goes on at the last place where it can
// begin, passes over what was delivered, and says what it always says. So there is one
// definition of every error, and the parts only need to know what is right.
//
// Units depend on the bytes alone, and so does the byte count that the limits on expansion see.
// With no helpers the reader decodes them one by one.
//
// Memory: a unit holds at most 24 MiB out, 24 MiB in and 16 MiB of a decoder. No unit is begun
// ahead of its turn while those in flight, over all files, hold 32 MiB for each thread; one of
// each file goes beyond that, and one buffer waits for the next. Costs: what came out is copied
// once more; bench/compare-formats.
// Private to `io`. Tested by parallel_test.cpp (TSan too); fuzz/fuzz_decode.

#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/decoder.h"
#include "io/helpers.h"

namespace spoor {

/// Where the sequential decoder can go on.
struct ResumePlace {
  std::uint64_t position = 0;  ///< in the file: the begin of a member, frame or stream
  std::uint64_t members = 0;   ///< whole ones before it
  bool inside = false;         ///< units of the one that begins there were delivered
};

/// Memory that is not set to zero first.
struct RawBuffer {
  std::unique_ptr<char[]> bytes;
  std::size_t capacity = 0;
  /// At least `count` bytes; what was in it is lost.
  void make_room(std::size_t count);
};

/// A part of a file that decodes alone. Filled by a splitter, decoded by any thread.
class Unit : public SharedWork {
 public:
  /// More is never decoded in one part.
  static constexpr std::size_t kMostBytes = 24 << 20;  // what `xz -T` makes a block of
  /// Small members are taken together up to this.
  static constexpr std::size_t kTarget = 1 << 20;

  ~Unit() override { release(); }

  ResumePlace place;      ///< where the sequential decoder would begin to read this
  std::uint64_t end = 0;  ///< in the file, behind it
  std::string in;
  std::size_t most = 0;  ///< of what comes out
  RawBuffer out;
  std::size_t size = 0;  ///< of what came out
  bool good = false;     ///< all is right with it

  void charge(Helpers* helpers);
  /// Gives its memory back; who offered it may still hold it.
  void release();

 private:
  /// in -> out, size. False where anything is not as it should be; may be called by any thread.
  virtual bool decode() = 0;
  void work() final {
    if (out.capacity < most) out.make_room(most);
    good = decode();
  }

  Helpers* helpers_ = nullptr;
  std::size_t charged_ = 0;
};

class Splitter {
 public:
  virtual ~Splitter() = default;
  /// The next unit, or null where the sequential decoder is to go on at place(); then for ever.
  virtual std::unique_ptr<Unit> next() = 0;
  /// Where reading goes on behind the last unit.
  virtual ResumePlace place() const = 0;
  /// A unit was decoded and is at its turn: whether what is checked over several units is
  /// right as well.
  virtual bool accepts(const Unit&) { return true; }
};

/// Units of one file in flight. One thread.
class UnitQueue {
 public:
  /// `helpers` may be null: each unit is then decoded when its turn comes.
  explicit UnitQueue(Helpers* helpers);
  ~UnitQueue() { clear(); }
  UnitQueue(const UnitQueue&) = delete;
  UnitQueue& operator=(const UnitQueue&) = delete;

  /// The next unit of `splitter`, decoded; those behind it are offered to helpers meanwhile.
  /// Null at the end.
  std::shared_ptr<Unit> next(Splitter& splitter);
  /// Takes the memory of a unit that nobody needs any more, for the next ones.
  void recycle(Unit& unit);
  /// Forgets all that is in flight: next() gives nothing any more.
  void clear();

 private:
  void read_ahead(Splitter& splitter);
  void finish(Unit& unit);

  Helpers* helpers_;
  std::size_t window_;                       // units in flight
  std::deque<std::shared_ptr<Unit>> units_;  // in order, from the one whose turn is next
  std::vector<RawBuffer> spare_;
  bool ended_ = false;  // the splitter has
};

/// Reads `source`, of which size() is known, in units of `splitter`, and where these end with
/// what `make` makes.
std::unique_ptr<ByteSource> parallel_source(std::unique_ptr<ByteSource> source,
                                            const DecoderRow& row, Helpers* helpers);

/// Appends `count` bytes; false where the file ends before.
bool append(Input& input, std::size_t count, std::string& to);

/// What a little-endian number of `count` <= 8 bytes says.
std::uint64_t little_endian(std::string_view bytes, std::size_t at, std::size_t count);

}  // namespace spoor
