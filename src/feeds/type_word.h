// The words by which feeds name types. Most are a type (ioc/type.h); some are a family of types
// ("ip", "hash", "file", "Intel::ADDR"), of which the value tells which one is meant.
// Tested by formats_test.cpp.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "ioc/type.h"

namespace spoor {

enum class TypeFamily : std::uint8_t {
  kNone,
  kAddress,  ///< IPv4, IPv6, a network, with or without a port
  kHash,     ///< a digest of a file, kind by length
  kFile,     ///< a digest, a path or a file name
  kHost,     ///< a name or an address: feed.h, kHostWord
};

struct TypeWord {
  std::optional<IndicatorType> type;
  TypeFamily family = TypeFamily::kNone;
  bool known() const { return type.has_value() || family != TypeFamily::kNone; }
};

/// Case-blind and without regard to what joins the parts of a word ("file_hash", "File Hash").
TypeWord understand_type(std::string_view word);

}  // namespace spoor
