// The reader of STIX documents on any bytes, whole and cut in the middle. Corpus: corpus/stix.

#include "format_check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  spoor::check_formats({"stix"}, data, size);
  return 0;
}
