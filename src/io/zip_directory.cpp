#include "io/zip_directory.h"

#include <algorithm>
#include <string>

#include "io/little_endian.h"

namespace spoor {
namespace {

using namespace std::string_view_literals;

// libarchive looks for the end in as many bytes.
constexpr std::size_t kTailBytes = 16 << 10;
constexpr std::size_t kReadBytes = 128 << 10;
constexpr std::size_t kEndBytes = 22, kEnd64Bytes = 56, kLocatorBytes = 20, kEntryBytes = 46;
constexpr std::uint32_t kIn64 = 0xFFFFFFFF;  // the number stands in the zip64 field
constexpr std::uint64_t kMostSize = INT64_MAX;

// Encrypted content, strong encryption, an encrypted list.
constexpr unsigned kEncrypted = 1 << 0 | 1 << 6 | 1 << 13;

/// A part of the source that is read once, from its begin to its end.
class Window {
 public:
  Window(ByteSource& source, std::uint64_t begin, std::uint64_t bytes)
      : source_(source), left_(source.seek(begin) ? bytes : 0) {}

  /// The next `count` bytes, or "" where there are fewer. Valid until the next call.
  std::string_view peek(std::size_t count) {
    if (buffer_.size() - at_ < count) {
      buffer_.erase(0, at_);
      at_ = 0;
    }
    while (buffer_.size() < count && left_ > 0) {
      const std::size_t old = buffer_.size();
      const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(kReadBytes, left_));
      buffer_.resize(old + step);
      const std::size_t got = source_.read(buffer_.data() + old, step);
      buffer_.resize(old + got);
      left_ = got == 0 ? 0 : left_ - got;
    }
    if (buffer_.size() - at_ < count) return {};
    return std::string_view(buffer_).substr(at_, count);
  }
  std::string_view take(std::size_t count) {
    const std::string_view bytes = peek(count);
    at_ += bytes.size();
    return bytes;
  }
  bool is_over() const { return left_ == 0 && at_ == buffer_.size(); }

 private:
  ByteSource& source_;
  std::uint64_t left_;
  std::string buffer_;
  std::size_t at_ = 0;
};

/// Where the list is and how many entries it has.
struct Whereabouts {
  std::uint64_t members = 0, bytes = 0, offset = 0;
};

/// By the zip64 end that `locator` leads to; it must end where the locator begins.
std::optional<Whereabouts> by_end64(ByteSource& source, std::string_view locator,
                                    std::uint64_t locator_at) {
  const auto at = load_le<std::uint64_t>(locator, 8);
  if (load_le<std::uint32_t>(locator, 4) != 0 || load_le<std::uint32_t>(locator, 16) != 1 ||
      locator_at < kEnd64Bytes || at != locator_at - kEnd64Bytes)
    return std::nullopt;
  Window window(source, at, kEnd64Bytes);
  const std::string_view end = window.take(kEnd64Bytes);
  if (end.substr(0, 4) != "PK\x06\x06"sv ||
      load_le<std::uint64_t>(end, 4) != kEnd64Bytes - 12 ||
      load_le<std::uint64_t>(end, 16) != 0)
    return std::nullopt;
  Whereabouts found;
  found.members = load_le<std::uint64_t>(end, 24);
  found.bytes = load_le<std::uint64_t>(end, 40);
  found.offset = load_le<std::uint64_t>(end, 48);
  if (load_le<std::uint64_t>(end, 32) != found.members || found.offset > at ||
      found.bytes != at - found.offset)
    return std::nullopt;
  return found;
}

/// Whether the old field says nothing else than the new one.
bool old_agrees(std::uint64_t old, std::uint64_t mark, std::uint64_t value) {
  return old == mark || old == value;
}

std::optional<Whereabouts> find_list(ByteSource& source) {
  const std::uint64_t size = *source.size();
  const auto tail_bytes = static_cast<std::size_t>(std::min<std::uint64_t>(size, kTailBytes));
  Window window(source, size - tail_bytes, tail_bytes);
  const std::string_view tail = window.take(tail_bytes);
  if (tail.size() < kEndBytes) return std::nullopt;
  const std::size_t at = tail.rfind("PK\x05\x06"sv, tail.size() - kEndBytes);
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  const std::string_view end = tail.substr(at);
  const std::uint64_t end_at = size - tail_bytes + at;
  if (load_le<std::uint32_t>(end, 4) != 0 ||
      load_le<std::uint16_t>(end, 8) != load_le<std::uint16_t>(end, 10) ||
      end.size() != kEndBytes + load_le<std::uint16_t>(end, 20))
    return std::nullopt;
  Whereabouts old;
  old.members = load_le<std::uint16_t>(end, 10);
  old.bytes = load_le<std::uint32_t>(end, 12);
  old.offset = load_le<std::uint32_t>(end, 16);
  if (at < kLocatorBytes || tail.substr(at - kLocatorBytes, 4) != "PK\x06\x07"sv) {
    if (old.offset + old.bytes != end_at) return std::nullopt;
    return old;
  }
  const auto found =
      by_end64(source, tail.substr(at - kLocatorBytes, kLocatorBytes), end_at - kLocatorBytes);
  if (!found || !old_agrees(old.members, 0xFFFF, found->members) ||
      !old_agrees(old.bytes, kIn64, found->bytes) ||
      !old_agrees(old.offset, kIn64, found->offset))
    return std::nullopt;
  return found;
}

/// Replaces those of `values` that say so, in order, by what the zip64 field among `extra`
/// says. False where that is missing, or the fields are no fields.
bool resolve_64(std::string_view extra, std::initializer_list<std::uint64_t*> values) {
  std::string_view field;
  bool has_field = false;
  while (!extra.empty()) {
    if (extra.size() < 4) return extra.find_first_not_of('\0') == std::string_view::npos;
    const std::size_t bytes = load_le<std::uint16_t>(extra, 2);
    if (!fits(4, bytes, extra.size())) return false;
    if (load_le<std::uint16_t>(extra, 0) == 1) {
      if (has_field) return false;
      has_field = true;
      field = extra.substr(4, bytes);
    }
    extra.remove_prefix(4 + bytes);
  }
  for (std::uint64_t* value : values) {
    if (*value != kIn64) continue;
    if (field.size() < 8) return false;
    *value = load_le<std::uint64_t>(field, 0);
    if (*value > kMostSize) return false;
    field.remove_prefix(8);
  }
  return true;
}

enum class Kind : std::uint8_t { kFile, kFolder, kOther };

Kind kind_of(unsigned system, std::uint32_t external, std::string_view name) {
  constexpr unsigned kDos = 0, kUnix = 3;
  constexpr std::uint32_t kTypes = 0170000, kFolders = 0040000, kFiles = 0100000;
  const std::uint32_t type = system == kUnix ? external >> 16 & kTypes : 0;
  if (type != 0 && type != kFiles && type != kFolders) return Kind::kOther;
  const bool ends_like_one = !name.empty() && (name.back() == '/' || name.back() == '\\');
  const bool is_folder =
      type == kFolders || ends_like_one || (system == kDos && (external & 0x10) != 0);
  return is_folder ? Kind::kFolder : Kind::kFile;
}

/// The entry that `list` stands at.
std::optional<ZipRecord> take_entry(Window& list) {
  const std::string_view fixed = list.peek(kEntryBytes);
  if (fixed.substr(0, 4) != "PK\x01\x02"sv) return std::nullopt;
  const std::size_t name_bytes = load_le<std::uint16_t>(fixed, 28);
  const std::size_t extra_bytes = load_le<std::uint16_t>(fixed, 30);
  const std::size_t comment_bytes = load_le<std::uint16_t>(fixed, 32);
  const std::string_view entry =
      list.take(kEntryBytes + name_bytes + extra_bytes + comment_bytes);
  if (entry.empty() || load_le<std::uint16_t>(entry, 34) != 0) return std::nullopt;
  const unsigned method = load_le<std::uint16_t>(entry, 10);
  if ((load_le<std::uint16_t>(entry, 8) & kEncrypted) != 0 || (method != 0 && method != 8))
    return std::nullopt;
  ZipRecord record;
  record.deflated = method == 8;
  record.name_bytes = static_cast<std::uint16_t>(name_bytes);
  record.crc = load_le<std::uint32_t>(entry, 16);
  record.compressed = load_le<std::uint32_t>(entry, 20);
  record.size = load_le<std::uint32_t>(entry, 24);
  record.begin = load_le<std::uint32_t>(entry, 42);
  if (!resolve_64(entry.substr(kEntryBytes + name_bytes, extra_bytes),
                  {&record.size, &record.compressed, &record.begin}))
    return std::nullopt;
  const Kind kind =
      kind_of(static_cast<unsigned char>(entry[5]), load_le<std::uint32_t>(entry, 38),
              entry.substr(kEntryBytes, name_bytes));
  if (kind == Kind::kOther || (kind == Kind::kFolder && record.compressed > 0))
    return std::nullopt;
  // Deflate makes at most 1,032 bytes of one.
  const bool possible = record.deflated ? record.size / 1040 <= record.compressed
                                        : record.size == record.compressed;
  return possible ? std::optional(record) : std::nullopt;
}

/// Whether the contents lie one behind the other, from the file's begin to the list's.
bool lie_in_a_row(const ZipDirectory& directory) {
  std::uint64_t end = 0;  // of what came before
  for (const ZipRecord& record : directory.members) {
    const bool first = &record == &directory.members.front();
    if (record.begin < end || record.begin - end > (first ? 0 : kMostZipGap)) return false;
    const std::uint64_t header = kZipLocalBytes + record.name_bytes;
    if (record.begin > directory.begin || header > directory.begin - record.begin ||
        record.compressed > directory.begin - record.begin - header)
      return false;
    end = record.begin + header + record.compressed;
  }
  return directory.begin - end <= kMostZipGap;
}

}  // namespace

std::optional<ZipDirectory> read_zip_directory(ByteSource& source) {
  const auto found = find_list(source);
  // The number is a lie that costs nothing: no more entries than bytes for them.
  if (!found || found->members == 0 || found->members > found->bytes / kEntryBytes)
    return std::nullopt;
  ZipDirectory directory;
  directory.begin = found->offset;
  Window list(source, found->offset, found->bytes);
  while (!list.is_over() && directory.members.size() < found->members) {
    const auto record = take_entry(list);
    if (!record) return std::nullopt;
    directory.members.push_back(*record);
  }
  if (!list.is_over() || directory.members.size() != found->members) return std::nullopt;
  const auto before = [](const ZipRecord& a, const ZipRecord& b) { return a.begin < b.begin; };
  if (!std::is_sorted(directory.members.begin(), directory.members.end(), before))
    std::sort(directory.members.begin(), directory.members.end(), before);
  if (!lie_in_a_row(directory)) return std::nullopt;
  return directory;
}

std::size_t zip_local_bytes(std::string_view fixed) {
  if (fixed.size() < kZipLocalBytes || fixed.substr(0, 4) != "PK\x03\x04"sv) return 0;
  const std::size_t behind = std::size_t{load_le<std::uint16_t>(fixed, 26)} +
                             std::size_t{load_le<std::uint16_t>(fixed, 28)};
  return behind <= kMostZipGap ? kZipLocalBytes + behind : 0;
}

bool zip_local_agrees(std::string_view header, const ZipRecord& record) {
  const std::size_t name_bytes = load_le<std::uint16_t>(header, 26);
  const std::uint32_t crc = load_le<std::uint32_t>(header, 14);
  std::uint64_t compressed = load_le<std::uint32_t>(header, 18);
  std::uint64_t size = load_le<std::uint32_t>(header, 22);
  if ((load_le<std::uint16_t>(header, 6) & kEncrypted) != 0 ||
      load_le<std::uint16_t>(header, 8) != (record.deflated ? 8 : 0) ||
      !resolve_64(header.substr(kZipLocalBytes + name_bytes), {&size, &compressed}))
    return false;
  // Who writes in a stream knows them only behind the content, and leaves zeros here.
  const auto agrees = [](std::uint64_t local, std::uint64_t listed) {
    return local == 0 || local == listed;
  };
  return name_bytes == record.name_bytes && agrees(crc, record.crc) &&
         agrees(compressed, record.compressed) && agrees(size, record.size);
}

}  // namespace spoor
