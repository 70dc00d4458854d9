// The sums of a receipt, computed again from its entries. Constant memory. Tested by
// receipt_sums_test.cpp.

#pragma once

#include <array>
#include <string>
#include <vector>

#include "hunt/receipt.h"

namespace spoor {

class ReceiptSums {
 public:
  void add(const FileAccount& account);
  void add(const Skip& skip);
  void add(const Sighting& sighting);

  /// What does not agree, within the entries and with `summary`: "bytes_read: the entries have
  /// 10, the summary says 11". Empty: everything does.
  std::vector<std::string> differences(const ReceiptSummary& summary) const;

 private:
  ReceiptSummary sums_;
  FileAccount members_;  // sums of the members of the file that comes behind them
  std::uint64_t member_count_ = 0;
  bool has_gaps_ = false;
  std::vector<std::string> wrong_;  // the first few
};

}  // namespace spoor
