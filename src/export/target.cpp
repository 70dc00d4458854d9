#include "export/target.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "io/aside.h"

namespace spoor {
namespace {

constexpr std::size_t kPiece = 64 << 10;

class StreamTarget final : public ExportTarget {
 public:
  explicit StreamTarget(WriteOut write) : write_(std::move(write)) {}
  Status write(std::string_view name, std::string_view text) override {
    SPOOR_CHECK(name.empty());
    buffer_ += text;
    return buffer_.size() < kPiece ? Status{} : commit();
  }
  Status commit() override {
    const Status written = write_(buffer_);
    buffer_.clear();
    return written;
  }

 private:
  WriteOut write_;
  std::string buffer_;
};

class FileTarget final : public ExportTarget {
 public:
  explicit FileTarget(std::unique_ptr<AsideFile> file) : file_(std::move(file)) {}
  Status write(std::string_view name, std::string_view text) override {
    SPOOR_CHECK(name.empty());
    return file_->write(text);
  }
  Status commit() override { return file_->commit(); }

 private:
  std::unique_ptr<AsideFile> file_;
};

class FolderTarget final : public ExportTarget {
 public:
  explicit FolderTarget(std::string path) : path_(std::move(path)) {}
  Status write(std::string_view name, std::string_view text) override {
    auto known = files_.find(name);
    if (known == files_.end()) {
      auto file = AsideFile::create(path_ + "/" + std::string(name));
      if (!file) return fail(file.error());
      known = files_.emplace(name, std::move(*file)).first;
    }
    return known->second->write(text);
  }
  Status commit() override {
    for (auto& [name, file] : files_) {
      if (auto status = file->commit(); !status) return status;
    }
    return {};
  }

 private:
  std::string path_;
  std::map<std::string, std::unique_ptr<AsideFile>, std::less<>> files_;
};

}  // namespace

std::unique_ptr<ExportTarget> make_stream_target(WriteOut write) {
  return std::make_unique<StreamTarget>(std::move(write));
}

Result<std::unique_ptr<ExportTarget>> make_file_target(const std::string& path) {
  auto file = AsideFile::create(path);
  if (!file) return fail(file.error());
  return std::make_unique<FileTarget>(std::move(*file));
}

Result<std::unique_ptr<ExportTarget>> make_folder_target(const std::string& path) {
  if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST)
    return fail(path + ": cannot be made: " + std::string(std::strerror(errno)));
  struct stat info;
  if (::stat(path.c_str(), &info) != 0 || !S_ISDIR(info.st_mode))
    return fail(path + ": is no folder, and this format writes several files");
  return std::make_unique<FolderTarget>(path);
}

}  // namespace spoor
