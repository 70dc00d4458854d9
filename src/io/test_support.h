// What the tests of `io` share: compressing, and temporary folders.

#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <bzlib.h>
#include <gtest/gtest.h>
#include <lz4frame.h>
#include <lzma.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/temporary_folder.h"

namespace spoor {

/// One gzip member.
inline std::string gzip(std::string_view text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  std::string in(text);
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

/// A gzip member that says when its content was changed, in seconds since 1970.
inline std::string stamped(std::string member, std::uint32_t seconds) {
  for (std::size_t i = 0; i < 4; ++i) member[4 + i] = static_cast<char>(seconds >> (8 * i));
  return member;
}

/// One zstd frame with a checksum.
inline std::string zstd(std::string_view text, int window_log = 0) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  if (window_log > 0) {
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  }
  std::string out(ZSTD_compressBound(text.size()) + 64, '\0');
  ZSTD_inBuffer in{text.data(), text.size(), 0};
  ZSTD_outBuffer sink{out.data(), out.size(), 0};
  // In two steps: a stream of unknown length keeps its window.
  if (window_log > 0) ZSTD_compressStream2(context, &sink, &in, ZSTD_e_flush);
  EXPECT_EQ(ZSTD_compressStream2(context, &sink, &in, ZSTD_e_end), 0u);
  out.resize(sink.pos);
  ZSTD_freeCCtx(context);
  return out;
}

/// One xz stream with a CRC64.
inline std::string xz(std::string_view text) {
  std::string out(lzma_stream_buffer_bound(text.size()), '\0');
  std::size_t at = 0;
  EXPECT_EQ(
      lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, nullptr,
                              reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                              reinterpret_cast<std::uint8_t*>(out.data()), &at, out.size()),
      LZMA_OK);
  out.resize(at);
  return out;
}

/// One bzip2 stream of blocks of 100,000 bytes.
inline std::string bzip2(std::string_view text) {
  std::string in(text);
  std::string out(text.size() + text.size() / 100 + 700, '\0');
  auto size = static_cast<unsigned>(out.size());
  EXPECT_EQ(BZ2_bzBuffToBuffCompress(out.data(), &size, in.data(),
                                     static_cast<unsigned>(in.size()), 1, 0, 0),
            BZ_OK);
  out.resize(size);
  return out;
}

/// One lz4 frame of blocks of 64 KiB, with checksums of blocks too where asked for.
inline std::string lz4(std::string_view text, bool block_checksums = false) {
  LZ4F_preferences_t how{};
  how.frameInfo.blockSizeID = LZ4F_max64KB;
  how.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
  how.frameInfo.blockChecksumFlag =
      block_checksums ? LZ4F_blockChecksumEnabled : LZ4F_noBlockChecksum;
  std::string out(LZ4F_compressFrameBound(text.size(), &how), '\0');
  out.resize(LZ4F_compressFrame(out.data(), out.size(), text.data(), text.size(), &how));
  return out;
}

/// A thing to put into an archive.
struct Packed {
  std::string name, content;
  std::string link = {};  ///< a symbolic link to this instead
  bool folder = false;
};

enum class Pack : std::uint8_t { kZip, kZipStored, kTar, k7z };

/// An archive of `things`; `password` encrypts a zip.
inline std::string packed(Pack pack, const std::vector<Packed>& things,
                          const char* password = nullptr) {
  std::string out(1 << 16, '\0');
  for (const Packed& thing : things) out.resize(out.size() + thing.content.size() + 4096);
  std::size_t used = 0;
  archive* writer = archive_write_new();
  switch (pack) {
    case Pack::kZip:
    case Pack::kZipStored:
      archive_write_set_format_zip(writer);
      archive_write_set_format_option(writer, "zip", "compression",
                                      pack == Pack::kZip ? "deflate" : "store");
      break;
    case Pack::kTar:
      archive_write_set_format_gnutar(writer);
      break;
    case Pack::k7z:
      archive_write_set_format_7zip(writer);
      break;
  }
  archive_write_set_bytes_in_last_block(writer, 1);
  if (password != nullptr) {
    archive_write_set_passphrase(writer, password);
    archive_write_set_format_option(writer, "zip", "encryption", "traditional");
  }
  EXPECT_EQ(archive_write_open_memory(writer, out.data(), out.size(), &used), ARCHIVE_OK);
  for (const Packed& thing : things) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, thing.name.c_str());
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, 1'700'000'000, 0);
    archive_entry_set_filetype(entry, thing.folder ? AE_IFDIR : AE_IFREG);
    if (!thing.link.empty()) {
      archive_entry_set_filetype(entry, AE_IFLNK);
      archive_entry_set_symlink(entry, thing.link.c_str());
    }
    archive_entry_set_size(entry, static_cast<la_int64_t>(thing.content.size()));
    EXPECT_EQ(archive_write_header(writer, entry), ARCHIVE_OK)
        << thing.name << ": " << archive_error_string(writer);
    archive_write_data(writer, thing.content.data(), thing.content.size());
    archive_entry_free(entry);
  }
  EXPECT_EQ(archive_write_close(writer), ARCHIVE_OK) << archive_error_string(writer);
  archive_write_free(writer);
  out.resize(used);
  return out;
}

/// `ascii` as UTF-16 without a mark.
inline std::string utf16(std::string_view ascii, bool big_endian = false) {
  std::string out;
  for (char c : ascii) {
    if (big_endian) out += '\0';
    out += c;
    if (!big_endian) out += '\0';
  }
  return out;
}

}  // namespace spoor
