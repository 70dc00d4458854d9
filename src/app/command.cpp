#include "app/command.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "app/table.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "base/utf8.h"

namespace spoor {
namespace {

volatile std::sig_atomic_t interrupt_count = 0;

extern "C" void on_interrupt(int) {
  // The second one ends the process at once, as people expect.
  if (interrupt_count > 0) _exit(2);
  interrupt_count = 1;
}

Status write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      if (errno == EPIPE) return fail(std::string(kBrokenPipe));
      return fail("standard output: " + std::string(std::strerror(errno)));
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace

void catch_interrupts() {
  struct sigaction action = {};
  action.sa_handler = on_interrupt;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}
bool interrupted() {
  return interrupt_count > 0;
}

Status write_out(std::string_view text) {
  return write_all(STDOUT_FILENO, text);
}
void write_error(std::string_view text) {
  (void)write_all(STDERR_FILENO, text);
}

Result<std::string> store_path(const Invocation& invocation) {
  if (invocation.options.has("store")) {
    const std::string path = invocation.options.value("store");
    if (path.empty()) return fail("--store: found nothing, expected a file");
    return path;
  }
  if (const char* path = std::getenv("SPOOR_STORE"); path != nullptr && *path != '\0')
    return std::string(path);
  if (invocation.config.store_path) return *invocation.config.store_path;
  if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data == '/')
    return std::string(data) + "/spoor/spoor.db";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0')
    return std::string(home) + "/.local/share/spoor/spoor.db";
  return fail(
      "no place for the store: neither --store nor SPOOR_STORE, XDG_DATA_HOME or HOME is set");
}

Result<std::unique_ptr<Store>> open_store(const Invocation& invocation, Store::Mode mode) {
  const auto path = store_path(invocation);
  if (!path) return fail(path.error());
  return Store::open(*path, mode);
}

Result<IndicatorFilter> indicator_filter(const Options& options, std::string_view since_name) {
  IndicatorFilter filter;
  for (const std::string& word : options.all("type")) {
    const auto type = type_from_name(word);
    if (!type) {
      std::string known;
      for (const TypeRow& row : indicator_types())
        known += (known.empty() ? "" : ", ") + std::string(row.name);
      return fail("--type: found '" + word + "', expected one of " + known);
    }
    filter.types.push_back(*type);
  }
  filter.feeds = options.all("feed");
  filter.pulses = options.all("pulse");
  filter.tags = options.all("tag");
  filter.value_like = options.value("value");
  filter.only_active = options.has("active");
  filter.with_context = options.has("with-context");
  for (const std::string_view name : {since_name, std::string_view("age")}) {
    if (!options.has(name)) continue;
    const auto since = parse_since(options.value(name), SystemClock().now());
    if (!since) return fail(since.error().at("--" + std::string(name)));
    filter.created_since = *since;
  }
  return filter;
}

std::string filter_text(const Options& options, std::string_view since_name) {
  constexpr std::string_view kBefore[] = {"type", "feed", "pulse", "tag", "value"};
  std::vector<std::string_view> names(std::begin(kBefore), std::end(kBefore));
  names.insert(names.end(), {since_name, "age", "min-grade"});
  std::string text;
  for (const std::string_view name : names) {
    for (const std::string& value : options.all(name))
      text += (text.empty() ? "--" : " --") + std::string(name) + " " + value;
  }
  if (options.has("active")) text += text.empty() ? "--active" : " --active";
  if (options.has("with-context")) text += text.empty() ? "--with-context" : " --with-context";
  return text;
}

std::string tally_text(const Tally& tally, std::string_view indent) {
  TextTable table(76);
  for (const Tally::Entry& entry : tally.entries()) {
    std::string example;
    if (!entry.examples.empty()) {
      example = entry.examples[0].where;
      if (!entry.examples[0].value.empty())
        example += (example.empty() ? "'" : ": '") + entry.examples[0].value + "'";
    }
    table.row({std::to_string(entry.count), entry.rule, entry.reason, example});
  }
  return table.text(indent);
}

void write_tally(JsonWriter& json, std::string_view key, const Tally& tally) {
  json.key(key).begin_array();
  for (const Tally::Entry& entry : tally.entries()) {
    json.begin_object()
        .member("count", entry.count)
        .member("rule", entry.rule)
        .member("reason", entry.reason);
    json.key("examples").begin_array();
    for (const Tally::Example& example : entry.examples) {
      json.begin_object()
          .member("where", example.where)
          .member("value", example.value)
          .end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
}

}  // namespace spoor
