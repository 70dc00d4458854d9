// xz (all streams, stream padding) through liblzma, one stream at a time so that what stands
// behind a stream is seen. The format checks a block once it is whole: the bytes of a block
// whose checksum is wrong have been delivered by then, those behind it are lost. Memory: what
// the file asks for, at most 160 MiB (`xz -9` asks for 65). Tested by decode_test.cpp;
// fuzz/fuzz_decode.

#include <lzma.h>

#include "io/decoder.h"

namespace spoor {
namespace {

using namespace std::string_view_literals;

constexpr std::uint64_t kMostMemory = std::uint64_t{160} << 20;

std::string words_of(lzma_ret code, std::uint64_t memory) {
  switch (code) {
    case LZMA_MEMLIMIT_ERROR:
      return "needs " + std::to_string(memory >> 20) + " MiB of memory, more than " +
             std::to_string(kMostMemory >> 20);
    case LZMA_OPTIONS_ERROR:
      return "unknown options";
    case LZMA_DATA_ERROR:
      return "invalid data or wrong checksum";
    case LZMA_FORMAT_ERROR:
      return "no xz header";
    case LZMA_MEM_ERROR:
      return "out of memory";
    default:
      return "error " + std::to_string(static_cast<int>(code));
  }
}

class XzSource final : public Decoder {
 public:
  XzSource(std::unique_ptr<ByteSource> source, const DecoderStart& start)
      : Decoder(std::move(source), start), streams_(start.members) {}
  ~XzSource() override { lzma_end(&stream_); }
  XzSource(const XzSource&) = delete;
  XzSource& operator=(const XzSource&) = delete;

  std::size_t read(char* out, std::size_t size) override {
    while (size > 0 && !ended_) {
      if (!in_stream_ && !begin_stream()) break;
      const std::string_view in = input_.peek(1);
      stream_.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
      stream_.avail_in = in.size();
      stream_.next_out = reinterpret_cast<std::uint8_t*>(out);
      stream_.avail_out = size;
      const lzma_ret code = lzma_code(&stream_, in.empty() ? LZMA_FINISH : LZMA_RUN);
      input_.take(in.size() - stream_.avail_in);
      const std::size_t got = size - stream_.avail_out;
      decoded_ += got;
      if (code == LZMA_STREAM_END) {
        ++streams_;
        in_stream_ = false;
      } else if (code == LZMA_OK || code == LZMA_BUF_ERROR) {
        if (in.empty() && got == 0) {
          report_truncated("xz");
          ended_ = true;
        }
      } else {
        damaged(code);
      }
      if (got > 0) return got;
    }
    return 0;
  }

 private:
  bool begin_stream() {
    const std::string_view head = input_.peek(6);
    if (streams_ > 0 && !begins_xz(head)) {
      // Padding is zeros in fours; another stream may follow it.
      const std::string_view four = input_.peek(4).substr(0, 4);
      if (four == "\0\0\0\0"sv) {
        padding_ += 4;
        input_.take(4);
        return begin_later();
      }
      if (!four.empty()) report_tail("xz stream");
      ended_ = true;
      return false;
    }
    if (lzma_stream_decoder(&stream_, kMostMemory, 0) != LZMA_OK) {
      damaged(LZMA_MEM_ERROR);
      return false;
    }
    in_stream_ = true;
    return true;
  }

  /// A loop and not a recursion: padding may be long.
  bool begin_later() {
    while (input_.peek(4).substr(0, 4) == "\0\0\0\0"sv) input_.take(4);
    if (begins_xz(input_.peek(6))) return begin_stream();
    if (!input_.peek(1).empty()) report_tail("xz stream");
    ended_ = true;
    return false;
  }

  void damaged(lzma_ret code) {
    report_damage("xz: stream " + std::to_string(streams_ + 1),
                  words_of(code, code == LZMA_MEMLIMIT_ERROR ? lzma_memusage(&stream_) : 0));
    ended_ = true;
  }

  lzma_stream stream_ = LZMA_STREAM_INIT;
  std::uint64_t streams_;  // whole ones
  std::uint64_t padding_ = 0;
  bool in_stream_ = false;
  bool ended_ = false;
};

}  // namespace

bool begins_xz(std::string_view head) {
  return head.substr(0, 6) ==
         "\xfd"
         "7zXZ\0"sv;
}

std::unique_ptr<ByteSource> xz_decoder(std::unique_ptr<ByteSource> source,
                                       const DecoderStart& start) {
  return std::make_unique<XzSource>(std::move(source), start);
}

}  // namespace spoor
