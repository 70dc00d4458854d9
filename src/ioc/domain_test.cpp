// Domain names: canonical forms, public suffixes, and the table of shared hosts beside them.

#include "ioc/domain.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace spoor {
namespace {

TEST(Domain, canonical_form) {
  struct Case {
    const char* name;
    std::string text;
    std::string expect;  ///< empty: refused
    bool mapped = false;
  };
  const std::string label63(63, 'a');
  const std::string name253 =
      label63 + '.' + label63 + '.' + label63 + '.' + std::string(61, 'b');
  const Case table[] = {
      {"plain", "evil.example", "evil.example"},
      {"letter_case", "EVIL.Example", "evil.example"},
      {"trailing_dot", "evil.example.", "evil.example"},
      {"wildcard", "*.evil.example", "evil.example"},
      {"underscore", "_dmarc.evil.example", "_dmarc.evil.example"},
      {"hyphens_anywhere", "-a-.b--c.example", "-a-.b--c.example"},
      {"a_label_as_it_is", "XN--BCHER-KVA.example", "xn--bcher-kva.example"},
      {"a_label_that_is_no_punycode", "xn--0.example", "xn--0.example"},
      {"single_label", "localhost", "localhost"},
      {"u_label", "b\u00fccher.example", "xn--bcher-kva.example", true},
      {"u_label_upper", "B\u00dcCHER.example", "xn--bcher-kva.example", true},
      {"u_label_wildcard", "*.b\u00fccher.example", "xn--bcher-kva.example", true},
      {"decomposed", "bu\u0308cher.example", "xn--bcher-kva.example", true},
      {"sharp_s_is_not_ss", "fa\u00df.example", "xn--fa-hia.example", true},
      {"underscore_and_u_label", "_x.b\u00fccher.example", "_x.xn--bcher-kva.example", true},
      {"hyphens_and_u_label", "-b\u00fccher-.example", "xn---bcher--o2a.example", true},
      {"ideographic_dot", "evil\u3002example", "evil.example", true},
      {"fullwidth_dot", "evil\uff0eexample", "evil.example", true},
      {"halfwidth_dot", "evil\uff61example\uff61", "evil.example", true},
      {"fullwidth_letters", "\uff45vil.example", "evil.example", true},
      {"cyrillic_a_is_not_a", "p\u0430ypal.example", "xn--pypal-4ve.example", true},
      {"label_of_63", label63 + ".example", label63 + ".example"},
      {"label_of_64", label63 + "a.example", ""},
      {"name_of_253", name253, name253},
      {"name_of_253_and_dot", name253 + ".", name253},
      {"name_of_254", name253 + "b", ""},
      {"empty", "", ""},
      {"dot", ".", ""},
      {"wildcard_alone", "*.", ""},
      {"wildcard_inside", "a.*.example", ""},
      {"empty_label", "evil..example", ""},
      {"leading_dot", ".evil.example", ""},
      {"two_trailing_dots", "evil.example..", ""},
      {"blank", "evil .example", ""},
      {"slash", "evil.example/x", ""},
      {"nul", std::string("evil\0.example", 13), ""},
      {"not_utf8",
       "b\xfc"
       "cher.example",
       ""},
      {"u_label_with_slash", "b\u00fccher.example/x", ""},
      {"mapped_slash", "evil\uff0fexample", ""},
      {"right_to_left_mixed", "\u05d0a.example", ""},
      {"huge_ascii", std::string(100000, 'a'), ""},
      {"huge_non_ascii", std::string(50000, 'a') + "\u00fc", ""},
  };
  for (const Case& row : table) {
    SCOPED_TRACE(row.name);
    const auto name = canonical_domain(row.text);
    EXPECT_EQ(name ? name->ascii : std::string(), row.expect);
    if (name) {
      EXPECT_EQ(name->mapped, row.mapped);
      const auto again = canonical_domain(name->ascii);
      ASSERT_TRUE(again);
      EXPECT_EQ(again->ascii, name->ascii);
    } else {
      EXPECT_EQ(name.error().rule, "D1");
      EXPECT_FALSE(name.error().reason.empty());
    }
  }
}

TEST(Domain, suffixes_and_registrable_names) {
  struct Case {
    std::string_view name;
    bool suffix;
    std::string_view registrable;  ///< empty: none
  };
  constexpr Case kTable[] = {
      {"com", true, ""},
      {"evil.com", false, "evil.com"},
      {"cdn.evil.com", false, "evil.com"},
      {"co.uk", true, ""},
      {"a.b.co.uk", false, "b.co.uk"},
      {"evil.example", false, "evil.example"},  // no rule: the last label is the suffix
      {"a.evil.example", false, "evil.example"},
      {"workers.dev", true, ""},  // private section
      {"a1.workers.dev", false, "a1.workers.dev"},
      {"github.io", true, ""},
      {"x.foo.ck", false, "x.foo.ck"},  // wildcard rule *.ck
      {"foo.ck", true, ""},
      {"www.ck", false, "www.ck"},  // its exception
      {"xn--55qx5d.cn", true, ""},  // a rule in Chinese
      {"a.b.xn--55qx5d.cn", false, "b.xn--55qx5d.cn"},
      {"", false, ""},
  };
  for (const Case& row : kTable) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(is_public_suffix(row.name), row.suffix);
    const auto registrable = registrable_domain(row.name);
    EXPECT_EQ(registrable.value_or(""), row.registrable);
    if (registrable) {
      // A view of the argument, and not of a buffer that is gone.
      EXPECT_EQ(registrable->data() + registrable->size(), row.name.data() + row.name.size());
    }
  }
  EXPECT_FALSE(is_public_suffix(std::string(300, 'a')));
  EXPECT_FALSE(registrable_domain(std::string(300, 'a') + ".com"));
}

TEST(Domain, every_shared_host_is_canonical_and_new_to_the_list) {
  std::set<std::string_view> seen;
  for (const SharedHostRow& row : shared_hosts()) {
    SCOPED_TRACE(row.name);
    EXPECT_TRUE(seen.insert(row.name).second) << "twice in the table";
    if (row.reason.substr(0, 14) != "in some lists:") {
      EXPECT_FALSE(is_public_suffix(row.name)) << "the list has it";
    }
    const auto name = canonical_domain(row.name);
    ASSERT_TRUE(name);
    EXPECT_EQ(name->ascii, row.name);
    EXPECT_FALSE(row.reason.empty());
    EXPECT_TRUE(is_shared_host(row.name));
    EXPECT_FALSE(covers_subdomains(row.name));
  }
  EXPECT_GE(seen.size(), 60u);
}

TEST(Domain, only_names_without_strangers_cover_what_is_below) {
  EXPECT_TRUE(covers_subdomains("evil.example"));
  EXPECT_TRUE(covers_subdomains("google.com"));
  EXPECT_TRUE(covers_subdomains("evil.workers.dev"));
  EXPECT_TRUE(covers_subdomains("evil.sharepoint.com"));
  EXPECT_FALSE(covers_subdomains("github.com"));
  EXPECT_FALSE(covers_subdomains("workers.dev"));
  EXPECT_FALSE(covers_subdomains("weebly.com"));
  EXPECT_FALSE(is_shared_host("notgithub.com"));
  EXPECT_FALSE(is_shared_host("api.github.com"));
  EXPECT_FALSE(is_shared_host(""));
}

}  // namespace
}  // namespace spoor
