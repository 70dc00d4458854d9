#include "simd/classify.h"

#include <gtest/gtest.h>

#include <vector>

#include "simd/isa.h"

namespace spoor {
namespace {

/// `period` is prime to 64: each byte below it comes to stand at each place.
void expect_classes_of(int period) {
  const Isa before = current_isa();
  for (const Isa isa : {Isa::kScalar, Isa::kAvx2, Isa::kAvx512}) {
    if (!isa_supported(isa)) {
      std::printf("not on this processor: %s\n", std::string(name_of(isa)).c_str());
      continue;
    }
    set_isa_for_tests(isa);
    std::vector<char> text(64 * 257);
    for (std::size_t i = 0; i < text.size(); ++i)
      text[i] = static_cast<char>(i % static_cast<std::size_t>(period));
    constexpr std::size_t kStride = 260;
    std::vector<std::uint64_t> rows(kByteClasses * kStride);
    classify(text.data(), 257, rows.data(), kStride);
    for (std::size_t i = 0; i < text.size(); ++i) {
      for (std::size_t c = 0; c < kByteClasses; ++c) {
        ASSERT_EQ((rows[c * kStride + i / 64] >> (i % 64) & 1) != 0,
                  is_of_class(static_cast<unsigned char>(text[i]), static_cast<ByteClass>(c)))
            << name_of(isa) << " byte " << static_cast<int>(text[i]) << " class " << c;
      }
    }
  }
  set_isa_for_tests(before);
}

TEST(Classify, every_byte_at_every_place_in_every_isa) {
  expect_classes_of(257);
}

TEST(Classify, texts_of_ascii_have_a_way_of_their_own) {
  expect_classes_of(127);
}

TEST(Classify, an_isa_has_one_name) {
  for (const Isa isa : {Isa::kScalar, Isa::kAvx2, Isa::kAvx512})
    EXPECT_EQ(isa_from_name(name_of(isa)), isa);
  EXPECT_FALSE(isa_from_name("mmx").has_value());
  EXPECT_TRUE(isa_supported(Isa::kScalar));
}

}  // namespace
}  // namespace spoor
