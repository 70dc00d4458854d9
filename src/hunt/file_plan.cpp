// What a plan of News notes while its file is read: the row that follows from it.

#include <algorithm>
#include <utility>

#include "hunt/news.h"
#include "hunt/scan.h"
#include "io/encoding.h"

namespace spoor {

std::optional<GrownEvent> FilePlan::add(const Chunk& chunk) {
  print_.add(chunk.offset, chunk.text);
  lines_.add(chunk);
  if (!open_ || open_->offset < chunk.offset + chunk.overlap ||
      open_->offset >= chunk.offset + chunk.text.size())
    return std::nullopt;
  std::string_view bytes = chunk.text;
  bytes.remove_prefix(static_cast<std::size_t>(open_->offset - chunk.offset));
  if (!chunk.cut_head.empty() &&
      next_line_end(bytes, 0, bytes.size(), chunk.encoding) == std::string_view::npos)
    bytes = chunk.cut_head;
  GrownEvent grown = *std::exchange(open_, std::nullopt);
  grown.after = event_digest(bytes, chunk.encoding);
  if (grown.after == grown.before) return std::nullopt;
  return grown;
}

std::optional<Progress> FilePlan::checkpoint(const Chunk& chunk) {
  // Where a chunk begins behind a line end; and not before a line that grew was met, for the
  // row is to say so until then.
  if (form_ != FileForm::kPlain || checkpoint_bytes_ == 0 || open_ || chunk.continues_event ||
      chunk.overlap > 0 || chunk.offset != print_.size() ||
      chunk.offset - checkpoint_at_ < checkpoint_bytes_)
    return std::nullopt;
  checkpoint_at_ = chunk.offset;
  Progress begun = next_;
  begun.seen = begun.upto = chunk.offset;
  begun.line = chunk.line;
  begun.encoding = chunk.encoding;
  begun.content = print_.digest();
  begun.head = print_.head_key();
  return begun;
}

std::optional<Progress> FilePlan::open_line(const Chunk& chunk) const {
  if (kind == NewsKind::kNone || form_ == FileForm::kArchive || !lines_.open() ||
      print_.size() != chunk.offset + chunk.text.size())
    return std::nullopt;
  Progress noted = next_;
  noted.size = 0;
  noted.settled = false;
  noted.disk = {};
  go_on_from(noted, before_);
  take_read(noted);
  return noted;
}

void FilePlan::take_read(Progress& read) const {
  read.seen = print_.size();
  read.content = print_.digest();
  read.head = print_.head_key();
  if (!lines_.open()) return;
  read.open_path = read.path;
  read.open_offset = lines_.open()->first;
  read.open_digest = lines_.open()->second;
}

std::optional<Progress> FilePlan::finish(bool incomplete) {
  if (incomplete || opened == nullptr) return std::nullopt;
  Progress done = std::move(next_);
  if (form_ != FileForm::kPlain) {
    // What is packed is read as it was when it was opened, or not at all.
    opened->look_again();
    if (!opened->state().same_as(state_)) return std::nullopt;
  }
  if (form_ != FileForm::kArchive) {
    if (form_ == FileForm::kPlain && print_.size() != end_) return std::nullopt;
    take_read(done);
    done.upto = std::min(lines_.upto(), done.seen);
    done.line = lines_.line();
    done.encoding = lines_.encoding();
  }
  return done;
}

}  // namespace spoor
