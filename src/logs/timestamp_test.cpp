#include "logs/timestamp.h"

#include <gtest/gtest.h>

#include <string>

namespace spoor {
namespace {

struct TimeCase {
  const char* name;
  std::string line;
  const char* expected;  ///< "" nothing; a bare date: no clock
};

const TimeCase kCases[] = {
    {"nothing", "", ""},
    {"no time", "query: evil.example", ""},
    {"rfc 3164 has no year", "Nov 24 10:54:14 host sshd[1]: x", ""},
    {"rfc 5424", "<165>1 2026-11-24T10:54:14.003Z host app - - - x",
     "2026-11-24T10:54:14.003000Z"},
    {"rfc 3339 with offset", "2026-11-24T10:54:14.123456+01:00 host x",
     "2026-11-24T09:54:14.123456Z"},
    {"offset without colon", "2026-11-24 10:54:14,123 -0500 x", "2026-11-24T15:54:14.123000Z"},
    {"offset of hours", "2026-11-24T10:54:14+02 x", "2026-11-24T08:54:14Z"},
    {"a blank and a number are no offset", "2026-11-24 10:54:14 +02 x", "2026-11-24T10:54:14Z"},
    {"word for utc", "2026-11-24 10:54:14 UTC x", "2026-11-24T10:54:14Z"},
    {"iis", "2026-11-24 10:54:14 192.0.2.1 GET /", "2026-11-24T10:54:14Z"},
    {"tab between", "2026-11-24\t10:54:14\tx", "2026-11-24T10:54:14Z"},
    {"csv", "2026-11-24,10:54:14,x", "2026-11-24T10:54:14Z"},
    {"nginx error", "2026/11/24 10:54:14 [error] 1#1: x", "2026-11-24T10:54:14Z"},
    {"in brackets", "[2026-11-24T10:54:14Z] x", "2026-11-24T10:54:14Z"},
    {"minutes only", "2026-11-24 10:54 x", "2026-11-24T10:54:00Z"},
    {"nanoseconds", "2026-11-24T10:54:14.123456789Z x", "2026-11-24T10:54:14.123456Z"},
    {"fortinet", "date=2026-11-24 time=10:54:14 devname=\"fw\"", "2026-11-24T10:54:14Z"},
    {"fortinet, quoted", "x date=\"2026-11-24\" time=\"10:54:14\"", "2026-11-24T10:54:14Z"},
    {"day only", "2026-11-24 something", "2026-11-24"},
    {"a clock beats an earlier day", "report of 2020-01-01 at 2026-11-24T10:54:14Z",
     "2026-11-24T10:54:14Z"},
    {"no such month", "2026-13-24T10:54:14Z", ""},
    {"no such hour leaves the day", "2026-11-24T25:54:14Z", "2026-11-24"},
    {"part of a longer number", "12026-11-24 x", ""},
    {"part of a word", "v2026-11-24 x", ""},
    {"year not believed", "0001-01-01T00:00:00Z", ""},
    {"apache", "192.0.2.1 - - [24/Nov/2026:10:54:14 +0100] \"GET / HTTP/1.1\" 200 1",
     "2026-11-24T09:54:14Z"},
    {"apache, the user is a date",
     "192.0.2.1 - 2020-01-01 [24/Nov/2026:10:54:14 +0000] \"GET /\"", "2026-11-24T10:54:14Z"},
    {"apache, no such month", "[24/Foo/2026:10:54:14 +0000]", ""},
    {"zeek", "1764000000.123456\tCabc\t192.0.2.1", "2025-11-24T16:00:00.123456Z"},
    {"squid", "1764000000.123    200 192.0.2.1 TCP_MISS/200", "2025-11-24T16:00:00.123000Z"},
    {"seconds alone", "1764000000", "2025-11-24T16:00:00Z"},
    {"milliseconds at the begin", "1764000000123 x", "2025-11-24T16:00:00.123000Z"},
    {"ten digits that are no time", "0000000001 x", ""},
    {"a phone number in the text", "call 1764000000 now", ""},
    {"audit", "type=SYSCALL msg=audit(1764000000.123:456): arch=c000003e",
     "2025-11-24T16:00:00.123000Z"},
    {"json @timestamp", R"({"a":1,"@timestamp":"2026-11-24T10:54:14.003Z"})",
     "2026-11-24T10:54:14.003000Z"},
    {"json suricata", R"({"timestamp":"2026-11-24T10:54:14.123456+0000","flow_id":1})",
     "2026-11-24T10:54:14.123456Z"},
    {"json zeek", R"({"ts":1764000000.5,"uid":"C"})", "2025-11-24T16:00:00.500000Z"},
    {"json milliseconds", R"({"time" : 1764000000123})", "2025-11-24T16:00:00.123000Z"},
    {"json seconds in a string", R"({"time":"1764000000"})", "2025-11-24T16:00:00Z"},
    {"json, the better key wins",
     R"({"time":"2020-01-01T00:00:00Z","@timestamp":"2026-11-24T10:54:14Z"})",
     "2026-11-24T10:54:14Z"},
    {"json, nested keys do not count", R"({"x":{"ts":1764000000},"msg":"m"})", ""},
    {"json, keys inside strings do not count", R"({"msg":"\"ts\":1764000000, ","n":1})", ""},
    {"json, key far behind", "{\"msg\":\"" + std::string(2000, 'x') + R"(","ts":1764000000})",
     "2025-11-24T16:00:00Z"},
    {"json cut in a key", R"({"ts)", ""},
    {"json cut before the value", R"({"ts":)", ""},
    {"cloudtrail", R"({"eventVersion":"1.08","eventTime":"2026-11-24T10:54:14Z"})",
     "2026-11-24T10:54:14Z"},
    {"json behind a syslog head", R"(2026-11-24T10:54:14Z host app: {"ts":1764000000})",
     "2026-11-24T10:54:14Z"},
    {"far into the line", std::string(300, 'x') + " 2026-11-24T10:54:14Z", ""},
    {"byte order mark",
     "\xEF\xBB\xBF"
     "2026-11-24T10:54:14Z",
     "2026-11-24T10:54:14Z"},
    {"cut after the date", "2026-11-24T", "2026-11-24"},
    {"cut in the offset", "2026-11-24T10:54:14+0", "2026-11-24T10:54:14Z"},
};

TEST(Timestamp, finds_the_time_of_an_event) {
  for (const TimeCase& each : kCases) {
    const auto time = find_event_time(each.line);
    std::string text;
    if (time) text = format_iso8601(time->time);
    if (time && !time->has_clock) text.resize(10);
    EXPECT_EQ(text, each.expected) << each.name << ": " << each.line;
  }
}

TEST(Timestamp, takes_any_cut_of_any_line) {
  for (const TimeCase& each : kCases) {
    for (std::size_t size = 0; size < each.line.size() && size < 300; ++size) {
      (void)find_event_time(std::string(each.line, 0, size));  // no read past the end: ASan
    }
  }
}

}  // namespace
}  // namespace spoor
