#include "hunt/event_reader.h"

#include <algorithm>

#include "hunt/event_host.h"
#include "io/encoding.h"

namespace spoor {
namespace {

constexpr std::size_t kDecodedBytes = 64 << 10;

}  // namespace

EventReader::EventReader(const Job& job, const ScannedEvent& event, const HuntOptions& options,
                         Record& record)
    : event_(event),
      options_(options),
      path_(job.file->absolute),
      record_(record),
      format_(job.formats.known()),
      state_(job.formats.state_at(event.begin)),
      encoding_(job.chunk.encoding) {
  const std::string_view text = job.chunk.text;
  continues_ = event.begin == 0 && job.chunk.continues_event;
  raw_ = text.substr(event.begin, event.end - event.begin);
  // Of an event that began in an earlier chunk only its head is known.
  line_ = continues_ ? std::string_view(job.chunk.event_head) : raw_;
  if (encoding_ != TextEncoding::kBytes) {
    decoded_ = to_utf8(line_.substr(0, kDecodedBytes), encoding_);
    line_ = decoded_;
  }
  elements_ = JsonElements(line_);
}

EventFacts EventReader::read(std::size_t offset) {
  const std::size_t at = place_of(offset);
  std::string_view wanted = line_;
  if (elements_.is_list() && !continues_) {
    const std::string_view element = elements_.at_or_behind(at);
    if (!element.empty()) wanted = element;
  }
  if (shared_ == nullptr || wanted.data() != read_.data() || wanted.size() != read_.size()) {
    read_ = wanted;
    read_record(wanted, format_, state_, record_);
    auto made = std::make_shared<EventRecord>(owned(record_));
    name_host(options_, path_, *made);
    shared_ = std::move(made);
  }
  EventFacts facts{shared_, ""};
  const auto base = static_cast<std::size_t>(read_.data() - line_.data());
  if (continues_ || at < base) return facts;
  if (const Field* field = record_.field_at(at - base)) facts.field = field->name;
  return facts;
}

/// Where the match stands in the line as it is read.
std::size_t EventReader::place_of(std::size_t offset) const {
  const std::size_t at = offset - event_.begin;
  if (encoding_ == TextEncoding::kBytes) return at;
  return to_utf8(raw_.substr(0, std::min(at, kDecodedBytes)), encoding_).size();
}

}  // namespace spoor
