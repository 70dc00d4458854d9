#include "noise/substrings.h"

#include <algorithm>

namespace spoor {

std::uint32_t Substrings::child(std::uint32_t node, unsigned char byte) const {
  const auto& edges = nodes_[node].edges;
  const auto at =
      std::lower_bound(edges.begin(), edges.end(), byte,
                       [](const Edge& edge, unsigned char b) { return edge.byte < b; });
  return at != edges.end() && at->byte == byte ? at->node : 0;
}

void Substrings::add(std::string_view word, std::uint32_t id) {
  if (word.empty()) return;
  std::uint32_t node = 0;
  for (const char c : word) {
    const auto byte = static_cast<unsigned char>(c);
    std::uint32_t next = child(node, byte);
    if (next == 0) {
      next = static_cast<std::uint32_t>(nodes_.size());
      nodes_.emplace_back();
      auto& edges = nodes_[node].edges;
      const auto at =
          std::lower_bound(edges.begin(), edges.end(), byte,
                           [](const Edge& edge, unsigned char b) { return edge.byte < b; });
      edges.insert(at, {byte, next});
    }
    node = next;
  }
  nodes_[node].ids.push_back(id);
  outputs_.push_back(node);
}

void Substrings::freeze() {
  // Breadth first: a node's fail is shorter than the node, so it is done before.
  std::vector<std::uint32_t> queue = {0};
  for (std::size_t at = 0; at < queue.size(); ++at) {
    const std::uint32_t node = queue[at];
    for (const Edge& edge : nodes_[node].edges) {
      queue.push_back(edge.node);
      std::uint32_t fail = node == 0 ? 0 : nodes_[node].fail;
      std::uint32_t next = node == 0 ? 0 : child(fail, edge.byte);
      while (next == 0 && fail != 0) {
        fail = nodes_[fail].fail;
        next = child(fail, edge.byte);
      }
      nodes_[edge.node].fail = next;
      nodes_[edge.node].output =
          nodes_[edge.node].ids.empty() ? nodes_[next].output : edge.node;
    }
  }
}

void Substrings::find(std::string_view text, std::vector<std::uint32_t>& ids) const {
  if (empty()) return;
  std::uint32_t node = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    std::uint32_t next = child(node, byte);
    while (next == 0 && node != 0) {
      node = nodes_[node].fail;
      next = child(node, byte);
    }
    node = next;
    for (std::uint32_t output = nodes_[node].output; output != 0;
         output = nodes_[nodes_[output].fail].output) {
      ids.insert(ids.end(), nodes_[output].ids.begin(), nodes_[output].ids.end());
    }
  }
}

}  // namespace spoor
