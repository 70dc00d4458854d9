#include "logs/format_track.h"

#include <algorithm>

#include "io/encoding.h"

namespace spoor {
namespace {

constexpr std::size_t kDetectBytes = 64 << 10;
constexpr std::size_t kHeaderBytes = 64 << 10;  // of one header line
constexpr std::size_t kMostParts = 4096;        // changes of the columns in one chunk

/// What counts of a file's last change and of what its content says of that.
std::optional<Time> last_change(std::optional<Time> file, std::optional<Time> said) {
  constexpr Time kEarliest{Micros(631'152'000'000'000)};  // 1990: an invented time
  if (!said || *said < kEarliest || (file && *said > *file)) return file;
  return said;
}

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
                                const std::function<std::optional<Time>()>& modified,
                                std::optional<Time> said) {
  std::unique_lock lock(mutex_);
  entered_.wait(lock, [&] { return next_ == index; });
  std::string decoded;
  if (encoding != TextEncoding::kBytes) {
    decoded = to_utf8(text.substr(0, kDetectBytes), encoding);
  }
  const std::string_view head = encoding == TextEncoding::kBytes ? text : decoded;
  if (index == 0 && !resumed_) {
    begin(head, settings, modified, said);
  } else if (const auto changed = last_change(file_modified_, said);
             said && changed != state_->time.modified) {
    auto state = std::make_shared<FormatState>(*state_);
    state->time.modified = changed;
    state_ = std::move(state);
  }

  ChunkFormats formats;
  formats.format = format_;
  formats.header_bytes = headers_.size();
  formats.parts.push_back({0, state_});
  // In UTF-16 offsets differ: what the chunk says holds for all of it.
  if (format_->header != nullptr && format_ != &kCsvFormat)
    read_headers(head, encoding == TextEncoding::kBytes, formats);
  next_ = index + 1;
  lock.unlock();
  entered_.notify_all();
  return formats;
}

void FormatTrack::begin(std::string_view head, const FormatSettings& settings,
                        const std::function<std::optional<Time>()>& modified,
                        std::optional<Time> said) {
  auto state = std::make_shared<FormatState>();
  file_modified_ = modified();
  state->time.modified = last_change(file_modified_, said);
  state->time.zone_minutes = settings.zone_minutes;
  state->time.zone_given = settings.zone_given;
  state->time.zone = settings.zone;
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

void FormatTrack::read_headers(std::string_view head, bool exact, ChunkFormats& formats) {
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
      remember(line);
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

void FormatTrack::remember(std::string_view header) {
  if (headers_.size() + header.size() >= kHeaderBytes) too_many_headers_ = true;
  if (too_many_headers_) return;
  headers_ += header;
  headers_ += '\n';
}

void FormatTrack::resume(std::string_view head, TextEncoding encoding,
                         const std::string& headers, const FormatSettings& settings,
                         const std::function<std::optional<Time>()>& modified) {
  const std::lock_guard lock(mutex_);
  std::string decoded;
  if (encoding != TextEncoding::kBytes)
    decoded = to_utf8(head.substr(0, kDetectBytes), encoding);
  begin(encoding == TextEncoding::kBytes ? head : decoded, settings, modified, std::nullopt);
  resumed_ = true;
  if (format_->header == nullptr || format_ == &kCsvFormat) return;
  ChunkFormats formats;
  formats.parts.push_back({0, state_});
  read_headers(headers, true, formats);
}

std::optional<std::string> FormatTrack::headers() const {
  const std::lock_guard lock(mutex_);
  return too_many_headers_ ? std::nullopt : std::optional(headers_);
}

const LogFormat* FormatTrack::format() const {
  const std::lock_guard lock(mutex_);
  return format_;
}

}  // namespace spoor
