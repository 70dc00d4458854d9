// Writes Windows event logs for tests: chunks of records over templates, byte by byte as
// io/evtx.cpp describes them. Wrong parts are made by changing bytes of what it writes.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spoor {

template <typename T>
inline void put_le(std::string& out, std::size_t at, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i)
    out[at + i] = static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
}
template <typename T>
inline void append_le(std::string& out, T value) {
  out.resize(out.size() + sizeof(T));
  put_le(out, out.size() - sizeof(T), value);
}

/// ASCII as UTF-16LE.
inline std::string utf16le(std::string_view ascii) {
  std::string out;
  for (const char c : ascii) {
    out += c;
    out += '\0';
  }
  return out;
}

/// CRC32 as in zlib, a bit at a time.
inline std::uint32_t crc_of(std::string_view bytes, std::uint32_t so_far = 0) {
  std::uint32_t sum = ~so_far;
  for (const char c : bytes) {
    sum ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) sum = sum >> 1 ^ ((sum & 1) != 0 ? 0xEDB88320u : 0);
  }
  return ~sum;
}

struct EvtxValue {
  std::uint8_t type;
  std::string bytes;
};
inline EvtxValue evtx_string(std::string_view ascii) {
  return {1, utf16le(ascii)};
}
template <typename T>
inline EvtxValue evtx_number(std::uint8_t type, T value) {
  EvtxValue made{type, {}};
  append_le(made.bytes, value);
  return made;
}

/// 2026-11-24T10:54:14.1234567Z
inline constexpr std::uint64_t kEvtxTime = 134'399'912'541'234'567;

/// One chunk of 64 KiB.
class EvtxChunk {
 public:
  EvtxChunk() : bytes_(512, '\0') {}

  /// A record whose binary XML `body` writes.
  void add_record(std::uint64_t number, const std::function<void(EvtxChunk&)>& body) {
    const std::size_t begin = bytes_.size();
    bytes_.append("**\0\0", 4);
    append_le<std::uint32_t>(bytes_, 0);
    append_le<std::uint64_t>(bytes_, number);
    append_le<std::uint64_t>(bytes_, kEvtxTime);
    body(*this);
    while (bytes_.size() % 8 != 4) bytes_ += '\0';
    const auto size = static_cast<std::uint32_t>(bytes_.size() + 4 - begin);
    append_le(bytes_, size);
    put_le(bytes_, begin + 4, size);
    records_.push_back(begin);
    if (first_ == 0) first_ = number;
    last_ = number;
  }

  /// A usual event: System with number, time and computer, EventData with one Data a pair.
  void add_event(std::uint64_t number,
                 const std::vector<std::pair<std::string, EvtxValue>>& data) {
    add_record(number, [&](EvtxChunk& chunk) {
      chunk.fragment();
      std::string key;
      for (const auto& [name, value] : data) key += name + '\n';
      const bool known = templates_.count(key) > 0;
      chunk.begin_instance(key);
      if (!known) {
        event_template(data);
        chunk.end_template();
      }
      std::vector<EvtxValue> values = {evtx_number<std::uint64_t>(0x0A, number),
                                       evtx_number<std::uint64_t>(0x11, kEvtxTime),
                                       evtx_string("PC1.corp.example")};
      for (const auto& each : data) values.push_back(each.second);
      chunk.values(values);
      chunk.eof();
    });
  }

  // Tokens of binary XML.
  void fragment() { bytes_.append("\x0F\x01\x01\x00", 4); }
  void eof() { bytes_ += '\0'; }
  void open(std::string_view name, bool attributes = false, bool outside = false) {
    bytes_ += static_cast<char>(attributes ? 0x41 : 0x01);
    if (!outside) append_le<std::uint16_t>(bytes_, 0xFFFF);
    append_le<std::uint32_t>(bytes_, 0);
    this->name(name);
    if (attributes) append_le<std::uint32_t>(bytes_, 0);
  }
  void attribute(std::string_view name, bool more = false) {
    bytes_ += static_cast<char>(more ? 0x46 : 0x06);
    this->name(name);
  }
  void text(std::string_view ascii) {
    bytes_.append("\x05\x01", 2);
    append_le(bytes_, static_cast<std::uint16_t>(ascii.size()));
    bytes_ += utf16le(ascii);
  }
  void substitution(std::uint16_t id, std::uint8_t type, bool optional = false) {
    bytes_ += static_cast<char>(optional ? 0x0E : 0x0D);
    append_le(bytes_, id);
    bytes_ += static_cast<char>(type);
  }
  void close_start() { bytes_ += '\x02'; }
  void close_empty() { bytes_ += '\x03'; }
  void end() { bytes_ += '\x04'; }
  void name(std::string_view name) {
    const auto known = names_.find(std::string(name));
    if (known != names_.end()) return append_le(bytes_, known->second);
    const auto offset = static_cast<std::uint32_t>(bytes_.size() + 4);
    names_[std::string(name)] = offset;
    append_le(bytes_, offset);
    append_le<std::uint32_t>(bytes_, 0);
    append_le<std::uint16_t>(bytes_, 0x1234);
    append_le(bytes_, static_cast<std::uint16_t>(name.size()));
    bytes_ += utf16le(name);
    append_le<std::uint16_t>(bytes_, 0);
  }

  /// The use of the template `key`; where it is new its definition follows, up to
  /// end_template().
  void begin_instance(const std::string& key) {
    const auto known = templates_.find(key);
    const auto id = static_cast<std::uint32_t>(
        known == templates_.end() ? 0xA0 + templates_.size() : known->second.first);
    bytes_.append("\x0C\x01", 2);
    append_le(bytes_, id);
    if (known != templates_.end()) return append_le(bytes_, known->second.second);
    const auto offset = static_cast<std::uint32_t>(bytes_.size() + 4);
    templates_[key] = {id, offset};
    append_le(bytes_, offset);
    definition_ = bytes_.size();
    append_le<std::uint32_t>(bytes_, 0);
    append_le(bytes_, id);
    bytes_.append(12, 'G');
    append_le<std::uint32_t>(bytes_, 0);
    fragment();
  }
  void end_template() {
    eof();
    put_le(bytes_, definition_ + 20,
           static_cast<std::uint32_t>(bytes_.size() - definition_ - 24));
  }
  void values(const std::vector<EvtxValue>& all) {
    append_le(bytes_, static_cast<std::uint32_t>(all.size()));
    for (const EvtxValue& value : all) {
      append_le(bytes_, static_cast<std::uint16_t>(value.bytes.size()));
      bytes_ += static_cast<char>(value.type);
      bytes_ += '\0';
    }
    for (const EvtxValue& value : all) bytes_ += value.bytes;
  }

  std::string& bytes() { return bytes_; }
  const std::vector<std::size_t>& records() const { return records_; }
  std::size_t definition() const { return definition_; }
  /// What is added from here on stands in unused space.
  void end_used() { used_ = bytes_.size(); }

  /// The chunk with its header and checksums.
  std::string finish() const {
    std::string chunk = bytes_;
    const std::size_t used = used_ == 0 ? chunk.size() : used_;
    chunk.resize(64 << 10, '\0');
    chunk.replace(0, 8, "ElfChnk\0", 8);
    for (const std::size_t at : {std::size_t{8}, std::size_t{24}}) put_le(chunk, at, first_);
    for (const std::size_t at : {std::size_t{16}, std::size_t{32}}) put_le(chunk, at, last_);
    put_le<std::uint32_t>(chunk, 40, 128);
    put_le(chunk, 44, static_cast<std::uint32_t>(records_.empty() ? 0 : records_.back()));
    put_le(chunk, 48, static_cast<std::uint32_t>(used));
    seal(chunk);
    return chunk;
  }
  /// Makes the checksums of a chunk right again.
  static void seal(std::string& chunk) {
    const std::string_view all = chunk;
    std::size_t used = 0;
    for (std::size_t i = 4; i-- > 0;)
      used = used << 8 | static_cast<unsigned char>(chunk[48 + i]);
    put_le(chunk, 52, crc_of(all.substr(512, used - 512)));
    put_le(chunk, 124, crc_of(all.substr(128, 384), crc_of(all.substr(0, 120))));
  }

 private:
  void event_template(const std::vector<std::pair<std::string, EvtxValue>>& data) {
    open("Event", true);
    attribute("xmlns");
    text("http://schemas.microsoft.com/win/2004/08/events/event");
    close_start();
    open("System");
    close_start();
    open("Provider", true);
    attribute("Name");
    text("Spoor-Test");
    close_empty();
    open("EventID");
    close_start();
    text("3");
    end();
    open("EventRecordID");
    close_start();
    substitution(0, 0x0A);
    end();
    open("TimeCreated", true);
    attribute("SystemTime");
    substitution(1, 0x11);
    close_empty();
    open("Computer");
    close_start();
    substitution(2, 1);
    end();
    end();
    open("EventData");
    close_start();
    std::uint16_t id = 3;
    for (const auto& [name, value] : data) {
      open("Data", true);
      attribute("Name");
      text(name);
      close_start();
      substitution(id++, value.type, true);
      end();
    }
    end();
    end();
  }

  std::string bytes_;
  std::vector<std::size_t> records_;
  std::map<std::string, std::uint32_t> names_;
  std::map<std::string, std::pair<std::uint32_t, std::uint32_t>> templates_;
  std::size_t definition_ = 0, used_ = 0;
  std::uint64_t first_ = 0, last_ = 0;
};

/// A file of these chunks.
inline std::string evtx_file(const std::vector<std::string>& chunks, bool dirty = false) {
  std::string file(4096, '\0');
  file.replace(0, 8, "ElfFile\0", 8);
  put_le<std::uint64_t>(file, 16, chunks.empty() ? 0 : chunks.size() - 1);
  put_le<std::uint32_t>(file, 32, 128);
  put_le<std::uint16_t>(file, 36, 1);
  put_le<std::uint16_t>(file, 38, 3);
  put_le<std::uint16_t>(file, 40, 4096);
  put_le(file, 42, static_cast<std::uint16_t>(chunks.size()));
  put_le<std::uint32_t>(file, 120, dirty ? 1 : 0);
  put_le(file, 124, crc_of(std::string_view(file).substr(0, 120)));
  for (const std::string& chunk : chunks) file += chunk;
  return file;
}

}  // namespace spoor
