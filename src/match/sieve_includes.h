// What the kernels' code uses: included before a target region begins (simd/target.h).

#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/ascii.h"
#include "base/utf8.h"
#include "ioc/domain.h"
#include "ioc/ip.h"
#include "ioc/path.h"
#include "ioc/url.h"
#include "match/base64_digest.h"
#include "match/byte_classes.h"
#include "match/exact_pass.h"
#include "match/exact_scan.h"
#include "match/sieve.h"
#include "match/sieve_format.h"
#include "match/sieve_kernel.h"
#include "match/views.h"
#include "simd/classify.h"
#include "simd/target.h"
