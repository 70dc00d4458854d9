// Items for the tests of this room: one of each type of indicator, and texts that try to break
// out of every format.

#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "export/format.h"
#include "export/item.h"

namespace spoor {

inline ExportItem test_item(IndicatorType type, const std::string& value) {
  ClaimView claim;
  claim.observable = {type, value};
  claim.feed = "otx";
  claim.tlp = Tlp::kGreen;
  claim.pulse_id = "5f0000000000000000000001";
  claim.pulse_name = "Heron";
  claim.tags = {"loader"};
  claim.malware_families = {"PlugX"};
  claim.attack_ids = {"T1059"};
  claim.adversary = "Grey Heron";
  claim.role = "phishing";
  claim.created = time_from_micros(1'780'000'000'000'000);
  return make_item({claim}, time_from_micros(1'780'000'100'000'000));
}

/// A canonical value of every type.
inline std::vector<ExportItem> one_of_each() {
  using T = IndicatorType;
  const std::string hex(128, 'a');
  return {
      test_item(T::kIpv4, "203.0.113.7"),
      test_item(T::kIpv6, "2001:db8::1"),
      test_item(T::kCidr, "203.0.113.0/24"),
      test_item(T::kCidr, "2001:db8::/32"),
      test_item(T::kDomain, "evil.example"),
      test_item(T::kHostname, "a.evil.example"),
      test_item(T::kUrl, "http://evil.example:8080/a'b\\c?d=\"e\";f"),
      test_item(T::kUri, "/gate.php"),
      test_item(T::kMd5, hex.substr(0, 32)),
      test_item(T::kSha1, hex.substr(0, 40)),
      test_item(T::kSha256, hex.substr(0, 64)),
      test_item(T::kPehash, hex.substr(0, 40)),
      test_item(T::kImphash, hex.substr(0, 32)),
      test_item(T::kEmail, "a@evil.example"),
      test_item(T::kFilePath, "c:\\windows\\temp\\x.exe"),
      test_item(T::kMutex, "Global one"),
      test_item(T::kCve, "CVE-2021-44228"),
      test_item(T::kYara, hex.substr(0, 40)),
      test_item(T::kJa3, hex.substr(0, 32)),
      test_item(T::kOsquery, "select 1"),
      test_item(T::kSslCertFingerprint, hex.substr(0, 40)),
      test_item(T::kSslCertFingerprint, hex.substr(0, 64)),
      test_item(T::kBitcoinAddress, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"),
      test_item(T::kIpv4Port, "203.0.113.7:8443"),
      test_item(T::kIpv6Port, "[2001:db8::1]:8443"),
      test_item(T::kSha384, hex.substr(0, 96)),
      test_item(T::kSha512, hex),
      test_item(T::kFileName, "drop.exe"),
      test_item(T::kRegistryKey, "hklm\\software\\run\\upd"),
      test_item(T::kNamedPipe, "pipe name"),
      test_item(T::kAsn, "AS64496"),
      test_item(T::kUserAgent, "Mozilla/5.0 (x; \"y\")"),
  };
}

/// What attackers write into titles, tags and values.
inline const std::vector<std::string>& hostile_texts() {
  static const std::vector<std::string> texts = {
      "line\nevil2.example CNAME .",
      "cr\rreturn",
      std::string("nul\0byte", 8),
      "quote\"and'back\\slash",
      "semi;colon:pipe|comma,tab\tend",
      "=HYPERLINK(\"http://x\")",
      "+1",
      "-1",
      "@SUM(A1)",
      "#comment",
      "\xE2\x80\xAEtxt.exe",
      "not utf-8 \xFF\xC0\xAF",
      "\",\"inject\":\"1",
      "</script>{{7*7}}${x}",
      "a | b\x1b[31m",
      "]\n[x = 'y'",
      "(msg:\"x\"; sid:1;)",
      "-",
      "(empty)",
      " ",
  };
  return texts;
}

inline ExportHead test_head() {
  ExportHead head;
  head.title = "test";
  head.producer = "spoor";
  head.newest = time_from_micros(1'780'000'000'000'000);
  head.generation = 7;
  head.now = time_from_micros(1'780'000'100'000'000);
  head.pulse = [](std::string_view id) -> Result<std::optional<Pulse>> {
    Pulse pulse;
    pulse.id = id;
    pulse.name = "Heron";
    pulse.tlp = Tlp::kGreen;
    pulse.created = time_from_micros(1'780'000'000'000'000);
    return pulse;
  };
  return head;
}

struct Written {
  MemoryTarget target;
  std::vector<std::string> reasons;  ///< of each item; "" written
  std::string only() const {
    const auto file = target.files.find("");
    return file == target.files.end() ? std::string() : file->second;
  }
};
inline Written write_items(std::string_view format, const std::vector<ExportItem>& items,
                           const ExportHead& head = test_head()) {
  Written written;
  const auto exporter = export_format(format)->make();
  EXPECT_TRUE(exporter->begin(head, written.target));
  for (const ExportItem& item : items) {
    auto reason = exporter->add(item);
    EXPECT_TRUE(reason) << reason.error().message;
    written.reasons.push_back(reason ? *reason : "failed");
  }
  EXPECT_TRUE(exporter->end());
  return written;
}

}  // namespace spoor
