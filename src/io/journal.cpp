// systemd's journal files, read by ourselves: a header, then objects one behind another, each
// aligned to 8 bytes. An entry is a list of references to fields, which stand before it.
//
//     offset  size  of the header                 offset  size  of an object
//          0     8  "LPKSHHRH"                         0     1  type: 1 data, 3 entry, ...
//         12     4  flags: 1 xz, 2 lz4,                1     1  1 xz, 2 lz4, 4 zstd
//                   8 zstd, 16 compact                 8     8  size
//         72    16  sequence's id                    of an entry, behind that
//         88     8  size of the header                16    24  number, realtime, monotonic
//         (us)
//                                                     40    16  boot's id
//                                                     56     8  xor of the fields' hashes
//                                                     64        16 a field (compact: 4): offset
//     of a field, behind its head: 48 bytes of hash and links (compact: 56), then NAME=value
//
// Objects are walked in the order of the file, which is that of writing; the chains and arrays
// that serve look-ups are not needed, so damage to them costs nothing. Where no sound object
// follows, the next one is looked for at every eighth byte. Fields that no entry refers to are
// shown by themselves where anything was damaged: an entry that referred to them may be lost.
// An entry's number is its place among the entries of the file, from 1.
//
// The alternative, libsystemd, maps files: one that is cut while it is read ends the program
// unless a signal handler is installed, members of archives would have to be written out, and
// what is behind a broken chain is lost. Memory: 16 MiB of blocks, an entry, and a bit for each
// eight bytes of the file. What is put out is bounded by kMostExpansion.
//
// Format: systemd.io/JOURNAL_FILE_FORMAT. Tested by journal_test.cpp; fuzz/fuzz_journal.

#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/ascii.h"
#include "io/journal_entry.h"
#include "io/journal_unpack.h"
#include "io/little_endian.h"
#include "io/paged.h"
#include "io/records.h"

namespace spoor {
namespace {

constexpr std::string_view kMagic = "LPKSHHRH";
constexpr std::size_t kHeader = 208, kObjectHead = 16, kEntryHead = 64;
constexpr std::uint32_t kCompact = 16;
constexpr std::uint8_t kData = 1, kEntry = 3, kMostType = 7;
constexpr std::uint8_t kAllFlags = 7;
// Entries may share fields: a small file can say much. Real ones come to some five times their
// size.
constexpr std::uint64_t kExpansionFloor = std::uint64_t{1} << 30;
constexpr std::uint64_t kMostExpansion = 100;
constexpr std::size_t kMostItems = 4096;  // of an entry; systemd's own limit is 1024

std::string number_text(std::uint64_t value, int base = 10) {
  char buffer[24];
  return {buffer, std::to_chars(std::begin(buffer), std::end(buffer), value, base).ptr};
}

/// One bit for each eight bytes of the file.
class Marks {
 public:
  explicit Marks(std::uint64_t size) : bits_(static_cast<std::size_t>(size / 64 + 1)) {}
  void set(std::uint64_t at) {
    bits_[at / 64] |= static_cast<unsigned char>(1u << (at / 8 % 8));
  }
  bool get(std::uint64_t at) const { return (bits_[at / 64] >> (at / 8 % 8) & 1) != 0; }

 private:
  std::vector<unsigned char> bits_;
};

class JournalReader final : public RecordReader {
 public:
  explicit JournalReader(std::unique_ptr<ByteSource> source)
      : pages_(std::move(source)), used_(pages_.size()) {
    const std::string_view header = pages_.view(0, kHeader);
    if (header.empty()) {
      at_ = pages_.size();
      is_cut_ = true;
      return;
    }
    compact_ = (load_le<std::uint32_t>(header, 12) & kCompact) != 0;
    sequence_ = to_hex(header.substr(72, 16));
    const auto size = load_le<std::uint64_t>(header, 88);
    begin_ = size >= kHeader && size % 8 == 0 && size < pages_.size() ? size : kHeader;
    at_ = begin_;
  }

  bool next(std::string& text, ChunkRecord& record) override {
    while (!is_over_ && at_ < pages_.size()) {
      const Object object = object_at(at_);
      if (object.size == 0) {
        pass_over_damage();
        continue;
      }
      const std::uint64_t at = at_;
      at_ += (object.size + 7) / 8 * 8;
      record.offset = at;
      record.length = object.size;
      if (!orphans_) {
        if (object.type == kEntry && put_entry(at, object.size, text)) {
          record.number = ++entries_;
          return !check_expansion(text);
        }
      } else if (object.type == kData && !used_.get(at) && put_orphan(at, object, text)) {
        record.number = entries_;
        return !check_expansion(text);
      }
    }
    if (!orphans_ && !is_over_ && is_damaged()) {
      orphans_ = true;
      at_ = begin_;
      return next(text, record);
    }
    return false;
  }

  std::uint64_t bytes_taken() const override {
    return is_over_ || !orphans_ ? std::min(at_, pages_.size()) : pages_.size();
  }
  const ByteSource& source() const override { return pages_.source(); }

  void problems(std::vector<Skip>& out) const override {
    pages_.source().problems(out);
    const auto add = [&](std::uint64_t count, const std::string& reason, std::uint64_t bytes) {
      if (count == 0) return;
      Skip skip;
      skip.reason = "journal: " + reason;
      skip.bytes = bytes;
      skip.incomplete = true;
      out.push_back(std::move(skip));
    };
    add(is_cut_ ? 1 : 0, "unexpected end", 0);
    add(damaged_bytes_, "damaged from byte " + number_text(first_damage_), damaged_bytes_);
    add(lost_fields_, "fields of entries that could not be read: " + number_text(lost_fields_),
        0);
    add(cut_bytes_, "fields of more than " + number_text(JournalEntry::kBytes) + " bytes",
        cut_bytes_);
    add(is_over_ ? 1 : 0,
        "its entries come to more than " + number_text(kMostExpansion) +
            " times its size, not read further",
        pages_.size() - std::min(pages_.size(), at_));
  }

 private:
  struct Object {
    std::uint8_t type = 0, flags = 0;
    std::uint64_t size = 0;  // 0: there is no sound object
  };

  std::size_t data_head() const { return compact_ ? 72 : 64; }
  std::size_t item_bytes() const { return compact_ ? 4 : 16; }

  Object object_at(std::uint64_t at) {
    const std::string_view head = pages_.view(at, kObjectHead);
    if (head.empty()) return {};
    Object object;
    object.type = static_cast<std::uint8_t>(head[0]);
    object.flags = static_cast<std::uint8_t>(head[1]);
    object.size = load_le<std::uint64_t>(head, 8);
    std::uint64_t least = kObjectHead;
    if (object.type == kData) least = data_head() + 1;
    if (object.type == kEntry) least = kEntryHead + item_bytes();
    const bool sound = object.type >= 1 && object.type <= kMostType &&
                       object.flags <= kAllFlags && object.size >= least &&
                       object.size <= pages_.size() - at &&
                       head.substr(2, 6).find_first_not_of('\0') == std::string_view::npos;
    return sound ? object : Object{};
  }

  bool is_damaged() const { return damaged_bytes_ > 0 || lost_fields_ > 0 || is_cut_; }

  /// Goes on at the next sound object that has another behind it. Zeros are space that is
  /// allotted and not used.
  void pass_over_damage() {
    const std::uint64_t begin = at_;
    std::uint64_t first = UINT64_MAX, last = 0;  // bytes that are not zero
    for (;;) {
      const auto step =
          static_cast<std::size_t>(std::min<std::uint64_t>(8, pages_.size() - at_));
      const std::string_view word = pages_.view(at_, step);
      if (word.empty()) {
        at_ = pages_.size();
        break;
      }
      if (word.find_first_not_of('\0') != std::string_view::npos) {
        const Object object = at_ > begin ? object_at(at_) : Object{};
        const std::uint64_t behind = at_ + (object.size + 7) / 8 * 8;
        if (object.size != 0 &&
            (behind >= pages_.size() || object_at(behind).size != 0 ||
             pages_.view(behind, 8) == std::string_view("\0\0\0\0\0\0\0\0", 8)))
          break;
        first = std::min(first, at_);
        last = at_ + step;
      }
      at_ += step;
      if (at_ >= pages_.size()) break;
    }
    if (orphans_ || first == UINT64_MAX) return;
    // The last object of a file that was cut off is the usual damage.
    if (damaged_bytes_ == 0) first_damage_ = first;
    damaged_bytes_ += last - first;
  }

  bool put_entry(std::uint64_t at, std::uint64_t size, std::string& text) {
    const std::uint64_t items = (size - kEntryHead) / item_bytes();
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(items, kMostItems));
    if (items > count) lost_fields_ += items - count;
    if (!pages_.read(at, kEntryHead + count * item_bytes(), entry_)) return false;
    const auto word = [&](std::size_t from) { return load_le<std::uint64_t>(entry_, from); };
    JournalEntry entry(text);
    entry.put("__CURSOR", "s=" + sequence_ + ";i=" + number_text(word(16), 16) +
                              ";b=" + to_hex(std::string_view(entry_).substr(40, 16)) + ";m=" +
                              number_text(word(32), 16) + ";t=" + number_text(word(24), 16) +
                              ";x=" + number_text(word(56), 16));
    entry.put("__REALTIME_TIMESTAMP", number_text(word(24)));
    entry.put("__MONOTONIC_TIMESTAMP", number_text(word(32)));
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t from = kEntryHead + i * item_bytes();
      const std::uint64_t field = compact_ ? load_le<std::uint32_t>(entry_, from) : word(from);
      if (field == 0) continue;  // systemd leaves such where it found a field broken
      if (!put_field(field, entry)) ++lost_fields_;
    }
    entry.close();
    cut_bytes_ += entry.cut_bytes();
    return true;
  }

  bool put_field(std::uint64_t at, JournalEntry& entry) {
    if (at % 8 != 0 || at < begin_ || at >= pages_.size()) return false;
    const Object object = object_at(at);
    if (object.type != kData || object.size == 0) return false;
    used_.set(at);
    const std::uint64_t size = object.size - data_head();
    const auto kept =
        static_cast<std::size_t>(std::min<std::uint64_t>(size, JournalEntry::kBytes));
    cut_bytes_ += size - kept;
    if (object.flags == 0 && kept < kSmallField) {
      const std::string_view field = pages_.view(at + data_head(), kept);
      if (field.empty()) return false;
      entry.put_field(field);
      return true;
    }
    if (!pages_.read(at + data_head(), kept, packed_)) return false;
    if (object.flags == 0) {
      entry.put_field(packed_);
      return true;
    }
    if (!unpack_journal_field(object.flags, packed_, JournalEntry::kBytes, field_))
      return false;
    entry.put_field(field_);
    return true;
  }

  bool put_orphan(std::uint64_t at, const Object&, std::string& text) {
    const std::size_t old = text.size();
    JournalEntry entry(text);
    if (!put_field(at, entry) || entry.empty()) {
      text.resize(old);
      return false;
    }
    entry.close();
    return true;
  }

  /// True where the file says too much for its size.
  bool check_expansion(const std::string& text) {
    put_out_ += text.size();
    const std::uint64_t work = put_out_ + pages_.loaded();
    is_over_ = work > kExpansionFloor && work / kMostExpansion > pages_.size();
    return is_over_;
  }

  static constexpr std::size_t kSmallField = 8 << 10;

  PagedSource pages_;
  Marks used_;  // fields that an entry refers to
  std::string sequence_;
  bool compact_ = false;
  std::uint64_t begin_ = kHeader, at_ = kHeader;
  bool orphans_ = false;  // the second walk
  bool is_over_ = false, is_cut_ = false;
  std::uint64_t entries_ = 0, put_out_ = 0;
  std::uint64_t damaged_bytes_ = 0, first_damage_ = 0, lost_fields_ = 0, cut_bytes_ = 0;
  std::string entry_, packed_, field_;  // memory
};

}  // namespace

bool begins_journal(std::string_view head) {
  return head.substr(0, kMagic.size()) == kMagic;
}

std::unique_ptr<RecordReader> journal_reader(std::unique_ptr<ByteSource> source,
                                             const StreamOptions&) {
  return std::make_unique<JournalReader>(std::move(source));
}

}  // namespace spoor
