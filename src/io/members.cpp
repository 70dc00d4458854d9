// The files inside a file: archives unfolded one level at a time, on a stack instead of by
// recursion. Each level reads from the member at hand of the level below; a zip or 7z in there
// is taken into memory first, since its list of members stands at its end. What looks like an
// archive and yields no member is scanned as the bytes it is: a line of a log may begin with
// "PK\3\4", and must not hide the lines behind it. Tested by members_test.cpp;
// fuzz/fuzz_archive.

#include <algorithm>
#include <utility>

#include "io/archive.h"
#include "io/bytes.h"
#include "io/raw_account.h"
#include "io/zip_reader.h"

namespace spoor {
namespace {

/// The member at hand of an archive.
class MemberSource final : public ByteSource {
 public:
  explicit MemberSource(std::shared_ptr<ArchiveReader> reader) : reader_(std::move(reader)) {}

  std::size_t read(char* out, std::size_t size) override {
    if (ended_) return 0;
    const std::size_t count = reader_->read(out, size);
    at_ += count;
    if (count == 0 && size > 0) {
      ended_ = true;
      problem_ = reader_->member_problem();
    }
    return count;
  }
  std::uint64_t bytes_read() const override { return reader_->source().bytes_read(); }
  std::uint64_t hole() override { return ended_ ? 0 : reader_->hole(); }
  void pass_hole(std::uint64_t count) override {
    reader_->pass_hole(count);
    at_ += count;
  }
  void problems(std::vector<Skip>& out) const override {
    if (problem_.empty()) return;
    Skip skip;
    skip.reason = problem_ + ", after " + std::to_string(at_) + " bytes";
    skip.incomplete = true;
    out.push_back(std::move(skip));
  }

 private:
  std::shared_ptr<ArchiveReader> reader_;
  std::uint64_t at_ = 0;
  bool ended_ = false;
  std::string problem_;
};

class Unfolder final : public MemberStream {
 public:
  Unfolder(std::unique_ptr<ByteSource> raw, const StreamOptions& options,
           std::shared_ptr<RawAccount> account)
      : options_(options),
        budget_(std::make_shared<Budget>(options)),
        raw_(std::move(raw)),
        account_(std::move(account)) {}

  bool next(Member& member) override {
    member = Member{};
    if (raw_ != nullptr) {
      if (unfold(decode(std::move(raw_), budget_, options_.helpers), "", std::nullopt, member))
        return true;
    } else if (!levels_.empty()) {
      read_before_ = bytes_read();
    }
    while (!levels_.empty()) {
      ArchiveEntry entry;
      if (over_limits()) break;
      if (!levels_.back().reader->next(entry)) {
        if (close_level(member)) return true;
        continue;
      }
      Level& level = levels_.back();
      ++members_;
      ++level.members;
      const std::string inner = level.prefix + member_name(entry.name);
      if (!entry.reason.empty()) {
        add_skip(inner, entry.reason, entry.incomplete ? entry.size : 0, entry.incomplete);
        continue;
      }
      while (out_.size() < levels_.size()) out_.push_back(std::make_shared<std::uint64_t>(0));
      auto source = limited(std::make_unique<MemberSource>(level.reader), budget_,
                            out_[levels_.size() - 1]);
      if (unfold(decode(std::move(source), budget_), inner, entry.modified, member))
        return true;
    }
    return false;
  }

  std::vector<Skip> take_skips() override { return std::exchange(skips_, {}); }
  std::uint64_t bytes_behind() const override { return behind_; }
  FileIdentity identity() override {
    if (account_ == nullptr) return {};
    FileIdentity identity = account_->identity();
    // What was taken ahead of an archive's end, by whoever was first, is no part of it.
    if (!levels_.empty()) taken_ = bytes_read();
    if (taken_) identity.bytes_read = *taken_;
    return identity;
  }

 private:
  struct Level {
    std::shared_ptr<ArchiveReader> reader;
    std::string form;
    std::string inner;   ///< of the archive itself
    std::string prefix;  ///< of its members
    std::optional<Time> modified;
    Decoded outer;  ///< how the archive itself was compressed; without its source
    std::uint64_t members = 0;
  };

  std::uint64_t bytes_read() const { return levels_.front().reader->source().bytes_read(); }

  void add_skip(const std::string& inner, std::string reason, std::uint64_t bytes,
                bool incomplete) {
    Skip skip;
    skip.file = inner;
    skip.reason = std::move(reason);
    skip.bytes = bytes;
    skip.incomplete = incomplete;
    skips_.push_back(std::move(skip));
  }

  bool deliver(Decoded decoded, const std::string& inner, std::optional<Time> modified,
               Member& member) {
    member.inner = inner;
    member.modified = modified;
    member.stream = chunk_stream(std::move(decoded), options_, read_before_);
    return true;
  }

  /// Enters an archive, or delivers what is none. False where the next entry is to be asked
  /// for.
  bool unfold(Decoded decoded, const std::string& inner, std::optional<Time> modified,
              Member& member) {
    const std::string head = look_ahead(decoded.source, kArchiveHeadBytes);
    const std::string form(archive_form(head));
    if (form.empty()) return deliver(std::move(decoded), inner, modified, member);
    if (levels_.size() >= options_.archive_depth) {
      add_skip(inner,
               "is a " + form + " archive at a depth of more than " +
                   std::to_string(options_.archive_depth) +
                   ", not unpacked: only its raw bytes were scanned",
               0, true);
      return deliver(std::move(decoded), inner, modified, member);
    }
    if (wants_seek(form) && !decoded.source->size()) {
      decoded.source = kept_source(std::move(decoded.source), options_.archive_memory);
      if (form == "7z" && !decoded.source->size()) {
        add_skip(
            inner,
            "is a 7z archive of more than " + std::to_string(options_.archive_memory) +
                " bytes inside another file, not unpacked: only its raw bytes were scanned",
            0, true);
        return deliver(std::move(decoded), inner, modified, member);
      }
    }
    if (decoded.source->size()) decoded.source->seek(0);
    Level level;
    // A file as it lies there: its members can be decoded by several threads.
    const bool outermost = levels_.empty() && decoded.decoders.empty();
    const bool in_parts = outermost && form == "zip" && decoded.source->size();
    level.reader = in_parts ? open_zip(std::move(decoded.source), options_)
                            : open_archive(std::move(decoded.source), form);
    level.form = form;
    level.inner = inner;
    level.prefix = inner.empty() ? "" : inner + "!";
    level.modified = modified;
    level.outer = std::move(decoded);
    levels_.push_back(std::move(level));
    return false;
  }

  /// Leaves an archive that has no more members. True where it is delivered as a file instead.
  bool close_level(Member& member) {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    const std::string& problem = level.reader->problem();
    ByteSource& source = level.reader->source();
    if (level.members == 0 && source.size()) {
      if (!problem.empty()) {
        add_skip(level.inner,
                 level.form + ": " + problem + "; no member was found, its bytes were scanned",
                 0, true);
      }
      level.outer.source = level.reader->release();
      level.outer.source->seek(0);
      return deliver(std::move(level.outer), level.inner, level.modified, member);
    }
    if (!problem.empty()) add_skip(level.inner, level.form + ": " + problem, 0, true);
    tell_rest(level, source);
    std::vector<Skip> problems;
    source.problems(problems);
    for (Skip& each : problems) {
      each.file = level.inner;
      skips_.push_back(std::move(each));
    }
    if (levels_.empty()) end_at(source.bytes_read());
    return false;
  }

  /// What of an archive no member holds.
  void tell_rest(const Level& level, ByteSource& source) {
    if (budget_->is_over()) return;
    if (levels_.empty() && level.outer.decoders.empty() && source.size()) {
      const std::uint64_t left = *source.size() - std::min(*source.size(), source.bytes_read());
      if (left > 0) {
        add_skip(level.inner,
                 std::to_string(left) + " bytes of the " + level.form +
                     " archive belong to no member",
                 left, true);
      }
      return;
    }
    if (source.size()) return;  // in memory
    char buffer[4096];
    std::uint64_t rest = 0;
    bool zeros = true;
    while (const std::size_t count = source.read(buffer, sizeof buffer)) {
      rest += count;
      zeros = zeros && std::all_of(buffer, buffer + count, [](char c) { return c == '\0'; });
    }
    if (rest == 0) return;
    add_skip(level.inner,
             std::to_string(rest) + (zeros ? " zero" : "") + " bytes after " +
                 (level.reader->problem().empty() ? "the end" : "what could be read") +
                 " of the " + level.form + " archive",
             rest, !zeros);
  }

  /// Whether the walk is to end here; says so.
  bool over_limits() {
    std::string reason;
    if (members_ >= options_.member_limit) {
      reason = "holds more than " + std::to_string(options_.member_limit) +
               " members: those behind were not read";
    } else if (budget_->is_over()) {
      reason = budget_->reason() + "; the members behind were not read";
    }
    if (reason.empty()) return false;
    add_skip("", std::move(reason), 0, true);
    end_at(bytes_read());
    levels_.clear();
    return true;
  }

  void end_at(std::uint64_t bytes_read) {
    behind_ = bytes_read - read_before_;
    taken_ = bytes_read;
  }

  StreamOptions options_;
  std::shared_ptr<Budget> budget_;
  std::unique_ptr<ByteSource> raw_;
  std::shared_ptr<RawAccount> account_;
  std::vector<Level> levels_;                        // outermost first
  std::vector<std::shared_ptr<std::uint64_t>> out_;  // bytes of members, by depth
  std::vector<Skip> skips_;
  std::uint64_t members_ = 0;
  std::uint64_t read_before_ = 0, behind_ = 0;
  std::optional<std::uint64_t> taken_;  // of the file, where an archive ended
};

}  // namespace

std::string member_name(std::string_view name) {
  std::string escaped;
  escaped.reserve(name.size());
  for (char c : name) {
    if (c == '!') {
      escaped += "%21";
    } else if (c == '%') {
      escaped += "%25";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

Result<std::unique_ptr<MemberStream>> open_members(const InputFile& file,
                                                   const StreamOptions& options) {
  auto account = std::make_shared<RawAccount>(options.digest);
  auto source = file_source(file, options.stop, account);
  if (!source) return fail(source.error());
  return std::make_unique<Unfolder>(std::move(*source), options, std::move(account));
}

std::unique_ptr<MemberStream> open_memory_members(std::string bytes,
                                                  const StreamOptions& options) {
  return std::make_unique<Unfolder>(memory_source(std::move(bytes)), options, nullptr);
}

std::unique_ptr<MemberStream> unfold_members(std::unique_ptr<ByteSource> raw,
                                             const StreamOptions& options,
                                             std::shared_ptr<RawAccount> account) {
  return std::make_unique<Unfolder>(std::move(raw), options, std::move(account));
}

}  // namespace spoor
