// The parts of which log lines are made. See log_lines.h.

#include <algorithm>

#include "base/ascii.h"
#include "ioc/ip.h"
#include "log_lines.h"
#include "words.h"

namespace spoor::bench {
namespace {

using T = IndicatorType;
constexpr std::string_view kAlnum = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::uint32_t kHostBits = 13, kServerBits = 15, kImageBits = 11;

std::string upper_case(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string replace_all(std::string_view text, char what, std::string_view with) {
  std::string out;
  for (const char c : text) {
    if (c == what) {
      out += with;
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

LineWriter::LineWriter(std::uint64_t seed, Disguise disguise, std::string& out)
    : random_(seed), disguise_(disguise), out_(&out) {
  const auto add = [&](int weight, Writer writer) {
    writers_.insert(writers_.end(), static_cast<std::size_t>(weight), writer);
  };
  using L = LineWriter;
  add(20, &L::squid);
  add(17, &L::apache);
  add(10, &L::zeek_conn);
  add(8, &L::zeek_dns);
  add(3, &L::zeek_ssl);
  add(4, &L::suricata_http);
  add(2, &L::suricata_file);
  add(1, &L::suricata_alert);
  add(1, &L::suricata_tls);
  add(2, &L::osquery);
  add(5, &L::bind);
  add(4, &L::dnsmasq);
  add(8, &L::netfilter);
  add(5, &L::asa);
  add(4, &L::postfix_client);
  add(3, &L::postfix_delivery);
  add(3, &L::sshd);
  add(2, &L::auditd);
  add(3, &L::application);
  add(1, &L::connection);
  add(1, &L::bgp);
  if (disguise == Disguise::kMixed) {
    add(4, &L::sysmon_process);
    add(2, &L::sysmon_network);
    add(2, &L::sysmon_file);
    add(2, &L::sysmon_registry);
    add(1, &L::sysmon_pipe);
    add(2, &L::sysmon_raw);
    add(1, &L::mutex_event);
  }
  for (std::size_t n = 0; n < (1U << kHostBits); ++n) {
    std::string name;
    if (random_.percent(80)) name += std::string(random_.pick(kHostLabels)) + '.';
    if (random_.percent(15)) {
      name += random_.pick(kHostLabels);
      name += std::to_string(random_.below(100)) + '.';
    }
    name += random_.pick(kBenignStems);
    if (random_.percent(50)) {  // no indicator has such a tail
      name += "-z" + std::to_string(random_.below(400)) + "z";
    }
    hosts_.push_back(name + '.' + std::string(random_.pick(kSuffixes)));
  }
  while (servers_.size() < (1U << kServerBits)) {
    const auto address = static_cast<std::uint32_t>(random_.next() >> 32);
    if (is_benign_address(address)) servers_.push_back(address);
  }
  for (std::size_t n = 0; n < (1U << kImageBits); ++n) {
    std::array<std::string, 3> image;
    random_.append_hex(image[0], 32);
    random_.append_hex(image[1], 40);
    random_.append_hex(image[2], 64);
    images_.push_back(std::move(image));
  }
}

std::string LineWriter::public_address() {
  if (random_.percent(85)) return format_ipv4(servers_[random_.zipf(kServerBits)]);
  for (;;) {
    const auto address = static_cast<std::uint32_t>(random_.next() >> 32);
    if (is_benign_address(address)) return format_ipv4(address);
  }
}

std::string LineWriter::host() {
  if (plants(T::kHostname)) return plant_->value;
  if (plants(T::kDomain)) {
    if (!random_.percent(40)) return plant_->value;
    return std::string(random_.pick(kHostLabels)) + '.' + plant_->value;
  }
  return hosts_[random_.zipf(kHostBits)];
}

std::string LineWriter::client() {
  if (random_.percent(90)) {
    return format_ipv4((10U << 24) | random_.below(1 << 18) | 1);
  }
  return format_ipv4((192U << 24) | (168U << 16) | random_.below(1 << 11) | 1);
}

std::string LineWriter::server() {
  if (plants(T::kIpv4) || plants(T::kIpv6)) return plant_->value;
  if (plants(T::kCidr)) {
    const std::size_t slash = plant_->value.find('/');
    const auto base = parse_ipv4(std::string_view(plant_->value).substr(0, slash));
    return format_ipv4(base.value_or(0) + 1 + random_.below(2));  // prefixes are 30 at most
  }
  return public_address();
}

std::string LineWriter::path() {
  if (plants(T::kUri)) return plant_->value;
  std::string out;
  for (std::uint32_t depth = random_.between(1, 4); depth > 0; --depth) {
    out += '/';
    if (random_.percent(60)) {
      out += random_.pick(kPathWords);
    } else {
      random_.append(out, kAlnum, random_.between(3, 16));
    }
  }
  if (!plain() && random_.percent(5)) out += "%20%28copy%29.pdf";
  if (random_.percent(35)) {
    out += "?q=";
    random_.append(out, kAlnum, random_.between(4, 24));
    if (random_.percent(50)) out += "&v=" + std::to_string(random_.below(1000000));
    if (!plain() && random_.percent(6))
      out += "&next=https%3A%2F%2F" + hosts_[random_.zipf(kHostBits)] + "%2F";
  }
  return out;
}

std::string LineWriter::url() {
  if (plants(T::kUrl)) return plant_->value;
  std::string out = random_.percent(70) ? "https://" : "http://";
  out += host();
  return out + path();
}

std::string LineWriter::agent() {
  if (plants(T::kUserAgent)) return plant_->value;
  return std::string(random_.pick(kAgents));
}

std::string LineWriter::email() {
  if (plants(T::kEmail)) return plant_->value;
  std::string out(random_.pick(kUsers));
  if (random_.percent(40)) out += '.' + std::string(random_.pick(kWords));
  return out + '@' + host();
}

std::string LineWriter::digest(T type, std::size_t digits, bool upper) {
  std::string out;
  if (plants(type)) {
    out = plant_->value;
  } else if (random_.percent(90) && (digits == 32 || digits == 40 || digits == 64)) {
    const auto& image = images_[random_.zipf(kImageBits)];
    out = image[digits == 32 ? 0 : digits == 40 ? 1 : 2];
  } else {
    random_.append_hex(out, digits);
  }
  return upper ? upper_case(std::move(out)) : out;
}

std::string LineWriter::windows_path(std::string_view backslash) {
  std::string out;
  if (plants(T::kFilePath)) {
    out = plant_->value;
    out[0] = 'C';  // Windows writes its drives in upper case
  } else {
    out = "C:\\";
    out += random_.pick(kWindowsFolders);
    out += '\\';
    if (plants(T::kFileName)) {
      out += plant_->value;
    } else {
      out += random_.pick(kPrograms);
    }
  }
  return replace_all(out, '\\', backslash);
}

std::string LineWriter::unix_path() {
  if (plants(T::kFilePath)) return plant_->value;
  std::string out(random_.pick(kUnixFolders));
  out += '/';
  if (plants(T::kFileName)) return out + plant_->value;
  out += random_.pick(kUnixPrograms);
  return out;
}

void LineWriter::two(std::uint32_t value) {
  *out_ += static_cast<char>('0' + value / 10 % 10);
  *out_ += static_cast<char>('0' + value % 10);
}

void LineWriter::clock() {
  const auto second = static_cast<std::uint32_t>(lines_ / 15 % 86400);
  two(second / 3600);
  *out_ += ':';
  two(second / 60 % 60);
  *out_ += ':';
  two(second % 60);
}

void LineWriter::epoch() {
  put(std::to_string(1763942400 + lines_ / 15 % 86400));
  put(".");
  number(100000, 999999);
}

void LineWriter::iso(char between) {
  put("2026-11-24");
  *out_ += between;
  clock();
  put(".");
  number(100, 999);
}

void LineWriter::syslog(std::string_view program) {
  put("Nov 24 ");
  clock();
  put(random_.percent(50) ? " gw " : " srv-ber-04 ");
  put(program);
  if (program == "kernel") {
    put(": ");
    return;
  }
  put("[");
  number(300, 65000);
  put("]: ");
}

void LineWriter::uuid(bool upper) {
  std::string digits;
  random_.append_hex(digits, 32);
  if (upper) digits = upper_case(std::move(digits));
  const std::string_view all = digits;
  for (const auto& [at, size] : {std::pair{0, 8}, {8, 4}, {12, 4}, {16, 4}, {20, 12}}) {
    if (at > 0) put("-");
    put(all.substr(static_cast<std::size_t>(at), static_cast<std::size_t>(size)));
  }
}

}  // namespace spoor::bench
