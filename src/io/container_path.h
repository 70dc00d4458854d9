// From the name that a sighting carries to the file that it lies in.

#pragma once

#include <string>
#include <string_view>

namespace spoor {

/// The file as it is opened: without members, %21 and %25 as '!' and '%' (member_name() is the
/// other way).
inline std::string container_path(std::string_view name) {
  name = name.substr(0, name.find('!'));
  std::string path;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const std::string_view code = name.substr(i, 3);
    if (code == "%21" || code == "%25") {
      path += code == "%21" ? '!' : '%';
      i += 2;
    } else {
      path += name[i];
    }
  }
  return path;
}

}  // namespace spoor
