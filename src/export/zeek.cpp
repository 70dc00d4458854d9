// Zeek's intelligence framework: TAB-separated columns named by a #fields line. Zeek's own
// reader undoes \xHH, so every byte that would end a field or a line is written so; "-" and
// "(empty)" mean nothing to it and are escaped too. URLs stand without their scheme, as Zeek
// compares them. Source: docs.zeek.org, frameworks/intel and the ASCII reader. Tested by
// formats_test.cpp.

#include "export/format.h"
#include "export/names.h"

namespace spoor {
namespace {

constexpr std::size_t kMostWords = 400;

std::string escaped(std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  if (text.empty()) return "-";
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool first = i == 0 && (text[i] == '#' || text == "-" || text == "(empty)");
    if (byte < 0x20 || byte == 0x7F || text[i] == '\\' || first) {
      out += "\\x";
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    } else {
      out += text[i];
    }
  }
  return out;
}

class ZeekExporter final : public Exporter {
 public:
  Status begin(const ExportHead&, ExportTarget& target) override {
    target_ = &target;
    return target.write(
        "", "#fields\tindicator\tindicator_type\tmeta.source\tmeta.desc\tmeta.url\n");
  }
  Result<std::string> add(const ExportItem& item) override {
    const Observable& observable = item.observable;
    const std::string_view type = row_of(observable.type).zeek;
    if (type.empty()) return "no Intel type for " + std::string(name_of(observable.type));
    std::string value = observable.value;
    if (observable.type == IndicatorType::kUrl) {
      value = value.substr(value.find("://") + 3);
    } else if (observable.type == IndicatorType::kSslCertFingerprint && value.size() != 40) {
      return std::string("Zeek knows certificates by SHA-1 only");
    }
    std::string words = joined(item.pulses, "; ");
    if (words.empty()) words = item.description;
    const std::string line = escaped(value) + "\t" + std::string(type) + "\t" +
                             escaped(joined(item.feeds)) + "\t" +
                             escaped(cut_utf8(words, kMostWords)) + "\t-\n";
    if (auto status = target_->write("", line); !status) return fail(status.error());
    return std::string();
  }
  Status end() override { return {}; }

 private:
  ExportTarget* target_ = nullptr;
};

}  // namespace

std::unique_ptr<Exporter> make_zeek_exporter() {
  return std::make_unique<ZeekExporter>();
}

}  // namespace spoor
