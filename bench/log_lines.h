// One line of log after another, in the formats of a mixed day: web, DNS, firewall, JSON,
// Sysmon-like, mail and system. A planted value takes the place that such a value has in its
// format. See generate.h for what the lines never hold.

#pragma once

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "generate.h"
#include "random.h"

namespace spoor::bench {

class LineWriter {
 public:
  /// Appends to `out`, which is borrowed.
  LineWriter(std::uint64_t seed, Disguise disguise, std::string& out);

  void benign();
  /// A line of a format that has a place for such a value, with the value in it, as that format
  /// writes it (Sysmon digests in upper case, JSON paths with doubled backslashes, addresses
  /// inside a planted network, names sometimes below a planted domain).
  void planted(const Observable& indicator);

 private:
  using Writer = void (LineWriter::*)();
  void squid();
  void apache();
  void zeek_conn();
  void zeek_dns();
  void zeek_ssl();
  void suricata_http();
  void suricata_file();
  void suricata_alert();
  void suricata_tls();
  void osquery();
  void bind();
  void dnsmasq();
  void netfilter();
  void asa();
  void sysmon_process();
  void sysmon_network();
  void sysmon_file();
  void sysmon_registry();
  void sysmon_pipe();
  void sysmon_raw();
  void mutex_event();
  void postfix_client();
  void postfix_delivery();
  void sshd();
  void auditd();
  void application();
  void connection();
  void bgp();

  bool plants(IndicatorType type) const { return plant_ != nullptr && plant_->type == type; }
  bool plain() const { return disguise_ == Disguise::kNone; }

  // Parts. Each is the planted value where its type fits, else a benign one.
  std::string host();
  std::string client();
  std::string server();
  std::string url();
  std::string path();
  std::string agent();
  std::string email();
  std::string digest(IndicatorType type, std::size_t digits, bool upper);
  std::string windows_path(std::string_view backslash);
  std::string unix_path();
  std::string public_address();

  // Pieces of formats.
  void put(std::string_view text) { *out_ += text; }
  /// Braces, because they evaluate from left to right: the parts draw from random_.
  void put(std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts) *out_ += part;
  }
  void number(std::uint32_t least, std::uint32_t most) {
    *out_ += std::to_string(random_.between(least, most));
  }
  void two(std::uint32_t value);
  void clock();                           ///< 10:00:00
  void epoch();                           ///< 1764000000.123456
  void iso(char between);                 ///< 2026-11-24T10:00:00.123
  void syslog(std::string_view program);  ///< "Nov 24 10:00:00 gw program[812]: "
  void uuid(bool upper);

  Random random_;
  Disguise disguise_;
  std::string* out_;
  std::vector<Writer> writers_;  ///< repeats are weights
  std::vector<std::string> hosts_;
  std::vector<std::uint32_t> servers_;
  std::vector<std::array<std::string, 3>> images_;  ///< MD5, SHA-1, SHA-256 of known programs
  const Observable* plant_ = nullptr;
  std::uint64_t lines_ = 0;
};

}  // namespace spoor::bench
