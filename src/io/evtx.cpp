// Windows event logs (.evtx): a header of 4096 bytes, then chunks of 64 KiB, each of which can
// be read by itself: a header of 512 bytes, records one behind another, unused space. A record
// is a head of 24 bytes (magic, size, number, time), binary XML (evtx_xml.h) and its size
// again.
//
//     offset  size  of the file's header        offset  size  of a chunk's header
//          0     8  "ElfFile\0"                      0     8  "ElfChnk\0"
//         42     2  chunks                           8     8  number of the first record
//        120     4  flags: 1 not closed             48     4  where unused space begins
//        124     4  CRC32 of bytes 0..120           52     4  CRC32 of the records
//                                                  124     4  CRC32 of 0..120 and 128..512
//
// Damage is local. A chunk whose checksum does not fit is read all the same: each record that
// is sound in itself (size at both ends, binary XML that ends where it should) is kept. Where a
// record is not sound, the next sound one is looked for, and the bytes between are given to the
// matcher raw, in which it finds UTF-16 by itself: what cannot be decoded is searched at least.
// Unused space is read in the same way: what Windows wrote there before is evidence. Records
// from there, and those in chunks behind the last one that the header counts, begin with
// "<!--recovered-->".
//
// Memory: a chunk, its templates, one record. Format: libyal's description
// (github.com/libyal/libevtx, documentation), [MS-EVEN6]. The alternative, libevtx, wants the
// whole file seekable, stops at the first record that it cannot read, and is more than ten
// times as slow (bench/record). Tested by evtx_test.cpp; fuzz/fuzz_evtx.

#include <isa-l.h>

#include <algorithm>
#include <cstring>

#include "io/evtx_value.h"
#include "io/evtx_xml.h"
#include "io/little_endian.h"
#include "io/records.h"

namespace spoor {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kChunkBytes = 64 << 10;
constexpr std::size_t kFileHeader = 4096, kChunkHeader = 512;
constexpr std::size_t kRecordHead = 24, kRecordTail = 4;
constexpr std::string_view kFileMagic = "ElfFile\0"sv, kChunkMagic = "ElfChnk\0"sv,
                           kRecordMagic = "**\0\0"sv;
constexpr std::uint32_t kFlagDirty = 1;
constexpr std::size_t kNone = std::string_view::npos;

std::uint32_t crc32(std::string_view bytes, std::uint32_t so_far = 0) {
  return crc32_gzip_refl(so_far, reinterpret_cast<const unsigned char*>(bytes.data()),
                         bytes.size());
}

std::string_view without_zeros(std::string_view bytes) {
  const std::size_t begin = bytes.find_first_not_of('\0');
  if (begin == kNone) return {};
  return bytes.substr(begin, bytes.find_last_not_of('\0') + 1 - begin);
}

/// Damage of one kind: how often, how much, and where first.
struct Damage {
  std::uint64_t count = 0, bytes = 0, first = 0;
  void add(std::uint64_t at, std::uint64_t size) {
    if (count++ == 0) first = at;
    bytes += size;
  }
};

class EvtxReader final : public RecordReader {
 public:
  explicit EvtxReader(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {
    chunk_.reserve(kChunkBytes);
  }

  bool next(std::string& text, ChunkRecord& record) override {
    for (;;) {
      if (next_piece_ < pieces_.size()) {
        if (put_piece(pieces_[next_piece_++], text, record)) return true;
      } else if (!read_chunk()) {
        return false;
      }
    }
  }

  std::uint64_t bytes_taken() const override { return taken_; }
  const ByteSource& source() const override { return *source_; }

  void problems(std::vector<Skip>& out) const override {
    source_->problems(out);
    const auto add = [&](const Damage& damage, const std::string& reason, bool incomplete) {
      if (damage.count == 0) return;
      Skip skip;
      skip.reason = "evtx: " + reason + ", first at byte " + std::to_string(damage.first);
      skip.bytes = damage.bytes;
      skip.incomplete = incomplete;
      out.push_back(std::move(skip));
    };
    const auto times = [](const Damage& damage, const char* what) {
      return std::to_string(damage.count) + " " + what + (damage.count == 1 ? "" : "s");
    };
    // Nothing in it is needed to find the chunks.
    add(file_header_, "damaged file header, which was not needed", false);
    add(checksum_, times(checksum_, "chunk") + " with a wrong checksum, what is sound was read",
        true);
    add(chunk_header_,
        times(chunk_header_, "chunk") + " with a damaged header, what is sound was read", true);
    add(record_, times(record_, "damaged record") + ", read in part and scanned as raw bytes",
        true);
    add(gap_, times(gap_, "gap") + " between sound records, scanned as raw bytes", true);
    add(cut_, "unexpected end within a chunk", true);
  }

 private:
  enum class Kind : std::uint8_t { kRecord, kRecovered, kRaw };
  struct Piece {
    std::uint32_t begin = 0, size = 0;
    Kind kind = Kind::kRecord;
  };

  /// Reads until `chunk_` holds `want` bytes or all that are left.
  void fill(std::size_t want) {
    chunk_.resize(want);
    std::size_t size = 0;
    while (size < want) {
      const std::size_t got = source_->read(chunk_.data() + size, want - size);
      if (got == 0) break;
      size += got;
    }
    chunk_.resize(size);
    chunk_offset_ = taken_;
    taken_ += size;
  }

  bool read_chunk() {
    pieces_.clear();
    next_piece_ = 0;
    if (!started_) {
      started_ = true;
      read_file_header();
    }
    fill(kChunkBytes);
    if (chunk_.empty()) return false;
    if (without_zeros(chunk_).empty()) return true;  // allotted, not used yet
    xml_.begin_chunk(chunk_);
    find_pieces();
    ++chunks_;
    return true;
  }

  void read_file_header() {
    fill(kFileHeader);
    const bool whole = chunk_.size() == kFileHeader;
    if (!whole) {
      cut_.add(chunk_.size(), 0);
    } else if (crc32(std::string_view(chunk_).substr(0, 120)) !=
               load_le<std::uint32_t>(chunk_, 124)) {
      file_header_.add(0, 0);
    } else if ((load_le<std::uint32_t>(chunk_, 120) & kFlagDirty) == 0) {
      counted_chunks_ = load_le<std::uint16_t>(chunk_, 42);
    }
  }

  /// Where unused space begins; notes what is wrong with the chunk.
  std::size_t check_chunk() {
    const std::string_view chunk = chunk_;
    if (chunk.size() < kChunkBytes) cut_.add(chunk_offset_ + chunk.size(), 0);
    if (chunk.size() < kChunkHeader) return chunk.size();
    std::size_t unused = load_le<std::uint32_t>(chunk, 48);
    const bool plausible =
        chunk.substr(0, 8) == kChunkMagic && unused >= kChunkHeader && unused <= kChunkBytes;
    // Zero: Windows has not computed it.
    const auto header_sum = load_le<std::uint32_t>(chunk, 124);
    const bool sound =
        plausible && (header_sum == 0 ||
                      header_sum == crc32(chunk.substr(128, 384), crc32(chunk.substr(0, 120))));
    if (!sound) {
      chunk_header_.add(chunk_offset_, 0);
      return records_end_at(unused) ? unused : chunk.size();
    }
    const auto sum = load_le<std::uint32_t>(chunk, 52);
    if (unused > chunk.size()) {
      unused = chunk.size();
    } else if (sum != 0 && sum != crc32(chunk.substr(kChunkHeader, unused - kChunkHeader))) {
      checksum_.add(chunk_offset_, 0);
    }
    return unused;
  }

  /// Whether sound records follow one another up to there: then a damaged header is right in
  /// this.
  bool records_end_at(std::size_t unused) const {
    std::size_t at = kChunkHeader;
    while (at < unused) {
      const std::size_t size = record_at(at, unused, false);
      if (size == 0) return false;
      at += size;
    }
    return at == unused;
  }

  /// The size of the record at `at`; 0: none. One that is not behind another must bear its
  /// size at both ends.
  std::size_t record_at(std::size_t at, std::size_t unused, bool follows) const {
    const std::string_view chunk = chunk_;
    if (!fits(at, kRecordHead + kRecordTail, chunk.size())) return 0;
    if (chunk.substr(at, 4) != kRecordMagic) return 0;
    const std::size_t size = load_le<std::uint32_t>(chunk, at + 4);
    if (size < kRecordHead + kRecordTail || !fits(at, size, chunk.size())) return 0;
    const std::size_t next = at + size;
    if (load_le<std::uint32_t>(chunk, next - kRecordTail) == size) return size;
    const bool fitting = next == unused || chunk.substr(next, 4) == kRecordMagic;
    return follows && at < unused && fitting ? size : 0;
  }

  void find_pieces() {
    const std::string_view chunk = chunk_;
    const std::size_t unused = check_chunk();
    if (chunk.size() >= 16) number_ = load_le<std::uint64_t>(chunk, 8);
    bool follows = true;
    for (std::size_t at = std::min(kChunkHeader, chunk.size()); at < chunk.size();) {
      if (const std::size_t size = record_at(at, unused, follows); size != 0) {
        add_piece(at, size, at < unused ? Kind::kRecord : Kind::kRecovered);
        at += size;
        follows = true;
        continue;
      }
      std::size_t next = at;
      do {
        next = std::min(chunk.find(kRecordMagic, next + 1), chunk.size());
      } while (next < chunk.size() && record_at(next, unused, false) == 0);
      add_gap(at, std::min(next, std::max(at, unused)), true);
      add_gap(std::max(at, unused), next, false);
      at = next;
      follows = false;
    }
  }

  void add_piece(std::size_t begin, std::size_t size, Kind kind) {
    pieces_.push_back(
        {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(size), kind});
  }

  /// Bytes that are no record; zeros say nothing. `used`: a record should be there.
  void add_gap(std::size_t begin, std::size_t end, bool used) {
    if (begin >= end) return;
    const std::string_view bytes =
        without_zeros(std::string_view(chunk_).substr(begin, end - begin));
    if (bytes.empty()) return;
    if (used) gap_.add(chunk_offset_ + begin, bytes.size());
    add_piece(static_cast<std::size_t>(bytes.data() - chunk_.data()), bytes.size(), Kind::kRaw);
  }

  /// False: nothing to show.
  bool put_piece(const Piece& piece, std::string& text, ChunkRecord& record) {
    const std::string_view bytes = std::string_view(chunk_).substr(piece.begin, piece.size);
    record.offset = chunk_offset_ + piece.begin;
    record.length = piece.size;
    record.number = number_;
    if (piece.kind == Kind::kRaw) {
      text += bytes;
      return true;
    }
    record.number = load_le<std::uint64_t>(bytes, 8);
    const bool recovered =
        piece.kind == Kind::kRecovered || (counted_chunks_ && chunks_ > *counted_chunks_);
    if (!recovered) number_ = record.number;
    const std::size_t old = text.size();
    const std::size_t begin = piece.begin + kRecordHead;
    const std::size_t end = piece.begin + piece.size - kRecordTail;
    if (recovered) text += "<!--recovered-->";
    const std::size_t behind_mark = text.size();
    if (xml_.render(begin, end, text) && text.size() > behind_mark) return true;
    // Windows leaves heads of records without content.
    if (without_zeros(bytes.substr(kRecordHead, piece.size - kRecordHead - kRecordTail))
            .empty()) {
      text.resize(old);
      return false;
    }
    text.resize(behind_mark);
    if (!recovered) record_.add(record.offset, piece.size);
    put_damaged(bytes, begin, end, text);
    return true;
  }

  /// What the head of the record says, its values, and its bytes.
  void put_damaged(std::string_view bytes, std::size_t begin, std::size_t end,
                   std::string& text) {
    text += "<Event><System><EventRecordID>";
    text += std::to_string(load_le<std::uint64_t>(bytes, 8));
    text += "</EventRecordID><TimeCreated SystemTime='";
    append_file_time(text, load_le<std::uint64_t>(bytes, 16));
    text += "'/></System><EventData>";
    xml_.render_values(begin, end, text);
    text += "</EventData></Event>\n";
    text += bytes;
  }

  std::unique_ptr<ByteSource> source_;
  std::string chunk_;  // or the file's header
  std::uint64_t taken_ = 0, chunk_offset_ = 0;
  bool started_ = false;
  std::uint64_t chunks_ = 0;                     // read so far
  std::optional<std::uint64_t> counted_chunks_;  // by a header that was closed
  std::vector<Piece> pieces_;
  std::size_t next_piece_ = 0;
  std::uint64_t number_ = 0;  // of the record that was last met
  EvtxXml xml_;
  Damage file_header_, chunk_header_, checksum_, record_, gap_, cut_;
};

}  // namespace

bool begins_evtx(std::string_view head) {
  return head.substr(0, kFileMagic.size()) == kFileMagic;
}

std::unique_ptr<RecordReader> evtx_reader(std::unique_ptr<ByteSource> source,
                                          const StreamOptions&) {
  return std::make_unique<EvtxReader>(std::move(source));
}

}  // namespace spoor
