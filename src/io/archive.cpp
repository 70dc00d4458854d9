// libarchive behind a pull interface. Memory: a block of 128 KiB, what libarchive keeps of the
// list of members (zip, 7z: some 5 times its bytes in the file), and for 7z the window that the
// archive declares. Tested by members_test.cpp; fuzz/fuzz_archive.

#include "io/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>

#include "base/ascii.h"
#include "base/check.h"

namespace spoor {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kBlockBytes = kArchiveBlockBytes;
constexpr std::size_t kMostNameBytes = 1024;

/// The sum of a tar header: its bytes, with the eight of the sum itself as blanks (POSIX
/// ustar). Old programs summed signed bytes.
bool is_tar(std::string_view head) {
  constexpr std::size_t kSumAt = 148, kSumBytes = 8;
  if (head.size() < kArchiveHeadBytes) return false;
  std::uint32_t told = 0;
  std::size_t digits = 0;
  for (std::size_t i = kSumAt; i < kSumAt + kSumBytes; ++i) {
    const char c = head[i];
    if (c >= '0' && c <= '7') {
      told = told * 8 + static_cast<std::uint32_t>(c - '0');
      ++digits;
    } else if (c != ' ' && c != '\0') {
      return false;
    } else if (digits > 0) {
      break;
    }
  }
  if (digits == 0) return false;
  std::int64_t plain = 0, with_sign = 0;
  for (std::size_t i = 0; i < kArchiveHeadBytes; ++i) {
    const bool in_sum = i >= kSumAt && i < kSumAt + kSumBytes;
    const char c = in_sum ? ' ' : head[i];
    plain += static_cast<unsigned char>(c);
    with_sign += static_cast<signed char>(c);
  }
  return plain == told || with_sign == told;
}

bool is_zip(std::string_view head) {
  return head.substr(0, 4) == "PK\x03\x04"sv || head.substr(0, 4) == "PK\x05\x06"sv;
}
bool is_7z(std::string_view head) {
  return head.substr(0, 6) == "7z\xbc\xaf\x27\x1c"sv;
}
/// The formats: one row each. cpio and ar are none: libarchive takes as much memory for a name
/// as a header says, up to 4 GB; and their members stand in them as they are, so that a scan of
/// the raw bytes finds what is in them.
struct FormRow {
  std::string_view name;
  bool (*begins)(std::string_view head);
  int (*enable)(archive*);
  bool seeks;
  /// How much later than it says a member may have been changed. A zip without extended
  /// timestamps has a clock without a zone, which libarchive takes for one of this machine's
  /// zone; the two zones lie at most 26 hours apart. Nothing says which kind of time it was.
  int late_hours;
};
int enable_zip(archive* reader) {
  return archive_read_support_format_zip(reader);
}
const FormRow kForms[] = {
    {"zip", is_zip, enable_zip, true, 26},
    {"7z", is_7z, archive_read_support_format_7zip, true, 0},
    {"tar", is_tar, archive_read_support_format_tar, false, 0},
};

/// Names are converted by the locale of the thread; UTF-8 for as long as this lives.
class Utf8Locale {
 public:
  Utf8Locale() {
    static const locale_t utf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    if (utf8 != nullptr) old_ = ::uselocale(utf8);
  }
  ~Utf8Locale() {
    if (old_ != nullptr) ::uselocale(old_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  locale_t old_ = nullptr;
};

class LibarchiveReader final : public ZipWalk {
 public:
  LibarchiveReader(std::unique_ptr<ByteSource> source, const FormRow& form, bool on_grid)
      : source_(std::move(source)),
        form_(form),
        on_grid_(on_grid),
        reader_(archive_read_new()) {
    SPOOR_CHECK(reader_ != nullptr);
    form_.enable(reader_);
    // What `cat a.tar b.tar` makes is read whole.
    archive_read_set_format_option(reader_, "tar", "read_concatenated_archives", "1");
    archive_read_set_callback_data(reader_, this);
    archive_read_set_read_callback(reader_, &LibarchiveReader::read_block);
    if (form_.seeks && source_->size())
      archive_read_set_seek_callback(reader_, &LibarchiveReader::seek);
    const Utf8Locale locale;
    if (archive_read_open1(reader_) != ARCHIVE_OK) end_with("cannot be opened");
  }
  ~LibarchiveReader() override {
    if (reader_ != nullptr) archive_read_free(reader_);
  }
  LibarchiveReader(const LibarchiveReader&) = delete;
  LibarchiveReader& operator=(const LibarchiveReader&) = delete;

  bool next(ArchiveEntry& entry) override {
    const Utf8Locale locale;
    member_problem_.clear();
    member_ended_ = true;
    // A damaged header may be followed by a good one, but not for ever.
    for (int bad = 0; !ended_;) {
      archive_entry* header = nullptr;
      const int code = archive_read_next_header(reader_, &header);
      passed_over_ = false;
      if (code == ARCHIVE_EOF) {
        ended_ = true;
        break;
      }
      if (code == ARCHIVE_RETRY || code == ARCHIVE_FAILED) {
        if (problem_.empty()) problem_ = words("damaged header");
        if (++bad == kMostBadHeaders) ended_ = true;
        continue;
      }
      if (code != ARCHIVE_OK && code != ARCHIVE_WARN) {
        end_with("damaged");
        break;
      }
      if (archive_entry_filetype(header) == AE_IFDIR) continue;
      describe(header, entry);
      return true;
    }
    return false;
  }

  std::size_t read(char* out, std::size_t size) override {
    while (!member_ended_ && size > 0) {
      if (hole_ > 0) {  // of a sparse file: zeros
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(hole_, size));
        std::memset(out, 0, count);
        hole_ -= count;
        at_ += count;
        return count;
      }
      if (block_.empty() && !next_block()) continue;
      const std::size_t count = std::min(size, block_.size());
      std::memcpy(out, block_.data(), count);
      block_.remove_prefix(count);
      at_ += count;
      return count;
    }
    return 0;
  }

  std::uint64_t hole() const override { return member_ended_ ? 0 : hole_; }
  void pass_hole(std::uint64_t count) override {
    hole_ -= count;
    at_ += count;
  }

  const std::string& member_problem() const override { return member_problem_; }
  const std::string& problem() const override { return problem_; }
  ByteSource& source() override { return *source_; }
  std::unique_ptr<ByteSource> release() override {
    archive_read_free(reader_);
    reader_ = nullptr;
    ended_ = member_ended_ = true;
    return std::move(source_);
  }

  std::uint64_t content_begin() const override {
    return static_cast<std::uint64_t>(archive_filter_bytes(reader_, 0));
  }
  std::uint64_t position() const override { return static_cast<std::uint64_t>(position_); }
  void pass_over() override { passed_over_ = true; }
  bool has_skipped() const override { return has_skipped_; }
  void read_up_to(std::uint64_t position) override {
    while (this->position() < position) {
      const std::uint64_t left = position - this->position();
      const std::size_t count = source_->read(
          buffer_.data(),
          static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer_.size())));
      if (count == 0) return;
      position_ += static_cast<la_int64_t>(count);
    }
  }

 private:
  static constexpr int kMostBadHeaders = 16;

  /// Up to the next border between blocks, where they are to lie on a grid.
  std::size_t block_bytes() const {
    const bool aligned = on_grid_ && !has_skipped_;
    return kBlockBytes - (aligned ? static_cast<std::size_t>(position()) % kBlockBytes : 0);
  }

  static la_ssize_t read_block(archive* reader, void* self, const void** block) {
    auto& me = *static_cast<LibarchiveReader*>(self);
    const std::size_t count = me.source_->read(me.buffer_.data(), me.block_bytes());
    me.given_ += count;
    me.position_ += static_cast<la_int64_t>(count);
    // The members of a zip may lie over each other, so that a small file holds any amount
    // (D. Fifield, "A better zip bomb", 2019). Reading in order reads each byte once or twice.
    if (const auto size = me.source_->size();
        size && me.given_ > 4 * *size + std::uint64_t{128} * kBlockBytes) {
      archive_set_error(reader, EINVAL, "members lie over each other");
      return ARCHIVE_FATAL;
    }
    *block = me.buffer_.data();
    return static_cast<la_ssize_t>(count);
  }

  static la_int64_t seek(archive* reader, void* self, la_int64_t offset, int whence) {
    auto& me = *static_cast<LibarchiveReader*>(self);
    const auto size = static_cast<la_int64_t>(*me.source_->size());
    la_int64_t target = -1;
    if (whence == SEEK_SET) target = offset;
    // libarchive skips so, over what it does not want: read all the same, and counted.
    if (whence == SEEK_CUR) {
      if (!me.passed_over_) me.has_skipped_ = true;
      for (la_int64_t left = offset; left > 0;) {
        const std::size_t count =
            me.source_->read(me.buffer_.data(),
                             static_cast<std::size_t>(std::min<la_int64_t>(left, kBlockBytes)));
        if (count == 0) break;
        me.position_ += static_cast<la_int64_t>(count);
        left -= static_cast<la_int64_t>(count);
      }
      return me.position_;
    }
    if (whence == SEEK_END && offset <= 0 && offset >= -size) target = size + offset;
    if (target < 0 || target > size || !me.source_->seek(static_cast<std::uint64_t>(target))) {
      archive_set_error(reader, EINVAL, "points outside of the file");
      return ARCHIVE_FATAL;
    }
    me.position_ = target;
    return target;
  }

  /// libarchive's words, which may quote the archive.
  std::string words(const char* otherwise) const {
    const char* text = archive_error_string(reader_);
    std::string all = text == nullptr ? otherwise : text;
    if (all.size() > 200) all.resize(200);
    if (!all.empty() && all[1 % all.size()] >= 'a') all[0] = to_lower(all[0]);  // not "ZIP"
    return all;
  }

  void end_with(const char* otherwise) {
    problem_ = words(otherwise);
    ended_ = true;
  }

  bool next_block() {
    const void* data = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int code = archive_read_data_block(reader_, &data, &size, &offset);
    if (code == ARCHIVE_EOF) {
      if (at_ < sparse_size_) {
        hole_ = sparse_size_ - at_;
      } else {
        member_ended_ = true;
      }
      return false;
    }
    if (code == ARCHIVE_RETRY) return false;
    // A warning comes with the member's last bytes: a wrong checksum or length.
    if (code == ARCHIVE_WARN && member_problem_.empty()) member_problem_ = words("damaged");
    if (code != ARCHIVE_OK && code != ARCHIVE_WARN) {
      member_problem_ = words("damaged");
      member_ended_ = true;
      if (code == ARCHIVE_FATAL && problem_.empty()) problem_ = member_problem_;
      return false;
    }
    block_ = {static_cast<const char*>(data), size};
    if (offset > 0 && static_cast<std::uint64_t>(offset) > at_)
      hole_ = static_cast<std::uint64_t>(offset) - at_;
    return hole_ == 0 && !block_.empty();
  }

  void describe(archive_entry* header, ArchiveEntry& entry) {
    entry = ArchiveEntry{};
    entry.name = name_of(header);
    ++count_;
    if (entry.name.empty()) entry.name = "member " + std::to_string(count_);
    if (entry.name.size() > kMostNameBytes) entry.name.resize(kMostNameBytes);
    if (archive_entry_size_is_set(header) != 0 && archive_entry_size(header) > 0)
      entry.size = static_cast<std::uint64_t>(archive_entry_size(header));
    if (archive_entry_mtime_is_set(header) != 0) {
      // Far beyond all calendars a Time would overflow.
      constexpr la_int64_t kFarthest = 253'402'300'799;  // 9999-12-31T23:59:59Z
      const la_int64_t seconds = archive_entry_mtime(header);
      if (seconds > 0 && seconds <= kFarthest)
        entry.modified =
            Time(Micros(seconds * 1'000'000)) + std::chrono::hours(form_.late_hours);
    }
    const char* link = archive_entry_symlink(header);
    const char* hard = archive_entry_hardlink(header);
    const auto kind = archive_entry_filetype(header);
    if (kind == AE_IFLNK) {
      entry.reason = "is a link to " + cut(link);
    } else if (hard != nullptr && entry.size == 0) {
      entry.reason = "is a link to " + cut(hard);
    } else if (kind == AE_IFCHR || kind == AE_IFBLK || kind == AE_IFIFO || kind == AE_IFSOCK) {
      entry.reason = kind == AE_IFIFO    ? "is a fifo"
                     : kind == AE_IFSOCK ? "is a socket"
                                         : "is a device";
    } else if (archive_entry_is_encrypted(header) != 0) {
      entry.reason = "is encrypted";
      entry.incomplete = true;
    }
    member_ended_ = !entry.reason.empty();
    block_ = {};
    at_ = hole_ = 0;
    sparse_size_ = archive_entry_sparse_count(header) > 0 ? entry.size : 0;
  }

  static std::string cut(const char* text) {
    std::string all = text == nullptr ? "something" : text;
    if (all.size() > 200) all.resize(200);
    return all;
  }

  static std::string name_of(archive_entry* header) {
    // Bytes as they stand, else what the format says in another encoding.
    if (const char* name = archive_entry_pathname(header)) return name;
    if (const char* name = archive_entry_pathname_utf8(header)) return name;
    return {};
  }

  std::unique_ptr<ByteSource> source_;
  const FormRow& form_;
  const bool on_grid_;
  archive* reader_;
  std::vector<char> buffer_ = std::vector<char>(kBlockBytes);
  std::uint64_t given_ = 0;  // bytes, those given twice counted twice
  la_int64_t position_ = 0;  // in the source
  std::uint64_t count_ = 0;  // members
  bool ended_ = false;
  bool passed_over_ = false, has_skipped_ = false;
  std::string problem_;
  // Of the member at hand:
  bool member_ended_ = true;
  std::string member_problem_;
  std::string_view block_;         // not delivered yet
  std::uint64_t at_ = 0;           // delivered
  std::uint64_t hole_ = 0;         // zeros that come before block_
  std::uint64_t sparse_size_ = 0;  // of a sparse file: its whole length
};

}  // namespace

std::string_view archive_form(std::string_view head) {
  for (const FormRow& row : kForms) {
    if (row.begins(head)) return row.name;
  }
  return {};
}

bool wants_seek(std::string_view form) {
  for (const FormRow& row : kForms) {
    if (row.name == form) return row.seeks;
  }
  return false;
}

std::unique_ptr<ArchiveReader> open_archive(std::unique_ptr<ByteSource> source,
                                            std::string_view form) {
  for (const FormRow& row : kForms) {
    if (row.name == form)
      return std::make_unique<LibarchiveReader>(std::move(source), row, false);
  }
  SPOOR_CHECK(false);
  return nullptr;
}

std::unique_ptr<ZipWalk> walk_zip(std::unique_ptr<ByteSource> source) {
  SPOOR_CHECK(source->size());
  return std::make_unique<LibarchiveReader>(std::move(source), kForms[0], true);
}

}  // namespace spoor
