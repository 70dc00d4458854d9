#include "net/mail.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/ascii.h"
#include "net/loopback.h"

namespace spoor {
namespace {

struct Source {
  std::string_view rest;
};

std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* user) {
  auto& source = *static_cast<Source*>(user);
  const std::size_t bytes = std::min(size * count, source.rest.size());
  std::memcpy(buffer, source.rest.data(), bytes);
  source.rest.remove_prefix(bytes);
  return bytes;
}

bool is_address(std::string_view text) {
  return text.size() >= 3 && text.size() <= 254 && text.find('@') != std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) > 0x20 && c != 0x7F && c != '<' && c != '>' &&
                  c != ',' && c != '"';
         });
}

std::string host_of(const std::string& url) {
  const std::unique_ptr<CURLU, void (*)(CURLU*)> parsed(curl_url(), curl_url_cleanup);
  char* host = nullptr;
  if (!parsed ||
      curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME) !=
          CURLUE_OK ||
      curl_url_get(parsed.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK)
    return {};
  std::string text(host);
  curl_free(host);
  return text;
}

}  // namespace

Status send_mail(const MailServer& server, const std::string& from,
                 const std::vector<std::string>& to, std::string_view message,
                 bool& permanent) {
  permanent = false;
  const std::string host = host_of(server.url);
  if (host.empty() || (!starts_with_ignore_case(server.url, "smtp://") &&
                       !starts_with_ignore_case(server.url, "smtps://")))
    return fail("mail: not a url, expected smtp://host or smtps://host");
  if (to.empty()) return fail("mail: nobody to send to");
  for (const std::string& address : to) {
    if (!is_address(address)) return fail("mail: '" + address + "' is no address");
  }
  if (!is_address(from)) return fail("mail: '" + from + "' is no address");
  const std::unique_ptr<CURL, void (*)(CURL*)> handle(curl_easy_init(), curl_easy_cleanup);
  if (!handle) return fail("out of memory");
  curl_slist* list = nullptr;
  for (const std::string& address : to) list = curl_slist_append(list, address.c_str());
  const std::unique_ptr<curl_slist, void (*)(curl_slist*)> recipients(list,
                                                                      curl_slist_free_all);
  Source source{message};
  char detail[CURL_ERROR_SIZE] = "";
  CURL* curl = handle.get();
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_URL, server.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(curl, CURLOPT_USE_SSL,
                   static_cast<long>(is_loopback(host) ? CURLUSESSL_TRY : CURLUSESSL_ALL));
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!server.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, server.ca_file.c_str());
  if (!server.user.empty()) {
    curl_easy_setopt(curl, CURLOPT_USERNAME, server.user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, server.password.c_str());
  }
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read);
  curl_easy_setopt(curl, CURLOPT_READDATA, &source);
  curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(message.size()));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(server.timeout.count()));
  const CURLcode code = curl_easy_perform(curl);
  if (code == CURLE_OK) return {};
  long reply = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
  permanent = reply >= 500 && code != CURLE_LOGIN_DENIED;
  std::string why = curl_easy_strerror(code);
  for (char& c : why) c = to_lower(c);
  if (reply > 0) why += ", smtp " + std::to_string(reply);
  if (detail[0] != '\0') why += std::string(": ") + detail;
  return fail("mail to " + host + ": " + why);
}

}  // namespace spoor
