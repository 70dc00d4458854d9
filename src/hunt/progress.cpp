#include "hunt/progress.h"

#include <algorithm>
#include <cstring>

#include "hunt/scan.h"
#include "io/encoding.h"

namespace spoor {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kHeadBytes = 4096;  // of Progress::head
constexpr std::size_t kMostLost = 100'000;
constexpr std::size_t kMostCandidates = 8;

/// XXH3-128 over all ids, a link of a chain for each 64 Ki of them.
Digest128 digest_of_ids(std::uint32_t count,
                        const std::function<std::int64_t(std::uint32_t)>& id_of) {
  constexpr std::uint32_t kLink = 64 << 10;
  Digest128 digest;
  std::vector<std::int64_t> ids;
  for (std::uint32_t begin = 0; begin == 0 || begin < count; begin += kLink) {
    ids.clear();
    for (std::uint32_t i = begin; i < std::min(begin + kLink, count); ++i)
      ids.push_back(id_of(i));
    std::string link(digest.view());
    link.append(reinterpret_cast<const char*>(ids.data()), ids.size() * sizeof ids[0]);
    digest = xxh3_128(link);
  }
  return digest;
}

std::uint64_t head_of(const Digest128& digest) {
  std::uint64_t value = 0;
  std::memcpy(&value, digest.bytes.data(), sizeof value);
  return value;
}

/// Whether the line end just before `end` is a quoted-printable soft break.
bool is_soft_break(std::string_view text, std::size_t end, TextEncoding encoding) {
  const std::size_t unit = unit_bytes(encoding);
  std::size_t at = end - unit;
  const auto before = [&](char32_t wanted) {
    return at >= unit && unit_at(text, at - unit, encoding) == wanted;
  };
  if (before('\r')) at -= unit;
  return before('=');
}

/// As the cuts of io/chunk.cpp.
std::size_t last_cut(std::string_view text, TextEncoding encoding) {
  for (std::size_t to = text.size();;) {
    const std::size_t end = last_line_end(text, 0, to, encoding);
    if (end == kNone || !is_soft_break(text, end, encoding)) return end;
    to = end - unit_bytes(encoding);
  }
}

}  // namespace

void go_on_from(Progress& row, const Progress& from) {
  row.upto = from.upto;
  row.line = from.line;
  row.encoding = from.encoding;
  row.format = from.format;
  row.headers = from.headers;
  row.mark = from.mark;
}

SetAges::SetAges(const IndicatorMark& mark, Kind kind, std::uint32_t count,
                 std::function<std::int64_t(std::uint32_t)> id_of,
                 const std::vector<Released>& released)
    : mark_(mark), id_of_(std::move(id_of)) {
  std::unordered_map<std::int64_t, std::int64_t> all;
  for (const Released& each : released)
    all.emplace(static_cast<std::int64_t>(each.id), each.generation);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::int64_t id = id_of_(i);
    highest_ = std::max(highest_, id);
    if (all.empty()) continue;
    const auto found = all.find(id);
    if (found == all.end()) continue;
    released_.insert(*found);
    last_release_ = std::max(last_release_, found->second);
  }
  if (kind == Kind::kClaims) mark_.set = digest_of_ids(count, id_of_);
}

SetAges::Missing SetAges::since(const IndicatorMark& then) const {
  if (then.set != mark_.set) return Missing::kAll;
  if (mark_.set != Digest128{}) return Missing::kNone;
  // A store that was put back to an older state knows nothing of what the marks mean.
  if (then.generation > mark_.generation || then.last > mark_.last) return Missing::kAll;
  if (then.generation == mark_.generation) return Missing::kNone;
  return highest_ > then.last || last_release_ > then.generation ? Missing::kSome
                                                                 : Missing::kNone;
}

bool SetAges::is_missing(IndicatorIndex indicator, const IndicatorMark& then) const {
  const std::int64_t id = id_of_(static_cast<std::uint32_t>(indicator));
  if (id > then.last) return true;
  const auto released = released_.find(id);
  return released != released_.end() && released->second > then.generation;
}

void ProgressTable::unlink_head(const Progress& row) {
  const auto [begin, end] = by_head_.equal_range(head_of(row.head));
  for (auto at = begin; at != end; ++at) {
    if (at->second != row.id) continue;
    by_head_.erase(at);
    return;
  }
}

void ProgressTable::drop(std::int64_t id) {
  const auto row = rows_.find(id);
  if (row == rows_.end() || row->second.inode != 0) return;
  unlink_head(row->second);
  rows_.erase(row);
}

void ProgressTable::put(Progress row) {
  const std::pair key(row.device, row.inode);
  if (row.inode != 0) {
    const auto held = by_file_.find(key);
    if (held != by_file_.end() && held->second != row.id) {
      Progress& other = rows_.at(held->second);
      other.device = other.inode = 0;
      lost_.push_back(other.id);
      by_file_.erase(held);
    }
  }
  if (const auto old = rows_.find(row.id); old != rows_.end()) {
    unlink_head(old->second);
    const std::pair old_key(old->second.device, old->second.inode);
    if (old->second.inode != 0 && old_key != key) by_file_.erase(old_key);
  }
  if (row.inode != 0) by_file_[key] = row.id;
  if (row.inode == 0) lost_.push_back(row.id);
  if (row.seen > 0) by_head_.emplace(head_of(row.head), row.id);
  if (row.seen < kHeadBytes && row.open_path) short_lengths_.insert(row.seen);
  rows_[row.id] = std::move(row);
  if (lost_.size() > kMostLost) {
    const auto half = lost_.begin() + kMostLost / 2;
    std::for_each(lost_.begin(), half, [&](std::int64_t id) { drop(id); });
    lost_.erase(lost_.begin(), half);
  }
}

void ProgressTable::renumber(std::int64_t from, std::int64_t to) {
  if (from == to) return;
  auto node = rows_.extract(from);
  if (node.empty()) return;
  Progress row = std::move(node.mapped());
  unlink_head(row);
  if (row.inode != 0) by_file_.erase({row.device, row.inode});
  row.id = to;
  put(std::move(row));
}

const Progress* ProgressTable::by_id(std::int64_t id) const {
  const auto found = rows_.find(id);
  return found == rows_.end() ? nullptr : &found->second;
}

const Progress* ProgressTable::by_file(std::uint64_t device, std::uint64_t inode) const {
  const auto found = by_file_.find({device, inode});
  return found == by_file_.end() ? nullptr : &rows_.at(found->second);
}

std::vector<const Progress*> ProgressTable::by_head(const Digest128& head) const {
  std::vector<const Progress*> all;
  const auto [begin, end] = by_head_.equal_range(head_of(head));
  for (auto at = begin; at != end; ++at) {
    const Progress& row = rows_.at(at->second);
    if (row.head == head) all.push_back(&row);
  }
  std::sort(all.begin(), all.end(), [](const Progress* a, const Progress* b) {
    return a->seen != b->seen ? a->seen > b->seen : a->id > b->id;
  });
  if (all.size() > kMostCandidates) all.resize(kMostCandidates);
  return all;
}

const Progress* ProgressTable::grown_short(std::string_view head) const {
  for (auto at = short_lengths_.rbegin(); at != short_lengths_.rend(); ++at) {
    if (*at >= head.size()) continue;
    const std::size_t length = static_cast<std::size_t>(*at);
    for (const Progress* row : by_head(xxh3_128(head.substr(0, length)))) {
      if (row->seen == length && row->open_path) return row;
    }
  }
  return nullptr;
}

void LineTracker::add(const Chunk& chunk) {
  encoding_ = chunk.encoding;
  const std::string_view text = chunk.text;
  // Such a chunk begins behind a cut.
  if (!chunk.continues_event && chunk.overlap == 0) {
    upto_ = chunk.offset;
    line_ = chunk.line;
  }
  if (!chunk.ends_stream) return;
  const std::size_t cut = last_cut(text, chunk.encoding);
  if (cut != kNone) {
    upto_ = chunk.offset + cut;
    line_ = chunk.line + count_line_ends(text.substr(0, cut), chunk.encoding);
  }
  const std::size_t line = last_line_end(text, 0, text.size(), chunk.encoding);
  if (line == text.size()) return;
  if (line != kNone) {
    open_ = {chunk.offset + line, event_digest(text.substr(line), chunk.encoding)};
  } else if (chunk.continues_event) {
    open_ = {chunk.event_offset, event_digest(chunk.event_head, chunk.encoding)};
  } else if (!text.empty()) {
    open_ = {chunk.offset, event_digest(text, chunk.encoding)};
  }
}

}  // namespace spoor
