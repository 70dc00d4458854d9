// The run over a text: window after window, lane after lane, and what a probe that the filter
// knows leads to.

namespace spoor {
namespace SPOOR_SIEVE_ISA {
namespace {

void SieveScan::resolve(Bits hash, const Probe& probe) {
  const std::uint32_t kinds = kinds_of(hash);
  if (kinds == 0) return;
  switch (probe.lane) {
    case Lane::kName:
      return resolve_name(hash, probe, kinds);
    case Lane::kAddress4:
      if ((kinds & kFull) != 0) return flag(probe.begin);
      if ((kinds & kHost) != 0) note_host(probe.begin);
      return check_path(hash, probe.end);
    case Lane::kPlain:
      if ((kinds & kFull) != 0) flag(probe.begin);
      return;
    case Lane::kThing:
      return resolve_word(hash, probe, kinds);
  }
}

#if defined(SPOOR_SIEVE_AVX512)

/// maybe() of the eight pending probes from `first` on, a bit for each.
unsigned SieveScan::known_eight(std::size_t first) const {
  const auto field = [](__m512i r, unsigned shift, Bits bits) {
    return _mm512_and_si512(_mm512_srli_epi64(r, shift), set(bits));
  };
  // As in filter_place().
  const __m512i hash = _mm512_load_si512(&pending_hashes_[first]);
  const __m512i r = _mm512_mullo_epi64(hash, set(kPrime2));
  const __m512i word = _mm512_srli_epi64(r, 61), step = field(r, 58, 7);
  const __mmask8 is_seven = _mm512_cmpeq_epi64_mask(step, set(7));
  const __m512i other =
      _mm512_and_si512(_mm512_add_epi64(_mm512_add_epi64(word, set(1)),
                                        _mm512_mask_mov_epi64(step, is_seven, set(0))),
                       set(7));
  alignas(64) std::array<Bits, 8> words, others;
  _mm512_store_si512(words.data(), word);
  _mm512_store_si512(others.data(), other);
  const __m512i one =
      eight_loads([&](std::size_t i) { return pending_lines_[first + i][words[i]]; });
  const __m512i two =
      eight_loads([&](std::size_t i) { return pending_lines_[first + i][others[i]]; });
  const auto turned = [&](__m512i map, unsigned shift) {
    return _mm512_rorv_epi64(map, _mm512_srli_epi64(r, shift));
  };
  const __m512i all = _mm512_and_si512(
      _mm512_ternarylogic_epi64(turned(one, 52), turned(one, 46), turned(one, 40), 0x80),
      _mm512_ternarylogic_epi64(turned(two, 34), turned(two, 28), turned(two, 22), 0x80));
  return number_of(_mm512_test_epi64_mask(all, set(1)));
}

#endif

void SieveScan::drain() {
  std::size_t i = 0;
#if defined(SPOOR_SIEVE_AVX512)
  for (; i + 8 <= pending_count_; i += 8) {
    for (unsigned known = known_eight(i); known != 0; known &= known - 1) {
      const std::size_t k = i + static_cast<std::size_t>(std::countr_zero(known));
      resolve(pending_hashes_[k], pending_[k]);
    }
  }
#endif
  for (; i < pending_count_; ++i) {
    if (maybe(pending_hashes_[i])) resolve(pending_hashes_[i], pending_[i]);
  }
  pending_count_ = 0;
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
    visit_from(colons_done_, kColonMarks,
               [&](std::size_t colon, std::size_t b) { colons_at(colon, b); });
  visit(kUrlColons, [&](std::size_t colon, std::size_t b) { url_at(colon, b); });
  if (has(kDigests | kWallets))
    visit_from(run_done_, kRunGroups,
               [&](std::size_t inside, std::size_t b) { run_at(inside, b); });
  if (has(kDigests)) visit(kJoints, [&](std::size_t joint, std::size_t) { base64_at(joint); });
  if (has(kWords)) words();
  if (has(kEmails)) {
    visit(static_cast<Row>(row_of(ByteClass::kAt)),
          [&](std::size_t sign, std::size_t) { email_at(sign); });
  }
  visit_from(high_done_, static_cast<Row>(row_of(ByteClass::kHigh)),
             [&](std::size_t high, std::size_t) { high_run_at(high); });
  if (has(kCves)) visit(kCveDashes, [&](std::size_t dash, std::size_t) { cve_at(dash); });
  if (has(kAsns)) visit(kAsnLetters, [&](std::size_t a, std::size_t) { asn_at(a); });
  if (has(kAgents)) {
    quotes(ByteClass::kDouble, kDoubleEnds, last_double_);
    quotes(ByteClass::kSingle, kSingleEnds, last_single_);
  }
  if (has(kUris))
    visit_from(uri_done_, kUriSlashes,
               [&](std::size_t slash, std::size_t b) { uri_at(slash, b); });
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
  judge_marks();
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
