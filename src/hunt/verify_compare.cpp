#include "hunt/verify_compare.h"

#include <algorithm>
#include <memory>

#include "base/ascii.h"
#include "base/hash.h"
#include "io/opened_file.h"

namespace spoor {
namespace {

std::string words(std::string_view text) {
  return quoted(text);
}
std::string words(std::uint64_t number) {
  return std::to_string(number);
}

/// Collects what differs: "lines: found 3, the receipt says 4".
class Differences {
 public:
  template <typename T>
  void compare(std::string_view name, const T& found, const T& says) {
    if (found != says) add(name, words(found), words(says));
  }
  void add(std::string_view name, const std::string& found, const std::string& says) {
    if (!text_.empty()) text_ += "; ";
    text_ += std::string(name) + ": found " + found + ", the receipt says " + says;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string views_text(const std::vector<ViewKind>& views) {
  std::string text;
  for (const ViewKind view : views)
    text += (text.empty() ? "" : ">") + std::string(name_of(view));
  return text;
}

/// Of bytes of what the file `path` holds, decompressed; nothing where there are fewer.
std::optional<Digest128> content_digest(const std::string& path, const FileIdentity& says,
                                        const StreamOptions& limits) {
  const auto opened = OpenedFile::open(path);
  if (!opened) return std::nullopt;
  const auto reader = (*opened)->content(limits);
  std::string buffer(256 << 10, '\0');
  Hasher128 hasher;
  const auto read = [&](std::uint64_t left, bool counts) {
    while (left > 0) {
      const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left));
      const std::size_t count = reader->read(buffer.data(), most);
      if (count == 0) return false;
      if (counts) hasher.update(std::string_view(buffer).substr(0, count));
      left -= count;
    }
    return true;
  };
  if (!read(says.from, false) || !read(says.digest_bytes, true)) return std::nullopt;
  return hasher.digest();
}

/// What follows from the content alone, however it is packed.
void compare_content(Differences& all, const FileAccount& now, const FileAccount& says) {
  all.compare("bytes_decoded", now.counters.bytes_decoded, says.counters.bytes_decoded);
  all.compare("bytes_scanned", now.bytes_scanned, says.bytes_scanned);
  all.compare("bytes_skipped", now.counters.bytes_skipped, says.counters.bytes_skipped);
  all.compare("lines", now.counters.lines, says.counters.lines);
  all.compare("format", now.format, says.format);
  all.compare("encoding", std::string(name_of(now.encoding)),
              std::string(name_of(says.encoding)));
}

/// What is said of the file itself, and not of its content.
void compare_container(Differences& all, const FileAccount& now, const FileAccount& says) {
  all.compare("bytes_read", now.counters.bytes_read, says.counters.bytes_read);
  all.compare("bytes_unread", now.bytes_unread, says.bytes_unread);
  all.compare("decoders", now.decoders, says.decoders);
  all.compare("members", now.members, says.members);
}

}  // namespace

std::string quoted(std::string_view text) {
  return "'" + std::string(text.substr(0, 200)) + "'";
}

std::string compare_sightings(const Sighting& now, const FindingDetail& detail,
                              const ReceiptSighting& then) {
  const Sighting& says = then.sighting;
  Differences all;
  all.compare("line", now.line, says.line);
  all.compare("offset", now.offset, says.offset);
  all.compare("length", now.length, says.length);
  if (now.match != says.match && now.encoding == TextEncoding::kBytes)
    all.add("match", quoted(now.match), quoted(says.match));
  if (now.match != says.match && now.encoding != TextEncoding::kBytes)
    all.add("match", "other bytes", quoted(says.match));
  all.compare("grade", std::string(name_of(now.grade)), std::string(name_of(says.grade)));
  all.compare("rule", now.rule, says.rule);
  all.compare("views", views_text(now.views), views_text(says.views));
  const bool inferred =
      detail.record && detail.record->time && detail.record->time->year_inferred;
  if (then.matches_time && !inferred && now.time != says.time) {
    all.add("time", now.time ? format_iso8601(*now.time) : "none", format_iso8601(*says.time));
  }
  return all.text();
}

std::string compare_modified(const FileIdentity& now, const FileIdentity& says) {
  if (now.modified == says.modified) return {};
  const auto text = [](const std::optional<Time>& time) {
    return time ? format_iso8601(*time) : std::string("none");
  };
  return "modified: found " + text(now.modified) + ", the receipt says " + text(says.modified);
}

std::string compare_unread(const FileIdentity& now, const FileIdentity& says) {
  Differences all;
  all.compare("size", now.size, says.size);
  return all.text().empty() ? compare_modified(now, says) : all.text();
}

std::string compare_counters(const FileAccount& now, const FileAccount& says) {
  Differences all;
  all.compare("bytes_read", now.counters.bytes_read, says.counters.bytes_read);
  all.compare("bytes_decoded", now.counters.bytes_decoded, says.counters.bytes_decoded);
  all.compare("bytes_scanned", now.bytes_scanned, says.bytes_scanned);
  all.compare("bytes_skipped", now.counters.bytes_skipped, says.counters.bytes_skipped);
  all.compare("lines", now.counters.lines, says.counters.lines);
  all.compare("format", now.format, says.format);
  all.compare("decoders", now.decoders, says.decoders);
  all.compare("encoding", std::string(name_of(now.encoding)),
              std::string(name_of(says.encoding)));
  if (says.is_member) return all.text();
  all.compare("bytes_unread", now.bytes_unread, says.bytes_unread);
  all.compare("members", now.members, says.members);
  const std::string modified = compare_modified(now.identity, says.identity);
  return all.text() + (all.text().empty() || modified.empty() ? "" : "; ") + modified;
}

std::string compare_bytes(const std::string& path, bool no_links, const FileIdentity& now,
                          const FileIdentity& says) {
  std::optional<Digest128> digest = now.digest;
  if (now.digest_bytes != says.digest_bytes || says.from > 0) {
    const auto part = identify(path, {says.from, says.digest_bytes, no_links});
    if (!part) return part.error().message;
    digest = part->digest;
    if (part->digest_bytes < says.digest_bytes) digest.reset();
  }
  const bool same = digest == says.digest;
  if (same && now.size > says.size && says.size > 0)
    return "grown to " + std::to_string(now.size) + " bytes; the " +
           (says.from == 0 ? "first " : "") + std::to_string(says.digest_bytes) +
           (says.from == 0 ? "" : " from byte " + std::to_string(says.from) + " on") +
           " are as they were";
  Differences all;
  all.compare("size", now.size, says.size);
  if (!same) {
    all.add("digest", digest ? "xxh3-128:" + to_hex(digest->view()) : "fewer bytes",
            "xxh3-128:" + to_hex(says.digest->view()));
  }
  return all.text();
}

std::string compare_followed(const std::string& path, const FileAccount& now,
                             const FileAccount& says, const StreamOptions& limits,
                             bool& grown) {
  const FileIdentity& identity = says.identity;
  const bool is_packed = !now.decoders.empty() && says.decoders.empty() && says.members == 0;
  std::optional<Digest128> digest;
  std::uint64_t size = 0;
  if (is_packed) {
    digest = content_digest(path, identity, limits);
    size = now.counters.bytes_decoded;
  } else {
    const auto part = identify(path, {identity.from, identity.digest_bytes, false});
    if (!part) return part.error().message;
    if (part->digest_bytes == identity.digest_bytes) digest = part->digest;
    size = part->size;
  }
  const std::uint64_t end = identity.from + identity.digest_bytes;
  if (digest != identity.digest) {
    Differences all;
    if (!is_packed && size < end) all.compare("size", size, identity.size);
    all.add("digest", digest ? "xxh3-128:" + to_hex(digest->view()) : "fewer bytes",
            "xxh3-128:" + to_hex(identity.digest->view()));
    return all.text();
  }
  grown = size > std::max(end, identity.size);
  Differences all;
  if (identity.from > 0 || says.bytes_unread > 0) return {};
  // Hunted again as far as it was hunted then, unless it has grown in a packed file.
  const bool is_same = is_packed ? !grown : now.identity.size == identity.size;
  if (!is_same) return {};
  compare_content(all, now, says);
  if (!is_packed) compare_container(all, now, says);
  return all.text();
}

}  // namespace spoor
