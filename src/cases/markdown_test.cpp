// Hostile text inside Markdown. That nothing breaks out is checked by reading the text back as
// CommonMark's block and span rules say, not by looking for what one expects.

#include "cases/markdown.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>

namespace spoor {
namespace {

TEST(MarkdownText, escapes_all_that_could_mean_something) {
  EXPECT_EQ(markdown_text("plain text 1"), "plain text 1");
  EXPECT_EQ(markdown_text("*a* _b_ `c`"), "\\*a\\* \\_b\\_ \\`c\\`");
  EXPECT_EQ(markdown_text("<img src=x onerror=alert(1)>"),
            "&lt;img src\\=x onerror\\=alert\\(1\\)&gt;");
  EXPECT_EQ(markdown_text("![x](http://evil.example/p.png)"),
            "\\!\\[x\\]\\(http\\:\\/\\/evil\\.example\\/p\\.png\\)");
  EXPECT_EQ(markdown_text("a\n# b\r\n- c"), "a\\\\n\\# b\\\\r\\\\n\\- c");
  EXPECT_EQ(markdown_text("\x1b[31mred\x1b[0m"), "\\\\x1b\\[31mred\\\\x1b\\[0m");
  EXPECT_EQ(markdown_text("&amp;"), "&amp;amp\\;");
  EXPECT_EQ(markdown_text("\xE2\x80\xAE"), "\\\\u\\{202e\\}");
}

TEST(MarkdownCode, is_a_span_that_text_cannot_end) {
  EXPECT_EQ(markdown_code("evil.example"), "`evil.example`");
  EXPECT_EQ(markdown_code("a`b"), "``a`b``");
  EXPECT_EQ(markdown_code("``"), "``` `` ```");
  EXPECT_EQ(markdown_code("`<script>`"), "`` `<script>` ``");
  EXPECT_EQ(markdown_code(""), "");
  EXPECT_EQ(markdown_code("a\nb"), "`a\\nb`");
}

TEST(MarkdownLink, links_only_what_is_plainly_a_link) {
  EXPECT_EQ(markdown_link("https://a.example/x?y=1#z"), "<https://a.example/x?y=1#z>");
  EXPECT_EQ(markdown_link("http://a.example/"), "`http://a.example/`");
  EXPECT_EQ(markdown_link("javascript:alert(1)"), "`javascript:alert(1)`");
  EXPECT_EQ(markdown_link("https://a.example/> <b>"), "`https://a.example/> <b>`");
}

/// What a reader of CommonMark takes for the content of the one block of `text`; nothing where
/// the block ends early or late.
std::optional<std::string> block_content(const std::string& text) {
  std::size_t fence = 0;
  while (fence < text.size() && text[fence] == '`') ++fence;
  if (fence < 3 || text[fence] != '\n') return std::nullopt;
  std::string content;
  for (std::size_t at = fence + 1; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string::npos) return std::nullopt;
    const std::string line = text.substr(at, end - at);
    // A closing fence: at most three blanks, at least as many backticks, blanks.
    std::size_t i = 0, run = 0;
    while (i < line.size() && i < 3 && line[i] == ' ') ++i;
    while (i < line.size() && line[i] == '`') ++i, ++run;
    while (i < line.size() && (line[i] == ' ' || line[i] == '\t')) ++i;
    if (run >= fence && i == line.size())
      return end + 1 == text.size() ? std::optional(content) : std::nullopt;
    content += line + "\n";
    at = end + 1;
  }
  return std::nullopt;
}

TEST(MarkdownBlock, ends_where_it_should_whatever_the_lines_hold) {
  EXPECT_EQ(markdown_block({"a"}), "```\na\n```\n");
  EXPECT_EQ(markdown_block({"```", "x"}), "````\n```\nx\n````\n");
  std::mt19937 random(7);
  const std::string alphabet = "`~ \n\t<a\x1b\xFF#-";
  for (int round = 0; round < 20'000; ++round) {
    std::vector<std::string> lines(1 + random() % 4);
    for (std::string& line : lines) {
      for (unsigned n = random() % 12; n > 0; --n) line += alphabet[random() % alphabet.size()];
    }
    const std::string block = markdown_block(lines);
    const auto content = block_content(block);
    ASSERT_TRUE(content) << block;
    ASSERT_EQ(static_cast<std::size_t>(std::count(content->begin(), content->end(), '\n')),
              lines.size());
    ASSERT_EQ(content->find('\x1b'), std::string::npos);
  }
}

}  // namespace
}  // namespace spoor
