// A hunt for people, in the manner of grep: the line with the match in it, and below it what
// was matched, how surely, and who says so.
//
//     logs/dns.log:12: 10.0.0.5 query: cdn.evil.example A
//         contains    domain evil.example  D3  new  pulse 'Example' (otx), tlp green, tags apt,
//         phishing
//
// A line with several indicators is printed once. With context the lines after an event wait
// until the next event is known, so that no line is printed twice; groups are parted by "--".
// Nothing foreign is printed unescaped. Tested by text_printer_test.cpp.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "logs/finding.h"
#include "report/excerpt.h"
#include "report/output.h"

namespace spoor {

struct TextOptions {
  bool colour = false;
  std::size_t columns = 200;  ///< of a log line that are shown
  bool stored = true;         ///< whether is_new means something: false without a store
  bool show_suppressed = false;
};

class TextPrinter final : public FindingSink {
 public:
  /// Sightings go to `output`; the summary goes to `summary_output` (the same, or stderr in a
  /// pipe).
  TextPrinter(Output output, Output summary_output, TextOptions options = {});
  Status take(std::span<Sighting> sightings, std::span<const FindingDetail> details) override;
  Status finish(const HuntTotals& totals) override;

 private:
  void print_event(std::span<const Sighting> sightings, std::span<const FindingDetail> details,
                   std::string& out);
  void print_place(const std::string& file, std::uint64_t line, char separator,
                   std::string& out) const;
  void print_detail(const Sighting& sighting, const FindingDetail& detail,
                    std::string& out) const;
  void print_context_before(const Sighting& sighting, const Context& context, std::string& out);
  void print_context_after(std::uint64_t before_line, std::string& out);
  void print_context_line(const ContextLine& line, std::string& out);

  Output output_, summary_output_;
  TextOptions options_;
  const Palette& colours_;
  // With context: the file and line printed last, and what may still follow.
  std::string file_;
  std::uint64_t last_line_ = 0;
  bool printed_ = false;
  std::shared_ptr<const Context> waiting_;
};

/// The receipt as an aligned table.
std::string summary_text(const HuntTotals& totals, const TextOptions& options);

/// "1.5 GiB", "17 bytes".
std::string bytes_text(std::uint64_t bytes);
/// "12,345,678".
std::string count_text(std::uint64_t count);

}  // namespace spoor
