// systemd's export format (`journalctl -o export`): a line "NAME=value" a field, an empty line
// behind each entry. A value with line ends or other control characters stands as NAME, LF, its
// size in 8 bytes, the value, LF. Read in a stream; memory: an entry, and a buffer.
//
// A size that reaches beyond the end of the file is damage: the line is taken as text then, and
// reading goes on behind it. An entry's number is its place in the stream, from 1.
//
// Format: systemd.io/JOURNAL_EXPORT_FORMATS. Tested by journal_test.cpp; fuzz/fuzz_journal.

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "io/journal_entry.h"
#include "io/little_endian.h"
#include "io/records.h"

namespace spoor {
namespace {

constexpr std::string_view kBegin = "__CURSOR=";
constexpr std::size_t kStep = 64 << 10;
constexpr std::size_t kSizeBytes = 8;
constexpr std::size_t kNameBytes = 64;

bool is_name(std::string_view line) {
  return !line.empty() && line.size() <= kNameBytes &&
         std::all_of(line.begin(), line.end(),
                     [](char c) { return is_upper(c) || is_digit(c) || c == '_'; });
}

class ExportReader final : public RecordReader {
 public:
  explicit ExportReader(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {}

  bool next(std::string& text, ChunkRecord& record) override {
    while (has(1) && buffer_[begin_] == '\n') take(1);  // between entries
    if (!has(1)) return false;
    record.offset = taken_;
    record.number = ++entries_;
    JournalEntry entry(text);
    while (has(1) && buffer_[begin_] != '\n') read_field(entry);
    record.length = taken_ - record.offset;
    if (has(1)) take(1);
    entry.close();
    cut_ += entry.cut_bytes();
    return true;
  }

  std::uint64_t bytes_taken() const override { return taken_; }
  std::uint64_t bytes_skipped() const override { return cut_; }
  const ByteSource& source() const override { return *source_; }

  void problems(std::vector<Skip>& out) const override {
    source_->problems(out);
    const auto add = [&](std::uint64_t count, std::string reason, std::uint64_t bytes) {
      if (count == 0) return;
      Skip skip;
      skip.reason = "journal: " + std::move(reason);
      skip.bytes = bytes;
      skip.incomplete = true;
      out.push_back(std::move(skip));
    };
    add(cut_, "fields of more than " + std::to_string(JournalEntry::kBytes) + " bytes", cut_);
    add(damaged_,
        "fields whose size does not fit: " + std::to_string(damaged_) +
            ", scanned as text, first at byte " + std::to_string(first_damaged_),
        0);
  }

 private:
  /// Whether `count` bytes are there; reads what is missing.
  bool has(std::size_t count) {
    while (buffer_.size() - begin_ < count) {
      if (begin_ > 0 && begin_ >= buffer_.size() / 2) {
        buffer_.erase(0, begin_);
        begin_ = 0;
      }
      const std::size_t old = buffer_.size();
      const std::size_t want = std::max(kStep, count - (old - begin_));
      buffer_.resize(old + want);
      const std::size_t got = source_->read(buffer_.data() + old, want);
      buffer_.resize(old + got);
      if (got == 0) return false;
    }
    return true;
  }

  void take(std::size_t count) {
    begin_ += count;
    taken_ += count;
  }

  std::string_view rest() const { return std::string_view(buffer_).substr(begin_); }

  void read_field(JournalEntry& entry) {
    // The line, as far as an entry may be long.
    std::size_t end = rest().find('\n');
    for (std::size_t looked = rest().size();
         end == std::string_view::npos && looked < JournalEntry::kBytes && has(looked + 1);
         looked = rest().size())
      end = rest().find('\n', looked);
    const bool ended = end != std::string_view::npos;
    const std::string_view line = rest().substr(0, end);
    if (ended && is_name(line) && read_sized(std::string(line), entry)) return;
    // read_sized() may have moved the buffer.
    const std::size_t size = ended ? end : rest().size();
    entry.put_field(rest().substr(0, size));
    take(size);
    if (ended) {
      take(1);
    } else {
      pass_over_line();
    }
  }

  /// NAME, LF, size, value, LF. False where that is not what stands here.
  bool read_sized(const std::string& name, JournalEntry& entry) {
    const std::size_t head = name.size() + 1 + kSizeBytes;
    if (!has(head)) return note_damage();
    const auto size = load_le<std::uint64_t>(buffer_, begin_ + name.size() + 1);
    if (size > (std::uint64_t{1} << 40)) return note_damage();
    const auto kept =
        static_cast<std::size_t>(std::min<std::uint64_t>(size, JournalEntry::kBytes));
    if (!has(head + kept)) return note_damage();
    entry.put(name, rest().substr(head, kept));
    take(head + kept);
    std::uint64_t left = size - kept;
    cut_ += left;
    while (left > 0 && has(1)) {
      const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(left, rest().size()));
      take(step);
      left -= step;
    }
    if (left > 0 || (has(1) && buffer_[begin_] != '\n')) note_damage();
    if (has(1) && buffer_[begin_] == '\n') take(1);
    return true;
  }

  bool note_damage() {
    if (damaged_++ == 0) first_damaged_ = taken_;
    return false;
  }

  /// The rest of a line that is longer than an entry may be.
  void pass_over_line() {
    while (has(1)) {
      const std::size_t end = rest().find('\n');
      const std::size_t size = end == std::string_view::npos ? rest().size() : end;
      cut_ += size;
      take(size);
      if (end == std::string_view::npos) continue;
      take(1);
      return;
    }
  }

  std::unique_ptr<ByteSource> source_;
  std::string buffer_;
  std::size_t begin_ = 0;  // of what is not taken yet
  std::uint64_t taken_ = 0, entries_ = 0;
  std::uint64_t cut_ = 0, damaged_ = 0, first_damaged_ = 0;
};

}  // namespace

bool begins_journal_export(std::string_view head) {
  return head.substr(0, kBegin.size()) == kBegin;
}

std::unique_ptr<RecordReader> journal_export_reader(std::unique_ptr<ByteSource> source,
                                                    const StreamOptions&) {
  return std::make_unique<ExportReader>(std::move(source));
}

}  // namespace spoor
