// The formats. See log_lines.h.

#include "log_lines.h"

#include "words.h"

namespace spoor::bench {
namespace {

using T = IndicatorType;
constexpr std::string_view kAlnum =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kQueueId = "0123456789ABCDEF";

}  // namespace

void LineWriter::squid() {
  epoch();
  put("    ");
  number(1, 4000);
  put({" ", client(), random_.percent(70) ? " TCP_MISS/200 " : " TCP_TUNNEL/200 "});
  number(200, 90000);
  put({" GET ", url(), random_.percent(80) ? " - HIER_DIRECT/" : " ann HIER_DIRECT/",
       server()});
  put(random_.percent(50) ? " text/html\n" : " application/javascript\n");
}

void LineWriter::apache() {
  put((plants(T::kIpv4) || plants(T::kIpv6) || random_.percent(70)) ? server() : client());
  put(" - - [24/Nov/2026:");
  clock();
  put(random_.percent(80) ? " +0000] \"GET " : " +0000] \"POST ");
  put({path(), " HTTP/1.1\" "});
  put(random_.percent(85) ? "200 " : "404 ");
  number(150, 60000);
  if (random_.percent(30) && plant_ == nullptr) {
    put(" \"-\"");
  } else {
    put({" \"", url(), "\""});
  }
  put({" \"", agent(), "\"\n"});
}

void LineWriter::zeek_conn() {
  put("{\"ts\":");
  epoch();
  put(",\"uid\":\"C");
  random_.append(*out_, kAlnum, 17);
  put({"\",\"id.orig_h\":\"", client(), "\",\"id.orig_p\":"});
  number(1024, 65535);
  put({",\"id.resp_h\":\"", server(), "\",\"id.resp_p\":"});
  put(random_.percent(70) ? "443" : "80");
  put(",\"proto\":\"tcp\",\"service\":\"ssl\",\"duration\":");
  number(0, 99);
  put(".");
  number(10000, 99999);
  put(",\"orig_bytes\":");
  number(100, 9000);
  put(",\"resp_bytes\":");
  number(100, 900000);
  put(",\"conn_state\":\"SF\",\"missed_bytes\":0,\"history\":\"ShADadFf\",\"orig_pkts\":");
  number(4, 900);
  put(",\"orig_ip_bytes\":");
  number(100, 90000);
  put("}\n");
}

void LineWriter::zeek_dns() {
  put("{\"ts\":");
  epoch();
  put(",\"uid\":\"C");
  random_.append(*out_, kAlnum, 17);
  put({"\",\"id.orig_h\":\"", client(), "\",\"id.orig_p\":"});
  number(1024, 65535);
  put(",\"id.resp_h\":\"10.0.0.53\",\"id.resp_p\":53,\"proto\":\"udp\",\"trans_id\":");
  number(1, 65535);
  put({",\"query\":\"", host(),
       "\",\"qclass\":1,\"qtype_name\":\"A\",\"rcode_name\":\"NOERROR\""});
  put({",\"AA\":false,\"answers\":[\"", server(),
       "\"],\"TTLs\":[300.0],\"rejected\":false}\n"});
}

void LineWriter::zeek_ssl() {
  put("{\"ts\":");
  epoch();
  put({",\"id.orig_h\":\"", client(), "\",\"id.resp_h\":\"", server()});
  put("\",\"id.resp_p\":443,\"version\":\"TLSv13\",\"cipher\":\"TLS_AES_256_GCM_SHA384\"");
  put({",\"server_name\":\"", host(), "\",\"ja3\":\"", digest(T::kJa3, 32, false)});
  put("\",\"established\":true}\n");
}

void LineWriter::suricata_http() {
  // Older releases escape every slash.
  std::string referer = url();
  if (!plain() && random_.percent(30)) {
    std::string escaped;
    for (const char c : referer) {
      if (c == '/') escaped += '\\';
      escaped += c;
    }
    referer = escaped;
  }
  put("{\"timestamp\":\"");
  iso('T');
  put("+0000\",\"flow_id\":");
  number(100000000, 999999999);
  put({",\"event_type\":\"http\",\"src_ip\":\"", client(), "\",\"src_port\":"});
  number(1024, 65535);
  put({",\"dest_ip\":\"", server(),
       "\",\"dest_port\":80,\"proto\":\"TCP\",\"http\":{\"hostname\":\""});
  put({host(), "\",\"url\":\"", path(), "\",\"http_user_agent\":\"", agent()});
  put({"\",\"http_refer\":\"", referer,
       "\",\"http_method\":\"GET\",\"status\":200,\"length\":"});
  number(100, 90000);
  put("}}\n");
}

void LineWriter::suricata_file() {
  put("{\"timestamp\":\"");
  iso('T');
  put({"+0000\",\"event_type\":\"fileinfo\",\"src_ip\":\"", server(), "\",\"dest_ip\":\"",
       client()});
  put("\",\"fileinfo\":{\"filename\":\"");
  if (plants(T::kFileName)) {
    put(plant_->value);
  } else {
    put(random_.pick(kPathWords));
  }
  put({"\",\"state\":\"CLOSED\",\"md5\":\"", digest(T::kMd5, 32, false)});
  put({"\",\"sha256\":\"", digest(T::kSha256, 64, false)});
  if (plants(T::kSha1)) put("\",\"sha1\":\"" + plant_->value);
  if (plants(T::kSha384)) put("\",\"sha384\":\"" + plant_->value);
  if (plants(T::kSha512)) put("\",\"sha512\":\"" + plant_->value);
  if (plants(T::kPehash)) put("\",\"pehash\":\"" + plant_->value);
  put("\",\"size\":");
  number(100, 900000);
  put("}}\n");
}

void LineWriter::suricata_alert() {
  put("{\"timestamp\":\"");
  iso('T');
  put({"+0000\",\"event_type\":\"alert\",\"src_ip\":\"", server(), "\",\"dest_ip\":\"",
       client()});
  put("\",\"alert\":{\"gid\":1,\"signature_id\":");
  number(2000000, 2099999);
  put(",\"signature\":\"EXPLOIT attempt (");
  if (plants(T::kCve)) {
    put(plant_->value);
  } else {
    put({"CVE-", std::to_string(random_.between(2009, 2019)), "-"});
    number(1000, 29999);
  }
  put(") inbound\",\"severity\":2}}\n");
}

void LineWriter::suricata_tls() {
  const std::string digits = digest(T::kSslCertFingerprint, 40, false);
  put("{\"timestamp\":\"");
  iso('T');
  put({"+0000\",\"event_type\":\"tls\",\"dest_ip\":\"", server(), "\",\"tls\":{\"sni\":\"",
       host()});
  put("\",\"fingerprint\":\"");
  for (std::size_t at = 0; at < digits.size(); at += 2) {
    if (at > 0) put(":");
    put(std::string_view(digits).substr(at, 2));
  }
  put("\",\"version\":\"TLS 1.3\"}}\n");
}

void LineWriter::osquery() {
  put("{\"name\":\"pack_process_events\",\"hostIdentifier\":\"");
  uuid(false);
  put("\",\"unixTime\":\"");
  put(std::to_string(1763942400 + lines_ / 15 % 86400));
  put({"\",\"columns\":{\"path\":\"", unix_path(), "\",\"sha1\":\"",
       digest(T::kSha1, 40, false)});
  put({"\",\"md5\":\"", digest(T::kMd5, 32, false), "\",\"sha256\":\""});
  put({digest(T::kSha256, 64, false), "\"},\"action\":\"added\"}\n"});
}

void LineWriter::bind() {
  const std::string name = host();
  put("24-Nov-2026 ");
  clock();
  put(".");
  number(100, 999);
  put(" queries: info: client @0x7f2a");
  random_.append_hex(*out_, 8);
  put({" ", client(), "#"});
  number(1024, 65535);
  put({" (", name, "): query: ", name, " IN A +E(0)K (10.0.0.53)\n"});
}

void LineWriter::dnsmasq() {
  syslog("dnsmasq");
  if (plants(T::kIpv4) || plants(T::kIpv6) || (plant_ == nullptr && random_.percent(40))) {
    put({"reply ", host(), " is ", server(), "\n"});
  } else {
    put({"query[A] ", host(), " from ", client(), "\n"});
  }
}

void LineWriter::netfilter() {
  syslog("kernel");
  put("[");
  number(100000, 999999);
  put(".");
  number(100000, 999999);
  put({"] DROP IN=eth0 OUT= MAC=52:54:00:12:34:56:52:54:00:ab:cd:ef:08:00 SRC=", server()});
  put({" DST=", client(), " LEN=60 TOS=0x00 PREC=0x00 TTL="});
  number(30, 128);
  put(" ID=");
  number(1, 65535);
  put(" DF PROTO=TCP SPT=");
  number(1024, 65535);
  put(" DPT=");
  number(20, 9000);
  put(" WINDOW=64240 RES=0x00 SYN URGP=0\n");
}

void LineWriter::asa() {
  const std::string outside = server(), inside = client();
  syslog("asa");
  put(plain() ? "ASA-6-302013: " : "%ASA-6-302013: ");
  put("Built outbound TCP connection ");
  number(100000, 9999999);
  put({" for outside:", outside, "/443 (", outside, "/443) to inside:", inside, "/"});
  const std::string port = std::to_string(random_.between(1024, 65535));
  put({port, " (", inside, "/", port, ")\n"});
}

void LineWriter::sysmon_process() {
  put("{\"EventID\":1,\"UtcTime\":\"");
  iso(' ');
  put("\",\"ProcessGuid\":\"{");
  uuid(true);
  put("}\",\"ProcessId\":");
  number(300, 30000);
  const std::string image = windows_path("\\\\");
  put({",\"Image\":\"", image, "\",\"CommandLine\":\"", image, " --type=utility /n\""});
  put(",\"CurrentDirectory\":\"C:\\\\Users\\\\");
  put(random_.pick(kUsers));
  put("\\\\\",\"User\":\"CORP\\\\");
  put(random_.pick(kUsers));
  put({"\",\"Hashes\":\"SHA1=", digest(T::kSha1, 40, true),
       ",MD5=", digest(T::kMd5, 32, true)});
  put({",SHA256=", digest(T::kSha256, 64, true), ",IMPHASH=", digest(T::kImphash, 32, true)});
  put("\",\"ParentImage\":\"C:\\\\Windows\\\\explorer.exe\"}\n");
}

void LineWriter::sysmon_network() {
  put("{\"EventID\":3,\"UtcTime\":\"");
  iso(' ');
  put({"\",\"Image\":\"", windows_path("\\\\"), "\",\"Protocol\":\"tcp\",\"SourceIp\":\"",
       client()});
  put("\",\"SourcePort\":");
  number(1024, 65535);
  put({",\"DestinationIp\":\"", server(), "\",\"DestinationHostname\":\"", host()});
  put("\",\"DestinationPort\":443}\n");
}

void LineWriter::sysmon_file() {
  put("{\"EventID\":11,\"UtcTime\":\"");
  iso(' ');
  put({"\",\"Image\":\"C:\\\\Windows\\\\explorer.exe\",\"TargetFilename\":\"",
       windows_path("\\\\")});
  put("\",\"CreationUtcTime\":\"");
  iso(' ');
  put("\"}\n");
}

void LineWriter::sysmon_registry() {
  std::string key;
  if (plants(T::kRegistryKey)) {
    for (const char c : plant_->value) key += c == '\\' ? "\\\\" : std::string(1, c);
  } else {
    key = "HKLM\\\\System\\\\CurrentControlSet\\\\Services\\\\Tcpip\\\\Parameters\\\\";
    key += random_.pick(kWords);
  }
  put("{\"EventID\":13,\"UtcTime\":\"");
  iso(' ');
  put({"\",\"EventType\":\"SetValue\",\"TargetObject\":\"", key,
       "\",\"Details\":\"DWORD (0x00000001)\"}\n"});
}

void LineWriter::sysmon_pipe() {
  put("{\"EventID\":17,\"UtcTime\":\"");
  iso(' ');
  put("\",\"PipeName\":\"\\\\\\\\.\\\\pipe\\\\");
  if (plants(T::kNamedPipe)) {
    put(plant_->value);
  } else {
    put("chromium.");
    number(1000, 9999);
    put(".");
    number(100000, 999999999);
  }
  put({"\",\"Image\":\"", windows_path("\\\\"), "\"}\n"});
}

void LineWriter::sysmon_raw() {
  syslog("winlog");
  put({"EventID=1 Image=", windows_path("\\"), " Hashes=MD5=", digest(T::kMd5, 32, true)});
  put({",SHA256=", digest(T::kSha256, 64, true), " User=CORP\\"});
  put(random_.pick(kUsers));
  put(" IntegrityLevel=Medium\n");
}

void LineWriter::mutex_event() {
  put("{\"EventID\":4656,\"ObjectType\":\"Mutant\",\"ObjectName\":"
      "\"\\\\Sessions\\\\1\\\\BaseNamedObjects\\\\");
  if (plants(T::kMutex)) {
    put(plant_->value);
  } else {
    put("SM0:");
    number(1000, 9999);
    put(":304:WilStaging_02");
  }
  put({"\",\"ProcessName\":\"", windows_path("\\\\"), "\"}\n"});
}

void LineWriter::postfix_client() {
  syslog("postfix/smtpd");
  random_.append(*out_, kQueueId, 10);
  put({": client=", host(), "[", server(), "]\n"});
}

void LineWriter::postfix_delivery() {
  syslog("postfix/smtp");
  random_.append(*out_, kQueueId, 10);
  put({": to=<", email(), ">, relay=", host(), "[", server(), "]:25, delay=0."});
  number(10, 99);
  put(", dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as ");
  random_.append(*out_, kQueueId, 10);
  put(")\n");
}

void LineWriter::sshd() {
  syslog("sshd");
  put({"Failed password for root from ", server(), " port "});
  number(1024, 65535);
  put(" ssh2\n");
}

void LineWriter::auditd() {
  put("type=SYSCALL msg=audit(");
  epoch();
  put(":");
  number(1000, 99999);
  put("): arch=c000003e syscall=59 success=yes exit=0 ppid=");
  number(300, 30000);
  put({" uid=1000 comm=\"sh\" exe=\"", unix_path(), "\" key=\"exec\"\n"});
}

void LineWriter::application() {
  syslog("app");
  put("request_id=");
  uuid(false);
  put(" version=4.12.");
  number(0, 40);
  if (plants(T::kBitcoinAddress)) {
    put({" wallet=", plant_->value});
  } else if (plants(T::kMutex)) {
    put({" mutex=", plant_->value});
  }
  put(" took ");
  number(1, 900);
  put(" ms, cache.hit=true worker.py:");
  number(10, 900);
  put("\n");
}

void LineWriter::connection() {
  syslog("relay");
  put("connect to ");
  if (plants(T::kIpv4Port) || plants(T::kIpv6Port)) {
    put(plant_->value);
  } else {
    put({server(), ":"});
    number(1024, 65535);
  }
  put(" timed out after 30 s\n");
}

void LineWriter::bgp() {
  syslog("bgpd");
  put("neighbor 10.0.0.1 update ");
  if (plants(T::kCidr)) {
    put(plant_->value);
  } else {
    put(public_address());
  }
  put(" origin ");
  if (plants(T::kAsn)) {
    put(plant_->value);
  } else {
    put("AS");
    number(1000, 64000);
  }
  put(" best\n");
}

void LineWriter::benign() {
  plant_ = nullptr;
  (this->*writers_[random_.below(static_cast<std::uint32_t>(writers_.size()))])();
  ++lines_;
}

void LineWriter::planted(const Observable& indicator) {
  using L = LineWriter;
  plant_ = &indicator;
  const auto one_of = [&](std::initializer_list<Writer> choices) {
    return choices.begin()[random_.below(static_cast<std::uint32_t>(choices.size()))];
  };
  const bool windows = indicator.value.find('\\') != std::string::npos;
  Writer writer = &L::squid;
  switch (indicator.type) {
    case T::kDomain:
    case T::kHostname:
      writer = one_of({&L::squid, &L::zeek_dns, &L::zeek_ssl, &L::bind, &L::dnsmasq,
                       &L::suricata_tls, &L::postfix_client});
      break;
    case T::kIpv4:
      writer = one_of({&L::squid, &L::apache, &L::zeek_conn, &L::netfilter, &L::asa, &L::sshd,
                       &L::suricata_http, &L::dnsmasq});
      break;
    case T::kCidr:
      writer = one_of({&L::zeek_conn, &L::netfilter, &L::sshd, &L::bgp});
      break;
    case T::kIpv6:
      writer = one_of({&L::zeek_conn, &L::zeek_dns, &L::apache, &L::netfilter});
      break;
    case T::kUrl:
      writer = one_of({&L::squid, &L::apache, &L::suricata_http});
      break;
    case T::kUri:
    case T::kUserAgent:
      writer = &L::apache;
      break;
    case T::kMd5:
    case T::kSha256:
      writer =
          plain()
              ? one_of({&L::suricata_file, &L::osquery})
              : one_of({&L::suricata_file, &L::osquery, &L::sysmon_process, &L::sysmon_raw});
      break;
    case T::kSha1:
      writer = plain() ? one_of({&L::suricata_file, &L::osquery})
                       : one_of({&L::osquery, &L::sysmon_process});
      break;
    case T::kPehash:
    case T::kSha384:
    case T::kSha512:
      writer = &L::suricata_file;
      break;
    case T::kImphash:
      writer = &L::sysmon_process;
      break;
    case T::kJa3:
      writer = &L::zeek_ssl;
      break;
    case T::kSslCertFingerprint:
      writer = &L::suricata_tls;
      break;
    case T::kEmail:
      writer = &L::postfix_delivery;
      break;
    case T::kFilePath:
      writer = !windows ? one_of({&L::auditd, &L::osquery})
                        : one_of({&L::sysmon_process, &L::sysmon_file, &L::sysmon_raw});
      break;
    case T::kFileName:
      writer = plain() ? &L::suricata_file : one_of({&L::suricata_file, &L::sysmon_file});
      break;
    case T::kRegistryKey:
      writer = &L::sysmon_registry;
      break;
    case T::kMutex:
      writer = plain() ? &L::application : &L::mutex_event;
      break;
    case T::kNamedPipe:
      writer = &L::sysmon_pipe;
      break;
    case T::kCve:
      writer = &L::suricata_alert;
      break;
    case T::kAsn:
      writer = &L::bgp;
      break;
    case T::kBitcoinAddress:
      writer = &L::application;
      break;
    case T::kIpv4Port:
    case T::kIpv6Port:
      writer = &L::connection;
      break;
    case T::kYara:
    case T::kOsquery:
      break;  // the sequence has none
  }
  (this->*writer)();
  plant_ = nullptr;
  ++lines_;
}

}  // namespace spoor::bench
