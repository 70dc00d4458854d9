#include "app/lookup_values.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "base/ascii.h"

namespace spoor {
namespace {

constexpr std::size_t kMostLineBytes = 64 << 10;

struct Close {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};

Status take(std::string_view line, const std::function<Status(AskedValue&&)>& visit) {
  line = trim(line);
  if (line.empty() || line.front() == '#') return {};
  AskedValue value;
  if (const std::size_t tab = line.find('\t'); tab != std::string_view::npos) {
    value.type = type_from_name(line.substr(0, tab));
    if (value.type) line = trim(line.substr(tab + 1));
  }
  value.text = line;
  return visit(std::move(value));
}

}  // namespace

Status read_values(const std::string& path, const std::function<Status(AskedValue&&)>& visit) {
  std::unique_ptr<std::FILE, Close> file(path == "-" ? stdin : std::fopen(path.c_str(), "re"));
  if (file == nullptr)
    return fail(path + ": cannot be opened: " + std::string(std::strerror(errno)));
  std::string line;
  char piece[1 << 16];
  for (;;) {
    const std::size_t size = std::fread(piece, 1, sizeof piece, file.get());
    for (std::string_view rest(piece, size); !rest.empty();) {
      const std::size_t lf = rest.find('\n');
      const std::string_view part = rest.substr(0, lf);
      line.append(part.substr(0, kMostLineBytes - std::min(line.size(), kMostLineBytes)));
      if (lf == std::string_view::npos) break;
      if (auto status = take(line, visit); !status) return status;
      line.clear();
      rest.remove_prefix(lf + 1);
    }
    if (size < sizeof piece) break;
  }
  if (std::ferror(file.get()) != 0)
    return fail(path + ": cannot be read: " + std::string(std::strerror(errno)));
  return take(line, visit);
}

}  // namespace spoor
