// Which indicators belong to which pulse, for formats whose reports list them at the end. A
// million indicators would not be held for that: the pairs go to a nameless temporary file,
// each record pointing at the one before of the same pulse, and memory holds one number a
// pulse. Reads back newest first. Tested by export_test.cpp.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "base/uuid.h"

namespace spoor {

class PulseSpool {
 public:
  PulseSpool() = default;
  ~PulseSpool();
  PulseSpool(const PulseSpool&) = delete;
  PulseSpool& operator=(const PulseSpool&) = delete;

  Status add(std::string_view pulse, const Uuid& member);
  /// The pulses, in the order in which they came.
  const std::vector<std::string>& pulses() const { return pulses_; }
  Status for_each(std::size_t pulse, const std::function<void(const Uuid&)>& visit);

 private:
  Status open();
  Status flush();

  int file_ = -1;
  std::uint64_t written_ = 0;  ///< bytes in the file
  std::string buffer_;         ///< what comes behind them
  std::vector<std::string> pulses_;
  std::vector<std::uint64_t> last_;  ///< offset + 1 of each pulse's last record
  std::unordered_map<std::string, std::size_t> number_of_;
};

}  // namespace spoor
