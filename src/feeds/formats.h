// The readers behind the table of formats.cpp; one file each.

#pragma once

#include <functional>
#include <string_view>

#include "feeds/feed.h"

namespace spoor {

using OnPage = std::function<Status(Page&&)>;

int otx_confidence(std::string_view head, std::string_view file_name);
Status read_otx_file(std::string_view text, std::string_view where, const OnPage& on_page);

int list_confidence(std::string_view head, std::string_view file_name);
Status read_list(std::string_view text, std::string_view where, const OnPage& on_page);

int hosts_confidence(std::string_view head, std::string_view file_name);
Status read_hosts(std::string_view text, std::string_view where, const OnPage& on_page);

int csv_confidence(std::string_view head, std::string_view file_name);
Status read_csv(std::string_view text, std::string_view where, const OnPage& on_page);

int zeek_intel_confidence(std::string_view head, std::string_view file_name);
Status read_zeek_intel(std::string_view text, std::string_view where, const OnPage& on_page);

int adblock_confidence(std::string_view head, std::string_view file_name);
Status read_adblock(std::string_view text, std::string_view where, const OnPage& on_page);

int rpz_confidence(std::string_view head, std::string_view file_name);
Status read_rpz(std::string_view text, std::string_view where, const OnPage& on_page);

int dnsmasq_confidence(std::string_view head, std::string_view file_name);
Status read_dnsmasq(std::string_view text, std::string_view where, const OnPage& on_page);

int maltrail_confidence(std::string_view head, std::string_view file_name);
Status read_maltrail(std::string_view text, std::string_view where, const OnPage& on_page);

}  // namespace spoor
