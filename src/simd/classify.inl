// From the codes of bytes (classify.cpp) to the classes, over words that stand for 64 bytes or
// vectors of them, in the namespace of an instruction set.

/// `bits`: a word for each bit of the code; `high`: the bytes beyond 0x7F. put(class, word) is
/// called for each class.
template <typename Word, typename Put>
inline void put_classes(const Word (&bits)[8], const Word& high, Put&& put) {
  put(ByteClass::kHigh, high);
  put(ByteClass::kAlpha, bits[7]);
  put(ByteClass::kHexLetter, bits[7] & bits[0]);
  put(ByteClass::kEscaped, bits[7] & bits[1]);
  put(ByteClass::kA, bits[7] & bits[2]);
  put(ByteClass::kS, bits[7] & bits[3]);
  put(ByteClass::kDigit, bits[6]);
  put(ByteClass::kBlank, bits[5]);
  put(ByteClass::kLf, bits[5] & bits[0]);
  put(ByteClass::kNul, bits[5] & bits[1]);
  put(ByteClass::kEscape, bits[5] & bits[2]);
  const Word upper[4] = {bits[4] & ~bits[3] & ~bits[2], bits[4] & ~bits[3] & bits[2],
                         bits[4] & bits[3] & ~bits[2], bits[4] & bits[3] & bits[2]};
  const Word lower[4] = {~bits[1] & ~bits[0], ~bits[1] & bits[0], bits[1] & ~bits[0],
                         bits[1] & bits[0]};
  put(kMarks[0], upper[0] & (lower[0] | lower[1]));
  for (unsigned i = 1; i < kMarks.size(); ++i) put(kMarks[i], upper[i / 4] & lower[i % 4]);
}
