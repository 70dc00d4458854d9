// Decompression in a stream, chosen by magic bytes and nested as it comes: the table of
// decoders and what they share. Memory: 64 KiB of input a level and what each decoder says of
// itself. Costs: bench/bench_io. Tested by decode_test.cpp; fuzz/fuzz_decode.

#include <algorithm>
#include <cstring>

#include "io/decoder.h"
#include "io/parallel.h"

namespace spoor {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMaxDepth = 4;

/// The decoders: one row each. zlib's own wrapper (RFC 1950) is none of them: its two bytes of
/// header have no magic, and no tool writes files of it.
constexpr DecoderRow kDecoders[] = {
    {"gzip", "1f 8b 08", begins_gzip, gzip_decoder, gzip_splitter},
    {"zstd", "28 b5 2f fd, or 5x 2a 4d 18", begins_zstd, zstd_decoder, zstd_splitter},
    {"xz", "fd 7zXZ 00", begins_xz, xz_decoder, xz_splitter},
    {"bzip2", "BZh1 to BZh9, then a block or the end", begins_bzip2, bzip2_decoder,
     bzip2_splitter},
    {"lz4", "04 22 4d 18", begins_lz4, lz4_decoder, lz4_splitter},
};

/// Compressed forms that we know by their magic and do not decode: scanning their bytes finds
/// next to nothing, and silence about that would be a wrong answer.
struct UndecodedRow {
  const char* name;
  std::string_view magic;
};
constexpr UndecodedRow kUndecoded[] = {
    {"compress", "\x1f\x9d"sv},
    {"rar", "Rar!\x1a\x07"sv},
    {"snappy", "\xff\x06\x00\x00sNaPpY"sv},
    {"lz4 (legacy)", "\x02\x21\x4c\x18"sv},
    {"lzip", "LZIP\x01"sv},
    {"cab", "MSCF\0\0\0\0"sv},
};

}  // namespace

std::span<const DecoderRow> decoders() {
  return kDecoders;
}

std::string_view Input::peek(std::size_t count) {
  if (end_ - begin_ < count && begin_ > kRoomBefore) {
    std::memmove(buffer_.data() + kRoomBefore, buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_ - kRoomBefore;
    begin_ = kRoomBefore;
  }
  while (end_ - begin_ < count && !ended_) {
    const std::size_t got = source_->read(buffer_.data() + end_, buffer_.size() - end_);
    if (got == 0) ended_ = true;
    end_ += got;
    read_ += got;
  }
  return {buffer_.data() + begin_, end_ - begin_};
}

void Input::give_back(std::string_view bytes) {
  // Before begin_ there are at least kRoomBefore bytes that were taken or never used.
  begin_ -= bytes.size();
  std::memcpy(buffer_.data() + begin_, bytes.data(), bytes.size());
}

bool Input::seek(std::uint64_t position) {
  if (!source_->size() || !source_->seek(position)) return false;
  begin_ = end_ = kRoomBefore;
  read_ = position;
  ended_ = false;
  return true;
}

int Input::byte() {
  const std::string_view rest = peek(1);
  if (rest.empty()) return -1;
  take(1);
  return static_cast<unsigned char>(rest[0]);
}

Input::Rest Input::drain() {
  Rest rest;
  for (std::string_view part = peek(1); !part.empty(); part = peek(1)) {
    rest.bytes += part.size();
    rest.zeros = rest.zeros && part.find_first_not_of('\0') == std::string_view::npos;
    take(part.size());
  }
  return rest;
}

void Decoder::problems(std::vector<Skip>& out) const {
  input_.source().problems(out);
  out.insert(out.end(), problems_.begin(), problems_.end());
}

void Decoder::add_problem(std::string reason, std::uint64_t bytes, bool incomplete) {
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

void Decoder::report_truncated(const char* name) {
  add_problem(
      std::string(name) + ": unexpected end after " + std::to_string(decoded_) + " bytes", 0,
      true);
}

void Decoder::report_damage(const std::string& where, const std::string& why) {
  const std::uint64_t lost = input_.drain().bytes;
  add_problem(where + ": damaged after " + std::to_string(decoded_) + " bytes (" + why + "), " +
                  std::to_string(lost) + " compressed bytes not read",
              lost, true);
}

void Decoder::report_tail(const char* last) {
  const Input::Rest rest = input_.drain();
  if (rest.bytes == 0) return;
  add_problem(std::to_string(rest.bytes) + (rest.zeros ? " zero" : "") +
                  " bytes after the last " + last,
              rest.bytes, !rest.zeros);
}

Decoded decode(std::unique_ptr<ByteSource> raw, std::shared_ptr<Budget> budget,
               Helpers* helpers) {
  Decoded decoded;
  decoded.source = std::move(raw);
  for (;;) {
    const std::string head = look_ahead(decoded.source, 16);
    const auto rows = decoders();
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const DecoderRow& each) { return each.begins(head); });
    if (row == rows.end()) {
      for (const UndecodedRow& each : kUndecoded) {
        if (head.substr(0, each.magic.size()) == each.magic) decoded.undecoded = each.name;
      }
      return decoded;
    }
    if (decoded.decoders.size() == kMaxDepth) {
      decoded.undecoded = std::string(row->name) + " (a fifth level)";
      return decoded;
    }
    decoded.decoders.emplace_back(row->name);
    // What can be read at any place is a file (or a memory) at its begin.
    decoded.source = decoded.source->size()
                         ? parallel_source(std::move(decoded.source), *row, helpers)
                         : row->make(std::move(decoded.source), {});
    if (budget != nullptr) {
      decoded.source =
          limited(std::move(decoded.source), budget, std::make_shared<std::uint64_t>(0));
    }
  }
}

}  // namespace spoor
