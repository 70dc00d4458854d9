#include "collect/document.h"

#include <utility>

#include "base/utf8.h"
#include "collect/recode.h"

namespace spoor {
namespace {

constexpr std::size_t kHeadBytes = 64 << 10;

std::string base_name(const std::string& path) {
  if (path == "-") return "stdin";
  std::string name = path;
  while (name.size() > 1 && name.back() == '/') name.pop_back();
  return name.substr(name.rfind('/') + 1);
}

std::string known_formats() {
  std::string names;
  for (const ImportFormat& format : import_formats()) {
    if (!names.empty()) names += ", ";
    names += format.name;
  }
  return names;
}

Document finish_document(Recoded recoded, std::string base, const ImportFormat& format) {
  Document document;
  document.name = std::move(base);
  document.encoding = recoded.was;
  document.format = &format;
  document.text = std::move(recoded.text);
  // In JSON a bad byte costs its row (the reader tells which); in lists it mostly is an accent
  // or a no-break space.
  if (format.name != "otx" && replace_latin1(document.text) > 0)
    document.encoding += ", Latin-1 bytes";
  return document;
}

}  // namespace

Document open_document(std::string bytes, const std::string& name, const ImportFormat& format) {
  return finish_document(to_utf8_text(std::move(bytes)), base_name(name), format);
}

Result<Document> open_document(std::string bytes, const std::string& name,
                               const std::string& format) {
  if (!format.empty()) {
    const ImportFormat* known = import_format(format);
    if (known == nullptr)
      return fail("format " + terminal_safe(format) + ", expected one of " + known_formats());
    return open_document(std::move(bytes), name, *known);
  }
  const std::string base = base_name(name);
  Recoded recoded = to_utf8_text(std::move(bytes));
  // A head that ends inside a character is judged all the same; formats look at whole lines.
  std::string head = recoded.text.substr(0, kHeadBytes);
  replace_latin1(head);
  const ImportFormat* found = detect_format(head, base);
  if (found == nullptr) {
    return fail(base + ": " +
                (recoded.text.empty() ? "is empty" : "no format fits what the file holds") +
                ", expected one of " + known_formats());
  }
  return finish_document(std::move(recoded), base, *found);
}

}  // namespace spoor
