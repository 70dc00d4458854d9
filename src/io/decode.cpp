// Decompression in a stream: gzip (RFC 1952, all members) through zlib's raw inflate with our
// own header and trailer, so that a wrong checksum costs a report and not the members behind
// it; zstd (RFC 8878, all frames, skippable ones too) through libzstd. Memory: 64 KiB of input
// a level, zlib's 32 KiB window or at most 128 MiB of zstd window (what `zstd` itself accepts
// without --memory). Costs: bench/io. Tested by decode_test.cpp.

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "base/check.h"
#include "io/bytes.h"

namespace spoor {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kInputBytes = 64 << 10;
constexpr std::size_t kMaxDepth = 4;

/// Input of a decoder: a buffer before the source below that can be looked into.
class Input {
 public:
  explicit Input(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {}

  /// Makes at least `count` bytes visible, or all that are left; count <= kInputBytes.
  std::string_view peek(std::size_t count) {
    if (end_ - begin_ < count && begin_ > 0) {
      std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    while (end_ - begin_ < count && !ended_) {
      const std::size_t got = source_->read(buffer_.data() + end_, buffer_.size() - end_);
      if (got == 0) ended_ = true;
      end_ += got;
    }
    return {buffer_.data() + begin_, end_ - begin_};
  }
  void take(std::size_t count) { begin_ += count; }

  /// The next byte, or -1 at the end.
  int byte() {
    const std::string_view rest = peek(1);
    if (rest.empty()) return -1;
    take(1);
    return static_cast<unsigned char>(rest[0]);
  }

  struct Rest {
    std::uint64_t bytes = 0;
    bool zeros = true;
  };
  /// Reads and counts what is left.
  Rest drain() {
    Rest rest;
    for (std::string_view part = peek(1); !part.empty(); part = peek(1)) {
      rest.bytes += part.size();
      rest.zeros = rest.zeros && part.find_first_not_of('\0') == std::string_view::npos;
      take(part.size());
    }
    return rest;
  }

  ByteSource& source() { return *source_; }
  const ByteSource& source() const { return *source_; }

 private:
  std::unique_ptr<ByteSource> source_;
  std::vector<char> buffer_ = std::vector<char>(kInputBytes);
  std::size_t begin_ = 0, end_ = 0;
  bool ended_ = false;
};

/// What the decoders share: an input, and the problems met.
class Decoder : public ByteSource {
 public:
  explicit Decoder(std::unique_ptr<ByteSource> source) : input_(std::move(source)) {}

  std::uint64_t bytes_read() const override { return input_.source().bytes_read(); }
  void problems(std::vector<Skip>& out) const override {
    input_.source().problems(out);
    out.insert(out.end(), problems_.begin(), problems_.end());
  }

 protected:
  void add_problem(std::string reason, std::uint64_t bytes, bool incomplete) {
    // A file of a million members with wrong checksums must not become a million lines.
    constexpr std::size_t kMostProblems = 8;
    if (problems_.size() > kMostProblems) {
      problems_.back().bytes += bytes;
      return;
    }
    if (problems_.size() == kMostProblems) reason = "further damage in the same file";
    Skip skip;
    skip.reason = std::move(reason);
    skip.bytes = bytes;
    skip.incomplete = incomplete;
    problems_.push_back(std::move(skip));
  }

  /// What stands behind the last member or frame and is none: padding or garbage.
  void report_tail(const char* last) {
    const Input::Rest rest = input_.drain();
    if (rest.bytes == 0) return;
    add_problem(std::to_string(rest.bytes) + (rest.zeros ? " zero" : "") +
                    " bytes after the last " + last,
                rest.bytes, !rest.zeros);
  }

  Input input_;

 private:
  std::vector<Skip> problems_;
};

class GzipSource final : public Decoder {
 public:
  explicit GzipSource(std::unique_ptr<ByteSource> source) : Decoder(std::move(source)) {
    SPOOR_CHECK(inflateInit2(&inflate_, -MAX_WBITS) == Z_OK);
  }
  ~GzipSource() override { inflateEnd(&inflate_); }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  static bool begins(std::string_view head) {
    // Magic, method deflate, and no reserved flag: a file cut right after the magic still
    // counts.
    return head.substr(0, 3) == "\x1f\x8b\x08" &&
           (head.size() < 4 || (static_cast<unsigned char>(head[3]) & 0xE0) == 0);
  }

  std::size_t read(char* out, std::size_t size) override {
    if (size == 0) return 0;
    size = std::min<std::size_t>(size, 1 << 30);  // zlib counts in 32 bits
    while (state_ != State::kEnd) {
      if (state_ == State::kHeader) {
        if (!begin_member()) break;
        continue;
      }
      const std::string_view in = input_.peek(1);
      // zlib takes input by a pointer to non-const and never writes to it.
      inflate_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
      inflate_.avail_in = static_cast<uInt>(in.size());
      inflate_.next_out = reinterpret_cast<Bytef*>(out);
      inflate_.avail_out = static_cast<uInt>(size);
      const int code = inflate(&inflate_, Z_NO_FLUSH);
      input_.take(in.size() - inflate_.avail_in);
      const std::size_t got = size - inflate_.avail_out;
      crc_ = static_cast<std::uint32_t>(
          crc32(crc_, reinterpret_cast<const Bytef*>(out), static_cast<uInt>(got)));
      member_bytes_ += got;
      decoded_ += got;
      if (code == Z_STREAM_END) {
        end_member();
      } else if (code == Z_OK || (code == Z_BUF_ERROR && !in.empty())) {
        // More of either side is needed.
        if (in.empty() && got == 0) truncated();
      } else if (code == Z_BUF_ERROR) {
        truncated();
      } else {
        damaged(inflate_.msg != nullptr ? inflate_.msg : "invalid data");
      }
      if (got > 0) return got;
    }
    return 0;
  }

 private:
  enum class State : std::uint8_t { kHeader, kBody, kEnd };

  std::string member() const { return "gzip: member " + std::to_string(members_ + 1); }

  void truncated() {
    add_problem("gzip: unexpected end after " + std::to_string(decoded_) + " bytes", 0, true);
    state_ = State::kEnd;
  }

  void damaged(const std::string& why) {
    const std::uint64_t lost = input_.drain().bytes;
    add_problem(member() + ": damaged after " + std::to_string(decoded_) + " bytes (" + why +
                    "), " + std::to_string(lost) + " compressed bytes not read",
                lost, true);
    state_ = State::kEnd;
  }

  /// RFC 1952, 2.3: the fixed part, then the optional parts that the flags announce.
  bool begin_member() {
    const std::string_view head = input_.peek(10);
    if (members_ > 0 && (head.size() < 4 || !begins(head))) {
      report_tail("gzip member");
      state_ = State::kEnd;
      return false;
    }
    if (head.size() < 10) {
      input_.drain();
      truncated();
      return false;
    }
    constexpr unsigned kHeaderCrc = 2, kExtra = 4, kName = 8, kComment = 16;
    const auto flags = static_cast<unsigned char>(head[3]);
    input_.take(10);
    bool whole = true;
    if ((flags & kExtra) != 0) {
      const int low = input_.byte();
      const int high = input_.byte();
      whole = low >= 0 && high >= 0 &&
              skip_bytes(static_cast<std::size_t>(low) + 256 * static_cast<std::size_t>(high));
    }
    if (whole && (flags & kName) != 0) whole = skip_text();
    if (whole && (flags & kComment) != 0) whole = skip_text();
    if (whole && (flags & kHeaderCrc) != 0) whole = skip_bytes(2);
    if (!whole) {
      truncated();
      return false;
    }
    inflateReset(&inflate_);
    crc_ = static_cast<std::uint32_t>(crc32(0, nullptr, 0));
    member_bytes_ = 0;
    state_ = State::kBody;
    return true;
  }

  bool skip_bytes(std::size_t count) {
    for (; count > 0; --count) {
      if (input_.byte() < 0) return false;
    }
    return true;
  }
  bool skip_text() {
    for (;;) {
      const int byte = input_.byte();
      if (byte <= 0) return byte == 0;
    }
  }

  std::optional<std::uint32_t> little_endian() {
    std::uint32_t value = 0;
    for (unsigned shift = 0; shift < 32; shift += 8) {
      const int byte = input_.byte();
      if (byte < 0) return std::nullopt;
      value |= static_cast<std::uint32_t>(byte) << shift;
    }
    return value;
  }

  void end_member() {
    const auto crc = little_endian();
    const auto length = little_endian();
    if (!length) {
      truncated();
      return;
    }
    if (*crc != crc_) {
      add_problem(member() + ": checksum differs, its " + std::to_string(member_bytes_) +
                      " bytes were scanned as they are",
                  0, true);
    } else if (*length != static_cast<std::uint32_t>(member_bytes_)) {
      add_problem(member() + ": says a length of " + std::to_string(*length) + ", holds " +
                      std::to_string(member_bytes_),
                  0, true);
    }
    ++members_;
    state_ = input_.peek(1).empty() ? State::kEnd : State::kHeader;
  }

  z_stream inflate_{};
  State state_ = State::kHeader;
  std::uint64_t members_ = 0;       // whole ones
  std::uint64_t member_bytes_ = 0;  // decoded in this one
  std::uint64_t decoded_ = 0;
  std::uint32_t crc_ = 0;
};

class ZstdSource final : public Decoder {
 public:
  static constexpr int kWindowLog = 27;

  explicit ZstdSource(std::unique_ptr<ByteSource> source)
      : Decoder(std::move(source)), stream_(ZSTD_createDStream()) {
    SPOOR_CHECK(stream_ != nullptr);
    ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kWindowLog);
  }
  ~ZstdSource() override { ZSTD_freeDStream(stream_); }
  ZstdSource(const ZstdSource&) = delete;
  ZstdSource& operator=(const ZstdSource&) = delete;

  static bool begins(std::string_view head) {
    if (head.substr(0, 4) == "\x28\xb5\x2f\xfd") return true;
    return head.size() >= 4 && (static_cast<unsigned char>(head[0]) & 0xF0) == 0x50 &&
           head.substr(1, 3) == "\x2a\x4d\x18";  // a skippable frame
  }

  std::size_t read(char* out, std::size_t size) override {
    while (!ended_) {
      std::string_view in = input_.peek(4);
      const bool at_end = in.empty();
      if (at_frame_start_) {
        if (in.empty() && frames_ > 0) {
          ended_ = true;
          break;
        }
        if (!begins(in)) {
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
          add_problem("zstd: unexpected end after " + std::to_string(decoded_) + " bytes", 0,
                      true);
          ended_ = true;
        }
      }
      if (sink.pos > 0) return sink.pos;
    }
    return 0;
  }

 private:
  void damaged(std::size_t code) {
    const std::uint64_t lost = input_.drain().bytes;
    std::string why = "damaged after " + std::to_string(decoded_) + " bytes (" +
                      ZSTD_getErrorName(code) + ")";
    if (ZSTD_getErrorCode(code) == ZSTD_error_frameParameter_windowTooLarge) {
      why = "needs a window of more than 128 MiB";
    }
    add_problem("zstd: frame " + std::to_string(frames_ + 1) + ": " + why + ", " +
                    std::to_string(lost) + " compressed bytes not read",
                lost, true);
    ended_ = true;
  }

  /// What a frame must show before libzstd asks for more; never a whole frame.
  static constexpr std::size_t kFrameStart = 5;

  ZSTD_DStream* stream_;
  std::size_t hint_ = kFrameStart;
  bool output_waits_ = false;
  bool at_frame_start_ = true;
  bool ended_ = false;
  std::uint64_t frames_ = 0;
  std::uint64_t decoded_ = 0;
};

/// Gives back the bytes that were looked at to find the magic.
class PeekSource final : public ByteSource {
 public:
  PeekSource(std::string head, std::unique_ptr<ByteSource> source)
      : head_(std::move(head)), source_(std::move(source)) {}

  std::size_t read(char* out, std::size_t size) override {
    if (at_ == head_.size()) return source_->read(out, size);
    const std::size_t count = std::min(size, head_.size() - at_);
    std::memcpy(out, head_.data() + at_, count);
    at_ += count;
    return count;
  }
  std::uint64_t bytes_read() const override { return source_->bytes_read(); }
  void problems(std::vector<Skip>& out) const override { source_->problems(out); }

 private:
  std::string head_;
  std::size_t at_ = 0;
  std::unique_ptr<ByteSource> source_;
};

template <typename T>
std::unique_ptr<ByteSource> make(std::unique_ptr<ByteSource> source) {
  return std::make_unique<T>(std::move(source));
}

/// The decoders: one row each.
struct DecoderRow {
  const char* name;
  bool (*begins)(std::string_view head);
  std::unique_ptr<ByteSource> (*make)(std::unique_ptr<ByteSource> source);
};
constexpr DecoderRow kDecoders[] = {
    {"gzip", GzipSource::begins, make<GzipSource>},
    {"zstd", ZstdSource::begins, make<ZstdSource>},
};

/// Compressed forms that we know by their magic and do not decode: scanning their bytes finds
/// next to nothing, and silence about that would be a wrong answer.
struct UndecodedRow {
  const char* name;
  std::string_view magic;
};
constexpr UndecodedRow kUndecoded[] = {
    {"xz",
     "\xfd"
     "7zXZ\0"sv},
    {"bzip2", "BZh"sv},
    {"lz4", "\x04\x22\x4d\x18"sv},
    {"compress", "\x1f\x9d"sv},
    {"7z", "7z\xbc\xaf\x27\x1c"sv},
    {"zip", "PK\x03\x04"sv},
    {"rar", "Rar!\x1a\x07"sv},
    {"snappy", "\xff\x06\x00\x00sNaPpY"sv},
};

std::string undecoded_form(std::string_view head) {
  for (const UndecodedRow& row : kUndecoded) {
    if (head.substr(0, row.magic.size()) != row.magic) continue;
    // "BZh" is also a word: a block or the end of the stream follows the level.
    if (std::string_view(row.name) == "bzip2" &&
        (head.size() < 10 ||
         (head.substr(4, 6) != "1AY&SY" && head.substr(4, 6) != "\x17rE8P\x90"))) {
      continue;
    }
    return row.name;
  }
  return {};
}

}  // namespace

std::unique_ptr<ByteSource> decode(std::unique_ptr<ByteSource> raw,
                                   std::vector<std::string>& decoders, std::string& undecoded) {
  for (;;) {
    std::string head(16, '\0');
    std::size_t size = 0;
    while (size < head.size()) {
      const std::size_t count = raw->read(head.data() + size, head.size() - size);
      if (count == 0) break;
      size += count;
    }
    head.resize(size);
    auto source = std::make_unique<PeekSource>(head, std::move(raw));
    const auto* row = std::find_if(std::begin(kDecoders), std::end(kDecoders),
                                   [&](const DecoderRow& each) { return each.begins(head); });
    if (row == std::end(kDecoders)) {
      undecoded = undecoded_form(head);
      return source;
    }
    if (decoders.size() == kMaxDepth) {
      undecoded = std::string(row->name) + " (a fifth level)";
      return source;
    }
    decoders.emplace_back(row->name);
    raw = row->make(std::move(source));
  }
}

}  // namespace spoor
