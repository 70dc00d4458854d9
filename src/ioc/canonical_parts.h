// What canonical.cpp and infer.cpp share; no part of the room's face. Texts are clean and
// refanged.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "ioc/canonical.h"

namespace spoor {

inline constexpr std::size_t kLongestValue = 8192;

tl::unexpected<Refusal> refuse(std::string_view rule, std::string reason);

/// `raw` without outer blanks and matching quotes.
std::string_view clean_value(std::string_view raw);
/// Whether refang() could change or refuse `text`; one look at its bytes.
bool may_be_defanged(std::string_view text);

/// An address, a network or an address with a port; nothing where `text` has none of these
/// shapes.
std::optional<OrRefusal<Canonical>> address_like(std::string_view text);
/// The file digest with that many hex digits.
std::optional<IndicatorType> hash_of_length(std::size_t digits);
/// A last label of digits: no top-level domain is a number.
bool ends_in_number(std::string_view name);

OrRefusal<Canonical> canonical_url(std::string_view text);
OrRefusal<Canonical> canonical_name(IndicatorType type, std::string_view text);
OrRefusal<Canonical> canonical_email(std::string_view text);

}  // namespace spoor
