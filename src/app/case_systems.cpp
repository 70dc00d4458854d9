#include "app/case_systems.h"

#include <algorithm>
#include <thread>

#include "base/clock.h"
#include "base/json_writer.h"
#include "cases/dry_run.h"
#include "net/transport.h"

namespace spoor {
namespace {

Pace real_pace() {
  static const SystemClock clock;
  Pace pace;
  pace.clock = &clock;
  pace.sleep = [](std::chrono::milliseconds time) {
    // In slices, so that an interrupt ends a long pause.
    constexpr std::chrono::milliseconds kSlice{200};
    while (time.count() > 0 && !interrupted()) {
      std::this_thread::sleep_for(std::min(time, kSlice));
      time -= kSlice;
    }
  };
  pace.cancelled = [] { return interrupted(); };
  return pace;
}

void show_message(const DryRun& dry, std::string_view where, std::string_view message) {
  HttpRequest request;
  request.method = "SEND";
  request.url = where;
  request.body = message;
  dry.show(dry.json ? request_json(request) : request_text(request));
}

std::unique_ptr<Caller> make_caller(const SystemConfig& config, Caller::Options options,
                                    const DryRun* dry) {
  TransportOptions transport;
  transport.user_agent = "spoor/" SPOOR_VERSION;
  transport.proxy = config.proxy;
  transport.ca_file = config.ca_file;
  options.rate = config.rate;
  options.timeout = config.timeout;
  std::shared_ptr<DryRunLog> log;
  if (dry != nullptr) {
    log = std::make_shared<DryRunLog>([show = *dry](const HttpRequest& request) {
      show.show(show.json ? request_json(request) : request_text(request));
    });
  }
  std::vector<std::unique_ptr<Transport>> lanes;
  // One lane keeps what is shown in order.
  const int count = dry != nullptr || config.is_notify ? 1 : config.in_flight;
  for (int lane = 0; lane < count; ++lane) {
    std::unique_ptr<Transport> real;
    if (dry == nullptr || !dry->offline) real = make_curl_transport(transport);
    if (dry != nullptr) {
      lanes.push_back(std::make_unique<DryRunTransport>(
          log, std::move(real), config.thehive.api == "v0" ? "4.1" : "5.7"));
    } else {
      lanes.push_back(std::move(real));
    }
  }
  return std::make_unique<Caller>(std::move(options), std::move(lanes), real_pace());
}

Result<std::unique_ptr<CaseSystem>> make_hive(const SystemConfig& config, const DryRun* dry) {
  Caller::Options options;
  options.base_url = config.url;
  auto key = read_secret(config.key);
  // A dry run that asks nobody needs no key.
  if (!key && (dry == nullptr || !dry->offline)) return fail(key.error().at(config.name));
  options.headers = {{"Authorization", "Bearer " + (key ? *key : std::string("none"))}};
  if (!config.organisation.empty())
    options.headers.emplace_back("X-Organisation", config.organisation);
  return std::unique_ptr<CaseSystem>(
      std::make_unique<TheHive>(config.thehive, make_caller(config, std::move(options), dry)));
}

Result<std::unique_ptr<CaseSystem>> make_notify(const SystemConfig& config, const DryRun* dry) {
  Caller::Options options;
  NotifyOptions notify = config.notify;
  options.base_url = config.url;
  if (!config.url_secret.empty()) {
    auto url = read_secret(config.url_secret);
    if (!url) return fail(url.error().at(config.name));
    options.base_url = std::move(*url);
  }
  if (!config.key.empty()) {
    auto key = read_secret(config.key);
    if (!key) return fail(key.error().at(config.name));
    if (notify.kind == "smtp") {
      notify.mail.password = std::move(*key);
    } else {
      options.headers = {{"Authorization", "Bearer " + *key}};
    }
  }
  notify.mail.url = config.url;
  notify.mail.user = config.user;
  notify.mail.ca_file = config.ca_file;
  notify.mail.timeout = config.timeout;
  ShowMessage show;
  if (dry != nullptr) {
    show = [dry_run = *dry](std::string_view where, std::string_view message) {
      show_message(dry_run, where, message);
    };
  }
  auto caller = make_caller(config, std::move(options), dry);
  auto made = make_notifier(std::move(notify), std::move(caller), real_pace(), std::move(show));
  if (!made) return fail(made.error().at(config.name));
  return std::move(*made);
}

}  // namespace

Result<std::vector<SystemConfig>> chosen_systems(const Invocation& invocation) {
  auto all = system_configs(invocation.config);
  if (!all) return all;
  if (all->empty()) {
    return fail(
        "no system is configured, expected a table [[case_system]] or [[notify]] in the "
        "configuration (--config or SPOOR_CONFIG; see spoor-case(1))");
  }
  const std::vector<std::string> wanted = invocation.options.all("system");
  if (wanted.empty()) return all;
  std::vector<SystemConfig> chosen;
  for (const std::string& name : wanted) {
    const auto found = std::find_if(
        all->begin(), all->end(), [&](const SystemConfig& each) { return each.name == name; });
    if (found == all->end()) {
      std::string known;
      for (const SystemConfig& each : *all) known += (known.empty() ? "" : ", ") + each.name;
      return fail("--system: found '" + name + "', expected one of " + known);
    }
    chosen.push_back(*found);
  }
  return chosen;
}

Result<std::unique_ptr<CaseSystem>> make_system(const SystemConfig& config, const DryRun* dry) {
  return config.is_notify ? make_notify(config, dry) : make_hive(config, dry);
}

}  // namespace spoor
