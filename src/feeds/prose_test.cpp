#include "feeds/prose.h"

#include <gtest/gtest.h>

namespace spoor {
namespace {

Prose prose_of(const std::string& text) {
  const auto prose = read_prose(text);
  EXPECT_TRUE(prose) << prose.error().message;
  return prose ? *prose : Prose{};
}

TEST(Prose, titles_of_plain_text) {
  EXPECT_EQ(prose_of("# A report\n\ntext").title, "A report");
  EXPECT_EQ(prose_of("Threat report of May\n\nfirst line\n").title, "Threat report of May");
  EXPECT_EQ(prose_of("evil.example\n\nother.example\n").title, "") << "a value is no title";
  EXPECT_EQ(prose_of("one line\nof many\n").title, "");
}

TEST(Prose, html_is_text_with_links) {
  const Prose prose = prose_of(
      "<!DOCTYPE html><html><head><title>A &amp; B\n report</title><style>p{}</style>"
      "<script>var x = 'evil.example';</script></head><body><!-- hidden.example -->"
      "<p>See <a href=\"https://blog.example/a?b=1&amp;c=2\">here</a>:\n "
      "hxxp://evil<b>[.]</b>example/</p>"
      "<table><tr><td>192[.]0[.]2[.]7</td><td>C2</td></tr></table><pre>a\n b</pre>"
      "x &lt; y &#65;&#x42; &unknown; 1 < 2</body></html>");
  EXPECT_EQ(prose.title, "A & B report");
  EXPECT_EQ(prose.links, std::vector<std::string>{"https://blog.example/a?b=1&c=2"});
  EXPECT_EQ(
      prose.text,
      "See here:  hxxp://evil[.]example/\n192[.]0[.]2[.]7\tC2\t\na\n b\nx < y AB &unknown; "
      "1 < 2\n");
}

TEST(Prose, broken_html_ends) {
  for (const char* text : {"<html><script>never closed", "<html><a href=\"x", "<html><!-- x",
                           "<html><", "<html></", "<html>&#xFFFFFFFFF;&#;&;&"}) {
    EXPECT_TRUE(read_prose(text)) << text;
  }
}

TEST(Prose, a_mail_is_its_subject_and_its_text) {
  const Prose prose = prose_of(
      "Received: from mail.example ([192.0.2.1])\r\nFrom: Author <author@vendor.example>\r\n"
      "To: list@cert.example\r\nDate: Tue, 24 Nov 2026 10:54:14 +0100\r\n"
      "Subject: =?utf-8?Q?New_=C3=84?= campaign\r\nContent-Transfer-Encoding: "
      "quoted-printable\r\n\r\nC2: hxxp://evil[.]exam=\r\nple/a=3Db\r\n");
  EXPECT_EQ(prose.title, "New \xC3\x84 campaign");
  EXPECT_EQ(format_iso8601(*prose.date), "2026-11-24T09:54:14Z");
  EXPECT_NE(prose.text.find("hxxp://evil[.]example/a=b"), std::string::npos);
  EXPECT_EQ(prose.text.find("vendor.example"), std::string::npos)
      << "who wrote is no indicator";
}

TEST(Prose, parts_of_a_mail) {
  const Prose prose = prose_of(
      "From: a@b.example\nTo: c@d.example\nSubject: x\nMIME-Version: 1.0\n"
      "Content-Type: multipart/mixed; boundary=\"BB\"\n\npreamble\n--BB\n"
      "Content-Type: multipart/alternative; boundary=CC\n\n--CC\nContent-Type: "
      "text/plain\nContent-Transfer-Encoding: base64\n\nZXZpbFsuXWV4YW1w\nbGU=\n--CC\n"
      "Content-Type: text/html\n\n<html><p>html[.]example</p></html>\n--CC--\n--BB\n"
      "Content-Type: application/pdf; name=x.pdf\nContent-Transfer-Encoding: "
      "base64\n\nAAAA\n--BB\nContent-Type: text/plain\nContent-Disposition: attachment\n\n"
      "attached[.]example\n--BB--\nafter[.]example\n");
  EXPECT_NE(prose.text.find("evil[.]example"), std::string::npos);
  EXPECT_NE(prose.text.find("html[.]example"), std::string::npos);
  EXPECT_EQ(prose.text.find("attached"), std::string::npos);
  EXPECT_EQ(prose.text.find("after"), std::string::npos);
  EXPECT_EQ(prose.passed, (std::vector<std::string>{"application/pdf", "text/plain"}));
}

TEST(Prose, nested_mails_end) {
  std::string text = "From: a@b.example\nTo: c@d.example\nSubject: x\n";
  for (int i = 0; i < 100; ++i) text += "Content-Type: message/rfc822\n\nSubject: y\n";
  EXPECT_EQ(prose_of(text).passed, std::vector<std::string>{"parts nested too deep"});
}

TEST(Prose, foreign_files_are_told_by_name) {
  const std::pair<std::string, const char*> kFiles[] = {
      {"%PDF-1.7 ...", "a PDF"},
      {std::string("PK\x03\x04...."), "a zip or office file"},
      {"{\\rtf1 ...", "an RTF file"},
      {std::string("abc\0def", 7), "bytes that are no text"},
  };
  for (const auto& [text, what] : kFiles) {
    const auto prose = read_prose(text);
    ASSERT_FALSE(prose) << what;
    EXPECT_EQ(prose.error().message.find(what), 0u) << prose.error().message;
  }
}

}  // namespace
}  // namespace spoor
