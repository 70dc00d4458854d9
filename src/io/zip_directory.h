// The list of members at the end of a zip (PKWARE, APPNOTE.TXT 6.3.10), read strictly: it is
// taken only where every reader would understand it in the same way, so that members can be
// found without walking from one to the next. Where anything is unusual there is no list, and
// the archive is read as libarchive reads it (archive.h), which forgives more.
//
//     [local header, name, extra; content; descriptor?] ... [list] [zip64 end, locator]? [end]
//
//     end       PK\5\6, disk 2, disk of the list 2, members here 2, members 2, bytes of the
//               list 4, offset of the list 4, bytes of a comment 2, comment
//     zip64 end PK\6\6, bytes behind this 8, versions 4, disks 8, members here 8, members 8,
//               bytes of the list 8, offset of the list 8; locator: PK\6\7, disk 4, offset of
//               the zip64 end 8, disks 4
//     entry     PK\1\2, version 1, system 1, needed 2, flags 2, method 2, time 4, CRC-32 4,
//               compressed 4, size 4, bytes of name 2, extra 2, comment 2, disk 2, internal 2,
//               external 4, offset of the local header 4, name, extra, comment
//     local     PK\3\4, needed 2, flags 2, method 2, time 4, CRC-32 4, compressed 4, size 4,
//               bytes of name 2, extra 2, name, extra
//
// Damage is noticed by: bounds, what must touch (list, ends, end of file), the number of
// entries, and contents that would lie over each other or leave wide gaps. So a bomb of
// members that share their content (D. Fifield, 2019) has no list here.
// Memory: 32 bytes a member. Private to `io`. Tested by zip_directory_test.cpp; fuzz/fuzz_zip.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "io/bytes.h"

namespace spoor {

struct ZipRecord {
  std::uint64_t begin = 0;       ///< of the local header, in the file
  std::uint64_t compressed = 0;  ///< bytes of the content as it lies there
  std::uint64_t size = 0;        ///< bytes of the content
  std::uint32_t crc = 0;
  std::uint16_t name_bytes = 0;
  bool deflated = false;  ///< else stored
};
static_assert(sizeof(ZipRecord) == 32);

struct ZipDirectory {
  std::vector<ZipRecord> members;  ///< folders too, in the order of the file
  std::uint64_t begin = 0;         ///< of the list itself; all contents end before it
};

/// Of `source`, which knows its size. Reads its last 16 KiB and the list, which libarchive
/// reads as well, and leaves it at any place. Nothing where it is unusual.
std::optional<ZipDirectory> read_zip_directory(ByteSource& source);

inline constexpr std::size_t kZipLocalBytes = 30;
/// The most that stands between the end of a content and the next local header, or in a local
/// header behind its fixed part: names, extra fields, descriptors.
inline constexpr std::size_t kMostZipGap = 60'000;

/// How many bytes the local header has, by its fixed part; 0 where that is none.
std::size_t zip_local_bytes(std::string_view fixed);
/// Whether a whole local header says of its member what the list says, or nothing.
bool zip_local_agrees(std::string_view header, const ZipRecord& record);

}  // namespace spoor
