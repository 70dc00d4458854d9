// Writes journal files for tests, object by object as io/journal.cpp describes them; without
// the tables for look-ups, which the reader does not use.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "io/evtx_builder.h"

namespace spoor {

enum class JournalForm : std::uint8_t { kRegular, kCompact };

class JournalFile {
 public:
  explicit JournalFile(JournalForm form = JournalForm::kRegular)
      : compact_(form == JournalForm::kCompact), bytes_(256, '\0') {
    bytes_.replace(0, 8, "LPKSHHRH");
    put_le<std::uint32_t>(bytes_, 12, compact_ ? 16 : 0);
    bytes_.replace(72, 16, "SEQUENCE-NUMBERS");
    put_le<std::uint64_t>(bytes_, 88, 256);
  }

  /// A field's object; returns where it stands. `flag`: how `payload` is compressed.
  std::uint64_t add_field(std::string_view payload, std::uint8_t flag = 0) {
    const std::size_t at = begin_object(1, flag, (compact_ ? 72 : 64) + payload.size());
    bytes_ += std::string(compact_ ? 56 : 48, '\0');
    bytes_ += payload;
    align();
    return at;
  }

  std::uint64_t add_entry(std::uint64_t realtime, const std::vector<std::uint64_t>& fields) {
    const std::size_t item = compact_ ? 4 : 16;
    const std::size_t at = begin_object(3, 0, 64 + fields.size() * item);
    append_le(bytes_, ++entries_);
    append_le(bytes_, realtime);
    append_le<std::uint64_t>(bytes_, 5000 + entries_);
    bytes_ += "BOOT-BOOT-BOOT-B";
    append_le<std::uint64_t>(bytes_, 0xFEED);
    for (const std::uint64_t field : fields) {
      if (compact_) {
        append_le(bytes_, static_cast<std::uint32_t>(field));
      } else {
        append_le(bytes_, field);
        append_le<std::uint64_t>(bytes_, 0xABCD);
      }
    }
    align();
    return at;
  }

  /// An entry and its fields.
  std::uint64_t add(std::uint64_t realtime, const std::vector<std::string>& fields) {
    std::vector<std::uint64_t> places;
    for (const std::string& field : fields) places.push_back(add_field(field));
    return add_entry(realtime, places);
  }

  /// Any other object.
  void add_object(std::uint8_t type, std::size_t payload) {
    begin_object(type, 0, 16 + payload);
    bytes_ += std::string(payload, '\x5A');
    align();
  }

  const std::string& bytes() const { return bytes_; }

 private:
  std::size_t begin_object(std::uint8_t type, std::uint8_t flag, std::size_t size) {
    const std::size_t at = bytes_.size();
    bytes_ += static_cast<char>(type);
    bytes_ += static_cast<char>(flag);
    bytes_ += std::string(6, '\0');
    append_le<std::uint64_t>(bytes_, size);
    return at;
  }
  void align() { bytes_.resize((bytes_.size() + 7) / 8 * 8, '\0'); }

  bool compact_;
  std::string bytes_;
  std::uint64_t entries_ = 0;
};

}  // namespace spoor
