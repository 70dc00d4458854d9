// A copy, in large pages, of a table that is asked at random places. A filter of 20 MB in pages
// of 4 KiB misses the second-level TLB (3,072 entries on Zen 4) at every other question, and a
// mapped file has no others. The copy takes some 10 ms and as much memory as the table, so it
// is made once a scan has read enough text to earn it back; short hunts keep the mapped table.
// Costs: README.md. Tested by large_pages_test.cpp.

#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace spoor {

class LargePages {
 public:
  /// Bytes of text after which the copy is made: a tenth of a second of scanning.
  static constexpr std::uint64_t kWorthwhileBytes = std::uint64_t{48} << 20;
  /// Smaller tables stay where they are: the TLB holds their pages.
  static constexpr std::size_t kLeastTableBytes = std::size_t{6} << 20;

  /// Borrows `table` for its own lifetime.
  explicit LargePages(std::span<const std::byte> table);
  ~LargePages();
  LargePages(const LargePages&) = delete;
  LargePages& operator=(const LargePages&) = delete;

  /// The table, or its copy; good for the object's lifetime. Any number of threads.
  const std::byte* data() const { return data_.load(std::memory_order_acquire); }
  /// Says that `text_bytes` more are scanned with the table. The call that makes the sum enough
  /// makes the copy. Without memory for it the table stays. Any number of threads.
  void count(std::size_t text_bytes);
  bool is_copied() const { return data() != table_.data(); }

 private:
  void copy();

  std::span<const std::byte> table_;
  std::atomic<const std::byte*> data_;
  std::atomic<std::uint64_t> text_bytes_{0};
  void* pages_ = nullptr;
  std::size_t pages_bytes_ = 0;
};

}  // namespace spoor
