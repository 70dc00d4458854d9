// What a command is, and what all of them share: the store that was chosen, the configuration,
// standard output that notices a broken pipe. The table of commands stands in main.cpp.

#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "app/config.h"
#include "app/options.h"
#include "base/result.h"
#include "base/tally.h"
#include "store/store.h"

namespace spoor {

class JsonWriter;

/// What the process was started in.
struct Environment {
  bool stdout_is_terminal = false;
  bool stderr_is_terminal = false;
  bool colour = false;  ///< on a terminal, NO_COLOR unset, TERM not "dumb"
};

struct Invocation {
  Options options;
  Environment environment;
  Config config;
};

struct CommandRow {
  std::string_view name;
  std::string_view summary;   ///< one line
  std::string_view usage;     ///< after "spoor "
  std::string_view details;   ///< paragraphs of help
  std::string_view examples;  ///< lines
  std::span<const OptionRow> options;
  /// The exit status, or an error (status 2) that main prints as one line.
  Result<int> (*run)(const Invocation&);
};

extern const CommandRow kImportCommand, kCollectCommand, kIndicatorsCommand, kHuntCommand,
    kExplainCommand, kSightingsCommand, kVerifyCommand, kOtxCommand, kCaseCommand,
    kThehiveCommand, kWarninglistCommand, kAllowCommand, kJudgeCommand, kLookupCommand,
    kExportCommand, kFeedsCommand;

// Options that every command takes; commands put them at the end of their tables.
#define SPOOR_COMMON_OPTIONS                                                          \
  OptionRow{"store", '\0', "FILE",                                                    \
            "the store (default: SPOOR_STORE, then the configuration's)"},            \
      OptionRow{"config", '\0', "FILE", "the configuration (default: SPOOR_CONFIG)"}, \
      OptionRow {                                                                     \
    "help", 'h', "", "this text"                                                      \
  }

// Options of a filter of indicators (indicator_filter()), for commands that list or give on.
#define SPOOR_FILTER_OPTIONS                                                              \
  OptionRow{"type", 't', "NAME", "of this type (OTX's names; may be repeated)"},          \
      OptionRow{"feed", '\0', "NAME", "from this feed (may be repeated)"},                \
      OptionRow{"pulse", '\0', "TEXT",                                                    \
                "of the pulse with this id or name (a part will do; may be repeated)"},   \
      OptionRow{"tag", '\0', "TAG", "of pulses with this tag (may be repeated)"},         \
      OptionRow{"value", '\0', "TEXT", "whose value holds this text"},                    \
      OptionRow{"since", '\0', "WHEN", "claimed since a date or age"},                    \
      OptionRow{"age", '\0', "AGE", "claimed at most so long ago: 90d, 12h"}, OptionRow { \
    "active", '\0', "", "not ended by its source"                                         \
  }

/// Where the store is: --store, SPOOR_STORE, the configuration, $XDG_DATA_HOME/spoor/spoor.db.
Result<std::string> store_path(const Invocation& invocation);
Result<std::unique_ptr<Store>> open_store(const Invocation& invocation, Store::Mode mode);

/// The options --type --feed --pulse --tag --value --since --age --active as a filter, and
/// their text as typed. `since`: what the command calls --since.
Result<IndicatorFilter> indicator_filter(const Options& options,
                                         std::string_view since = "since");
std::string filter_text(const Options& options, std::string_view since = "since");

/// Standard output. An error says that it failed; a broken pipe is marked by `kBrokenPipe`.
Status write_out(std::string_view text);
inline constexpr std::string_view kBrokenPipe = "standard output: broken pipe";
void write_error(std::string_view text);

/// A tally as an indented table: count, rule, reason, example. Escaped.
std::string tally_text(const Tally& tally, std::string_view indent);
void write_tally(JsonWriter& json, std::string_view key, const Tally& tally);

/// SIGINT and SIGTERM ask to stop; whether one came. A second one ends the process.
void catch_interrupts();
bool interrupted();

}  // namespace spoor
