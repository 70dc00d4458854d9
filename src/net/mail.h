// One mail by SMTP through libcurl. TLS is always verified; without TLS a mail goes to loopback
// only, where a relay of the machine may stand. Source: RFC 5321, RFC 8314;
// https://curl.se/libcurl/c/CURLOPT_MAIL_FROM.html. Tested by tests/case_notify.

#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace spoor {

struct MailServer {
  std::string url;  ///< "smtps://mail.example:465", "smtp://mail.example:587" (STARTTLS)
  std::string user, password;  ///< "" none
  std::string ca_file;         ///< empty: the system's
  std::chrono::seconds timeout{60};
};

/// `message`: headers, a blank line and the body, with CRLF. Addresses are bare
/// ("soc@example.com"). Blocks; the password is in no error. `permanent` is set where the
/// server said that it will never take it (5xx).
Status send_mail(const MailServer& server, const std::string& from,
                 const std::vector<std::string>& to, std::string_view message, bool& permanent);

}  // namespace spoor
