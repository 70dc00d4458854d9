#include "io/evtx_xml.h"

#include <algorithm>

#include "base/utf8.h"
#include "io/evtx_value.h"
#include "io/little_endian.h"

namespace spoor {
namespace {

// Elements in elements; templates in values of templates. Windows writes some ten and two.
constexpr std::size_t kMostElements = 256;
constexpr unsigned kMostDepth = 16;
// Bytes put out and 16 for each step. A chunk of short records comes to some 3 MB.
constexpr std::int64_t kChunkWork = 24 << 20;
constexpr std::size_t kStepWork = 16;

constexpr std::size_t kInstanceHead = 10;    // token, version, template's number, offset
constexpr std::size_t kDefinitionHead = 24;  // next, GUID, size
constexpr std::size_t kDescriptorBytes = 4;  // size, type, unused
constexpr std::size_t kFragmentHead = 4;     // token, version, flags

enum Token : std::uint8_t {
  kEnd = 0x00,
  kOpenStart = 0x01,
  kCloseStart = 0x02,
  kCloseEmpty = 0x03,
  kEndElement = 0x04,
  kValueText = 0x05,
  kAttributeName = 0x06,
  kCData = 0x07,
  kCharRef = 0x08,
  kEntityRef = 0x09,
  kPiTarget = 0x0A,
  kPiData = 0x0B,
  kTemplate = 0x0C,
  kSubstitution = 0x0D,
  kOptional = 0x0E,
  kFragment = 0x0F,
};
constexpr std::uint8_t kMore = 0x40;  // more follows of its kind; an element: it has attributes

bool is_form_namespace(std::string_view text) {
  return text.find("schemas.microsoft.com/win/2004/08/") != std::string_view::npos ||
         text.find("manifests.microsoft.com/win/2004/08/") != std::string_view::npos;
}

}  // namespace

/// A record's or value's use of a template.
struct EvtxXml::Instance {
  std::uint32_t id = 0, definition = 0;
  std::size_t descriptors = 0, count = 0;
  std::size_t values = 0, end = 0;  // `end`: of the last value
};

/// Its values, by number.
struct EvtxXml::Values {
  struct Value {
    std::uint32_t begin;
    std::uint16_t size;
    std::uint8_t type;
  };
  std::vector<Value> all;
};

/// Reads tokens into a program.
class EvtxXml::Compiler {
 public:
  Compiler(EvtxXml& xml, Program& program, std::size_t begin, std::size_t end, Where where)
      : xml_(xml),
        chunk_(xml.chunk_),
        program_(program),
        at_(begin),
        end_(end),
        where_(where) {}

  bool run() {
    while (at_ < end_) {
      const auto token = static_cast<std::uint8_t>(chunk_[at_]);
      const std::size_t before = program_.text.size();
      if (token == kEnd) break;
      if (!read(static_cast<std::uint8_t>(token & ~kMore), (token & kMore) != 0)) return false;
      if (!xml_.spend(kStepWork + program_.text.size() - before)) return false;
      if (program_.text.size() > kRecordBytes) return false;
    }
    flush_text();
    return open_.empty() && !in_attribute_;
  }

 private:
  struct Element {
    std::string name;
    std::size_t content_step;  // how many steps stood before its content
    std::size_t content_text;  // where the text of its content begins
  };

  bool has(std::size_t count) const { return fits(at_, count, end_); }

  bool read(std::uint8_t token, bool more) {
    switch (token) {
      case kFragment:
        at_ += kFragmentHead;
        return at_ <= end_;
      case kOpenStart:
        return open_element(more);
      case kCloseStart:
        ++at_;
        if (open_.empty() || !in_start_) return false;
        close_attribute();
        program_.text += '>';
        in_start_ = false;
        begin_content();
        return true;
      case kCloseEmpty:
        ++at_;
        if (open_.empty() || !in_start_) return false;
        close_attribute();
        program_.text += "/>";
        in_start_ = false;
        open_.pop_back();
        return true;
      case kEndElement:
        return end_element();
      case kValueText:
        return value_text();
      case kAttributeName:
        return begin_attribute();
      case kCData:
        ++at_;
        return utf16_text(EvtxPlace::kContent);
      case kCharRef: {
        if (!has(3)) return false;
        put_char(load_le<std::uint16_t>(chunk_, at_ + 1));
        at_ += 3;
        return true;
      }
      case kEntityRef:
        return entity();
      case kPiTarget: {
        ++at_;
        std::string name;
        if (!read_name(name)) return false;
        program_.text += "<?" + name + ' ';
        in_instruction_ = true;
        return true;
      }
      case kPiData:
        ++at_;
        if (!in_instruction_ || !utf16_text(EvtxPlace::kContent)) return false;
        program_.text += "?>";
        in_instruction_ = false;
        return true;
      case kTemplate: {
        Instance instance;
        if (in_start_ || !xml_.read_instance(at_, end_, instance)) return false;
        flush_text();
        program_.steps.push_back({Kind::kInstance, false, 0, static_cast<std::uint32_t>(at_),
                                  static_cast<std::uint32_t>(end_)});
        at_ = instance.end;
        return true;
      }
      case kSubstitution:
      case kOptional:
        return substitution(token == kOptional);
      default:
        return false;
    }
  }

  /// A name: an offset in the chunk, and the name itself behind it where that is here.
  bool read_name(std::string& name) {
    if (!has(4)) return false;
    const std::size_t offset = load_le<std::uint32_t>(chunk_, at_);
    at_ += 4;
    // Next name, hash, units; the units end with U+0000.
    if (!fits(offset, 8, chunk_.size())) return false;
    const std::size_t bytes = 2 * std::size_t{load_le<std::uint16_t>(chunk_, offset + 6)};
    if (!fits(offset + 8, bytes, chunk_.size())) return false;
    if (offset == at_) {
      at_ += 8 + bytes + 2;
      if (at_ > end_) return false;
    }
    if (!xml_.spend(bytes)) return false;
    append_evtx_name(name, chunk_.substr(offset + 8, bytes));
    return true;
  }

  bool open_element(bool has_attributes) {
    if (in_start_ || open_.size() >= kMostElements) return false;
    // In templates a number that ties the element to a value stands here.
    at_ += where_ == Where::kTemplate ? 3 : 1;
    at_ += 4;  // size of the element: its tokens say the same
    Element element{};
    if (at_ > end_ || !read_name(element.name)) return false;
    if (has_attributes) {
      at_ += 4;  // size of the list
      if (at_ > end_) return false;
    }
    program_.text += '<';
    program_.text += element.name;
    open_.push_back(std::move(element));
    in_start_ = true;
    return true;
  }

  void begin_content() {
    flush_text();
    open_.back().content_step = program_.steps.size();
    open_.back().content_text = program_.text.size();
  }

  bool end_element() {
    ++at_;
    if (open_.empty() || in_start_) return false;
    const Element element = std::move(open_.back());
    open_.pop_back();
    const std::size_t text = program_.text.size();
    // Content that is one value and nothing else: if it is an array, the element is repeated,
    // as Windows shows it. "</Data><Data>" stands in front of its value's step for that.
    const bool alone = program_.steps.size() == element.content_step + 1 &&
                       program_.steps.back().kind == Kind::kValue && text_begin_ == text &&
                       element.content_text == text;
    if (alone) {
      program_.text += "</" + element.name + "><" + element.name + '>';
      program_.steps.back().begin = static_cast<std::uint32_t>(text);
      program_.steps.back().end = static_cast<std::uint32_t>(program_.text.size());
      text_begin_ = program_.text.size();
    }
    program_.text += "</" + element.name + '>';
    return true;
  }

  bool begin_attribute() {
    ++at_;
    if (!in_start_) return false;
    close_attribute();
    std::string name;
    if (!read_name(name)) return false;
    flush_text();
    in_attribute_ = true;
    is_namespace_ = name == "xmlns";
    attribute_step_ = program_.steps.size();
    attribute_text_ = program_.text.size();
    program_.text += ' ' + name + "='";
    return true;
  }

  void close_attribute() {
    if (!in_attribute_) return;
    in_attribute_ = false;
    std::string& text = program_.text;
    std::vector<Step>& steps = program_.steps;
    if (is_namespace_ && steps.size() == attribute_step_ &&
        is_form_namespace(std::string_view(text).substr(attribute_text_))) {
      text.resize(attribute_text_);
      return;
    }
    // " Name='", one value, nothing else: without the value there is no attribute.
    if (steps.size() == attribute_step_ + 2 && steps.back().kind == Kind::kValue &&
        text_begin_ == text.size()) {
      Step step = steps.back();
      step.kind = Kind::kAttribute;
      step.begin = steps[attribute_step_].begin;
      step.end = steps[attribute_step_].end;
      steps.resize(attribute_step_);
      steps.push_back(step);
      return;
    }
    text += '\'';
  }

  bool value_text() {
    if (!has(2)) return false;
    const auto type = static_cast<std::uint8_t>(chunk_[at_ + 1]);
    if (static_cast<EvtxType>(type) != EvtxType::kString) return false;
    at_ += 2;
    return utf16_text(in_start_ ? EvtxPlace::kAttribute : EvtxPlace::kContent);
  }

  /// Units, counted.
  bool utf16_text(EvtxPlace place) {
    if (in_start_ && !in_attribute_) return false;
    if (!has(2)) return false;
    const std::size_t bytes = 2 * std::size_t{load_le<std::uint16_t>(chunk_, at_)};
    at_ += 2;
    if (!has(bytes)) return false;
    append_utf16(program_.text, chunk_.substr(at_, bytes), place);
    at_ += bytes;
    return true;
  }

  void put_char(char32_t value) {
    if (value == '<') {
      program_.text += "&lt;";
    } else if (value == '\'' && in_start_) {
      program_.text += "&#39;";
    } else {
      append_utf8(program_.text, value);
    }
  }

  bool entity() {
    ++at_;
    std::string name;
    if (!read_name(name)) return false;
    struct Row {
      std::string_view name;
      char32_t value;
    };
    constexpr Row kRows[] = {
        {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    const auto* row = std::find_if(std::begin(kRows), std::end(kRows),
                                   [&](const Row& each) { return each.name == name; });
    if (row != std::end(kRows)) {
      put_char(row->value);
    } else {
      program_.text += '&' + name + ';';
    }
    return true;
  }

  bool substitution(bool optional) {
    if (!has(4) || (in_start_ && !in_attribute_)) return false;
    const auto id = load_le<std::uint16_t>(chunk_, at_ + 1);
    at_ += 4;  // the type stands with the value, too
    flush_text();
    program_.steps.push_back({Kind::kValue, optional, id, 0, 0});
    return true;
  }

  /// A step for the text since the last one.
  void flush_text() {
    const std::size_t end = program_.text.size();
    if (text_begin_ < end) {
      program_.steps.push_back({Kind::kText, false, 0, static_cast<std::uint32_t>(text_begin_),
                                static_cast<std::uint32_t>(end)});
    }
    text_begin_ = end;
  }

  EvtxXml& xml_;
  std::string_view chunk_;
  Program& program_;
  std::size_t at_, end_;
  Where where_;
  std::vector<Element> open_;
  bool in_start_ = false;      // between "<Name" and '>'
  bool in_attribute_ = false;  // behind " Name='"
  bool is_namespace_ = false;
  bool in_instruction_ = false;
  std::size_t attribute_step_ = 0, attribute_text_ = 0;
  std::size_t text_begin_ = 0;  // of the text that no step has yet
};

void EvtxXml::begin_chunk(std::string_view chunk) {
  chunk_ = chunk;
  programs_.clear();
  allowance_ = kChunkWork;
}

bool EvtxXml::spend(std::size_t work) {
  allowance_ -= static_cast<std::int64_t>(work);
  return allowance_ > 0;
}

bool EvtxXml::render(std::size_t begin, std::size_t end, std::string& out) {
  most_ = out.size() + kRecordBytes;
  return run_fragment(begin, end, 0, out);
}

bool EvtxXml::run_fragment(std::size_t begin, std::size_t end, unsigned depth,
                           std::string& out) {
  if (depth > kMostDepth) return false;
  while (begin < end) {
    const auto token = static_cast<std::uint8_t>(chunk_[begin]);
    if (token == kEnd) return true;
    if (token == kFragment && fits(begin, kFragmentHead, end)) {
      begin += kFragmentHead;
    } else if (token == kTemplate) {
      Instance instance;
      if (!read_instance(begin, end, instance)) return false;
      if (!run_instance(begin, end, depth, out)) return false;
      begin = instance.end;
    } else {
      Program program;
      if (!Compiler(*this, program, begin, end, Where::kOutside).run()) return false;
      return run(program, {}, depth, out);
    }
  }
  return true;
}

bool EvtxXml::read_instance(std::size_t at, std::size_t end, Instance& instance) const {
  if (!fits(at, kInstanceHead, end)) return false;
  instance.id = load_le<std::uint32_t>(chunk_, at + 2);
  instance.definition = load_le<std::uint32_t>(chunk_, at + 6);
  at += kInstanceHead;
  if (instance.definition == at) {  // the definition stands where it is first used
    if (!fits(at, kDefinitionHead, end)) return false;
    const std::size_t size = load_le<std::uint32_t>(chunk_, at + 20);
    at += kDefinitionHead;
    if (!fits(at, size, end)) return false;
    at += size;
  }
  if (!fits(at, 4, end)) return false;
  instance.count = load_le<std::uint32_t>(chunk_, at);
  instance.descriptors = at + 4;
  if (instance.count > (end - instance.descriptors) / kDescriptorBytes) return false;
  instance.values = instance.descriptors + instance.count * kDescriptorBytes;
  instance.end = instance.values;
  for (std::size_t i = 0; i < instance.count; ++i)
    instance.end += load_le<std::uint16_t>(chunk_, instance.descriptors + i * kDescriptorBytes);
  return instance.end <= end;
}

const EvtxXml::Program* EvtxXml::program_at(const Instance& instance) {
  const auto [entry, fresh] = programs_.try_emplace(instance.definition);
  Program& program = entry->second;
  const std::size_t at = instance.definition;
  if (fresh && fits(at, kDefinitionHead, chunk_.size())) {
    const std::size_t size = load_le<std::uint32_t>(chunk_, at + 20);
    const std::size_t begin = at + kDefinitionHead;
    program.sound = fits(begin, size, chunk_.size()) &&
                    Compiler(*this, program, begin, begin + size, Where::kTemplate).run();
  }
  // A definition begins with its number as part of its GUID: where another one was written over
  // it, the record is not to be told with the wrong words.
  if (!program.sound || load_le<std::uint32_t>(chunk_, at + 4) != instance.id) return nullptr;
  return &program;
}

bool EvtxXml::run_instance(std::size_t at, std::size_t end, unsigned depth, std::string& out) {
  Instance instance;
  if (!read_instance(at, end, instance) || !spend(instance.count)) return false;
  const Program* program = program_at(instance);
  if (program == nullptr) return false;
  Values values;
  values.all.reserve(instance.count);
  std::size_t begin = instance.values;
  for (std::size_t i = 0; i < instance.count; ++i) {
    const std::size_t row = instance.descriptors + i * kDescriptorBytes;
    const auto size = load_le<std::uint16_t>(chunk_, row);
    values.all.push_back(
        {static_cast<std::uint32_t>(begin), size, static_cast<std::uint8_t>(chunk_[row + 2])});
    begin += size;
  }
  return run(*program, values, depth, out);
}

bool EvtxXml::run(const Program& program, const Values& values, unsigned depth,
                  std::string& out) {
  const std::string_view text = program.text;
  for (const Step& step : program.steps) {
    const std::size_t before = out.size();
    const std::string_view own = step.kind == Kind::kInstance
                                     ? std::string_view()
                                     : text.substr(step.begin, step.end - step.begin);
    switch (step.kind) {
      case Kind::kText:
        out += own;
        break;
      case Kind::kValue:
        if (!put_value(values, step, own.empty() ? "\n" : own, depth, out)) return false;
        break;
      case Kind::kAttribute: {
        const bool absent = step.id >= values.all.size() || values.all[step.id].size == 0 ||
                            static_cast<EvtxType>(values.all[step.id].type) == EvtxType::kNull;
        if (absent && step.optional) break;
        out += own;
        if (!put_value(values, step, "\n", depth, out)) return false;
        out += '\'';
        break;
      }
      case Kind::kInstance:
        if (depth >= kMostDepth || !run_instance(step.begin, step.end, depth + 1, out))
          return false;
        break;
    }
    if (out.size() > most_ || !spend(kStepWork + out.size() - before)) return false;
  }
  return true;
}

bool EvtxXml::put_value(const Values& values, const Step& step, std::string_view separator,
                        unsigned depth, std::string& out) {
  if (step.id >= values.all.size()) return true;  // none was written
  const Values::Value& value = values.all[step.id];
  if (static_cast<EvtxType>(value.type) == EvtxType::kBinXml)
    return run_fragment(value.begin, value.begin + value.size, depth + 1, out);
  const EvtxPlace place =
      step.kind == Kind::kAttribute ? EvtxPlace::kAttribute : EvtxPlace::kContent;
  append_evtx_value(out, value.type, chunk_.substr(value.begin, value.size), separator, place);
  return true;
}

bool EvtxXml::render_values(std::size_t begin, std::size_t end, std::string& out) {
  most_ = out.size() + kRecordBytes;
  if (fits(begin, kFragmentHead, end) && static_cast<std::uint8_t>(chunk_[begin]) == kFragment)
    begin += kFragmentHead;
  Instance instance;
  if (begin >= end || static_cast<std::uint8_t>(chunk_[begin]) != kTemplate ||
      !read_instance(begin, end, instance) || instance.count == 0)
    return false;
  std::size_t at = instance.values;
  for (std::size_t i = 0; i < instance.count; ++i) {
    const std::size_t row = instance.descriptors + i * kDescriptorBytes;
    const auto type = static_cast<std::uint8_t>(chunk_[row + 2]);
    const std::size_t size = load_le<std::uint16_t>(chunk_, row);
    out += "<Data>";
    if (static_cast<EvtxType>(type) == EvtxType::kBinXml) {
      // Sound or not: what is not, the record's raw bytes show.
      run_fragment(at, at + size, 1, out);
    } else {
      append_evtx_value(out, type, chunk_.substr(at, size), "</Data><Data>",
                        EvtxPlace::kContent);
    }
    out += "</Data>";
    at += size;
    if (out.size() > most_ || !spend(kStepWork + size)) return false;
  }
  return true;
}

}  // namespace spoor
