// Whole small files: reading one after decompression, and replacing one so that a crash leaves
// the old content or the new (aside.h). Tested by whole_test.cpp.

#include <algorithm>
#include <optional>

#include "io/archive.h"
#include "io/aside.h"
#include "io/bytes.h"
#include "io/source.h"

namespace spoor {

namespace {

/// All of `read` (as ByteSource::read), or an error where it is more than `limit` bytes.
template <typename Read>
Result<std::string> all_of(const Read& read, const std::string& name, std::uint64_t limit) {
  std::string text;
  for (;;) {
    const std::size_t old = text.size();
    constexpr std::size_t kStep = 256 << 10;
    text.resize(old + kStep);
    const std::size_t count = read(text.data() + old, kStep);
    text.resize(old + count);
    if (text.size() > limit)
      return fail(name + ": holds more than " + std::to_string(limit) + " bytes");
    if (count == 0) return text;
  }
}

Result<std::string> all_of(ByteSource& source, const std::string& name, std::uint64_t limit) {
  auto text =
      all_of([&](char* out, std::size_t size) { return source.read(out, size); }, name, limit);
  if (!text) return text;
  std::vector<Skip> problems;
  source.problems(problems);
  for (const Skip& problem : problems) {
    if (problem.incomplete) return fail(name + ": " + problem.reason);
  }
  return text;
}

/// The one file of an archive.
Result<std::string> only_member(std::unique_ptr<ByteSource> source, std::string_view form,
                                const std::string& name, std::uint64_t limit) {
  const auto reader = open_archive(std::move(source), form);
  std::optional<std::string> text;
  ArchiveEntry entry;
  const auto wrong = [&](const std::string& why) {
    return fail(name + ": " + std::string(form) + " archive: " + why);
  };
  while (reader->next(entry)) {
    if (!entry.reason.empty()) return wrong("a member cannot be read: " + entry.reason);
    if (text) return wrong("holds more than one file, expected one");
    auto content = all_of([&](char* out, std::size_t size) { return reader->read(out, size); },
                          name, limit);
    if (!content) return content;
    if (!reader->member_problem().empty()) return wrong(reader->member_problem());
    text = std::move(*content);
  }
  if (!reader->problem().empty()) return wrong(reader->problem());
  if (!text) return wrong("holds no file");
  return std::move(*text);
}

constexpr const char* kExpected = ", expected plain text, gzip, zstd, xz, bzip2 or lz4";

}  // namespace

Result<std::string> read_whole(const std::string& path, std::uint64_t limit) {
  InputFile file;
  file.shown = file.path = path;
  file.named = true;
  auto raw = file_source(file, {});
  if (!raw) return fail(raw.error().at(path));
  // Unlimited but for `limit`, which is checked at each step.
  Decoded decoded = decode(std::move(*raw), nullptr);
  const std::string head = look_ahead(decoded.source, kArchiveHeadBytes);
  if (!decoded.undecoded.empty())
    return fail(path + ": is compressed with " + decoded.undecoded + kExpected);
  if (const auto form = archive_form(head); !form.empty())
    return fail(path + ": is a " + std::string(form) + " archive" + kExpected);
  return all_of(*decoded.source, path, limit);
}

Result<std::string> unpack_whole(std::string bytes, const std::string& name,
                                 std::uint64_t limit) {
  // The archive itself may be larger than the file in it.
  const std::uint64_t most =
      std::min<std::uint64_t>(std::max<std::uint64_t>(limit, bytes.size()), SIZE_MAX - 1);
  Decoded decoded = decode(memory_source(std::move(bytes)), nullptr);
  const std::string head = look_ahead(decoded.source, kArchiveHeadBytes);
  if (!decoded.undecoded.empty())
    return fail(name + ": is compressed with " + decoded.undecoded + kExpected);
  const auto form = archive_form(head);
  if (form.empty()) return all_of(*decoded.source, name, limit);
  // The list of members stands at the end of some.
  auto source = kept_source(std::move(decoded.source), static_cast<std::size_t>(most) + 1);
  if (wants_seek(form) && !source->size())
    return fail(name + ": holds more than " + std::to_string(limit) + " bytes");
  return only_member(std::move(source), form, name, limit);
}

Status write_whole(const std::string& path, std::string_view text) {
  auto file = AsideFile::create(path);
  if (!file) return fail(file.error());
  if (Status written = (*file)->write(text); !written) return written;
  return (*file)->commit();
}

}  // namespace spoor
