#include "io/journal_unpack.h"

#include <lz4.h>
#include <lzma.h>
#include <zstd.h>

#include <algorithm>
#include <memory>

#include "io/little_endian.h"

namespace spoor {
namespace {

constexpr std::size_t kStep = 64 << 10;
constexpr std::uint64_t kXzMemory = 64 << 20;
constexpr int kZstdWindowLog = 25;

bool unpack_xz(std::string_view packed, std::size_t most, std::string& out) {
  lzma_stream stream = LZMA_STREAM_INIT;
  if (lzma_stream_decoder(&stream, kXzMemory, 0) != LZMA_OK) return false;
  const std::unique_ptr<lzma_stream, void (*)(lzma_stream*)> closed(&stream, lzma_end);
  stream.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
  stream.avail_in = packed.size();
  for (;;) {
    const std::size_t old = out.size();
    const std::size_t step = std::min(kStep, most - old);
    if (step == 0) return true;
    out.resize(old + step);
    stream.next_out = reinterpret_cast<std::uint8_t*>(out.data()) + old;
    stream.avail_out = step;
    const lzma_ret result = lzma_code(&stream, LZMA_FINISH);
    out.resize(old + step - stream.avail_out);
    if (result == LZMA_STREAM_END) return true;
    if (result != LZMA_OK || out.size() == old) return false;
  }
}

bool unpack_lz4(std::string_view packed, std::size_t most, std::string& out) {
  if (packed.size() < 9) return false;
  const auto size = load_le<std::uint64_t>(packed, 0);
  // lz4 makes at most 255 bytes of one.
  if (size == 0 || size / 255 > packed.size()) return false;
  packed.remove_prefix(8);
  const auto kept = static_cast<int>(std::min<std::uint64_t>(size, most));
  out.resize(static_cast<std::size_t>(kept));
  const int got = LZ4_decompress_safe_partial(packed.data(), out.data(),
                                              static_cast<int>(packed.size()), kept, kept);
  out.resize(static_cast<std::size_t>(std::max(got, 0)));
  return got == kept;
}

bool unpack_zstd(std::string_view packed, std::size_t most, std::string& out) {
  const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(),
                                                                        ZSTD_freeDCtx);
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kZstdWindowLog);
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  for (;;) {
    const std::size_t old = out.size();
    const std::size_t step = std::min(kStep, most - old);
    if (step == 0) return true;
    out.resize(old + step);
    ZSTD_outBuffer sink{out.data() + old, step, 0};
    const std::size_t result = ZSTD_decompressStream(context.get(), &sink, &in);
    out.resize(old + sink.pos);
    if (ZSTD_isError(result) != 0) return false;
    if (result == 0) return true;
    if (sink.pos == 0 && in.pos == in.size) return false;
  }
}

}  // namespace

bool unpack_journal_field(std::uint8_t flag, std::string_view packed, std::size_t most,
                          std::string& out) {
  out.clear();
  switch (flag) {
    case 1:
      return unpack_xz(packed, most, out);
    case 2:
      return unpack_lz4(packed, most, out);
    case 4:
      return unpack_zstd(packed, most, out);
    default:
      return false;
  }
}

}  // namespace spoor
