#include "report/spool.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace spoor {
namespace {

constexpr std::size_t kBufferBytes = 64 << 10;
constexpr std::size_t kReadBytes = 256 << 10;
constexpr std::size_t kHeaderBytes = sizeof(std::uint32_t) + sizeof(SpoolKey);

std::string error_words() {
  return std::generic_category().message(errno);
}

}  // namespace

Result<std::unique_ptr<Spool>> Spool::create(const std::string& path) {
  std::string name = path + ".tmp-XXXXXX";
  const int fd = ::mkostemp(name.data(), O_CLOEXEC);
  if (fd < 0) return fail(name + ": " + error_words());
  ::unlink(name.c_str());
  return std::unique_ptr<Spool>(new Spool(path, fd));
}

Spool::~Spool() {
  ::close(fd_);
}

Status Spool::append(const SpoolKey& key, std::string_view text) {
  const auto length = static_cast<std::uint32_t>(text.size());
  buffer_.append(reinterpret_cast<const char*>(&length), sizeof length);
  buffer_.append(reinterpret_cast<const char*>(&key), sizeof key);
  buffer_ += text;
  size_ += kHeaderBytes + text.size();
  return buffer_.size() < kBufferBytes ? Status{} : flush();
}

Status Spool::flush() {
  std::uint64_t at = size_ - buffer_.size();
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t count = ::pwrite(fd_, rest.data(), rest.size(), static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return fail(path_ + ": what waits for it: write: " + error_words());
    rest.remove_prefix(static_cast<std::size_t>(count));
    at += static_cast<std::uint64_t>(count);
  }
  buffer_.clear();
  return {};
}

Status Spool::for_each(std::uint64_t from, std::uint64_t to, const Visit& visit) {
  if (Status flushed = flush(); !flushed) return flushed;
  std::string bytes;      // of the file, from `from` on
  std::size_t begin = 0;  // of the record at hand, in `bytes`
  const auto have = [&](std::size_t count) -> bool {
    if (bytes.size() - begin >= count) return true;
    bytes.erase(0, begin);
    begin = 0;
    while (bytes.size() < count) {
      const std::size_t old = bytes.size();
      bytes.resize(std::max(count, old + kReadBytes));
      const ssize_t got =
          ::pread(fd_, bytes.data() + old, bytes.size() - old, static_cast<off_t>(from + old));
      bytes.resize(old + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
    }
    return true;
  };
  while (from < to) {
    if (!have(kHeaderBytes)) return fail(path_ + ": what waits for it cannot be read");
    std::uint32_t length = 0;
    Record record{from, 0, {}, {}};
    std::memcpy(&length, bytes.data() + begin, sizeof length);
    std::memcpy(&record.key, bytes.data() + begin + sizeof length, sizeof record.key);
    if (!have(kHeaderBytes + length)) return fail(path_ + ": what waits for it is cut");
    record.next = from + kHeaderBytes + length;
    record.text = std::string_view(bytes).substr(begin + kHeaderBytes, length);
    if (Status visited = visit(record); !visited) return visited;
    begin += kHeaderBytes + length;
    from = record.next;
  }
  return {};
}

}  // namespace spoor
