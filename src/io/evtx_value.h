// A value of a Windows event as text, as `wevtutil` writes it: numbers in decimal, HexInt as
// 0x.., GUIDs in braces, SIDs as S-1-.., times as ISO 8601 with 100 ns, UTF-16 as UTF-8.
//
// What is escaped is less than XML asks for, on purpose. An ampersand stays: the matcher then
// reads an address with a query as it is, without the view `html`, and what is shown is the
// value's own text. A '<' becomes "&lt;" only where it could be taken for markup (before a
// letter, '/', '!', '?' or '_'), so that no value can forge a field of its record.
//
// Types: [MS-EVEN6] 2.2.12 and 2.2.19. Private to `io`. Tested by evtx_test.cpp;
// fuzz/fuzz_evtx.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace spoor {

enum class EvtxType : std::uint8_t {
  kNull = 0x00,
  kString = 0x01,
  kAnsiString = 0x02,
  kInt8 = 0x03,
  kUInt8 = 0x04,
  kInt16 = 0x05,
  kUInt16 = 0x06,
  kInt32 = 0x07,
  kUInt32 = 0x08,
  kInt64 = 0x09,
  kUInt64 = 0x0A,
  kReal32 = 0x0B,
  kReal64 = 0x0C,
  kBool = 0x0D,
  kBinary = 0x0E,
  kGuid = 0x0F,
  kSizeT = 0x10,
  kFileTime = 0x11,
  kSystemTime = 0x12,
  kSid = 0x13,
  kHexInt32 = 0x14,
  kHexInt64 = 0x15,
  kHandle = 0x20,
  kBinXml = 0x21,
  kXml = 0x23,
};
inline constexpr std::uint8_t kEvtxArray = 0x80;

/// Where a value stands: in the content of an element, or in an attribute within '..'.
enum class EvtxPlace : std::uint8_t { kContent, kAttribute };

/// Appends UTF-16LE `bytes` without trailing U+0000; others become line ends, lone surrogates
/// U+FFFD. At most 6 bytes for each unit.
void append_utf16(std::string& out, std::string_view bytes, EvtxPlace place);

/// Appends an element's or attribute's name: what could be taken for markup becomes '_'.
void append_evtx_name(std::string& out, std::string_view utf16);

/// Appends a value of any type but kBinXml. Elements of arrays are parted by `separator`. A
/// value whose size does not fit its type is shown as hexadecimal digits: nothing is lost.
void append_evtx_value(std::string& out, std::uint8_t type, std::string_view bytes,
                       std::string_view separator, EvtxPlace place);

/// Appends 100 ns since 1601 as "2026-11-24T10:54:14.1234567Z".
void append_file_time(std::string& out, std::uint64_t ticks);

}  // namespace spoor
