#include "logs/format_track.h"

#include <algorithm>

#include "io/encoding.h"

namespace spoor {
namespace {

constexpr std::size_t kDetectBytes = 64 << 10;
constexpr std::size_t kHeaderBytes = 64 << 10;  // of one header line
constexpr std::size_t kMostParts = 4096;        // changes of the columns in one chunk

}  // namespace

const FormatState& ChunkFormats::state_at(std::size_t offset) const {
  static const FormatState kNothing;
  if (parts.empty()) return kNothing;
  const auto behind =
      std::upper_bound(parts.begin(), parts.end(), offset,
                       [](std::size_t wanted, const Part& part) { return wanted < part.from; });
  return behind == parts.begin() ? *parts.front().state : *std::prev(behind)->state;
}

ChunkFormats FormatTrack::enter(std::uint64_t index, std::string_view text,
                                TextEncoding encoding, const FormatSettings& settings,
                                const std::function<std::optional<Time>()>& modified) {
  std::unique_lock lock(mutex_);
  entered_.wait(lock, [&] { return next_ == index; });
  std::string decoded;
  if (encoding != TextEncoding::kBytes) {
    decoded = to_utf8(text.substr(0, kDetectBytes), encoding);
  }
  const std::string_view head = encoding == TextEncoding::kBytes ? text : decoded;
  if (index == 0) {
    auto state = std::make_shared<FormatState>();
    state->time.modified = modified();
    state->time.zone_minutes = settings.zone_minutes;
    state->time.zone_given = settings.zone_given;
    state->pattern = settings.choice.pattern;
    format_ = settings.choice.forced != nullptr
                  ? settings.choice.forced
                  : &detect_format(head.substr(0, kDetectBytes), *state);
    // A table's header is the file's first line and no other.
    if (format_ == &kCsvFormat) {
      const std::size_t end = std::min(head.find('\n'), head.size());
      format_->header(head.substr(0, std::min(end, kHeaderBytes)), *state);
    }
    state_ = std::move(state);
  }

  ChunkFormats formats;
  formats.format = format_;
  formats.parts.push_back({0, state_});
  if (format_->header != nullptr && format_ != &kCsvFormat) {
    // In UTF-16 offsets differ: what the chunk says holds for all of it.
    const bool exact = encoding == TextEncoding::kBytes;
    std::size_t at = head.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0;
    if (head.substr(at, 1) != "#") {
      const std::size_t found = head.find("\n#", at);
      at = found == std::string_view::npos ? head.size() : found + 1;
    }
    std::shared_ptr<FormatState> next;  // what a run of header lines says together
    while (at < head.size()) {
      const std::size_t end = std::min(head.find('\n', at), head.size());
      std::string_view line = head.substr(at, std::min(end - at, kHeaderBytes));
      while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      if (next == nullptr) next = std::make_shared<FormatState>(*state_);
      if (format_->header(line, *next) && formats.parts.size() < kMostParts) {
        state_ = next;
        if (formats.parts.back().from == at || !exact) {
          formats.parts.back().state = state_;
        } else {
          formats.parts.push_back({at, state_});
        }
        next.reset();
      }
      if (end + 1 < head.size() && head[end + 1] == '#') {
        at = end + 1;
        continue;
      }
      const std::size_t found = head.find("\n#", end);
      at = found == std::string_view::npos ? head.size() : found + 1;
    }
  }
  next_ = index + 1;
  lock.unlock();
  entered_.notify_all();
  return formats;
}

const LogFormat* FormatTrack::format() const {
  const std::lock_guard lock(mutex_);
  return format_;
}

}  // namespace spoor
