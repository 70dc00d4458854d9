#include "logs/names.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace spoor {
namespace {

using enum Slot;
using R = FieldRole;

// Families of names whose addresses and ports pair.
constexpr std::uint32_t kNo = 0, kSrcIp = 1 << 0, kDestIp = 1 << 1, kDstIp = 1 << 2,
                        kOrig = 1 << 3, kResp = 1 << 4, kEcsSource = 1 << 5, kEcsDest = 1 << 6,
                        kSysmonSrc = 1 << 7, kSysmonDst = 1 << 8, kCefSrc = 1 << 9,
                        kCefDst = 1 << 10, kFlatSrc = 1 << 11, kFlatDst = 1 << 12,
                        kWfpSrc = 1 << 13, kWfpDst = 1 << 14, kClient = 1 << 15,
                        kServer = 1 << 16, kW3cClient = 1 << 17, kW3cServer = 1 << 18,
                        kRemote = 1 << 19, kShort = 1 << 20, kLogon = 1 << 21,
                        kDestShort = 1 << 22, kLong = 1 << 23, kLongDst = 1 << 24;

constexpr NameRow address(std::string_view name, Slot slot, std::uint8_t rank,
                          std::uint32_t pairs) {
  return {name, slot, rank, pairs, R::kAddress};
}
constexpr NameRow port(std::string_view name, Slot slot, std::uint8_t rank,
                       std::uint32_t pairs) {
  return {name, slot, rank, pairs, R::kPort};
}
constexpr NameRow plain(std::string_view name, Slot slot, std::uint8_t rank, R role = R::kOther,
                        Slot also = kNone) {
  return {name, slot, rank, kNo, role, also};
}
constexpr NameRow role(std::string_view name, R what) {
  return {name, kNone, 0, kNo, what};
}

constexpr Slot kSA = kSourceAddress, kSP = kSourcePort, kDA = kDestinationAddress,
               kDP = kDestinationPort;

// In any order; sorted once.
constexpr NameRow kRows[] = {
    // Time.
    plain("@timestamp", kTime, 1),
    plain("timestamp", kTime, 2),
    plain("ts", kTime, 2),
    plain("time", kTime, 3),
    plain("t.$date", kTime, 1),
    plain("t", kTime, 6),
    plain("eventtime", kTime, 2),
    plain("event_time", kTime, 2),
    plain("eventdatetime", kTime, 2),
    plain("event_date_time", kTime, 2),
    plain("datetime", kTime, 2),
    plain("date_time", kTime, 2),
    plain("utctime", kTime, 0),
    plain("timecreated", kTime, 1),
    plain("timecreated.systemtime", kTime, 0),
    plain("timecreated.#attributes.systemtime", kTime, 0),
    plain("systemtime", kTime, 1),
    plain("timecreatedutc", kTime, 2),
    plain("event.created", kTime, 4),
    plain("event.start", kTime, 3),
    plain("published", kTime, 1),
    plain("creationtime", kTime, 2),
    plain("created_at", kTime, 3),
    plain("created", kTime, 4),
    plain("createddatetime", kTime, 2),
    plain("activitydatetime", kTime, 2),
    plain("eventtimestamp", kTime, 2),
    plain("event_timestamp", kTime, 2),
    plain("_time", kTime, 3),
    plain("start_time", kTime, 4),
    plain("starttime", kTime, 3),
    plain("starttimeutc", kTime, 3),
    plain("startutc", kTime, 2),
    plain("start", kTime, 5),
    plain("end", kTime, 6),
    plain("endtime", kTime, 6),
    plain("rt", kTime, 1),
    plain("devicereceipttime", kTime, 2),
    plain("devtime", kTime, 1),
    plain("calendartime", kTime, 2),
    plain("unixtime", kTime, 4),
    plain("timegenerated", kTime, 2),
    plain("generatedtime", kTime, 2),
    plain("time_generated", kTime, 2),
    plain("receivetimestamp", kTime, 6),
    plain("_write_ts", kTime, 7),
    plain("edgestarttimestamp", kTime, 2),
    plain("time_local", kTime, 2),
    plain("time_iso8601", kTime, 1),
    plain("log_time", kTime, 3),
    plain("log_timestamp", kTime, 3),
    plain("asctime", kTime, 3),
    plain("recorded", kTime, 3),
    plain("syslog_timestamp", kTime, 3),
    plain("__realtime_timestamp", kTime, 3),
    plain("_source_realtime_timestamp", kTime, 2),
    plain("eventreceivedtime", kTime, 7),
    plain("firstseen", kTime, 6),
    plain("modified", kTime, 7),
    plain("timestampms", kTime, 2),
    plain("timestamp_ms", kTime, 3),
    plain("started_at", kTime, 3),
    plain("requestreceivedtimestamp", kTime, 3),
    plain("stagetimestamp", kTime, 2),
    plain("timeunixnano", kTime, 2),
    plain("observedtimeunixnano", kTime, 4),
    plain("date", kDate, 3),
    plain("log_date", kDate, 3),

    // Host: where the event happened or who saw it.
    plain("host.name", kHost, 0, R::kHost),
    plain("host.hostname", kHost, 1, R::kHost),
    plain("hostname", kHost, 2, R::kHost),
    plain("host_name", kHost, 2, R::kHost),
    plain("host", kHost, 4, R::kHost, kUrlHost),
    plain("computer", kHost, 1, R::kHost),
    plain("computername", kHost, 1, R::kHost),
    plain("computer_name", kHost, 1, R::kHost),
    plain("machinename", kHost, 3, R::kHost),
    plain("machine_name", kHost, 3, R::kHost),
    plain("hostidentifier", kHost, 1, R::kHost),
    plain("agent.hostname", kHost, 6, R::kHost),
    plain("agent.name", kHost, 7, R::kHost),
    plain("beat.hostname", kHost, 6, R::kHost),
    plain("beat.name", kHost, 7, R::kHost),
    plain("observer.name", kHost, 5, R::kHost),
    plain("observer.hostname", kHost, 4, R::kHost),
    plain("dvchost", kHost, 1, R::kHost),
    plain("dvc", kHost, 5, R::kAddress),
    plain("devicehostname", kHost, 1, R::kHost),
    plain("devicename", kHost, 2, R::kHost),
    plain("device_name", kHost, 2, R::kHost),
    plain("devname", kHost, 1, R::kHost),
    plain("identhostname", kHost, 4, R::kHost),
    plain("s-computername", kHost, 0, R::kHost),
    plain("_hostname", kHost, 1, R::kHost),
    plain("syslog_host", kHost, 3, R::kHost),
    plain("source_host", kHost, 5, R::kHost),
    plain("logsource", kHost, 5, R::kHost),
    plain("workstation", kHost, 7, R::kHost),
    plain("node_name", kHost, 3, R::kHost),
    plain("node", kHost, 6, R::kHost),
    plain("sensor", kHost, 6),
    plain("_system_name", kHost, 6),

    // User.
    plain("user.name", kUser, 0),
    plain("user", kUser, 2),
    plain("username", kUser, 1),
    plain("user_name", kUser, 1),
    plain("usrname", kUser, 1),
    plain("user.id", kUser, 6),
    plain("userid", kUser, 4),
    plain("user_id", kUser, 5),
    plain("suser", kUser, 2),
    plain("duser", kUser, 1),
    plain("srcuser", kUser, 2),
    plain("src_user", kUser, 2),
    plain("sourceusername", kUser, 3),
    plain("destinationusername", kUser, 2),
    plain("targetusername", kUser, 2),
    plain("subjectusername", kUser, 3),
    plain("accountname", kUser, 3),
    plain("account_name", kUser, 3),
    plain("account", kUser, 4),
    plain("acct", kUser, 1),
    plain("auid", kUser, 5),
    plain("useridentity.username", kUser, 0),
    plain("useridentity.arn", kUser, 3),
    plain("useridentity.principalid", kUser, 6),
    plain("actor.alternateid", kUser, 0),
    plain("actor.displayname", kUser, 2),
    plain("actor.login", kUser, 2),
    plain("cs-username", kUser, 0),
    plain("remote_user", kUser, 1),
    plain("clientusername", kUser, 1),
    plain("userprincipalname", kUser, 1),
    plain("login", kUser, 4),
    plain("principalemail", kUser, 1),
    plain("db_user", kUser, 3),

    // Process.
    plain("process.name", kProcess, 1),
    plain("process.executable", kProcess, 0, R::kPath),
    plain("process.command_line", kNone, 0),
    plain("image", kProcess, 0, R::kPath),
    plain("newprocessname", kProcess, 0, R::kPath),
    plain("processname", kProcess, 1, R::kPath),
    plain("process_name", kProcess, 1, R::kPath),
    plain("processpath", kProcess, 0, R::kPath),
    plain("process_path", kProcess, 0, R::kPath),
    plain("process", kProcess, 2),
    plain("exe", kProcess, 0, R::kPath),
    plain("comm", kProcess, 1),
    plain("_comm", kProcess, 1),
    plain("_exe", kProcess, 0, R::kPath),
    plain("syslog_identifier", kProcess, 2),
    plain("program", kProcess, 3),
    plain("programname", kProcess, 3),
    plain("appname", kProcess, 4),
    plain("app_name", kProcess, 4),
    plain("sproc", kProcess, 1),
    plain("dproc", kProcess, 2),
    plain("initiatingprocessfilename", kProcess, 1),
    plain("parentimage", kNone, 0, R::kPath),
    plain("parentprocessname", kNone, 0, R::kPath),
    plain("process.parent.executable", kNone, 0, R::kPath),

    // Source.
    address("src_ip", kSA, 0, kSrcIp),
    port("src_port", kSP, 0, kSrcIp),
    address("srcip", kSA, 0, kFlatSrc),
    port("srcport", kSP, 0, kFlatSrc | kCefSrc | kShort),
    address("src_addr", kSA, 0, kSrcIp),
    address("srcaddr", kSA, 0, kFlatSrc | kShort),
    address("source.ip", kSA, 0, kEcsSource),
    address("source.address", kSA, 1, kEcsSource),
    port("source.port", kSP, 0, kEcsSource),
    address("id.orig_h", kSA, 0, kOrig),
    port("id.orig_p", kSP, 0, kOrig),
    address("sourceip", kSA, 0, kSysmonSrc),
    port("sourceport", kSP, 0, kSysmonSrc | kWfpSrc | kLong),
    address("source_ip", kSA, 0, kLong),
    port("source_port", kSP, 0, kLong),
    address("src", kSA, 0, kCefSrc),
    port("spt", kSP, 0, kCefSrc),
    address("sourceaddress", kSA, 0, kWfpSrc | kLong),
    address("c-ip", kSA, 0, kW3cClient),
    port("c-port", kSP, 0, kW3cClient),
    address("remote_addr", kSA, 1, kRemote),
    address("remote_ip", kSA, 1, kRemote),
    address("remoteaddr", kSA, 1, kRemote),
    address("remoteip", kSA, 1, kRemote),
    port("remote_port", kSP, 1, kRemote),
    port("remoteport", kSP, 1, kRemote),
    address("client.ip", kSA, 1, kClient),
    address("client.address", kSA, 2, kClient),
    port("client.port", kSP, 1, kClient),
    address("client_ip", kSA, 1, kClient),
    port("client_port", kSP, 1, kClient),
    address("clientip", kSA, 1, kClient),
    address("clienthost", kSA, 2, kClient),
    port("clientport", kSP, 1, kClient),
    address("client_addr", kSA, 1, kClient),
    address("clientipaddress", kSA, 1, kClient),
    address("client.ipaddress", kSA, 0, kClient),
    address("sourceipaddress", kSA, 0, kNo),
    address("callingipaddress", kSA, 2, kNo),
    address("callerip", kSA, 1, kNo),
    address("caller_ip", kSA, 1, kNo),
    address("ipaddress", kSA, 2, kLogon),
    port("ipport", kSP, 2, kLogon),
    address("ip_address", kSA, 4, kNo),
    address("clientaddress", kSA, 2, kNo),
    address("saddr", kSA, 1, kShort),
    port("sport", kSP, 1, kShort),
    address("sip", kSA, 2, kShort),
    port("sp", kSP, 3, kShort),
    address("rhost", kSA, 3, kNo),
    address("addr", kSA, 4, kNo),
    address("ip", kSA, 6, kNo),
    address("peer_ip", kSA, 3, kNo),
    address("srchost", kSA, 5, kNo),
    address("src-ip", kSA, 0, kSrcIp),
    port("src-port", kSP, 0, kSrcIp),
    address("laddr", kSA, 3, kNo),

    // Destination.
    address("dest_ip", kDA, 0, kDestIp),
    port("dest_port", kDP, 0, kDestIp),
    address("dst_ip", kDA, 0, kDstIp),
    port("dst_port", kDP, 0, kDstIp),
    address("dest_addr", kDA, 0, kDestIp),
    address("dst_addr", kDA, 0, kDstIp),
    address("id.resp_h", kDA, 0, kResp),
    port("id.resp_p", kDP, 0, kResp),
    address("destination.ip", kDA, 0, kEcsDest),
    address("destination.address", kDA, 1, kEcsDest),
    port("destination.port", kDP, 0, kEcsDest),
    address("destinationip", kDA, 0, kSysmonDst),
    port("destinationport", kDP, 0, kSysmonDst | kWfpDst | kLongDst),
    address("destination_ip", kDA, 0, kLongDst),
    port("destination_port", kDP, 0, kLongDst),
    address("dst", kDA, 0, kCefDst),
    port("dpt", kDP, 0, kCefDst),
    address("dstip", kDA, 0, kFlatDst),
    port("dstport", kDP, 0, kFlatDst | kCefDst | kDestShort),
    address("dstaddr", kDA, 0, kFlatDst | kDestShort),
    address("destinationaddress", kDA, 0, kWfpDst | kLongDst),
    address("destaddress", kDA, 0, kWfpDst),
    port("destport", kDP, 0, kWfpDst),
    address("daddr", kDA, 1, kDestShort),
    port("dport", kDP, 1, kDestShort),
    address("dip", kDA, 2, kDestShort),
    port("dp", kDP, 3, kDestShort),
    address("s-ip", kDA, 0, kW3cServer),
    port("s-port", kDP, 0, kW3cServer),
    address("server.ip", kDA, 2, kServer),
    port("server.port", kDP, 2, kServer),
    address("server_ip", kDA, 2, kServer),
    port("server_port", kDP, 2, kServer),
    address("server_addr", kDA, 2, kServer),
    address("faddr", kDA, 3, kNo),
    address("dst-ip", kDA, 0, kDstIp),
    port("dst-port", kDP, 0, kDstIp),

    // What became of it.
    plain("direction", kDirection, 0),
    plain("network.direction", kDirection, 0),
    plain("devicedirection", kDirection, 0),
    plain("conn_direction", kDirection, 1),
    plain("dir", kDirection, 2),
    plain("event.outcome", kOutcome, 0),
    plain("alert.action", kOutcome, 0),
    plain("outcome.result", kOutcome, 0),
    plain("outcome", kOutcome, 1),
    plain("verdict", kOutcome, 1),
    plain("act", kOutcome, 1),
    plain("action", kOutcome, 2),
    plain("event.action", kOutcome, 4),
    plain("disposition", kOutcome, 2),
    plain("responseelements.consolelogin", kOutcome, 1),
    plain("resultstatus", kOutcome, 2),
    plain("result", kOutcome, 4),
    plain("success", kOutcome, 4),
    plain("auth_success", kOutcome, 2),
    plain("res", kOutcome, 3),
    plain("errorcode", kStatus, 5),
    plain("status", kStatus, 3),
    plain("status_code", kStatus, 1),
    plain("statuscode", kStatus, 1),
    plain("sc-status", kStatus, 0),
    plain("http.response.status_code", kStatus, 0),
    plain("http.status", kStatus, 0),
    plain("response_code", kStatus, 1),
    plain("response", kStatus, 5),
    plain("rcode_name", kStatus, 1),
    plain("rcode", kStatus, 4),
    plain("downstreamstatus", kStatus, 1),
    plain("edgeresponsestatus", kStatus, 1),
    plain("http_status", kStatus, 0),

    // The parts of a URL.
    plain("url.scheme", kUrlScheme, 0),
    plain("scheme", kUrlScheme, 1),
    plain("requestscheme", kUrlScheme, 0),
    plain("cs-uri-scheme", kUrlScheme, 0),
    plain("cs-protocol", kUrlScheme, 1),
    plain("clientrequestscheme", kUrlScheme, 0),
    plain("x-forwarded-proto", kUrlScheme, 2),
    plain("url.domain", kUrlHost, 0, R::kHost),
    plain("http.hostname", kUrlHost, 0, R::kHost),
    plain("http.host", kUrlHost, 1, R::kHost),
    plain("cs-host", kUrlHost, 0, R::kHost),
    plain("cs(host)", kUrlHost, 0, R::kHost),
    plain("x-host-header", kUrlHost, 0, R::kHost),
    plain("request.host", kUrlHost, 0, R::kHost),
    plain("requesthost", kUrlHost, 0, R::kHost),
    plain("http_host", kUrlHost, 0, R::kHost),
    plain("vhost", kUrlHost, 1, R::kHost),
    plain("virtual_host", kUrlHost, 1, R::kHost),
    plain("server_name", kUrlHost, 3, R::kDomain),
    plain("authority", kUrlHost, 1, R::kHost),
    plain(":authority", kUrlHost, 1, R::kHost),
    plain("clientrequesthost", kUrlHost, 0, R::kHost),
    plain("url.port", kUrlPort, 0, R::kPort),
    plain("http.http_port", kUrlPort, 0, R::kPort),
    plain("http_port", kUrlPort, 0, R::kPort),
    plain("cs-uri-port", kUrlPort, 0, R::kPort),
    plain("requestport", kUrlPort, 0, R::kPort),
    plain("uri", kUrlPath, 0, R::kUriPath),
    plain("http.url", kUrlPath, 0, R::kUriPath),
    plain("http.uri", kUrlPath, 0, R::kUriPath),
    plain("url.path", kUrlPath, 1, R::kUriPath),
    plain("cs-uri-stem", kUrlPath, 1, R::kUriPath),
    plain("cs-uri", kUrlPath, 0, R::kUriPath),
    plain("cs-uri-path", kUrlPath, 1, R::kUriPath),
    plain("request.uri", kUrlPath, 0, R::kUriPath),
    plain("request_uri", kUrlPath, 0, R::kUriPath),
    plain("requesturi", kUrlPath, 0, R::kUriPath),
    plain("requestpath", kUrlPath, 1, R::kUriPath),
    plain("request_path", kUrlPath, 1, R::kUriPath),
    plain("clientrequesturi", kUrlPath, 0, R::kUriPath),
    plain("clientrequestpath", kUrlPath, 1, R::kUriPath),
    plain("uri_path", kUrlPath, 1, R::kUriPath),
    plain(":path", kUrlPath, 1, R::kUriPath),
    plain("path", kUrlPath, 4),
    plain("url", kUrlPath, 3, R::kUrl),
    plain("url.full", kNone, 0, R::kUrl),
    plain("url.original", kUrlPath, 2, R::kUrl),
    plain("url.query", kUrlQuery, 0),
    plain("cs-uri-query", kUrlQuery, 0),
    plain("uri_query", kUrlQuery, 0),
    plain("query_string", kUrlQuery, 0),
    plain("args", kUrlQuery, 4),
    plain("method", kMethod, 1),
    plain("http.http_method", kMethod, 0),
    plain("http.request.method", kMethod, 0),
    plain("http.method", kMethod, 0),
    plain("cs-method", kMethod, 0),
    plain("request.method", kMethod, 0),
    plain("request_method", kMethod, 0),
    plain("requestmethod", kMethod, 0),
    plain("clientrequestmethod", kMethod, 0),

    // Fields whose meaning changes what matches (I9, D7, F5, O5).
    role("user_agent", R::kUserAgent),
    role("unparsed_version", R::kUserAgent),  // Zeek's software.log: the whole of it
    role("user_agent.original", R::kUserAgent),
    role("useragent", R::kUserAgent),
    role("user-agent", R::kUserAgent),
    role("http.http_user_agent", R::kUserAgent),
    role("http_user_agent", R::kUserAgent),
    role("cs(user-agent)", R::kUserAgent),
    role("clientrequestuseragent", R::kUserAgent),
    role("client.useragent.rawuseragent", R::kUserAgent),
    role("requestclientapplication", R::kUserAgent),
    role("http_referrer", R::kUrl),
    role("referrer", R::kUrl),
    role("cs(referer)", R::kUrl),
    role("query", R::kDomain),
    role("rrname", R::kDomain),
    role("dns.rrname", R::kDomain),
    role("dns.question.name", R::kDomain),
    role("queryname", R::kDomain),
    role("query_name", R::kDomain),
    role("domain", R::kDomain),
    role("fqdn", R::kDomain),
    role("sni", R::kDomain),
    role("tls.sni", R::kDomain),
    role("tls.server_name", R::kDomain),
    role("qname", R::kDomain),
    role("dhost", R::kHost),
    role("shost", R::kHost),
    role("destinationhostname", R::kHost),
    role("sourcehostname", R::kHost),
    role("destination.domain", R::kDomain),
    role("source.domain", R::kDomain),
    role("version", R::kVersion),
    role("fileversion", R::kVersion),
    role("productversion", R::kVersion),
    role("os_version", R::kVersion),
    role("osversion", R::kVersion),
    role("client_version", R::kVersion),
    role("file.path", R::kPath),
    role("filepath", R::kPath),
    role("file_path", R::kPath),
    role("targetfilename", R::kPath),
    role("imageloaded", R::kPath),
    role("currentdirectory", R::kPath),
    role("md5", R::kHash),
    role("sha1", R::kHash),
    role("sha256", R::kHash),
    role("hash", R::kHash),
    role("hashes", R::kHash),
};

constexpr std::size_t kLongestName = 64;
constexpr int kMostTails = 6;

using Table = std::array<const NameRow*, std::size(kRows)>;

const Table& sorted_rows() {
  static const Table table = [] {
    Table rows{};
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = &kRows[i];
    std::sort(rows.begin(), rows.end(),
              [](const NameRow* a, const NameRow* b) { return a->name < b->name; });
    return rows;
  }();
  return table;
}

const NameRow* find_exact(std::string_view name) {
  const Table& rows = sorted_rows();
  const auto at = std::lower_bound(
      rows.begin(), rows.end(), name,
      [](const NameRow* row, std::string_view wanted) { return row->name < wanted; });
  return at != rows.end() && (*at)->name == name ? *at : nullptr;
}

}  // namespace

FieldRole role_of(Slot slot) {
  switch (slot) {
    case Slot::kSourceAddress:
    case Slot::kDestinationAddress:
      return FieldRole::kAddress;
    case Slot::kSourcePort:
    case Slot::kDestinationPort:
    case Slot::kUrlPort:
      return FieldRole::kPort;
    case Slot::kHost:
    case Slot::kUrlHost:
      return FieldRole::kHost;
    case Slot::kUrlPath:
      return FieldRole::kUriPath;
    default:
      return FieldRole::kOther;
  }
}

NameMatch find_name(std::string_view path) {
  std::array<char, kLongestName> buffer;
  std::size_t dropped = 0;
  // Only the end of a long path can be known.
  if (path.size() > kLongestName) {
    dropped = path.find('.', path.size() - kLongestName);
    if (dropped == std::string_view::npos) return {};
    ++dropped;
  }
  const std::string_view tail = path.substr(dropped);
  std::transform(tail.begin(), tail.end(), buffer.begin(), to_lower);
  std::string_view name(buffer.data(), tail.size());
  for (int tries = 0; tries < kMostTails; ++tries) {
    if (const NameRow* row = find_exact(name)) return {row, path.size() - name.size()};
    const std::size_t dot = name.find('.');
    if (dot == std::string_view::npos) break;
    name.remove_prefix(dot + 1);
  }
  return {};
}

}  // namespace spoor
