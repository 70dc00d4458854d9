// gzip (RFC 1952, all members), with our own header and trailer, so that a wrong checksum costs
// a report and not the members behind it. Memory: 90 KiB.
//
// Two libraries inflate. ISA-L is 2.2 times as fast as zlib and streams (bench/record;
// libdeflate is no faster and wants a whole member in memory), but what it says of damaged data
// cannot be used: its assembler leaves an error without setting right what it says of input and
// output, and has moved the output over bytes that it never wrote
// (igzip_decode_block_stateless.asm, invalid_look_back_distance). So it reads what can be read
// twice, a file on disk; where it meets an error, all that this call gave is thrown away, and
// zlib reads the member from its begin, passes over what was delivered, and says how far the
// good bytes go. A stream is zlib's alone.
//
// ISA-L reads up to 8 bytes ahead: at a member's end the bytes behind it are given back.
// Tested by decode_test.cpp; fuzz/fuzz_decode compares the two.

#include <isa-l.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/check.h"
#include "io/decoder.h"

namespace spoor {
namespace {

class GzipSource final : public Decoder {
 public:
  GzipSource(std::unique_ptr<ByteSource> source, const DecoderStart& start)
      : Decoder(std::move(source), start), members_(start.members) {
    if (input_.source().size()) fast_ = std::make_unique<inflate_state>();
    SPOOR_CHECK(inflateInit2(&slow_, -MAX_WBITS) == Z_OK);
  }
  ~GzipSource() override { inflateEnd(&slow_); }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  std::size_t read(char* out, std::size_t size) override {
    if (size == 0) return 0;
    size = std::min<std::size_t>(size, 1 << 30);  // both libraries count in 32 bits
    while (state_ != State::kEnd) {
      if (state_ == State::kHeader) {
        if (!begin_member()) break;
        continue;
      }
      const std::size_t got = fast_ ? inflate_fast(out, size) : inflate_slowly(out, size);
      if (got > 0) return got;
    }
    return 0;
  }
  std::optional<Time> modified() const override {
    return modified_ ? modified_ : Decoder::modified();
  }

 private:
  enum class State : std::uint8_t { kHeader, kBody, kEnd };

  std::string member() const { return "gzip: member " + std::to_string(members_ + 1); }

  void truncated() {
    report_truncated("gzip");
    state_ = State::kEnd;
  }

  std::size_t inflate_fast(char* out, std::size_t size) {
    const std::string_view in = input_.peek(1);
    inflate_state& state = *fast_;
    // The libraries take input by a pointer to non-const and never write to it.
    state.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(in.data()));
    state.avail_in = static_cast<std::uint32_t>(in.size());
    state.next_out = reinterpret_cast<std::uint8_t*>(out);
    state.avail_out = static_cast<std::uint32_t>(size);
    const int code = isal_inflate(&state);
    if (code < 0 || state.avail_in > in.size() || state.avail_out > size) {
      read_again();
      return 0;
    }
    const std::size_t taken = in.size() - state.avail_in;
    const std::size_t got = size - state.avail_out;
    input_.take(taken);
    state.total_out = 0;  // 32 bits: a member of 4 GiB must not wrap it
    add(out, got);
    if (state.block_state == ISAL_BLOCK_FINISH) {
      give_back_ahead();
      end_member();
    } else if (got == 0 && taken == 0) {
      read_again();
    }
    return got;
  }

  /// Begins the member once more, with zlib.
  void read_again() {
    if (!input_.seek(member_begin_)) {  // of a file that was one when it was opened
      report_damage(member(), "cannot be read again");
      state_ = State::kEnd;
      return;
    }
    fast_.reset();
    pass_over_ = member_bytes_;
    decoded_ -= member_bytes_;
    state_ = State::kHeader;
  }

  std::size_t inflate_slowly(char* out, std::size_t size) {
    const std::string_view in = input_.peek(1);
    slow_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    slow_.avail_in = static_cast<uInt>(in.size());
    slow_.next_out = reinterpret_cast<Bytef*>(out);
    slow_.avail_out = static_cast<uInt>(size);
    const int code = ::inflate(&slow_, Z_NO_FLUSH);
    input_.take(in.size() - slow_.avail_in);
    const std::size_t got = size - slow_.avail_out;
    add(out, got);
    if (code == Z_STREAM_END) {
      end_member();
    } else if (code == Z_OK || code == Z_BUF_ERROR) {
      if (in.empty() && got == 0) truncated();
    } else {
      report_damage(member(), slow_.msg != nullptr ? slow_.msg : "invalid data");
      state_ = State::kEnd;
    }
    // What ISA-L had delivered before.
    const auto known = static_cast<std::size_t>(std::min<std::uint64_t>(got, pass_over_));
    pass_over_ -= known;
    std::memmove(out, out + known, got - known);
    return got - known;
  }

  void add(const char* bytes, std::size_t count) {
    crc_ = crc32_gzip_refl(crc_, reinterpret_cast<const unsigned char*>(bytes), count);
    member_bytes_ += count;
    decoded_ += count;
  }

  /// Whole bytes that were read ahead stand in read_in, the first one lowest, above the bits
  /// that the last byte of the deflate stream leaves over.
  void give_back_ahead() {
    inflate_state& state = *fast_;
    if (state.read_in_length <= 0) return;
    const auto bits = static_cast<unsigned>(std::min(state.read_in_length, 64));
    std::uint64_t ahead = bits % 8 == 0 ? state.read_in : state.read_in >> (bits % 8);
    char bytes[8];
    for (char& byte : bytes) {
      byte = static_cast<char>(ahead & 0xFF);
      ahead >>= 8;
    }
    input_.give_back({bytes, bits / 8});
    state.read_in_length = 0;
  }

  /// RFC 1952, 2.3: the fixed part, then the optional parts that the flags announce.
  bool begin_member() {
    const std::string_view head = input_.peek(10);
    member_begin_ = input_.position();
    if (members_ > 0 && (head.size() < 4 || !begins_gzip(head))) {
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
    take_time(head);
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
    if (fast_) {
      isal_inflate_init(fast_.get());
      fast_->crc_flag = ISAL_DEFLATE;
    } else {
      inflateReset(&slow_);
    }
    crc_ = 0;
    member_bytes_ = 0;
    state_ = State::kBody;
    return true;
  }

  /// MTIME, seconds since 1970; 0: not known.
  void take_time(std::string_view head) {
    std::uint32_t seconds = 0;
    for (std::size_t i = 0; i < 4; ++i)
      seconds |= static_cast<std::uint32_t>(static_cast<unsigned char>(head[4 + i])) << (8 * i);
    const Time time{Micros(std::int64_t{seconds} * 1'000'000)};
    if (seconds > 0 && (!modified_ || *modified_ < time)) modified_ = time;
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

  std::unique_ptr<inflate_state> fast_;  // null where zlib is to read
  z_stream slow_{};
  State state_ = State::kHeader;
  std::uint64_t members_;           // whole ones
  std::uint64_t member_begin_ = 0;  // where this one begins in the file
  std::uint64_t member_bytes_ = 0;  // decoded in this one
  std::uint64_t pass_over_ = 0;     // of it that were delivered before
  std::uint32_t crc_ = 0;
  std::optional<Time> modified_;
};

}  // namespace

bool begins_gzip(std::string_view head) {
  // Magic, method deflate, and no reserved flag: a file cut right after the magic still counts.
  return head.substr(0, 3) == "\x1f\x8b\x08" &&
         (head.size() < 4 || (static_cast<unsigned char>(head[3]) & 0xE0) == 0);
}

std::unique_ptr<ByteSource> gzip_decoder(std::unique_ptr<ByteSource> source,
                                         const DecoderStart& start) {
  return std::make_unique<GzipSource>(std::move(source), start);
}

}  // namespace spoor
