// A bug stops the process: SPOOR_CHECK is for what cannot happen, never for input.

#pragma once

#include <cstdio>
#include <cstdlib>

#define SPOOR_CHECK(condition)                                                         \
  do {                                                                                 \
    if (!(condition)) {                                                                \
      std::fprintf(stderr, "spoor: bug: %s:%d: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                    \
    }                                                                                  \
  } while (false)
