// Hunts and sightings. A batch is one durable transaction; a sighting whose identity is known
// is updated in place. Paths are kept once (`source`), and observables and paths that repeat
// within a batch are looked up once. Costs: bench/store_bench. Tested by sightings_test.cpp.

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store/codes.h"
#include "store/sqlite_store.h"
#include "store/went_on.h"

namespace spoor {
namespace {

constexpr std::string_view kWhat = "recording sightings";

std::int64_t as_integer(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

/// What a sighting binds beside its identity (?1 observable, ?2 digest, ?3 source, ?4 offset).
void bind_sighting(Statement& write, const Sighting& sighting, const std::string& views,
                   std::int64_t hunt) {
  write.bind_blob(5, sighting.file)
      .bind(6, as_integer(sighting.line))
      .bind(7, as_integer(sighting.offset))
      .bind(8, as_integer(sighting.length))
      .bind_blob(9, sighting.match)
      .bind(10, code_of(sighting.encoding))
      .bind(11, views)
      .bind(12, sighting.time)
      .bind(13, std::int64_t{sighting.time_has_clock});
  if (sighting.live) {
    write.bind(14, std::int64_t{*sighting.live});
  } else {
    write.bind_null(14);
  }
  write.bind_blob(15, sighting.event_text)
      .bind(16, as_integer(sighting.match_begin))
      .bind(17, as_integer(sighting.match_end))
      .bind(18, hunt);
}

/// How it is judged, beside ?1 observable and ?2 sighting.
void bind_judged(Statement& write, const Sighting& sighting) {
  write.bind(3, code_of(sighting.grade)).bind(4, sighting.rule);
  if (sighting.flow == Flow::kUnknown) {
    write.bind_null(5);
  } else {
    write.bind(5, code_of(sighting.flow));
  }
  if (sighting.host.empty()) {
    write.bind_null(6);
  } else {
    write.bind(6, sighting.host);
  }
  write.bind(7, code_of(sighting.verdict)).bind(8, sighting.reason);
}

Result<std::int64_t> source_of(const Database& database, Statement& find, Statement& insert,
                               const std::string& path) {
  const auto row = find.bind_blob(1, path).step();
  if (!row) return fail(row.error());
  if (*row) {
    const std::int64_t id = find.integer(0);
    find.reset();
    return id;
  }
  if (auto status = insert.bind_blob(1, path).run(); !status) return fail(status.error());
  return database.last_rowid();
}

}  // namespace

Result<HuntId> SqliteStore::begin_hunt(const HuntInfo& info) {
  if (auto status = writable(); !status) return fail(status.error());
  std::string paths;
  for (const std::string& path : info.paths) {
    paths += path;
    paths += '\0';
  }
  auto insert = database_.prepare(
      "INSERT INTO hunt(started, paths, filter, indicators) VALUES (?1, ?2, ?3, ?4)",
      "beginning a hunt");
  if (!insert) return fail(insert.error());
  insert->bind(1, to_micros(info.started))
      .bind_blob(2, paths)
      .bind(3, info.filter)
      .bind(4, as_integer(info.indicators));
  if (auto status = insert->run(); !status) return fail(status.error());
  return HuntId{database_.last_rowid()};
}

Status SqliteStore::record_sightings(HuntId hunt, std::span<Sighting> sightings, NewRule rule) {
  if (sightings.empty()) return {};
  if (auto status = writable(); !status) return status;
  Statement find_observable, find_source, insert_source, insert, find, update, put_judged,
      find_event, regain;
  const std::pair<Statement*, const char*> all[] = {
      {&find_observable, "SELECT id FROM observable WHERE type = ?1 AND canonical = ?2"},
      {&find_source, "SELECT id FROM source WHERE absolute_path = ?1"},
      {&insert_source, "INSERT INTO source(absolute_path) VALUES (?1)"},
      {&insert,
       "INSERT INTO sighting(observable, event_digest, source, event_offset, file, line, "
       "match_offset, match_length, match, encoding, views, time, time_has_clock, live, "
       "event_text, match_begin, match_end, first_hunt, last_hunt) VALUES (?1, ?2, ?3, ?4, ?5, "
       "?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?18) ON CONFLICT DO "
       "NOTHING"},
      {&find,
       "SELECT id FROM sighting WHERE observable = ?1 AND event_digest = ?2 AND source = ?3 "
       "AND event_offset = ?4"},
      {&update,
       "UPDATE sighting SET file = ?5, line = ?6, match_offset = ?7, match_length = ?8, match "
       "= ?9, encoding = ?10, views = ?11, time = ?12, time_has_clock = ?13, live = ?14, "
       "event_text = ?15, match_begin = ?16, match_end = ?17, last_hunt = ?18 WHERE observable "
       "= ?1 AND event_digest = ?2 AND source = ?3 AND event_offset = ?4"},
      {&put_judged,
       "INSERT INTO judged(observable, sighting, grade, rule, flow, host, verdict, reason) "
       "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO UPDATE SET (grade, rule, flow, "
       "host, verdict, reason) = (?3, ?4, ?5, ?6, ?7, ?8)"},
      {&find_event,
       "SELECT 1 FROM sighting WHERE observable = ?1 AND event_digest = ?2 AND source <> ?3 "
       "LIMIT 1"},
      {&regain,
       "UPDATE judged SET verdict = ?4, reason = ?5 WHERE observable = ?1 AND sighting IN "
       "(SELECT id FROM sighting WHERE observable = ?1 AND event_digest = ?2 AND source <> ?3) "
       "AND verdict = ?6 AND reason = ?7"},
  };
  for (const auto& [statement, sql] : all) {
    auto prepared = database_.prepare(sql, kWhat);
    if (!prepared) return fail(prepared.error());
    *statement = std::move(*prepared);
  }
  auto transaction = this->transaction();
  if (!transaction) return fail(transaction.error());

  std::unordered_map<std::string, std::int64_t> observables;  // by type code and value
  std::unordered_map<std::string, std::int64_t> sources;
  std::string key;
  for (Sighting& sighting : sightings) {
    // By value, not by the id the sighting carries: the value is its identity.
    key = std::to_string(code_of(sighting.observable.type));
    key += ' ';
    key += sighting.observable.value;
    auto [observable, is_unknown] = observables.try_emplace(key, 0);
    if (is_unknown) {
      const auto row = find_observable.bind(1, code_of(sighting.observable.type))
                           .bind(2, sighting.observable.value)
                           .step();
      if (!row) return fail(row.error());
      if (!*row) {
        return fail(database_.path() + ": " + std::string(kWhat) + ": the observable \"" +
                    sighting.observable.value + "\" is not stored");
      }
      observable->second = find_observable.integer(0);
      find_observable.reset();
    }
    auto [source, is_new_path] = sources.try_emplace(sighting.absolute_path, 0);
    if (is_new_path) {
      const auto id = source_of(database_, find_source, insert_source, sighting.absolute_path);
      if (!id) return fail(id.error());
      source->second = *id;
    }
    const std::string views = views_text(sighting.views);
    // Plain values: Clang 14 cannot capture a structured binding.
    const std::int64_t observable_row = observable->second;
    const std::int64_t source_row = source->second;
    const auto run = [&](Statement& write) {
      write.bind(1, observable_row)
          .bind_blob(2, sighting.event_digest.view())
          .bind(3, source_row)
          .bind(4, as_integer(sighting.event_offset));
      bind_sighting(write, sighting, views, static_cast<std::int64_t>(hunt));
      return write.run();
    };
    if (auto status = run(insert); !status) return status;
    sighting.is_new = database_.changes() > 0;
    std::int64_t id = sighting.is_new ? database_.last_rowid() : 0;
    if (!sighting.is_new) {
      if (auto status = run(update); !status) return status;
      const auto known = find.bind(1, observable_row)
                             .bind_blob(2, sighting.event_digest.view())
                             .bind(3, source_row)
                             .bind(4, as_integer(sighting.event_offset))
                             .step();
      if (!known) return fail(known.error());
      id = find.integer(0);
      find.reset();
    }
    bind_judged(put_judged.bind(1, observable_row).bind(2, id), sighting);
    if (auto status = put_judged.run(); !status) return status;
    if (sighting.is_new && rule == NewRule::kEvent) {
      find_event.bind(1, observable_row)
          .bind_blob(2, sighting.event_digest.view())
          .bind(3, source_row);
      const auto known = find_event.step();
      if (!known) return fail(known.error());
      sighting.is_new = !*known;
      find_event.reset();
    }
    if (rule == NewRule::kEvent) {
      // The line that went on under another name does hold it.
      regain.bind(1, observable_row)
          .bind_blob(2, sighting.event_digest.view())
          .bind(3, source_row)
          .bind(4, code_of(sighting.verdict))
          .bind(5, sighting.reason)
          .bind(6, code_of(Verdict::kSuppressed))
          .bind(7, kWentOn);
      if (auto status = regain.run(); !status) return status;
    }
    sighting.observable_id = ObservableId{observable->second};
  }
  return transaction->commit();
}

Status SqliteStore::grow_event(std::string_view absolute_path, std::uint64_t event_offset,
                               const Digest128& before, const Digest128& after) {
  if (auto status = writable(); !status) return status;
  auto transaction = this->transaction();
  if (!transaction) return fail(transaction.error());
  auto find = database_.prepare(
      "SELECT observable, id FROM sighting WHERE source = (SELECT id FROM source WHERE "
      "absolute_path = ?1) AND event_offset = ?2 AND event_digest = ?3",
      kWhat);
  if (!find) return fail(find.error());
  find->bind_blob(1, absolute_path)
      .bind(2, as_integer(event_offset))
      .bind_blob(3, before.view());
  std::vector<std::pair<std::int64_t, std::int64_t>> rows;
  for (;;) {
    const auto row = find->step();
    if (!row) return fail(row.error());
    if (!*row) break;
    rows.emplace_back(find->integer(0), find->integer(1));
  }
  auto judge = database_.prepare(
      "UPDATE judged SET verdict = ?3, reason = ?4 WHERE observable = ?1 AND sighting = ?2",
      kWhat);
  if (!judge) return fail(judge.error());
  // Where the whole line was hunted on another way its row is there: this one keeps its digest.
  auto grow =
      database_.prepare("UPDATE OR IGNORE sighting SET event_digest = ?2 WHERE id = ?1", kWhat);
  if (!grow) return fail(grow.error());
  if (!rows.empty()) {
    // Else a hunt that is killed before it writes its own row leaves one that knows the line by
    // a digest that no sighting has any more. Without an index, for it is seldom: 11 ms at
    // 100,000 rows.
    auto follow = database_.prepare(
        "UPDATE progress SET open_digest = ?4 WHERE open_offset = ?2 AND open_path = ?1 AND "
        "open_digest = ?3",
        kWhat);
    if (!follow) return fail(follow.error());
    follow->bind_blob(1, absolute_path)
        .bind(2, as_integer(event_offset))
        .bind_blob(3, before.view())
        .bind_blob(4, after.view());
    if (auto status = follow->run(); !status) return status;
  }
  for (const auto& [observable, id] : rows) {
    judge->bind(1, observable).bind(2, id).bind(3, code_of(Verdict::kSuppressed));
    if (auto status = judge->bind(4, kWentOn).run(); !status) return status;
    if (auto status = grow->bind(1, id).bind_blob(2, after.view()).run(); !status)
      return status;
  }
  return transaction->commit();
}

Status SqliteStore::finish_hunt(HuntId hunt, const HuntSummary& summary) {
  if (auto status = writable(); !status) return status;
  auto update = database_.prepare(
      "UPDATE hunt SET ended = ?2, files = ?3, bytes_read = ?4, bytes_decoded = ?5, lines = "
      "?6, "
      "sightings = ?7, sightings_new = ?8, complete = ?9 WHERE id = ?1",
      "ending a hunt");
  if (!update) return fail(update.error());
  update->bind(1, static_cast<std::int64_t>(hunt))
      .bind(2, to_micros(summary.ended))
      .bind(3, as_integer(summary.files))
      .bind(4, as_integer(summary.bytes_read))
      .bind(5, as_integer(summary.bytes_decoded))
      .bind(6, as_integer(summary.lines))
      .bind(7, as_integer(summary.sightings))
      .bind(8, as_integer(summary.sightings_new))
      .bind(9, std::int64_t{summary.complete});
  if (auto status = update->run(); !status) return status;
  if (database_.changes() == 0) {
    return fail(database_.path() + ": ending a hunt: there is no hunt " +
                std::to_string(static_cast<std::int64_t>(hunt)));
  }
  return {};
}

Status SqliteStore::for_each_sighting(const SightingFilter& filter,
                                      const std::function<void(const StoredSighting&)>& visit) {
  std::string sql =
      "SELECT s.id, o.id, o.type, o.canonical, s.file, r.absolute_path, s.line, "
      "s.event_offset, "
      "s.event_digest, s.match_offset, s.match_length, s.match, s.encoding, j.grade, j.rule, "
      "s.views, j.verdict, j.reason, s.time, s.time_has_clock, s.live, s.event_text, "
      "s.match_begin, s.match_end, s.first_hunt, s.last_hunt, j.host, j.flow FROM sighting s "
      "JOIN judged j ON j.observable = s.observable AND j.sighting = s.id JOIN observable o "
      "ON o.id = s.observable JOIN source r ON r.id = s.source WHERE j.grade >= ?1";
  if (!filter.types.empty()) {
    sql += " AND o.type IN (";
    for (const IndicatorType type : filter.types) sql += std::to_string(code_of(type)) + ",";
    sql.back() = ')';
  }
  if (!filter.value.empty()) sql += " AND o.canonical LIKE ?2 ESCAPE '\\'";
  if (!filter.file.empty()) {
    sql += " AND (instr(s.file, ?3) > 0 OR instr(r.absolute_path, ?3) > 0)";
  }
  if (filter.hunt) sql += " AND ?4 IN (s.first_hunt, s.last_hunt)";
  sql += " ORDER BY r.absolute_path, s.event_offset, s.match_offset, o.type, o.canonical, s.id";
  if (filter.limit > 0) {
    const auto most = static_cast<std::uint64_t>(INT64_MAX);
    sql += " LIMIT " + std::to_string(filter.limit < most ? filter.limit : most);
  }
  auto query = database_.prepare(sql, "reading sightings");
  if (!query) return fail(query.error());
  query->bind(1, code_of(filter.min_grade));
  const std::string pattern = like_pattern(filter.value);
  if (!filter.value.empty()) query->bind(2, pattern);
  if (!filter.file.empty()) query->bind_blob(3, filter.file);
  if (filter.hunt) query->bind(4, static_cast<std::int64_t>(*filter.hunt));
  for (;;) {
    const auto row = query->step();
    if (!row) return fail(row.error());
    if (!*row) return {};
    const Statement& at = *query;
    const auto type = type_of_code(at.integer(2));
    const auto encoding = encoding_of_code(at.integer(12));
    const auto grade = grade_of_code(at.integer(13));
    const auto verdict = verdict_of_code(at.integer(16));
    const auto flow = flow_of_code(at.integer(27));
    auto views = views_of_text(at.bytes(15));
    const std::string_view digest = at.bytes(8);
    StoredSighting stored;
    stored.id = at.integer(0);
    Sighting& sighting = stored.sighting;
    if (!type || !encoding || !grade || !verdict || !views || !flow ||
        digest.size() != sighting.event_digest.bytes.size()) {
      return fail(database_.path() + ": sighting " + std::to_string(stored.id) +
                  " cannot be read, the store is damaged");
    }
    const auto number = [&](int column) {
      return static_cast<std::uint64_t>(at.integer(column));
    };
    sighting.observable_id = ObservableId{at.integer(1)};
    sighting.observable = {*type, at.text(3)};
    sighting.file = at.text(4);
    sighting.absolute_path = at.text(5);
    sighting.line = number(6);
    sighting.event_offset = number(7);
    std::copy(digest.begin(), digest.end(), sighting.event_digest.bytes.begin());
    sighting.offset = number(9);
    sighting.length = number(10);
    sighting.match = at.text(11);
    sighting.encoding = *encoding;
    sighting.grade = *grade;
    sighting.rule = at.text(14);
    sighting.views = std::move(*views);
    sighting.verdict = *verdict;
    sighting.reason = at.text(17);
    sighting.time = at.time(18);
    sighting.time_has_clock = at.integer(19) != 0;
    if (!at.is_null(20)) sighting.live = at.integer(20) != 0;
    sighting.event_text = at.text(21);
    sighting.host = at.text(26);
    sighting.flow = *flow;
    // What the text does not hold cannot be shown.
    sighting.match_end = std::min<std::size_t>(number(23), sighting.event_text.size());
    sighting.match_begin = std::min<std::size_t>(number(22), sighting.match_end);
    stored.first_hunt = HuntId{at.integer(24)};
    stored.last_hunt = HuntId{at.integer(25)};
    visit(stored);
  }
}

}  // namespace spoor
