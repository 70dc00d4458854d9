#include "lookup/benign.h"

namespace spoor {

std::vector<BenignNote> benign_notes(const OtxGeneral& general, const Observable& observable,
                                     std::optional<Time> noted) {
  std::vector<BenignNote> notes;
  for (const OtxGeneral::Objection& objection : general.validation)
    notes.push_back({observable, "otx", objection.source, objection.message, noted});
  if (general.false_positive) {
    notes.push_back({observable, "otx", "false_positive",
                     "a report of a false positive was accepted", noted});
  }
  return notes;
}

Result<std::vector<BenignNote>> benign_notes_of(std::string_view body, std::string_view where,
                                                const Observable& observable,
                                                std::optional<Time> noted) {
  const auto general = read_otx_general(body, where);
  if (!general) return fail(general.error());
  return benign_notes(*general, observable, noted);
}

}  // namespace spoor
