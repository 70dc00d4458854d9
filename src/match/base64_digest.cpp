#include "match/base64_digest.h"

#include "base/ascii.h"

namespace spoor {
namespace {

struct Form {
  std::string_view label;
  std::size_t bytes;
};
constexpr Form kForms[] = {
    {"sha256", 32}, {"sha384", 48}, {"sha512", 64}, {"sha1", 20}, {"md5", 16}};

int value_of(char c) {
  if (is_upper(c)) return c - 'A';
  if (is_lower(c)) return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/// The kind that ends right before the joint, as a word of its own.
const Form* form_before(std::string_view text, std::size_t joint) {
  for (const Form& form : kForms) {
    const std::size_t size = form.label.size();
    if (joint < size || !equals_ignore_case(text.substr(joint - size, size), form.label))
      continue;
    if (joint > size && is_alnum(text[joint - size - 1])) continue;
    return &form;
  }
  return nullptr;
}

}  // namespace

std::optional<Base64Digest> base64_digest_at(std::string_view text, std::size_t joint) {
  const Form* const form = form_before(text, joint);
  if (form == nullptr) return std::nullopt;
  Base64Digest digest;
  digest.begin = joint + 1;
  std::size_t end = digest.begin;
  while (end < text.size() && end - digest.begin <= 88 && value_of(text[end]) >= 0) ++end;
  if (end - digest.begin != (form->bytes * 8 + 5) / 6) return std::nullopt;
  std::string bytes;
  unsigned bits = 0;
  int held = 0;
  for (std::size_t i = digest.begin; i < end; ++i) {
    bits = bits << 6 | static_cast<unsigned>(value_of(text[i]));
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes += static_cast<char>(bits >> held & 0xFF);
    }
  }
  if (bytes.size() != form->bytes) return std::nullopt;
  digest.end = end;
  while (digest.end < text.size() && text[digest.end] == '=' && digest.end - end < 2)
    ++digest.end;
  if (digest.end < text.size() && is_alnum(text[digest.end])) return std::nullopt;
  digest.digits = to_hex(bytes);
  return digest;
}

}  // namespace spoor
