// Fuzzes the reader of Windows event logs: any bytes, read as a file of records, and once more
// behind a head that is known. What must hold: an end, records in order of
// their places, within the file, and text that is bounded by the size of the file. Seeds:
// fuzz/corpus/evtx.

#include "records_check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace std::string_literals;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  spoor::check_records(bytes);
  // A head that the table knows, so that every input reaches the reader.
  std::string file = "ElfFile\0"s;
  file.resize(4096);
  spoor::check_records(file + bytes);
  return 0;
}
