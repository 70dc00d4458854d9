// A list that one request brings: asked for only if it has changed, taken whole or not at all.
// Tested by list_source_test.cpp.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "collect/source_session.h"

namespace spoor {

/// What a feed remembers of a document that it was given: FeedState::memory, or a part of it.
struct ListMemory {
  std::string question;       ///< SourceSession::question() then
  std::string etag, changed;  ///< ETag and Last-Modified, as they came
  std::string digest;         ///< of the bytes, for services that send neither
  std::uint64_t held = 0;     ///< claims that the list held

  std::string text() const;
  static ListMemory parse(std::string_view text);  ///< what cannot be read is forgotten
};

/// The headers that ask for it only if it has changed.
WebHeaders conditional_headers(const ListMemory& memory);
/// What the reply says of its version; `question` and `held` stay.
void remember_version(ListMemory& memory, const HttpResponse& reply);
/// A digest of `bytes` as hex digits.
std::string bytes_digest(std::string_view bytes);

/// Whether a count has fallen by more than nine tenths.
bool has_shrunk(std::uint64_t before, std::uint64_t now);
std::string shrink_text(std::uint64_t before, std::uint64_t now, std::string_view what);

/// How a list is asked for.
struct ListPlan {
  std::string url;
  std::string method = "GET", body, content_type;
  /// A reply that is no list: what it says instead, or "".
  std::function<std::string(std::string_view body)> refusal;
};
Status walk_list(SourceSession& session, const ListPlan& plan);

/// The kinds that are a GET of their address.
Status walk_url(SourceSession& session);
Status walk_threatfox(SourceSession& session);
Status walk_malwarebazaar(SourceSession& session);

Status walk_misp_feed(SourceSession& session);
Status walk_misp(SourceSession& session);
Status walk_taxii(SourceSession& session);

}  // namespace spoor
