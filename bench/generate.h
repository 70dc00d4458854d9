// Seeded test data for the benchmarks: sets of indicators of every text type, and mixed logs
// with some of them planted.
//
// One rule makes runs comparable: a set of N indicators is the first N of one endless sequence,
// and plants come from its first 1,000. So one log serves every N from 1,000 up, holds the same
// hits for all of them, and a change of speed between two N comes from N alone. What the log
// holds beside plants is no indicator: names by their stems, addresses by a rule of the address
// (is_benign_address), digests by chance below 2^-60. Values that merely contain one another
// (203.0.113.1 in 203.0.113.19) stay in.
//
// Cost: about 0.3 us an indicator, 8 to 16 bytes of memory for each that must be told apart;
// about 150 MB/s of log. bench_generate check holds all this to what it says.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ioc/observable.h"
#include "random.h"

namespace spoor::bench {

inline constexpr std::size_t kPlantedPool = 1000;
/// 1,000 plants in 268 MB, as in the measurements that these benchmarks repeat.
inline constexpr std::size_t kBytesPerPlant = 268'000;

/// An address outside of the reserved ranges that the log may show and no indicator has.
bool is_benign_address(std::uint32_t address);
/// A public address that may be an indicator: not benign, and outside of the octets that are
/// kept for networks.
bool is_indicator_address(std::uint32_t address);
/// First octets in which the network indicators lie; the log shows addresses there only as
/// plants.
bool is_network_octet(std::uint32_t first_octet);

/// Hashes of the values given out. Open addressing; two values of one hash count as equal,
/// which costs an indicator and no truth.
class SeenSet {
 public:
  SeenSet() : slots_(1 << 12) {}
  /// False where it was there.
  bool insert(std::uint64_t hash);

 private:
  void grow();
  std::vector<std::uint64_t> slots_;  ///< 0 is empty
  std::size_t used_ = 0;
};

/// The endless sequence. Values are canonical and distinct.
/// About 40 % domain and hostname, 27 % IPv4, 10 % URL, 8 % MD5, 4 % SHA-1, 8 % SHA-256; every
/// 43rd is of one of the other types in turn (2.3 %).
class IndicatorStream {
 public:
  explicit IndicatorStream(std::uint64_t seed = 1);
  Observable next();

 private:
  Observable draw();
  Observable draw_rare();
  std::string name(IndicatorType* type);
  std::string url();
  std::string indicator_ipv4();
  std::string ipv6();

  Random random_;
  SeenSet seen_;
  std::uint64_t count_ = 0;
  std::uint64_t rare_count_ = 0;
};

/// Leaves out whatever would need a decode view, backslashes and percent signs above all.
enum class Disguise : std::uint8_t { kMixed, kNone };

struct Plant {
  std::uint32_t indicator = 0;  ///< position in the sequence, below kPlantedPool
  std::uint64_t line = 0;       ///< from 1
  std::uint64_t offset = 0;     ///< first byte of that line
};

struct Log {
  std::string text;           ///< whole lines, a little over the bytes asked for
  std::vector<Plant> plants;  ///< ascending by line
};

/// Web, DNS, firewall, JSON, Sysmon-like, mail and system lines, with bytes / kBytesPerPlant
/// plants (at least one).
Log make_log(std::size_t bytes, Disguise disguise, std::uint64_t seed = 2);

}  // namespace spoor::bench
