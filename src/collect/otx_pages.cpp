#include "collect/otx_pages.h"

#include <utility>

#include "collect/otx_walk.h"

namespace spoor {
namespace {

constexpr int kMostPages = 100'000;

}  // namespace

Result<bool> each_otx_page(OtxClient& client, const std::string& what, const std::string& path,
                           int page_size,
                           const std::function<Result<OtxList>(const std::string& body,
                                                               const std::string& where)>& read,
                           const std::function<bool()>& goes_on) {
  OtxPager pager;
  pager.limit = pager.ceiling = page_size;
  const char* joint = path.find('?') == std::string::npos ? "?" : "&";
  for (int pages = 0; pages < kMostPages; ++pages) {
    OtxList list;
    OtxAsk ask;
    ask.what = [&] { return what + ": page " + std::to_string(pager.page()); };
    ask.path = [&] {
      return path + joint + "limit=" + std::to_string(pager.limit) +
             "&page=" + std::to_string(pager.page());
    };
    ask.read = [&](const std::string& body) -> std::string {
      auto page = read(body, ask.what());
      if (!page) return "http 200, but " + page.error().message;
      list = std::move(*page);
      return {};
    };
    ask.shrink = [&]() -> std::string {
      return pager.halve() ? "page size now " + std::to_string(pager.limit) : "";
    };
    ask.may_be_gone = pager.position > 0;
    const auto answer = client.ask(ask);
    if (!answer) return fail(answer.error());
    if (*answer == OtxClient::Answer::kStopped) return false;
    if (*answer == OtxClient::Answer::kGone || list.elements == 0 || !goes_on()) return true;
    const auto elements = static_cast<std::int64_t>(list.elements);
    const std::int64_t begin = pager.begin();
    const bool counted = list.count && *list.count <= begin + elements;
    if (!list.has_next && (elements < pager.limit || counted)) return true;
    if (begin == 0 && elements < pager.limit && list.count && *list.count > elements) {
      pager.limit = pager.ceiling = static_cast<int>(elements);  // the service's own limit
    }
    pager.position = begin;
    pager.advance();
  }
  return true;
}

}  // namespace spoor
