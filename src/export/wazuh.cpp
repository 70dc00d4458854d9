// Wazuh's CDB lists: `key:value` a line, both in double quotes where they hold a ':'. A quote,
// a backslash or a line end has no form there, so such values are left out. Networks are keys
// only on octet borders, as a prefix that ends with a dot. The value is the type and whoever
// says so. A key stands once: of a name that is claimed as domain and as hostname, and of
// digests of two kinds, the first is written. Memory: 8 bytes a key. Source: Wazuh's
// documentation, "Using CDB lists". Tested by formats_test.cpp.

#include <unordered_set>

#include "base/hash.h"
#include "export/format.h"
#include "export/names.h"
#include "ioc/ip.h"

namespace spoor {
namespace {

constexpr std::size_t kMostValue = 200;

std::string quoted(const std::string& text) {
  return text.find(':') == std::string::npos ? text : "\"" + text + "\"";
}

/// "203.0.113." of 203.0.113.0/24; "" off octet borders and for IPv6.
std::string network_key(const std::string& canonical) {
  const auto network = parse_network(canonical, nullptr);
  if (!network || network->is_v6 || network->prefix % 8 != 0 || network->prefix == 0) return {};
  if (network->prefix == 32) return canonical.substr(0, canonical.find('/'));
  std::string key;
  for (int i = 0; i < network->prefix / 8; ++i)
    key += std::to_string(network->base[static_cast<std::size_t>(i)]) + ".";
  return key;
}

class WazuhExporter final : public Exporter {
 public:
  Status begin(const ExportHead&, ExportTarget& target) override {
    target_ = &target;
    return {};
  }
  Result<std::string> add(const ExportItem& item) override {
    const Observable& observable = item.observable;
    if (row_of(observable.type).matching == Matching::kRule)
      return "a rule is no key: " + std::string(name_of(observable.type));
    std::string key = observable.value;
    if (observable.type == IndicatorType::kCidr) {
      key = network_key(key);
      if (key.empty()) return std::string("networks off octet borders have no key");
    }
    for (const char c : key) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '"' || c == '\\')
        return std::string("a CDB list cannot hold the value");
    }
    if (key.front() == ' ' || key.back() == ' ' || key.front() == '#')
      return std::string("a CDB list cannot hold the value");
    if (!written_.insert(xxh3_64(key)).second)
      return std::string("the same key as another type's");
    std::string value(name_of(observable.type));
    value += " " + plain_words(joined(item.feeds), kMostValue);
    if (auto status = target_->write("", quoted(key) + ":" + quoted(value) + "\n"); !status)
      return fail(status.error());
    return std::string();
  }
  Status end() override { return {}; }

 private:
  ExportTarget* target_ = nullptr;
  std::unordered_set<std::uint64_t> written_;
};

}  // namespace

std::unique_ptr<Exporter> make_wazuh_exporter() {
  return std::make_unique<WazuhExporter>();
}

}  // namespace spoor
