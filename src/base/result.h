// What an operation that can fail returns: a value, or an Error whose text has grown by one
// "where" on each level it passed ("otx: page 3: http 429, retry after 12 s"). Idea:
// tl::expected behind one alias, because std::expected is not to be had in both GCC 12 and
// Clang 14. Costs nothing on the good path beyond the value itself.

#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace spoor {

/// Why an operation failed: lower case, no full stop, with what was found and what was
/// expected.
struct Error {
  std::string message;

  /// The same error with `where` put before it: "where: message".
  Error at(std::string_view where) const {
    std::string text(where);
    text += ": ";
    text += message;
    return Error{std::move(text)};
  }
};

template <typename T>
using Result = tl::expected<T, Error>;

/// Ok() for operations that yield nothing.
using Status = Result<void>;

inline tl::unexpected<Error> fail(std::string message) {
  return tl::make_unexpected(Error{std::move(message)});
}
inline tl::unexpected<Error> fail(Error error) {
  return tl::make_unexpected(std::move(error));
}

}  // namespace spoor

// Returns the error of `expr` (a Result or Status) with `where` before it, or goes on.
#define SPOOR_TRY(expr, where)                                  \
  do {                                                          \
    auto spoor_try_result = (expr);                             \
    if (!spoor_try_result) {                                    \
      return ::spoor::fail(spoor_try_result.error().at(where)); \
    }                                                           \
  } while (false)
