// spoor explain: which rule decides about a value and a text, and why not.

#include <unistd.h>

#include <cerrno>

#include "app/command.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "ioc/canonical.h"
#include "ioc/guard.h"
#include "match/exact.h"
#include "noise/noise.h"

namespace spoor {
namespace {

constexpr OptionRow kOptions[] = {
    {"type", 't', "NAME", "the indicator's type (default: the one its value plainly has)"},
    {"encoding", '\0', "NAME", "of the text: utf-8 (default), utf-16le, utf-16be"},
    {"json", '\0', "", "as JSON"},
    SPOOR_COMMON_OPTIONS,
};

Result<std::string> read_standard_input() {
  constexpr std::size_t kLimit = 16 << 20;
  std::string text;
  char buffer[1 << 16];
  while (true) {
    const ssize_t count = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail("standard input cannot be read");
    if (count == 0) return text;
    text.append(buffer, static_cast<std::size_t>(count));
    if (text.size() > kLimit)
      return fail(
          "standard input: more than 16 MiB, expected a line or two; 'spoor hunt -' reads "
          "streams");
  }
}

Result<int> run(const Invocation& invocation) {
  const Options& options = invocation.options;
  const auto& operands = options.operands();
  if (operands.size() < 2)
    return fail(
        "explain: expected VALUE and TEXT..., or - for text on standard input; see 'spoor "
        "explain --help'");
  OrRefusal<Canonical> claim = infer(operands[0]);
  if (options.has("type")) {
    const auto type = type_from_name(options.value("type"));
    if (!type)
      return fail("explain: --type: found '" + options.value("type") +
                  "', expected a type such as domain, hostname, IPv4, URL");
    claim = canonicalize(*type, operands[0]);
  }
  if (!claim)
    return fail("explain: '" + operands[0] + "': " + claim.error().rule + ": " +
                claim.error().reason);
  TextEncoding encoding = TextEncoding::kBytes;
  const std::string named = options.value("encoding", "utf-8");
  if (named == "utf-16le") {
    encoding = TextEncoding::kUtf16le;
  } else if (named == "utf-16be") {
    encoding = TextEncoding::kUtf16be;
  } else if (named != "utf-8") {
    return fail("explain: --encoding: found '" + named +
                "', expected utf-8, utf-16le or utf-16be");
  }
  std::string text;
  if (operands.size() == 2 && operands[1] == "-") {
    auto input = read_standard_input();
    if (!input) return fail(input.error().at("explain"));
    text = std::move(*input);
  } else {
    for (std::size_t i = 1; i < operands.size(); ++i) text += (i > 1 ? " " : "") + operands[i];
  }

  const Observable& observable = claim->observable;
  const auto quarantine = quarantine_reason(observable);
  Tally unused;
  const Judgement noise = Noise::build({}, unused)->of_observable(observable);
  const Explanation why = explain(observable, text, encoding);
  if (options.has("json")) {
    JsonWriter json;
    json.begin_object()
        .member("type", name_of(observable.type))
        .member("indicator", observable.value)
        .member("grade", name_of(why.grade));
    json.member("rule", why.rule).strings("lines", why.lines);
    if (quarantine) json.member("quarantine", quarantine->reason);
    if (!noise.rule.empty()) {
      json.key("noise").begin_object().member("verdict", name_of(noise.verdict));
      json.member("rule", noise.rule).member("reason", noise.reason).end_object();
    }
    json.end_object();
    SPOOR_TRY(write_out(json.take() + "\n"), "explain");
  } else {
    std::string out =
        terminal_safe(std::string(name_of(observable.type)) + " " + observable.value) + ": " +
        (why.grade == Grade::kNone ? "no match" : std::string(name_of(why.grade))) + "\n";
    for (const Refusal& note : claim->notes)
      out += "  note " + terminal_safe(note.rule + ": " + note.reason) + "\n";
    for (const std::string& line : why.lines) out += "  " + terminal_safe(line) + "\n";
    if (quarantine)
      out += "  note " +
             terminal_safe(quarantine->rule +
                           ": an import would quarantine it: " + quarantine->reason) +
             "\n";
    if (!noise.rule.empty())
      out += "  note " +
             terminal_safe(std::string(noise.rule) + ": a hunt would call it " +
                           std::string(name_of(noise.verdict)) + ": " + noise.reason) +
             "\n";
    SPOOR_TRY(write_out(out), "explain");
  }
  return why.grade == Grade::kNone ? 1 : 0;
}

}  // namespace

extern const CommandRow kExplainCommand = {
    "explain",
    "which rule decides whether a value is in a text",
    "explain [--type NAME] VALUE TEXT...",
    "Says at which bytes VALUE is found in TEXT, by which rule and grade, or which rule "
    "refuses it.\n"
    "The rules: docs/semantics.md. Needs no store: of noise it knows\nthe built-in set only, "
    "'spoor warninglist check' knows all. Exit status: 0 it matches, 1 it does not, 2 "
    "an error.\n",
    "  spoor explain evil.example 'query: cdn.evil.example'\n"
    "  spoor explain --type hostname evil.example 'query: www.evil.example'\n"
    "  tail -1 proxy.log | spoor explain http://evil.example/gate.php -\n",
    kOptions,
    run,
};

}  // namespace spoor
