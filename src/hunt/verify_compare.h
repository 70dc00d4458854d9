// How what a hunt finds now differs from what a receipt says: in words, "" where it does not.
// Private to verify. Tested by app/receipt_test.cpp.

#pragma once

#include <string>
#include <string_view>

#include "hunt/receipt.h"
#include "io/source.h"
#include "logs/finding.h"

namespace spoor {

/// Cut, between quotes.
std::string quoted(std::string_view text);

std::string compare_sightings(const Sighting& now, const FindingDetail& detail,
                              const ReceiptSighting& then);

std::string compare_modified(const FileIdentity& now, const FileIdentity& says);

/// Of a file that --new left unread. No byte was looked at, so none is now.
std::string compare_unread(const FileIdentity& now, const FileIdentity& says);

/// What was counted, and when the file was changed last.
std::string compare_counters(const FileAccount& now, const FileAccount& says);

/// How the file's bytes differ from those that the receipt covers.
std::string compare_bytes(const std::string& path, bool no_links, const FileIdentity& now,
                          const FileIdentity& says);

/// Of a file that was followed, or of the one that has its content now, which may be
/// compressed: the bytes that were hunted, and what was counted of them where `now` is of the
/// same. That it has grown is no difference and sets `grown`.
std::string compare_followed(const std::string& path, const FileAccount& now,
                             const FileAccount& says, const StreamOptions& limits, bool& grown);

}  // namespace spoor
