#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <random>

#include "io/bytes.h"
#include "io/encoding.h"
#include "io/test_support.h"

namespace spoor {
namespace {

using namespace std::string_literals;

struct Streamed {
  std::vector<Chunk> chunks;
  StreamCounters counters;
  std::string decoders;
  std::vector<Skip> skips;
  std::string error;
};

Streamed stream_of(const std::string& bytes, const StreamOptions& options,
                   std::size_t step = SIZE_MAX) {
  const auto stream = chunk_stream(
      decode(memory_source(bytes, step), std::make_shared<Budget>(options)), options);
  Streamed all;
  for (;;) {
    Chunk chunk;
    const Result<bool> more = stream->next(chunk);
    if (!more) all.error = more.error().message;
    if (!more || !*more) break;
    all.chunks.push_back(std::move(chunk));
  }
  all.counters = stream->counters();
  all.decoders = stream->decoders();
  all.skips = stream->skips();
  return all;
}

StreamOptions tiny(std::size_t chunk, std::size_t line = 512, std::size_t overlap = 64,
                   std::size_t token = 64) {
  StreamOptions options;
  options.chunk_bytes = chunk;
  options.line_limit = line;
  options.overlap = overlap;
  options.token_limit = token;
  return options;
}

/// Everything that must hold of any stream, whatever the bytes; `text` is what was decoded.
void check(const Streamed& all, const std::string& text, const std::string& name) {
  SCOPED_TRACE(name);
  std::uint64_t end = 0;  // of what was shown or skipped
  std::uint64_t skipped = 0;
  std::size_t tail = 0;
  for (std::size_t i = 0; i < all.chunks.size(); ++i) {
    SCOPED_TRACE("chunk " + std::to_string(i));
    const Chunk& chunk = all.chunks[i];
    ASSERT_LE(chunk.offset + chunk.text.size(), text.size());
    ASSERT_EQ(chunk.text, text.substr(chunk.offset, chunk.text.size()));
    ASSERT_EQ(chunk.overlap, tail);
    ASSERT_GE(chunk.offset + chunk.overlap, end);
    skipped += chunk.offset + chunk.overlap - end;
    end = chunk.offset + chunk.text.size();
    tail = chunk.shared_tail;
    ASSERT_LT(tail, std::max<std::size_t>(chunk.text.size(), 1));

    const std::string_view all_text = text;
    const std::string_view before = all_text.substr(0, chunk.offset);
    const TextEncoding encoding = chunk.encoding;
    ASSERT_EQ(chunk.offset % unit_bytes(encoding), 0u);
    ASSERT_EQ(chunk.line, count_line_ends(before, encoding) + 1);
    const std::size_t line_end = last_line_end(before, 0, before.size(), encoding);
    const std::size_t event = line_end == std::string::npos ? 0 : line_end;
    ASSERT_EQ(chunk.event_offset, event);
    ASSERT_EQ(chunk.continues_event, event != chunk.offset);
    if (chunk.continues_event) {
      ASSERT_EQ(without_line_end(chunk.event_head.substr(
                                     0, next_line_end(chunk.event_head, 0,
                                                      chunk.event_head.size(), encoding)),
                                 encoding),
                without_line_end(
                    text.substr(event, 4096)
                        .substr(0, next_line_end(text.substr(event, 4096), 0, 4096, encoding)),
                    encoding));
    } else {
      ASSERT_EQ(chunk.event_head, "");
    }
    ASSERT_EQ(chunk.ends_stream, i + 1 == all.chunks.size());
    const std::string_view shown = all_text.substr(0, end);
    const bool at_line_end = last_line_end(shown, 0, shown.size(), encoding) == end;
    ASSERT_EQ(chunk.cut_head.empty(), at_line_end || chunk.ends_stream || chunk.text.empty());
    if (!chunk.ends_stream && at_line_end) {
      const std::string_view line = without_line_end(shown, encoding);
      ASSERT_FALSE(line.size() >= unit_bytes(encoding) &&
                   unit_at(line, line.size() - unit_bytes(encoding), encoding) == '=')
          << "cut after a soft break";
    }
  }
  if (!all.chunks.empty()) {
    skipped += text.size() - end;
    EXPECT_EQ(all.chunks.back().offset + all.chunks.back().text.size(), text.size());
  } else {
    EXPECT_EQ(text, "");
  }
  EXPECT_EQ(all.counters.bytes_skipped, skipped);
  EXPECT_EQ(all.counters.bytes_decoded, text.size());
  const TextEncoding encoding =
      all.chunks.empty() ? TextEncoding::kBytes : all.chunks[0].encoding;
  const std::size_t ends = count_line_ends(text, encoding);
  const std::size_t last = last_line_end(text, 0, text.size(), encoding);
  const bool partial = !text.empty() && last != text.size();
  EXPECT_EQ(all.counters.lines, ends + (partial ? 1 : 0));
}

std::string some_text(unsigned seed, std::size_t size, std::string_view alphabet) {
  std::mt19937 random(seed);
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += alphabet[random() % alphabet.size()];
  return text;
}

struct PlanCase {
  std::string name, text;
};

std::vector<PlanCase> plan_cases() {
  std::string lines;
  for (int i = 0; i < 300; ++i)
    lines += "line " + std::to_string(i) + std::string(i % 90, '.') + "\n";
  std::string crlf = lines;
  for (std::size_t at = 0; (at = crlf.find('\n', at)) != std::string::npos; at += 2)
    crlf.insert(at, "\r");
  std::string soft;
  for (int i = 0; i < 300; ++i)
    soft += "soft" + std::string(i % 40, '.') + (i % 3 != 0 ? "=\n" : "\r\n");
  std::vector<PlanCase> cases = {
      {"nothing", ""},
      {"one byte", "x"},
      {"one line end", "\n"},
      {"no line end at the end", "a\nb"},
      {"lines", lines},
      {"crlf", crlf},
      {"soft breaks", soft},
      {"only soft breaks",
       [] {
         std::string s;
         for (int i = 0; i < 2000; ++i) s += "=\n";
         return s;
       }()},
      {"soft breaks with blanks",
       [] {
         std::string s;
         for (int i = 0; i < 2000; ++i) s += "ab =\r\n";
         return s;
       }()},
      {"an endless line of words", some_text(1, 9000, "abc. ")},
      {"an endless line with quotes only", some_text(2, 9000, "abcdefghijk\"")},
      {"an endless token", std::string(9000, 'x')},
      {"an endless token between lines", "a\n" + std::string(9000, 'x') + "\nb\n"},
      {"endless tokens in an endless line", "start " + std::string(3000, 'x') +
                                                " middle words here " + std::string(3000, 'y') +
                                                " end\nnext\n"},
      {"an endless token with soft breaks in it", "a b " + some_text(3, 700, "x") + "=\n" +
                                                      some_text(3, 900, "y") + "=\r\n" +
                                                      some_text(3, 900, "z") + " tail\nnext\n"},
      {"zeros", std::string(9000, '\0')},
      {"zeros and lines", some_text(4, 9000, "\0\0\0a\n"s)},
      {"few letters", some_text(5, 9000, "a= \r\n")},
      {"bytes over 127", some_text(6, 9000, "\xc3\xa9\xff \n")},
      {"utf-16 lines", utf16(lines)},
      {"utf-16 lines, big-endian", utf16(lines, true)},
      {"utf-16 with mark and odd count", "\xFF\xFE" + utf16(lines) + "x"},
      {"utf-16, odd count in an endless line", utf16(some_text(7, 5000, "abc. ")) + "x"},
      {"utf-16 endless token", utf16("start " + std::string(4000, 'x') + " end\nb\n")},
      {"utf-16 endless token at the end", utf16("start " + std::string(4000, 'x'))},
      {"utf-16 soft breaks", utf16(soft)},
      {"utf-16 mark alone", "\xFF\xFE"},
  };
  for (unsigned seed = 10; seed < 30; ++seed) {
    cases.push_back(
        {"random " + std::to_string(seed),
         some_text(seed, 4000, "ab=\r\n \"x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x")});
    cases.push_back({"random utf-16 " + std::to_string(seed),
                     "\xFF\xFE" + some_text(seed, 4000, "\n\0a\0=\0\0\0\x0a\r\0 \0"s)});
  }
  return cases;
}

TEST(Chunk, the_plan_covers_every_byte_and_depends_on_bytes_alone) {
  for (const PlanCase& each : plan_cases()) {
    for (const std::size_t size : {64u, 100u, 1000u, 1u << 20}) {
      const StreamOptions options = tiny(size);
      const Streamed all = stream_of(each.text, options);
      check(all, each.text, each.name + ", chunks of " + std::to_string(size));
      if (HasFatalFailure()) return;
      for (const std::size_t step : {1u, 7u}) {
        const Streamed slow = stream_of(each.text, options, step);
        ASSERT_EQ(slow.chunks.size(), all.chunks.size()) << each.name;
        for (std::size_t i = 0; i < all.chunks.size(); ++i) {
          EXPECT_EQ(slow.chunks[i].text, all.chunks[i].text) << each.name;
          EXPECT_EQ(slow.chunks[i].offset, all.chunks[i].offset) << each.name;
          EXPECT_EQ(slow.chunks[i].cut_head, all.chunks[i].cut_head) << each.name;
          EXPECT_EQ(slow.chunks[i].event_head, all.chunks[i].event_head) << each.name;
        }
      }
    }
  }
}

TEST(Chunk, cuts_at_the_last_line_end_before_the_target) {
  const std::string line(30, 'x');
  const Streamed all = stream_of(line + "\n" + line + "\n" + line + "\n", tiny(64));
  ASSERT_EQ(all.chunks.size(), 2u);
  EXPECT_EQ(all.chunks[0].text, line + "\n" + line + "\n");
  EXPECT_EQ(all.chunks[1].line, 3u);
}

TEST(Chunk, lines_come_while_who_writes_pauses) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  InputFile file;
  file.path = file.shown = "/dev/fd/" + std::to_string(ends[0]);
  file.named = true;
  const auto say = [&](std::string_view text) {
    ASSERT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  };
  say("one\ntw");
  auto stream = open_stream(file, {});
  ASSERT_TRUE(stream) << stream.error().message;
  Chunk chunk;
  ASSERT_TRUE((*stream)->next(chunk).value_or(false));  // would wait for ever for a whole chunk
  EXPECT_EQ(chunk.text, "one\n");
  EXPECT_FALSE(chunk.ends_stream);
  say("o\nthree");
  ASSERT_TRUE((*stream)->next(chunk).value_or(false));
  EXPECT_EQ(chunk.text, "two\n");
  EXPECT_EQ(chunk.line, 2u);
  ::close(ends[1]);
  ASSERT_TRUE((*stream)->next(chunk).value_or(false));
  EXPECT_EQ(chunk.text, "three");
  EXPECT_TRUE(chunk.ends_stream);
  EXPECT_EQ((*stream)->counters().lines, 3u);
  ::close(ends[0]);
}

TEST(Chunk, keeps_a_line_longer_than_the_target_whole) {
  const std::string line(300, 'x');
  const Streamed all = stream_of("a\n" + line + "\nb\n", tiny(64));
  ASSERT_EQ(all.chunks.size(), 3u);
  EXPECT_EQ(all.chunks[1].text, line + "\n");
}

TEST(Chunk, every_place_of_an_endless_line_is_seen_with_both_its_sides) {
  std::string text;
  for (int i = 0; text.size() < 20'000; ++i) text += "word" + std::to_string(i) + " ";
  const Streamed all = stream_of(text, tiny(64));
  check(all, text, "words");
  ASSERT_GT(all.chunks.size(), 20u);
  EXPECT_EQ(all.counters.bytes_skipped, 0u);
  EXPECT_TRUE(all.error.empty());
  // The rule of the header: hits before the middle of the overlap belong to the earlier chunk.
  for (std::size_t i = 0; i + 1 < all.chunks.size(); ++i) {
    EXPECT_GE(all.chunks[i].shared_tail, 32u);
    EXPECT_LE(all.chunks[i].shared_tail, 64u);
    EXPECT_EQ(all.chunks[i].text.back(), ' ') << "cut at the border of a word";
    EXPECT_EQ(all.chunks[i + 1].event_offset, 0u);
    EXPECT_EQ(all.chunks[i + 1].event_head, text.substr(0, 4096));
    EXPECT_EQ(all.chunks[i].cut_head, text.substr(0, 4096));
  }
}

TEST(Chunk, tallies_an_endless_token) {
  const std::string token(3000, 'x');
  const Streamed all = stream_of("start " + token + " end\nnext\n", tiny(64));
  EXPECT_EQ(all.counters.bytes_skipped, token.size());
  EXPECT_EQ(all.error, "tokens of more than 64 bytes in lines of more than 512");
  ASSERT_EQ(all.skips.size(), 1u);
  EXPECT_EQ(all.skips[0].bytes, token.size());
  ASSERT_GE(all.chunks.size(), 2u);
  EXPECT_EQ(all.chunks[0].text, "start ");
  EXPECT_EQ(all.chunks[1].text.substr(0, 5), " end\n");
  EXPECT_TRUE(all.chunks[1].continues_event);
}

TEST(Chunk, a_line_of_64_mb_keeps_its_end) {
  std::string text(64 << 20, 'a');
  for (std::size_t i = 100; i < text.size(); i += 101) text[i] = ' ';
  text += " evil.example";
  const auto stream = open_memory(text, StreamOptions{});
  Chunk chunk, last;
  std::size_t chunks = 0, largest = 0;
  for (;;) {
    const Result<bool> more = stream->next(chunk);
    ASSERT_TRUE(more);
    if (!*more) break;
    ++chunks;
    largest = std::max(largest, chunk.text.size());
    last = std::move(chunk);
  }
  EXPECT_EQ(chunks, 9u);
  EXPECT_LE(largest, (8u << 20) + (64u << 10));
  EXPECT_EQ(last.text.substr(last.text.size() - 12), "evil.example");
  EXPECT_EQ(last.line, 1u);
  EXPECT_EQ(last.event_offset, 0u);
  EXPECT_EQ(stream->counters().lines, 1u);
  EXPECT_EQ(stream->counters().bytes_decoded, text.size());
}

TEST(Chunk, says_what_it_decoded_and_where_that_broke_off) {
  const std::string text = some_text(1, 5000, "abcdefgh \n");
  const Streamed whole = stream_of(gzip(zstd(text)), tiny(1000));
  check(whole, text, "whole");
  EXPECT_EQ(whole.decoders, "gzip,zstd");
  EXPECT_EQ(whole.error, "");
  EXPECT_EQ(whole.counters.bytes_read, gzip(zstd(text)).size());

  const std::string bytes = gzip(text);
  const Streamed cut = stream_of(bytes.substr(0, bytes.size() / 2), tiny(1000));
  ASSERT_FALSE(cut.chunks.empty());
  check(cut, text.substr(0, cut.counters.bytes_decoded), "cut");
  EXPECT_EQ(cut.error, "gzip: unexpected end after " +
                           std::to_string(cut.counters.bytes_decoded) + " bytes");

  const Streamed split = stream_of(gzip("query: ev") + gzip("il.example\n") + "junk", tiny(64));
  ASSERT_EQ(split.chunks.size(), 1u);
  EXPECT_EQ(split.chunks[0].text, "query: evil.example\n");
  EXPECT_EQ(split.error, "4 bytes after the last gzip member");
  ASSERT_EQ(split.skips.size(), 1u);
  EXPECT_EQ(split.skips[0].bytes, 4u);
}

TEST(Chunk, padding_is_said_and_is_no_error) {
  const Streamed all = stream_of(gzip("a\n") + std::string(100, '\0'), tiny(64));
  EXPECT_EQ(all.error, "");
  ASSERT_EQ(all.skips.size(), 1u);
  EXPECT_FALSE(all.skips[0].incomplete);
}

TEST(Chunk, stops_at_absurd_expansion) {
  StreamOptions options = tiny(1 << 16);
  options.expansion_floor = 1 << 20;
  options.expansion_limit = 100;
  const Streamed all = stream_of(gzip(std::string(8 << 20, '\n')), options);
  EXPECT_NE(all.error.find("decompresses to more than 100 times its size"), std::string::npos)
      << all.error;
  EXPECT_LT(all.counters.bytes_decoded, 3u << 20);
  options.expansion_limit = 10'000;
  EXPECT_EQ(stream_of(gzip(std::string(8 << 20, '\n')), options).error, "");
}

TEST(Chunk, holes_of_a_sparse_file_are_passed_over_and_told) {
  const TemporaryFolder folder;
  const std::string path = folder / "sparse";
  const std::string words[] = {"first line\n", "second evil.example\n", "the last"};
  constexpr std::uint64_t kGap = std::uint64_t{1} << 38;  // a quarter of a terabyte
  {
    std::ofstream out(path, std::ios::binary);
    for (std::uint64_t i = 0; i < 3; ++i) {
      out.seekp(static_cast<std::streamoff>(i * kGap));
      out << words[i];
    }
    out.flush();
    if (!out) GTEST_SKIP() << "no file of half a terabyte can be made here";
  }
  std::filesystem::resize_file(path, 3 * kGap);  // and a hole at the end
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  if (info.st_blocks > 1 << 20) GTEST_SKIP() << "the file system has no holes";
  InputFile file;
  file.path = path;
  const auto stream = open_stream(file, {});
  ASSERT_TRUE(stream);
  Chunk chunk;
  std::uint64_t shown = 0;
  std::size_t found = 0;
  for (bool more = true; more;) {
    const Result<bool> next = (*stream)->next(chunk);
    ASSERT_TRUE(next) << next.error().message;
    more = *next;
    shown += chunk.text.size() - chunk.overlap;
    for (std::uint64_t i = 0; i < 3; ++i) {
      const std::size_t at = chunk.text.find(words[i]);
      if (at == std::string::npos || at < chunk.overlap) continue;
      ++found;
      EXPECT_EQ(chunk.offset + at, i * kGap);
      EXPECT_EQ(chunk.line +
                    static_cast<std::uint64_t>(std::count(
                        chunk.text.begin(), chunk.text.begin() + static_cast<long>(at), '\n')),
                i + 1);
    }
  }
  EXPECT_EQ(found, 3u);
  EXPECT_EQ((*stream)->counters().bytes_read, 3 * kGap);
  EXPECT_EQ((*stream)->counters().bytes_decoded, 3 * kGap);
  EXPECT_EQ((*stream)->counters().lines, 3u);
  EXPECT_LT(shown, std::uint64_t{64} << 20);
  const std::vector<Skip> skips = (*stream)->skips();
  ASSERT_EQ(skips.size(), 1u);
  EXPECT_EQ(skips[0].reason, "zeros in holes of a sparse file, passed over");
  EXPECT_FALSE(skips[0].incomplete);
  EXPECT_EQ(skips[0].bytes + shown, 3 * kGap);
}

TEST(Chunk, an_error_comes_again_when_asked_again) {
  const auto stream = open_memory(gzip("abc").substr(0, 12), tiny(64));
  Chunk chunk;
  while (true) {
    const Result<bool> more = stream->next(chunk);
    if (!more) break;
    ASSERT_TRUE(*more);
  }
  EXPECT_FALSE(stream->next(chunk));
}

TEST(Chunk, a_file_that_cannot_be_opened_is_an_error) {
  const TemporaryFolder folder;
  InputFile file;
  file.path = folder / "vanished";
  const auto stream = open_stream(file, StreamOptions{});
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().message, "no such file or directory");
}

}  // namespace
}  // namespace spoor
