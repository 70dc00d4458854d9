#include "hunt/receipt.h"

#include <algorithm>
#include <limits>

#include "base/ascii.h"
#include "base/utf8.h"
#include "io/encoding.h"

namespace spoor {
namespace {

constexpr std::string_view kChecksumKind = "xxh3-128:";
constexpr std::uint64_t kVersion = 1;

std::optional<std::string> from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  const auto value = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = value(digits[i]), low = value(digits[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

std::optional<Digest128> digest_of(std::string_view digits) {
  const auto bytes = from_hex(digits);
  Digest128 digest;
  if (!bytes || bytes->size() != digest.bytes.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), digest.bytes.begin());
  return digest;
}

/// Members of one object. The first that is not as expected is the error; reading goes on with
/// empty values.
class Members {
 public:
  explicit Members(JsonView object) : object_(object) {}

  std::string text(std::string_view name) {
    const JsonView value = object_[name];
    if (!value.is_string()) refuse(name, "a text");
    return std::string(value.string());
  }
  /// A text that may stand beside as NAME_hex; both must say the same.
  std::string bytes(std::string_view name) {
    const std::string shown = text(name);
    const JsonView exact = object_[std::string(name) + "_hex"];
    if (exact.is_nothing()) return shown;
    const auto bytes = from_hex(exact.string());
    if (!bytes) {
      refuse(std::string(name) + "_hex", "hex digits");
    } else if (shown != replace_invalid_utf8(*bytes) &&
               shown != to_utf8(*bytes, TextEncoding::kUtf16le) &&
               shown != to_utf8(*bytes, TextEncoding::kUtf16be)) {
      refuse(name, "the text of its hex digits");
    }
    return bytes.value_or("");
  }
  std::uint64_t number(std::string_view name) {
    const JsonView value = object_[name];
    const auto number = value.integer();
    if (value.kind() != JsonView::Kind::kInteger || !number || *number < 0)
      refuse(name, "a number from 0 on");
    return static_cast<std::uint64_t>(std::max<std::int64_t>(number.value_or(0), 0));
  }
  bool truth(std::string_view name) {
    const JsonView value = object_[name];
    if (value.kind() != JsonView::Kind::kBool) refuse(name, "true or false");
    return value.truth().value_or(false);
  }
  std::optional<Time> time(std::string_view name) {
    if (object_[name].is_nothing()) return std::nullopt;
    const auto parsed = parse_iso8601(object_[name].string());
    if (!parsed) refuse(name, "a time");
    return parsed ? std::optional(parsed->time) : std::nullopt;
  }
  template <typename T>
  T named(std::string_view name, std::optional<T> (*find)(std::string_view), T otherwise,
          std::string_view expected) {
    const auto found = find(object_[name].string());
    if (!found) refuse(name, expected);
    return found.value_or(otherwise);
  }
  JsonView operator[](std::string_view name) const { return object_[name]; }

  void refuse(std::string_view name, std::string_view expected) {
    if (!problem_.empty()) return;
    std::string found = object_[name].json().substr(0, 60);
    if (found.empty()) found = "nothing";
    problem_ =
        "'" + std::string(name) + "': found " + found + ", expected " + std::string(expected);
  }
  Status status() const { return problem_.empty() ? Status{} : Status(fail(problem_)); }

 private:
  JsonView object_;
  std::string problem_;
};

std::optional<ViewKind> view_from_name(std::string_view name) {
  for (int kind = 0; kind <= static_cast<int>(ViewKind::kDefang); ++kind) {
    if (name_of(static_cast<ViewKind>(kind)) == name) return static_cast<ViewKind>(kind);
  }
  return std::nullopt;
}

/// Where a content is that was followed.
void read_place(Members& members, std::string& now, bool& gone) {
  if (!members["now"].is_nothing()) {
    now = members.bytes("now");
    if (now.empty() || now[0] != '/') members.refuse("now", "an absolute path");
  }
  if (!members["gone"].is_nothing()) gone = members.truth("gone");
}

Result<ReceiptLine> head_of(JsonView object) {
  Members members(object);
  ReceiptHead head;
  if (const std::uint64_t version = members.number("version");
      version != kVersion && members.status()) {
    return fail("'version': found " + std::to_string(version) + ", this program knows " +
                std::to_string(kVersion));
  }
  head.program = members.text("program");
  head.machine = members.bytes("machine");
  head.directory = members.bytes("directory");
  head.started = members.text("started");
  head.min_grade =
      members.named("min_grade", &grade_from_name, Grade::kMention, "the name of a grade");
  head.format = members.bytes("format");
  head.event_host = members.bytes("event_host");
  head.zone = members.bytes("zone");
  head.zone_given = members.truth("zone_given");
  if (!members["root"].is_nothing()) {
    head.root = members.bytes("root");
    head.root_path = members.bytes("root_path");
    if (head.root.empty()) members.refuse("root", "a folder");
    if (head.root_path.empty() || head.root_path[0] != '/')
      members.refuse("root_path", "an absolute path");
  }
  if (!members["follows"].is_nothing()) head.follows = members.truth("follows");
  if (head.follows && !head.root.empty()) members.refuse("follows", "no root beside it");
  // No more than a command line may ask for, whoever wrote the receipt.
  StreamOptions& limits = head.limits;
  limits.expansion_limit =
      std::clamp<std::uint64_t>(members.number("expansion_limit"), 1, 1'000'000'000);
  limits.decoded_limit = std::max<std::uint64_t>(members.number("decoded_limit"), 1);
  limits.member_limit =
      std::clamp<std::uint64_t>(members.number("member_limit"), 1, 1'000'000'000);
  limits.archive_depth =
      static_cast<unsigned>(std::min<std::uint64_t>(members.number("archive_depth"), 64));
  limits.archive_memory = static_cast<std::size_t>(
      std::clamp<std::uint64_t>(members.number("archive_memory"), 1, 1 << 30));
  head.indicators = members.number("indicators");
  if (Status fine = members.status(); !fine) return fail(fine.error());
  return head;
}

Result<ReceiptLine> account_of(JsonView object, bool is_member) {
  Members members(object);
  FileAccount account;
  account.is_member = is_member;
  account.file = members.bytes("file");
  account.absolute = members.bytes("absolute");
  read_place(members, account.now, account.gone);
  account.counters.bytes_read = members.number("bytes_read");
  account.counters.bytes_decoded = members.number("bytes_decoded");
  account.bytes_scanned = members.number("bytes_scanned");
  account.counters.bytes_skipped = members.number("bytes_skipped");
  account.counters.lines = members.number("lines");
  account.format = members.text("format");
  account.decoders = members.text("decoders");
  account.encoding = members.named("encoding", &encoding_from_name, TextEncoding::kBytes,
                                   "bytes, utf-16le or utf-16be");
  if (!is_member) {
    FileIdentity& identity = account.identity;
    identity.regular = members.truth("regular");
    identity.size = members.number("size");
    identity.modified = members.time("modified");
    identity.bytes_read = account.counters.bytes_read;
    identity.digest_bytes = members.number("digest_bytes");
    account.bytes_unread = members.number("bytes_unread");
    account.bytes_before = members.number("bytes_hunted_before");
    identity.from = account.bytes_before;
    if (!members["news"].is_nothing()) {
      account.news = members.named("news", &news_from_name, NewsKind::kNone,
                                   "unchanged, continued, for_new_indicators or whole");
    }
    account.members = members.number("members");
    if (account.news != NewsKind::kUnchanged) {  // of which nothing was read
      const std::string digest = members.text("digest");
      if (digest.substr(0, kChecksumKind.size()) == kChecksumKind)
        identity.digest = digest_of(digest.substr(kChecksumKind.size()));
      if (!identity.digest) members.refuse("digest", "xxh3-128: and 32 hex digits");
    }
  }
  if (Status fine = members.status(); !fine) return fail(fine.error());
  return account;
}

Result<ReceiptLine> skip_of(JsonView object) {
  Members members(object);
  Skip skip;
  skip.file = members.bytes("file");
  skip.reason = members.bytes("reason");
  skip.bytes = members.number("bytes");
  skip.whole = members.truth("whole");
  skip.incomplete = members.truth("incomplete");
  if (Status fine = members.status(); !fine) return fail(fine.error());
  return skip;
}

Result<ReceiptLine> sighting_of(JsonView object) {
  Members members(object);
  ReceiptSighting found;
  Sighting& sighting = found.sighting;
  sighting.file = members.bytes("file");
  found.has_absolute = !members["absolute"].is_nothing();
  if (found.has_absolute) sighting.absolute_path = members.bytes("absolute");
  read_place(members, found.now, found.gone);
  if (!members["hunted_to"].is_nothing()) found.hunted_to = members.number("hunted_to");
  sighting.line = members.number("line");
  sighting.event_offset = members.number("event_offset");
  if (const auto digest = digest_of(members["event_digest"].string())) {
    sighting.event_digest = *digest;
  } else {
    members.refuse("event_digest", "32 hex digits");
  }
  sighting.offset = members.number("offset");
  sighting.length = members.number("length");
  sighting.observable.type =
      members.named("type", &type_from_name, IndicatorType::kDomain, "the name of a type");
  sighting.observable.value = members.bytes("indicator");
  sighting.match = members.bytes("match");
  sighting.grade =
      members.named("grade", &grade_from_name, Grade::kNone, "the name of a grade");
  sighting.rule = members.text("rule");
  members["views"].each_element([&](JsonView view) {
    if (const auto kind = view_from_name(view.string())) {
      sighting.views.push_back(*kind);
    } else {
      members.refuse("views", "names of views");
    }
  });
  if (!members["views"].is_array()) members.refuse("views", "an array");
  if (found.has_absolute) {
    sighting.time = members.time("time");
    found.matches_time = sighting.time.has_value();
  }
  if (Status fine = members.status(); !fine) return fail(fine.error());
  return found;
}

Result<ReceiptLine> summary_of(JsonView object) {
  Members members(object);
  ReceiptSummary summary;
  summary.complete = members.truth("complete");
  summary.interrupted = members.truth("interrupted");
  summary.closes = members.truth("closes");
  const std::pair<std::string_view, std::uint64_t*> numbers[] = {
      {"files", &summary.files},
      {"bytes_on_disk", &summary.bytes_on_disk},
      {"bytes_read", &summary.bytes_read},
      {"bytes_unread", &summary.bytes_unread},
      {"bytes_hunted_before", &summary.bytes_before},
      {"bytes_decoded", &summary.bytes_decoded},
      {"bytes_scanned", &summary.bytes_scanned},
      {"bytes_skipped", &summary.bytes_skipped},
      {"lines", &summary.lines},
      {"skips", &summary.skips},
      {"sightings", &summary.sightings},
  };
  for (const auto& [name, number] : numbers) *number = members.number(name);
  Members by_grade(members["by_grade"]);
  for (std::size_t grade = 1; grade < kGradeCount; ++grade) {
    const std::string_view name = name_of(static_cast<Grade>(grade));
    if (!by_grade[name].is_nothing()) summary.by_grade[grade] = by_grade.number(name);
  }
  Members canary(members["canary"]);
  summary.canary.planted = canary.number("planted");
  summary.canary.found = canary.number("found");
  summary.canary.unexpected = canary.number("unexpected");
  for (const Members* part : {&members, &by_grade, &canary}) {
    if (Status fine = part->status(); !fine) return fail(fine.error());
  }
  return summary;
}

}  // namespace

Result<ReceiptLine> ReceiptParser::line(std::string_view text) {
  ++number_;
  auto parsed = parse(text);
  if (!parsed) return fail(parsed.error().at("line " + std::to_string(number_)));
  return parsed;
}

Result<ReceiptLine> ReceiptParser::parse(std::string_view text) {
  constexpr std::string_view kOpen = "\"entries\":[", kClose = "],\"summary\":";
  if (state_ != State::kChecksum) {
    hasher_.update(text);
    hasher_.update("\n");
  }
  switch (state_) {
    case State::kStart:
      if (text.size() > kOpen.size() && text.substr(text.size() - kOpen.size()) == kOpen) {
        const auto head = json_.parse(std::string(text) + "]}");
        if (!head) return fail(head.error());
        if ((*head)["kind"].string() != "receipt")
          return fail("found no receipt, expected one of 'spoor hunt --receipt'");
        state_ = State::kEntries;
        return head_of(*head);
      }
      state_ = State::kStream;
      return entry(text);
    case State::kStream:
      return entry(text);
    case State::kEntries:
    case State::kLast:
      if (text.substr(0, kClose.size()) == kClose) return summary(text.substr(kClose.size()));
      if (state_ == State::kLast) return fail("found an entry behind the last one");
      if (!text.empty() && text.back() == ',') {
        text.remove_suffix(1);
      } else {
        state_ = State::kLast;
      }
      return entry(text);
    case State::kChecksum:
      return checksum(text);
    case State::kEnd:
      break;
  }
  return fail("found something behind the end");
}

Result<ReceiptLine> ReceiptParser::entry(std::string_view text) {
  if (state_ == State::kStream && trim(text).empty()) return ReceiptLine{};
  const auto object = json_.parse(text);
  if (!object) return fail(object.error());
  const std::string_view kind = (*object)["kind"].string();
  if (kind == "sighting") return sighting_of(*object);
  if (state_ == State::kStream) {
    if (kind == "summary") return ReceiptLine{};
    return fail("found kind '" + std::string(kind.substr(0, 40)) +
                "', expected a receipt or the output of 'spoor hunt --json'");
  }
  if (kind == "file" || kind == "member") return account_of(*object, kind == "member");
  if (kind == "skip") return skip_of(*object);
  return fail("'kind': found '" + std::string(kind.substr(0, 40)) +
              "', expected file, member, skip or sighting");
}

Result<ReceiptLine> ReceiptParser::summary(std::string_view text) {
  if (text.empty() || text.back() != ',') return fail("found no ',' behind the summary");
  text.remove_suffix(1);
  const auto object = json_.parse(text);
  if (!object) return fail(object.error());
  state_ = State::kChecksum;
  return summary_of(*object);
}

Result<ReceiptLine> ReceiptParser::checksum(std::string_view text) {
  const auto object = json_.parse("{" + std::string(text));
  if (!object) return fail(object.error());
  state_ = State::kEnd;
  ReceiptEnd end;
  end.found = std::string((*object)["checksum"].string());
  end.computed = std::string(kChecksumKind) + to_hex(hasher_.digest().view());
  end.checksum_holds = end.found == end.computed;
  return end;
}

Status ReceiptParser::end() const {
  if (state_ == State::kStart) return fail("is empty, expected a receipt or sightings");
  if (state_ == State::kStream || state_ == State::kEnd) return {};
  return fail("is cut: found no checksum behind line " + std::to_string(number_));
}

}  // namespace spoor
