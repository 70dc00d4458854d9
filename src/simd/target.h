// Target regions: code between BEGIN and END may use the instructions of the set, whatever the
// file is compiled for. What is in one belongs into a namespace of its own, and headers are
// included before it: an inline function that the rest of the program shares would carry wide
// instructions into it.

#pragma once

#if defined(__x86_64__)
// AVX2 processors have the bit counts and shifts of BMI, too; the AVX-512 that is asked for is
// that of Ice Lake and Zen 4 (isa_supported).
// clang-format off
#if defined(__clang__)
#define SPOOR_TARGET_BEGIN_AVX2 \
  _Pragma("clang attribute push(__attribute__((target(\"avx2,bmi,bmi2,lzcnt,popcnt\"))), apply_to = function)")
#define SPOOR_TARGET_BEGIN_AVX512 \
  _Pragma("clang attribute push(__attribute__((target(\"avx2,bmi,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512dq,avx512cd,avx512vl,avx512vbmi,avx512vbmi2,gfni\"))), apply_to = function)")
#define SPOOR_TARGET_END _Pragma("clang attribute pop")
#else
#define SPOOR_TARGET_BEGIN_AVX2 \
  _Pragma("GCC push_options") _Pragma("GCC target(\"avx2,bmi,bmi2,lzcnt,popcnt\")")
#define SPOOR_TARGET_BEGIN_AVX512 \
  _Pragma("GCC push_options") \
  _Pragma("GCC target(\"avx2,bmi,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512dq,avx512cd,avx512vl,avx512vbmi,avx512vbmi2,gfni\")")
#define SPOOR_TARGET_END _Pragma("GCC pop_options")
#endif
// clang-format on
#endif
