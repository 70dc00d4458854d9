// Chunks of whole records. A chunk ends at the first record that reaches the target size, so
// its text is at most the target and one record long. Tested by evtx_test.cpp.

#include <utility>

#include "io/records.h"

namespace spoor {
namespace {

constexpr RecordForm kForms[] = {
    {"evtx", "ElfFile (45 6C 66 46 69 6C 65 00)", begins_evtx, evtx_reader},
    {"journal", "LPKSHHRH (4C 50 4B 53 48 48 52 48)", begins_journal, journal_reader, true},
    {"journal-export", "__CURSOR=", begins_journal_export, journal_export_reader},
};

class RecordStream final : public ChunkStream {
 public:
  RecordStream(const RecordForm& form, Decoded decoded, const StreamOptions& options,
               std::uint64_t read_before)
      : form_(form),
        target_(options.chunk_bytes),
        reader_(form.make(std::move(decoded.source), options)),
        decoders_(std::move(decoded.decoders)),
        read_before_(read_before) {
    ended_ = !read_ahead();
  }

  Result<bool> next(Chunk& chunk) override {
    std::string text = std::move(chunk.text);
    std::vector<ChunkRecord> records = std::move(chunk.records);
    text.clear();
    records.clear();
    chunk = Chunk{};
    if (ended_) return end_of_stream(skips());
    while (!ended_ && (records.empty() || text.size() + ahead_.size() < target_)) {
      record_.begin = text.size();
      text += ahead_;
      text += '\n';
      records.push_back(record_);
      ended_ = !read_ahead();
    }
    chunk.form = form_.name;
    chunk.modified = reader_->source().modified();
    chunk.offset = records.front().offset;
    chunk.event_offset = chunk.offset;
    chunk.line = records.front().number;
    chunk.ends_stream = ended_;
    chunk.text = std::move(text);
    chunk.records = std::move(records);
    counters_.lines += chunk.records.size();
    return true;
  }

  const StreamCounters& counters() const override { return counters_; }

  std::string decoders() const override { return joined_names(decoders_); }

  std::vector<Skip> skips() const override {
    std::vector<Skip> all;
    reader_->problems(all);
    return all;
  }

 private:
  /// One record ahead: the last chunk is to know that it is the last.
  bool read_ahead() {
    ahead_.clear();
    record_ = ChunkRecord{};
    const bool more = reader_->next(ahead_, record_);
    counters_.bytes_decoded = reader_->bytes_taken();
    counters_.bytes_skipped = reader_->bytes_skipped();
    counters_.bytes_read = reader_->source().bytes_read() - read_before_;
    return more;
  }

  const RecordForm& form_;
  std::size_t target_;
  std::unique_ptr<RecordReader> reader_;
  std::vector<std::string> decoders_;
  std::uint64_t read_before_;
  StreamCounters counters_;
  std::string ahead_;
  ChunkRecord record_;  // of ahead_
  bool ended_ = false;
};

}  // namespace

std::span<const RecordForm> record_forms() {
  return kForms;
}

const RecordForm* record_form(std::string_view head) {
  for (const RecordForm& form : kForms) {
    if (form.begins(head)) return &form;
  }
  return nullptr;
}

std::unique_ptr<ChunkStream> record_stream(const RecordForm& form, Decoded decoded,
                                           const StreamOptions& options,
                                           std::uint64_t read_before) {
  return std::make_unique<RecordStream>(form, std::move(decoded), options, read_before);
}

}  // namespace spoor
