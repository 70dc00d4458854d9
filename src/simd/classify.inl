// classify() over the vector type of the including namespace: load, eq, between, lower,
// high_bits. Letters are compared with bit 5 set, which joins both cases; '@' and '`' fall out
// of the range.

inline void classify_blocks(const char* text, std::size_t blocks, BlockMasks* masks) {
  for (std::size_t b = 0; b < blocks; ++b, text += 64) {
    const Bytes v = load(text);
    const Bytes l = lower(v);
    const std::uint64_t high = high_bits(v);
    std::uint64_t* const m = masks[b].of;
    m[0] = between(v, '0', '9');
    m[1] = between(l, 'a', 'z') & ~high;
    m[2] = between(l, 'a', 'f') & ~high;
    m[3] = eq(v, '.');
    m[4] = eq(v, '-') | eq(v, '_');
    m[5] = eq(v, ':');
    m[6] = eq(v, '/');
    m[7] = eq(v, '\n');
    m[8] = eq(v, '\0');
    m[9] = eq(v, '\\');
    m[10] = eq(v, '%');
    m[11] = eq(v, '=');
    m[12] = eq(v, '&');
    m[13] = eq(v, '@');
    m[14] = eq(v, '(') | eq(v, '[') | eq(v, '{');
    m[15] = high;
    m[16] = eq(v, '"') | eq(v, '\'');
    m[17] = between(v, '\0', ' ');
    m[18] = eq(l, 'a');
    m[19] = eq(l, 's');
  }
}
