// What the decoders share: an input that can be looked into, the problems met, and the one
// table of decoders. A decoder is a ByteSource over another one; a new one is a file, a row
// and a test. Private to `io`. Tested by decode_test.cpp; fuzz/fuzz_decode.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/bytes.h"

namespace spoor {

/// Input of a decoder: a buffer before the source below that can be looked into.
class Input {
 public:
  static constexpr std::size_t kBytes = 64 << 10;

  /// `position`: where `source` stands.
  explicit Input(std::unique_ptr<ByteSource> source, std::uint64_t position = 0)
      : source_(std::move(source)), read_(position) {}

  /// Makes at least `count` bytes visible, or all that are left; count <= kBytes. Valid until
  /// the next call.
  std::string_view peek(std::size_t count);
  void take(std::size_t count) { begin_ += count; }
  /// Puts back bytes that were taken before; at most 16.
  void give_back(std::string_view bytes);

  /// Where the next byte stands in the source.
  std::uint64_t position() const { return read_ - (end_ - begin_); }
  /// Goes on there; false where the source cannot.
  bool seek(std::uint64_t position);

  /// The next byte, or -1 at the end.
  int byte();

  struct Rest {
    std::uint64_t bytes = 0;
    bool zeros = true;
  };
  /// Reads and counts what is left.
  Rest drain();

  ByteSource& source() { return *source_; }
  const ByteSource& source() const { return *source_; }

 private:
  static constexpr std::size_t kRoomBefore = 16;

  std::unique_ptr<ByteSource> source_;
  std::vector<char> buffer_ = std::vector<char>(kRoomBefore + kBytes);
  std::size_t begin_ = kRoomBefore, end_ = kRoomBefore;
  std::uint64_t read_;
  bool ended_ = false;
};

/// Where in its file a decoder begins: at a position that its source stands at, behind so many
/// whole members (frames, streams), of which so many bytes were put out by others. Its messages
/// count from the file's begin.
struct DecoderStart {
  std::uint64_t position = 0;
  std::uint64_t members = 0;
  std::uint64_t decoded = 0;
};

class Decoder : public ByteSource {
 public:
  Decoder(std::unique_ptr<ByteSource> source, const DecoderStart& start)
      : input_(std::move(source), start.position), decoded_(start.decoded) {}

  std::uint64_t bytes_read() const override { return input_.source().bytes_read(); }
  std::optional<Time> modified() const override { return input_.source().modified(); }
  void problems(std::vector<Skip>& out) const override;

 protected:
  void add_problem(std::string reason, std::uint64_t bytes, bool incomplete);

  /// "NAME: unexpected end after N bytes".
  void report_truncated(const char* name);

  /// Reads the rest of the file and says what was wrong:
  /// "WHERE: damaged after N bytes (WHY), M compressed bytes not read".
  void report_damage(const std::string& where, const std::string& why);

  /// What stands behind the last member, frame or stream and is none: padding or garbage.
  void report_tail(const char* last);

  Input input_;
  std::uint64_t decoded_;  ///< bytes put out so far

 private:
  std::vector<Skip> problems_;
};

/// Looks at the first 16 bytes (fewer where the file is shorter).
using BeginsDecoder = bool (*)(std::string_view head);
using MakeDecoder = std::unique_ptr<ByteSource> (*)(std::unique_ptr<ByteSource> source,
                                                    const DecoderStart& start);
class Splitter;  // io/parallel.h
using MakeSplitter = std::unique_ptr<Splitter> (*)(std::unique_ptr<ByteSource> source);

struct DecoderRow {
  const char* name;
  const char* magic;  ///< for people
  BeginsDecoder begins;
  MakeDecoder make;
  MakeSplitter split;  ///< parts of a file that decode alone
};
/// All decoders, in the order they are asked.
std::span<const DecoderRow> decoders();

// One file each.
bool begins_gzip(std::string_view head);
std::unique_ptr<ByteSource> gzip_decoder(std::unique_ptr<ByteSource> source,
                                         const DecoderStart& start);
std::unique_ptr<Splitter> gzip_splitter(std::unique_ptr<ByteSource> source);
bool begins_zstd(std::string_view head);
std::unique_ptr<ByteSource> zstd_decoder(std::unique_ptr<ByteSource> source,
                                         const DecoderStart& start);
std::unique_ptr<Splitter> zstd_splitter(std::unique_ptr<ByteSource> source);
bool begins_xz(std::string_view head);
std::unique_ptr<ByteSource> xz_decoder(std::unique_ptr<ByteSource> source,
                                       const DecoderStart& start);
std::unique_ptr<Splitter> xz_splitter(std::unique_ptr<ByteSource> source);
bool begins_bzip2(std::string_view head);
std::unique_ptr<ByteSource> bzip2_decoder(std::unique_ptr<ByteSource> source,
                                          const DecoderStart& start);
std::unique_ptr<Splitter> bzip2_splitter(std::unique_ptr<ByteSource> source);
bool begins_lz4(std::string_view head);
std::unique_ptr<ByteSource> lz4_decoder(std::unique_ptr<ByteSource> source,
                                        const DecoderStart& start);
std::unique_ptr<Splitter> lz4_splitter(std::unique_ptr<ByteSource> source);

}  // namespace spoor
