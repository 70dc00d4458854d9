// The reader of OpenIOC on any bytes, whole and cut in the middle. Corpus: corpus/openioc.

#include "format_check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  spoor::check_formats({"openioc"}, data, size);
  return 0;
}
