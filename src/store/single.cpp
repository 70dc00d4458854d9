// Single rows by their names: an observable, a pulse, the last hunt. Tested by outbox_test.cpp.

#include "store/codes.h"
#include "store/lists.h"
#include "store/sqlite_store.h"

namespace spoor {

Result<std::optional<ObservableId>> SqliteStore::find(const Observable& observable) {
  auto query = database_.prepare("SELECT id FROM observable WHERE type = ?1 AND canonical = ?2",
                                 "finding an observable");
  if (!query) return fail(query.error());
  const auto row = query->bind(1, code_of(observable.type)).bind(2, observable.value).step();
  if (!row) return fail(row.error());
  if (!*row) return std::nullopt;
  return ObservableId{query->integer(0)};
}

Result<std::optional<Pulse>> SqliteStore::pulse(std::string_view id) {
  auto query = database_.prepare(
      "SELECT id, name, description, author, adversary, created, modified, revision, tlp, "
      "is_public, tags, refs, targeted_countries, industries, malware_families, attack_ids, "
      "pap FROM pulse WHERE id = ?1",
      "reading a pulse");
  if (!query) return fail(query.error());
  const auto row = query->bind(1, id).step();
  if (!row) return fail(row.error());
  if (!*row) return std::nullopt;
  Pulse pulse;
  pulse.id = query->text(0);
  pulse.name = query->text(1);
  pulse.description = query->text(2);
  pulse.author = query->text(3);
  pulse.adversary = query->text(4);
  pulse.created = query->time(5);
  pulse.modified = query->time(6);
  pulse.revision = query->integer(7);
  const auto tlp = tlp_of_code(query->integer(8));
  bool good = tlp.has_value();
  pulse.tlp = tlp.value_or(Tlp::kRed);
  pulse.is_public = query->integer(9) != 0;
  int column = 10;
  for (auto* list : {&pulse.tags, &pulse.references, &pulse.targeted_countries,
                     &pulse.industries, &pulse.malware_families, &pulse.attack_ids}) {
    auto read = list_of_text(query->bytes(column++));
    good = good && read.has_value();
    if (read) *list = std::move(*read);
  }
  if (!query->is_null(16)) pulse.pap = pap_of_code(query->integer(16));
  if (!good) {
    return fail(database_.path() + ": pulse " + pulse.id +
                " cannot be read, the store is damaged");
  }
  return pulse;
}

Result<std::vector<std::string>> SqliteStore::pulse_ids(const IndicatorFilter& filter) {
  std::string sql = "SELECT id FROM pulse p WHERE 1";
  std::vector<std::string> bound;
  const auto any_of = [&](const std::vector<std::string>& words, auto&& condition) {
    if (words.empty()) return;
    sql += " AND (";
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (i > 0) sql += " OR ";
      sql += condition(words[i]);
    }
    sql += ")";
  };
  const auto parameter = [&](std::string text) {
    bound.push_back(std::move(text));
    return "?" + std::to_string(bound.size());
  };
  any_of(filter.pulses, [&](const std::string& word) {
    return "p.id = " + parameter(word) + " COLLATE NOCASE OR p.name LIKE " +
           parameter(like_pattern(word)) + " ESCAPE '\\'";
  });
  any_of(filter.tags, [&](const std::string& word) {
    return "p.pk IN (SELECT pulse FROM pulse_tag WHERE tag = " + parameter(word) + ")";
  });
  any_of(filter.feeds, [&](const std::string& word) {
    return "EXISTS (SELECT 1 FROM claim c JOIN feed f ON f.id = c.feed WHERE c.pulse = p.pk "
           "AND "
           "f.name = " +
           parameter(word) + " COLLATE NOCASE)";
  });
  if (filter.created_since)
    sql += " AND p.modified >= " + std::to_string(to_micros(*filter.created_since));
  auto query = database_.prepare(sql + " ORDER BY p.id", "reading pulses");
  if (!query) return fail(query.error());
  int number = 0;
  for (const std::string& text : bound) query->bind(++number, text);
  std::vector<std::string> ids;
  for (;;) {
    const auto row = query->step();
    if (!row) return fail(row.error());
    if (!*row) return ids;
    ids.push_back(query->text(0));
  }
}

Status SqliteStore::for_each_claim_of_pulse(
    std::string_view id, const std::function<void(const ClaimView&)>& visit) {
  // The columns of query.cpp, by the index on the claim's pulse.
  auto query = database_.prepare(
      "SELECT o.id, o.type, o.canonical, o.quarantine, c.raw, f.name, c.pulse, c.role, "
      "c.title, "
      "c.description, c.created, c.expiration, c.ended, c.active, c.content FROM pulse p CROSS "
      "JOIN claim "
      "c "
      "INDEXED BY claim_pulse ON c.pulse = p.pk AND c.pulse <> 0 CROSS JOIN feed f ON f.id = "
      "c.feed CROSS JOIN observable o ON o.id = c.observable WHERE p.id = ?1 AND o.quarantine "
      "IS "
      "NULL ORDER BY f.name, o.type, o.canonical",
      "reading a pulse's claims");
  if (!query) return fail(query.error());
  query->bind(1, id);
  return visit_claims(*query, visit);
}

Result<std::optional<HuntId>> SqliteStore::last_hunt() {
  auto query = database_.prepare("SELECT max(id) FROM hunt", "finding the last hunt");
  if (!query) return fail(query.error());
  const auto row = query->step();
  if (!row) return fail(row.error());
  if (!*row || query->is_null(0)) return std::nullopt;
  return HuntId{query->integer(0)};
}

}  // namespace spoor
