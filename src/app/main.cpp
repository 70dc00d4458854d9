// The program: the table of commands, and what is the same for all of them: options, help,
// errors, exit status.

#include <malloc.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include "app/command.h"
#include "base/utf8.h"
#include "io/source.h"

namespace spoor {
namespace {

// The table of commands: adding one is one file and one row.
const CommandRow* const kCommands[] = {
    &kImportCommand, &kCollectCommand, &kFeedsCommand,       &kIndicatorsCommand,
    &kLookupCommand, &kHuntCommand,    &kExplainCommand,     &kSightingsCommand,
    &kJudgeCommand,  &kVerifyCommand,  &kExportCommand,      &kOtxCommand,
    &kCaseCommand,   &kThehiveCommand, &kWarninglistCommand, &kAllowCommand,
};

std::string overview() {
  std::string text =
      "spoor collects what is known about attackers and finds their tracks in your logs.\n\n"
      "Usage: spoor COMMAND [OPTION]... [ARGUMENT]...\n\nCommands:\n";
  for (const CommandRow* command : kCommands) {
    std::string line = "  " + std::string(command->name);
    line.resize(15, ' ');
    text += line + std::string(command->summary) + "\n";
  }
  text +=
      "  help           this text, or that of a command: spoor help hunt\n\n"
      "Examples:\n"
      "  spoor import indicators.txt\n"
      "  spoor hunt /var/log\n"
      "  spoor explain evil.example 'query: cdn.evil.example'\n\n"
      "`spoor COMMAND --help` tells more. Manual pages: spoor(1), spoor-hunt(1), ...\n";
  return text;
}

std::string help_of(const CommandRow& command) {
  return "Usage: spoor " + std::string(command.usage) + "\n\n" + std::string(command.details) +
         "\nOptions:\n" + options_text(command.options) + "\nExamples:\n" +
         std::string(command.examples);
}

const CommandRow* command_named(std::string_view name) {
  for (const CommandRow* command : kCommands) {
    if (command->name == name) return command;
  }
  return nullptr;
}

std::string unknown_command(const std::string& name) {
  std::vector<std::string_view> names = {"help"};
  for (const CommandRow* command : kCommands) names.push_back(command->name);
  const std::string near = nearest_word(name, names);
  return "unknown command '" + name + "'" +
         (near.empty() ? ", see 'spoor help'" : ", did you mean '" + near + "'?");
}

Result<int> run(const std::vector<std::string>& words) {
  if (words.empty()) {
    write_error(overview());
    return 2;
  }
  const std::string& name = words[0];
  if (name == "--version" || name == "version") {
    SPOOR_TRY(write_out("spoor " SPOOR_VERSION "\n"), "version");
    return 0;
  }
  if (name == "help" || name == "--help" || name == "-h") {
    std::string text = overview();
    if (words.size() > 1) {
      const CommandRow* command = command_named(words[1]);
      if (command == nullptr) return fail(unknown_command(words[1]));
      text = help_of(*command);
    }
    SPOOR_TRY(write_out(text), "help");
    return 0;
  }
  const CommandRow* command = command_named(name);
  if (command == nullptr) return fail(unknown_command(name));

  Invocation invocation;
  auto options = parse_options(std::span(words).subspan(1), command->options);
  if (!options) return fail(options.error().at(name));
  invocation.options = std::move(*options);
  if (invocation.options.has("help")) {
    SPOOR_TRY(write_out(help_of(*command)), name);
    return 0;
  }
  invocation.environment.stdout_is_terminal = isatty(STDOUT_FILENO) == 1;
  invocation.environment.stderr_is_terminal = isatty(STDERR_FILENO) == 1;
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  invocation.environment.colour = invocation.environment.stdout_is_terminal &&
                                  (no_colour == nullptr || *no_colour == '\0') &&
                                  terminal != nullptr && std::string_view(terminal) != "dumb";

  std::string config_path = invocation.options.value("config");
  if (const char* path = std::getenv("SPOOR_CONFIG"); config_path.empty() && path != nullptr)
    config_path = path;
  if (!config_path.empty()) {
    auto config = read_config(config_path);
    if (!config) return fail(config.error());
    invocation.config = std::move(*config);
  }
  return command->run(invocation);
}

}  // namespace
}  // namespace spoor

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a broken pipe is an error of write(), not a death
#ifdef __GLIBC__
  // What is larger is mapped alone and goes back when it is freed. glibc would raise the limit
  // to 32 MiB by itself, and parts of files would stay in each thread's heap. Chunks are
  // smaller.
  ::mallopt(M_MMAP_THRESHOLD, 4 << 20);
#endif
  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto status = spoor::run(words);
  if (status) return *status;
  const std::string& message = status.error().message;
  if (message.find(spoor::kBrokenPipe) == std::string::npos) {  // whoever closed the pipe knows
    spoor::write_error("spoor: " + spoor::terminal_safe(message) + "\n");
  }
  return 2;
}
