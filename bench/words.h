// Words, suffixes and program names from which the generators build. All invented or general;
// no list of real indicators.

#pragma once

#include <array>
#include <string_view>

namespace spoor::bench {

// clang-format off
inline constexpr std::array<std::string_view, 96> kWords = {
    "account", "admin",  "alert",  "app",    "auth",   "bank",    "billing", "blog",    "bonus",  "cargo",  "cash",   "center",
    "check",   "city",   "claim",  "client", "cloud",  "code",    "connect", "corp",    "crypto", "data",   "deal",   "delivery",
    "desk",    "direct", "doc",    "drive",  "easy",   "express", "fast",    "file",    "finance","first",  "free",   "game",
    "gift",    "global", "gold",   "group",  "guard",  "health",  "help",    "home",    "host",   "hub",    "id",     "info",
    "invoice", "job",    "key",    "lab",    "land",   "learn",   "link",    "list",    "live",   "login",  "loan",   "mail",
    "manage",  "market", "master", "media",  "mobile", "my",      "net",     "new",     "north",  "note",   "office", "online",
    "order",   "page",   "panel",  "parcel", "pay",    "portal",  "post",    "power",   "prime",  "pro",    "promo",  "refund",
    "safe",    "secure", "server", "service","share",  "shop",    "smart",   "store",   "support","track",  "update", "verify"};

// Repeats are weights.
inline constexpr std::array<std::string_view, 96> kSuffixes = {
    "com", "com", "com", "com", "com", "com", "com", "com", "com", "com", "com", "com", "com", "com", "com", "com",
    "com", "com", "com", "com", "com", "com", "com", "com", "com", "com", "com", "com", "com", "com", "com", "com",
    "net", "net", "net", "net", "net", "net", "org", "org", "org", "org", "org", "ru",  "ru",  "ru",  "ru",  "ru",
    "xyz", "xyz", "xyz", "xyz", "top", "top", "top", "top", "info","info","info","cn",  "cn",  "shop","shop","online",
    "site","club","icu", "live","cc",  "pw",  "tk",  "ml",  "ga",  "cf",  "gq",  "de",  "fr",  "it",  "nl",  "pl",
    "in",  "io",  "me",  "biz", "su",  "cyou","click","link","space","website","co.uk","com.br","com.au","co.jp","rs","eu"};

inline constexpr std::array<std::string_view, 20> kHostLabels = {
    "www", "www", "www", "mail", "cdn", "api", "static", "img", "login", "m", "app", "ns1", "update", "assets", "edge", "dl",
    "secure", "news", "portal", "eu-west-1"};

// Second-level names of the hosts that people really look up all day, here invented.
inline constexpr std::array<std::string_view, 48> kBenignStems = {
    "acmecloud", "bluemetrics", "brightmail", "cartly", "citynews", "clipshare", "codeharbor", "contentgrid", "daybooks",
    "docuspace", "edgecache", "fabrikon", "fieldmaps", "fontsource", "gadgethub", "greenfleet", "hotelscout", "ideaboard",
    "jobtrail", "kitchenly", "lanternsoft", "learnwell", "mapletel", "meetnow", "moviebay", "musicbox", "northwinds",
    "openforge", "paperless", "payroute", "photonest", "pixelads", "quickdocs", "railtimes", "repoworks", "scriptcdn",
    "searchly", "shopmate", "skyforecast", "socialpost", "streamly", "tagserver", "teamdesk", "telemetryhub", "travelio",
    "updatepoint", "videotube", "webfonts"};

inline constexpr std::array<std::string_view, 24> kUsers = {
    "ann", "bob", "carla", "dmitri", "elena", "farid", "grace", "hiro", "ines", "jonas", "katrin", "liam", "maria", "nils",
    "olga", "pavel", "quinn", "rosa", "svc_backup", "svc_sql", "thomas", "uma", "viktor", "yuki"};

inline constexpr std::array<std::string_view, 16> kPrograms = {
    "svchost.exe", "chrome.exe", "explorer.exe", "powershell.exe", "cmd.exe", "outlook.exe", "winword.exe", "teams.exe",
    "msedge.exe", "rundll32.exe", "taskhostw.exe", "conhost.exe", "wmiprvse.exe", "services.exe", "onedrive.exe", "excel.exe"};

inline constexpr std::array<std::string_view, 12> kWindowsFolders = {
    "Windows\\System32", "Windows\\SysWOW64", "Program Files\\Browser\\Application", "Program Files\\Office\\root\\Office16",
    "Program Files (x86)\\Common Files\\Vendor", "Windows\\Microsoft.NET\\Framework64\\v4.0.30319", "ProgramData\\Agent\\bin",
    "Users\\ann\\AppData\\Local\\Temp", "Users\\jonas\\AppData\\Roaming\\Client", "Users\\maria\\Downloads",
    "Windows\\WinSxS\\amd64_netfx_31bf3856ad364e35_10.0.22621.1_none_6b8f", "Tools\\new\\bin"};

inline constexpr std::array<std::string_view, 14> kUnixFolders = {
    "/usr/bin", "/usr/sbin", "/usr/lib/systemd", "/opt/agent/bin", "/var/lib/docker/overlay2", "/home/jonas/.local/bin",
    "/srv/www/htdocs", "/etc/cron.daily", "/var/spool/postfix", "/usr/lib/x86_64-linux-gnu", "/tmp", "/var/tmp",
    "/usr/share/zoneinfo", "/run/user/1000"};

inline constexpr std::array<std::string_view, 14> kUnixPrograms = {
    "cron", "sshd", "python3.11", "bash", "nginx", "postgres", "systemd-resolved", "rsync", "curl", "containerd-shim", "sudo",
    "find", "logrotate", "perl"};

inline constexpr std::array<std::string_view, 22> kPathWords = {
    "index.html", "images", "css", "js", "api", "v2", "users", "search", "app.min.js", "style.css", "logo.png", "products",
    "cart", "news", "2026", "static", "fonts", "article", "favicon.ico", "assets", "session", "main.bundle.js"};

inline constexpr std::array<std::string_view, 14> kDropNames = {
    "gate.php", "bin.sh", "mozi.m", "i", "update.exe", "invoice.zip", "login.php", "panel", "x86", "mips", "wp-content",
    "payload.bin", "doc.scr", "admin.php"};

inline constexpr std::array<std::string_view, 9> kAgents = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.6723.58 Mobile Safari/537.36",
    "curl/8.9.1", "python-requests/2.32.3", "Go-http-client/2.0", "okhttp/4.12.0"};
// clang-format on

}  // namespace spoor::bench
