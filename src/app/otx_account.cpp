#include "app/otx_account.h"

#include <cstdlib>

#include "app/secret.h"
#include "base/ascii.h"
#include "base/utf8.h"
#include "feeds/otx_api.h"
#include "io/source.h"

namespace spoor {
namespace {

constexpr double kDefaultRate = 10;
constexpr std::chrono::seconds kDefaultTimeout{120};

}  // namespace

Result<std::string> otx_key(const Invocation& invocation, std::string_view command) {
  keep_out_of_cores();
  const std::string name(command);
  std::string path = invocation.options.value("key-file");
  const char* variable = std::getenv("OTX_API_KEY");
  if (path.empty() && variable != nullptr && *variable != '\0')
    return std::string(trim(variable));
  if (path.empty() && invocation.config.otx_key_file) path = *invocation.config.otx_key_file;
  if (path.empty())
    return fail(
        name +
        ": found no API key, expected it in OTX_API_KEY or in a file (--key-file); keys: "
        "https://otx.alienvault.com/api");
  auto text = read_whole(path, 4096);
  if (!text) return fail(text.error().at(name));
  const std::string key(trim(*text));
  if (key.empty() || key.find_first_of(" \t\r\n") != std::string::npos)
    return fail(name + ": " + path + ": expected one line with the API key");
  return key;
}

std::string otx_base_url(const Invocation& invocation) {
  // Where --otx is a flag, the address has an option of its own.
  const std::string typed =
      invocation.options.value("otx-url", invocation.options.value("otx"));
  return typed.empty() ? invocation.config.otx_url.value_or(std::string(kOtxHost)) : typed;
}

TransportOptions otx_transport_options(const Config& config) {
  TransportOptions options;
  options.user_agent = "spoor/" SPOOR_VERSION;
  options.proxy = config.proxy.value_or("");
  options.ca_file = config.ca_file.value_or("");
  return options;
}

Result<double> otx_rate(const Invocation& invocation, std::string_view command) {
  if (invocation.options.has("rate")) {
    const auto rate = parse_number(invocation.options.value("rate"), 0, 100'000);
    if (!rate) return fail(rate.error().at(std::string(command) + ": --rate"));
    return static_cast<double>(*rate);
  }
  return invocation.config.otx_rate ? static_cast<double>(*invocation.config.otx_rate)
                                    : kDefaultRate;
}

Result<std::chrono::seconds> otx_timeout(const Invocation& invocation,
                                         std::string_view command) {
  if (invocation.options.has("timeout")) {
    const auto timeout = parse_number(invocation.options.value("timeout"), 1, 3600);
    if (!timeout) return fail(timeout.error().at(std::string(command) + ": --timeout"));
    return std::chrono::seconds(*timeout);
  }
  return invocation.config.otx_timeout ? std::chrono::seconds(*invocation.config.otx_timeout)
                                       : kDefaultTimeout;
}

Result<OtxAccount> OtxAccount::open(const Invocation& invocation, int tries) {
  OtxAccount account;
  account.options_.tries = tries;
  if (invocation.options.has("tries")) {
    const auto most = parse_number(invocation.options.value("tries"), 1, 100);
    if (!most) return fail(most.error().at("otx: --tries"));
    account.options_.tries = static_cast<int>(*most);
  }
  auto key = otx_key(invocation, "otx");
  if (!key) return fail(key.error());
  const auto rate = otx_rate(invocation, "otx");
  if (!rate) return fail(rate.error());
  const auto timeout = otx_timeout(invocation, "otx");
  if (!timeout) return fail(timeout.error());
  account.options_.key = std::move(*key);
  account.options_.base_url = otx_base_url(invocation);
  account.options_.timeout = *timeout;
  if (invocation.options.has("deadline")) {
    const auto deadline = parse_number(invocation.options.value("deadline"), 1, 1'000'000);
    if (!deadline) return fail(deadline.error().at("otx: --deadline"));
    account.options_.deadline = std::chrono::seconds(*deadline);
  }
  account.options_.cancelled = [] { return interrupted(); };
  account.options_.say = [](std::string text) {
    write_error("spoor: otx: " + terminal_safe(text) + "\n");
  };
  account.transport_ = otx_transport_options(invocation.config);
  account.gate_ = std::make_shared<RateGate>(*rate);
  catch_interrupts();
  return account;
}

Result<OtxAccount::Line> OtxAccount::line() const {
  Line line;
  line.transport = make_curl_transport(transport_);
  auto client = OtxClient::create(*line.transport, *clock_, gate_.get(), options_);
  if (!client) return fail(client.error());
  line.client = std::make_unique<OtxClient>(std::move(*client));
  return line;
}

}  // namespace spoor
