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
Status read_csv_as(std::string_view text, std::string_view where, const OnPage& on_page,
                   const ReadOptions& options);

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

int misp_confidence(std::string_view head, std::string_view file_name);
Status read_misp(std::string_view text, std::string_view where, const OnPage& on_page);

int stix_confidence(std::string_view head, std::string_view file_name);
Status read_stix(std::string_view text, std::string_view where, const OnPage& on_page);

int openioc_confidence(std::string_view head, std::string_view file_name);
Status read_openioc(std::string_view text, std::string_view where, const OnPage& on_page);

int urlhaus_confidence(std::string_view head, std::string_view file_name);
Status read_urlhaus(std::string_view text, std::string_view where, const OnPage& on_page);

int threatfox_confidence(std::string_view head, std::string_view file_name);
Status read_threatfox(std::string_view text, std::string_view where, const OnPage& on_page);

int malwarebazaar_confidence(std::string_view head, std::string_view file_name);
Status read_malwarebazaar(std::string_view text, std::string_view where, const OnPage& on_page);

int feodo_confidence(std::string_view head, std::string_view file_name);
Status read_feodo(std::string_view text, std::string_view where, const OnPage& on_page);

int sslbl_confidence(std::string_view head, std::string_view file_name);
Status read_sslbl(std::string_view text, std::string_view where, const OnPage& on_page);

int report_confidence(std::string_view head, std::string_view file_name);
Status read_report(std::string_view text, std::string_view where, const OnPage& on_page);

}  // namespace spoor
