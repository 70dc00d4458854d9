// Names under which strangers publish: an indicator of such a name says nothing about what else
// is there.
//
// A row belongs here if anybody can put content at a path or at a name below it, and the public
// suffix list does not say so already (a test holds the two apart). A firm's own name
// (google.com) does not, even where names below it do (sites.google.com). A lookup is one hash
// and one compare. Tested by domain_test.cpp.

#include <string_view>
#include <unordered_set>

#include "ioc/domain.h"

namespace spoor {
namespace {

// clang-format off
constexpr SharedHostRow kSharedHosts[] = {
    // Source code and packages
    {"github.com",                  "code hosting: repositories and releases of anybody"},
    {"raw.githubusercontent.com",   "code hosting: raw files of anybody's repository"},
    {"gist.github.com",             "paste: snippets of anybody"},
    {"gist.githubusercontent.com",  "paste: raw snippets of anybody"},
    {"objects.githubusercontent.com", "code hosting: release files of anybody"},
    {"codeload.github.com",         "code hosting: archives of anybody's repository"},
    {"gitlab.com",                  "code hosting: repositories of anybody"},
    {"bitbucket.org",               "code hosting: repositories and downloads of anybody"},
    {"sourceforge.net",             "code hosting: projects and downloads of anybody"},
    {"codeberg.org",                "code hosting: repositories of anybody"},
    {"cdn.jsdelivr.net",            "mirror of anybody's packages and repositories"},
    {"unpkg.com",                   "mirror of anybody's packages"},
    {"npmjs.com",                   "package registry: packages of anybody"},
    {"registry.npmjs.org",          "package registry: packages of anybody"},
    {"pypi.org",                    "package registry: packages of anybody"},
    {"files.pythonhosted.org",      "package registry: files of anybody"},
    {"hub.docker.com",              "image registry: images of anybody"},
    {"huggingface.co",              "model hosting: files of anybody"},
    // Documents, forms and office suites
    {"docs.google.com",             "documents and forms of anybody"},
    {"drive.google.com",            "file sharing: files of anybody"},
    {"sites.google.com",            "site builder: pages of anybody"},
    {"script.google.com",           "scripts of anybody, reachable from outside"},
    {"storage.googleapis.com",      "object storage: buckets of anybody, named in the path"},
    {"firebasestorage.googleapis.com", "object storage: files of anybody"},
    {"forms.gle",                   "short links to anybody's forms"},
    {"forms.office.com",            "forms of anybody"},
    {"sharepoint.com",              "documents: one name for each tenant"},
    {"onedrive.live.com",           "file sharing: files of anybody"},
    {"1drv.ms",                     "short links to anybody's shared files"},
    {"notion.so",                   "notes and pages of anybody"},
    {"trello.com",                  "boards and attachments of anybody"},
    {"canva.com",                   "designs and pages of anybody"},
    {"evernote.com",                "notes of anybody"},
    {"airtable.com",                "tables and forms of anybody"},
    {"jotform.com",                 "forms of anybody"},
    {"typeform.com",                "forms: one name for each customer"},
    // Files
    {"dropbox.com",                 "file sharing: files of anybody"},
    {"dl.dropboxusercontent.com",   "file sharing: raw files of anybody"},
    {"box.com",                     "file sharing: one name for each customer"},
    {"mediafire.com",               "file sharing: files of anybody"},
    {"mega.nz",                     "file sharing: files of anybody"},
    {"wetransfer.com",              "file sharing: files of anybody"},
    {"we.tl",                       "short links to anybody's transfers"},
    {"gofile.io",                   "file sharing: files of anybody"},
    {"anonfiles.com",               "file sharing: files of anybody"},
    {"transfer.sh",                 "file sharing: files of anybody"},
    {"catbox.moe",                  "file sharing: files of anybody"},
    {"archive.org",                 "archive: uploads of anybody and copies of any page"},
    // Pastes
    {"pastebin.com",                "paste: texts of anybody"},
    {"paste.ee",                    "paste: texts of anybody"},
    {"ghostbin.com",                "paste: texts of anybody"},
    {"rentry.co",                   "paste: texts of anybody"},
    {"hastebin.com",                "paste: texts of anybody"},
    {"textbin.net",                 "paste: texts of anybody"},
    {"telegra.ph",                  "paste: pages of anybody"},
    // Messengers
    {"discord.com",                 "messenger: web hooks and invitations of anybody"},
    {"cdn.discordapp.com",          "messenger: attachments of anybody"},
    {"media.discordapp.net",        "messenger: attachments of anybody"},
    {"t.me",                        "messenger: channels of anybody"},
    {"telegram.org",                "messenger: bots of anybody, below api."},
    {"api.telegram.org",            "messenger: bots of anybody, named in the path"},
    {"slack.com",                   "messenger: one name for each workspace"},
    // Sites and blogs
    {"medium.com",                  "blogs of anybody"},
    {"wordpress.com",               "blogs: one name for each author"},
    {"tumblr.com",                  "blogs: one name for each author"},
    {"livejournal.com",             "blogs: one name for each author"},
    {"substack.com",                "letters: one name for each author"},
    {"linktr.ee",                   "link pages of anybody"},
    {"wix.com",                     "site builder: pages of anybody"},
    {"godaddysites.com",            "site builder: one name for each customer"},
    // Names that some years of the list have and others lack; the prefix exempts them from the test
    {"weebly.com",                   "in some lists: sites, one name for each customer"},
    {"000webhostapp.com",            "in some lists: sites, one name for each customer"},
    {"webflow.io",                   "in some lists: sites, one name for each customer"},
    {"squarespace.com",              "in some lists: sites, one name for each customer"},
    {"atwebpages.com",               "in some lists: sites, one name for each customer"},
    {"surge.sh",                     "in some lists: sites, one name for each customer"},
    {"replit.app",                   "in some lists: programs, one name for each"},
    {"ngrok-free.app",               "in some lists: tunnels, one name for each"},
    {"ipfs.io",                      "in some lists: gateway to files of anybody"},
    {"blob.core.windows.net",        "in some lists: object storage, one name for each account"},
    {"web.core.windows.net",         "in some lists: sites, one name for each account"},
    {"azureedge.net",                "in some lists: content network, one name for each customer"},
    {"cloudapp.azure.com",           "in some lists: machines, one name for each"},
    // Short links
    {"bit.ly",                      "short links of anybody"},
    {"tinyurl.com",                 "short links of anybody"},
    {"t.co",                        "short links of anybody's posts"},
    {"is.gd",                       "short links of anybody"},
    {"ow.ly",                       "short links of anybody"},
    {"cutt.ly",                     "short links of anybody"},
    {"rebrand.ly",                  "short links of anybody"},
    {"goo.gl",                      "short links of anybody"},
    // Social networks
    {"facebook.com",                "posts and pages of anybody"},
    {"twitter.com",                 "posts of anybody"},
    {"x.com",                       "posts of anybody"},
    {"youtube.com",                 "videos and descriptions of anybody"},
    {"linkedin.com",                "posts and profiles of anybody"},
    {"instagram.com",               "posts of anybody"},
    {"reddit.com",                  "posts of anybody"},
    {"pinterest.com",               "posts of anybody"},
    {"vk.com",                      "posts and files of anybody"},
    {"steamcommunity.com",          "profiles of anybody, a known dead drop"},
};
// clang-format on

}  // namespace

std::span<const SharedHostRow> shared_hosts() {
  return kSharedHosts;
}

bool is_shared_host(std::string_view name) {
  static const std::unordered_set<std::string_view> names = [] {
    std::unordered_set<std::string_view> out;
    for (const SharedHostRow& row : kSharedHosts) out.insert(row.name);
    return out;
  }();
  return names.count(name) != 0;
}

}  // namespace spoor
