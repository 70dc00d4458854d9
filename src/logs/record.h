// What one line says: when, where, who, from where to where, and what became of it.
//
// A format reads a line into a Record: it names the line's fields one by one (put() looks a
// name up in names.h, set() knows what it means), and the record keeps the best of what they
// say, the place of every field, and the columns that belong together: addresses with their
// ports (P3), hosts with their request targets (U11).
//
// Values are views into the line where they can be, else into the record; both must outlive
// them. All of it is hostile text. Fields are counted: behind kMostFields a line's fields are
// not told apart any more. A record that is used again keeps its memory. Tested by
// formats_test.cpp; fuzz/fuzz_record.

#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ioc/sighting.h"
#include "logs/names.h"
#include "logs/timestamp.h"

namespace spoor {

struct LogFormat;

inline constexpr std::size_t kMostFields = 1024;
inline constexpr std::size_t kMostPairs = 64;

enum class Outcome : std::uint8_t { kNone, kAllowed, kBlocked, kAnswered, kFailed };
std::string_view name_of(Outcome outcome);  ///< "allowed", ..., ""

/// A part of the line with a name.
struct Field {
  std::string_view name;
  std::size_t begin = 0, end = 0;  ///< bytes of the line; equal: the value stands nowhere whole
  FieldRole role = FieldRole::kOther;
};

/// Fields that belong together: their text, and which bytes of the line they stand in.
struct JoinedPair {
  std::string_view address, port;
  std::size_t begin = 0, end = 0;
};

class Record {
 public:
  /// Forgets everything and begins with `line`.
  void begin(std::string_view line, const TimeContext& context);

  /// A field by its name: what it means is looked up. `value` is the text, decoded; `raw` the
  /// bytes of the line that it stands in (empty: `value` itself). `object` tells the JSON
  /// object apart that holds it.
  void put(std::string_view name, std::string_view value, std::string_view raw = {},
           std::uint32_t object = 0);
  /// The same with the name looked up already; `row` null: an unknown name.
  void put_row(const NameRow* row, std::size_t dropped, std::string_view name,
               std::string_view value, std::string_view raw, std::uint32_t object);
  /// A field whose meaning the format knows; rank 0 is best.
  void set(Slot slot, std::string_view name, std::string_view value, std::uint8_t rank = 0,
           std::string_view raw = {});
  /// A field with a role and no slot.
  void mark(FieldRole role, std::string_view name, std::string_view value);
  /// "192.0.2.5:443", "[2001:db8::1]:443", "192.0.2.5": address and port, joined.
  void set_endpoint(Slot address, std::string_view name, std::string_view text);
  void set_time(const TimeText& time, std::uint8_t rank = 0);
  void set_outcome(Outcome outcome, std::uint8_t rank = 0);
  /// Puts an address and a port together (P3).
  void join(std::string_view address, std::string_view port);

  /// Keeps a text that stands nowhere in the line.
  std::string_view keep(std::string text);
  /// Makes up what follows from the fields together. Call once, at the end.
  void finish();

  std::string_view line() const { return line_; }
  const TimeContext& context() const { return *context_; }
  std::string_view value(Slot slot) const {
    return slots_[static_cast<std::size_t>(slot)].value;
  }
  /// Where in the line the slot's value stands; empty where it stands nowhere whole.
  Field place(Slot slot) const {
    const SlotValue& found = slots_[static_cast<std::size_t>(slot)];
    return {{}, found.begin, found.end, FieldRole::kOther};
  }
  bool has(Slot slot) const { return !value(slot).empty(); }
  const std::vector<Field>& fields() const { return fields_; }
  const std::vector<JoinedPair>& pairs() const { return pairs_; }
  /// The innermost field that holds the byte, or null.
  const Field* field_at(std::size_t at) const;

  /// The URL that host, port, scheme, path and query make together, and the bytes of the line
  /// from the first of them to the last; "" where there is none.
  struct JoinedUrl {
    std::string text;
    std::size_t begin = 0, end = 0;
  };
  JoinedUrl joined_url() const;

  const LogFormat* format = nullptr;
  std::string_view inner;  ///< what stands inside the envelope: "sshd"; "" where nothing known
  std::optional<TimeText> time;
  Outcome outcome = Outcome::kNone;
  /// The URL's scheme where no field says it.
  std::string_view default_scheme;

 private:
  struct SlotValue {
    std::string_view value;
    std::size_t begin = 0, end = 0;
    std::uint8_t rank = 255;
  };
  struct Half {  // of a pair
    std::uint32_t families;
    std::uint32_t object;
    std::string_view base;  // of the path, before the name
    std::string_view text;
    std::size_t begin, end;
    bool is_port;
    bool used = false;
  };

  void add_field(std::string_view name, std::size_t begin, std::size_t end, FieldRole role);
  void place(std::string_view value, std::string_view raw, std::size_t& begin,
             std::size_t& end) const;
  void fill(Slot slot, std::string_view value, std::uint8_t rank, std::size_t begin,
            std::size_t end);

  std::string_view line_;
  const TimeContext* context_ = nullptr;
  std::array<SlotValue, kSlots> slots_{};
  std::uint8_t time_rank_ = 255, outcome_rank_ = 255;
  std::vector<Field> fields_;
  std::vector<JoinedPair> pairs_;
  std::vector<Half> halves_;
  std::deque<std::string> kept_;
};

/// What a word says of an event's outcome: "deny" blocked, "accept" allowed, "NOERROR"
/// answered, "failure" failed; kNone where it says nothing.
Outcome outcome_of_word(std::string_view word);

/// "" for what logs write where they know nothing: "-", "(empty)", "null", "N/A".
std::string_view without_dash(std::string_view value);

/// Who says which host an event happened on, the best first.
enum class HostFrom : std::uint8_t { kNone, kRecord, kOption, kRoot, kPath };
std::string_view name_of(HostFrom from);  ///< "record", "option", "root", "path", ""

/// A record that outlives its line: what a finding carries. Values are cut to 256 bytes.
struct EventRecord {
  std::string format, inner;
  std::string host, user, process;
  HostFrom host_from = HostFrom::kNone;
  std::string source_address, source_port, destination_address, destination_port;
  std::string direction, status;
  Outcome outcome = Outcome::kNone;
  std::optional<TimeText> time;
};
EventRecord owned(const Record& record);

}  // namespace spoor
