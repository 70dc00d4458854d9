// ISA-L inflates; what it says of an error cannot be used (decode_gzip.cpp), that all is well
// can. Memory: of a unit as parallel.h says; a stream holds 64 KiB of input and 84 KiB of
// ISA-L.

#include "io/zip_content.h"

#include <isa-l.h>

#include <algorithm>
#include <cstring>

namespace spoor {
namespace {

/// More members than these make no unit larger than what describes them.
constexpr std::size_t kMostPieces = 4096;

std::uint32_t crc_of(std::uint32_t before, const char* bytes, std::size_t count) {
  return crc32_gzip_refl(before, reinterpret_cast<const unsigned char*>(bytes), count);
}

/// The library takes input by a pointer to non-const and never writes to it.
std::uint8_t* input_of(std::string_view bytes) {
  return reinterpret_cast<std::uint8_t*>(const_cast<char*>(bytes.data()));
}

/// Whether `in` inflates to `size` bytes, put at `out`, and ends with them.
bool inflate_whole(inflate_state& state, std::string_view in, char* out, std::size_t size) {
  isal_inflate_init(&state);
  state.crc_flag = ISAL_DEFLATE;
  state.next_in = input_of(in);
  state.avail_in = static_cast<std::uint32_t>(in.size());
  state.next_out = reinterpret_cast<std::uint8_t*>(out);
  state.avail_out = static_cast<std::uint32_t>(size);
  return isal_inflate_stateless(&state) == ISAL_DECOMP_OK &&
         state.block_state == ISAL_BLOCK_FINISH && state.avail_in == 0 &&
         state.read_in_length < 8 && state.avail_out == 0;
}

/// The local header that `input` stands at, taken off it; "" where it is none, or does not
/// agree.
bool take_local_header(Input& input, const ZipRecord& record) {
  const std::size_t bytes = zip_local_bytes(input.peek(kZipLocalBytes));
  const std::string_view header = input.peek(bytes).substr(0, bytes);
  if (bytes == 0 || header.size() < bytes || !zip_local_agrees(header, record)) return false;
  input.take(bytes);
  return true;
}

}  // namespace

bool ZipUnit::decode() {
  const auto state = std::make_unique<inflate_state>();
  const std::string_view all = in;
  for (Piece& piece : pieces) {
    const ZipRecord& record = piece.record;
    const std::string_view packed =
        all.substr(piece.in_begin, static_cast<std::size_t>(record.compressed));
    char* const to = out.bytes.get() + piece.out_begin;
    const auto count = static_cast<std::size_t>(record.size);
    if (record.deflated) {
      piece.good = inflate_whole(*state, packed, to, count);
    } else {
      std::memcpy(to, packed.data(), count);
      piece.good = true;
    }
    piece.good = piece.good && crc_of(0, to, count) == record.crc;
  }
  size = most;
  return true;
}

std::unique_ptr<Unit> ZipSplitter::next() {
  auto unit = std::make_unique<ZipUnit>();
  for (; next_ < members_.size(); ++next_) {
    const ZipRecord& record = members_[next_];
    const bool is_empty = unit->pieces.empty();
    if (!is_empty && (is_large(record) || unit->most + record.size > Unit::kTarget ||
                      unit->in.size() + record.compressed > Unit::kMostBytes ||
                      unit->pieces.size() == kMostPieces))
      break;
    if (!is_large(record) && record.compressed > 0 && record.size > 0) add(record, *unit);
  }
  if (unit->pieces.empty()) return nullptr;
  return unit;
}

void ZipSplitter::add(const ZipRecord& record, ZipUnit& unit) {
  if (!go_to(record.begin) || !take_local_header(input_, record)) return;
  const std::uint64_t content_begin = input_.position();
  const std::size_t in_begin = unit.in.size();
  if (!append(input_, static_cast<std::size_t>(record.compressed), unit.in)) {
    unit.in.resize(in_begin);  // the file is shorter by now
    return;
  }
  unit.pieces.push_back({record, content_begin, in_begin, unit.most});
  unit.most += static_cast<std::size_t>(record.size);
  unit.end = input_.position();
}

bool ZipSplitter::go_to(std::uint64_t position) {
  // What lies between is mostly a descriptor, or nothing.
  const std::uint64_t here = input_.position();
  if (position >= here && position - here <= kMostZipGap) {
    const auto gap = static_cast<std::size_t>(position - here);
    if (input_.peek(gap).size() < gap) return false;
    input_.take(gap);
    return true;
  }
  return input_.seek(position);
}

struct ZipStream::Inflater {
  inflate_state state;
};

ZipStream::ZipStream(std::unique_ptr<ByteSource> source, const ZipRecord& record)
    : input_(std::move(source)), record_(record), left_(record.compressed) {}

ZipStream::~ZipStream() = default;

std::unique_ptr<ZipStream> ZipStream::open(std::unique_ptr<ByteSource> source,
                                           const ZipRecord& record) {
  std::unique_ptr<ZipStream> stream(new ZipStream(std::move(source), record));
  if (!stream->input_.seek(record.begin) || !take_local_header(stream->input_, record))
    return nullptr;
  stream->content_begin_ = stream->input_.position();
  if (record.deflated) {
    stream->inflater_ = std::make_unique<Inflater>();
    isal_inflate_init(&stream->inflater_->state);
    stream->inflater_->state.crc_flag = ISAL_DEFLATE;
  }
  return stream;
}

std::optional<std::size_t> ZipStream::read(char* out, std::size_t size) {
  size = std::min<std::size_t>(size, 1 << 30);  // the library counts in 32 bits
  std::size_t got = 0;
  while (!ended_ && got == 0) {
    const auto count = inflater_ != nullptr ? inflate(out, size) : copy(out, size);
    if (!count) return std::nullopt;
    got = *count;
    crc_ = crc_of(crc_, out, got);
    const std::uint64_t all = delivered_ + got;
    if (all > record_.size) return std::nullopt;
    if (ended_ && (all != record_.size || left_ > 0 || crc_ != record_.crc))
      return std::nullopt;
    delivered_ = all;
  }
  return got;
}

std::optional<std::size_t> ZipStream::copy(char* out, std::size_t size) {
  const std::string_view in = input_.peek(1).substr(0, left_);
  if (in.empty()) return std::nullopt;
  const std::size_t count = in.copy(out, size);
  input_.take(count);
  left_ -= count;
  ended_ = left_ == 0;
  return count;
}

std::optional<std::size_t> ZipStream::inflate(char* out, std::size_t size) {
  // With all input taken there may be more in the state of the library.
  const std::string_view in =
      left_ > 0 ? input_.peek(1).substr(0, left_) : std::string_view("", 0);
  if (left_ > 0 && in.empty()) return std::nullopt;
  inflate_state& state = inflater_->state;
  state.next_in = input_of(in);
  state.avail_in = static_cast<std::uint32_t>(in.size());
  state.next_out = reinterpret_cast<std::uint8_t*>(out);
  state.avail_out = static_cast<std::uint32_t>(size);
  const int code = isal_inflate(&state);
  if (code < 0 || state.avail_in > in.size() || state.avail_out > size) return std::nullopt;
  const std::size_t taken = in.size() - state.avail_in;
  const std::size_t got = size - state.avail_out;
  input_.take(taken);
  left_ -= taken;
  state.total_out = 0;  // 32 bits: a member of 4 GiB must not wrap it
  ended_ = state.block_state == ISAL_BLOCK_FINISH;
  if (ended_ ? state.read_in_length >= 8 : taken == 0 && got == 0) return std::nullopt;
  return got;
}

}  // namespace spoor
