#include "feeds/columns.h"

#include "feeds/feed_test_support.h"

namespace spoor {
namespace {

ReadOptions with(const char* columns) {
  ReadOptions options;
  const auto choices = parse_column_choices(columns);
  EXPECT_TRUE(choices) << choices.error().message;
  if (choices) options.columns = *choices;
  return options;
}

TEST(Columns, every_field_goes_to_its_place) {
  const ReadResult result = read_as(
      "csv",
      "ioc,kind,seen,until,last,score,family,who,tlp,pap,ids,on,tech,tag,note,head,part\n"
      "evil.example,domain,2026-01-01,2026-02-01,2026-01-15,80%,Emotet,TA542,red,PAP:GREEN,0,"
      "no,T1566;T1059.001 x,dga,text,title,c2\n",
      "x",
      with("value=ioc,type=kind,created=seen,expiration=until,last-said=last,confidence=score,"
           "malware=family,adversary=who,tlp=tlp,pap=pap,detect=ids,active=on,attack=tech,"
           "tags=tag,description=note,title=head,role=part"));
  ASSERT_TRUE(result.status) << result.status.error().message;
  ASSERT_EQ(result.rows.size(), 1u);
  const RawIndicator& row = result.rows[0];
  EXPECT_EQ(row.type, "domain");
  EXPECT_EQ(row.value, "evil.example");
  EXPECT_EQ(row.role, "c2");
  EXPECT_EQ(row.title, "title");
  EXPECT_EQ(row.description, "text; tags: dga");
  EXPECT_EQ(format_iso8601(*row.created), "2026-01-01T00:00:00Z");
  EXPECT_EQ(format_iso8601(*row.expiration), "2026-02-02T00:00:00Z") << "that day included";
  EXPECT_EQ(format_iso8601(*row.facts.last_said), "2026-01-15T00:00:00Z");
  EXPECT_EQ(row.facts.confidence, 80);
  EXPECT_EQ(row.facts.malware, "Emotet");
  EXPECT_EQ(row.facts.adversary, "TA542");
  EXPECT_EQ(row.facts.tlp, Tlp::kRed);
  EXPECT_EQ(row.facts.pap, Pap::kGreen);
  EXPECT_EQ(row.facts.attack_ids, (std::vector<std::string>{"T1566", "T1059.001"}));
  EXPECT_FALSE(row.facts.detect);
  EXPECT_FALSE(row.active);
  EXPECT_EQ(row.where, "x:2");
  EXPECT_TRUE(result.notes.empty());
}

TEST(Columns, by_name_by_number_with_any_separator) {
  for (const char separator : {',', ';', '\t', '|'}) {
    const std::string s(1, separator);
    const std::string table =
        "id" + s + "Domain Name" + s + "x\n1" + s + "evil.example" + s + "y\n";
    for (const char* choice : {"value=Domain Name", "value=domain name", "value=2"}) {
      const ReadResult result = read_as("csv", table, "x", with(choice));
      ASSERT_TRUE(result.status) << choice << s << result.status.error().message;
      EXPECT_EQ(claims_of_rows(result.rows), RowLines{"|evil.example"}) << choice << s;
    }
  }
}

TEST(Columns, without_a_header_every_record_is_a_row) {
  ReadOptions options = with("md5=1,malware=2");
  options.header = false;
  ReadResult result = read_as("csv", "a;Emotet\nb;Qakbot\n", "x", options);
  EXPECT_EQ(claims_of_rows(result.rows), (RowLines{"md5|a", "md5|b"}));
  options = with("value=name");
  options.header = false;
  result = read_as("csv", "name,b\n", "x", options);
  ASSERT_FALSE(result.status);
  EXPECT_NE(result.status.error().message.find("numbers"), std::string::npos);
}

TEST(Columns, a_separator_of_its_own) {
  ReadOptions options = with("value=a,malware=b");
  options.separator = '~';
  EXPECT_EQ(claims_of_rows(read_as("csv", "a~b\nevil.example~x,y\n", "x", options).rows),
            RowLines{"|evil.example"});
  options.separator = ',';
  EXPECT_FALSE(read_as("csv", "a;b\n1;2\n", "x", options).status);
}

TEST(Columns, several_values_a_row_and_words_for_all) {
  const ReadResult result = read_as("csv", "h,d\nabc,evil.example\n,other.example\n,\n", "x",
                                    with("sha256=h,domain=d,malware:Emotet,tlp:green"));
  ASSERT_EQ(claims_of_rows(result.rows),
            (RowLines{"sha256|abc", "domain|evil.example", "domain|other.example"}));
  EXPECT_EQ(result.rows[2].facts.malware, "Emotet");
  EXPECT_EQ(result.rows[2].facts.tlp, Tlp::kGreen);
  EXPECT_EQ(result.damaged.total(), 1u);
}

TEST(Columns, a_commented_header_names_columns) {
  EXPECT_EQ(
      claims_of_rows(
          read_as("csv", "# first,ioc\n2026,evil.example\n", "x", with("value=ioc")).rows),
      RowLines{"|evil.example"});
}

TEST(Columns, a_name_that_is_not_there_lists_what_is) {
  const ReadResult result = read_as("csv", "a;b;c d\n1;2;3\n", "x", with("value=ioc,type=b"));
  ASSERT_FALSE(result.status);
  EXPECT_EQ(result.status.error().message, "no column 'ioc': found the columns a, b, c d");
  EXPECT_FALSE(read_as("csv", "a\n1\n", "x", with("value=7")).status);
  EXPECT_FALSE(read_as("csv", "", "x", with("value=1")).status);
}

TEST(Columns, what_is_not_understood_is_a_note) {
  const ReadResult result =
      read_as("csv", "v,c,s,p\nevil.example,soon,often,blue\nother.example,-,null,none\n", "x",
              with("value=v,created=c,confidence=s,pap=p"));
  EXPECT_EQ(result.rows.size(), 2u);
  EXPECT_EQ(result.notes.total(), 3u);
}

TEST(Columns, choices_are_checked) {
  const struct {
    const char* text;
    const char* error;
  } kCases[] = {
      {"", "no column of values, expected value=COLUMN"},
      {"type=a", "no column of values, expected value=COLUMN"},
      {"value:evil.example", "no column of values, expected value=COLUMN"},
      {"value", "found 'value', expected FIELD=COLUMN or FIELD:WORD"},
      {"value=", "found 'value=', expected FIELD=COLUMN or FIELD:WORD"},
  };
  for (const auto& c : kCases) {
    const auto choices = parse_column_choices(c.text);
    ASSERT_FALSE(choices) << c.text;
    EXPECT_EQ(choices.error().message, c.error);
  }
  const auto unknown = parse_column_choices("value=a,colour=b");
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().message.find("'colour'"), std::string::npos);
  EXPECT_NE(unknown.error().message.find("confidence"), std::string::npos);
}

TEST(Columns, separators_have_names) {
  EXPECT_EQ(*parse_separator("tab"), '\t');
  EXPECT_EQ(*parse_separator("\\t"), '\t');
  EXPECT_EQ(*parse_separator(";"), ';');
  EXPECT_EQ(*parse_separator("pipe"), '|');
  for (const char* bad : {"", "ab", "\"", "#", "\n", "a", " "})
    EXPECT_FALSE(parse_separator(bad)) << bad;
}

TEST(Columns, other_formats_take_none) {
  const ReadResult result = read_as("list", "evil.example\n", "x", with("value=a"));
  ASSERT_FALSE(result.status);
  EXPECT_NE(result.status.error().message.find("csv"), std::string::npos);
}

}  // namespace
}  // namespace spoor
