#include "app/options.h"

#include <algorithm>

#include "base/ascii.h"

namespace spoor {

std::string Options::value(std::string_view name, std::string_view otherwise) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::string(otherwise) : found->second.back();
}

std::vector<std::string> Options::all(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

std::string nearest_word(std::string_view word, std::span<const std::string_view> known) {
  std::string best;
  std::size_t best_distance = 3;
  for (const std::string_view candidate : known) {
    // Levenshtein's distance, one row.
    std::vector<std::size_t> row(candidate.size() + 1);
    for (std::size_t i = 0; i <= candidate.size(); ++i) row[i] = i;
    for (std::size_t w = 1; w <= word.size(); ++w) {
      std::size_t corner = row[0];
      row[0] = w;
      for (std::size_t c = 1; c <= candidate.size(); ++c) {
        const std::size_t substitute = corner + (word[w - 1] == candidate[c - 1] ? 0 : 1);
        corner = row[c];
        row[c] = std::min({substitute, row[c] + 1, row[c - 1] + 1});
      }
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = candidate;
    }
  }
  return best;
}

Result<Options> parse_options(std::span<const std::string> words,
                              std::span<const OptionRow> table) {
  Options options;
  const auto find = [&](auto&& is_it) {
    return std::find_if(table.begin(), table.end(), is_it);
  };
  bool ended = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (ended || word.size() < 2 || word[0] != '-') {
      options.operands_.push_back(word);
      continue;
    }
    if (word == "--") {
      ended = true;
      continue;
    }
    std::string shown;
    std::optional<std::string> value;
    auto row = table.end();
    if (word[1] == '-') {
      const std::size_t equals = word.find('=');
      const std::string name =
          word.substr(2, equals == std::string::npos ? equals : equals - 2);
      shown = "--" + name;
      if (equals != std::string::npos) value = word.substr(equals + 1);
      row = find([&](const OptionRow& known) { return known.name == name; });
      if (row == table.end()) {
        std::vector<std::string_view> names;
        for (const OptionRow& known : table) names.push_back(known.name);
        const std::string near = nearest_word(name, names);
        return fail("unknown option '" + shown + "'" +
                    (near.empty() ? ", see --help" : ", did you mean '--" + near + "'?"));
      }
    } else {
      shown = word.substr(0, 2);
      row = find([&](const OptionRow& known) { return known.letter == word[1]; });
      if (row == table.end()) return fail("unknown option '" + shown + "', see --help");
      if (word.size() > 2) value = word.substr(word[2] == '=' ? 3 : 2);
    }
    if (row->argument.empty()) {
      if (value) return fail("option '" + shown + "' takes no value, found '" + *value + "'");
      options.values_[std::string(row->name)].emplace_back();
      continue;
    }
    if (!value) {
      if (i + 1 == words.size())
        return fail("option '" + shown + "' needs a value: " + std::string(row->argument));
      value = words[++i];
    }
    options.values_[std::string(row->name)].push_back(*value);
  }
  return options;
}

Result<std::uint64_t> parse_number(std::string_view text, std::uint64_t least,
                                   std::uint64_t most) {
  std::uint64_t value = 0;
  bool good = !text.empty() && text.size() <= 18;
  for (const char c : text) {
    good = good && is_digit(c);
    if (good) value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (!good || value < least || value > most) {
    return fail("found '" + std::string(text) + "', expected a number from " +
                std::to_string(least) + " to " + std::to_string(most));
  }
  return value;
}

Result<Time> parse_since(std::string_view text, Time now) {
  if (const auto time = parse_iso8601(text)) return time->time;
  if (text.size() >= 2) {
    const auto count = parse_number(text.substr(0, text.size() - 1), 0, 100'000);
    std::int64_t seconds = 0;
    switch (text.back()) {
      case 'm':
        seconds = 60;
        break;
      case 'h':
        seconds = 3600;
        break;
      case 'd':
        seconds = 86'400;
        break;
      case 'w':
        seconds = std::int64_t{7} * 86'400;
        break;
      case 'y':
        seconds = std::int64_t{365} * 86'400;
        break;
      default:
        break;
    }
    if (count && seconds > 0)
      return now - std::chrono::seconds(seconds * static_cast<std::int64_t>(*count));
  }
  return fail("found '" + std::string(text) +
              "', expected an age such as 90d, 12h, 2w, or a date such as 2026-01-31");
}

std::string options_text(std::span<const OptionRow> table) {
  std::size_t width = 0;
  const auto head = [](const OptionRow& row) {
    std::string text = row.letter != '\0' ? std::string("  -") + row.letter + ", " : "      ";
    text += "--" + std::string(row.name);
    if (!row.argument.empty()) text += " " + std::string(row.argument);
    return text;
  };
  for (const OptionRow& row : table) width = std::max(width, head(row).size());
  std::string text;
  for (const OptionRow& row : table) {
    std::string line = head(row);
    line.resize(width + 2, ' ');
    text += line + std::string(row.help) + "\n";
  }
  return text;
}

}  // namespace spoor
