// What each format reads out of a line: a table of named cases. Then which format a file is,
// and that no cut of any line is read past its end.

#include <gtest/gtest.h>

#include "logs/format.h"
#include "logs/format_track.h"
#include "logs/joined_text.h"

namespace spoor {
namespace {

const Time kModified = parse_iso8601("2026-11-24T12:00:00Z")->time;

/// What a record says, in one line: format/inner, time (~ inferred year, ? inferred zone), and
/// what else is known.
std::string told(const Record& record) {
  std::string text(record.format->name);
  if (!record.inner.empty()) text += "/" + std::string(record.inner);
  if (record.time) {
    text += " " + format_iso8601(record.time->event.time);
    if (record.time->year_inferred) text += "~";
    if (record.time->zone_inferred) text += "?";
  }
  const auto known = [&](const char* name, Slot slot) {
    if (record.has(slot))
      text += " " + std::string(name) + "=" + std::string(record.value(slot));
  };
  known("host", Slot::kHost);
  known("user", Slot::kUser);
  known("process", Slot::kProcess);
  known("from", Slot::kSourceAddress);
  known("sport", Slot::kSourcePort);
  known("to", Slot::kDestinationAddress);
  known("dport", Slot::kDestinationPort);
  known("direction", Slot::kDirection);
  known("status", Slot::kStatus);
  if (record.outcome != Outcome::kNone) text += " " + std::string(name_of(record.outcome));
  return text;
}

struct LineCase {
  const char* name;
  std::string text;  ///< the last line is read, those before it are headers
  const char* expected;
};

const LineCase kLines[] = {
    {"access_common",
     R"(192.0.2.5 - alice [24/Nov/2026:10:54:14 +0100] "GET /a HTTP/1.1" 200 12)",
     "access-common 2026-11-24T09:54:14Z user=alice from=192.0.2.5 status=200"},
    {"access_combined",
     R"(192.0.2.5 - - [24/Nov/2026:10:54:14 +0000] "GET /a\"b HTTP/1.1" 403 12 "-" "curl/8.0")",
     "access-combined 2026-11-24T10:54:14Z from=192.0.2.5 status=403"},
    {"access_vhost",
     R"(www.site.example:443 192.0.2.5 - - [24/Nov/2026:10:54:14 +0000] "GET /a HTTP/1.1" 200 1 "-" "x")",
     "access-vhost 2026-11-24T10:54:14Z host=www.site.example from=192.0.2.5 status=200"},
    {"access_vhost_with_port_alone",
     R"(localhost:8443 192.0.2.5 req7 bob [24/Nov/2026:10:54:14 +0000] "GET /a HTTP/1.1" 200 1 "-" "x")",
     "access-vhost 2026-11-24T10:54:14Z host=localhost user=bob from=192.0.2.5 status=200"},
    {"no_host_in_a_thread_number", "Nov 24 10:54:14.999  000000000264F I shmem 262144",
     "text 2026-11-24T10:54:14.999000Z~?"},
    {"csv_cell_over_lines",
     "time,src_ip,note\n2026-11-24T10:54:14Z,192.0.2.5,\"begins\"\" here",
     "csv 2026-11-24T10:54:14Z from=192.0.2.5"},
    {"zeek_json_certificate",
     R"({"ts":1764000000.5,"id":"F1","certificate.version":3,"certificate.serial":"0E"})",
     "zeek-json 2025-11-24T16:00:00.500000Z"},
    {"apache_error",
     "[Tue Nov 24 10:54:14.528126 2026] [proxy:error] [pid 11:tid 12] [client 192.0.2.5:37752] "
     "AH01071: failed",
     "apache-error 2026-11-24T10:54:14.528126Z? from=192.0.2.5 sport=37752"},
    {"nginx_error",
     "2026/11/24 10:54:14 [error] 298#298: *1 open() failed, client: 192.0.2.5, server: "
     "site.example, request: \"GET /x HTTP/1.1\", host: \"site.example\"",
     "nginx-error 2026-11-24T10:54:14Z? host=site.example from=192.0.2.5"},
    {"iis",
     "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip "
     "cs(User-Agent) sc-status\n"
     "2026-11-24 10:54:14 10.0.0.1 GET /a.aspx id=1 443 CORP\\bob 192.0.2.5 Mozilla/5.0+(x) "
     "404",
     "w3c 2026-11-24T10:54:14Z? user=CORP\\bob from=192.0.2.5 to=10.0.0.1 dport=443 "
     "status=404"},
    {"iis_with_the_day_in_the_header",
     "#Date: 2026-11-24 00:00:00\n#Fields: time c-ip sc-status\n10:54:14 192.0.2.5 200",
     "w3c 2026-11-24T10:54:14Z~? from=192.0.2.5 status=200"},
    {"iis_columns_change_inside_a_file",
     "#Fields: date time c-ip\n#Fields: date time sc-status c-ip\n"
     "2026-11-24 10:54:14 500 192.0.2.5",
     "w3c 2026-11-24T10:54:14Z? from=192.0.2.5 status=500"},
    {"windows_firewall",
     "#Fields: date time action protocol src-ip dst-ip src-port dst-port\n"
     "2026-11-24 10:54:14 DROP TCP 192.0.2.5 10.0.0.1 51234 445",
     "w3c 2026-11-24T10:54:14Z? from=192.0.2.5 sport=51234 to=10.0.0.1 dport=445 blocked"},
    {"squid",
     "1764000000.123    200 10.0.0.5 TCP_MISS/200 1234 GET http://evil.example/ alice "
     "HIER_DIRECT/203.0.113.7 text/html",
     "squid 2025-11-24T16:00:00.123000Z user=alice from=10.0.0.5 to=203.0.113.7 status=200"},
    {"squid_denied",
     "1764000000.123 0 10.0.0.5 TCP_DENIED/403 0 CONNECT evil.example:443 - NONE/- -",
     "squid 2025-11-24T16:00:00.123000Z from=10.0.0.5 status=403 blocked"},
    {"haproxy_http",
     "192.0.2.5:14853 [24/Nov/2026:10:54:14.127] https~ web/node 1/0/0/3/17 200 739 - - ---- "
     "1/1/1/1/0 0/0 {site.example|agent} \"GET /a HTTP/1.1\"",
     "haproxy 2026-11-24T10:54:14.127000Z? from=192.0.2.5 sport=14853 status=200"},
    {"haproxy_tcp",
     "192.0.2.5:14853 [24/Nov/2026:10:54:14.127] smtp mail/node 1/0/17 739 -- 1/1/1/1/0 0/0",
     "haproxy 2026-11-24T10:54:14.127000Z? from=192.0.2.5 sport=14853"},
    {"elb",
     "https 2026-11-24T10:54:14.186641Z app/name/1 192.0.2.5:44740 10.0.0.1:80 0.0 0.1 0.0 200 "
     "200 34 366 \"GET https://site.example:443/ HTTP/1.1\" \"curl/8\" - -",
     "aws-elb 2026-11-24T10:54:14.186641Z host=app/name/1 from=192.0.2.5 sport=44740 "
     "to=10.0.0.1 dport=80 status=200"},
    {"syslog_sshd",
     "Nov 24 10:54:14 web1 sshd[12]: Failed password for invalid user bob from 192.0.2.5 port "
     "51234 ssh2",
     "syslog/sshd 2026-11-24T10:54:14Z~? host=web1 user=bob process=sshd from=192.0.2.5 "
     "sport=51234 failed"},
    {"syslog_5424",
     "<38>1 2026-11-24T10:54:14.003Z web1 sshd 77 - [meta id=\"a]b\"] Accepted publickey for "
     "bob "
     "from 192.0.2.5 port 1 ssh2",
     "syslog-5424/sshd 2026-11-24T10:54:14.003000Z host=web1 user=bob process=sshd "
     "from=192.0.2.5 sport=1 allowed"},
    {"syslog_with_iso_time", "2026-11-24T10:54:14+02:00 leto kernel: [1.5] text",
     "syslog 2026-11-24T08:54:14Z host=leto process=kernel"},
    {"syslog_without_host", "2026-11-24T10:54:14-07:00 INFO scheduler[13714]: text",
     "syslog 2026-11-24T17:54:14Z process=scheduler"},
    {"postfix",
     "Nov 24 10:54:14 mx postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[192.0.2.5]: 554 "
     "blocked; from=<a@evil.example> to=<b@site.example> helo=<x>",
     "syslog/postfix 2026-11-24T10:54:14Z~? host=mx process=postfix/smtpd from=192.0.2.5 "
     "blocked"},
    {"postfix_sent",
     "Nov 24 10:54:14 mx postfix/smtp[1]: ABC: to=<b@evil.example>, relay=mail.evil.example"
     "[203.0.113.7]:25, delay=1, status=sent (250 ok)",
     "syslog/postfix 2026-11-24T10:54:14Z~? host=mx process=postfix/smtp to=203.0.113.7 "
     "dport=25 "
     "status=sent allowed"},
    {"auditd",
     "node=web1 type=USER_LOGIN msg=audit(1764000000.123:456): pid=1 uid=0 msg='op=login "
     "acct=\"bob\" exe=\"/usr/sbin/sshd\" addr=192.0.2.5 res=failed'",
     "auditd 2025-11-24T16:00:00.123000Z host=web1 user=bob process=/usr/sbin/sshd "
     "from=192.0.2.5 failed"},
    {"zeek_conn",
     "#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\n"
     "1764000000.123456\tCx\t10.0.0.5\t51234\t192.0.2.5\t8443\ttcp",
     "zeek-tsv 2025-11-24T16:00:00.123456Z from=10.0.0.5 sport=51234 to=192.0.2.5 dport=8443"},
    {"zeek_json",
     R"({"ts":1764000000.5,"uid":"Cx","id.orig_h":"10.0.0.5","id.orig_p":1,"id.resp_h":"192.0.2.5","id.resp_p":53,"query":"evil.example","rcode_name":"NOERROR"})",
     "zeek-json 2025-11-24T16:00:00.500000Z from=10.0.0.5 sport=1 to=192.0.2.5 dport=53 "
     "status=NOERROR answered"},
    {"suricata",
     R"({"timestamp":"2026-11-24T10:54:14.407881+0000","flow_id":1,"event_type":"alert","src_ip":"192.0.2.5","src_port":1,"dest_ip":"10.0.0.1","dest_port":80,"alert":{"action":"blocked"}})",
     "suricata-eve 2026-11-24T10:54:14.407881Z from=192.0.2.5 sport=1 to=10.0.0.1 dport=80 "
     "blocked"},
    {"ecs_nested",
     R"({"@timestamp":"2026-11-24T10:54:14Z","host":{"name":"web1"},"user":{"name":"bob"},"source":{"ip":"192.0.2.5","port":5},"destination":{"ip":"10.0.0.1","port":22},"event":{"outcome":"failure"}})",
     "json 2026-11-24T10:54:14Z host=web1 user=bob from=192.0.2.5 sport=5 to=10.0.0.1 dport=22 "
     "failed"},
    {"ecs_dotted",
     R"({"@timestamp":"2026-11-24T10:54:14Z","host.name":"web1","source.ip":"192.0.2.5","process.executable":"/bin/sh"})",
     "json 2026-11-24T10:54:14Z host=web1 process=/bin/sh from=192.0.2.5"},
    {"winlogbeat_sysmon",
     R"({"@timestamp":"2026-11-24T10:54:15Z","winlog":{"computer_name":"PC1","event_data":{"UtcTime":"2026-11-24 10:54:14.100","Image":"C:\\Windows\\x.exe","SourceIp":"10.0.0.5","SourcePort":"50000","DestinationIp":"192.0.2.5","DestinationPort":"443","User":"CORP\\bob"}}})",
     "json 2026-11-24T10:54:15Z host=PC1 user=CORP\\bob process=C:\\Windows\\x.exe "
     "from=10.0.0.5 sport=50000 to=192.0.2.5 dport=443"},
    {"cloudtrail",
     R"({"eventVersion":"1.08","userIdentity":{"type":"IAMUser","userName":"bob"},"eventTime":"2026-11-24T10:54:14Z","sourceIPAddress":"192.0.2.5","errorCode":"AccessDenied"})",
     "json 2026-11-24T10:54:14Z user=bob from=192.0.2.5 status=AccessDenied"},
    {"okta",
     R"({"published":"2026-11-24T10:54:14.123Z","actor":{"alternateId":"bob@site.example"},"client":{"ipAddress":"192.0.2.5"},"outcome":{"result":"FAILURE"}})",
     "json 2026-11-24T10:54:14.123000Z user=bob@site.example from=192.0.2.5 failed"},
    {"docker",
     R"({"log":"192.0.2.5 - - [24/Nov/2026:10:54:14 +0000] \"GET / HTTP/1.1\" 200 13 \"-\" \"x\"\n","stream":"stdout","time":"2026-11-24T10:54:15Z"})",
     "json/access-combined 2026-11-24T10:54:14Z from=192.0.2.5 status=200"},
    {"container",
     "2026-11-24T10:54:14.673552828Z stderr F {\"level\":\"info\",\"user\":\"bob\"}",
     "cri/json 2026-11-24T10:54:14.673552Z user=bob"},
    {"cowrie_json",
     R"({"eventid":"cowrie.login.failed","username":"root","src_ip":"192.0.2.5","timestamp":"2026-11-24T10:54:14.1Z"})",
     "cowrie-json 2026-11-24T10:54:14.100000Z user=root from=192.0.2.5 failed"},
    {"cowrie_text",
     "2026-11-24T10:54:14+0000 [HoneyPotSSHTransport,42,192.0.2.5] login attempt [root/123] "
     "failed",
     "cowrie 2026-11-24T10:54:14Z user=root process=HoneyPotSSHTransport from=192.0.2.5 "
     "failed"},
    {"csv",
     "timestamp,hostname,src_ip,src_port,note\n2026-11-24T10:54:14Z,web1,192.0.2.5,51234,\"a, "
     "b\"",
     "csv 2026-11-24T10:54:14Z host=web1 from=192.0.2.5 sport=51234"},
    {"tsv", "Time\tUser\tDst IP\tx\n2026-11-24 10:54:14\tbob\t192.0.2.5\ty",
     "csv 2026-11-24T10:54:14Z? user=bob to=192.0.2.5"},
    {"cef",
     "CEF:0|V|P|1.0|100|Port \\| scan|7|rt=Nov 24 2026 10:54:14 dvchost=fw1 src=192.0.2.5 "
     "spt=51234 dst=10.0.0.1 dpt=22 act=blocked msg=two words",
     "cef 2026-11-24T10:54:14Z? host=fw1 from=192.0.2.5 sport=51234 to=10.0.0.1 dport=22 "
     "blocked"},
    {"leef",
     "LEEF:2.0|V|P|1.0|id|^|devTime=2026-11-24T10:54:14Z^src=192.0.2.5^srcPort=1^dst=10.0.0.1^"
     "dstPort=22^usrName=bob",
     "leef 2026-11-24T10:54:14Z user=bob from=192.0.2.5 sport=1 to=10.0.0.1 dport=22"},
    {"fortinet",
     "date=2026-11-24 time=10:54:14 devname=\"FW 1\" srcip=192.0.2.5 srcport=51234 "
     "dstip=10.0.0.1 dstport=22 action=\"deny\"",
     "key-value 2026-11-24T10:54:14Z? host=FW 1 from=192.0.2.5 sport=51234 to=10.0.0.1 "
     "dport=22 "
     "blocked"},
    {"logfmt",
     "time=\"2026-11-24T10:54:14Z\" level=error msg=\"x = y\" user=bob remote_ip=192.0.2.5",
     "key-value 2026-11-24T10:54:14Z user=bob from=192.0.2.5"},
    {"iptables",
     "Nov 24 10:54:14 gw kernel: [1.5] [UFW BLOCK] IN=eth0 OUT= MAC=00:11 SRC=192.0.2.5 "
     "DST=10.0.0.1 LEN=44 PROTO=TCP SPT=51234 DPT=22 SYN",
     "syslog/iptables 2026-11-24T10:54:14Z~? host=gw process=kernel from=192.0.2.5 sport=51234 "
     "to=10.0.0.1 dport=22 direction=inbound blocked"},
    {"asa_outbound",
     "<166>Nov 24 2026 10:54:14 fw1 : %ASA-6-302013: Built outbound TCP connection 1 for "
     "outside:192.0.2.5/443 (192.0.2.5/443) to inside:10.0.0.5/51234 (198.51.100.1/51234)",
     "syslog/cisco-asa 2026-11-24T10:54:14Z? host=fw1 from=10.0.0.5 sport=51234 to=192.0.2.5 "
     "dport=443 direction=outbound allowed"},
    {"asa_deny",
     "Nov 24 10:54:14 fw1 %ASA-4-106023: Deny tcp src outside:192.0.2.5/51234 dst "
     "inside:10.0.0.1/22 by access-group \"x\"",
     "syslog/cisco-asa 2026-11-24T10:54:14Z~? host=fw1 from=192.0.2.5 sport=51234 to=10.0.0.1 "
     "dport=22 blocked"},
    {"asa_port_in_brackets",
     "%ASA-6-106100: access-list x permitted tcp outside/192.0.2.5(51234) -> "
     "inside/10.0.0.1(22)",
     "cisco-asa from=192.0.2.5 sport=51234 to=10.0.0.1 dport=22 allowed"},
    {"windows_dns",
     "11/24/2026 10:54:14 AM 0E78 PACKET  000001F2 UDP Rcv 10.0.0.5        7b2a   Q [0001   D  "
     " "
     "NOERROR] A      (4)evil(7)example(0)",
     "windows-dns 2026-11-24T10:54:14Z? from=10.0.0.5 direction=Rcv status=NOERROR answered"},
    {"tcpdump", "10:54:14.550475 IP 10.0.0.5.43436 > 192.0.2.5.443: Flags [S], seq 1, length 0",
     "tcpdump 2026-11-24T10:54:14.550475Z~? from=10.0.0.5 sport=43436 to=192.0.2.5 dport=443"},
    {"bind",
     "24-Nov-2026 10:54:14.425 queries: info: client @0x7f 192.0.2.5#3076 (evil.example): "
     "query: "
     "evil.example IN A +E(0)K (10.0.0.53)",
     "bind 2026-11-24T10:54:14.425000Z? from=192.0.2.5 sport=3076 to=10.0.0.53 answered"},
    {"bind_denied",
     "24-Nov-2026 10:54:14.425 client @0x7f 192.0.2.5#3076 (evil.example): query (cache) "
     "'evil.example/A/IN' denied",
     "bind 2026-11-24T10:54:14.425000Z? from=192.0.2.5 sport=3076 blocked"},
    {"dnsmasq", "Nov 24 10:54:14 gw dnsmasq[1]: query[A] evil.example from 10.0.0.5",
     "syslog/dnsmasq 2026-11-24T10:54:14Z~? host=gw process=dnsmasq from=10.0.0.5"},
    {"pihole_blocks", "Nov 24 10:54:14 dnsmasq[1]: gravity blocked evil.example is 0.0.0.0",
     "syslog/dnsmasq 2026-11-24T10:54:14Z~? process=dnsmasq blocked"},
    {"windows_xml",
     "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>3"
     "</EventID><TimeCreated "
     "SystemTime='2026-11-24T10:54:14.123456789Z'/><Computer>PC1</Computer>"
     "</System><EventData><Data Name='SourceIp'>10.0.0.5</Data><Data Name='DestinationIp'>"
     "192.0.2.5</Data><Data Name='DestinationPort'>443</Data></EventData></Event>",
     "windows-xml 2026-11-24T10:54:14.123456Z host=PC1 from=10.0.0.5 to=192.0.2.5 dport=443"},
    {"windows_record",
     "<Event><System><Provider Name='P'/><EventID>1</EventID><TimeCreated SystemTime='"
     "2026-11-24T10:54:14.1234567Z'/><Computer>PC1</Computer><Security UserID='S-1-5-18'/>"
     "</System><UserData><LogFileCleared xmlns='x'><Port>1 < 2 & 3</Port></LogFileCleared>"
     "</UserData></Event>",
     "windows-xml 2026-11-24T10:54:14.123456Z host=PC1 user=S-1-5-18"},
    {"windows_names_before_sids",
     "<!--recovered--><Event><System><Computer>PC1</Computer><Security UserID='S-1-5-18'/>"
     "</System><EventData><Data Name='User'>bob</Data></EventData></Event>",
     "windows-xml host=PC1 user=bob"},
    {"windows_values_forge_nothing",
     "<Event><System><Computer>PC1</Computer></System><EventData><Data Name='a'>x&lt;/Data>"
     "&lt;Data Name='SourceIp'>192.0.2.1</Data><Data Name='b' Other='>'>y</Data></EventData>"
     "</Event>",
     "windows-xml host=PC1"},
    {"journald",
     R"({"__CURSOR":"s=1","__REALTIME_TIMESTAMP":"1795517654123456","_HOSTNAME":"gate",)"
     R"("_UID":"0","_COMM":"sshd-session","SYSLOG_IDENTIFIER":"sshd","MESSAGE":)"
     R"("Failed password for root from 192.0.2.5 port 22 ssh2"})",
     "journald/sshd 2026-11-24T10:54:14.123456Z host=gate user=0 process=sshd from=192.0.2.5 "
     "sport=22 failed"},
    {"journald_of_a_kernel",
     R"({"_BOOT_ID":"b","__REALTIME_TIMESTAMP":"1795517654123456","MESSAGE":"hello"})",
     "journald 2026-11-24T10:54:14.123456Z"},
    {"text", "something at 2026-11-24 10:54:14 happened", "text 2026-11-24T10:54:14Z?"},
    {"asctime_is_no_syslog", "Tue Nov 24 10:54:14 2026 [pid 1] [bob] OK LOGIN: Client",
     "text 2026-11-24T10:54:14Z?"},
    {"postgres_is_no_syslog", "2026-11-24 10:54:14.527 UTC [7755] LOG:  listening",
     "text 2026-11-24T10:54:14.527000Z"},
};

/// Reads a case's last line as what the whole text is.
void read_case(const std::string& text, Record& record, FormatTrack& track,
               ChunkFormats& formats) {
  formats = track.enter(0, text, TextEncoding::kBytes, {},
                        [] { return std::optional<Time>(kModified); });
  const std::size_t lf = text.rfind('\n');
  const std::size_t begin = lf == std::string::npos ? 0 : lf + 1;
  read_record(std::string_view(text).substr(begin), formats.known(), formats.state_at(begin),
              record);
}

TEST(Formats, read_what_a_line_says) {
  for (const LineCase& each : kLines) {
    Record record;
    FormatTrack track;
    ChunkFormats formats;
    read_case(each.text, record, track, formats);
    EXPECT_EQ(told(record), each.expected) << each.name;
  }
}

TEST(Formats, take_any_cut_of_any_line) {
  for (const LineCase& each : kLines) {
    const std::size_t lf = each.text.rfind('\n');
    const std::size_t begin = lf == std::string::npos ? 0 : lf + 1;
    FormatTrack track;
    const ChunkFormats formats = track.enter(0, each.text, TextEncoding::kBytes, {},
                                             [] { return std::optional<Time>(kModified); });
    Record record;
    for (std::size_t end = begin; end < each.text.size(); ++end) {
      // An exact buffer: a read past its end is seen by the sanitizer.
      const std::string cut = each.text.substr(begin, end - begin);
      read_record(cut, formats.known(), formats.state_at(begin), record);
      for (const Field& field : record.fields()) {
        ASSERT_LE(field.begin, field.end) << each.name;
        ASSERT_LE(field.end, cut.size()) << each.name;
      }
    }
  }
}

struct FieldCase {
  const char* name;
  std::string line;
  const char* at;        ///< the field that holds this text
  const char* expected;  ///< its name
};

TEST(Formats, know_the_field_of_a_byte) {
  const FieldCase cases[] = {
      {"json", R"({"dns":{"rrname":"evil.example"},"x":1})", "evil", "dns.rrname"},
      {"access",
       R"(192.0.2.5 - - [24/Nov/2026:10:54:14 +0000] "GET /a HTTP/1.1" 200 1 "-" "agent")",
       "agent", "user_agent"},
      {"cef", "CEF:0|V|P|1|1|n|7|src=192.0.2.5 msg=some words here dst=10.0.0.1", "words",
       "msg"},
      {"key_value", "a=1 srcip=192.0.2.5 b=2 c=3", "192", "srcip"},
  };
  for (const FieldCase& each : cases) {
    Record record;
    FormatTrack track;
    ChunkFormats formats;
    read_case(each.line, record, track, formats);
    const Field* field = record.field_at(each.line.find(each.at));
    ASSERT_NE(field, nullptr) << each.name;
    EXPECT_EQ(field->name, each.expected) << each.name;
  }
}

struct JoinCase {
  const char* name;
  std::string text;
  const char* expected;  ///< pieces, blanks between
};

TEST(Formats, join_columns_that_belong_together) {
  const JoinCase cases[] = {
      {"zeek_http",
       "#fields\tts\tid.resp_p\tmethod\thost\turi\n1764000000\t80\tGET\tevil.example\t/g?a=1",
       "http://evil.example/g?a=1"},
      {"zeek_http_other_port",
       "#fields\tts\tid.resp_p\tmethod\thost\turi\n1764000000\t8080\tGET\tevil.example\t/g",
       "http://evil.example:8080/g"},
      {"connect_gives_a_host_only",
       "#fields\tts\tid.resp_p\tmethod\thost\turi\n1764000000\t80\tCONNECT\tevil.example\t/g",
       ""},
      {"iis", "#Fields: cs-host s-port cs-uri-stem cs-uri-query\nevil.example 443 /a x=1",
       "https://evil.example/a?x=1"},
      {"suricata",
       R"({"timestamp":"2026-11-24T10:54:14+0000","flow_id":1,"event_type":"http","http":{"hostname":"evil.example","url":"\/g"}})",
       "http://evil.example/g"},
      {"pairs_in_an_object", R"({"dest_ip":"192.0.2.5","x":1,"dest_port":8443})",
       "192.0.2.5:8443"},
      {"pairs_of_their_own_object_only",
       R"({"l":[{"dest_ip":"192.0.2.5"},{"dest_port":1,"dest_ip":"2001:db8::1"}]})",
       "[2001:db8::1]:1"},
      {"nested_pair", R"({"source":{"ip":"192.0.2.5","port":1},"destination":{"port":2}})",
       "192.0.2.5:1"},
      {"names_that_do_not_pair", R"({"src_ip":"192.0.2.5","spt":1})", ""},
      {"cef", "CEF:0|V|P|1|1|n|7|src=192.0.2.5 spt=1 dst=10.0.0.1", "192.0.2.5:1"},
      {"vhost",
       R"(evil.example:8080 192.0.2.5 - - [24/Nov/2026:10:54:14 +0000] "GET /a HTTP/1.1" 200 1 "-" "x")",
       "http://evil.example:8080/a"},
  };
  for (const JoinCase& each : cases) {
    Record record;
    FormatTrack track;
    ChunkFormats formats;
    read_case(each.text, record, track, formats);
    JoinedText joined;
    joined.add_columns(record, 0);
    joined.add_pairs(record, 0, JoinedText::Kind::kPair);
    std::string text = joined.text();
    for (char& c : text) c = c == '\n' ? ' ' : c;
    while (!text.empty() && text.back() == ' ') text.pop_back();
    EXPECT_EQ(text, each.expected) << each.name;
  }
}

TEST(Formats, infer_what_a_time_leaves_out) {
  struct Case {
    const char* name;
    const char* line;
    const char* modified;
    int zone;
    bool zone_given;
    const char* expected;
  };
  const Case cases[] = {
      {"the year of the last change", "Nov 24 10:00:00", "2026-11-24T12:00:00Z", 0, false,
       "2026-11-24T10:00:00Z~?"},
      {"the year before, over new year", "Dec 31 23:00:00", "2026-01-02T00:00:00Z", 0, false,
       "2025-12-31T23:00:00Z~?"},
      {"a clock ahead of UTC", "Nov 24 14:00:00", "2026-11-24T12:00:00Z", 0, false,
       "2026-11-24T14:00:00Z~?"},
      {"never in the future once the zone is given", "Nov 24 14:00:00", "2026-11-24T12:00:00Z",
       0, true, "2025-11-24T14:00:00Z~"},
      {"the zone that was given", "Nov 24 13:30:00", "2026-11-24T12:00:00Z", 120, true,
       "2026-11-24T11:30:00Z~"},
      {"a leap day", "Feb 29 10:00:00", "2026-11-24T12:00:00Z", 0, false,
       "2024-02-29T10:00:00Z~?"},
      {"no last change", "Nov 24 10:00:00", "", 0, false, ""},
      {"a zone that is said", "2026-11-24T10:00:00+01:00", "", 0, false,
       "2026-11-24T09:00:00Z"},
  };
  for (const Case& each : cases) {
    TimeContext context;
    if (*each.modified != 0) context.modified = parse_iso8601(each.modified)->time;
    context.zone_minutes = each.zone;
    context.zone_given = each.zone_given;
    std::string text;
    if (const auto time = read_time(each.line, context)) {
      text = format_iso8601(time->event.time);
      if (time->year_inferred) text += "~";
      if (time->zone_inferred) text += "?";
    }
    EXPECT_EQ(text, each.expected) << each.name;
  }
}

TEST(Formats, read_local_clocks_by_the_rules_of_their_zone) {
  struct Case {
    const char* name;
    const char* line;
    const char* expected;
  };
  const Case cases[] = {
      {"winter", "2026-01-15 12:00:00", "2026-01-15T11:00:00Z"},
      {"summer", "2026-07-15 12:00:00.25", "2026-07-15T10:00:00.250000Z"},
      {"shown twice: the first, marked", "2026-10-25 02:30:00", "2026-10-25T00:30:00Z?"},
      {"after both", "2026-10-25 03:00:00", "2026-10-25T02:00:00Z"},
      {"never shown: marked", "2026-03-29 02:30:00", "2026-03-29T01:30:00Z?"},
      {"a zone that is said counts", "2026-07-15T12:00:00Z", "2026-07-15T12:00:00Z"},
      {"without a year", "Jul 15 12:00:00", "2026-07-15T10:00:00Z~"},
      {"the day alone", "2026-07-15", "2026-07-15T00:00:00Z"},
      {"before 1970 there are no logs", "1969-07-15 12:00:00", ""},
  };
  TimeContext context;
  context.modified = parse_iso8601("2026-11-24T12:00:00Z")->time;
  context.zone_given = true;
  context.zone = std::make_shared<const TimeZone>(
      TimeZone::from_rule(*parse_posix_zone("CET-1CEST,M3.5.0,M10.5.0/3")));
  const auto shown = [](const std::optional<TimeText>& time) {
    if (!time) return std::string();
    return format_iso8601(time->event.time) + (time->year_inferred ? "~" : "") +
           (time->zone_inferred ? "?" : "");
  };
  for (const Case& each : cases)
    EXPECT_EQ(shown(read_time(each.line, context)), each.expected) << each.name;
  EXPECT_EQ(shown(read_clock("12:30:00", context)), "2026-11-24T11:30:00Z~");
  EXPECT_EQ(shown(read_clock("13:30:00", context)), "2026-11-23T12:30:00Z~");
  // Out of an image, and not given: always inferred.
  context.zone_given = false;
  EXPECT_EQ(shown(read_time("2026-07-15 12:00:00", context)), "2026-07-15T10:00:00Z?");
}

TEST(Formats, years_come_from_what_a_compressed_file_says) {
  struct Case {
    const char* name;
    const char* said;  ///< by the content
    const char* file;  ///< its last change
    const char* year;
  };
  const Case cases[] = {
      {"the file alone", "", "2026-11-24", "2026"},
      {"a copy is younger than what was copied", "2024-11-24", "2026-11-24", "2024"},
      {"but not older", "2027-11-24", "2026-11-24", "2026"},
      {"an invented time", "1980-01-01", "2026-11-24", "2026"},
      {"a stream has no time of its own", "2024-11-24", "", "2024"},
  };
  const auto time_of = [](const char* text) -> std::optional<Time> {
    if (*text == 0) return std::nullopt;
    return parse_iso8601(text)->time;
  };
  const std::string line = "Nov 20 10:00:00 web1 sshd[1]: hello\n";
  for (const Case& each : cases) {
    FormatTrack track;
    const ChunkFormats formats = track.enter(
        0, line, TextEncoding::kBytes, {}, [&] { return time_of(each.file); },
        time_of(each.said));
    Record record;
    read_record(line, formats.known(), formats.state_at(0), record);
    ASSERT_TRUE(record.time) << each.name;
    EXPECT_EQ(format_iso8601(record.time->event.time).substr(0, 4), each.year) << each.name;
  }
}

TEST(Formats, a_later_member_of_a_gzip_file_may_be_of_a_later_year) {
  FormatTrack track;
  const auto file = [] { return parse_iso8601("2027-01-01")->time; };
  const std::string line = "Nov 20 10:00:00 web1 sshd[1]: hello\n";
  const std::pair<const char*, const char*> chunks[] = {
      {"2024-11-24", "2024"}, {"2024-11-24", "2024"}, {"2026-11-24", "2026"}};
  std::uint64_t index = 0;
  for (const auto& [said, year] : chunks) {
    const ChunkFormats formats =
        track.enter(index++, line, TextEncoding::kBytes, {}, file, parse_iso8601(said)->time);
    Record record;
    read_record(line, formats.known(), formats.state_at(0), record);
    ASSERT_TRUE(record.time) << index;
    EXPECT_EQ(format_iso8601(record.time->event.time).substr(0, 4), year) << index;
  }
}

TEST(Formats, headers_hold_from_where_they_stand_over_chunks) {
  FormatTrack track;
  const auto modified = [] { return std::optional<Time>(kModified); };
  const ChunkFormats first =
      track.enter(0, "#Fields: date time c-ip\n2026-11-24 10:54:14 192.0.2.1\n",
                  TextEncoding::kBytes, {}, modified);
  const std::string text =
      "2026-11-24 10:54:15 192.0.2.2\n#Fields: c-ip date time\n192.0.2.3 2026-11-24 10:54:16\n";
  const ChunkFormats second = track.enter(1, text, TextEncoding::kBytes, {}, modified);
  Record record;
  read_record("2026-11-24 10:54:15 192.0.2.2", second.known(), second.state_at(0), record);
  EXPECT_EQ(record.value(Slot::kSourceAddress), "192.0.2.2");
  const std::size_t last = text.rfind("192.");
  read_record("192.0.2.3 2026-11-24 10:54:16", second.known(), second.state_at(last), record);
  EXPECT_EQ(record.value(Slot::kSourceAddress), "192.0.2.3");
  EXPECT_EQ(track.format(), &kW3cFormat);
}

TEST(Formats, a_track_that_goes_on_knows_the_headers_before) {
  const auto modified = [] { return std::optional<Time>(kModified); };
  const std::string head = "#Fields: date time c-ip\n2026-11-24 10:54:14 192.0.2.1\n";
  const std::string second = "#Fields: c-ip date time\n192.0.2.3 2026-11-24 10:54:16\n";
  FormatTrack whole;
  EXPECT_EQ(whole.enter(0, head, TextEncoding::kBytes, {}, modified).header_bytes, 0u);
  const std::size_t before =
      whole.enter(1, second, TextEncoding::kBytes, {}, modified).header_bytes;
  ASSERT_TRUE(whole.headers());
  EXPECT_EQ(whole.headers()->substr(0, before), "#Fields: date time c-ip\n");
  EXPECT_EQ(whole.headers()->substr(before), "#Fields: c-ip date time\n");

  struct Case {
    std::string headers, line;
  };
  const Case cases[] = {
      {whole.headers()->substr(0, before), "2026-11-24 10:54:15 192.0.2.2"},
      {*whole.headers(), "192.0.2.2 2026-11-24 10:54:15"},
  };
  for (const Case& each : cases) {
    FormatTrack rest;
    rest.resume(head, TextEncoding::kBytes, each.headers, {}, modified);
    EXPECT_EQ(rest.format(), &kW3cFormat);
    const ChunkFormats formats = rest.enter(0, each.line, TextEncoding::kBytes, {}, modified);
    Record record;
    read_record(each.line, formats.known(), formats.state_at(0), record);
    EXPECT_EQ(record.value(Slot::kSourceAddress), "192.0.2.2") << each.headers;
    EXPECT_EQ(rest.headers(), each.headers);  // for the one after
  }
}

TEST(Formats, a_track_that_goes_on_takes_the_format_of_the_begin) {
  const auto modified = [] { return std::optional<Time>(kModified); };
  const std::string access =
      "192.0.2.5 - - [24/Nov/2026:10:54:14 +0000] \"GET /a HTTP/1.1\" 200 12\n";
  const std::string csv = "time,src_ip\n2026-11-24T10:54:14Z,192.0.2.1\n";
  for (const std::string& head : {access, csv}) {
    FormatTrack whole;
    whole.enter(0, head, TextEncoding::kBytes, {}, modified);
    FormatTrack rest;
    rest.resume(head, TextEncoding::kBytes, whole.headers().value_or(""), {}, modified);
    const ChunkFormats formats =
        rest.enter(0, "no such line\n", TextEncoding::kBytes, {}, modified);
    EXPECT_EQ(formats.format, whole.format()) << head;
  }
}

TEST(Formats, a_pattern_names_the_parts_of_a_line) {
  const auto choice = parse_format_choice(R"(%{Host}i %h %u %t "%r" %>s "%{User-Agent}i")");
  ASSERT_TRUE(choice) << choice.error().message;
  FormatState state;
  state.pattern = choice->pattern;
  Record record;
  const std::string line =
      R"(evil.example 192.0.2.5 bob [24/Nov/2026:10:54:14 +0000] "GET /a HTTP/1.1" 404 "x y")";
  ASSERT_TRUE(read_as(*choice->forced, line, state, record));
  EXPECT_EQ(told(record),
            "access-pattern 2026-11-24T10:54:14Z user=bob from=192.0.2.5 status=404");
  EXPECT_EQ(record.joined_url().text, "http://evil.example/a");
  for (const char* wrong : {"%h%u", "%", "%{Host", "$", "no-such-format"})
    EXPECT_FALSE(parse_format_choice(wrong)) << wrong;
  EXPECT_EQ(parse_format_choice("Zeek-TSV")->forced, &kZeekTsvFormat);
}

TEST(Formats, a_few_lines_of_something_are_no_format) {
  const std::string text = "free text\nmore of it\nand more\n{\"a\":1}\nfree\ntext\n";
  EXPECT_EQ(detect_format(text, {}).name, "text");
  // Each line is still read as what it is.
  Record record;
  read_record("{\"user\":\"bob\"}", text_format(), {}, record);
  EXPECT_EQ(told(record), "json user=bob");
}

TEST(Formats, a_table_with_cells_over_lines_is_a_table) {
  std::string text = "time,src_ip,note\n";
  for (int i = 0; i < 5; ++i) {
    text += "2026-11-24T10:54:14Z,192.0.2.5,\"{\n";
    for (int line = 0; line < 9; ++line) text += "  \"\"key\"\": \"\"value\"\",\n";
    text += "}\"\n";
  }
  EXPECT_EQ(detect_format(text, {}).name, "csv");
}

TEST(Formats, bound_what_a_hostile_line_costs) {
  Record record;
  const FormatState state;
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "{\"a\":[";
  read_record(deep, kJsonFormat, state, record);
  std::string wide = "{";
  for (int i = 0; i < 20'000; ++i) wide += "\"src_ip\":\"192.0.2.5\",";
  read_record(wide + "\"x\":1}", kJsonFormat, state, record);
  EXPECT_LE(record.fields().size(), kMostFields);
  EXPECT_LE(record.pairs().size(), kMostPairs);
  for (const char* piece :
       {"a=\"", "[", "a=b ", "|", "<Data Name='a'", "#", "\\\"", "CEF:0|"}) {
    std::string many;
    for (int i = 0; i < 50'000; ++i) many += piece;
    read_record(many, text_format(), state, record);  // linear: the test would not end
  }
}

}  // namespace
}  // namespace spoor
