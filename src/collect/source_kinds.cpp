// The table of kinds: a new one is its row here, its file and its test. Addresses: the pages of
// abuse.ch's projects (https://urlhaus.abuse.ch/api/, https://threatfox.abuse.ch/api/,
// https://bazaar.abuse.ch/api/, https://feodotracker.abuse.ch/blocklist/).

#include <array>

#include "collect/changes.h"
#include "collect/list_source.h"
#include "collect/source.h"
#include "collect/source_session.h"

namespace spoor {
namespace {

// name, what, address, format, header of the key, how it is sent, needs a key, a collection, is
// a window, walk
constexpr std::array<SourceKind, 9> kKinds = {{
    {"otx", "an account at AlienVault OTX", "https://otx.alienvault.com", "otx",
     "X-OTX-API-KEY", KeyUse::kPlain, true, false, false, nullptr},
    {"url", "a list or document at an address, in any format that import reads", "", "",
     "Authorization", KeyUse::kBearer, false, false, false, walk_url},
    {"misp-feed", "a folder of MISP events with its manifest", "", "misp", "Authorization",
     KeyUse::kBearer, false, false, false, walk_misp_feed},
    {"misp", "the published events of a MISP server", "", "misp", "Authorization",
     KeyUse::kPlain, true, false, false, walk_misp},
    {"taxii", "a collection of a TAXII 2.1 server", "", "stix", "Authorization",
     KeyUse::kBearer, false, true, false, walk_taxii},
    {"urlhaus", "URLhaus of abuse.ch: addresses of malware, the last 30 days",
     "https://urlhaus.abuse.ch/downloads/csv_recent/", "urlhaus", "Auth-Key", KeyUse::kPlain,
     false, false, true, walk_url},
    {"threatfox", "ThreatFox of abuse.ch: indicators of the last days",
     "https://threatfox-api.abuse.ch/api/v1/", "threatfox", "Auth-Key", KeyUse::kPlain, true,
     false, true, walk_threatfox},
    {"malwarebazaar", "MalwareBazaar of abuse.ch: samples of the last hour",
     "https://mb-api.abuse.ch/api/v1/", "malwarebazaar", "Auth-Key", KeyUse::kPlain, true,
     false, true, walk_malwarebazaar},
    {"feodo", "Feodo Tracker of abuse.ch: active command servers",
     "https://feodotracker.abuse.ch/downloads/ipblocklist.json", "feodo", "Auth-Key",
     KeyUse::kPlain, false, false, false, walk_url},
}};

}  // namespace

std::span<const SourceKind> source_kinds() {
  return kKinds;
}

const SourceKind* source_kind(std::string_view name) {
  for (const SourceKind& kind : kKinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

Status check_source(const SourceOptions& options) {
  const SourceKind* kind = source_kind(options.kind);
  if (kind == nullptr) {
    std::string names;
    for (const SourceKind& each : kKinds)
      names += (names.empty() ? "" : ", ") + std::string(each.name);
    return fail("kind '" + options.kind + "', expected one of " + names);
  }
  if (options.name.empty()) return fail("name is missing");
  if (options.url.empty() && kind->url.empty()) return fail("url is missing");
  if (kind->needs_collection && options.collection.empty())
    return fail("collection is missing; `spoor feeds discover URL` lists them");
  if (kind->walk == nullptr) return {};
  const std::string format =
      options.format.empty() ? std::string(kind->format) : options.format;
  if (!format.empty() && options.find_format(format) == nullptr)
    return fail("format '" + format + "' is not known here, see `spoor import --help`");
  if (!options.user.empty() && !options.header.empty())
    return fail("user and header: expected one of them");
  return {};
}

Result<CollectReport> collect_source(
    Store& store, Transport& transport, const Clock& clock, const SourceOptions& options,
    const std::function<void(const CollectProgress&)>& progress) {
  if (const Status good = check_source(options); !good)
    return fail(good.error().at(options.name));
  const SourceKind& kind = *source_kind(options.kind);
  if (kind.walk == nullptr) return fail(options.name + ": is an account at OTX");
  if (kind.needs_key && options.key.empty())
    return fail(options.name + ": found no key, expected key_file or key_env");
  SourceSession session(store, transport, clock, options, kind, progress);
  Status done = session.open();
  if (done) done = kind.walk(session);
  if (!done) {
    std::string message = options.name + ": " + done.error().message;
    return fail(session.client ? session.client->without_secrets(std::move(message)) : message);
  }
  take_tallies(session.report, session.judge, session.counts());
  session.report.requests = session.client->requests();
  session.report.retries = session.client->retries();
  return std::move(session.report);
}

}  // namespace spoor
