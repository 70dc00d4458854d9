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
row("next_window_keeps_another_block", F, "rows_[r][kFront - 1] = rows_[r][kFront + kWindow - 1];", "rows_[r][kFront - 1] = rows_[r][kFront + kWindow - 2];")
row("next_window_keeps_classes_alone", F, "r < kNameEnds; ++r)", "r < kByteClasses; ++r)")
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
row("name_ends_before_the_next_block", F, "ends & ~(held | (lanes_of(ByteClass::kDot, i) & ahead(kAlnumRow, i, 1))));",
    "ends & ~(held | (lanes_of(ByteClass::kDot, i) & (lanes_at(kAlnumRow, i) >> 1 | Bits{1} << 63))));")
row("name_ends_at_no_dot", F, "ends & ~(held | (lanes_of(ByteClass::kDot, i) & ahead(kAlnumRow, i, 1))));", "ends & ~(held | lanes_of(ByteClass::kDot, i)));")
row("underscore_ends_lane_off", F, "has(kUnderscoreEnds) ? nothing : ~nothing;", "~nothing;")
row("underscores_carried_by_names", F, "& sought, underscore_carry_);", "& sought, name_carry_);")

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
row("colon_groups_of_four", F, "moved | moved << 2 | over;", "moved | over;")
row("colons_far_in_the_block_before", F, "last >> 60 | last >> 59;", "last >> 60;")
row("colon_groups_of_one", F, "chain << 2 | chain << 3;", "chain << 3;")
row("colon_hex_in_previous_block", F, "colon & (back(kHexRow, i, 1) | back(kColonRow, i, 1));", "colon & (lanes_at(kHexRow, i) << 1 | back(kColonRow, i, 1));")
row("colons_twice", F, "twice | chain);", "chain);")

# URLs, runs, numbers, targets.
row("scheme_slash_over_a_border", F, "colon & ahead(kSlashRow, i, 1) & ahead(kSlashRow, i, 2)", "colon & ahead(kSlashRow, i, 1) & lanes_at(kSlashRow, i) >> 2")
row("runs_of_27_by_groups_of_16", F, "if (parts_.least_run >= 31) groups &= groups >> 8;\n      groups &= parts_.least_run >= 31 ",
    "if (parts_.least_run >= 25) groups &= groups >> 8;\n      groups &= parts_.least_run >= 25 ")
row("runs_of_32_by_groups_of_24", F, "if (parts_.least_run >= 31) groups &= groups >> 8;", "if (parts_.least_run >= 31) groups &= groups >> 16;")
row("base64_joint_is_a_dash", F, "(lanes_of(ByteClass::kColon, i) | lanes_of(ByteClass::kDash, i)) &", "lanes_of(ByteClass::kColon, i) &")
row("base64_joint_is_a_colon", F, "(lanes_of(ByteClass::kColon, i) | lanes_of(ByteClass::kDash, i)) &", "lanes_of(ByteClass::kDash, i) &")
row("base64_joint_after_one_digit", F, "(back(row_of(ByteClass::kHexLetter), i, 2) |", "(")
row("base64_joint_letter_in_previous_block", F, "(back(row_of(ByteClass::kHexLetter), i, 2) |", "(lanes_of(ByteClass::kHexLetter, i) << 2 |")
row("base64_joint_of_sha256", F, "(back(kDigitRow, i, 2) & back(kDigitRow, i, 3) &\n                        back(row_of(ByteClass::kA), i, 4))", "Lanes{}")
row("base64_joint_a_in_previous_block", F, "back(row_of(ByteClass::kA), i, 4))", "lanes_of(ByteClass::kA, i) << 4)")
row("base64_joint_after_three_digits", F, "(back(kDigitRow, i, 2) & back(kDigitRow, i, 3) &", "(back(kDigitRow, i, 2) & back(kAlphaRow, i, 3) &")
row("cve_digit_in_next_block", F, "ahead(kDigitRow, i, 1) &\n                                             ahead(kDigitRow, i, 4)",
    "lanes_at(kDigitRow, i) >> 1 & ahead(kDigitRow, i, 4)")
row("cve_second_dash_in_next_block", F, "ahead(row_of(ByteClass::kDash), i, 5)", "lanes_of(ByteClass::kDash, i) >> 5")
row("cve_letter_in_previous_block", F, "back(kAlphaRow, i, 3) & ahead(kDigitRow, i, 1)", "lanes_at(kAlphaRow, i) << 3 & ahead(kDigitRow, i, 1)")
row("odd_ends_lane_off", F, "if (has(kOddEnds)) {", "if (false) {")
row("asn_s_in_next_block", F, "ahead(row_of(ByteClass::kS), i, 1)", "lanes_of(ByteClass::kS, i) >> 1")
row("asn_digit_behind_it", F, "digit2 | (parted2 & digit3)", "(parted2 & digit3)")
row("asn_parted_digit", F, "digit2 | (parted2 & digit3) |", "digit2 |")
row("asn_n_and_a_digit", F, "& (digit3 | parted3));", "& parted3);")
row("asn_n_and_a_part", F, "& (digit3 | parted3));", "& digit3);")
row("asn_blank_behind_it", F, "parted2 = ahead(row_of(ByteClass::kBlank), i, 2) | ", "parted2 = ")
row("asn_colon_behind_it", F, " | ahead(kColonRow, i, 2);", ";")
row("asn_blank_behind_n", F, "parted3 = ahead(row_of(ByteClass::kBlank), i, 3) | ", "parted3 = ")
row("asn_colon_behind_n", F, " | ahead(kColonRow, i, 3);", ";")
row("asn_behind_a_label_s_byte", F, "~back(kAlnumRow, i, 1);", "~back(kLabelRow, i, 1);")
row("asn_letters_alone_in_their_blocks", F, "      if (has_bits(letters)) {", "      if (!has_bits(letters)) {",
    speed="every \"AS\" is looked at")
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
row("every_quote", F, "parts_.every_quote ? far : far & ~starts & ~ends)", "far & ~starts & ~ends)")
row("quotes_behind_quotes", F, "far & ~starts & ~ends)", "far & ~ends)",
    speed="nothing stands between the two")
row("agents_of_63_bytes", F, "parts_.least_agent >= 64   ?", "parts_.least_agent >= 63   ?")
row("agents_of_31_bytes", F, ": parts_.least_agent >= 32 ?", ": parts_.least_agent >= 31 ?")
row("agents_of_15_bytes", F, ": parts_.least_agent >= 16 ?", ": parts_.least_agent >= 15 ?")
row("agents_of_32_bytes_as_of_64", F, "parts_.least_agent >= 64   ?", "parts_.least_agent >= 32   ?")
row("agents_of_16_bytes_as_of_32", F, ": parts_.least_agent >= 32 ?", ": parts_.least_agent >= 16 ?")
row("agents_of_fewer_bytes_as_of_16", F, ": parts_.least_agent >= 16 ?", ": parts_.least_agent >= 8 ?")
row("quotes_near_by_other_quarters", F, "back(row_of(quote), i, 16))", "back(row_of(quote), i, 8))")
row("quotes_near_by_other_halves", F, "back(row_of(quote), i, 32))", "back(row_of(quote), i, 16))")
row("quotes_near_in_the_block_itself", F, "lonely_bits<Lanes>(here, lanes_at(row_of(quote), i - 1))", "lonely_bits<Lanes>(here, here)")

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
row("soft_break_with_return_seen", F, "ahead(row_of(ByteClass::kLf), i, 2)", "(alpha1 ^ alpha1)")
row("qp_escaped_equals", F, "escapes &= ~(parted | behind) |\n               (ahead(kDigitRow, i, 1) & ahead(row_of(ByteClass::kHexLetter), i, 2));", "escapes &= ~(parted | behind);")
row("qp_equals_of_lines_before", F, "const Lanes line = ~lanes_of(ByteClass::kLf, i);", "const Lanes line = ~(lanes_of(ByteClass::kLf, i) & nothing);")
row("qp_equals_behind_escapes", F, "add_lanes(line, equals & ~escapes & ~breaks, equals_carry_);", "add_lanes(line, equals & ~breaks, equals_carry_);")
row("qp_equals_of_other_lines", F, " &\n                         reinterpret_cast<Lanes>(lanes_of(ByteClass::kLf, i) == nothing);", ";")
row("qp_breaks_are_other_equals", F, "(equals & ~escapes & ~breaks) != nothing", "(equals & ~escapes) != nothing",
    speed="a soft break asks for the reading itself; \"= \" is an equals sign that is no escape")
row("bracket_before_a_dot", F, "open & (dot1 | ahead(kColonRow, i, 1) | ahead", "open & (ahead(kColonRow, i, 1) | ahead")
row("bracket_before_a_colon", F, "open & (dot1 | ahead(kColonRow, i, 1) | ahead", "open & (dot1 | ahead")
row("bracket_before_a_sign", F, "ahead(kColonRow, i, 1) | ahead(row_of(ByteClass::kAt), i, 1));", "ahead(kColonRow, i, 1));")
row("bracket_at", F, "(two & ahead(row_of(ByteClass::kA), i, 1) & ~ahead(kAlnumRow, i, 3)) |\n", "\n")
row("bracket_dot", F, "(three & hex1 & ~ahead(kAlnumRow, i, 4)) | (four & end5);", "(four & end5);")
row("bracket_http", F, " | (four & end5);", ";")
row("bracket_https", F, "~ahead(kAlnumRow, i, 5) |\n                         (ahead(row_of(ByteClass::kS), i, 5) & ~ahead(kAlnumRow, i, 6));", "~ahead(kAlnumRow, i, 5);")
row("bracket_https_over_a_border", F, "(ahead(row_of(ByteClass::kS), i, 5)", "(lanes_of(ByteClass::kS, i) >> 5")
row("bracket_second_letter_over_a_border", F, "words & ahead(kAlphaRow, i, 2), three", "words & lanes_at(kAlphaRow, i) >> 2, three")
row("bracket_fourth_letter_over_a_border", F, "three & ahead(kAlphaRow, i, 4);", "three & lanes_at(kAlphaRow, i) >> 4;")
row("dns_digit_in_next_block", F, "const Lanes digits = open & ahead(kDigitRow, i, 1)", "const Lanes digits = open & lanes_at(kDigitRow, i) >> 1")
for name, of in (("EqualsEscapes", "escapes"), ("SoftBreaks", "breaks")):
    row("no_" + of + "_told_apart", F, f"store_lanes(&rows_[k{name}][i], {of});", f"store_lanes(&rows_[k{name}][i], nothing);")
row("no_backslashes_seen", F, "backslashes | percents |", "percents |")
row("no_percents_seen", F, "backslashes | percents |", "backslashes |")
row("no_equals_escapes_seen", F, "escapes | breaks | marks |", "breaks | marks |")
row("no_breaks_seen", F, "escapes | breaks | marks |", "escapes | marks |")
row("no_marks_seen", F, "escapes | breaks | marks |", "escapes | breaks |")
row("no_digits_seen", F, "digits | lanes_of(ByteClass::kAmpersand, i));", "lanes_of(ByteClass::kAmpersand, i));")
row("no_ampersands_seen", F, "digits | lanes_of(ByteClass::kAmpersand, i));", "digits);")

# --- masks of blocks side by side (sieve_lanes.inl) ---------------------------------------------

F = "sieve_lanes.inl"
row("carry_of_a_block", F, "carry = first || second ? 1 : 0;", "carry = 0;")
row("carry_through_a_block", F, "carry = first || second ? 1 : 0;", "carry = first ? 1 : 0;")
row("carry_out_of_a_block", F, "carry = first || second ? 1 : 0;", "carry = second ? 1 : 0;")
row("carry_into_eight_blocks", F, "made * 2 + static_cast<unsigned>(carry) + full", "made * 2 + full")
row("carry_between_eight_blocks", F, "made * 2 + static_cast<unsigned>(carry) + full", "static_cast<unsigned>(carry) + full")
row("carry_through_eight_blocks", F, " + full) ^ full;", ");")
row("carry_out_of_eight_blocks", F, "  carry = carried >> 8;\n", "  carry = 0;\n")
row("eight_blocks_before", F, "_mm512_alignr_epi64(own, reinterpret_cast<__m512i>(previous), 7);", "_mm512_alignr_epi64(own, own, 7);")
row("eight_blocks_before_one_by_one", F, "{previous[7], here[0],", "{here[7], here[0],")
row("bits_of_seven_blocks", F, "for (int i = 0; i < 8; ++i) all |= lanes[i];", "for (int i = 0; i < 7; ++i) all |= lanes[i];")
row("bits_of_all_blocks", F, "return _mm512_test_epi64_mask(words, words) != 0;", "return _mm512_test_epi64_mask(words, words) == 0xFF;")
row("right_of_a_block", F, "return here >> off >> 1 | next << (63 - off);", "return here >> off >> 1;")
row("left_of_a_block_s_first_byte", F, "return off == 0 ? previous : here", "return off == 0 ? 0 : here")
row("left_of_without_the_block_before", F, "here << (64 - off) | previous >> off;", "here << (64 - off);")
row("left_of_one_byte_off", F, "here << (64 - off) | previous >> off;", "here << (64 - off) | previous >> off << 1;")
row("lonely_bits_one_byte_further", F, "reinterpret_cast<Vector>(last < first));", "reinterpret_cast<Vector>(last < (first >> 1)));")
row("lonely_bits_behind_none", F, "reinterpret_cast<Vector>(last < first));", "reinterpret_cast<Vector>((last == 0) & (last < first)));")
row("lonely_bits_are_all", F, "const Vector first = parts & -parts;", "const Vector first = parts;",
    speed="strings that are too short are looked at one by one, and refused there")
row("lonely_bits_as_far", F, "reinterpret_cast<Vector>(last < first));", "reinterpret_cast<Vector>(last <= first));",
    speed="a string one byte shorter than any agent is looked at, and refused there")
row("hash_in_the_text_s_case", F, "_mm256_or_si256(bytes, _mm256_set1_epi8(0x20))", "bytes")
row("hash_of_what_lies_behind", F, "_mm256_maskz_mov_epi8(held, _mm256_or", "_mm256_maskz_mov_epi8(~__mmask32{0}, _mm256_or")
row("hash_of_32_bytes", F, "_bzhi_u32(~0u, static_cast<unsigned>(std::min<std::size_t>(n - at, 32)))", "_bzhi_u32(~0u, static_cast<unsigned>(std::min<std::size_t>(n - at, 31)))")

# --- the walk over a text (sieve_run.inl) ------------------------------------------------------

F = "sieve_run.inl"
row("windows_without_the_block_before", F, "    next_rows();\n", "")
row("nul_not_told", F, "lines_->has_nul = true;", "lines_->has_nul = false;")
row("readings_left_out", F, "  if (with_readings_) readings();\n", "")
row("reading_of_the_last_line", F, "    read_line();\n    scan_regions();\n", "    scan_regions();\n")
row("everything_of_a_reading", F, "if (lines_ == nullptr) return true;\n    for (std::size_t begin", "if (lines_ == nullptr) return false;\n    for (std::size_t begin")
row("tail_of_letters", F, "tail_.fill('\\n');", "tail_.fill('a');")
row("last_batch_left", F, "  drain();\n  judge_marks();", "  judge_marks();")
row("last_marks_left", F, "  drain();\n  judge_marks();", "  drain();")
row("find_of_a_reading_s_window", F, "    if (found_ && lines_ == nullptr && batch_ == nullptr) return true;\n", "",
    speed="the scan of a reading goes on to its end and says the same")
row("hosts_that_are_addresses", F, "      return check_path(hash, probe.end);", "      return;")
row("e_mail_lane_off", F, "if (has(kEmails)) {", "if (has(kUrls)) {")
row("high_lane_off", F, "[&](std::size_t high, std::size_t) { high_run_at(high); });", "[&](std::size_t high, std::size_t) { high_done_ = high; });")
row("colons_of_addresses_within_others", F, "if (has(kAddresses6 | kAddresses4 | kDigests))", "if (has(kAddresses6 | kDigests))")
row("colons_of_digests", F, "if (has(kAddresses6 | kAddresses4 | kDigests))", "if (has(kAddresses6 | kAddresses4))")
row("runs_of_wallets", F, "if (has(kDigests | kWallets))", "if (has(kDigests))")
row("escape_not_told", F, "lines_->has_escape = true;", "lines_->has_escape = false;")
row("regions_left", F, "    scan_regions();\n    read_kept_lines();\n", "    read_kept_lines();\n")
row("kept_lines_left", F, "    scan_regions();\n    read_kept_lines();\n", "    scan_regions();\n")
row("kept_lines_of_regions_left", F, "    scan_regions();\n    read_kept_lines();\n", "    read_kept_lines();\n    scan_regions();\n")
row("plain_finds_not_told", F, "      if ((kinds & kFull) != 0) flag(probe.begin);\n      return;", "      return;")
row("batch_loses_its_last", F, "for (; i < pending_count_; ++i) {", "for (; i + 1 < pending_count_; ++i) {")
row("batch_loses_what_is_no_eight", F, "for (; i < pending_count_; ++i) {", "for (; i + 8 < pending_count_; ++i) {")
row("first_of_eight_probes_alone", F, "known != 0; known &= known - 1)", "known != 0; known = 0)")
row("eighth_probe_of_each_batch", F, "return number_of(_mm512_test_epi64_mask(all, set(1)));", "return number_of(_mm512_test_epi64_mask(all, set(1))) & 0x7F;")
row("eight_probes_of_the_first", F, "_mm512_load_si512(&pending_hashes_[first]);", "_mm512_load_si512(&pending_hashes_[0]);")
row("eight_probes_second_place_of_seven", F, "_mm512_mask_mov_epi64(step, is_seven, set(0))", "step")
row("eight_probes_second_place", F, "_mm512_add_epi64(_mm512_add_epi64(word, set(1)),", "_mm512_add_epi64(_mm512_add_epi64(word, set(2)),")
row("eight_probes_by_another_bit", F, "turned(two, 28), turned(two, 22)", "turned(two, 28), turned(two, 21)")
row("eight_probes_by_any_bit", F, "turned(one, 46), turned(one, 40), 0x80)", "turned(one, 46), turned(one, 40), 0xFE)",
    speed="what the filter lets pass the entries are asked for")
row("last_name_of_a_window", F, "for (std::size_t i = 0; i < name_count_; ++i)", "for (std::size_t i = 0; i + 1 < name_count_; ++i)")
row("first_names_of_a_window", F, "    name_count_ = 0;\n", "    name_count_ = std::min<std::size_t>(name_count_, 1);\n",
    speed="a name is looked at once more")

# --- what all lanes share ---------------------------------------------------------------------

F = "sieve_scan.inl"

row("flags_out_of_order", F, "(at >= flagged_from_ && at < flagged_until_)", "at < flagged_until_")
row("flagged_one_line_further", F, "lf == kNone ? text_.size() : lf;", "lf == kNone ? text_.size() : lf + 2;")
row("flagged_each_time", F, "if (lines_ == nullptr || (at >= flagged_from_ && at < flagged_until_)) return;",
    "if (lines_ == nullptr) return;", speed="a line that comes twice is scanned once all the same")
row("entry_at_a_bucket_s_end", F, "for (Bits i = parts_.buckets[bucket]; i < end; ++i)", "for (Bits i = parts_.buckets[bucket]; i + 1 < end; ++i)")
row("names_of_150_bytes", F, "kMaxName = 1024;", "kMaxName = 30;")
row("address_of_a_reverse_name_by_number_only", F, "if (in_ranges(address) || look_up(", "if (look_up(")
row("word_by_its_head_folded", F, "return (load8(p) | kFold) & ", "return load8(p) & ")
row("last_word_by_its_head_folded", F, "return load_head(p, n) | fold_mask(n);", "return load_head(p, n);")
row("last_word_read_further", F, "if (text_.size() - begin < 8) return", "if (text_.size() - begin < 7) return")
row("things_of_a_line_flagged_before", F, "    if (lines_ != nullptr) lines_->things.push_back(static_cast<std::uint32_t>(at));\n    flag(at);",
    "    if (lines_ != nullptr && (at < flagged_from_ || at >= flagged_until_))\n      lines_->things.push_back(static_cast<std::uint32_t>(at));\n    flag(at);")
row("find_of_a_part", F, "if (batch_ != nullptr) batch_->part_at(at).found = true;\n", "")
row("probe_not_counted", F, "pending_count_ += wanted ? 1 : 0;\n    if (pending_count_ == kBatch) drain();", "pending_count_ += wanted ? 1 : 0;\n    if (pending_count_ == kBatch) pending_count_ = 0;")

# --- addresses --------------------------------------------------------------------------------

F = "sieve_address.inl"
row("range_begins_later", F, "ranges[middle * 2] <= address", "ranges[middle * 2] < address")
row("range_ends_sooner", F, "address <= ranges[(low - 1) * 2 + 1]", "address < ranges[(low - 1) * 2 + 1]")
row("network_bits_one_off", F, "(0xFF << (8 - bits)) & 0xFF", "(0xFF << (9 - bits)) & 0xFF")
row("first_group_of_three", F, "first - 1 > 2 ||", "first - 1 > 1 ||")
row("last_group_of_three", F, "fourth - 1 > 2)", "fourth - 1 > 1)")
row("second_group_of_three", F, "if (second < 1 || second > 3) continue;", "if (second < 1 || second > 2) continue;")
row("second_group_of_one", F, "if (second < 1 || second > 3) continue;", "if (second < 2 || second > 3) continue;")
row("third_group_of_one", F, "if (between < 1 || between > 3) continue;", "if (between < 2 || between > 3) continue;")
row("first_group_of_one", F, "first - 1 > 2 ||", "first - 2 > 1 ||")
row("last_group_of_one", F, "fourth - 1 > 2)", "fourth - 2 > 1)")
row("first_group_of_four", F, "if (shape == 0xFF || first - 1 > 2 ||", "if (shape == 0xFF || (first > 3 && first != 4) ||",
    speed="some other address is looked for where four digits stand")
row("last_dot_seven_bytes_on", F, "kDotShapes[dots & 0xFF];", "kDotShapes[dots & 0x7F];")
row("shape_of_groups_exchanged", F, "(second - 1) * 3 + between - 1)", "(between - 1) * 3 + second - 1)")
row("shape_with_another_last_dot", F, "static_cast<std::uint8_t>(second + 1 + between)};", "static_cast<std::uint8_t>(second + between)};")
row("groups_first_and_last_exchanged", F, "lengths{n / 3 % 3 + 1, n / 27 + 1, n / 9 % 3 + 1, n % 3 + 1};", "lengths{n % 3 + 1, n / 27 + 1, n / 9 % 3 + 1, n / 3 % 3 + 1};")
row("groups_one_digit_less", F, "place < 3 && 3 - place <= lengths[group];", "place < 3 && 3 - place < lengths[group];")
row("groups_one_digit_more", F, "place < 3 && 3 - place <= lengths[group];", "place < 3;")
row("groups_of_one_place_further", F, "if (group > 0) end += 1 + lengths[group];", "if (group > 0) end += lengths[group];")
row("groups_fold_below_nothing", F, "_mm_subs_epu8(_mm_shuffle_epi8", "_mm_sub_epi8(_mm_shuffle_epi8")
row("groups_without_hundreds", F, "_mm_set1_epi32(0x00010A64)", "_mm_set1_epi32(0x00010A00)")
row("groups_without_tens", F, "_mm_set1_epi32(0x00010A64)", "_mm_set1_epi32(0x00010064)")
row("groups_in_another_order", F, "_mm_cvtsi32_si128(0x0004080C)", "_mm_cvtsi32_si128(0x00040C08)")
row("address_begins_in_the_line_before", F, "return address4(address, dot - first,", "return address4(address, dot - 4,")
row("address_ends_within_itself", F, "dot + 2 + third + fourth);", "dot + 1 + third + fourth);")
row("group_of_255", F, "_mm_cmpgt_epi32(groups, _mm_set1_epi32(255))", "_mm_cmpgt_epi32(groups, _mm_set1_epi32(254))")
row("group_over_255", F, "_mm_cmpgt_epi32(groups, _mm_set1_epi32(255))", "_mm_cmpgt_epi32(groups, _mm_set1_epi32(999))",
    speed="some other address is looked for where a group is none")
row("address_reads_behind_the_text", F, "text_.size() - dot >= 12) {", "text_.size() - dot >= 11) {")
row("address_near_the_text_s_end_by_bytes", F, "text_.size() - dot >= 12) {", "text_.size() - dot >= 20) {",
    speed="both ways give the same")
row("address_never_at_the_text_s_end", F, "  std::size_t begin = dot;\n  while (begin > 0 && dot - begin < 4", "  if (text_.size() - dot < 12) return;\n  std::size_t begin = dot;\n  while (begin > 0 && dot - begin < 4")
row("reads_before_the_text", F, "if (dot >= 4 &&", "if (dot >= 3 &&")
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
row("digits_of_the_block_behind", F, "right_of(mask(ByteClass::kDigit, b), mask(ByteClass::kDigit, b + 1), off)", "right_of(mask(ByteClass::kDigit, b), 0, off)")
row("dots_of_the_block_behind", F, "right_of(mask(ByteClass::kDot, b), mask(ByteClass::kDot, b + 1), off)", "right_of(mask(ByteClass::kDot, b), ~Bits{0}, off)")
row("third_group_of_three", F, "if (between < 1 || between > 3) continue;", "if (between < 1 || between > 2) continue;")
row("upper_bits_of_an_address", F, "probe_if((parts_.uppers[upper / 64] >> (upper % 64) & 1) != 0,", "probe_if((parts_.nets[upper / 64] >> (upper % 64) & 1) != 0,")
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
row("local_part_with_plus", F, "behind_last<NoLocalByte>(text_", "behind_last<NoNameByte>(text_")
row("local_part_of_64", F, "std::min<std::size_t>(sign, 256)", "std::min<std::size_t>(sign, 10)")
row("mail_host_of_many_bytes", F, "sign + 600", "sign + 12")
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
row("scheme_in_disguise", F, "  if (may_be_defanged_scheme(text_, colon)) rows_[kEscapes][b] |= Bits{1} << (colon % 64);\n", "")
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
row("uri_with_fragment", F, "odd = odd || c == '%' || c == '#' ||", "odd = odd || c == '%' ||")
row("uri_with_dot_segments", F, "    folds = folds || (c == '/' && at(end + 1) == '.');\n", "")
row("uri_before_an_escaped_quote", F, "if (end - slash > 1 && text_[end - 1] == '\\\\') {", "if (false) {")
row("uri_of_many_bytes", F, "end - slash > 8192", "end - slash > 12")
row("uri_query", F, 'url->query ? url->path + "?" + *url->query : url->path', "url->path")
row("plain_host_before_a_sign", F, "  if (c != '/' && c != '?' && c != '#' && !ends_url(c)) return false;\n", "")
row("plain_host_with_a_hyphen_first", F, "if (own == 0 || is_trimmed(text_[begin])) return false;", "if (own == 0) return false;")
row("plain_host_that_is_a_number", F, "return last + 1 < n && is_alpha(text_[begin + last + 1]);", "return last + 1 < n;")
row("plain_host_without_a_dot", F, "if (own == 0 || is_trimmed(text_[begin])) return false;\n  const auto last = static_cast<unsigned>(63 - std::countl_zero(own));",
    "if (is_trimmed(text_[begin])) return false;\n  if (own == 0) return true;\n  const auto last = static_cast<unsigned>(63 - std::countl_zero(own));")
row("odd_uri_of_dots", F, "if (!folds && !may_be_odd_uri(slash, end)) return;", "if (!may_be_odd_uri(slash, end)) return;")
row("odd_uri_with_escaped_dots", F, "    if (starts_with_ignore_case(target.substr(i + 1), \"2e\")) return true;\n", "    ;\n")
row("odd_uri_with_early_escapes", F, "if (c == '%' || c == '#' || is_non_ascii(c)) return true;", "if (c == '#' || is_non_ascii(c)) return true;")
row("odd_uri_beyond_ascii", F, "if (c == '%' || c == '#' || is_non_ascii(c)) return true;", "if (c == '%' || c == '#') return true;")
row("odd_uri_by_its_head", F, "return is_known_word(begin, 8, 0);", "return false;")
row("uri_odd_by_masks", F, "    odd |= (odds & inside) != 0;\n", "")
row("uri_folds_by_masks", F, "    folds |= (dots & inside) != 0;\n", "")
row("uri_odd_dot_in_next_block", F, "after(mask(ByteClass::kDot, b), mask(ByteClass::kDot, b + 1), 1);", "after(mask(ByteClass::kDot, b), 0, 1);")
row("uri_behind_the_window", F, "  while (end < text_.size() && !is_border(text_[end])) {\n    const char c", "  while (false) {\n    const char c")

# --- words ------------------------------------------------------------------------------------

F = "sieve_word.inl"
row("pair_of_words", F, "      if ((look_up(pair) & kFull) != 0) flag_thing(probe.begin);\n", "")
row("pairs_are_no_things", F, "      if ((look_up(pair) & kFull) != 0) flag_thing(probe.begin);\n", "      if ((look_up(pair) & kFull) != 0) flag(probe.begin);\n")
row("pair_of_any_word", F, "  if ((kinds & kLonger) == 0) return;\n", "  if ((kinds & kLonger) != 0) return;\n")
row("word_alone", F, "  if ((kinds & kFull) != 0) return flag_thing(probe.begin);\n", "")
row("words_are_no_things", F, "  if ((kinds & kFull) != 0) return flag_thing(probe.begin);\n", "  if ((kinds & kFull) != 0) return flag(probe.begin);\n")
row("pair_over_blanks", F, "probe.begin - end < 2048", "probe.begin - end < 2")
row("pair_over_line_ends", F, "           text_[end - 1] != '\\n' && probe", "           probe",
    speed="words of two lines are looked for as a pair, and the rules find none")
row("pair_with_a_long_word", F, "end - begin <= 1100", "end - begin <= 4")
row("pair_trimmed_at_its_begin", F, "    while (!word.empty() && is_trimmed(word.front())) word.remove_prefix(1);\n", "")
row("pair_trimmed", F, "    while (!word.empty() && is_trimmed(word.back())) word.remove_suffix(1);\n", "")
row("pair_over_trimmed_words", F, "    end = begin;\n", "    return;\n")
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
row("eight_words_and_no_more", F, "for (std::size_t first = 0; first < count; first += 8) {", "for (std::size_t first = 0; first < std::min<std::size_t>(count, 8); first += 8) {")
row("eight_words_placed_and_no_more", F, "for (std::size_t first = 0; first < count; first += 8)\n", "for (std::size_t first = 0; first < std::min<std::size_t>(count, 8); first += 8)\n")
row("eight_words_of_whole_rounds", F, "for (std::size_t first = 0; first < count; first += 8) {", "for (std::size_t first = 0; first + 8 <= count; first += 8) {")
row("eight_words_last_of_a_round", F, "known &= (1u << (count - first)) - 1;", "known &= (1u << (count - first - 1)) - 1;")
row("eight_words_first_known_alone", F, "for (; known != 0; known &= known - 1) {", "for (; known != 0; known = 0) {")
row("eight_words_slow_ones_left", F, "known_eight_words(first) | slow_words_[first / 8];", "known_eight_words(first);")
row("eight_words_slow_ones_as_plain", F, "if ((slow_words_[first / 8] >> i & 1) != 0) {", "if (false) {")
row("eight_words_slow_ones_of_the_first_round", F, "slow_words_[first / 8] = static_cast", "slow_words_[first / 16] = static_cast")
row("eight_words_of_another_block", F, "word_ends_at(to, kFront + (to - window_at_) / 64);", "word_ends_at(to, kFront + (to - window_at_) / 64 + 1);")
row("eight_words_with_another_length", F, "const std::size_t to = from + ends_[first + i];", "const std::size_t to = from + ends_[first];")
row("eight_words_by_the_first_s_places", F, "parts_.words[places_[first + i]]", "parts_.words[places_[i]]")
row("eight_words_by_the_first_s_hashes", F, "_mm512_load_si512(&hashes_[first]);", "_mm512_load_si512(&hashes_[0]);")
row("eight_words_kept_whole", F, "set(64), _mm512_slli_epi64(_mm512_min_epu64(n, eight), 3)", "set(64), _mm512_slli_epi64(eight, 3)")
row("odd_words_of_another_block", F, "kFront + (at - kPlaceBias) / 64);", "kFront + (at - kPlaceBias) / 64 + 1);")
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
row("eight_words_by_other_bits", F, "turned(parts_.word_shift - 12)", "turned(parts_.word_shift - 13)")
row("eight_words_by_other_first_bits", F, "turned(parts_.word_shift - 6)", "turned(parts_.word_shift - 5)")
row("eight_words_with_a_hyphen_at_the_begin", F, " |\n                                         _mm512_cmpeq_epi64_mask(low, set('-'))));", "));")
row("eight_words_gathered", F, "_mm512_sub_epi64(begin, set(kPlaceBias)), origin, 1);", "begin, origin, 1);")
row("eight_words_near_the_end_left", F, "auto slow = static_cast<__mmask8>(active & ~whole);", "auto slow = static_cast<__mmask8>(0);")
row("list_of_trimmed_ends_before_the_window", F, "Bits trimmed_last = mask(ByteClass::kDot, kFront - 1) | mask(ByteClass::kDash, kFront - 1);", "Bits trimmed_last = 0;")
row("list_of_high_bytes_before_the_window", F, "high_last = mask(ByteClass::kHigh, kFront - 1);", "high_last = 0;")
row("list_of_high_bytes_before", F, "    high_last = high;\n", "    high_last = 0;\n")
row("list_of_begins_without_the_open_one", F, "  if (last >> 63 != 0) begins_[begun++] = static_cast<std::uint16_t>(open_word_);\n", "")
row("list_whose_open_word_is_lost", F, "  if (begun > ended) open_word_ = begins_[begun - 1];\n", "",
    speed="a word whose begin is lost counts as a long one, which word_ends_at() looks at whole")
row("list_whose_open_word_stays", F, "  open_word_ -= std::min(open_word_, blocks_ * 64);\n", "",
    speed="the word's length is below nothing then, and counts as a long one")
row("list_of_letters", F, "_mm256_or_si256(_mm256_maskz_set1_epi8(lettered, kHasLetter),\n", "_mm256_or_si256(_mm256_setzero_si256(),\n")
row("list_of_odd_words", F, "_mm256_maskz_set1_epi8(oddly, kOddWord)", "_mm256_setzero_si256()")
row("list_of_words_without_letters", F, "if (!parts_.words_without_letters)\n      wanted", "if (true)\n      wanted")
row("list_of_longer_words", F, "_mm512_mask_cmpge_epu16_mask(known, length, least)", "_mm512_mask_cmpgt_epu16_mask(known, length, least)")
row("list_of_32_words_less_one", F, "all - i >= 32 ? ~__mmask32{0} : ", "all - i >= 32 ? ~__mmask32{0} >> 1 : ")
row("list_of_full_rounds_of_32", F, "for (std::size_t i = 0; i < all; i += 32) {", "for (std::size_t i = 0; i + 32 <= all; i += 32) {")
row("list_of_the_first_odd_words", F, "for (; odd != 0; odd &= odd - 1) {", "for (; odd != 0; odd = 0) {")
row("list_of_plain_words_not_kept", F, "    kept += static_cast<std::size_t>(std::popcount(plain));\n", "    kept = static_cast<std::size_t>(std::popcount(plain));\n")
row("list_of_places_in_half_a_block", F, "_mm512_cvtepu8_epi16(_mm512_castsi512_si256(places))", "_mm512_and_si512(_mm512_cvtepu8_epi16(_mm512_castsi512_si256(places)), _mm512_set1_epi16(31))")

# --- quoted strings ----------------------------------------------------------------------------

F = "sieve_quote.inl"
row("quotes_of_the_window_before", F, "    return last;\n", "    return kNone;\n")
row("quotes_for_the_window_behind", F, "  last = before_bit(kFront + blocks_ - 1, ~Bits{0});\n", "")
row("quotes_of_the_block_before", F, "for (b = nearest; b >= kFront; --b, below = ~Bits{0}) {", "for (b = nearest; b >= kFront; --b, below = 0) {")
row("quotes_of_the_nearest_block_below", F, "below |= Bits{0} - (nearest != b ? 1 : 0);", "")
row("quotes_pass_over_the_block_before", F, "- ((own | events(b - 1)) == 0 ? 1 : 0);", "- (own == 0 ? 1 : 0);")
row("quotes_keep_over_lines", F, "return mask(quote, b) | mask(ByteClass::kLf, b); };", "return mask(quote, b); };",
    speed="a string over a line end is looked at, and is no agent")
row("agent_as_short_as_the_shortest", F, "n >= parts_.least_agent", "n > parts_.least_agent")
row("agent_of_many_bytes", F, "n <= kMostAgent", "n <= 24")
row("agent_before_an_escaped_quote", F, "if (end != quote || end == begin || text_[end - 1] != '\\\\') break;", "break;")
row("quotes_of_a_line_long_gone", F, "    if (blocks_with(row_of(ByteClass::kLf)) != 0) last = kNone;\n", "",
    speed="a string over a line end is looked at, and is no agent")
row("agent_in_the_map_of_words", F, "if (is_known_word(begin, n))", "if (is_known_word(begin, n - 1, n))")

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
row("dns_root", F, "(ends_prefixed_name(i) ? bit_of(ViewKind::kDns) : 0) |\n", "\n")
row("marks_are_no_kind", F, "(is_defang_mark(i) ? bit_of(ViewKind::kDefang) : 0);", "0u;")
row("references_are_no_kind", F, "return is_reference(i) ? bit_of(ViewKind::kHtml) : 0;", "return 0;")
row("backslashes_that_are_no_escapes", F, "return has(kBackslashes) || is_escape(i) ?", "return is_escape(i) ?",
    speed="is_escape() says no only where no decoder takes the backslash for one; not to have to ask is the gain")
row("equals_escapes_are_no_kind", F, "return is_equals_escape(i, b) ? bit_of(ViewKind::kQp) : 0;", "return 0;")
row("soft_breaks_of_the_block_before", F, "(row(kSoftBreaks, b) >> (i % 64) & 1) != 0;", "(row(kSoftBreaks, b - 1) >> (i % 64) & 1) != 0;")
row("marks_in_a_full_list", F, "    if (unjudged_count_ == unjudged_.size()) judge_marks();\n", "    if (unjudged_count_ == unjudged_.size()) unjudged_count_ = 0;\n")
row("marks_judged_again", F, "unjudged_[k].kinds == kUnjudged ? kinds_at(i) : unjudged_[k].kinds;", "kinds_at(i);")
row("soft_breaks_not_told", F, "    lines_->soft_breaks.push_back(static_cast<std::uint32_t>(i));\n", "    ;\n")
row("dns_label_of_63", F, "std::min<std::size_t>(open, 64)", "std::min<std::size_t>(open, 63)")
row("dns_two_digits", F, "    if (is_digit(text_[close - 2]))\n      value += 10 * static_cast<std::size_t>(text_[close - 2] - '0');\n", "")
row("dns_name_at_the_begin", F, "constexpr std::size_t kLeast = 4;", "constexpr std::size_t kLeast = 5;",
    speed="a name of one letter is a word of the line itself, and looked at there")
row("dns_brackets_before_the_last", F, "(end = behind_last<ClosingBracket>(text_, first, end)) > first; --end) {", "(end = behind_last<ClosingBracket>(text_, first, end)) > first; end = first) {")
row("escape_is_json", F, "return bit_of(ViewKind::kJson) | bit_of(ViewKind::kEscape);", "return bit_of(ViewKind::kEscape);",
    speed="add_readings() reads every text with a backslash as JSON")
row("escape_is_no_json", F, "return bit_of(ViewKind::kJson) | bit_of(ViewKind::kEscape);", "return bit_of(ViewKind::kJson);")
row("escaped_dot_is_json", F, "return bit_of(ViewKind::kJson) | bit_of(ViewKind::kDefang);", "return bit_of(ViewKind::kDefang);",
    speed="add_readings() reads every text with a backslash as JSON")
row("escaped_dot_is_no_json", F, "return bit_of(ViewKind::kJson) | bit_of(ViewKind::kDefang);", "return bit_of(ViewKind::kJson);")
row("other_escapes_are_json", F, "    default:\n      return bit_of(ViewKind::kJson);", "    default:\n      return 0;")
row("percent_is_percent", F, "    case '%':\n      return bit_of(ViewKind::kPercent);", "    case '%':\n      return bit_of(ViewKind::kHtml);")
row("backslashes_of_readings_are_json", F, "    line.kinds[i] |= bit_of(ViewKind::kJson);\n", "    ;\n")
row("kinds_of_a_reading", F, "      line.kinds[part.view] |= part.kinds;\n", "")
row("word_dot_in_brackets", F, 'return begins("dot") && closes(4);', "return false;")
row("word_at_in_brackets", F, 'return begins("at") && closes(3);', "return false;")
row("scheme_in_brackets", F, 'return begins("http");', "return false;")
row("readings_four_deep", F, "views[i].chain.size() >= kMaxViewDepth", "views[i].chain.size() + 1 >= kMaxViewDepth")
row("readings_too_many", F, "if (line.count >= kMaxViewsOfLine) line.found = true;", "if (line.count >= kMaxViewsOfLine) return;")

row("places_of_the_line_before", F, "    lines_->places.clear();\n", "")
row("places_in_the_text", F, "static_cast<std::uint32_t>(at - reading_begin_));", "static_cast<std::uint32_t>(at));")
row("places_one_each", F, "      lines_->places.size() < kMostPlacesOfLine)\n", "      lines_->places.empty())\n")
row("places_of_a_line_too_many", F, "  if (lines_->places.size() == kMostPlacesOfLine) return false;\n", "")
row("kinds_of_the_line_before", F, "    kinds_ = 0;\n", "", speed="a line is read through more than its escapes could be")
row("percents_of_lines_with_others", F, "bool is_told = (kinds_ & ~(kPercent | kJson)) == 0;", "bool is_told = (kinds_ & kPercent) != 0 || (kinds_ & ~kJson) == 0;")
row("percents_of_lines_with_strings", F, "if (is_told && (kinds_ & kPercent) != 0) {", "if (is_told && kinds_ == kPercent) {")
row("strings_of_lines_with_others", F, "bool is_told = (kinds_ & ~(kPercent | kJson)) == 0;", "bool is_told = (kinds_ & kJson) != 0 || (kinds_ & ~kPercent) == 0;")
row("strings_of_lines_with_percents", F, "if (is_told && (kinds_ & kJson) != 0) {", "if (is_told && kinds_ == kJson) {")
row("strings_that_are_refused", F, "is_told = read_strings();", "read_strings();")
row("strings_never_alone", F, "is_told = read_strings();", "is_told = false;", speed="lines are read whole")
row("strings_are_percents", F, "    keep_regions(ViewKind::kJson);", "    keep_regions(ViewKind::kPercent);",
    speed="where something follows the line is read whole, and through JSON for its backslashes")
row("percents_are_strings", F, "    keep_regions(ViewKind::kPercent);", "    keep_regions(ViewKind::kJson);")
row("strings_without_quotes", F, "{lines_->places.data(), lines_->places.size()}, has(kAgents),", "{lines_->places.data(), lines_->places.size()}, false,")
row("strings_of_the_first_place", F, "{lines_->places.data(), lines_->places.size()}", "{lines_->places.data(), 1}")
row("percents_without_quotes", F, "has(kAgents), lines_->regions.text);", "false, lines_->regions.text);")
row("percents_that_are_refused", F, "is_told = read_percents();", "read_percents();")
row("percents_of_the_next_line", F, "{batch.text.size(), reading_begin_, static_cast", "{batch.text.size(), reading_end_ + 1, static_cast")
row("regions_without_text", F, "  if (batch.text.size() == (batch.parts.empty() ? 0 : batch.parts.back().end)) return;\n", "",
    speed="a part without text holds no place")
row("regions_of_the_lines_before", F, "    begin = part.end;\n", "",
    speed="what stands before a line's regions is read with them; what reading JSON can lead to depends on no other string")
row("strings_that_hold_other_escapes", F, "bit_of(ViewKind::kJson) | part.kinds);", "bit_of(ViewKind::kJson));")
row("strings_that_hold_strings", F, "bit_of(ViewKind::kJson) | part.kinds);", "part.kinds & ~bit_of(ViewKind::kJson));")
row("strings_of_no_chain", F, "      line.views[0].chain.push_back(ViewKind::kJson);\n", "",
    speed="one reading more is made than the rules make")
row("strings_of_a_chain_too_long", F, "      line.views[0].chain.push_back(ViewKind::kJson);\n", "      line.views[0].chain.assign(2, ViewKind::kJson);\n")
row("kept_line_with_another_s_chain", F, "  line.views[0].chain.clear();\n", "")
row("percents_not_flagged", F, "      flag(part.line);\n", "")
row("percents_behind_a_find", F, "      flag(part.line);\n      continue;", "      flag(part.line);\n      break;")
row("percents_of_percents", F, "    if (part.kinds == 0) continue;\n", "    if (part.kinds == 0 || part.view == static_cast<std::size_t>(ViewKind::kPercent)) continue;\n")
row("strings_of_strings", F, "    if (part.kinds == 0) continue;\n", "    if (part.kinds == 0 || part.view == static_cast<std::size_t>(ViewKind::kJson)) continue;\n")
row("percents_kept_as_what_they_hold", F, "                bit_of(ViewKind::kPercent));", "                part.kinds);")
row("percents_kept_without_their_end", F, "const std::size_t end = std::min(text_.find('\\n', part.line), text_.size());", "const std::size_t end = std::min(text_.find('%', part.line) + 3, text_.size());")
row("percents_parts_stay", F, "  batch.parts.clear();\n}", "}")
row("percents_text_stays", F, "  batch.text.clear();\n  batch.parts.clear();\n}", "  batch.parts.clear();\n}",
    speed="what was scanned before is scanned once more, as part of the first line")
row("regions_one_line_at_a_time", F, "if (batch.text.size() >= kEnough) scan_regions();", "scan_regions();",
    speed="how many are scanned together changes no answer")
row("kept_lines_one_at_a_time", F, "if (kept_bytes_ >= kEnough) read_kept_lines();", "read_kept_lines();",
    speed="how many are read together changes no answer")
row("kept_line_with_another_s_readings", F, "  line.count = 1;\n  if (line", "  if (line")
row("kept_line_without_its_kinds", F, "  line.kinds.assign(1, kinds);\n", "  line.kinds.resize(1);\n")
row("kept_line_with_another_s_find", F, "  line.found = line.names_host = false;\n", "  line.names_host = false;\n",
    speed="a line is flagged for what another one in its place held")
row("kept_lines_not_flagged", F, "      flag(line.begin);\n", "")
row("kept_lines_stay", F, "  kept_count_ = kept_bytes_ = 0;\n", "  kept_bytes_ = 0;\n", speed="lines are read again")
row("readings_of_readings", F, "    level.swap(batch.parts);\n", "")
row("readings_found_nothing", F, "      if (part.found) lines[part.line].found = true;\n", "")
row("readings_of_one_level_less", F, "for (std::size_t depth = 0; depth < kMaxViewDepth; ++depth) {", "for (std::size_t depth = 0; depth + 1 < kMaxViewDepth; ++depth) {")
row("readings_that_may_not_follow", F, "        !ExactPass::may_follow(line.views[i].chain, kind))", "        false)",
    speed="what the rules do not read again is read, and found by nobody")
row("readings_known_by_text_alone", F, "return other.text == child.text &&\n             std::is_permutation(other.chain.begin(), other.chain.end(), child.chain.begin(),\n                                 child.chain.end());",
    "return other.text == child.text;")
row("readings_without_their_parent_s_kinds", F, "unsigned kinds = line.kinds[i];", "unsigned kinds = 0;")
row("readings_that_turn_quoted_printable", F, "    if (is_quoted_printable(child.text)) kinds |= bit_of(ViewKind::kQp);\n", "")
row("readings_that_turn_names_of_the_dns_log", F, "    if (child.text.find(\"(0)\") != std::string::npos) kinds |= bit_of(ViewKind::kDns);\n", "")
row("joined_text_that_is_quoted_printable", F, "return batch_ == nullptr && is_qp(i) ? bit_of(ViewKind::kQp) : 0;", "return 0;",
    speed="only lines that soft breaks join are asked for so, which were read through quoted-printable already, and it follows itself never")
row("json_first_string_for_all", F, "if (run < string_begin_ || run >= string_end_) read_string(run);", "if (string_end_ == 0) read_string(run);")
row("json_next_string_for_all", F, "if (run < string_begin_ || run >= string_end_) read_string(run);", "read_string(run);", speed="each string is read again")
row("json_string_of_the_line_before", F, "string_begin_ = behind_last<StringEnd>(text_, 0, inside);", "string_begin_ = text_.substr(0, inside).rfind('\"') + 1;",
    speed="a string without a quote before it in its own line is none")
row("json_string_that_is_none_and_the_next", F, "string_end_ = first_of<StringEnd>(text_, string_begin_, text_.size());", "string_end_ = text_.size();")
row("json_string_of_one_bad_escape", F, "is_json_ || is_json_twice_; ++end) {", "is_json_ && is_json_twice_; ++end) {",
    speed="more is taken for JSON, and read")
row("json_of_readings", F, "  if (lines_ == nullptr) return true;  // a reading may hold line ends\n", "")
row("json_string_behind_its_quote", F, "string_begin_ > 0 && text_[string_begin_ - 1] == '\"';", "string_begin_ > 1 && text_[string_begin_ - 1] == '\"';")
row("json_odd_escape_twice", F, "if (n % 2 == 1) is_json_ = false;", "is_json_ = false;")
row("json_even_escape_once", F, "if (n % 4 == 2) is_json_twice_ = false;", "if (n % 2 == 0) is_json_twice_ = false;")
row("equals_before_the_block", F, "  for (std::size_t k = b; k >= kFront; --k, part = ~Bits{0}) {", "  for (std::size_t k = b; k >= kFront; --k, part = 0) {",
    speed="is_qp() reads the line")
row("equals_of_query_keys", F, " !has_plain_equals(at, b) &&\n         !is_query_key(text_, at) && is_qp(at);", " !has_plain_equals(at, b) && is_qp(at);",
    speed="is_qp() says no to such a line as well")
row("qp_over_a_border", F, "second = this->at(at + 2);", "second = (at + 2) % 64 < 2 ? 'a' : this->at(at + 2);")
row("bracket_curly", F, " || at(open + i) == '}';", ";")
row("bracket_round", F, "at(open + i) == ']' || at(open + i) == ')'", "at(open + i) == ']'")
row("bracket_in_capitals", F, "switch (to_lower(at(open + 1))) {", "switch (at(open + 1)) {")
row("bracket_words_in_capitals", F, "equals_ignore_case(inner.substr(0, word.size()), word)", "inner.substr(0, word.size()) == word")
row("bracket_round_a_dot", F, "      return closes(2);\n", "      return false;\n")
row("bracket_round_a_colon", F, "return closes(2) || at(open + 2) == '/';", "return at(open + 2) == '/';")
row("bracket_round_colon_and_slashes", F, "return closes(2) || at(open + 2) == '/';", "return closes(2);")
row("scheme_in_disguise_is_a_mark", F, "  if (text_[open] == ':') return true;\n", "")

# --- searches for a kind of byte (sieve_find.inl) -----------------------------------------------

F = "sieve_find.inl"
for letter in "\"\\/bfnrtu":
    quoted = {"\"": "'\"'", "\\": "'\\\\'"}.get(letter, f"'{letter}'")
    other = "'u'" if letter == "t" else "'t'"
    row(f"json_path_of_letters_{letter}", F, "{'\"', '\\\\', '/', 'b', 'f', 'n', 'r', 't', 'u'}",
        "{'\"', '\\\\', '/', 'b', 'f', 'n', 'r', 't', 'u'}".replace(quoted, other, 1),
        speed="such an escape is seen by itself" if letter in "/u" else None)
row("region_parted_by_slashes", F, "if (is_space(c) || c == '\\0' || c == '\"') kinds[i]", "if (is_space(c) || c == '\\0' || c == '\"' || c == '/') kinds[i]")
row("region_parted_by_slashes_wide", F, "equal_to(bytes, ' ') | equal_to(bytes, '\\0') | equal_to(bytes, '\"');", "equal_to(bytes, ' ') | equal_to(bytes, '\\0') | equal_to(bytes, '\"') | equal_to(bytes, '/');")
row("region_parted_by_quotes_never", F, "if (is_space(c) || c == '\\0' || c == '\"') kinds[i]", "if (is_space(c) || c == '\\0') kinds[i]", speed="regions reach further")
row("region_parted_by_control_characters", F, "if (is_space(c) || c == '\\0' || c == '\"') kinds[i]", "if (i <= ' ' || c == '\"') kinds[i]")
row("region_parted_by_quotes_never_wide", F, "equal_to(bytes, ' ') | equal_to(bytes, '\\0') | equal_to(bytes, '\"');", "equal_to(bytes, ' ') | equal_to(bytes, '\\0');", speed="regions reach further")
row("region_parted_by_control_characters_wide", F, "_mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, bytes_of('\\t')), bytes_of(5)) |", "_mm512_cmplt_epu8_mask(bytes, bytes_of(' ')) |")
row("region_word_without_letters_beyond_ascii", F, " || c == '_' || i >= 0x80) kinds[i]", " || c == '_') kinds[i]")
row("region_word_without_letters_beyond_ascii_wide", F, " | equal_to(bytes, '_') | _mm512_movepi8_mask(bytes);", " | equal_to(bytes, '_');")
row("region_word_without_underscores", F, " || c == '_' || i >= 0x80) kinds[i]", " || i >= 0x80) kinds[i]")
row("region_word_without_underscores_wide", F, " | equal_to(bytes, '_') | _mm512_movepi8_mask(bytes);", " | _mm512_movepi8_mask(bytes);")
row("region_word_of_dots", F, "if ((kinds[i] & kOfWord) != 0 && c != '.' && c != '-') kinds[i]", "if ((kinds[i] & kOfWord) != 0) kinds[i]")
row("region_word_of_dots_wide", F, "struct SolidByte {\n  static bool is(char c) { return (kind_of(c) & kSolid) != 0; }\n#if defined(SPOOR_SIEVE_AVX512)\n  static Bits among(__m512i bytes) {\n    return solid_bytes(bytes);",
    "struct SolidByte {\n  static bool is(char c) { return (kind_of(c) & kSolid) != 0; }\n#if defined(SPOOR_SIEVE_AVX512)\n  static Bits among(__m512i bytes) {\n    return solid_bytes(bytes) | equal_to(bytes, '.') | equal_to(bytes, '-');")
row("region_word_without_dots_wide", F, "~(solid_bytes(bytes) | equal_to(bytes, '.') | equal_to(bytes, '-'));", "~(solid_bytes(bytes) | equal_to(bytes, '-'));")
row("region_word_without_hyphens_wide", F, "~(solid_bytes(bytes) | equal_to(bytes, '.') | equal_to(bytes, '-'));", "~(solid_bytes(bytes) | equal_to(bytes, '.'));")
row("region_word_without_z_wide", F, "_mm512_sub_epi8(lower, bytes_of('a')), bytes_of(26))", "_mm512_sub_epi8(lower, bytes_of('a')), bytes_of(25))")
row("region_word_without_a_wide", F, "_mm512_sub_epi8(lower, bytes_of('a')), bytes_of(26))", "_mm512_sub_epi8(lower, bytes_of('b')), bytes_of(25))")
row("region_word_without_9_wide", F, "_mm512_sub_epi8(bytes, bytes_of('0')), bytes_of(10))", "_mm512_sub_epi8(bytes, bytes_of('0')), bytes_of(9))")
row("region_word_without_0_wide", F, "_mm512_sub_epi8(bytes, bytes_of('0')), bytes_of(10))", "_mm512_sub_epi8(bytes, bytes_of('1')), bytes_of(9))")
row("region_word_without_capitals_wide", F, "const __m512i lower = _mm512_or_si512(bytes, bytes_of(0x20));", "const __m512i lower = bytes;")
row("json_string_over_its_line_s_end", F, "static bool is(char c) { return c == '\"' || c == '\\n'; }", "static bool is(char c) { return c == '\"'; }")
row("json_string_over_its_line_s_end_wide", F, "return equal_to(bytes, '\"') | equal_to(bytes, '\\n');", "return equal_to(bytes, '\"');")
row("json_escape_behind_a_look_wide", F, "_mm512_maskz_loadu_epi8(held(from + 1, text.size()), text.data() + from + 1);", "_mm512_maskz_loadu_epi8(held(from + 1, std::min(text.size(), from + 64)), text.data() + from + 1);")
row("json_escape_beyond_ascii_wide", F, "bytes_of(kJsonEscape)) |\n        _mm512_movepi8_mask(next);", "bytes_of(kJsonEscape));",
    speed="more is taken for JSON, and read")
row("search_passes_over_a_64th_byte", F, "_bzhi_u64(~Bits{0}, static_cast<unsigned>(std::min<std::size_t>(to - from, 64)));\n    const Bits found = Kind::among(_mm512_maskz_loadu_epi8(held, text.data() + from)) & held;",
    "_bzhi_u64(~Bits{0}, static_cast<unsigned>(std::min<std::size_t>(to - from, 63)));\n    const Bits found = Kind::among(_mm512_maskz_loadu_epi8(held, text.data() + from)) & held;")
row("search_ends_with_64_bytes", F, "  for (; from < to; from += 64) {\n    const __mmask64 held =", "  for (; from < to; to = std::min(to, from + 64), from += 64) {\n    const __mmask64 held =")
row("search_finds_what_lies_behind", F, "_mm512_maskz_loadu_epi8(held, text.data() + from)) & held;", "_mm512_maskz_loadu_epi8(held, text.data() + from));",
    speed="of what lies behind, the first byte stands where the search ends anyway")
row("search_back_one_byte_off", F, "return to - n + 64 - static_cast<std::size_t>(std::countl_zero(found));", "return to - n + 63 - static_cast<std::size_t>(std::countl_zero(found));")
row("search_back_one_byte_less", F, "return to - n + 64 - static_cast<std::size_t>(std::countl_zero(found));", "return std::min(to, to - n + 65 - static_cast<std::size_t>(std::countl_zero(found)));")
row("search_back_to_the_first", F, "64 - static_cast<std::size_t>(std::countl_zero(found));", "1 + static_cast<std::size_t>(std::countr_zero(found));")
row("search_back_ends_with_64_bytes", F, "    to -= n;\n", "    return to - n;\n")
row("search_back_finds_what_lies_before", F, "_mm512_maskz_loadu_epi8(held, text.data() + to - n)) & held;", "_mm512_maskz_loadu_epi8(held, text.data() + to - n));")

# --- what of a reading is looked at (sieve_region.inl) ------------------------------------------

F = "sieve_region.inl"
row("region_from_its_stretch_on", F, "begin <= end_ ? end_ : left_of(begin);", "begin <= end_ ? end_ : begin;")
row("region_as_far_as_its_stretch", F, "end <= token_end_ ? end : right_of(end);", "end;")
row("region_always_widened", F, "end <= token_end_ ? end : right_of(end);", "right_of(end);", speed="the token's end is looked for again")
row("region_of_the_first_token", F, "    at = first_of<SolidByte>(text_, token_end_, text_.size());\n", "    at = first_of<SolidByte>(text_, token_end_, text_.size());\n    token_end_ = text_.size();\n")
row("region_split_at_each_stretch", F, "    if (from > end_) {\n", "    {\n")
row("regions_never_split", F, "    if (from > end_) {\n      finish(put);\n      begin_ = from;\n    }\n", "    begin_ = std::min(begin_, from);\n", speed="from the text's begin on")
row("region_shrinks", F, "end_ = std::max(end_, to);", "end_ = to;")
row("region_last_one_left", F, "    if (begin_ < end_) put(begin_, end_);", "    if (begin_ + 64 < end_) put(begin_, end_);")
row("region_left_of_the_token", F, "    at = behind_last<PartingByte>(text_, end_, at);\n", "")
row("region_word_before", F, "    at = behind_last<NoWordByte>(text_, end_, at - 1);\n", "")
row("region_last_byte_before", F, "    at = behind_last<SolidByte>(text_, end_, at);\n", "")
row("region_byte_before", F, "return at > end_ ? at - 1 : at;", "return at;",
    speed="no rule that reaches from the token to the word before asks what stands before that word; a line end stands in for it")
row("region_right_of_the_token", F, "token_end_ = first_of<PartingByte>(text_, at, text_.size());", "token_end_ = at;")
row("region_word_behind", F, "    at = first_of<NoWordByte>(text_, at, text_.size());\n", "")
row("region_first_byte_behind", F, "    at = first_of<SolidByte>(text_, token_end_, text_.size());\n", "    at = token_end_;\n")
row("region_byte_behind", F, "return std::min(at + 1, text_.size());", "return at;",
    speed="no rule that reaches from the token to the word behind asks what stands behind that word; a line end stands in for it")
row("region_double_quotes", F, "      widen('\"', begin, end, next_double_, from, to);\n", "")
row("region_single_quotes", F, "      widen('\\'', begin, end, next_single_, from, to);\n", "")
row("region_closing_quote_of_the_stretch_before", F, "if (next < end) next =", "if (next == 0) next =")
row("region_quote_that_was_an_escape", F, "if (!is_closed && text_.substr(begin, end - begin).find(quote) == kNone) return;", "if (!is_closed) return;")
row("region_opening_quote", F, "if (open > end_ || end_ > 0) from = std::min(from, open > end_ ? open - 1 : end_);", "")
row("region_opening_quote_in_the_region_before", F, "if (open > end_ || end_ > 0) from =", "if (open > end_) from =")
row("region_opening_quote_itself", F, "open > end_ ? open - 1 : end_);", "open > end_ ? open : end_);")
row("region_closing_quote", F, "    if (is_closed) to = std::max(to, next + 1);\n", "")
row("region_closing_quote_itself", F, "to = std::max(to, next + 1);", "to = std::max(to, next);")
row("region_of_a_text_that_is_new", F, "    out.append(reading.text) += '\\n';\n    return;", "    return;",
    speed="every decoder that changes something tells where")
row("regions_of_a_reading_without_the_last", F, "regions.add(begin, end, put);\n  regions.finish(put);\n", "regions.add(begin, end, put);\n")
row("regions_of_a_reading_without_quotes", F, "Regions regions(reading.text, with_quotes);", "Regions regions(reading.text, false);")
row("regions_of_a_reading_in_one_line", F, "    out.append(reading.text, begin, end - begin) += '\\n';\n", "    out.append(reading.text, begin, end - begin);\n")
row("percent_beside_a_root", F, "  if (line.find(\"(0)\") != kNone) return false;\n  const std::size_t before = out.size();\n  bool is_whole", "  const std::size_t before = out.size();\n  bool is_whole")
row("percent_at_the_line_s_end", F, "i + 2 < line.size() && is_hex", "i + 3 < line.size() && is_hex")
row("percent_and_one_digit_read_on", F, "is_hex(line[i + 1]) && is_hex(line[i + 2]);", "is_hex(line[i + 1]);")
row("percent_double_quote", F, "if (byte == '\"' || byte == '\\'') is_whole", "if (byte == '\\'') is_whole")
row("percent_single_quote", F, "if (byte == '\"' || byte == '\\'') is_whole", "if (byte == '\"') is_whole")
row("percent_that_is_none", F, "        out += line[i++];\n", "        ++i;\n")
row("percent_regions_in_one_line", F, "      }\n    }\n    out += '\\n';\n", "      }\n    }\n")
row("percent_escapes_by_their_first_byte", F, "regions.add(i, i + 3, put);", "regions.add(i, i + 1, put);",
    speed="the digits behind it are of its token, and no quotes")
row("percent_first_escape", F, "i = line.find('%', i + 1)) {", "i = line.size()) {")
row("percent_last_region_left", F, "regions.add(i, i + 3, put);\n  }\n  regions.finish(put);\n", "regions.add(i, i + 3, put);\n  }\n")
row("percent_read_to_backslashes", F, "is_whole && read.find('\\\\') == kNone &&", "is_whole &&")
row("percent_read_to_a_root", F, "read.find('\\\\') == kNone && read.find(\"(0)\") == kNone &&", "read.find('\\\\') == kNone &&")
row("percent_read_to_quoted_printable", F, "read.find('\\\\') == kNone && read.find(\"(0)\") == kNone &&\n      !(read.find('=') != kNone && is_quoted_printable(read)))", "read.find('\\\\') == kNone && read.find(\"(0)\") == kNone)")
row("string_beside_a_root", F, "  if (line.find(\"(0)\") != kNone) return false;\n  const std::size_t before = out.size();\n  std::array", "  const std::size_t before = out.size();\n  std::array")
row("string_beside_backslashes", F, "      is_whole = is_whole && beside.find('\\\\') == kNone;\n", "")
row("string_without_what_is_beside", F, "      out.append(beside);\n", "")
row("string_twice", F, "      begin = strings[i].end;\n", "")
row("string_regions_end", F, "    copy_to(end);\n", "")
row("string_regions_in_one_line", F, "    copy_to(end);\n    out += '\\n';\n", "    copy_to(end);\n")
row("string_of_the_region_before", F, "    count = 0;\n", "")
row("string_for_each_place", F, "    if (place < from) continue;  // in the string before\n", "")
row("string_begun_at_its_escape", F, "    from = string.end + 1;\n", "    from = place + 1;\n")
row("string_behind_the_next", F, "    from = string.end + 1;\n", "    from = line.find('\"', string.end + 1) + 1;\n")
row("string_that_is_not_read", F, "    if (!string.is_read) continue;\n", "")
row("string_that_is_not_read_ends_it", F, "    if (!string.is_read) continue;\n", "    if (!string.is_read) break;\n")
row("string_put_before_its_region", F, "    regions.add(string.begin, string.end, put);\n    strings[count++] = string;\n", "    strings[count++] = string;\n    regions.add(string.begin, string.end, put);\n")
row("strings_of_32_and_no_more", F, "    if (count == strings.size()) is_whole = false;\n    if (!is_whole) break;\n", "    if (count == strings.size() || !is_whole) break;\n")
row("strings_after_a_refusal", F, "    if (!is_whole) break;\n", "    if (count == strings.size()) break;\n",
    speed="what is refused is only refused later")
row("string_last_region_left", F, "    if (!is_whole) break;\n  }\n  regions.finish(put);\n", "    if (!is_whole) break;\n  }\n")
row("string_read_to_a_root", F, "if (is_whole && read.find(\"(0)\") == kNone &&\n", "if (is_whole &&\n")
row("string_read_to_quoted_printable", F, "if (is_whole && read.find(\"(0)\") == kNone &&\n      !(read.find('=') != kNone && is_quoted_printable(read)))", "if (is_whole && read.find(\"(0)\") == kNone)")

# Lines with hosts of URLs (number_at(), note_host(), Sieve::knows_hosts()) are no hits: what is lost there the property test
# of joined columns in src/hunt notices, not what is run here. So there are no rows for them.

# --- the parts of a batch, the block, the filter's copy -------------------------------------------

F = "sieve.h"
row("part_at_a_border", F, "return place < part.end; });", "return place <= part.end; });")
F = "sieve.cpp"
row("filter_not_copied", F, "  parts.filter = reinterpret_cast<const std::uint64_t*>(filter_->data());\n", "", speed="the table where it was mapped holds the same")
F = "large_pages.cpp"
row("pages_without_the_table", F, "  std::memcpy(begin, table_.data(), table_.size());\n", "")
row("pages_without_the_last_bytes", F, "std::memcpy(begin, table_.data(), table_.size());", "std::memcpy(begin, table_.data(), table_.size() - 8);")
row("pages_of_small_tables", F, "  if (table_.size() < kLeastTableBytes) return;\n", "")
row("pages_again_and_again", F, "if (before < kWorthwhileBytes && before", "if (before")
row("pages_too_soon", F, "before + text_bytes >= kWorthwhileBytes", "before + text_bytes + 1 >= kWorthwhileBytes")
row("pages_never", F, "  data_.store(begin, std::memory_order_release);\n", "")
row("pages_not_at_a_page_s_begin", F, "(kPageBytes - address % kPageBytes) % kPageBytes;", "0 * address;", speed="no large page fits")

# --- keys -------------------------------------------------------------------------------------

F = "sieve_build.cpp"
row("no_key_of_two_labels", F, "    if (last > 0 && site != std::string_view::npos)\n      add(", "    if (last > 0 && site == std::string_view::npos)\n      add(")
row("last_label_with_an_underscore", F, "    if (name.find('_', last) != std::string_view::npos) lane(kUnderscoreEnds);\n", "")
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
row("pieces_without_the_last_word", F, "    add(key, kLonger);\n", "")
row("pieces_without_their_pair", F, "    add(hash_pair(hash_bytes(before_best, Seed::kWord), key, Seed::kPair), kFull);\n", "")
row("pieces_of_one_word_as_a_pair", F, "if (before_best.empty()) return add(key, kFull);", "if (before_best.empty()) return add(key, kLonger);")
row("pieces_trimmed_at_their_begin", F, "      at = end;\n      while (!word.empty() && is_trimmed(word.front())) word.remove_prefix(1);\n", "      at = end;\n")
row("pieces_by_their_first_word", F, "worth(word) >= worth(best)", "worth(word) > worth(best)",
    speed="all words of a claim stand where it does, so any will do")
row("pieces_alone", F, "if (before_best.empty()) return add(key, kFull);", "return add(key, kFull);",
    speed="a word without the one before it lets more lines pass")
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
row("things_unsorted", F, "    std::sort(scratch_.things.begin(), scratch_.things.end());\n", "")
row("things_at_a_line_s_begin", F, "*thing < begin) ++thing;", "*thing <= begin) ++thing;")
row("things_at_a_line_s_end", F, "thing != scratch_.things.end() && *thing <= end);", "thing != scratch_.things.end() && *thing + 4 <= end);")
row("things_of_marked_lines", F, "        scratch_.things.push_back(static_cast<std::uint32_t>(at));\n", "")
row("colours_not_taken_off", F, "if (scratch_.has_escape) {", "if (false) {")
row("things_never_looked_for", F, "thing != scratch_.things.end() && *thing <= end);", "false);")
