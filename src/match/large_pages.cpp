#include "match/large_pages.h"

#include <sys/mman.h>

#include <cstring>

namespace spoor {
namespace {

constexpr std::size_t kPageBytes = std::size_t{2} << 20;

}  // namespace

LargePages::LargePages(std::span<const std::byte> table) : table_(table), data_(table.data()) {}

LargePages::~LargePages() {
  if (pages_ != nullptr) ::munmap(pages_, pages_bytes_);
}

void LargePages::count(std::size_t text_bytes) {
  if (table_.size() < kLeastTableBytes) return;
  const std::uint64_t before = text_bytes_.fetch_add(text_bytes, std::memory_order_relaxed);
  if (before < kWorthwhileBytes && before + text_bytes >= kWorthwhileBytes) copy();
}

void LargePages::copy() {
#if defined(MADV_HUGEPAGE)
  // One page more, for the begin of a page.
  const std::size_t bytes =
      (table_.size() + kPageBytes - 1) / kPageBytes * kPageBytes + kPageBytes;
  void* const pages =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) return;
  ::madvise(pages, bytes, MADV_HUGEPAGE);  // refused: small pages, as before
  const auto address = reinterpret_cast<std::uintptr_t>(pages);
  auto* const begin =
      static_cast<std::byte*>(pages) + (kPageBytes - address % kPageBytes) % kPageBytes;
  std::memcpy(begin, table_.data(), table_.size());
  pages_ = pages;
  pages_bytes_ = bytes;
  data_.store(begin, std::memory_order_release);
#endif
}

}  // namespace spoor
