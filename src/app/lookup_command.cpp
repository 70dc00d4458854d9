// spoor lookup: all that is known of a value, or of many.

#include "app/command.h"
#include "app/lookup_otx.h"
#include "app/lookup_values.h"
#include "app/lookup_views.h"
#include "app/noise_config.h"
#include "app/table.h"
#include "base/clock.h"

namespace spoor {
namespace {

// More values than this are a table unless told otherwise.
constexpr std::size_t kMostInFull = 4;
// Rows of the table that align with each other: memory is bounded.
constexpr std::size_t kPage = 1000;

constexpr OptionRow kOptions[] = {
    {"type", 't', "NAME", "what the values are (default: read off each value)"},
    {"file", '\0', "FILE", "values of this file, one a line (may be repeated)"},
    {"brief", '\0', "", "one line a value (default for more than 4)"},
    {"full", '\0', "", "all that is known, for many values too"},
    {"related", '\0', "N", "other indicators shown of each pulse (default 8)"},
    {"json", '\0', "", "a JSON object a value"},
    {"otx", '\0', "", "ask OTX too; its answers are kept in the store"},
    {"section", '\0', "NAME", "with --otx: this section, or all (may be repeated)"},
    {"max-age", '\0', "AGE", "with --otx: kept answers are good for so long (default 1d)"},
    {"refresh", '\0', "", "with --otx: ask again, whatever is kept"},
    {"otx-url", '\0', "URL", "where OTX is (default https://otx.alienvault.com)"},
    {"key-file", '\0', "FILE", "the API key's file (default: the variable OTX_API_KEY)"},
    {"rate", '\0', "N", "requests a second (default 10; 0 is no limit)"},
    {"tries", '\0', "N", "of one request (default 3)"},
    {"timeout", '\0', "SECONDS", "of one request (default 120)"},
    {"deadline", '\0', "SECONDS", "of all requests of a section"},
    SPOOR_COMMON_OPTIONS,
};

/// Answers go out one by one: as JSON, in full, or as rows of a table.
class Answers {
 public:
  enum class Form : std::uint8_t { kUndecided, kFull, kBrief, kJson };
  Answers(Lookup& lookup, LiveLookup* live, const Noise& judge, LookupView view, Form form)
      : lookup_(lookup), live_(live), judge_(judge), view_(std::move(view)), form_(form) {}

  Status take(AskedValue&& asked) {
    if (form_ != Form::kUndecided) return answer(asked);
    waiting_.push_back(std::move(asked));
    if (waiting_.size() <= kMostInFull) return {};
    form_ = Form::kBrief;
    return answer_waiting();
  }
  Status finish() {
    if (form_ == Form::kUndecided) {
      form_ = Form::kFull;
      if (auto status = answer_waiting(); !status) return status;
    }
    if (rows_ > 0) out_ += table_.text();
    return flush();
  }
  std::size_t asked() const { return asked_; }
  bool found() const { return found_; }

 private:
  Status answer_waiting() {
    for (const AskedValue& asked : waiting_) {
      if (auto status = answer(asked); !status) return status;
    }
    waiting_.clear();
    return {};
  }

  Status answer(const AskedValue& asked) {
    if (interrupted()) return fail("interrupted");
    const auto known = lookup_.look_up(asked.text, asked.type);
    if (!known) return fail(known.error());
    LiveAnswer live;
    view_.answer = &*known;
    view_.live = nullptr;
    view_.noise.reset();
    if (known->value) view_.noise = judge_.of_observable(*known->value);
    if (live_ != nullptr && known->value) {
      auto answered = live_->ask(*known->value);
      if (!answered) return fail(answered.error());
      live = std::move(*answered);
      view_.live = &live;
      view_.now = SystemClock().now();
    }
    found_ = found_ || known->is_known() || live.known;
    if (form_ == Form::kJson) {
      out_ += lookup_json(view_);
    } else if (form_ == Form::kFull) {
      out_ += (asked_ > 0 ? "\n" : "") + lookup_text(view_);
    } else {
      add_row(live);
    }
    ++asked_;
    if (out_.size() < 1 << 16 && live_ == nullptr) return {};
    return flush();
  }

  void add_row(const LiveAnswer& live) {
    if (live_ != nullptr && view_.live == nullptr) view_.live = &live;  // its column stays
    if (rows_ == 0 && asked_ == 0) table_.row(lookup_head(live_ != nullptr));
    table_.row(lookup_row(view_));
    if (++rows_ < kPage) return;
    out_ += table_.text();
    table_ = TextTable(kWidest);
    rows_ = 0;
  }
  Status flush() {
    const Status written = write_out(out_);
    out_.clear();
    return written;
  }

  static constexpr std::size_t kWidest = 60;
  Lookup& lookup_;
  LiveLookup* live_;
  const Noise& judge_;
  LookupView view_;
  Form form_;
  std::vector<AskedValue> waiting_;
  TextTable table_{kWidest};
  std::size_t rows_ = 0, asked_ = 0;
  bool found_ = false;
  std::string out_;
};

Result<int> run(const Invocation& invocation) {
  const Options& options = invocation.options;
  if (options.operands().empty() && !options.has("file"))
    return fail("lookup: found no value, expected VALUE, - or --file FILE");
  std::optional<IndicatorType> type;
  if (options.has("type")) {
    type = type_from_name(options.value("type"));
    if (!type)
      return fail("lookup: --type: found '" + options.value("type") +
                  "', expected a type such as domain, IPv4, URL");
  }
  if (options.has("brief") && options.has("full"))
    return fail("lookup: found --brief and --full, expected one of them");
  LookupOptions lookup_options;
  if (options.has("related")) {
    const auto related =
        parse_number(options.value("related"), 0, ValueReader::kMostNeighbours - 4);
    if (!related) return fail(related.error().at("lookup: --related"));
    lookup_options.related = *related;
  }
  lookup_options.now = SystemClock().now();
  const bool with_otx = options.has("otx");
  for (const char* name : {"section", "max-age", "refresh"}) {
    if (!with_otx && options.has(name))
      return fail("lookup: found --" + std::string(name) + " without --otx");
  }
  // OTX's answers are kept in the store: it must be of the newest form, and may be new.
  auto store =
      open_store(invocation, with_otx ? Store::Mode::kReadWrite : Store::Mode::kReadOnly);
  if (!store) return fail(store.error());
  std::unique_ptr<LiveLookup> live;
  if (with_otx) {
    const auto path = store_path(invocation);
    if (!path) return fail(path.error());
    auto opened = LiveLookup::open(invocation, *path);
    if (!opened) return fail(opened.error());
    live = std::move(*opened);
  }
  auto lookup = Lookup::open(**store, lookup_options);
  if (!lookup) return fail(lookup.error().at("lookup"));

  const auto scores = score_settings(invocation.config);
  if (!scores) return fail(scores.error());
  const auto judge = judge_of_store(invocation);
  if (!judge) return fail(judge.error());

  using Form = Answers::Form;
  Form form = options.has("json")    ? Form::kJson
              : options.has("full")  ? Form::kFull
              : options.has("brief") ? Form::kBrief
                                     : Form::kUndecided;
  LookupView view;
  view.now = lookup_options.now;
  view.scores = &*scores;
  view.colour = invocation.environment.colour;
  Answers answers(**lookup, live.get(), **judge, view, form);
  const auto take = [&](AskedValue&& asked) {
    if (!asked.type) asked.type = type;
    return answers.take(std::move(asked));
  };
  for (const std::string& operand : options.operands()) {
    if (operand == "-") {
      SPOOR_TRY(read_values("-", take), "lookup");
    } else {
      SPOOR_TRY(take({operand, type}), "lookup");
    }
  }
  for (const std::string& file : options.all("file"))
    SPOOR_TRY(read_values(file, take), "lookup");
  SPOOR_TRY(answers.finish(), "lookup");
  if (answers.asked() == 0) write_error("spoor: lookup: found no value to look up\n");
  return answers.found() ? 0 : 1;
}

}  // namespace

extern const CommandRow kLookupCommand = {
    "lookup",
    "all that is known of a value, or of many",
    "lookup VALUE... [--otx] [--brief|--full|--json]",
    "Tells who claims a value and who claims what covers it (its parent domain, the network\n"
    "that holds it, the host of a URL), by the rules by which a hunt would match it; the\n"
    "pulses it stands in and what else stands there; where hunts have seen it. VALUE may be\n"
    "defanged; - reads values from standard input, one a line. Exit status: 0 something is\n"
    "known, 1 nothing is, 2 error.\n",
    "  spoor lookup evil.example\n"
    "  spoor lookup 'hxxp://a.b.evil[.]example/gate.php'\n"
    "  cut -f3 conn.log | sort -u | spoor lookup - --brief\n"
    "  spoor lookup 203.0.113.7 --otx --max-age 6h\n",
    kOptions,
    run,
};

}  // namespace spoor
