#include "lookup/subject.h"

#include <initializer_list>

namespace spoor {
namespace {

using T = IndicatorType;

void meet(LookupSubject& subject, std::initializer_list<T> types) {
  for (const T type : types) subject.meets[static_cast<std::size_t>(type)] = true;
}

/// The role by which a record format would mark the whole value; kOther: none is needed.
FieldRole role_of(T type) {
  switch (type) {
    case T::kDomain:
    case T::kHostname:
      return FieldRole::kDomain;
    case T::kFilePath:
    case T::kFileName:
    case T::kRegistryKey:
    case T::kMutex:
    case T::kNamedPipe:
      return FieldRole::kPath;
    case T::kUserAgent:
      return FieldRole::kUserAgent;
    default:
      return FieldRole::kOther;
  }
}

}  // namespace

LookupSubject make_subject(const Observable& observable, TypeSource source) {
  LookupSubject subject;
  subject.observable = observable;
  subject.text = observable.value;
  meet(subject, {observable.type});
  switch (observable.type) {
    case T::kIpv4:
    case T::kIpv6:
    case T::kCidr:
    case T::kIpv4Port:
    case T::kIpv6Port:
      meet(subject, {T::kIpv4, T::kIpv6, T::kCidr, T::kIpv4Port, T::kIpv6Port, T::kUrl});
      break;
    case T::kDomain:
    case T::kHostname:
      meet(subject, {T::kDomain, T::kHostname, T::kIpv4, T::kIpv6, T::kCidr, T::kUrl});
      break;
    case T::kUrl:
    case T::kUri:
      meet(subject, {T::kUrl, T::kUri, T::kDomain, T::kHostname, T::kIpv4, T::kIpv6, T::kCidr,
                     T::kIpv4Port, T::kIpv6Port, T::kEmail});
      break;
    case T::kEmail:
      meet(subject, {T::kDomain, T::kHostname});
      break;
    case T::kFilePath:
      meet(subject, {T::kFileName});
      break;
    case T::kMd5:
    case T::kSha1:
    case T::kSha256:
    case T::kPehash:
    case T::kImphash:
    case T::kJa3:
    case T::kSslCertFingerprint:
    case T::kSha384:
    case T::kSha512:
      if (source == TypeSource::kInferred)
        meet(subject, {T::kMd5, T::kSha1, T::kSha256, T::kPehash, T::kImphash, T::kJa3,
                       T::kSslCertFingerprint, T::kSha384, T::kSha512});
      break;
    default:
      break;
  }
  if (const FieldRole role = role_of(observable.type); role != FieldRole::kOther)
    subject.fields.push_back({0, subject.text.size(), role, 0});
  return subject;
}

}  // namespace spoor
