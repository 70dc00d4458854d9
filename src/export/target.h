// Where an export goes: standard output, one file, a folder of files, memory for tests. Files
// appear under their names whole or not at all, and all of a folder's together at the end.
// Tested by export_test.cpp.

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace spoor {

class ExportTarget {
 public:
  virtual ~ExportTarget() = default;
  /// Appends to the file `name` of the folder; "" is the only file of the other targets.
  virtual Status write(std::string_view name, std::string_view text) = 0;
  /// Everything is written: it stands under its names.
  virtual Status commit() = 0;
};

using WriteOut = std::function<Status(std::string_view)>;
/// `write` is called with pieces of 64 KiB.
std::unique_ptr<ExportTarget> make_stream_target(WriteOut write);
Result<std::unique_ptr<ExportTarget>> make_file_target(const std::string& path);
/// The folder is made where it is not there; files of other names in it stay.
Result<std::unique_ptr<ExportTarget>> make_folder_target(const std::string& path);

/// For tests.
class MemoryTarget final : public ExportTarget {
 public:
  Status write(std::string_view name, std::string_view text) override {
    files[std::string(name)] += text;
    return {};
  }
  Status commit() override {
    committed = true;
    return {};
  }
  std::map<std::string, std::string> files;
  bool committed = false;
};

}  // namespace spoor
