// What the table of types (ioc/type.h) leaves to the value: certificates by the length of their
// digest, networks by their family, keys by their root. Tested by formats_test.cpp.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ioc/observable.h"

namespace spoor {

/// Object path of a STIX pattern; "": none.
std::string stix_path(const Observable& observable);
std::string misp_type(const Observable& observable);
/// `threat.indicator.type`; "": none.
std::string ecs_type(const Observable& observable);
/// Whole name of the ECS field that takes the value; "": none.
std::string ecs_field(const Observable& observable);

/// "hklm\software\x" with its root in full: "HKEY_LOCAL_MACHINE\software\x".
std::string full_registry_key(std::string_view canonical);

struct AddressPort {
  std::string address, port;  ///< no brackets
};
/// Of a canonical IPv4-port or IPv6-port.
AddressPort split_port(std::string_view canonical);

/// `text` in printable ASCII, everything else as '?', at most `most` bytes; for comments and
/// messages in configuration files. Backslashes, quotes and ';' become '?' too.
std::string plain_words(std::string_view text, std::size_t most);

/// The first `most` bytes of UTF-8, or a few less: cut where a character ends.
std::string_view cut_utf8(std::string_view text, std::size_t most);

/// Words joined by ", ".
std::string joined(const std::vector<std::string>& words, std::string_view joint = ", ");

}  // namespace spoor
