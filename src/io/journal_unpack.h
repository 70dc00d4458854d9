// Compressed fields of journal files. Private to `io`. Tested by journal_test.cpp.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace spoor {

/// `packed` by the flag of its object (1 xz, 2 lz4 behind 8 bytes of size, 4 zstd) into `out`:
/// at most `most` bytes of it. False where it is damaged or of no known form.
bool unpack_journal_field(std::uint8_t flag, std::string_view packed, std::size_t most,
                          std::string& out);

}  // namespace spoor
