// `spoor otx VERB`: a table of verbs in the terms of OTX. Reading ones stand in
// otx_read_verbs.cpp, those that change something in otx_write_verbs.cpp.

#pragma once

#include <span>
#include <string_view>

#include "app/command.h"

namespace spoor {

struct OtxVerb {
  std::string_view name;
  std::string_view operands;  ///< "ID", "TYPE VALUE [SECTION]..."
  std::string_view help;
  std::size_t least = 0, most = 0;  ///< operands behind the verb
  /// `operands`: those behind the verb.
  Result<int> (*run)(const Invocation&, std::span<const std::string> operands);
};
std::span<const OtxVerb> otx_read_verbs();
std::span<const OtxVerb> otx_write_verbs();

}  // namespace spoor
