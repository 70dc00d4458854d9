// bzip2 (all streams) through libbz2. A block is checked once it is whole: the bytes of a block
// whose checksum is wrong have been delivered by then, those behind it are lost. Memory: 4 MB.
// Tested by decode_test.cpp; fuzz/fuzz_decode.

#include <bzlib.h>

#include <algorithm>

#include "base/check.h"
#include "io/decoder.h"

namespace spoor {
namespace {

class Bzip2Source final : public Decoder {
 public:
  Bzip2Source(std::unique_ptr<ByteSource> source, const DecoderStart& start)
      : Decoder(std::move(source), start), streams_(start.members) {}
  ~Bzip2Source() override { end_stream(); }
  Bzip2Source(const Bzip2Source&) = delete;
  Bzip2Source& operator=(const Bzip2Source&) = delete;

  std::size_t read(char* out, std::size_t size) override {
    size = std::min<std::size_t>(size, 1 << 30);  // libbz2 counts in 32 bits
    while (size > 0 && !ended_) {
      if (!in_stream_ && !begin_stream()) break;
      const std::string_view in = input_.peek(1);
      // libbz2 takes input by a pointer to non-const and never writes to it.
      stream_.next_in = const_cast<char*>(in.data());
      stream_.avail_in = static_cast<unsigned>(in.size());
      stream_.next_out = out;
      stream_.avail_out = static_cast<unsigned>(size);
      const int code = BZ2_bzDecompress(&stream_);
      input_.take(in.size() - stream_.avail_in);
      const std::size_t got = size - stream_.avail_out;
      decoded_ += got;
      if (code == BZ_STREAM_END) {
        end_stream();
        ++streams_;
      } else if (code != BZ_OK) {
        report_damage(
            "bzip2: stream " + std::to_string(streams_ + 1),
            code == BZ_MEM_ERROR ? "out of memory" : "invalid data or wrong checksum");
        ended_ = true;
      } else if (in.empty() && got == 0) {
        report_truncated("bzip2");
        ended_ = true;
      }
      if (got > 0) return got;
    }
    return 0;
  }

 private:
  bool begin_stream() {
    const std::string_view head = input_.peek(10);
    if (streams_ > 0 && !begins_bzip2(head)) {
      report_tail("bzip2 stream");
      ended_ = true;
      return false;
    }
    stream_ = bz_stream{};
    SPOOR_CHECK(BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK);
    in_stream_ = true;
    return true;
  }

  void end_stream() {
    if (in_stream_) BZ2_bzDecompressEnd(&stream_);
    in_stream_ = false;
  }

  bz_stream stream_{};
  std::uint64_t streams_;  // whole ones
  bool in_stream_ = false;
  bool ended_ = false;
};

}  // namespace

bool begins_bzip2(std::string_view head) {
  // "BZh" is also a word: a level and then a block, or the end of an empty stream, follow it.
  return head.size() >= 10 && head.substr(0, 3) == "BZh" && head[3] >= '1' && head[3] <= '9' &&
         (head.substr(4, 6) == "1AY&SY" || head.substr(4, 6) == "\x17rE8P\x90");
}

std::unique_ptr<ByteSource> bzip2_decoder(std::unique_ptr<ByteSource> source,
                                          const DecoderStart& start) {
  return std::make_unique<Bzip2Source>(std::move(source), start);
}

}  // namespace spoor
