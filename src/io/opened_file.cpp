#include "io/opened_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "io/archive.h"
#include "io/bytes.h"
#include "io/foreign_root.h"
#include "io/raw_account.h"
#include "io/records.h"

namespace spoor {
namespace {

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

FileState state_of(const struct stat& info) {
  FileState state;
  state.device = info.st_dev;
  state.inode = info.st_ino;
  state.size = static_cast<std::uint64_t>(info.st_size);
  state.modified_ns = nanoseconds(info.st_mtim);
  state.changed_ns = nanoseconds(info.st_ctim);
  state.links = info.st_nlink;
  return state;
}

class SourceReader final : public ContentReader {
 public:
  explicit SourceReader(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {}
  std::size_t read(char* out, std::size_t size) override { return source_->read(out, size); }

 private:
  std::unique_ptr<ByteSource> source_;
};

/// A part of a plain file as its only member.
class PartStream final : public MemberStream {
 public:
  PartStream(std::unique_ptr<ChunkStream> stream, std::shared_ptr<RawAccount> account)
      : stream_(std::move(stream)), account_(std::move(account)) {}
  bool next(Member& member) override {
    member = Member{};
    member.stream = std::move(stream_);
    return member.stream != nullptr;
  }
  std::vector<Skip> take_skips() override { return {}; }
  std::uint64_t bytes_behind() const override { return 0; }
  FileIdentity identity() override { return account_->identity(); }

 private:
  std::unique_ptr<ChunkStream> stream_;
  std::shared_ptr<RawAccount> account_;
};

/// Its end: what is not written yet is no damage.
class NoContent final : public ContentReader {
 public:
  std::size_t read(char*, std::size_t) override { return 0; }
};

/// Of a descriptor that is read from `from` to `end`.
std::shared_ptr<RawAccount> account_of(int fd, const StreamOptions& options, std::uint64_t end,
                                       std::uint64_t from) {
  auto account = std::make_shared<RawAccount>(options.digest);
  struct stat info {};
  if (::fstat(fd, &info) == 0) account->open(fd, info, end, from);
  return account;
}

}  // namespace

std::optional<FileState> file_state(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  return state_of(info);
}

Result<std::unique_ptr<OpenedFile>> OpenedFile::open(const std::string& path, bool no_links) {
  // A fifo put in the file's place must not make open() wait.
  constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  int fd = -1;
  do {
    fd = no_links ? open_without_links(path, kFlags) : ::open(path.c_str(), kFlags);
  } while (fd < 0 && errno == EINTR);
  if (fd < 0) return fail(errno_text(errno));
  FileDescriptor owner(fd);
  struct stat info {};
  if (::fstat(fd, &info) != 0) return fail(errno_text(errno));
  if (!S_ISREG(info.st_mode)) return fail("is no regular file");
  return std::unique_ptr<OpenedFile>(new OpenedFile(owner.release(), state_of(info)));
}

OpenedFile::~OpenedFile() {
  ::close(fd_);
}

void OpenedFile::look_again() {
  struct stat info {};
  if (::fstat(fd_, &info) == 0) state_ = state_of(info);
}

int OpenedFile::duplicate() const {
  const int fd = ::fcntl(fd_, F_DUPFD_CLOEXEC, 3);
  if (fd >= 0) ::lseek(fd, 0, SEEK_SET);  // the place is shared with fd_
  return fd;
}

FileForm OpenedFile::form(const StreamOptions& options) const {
  const int fd = state_.size > 0 ? duplicate() : -1;
  if (fd < 0) return FileForm::kPlain;
  Decoded decoded = decode(descriptor_source(fd, state_.size, options.stop), nullptr);
  const std::string head = look_ahead(decoded.source, kArchiveHeadBytes);
  if (!archive_form(head).empty() || record_form(head) != nullptr) return FileForm::kArchive;
  const bool packed = !decoded.decoders.empty() || !decoded.undecoded.empty();
  return packed ? FileForm::kCompressed : FileForm::kPlain;
}

std::string OpenedFile::read_at(std::uint64_t offset, std::size_t size) const {
  std::string bytes(size, '\0');
  std::size_t got = 0;
  while (got < size) {
    const ssize_t count =
        ::pread(fd_, bytes.data() + got, size - got, static_cast<off_t>(offset + got));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    got += static_cast<std::size_t>(count);
  }
  bytes.resize(got);
  return bytes;
}

std::unique_ptr<ContentReader> OpenedFile::content(const StreamOptions& options) const {
  const int fd = state_.size > 0 ? duplicate() : -1;
  if (fd < 0) return std::make_unique<NoContent>();
  return std::make_unique<SourceReader>(decode(descriptor_source(fd, state_.size, options.stop),
                                               std::make_shared<Budget>(options))
                                            .source);
}

Result<std::unique_ptr<MemberStream>> OpenedFile::members(const StreamOptions& options) const {
  const int fd = duplicate();
  if (fd < 0) return fail(errno_text(errno));
  auto account = account_of(fd, options, state_.size, 0);
  return unfold_members(descriptor_source(fd, state_.size, options.stop, account), options,
                        account);
}

Result<std::unique_ptr<MemberStream>> OpenedFile::part(const StreamStart& start,
                                                       const StreamOptions& options) const {
  const int fd = duplicate();
  if (fd < 0) return fail(errno_text(errno));
  auto account = account_of(fd, options, start.end, start.offset);
  auto source = descriptor_source(fd, start.end, options.stop, account);
  if (start.end == 0 || !source->seek(start.offset))
    return fail("cannot go on at byte " + std::to_string(start.offset) + " of " +
                std::to_string(start.end));
  return std::make_unique<PartStream>(chunk_stream_from(std::move(source), options, start),
                                      std::move(account));
}

}  // namespace spoor
