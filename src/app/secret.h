// Keys and passwords: from an environment variable or a file that nobody else can read, never
// from the command line, which others can. Tested by case_config_test.cpp.

#pragma once

#include <string>

#include "base/result.h"

namespace spoor {

/// Where a secret is. Both empty: nowhere.
struct SecretPlace {
  std::string variable;  ///< name of an environment variable
  std::string file;      ///< a regular file with mode 0600 or 0400, one line
  bool empty() const { return variable.empty() && file.empty(); }
};

/// A core dump would hold the key: no file is written, and where a program takes dumps instead
/// (which ignores the limit) no memory of the process is put into them (core(5)).
void keep_out_of_cores();

/// The secret without blanks round it. Errors name the place and never what stands in it.
Result<std::string> read_secret(const SecretPlace& place);

}  // namespace spoor
