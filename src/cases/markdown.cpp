#include "cases/markdown.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"

namespace spoor {
namespace {

std::size_t longest_run_of_backticks(std::string_view text) {
  std::size_t longest = 0, run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

bool is_punctuation(char c) {
  return c > ' ' && c < 0x7F && !is_alnum(c);
}

}  // namespace

std::string markdown_text(std::string_view text) {
  std::string out;
  for (const char c : terminal_safe(text)) {
    if (c == '<') {
      out += "&lt;";  // even where a renderer forgets about backslashes
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '\t') {
      out += ' ';
    } else {
      if (is_punctuation(c)) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  std::string safe = terminal_safe(text);
  std::replace(safe.begin(), safe.end(), '\t', ' ');
  if (safe.empty()) return {};
  const std::string fence(longest_run_of_backticks(safe) + 1, '`');
  // One blank on each side is taken away again by the renderer; it keeps backticks apart.
  const bool pad =
      safe.front() == '`' || safe.back() == '`' || safe.front() == ' ' || safe.back() == ' ';
  const std::string_view blank = pad ? " " : "";
  std::string out = fence;
  out.append(blank).append(safe).append(blank).append(fence);
  return out;
}

std::string markdown_block(const std::vector<std::string>& lines) {
  std::string body;
  for (const std::string& line : lines) body += terminal_safe(line) + "\n";
  const std::string fence(std::max<std::size_t>(3, longest_run_of_backticks(body) + 1), '`');
  return fence + "\n" + body + fence + "\n";
}

std::string markdown_link(std::string_view url) {
  const auto is_plain = [](char c) {
    return is_alnum(c) ||
           std::string_view("-._~:/?#@!$&*+,;=%").find(c) != std::string_view::npos;
  };
  if (url.substr(0, 8) == "https://" && url.size() < 2000 &&
      std::all_of(url.begin(), url.end(), is_plain)) {
    return "<" + std::string(url) + ">";
  }
  return markdown_code(url);
}

}  // namespace spoor
