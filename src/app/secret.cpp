#include "app/secret.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/ascii.h"
#include "io/source.h"

namespace spoor {

void keep_out_of_cores() {
  const rlimit none{0, 0};
  (void)::setrlimit(RLIMIT_CORE, &none);
  const int filter = ::open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC);
  if (filter < 0) return;
  (void)!::write(filter, "0\n", 2);
  ::close(filter);
}

Result<std::string> read_secret(const SecretPlace& place) {
  keep_out_of_cores();
  std::string secret, where;
  if (!place.variable.empty()) {
    where = "the variable " + place.variable;
    if (const char* value = std::getenv(place.variable.c_str()); value != nullptr)
      secret = std::string(trim(value));
  }
  if (secret.empty() && !place.file.empty()) {
    where = place.file;
    struct stat info {};
    if (::stat(place.file.c_str(), &info) != 0)
      return fail(place.file + ": " + std::strerror(errno));
    if (!S_ISREG(info.st_mode)) return fail(place.file + ": expected a regular file");
    if ((info.st_mode & 077) != 0)
      return fail(place.file + ": others can read it, expected mode 0600");
    auto text = read_whole(place.file, 4096);
    if (!text) return fail(text.error());
    secret = std::string(trim(*text));
  }
  if (secret.empty()) return fail(where + ": found no secret");
  for (const char c : secret) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      return fail(where + ": expected one line of text");
  }
  return secret;
}

}  // namespace spoor
