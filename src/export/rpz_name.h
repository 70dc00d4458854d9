// Owner names of a response policy zone (draft-vixie-dnsop-dns-rpz-00): a name as it is, an
// address turned round below rpz-ip. Tested by formats_test.cpp.

#pragma once

#include <string>
#include <string_view>

#include "ioc/observable.h"

namespace spoor {

/// "32.7.113.0.203.rpz-ip", "128.1.zz.db8.2001.rpz-ip"; "" where the type has no trigger.
std::string rpz_address_name(const Observable& observable);

/// Whether a zone file can hold the name as it is: letters, digits, '-', '_', '.', short enough
/// to have a zone's own name behind it.
bool is_rpz_name(std::string_view name);

}  // namespace spoor
