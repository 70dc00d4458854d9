#include "base/hash.h"

#include <xxhash.h>

#include "base/check.h"

namespace spoor {
namespace {

Digest128 digest_of(XXH128_hash_t hash) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, hash);
  Digest128 digest;
  for (std::size_t i = 0; i < digest.bytes.size(); ++i) digest.bytes[i] = canonical.digest[i];
  return digest;
}

}  // namespace

struct Hasher128::State {
  XXH3_state_t* xxh = XXH3_createState();
};

Hasher128::Hasher128() : state_(std::make_unique<State>()) {
  SPOOR_CHECK(state_->xxh != nullptr);
  XXH3_128bits_reset(state_->xxh);
}
Hasher128::Hasher128(const Hasher128& other) : Hasher128() {
  *this = other;
}
Hasher128& Hasher128::operator=(const Hasher128& other) {
  if (this != &other) XXH3_copyState(state_->xxh, other.state_->xxh);
  return *this;
}
Hasher128::~Hasher128() {
  XXH3_freeState(state_->xxh);
}
void Hasher128::update(std::string_view bytes) {
  XXH3_128bits_update(state_->xxh, bytes.data(), bytes.size());
}
Digest128 Hasher128::digest() const {
  return digest_of(XXH3_128bits_digest(state_->xxh));
}

Digest128 xxh3_128(std::string_view bytes) {
  return digest_of(XXH3_128bits(bytes.data(), bytes.size()));
}

std::uint64_t xxh3_64(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace spoor
