// Text of others inside Markdown: no control, no line end, nothing that ends a span or a block
// early. Corpus: corpus/markdown.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/utf8.h"
#include "cases/case_draft.h"
#include "cases/markdown.h"
#include "cases/notify.h"

namespace {

bool has_control(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return true;
  }
  return false;
}

void check_code(std::string_view text) {
  const std::string code = spoor::markdown_code(text);
  SPOOR_CHECK(!has_control(code) && spoor::is_valid_utf8(code));
  std::size_t fence = 0;
  while (fence < code.size() && code[fence] == '`') ++fence;
  // A run of exactly the fence's length stands at the end and nowhere before.
  std::size_t run = 0;
  for (std::size_t at = fence; at < code.size(); ++at) {
    run = code[at] == '`' ? run + 1 : 0;
    const bool run_ends = at + 1 == code.size() || code[at + 1] != '`';
    if (run > 0 && run_ends) SPOOR_CHECK((run == fence) == (at + 1 == code.size()));
  }
}

void check_block(std::string_view text) {
  const std::string block = spoor::markdown_block({std::string(text), "second"});
  const std::size_t fence = block.find('\n');
  const std::size_t end = block.rfind('\n', block.size() - 2);
  SPOOR_CHECK(fence >= 3 && block.size() - end - 2 == fence);
  const std::string_view inside = std::string_view(block).substr(fence, end + 1 - fence);
  SPOOR_CHECK(inside.find(block.substr(0, fence)) == std::string_view::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string plain = spoor::markdown_text(text);
  SPOOR_CHECK(!has_control(plain) && spoor::is_valid_utf8(plain));
  SPOOR_CHECK(plain.find('<') == std::string::npos);
  check_code(text);
  check_block(text);
  for (const char c : spoor::markdown_link(text)) SPOOR_CHECK(c != '\n');
  for (const spoor::NotifyKind& kind : spoor::notify_kinds())
    SPOOR_CHECK(!has_control(kind.escape(text)) || text.find('\t') != std::string_view::npos);
  spoor::CaseDraft draft;
  draft.title = draft.asset = draft.pulse_name = text;
  for (const spoor::NotifyKind& kind : spoor::notify_kinds()) {
    spoor::NotifyMessage message;
    message.draft = &draft;
    message.title = *spoor::fill_template("{title}", draft, kind.escape);
    message.text = *spoor::fill_template("{asset} {pulse}", draft, kind.escape);
    SPOOR_CHECK(!kind.body(message).empty());
  }
  SPOOR_CHECK(spoor::cut_text(text, 20).size() <= 20 * 4 + 3);
  const std::string part = spoor::reference_part(text, 48);
  SPOOR_CHECK(part.size() <= 48 && part.find(';') == std::string::npos);
  return 0;
}
