// The reader of MISP events on any bytes, whole and cut in the middle: never crashes, names
// every pulse, and keeps its pages within bounds. Corpus: corpus/misp.

#include "format_check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  spoor::check_formats({"misp"}, data, size);
  return 0;
}
