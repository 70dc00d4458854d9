// Windows event logs: what becomes of every kind of value, of attributes, arrays and templates;
// and of every kind of damage, of which nothing may crash, loop, or cost sound records.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "io/evtx_builder.h"
#include "io/records_test_support.h"
#include "io/test_support.h"

namespace spoor {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

/// What a single value becomes, between <Data Name='x'> and </Data>.
std::string shown(const EvtxValue& value) {
  EvtxChunk chunk;
  chunk.add_event(1, {{"x", value}});
  const Read read = read_all(evtx_file({chunk.finish()}));
  if (read.texts.size() != 1 || !read.complete()) return "not read: " + read.reasons();
  const std::string& text = read.texts[0];
  const std::size_t begin = text.find("<Data Name='x'>") + 15;
  return text.substr(begin, text.rfind("</Data>") - begin);
}

std::string guid_bytes() {
  std::string bytes;
  for (int i = 0; i < 16; ++i) bytes += static_cast<char>(i + 1);
  return bytes;
}

TEST(Evtx, renders_a_usual_event) {
  EvtxChunk chunk;
  chunk.add_event(7, {{"Url", evtx_string("http://evil.example/?a=1&b=2")},
                      {"Port", evtx_number<std::uint16_t>(6, 443)}});
  chunk.add_event(
      8, {{"Url", evtx_string("second")}, {"Port", evtx_number<std::uint16_t>(6, 80)}});
  const Read read = read_all(evtx_file({chunk.finish()}));
  ASSERT_EQ(read.texts.size(), 2u);
  EXPECT_EQ(
      read.texts[0],
      "<Event><System><Provider Name='Spoor-Test'/><EventID>3</EventID><EventRecordID>7"
      "</EventRecordID><TimeCreated SystemTime='2026-11-24T10:54:14.1234567Z'/><Computer>"
      "PC1.corp.example</Computer></System><EventData><Data Name='Url'>"
      "http://evil.example/?a=1&b=2</Data><Data Name='Port'>443</Data></EventData></Event>");
  EXPECT_EQ(read.records[0].number, 7u);
  EXPECT_EQ(read.records[0].offset, 4096u + chunk.records()[0]);
  EXPECT_EQ(read.records[0].length, chunk.records()[1] - chunk.records()[0]);
  EXPECT_EQ(read.records[1].number, 8u);
  EXPECT_TRUE(read.skips.empty()) << read.reasons();
  EXPECT_TRUE(read.ended_well);
  EXPECT_EQ(read.counters.lines, 2u);
  EXPECT_EQ(read.counters.bytes_decoded, 4096u + 65536u);
}

TEST(Evtx, shows_every_type_of_value) {
  const std::string sid = "\1\2\0\0\0\0\0\5\x20\0\0\0\x20\2\0\0"s;
  struct Row {
    EvtxValue value;
    const char* expected;
  };
  const Row rows[] = {
      {{0, ""}, ""},
      {evtx_string("abc"), "abc"},
      {{1, utf16le("abc") + "\0\0"s}, "abc"},
      {{1, utf16le("a\nb")}, "a\nb"},
      {{1, utf16le("a") + "\0\0"s + utf16le("b")}, "a\nb"},
      {{1, "\xE4\0\x3D\xD8\x00\xDE\x00\xD8"s}, "\xC3\xA4\xF0\x9F\x98\x80\xEF\xBF\xBD"},
      {{2, "ansi <b>\0"s}, "ansi &lt;b>"},
      {{3, "\xFE"}, "-2"},
      {{4, "\xFE"}, "254"},
      {evtx_number<std::uint16_t>(5, 0xFFFE), "-2"},
      {evtx_number<std::uint32_t>(7, 0xFFFFFFFE), "-2"},
      {evtx_number<std::uint32_t>(8, 0xFFFFFFFE), "4294967294"},
      {evtx_number<std::uint64_t>(9, ~std::uint64_t{0}), "-1"},
      {evtx_number<std::uint64_t>(0x0A, ~std::uint64_t{0}), "18446744073709551615"},
      {evtx_number<std::uint32_t>(0x0B, 0x3FC00000), "1.5"},
      {evtx_number<std::uint64_t>(0x0C, 0x3FF8000000000000), "1.5"},
      {evtx_number<std::uint32_t>(0x0D, 1), "true"},
      {evtx_number<std::uint32_t>(0x0D, 0), "false"},
      {evtx_number<std::uint8_t>(0x0D, 7), "true"},
      {{0x0E, "\1\xAB"s}, "01AB"},
      {{0x0F, guid_bytes()}, "{04030201-0605-0807-090A-0B0C0D0E0F10}"},
      {evtx_number<std::uint32_t>(0x10, 0xAB), "0xab"},
      {evtx_number<std::uint64_t>(0x10, 0xAB), "0xab"},
      {evtx_number<std::uint64_t>(0x11, 0), "1601-01-01T00:00:00.0000000Z"},
      {evtx_number<std::uint64_t>(0x11, 125911584000000000), "2000-01-01T00:00:00.0000000Z"},
      {{0x12, "\xEA\7\x0B\0\2\0\x18\0\x0A\0\x36\0\x0E\0\x7B\0"s}, "2026-11-24T10:54:14.123Z"},
      {{0x13, sid}, "S-1-5-32-544"},
      {evtx_number<std::uint32_t>(0x14, 0xBEEF), "0xbeef"},
      {evtx_number<std::uint64_t>(0x15, 0xBEEF), "0xbeef"},
      // Sizes that do not fit: what is there, in hexadecimal.
      {{8, "\1\2\3"s}, "010203"},
      {{0x0F, "\1\2"s}, "0102"},
      {{0x13, "\1\5\0\0"s}, "01050000"},
      {{0x7F, "\1\2"s}, "0102"},
      // Arrays: an element each.
      {{0x81, utf16le("one") + "\0\0"s + utf16le("two") + "\0\0"s}, "one</Data><Data>two"},
      {{0x88, "\1\0\0\0\2\0\0\0"s}, "1</Data><Data>2"},
      {{0x93, sid + sid}, "S-1-5-32-544</Data><Data>S-1-5-32-544"},
      {{0x82, "a\0b\0"s}, "a</Data><Data>b"},
      // What could forge a field is escaped, and nothing else.
      {evtx_string("a<b"), "a&lt;b"},
      {evtx_string("a</Data><Data Name='SourceIp'>1"), "a&lt;/Data>&lt;Data Name='SourceIp'>1"},
      {evtx_string("1 < 2 && 'x'"), "1 < 2 && 'x'"},
      {evtx_string("a longer text, of several blocks, with < and & in it"),
       "a longer text, of several blocks, with < and & in it"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(shown(row.value), row.expected) << "type " << int{row.value.type};
  }
}

TEST(Evtx, leaves_out_an_optional_attribute_without_value) {
  for (const bool given : {true, false}) {
    EvtxChunk chunk;
    chunk.add_record(1, [&](EvtxChunk& c) {
      c.fragment();
      c.begin_instance("t");
      c.open("Event", true);
      c.attribute("A", true);
      c.substitution(0, 1, true);
      c.attribute("B");
      c.text("x'y");
      c.close_empty();
      c.end_template();
      c.values({given ? evtx_string("a'<b") : EvtxValue{0, ""}});
      c.eof();
    });
    const Read read = read_all(evtx_file({chunk.finish()}));
    ASSERT_EQ(read.texts.size(), 1u);
    EXPECT_EQ(read.texts[0],
              given ? "<Event A='a&#39;&lt;b' B='x&#39;y'/>" : "<Event B='x&#39;y'/>");
  }
}

TEST(Evtx, reads_values_of_binary_xml) {
  EvtxChunk inner;  // offsets of names are those of the chunk: written in place
  inner.add_record(1, [](EvtxChunk& c) {
    c.fragment();
    c.begin_instance("outer");
    c.open("Event");
    c.close_start();
    c.substitution(0, 0x21);
    c.end();
    c.end_template();
    // The value is written behind its descriptor, so that names lie where they say.
    std::string& bytes = c.bytes();
    append_le<std::uint32_t>(bytes, 1);
    const std::size_t descriptor = bytes.size();
    bytes.append("\0\0\x21\0", 4);
    const std::size_t begin = bytes.size();
    c.fragment();
    c.open("UserData", false, true);
    c.close_start();
    c.text("10.1.2.3");
    c.end();
    c.eof();
    put_le(bytes, descriptor, static_cast<std::uint16_t>(bytes.size() - begin));
    c.eof();
  });
  const Read read = read_all(evtx_file({inner.finish()}));
  ASSERT_EQ(read.texts.size(), 1u) << read.reasons();
  EXPECT_EQ(read.texts[0], "<Event><UserData>10.1.2.3</UserData></Event>");
}

TEST(Evtx, reads_records_without_a_template) {
  EvtxChunk chunk;
  chunk.add_record(1, [](EvtxChunk& c) {
    c.fragment();
    c.open("Event", true, true);
    c.attribute("A");
    c.text("x");
    c.close_start();
    c.open("Ip", false, true);
    c.close_start();
    c.text("192.0.2.1");
    c.end();
    c.end();
    c.eof();
  });
  const Read read = read_all(evtx_file({chunk.finish()}));
  ASSERT_EQ(read.texts.size(), 1u) << read.reasons();
  EXPECT_EQ(read.texts[0], "<Event A='x'><Ip>192.0.2.1</Ip></Event>");
}

/// A file of three chunks of 40 records, numbers 1 to 120.
std::string three_chunks(std::vector<std::size_t>* starts = nullptr) {
  std::vector<std::string> chunks;
  for (std::uint64_t i = 0; i < 3; ++i) {
    EvtxChunk chunk;
    for (std::uint64_t j = 1; j <= 40; ++j) {
      const std::uint64_t number = 40 * i + j;
      chunk.add_event(
          number, {{"Host", evtx_string("host-" + std::to_string(number) + ".evil.example")}});
    }
    if (starts != nullptr) {
      for (const std::size_t at : chunk.records()) starts->push_back(4096 + 65536 * i + at);
    }
    chunks.push_back(chunk.finish());
  }
  return evtx_file(chunks);
}

std::size_t count_sound(const Read& read) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < read.texts.size(); ++i) {
    const std::string host =
        ">host-" + std::to_string(read.records[i].number) + ".evil.example</Data>";
    if (read.texts[i].find(host) != std::string::npos) ++count;
  }
  return count;
}

TEST(Evtx, cuts_chunks_at_records) {
  const Read whole = read_all(three_chunks());
  const Read small = read_all(three_chunks(), 1000);
  EXPECT_EQ(whole.chunks, 1u);
  EXPECT_GT(small.chunks, 30u);
  EXPECT_EQ(whole.texts, small.texts);
  EXPECT_EQ(count_sound(whole), 120u);
}

TEST(Evtx, is_read_inside_archives_and_compressed) {
  const std::string file = three_chunks();
  Read packed;
  read_stream(*open_memory(gzip(zstd(file)), {}), packed);
  EXPECT_EQ(count_sound(packed), 120u);
}

TEST(Evtx, keeps_the_records_of_a_chunk_with_a_wrong_checksum) {
  std::vector<std::size_t> starts;
  std::string file = three_chunks(&starts);
  // One letter of a value.
  const std::size_t at = file.find(utf16le("host-50"), starts[49]);
  file[at] = 'X';
  const Read read = read_all(file);
  EXPECT_EQ(read.texts.size(), 120u);
  EXPECT_EQ(count_sound(read), 119u);
  EXPECT_FALSE(read.complete());
  EXPECT_NE(read.reasons().find("1 chunk with a wrong checksum"), std::string::npos)
      << read.reasons();
}

TEST(Evtx, finds_the_next_record_behind_a_broken_head) {
  std::vector<std::size_t> starts;
  std::string file = three_chunks(&starts);
  for (const std::size_t field : {std::size_t{0}, std::size_t{4}, std::size_t{5}}) {
    std::string broken = file;
    broken[starts[60] + field] ^= 0x55;
    const Read read = read_all(broken);
    EXPECT_EQ(count_sound(read), 119u) << field;
    EXPECT_FALSE(read.complete());
    // Its bytes are shown raw.
    const bool raw = std::any_of(read.texts.begin(), read.texts.end(), [](const auto& text) {
      return text.find(utf16le("host-61.evil.example")) != std::string::npos;
    });
    EXPECT_TRUE(raw);
  }
}

TEST(Evtx, keeps_a_record_whose_second_size_alone_is_wrong) {
  std::vector<std::size_t> starts;
  std::string file = three_chunks(&starts);
  file[starts[61] - 4] ^= 0x55;
  EXPECT_EQ(count_sound(read_all(file)), 120u);
}

TEST(Evtx, reads_chunks_with_broken_headers) {
  std::string file = three_chunks();
  file[4096 + 65536] = 'X';             // magic
  file[4096 + 2 * 65536 + 49] ^= 0x10;  // where unused space begins
  const Read read = read_all(file);
  EXPECT_EQ(count_sound(read), 120u);
  EXPECT_NE(read.reasons().find("2 chunks with a damaged header"), std::string::npos)
      << read.reasons();
}

TEST(Evtx, needs_nothing_of_the_file_header_but_its_magic) {
  std::string file = three_chunks();
  std::memset(file.data() + 8, 0xEE, 4000);
  const Read read = read_all(file);
  EXPECT_EQ(count_sound(read), 120u);
  EXPECT_TRUE(read.complete());
  EXPECT_NE(read.reasons().find("damaged file header"), std::string::npos);
}

TEST(Evtx, tells_values_where_the_template_is_broken) {
  EvtxChunk chunk;
  for (std::uint64_t i = 1; i <= 5; ++i)
    chunk.add_event(i, {{"Ip", evtx_string("192.0.2." + std::to_string(i))}});
  std::string bytes = chunk.finish();
  bytes[chunk.definition() + 24 + 4] = '\x3F';  // no token
  EvtxChunk::seal(bytes);
  const Read read = read_all(evtx_file({bytes}));
  ASSERT_EQ(read.texts.size(), 5u);
  EXPECT_NE(read.texts[3].find("<EventRecordID>4</EventRecordID>"), std::string::npos);
  EXPECT_NE(read.texts[3].find("<Data>192.0.2.4</Data>"), std::string::npos);
  EXPECT_NE(read.reasons().find("5 damaged records"), std::string::npos) << read.reasons();
}

TEST(Evtx, refuses_a_template_of_another_number) {
  EvtxChunk chunk;
  for (std::uint64_t i = 1; i <= 2; ++i) chunk.add_event(i, {{"Ip", evtx_string("192.0.2.1")}});
  std::string bytes = chunk.finish();
  bytes[chunk.definition() + 4] ^= 1;
  const Read read = read_all(evtx_file({bytes}));
  ASSERT_EQ(read.texts.size(), 2u);
  EXPECT_EQ(read.texts[1].find("Computer"), std::string::npos);
  EXPECT_NE(read.texts[1].find("<Data>192.0.2.1</Data>"), std::string::npos);
}

TEST(Evtx, recovers_records_of_unused_space) {
  EvtxChunk chunk;
  chunk.add_event(90, {{"Ip", evtx_string("192.0.2.90")}});
  chunk.end_used();
  chunk.bytes() += "some rest";
  chunk.add_event(3, {{"Ip", evtx_string("192.0.2.3")}});
  const Read read = read_all(evtx_file({chunk.finish()}));
  ASSERT_EQ(read.texts.size(), 3u);
  EXPECT_EQ(read.texts[1], "some rest");
  EXPECT_EQ(read.texts[2].substr(0, 24), "<!--recovered--><Event><");
  EXPECT_EQ(read.records[2].number, 3u);
  EXPECT_TRUE(read.complete()) << read.reasons();
}

TEST(Evtx, marks_chunks_behind_the_last_that_is_counted) {
  EvtxChunk live, old;
  live.add_event(10, {{"Ip", evtx_string("192.0.2.10")}});
  old.add_event(2, {{"Ip", evtx_string("192.0.2.2")}});
  for (const bool dirty : {false, true}) {
    const std::string file = evtx_file({live.finish()}, dirty) + old.finish();
    const Read read = read_all(file);
    ASSERT_EQ(read.texts.size(), 2u);
    EXPECT_EQ(read.texts[1].substr(0, 4), dirty ? "<Eve" : "<!--");
  }
}

TEST(Evtx, says_nothing_of_allotted_chunks) {
  const Read read = read_all(three_chunks() + std::string(65536 * 2, '\0'));
  EXPECT_EQ(count_sound(read), 120u);
  EXPECT_TRUE(read.skips.empty()) << read.reasons();
}

TEST(Evtx, ends_whatever_templates_and_values_refer_to) {
  // A template whose content is a use of itself.
  EvtxChunk loop;
  loop.add_record(1, [](EvtxChunk& c) {
    c.fragment();
    c.begin_instance("loop");
    c.open("E");
    c.close_start();
    for (int i = 0; i < 20; ++i) {
      c.begin_instance("loop");
      c.values({});
    }
    c.end();
    c.end_template();
    c.values({});
    c.eof();
  });
  EXPECT_FALSE(read_all(evtx_file({loop.finish()})).complete());

  // A long name, used by many elements, in a template that many records use.
  EvtxChunk wide;
  const std::string name(10'000, 'N');
  for (std::uint64_t i = 1; i <= 200; ++i) {
    wide.add_record(i, [&](EvtxChunk& c) {
      c.fragment();
      c.begin_instance("wide");
      if (i == 1) {
        for (int j = 0; j < 60; ++j) {
          c.open(name);
          c.close_empty();
        }
        c.end_template();
      }
      c.values({});
      c.eof();
    });
  }
  const Read read = read_all(evtx_file({wide.finish()}));
  EXPECT_FALSE(read.complete());
  std::size_t bytes = 0;
  for (const std::string& text : read.texts) bytes += text.size();
  EXPECT_LT(bytes, 32u << 20);
}

TEST(Evtx, keeps_what_stands_before_a_cut_at_any_place) {
  std::vector<std::size_t> starts;
  const std::string file = three_chunks(&starts);
  for (std::size_t size = 8; size < file.size(); size += 100) {
    const Read read = read_all(file.substr(0, size));
    std::size_t whole = 0;
    for (std::size_t i = 0; i < starts.size(); ++i) {
      const std::size_t next = i % 40 == 39 ? 0 : starts[i + 1];
      if (next != 0 && next <= size) ++whole;
      if (next == 0 && starts[i] + (starts[i] - starts[i - 1]) <= size) ++whole;
    }
    ASSERT_GE(count_sound(read), whole) << size;
    // Between chunks nothing is missing that could be known to be.
    if ((size < 4096 || (size - 4096) % 65536 != 0) && size >= 16) {
      ASSERT_FALSE(read.complete()) << size;
    }
  }
}

TEST(Evtx, survives_any_flipped_byte) {
  EvtxChunk chunk;
  for (std::uint64_t i = 1; i <= 10; ++i)
    chunk.add_event(i, {{"Host", evtx_string("host-" + std::to_string(i) + ".evil.example")}});
  const std::size_t used = chunk.bytes().size();
  const std::string sealed = chunk.finish();
  for (std::size_t at = 0; at < used; ++at) {
    for (const int flip : {0x01, 0xFF}) {
      std::string broken = sealed;
      broken[at] = static_cast<char>(broken[at] ^ flip);
      const Read read = read_all(evtx_file({broken}));
      const bool in_template = at >= 512 && at < chunk.records()[1];
      // The first record holds the template of all.
      if (!in_template) {
        ASSERT_GE(count_sound(read), 9u) << at;
      }
      const bool unsealed = at >= 120 && at < 124;  // flags, which no checksum covers
      if (!unsealed) {
        ASSERT_FALSE(read.complete()) << at << " " << flip;
      }
    }
  }
}

}  // namespace
}  // namespace spoor
