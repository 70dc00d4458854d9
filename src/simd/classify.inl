// classify() over the vector type of the including namespace: load, eq, between, lower,
// high_bits. Letters are compared with bit 5 set, which joins both cases; '@' and '`' fall out
// of the range.

inline void classify_blocks(const char* text, std::size_t blocks, std::uint64_t* rows,
                            std::size_t stride) {
  for (std::size_t b = 0; b < blocks; ++b, text += 64) {
    const Bytes v = load(text);
    const Bytes l = lower(v);
    const std::uint64_t high = high_bits(v);
    const auto put = [&](ByteClass c, std::uint64_t mask) {
      rows[static_cast<std::size_t>(c) * stride + b] = mask;
    };
    put(ByteClass::kDigit, between(v, '0', '9'));
    put(ByteClass::kAlpha, between(l, 'a', 'z') & ~high);
    put(ByteClass::kHexLetter, between(l, 'a', 'f') & ~high);
    put(ByteClass::kDot, eq(v, '.'));
    put(ByteClass::kDash, eq(v, '-') | eq(v, '_'));
    put(ByteClass::kColon, eq(v, ':'));
    put(ByteClass::kSlash, eq(v, '/'));
    put(ByteClass::kLf, eq(v, '\n'));
    put(ByteClass::kNul, eq(v, '\0'));
    put(ByteClass::kBackslash, eq(v, '\\'));
    put(ByteClass::kPercent, eq(v, '%'));
    put(ByteClass::kEquals, eq(v, '='));
    put(ByteClass::kAmpersand, eq(v, '&'));
    put(ByteClass::kAt, eq(v, '@'));
    put(ByteClass::kOpen, eq(v, '(') | eq(v, '[') | eq(v, '{'));
    put(ByteClass::kEscaped, eq(v, 'b') | eq(v, 'f') | eq(v, 'n') | eq(v, 'r') | eq(v, 't') |
                                 eq(v, 'u') | eq(v, 'x'));
    put(ByteClass::kHigh, high);
    put(ByteClass::kDouble, eq(v, '"'));
    put(ByteClass::kSingle, eq(v, '\''));
    put(ByteClass::kBlank, between(v, '\0', ' '));
    put(ByteClass::kA, eq(l, 'a'));
    put(ByteClass::kS, eq(l, 's'));
    put(ByteClass::kEscape, eq(v, '\x1B'));
    put(ByteClass::kHash, eq(v, '#'));
  }
}
