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

/// Of two rows of one file: whether the other tells of more of the same content.
bool is_begin_of(const Progress& row, const Progress& other) {
  return row.head == other.head && row.seen <= other.seen;
}

/// Of rows of one content only the last: those on the way to its end were not saved yet.
void drop_outrun(std::vector<Progress>& rows) {
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> last;
  std::size_t kept = 0;
  for (Progress& row : rows) {
    const auto [at, fresh] = last.try_emplace({row.device, row.inode}, kept);
    Progress& before = rows[at->second];
    if (!fresh && before.id == row.id && is_begin_of(before, row)) {
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
  return save_ && (now < saved_ || now - saved_ >= kSaveAgain);
}

/// The end of a content whose begin was saved already goes into the same row.
void News::take_id(Progress& row) const {
  const auto begun = begun_.find({row.device, row.inode});
  if (row.id == 0 && begun != begun_.end() && is_begin_of(begun->second, row))
    row.id = begun->second.id;
}

Status News::save_noted() {
  std::vector<Progress> rows = std::exchange(noted_, {});
  if (!save_ || rows.empty()) return {};
  for (Progress& row : rows) {
    // What was written down on the way stays so.
    const auto begun = begun_.find({row.device, row.inode});
    if (begun != begun_.end() && is_begin_of(begun->second, row) &&
        begun->second.upto > row.upto)
      go_on_from(row, begun->second);
    for (const Progress& told : committed_) {
      if (told.device == row.device && told.inode == row.inode && is_begin_of(told, row) &&
          told.upto > row.upto)
        go_on_from(row, told);
    }
  }
  if (!follow_only_) {
    committed_.insert(committed_.end(), std::make_move_iterator(rows.begin()),
                      std::make_move_iterator(rows.end()));
    return save_committed();
  }
  // The table stays as it is for the plans of this pass.
  std::vector<std::int64_t> ids;
  for (Progress& row : rows) {
    ids.push_back(row.id);
    take_id(row);
    if (row.id < 0) {
      const auto known = renumbered_.find(row.id);
      row.id = known == renumbered_.end() ? 0 : known->second;
    }
  }
  if (Status saved = save_(rows); !saved) return saved;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (ids[i] < 0) renumbered_[ids[i]] = rows[i].id;
    begun_.insert_or_assign({rows[i].device, rows[i].inode}, rows[i]);
    told_.push_back(std::move(rows[i]));
  }
  return {};
}

Status News::commit(std::vector<Progress> rows) {
  committed_.insert(committed_.end(), std::make_move_iterator(rows.begin()),
                    std::make_move_iterator(rows.end()));
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
    if (is_noted(row) ||
        (row.seen < row.size && static_cast<FileForm>(row.form) == FileForm::kPlain))
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
  for (const auto& [from, to] : renumbered_) {
    table_.renumber(from, to);
    changed_.erase(from);
  }
  for (Progress& row : told_) table_.put(std::move(row));
  told_.clear();
  drop_outrun(committed_);
  for (Progress& row : committed_) {
    const auto known = renumbered_.find(row.id);
    if (known != renumbered_.end()) row.id = known->second;
    take_id(row);
    if (row.id == 0) row.id = --last_id_;
    if (save_) changed_.insert(row.id);
    table_.put(std::move(row));
  }
  committed_.clear();
  begun_.clear();
  renumbered_.clear();
  return !changed_.empty() && is_due() ? save_changed() : Status();
}

}  // namespace spoor
