// zstd (RFC 8878, all frames, skippable ones too) through libzstd. Memory: at most 128 MiB of
// window, which is what `zstd` itself accepts without --memory. Tested by decode_test.cpp;
// fuzz/fuzz_decode.

#include <zstd.h>
#include <zstd_errors.h>

#include "base/check.h"
#include "io/decoder.h"

namespace spoor {
namespace {

class ZstdSource final : public Decoder {
 public:
  static constexpr int kWindowLog = 27;

  ZstdSource(std::unique_ptr<ByteSource> source, const DecoderStart& start)
      : Decoder(std::move(source), start),
        stream_(ZSTD_createDStream()),
        frames_(start.members) {
    SPOOR_CHECK(stream_ != nullptr);
    ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kWindowLog);
  }
  ~ZstdSource() override { ZSTD_freeDStream(stream_); }
  ZstdSource(const ZstdSource&) = delete;
  ZstdSource& operator=(const ZstdSource&) = delete;

  std::size_t read(char* out, std::size_t size) override {
    while (!ended_) {
      std::string_view in = input_.peek(4);
      const bool at_end = in.empty();
      if (at_frame_start_) {
        if (in.empty() && frames_ > 0) {
          ended_ = true;
          break;
        }
        if (!begins_zstd(in)) {
          report_tail("zstd frame");
          ended_ = true;
          break;
        }
      }
      // libzstd forgets what a call has put out when it then meets damage. So a call gets no
      // more than the block or checksum that comes next (its own hint), and nothing while
      // output waits.
      in = in.substr(0, output_waits_ ? 0 : hint_);
      ZSTD_inBuffer source{in.data(), in.size(), 0};
      ZSTD_outBuffer sink{out, size, 0};
      const std::size_t code = ZSTD_decompressStream(stream_, &sink, &source);
      input_.take(source.pos);
      decoded_ += sink.pos;
      output_waits_ = sink.pos == size;
      hint_ = code == 0 ? kFrameStart : code;
      if (ZSTD_getErrorCode(code) == ZSTD_error_checksum_wrong) {
        input_.take(in.size());  // a call that fails does not say that it took the checksum
        add_problem("zstd: frame " + std::to_string(frames_ + 1) +
                        ": checksum differs, its content was scanned as it is",
                    0, true);
        ZSTD_DCtx_reset(stream_, ZSTD_reset_session_only);
        hint_ = kFrameStart;
        ++frames_;
        at_frame_start_ = true;
      } else if (ZSTD_isError(code) != 0) {
        damaged(code);
      } else if (code == 0) {
        ++frames_;
        at_frame_start_ = true;
      } else {
        at_frame_start_ = false;
        if (at_end && sink.pos == 0) {
          report_truncated("zstd");
          ended_ = true;
        }
      }
      if (sink.pos > 0) return sink.pos;
    }
    return 0;
  }

 private:
  void damaged(std::size_t code) {
    const bool too_large = ZSTD_getErrorCode(code) == ZSTD_error_frameParameter_windowTooLarge;
    report_damage("zstd: frame " + std::to_string(frames_ + 1),
                  too_large ? "needs a window of more than 128 MiB" : ZSTD_getErrorName(code));
    ended_ = true;
  }

  /// What a frame must show before libzstd asks for more; never a whole frame.
  static constexpr std::size_t kFrameStart = 5;

  ZSTD_DStream* stream_;
  std::size_t hint_ = kFrameStart;
  bool output_waits_ = false;
  bool at_frame_start_ = true;
  bool ended_ = false;
  std::uint64_t frames_;
};

}  // namespace

bool begins_zstd(std::string_view head) {
  if (head.substr(0, 4) == "\x28\xb5\x2f\xfd") return true;
  return head.size() >= 4 && (static_cast<unsigned char>(head[0]) & 0xF0) == 0x50 &&
         head.substr(1, 3) == "\x2a\x4d\x18";  // a skippable frame
}

std::unique_ptr<ByteSource> zstd_decoder(std::unique_ptr<ByteSource> source,
                                         const DecoderStart& start) {
  return std::make_unique<ZstdSource>(std::move(source), start);
}

}  // namespace spoor
