// Contents of the members of a zip, inflated: small ones in units that any thread decodes
// (parallel.h), large ones in a stream. As with all parts: what is delivered is right to its
// end, or somebody else reads the member from its begin and says what is wrong.
// Private to `io`. Tested by zip_reader_test.cpp (TSan too); fuzz/fuzz_zip.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "io/parallel.h"
#include "io/zip_directory.h"

namespace spoor {

/// Whether a member is too large to be held in memory.
inline bool is_large(const ZipRecord& record) {
  return record.size > Unit::kMostBytes || record.compressed > Unit::kMostBytes;
}

/// Members that are next to each other, as many as come to 1 MiB, or one.
class ZipUnit final : public Unit {
 public:
  struct Piece {
    ZipRecord record;
    std::uint64_t content_begin;  ///< in the file
    std::size_t in_begin, out_begin;
    bool good = false;  ///< all is right with it
  };
  std::vector<Piece> pieces;  ///< in the order of the file

  std::string_view content(const Piece& piece) const {
    return {out.bytes.get() + piece.out_begin, static_cast<std::size_t>(piece.record.size)};
  }

 private:
  bool decode() override;
};

/// Units of the members that are neither large nor empty and whose local header agrees with
/// the list; the others are left out.
class ZipSplitter final : public Splitter {
 public:
  /// `members`, in the order of the file, outlive it.
  ZipSplitter(std::unique_ptr<ByteSource> source, const std::vector<ZipRecord>& members)
      : input_(std::move(source)), members_(members) {}

  std::unique_ptr<Unit> next() override;
  ResumePlace place() const override { return {}; }

 private:
  void add(const ZipRecord& record, ZipUnit& unit);
  bool go_to(std::uint64_t position);

  Input input_;
  const std::vector<ZipRecord>& members_;
  std::size_t next_ = 0;
};

/// One large member.
class ZipStream {
 public:
  /// Null where its local header does not agree with the list. `record` outlives it.
  static std::unique_ptr<ZipStream> open(std::unique_ptr<ByteSource> source,
                                         const ZipRecord& record);
  ~ZipStream();
  ZipStream(const ZipStream&) = delete;
  ZipStream& operator=(const ZipStream&) = delete;

  std::uint64_t content_begin() const { return content_begin_; }
  /// As ByteSource::read; nothing where anything is wrong: what was delivered before is right
  /// as far as can be known, and what this call has written is to be thrown away.
  std::optional<std::size_t> read(char* out, std::size_t size);
  std::uint64_t delivered() const { return delivered_; }
  /// Of the file: behind what was taken for that.
  std::uint64_t position() const { return input_.position(); }

 private:
  struct Inflater;
  ZipStream(std::unique_ptr<ByteSource> source, const ZipRecord& record);
  std::optional<std::size_t> copy(char* out, std::size_t size);
  std::optional<std::size_t> inflate(char* out, std::size_t size);

  Input input_;
  const ZipRecord& record_;
  std::uint64_t content_begin_ = 0;
  std::uint64_t left_;  // of the content as it lies there
  std::uint64_t delivered_ = 0;
  std::uint32_t crc_ = 0;
  bool ended_ = false;
  std::unique_ptr<Inflater> inflater_;
};

}  // namespace spoor
