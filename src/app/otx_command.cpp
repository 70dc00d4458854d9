// spoor otx: the rest of OTX beside its feeds, in its own terms.

#include <string>

#include "app/otx_verbs.h"

namespace spoor {
namespace {

constexpr OptionRow kOptions[] = {
    {"otx", '\0', "URL", "where OTX is (default https://otx.alienvault.com)"},
    {"key-file", '\0', "FILE", "the API key's file (default: the variable OTX_API_KEY)"},
    {"limit", 'n', "N", "rows of a list (default 50; 0 is all)"},
    {"since", '\0', "WHEN", "events, export: since a date or an age such as 30d"},
    {"users", '\0', "", "search: users instead of pulses"},
    {"inactive", '\0', "", "indicators: the inactive ones too"},
    {"rate", '\0', "N", "requests a second (default 10; 0 is no limit)"},
    {"timeout", '\0', "SECONDS", "of one request (default 120)"},
    {"deadline", '\0', "SECONDS", "of all requests"},
    {"json", '\0', "", "what the service sent, an object a line"},
    {"yes", '\0', "", "send what changes something at OTX"},
    {"dry-run", '\0', "", "show the request instead of sending it"},
    {"name", '\0', "TEXT", "create, edit: name of the pulse"},
    {"description", '\0', "TEXT", "create, edit: its description"},
    {"tlp", '\0', "WORD", "create, edit: white, green, amber (default) or red"},
    {"public", '\0', "", "create, edit: for everyone; white and green only"},
    {"private", '\0', "", "edit: not for everyone any more"},
    {"tag", '\0', "TAG", "create, edit: adds a tag (may be repeated)"},
    {"remove-tag", '\0', "TAG", "edit: takes a tag away (may be repeated)"},
    {"reference", '\0', "TEXT", "create, edit: a reference (may be repeated)"},
    {"add", '\0', "TYPE=VALUE", "create, edit: an indicator (may be repeated)"},
    {"remove", '\0', "VALUE", "edit: takes an indicator away (may be repeated)"},
    {"from-sightings", '\0', "", "create, edit: the indicators that hunts have found"},
    {"type", 't', "NAME", "of sightings; of export: only this type (may be repeated)"},
    {"value", '\0', "TEXT", "of sightings: whose value holds this text"},
    {"min-grade", 'g', "GRADE", "of sightings: of at least this grade (default equivalent)"},
    SPOOR_COMMON_OPTIONS,
};

std::string verbs_text() {
  std::string text;
  for (const auto& verbs : {otx_read_verbs(), otx_write_verbs()}) {
    for (const OtxVerb& verb : verbs) {
      std::string line = "  " + std::string(verb.name);
      if (!verb.operands.empty()) line += " " + std::string(verb.operands);
      line.resize(std::max<std::size_t>(line.size() + 2, 36), ' ');
      text += line + std::string(verb.help) + "\n";
    }
  }
  return text;
}

Result<int> run(const Invocation& invocation) {
  const auto& words = invocation.options.operands();
  if (words.empty()) return fail("otx: found no verb, expected one of:\n" + verbs_text());
  std::vector<std::string_view> names;
  for (const auto& verbs : {otx_read_verbs(), otx_write_verbs()}) {
    for (const OtxVerb& verb : verbs) {
      names.push_back(verb.name);
      if (verb.name != words[0]) continue;
      const std::span<const std::string> operands = std::span(words).subspan(1);
      if (operands.size() < verb.least || operands.size() > verb.most) {
        return fail("otx: found " + std::to_string(operands.size()) + " operands, expected " +
                    (verb.operands.empty() ? std::string("none")
                                           : "spoor otx " + std::string(verb.name) + " " +
                                                 std::string(verb.operands)));
      }
      return verb.run(invocation, operands);
    }
  }
  const std::string near = nearest_word(words[0], names);
  return fail("otx: unknown verb '" + words[0] + "'" +
              (near.empty() ? ", see spoor otx --help" : ", did you mean '" + near + "'?"));
}

}  // namespace

extern const CommandRow kOtxCommand = {
    "otx",
    "ask OTX: pulses, indicators, searches; publish by explicit order",
    "otx VERB [OPERAND]... [OPTION]...",
    "Verbs that read:\n"
    "  me, pulse ID, indicators ID, related ID, search TEXT, indicator TYPE VALUE "
    "[SECTION]...,\n"
    "  user NAME, user-pulses NAME, my [TEXT], events, ids, types, export\n"
    "Verbs that change something, with --yes only (--dry-run shows the request):\n"
    "  subscribe ID|NAME, unsubscribe ID|NAME, follow NAME, unfollow NAME, create, edit ID\n"
    "The pulses of a feed come into the store by `spoor collect`. A pulse that is created is\n"
    "private and amber unless told otherwise.\n",
    "  spoor otx me\n"
    "  spoor otx indicator auto evil.example all\n"
    "  spoor otx search 'web shell' --limit 10\n"
    "  spoor otx create --name 'Web shell at a customer' --from-sightings --dry-run\n",
    kOptions,
    run,
};

}  // namespace spoor
