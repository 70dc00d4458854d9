#include "net/syslog.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "base/ascii.h"

namespace spoor {
namespace {

constexpr std::size_t kMostDatagram = 60'000;

class Socket {
 public:
  explicit Socket(int file) : file_(file) {}
  ~Socket() {
    if (file_ >= 0) ::close(file_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int get() const { return file_; }

 private:
  int file_;
};

bool wait_writable(int file, std::chrono::milliseconds timeout) {
  pollfd one{file, POLLOUT, 0};
  return ::poll(&one, 1, static_cast<int>(timeout.count())) == 1;
}

/// "" done, else why not.
std::string send_to(const addrinfo& address, bool tcp, std::string_view message,
                    std::chrono::milliseconds timeout) {
  const Socket socket(
      ::socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (socket.get() < 0) return std::strerror(errno);
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) != 0) {
    if (errno != EINPROGRESS) return std::strerror(errno);
    if (!wait_writable(socket.get(), timeout)) return "timed out";
    int code = 0;
    socklen_t size = sizeof code;
    ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &code, &size);
    if (code != 0) return std::strerror(code);
  }
  while (!message.empty()) {
    const ssize_t sent = ::send(socket.get(), message.data(), message.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN && errno != EWOULDBLOCK) return std::strerror(errno);
      if (!wait_writable(socket.get(), timeout)) return "timed out";
      continue;
    }
    message.remove_prefix(static_cast<std::size_t>(sent));
    if (!tcp) break;
  }
  return {};
}

}  // namespace

Result<SyslogTarget> parse_syslog_target(std::string_view text) {
  SyslogTarget target;
  const std::string shown(text);
  if (text.substr(0, 6) == "tcp://") {
    target.tcp = true;
    target.port = 601;
  } else if (text.substr(0, 6) != "udp://") {
    return fail("'" + shown + "': expected udp://host:514 or tcp://host:601");
  }
  text.remove_prefix(6);
  std::size_t end = text.rfind(':');
  if (!text.empty() && text[0] == '[') {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return fail("'" + shown + "': '[' without ']'");
    target.host = std::string(text.substr(1, close - 1));
    end =
        close + 1 < text.size() && text[close + 1] == ':' ? close + 1 : std::string_view::npos;
  } else {
    target.host = std::string(text.substr(0, end));
  }
  if (end != std::string_view::npos) {
    unsigned port = 0;
    const std::string_view digits = text.substr(end + 1);
    for (const char c : digits) {
      if (!is_digit(c) || port > 65'535) return fail("'" + shown + "': the port is no number");
      port = port * 10 + static_cast<unsigned>(c - '0');
    }
    if (digits.empty() || port == 0 || port > 65'535)
      return fail("'" + shown + "': expected a port from 1 to 65535");
    target.port = static_cast<std::uint16_t>(port);
  }
  if (target.host.empty()) return fail("'" + shown + "': the host is missing");
  return target;
}

Status send_syslog(const SyslogTarget& target, std::string_view message,
                   std::chrono::seconds timeout) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = target.tcp ? SOCK_STREAM : SOCK_DGRAM;
  addrinfo* found = nullptr;
  const int code =
      ::getaddrinfo(target.host.c_str(), std::to_string(target.port).c_str(), &hints, &found);
  if (code != 0) return fail(target.host + ": " + ::gai_strerror(code));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, ::freeaddrinfo);
  std::string framed;
  if (target.tcp) {
    framed = std::to_string(message.size()) + " " + std::string(message);
    message = framed;
  } else {
    message = message.substr(0, kMostDatagram);
  }
  std::string why = "no address";
  for (const addrinfo* each = addresses.get(); each != nullptr; each = each->ai_next) {
    why = send_to(*each, target.tcp, message, timeout);
    if (why.empty()) return {};
  }
  return fail(target.host + ":" + std::to_string(target.port) + ": " + why);
}

}  // namespace spoor
