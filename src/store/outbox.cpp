#include "store/outbox.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/utf8.h"
#include "store/codes.h"
#include "store/schema.h"

namespace spoor {
namespace {

constexpr std::string_view kReading = "reading the outbox";
constexpr std::string_view kWriting = "writing the outbox";
// Words of another system are kept, not its pages.
constexpr std::size_t kMostWords = 2000;
constexpr const char* kColumns =
    "id, system, key, title, tlp, digest, state, tries, remote, message, verdict, recorded, "
    "filed, ";

std::string cut_words(std::string_view words) {
  return replace_invalid_utf8(words.substr(0, kMostWords));
}

Result<OutboxEntry> entry_of(const Database& database, const Statement& row) {
  OutboxEntry entry;
  entry.id = row.integer(0);
  entry.system = row.text(1);
  entry.key = row.text(2);
  entry.title = row.text(3);
  const auto tlp = tlp_of_code(row.integer(4));
  const std::string_view digest = row.bytes(5);
  const std::int64_t state = row.integer(6);
  if (!tlp || digest.size() != entry.digest.bytes.size() || state < 1 || state > 3) {
    return fail(database.path() + ": outbox entry " + std::to_string(entry.id) +
                " cannot be read, the store is damaged");
  }
  entry.tlp = *tlp;
  std::copy(digest.begin(), digest.end(), entry.digest.bytes.begin());
  entry.state = static_cast<OutboxState>(state);
  entry.tries = row.integer(7);
  entry.remote = row.text(8);
  entry.message = row.text(9);
  entry.verdict = row.text(10);
  entry.recorded = row.time(11).value_or(Time{});
  entry.filed = row.time(12);
  entry.draft = row.text(13);
  return entry;
}

}  // namespace

std::string_view name_of(OutboxState state) {
  switch (state) {
    case OutboxState::kWaiting:
      return "waiting";
    case OutboxState::kFiled:
      return "filed";
    case OutboxState::kRefused:
      return "refused";
  }
  return "";
}

OutboxClaim::~OutboxClaim() {
  if (file_ >= 0) ::close(file_);  // the lock belongs to the open file and goes with it
}

Result<std::unique_ptr<Outbox>> Outbox::open(const std::string& store) {
  auto database = open_current(store, Database::Access::kReadWrite);
  if (!database) return fail(database.error());
  if (auto status = database->execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON",
                                      "setting up");
      !status) {
    return fail(status.error());
  }
  return std::unique_ptr<Outbox>(new Outbox(std::move(*database), store + ".outbox-lock"));
}

Result<OutboxCounts> Outbox::record(std::span<const OutboxDraft> drafts, Time now) {
  OutboxCounts counts;
  auto find = database_.prepare("SELECT id, digest FROM outbox WHERE system = ?1 AND key = ?2",
                                kWriting);
  auto insert = database_.prepare(
      "INSERT INTO outbox(system, key, title, tlp, draft, digest, state, recorded) VALUES "
      "(?1, ?2, ?3, ?4, ?5, ?6, 1, ?7)",
      kWriting);
  auto update = database_.prepare(
      "UPDATE outbox SET title = ?3, tlp = ?4, draft = ?5, digest = ?6, state = 1, tries = 0, "
      "message = '', recorded = ?7 WHERE system = ?1 AND key = ?2",
      kWriting);
  for (auto* statement : {&find, &insert, &update}) {
    if (!*statement) return fail(statement->error());
  }
  auto transaction = Transaction::begin(database_);
  if (!transaction) return fail(transaction.error());
  for (const OutboxDraft& draft : drafts) {
    const Digest128 digest = xxh3_128(draft.draft);
    const auto row = find->bind(1, draft.system).bind(2, draft.key).step();
    if (!row) return fail(row.error());
    if (*row && find->bytes(1) == digest.view()) {
      ++counts.same;
      find->reset();
      continue;
    }
    ++(*row ? counts.changed : counts.added);
    Statement& write = *row ? *update : *insert;
    find->reset();
    write.bind(1, draft.system)
        .bind(2, draft.key)
        .bind(3, draft.title)
        .bind(4, code_of(draft.tlp))
        .bind(5, draft.draft)
        .bind_blob(6, digest.view())
        .bind(7, to_micros(now));
    if (auto status = write.run(); !status) return fail(status.error());
  }
  if (auto status = transaction->commit(); !status) return fail(status.error());
  return counts;
}

Result<std::optional<int>> Outbox::lock(std::int64_t entry) const {
  const int file = ::open(lock_path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return fail(lock_path_ + ": opening: " + std::strerror(errno));
  struct flock region {};
  region.l_type = F_WRLCK;
  region.l_whence = SEEK_SET;
  region.l_start = static_cast<off_t>(entry);
  region.l_len = 1;
  if (::fcntl(file, F_OFD_SETLK, &region) == 0) return std::optional<int>(file);
  const int code = errno;
  ::close(file);
  if (code == EAGAIN || code == EACCES) return std::optional<int>();
  return fail(lock_path_ + ": locking entry " + std::to_string(entry) + ": " +
              std::strerror(code));
}

Result<std::optional<OutboxClaim>> Outbox::claim(std::string_view system, std::int64_t after,
                                                 std::uint64_t& busy) {
  busy = 0;
  auto next = database_.prepare(
      "SELECT id FROM outbox WHERE system = ?1 AND state = 1 AND id > ?2 ORDER BY id LIMIT 1",
      kReading);
  auto read = database_.prepare(
      std::string("SELECT ") + kColumns + "draft FROM outbox WHERE id = ?1", kReading);
  auto count = database_.prepare("UPDATE outbox SET tries = tries + 1 WHERE id = ?1", kWriting);
  for (auto* statement : {&next, &read, &count}) {
    if (!*statement) return fail(statement->error());
  }
  for (;;) {
    const auto row = next->bind(1, system).bind(2, after).step();
    if (!row) return fail(row.error());
    if (!*row) return std::nullopt;
    after = next->integer(0);
    next->reset();
    const auto locked = lock(after);
    if (!locked) return fail(locked.error());
    if (!*locked) {
      ++busy;
      continue;
    }
    OutboxClaim claim(OutboxEntry{}, **locked);
    // Asked again under the lock: another process may have filed it meanwhile.
    const auto there = read->bind(1, after).step();
    if (!there) return fail(there.error());
    if (!*there) continue;
    auto entry = entry_of(database_, *read);
    if (!entry) return fail(entry.error());
    read->reset();
    if (entry->state != OutboxState::kWaiting) continue;
    claim.entry = std::move(*entry);
    if (auto status = count->bind(1, after).run(); !status) return fail(status.error());
    return std::optional<OutboxClaim>(std::move(claim));
  }
}

Status Outbox::filed(const OutboxClaim& claim, std::string_view remote,
                     std::span<const OutboxRefusal> refusals, Time now) {
  auto update = database_.prepare(
      "UPDATE outbox SET remote = ?2, filed = ?3, message = '', state = CASE WHEN digest = ?4 "
      "THEN 2 ELSE 1 END WHERE id = ?1",
      kWriting);
  auto forget = database_.prepare("DELETE FROM outbox_refused WHERE entry = ?1", kWriting);
  auto insert = database_.prepare(
      "INSERT INTO outbox_refused(entry, what, words) VALUES (?1, ?2, ?3) ON CONFLICT DO "
      "UPDATE SET words = excluded.words",
      kWriting);
  for (auto* statement : {&update, &forget, &insert}) {
    if (!*statement) return fail(statement->error());
  }
  auto transaction = Transaction::begin(database_);
  if (!transaction) return fail(transaction.error());
  update->bind(1, claim.entry.id)
      .bind(2, remote)
      .bind(3, to_micros(now))
      .bind_blob(4, claim.entry.digest.view());
  if (auto status = update->run(); !status) return status;
  if (auto status = forget->bind(1, claim.entry.id).run(); !status) return status;
  for (const OutboxRefusal& refusal : refusals) {
    const std::string what = cut_words(refusal.what), words = cut_words(refusal.words);
    insert->bind(1, claim.entry.id).bind(2, what).bind(3, words);
    if (auto status = insert->run(); !status) return status;
  }
  return transaction->commit();
}

Status Outbox::finish(const OutboxClaim& claim, OutboxState state, std::string_view why,
                      std::string_view what) {
  auto update = database_.prepare(
      "UPDATE outbox SET message = ?2, state = CASE WHEN digest = ?4 THEN ?3 ELSE 1 END WHERE "
      "id = ?1",
      what);
  if (!update) return fail(update.error());
  const std::string words = cut_words(why);
  update->bind(1, claim.entry.id)
      .bind(2, words)
      .bind(3, static_cast<std::int64_t>(state))
      .bind_blob(4, claim.entry.digest.view());
  return update->run();
}

Status Outbox::later(const OutboxClaim& claim, std::string_view why) {
  return finish(claim, OutboxState::kWaiting, why, kWriting);
}

Status Outbox::refused(const OutboxClaim& claim, std::string_view why) {
  return finish(claim, OutboxState::kRefused, why, kWriting);
}

Status Outbox::set_remote(const OutboxClaim& claim, std::string_view remote) {
  auto update = database_.prepare("UPDATE outbox SET remote = ?2 WHERE id = ?1", kWriting);
  if (!update) return fail(update.error());
  return update->bind(1, claim.entry.id).bind(2, remote).run();
}

Result<std::uint64_t> Outbox::retry(std::string_view system) {
  auto update = database_.prepare(
      "UPDATE outbox SET state = 1, tries = 0 WHERE system = ?1 AND (state = 3 OR (state = 2 "
      "AND id IN (SELECT entry FROM outbox_refused)))",
      kWriting);
  if (!update) return fail(update.error());
  if (auto status = update->bind(1, system).run(); !status) return fail(status.error());
  return static_cast<std::uint64_t>(database_.changes());
}

Status Outbox::for_each(std::string_view system, Drafts drafts,
                        const std::function<void(const OutboxEntry&)>& visit) const {
  auto query = database_.prepare(std::string("SELECT ") + kColumns +
                                     (drafts == Drafts::kRead ? "draft" : "''") +
                                     " FROM outbox WHERE ?1 IN ('', system) ORDER BY id",
                                 kReading);
  if (!query) return fail(query.error());
  query->bind(1, system);
  for (;;) {
    const auto row = query->step();
    if (!row) return fail(row.error());
    if (!*row) return {};
    const auto entry = entry_of(database_, *query);
    if (!entry) return fail(entry.error());
    visit(*entry);
  }
}

Result<std::vector<OutboxRefusal>> Outbox::refusals_of(std::int64_t entry) const {
  auto query = database_.prepare(
      "SELECT what, words FROM outbox_refused WHERE entry = ?1 ORDER BY what", kReading);
  if (!query) return fail(query.error());
  query->bind(1, entry);
  std::vector<OutboxRefusal> all;
  for (;;) {
    const auto row = query->step();
    if (!row) return fail(row.error());
    if (!*row) return all;
    all.push_back({query->text(0), query->text(1)});
  }
}

Status Outbox::set_verdict(std::int64_t entry, std::string_view verdict) {
  auto update = database_.prepare("UPDATE outbox SET verdict = ?2 WHERE id = ?1", kWriting);
  if (!update) return fail(update.error());
  const std::string words = cut_words(verdict);
  return update->bind(1, entry).bind(2, words).run();
}

Result<bool> Outbox::propose(const AllowProposal& proposal) {
  auto insert = database_.prepare(
      "INSERT INTO allow_proposal(type, canonical, reason, proposed) VALUES (?1, ?2, ?3, ?4) "
      "ON CONFLICT DO NOTHING",
      kWriting);
  if (!insert) return fail(insert.error());
  const std::string reason = cut_words(proposal.reason);
  insert->bind(1, code_of(proposal.observable.type))
      .bind(2, proposal.observable.value)
      .bind(3, reason)
      .bind(4, to_micros(proposal.proposed));
  if (auto status = insert->run(); !status) return fail(status.error());
  return database_.changes() > 0;
}

Result<std::vector<AllowProposal>> Outbox::proposals() const {
  auto query = database_.prepare(
      "SELECT type, canonical, reason, proposed FROM allow_proposal ORDER BY type, canonical",
      kReading);
  if (!query) return fail(query.error());
  std::vector<AllowProposal> all;
  for (;;) {
    const auto row = query->step();
    if (!row) return fail(row.error());
    if (!*row) return all;
    const auto type = type_of_code(query->integer(0));
    if (!type) return fail(database_.path() + ": a proposal of an unknown type");
    all.push_back({{*type, query->text(1)}, query->text(2), query->time(3).value_or(Time{})});
  }
}

}  // namespace spoor
