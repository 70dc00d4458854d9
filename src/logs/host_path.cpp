#include "logs/host_path.h"

#include <algorithm>
#include <vector>

#include "base/ascii.h"
#include "logs/cursor.h"

namespace spoor {
namespace {

constexpr std::size_t kMostHostBytes = 253;

/// Takes the host out of the name of a folder or archive; "" where it is none of that tool's.
using TakeHost = std::string_view (*)(std::string_view name);

/// A pattern: names of folders, alternatives joined by '|', joined by '/'; {} is the host's.
/// Letter case does not matter. Something must follow.
struct PathRow {
  std::string_view pattern;
  TakeHost take;
};

std::string_view whole(std::string_view name) {
  return name;
}

bool all_digits(std::string_view text, std::size_t count) {
  return text.size() == count && std::all_of(text.begin(), text.end(), is_digit);
}

bool eat_start(std::string_view& name, std::string_view start) {
  if (!starts_with_ignore_case(name, start)) return false;
  name.remove_prefix(start.size());
  return true;
}

std::string_view without_archive_end(std::string_view name) {
  for (const std::string_view end : {".tar.gz", ".tar.xz", ".tar", ".zip", ".7z"}) {
    if (name.size() > end.size() &&
        equals_ignore_case(name.substr(name.size() - end.size()), end))
      return name.substr(0, name.size() - end.size());
  }
  return name;
}

/// "2026-11-24" at the begin of `text`.
bool begins_with_date(std::string_view text) {
  return text.size() >= 10 && all_digits(text.substr(0, 4), 4) && text[4] == '-' &&
         all_digits(text.substr(5, 2), 2) && text[7] == '-' && all_digits(text.substr(8, 2), 2);
}

/// The part before the last "-2026-11-24", whatever follows it.
std::string_view before_date(std::string_view name) {
  for (std::size_t dash = name.rfind('-'); dash != std::string_view::npos && dash > 0;
       dash = name.rfind('-', dash - 1)) {
    if (begins_with_date(name.substr(dash + 1))) return name.substr(0, dash);
  }
  return {};
}

/// Velociraptor's offline collector: Collection-HOST-2026-11-24T10_54_14Z.zip.
std::string_view velociraptor(std::string_view name) {
  if (!eat_start(name, "collection-")) return {};
  return before_date(without_archive_end(name));
}

/// sos report: sosreport-HOST-2026-11-24-abcdefg.tar.xz; the number of a case may stand behind
/// the host.
std::string_view sosreport(std::string_view name) {
  if (!eat_start(name, "sosreport-")) return {};
  name = before_date(without_archive_end(name));
  constexpr std::size_t kCaseDigits = 7;
  const std::size_t dash = name.rfind('-');
  if (dash != std::string_view::npos && name.size() - dash > kCaseDigits &&
      all_digits(name.substr(dash + 1), name.size() - dash - 1))
    name = name.substr(0, dash);
  return name;
}

/// UAC: uac-HOST-linux-20261124105414.tar.gz.
std::string_view uac(std::string_view name) {
  if (!eat_start(name, "uac-")) return {};
  name = without_archive_end(name);
  const std::size_t time = name.rfind('-');
  if (time == std::string_view::npos || !all_digits(name.substr(time + 1), 14)) return {};
  name = name.substr(0, time);
  const std::size_t system = name.rfind('-');
  constexpr std::string_view kSystems[] = {"aix",     "android", "esxi",   "freebsd",
                                           "linux",   "macos",   "netbsd", "netscaler",
                                           "openbsd", "solaris"};
  if (system == std::string_view::npos ||
      std::find(std::begin(kSystems), std::end(kSystems), name.substr(system + 1)) ==
          std::end(kSystems))
    return {};
  return name.substr(0, system);
}

/// A name with a domain, whose last label has letters only: web-01.corp.example.
std::string_view full_name(std::string_view name) {
  const std::size_t last = name.rfind('.');
  if (std::count(name.begin(), name.end(), '.') < 2) return {};
  const std::string_view top = name.substr(last + 1);
  return top.size() >= 2 && std::all_of(top.begin(), top.end(), is_alpha) ? name
                                                                          : std::string_view();
}

constexpr PathRow kRows[] = {
    // rsyslog and syslog-ng by their manuals' examples: /var/log/remote/HOST/auth.log
    {"log/hosts|remote|remote-hosts|rsyslog|by-host/{}", whole},
    {"logs/hosts|remote|remote-hosts|by-host/{}", whole},
    // a folder of machines, each with the top of its file system
    {"hosts|machines|systems|endpoints|collections|triage|evidence|images/{}/"
     "var|etc|c|c:|c%3a|windows|uploads|inetpub|[root]",
     whole},
    {"{}/var/log", full_name},
    {"{}", velociraptor},
    {"{}", sosreport},
    {"{}", uac},
};

bool fits_name(std::string_view alternatives, std::string_view name) {
  while (!alternatives.empty()) {
    const std::size_t end = std::min(alternatives.find('|'), alternatives.size());
    if (equals_ignore_case(alternatives.substr(0, end), name)) return true;
    alternatives.remove_prefix(std::min(end + 1, alternatives.size()));
  }
  return false;
}

/// The host of `row`, whose {} is to be names[at]; "" where it does not fit.
std::string_view host_at(const PathRow& row, const std::vector<std::string>& names,
                         std::size_t at) {
  const std::size_t hole = row.pattern.find("{}");
  const std::string_view before = row.pattern.substr(0, hole);
  const auto before_count =
      static_cast<std::size_t>(std::count(before.begin(), before.end(), '/'));
  if (before_count > at) return {};
  std::size_t i = at - before_count;
  for (std::string_view rest = row.pattern; !rest.empty(); ++i) {
    if (i >= names.size()) return {};
    const std::size_t end = std::min(rest.find('/'), rest.size());
    if (i != at && !fits_name(rest.substr(0, end), names[i])) return {};
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (i >= names.size()) return {};  // nothing follows: the last name is a file's
  const std::string_view host = row.take(names[at]);
  return looks_like_host(host) ? host : std::string_view();
}

/// The names of a path; those of an archive's members are names like others.
std::vector<std::string> names_of(std::string_view path) {
  std::vector<std::string> names;
  std::string name;
  const auto close = [&] {
    if (!name.empty()) names.push_back(std::move(name));
    name.clear();
  };
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '/' || path[i] == '!') {
      close();
    } else if (path.substr(i, 3) == "%21" || path.substr(i, 3) == "%25") {
      name += path[i + 2] == '1' ? '!' : '%';
      i += 2;
    } else {
      name += path[i];
    }
  }
  close();
  return names;
}

/// Names of folders that stand where hosts do and are none.
constexpr std::string_view kNoHosts[] = {
    "archive", "archived", "audit",    "auth", "backup", "backups",   "cron",
    "current", "daemon",   "default",  "kern", "local",  "localhost", "log",
    "logs",    "mail",     "messages", "new",  "old",    "remote",    "secure",
    "syslog",  "tmp",      "unknown",  "user"};

}  // namespace

bool looks_like_host(std::string_view text) {
  if (text.empty() || text.size() > kMostHostBytes) return false;
  if (looks_like_address(text)) return true;
  const auto is_inner = [](char c) { return is_alnum(c) || c == '-' || c == '.' || c == '_'; };
  return is_alnum(text.front()) && is_alnum(text.back()) &&
         std::all_of(text.begin(), text.end(), is_inner) &&
         std::any_of(text.begin(), text.end(), is_alpha) &&
         std::none_of(std::begin(kNoHosts), std::end(kNoHosts),
                      [&](std::string_view word) { return equals_ignore_case(word, text); });
}

std::string host_in_path(std::string_view path) {
  const std::vector<std::string> names = names_of(path);
  for (std::size_t at = names.size(); at-- > 0;) {
    for (const PathRow& row : kRows) {
      const std::string_view host = host_at(row, names, at);
      if (!host.empty()) return std::string(host);
    }
  }
  return {};
}

}  // namespace spoor
