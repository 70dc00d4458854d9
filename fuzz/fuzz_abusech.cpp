// The readers of abuse.ch's platforms on any bytes, whole and cut in the middle. Corpus:
// corpus/abusech.

#include "format_check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  spoor::check_formats({"urlhaus", "threatfox", "malwarebazaar", "feodo", "sslbl"}, data, size);
  return 0;
}
