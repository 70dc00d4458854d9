// Binary XML of Windows event logs, rendered as text. A record is hardly more than a reference
// to a template of its 64 KiB chunk and a list of values, so each template is read once a chunk
// into a program of a few steps (copy a literal, put value n) that every record runs.
//
// Tokens: [MS-EVEN6] 2.2.12; offsets within a chunk as in libyal's description of the format
// (github.com/libyal/libevtx, documentation). Offsets of names and templates are relative to
// the chunk and are written by whoever wrote the file: all are checked, nesting is bounded, and
// a chunk has an allowance of work that no sound one comes near (a template that names a 30 KB
// name a thousand times, records that repeat it, values in values).
//
// Left out is one thing: the namespaces of the form itself (schemas.microsoft.com, ...). They
// stand in the template of every record and would make a sighting of each.
//
// Private to `io`. Tested by evtx_test.cpp; fuzz/fuzz_evtx.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace spoor {

class EvtxXml {
 public:
  /// The most that one record may become.
  static constexpr std::size_t kRecordBytes = 1 << 20;

  /// Begins with another chunk, which must stay where it is.
  void begin_chunk(std::string_view chunk);

  /// Appends the binary XML in chunk[begin, end) as text. False where it is not sound; what
  /// could be read until then has been appended. With 4 KiB of a usual record: some 5 us.
  bool render(std::size_t begin, std::size_t end, std::string& out);

  /// Appends what values the record holds, an element each, where its template cannot be read.
  /// False where there are none.
  bool render_values(std::size_t begin, std::size_t end, std::string& out);

 private:
  /// Elements look different in templates and outside (in values, in records without one).
  enum class Where : std::uint8_t { kTemplate, kOutside };
  enum class Kind : std::uint8_t { kText, kValue, kAttribute, kInstance };
  struct Step {
    Kind kind;
    bool optional = false;
    std::uint16_t id = 0;  // of the value
    std::uint32_t begin = 0,
                  end = 0;  // of a text, in Program::text; of an instance, in the chunk
  };
  struct Program {
    std::string text;
    std::vector<Step> steps;
    bool sound = false;
  };
  struct Instance;
  struct Values;
  class Compiler;

  bool run_fragment(std::size_t begin, std::size_t end, unsigned depth, std::string& out);
  bool run_instance(std::size_t at, std::size_t end, unsigned depth, std::string& out);
  bool run(const Program& program, const Values& values, unsigned depth, std::string& out);
  bool put_value(const Values& values, const Step& step, std::string_view separator,
                 unsigned depth, std::string& out);
  bool read_instance(std::size_t at, std::size_t end, Instance& instance) const;
  const Program* program_at(const Instance& instance);
  bool spend(std::size_t work);

  std::string_view chunk_;
  std::unordered_map<std::uint32_t, Program> programs_;
  std::size_t most_ = 0;        // size of `out` that ends the record at hand
  std::int64_t allowance_ = 0;  // of work, for the chunk
};

}  // namespace spoor
