// Which of many words a text holds: Aho and Corasick's automaton (1975), all words in one pass.
// Nodes have their children as sorted edges, so that memory is the words' bytes times a small
// constant however wide the alphabet; a step costs a search in a node's edges, amortised over
// the text. Hostile words cost their length and no more. Tested by list_index_test.cpp against
// std::string::find.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace spoor {

class Substrings {
 public:
  /// An empty word is never found.
  void add(std::string_view word, std::uint32_t id);
  /// Call once, after the last add().
  void freeze();
  bool empty() const { return outputs_.empty(); }

  /// Appends the ids of all words that `text` holds, each as often as it ends somewhere new;
  /// repeated ids may come. O(text.size() + answers). Any number of threads.
  void find(std::string_view text, std::vector<std::uint32_t>& ids) const;

 private:
  struct Edge {
    unsigned char byte;
    std::uint32_t node;
  };
  struct Node {
    std::uint32_t fail = 0;
    std::uint32_t output = 0;  // nearest node on the way of fails (itself first) with words
    std::vector<Edge> edges;
    std::vector<std::uint32_t> ids;
  };
  std::uint32_t child(std::uint32_t node, unsigned char byte) const;  // 0: none

  std::vector<Node> nodes_{1};
  std::vector<std::uint32_t> outputs_;
};

}  // namespace spoor
