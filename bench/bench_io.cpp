// How fast bytes come out of files: reading, decompression, cutting into chunks.
//
//   bench_io FILE [MEGABYTES]     a log, e.g. of bench_generate; its first 64 MB by default
//
// Three questions, each answered in one run over the same bytes, the answers compared first:
//   inflate   which library for gzip (zlib, ISA-L, libdeflate)
//   read      read() into a buffer of 256 KiB to 4 MiB, or mmap
//   chunks    what the stream of chunks costs over the bare decoder, by form
// Figures: bench/record.

#include <bzlib.h>
#include <fcntl.h>
#include <isa-l.h>
#include <libdeflate.h>
#include <lz4frame.h>
#include <lzma.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "io/bytes.h"
#include "io/source.h"
#include "measure.h"

namespace {

using namespace spoor;
using namespace spoor::bench;

constexpr int kRuns = 7;

[[noreturn]] void die(const std::string& why) {
  std::fprintf(stderr, "bench_io: %s\n", why.c_str());
  std::exit(1);
}

void expect(bool right, const char* what) {
  if (!right) die(std::string(what) + ": wrong answer");
}

void row(const char* part, const std::string& name, std::uint64_t bytes, const Timing& time) {
  std::printf("%-8s %-28s %8.3f %8.3f %8.3f\n", part, name.c_str(),
              gigabytes_per_second(bytes, time.best), gigabytes_per_second(bytes, time.median),
              gigabytes_per_second(bytes, time.cpu));
}

std::string gzip(const std::string& text) {
  z_stream stream{};
  expect(deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) == Z_OK, "deflate");
  std::string in = text, out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  expect(deflate(&stream, Z_FINISH) == Z_STREAM_END, "deflate");
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

std::string lz4(const std::string& text) {
  std::string out(LZ4F_compressFrameBound(text.size(), nullptr), '\0');
  out.resize(LZ4F_compressFrame(out.data(), out.size(), text.data(), text.size(), nullptr));
  return out;
}

std::string xz(const std::string& text) {
  std::string out(lzma_stream_buffer_bound(text.size()), '\0');
  std::size_t at = 0;
  expect(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, nullptr,
                                 reinterpret_cast<const std::uint8_t*>(text.data()),
                                 text.size(), reinterpret_cast<std::uint8_t*>(out.data()), &at,
                                 out.size()) == LZMA_OK,
         "xz");
  out.resize(at);
  return out;
}

std::string bzip2(const std::string& text) {
  std::string in = text, out(text.size() + text.size() / 100 + 700, '\0');
  auto size = static_cast<unsigned>(out.size());
  expect(BZ2_bzBuffToBuffCompress(out.data(), &size, in.data(),
                                  static_cast<unsigned>(in.size()), 9, 0, 0) == BZ_OK,
         "bzip2");
  out.resize(size);
  return out;
}

void bench_inflate(const std::string& text, const std::string& bytes) {
  std::vector<char> out(256 << 10);
  std::string in = bytes;
  row("inflate", "zlib", text.size(), time_runs(kRuns, [&] {
        z_stream stream{};
        inflateInit2(&stream, 31);
        stream.next_in = reinterpret_cast<Bytef*>(in.data());
        stream.avail_in = static_cast<uInt>(in.size());
        int code = Z_OK;
        while (code == Z_OK) {
          stream.next_out = reinterpret_cast<Bytef*>(out.data());
          stream.avail_out = static_cast<uInt>(out.size());
          code = inflate(&stream, Z_NO_FLUSH);
        }
        expect(code == Z_STREAM_END && stream.total_out == text.size(), "zlib");
        inflateEnd(&stream);
      }));
  const auto state = std::make_unique<inflate_state>();
  row("inflate", "ISA-L, with its CRC", text.size(), time_runs(kRuns, [&] {
        isal_inflate_init(state.get());
        state->crc_flag = ISAL_GZIP;
        state->next_in = reinterpret_cast<std::uint8_t*>(in.data());
        state->avail_in = static_cast<std::uint32_t>(in.size());
        int code = 0;
        while (code == 0 && state->block_state != ISAL_BLOCK_FINISH) {
          state->next_out = reinterpret_cast<std::uint8_t*>(out.data());
          state->avail_out = static_cast<std::uint32_t>(out.size());
          code = isal_inflate(state.get());
        }
        expect(code == 0 && state->total_out == text.size(), "ISA-L");
      }));
  // The one that cannot stream gets the whole output, already in memory.
  std::vector<char> whole(text.size());
  libdeflate_decompressor* decompressor = libdeflate_alloc_decompressor();
  row("inflate", "libdeflate, whole member", text.size(), time_runs(kRuns, [&] {
        std::size_t size = 0;
        expect(libdeflate_gzip_decompress(decompressor, in.data(), in.size(), whole.data(),
                                          whole.size(), &size) == LIBDEFLATE_SUCCESS &&
                   size == text.size(),
               "libdeflate");
      }));
  libdeflate_free_decompressor(decompressor);
  expect(std::memcmp(whole.data(), text.data(), text.size()) == 0, "libdeflate");
}

/// Bytes end up in a buffer of the caller's: a chunk is its own memory, whatever the source.
void bench_read(const std::string& path, std::size_t bytes) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) die(path + ": cannot be opened");
  std::vector<char> out(4 << 20);
  for (const std::size_t step : {64u << 10, 256u << 10, 1u << 20, 4u << 20}) {
    row("read", "read() of " + std::to_string(step >> 10) + " KiB", bytes,
        time_runs(kRuns, [&] {
          ::lseek(fd, 0, SEEK_SET);
          std::size_t total = 0;
          while (total < bytes) {
            const ssize_t count = ::read(fd, out.data(), std::min(step, bytes - total));
            expect(count > 0, "read");
            total += static_cast<std::size_t>(count);
          }
        }));
  }
  row("read", "mmap, copied by 1 MiB", bytes, time_runs(kRuns, [&] {
        void* map = ::mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, fd, 0);
        expect(map != MAP_FAILED, "mmap");
        ::madvise(map, bytes, MADV_SEQUENTIAL);
        for (std::size_t at = 0; at < bytes; at += 1 << 20)
          std::memcpy(out.data(), static_cast<const char*>(map) + at,
                      std::min<std::size_t>(1 << 20, bytes - at));
        ::munmap(map, bytes);
      }));
  volatile std::size_t sink = 0;
  row("read", "mmap, a byte of each page", bytes, time_runs(kRuns, [&] {
        void* map = ::mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, fd, 0);
        expect(map != MAP_FAILED, "mmap");
        std::size_t sum = 0;
        const char* at = static_cast<const char*>(map);
        const char* const end = at + bytes;
        for (; at < end; at += 4096) sum += static_cast<unsigned char>(*at);
        sink = sum;
        ::munmap(map, bytes);
      }));
  ::close(fd);
}

void bench_chunks(const std::string& name, const std::string& text, const std::string& bytes,
                  const std::string& folder) {
  const std::string path = folder + "/bytes";
  std::ofstream(path, std::ios::binary) << bytes;
  InputFile file;
  file.path = path;
  std::vector<char> out(256 << 10);
  const Timing bare = time_runs(kRuns, [&] {
    const Decoded decoded = decode(std::move(*file_source(file, {})), nullptr);
    std::size_t total = 0;
    while (const std::size_t count = decoded.source->read(out.data(), out.size()))
      total += count;
    expect(total == text.size(), "decoder");
  });
  row("chunks", name + ", decoder alone", text.size(), bare);
  Chunk chunk;
  const Timing chunks = time_runs(kRuns, [&] {
    const auto members = open_members(file, {});
    Member member;
    expect((*members)->next(member), "member");
    std::size_t total = 0;
    while (member.stream->next(chunk).value_or(false)) total += chunk.text.size();
    expect(total == text.size(), "chunks");
  });
  row("chunks", name + ", in chunks", text.size(), chunks);
  std::printf("%-8s %-28s %8.2f\n", "", "  of the decoder's speed",
              bare.median / chunks.median);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) die("expected a file");
  const std::size_t most =
      (argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 64) * std::size_t{1'000'000};
  std::string text(most, '\0');
  std::ifstream in(argv[1], std::ios::binary);
  in.read(text.data(), static_cast<std::streamsize>(most));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.empty()) die(std::string(argv[1]) + ": is empty or cannot be read");
  std::printf("%zu bytes, GB/s of what comes out: best, median of %d, per processor second\n",
              text.size(), kRuns);

  std::string made = (std::filesystem::temp_directory_path() / "bench-io-XXXXXX").string();
  const char* const folder = ::mkdtemp(made.data());
  if (folder == nullptr) die("no temporary folder");
  const std::string packed = gzip(text);
  bench_inflate(text, packed);
  bench_read(argv[1], text.size());
  bench_chunks("plain", text, text, folder);
  bench_chunks("gzip", text, packed, folder);
  bench_chunks("zstd", text, zstd(text), folder);
  bench_chunks("lz4", text, lz4(text), folder);
  bench_chunks("xz", text, xz(text), folder);
  bench_chunks("bzip2", text, bzip2(text), folder);
  ::unlink((std::string(folder) + "/bytes").c_str());
  ::rmdir(folder);
  return 0;
}
