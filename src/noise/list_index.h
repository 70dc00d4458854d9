// Many warninglists as one index: which of them hold an observable. Each kind of list has its
// own table: values and names in a hash table, networks by their prefix lengths in another,
// substrings in an automaton, expressions in RE2, whose time is linear in the text whatever the
// expression is. A look-up costs about a microsecond however many lists there are.
//
// What the kinds mean here (docs/noise.md):
//   string     the value itself, case-blind. An entry that begins with a dot is a name and all
//              below it.
//   hostname   the name and all below it.
//   cidr       addresses in the network, and networks in it.
//   substring, regex   the value holds it.
// A name below an entry is not covered where strangers publish there: behind a public suffix or
// a shared host (blogspot.com, github.com) another owner begins. A URL is asked about its host;
// one with a path or query says more than its host does (sites are broken into): it is noted
// and stays shown, and on a host where strangers publish it is not even noted. An entry that
// would cover nearly everything is refused. Tested by list_index_test.cpp against a slow twin.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/tally.h"
#include "ioc/noise.h"
#include "noise/attributes.h"

namespace spoor {

struct ListMatch {
  std::uint32_t list = 0;  ///< of those the index was made of
  Verdict verdict = Verdict::kShown;
  std::string entry;  ///< canonical
};

class ListIndex {
 public:
  /// Entries that cannot be used are tallied in `refused` by list and reason.
  static std::unique_ptr<const ListIndex> build(const std::vector<WarningList>& lists,
                                                Tally& refused);
  ~ListIndex();

  /// The match that suppresses most; of equal ones that of the first list. Any number of
  /// threads.
  std::optional<ListMatch> find(const Observable& observable) const;

 private:
  struct Tables;
  explicit ListIndex(std::unique_ptr<Tables> tables);
  std::unique_ptr<Tables> tables_;
};

}  // namespace spoor
