// Addresses and networks: tables of spellings, and every short text over a small alphabet
// against the C library where the two grammars agree.

#include "ioc/ip.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace spoor {
namespace {

struct TextCase {
  const char* name;
  std::string_view text;
  std::string_view expect;  ///< canonical text; empty: refused
};

template <std::size_t N, typename F>
void check_table(const TextCase (&table)[N], F canonical) {
  for (const TextCase& row : table) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(canonical(row.text), row.expect) << row.text;
  }
}

TEST(Ip, ipv4_is_four_decimal_groups_without_leading_zeros) {
  constexpr TextCase kTable[] = {
      {"plain", "192.0.2.5", "192.0.2.5"},
      {"least", "0.0.0.0", "0.0.0.0"},
      {"most", "255.255.255.255", "255.255.255.255"},
      {"group_over_255", "256.0.2.5", ""},
      {"four_digits", "1920.0.2.5", ""},
      {"three_groups", "192.0.2", ""},
      {"five_groups", "192.0.2.5.1", ""},
      {"leading_zero", "192.0.2.05", ""},
      {"empty_group", "192..2.5", ""},
      {"trailing_dot", "192.0.2.5.", ""},
      {"leading_dot", ".192.0.2.5", ""},
      {"blank", "192.0.2.5 ", ""},
      {"sign", "192.0.2.-5", ""},
      {"letters", "a.b.c.d", ""},
      {"empty", "", ""},
  };
  check_table(kTable, [](std::string_view text) {
    const auto value = parse_ipv4(text);
    return value ? format_ipv4(*value) : std::string();
  });
  EXPECT_EQ(parse_ipv4("192.0.2.5"), 0xC0000205u);
}

TEST(Ip, loose_ipv4_reads_padding_as_decimal_and_tells) {
  const auto padded = parse_ipv4_loose("192.000.002.005");
  ASSERT_TRUE(padded);
  EXPECT_EQ(padded->value, 0xC0000205u);
  EXPECT_TRUE(padded->leading_zeros && padded->all_three_digits);
  const auto partly = parse_ipv4_loose("192.0.2.05");
  ASSERT_TRUE(partly);
  EXPECT_TRUE(partly->leading_zeros);
  EXPECT_FALSE(partly->all_three_digits);
  const auto plain = parse_ipv4_loose("192.168.100.200");
  ASSERT_TRUE(plain);
  EXPECT_FALSE(plain->leading_zeros);
  EXPECT_TRUE(plain->all_three_digits);
  EXPECT_FALSE(parse_ipv4_loose("192.0.2.0005"));
}

TEST(Ip, url_host_takes_what_browsers_take) {
  constexpr TextCase kTable[] = {
      {"integer", "3221225989", "192.0.2.5"},
      {"hex", "0xC0000205", "192.0.2.5"},
      {"octal", "030000001005", "192.0.2.5"},
      {"mixed_parts", "0xc0.0.02.5", "192.0.2.5"},
      {"two_parts", "192.517", "192.0.2.5"},
      {"three_parts", "192.0.517", "192.0.2.5"},
      {"trailing_dot", "192.0.2.5.", "192.0.2.5"},
      {"bare_0x_is_zero", "0x", "0.0.0.0"},
      {"most", "4294967295", "255.255.255.255"},
      {"past_32_bits", "4294967296", ""},
      {"far_past_64_bits", "99999999999999999999999999", ""},
      {"last_part_too_large", "192.0.65536", ""},
      {"first_part_too_large", "256.0.0.1", ""},
      {"not_octal", "192.0.2.08", ""},
      {"five_parts", "1.2.3.4.5", ""},
      {"empty_part", "1..2", ""},
      {"dot_alone", ".", ""},
      {"empty", "", ""},
  };
  check_table(kTable, [](std::string_view text) {
    const auto value = parse_ipv4_url_host(text);
    return value ? format_ipv4(*value) : std::string();
  });
}

TEST(Ip, ipv6_text_becomes_rfc_5952) {
  constexpr TextCase kTable[] = {
      {"full", "2001:0DB8:0000:0000:0000:0000:0000:0005", "2001:db8::5"},
      {"any", "::", "::"},
      {"loopback", "::1", "::1"},
      {"gap_at_end", "2001:db8::", "2001:db8::"},
      {"one_zero_group_stays", "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"gap_of_one_written", "2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"first_of_equal_runs", "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"longest_run", "2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
      {"mapped", "::ffff:192.0.2.5", "::ffff:192.0.2.5"},
      {"mapped_in_hex", "::ffff:c000:205", "::ffff:192.0.2.5"},
      {"dotted_tail", "64:ff9b::192.0.2.5", "64:ff9b::c000:205"},
      {"full_dotted", "1:2:3:4:5:6:192.0.2.5", "1:2:3:4:5:6:c000:205"},
      {"port_like_tail_is_a_group", "2001:db8::5:443", "2001:db8::5:443"},
      {"two_gaps", "1::2::3", ""},
      {"triple_colon", "1:::2", ""},
      {"nine_groups", "1:2:3:4:5:6:7:8:9", ""},
      {"gap_of_nothing", "1:2:3:4:5:6:7:8::", ""},
      {"clock_time", "12:30:45", ""},
      {"mac_address", "00:11:22:33:44:55", ""},
      {"five_digits", "2001:00db8::5", ""},
      {"brackets", "[::1]", ""},
      {"zone", "fe80::1%eth0", ""},
      {"single_colon_end", "1::2:", ""},
      {"single_colon_begin", ":1::2", ""},
      {"dotted_tail_too_late", "1:2:3:4:5:6:7:192.0.2.5", ""},
      {"padded_dotted_tail", "::192.0.2.05", ""},
      {"text_after_dotted_tail", "::192.0.2.5:1", ""},
      {"empty", "", ""},
      {"colon", ":", ""},
  };
  check_table(kTable, [](std::string_view text) {
    const auto value = parse_ipv6(text);
    return value ? format_ipv6(*value) : std::string();
  });
}

/// Calls `visit` with every text of at most `most` letters.
template <typename F>
void each_text(std::string_view alphabet, std::size_t most, F visit) {
  std::string text;
  const auto grow = [&](const auto& self) -> void {
    visit(text);
    if (text.size() == most) return;
    for (const char c : alphabet) {
      text += c;
      self(self);
      text.pop_back();
    }
  };
  grow(grow);
}

TEST(Ip, agrees_with_inet_pton_on_every_short_text) {
  std::size_t accepted = 0;
  each_text("25.0", 9, [&](const std::string& text) {
    in_addr theirs{};
    const bool expect = inet_pton(AF_INET, text.c_str(), &theirs) == 1;
    const auto ours = parse_ipv4(text);
    ASSERT_EQ(ours.has_value(), expect) << text;
    if (!expect) return;
    ++accepted;
    ASSERT_EQ(htonl(*ours), theirs.s_addr) << text;
  });
  EXPECT_GT(accepted, 1000u);
}

TEST(Ip, ipv6_agrees_with_inet_pton_and_survives_a_round_trip) {
  std::size_t accepted = 0;
  const auto compare = [&](const std::string& text) {
    in6_addr theirs{};
    const bool expect = inet_pton(AF_INET6, text.c_str(), &theirs) == 1;
    const auto ours = parse_ipv6(text);
    ASSERT_EQ(ours.has_value(), expect) << text;
    if (!expect) return;
    ++accepted;
    ASSERT_EQ(std::memcmp(ours->data(), &theirs, 16), 0) << text;
    ASSERT_EQ(parse_ipv6(format_ipv6(*ours)), ours) << text;
  };
  each_text("0f:", 10, compare);
  // Seven groups stand already, so that the upper borders are near; and a dotted tail is.
  each_text("1:.", 7, [&](const std::string& text) { compare("1:2:3:4:5:6" + text); });
  each_text("1:.", 8, [&](const std::string& text) { compare("::1" + text); });
  EXPECT_GT(accepted, 1000u);
}

TEST(Ip, embedded_ipv4_is_found_only_behind_its_prefix) {
  EXPECT_EQ(ipv4_mapped(*parse_ipv6("::ffff:192.0.2.5")), 0xC0000205u);
  EXPECT_FALSE(ipv4_mapped(*parse_ipv6("::192.0.2.5")));       // IPv4-compatible: off (I7)
  EXPECT_FALSE(ipv4_mapped(*parse_ipv6("2002:c000:205::1")));  // 6to4: off (I7)
  EXPECT_FALSE(ipv4_mapped(*parse_ipv6("1::ffff:192.0.2.5")));
  EXPECT_EQ(ipv4_nat64(*parse_ipv6("64:ff9b::c000:205")), 0xC0000205u);
  EXPECT_FALSE(ipv4_nat64(*parse_ipv6("64:ff9b:1::c000:205")));
}

TEST(Ip, networks_mask_host_bits_and_tell) {
  struct Case {
    const char* name;
    std::string_view text;
    std::string_view expect;
    bool host_bits;
  };
  constexpr Case kTable[] = {
      {"plain", "192.0.2.0/24", "192.0.2.0/24", false},
      {"masked", "192.0.2.5/24", "192.0.2.0/24", true},
      {"inside_a_byte", "192.0.2.255/20", "192.0.0.0/20", true},
      {"host", "192.0.2.5/32", "192.0.2.5/32", false},
      {"all", "0.0.0.0/0", "0.0.0.0/0", false},
      {"all_masked", "192.0.2.5/0", "0.0.0.0/0", true},
      {"v6", "2001:DB8::/32", "2001:db8::/32", false},
      {"v6_masked", "2001:db8::5/127", "2001:db8::4/127", true},
      {"v6_host", "2001:db8::5/128", "2001:db8::5/128", false},
      {"v4_over_32", "192.0.2.0/33", "", false},
      {"v6_over_128", "2001:db8::/129", "", false},
      {"no_prefix", "192.0.2.0", "", false},
      {"empty_prefix", "192.0.2.0/", "", false},
      {"padded_prefix", "192.0.2.0/08", "", false},
      {"signed_prefix", "192.0.2.0/+8", "", false},
      {"netmask", "192.0.2.0/255.255.255.0", "", false},
      {"two_slashes", "192.0.2.0/24/8", "", false},
  };
  for (const Case& row : kTable) {
    SCOPED_TRACE(row.name);
    bool host_bits = false;
    const auto network = parse_network(row.text, &host_bits);
    EXPECT_EQ(network ? format_network(*network) : std::string(), row.expect);
    EXPECT_EQ(host_bits, row.host_bits);
  }
  EXPECT_TRUE(parse_network("192.0.2.5/24", nullptr));
}

TEST(Ip, reverse_names_are_read_backwards) {
  constexpr TextCase kV4[] = {
      {"plain", "5.2.0.192.in-addr.arpa", "192.0.2.5"},
      {"case_and_dot", "5.2.0.192.IN-ADDR.ARPA.", "192.0.2.5"},
      {"three_labels", "2.0.192.in-addr.arpa", ""},
      {"five_labels", "1.5.2.0.192.in-addr.arpa", ""},
      {"other_zone", "5.2.0.192.ip6.arpa", ""},
      {"zone_alone", ".in-addr.arpa", ""},
      {"two_dots", "5.2.0.192.in-addr.arpa..", ""},
  };
  check_table(kV4, [](std::string_view text) {
    const auto value = parse_in_addr_arpa(text);
    return value ? format_ipv4(*value) : std::string();
  });
  constexpr TextCase kV6[] = {
      {"plain", "5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
       "2001:db8::5"},
      {"case_and_dot",
       "5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2.IP6.ARPA.",
       "2001:db8::5"},
      {"31_nibbles", "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
       ""},
      {"no_hex", "g.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
       ""},
      {"no_dots", "500000000000000000000000000000000000000000000000000000000000000.ip6.arpa",
       ""},
  };
  check_table(kV6, [](std::string_view text) {
    const auto value = parse_ip6_arpa(text);
    return value ? format_ipv6(*value) : std::string();
  });
}

}  // namespace
}  // namespace spoor
