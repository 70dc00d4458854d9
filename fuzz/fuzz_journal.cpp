// Fuzzes the readers of systemd's journal: any bytes as a file, behind a sound header (regular
// and compact), and as an export. What must hold: see records_check.h. Seeds:
// fuzz/corpus/journal.

#include "records_check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  spoor::check_records(bytes);
  for (const char flags : {'\0', '\x10'}) {
    std::string header(208, '\0');
    header.replace(0, 8, "LPKSHHRH");
    header[12] = flags;
    header[88] = static_cast<char>(208);
    spoor::check_records(header + bytes);
  }
  spoor::check_records("__CURSOR=a\n" + bytes);
  return 0;
}
