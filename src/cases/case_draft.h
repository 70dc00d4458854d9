// What is to be filed, before any system's dialect: plain values, computed from what is known
// and from nothing else, so that the same findings always give the same draft. The draft's
// JSON is what waits in the outbox; the systems turn it into requests. Tested by
// case_draft_test.cpp.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ioc/observable.h"
#include "ioc/pulse.h"

namespace spoor {

enum class FileAs : std::uint8_t { kAlert, kCase };
std::string_view name_of(FileAs as);  ///< "alert", "case"

struct DraftObservable {
  Observable observable;
  bool sighted = false;
  std::optional<Time> sighted_at;
  std::vector<std::string> tags;
  std::string message;  ///< Markdown
  Tlp tlp = Tlp::kAmber;
};

struct DraftTask {
  std::string title, group, description;
};

/// A file that goes along.
struct DraftFile {
  std::string name, media_type, bytes;
};

/// One rule of the severity table that applied: its words, and what it did.
struct SeverityStep {
  std::string rule, words;
  int after = 0;
};

struct CaseDraft {
  FileAs as = FileAs::kAlert;
  // The identity: unique within a system. None holds a ';', which TheHive joins them by.
  std::string type, source, source_ref;

  std::string title;        ///< one line, plain text
  std::string description;  ///< Markdown, safe (markdown.h)
  int severity = 2;         ///< 1 low to 4 critical
  std::vector<SeverityStep> severity_steps;
  Tlp tlp = Tlp::kAmber;
  int pap = 2;  ///< 0 clear, 1 green, 2 amber, 3 red
  std::vector<std::string> tags;
  std::vector<std::pair<std::string, std::string>> custom_fields;
  std::string case_template;
  std::string merge_into;  ///< an existing case that takes the alert; "" none
  std::vector<DraftTask> tasks;
  std::vector<std::string> techniques;  ///< ATT&CK ids: "T1566.001"
  std::string link;                     ///< "" none
  std::optional<Time> date;             ///< of what happened
  std::vector<DraftObservable> observables;
  std::uint64_t left_out = 0;  ///< observables over the cap; they stand in `files`
  std::vector<DraftFile> files;

  // For short messages (webhooks) and verdicts.
  std::string asset, pulse_id, pulse_name;
  std::uint64_t sightings = 0;
  std::optional<Time> first, last;
};

/// What makes it the same draft again: "alert;type;source;ref".
std::string key_of(const CaseDraft& draft);

/// The draft as JSON and back. draft_of() refuses what this program did not write.
std::string draft_text(const CaseDraft& draft);
Result<CaseDraft> draft_of(std::string_view text);

/// `text` cut to at most `most` code points (TheHive counts characters) on a border of UTF-8,
/// with an ellipsis where something was cut.
std::string cut_text(std::string_view text, std::size_t most);

/// `text` as a part of an identity: '%', ';', ':', '/', quotes, backslashes and what is not
/// printable ASCII become %XX; longer than `most`, the end gives way to a digest of the whole.
std::string reference_part(std::string_view text, std::size_t most);

/// Sorted, without repeats and blanks, each cut to 128 characters.
std::vector<std::string> clean_tags(std::vector<std::string> tags);

}  // namespace spoor
