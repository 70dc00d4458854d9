#include "io/raw_account.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "io/foreign_root.h"

namespace spoor {
namespace {

constexpr std::size_t kStep = 256 << 10;
constexpr std::uint64_t kMostAgain = 64 << 20;

Time time_of(const timespec& time) {
  return Time(Micros(std::int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000));
}

/// Feeds [from, to) of the file to `hasher`; how far it came.
std::uint64_t hash_range(int fd, std::uint64_t from, std::uint64_t to, Hasher128& hasher) {
  std::vector<char> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(kStep, to - from)));
  while (from < to) {
    const auto want =
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), to - from));
    const ssize_t count = ::pread(fd, buffer.data(), want, static_cast<off_t>(from));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    hasher.update({buffer.data(), static_cast<std::size_t>(count)});
    from += static_cast<std::uint64_t>(count);
  }
  return from;
}

}  // namespace

RawAccount::RawAccount(bool digest)
    : hasher_(digest ? std::make_unique<Hasher128>() : nullptr) {}

void RawAccount::open(int fd, const struct stat& info, std::uint64_t size, std::uint64_t from) {
  identity_.regular = S_ISREG(info.st_mode);
  identity_.size = size;
  identity_.from = from;
  if (!identity_.regular) return;
  identity_.modified = time_of(info.st_mtim);
  identity_.device = info.st_dev;
  identity_.inode = info.st_ino;
  if (hasher_ != nullptr && size > 0) again_ = FileDescriptor(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
}

void RawAccount::add(std::uint64_t offset, std::string_view bytes, std::uint64_t covered) {
  identity_.bytes_read = covered;
  const std::uint64_t next = identity_.from + identity_.digest_bytes;
  if (hasher_ == nullptr || offset > next || offset + bytes.size() <= next) return;
  bytes.remove_prefix(static_cast<std::size_t>(next - offset));
  hasher_->update(bytes);
  identity_.digest_bytes += bytes.size();
}

void RawAccount::hash_the_rest() {
  const std::uint64_t next = identity_.from + identity_.digest_bytes;
  if (!again_.open() || next >= identity_.size || identity_.size - next > kMostAgain) return;
  identity_.digest_bytes =
      hash_range(again_.get(), next, identity_.size, *hasher_) - identity_.from;
}

FileIdentity RawAccount::identity() {
  if (hasher_ != nullptr) {
    hash_the_rest();
    identity_.digest = hasher_->digest();
  }
  return identity_;
}

Result<FileIdentity> identify(const std::string& path, const IdentifiedPart& part) {
  // A fifo that was put there must not make open() wait.
  constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  FileDescriptor file(part.no_links ? open_without_links(path, kFlags)
                                    : ::open(path.c_str(), kFlags));
  if (!file.open()) return fail(errno_text(errno));
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return fail(errno_text(errno));
  if (!S_ISREG(info.st_mode)) return fail("is no regular file");
  FileIdentity identity;
  identity.regular = true;
  identity.size = static_cast<std::uint64_t>(info.st_size);
  identity.modified = time_of(info.st_mtim);
  identity.device = info.st_dev;
  identity.inode = info.st_ino;
  Hasher128 hasher;
  identity.from = part.from;
  if (part.bytes > 0 && part.from < identity.size) {
    const std::uint64_t end = part.from + std::min(part.bytes, UINT64_MAX - part.from);
    identity.digest_bytes = hash_range(file.get(), part.from, end, hasher) - part.from;
  }
  identity.bytes_read = identity.digest_bytes;
  identity.digest = hasher.digest();
  return identity;
}

}  // namespace spoor
