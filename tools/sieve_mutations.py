"""The mutations of tools/mutate-sieve: each makes the sieve wrong in one small way.

A row is a name, a file of src/match, the exact text (once in that file) and what takes its place. Most rows lose
something that the rules could find, so a hit must go missing somewhere. Rows with `speed` change only how much is
looked at; they must survive, and the reason stands beside them.
"""

ROWS = []


def row(name, file, old, new, speed=None):
    ROWS.append({"name": name, "file": file, "old": old, "new": new, "speed": speed})


# --- the window and its rows (sieve_detect.inl) ------------------------------------------------

F = "sieve_detect.inl"
row("no_line_end_before_the_text", F, "  rows_[row_of(ByteClass::kLf)][kFront - 1] = ~Bits{0};\n", "",
    speed="no lane asks for a line end before the text; quotes() stops at the window's begin")
row("no_blank_before_the_text", F, "  rows_[row_of(ByteClass::kBlank)][kFront - 1] = ~Bits{0};\n", "")
row("rows_of_the_block_before_not_zeroed", F, "each[kFront - 1] = 0;", "each[kFront - 1] = ~Bits{0};")
row("block_behind_the_window_not_read", F, "std::min(blocks_ + 1, blocks - first)", "std::min(blocks_, blocks - first)")
row("no_line_ends_behind_the_text", F, "if (ahead <= blocks_) {", "if (false) {",
    speed="the last block ends with a line end past the text, which parts what lies behind it from all candidates")
row("last_bytes_not_classified", F, "if (plain < ahead) classify(tail_.data()", "if (plain + 1 < ahead) classify(tail_.data()")
row("next_window_keeps_another_block", F, "each[kFront + kWindow - 1];", "each[kFront + kWindow - 2];")
row("hex_of_the_block_behind_the_window", F, "const std::size_t end = kFront + groups_ * 8 + 8;\n  for (std::size_t i = kFront; i < end; i += 8) {\n    const Lanes digit",
    "const std::size_t end = kFront + groups_ * 8;\n  for (std::size_t i = kFront; i < end; i += 8) {\n    const Lanes digit")
row("label_without_hyphens", F, "const Lanes label = alnum | lanes_of(ByteClass::kDash, i);", "const Lanes label = alnum;")
row("hex_without_letters", F, "digit | lanes_of(ByteClass::kHexLetter, i));", "digit);")
row("word_without_high_bytes", F, "label | lanes_of(ByteClass::kDot, i) | lanes_of(ByteClass::kHigh, i)", "label | lanes_of(ByteClass::kDot, i)")
row("word_without_dots", F, "label | lanes_of(ByteClass::kDot, i) | lanes_of(ByteClass::kHigh, i)", "label | lanes_of(ByteClass::kHigh, i)")

# Names.
row("name_letter_in_next_block", F, "dot & ahead(kAlphaRow, i, 1) & back", "dot & lanes_at(kAlphaRow, i) >> 1 & back")
row("name_label_in_previous_block", F, "& back(kLabelRow, i, 1));", "& lanes_at(kLabelRow, i) << 1);")
row("name_start_in_previous_block", F, "back(kNameRow, i, 1), name_carry_)", "lanes_at(kNameRow, i) << 1, name_carry_)")
row("name_carry_of_one_window", F, "void SieveScan::find_name_ends() {\n", "void SieveScan::find_name_ends() {\n  name_carry_ = 0;\n")
row("name_ends_before_the_next_block", F, "ends & ~(lanes_of(ByteClass::kDot, i) & ahead(kAlnumRow, i, 1)));",
    "ends & ~(lanes_of(ByteClass::kDot, i) & (lanes_at(kAlnumRow, i) >> 1 | Bits{1} << 63)));")
row("name_ends_at_no_dot", F, "ends & ~(lanes_of(ByteClass::kDot, i) & ahead(kAlnumRow, i, 1)));", "ends & ~lanes_of(ByteClass::kDot, i));")

# Addresses.
row("address_group_of_three", F, "ahead(kInnerRow, i, 3) |\n                                            ahead(kInnerRow, i, 4)", "ahead(kInnerRow, i, 3)")
row("address_group_of_one", F, "(ahead(kInnerRow, i, 2) |", "(")
row("address_first_group_of_three", F, "ahead(kChainRow, i, 3) |\n                                            ahead(kChainRow, i, 4)", "ahead(kChainRow, i, 3)")
row("address_first_group_of_one", F, "(ahead(kChainRow, i, 2) |", "(")
row("address_digit_in_previous_block", F, "dot & back(kDigitRow, i, 1));", "dot & lanes_at(kDigitRow, i) << 1);")
row("address_dot_behind_the_window", F, "rows_[kDotRow][next] & before(", "Bits{0} & before(")
row("address_digit_before_the_block_behind", F, "before(rows_[kDigitRow][next], rows_[kDigitRow][next - 1], 1);", "before(rows_[kDigitRow][next], 0, 1);")
row("address_chain_behind_the_window", F, "rows_[kChainRow][next] = inner & (", "rows_[kChainRow][next] = 0 & inner & (")
row("address_chain_two_blocks_on", F, "inner & (after(inner, ~Bits{0}, 2) | after(inner, ~Bits{0}, 3) |\n                                      after(inner, ~Bits{0}, 4));",
    "inner & (after(inner, 0, 2) | after(inner, 0, 3) | after(inner, 0, 4));",
    speed="a dot of the window asks for the first four bits of that row, which what lies two blocks on does not reach")
row("colons_in_previous_block", F, "const Lanes twice = colon & back(kColonRow, i, 1);", "const Lanes twice = colon & lanes_at(kColonRow, i) << 1;")
row("colon_chain_over_a_border", F, "last = lanes_at(kColonRow, i - 1);", "last = colon ^ colon;")
row("colon_chain_too_long", F, "step < 5; ++step", "step < 6; ++step")
row("colon_groups_of_four", F, "(chain << 4 | last >> 60) | (chain << 5 | last >> 59);", "(chain << 4 | last >> 60);")
row("colon_groups_of_one", F, "chain &= (chain << 2 | last >> 62) | ", "chain &= ")
row("colon_hex_in_previous_block", F, "colon & (back(kHexRow, i, 1) | back(kColonRow, i, 1));", "colon & (lanes_at(kHexRow, i) << 1 | back(kColonRow, i, 1));")
row("colons_twice", F, "twice | chain);", "chain);")

# URLs, runs, numbers, targets.
row("scheme_slash_over_a_border", F, "colon & ahead(kSlashRow, i, 1) & ahead(kSlashRow, i, 2)", "colon & ahead(kSlashRow, i, 1) & lanes_at(kSlashRow, i) >> 2")
row("runs_of_27_by_groups_of_16", F, "if (parts_.least_run >= 31) groups &= groups >> 8;\n      groups &= parts_.least_run >= 31 ",
    "if (parts_.least_run >= 25) groups &= groups >> 8;\n      groups &= parts_.least_run >= 25 ")
row("runs_of_32_by_groups_of_24", F, "if (parts_.least_run >= 31) groups &= groups >> 8;", "if (parts_.least_run >= 31) groups &= groups >> 16;")
row("base64_joint_is_a_dash", F, "(lanes_of(ByteClass::kColon, i) | lanes_of(ByteClass::kDash, i)) &", "lanes_of(ByteClass::kColon, i) &")
row("base64_joint_is_a_colon", F, "(lanes_of(ByteClass::kColon, i) | lanes_of(ByteClass::kDash, i)) &", "lanes_of(ByteClass::kDash, i) &")
row("base64_joint_after_one_digit", F, "(back(kAlphaRow, i, 2) | (", "((")
row("base64_joint_after_three_digits", F, "(back(kDigitRow, i, 2) & back(kDigitRow, i, 3) &", "(back(kDigitRow, i, 2) & back(kAlphaRow, i, 3) &")
row("cve_digit_in_next_block", F, "ahead(kDigitRow, i, 1) &\n                                             ahead(kDigitRow, i, 4)",
    "lanes_at(kDigitRow, i) >> 1 & ahead(kDigitRow, i, 4)")
row("asn_s_in_next_block", F, "ahead(row_of(ByteClass::kS), i, 1)", "lanes_of(ByteClass::kS, i) >> 1")
row("uri_after_equals", F, " |\n                                                    back(row_of(ByteClass::kEquals), i, 1)", "")
row("uri_after_a_quote", F, "back(row_of(ByteClass::kDouble), i, 1) |\n", "\n")
row("uri_after_a_single_quote", F, "back(row_of(ByteClass::kSingle), i, 1) |\n", "\n")
row("uri_border_in_previous_block", F, "(back(row_of(ByteClass::kBlank), i, 1) |", "(lanes_of(ByteClass::kBlank, i) << 1 |")

# Words and quoted strings.
row("least_word_one_more", F, "const unsigned least = parts_.least_word;", "const unsigned least = parts_.least_word + 1;")
row("word_lengths_of_powers", F, "const unsigned step = std::min(n, least - n);", "const unsigned step = n;")
row("word_length_over_a_border", F, "longs_before = rows_[row][b - 1];", "longs_before = 0;")
row("word_length_of_the_wrong_row", F, "longs_before = rows_[row][b - 1];", "longs_before = last;",
    speed="longer words only: all that stays is more words of less than the least length")
row("word_end_in_the_next_block", F, "rows_[kWordEnds][b] &= before(longs, longs_before, 1);", "rows_[kWordEnds][b] &= before(longs, 0, 1);")
row("word_end_in_previous_block", F, "moved = back(kWordRow, i, 1);", "moved = lanes_at(kWordRow, i) << 1;")
row("word_begin_in_previous_block", F, "others & ~moved, word_carry_", "others & ~(lanes_at(kWordRow, i) << 1), word_carry_")
row("words_without_letters", F, "if (!parts_.words_without_letters) {", "if (true) {")
row("words_of_other_letters", F, "words & ~(lanes_of(ByteClass::kAlpha, i) | lanes_of(ByteClass::kHigh, i));", "words & ~lanes_of(ByteClass::kAlpha, i);")
row("words_that_end_with_a_digit", F, "others & ~moved, word_carry_", "others, word_carry_")
row("word_carry_of_one_window", F, "const unsigned least = parts_.least_word;", "const unsigned least = parts_.least_word;\n  word_carry_ = 0;",
    speed="a word of digits over the border is looked at once more")
row("quote_carry_of_one_window", F, "  if (blocks_with(row_of(quote)) == 0) {\n", "  carry = 0;\n  if (blocks_with(row_of(quote)) == 0) {\n",
    speed="a quoted word over the border is looked at once more")
row("quote_carry_over_a_window_without_quotes", F, "    carry = 0;  // the next one may be asked for without need\n", "")
row("agent_parted_by_blanks", F, "~(here | lanes_of(ByteClass::kBlank, i) |\n", "~(here |\n")
row("agent_parted_by_slashes", F, "lanes_of(ByteClass::kSlash, i) | lanes_of(ByteClass::kOpen, i));", "lanes_of(ByteClass::kOpen, i));")
row("agent_parted_by_brackets", F, "lanes_of(ByteClass::kSlash, i) | lanes_of(ByteClass::kOpen, i));", "lanes_of(ByteClass::kSlash, i));")
row("every_quote", F, "parts_.every_quote ? here : here & ~starts & ~ends)", "here & ~starts & ~ends)")
row("quotes_behind_quotes", F, "here & ~starts & ~ends)", "here & ~ends)",
    speed="nothing stands between the two")

# Escapes.
row("every_backslash", F, "    if (!has(kBackslashes))\n      backslashes &=", "    backslashes &=")
row("escaped_letter", F, "ahead(row_of(ByteClass::kEscaped), i, 1) | dot1 | ahead(kSlashRow, i, 1);", "dot1 | ahead(kSlashRow, i, 1);")
row("escaped_dot", F, "ahead(row_of(ByteClass::kEscaped), i, 1) | dot1 | ahead(kSlashRow, i, 1);", "ahead(row_of(ByteClass::kEscaped), i, 1) | ahead(kSlashRow, i, 1);")
row("escaped_slash", F, "ahead(row_of(ByteClass::kEscaped), i, 1) | dot1 | ahead(kSlashRow, i, 1);", "ahead(row_of(ByteClass::kEscaped), i, 1) | dot1;")
row("escape_letter_in_next_block", F, "ahead(row_of(ByteClass::kEscaped), i, 1)", "lanes_of(ByteClass::kEscaped, i) >> 1")
row("bracket_letter_in_next_block", F, "const Lanes alpha1 = ahead(kAlphaRow, i, 1),", "const Lanes alpha1 = lanes_at(kAlphaRow, i) >> 1,")
row("escape_dot_in_next_block", F, "dot1 = ahead(kDotRow, i, 1);", "dot1 = lanes_at(kDotRow, i) >> 1;")
row("percent_over_a_border", F, "const Lanes hex1 = ahead(kHexRow, i, 1),", "const Lanes hex1 = lanes_at(kHexRow, i) >> 1,")
row("percent_digit_over_a_border", F, "hex2 = ahead(kHexRow, i, 2);", "hex2 = lanes_at(kHexRow, i) >> 2;")
row("soft_break_over_a_border", F, "ahead(row_of(ByteClass::kLf), i, 1)", "lanes_of(ByteClass::kLf, i) >> 1")
row("qp_escaped_equals", F, "escapes &= ~parted | (ahead(kDigitRow, i, 1) & ahead(row_of(ByteClass::kHexLetter), i, 2));", "escapes &= ~parted;")
row("qp_equals_of_other_lines", F, " &\n                         reinterpret_cast<Lanes>(lanes_of(ByteClass::kLf, i) == nothing);", ";")
row("qp_breaks_are_other_equals", F, "(equals & ~escapes & ~breaks) != nothing", "(equals & ~escapes) != nothing",
    speed="a soft break asks for the reading itself; \"= \" is an equals sign that is no escape")
row("bracket_before_a_dot", F, "open & (dot1 | ahead(kColonRow, i, 1) | ahead", "open & (ahead(kColonRow, i, 1) | ahead")
row("bracket_before_a_colon", F, "open & (dot1 | ahead(kColonRow, i, 1) | ahead", "open & (dot1 | ahead")
row("bracket_before_a_sign", F, "ahead(kColonRow, i, 1) | ahead(row_of(ByteClass::kAt), i, 1));", "ahead(kColonRow, i, 1));")
row("dns_digit_in_next_block", F, "const Lanes digits = open & ahead(kDigitRow, i, 1)", "const Lanes digits = open & lanes_at(kDigitRow, i) >> 1")
for name, of in (("BackslashEscapes", "backslashes"), ("PercentEscapes", "percents"), ("EqualsEscapes", "escapes"),
                 ("SoftBreaks", "breaks"), ("OpenMarks", "marks"), ("OpenDigits", "digits")):
    row("no_" + of + "_seen", F, f"store_lanes(&rows_[k{name}][i], {of});", f"store_lanes(&rows_[k{name}][i], nothing);")

# --- masks of blocks side by side (sieve_lanes.inl) ---------------------------------------------

F = "sieve_lanes.inl"
row("carry_of_a_block", F, "carry = first || second ? 1 : 0;", "carry = 0;")
row("carry_through_a_block", F, "carry = first || second ? 1 : 0;", "carry = first ? 1 : 0;")
row("carry_out_of_a_block", F, "carry = first || second ? 1 : 0;", "carry = second ? 1 : 0;")

# --- the walk over a text (sieve_run.inl) ------------------------------------------------------

F = "sieve_run.inl"
row("windows_without_the_block_before", F, "    next_rows();\n", "")
row("nul_not_told", F, "lines_->has_nul = true;", "lines_->has_nul = false;")
row("readings_left_out", F, "  if (with_readings_) readings();\n", "")
row("reading_of_the_last_line", F, "    read_line();\n    scan_percents();\n", "    scan_percents();\n")
row("everything_of_a_reading", F, "if (lines_ == nullptr) return true;\n    for (std::size_t begin", "if (lines_ == nullptr) return false;\n    for (std::size_t begin")
row("tail_of_letters", F, "tail_.fill('\\n');", "tail_.fill('a');")
row("last_batch_left", F, "  drain();\n  if (lines_", "  if (lines_")
row("find_of_a_reading_s_window", F, "    if (found_ && lines_ == nullptr && batch_ == nullptr) return true;\n", "",
    speed="the scan of a reading goes on to its end and says the same")
row("hosts_that_are_addresses", F, "      return check_path(probe.hash, probe.end);", "      return;")
row("e_mail_lane_off", F, "if (has(kEmails)) {", "if (has(kUrls)) {")
row("high_lane_off", F, "[&](std::size_t high, std::size_t) { high_run_at(high); });", "[&](std::size_t high, std::size_t) { high_done_ = high; });")
row("colons_of_addresses_within_others", F, "if (has(kAddresses6 | kAddresses4 | kDigests))", "if (has(kAddresses6 | kDigests))")
row("colons_of_digests", F, "if (has(kAddresses6 | kAddresses4 | kDigests))", "if (has(kAddresses6 | kAddresses4))")
row("runs_of_wallets", F, "if (has(kDigests | kWallets))", "if (has(kDigests))")

# --- what all lanes share ---------------------------------------------------------------------

F = "sieve_scan.inl"

row("flags_out_of_order", F, "(at >= flagged_from_ && at < flagged_until_)", "at < flagged_until_")
row("flagged_one_line_further", F, "lf == kNone ? text_.size() : lf;", "lf == kNone ? text_.size() : lf + 2;")
row("flagged_each_time", F, "if (lines_ == nullptr || (at >= flagged_from_ && at < flagged_until_)) return;",
    "if (lines_ == nullptr) return;", speed="a line that comes twice is scanned once all the same")
row("batch_loses_its_last", F, "i < pending_count_; ++i", "i + 1 < pending_count_; ++i")
row("entry_at_a_bucket_s_end", F, "for (Bits i = parts_.buckets[bucket]; i < end; ++i)", "for (Bits i = parts_.buckets[bucket]; i + 1 < end; ++i)")
row("names_of_150_bytes", F, "kMaxName = 1024;", "kMaxName = 30;")
row("address_of_a_reverse_name_by_number_only", F, "if (in_ranges(address) || look_up(", "if (look_up(")

# --- addresses --------------------------------------------------------------------------------

F = "sieve_address.inl"
row("range_begins_later", F, "ranges[middle * 2] <= address", "ranges[middle * 2] < address")
row("range_ends_sooner", F, "address <= ranges[(low - 1) * 2 + 1]", "address < ranges[(low - 1) * 2 + 1]")
row("network_bits_one_off", F, "(0xFF << (8 - bits)) & 0xFF", "(0xFF << (9 - bits)) & 0xFF")
row("group_of_three", F, "good && n - 1 < 3", "good && n - 1 < 2")
row("group_of_three_wide", F, "_mm_sub_epi32(n, _mm_set1_epi32(1)), _mm_set1_epi32(2))", "_mm_sub_epi32(n, _mm_set1_epi32(1)), _mm_set1_epi32(1))")
row("group_of_255", F, "group <= 255;", "group < 255;")
row("group_of_255_wide", F, "_mm_cmple_epu32_mask(groups, _mm_set1_epi32(255))", "_mm_cmple_epu32_mask(groups, _mm_set1_epi32(254))")
row("address_at_the_text_s_end", F, "if (dot + 2 + third + fourth > text_.size()) return;", "if (dot + 2 + third + fourth >= text_.size()) return;")
row("reads_before_the_text", F, "if (dot >= 4) {", "if (dot >= 1) {")
row("slow_group_of_255", F, "i - first > 3 || value > 255", "i - first > 3 || value >= 255")
row("slow_group_of_three", F, "i - first > 3 || value > 255", "i - first > 2 || value > 255")
row("slow_first_group_of_three", F, "if (dot - begin > 3) return;", "if (dot - begin > 2) return;")
row("address_in_a_network", F, "if (in_ranges(address)) return flag(begin);\n", "")
row("colons_done_further", F, "  colons_done_ = end;\n", "  colons_done_ = end + 1;\n",
    speed="the byte at a run's end is in no run")
row("colons_done_two_further", F, "  colons_done_ = end;\n", "  colons_done_ = end + 2;\n")
row("colons_six", F, "(colons < 6 || colons > 8)", "(colons < 7 || colons > 8)")
row("colons_eight", F, "(colons < 6 || colons > 8)", "(colons < 6 || colons > 7)")
row("colons_of_the_block_before", F, "left_of(run(b), run(b - 1), off)", "left_of(run(b), 0, off)")
row("colons_of_the_block_behind", F, "after(run(b), run(b + 1), off)", "after(run(b), 0, off)")
row("digits_of_the_block_before", F, "left_of(mask(ByteClass::kDigit, b), mask(ByteClass::kDigit, b - 1), off)", "left_of(mask(ByteClass::kDigit, b), 0, off)")
row("address_of_two_colons", F, "if (colons < 2 ||", "if (colons < 3 ||")
row("address_of_39_bytes", F, "end - begin > 64 ||", "end - begin > 38 ||")
row("dot_behind_an_address", F, "while (end > begin && text_[end - 1] == '.') --end;\n  if (end - begin > 2",
    "if (end - begin > 2")
row("colon_behind_an_address", F, "(end == text_.size() || is_space(text_[end])))\n    --end;",
    "end == text_.size())\n    --end;")
row("mapped_address", F, "  if (const auto mapped = ipv4_mapped(*parsed)) check_address4(*mapped, begin);\n", "")
row("nat64_address", F, "  if (const auto nat64 = ipv4_nat64(*parsed)) check_address4(*nat64, begin);\n", "")
row("digest_of_15_colons", F, "colons >= 15", "colons > 15")
row("digest_of_47_bytes", F, "i + 47 <= end", "i + 47 < end")
row("digest_behind_a_colon", F, "if (i > 0 && text_[i - 1] == ':') {", "if (false) {",
    speed="nothing is left out that a colon before it rules out")
row("digest_behind_a_label", F, "if (i - 1 - name == 2 && i > begin) continue;", "if (i > begin) continue;")
row("wide_digest", F, "n + 2 <= digits.size()", "n + 2 <= 40")

# --- names ------------------------------------------------------------------------------------

F = "sieve_name.inl"
row("dot_behind_a_name", F, "(is_alnum(text_[next]) || text_[next] == '_')) return;", "true) return;")
row("hyphen_behind_a_name", F, "  while (end > dot + 1 && text_[end - 1] == '-') --end;\n  const std::size_t tld_bytes",
    "  const std::size_t tld_bytes")
row("last_label_of_many_letters", F, "tld_bytes > 63", "tld_bytes > 5")
row("label_of_64_bytes_and_more", F, "if (n == 64) {\n    while (begin > 0", "if (n == 65) {\n    while (begin > 0")
row("last_label_of_64_bytes_and_more", F, "    while (text_[dot] != '.') --dot;\n", "")
row("label_of_the_block_before", F, "left_of(row(kLabelRow, d), row(kLabelRow, d - 1), static_cast<unsigned>(dot % 64))", "left_of(row(kLabelRow, d), 0, static_cast<unsigned>(dot % 64))")
row("last_label_of_the_block_before", F, "left_of(row(kLabelRow, b), row(kLabelRow, b - 1), static_cast<unsigned>(end % 64))", "left_of(row(kLabelRow, b), 0, static_cast<unsigned>(end % 64))")
row("label_before_the_window", F, "if (dot >= window_at_) {", "if (dot + 64 >= window_at_) {")
row("hyphen_before_a_name", F, "while (begin < dot && text_[begin] == '-') ++begin;", "")
row("dots_before_a_name", F, "  while (whole < probe.begin && is_trimmed(text_[whole])) ++whole;\n", "")
row("name_itself", F, "if ((kinds & kFull) != 0) return flag(begin);\n        if ((kinds & kHost)",
    "if ((kinds & kHost)")
row("parent_that_covers", F, "if ((kinds & kCovers) != 0) return flag(begin);\n", "")
row("host_of_a_url", F, "          check_path(hash, end);\n", "")
row("walk_ends_at_a_known_parent", F, "if (site && (kinds & kLonger) == 0) return;", "if ((kinds & kLonger) == 0) return;")
row("ip6_arpa", F, "end - begin >= 8", "end - begin > 8")
row("in_addr_arpa", F, "if (const auto v4 = parse_in_addr_arpa(name)) check_address4(*v4, whole);", "")
row("ideographic_dot", F, "c == '\\x80' || ", "")
row("fullwidth_dot", F, "c == '\\xBC' || ", "")
row("halfwidth_dot", F, " || c == '\\xBD'", "")
row("wide_single_label", F, "if (!dot && !has(kSingleLabels) && !wants_hosts_) return;", "if (!dot && !wants_hosts_) return;")
row("wide_runs_done_further", F, "  high_done_ = end;\n", "  high_done_ = end + 3;\n")
row("wide_name_bare", F, "    if (look_up(hash_text(bare, Seed::kName)) != 0) return flag(from);\n", "")
row("wide_name_parents", F, "      at = dot + 1;\n", "      break;\n")
row("wide_arpa", F, 'ascii.substr(ascii.size() - 5) == ".arpa") return flag(from);', 'ascii.substr(ascii.size() - 5) == ".arpa") return;')
row("wide_number", F, "if (is_digit(last) || (wants_hosts_ && is_hex(last))) odd_host(from);", "")
row("wide_e_mail", F, "    if (has(kEmails) && from > 0 && text_[from - 1] == '@') flag(from);\n", "",
    speed="email_at flags every address whose host holds a byte over 0x7F, or ends before one")
row("wide_cut_at_all_others", F, "for (const bool letters_only : {true, false})", "for (const bool letters_only : {false})")
row("wide_not_cut", F, "for (const bool letters_only : {true, false})", "for (const bool letters_only : {true})")
row("local_part_with_plus", F, "is_local_byte(text_[begin - 1])", "is_name_byte(text_[begin - 1])")
row("local_part_of_64", F, "sign - begin < 256", "sign - begin < 10")
row("mail_host_of_many_bytes", F, "end - sign < 600", "end - sign < 12")
row("mail_host_beyond_ascii", F, "  if (end < text_.size() && is_non_ascii(text_[end])) return flag(sign);\n", "")
row("mail_dot_behind", F, "  while (end > sign + 1 && is_trimmed(text_[end - 1])) --end;\n", "")

# --- runs and numbers -------------------------------------------------------------------------

F = "sieve_token.inl"
row("run_over_a_block", F, "if (n == 64) {\n    while (begin > run_done_", "if (n == 65) {\n    while (begin > run_done_",
    speed="the first whole group of a run lies within 30 bytes of its begin")
row("run_in_previous_block", F, "left_of(row(kAlnumRow, b), row(kAlnumRow, b - 1), static_cast<unsigned>(off))", "left_of(row(kAlnumRow, b), 0, static_cast<unsigned>(off))")
row("run_in_next_block", F, "after(row(kAlnumRow, b), row(kAlnumRow, b + 1), static_cast<unsigned>(off))", "after(row(kAlnumRow, b), 0, static_cast<unsigned>(off))")
row("run_beyond_a_block", F, "if (n == 64) {\n    while (end < text_.size()", "if (n == 65) {\n    while (end < text_.size()")
row("run_behind_0x", F, "    try_run(begin + 2);\n", "    ;\n")
row("run_behind_0X", F, "to_lower(text_[begin + 1]) == 'x'", "text_[begin + 1] == 'x'")
row("base64_lane_off", F, "look_up(hash_text(digest->digits, Seed::kRun)) != 0) flag(joint);", "false) flag(joint);")
row("cve_at_the_begin", F, "if (dash < 3 ||", "if (dash <= 3 ||")
row("cve_number_one_short", F, "hash_text(text_.data() + dash - 3, end - dash + 3,", "hash_text(text_.data() + dash - 3, end - dash + 2,")
row("asn_behind_an_underscore", F, "(is_alnum(text_[a - 1]) || text_[a - 1] == '_')", "is_alnum(text_[a - 1])",
    speed="what an underscore binds to is a word to the rules; they are asked once more")
row("asn_of_ten_digits", F, "end - digits > 10", "end - digits >= 10")
row("asn_with_n", F, "if (to_lower(at(digits)) == 'n') ++digits;", "if (at(digits) == 'n') ++digits;")
row("asn_with_a_colon", F, "(at(digits) == ' ' || at(digits) == ':')", "(at(digits) == ' ')")
row("asn_with_zeros", F, "  while (end - digits > 1 && text_[digits] == '0') ++digits;\n", "")

# --- URLs -------------------------------------------------------------------------------------

F = "sieve_url.inl"
row("dots_before_a_port", F, "  while (is_trimmed(at(i))) ++i;\n", "")
row("port_before_a_path", F, "  if (at(i) == ':') {\n    ++i;", "  if (false) {\n    ++i;")
row("paths_that_hosts_stand_in", F, "(1 << 16)) return flag(begin);", "(1 << 16)) return;")
row("path_may_end_anywhere", F, "over || !(is_alnum(c)", "over || (c == '?') || !(true || is_alnum(c)")
row("path_may_end_at_a_tilde", F, "c == '_' || c == '~' || c == '-'", "c == '_' || c == '~' || c == '/' || c == '-'")
row("path_with_percent", F, "if (c == '%' || is_non_ascii(c)", "if (is_non_ascii(c)")
row("path_beyond_ascii", F, "if (c == '%' || is_non_ascii(c) ||", "if (c == '%' ||")
row("path_with_dot_segments", F, " || (c == '/' && at(i + 1) == '.')) return flag(begin);", ") return flag(begin);")
row("path_of_many_bytes", F, "i - begin > 8200", "i - begin > 10")
row("scheme_in_disguise", F, "  if (may_be_defanged_scheme(text_, colon)) rows_[kOpenMarks][b] |= Bits{1} << (colon % 64);\n", "")
row("host_with_a_password", F, "plain = text_[k] != '@' && k - i < 256;", "plain = k - i < 256;")
row("password_of_digits", F, "      plain = text_[k] != '@';\n", "      plain = true;\n")
row("host_of_a_single_label", F, "if (dots > 0 && letter_tld) return;", "if (letter_tld) return;")
row("address_with_zeros", F, "dots == 3 && !zeros && label < i", "dots == 3 && label < i")
row("address_in_other_forms", F, "dots == 3 && !zeros", "!zeros")
row("host_begins_with_a_hyphen", F, "i > begin && !is_trimmed(text_[begin]) && c != '%'", "i > begin && c != '%'")
row("host_behind_a_sign", F, "    odd_host(k + 1);\n", "")
row("many_signs", F, "k - begin > 4096) return flag(colon);", "k - begin > 4096) return;")
row("wildcard_host", F, "if (at(begin) == '*' && at(begin + 1) == '.') begin += 2;", "")
row("host_ends_with_a_hyphen", F, "  if (text_[end - 1] == '-' || text_[begin] == '-') flag(begin);\n", "",
    speed="host_key() takes the same hyphens off before it looks")
row("uri_done_further", F, "  uri_done_ = end;\n", "  uri_done_ = end + 2;\n")
row("uri_with_percent", F, "odd = odd || c == '%' ||", "odd = odd ||")
row("uri_with_fragment", F, "|| c == '#' ||", "||")
row("uri_with_dot_segments", F, " || (c == '/' && at(end + 1) == '.');", ";")
row("uri_before_an_escaped_quote", F, "if (end - slash > 1 && text_[end - 1] == '\\\\') {", "if (false) {")
row("uri_of_many_bytes", F, "end - slash > 8192", "end - slash > 12")
row("uri_query", F, 'url->query ? url->path + "?" + *url->query : url->path', "url->path")

# --- words ------------------------------------------------------------------------------------

F = "sieve_word.inl"
row("pair_of_words", F, "      probe(hash_pair(word_key(word), key, Seed::kPair), begin, end, Lane::kThing);\n", "")
row("word_alone", F, "  probe(key, begin, end, Lane::kThing);\n", "")
row("pair_over_blanks", F, "begin - before_end < 2048", "begin - before_end < 2")
row("pair_with_a_long_word", F, "before_end - before <= 1100", "before_end - before <= 4")
row("pair_trimmed", F, "    while (!word.empty() && is_trimmed(word.back())) word.remove_suffix(1);\n", "")
row("pair_over_trimmed_words", F, "    before_end = before;\n", "    return;\n")
row("word_beyond_ascii", F, "return all >= 0x80 ? hash_text(fold_case(word), Seed::kWord)", "return all >= 0x80 && word.empty() ? hash_text(fold_case(word), Seed::kWord)")
row("word_beyond_ascii_by_its_head", F, "    plain = high >> (64 - n) == 0;\n", "    plain = true;\n")
row("word_beyond_ascii_in_previous_block", F, "left_of(mask(ByteClass::kHigh, b), mask(ByteClass::kHigh, b - 1), off);\n    plain", "left_of(mask(ByteClass::kHigh, b), 0, off);\n    plain")
row("word_in_previous_block", F, "std::countl_one(left_of(row(kWordRow, b), row(kWordRow, b - 1), off)));", "std::countl_one(left_of(row(kWordRow, b), 0, off)));")
row("word_of_64_bytes_and_more", F, "    while (begin > 0 && is_word_byte(static_cast<unsigned char>(text_[begin - 1]))) --begin;\n  }\n  while (begin < end", "  }\n  while (begin < end")
row("word_with_a_dot_at_its_begin", F, "  while (begin < end && is_trimmed(text_[begin])) ++begin;\n", "")
row("word_with_a_dot_at_its_end", F, "  while (end > begin && is_trimmed(text_[end - 1])) --end;\n  if (begin == end", "  if (begin == end")
row("words_of_many_bytes", F, "if (begin == end || end - begin > kMaxName) return;\n  const std::size_t length", "if (begin == end || end - begin > 20) return;\n  const std::size_t length")

# --- words with AVX-512 (sieve_word_wide.inl) ---------------------------------------------------

F = "sieve_word_wide.inl"
row("eight_words_in_the_last_bytes", F, "reach, set(text_.size() - window_at_));", "reach, set(text_.size() - window_at_ + 8));")
row("eight_words_begun_in_previous_block", F, "moved = before(words, last, 1);", "moved = before(words, 0, 1);")
row("eight_words_less_one", F, "count >= 8 ? 0xFF : (1u << count) - 1", "count >= 8 ? 0x7F : (1u << count) - 1")
row("eight_words_and_no_more", F, "first < count; first += 8", "first < std::min<std::size_t>(count, 8); first += 8")
row("eight_words_from_their_second_byte", F, "load8(origin + begins_[first + i] - kPlaceBias)", "load8(origin + begins_[first + i] - kPlaceBias + 1)")
row("eight_words_with_hyphens", F, "const Bits trimmed = mask(ByteClass::kDot, b) | mask(ByteClass::kDash, b);", "const Bits trimmed = mask(ByteClass::kDot, b);")
row("eight_words_with_hyphens_in_previous_block", F, "    trimmed_last = trimmed;\n", "    trimmed_last = mask(ByteClass::kDot, b);\n")
row("eight_words_with_a_dot_at_the_end", F, "before(trimmed, trimmed_last, 1) |", "")
row("eight_words_with_a_dot_at_the_begin", F, "_mm512_cmpeq_epi64_mask(low, set('.')) |", "")
row("eight_words_beyond_ascii", F, "(high | high_last) != 0 ? ~Bits{0} : Bits{0}", "Bits{0}")
row("eight_words_beyond_ascii_in_previous_block", F, "(high | high_last) != 0", "high != 0")
row("eight_words_of_64_bytes", F, "_mm512_cmpge_epu16_mask(length, _mm512_set1_epi16(64))", "_mm512_cmpge_epu16_mask(length, _mm512_set1_epi16(16384))")
row("eight_words_folded", F, "_mm512_or_si512(heads, set(kFold))", "heads")
row("eight_words_of_seven_bytes", F, "_mm512_min_epu64(n, eight)", "_mm512_min_epu64(n, set(7))")

# --- quoted strings ----------------------------------------------------------------------------

F = "sieve_quote.inl"
row("quotes_of_the_window_before", F, "if (b < kFront) return last;", "if (b < kFront) return kNone;")
row("quotes_for_the_window_behind", F, "  last = before_bit(kFront + blocks_ - 1, ~Bits{0});\n", "")
row("quotes_of_the_block_before", F, "for (;; --b, below = ~Bits{0}) {", "for (;; --b, below = 0) {")
row("quotes_keep_over_lines", F, "(mask(quote, b) | mask(ByteClass::kLf, b)) & below;", "mask(quote, b) & below;",
    speed="a string over a line end is looked at, and is no agent")
row("agent_as_short_as_the_shortest", F, "n >= parts_.least_agent", "n > parts_.least_agent")
row("agent_of_many_bytes", F, "n <= 4096", "n <= 24")
row("agent_before_an_escaped_quote", F, "if (end != quote || end == begin || text_[end - 1] != '\\\\') break;", "break;")

# --- readings ---------------------------------------------------------------------------------

F = "sieve_reading.inl"
row("reading_of_two_lines", F, "reading_end_ = std::min(text_.find('\\n', at), text_.size());", "reading_end_ = std::min(text_.find('\\n', at), text_.size()) + 2;")
row("reading_of_the_line_before", F, "    read_line();\n    reading_begin_", "    reading_begin_")
row("reading_of_one_kind", F, "  kinds_ |= kinds;\n", "  kinds_ = kinds;\n")
row("reading_behind_a_flag", F, "if (flagged_from_ >= reading_begin_ && flagged_from_ < reading_end_ &&", "if (flagged_from_ < reading_end_ &&")
row("qp_done_further", F, "    qp_done_ = std::min(text_.find('\\n', at), text_.size());\n", "    qp_done_ = std::min(text_.find('\\n', at), text_.size()) + 2;\n")
row("qp_of_the_line", F, "    begin = line_begin(at);\n", "")
row("qp_escaped_equals_of_the_line", F, "  if (first == '3' && second == 'D') return true;\n", "")
row("qp_equals_of_the_lines_behind", F, "    if (lfs != 0) part &= (lfs & (~lfs + 1)) - 1;\n", "")
row("qp_equals_of_the_lines_before", F, "    if (lfs != 0) part &= ~Bits{0} << (63 - std::countl_zero(lfs));\n", "")
row("json_path_of_letters", F, 'std::string_view("\\"\\\\/bfnrtu")', 'std::string_view("\\"\\\\/bfnru")')
row("json_twice", F, "const bool twice = (backslash + 1 - run) % 2 == 0;", "const bool twice = false;",
    speed="a string with an escape that JSON has not is decoded neither once nor twice")
row("json_always_twice", F, "const bool twice = (backslash + 1 - run) % 2 == 0;", "const bool twice = true;")
row("hex_escape", F, "return is_hex(at(backslash + 2)) && is_hex(at(backslash + 3));\n    case 'u'",
    "return false;\n    case 'u'")
row("unicode_escape", F, "is_hex(at(backslash + 4)) && is_hex(at(backslash + 5));", "false;")
row("escaped_dot_behind_backslashes", F, "while (run > 0 && text_[run - 1] == '\\\\') --run;\n      return run > 0", "return run > 0")
row("soft_break_with_return", F, "at(i + 1) == '\\n' || (at(i + 1) == '\\r' && at(i + 2) == '\\n'))", "at(i + 1) == '\\n')")
row("named_reference", F, "return end > ampersand + 1 && at(end) == ';';", "return false;")
row("numbered_reference", F, "  if (at(ampersand + 1) == '#') return true;\n", "")
row("reference_of_many_letters", F, "end - ampersand <= 11", "end - ampersand <= 3")
row("dns_root", F, "if (ends_prefixed_name(i)) see(", "if (false) see(")
row("dns_label_of_63", F, "n <= 63 && n + 2 < open", "n < 63 && n + 2 < open")
row("dns_two_digits", F, "    if (close >= 2 && is_digit(text_[close - 2]))\n      value += 10 * static_cast<std::size_t>(text_[close - 2] - '0');\n", "")
row("dns_two_digits_at_the_begin", F, "if (close >= 2 && is_digit(text_[close - 2]))", "if (close > 2 && is_digit(text_[close - 2]))",
    speed="a length of two digits has a bracket before it")
row("escape_is_json", F, "return bit_of(ViewKind::kJson) | bit_of(ViewKind::kEscape);", "return bit_of(ViewKind::kEscape);",
    speed="add_readings() reads every text with a backslash as JSON")
row("escape_is_no_json", F, "return bit_of(ViewKind::kJson) | bit_of(ViewKind::kEscape);", "return bit_of(ViewKind::kJson);")
row("escaped_dot_is_json", F, "return bit_of(ViewKind::kJson) | bit_of(ViewKind::kDefang);", "return bit_of(ViewKind::kDefang);",
    speed="add_readings() reads every text with a backslash as JSON")
row("escaped_dot_is_no_json", F, "return bit_of(ViewKind::kJson) | bit_of(ViewKind::kDefang);", "return bit_of(ViewKind::kJson);")
row("other_escapes_are_json", F, "    default:\n      return bit_of(ViewKind::kJson);", "    default:\n      return 0;")
row("percent_is_percent", F, "see(i, bit_of(ViewKind::kPercent)); });", "see(i, bit_of(ViewKind::kHtml)); });")
row("backslashes_of_readings_are_json", F, "    line.kinds[i] |= bit_of(ViewKind::kJson);\n", "    ;\n")
row("kinds_of_a_reading", F, "      line.kinds[part.view] |= part.kinds;\n", "")
row("word_dot_in_brackets", F, 'return begins("dot") && closes(4);', "return false;")
row("word_at_in_brackets", F, 'return begins("at") && closes(3);', "return false;")
row("scheme_in_brackets", F, 'return begins("http");', "return false;")
row("readings_four_deep", F, "views[i].chain.size() >= kMaxViewDepth", "views[i].chain.size() + 1 >= kMaxViewDepth")
row("readings_too_many", F, "if (line.count >= kMaxViewsOfLine) line.found = true;", "if (line.count >= kMaxViewsOfLine) return;")

# --- keys -------------------------------------------------------------------------------------

F = "sieve_build.cpp"
row("no_key_of_two_labels", F, "    if (last > 0 && site != std::string_view::npos)\n      add(", "    if (last > 0 && site == std::string_view::npos)\n      add(")
row("last_label_that_is_a_number", F, "    if (!is_alpha(name[last + 1])) lane(kOddEnds);\n", "")
row("single_label_lane", F, "    lane(kSingleLabels);\n", "")
row("single_label_key", F, "    add_pieces(std::string(name));\n", "")
row("single_label_host", F, "if (kind == kHost) return add(hash_bytes(name, Seed::kName), kHost);", "if (kind == kHost) return;")
row("reverse_names_of_v6_addresses", F, "Seed::kAddress6), kFull);\n    reverse_names();", "Seed::kAddress6), kFull);")
row("range_ends_sooner_when_built", F, "ranges.emplace_back(base & ~rest, base | rest);", "ranges.emplace_back(base & ~rest, (base | rest) - (rest != 0));")
row("range_of_all_its_nets", F, "net <= high >> 16; ++net", "net < (high >> 16) + (low >> 16 == high >> 16); ++net")
row("prefix_of_v6_networks", F, "header.v6_prefixes[network.prefix / 64] |=", "header.v6_prefixes[network.prefix / 65] |=")
row("host_alone_with_a_path", F, "      if (kind == kFull) add(key, kHost);\n", "",
    speed="a URL without a path is found by its host, in any path; the second kind asks for no more")
row("path_keys", F, "    if (!path.empty()) add(path_key(state), kFull);\n", "")
row("host_of_dots", F, "if (name.empty()) return lane(kEverything);\n      if (name.find", "if (name.empty()) return;\n      if (name.find")
row("v6_hosts", F, "if (const auto address = parse_ipv6(url->host)) add_address6(*address);\n      return;", "return;")
row("lengths_of_runs", F, "if (run.size() > 255 || run.size() < 14) return;", "if (run.size() > 127 || run.size() < 14) return;")
row("shortest_run", F, "header.least_run = std::min(header.least_run, static_cast<std::uint32_t>(run.size()));", "")
row("pieces_trimmed", F, "      while (!word.empty() && is_trimmed(word.back())) word.remove_suffix(1);\n      if (word.empty())", "      if (word.empty())")
row("pieces_of_nothing", F, "if (best.empty()) return lane(kEverything);", "if (best.empty()) return;")
row("pieces_after_a_better_one", F, "        before_best = before;\n", "        before_best = word;\n")
row("drive_off", F, "        rest.remove_prefix(2);\n", "        ;\n")
row("variable_off", F, "        rest.remove_prefix(std::min(rest.find('\\\\'), rest.size()));\n      }", "        ;\n      }")
row("systemroot_off", F, "        rest.remove_prefix(11);\n", "        ;\n",
    speed="canonical claims begin with %windir% there; one that does not is found as it stands")
row("control_set_off", F, "return add_pieces(fold_case(rest.substr(prefix.size())));", "return add_pieces(fold_case(rest));")
row("root_of_keys_off", F, "rest.remove_prefix(std::min(rest.find('\\\\'), rest.size()));  // the root", ";  // the root")
row("domain_that_covers", F, "        s.add(hash_bytes(value, Seed::kName), kCovers);\n", "        ;\n")
row("single_label_that_covers", F, "if (covers_subdomains(value)) s.lane(kEverything);", "",
    speed="a single label is a public suffix (the list's rule \"*\") and covers nothing")
row("backslashes_of_targets", F, "      if (value.find('\\\\') != std::string::npos) s.lane(kBackslashes);\n", "")
row("backslashes_of_agents", F, "    if (value.find_first_of(\"\\\\\\\"\") != std::string::npos) lane(kBackslashes);\n", "")
row("shortest_agent", F, "    header.least_agent = std::min(header.least_agent, static_cast<std::uint32_t>(value.size()));\n    add_word(value);",
    "    header.least_agent = static_cast<std::uint32_t>(value.size());\n    add_word(value);")
row("shortest_word", F, "    header.least_word = std::min(header.least_word, static_cast<std::uint32_t>(best.size()));\n", "")
row("words_of_digits", F, "    if (!has_letter(best)) header.words_without_letters = 1;\n", "")
row("agents_without_words", F, "    if (!parted) header.every_quote = 1;\n", "")
row("upper_bits_of_addresses", F, "    header.uppers[address >> 22] |= std::uint64_t{1} << (address >> 16 & 63);\n", "")
row("upper_bits_of_ranges", F, "  for (std::size_t i = 0; i < std::size(header.nets); ++i) header.uppers[i] |= header.nets[i];\n", "")
row("ranges_joined", F, "ranges.back().second = std::max(ranges.back().second, high);", "ranges.back().second = high;")
row("kinds_of_one_key_joined", F, "        entries[same] |= entries[i] & 0xF0000000;\n", "        ;\n")
row("lanes_of_a_second_builder", F, "  s.header.lanes |= o.header.lanes;\n", "")
row("last_labels_of_a_second_builder", F, "s.header.tlds[i] |= o.header.tlds[i];", "(void)i;")
row("agents_of_a_second_builder", F, "  s.header.least_agent = std::min(s.header.least_agent, o.header.least_agent);\n", "")
row("words_of_a_second_builder", F, "  append(s.words, o.words);\n", "")
row("ranges_of_a_second_builder", F, "  append(s.ranges, o.ranges);\n", "")
for member in ("full", "covers", "host", "longer"):
    row(member + "_keys_of_a_second_builder", F, f"  append(s.{member}, o.{member});\n", "")
row("upper_bits_of_a_second_builder", F, "    s.header.uppers[i] |= o.header.uppers[i];\n", "    (void)i;\n")
row("shortest_run_of_a_second_builder", F, "  s.header.least_run = std::min(s.header.least_run, o.header.least_run);\n", "")
row("shortest_word_of_a_second_builder", F, "  s.header.least_word = std::min(s.header.least_word, o.header.least_word);\n", "")
row("run_lengths_of_a_second_builder", F, "s.header.run_lengths[i] |= o.header.run_lengths[i];", "(void)i;")
row("prefixes_of_a_second_builder", F, "s.header.v6_prefixes[i] |= o.header.v6_prefixes[i];", "(void)i;")
row("words_of_digits_of_a_second_builder", F, "  s.header.words_without_letters |= o.header.words_without_letters;\n", "")
row("every_quote_of_a_second_builder", F, "  s.header.every_quote |= o.header.every_quote;\n", "")
row("reverse_names_of_a_second_builder", F, "  s.header.reverse_names |= o.header.reverse_names;\n", "")

# --- from flags to lines ----------------------------------------------------------------------

F = "fast.cpp"
row("next_line_skipped", F, "      done = end + 1;\n    }\n  }\n\n  /// Marks", "      done = end + 2;\n    }\n  }\n\n  /// Marks")
row("flags_unsorted", F, "    std::sort(scratch_.flagged.begin(), scratch_.flagged.end());\n", "")
row("marked_lines", F, "    flag_marked_lines();\n", "")
row("mark_at_a_line_s_begin", F, "std::min(field.end + 1, text_.size())", "std::min(field.begin, text_.size())")
row("joined_lines_lane_off", F, "      scan_joined();\n", "")
row("joined_lines_of_three", F, "      while (end < text_.size() && rules_", "      if (end < text_.size() && rules_")
row("joined_readings", F, "sieve_.could_match(decoded->text, decoded->chain)", "sieve_.could_match_readings(decoded->text, decoded->chain)")
row("wide_line_before", F, "while (next != inner.flagged.end() && *next < begin) ++next;", "while (next != inner.flagged.end() && *next <= begin) ++next;")
row("wide_line_end", F, "*next <= end;", "*next + 1 < end;")
