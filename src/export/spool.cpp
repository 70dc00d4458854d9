#include "export/spool.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace spoor {
namespace {

constexpr std::size_t kRecord = 8 + sizeof(Uuid);
constexpr std::size_t kBuffer = kRecord << 12;

Error trouble(const std::string& what) {
  return Error{"temporary file: " + what + ": " + std::strerror(errno)};
}

}  // namespace

PulseSpool::~PulseSpool() {
  if (file_ >= 0) ::close(file_);
}

Status PulseSpool::open() {
  const char* folder = std::getenv("TMPDIR");
  std::string path = (folder != nullptr && *folder == '/' ? std::string(folder) : "/tmp");
  path += "/spoor-export-XXXXXX";
  file_ = ::mkostemp(path.data(), O_CLOEXEC);
  if (file_ < 0) return fail(trouble(path));
  ::unlink(path.c_str());
  return {};
}

Status PulseSpool::flush() {
  if (file_ < 0) {
    if (auto status = open(); !status) return status;
  }
  std::size_t done = 0;
  while (done < buffer_.size()) {
    const ssize_t size = ::pwrite(file_, buffer_.data() + done, buffer_.size() - done,
                                  static_cast<off_t>(written_ + done));
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return fail(trouble("writing"));
    done += static_cast<std::size_t>(size);
  }
  written_ += buffer_.size();
  buffer_.clear();
  return {};
}

Status PulseSpool::add(std::string_view pulse, const Uuid& member) {
  const auto [place, is_new] = number_of_.emplace(pulse, pulses_.size());
  if (is_new) {
    pulses_.emplace_back(pulse);
    last_.push_back(0);
  }
  std::uint64_t& last = last_[place->second];
  const std::uint64_t at = written_ + buffer_.size();
  for (int shift = 0; shift < 64; shift += 8) buffer_ += static_cast<char>(last >> shift);
  buffer_.append(reinterpret_cast<const char*>(member.data()), member.size());
  last = at + 1;
  return buffer_.size() < kBuffer ? Status{} : flush();
}

Status PulseSpool::for_each(std::size_t pulse, const std::function<void(const Uuid&)>& visit) {
  if (!buffer_.empty()) {
    if (auto status = flush(); !status) return status;
  }
  std::uint64_t next = last_[pulse];
  while (next != 0) {
    unsigned char record[kRecord];
    const ssize_t size = ::pread(file_, record, sizeof record, static_cast<off_t>(next - 1));
    if (size < 0 && errno == EINTR) continue;
    if (size != static_cast<ssize_t>(sizeof record)) return fail(trouble("reading"));
    next = 0;
    for (int i = 7; i >= 0; --i) next = next << 8 | record[i];
    Uuid member;
    std::memcpy(member.data(), record + 8, member.size());
    visit(member);
  }
  return {};
}

}  // namespace spoor
