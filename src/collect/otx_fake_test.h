// OTX in memory for tests of whole collects: pulses that change, events, ids, lists of a
// pulse's rows; and a store in a folder of its own with a dump that holds all that was
// collected and nothing that depends on when or how.

#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "base/temporary_folder.h"
#include "net/fake_transport.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace spoor::otx_fake {

inline constexpr const char* kKey =
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

struct FakeRow {
  std::string value;
  bool active = true;
};

struct FakePulse {
  std::string id, name, author = "someone";
  Time modified, created{};
  std::vector<FakeRow> rows;
  std::size_t shown = SIZE_MAX;  ///< rows in the feed; the rest only at pulses/{id}/indicators
  bool subscribed = true;
};

inline std::string otx_time(Time time) {
  std::string text = format_iso8601(time);
  text.pop_back();  // OTX writes no zone
  return text;
}

inline std::string percent_decode(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// How a reply is bent. Of each kind a client must survive any number.
enum class Bend : std::uint8_t { kNone, kRepeat, kReorder, kWrongNext };

class FakeService {
 public:
  std::vector<FakePulse> pulses;
  struct Event {
    std::string action, type, object;
    Time created;
  };
  std::vector<Event> events;
  int requests = 0;

  FakePulse* find(const std::string& id) {
    const auto it = std::find_if(pulses.begin(), pulses.end(),
                                 [&](const FakePulse& pulse) { return pulse.id == id; });
    return it == pulses.end() ? nullptr : &*it;
  }

  HttpResponse answer(const std::string& url, Bend bend = Bend::kNone) {
    ++requests;
    const std::size_t api = url.find("/api/v1/");
    const std::string path = url.substr(api + 8, url.find('?') - api - 8);
    const std::string since = percent_decode(FakeTransport::parameter(url, "modified_since"));
    std::vector<std::string> elements;
    if (path == "pulses/subscribed" || path == "pulses/activity") {
      for (const FakePulse* pulse : newest_first()) {
        if (!pulse->subscribed && path == "pulses/subscribed") continue;
        if (!since.empty() && pulse->modified < parse_iso8601(since)->time) continue;
        elements.push_back(pulse_json(*pulse, pulse->shown));
      }
    } else if (path == "pulses/subscribed_pulse_ids") {
      for (const FakePulse* pulse : newest_first()) {
        if (pulse->subscribed) elements.push_back("\"" + pulse->id + "\"");
      }
    } else if (path == "pulses/events") {
      for (auto it = events.rbegin(); it != events.rend(); ++it) {
        if (!since.empty() && it->created < parse_iso8601(since)->time) continue;
        JsonWriter out;
        out.begin_object().member("action", it->action).member("object_type", it->type);
        out.member("object_id", it->object).member("created", otx_time(it->created));
        out.end_object();
        elements.push_back(out.take());
      }
    } else if (path.rfind("pulses/user/", 0) == 0) {
      const std::string author = percent_decode(path.substr(12));
      const std::string after = percent_decode(FakeTransport::parameter(url, "since"));
      for (const FakePulse* pulse : newest_first()) {
        if (pulse->author != author) continue;
        if (!after.empty() && pulse->modified < parse_iso8601(after)->time) continue;
        JsonWriter out;
        out.begin_object().member("id", pulse->id).member("name", pulse->name);
        out.member("modified", otx_time(pulse->modified)).member("TLP", "white");
        out.member("subscriber_count", std::int64_t{requests}).key("author").begin_object();
        out.member("username", pulse->author).end_object().end_object();
        elements.push_back(out.take());
      }
    } else if (path.rfind("pulses/", 0) == 0) {
      const std::string id = path.substr(7, 24);
      const FakePulse* pulse = find(id);
      if (pulse == nullptr) return FakeTransport::json("{\"detail\":\"not found\"}", 404);
      if (path.size() == 31) return FakeTransport::json(pulse_json(*pulse, SIZE_MAX));
      const bool inactive = FakeTransport::parameter(url, "include_inactive") == "1";
      for (const FakeRow& row : pulse->rows) {
        if (row.active || inactive) elements.push_back(row_json(row));
      }
    } else {
      return FakeTransport::json("{\"detail\":\"not found\"}", 404);
    }
    return page(url, elements, bend);
  }

 private:
  static std::string row_json(const FakeRow& row) {
    JsonWriter out;
    out.begin_object().member("indicator", row.value);
    out.member("type", row.value.substr(0, 1) == "h" ? "hostname" : "IPv4");
    out.member("is_active", std::int64_t{row.active}).end_object();
    return out.take();
  }
  static std::string pulse_json(const FakePulse& pulse, std::size_t shown) {
    JsonWriter out;
    out.begin_object().member("id", pulse.id).member("name", pulse.name);
    out.member("author_name", pulse.author).member("modified", otx_time(pulse.modified));
    out.member("created", otx_time(pulse.created)).member("tlp", "white");
    std::size_t active = 0;
    out.key("indicators").begin_array();
    for (const FakeRow& row : pulse.rows) {
      if (row.active && active++ < shown) out.raw(row_json(row));
    }
    out.end_array().member("more_indicators", active > shown).end_object();
    return out.take();
  }
  std::vector<const FakePulse*> newest_first() const {
    std::vector<const FakePulse*> order;
    for (const FakePulse& pulse : pulses) order.push_back(&pulse);
    std::sort(order.begin(), order.end(), [](const FakePulse* a, const FakePulse* b) {
      return std::pair(a->modified, a->id) > std::pair(b->modified, b->id);
    });
    return order;
  }
  static HttpResponse page(const std::string& url, std::vector<std::string>& elements,
                           Bend bend) {
    const std::size_t limit = std::stoul(FakeTransport::parameter(url, "limit"));
    const std::size_t page = std::stoul(FakeTransport::parameter(url, "page"));
    std::size_t begin = (page - 1) * limit;
    if (bend == Bend::kRepeat && page > 1) begin -= limit;
    const std::size_t end = std::min(begin + limit, elements.size());
    std::vector<std::string> shown;
    for (std::size_t i = begin; i < end; ++i) shown.push_back(elements[i]);
    if (bend == Bend::kReorder) std::reverse(shown.begin(), shown.end());
    JsonWriter out;
    out.begin_object().member("count", static_cast<std::uint64_t>(elements.size()));
    out.key("results").begin_array();
    for (const std::string& element : shown) out.raw(element);
    out.end_array();
    if (bend == Bend::kWrongNext) {
      out.member("next", "http://elsewhere.invalid/api/v1/pulses/subscribed?page=1");
    } else if (end < elements.size()) {
      out.member("next", "https://otx.example/next");
    } else {
      out.key("next").null();
    }
    out.end_object();
    return FakeTransport::json(out.take());
  }
};

/// A store in memory-backed files where there are some: a collect commits often.
class FakeStore {
 public:
  FakeStore() { reopen(); }
  FakeStore(const FakeStore&) = delete;
  FakeStore& operator=(const FakeStore&) = delete;

  void reopen() {
    store_.reset();
    auto store = Store::open(path(), Store::Mode::kReadWrite);
    if (!store) {
      ADD_FAILURE() << store.error().message;
      std::abort();
    }
    store_ = std::move(*store);
  }
  std::string path() const { return folder_ / "spoor.db"; }
  Store& operator*() { return *store_; }
  Store* operator->() { return store_.get(); }

  /// Every pulse, claim and membership by natural keys: no row numbers, places or clocks.
  std::string dump() const {
    auto database = Database::open(path(), Database::Access::kReadOnly);
    if (!database) return "cannot be opened: " + database.error().message;
    std::string text;
    for (const char* sql :
         {"SELECT id, name, description, author, adversary, created, modified, revision, tlp, "
          "is_public, tags, refs, more_indicators, extra FROM pulse ORDER BY id",
          "SELECT o.type, o.canonical, o.quarantine, f.name, p.id, c.raw, c.role, c.title, "
          "c.description, c.content, c.created, c.expiration, c.active, c.ended FROM claim c "
          "JOIN observable o ON o.id = c.observable JOIN feed f ON f.id = c.feed LEFT JOIN "
          "pulse p ON p.pk = c.pulse ORDER BY o.type, o.canonical, f.name, p.id",
          "SELECT f.name, p.id, s.gone, '', '', '', '', '', '', '', '', '', '', '' FROM "
          "feed_pulse s JOIN feed f ON f.id = s.feed JOIN pulse p ON p.pk = s.pulse ORDER BY "
          "f.name, p.id"}) {
      auto statement = database->prepare(sql, "dumping");
      if (!statement) return "cannot be dumped: " + statement.error().message;
      for (;;) {
        const auto row = statement->step();
        if (!row) return "cannot be read: " + row.error().message;
        if (!*row) break;
        for (int column = 0; column < 14; ++column)
          text += (statement->is_null(column) ? "-" : statement->text(column)) + "|";
        text += '\n';
      }
      text += "--\n";
    }
    return text;
  }

 private:
  static std::filesystem::path quick_place() {
    return ::access("/dev/shm", W_OK) == 0 ? std::filesystem::path("/dev/shm")
                                           : std::filesystem::temp_directory_path();
  }
  TemporaryFolder folder_{quick_place()};
  std::unique_ptr<Store> store_;
};

}  // namespace spoor::otx_fake
