// When the rows of News are saved, and which: see news.h.

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <utility>

#include "hunt/news.h"

namespace spoor {
namespace {

constexpr std::chrono::milliseconds kSaveAgain{1000};

/// Of rows of one content only the last: those on the way to its end were not saved yet.
void drop_outrun(std::vector<Progress>& rows) {
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> last;
  std::size_t kept = 0;
  for (Progress& row : rows) {
    const auto [at, fresh] = last.try_emplace({row.device, row.inode}, kept);
    Progress& before = rows[at->second];
    if (!fresh && before.id == row.id && before.head == row.head && before.seen <= row.seen) {
      before = std::move(row);
      continue;
    }
    at->second = kept;
    if (&rows[kept] != &row) rows[kept] = std::move(row);
    ++kept;
  }
  rows.resize(kept);
}

}  // namespace

bool News::is_due() const {
  const Time now = clock_.now();
  return save_ && (is_urgent_ || now < saved_ || now - saved_ >= kSaveAgain);
}

/// The end of a content whose begin was saved already goes into the same row.
void News::take_id(Progress& row) const {
  const auto begun = begun_.find({row.device, row.inode});
  if (row.id == 0 && begun != begun_.end() && begun->second.head == row.head &&
      begun->second.seen <= row.seen)
    row.id = begun->second.id;
}

void News::take(std::vector<Progress> rows) {
  for (Progress& row : rows) {
    if (row.open_path) is_urgent_ = true;
    committed_.push_back(std::move(row));
  }
}

Status News::commit(std::vector<Progress> rows) {
  take(std::move(rows));
  // Plans of a follower's later passes hold ids of the table, which saving may change.
  return !follow_only_ && is_due() ? save_committed() : Status();
}

Status News::save_committed() {
  drop_outrun(committed_);
  for (Progress& row : committed_) take_id(row);
  if (Status saved = save_(committed_); !saved) return saved;
  saved_ = clock_.now();
  for (const Progress& row : committed_) {
    const std::pair key(row.device, row.inode);
    begun_.erase(key);
    if (row.seen < row.size && static_cast<FileForm>(row.form) == FileForm::kPlain)
      begun_.emplace(key, row);
  }
  if (follows_)
    told_.insert(told_.end(), std::make_move_iterator(committed_.begin()),
                 std::make_move_iterator(committed_.end()));
  committed_.clear();
  return {};
}

Status News::save_changed() {
  std::vector<Progress> rows;
  std::vector<std::int64_t> ids;
  for (const std::int64_t id : changed_) {
    const Progress* row = table_.by_id(id);
    if (row == nullptr) continue;
    ids.push_back(id);
    rows.push_back(*row);
    if (id < 0) rows.back().id = 0;
  }
  if (Status saved = save_(rows); !saved) return saved;
  saved_ = clock_.now();
  changed_.clear();
  for (std::size_t i = 0; i < rows.size(); ++i) table_.renumber(ids[i], rows[i].id);
  return {};
}

Status News::flush() {
  if (!save_) return {};
  if (!committed_.empty()) {
    if (Status saved = save_committed(); !saved) return saved;
  }
  return changed_.empty() ? Status() : save_changed();
}

Status News::settle() {
  for (Progress& row : told_) table_.put(std::move(row));
  told_.clear();
  drop_outrun(committed_);
  for (Progress& row : committed_) {
    take_id(row);
    if (row.id == 0) row.id = --last_id_;
    if (save_) changed_.insert(row.id);
    table_.put(std::move(row));
  }
  committed_.clear();
  begun_.clear();
  const Status saved = !changed_.empty() && is_due() ? save_changed() : Status();
  is_urgent_ = false;
  return saved;
}

}  // namespace spoor
