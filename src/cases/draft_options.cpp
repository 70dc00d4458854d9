#include "cases/draft_options.h"

#include <algorithm>

#include "base/ascii.h"
#include "cases/markdown.h"

namespace spoor {
namespace {

constexpr std::string_view kPapNames[] = {"clear", "green", "amber", "red"};

std::string csv_text(std::string_view cell) {
  // RFC 4180, quoted always; a formula is no formula behind an apostrophe.
  std::string out = "\"";
  if (!cell.empty() && std::string_view("=+-@\t").find(cell[0]) != std::string_view::npos)
    out += '\'';
  for (const char c : cell) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += '?';
      continue;
    }
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string csv_of(std::span<const LeftOut> all) {
  std::string text = "type,value,tags\r\n";
  for (const LeftOut& left : all) {
    const DraftObservable& each = *left.observable;
    std::string tags;
    for (const std::string& tag : each.tags) tags += (tags.empty() ? "" : ";") + tag;
    text += csv_text(name_of(each.observable.type)) + "," + csv_text(each.observable.value) +
            "," + csv_text(tags) + "\r\n";
  }
  return text;
}

}  // namespace

std::optional<AttachAs> attach_as_from_name(std::string_view name) {
  if (equals_ignore_case(name, "csv")) return AttachAs::kCsv;
  if (equals_ignore_case(name, "stix")) return AttachAs::kStix;
  if (equals_ignore_case(name, "both")) return AttachAs::kBoth;
  return std::nullopt;
}

Result<GroupBy> parse_group_by(std::string_view text) {
  GroupBy group{false, false, false, false};
  const struct {
    std::string_view name;
    bool GroupBy::*part;
  } parts[] = {{"pulse", &GroupBy::pulse},
               {"asset", &GroupBy::asset},
               {"day", &GroupBy::day},
               {"indicator", &GroupBy::indicator}};
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view word = trim(text.substr(0, comma));
    bool known = false;
    for (const auto& each : parts) {
      if (!equals_ignore_case(each.name, word)) continue;
      group.*each.part = true;
      known = true;
    }
    if (!known) {
      return fail("found '" + std::string(word) +
                  "', expected one or more of pulse, asset, day, indicator, with commas "
                  "between");
    }
    if (comma == std::string_view::npos) return group;
    text.remove_prefix(comma + 1);
  }
}

bool is_critical(std::string_view name, const std::vector<std::string>& patterns) {
  const auto fits = [&](std::string_view pattern) {
    // The classic walk with one place to go back to: linear in name times stars.
    std::size_t n = 0, p = 0, star = std::string_view::npos, back = 0;
    while (n < name.size()) {
      if (p < pattern.size() && pattern[p] == '*') {
        star = p++;
        back = n;
      } else if (p < pattern.size() && to_lower(pattern[p]) == to_lower(name[n])) {
        ++p, ++n;
      } else if (star != std::string_view::npos) {
        p = star + 1;
        n = ++back;
      } else {
        return false;
      }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
  };
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return fits(pattern); });
}

void Handling::take(std::optional<Tlp> said, const std::vector<std::string>& tags) {
  if (said && (!tlp || *said > *tlp)) tlp = *said;
  for (const std::string& tag : tags) {
    if (starts_with_ignore_case(tag, "tlp:")) {
      const Tlp named = parse_tlp(trim(std::string_view(tag).substr(4)));
      if (!tlp || named > *tlp) tlp = named;
    } else if (starts_with_ignore_case(tag, "pap:")) {
      const std::string word = lower(trim(std::string_view(tag).substr(4)));
      for (int level = 0; level < 4; ++level) {
        if ((word == kPapNames[level] || (level == 0 && word == "white")) &&
            (!pap || level > *pap))
          pap = level;
      }
    }
  }
}

void apply_cap(CaseDraft& draft, const DraftOptions& options, const LeftOutFacts& facts) {
  const std::size_t most = options.max_observables;
  if (draft.observables.size() <= most) return;
  draft.left_out = draft.observables.size() - most;
  std::string stem = "observables-" + draft.source_ref.substr(0, 60);
  for (char& c : stem) {
    if (!is_alnum(c) && c != '-' && c != '.') c = '_';
  }
  std::vector<LeftOut> rest;
  for (std::size_t i = most; i < draft.observables.size(); ++i)
    rest.push_back({&draft.observables[i], {}, 0});

  std::vector<LeftOut> as_csv = rest;
  if (options.attach_as != AttachAs::kCsv && options.write_stix) {
    for (LeftOut& each : rest) facts(each);
    StixBundle bundle = options.write_stix(rest);
    if (options.attach_as == AttachAs::kStix) {
      as_csv.clear();
      for (const std::size_t index : bundle.lacking) as_csv.push_back(rest[index]);
    }
    if (!bundle.text.empty()) {
      draft.files.push_back(
          {stem + ".stix.json", "application/stix+json;version=2.1", std::move(bundle.text)});
    }
  }
  if (!as_csv.empty()) draft.files.push_back({stem + ".csv", "text/csv", csv_of(as_csv)});
  draft.observables.resize(most);
}

std::string pulse_link(const DraftOptions& options, std::string_view id) {
  if (options.pulse_url.empty() || id.size() != 24 ||
      !std::all_of(id.begin(), id.end(), [](char c) { return is_hex(c); }))
    return {};
  return options.pulse_url + std::string(id);
}

std::string severity_text(const CaseDraft& draft) {
  constexpr std::string_view kNames[] = {"", "low", "medium", "high", "critical"};
  std::string text = "Severity: " + std::string(kNames[draft.severity]) + "\n\n";
  for (const SeverityStep& step : draft.severity_steps) {
    text += "- " + markdown_code(step.rule) + ": " + markdown_text(step.words) + " → " +
            std::string(kNames[std::clamp(step.after, 1, 4)]) + "\n";
  }
  return text;
}

}  // namespace spoor
