#include "lookup/store_index.h"

#include <algorithm>
#include <utility>

#include "ioc/ip.h"
#include "ioc/path.h"

namespace spoor {
namespace {

using T = IndicatorType;

// Addresses that are looked up before it pays to read which prefix lengths occur.
constexpr std::size_t kAddressesBeforeScan = 64;
// Above every text: what a range over a whole type ends at.
constexpr std::string_view kEnd = "\xFF\xFF";
constexpr std::size_t kAll = std::size_t{1} << 40;

std::size_t index_of(T type) {
  return static_cast<std::size_t>(type);
}

}  // namespace

StoreIndex::StoreIndex(ValueReader& reader) : reader_(reader) {
  traits_.bare_lengths.assign(IndexTraits::kBareLengths, true);
  traits_.agent_lengths.set();
  traits_.has_single_label = true;
  traits_.has_relative_path = true;
  traits_.seldom.fill(~std::uint64_t{0});
  traits_.v4_networks.fill(~std::uint64_t{0});
  for (int bits = 32; bits >= 0; --bits) traits_.v4_prefixes.push_back(bits);
  for (int bits = 128; bits >= 0; --bits) traits_.v6_prefixes.push_back(bits);
}

Status StoreIndex::prepare() {
  auto types = reader_.types();
  if (!types) return fail(types.error());
  stored_ = *types;
  if (!stored_[index_of(T::kUrl)]) return {};
  // The schemes that occur: each probe looks behind the last one.
  std::string from;
  while (schemes_.size() < 64) {
    std::string scheme;
    SPOOR_TRY(reader_.in_range(T::kUrl, from, kEnd, 1,
                               [&](ValueReader::Found&& found) {
                                 scheme = found.value.substr(0, found.value.find(':'));
                               }),
              "lookup");
    if (scheme.empty()) return {};
    from = scheme + ";";  // ':' + 1
    schemes_.push_back(std::move(scheme));
  }
  return {};
}

void StoreIndex::note_networks() {
  networks_known_ = true;
  std::array<bool, 33> v4{};
  std::array<bool, 129> v6{};
  const Status read =
      reader_.in_range(T::kCidr, "", kEnd, kAll, [&](ValueReader::Found&& found) {
        const auto network = parse_network(found.value, nullptr);
        if (!network) return;
        if (network->is_v6) {
          v6[static_cast<std::size_t>(network->prefix)] = true;
        } else {
          v4[static_cast<std::size_t>(network->prefix)] = true;
        }
      });
  if (!read) {
    status_ = read;
    return;
  }
  const auto only = [](std::vector<int>& prefixes, const auto& occurs) {
    prefixes.erase(
        std::remove_if(prefixes.begin(), prefixes.end(),
                       [&](int bits) { return !occurs[static_cast<std::size_t>(bits)]; }),
        prefixes.end());
  };
  only(traits_.v4_prefixes, v4);
  only(traits_.v6_prefixes, v6);
}

void StoreIndex::begin(const LookupSubject& subject) {
  subject_ = &subject;
  found_.clear();
  number_of_.clear();
  on_host_ = {};
  capped_ = false;
  for (std::size_t i = 0; i < kIndicatorTypeCount; ++i)
    traits_.present[i] = stored_[i] && subject.meets[i];
  if (!traits_.present[index_of(T::kCidr)]) {
    return;
  }
  if (!networks_known_ && ++addresses_ > kAddressesBeforeScan) note_networks();
}

std::uint32_t StoreIndex::keep(IndicatorType type, std::string value, ObservableId id) const {
  const auto number = static_cast<std::uint32_t>(found_.size());
  const auto [place, is_new] = number_of_.emplace(static_cast<std::int64_t>(id), number);
  if (is_new) found_.push_back({{type, std::move(value)}, id});
  return place->second;
}

void StoreIndex::probe(IndicatorType type, std::string_view value, Visit visit) const {
  if (!status_ || !has(type)) return;
  const auto id = reader_.find(type, value);
  if (!id) {
    status_ = fail(id.error());
  } else if (*id) {
    visit(keep(type, std::string(value), **id));
  }
}

void StoreIndex::range(IndicatorType type, std::string_view from, std::string_view to,
                       std::size_t most, Visit visit) const {
  if (!status_ || !has(type)) return;
  // The visitor may ask again: the rows first.
  std::vector<std::uint32_t> rows;
  if (auto read =
          reader_.in_range(type, from, to, most,
                           [&](ValueReader::Found&& found) {
                             rows.push_back(keep(type, std::move(found.value), found.id));
                           });
      !read) {
    status_ = read;
  }
  if (rows.size() == most) capped_ = true;
  for (const std::uint32_t row : rows) visit(row);
}

void StoreIndex::load_host(std::string_view host) const {
  on_host_ = {std::string(host), true, {}};
  const std::string shown = host.find(':') == std::string_view::npos
                                ? std::string(host)
                                : "[" + std::string(host) + "]";
  for (const std::string& scheme : schemes_) {
    for (const char border : {'/', ':'}) {
      const std::string from = scheme + "://" + shown + border;
      std::string to = from;
      ++to.back();
      range(T::kUrl, from, to, kMostOnHost, [&](std::uint32_t row) {
        Url room;
        const Url& parts = url(row, room);
        on_host_.by_key.emplace(url_key(parts.host, url_place(parts.path)), row);
      });
    }
  }
}

void StoreIndex::urls_at(std::string_view key, Visit visit) const {
  const std::size_t cut = key.find('\n');
  const std::string_view host = key.substr(0, cut);
  const std::string_view place = key.substr(cut + 1);
  const T asked = subject_->observable.type;
  if (asked != T::kUrl && asked != T::kUri) {
    // A host by itself meets root URLs only (U6).
    if (!place.empty()) return;
    const std::string shown = host.find(':') == std::string_view::npos
                                  ? std::string(host)
                                  : "[" + std::string(host) + "]";
    for (const std::string& scheme : schemes_)
      probe(T::kUrl, scheme + "://" + shown + "/", visit);
    return;
  }
  if (!on_host_.loaded || on_host_.host != host) load_host(host);
  const auto [first, last] = on_host_.by_key.equal_range(std::string(key));
  std::vector<std::uint32_t> rows;
  for (auto row = first; row != last; ++row) rows.push_back(row->second);
  std::sort(rows.begin(), rows.end());
  for (const std::uint32_t row : rows) visit(row);
  // Behind the cap: the URL as it is spelled, and places as the key spells them.
  if (!capped_) return;
  probe(T::kUrl, subject_->observable.value, visit);
  for (const std::string& scheme : schemes_) {
    const std::string at = scheme + "://" + std::string(host) + std::string(place);
    probe(T::kUrl, at, visit);
    probe(T::kUrl, at + "/", visit);
  }
}

void StoreIndex::folded(IndicatorType type, KeyKind kind, std::string_view key,
                        Visit visit) const {
  if (!status_ || !has(type)) return;
  Folded& table = kind == KeyKind::kFileName ? names_ : paths_;
  bool& loaded = kind == KeyKind::kFileName ? names_loaded_ : paths_loaded_;
  if (!loaded) {
    loaded = true;
    if (auto read = reader_.in_range(
            type, "", kEnd, kAll,
            [&](ValueReader::Found&& found) {
              for_each_key({type, found.value}, [&](KeyKind of, std::string_view each) {
                if (of == kind) table.emplace(each, std::pair(found.id, found.value));
              });
            });
        !read) {
      status_ = read;
      return;
    }
  }
  const auto [first, last] = table.equal_range(std::string(key));
  for (auto row = first; row != last; ++row)
    visit(keep(type, row->second.second, row->second.first));
}

void StoreIndex::candidates(KeyKind kind, std::string_view key, Visit visit) const {
  switch (kind) {
    case KeyKind::kValue:
      if (!key.empty()) probe(static_cast<T>(key.front()), key.substr(1), visit);
      return;
    case KeyKind::kAddressOfPort: {
      const bool v6 = key.find(':') != std::string_view::npos;
      const std::string head = v6 ? "[" + std::string(key) + "]" : std::string(key);
      range(v6 ? T::kIpv6Port : T::kIpv4Port, head + ":", head + ";", kMostOnHost, visit);
      return;
    }
    case KeyKind::kNetwork: {
      Network network;
      const std::size_t size = key.size() - 2;
      network.is_v6 = size == 16;
      network.prefix = static_cast<unsigned char>(key[size]);
      for (std::size_t i = 0; i < size; ++i)
        network.base[i] = static_cast<std::uint8_t>(key[i]);
      probe(T::kCidr, format_network(network), visit);
      return;
    }
    case KeyKind::kUrlPlace:
      if (has(T::kUrl)) urls_at(key, visit);
      return;
    case KeyKind::kFileName:
      folded(T::kFileName, kind, key, visit);
      return;
    case KeyKind::kDrivelessPath:
      folded(T::kFilePath, kind, key, visit);
      return;
  }
}

const Url& StoreIndex::url(std::uint32_t indicator, Url& room) const {
  auto parsed = parse_url(found_[indicator].observable.value, Scheme::kRequired);
  room = parsed ? std::move(*parsed) : Url{};
  return room;
}

}  // namespace spoor
