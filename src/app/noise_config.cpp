#include "app/noise_config.h"

#include <charconv>
#include <cmath>

#include "app/feed_config.h"

namespace spoor {
namespace {

Error wrong(const ConfigValue& value, const std::string& key, const std::string& expected) {
  return Error{value.where + ": " + key + ": expected " + expected};
}

std::optional<double> number_of(const ConfigValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value.value))
    return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value.value)) return *real;
  return std::nullopt;
}

std::optional<double> number_of(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(value)) return std::nullopt;
  return value;
}

Result<std::uint64_t> count_of(const ConfigValue& value, const std::string& key) {
  const auto* whole = std::get_if<std::int64_t>(&value.value);
  if (whole == nullptr || *whole < 0)
    return fail(wrong(value, key, "a whole number from 0 (never)"));
  return static_cast<std::uint64_t>(*whole);
}

Status read_feeds(const ConfigValue& value, ScoreSettings& settings) {
  const auto* pairs = std::get_if<ConfigValue::Pairs>(&value.value);
  if (pairs == nullptr)
    return fail(wrong(value, "score.feeds", "a table: \"feed\" = 0 to 100"));
  for (const auto& [feed, text] : *pairs) {
    const auto weight = number_of(text);
    if (!weight || *weight < 0 || *weight > 100)
      return fail(wrong(value, "score.feeds." + feed, "a number from 0 to 100"));
    settings.feeds[feed] = *weight;
  }
  return {};
}

Status read_decay(const ConfigValue& value, const std::string& key, ScoreSettings& settings) {
  const std::string name = key.substr(key.find('.') + 1);
  const auto type = type_from_name(name);
  const auto* pairs = std::get_if<ConfigValue::Pairs>(&value.value);
  if (!type) return fail(wrong(value, "score." + key, "a type such as domain, IPv4, URL"));
  if (pairs == nullptr)
    return fail(wrong(value, "score." + key, "a table with lifetime_days and shape"));
  Decay& decay = settings.decay[static_cast<std::size_t>(*type)];
  for (const auto& [member, text] : *pairs) {
    const auto number = number_of(text);
    const bool is_shape = member == "shape";
    if (!is_shape && member != "lifetime_days")
      return fail(wrong(value, "score." + key + "." + member, "lifetime_days or shape"));
    if (!number || *number < 0 || (is_shape && *number <= 0) || *number > 1e6)
      return fail(
          wrong(value, "score." + key + "." + member,
                is_shape ? "a number above 0" : "a number of days, 0: it never decays"));
    (is_shape ? decay.shape : decay.lifetime_days) = *number;
  }
  return {};
}

}  // namespace

Result<NoiseSettings> noise_settings(const Config& config) {
  NoiseSettings settings;
  for (const auto& [key, value] : config.noise.values) {
    const std::string name = "noise." + key;
    if (key == "builtin") {
      const bool* truth = std::get_if<bool>(&value.value);
      if (truth == nullptr) return fail(wrong(value, name, "true or false"));
      settings.builtin = *truth;
    } else if (key == "popular_percent") {
      const auto percent = number_of(value);
      if (!percent || *percent < 0 || *percent > 100)
        return fail(wrong(value, name, "a number from 0 to 100"));
      settings.volume.percent = *percent;
    } else if (key == "popular_events" || key == "popular_hosts") {
      const auto count = count_of(value, name);
      if (!count) return fail(count.error());
      (key == "popular_events" ? settings.volume.events : settings.volume.hosts) = *count;
    } else {
      return fail(value.where + ": unknown key '" + name + "'");
    }
  }
  return settings;
}

Result<ScoreSettings> score_settings(const Config& config) {
  ScoreSettings settings;
  // A feed's own table says how much it is believed; [score.feeds] has the last word.
  const auto feeds = feed_configs(config);
  if (!feeds) return fail(feeds.error());
  for (const FeedConfig& feed : *feeds) {
    if (feed.confidence) settings.feeds[feed.source.name] = *feed.confidence;
  }
  for (const auto& [key, value] : config.score.values) {
    if (key == "default") {
      const auto weight = number_of(value);
      if (!weight || *weight < 0 || *weight > 100)
        return fail(wrong(value, "score.default", "a number from 0 to 100"));
      settings.default_weight = *weight;
    } else if (key == "feeds") {
      if (auto status = read_feeds(value, settings); !status) return fail(status.error());
    } else if (key.rfind("decay.", 0) == 0) {
      if (auto status = read_decay(value, key, settings); !status) return fail(status.error());
    } else {
      return fail(value.where + ": unknown key 'score." + key + "'");
    }
  }
  return settings;
}

Result<std::shared_ptr<const Noise>> load_judge(NoiseStore& store,
                                                const NoiseSettings& settings, Tally& refused,
                                                Time now) {
  NoiseInputs inputs;
  auto lists = store.whole_lists();
  if (!lists) return fail(lists.error());
  auto allowed = store.allowed();
  if (!allowed) return fail(allowed.error());
  auto notes = store.notes();
  if (!notes) return fail(notes.error());
  inputs.lists = std::move(*lists);
  inputs.allowed = std::move(*allowed);
  inputs.notes = std::move(*notes);
  inputs.builtin = settings.builtin;
  inputs.volume = settings.volume;
  inputs.now = now;
  return std::shared_ptr<const Noise>(Noise::build(std::move(inputs), refused));
}

Result<JudgeCounts> judge_stored(NoiseStore& store, const Noise& judge,
                                 std::uint64_t all_events,
                                 const std::function<void(const SightingGroup&)>& told) {
  // Groups of one observable come together: what is known of it alone is asked once.
  Observable last;
  Judgement alone;
  bool first = true;
  return store.judge([&](SightingGroup& group) {
    if (first || group.observable != last) {
      first = false;
      last = group.observable;
      alone = judge.of_observable(last);
    }
    Noise::Event event;
    event.grade = group.grade;
    event.match_rule = group.rule;
    event.flow = group.flow;
    event.volume = group.volume;
    event.all_events = all_events;
    Judgement judged = judge.judge(last, alone, event);
    group.verdict = judged.verdict;
    group.reason = std::move(judged.reason);
    told(group);
  });
}

Result<std::unique_ptr<NoiseStore>> open_noise_store(const Invocation& invocation,
                                                     Store::Mode mode) {
  const auto path = store_path(invocation);
  if (!path) return fail(path.error());
  {
    // Makes or migrates it, or says why not.
    const auto store = Store::open(*path, mode);
    if (!store) return fail(store.error());
  }
  return NoiseStore::open(*path, mode == Store::Mode::kReadWrite ? Database::Access::kReadWrite
                                                                 : Database::Access::kReadOnly);
}

Result<std::shared_ptr<const Noise>> judge_of_store(const Invocation& invocation) {
  const auto settings = noise_settings(invocation.config);
  if (!settings) return fail(settings.error());
  const auto path = store_path(invocation);
  if (!path) return fail(path.error());
  const auto store = NoiseStore::open(*path, Database::Access::kReadOnly);
  if (!store) return fail(store.error());
  Tally refused;
  return load_judge(**store, *settings, refused);
}

Result<HuntJudge> HuntJudge::open(const std::string& store, const Config& config) {
  const auto settings = noise_settings(config);
  if (!settings) return fail(settings.error());
  auto opened = NoiseStore::open(store, Database::Access::kReadOnly);
  if (!opened) return fail(opened.error());
  return HuntJudge(*std::move(opened), *settings);
}

Result<std::shared_ptr<const Noise>> HuntJudge::judge(Time now) {
  const auto mark = store_->mark();
  if (!mark) return fail(mark.error());
  const auto allowed = store_->allowed();
  if (!allowed) return fail(allowed.error());
  next_expiry_.reset();
  for (const AllowEntry& entry : *allowed) {
    if (entry.expires && *entry.expires > now &&
        (!next_expiry_ || *entry.expires < *next_expiry_))
      next_expiry_ = entry.expires;
  }
  Tally refused;
  auto judge = load_judge(*store_, settings_, refused, now);
  if (judge) mark_ = *mark;
  return judge;
}

Result<HuntNoise> HuntJudge::load(Time now) {
  HuntNoise noise;
  auto made = judge(now);
  if (!made) return fail(made.error());
  noise.judge = *std::move(made);
  const auto events = store_->all_events();
  if (!events) return fail(events.error());
  noise.earlier_events = *events;
  auto earlier = store_->volumes(settings_.volume.events, settings_.volume.hosts);
  if (!earlier) return fail(earlier.error());
  noise.earlier = std::move(*earlier);
  const auto context = store_->context_only();
  if (!context) return fail(context.error());
  noise.context_only = *context;
  return noise;
}

Result<std::shared_ptr<const Noise>> HuntJudge::reload(Time now) {
  const auto mark = store_->mark();
  if (!mark) return fail(mark.error());
  const bool has_expired = next_expiry_ && *next_expiry_ <= now;
  if (*mark == mark_ && !has_expired) return std::shared_ptr<const Noise>();
  return judge(now);
}

}  // namespace spoor
