// The run over a text: window after window, lane after lane, and what a probe that the filter
// knows leads to.

namespace spoor {
namespace SPOOR_SIEVE_ISA {
namespace {

void SieveScan::resolve(const Probe& probe) {
  const std::uint32_t kinds = kinds_of(probe.hash);
  if (kinds == 0) return;
  switch (probe.lane) {
    case Lane::kName:
      return resolve_name(probe, kinds);
    case Lane::kAddress4:
      if ((kinds & kFull) != 0) return flag(probe.begin);
      if ((kinds & kHost) != 0) note_host(probe.begin);
      return check_path(probe.hash, probe.end);
    case Lane::kPlain:
      if ((kinds & kFull) != 0) flag(probe.begin);
      return;
    case Lane::kThing:
      if ((kinds & kFull) != 0) flag_thing(probe.begin);
      return;
  }
}

void SieveScan::run_lanes() {
  if (has(kNames)) {
    visit(kNameEnds, [&](std::size_t end, std::size_t b) { name_ends_at(end, b); });
    for (std::size_t i = 0; i < name_count_; ++i) name_at(names_[i].dot, names_[i].end);
    name_count_ = 0;
  }
  if (has(kAddresses4))
    visit(kAddress4Dots, [&](std::size_t dot, std::size_t b) { address4_at(dot, b); });
  if (wants_hosts_ && has(kAddresses4))
    visit(kNumberBegins, [&](std::size_t begin, std::size_t) { number_at(begin); });
  if (has(kAddresses6 | kAddresses4 | kDigests))
    visit(kColonMarks, [&](std::size_t colon, std::size_t b) { colons_at(colon, b); });
  visit(kUrlColons, [&](std::size_t colon, std::size_t b) { url_at(colon, b); });
  if (has(kDigests | kWallets))
    visit(kRunGroups, [&](std::size_t inside, std::size_t b) { run_at(inside, b); });
  if (has(kDigests)) visit(kJoints, [&](std::size_t joint, std::size_t) { base64_at(joint); });
  if (has(kWords)) words();
  if (has(kEmails)) {
    visit(static_cast<Row>(row_of(ByteClass::kAt)),
          [&](std::size_t sign, std::size_t) { email_at(sign); });
  }
  visit(static_cast<Row>(row_of(ByteClass::kHigh)),
        [&](std::size_t high, std::size_t) { high_run_at(high); });
  if (has(kCves)) visit(kCveDashes, [&](std::size_t dash, std::size_t) { cve_at(dash); });
  if (has(kAsns)) visit(kAsnLetters, [&](std::size_t a, std::size_t) { asn_at(a); });
  if (has(kAgents)) {
    quotes(ByteClass::kDouble, kDoubleEnds, last_double_);
    quotes(ByteClass::kSingle, kSingleEnds, last_single_);
  }
  if (has(kUris))
    visit(kUriSlashes, [&](std::size_t slash, std::size_t b) { uri_at(slash, b); });
  if (lines_ != nullptr) {
    if (blocks_with(row_of(ByteClass::kNul)) != 0) lines_->has_nul = true;
    if (blocks_with(row_of(ByteClass::kEscape)) != 0) lines_->has_escape = true;
  }
  if (with_readings_) readings();
}

bool SieveScan::run() {
  if (text_.empty()) return false;
  if (has(kEverything)) {
    if (batch_ != nullptr) {
      for (Batch::Part& part : batch_->parts) part.found = true;
    }
    if (lines_ == nullptr) return true;
    for (std::size_t begin = 0; begin < text_.size();) {
      lines_->flagged.push_back(static_cast<std::uint32_t>(begin));
      lines_->things.push_back(static_cast<std::uint32_t>(begin));
      const std::size_t lf = text_.find('\n', begin);
      if (lf == kNone) break;
      begin = lf + 1;
    }
  }
  const std::size_t whole = text_.size() / 64;
  tail_.fill('\n');
  std::copy(text_.begin() + static_cast<std::ptrdiff_t>(whole * 64), text_.end(),
            tail_.begin());
  // The last block holds at least one line end past the text, so that every word has an end.
  const std::size_t blocks = whole + 1;
  begin_rows();
  for (std::size_t first = 0; first < blocks; first += kWindow) {
    load_window(first, blocks);
    detect();
    run_lanes();
    if (found_ && lines_ == nullptr && batch_ == nullptr) return true;
    next_rows();
  }
  drain();
  if (lines_ != nullptr) {
    read_line();
    scan_regions();
    read_kept_lines();
  }
  return found_;
}

}  // namespace
}  // namespace SPOOR_SIEVE_ISA
}  // namespace spoor
