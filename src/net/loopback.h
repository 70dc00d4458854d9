// Whether a host of a URL is this machine: 127.0.0.0/8 in full dotted form, ::1 in brackets,
// localhost. What is not encrypted may go there only. Tested by transport_test.cpp.

#pragma once

#include <string_view>

namespace spoor {

bool is_loopback(std::string_view host);

}  // namespace spoor
