// URLs: canonical text, refusals, what counts as respelled, and where the parts stand.

#include "ioc/url.h"

#include <gtest/gtest.h>

#include <string>

namespace spoor {
namespace {

struct Case {
  const char* name;
  std::string text;
  std::string expect;  ///< Url::text(); empty: refused
  bool respelled = false;
};

void check(const Case& row, Scheme scheme) {
  SCOPED_TRACE(row.name);
  const auto url = parse_url(row.text, scheme);
  ASSERT_EQ(url ? url->text() : std::string(), row.expect) << row.text;
  if (!url) {
    EXPECT_EQ(url.error().rule, "U1");
    EXPECT_FALSE(url.error().reason.empty());
    return;
  }
  EXPECT_EQ(url->host_respelled, row.respelled);
  const auto again = parse_url(url->text(), scheme);
  ASSERT_TRUE(again) << "canonical text is refused: " << url->text();
  EXPECT_EQ(again->text(), url->text()) << "canonical text is not a fixed point";
  EXPECT_FALSE(again->host_respelled);
}

TEST(Url, canonical_text) {
  const Case table[] = {
      {"plain", "http://evil.example/gate.php", "http://evil.example/gate.php"},
      {"scheme_and_host_case", "HTTP://EVIL.Example/Gate", "http://evil.example/Gate"},
      {"empty_path", "http://evil.example", "http://evil.example/"},
      {"empty_path_and_query", "http://evil.example?a=1", "http://evil.example/?a=1"},
      {"trailing_dot", "http://evil.example./x", "http://evil.example/x"},
      {"default_port", "http://evil.example:80/x", "http://evil.example/x"},
      {"default_port_padded", "https://evil.example:0443/x", "https://evil.example/x"},
      {"empty_port", "http://evil.example:/x", "http://evil.example/x"},
      {"port_of_another_scheme", "http://evil.example:443/x", "http://evil.example:443/x"},
      {"port", "http://evil.example:8080/x", "http://evil.example:8080/x"},
      {"most_port", "http://evil.example:65535/x", "http://evil.example:65535/x"},
      {"unknown_scheme", "tcp://evil.example:80", "tcp://evil.example:80/"},
      {"user_info", "http://user:pw@evil.example/x", "http://evil.example/x"},
      {"last_at_ends_user_info", "http://a@good.test@evil.example/x", "http://evil.example/x"},
      {"at_in_path", "http://evil.example/@good.test", "http://evil.example/@good.test"},
      {"at_in_query", "http://evil.example?u@good.test", "http://evil.example/?u@good.test"},
      {"host_in_user_info", "http://evil.example@good.test/", "http://good.test/"},
      {"fragment", "http://evil.example/x#top?y", "http://evil.example/x"},
      {"fragment_after_host", "http://evil.example#x", "http://evil.example/"},
      {"query_as_written", "http://evil.example/p?A=%7e&b=/../c#f",
       "http://evil.example/p?A=%7e&b=/../c"},
      {"empty_query", "http://evil.example/p?", "http://evil.example/p?"},
      {"dot_segments", "http://evil.example/a/./b/../gate.php",
       "http://evil.example/a/gate.php"},
      {"dots_above_root", "http://evil.example/../../x", "http://evil.example/x"},
      {"dots_at_end", "http://evil.example/a/b/..", "http://evil.example/a/"},
      {"dot_at_end", "http://evil.example/a/.", "http://evil.example/a/"},
      {"only_dots", "http://evil.example/..", "http://evil.example/"},
      {"escaped_dots", "http://evil.example/a/%2E%2e/x", "http://evil.example/x"},
      {"dots_in_names", "http://evil.example/.x/..y/z..", "http://evil.example/.x/..y/z.."},
      {"empty_segments", "http://evil.example//a//../b", "http://evil.example//a/b"},
      {"unreserved_escapes", "http://evil.example/%67ate%2Dphp%7e",
       "http://evil.example/gate-php~"},
      {"reserved_escapes", "http://evil.example/a%2fb%3f", "http://evil.example/a%2Fb%3F"},
      {"escaped_once_only", "http://evil.example/%2541", "http://evil.example/%2541"},
      {"stray_percent", "http://evil.example/100%/%zz", "http://evil.example/100%/%zz"},
      {"no_new_escape", "http://evil.example/%%341", "http://evil.example/%%341"},
      {"no_new_escape_late", "http://evil.example/%4%31", "http://evil.example/%4%31"},
      {"bytes_over_7f", "http://evil.example/b\u00fccher", "http://evil.example/b%C3%BCcher"},
      {"other_bytes_stay", "http://evil.example/a\"<|>\\b", "http://evil.example/a\"<|>\\b"},
      {"u_label", "http://B\u00dcCHER.example/", "http://xn--bcher-kva.example/", true},
      {"percent_coded_host", "http://b%C3%BCcher.example/", "http://xn--bcher-kva.example/",
       true},
      {"percent_coded_letter", "http://e%76il.example/", "http://evil.example/", true},
      {"ipv4", "http://192.0.2.5/bin.sh", "http://192.0.2.5/bin.sh"},
      {"ipv4_trailing_dot", "http://192.0.2.5./", "http://192.0.2.5/"},
      {"ipv4_integer", "http://3221225989/bin.sh", "http://192.0.2.5/bin.sh", true},
      {"ipv4_hex", "http://0xC0000205/", "http://192.0.2.5/", true},
      {"ipv4_octal_group", "http://0300.0.2.5/", "http://192.0.2.5/", true},
      {"ipv4_fullwidth", "http://\uff11\uff192.0.2.5/", "http://192.0.2.5/", true},
      {"ipv4_all_padded_is_decimal", "http://192.000.002.010/", "http://192.0.2.10/", true},
      {"ipv4_one_padded_is_octal", "http://192.0.2.010/", "http://192.0.2.8/", true},
      {"ipv6", "http://[2001:db8::5]:8443/x", "http://[2001:db8::5]:8443/x"},
      {"ipv6_case", "http://[2001:DB8::5]/x", "http://[2001:db8::5]/x"},
      {"ipv6_zeros", "http://[2001:db8:0::5]/x", "http://[2001:db8::5]/x", true},
      {"ipv6_zone", "http://[fe80::1%25eth0]/x", "http://[fe80::1]/x"},
      {"single_label_with_scheme", "http://intranet/x", "http://intranet/x"},
      {"nested_url", "http://a.example/r?u=http://b.example/",
       "http://a.example/r?u=http://b.example/"},
  };
  for (const Case& row : table) check(row, Scheme::kRequired);
  for (const Case& row : table) check(row, Scheme::kOptional);
}

TEST(Url, refusals) {
  const Case table[] = {
      {"empty", "", ""},
      {"no_scheme", "evil.example/x", ""},
      {"no_authority", "mailto:bob@evil.example", ""},
      {"scheme_begins_with_digit", "1http://evil.example/", ""},
      {"one_slash", "http:/evil.example/", ""},
      {"no_host", "http:///x", ""},
      {"no_host_but_port", "http://:80/x", ""},
      {"no_host_but_user", "http://user@/x", ""},
      {"file", "file:///etc/passwd", ""},
      {"blank", "http://evil.example/a b", ""},
      {"tab", "http://evil.example/a\tb", ""},
      {"nul", std::string("http://evil.example/\0", 21), ""},
      {"del", "http://evil.example/\x7f", ""},
      {"port_over_65535", "http://evil.example:65536/", ""},
      {"port_far_over", "http://evil.example:99999999999999999999/", ""},
      {"port_of_letters", "http://evil.example:http/", ""},
      {"signed_port", "http://evil.example:+80/", ""},
      {"two_ports", "http://evil.example:80:80/", ""},
      {"unclosed_bracket", "http://[2001:db8::5/", ""},
      {"brackets_without_v6", "http://[evil.example]/", ""},
      {"text_after_bracket", "http://[::1]x/", ""},
      {"bare_v6", "http://2001:db8::5/", ""},
      {"five_numbers", "http://1.2.3.4.5/", ""},
      {"number_over_255", "http://999.1.1.1/", ""},
      {"number_at_end_of_a_name", "http://evil.example.1/", ""},
      {"integer_over_32_bits", "http://4294967296/", ""},
      {"not_octal", "http://192.0.2.08/", ""},
      {"broken_escape_in_host", "http://e%7vil.example/", ""},
      {"escaped_slash_in_host", "http://evil.example%2fx/", ""},
      {"escaped_nul_in_host", "http://evil%00.example/", ""},
      {"backslash_in_host", "http://evil.example\\x", ""},
      {"empty_label", "http://evil..example/", ""},
      {"placeholder", "http://<host>/x", ""},
      {"huge_host", "http://" + std::string(1000000, 'a') + "/", ""},
  };
  for (const Case& row : table) check(row, Scheme::kRequired);
}

TEST(Url, without_a_scheme_only_a_plain_host_counts) {
  const Case table[] = {
      {"path", "evil.example/gate.php", "evil.example/gate.php"},
      {"alone", "evil.example", "evil.example/"},
      {"port", "evil.example:8080/x", "evil.example:8080/x"},
      {"no_scheme_no_default_port", "evil.example:80", "evil.example:80/"},
      {"query", "evil.example?a", "evil.example/?a"},
      {"ipv4", "192.0.2.5/x", "192.0.2.5/x"},
      {"ipv6", "[2001:db8::5]/x", "[2001:db8::5]/x"},
      {"fragment_after_path", "evil.example/x#y", "evil.example/x"},
      {"url_in_query", "evil.example/?u=http://x.example/",
       "evil.example/?u=http://x.example/"},
      {"single_label", "readme/x", ""},
      {"ipv4_three_digits", "192.000.002.005/x", "192.0.2.5/x", true},
      {"ipv4_octal", "0300.0.2.5/x", ""},
      {"integer", "3221225989/x", ""},
      {"version", "1.2.3/x", ""},
      {"date", "24.11.2026/x", ""},
      {"user_info", "bob@evil.example/x", ""},
      {"fragment_after_host", "evil.example#x", ""},
      {"scheme_relative", "//evil.example/x", ""},
      {"bare_path", "/x.php", ""},
      {"drive", "c:\\windows\\x.exe", ""},
  };
  for (const Case& row : table) check(row, Scheme::kOptional);
}

TEST(Url, parts_and_their_places) {
  const std::string text = "HTTP://u@Evil.Example:8080/A/../b?q=1#f";
  const auto url = parse_url(text, Scheme::kRequired);
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "http");
  EXPECT_EQ(url->host, "evil.example");
  EXPECT_EQ(url->host_kind, HostKind::kName);
  EXPECT_EQ(url->port, 8080);
  EXPECT_EQ(url->path, "/b");
  EXPECT_EQ(url->query, "q=1");
  EXPECT_EQ(text.substr(url->host_begin, url->host_end - url->host_begin), "Evil.Example");
  EXPECT_EQ(text.substr(url->path_begin, 5), "/A/..");
  EXPECT_EQ(text.substr(url->query_begin), "q=1#f");

  const std::string v6 = "http://[::1]:1";
  const auto second = parse_url(v6, Scheme::kRequired);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->host_kind, HostKind::kIpv6);
  EXPECT_EQ(v6.substr(second->host_begin, second->host_end - second->host_begin), "::1");
  EXPECT_EQ(second->path_begin, v6.size());
  EXPECT_EQ(second->query_begin, std::string::npos);
  EXPECT_FALSE(second->query);
}

TEST(Url, zero_padding_is_told) {
  EXPECT_TRUE(parse_url("http://192.000.002.005/", Scheme::kRequired)->host_zero_padded);
  EXPECT_TRUE(parse_url("http://192.0.2.05/", Scheme::kRequired)->host_zero_padded);
  EXPECT_FALSE(parse_url("http://192.0.2.5/", Scheme::kRequired)->host_zero_padded);
  EXPECT_FALSE(parse_url("http://3221225989/", Scheme::kRequired)->host_zero_padded);
}

TEST(Url, default_ports) {
  EXPECT_EQ(default_port("http"), 80);
  EXPECT_EQ(default_port("HTTPS"), 443);
  EXPECT_EQ(default_port("ftp"), 21);
  EXPECT_EQ(default_port("ws"), 80);
  EXPECT_EQ(default_port("wss"), 443);
  EXPECT_FALSE(default_port("gopher"));
  EXPECT_FALSE(default_port(""));
}

/// Every short path over the letters that matter: canonical text parses to itself.
TEST(Url, every_short_path_reaches_a_fixed_point) {
  std::string path;
  std::size_t tried = 0;
  const auto grow = [&](const auto& self) -> void {
    const auto url = parse_url("http://h.example/" + path, Scheme::kRequired);
    ASSERT_TRUE(url) << path;
    const auto again = parse_url(url->text(), Scheme::kRequired);
    ASSERT_TRUE(again) << path;
    ASSERT_EQ(again->text(), url->text()) << path;
    ASSERT_EQ(url->path.find("/../"), std::string::npos) << path;
    ++tried;
    if (path.size() == 6) return;
    for (const char c : {'/', '.', '%', '2', '4', 'e'}) {
      path += c;
      self(self);
      path.pop_back();
    }
  };
  grow(grow);
  EXPECT_GT(tried, 50000u);
}

TEST(Url, long_paths_take_linear_time) {
  // A quadratic step would take minutes here.
  std::string deep = "http://h.example";
  for (int i = 0; i < 500000; ++i) deep += "/a";
  for (int i = 0; i < 499999; ++i) deep += "/..";
  const auto url = parse_url(deep, Scheme::kRequired);
  ASSERT_TRUE(url);
  EXPECT_EQ(url->path, "/a/");
}

}  // namespace
}  // namespace spoor
